"""What ties one party to another, and when."""

from __future__ import annotations

from datetime import datetime

import attrs

from relex import _checks
from relex.calendars import Period
from relex.codec import tagged

__all__ = ["ONE_AT_A_TIME", "Relationship"]

ONE_AT_A_TIME = ("parent", "referred-by")
"""Kinds of which a party has at most one at any instant."""


_LASTING = _checks.Check(
    "a Period of instants, or None",
    lambda value: value is None or (isinstance(value, Period) and isinstance(value.start, datetime)),
)


@tagged("parties.Relationship")
@attrs.frozen(weakref_slot=False)
class Relationship:
    """A dated tie to another party: an employer, a parent organization, a household, who referred this one.

    Several may hold at once, such as two employers or two households; of `ONE_AT_A_TIME` only one does.

    Attributes:
        kind: `employment`, `parent`, `household`, `referred-by`, `partner`, or a word of your own.
        to: Id of the other party.
        role: Such as a job title.
        valid: When it holds, from an instant to another; None is always.

    Raises:
        InvalidValue: For an empty text, a wrong type, or a period of dates.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2024, 7, 1, tzinfo=timezone.utc)
        >>> Relationship("parent", "acme", valid=Period(day)).holds(day)
        True

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    to: str = attrs.field(validator=_checks.text)
    role: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text), kw_only=True)
    valid: Period | None = attrs.field(default=None, validator=_LASTING, kw_only=True)

    @property
    def field(self) -> str:
        """What statements about ties of a kind to one party share, such as `relationships.parent:acme`."""
        return f"relationships.{self.kind}:{self.to}"

    def holds(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.valid is None or self.valid.contains(at)

    def overlaps(self, other: Relationship) -> bool:
        """Whether both hold at some instant; one that ended when it began counts as of that instant."""
        if self.valid is None or other.valid is None:
            return True
        one, two = self.valid, other.valid
        return one.overlaps(two) or _starts_in(one, two) or _starts_in(two, one)

    def displaces(self, other: Relationship) -> bool:
        """Whether the two cannot both be true, so that the newer statement counts.

        They are about the same tie, or of a kind of which there is one at a time, and hold at some common instant.
        """
        same = (self.to, self.role) == (other.to, other.role)
        return self.kind == other.kind and (same or self.kind in ONE_AT_A_TIME) and self.overlaps(other)


def _starts_in(one: Period, other: Period) -> bool:
    return one.is_empty and (other.contains(one.start) or one == other)
