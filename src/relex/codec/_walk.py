"""One pass over one value: what it may still spend, and the time zones that the caller passed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from relex.errors import InvalidValue

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["DEEPEST", "LONGEST_STR", "LONGEST_TEXT", "MOST_DIGITS", "MOST_NODES", "Pass", "Walk", "same"]

DEEPEST = 100
"""How many objects may stand inside each other."""

MOST_NODES = 2_000_000
"""How many objects and list items one value may have in all."""

LONGEST_TEXT = 64 * 1024 * 1024
"""How long a JSON text may be, in characters or bytes."""

LONGEST_STR = 1_000_000
"""How long one str may be, in characters."""

MOST_DIGITS = 1_000
"""How many digits a number may have, and how far its decimal exponent may be from 0."""


class Walk:
    """The budget and the surroundings of one `encode` or `decode`.

    Attributes:
        zones: Turns the key of a time zone into a tzinfo, or None.
        depth: How many objects may still be entered.
        left: How many nodes may still be met.
    """

    __slots__ = ("depth", "left", "zones")

    def __init__(self, zones: Callable[[str], tzinfo] | None = None) -> None:
        self.zones = zones
        self.depth = DEEPEST
        self.left = MOST_NODES

    def spent(self, value: object) -> InvalidValue:
        """The error of a walk that has come to the end of its budget at this value."""
        if self.depth <= 0:
            return InvalidValue("", value, f"at most {DEEPEST} objects inside each other")
        return InvalidValue("", value, f"at most {MOST_NODES} objects and list items in all")


Pass: TypeAlias = Callable[[Any, Walk], Any]
"""What one type does with a value on such a walk, in either direction."""


def same(value: Any, _walk: Walk) -> Any:
    """A value whose stored form is itself."""
    return value
