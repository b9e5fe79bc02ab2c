"""What contact points are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex import _checks
from relex.parties._address_keys import address_key
from relex.parties._emails import email_key
from relex.parties._fold import fold
from relex.parties._phones import phone

if TYPE_CHECKING:
    from relex.parties._points import PostalAddress

__all__ = ["POINT_KINDS", "point_key"]

POINT_KINDS = ("email", "messaging", "phone", "postal", "push", "social")
"""The kinds of contact point."""

_KIND = _checks.one_of(*POINT_KINDS)


def point_key(kind: str, value: str | PostalAddress, region: str | None = None) -> str | None:
    """The key of a contact point; None when the value cannot be read as one of its kind.

    E-mail points have `email_key`, phones their number in E.164, postal points `address_key` of the address in one
    line, all others their folded text.

    Raises:
        InvalidValue: For another kind, a value of the wrong type for its kind, and a region that is no country code.

    Example:
        >>> point_key("phone", "03-1234-5678", "JP"), point_key("social", "@Ada ")
        ('+81312345678', '@ada')

    .. versionadded:: 0.1.0
    """
    if kind == "postal":
        return address_key(str(value))
    text: str = value  # type: ignore[assignment]  # the key functions refuse what is no str
    if kind == "email":
        return email_key(text)
    if kind == "phone":
        return phone(text, region).e164
    _KIND.require("point_key.kind", kind)
    return fold(text) or None
