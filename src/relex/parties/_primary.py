"""The point of a kind that stands for a party."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.parties._point_keys import POINT_KINDS
from relex.parties._points import ContactPoint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["Primary", "primary_point"]

_KIND = _checks.one_of(*POINT_KINDS)
_INSTANT = _checks.optional(_checks.instant)
_POINT = _checks.a(ContactPoint)


@attrs.frozen(weakref_slot=False)
class Primary:
    """The point of a kind that comes first, or why there is none.

    Attributes:
        point: The primary one, else the only one; None where there is neither.
        reason: `ambiguous` for several of which not one alone is primary, `none` for none at all; None with a point.

    .. versionadded:: 0.1.0
    """

    point: ContactPoint | None
    reason: str | None = None

    def __str__(self) -> str:
        """The point, else the reason."""
        return str(self.reason if self.point is None else self.point)


def primary_point(
    points: Iterable[ContactPoint], kind: str, purpose: str | None = None, *, as_of: datetime | None = None
) -> Primary:
    """The point of a kind that comes first: the one that is called primary, else the only one.

    Args:
        points: Of one party.
        kind: One of `POINT_KINDS`.
        purpose: Leave out points that are meant for other purposes only.
        as_of: Leave out points that are not in use then; without it, times do not matter.

    Raises:
        InvalidValue: For another kind, what is no point, or a naive datetime.

    Example:
        >>> old, new = ContactPoint("email", "ada@old.example"), ContactPoint("email", "ada@new.example")
        >>> print(primary_point([old, new], "email"))
        ambiguous
        >>> print(primary_point([new], "email"), primary_point([new], "phone"), sep="; ")
        ada@new.example; none

    .. versionadded:: 0.1.0
    """
    _KIND.require("primary_point.kind", kind)
    _INSTANT.require("primary_point.as_of", as_of)
    found = [point for point in _all(points) if point.kind == kind and _serves(point, purpose, as_of)]
    flagged = [point for point in found if point.primary]
    if len(flagged) == 1 or len(found) == 1:
        return Primary((flagged or found)[0])
    return Primary(None, "ambiguous" if found else "none")


def _all(points: Iterable[ContactPoint]) -> tuple[ContactPoint, ...]:
    found = _checks.items("primary_point.points", points)
    for place, point in enumerate(found):
        _POINT.require(f"primary_point.points[{place}]", point)
    return found


def _serves(point: ContactPoint, purpose: str | None, as_of: datetime | None) -> bool:
    is_meant = purpose is None or not point.purposes or purpose in point.purposes
    return is_meant and (as_of is None or point.is_valid(as_of))
