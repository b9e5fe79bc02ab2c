"""Which of two instants is the earlier one, and when two are one.

Two datetimes of one zone compare by what the clock shows, so in the hour that a clock repeats a later instant seems
earlier and two different ones seem equal; and one instant in two zones seems to be two, for as long as that hour lasts.
Where it matters which came first, entries and commands compare what these functions give.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.errors import InvalidValue

__all__ = ["in_utc", "is_before", "moment", "moment_or_none"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at: datetime) -> timedelta:
    """The time since 1970: equal for one instant in any zone, and ordered as instants are."""
    return at - _EPOCH


def moment_or_none(at: datetime | None) -> timedelta | None:
    """The same, where there may be no instant."""
    return None if at is None else at - _EPOCH


def in_utc(path: str, at: datetime) -> datetime:
    """The instant in UTC.

    Raises:
        InvalidValue: In the hours for which UTC has no year, at both ends of the calendar.
    """
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise InvalidValue(path, at, "an instant within the years 1 to 9999 of UTC") from None


def is_before(one: datetime, other: datetime) -> bool:
    """Whether an instant is earlier than another."""
    if one.tzinfo is UTC or one.tzinfo is not other.tzinfo:
        return one < other
    return one - _EPOCH < other - _EPOCH
