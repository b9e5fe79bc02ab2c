"""What contact points are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relex.parties._points import PostalAddress

__all__ = ["point_key"]


def point_key(kind: str, value: str | PostalAddress, region: str | None) -> str | None:
    """The key of a contact point; None when the value cannot be read as one of its kind."""
    return f"{value}".casefold().strip() or None
