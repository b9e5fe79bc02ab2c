"""Dates, instants, and the one way from the first to the second.

A local time becomes an instant by one rule everywhere in relex: *the first instant at which the local clock shows that
time or a later one*. So a time that happens twice (autumn) is the first of the two, a time that never happens (spring)
is the instant at which the clock jumps over it, and a later local time never gives an earlier instant.

Instants are compared and subtracted in UTC, never as wall clocks: Python compares two datetimes of one zone by what
their clocks show, which is wrong in the hour that happens twice.
"""

from __future__ import annotations

from calendar import isleap
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["add_months", "as_instant", "first_instant", "local_date", "micros", "midnight", "required_micros", "wall"]

D = TypeVar("D", bound=date)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_LOCAL = datetime(1970, 1, 1)  # noqa: DTZ001 - local times are reckoned without a zone until they become instants
DAY = timedelta(days=1)
MICRO = timedelta(microseconds=1)
DAY_MICROS = 86_400_000_000
YEAR_MONTHS = 12
_IN_RANGE = "a result within the years 1 to 9999"
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def add_months(day: D, months: int) -> D:
    """The same day of the month, so many months on (or back), clipped to the last day of that month.

    Months do not associate (31 January + 1 + 1 is 28 March, + 2 is 31 March), so add all of them to the anchor at once.
    A datetime keeps its wall clock, and the hour that a clock skips becomes the instant at which it jumps.

    Args:
        day: The anchor, a date or an aware datetime.
        months: Any whole number.

    Raises:
        InvalidValue: For a naive datetime, or a result outside the years 1 to 9999.

    Example:
        >>> add_months(date(2025, 1, 31), 1), add_months(date(2024, 2, 29), 12), add_months(date(2025, 3, 31), -1)
        (datetime.date(2025, 2, 28), datetime.date(2025, 2, 28), datetime.date(2025, 2, 28))

    .. versionadded:: 0.1.0
    """
    require_day("add_months.day", day)
    if type(months) is not int:
        _checks.whole().require("add_months.months", months)
    year, month = _month(day, months)
    moved = day.replace(year=year, month=month, day=min(day.day, _month_days(year, month)))
    return settled("add_months.day", moved)


def midnight(day: date, tz: tzinfo) -> datetime:
    """The instant at which a local date begins.

    Where the clock jumps over 00:00, or over the whole date, it is the instant of the jump; where 00:00 happens twice,
    it is the first.

    Example:
        >>> from zoneinfo import ZoneInfo
        >>> midnight(date(2026, 3, 1), ZoneInfo("Europe/Vienna")).isoformat()
        '2026-03-01T00:00:00+01:00'
        >>> midnight(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo")).isoformat()
        '2018-11-04T01:00:00-02:00'

    .. versionadded:: 0.1.0
    """
    if type(tz) is timezone and type(day) is date:
        return datetime(day.year, day.month, day.day, tzinfo=tz)
    try:
        return _midnight(day, tz)
    except TypeError:  # a zone that cannot be hashed
        return _midnight.__wrapped__(day, tz)


def local_date(at: datetime, tz: tzinfo) -> date:
    """The date that a local calendar shows at an instant.

    Raises:
        InvalidValue: For a naive datetime, what is no zone, or a date outside the years 1 to 9999.

    Example:
        >>> from zoneinfo import ZoneInfo
        >>> local_date(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Vienna"))
        datetime.date(2026, 3, 2)

    .. versionadded:: 0.1.0
    """
    if not isinstance(at, datetime) or at.utcoffset() is None:  # type: ignore[redundant-expr]
        _checks.instant.require("local_date.at", at)
    if at.tzinfo is tz:
        return at.date()
    _checks.zone.require("local_date.tz", tz)
    try:
        return at.astimezone(tz).date()
    except OverflowError:
        raise InvalidValue("local_date.at", at, _IN_RANGE) from None


@lru_cache(maxsize=4096)
def _midnight(day: date, tz: tzinfo) -> datetime:
    _checks.calendar_day.require("midnight.day", day)
    _checks.zone.require("midnight.tz", tz)  # without one, Python asks the computer for its own
    return first_instant(datetime(day.year, day.month, day.day), tz)  # noqa: DTZ001 - the zone is the next argument


def month_end(day: date, months: int) -> date:
    """The last date of the month so many months on."""
    year, month = _month(day, months)
    return date(year, month, _month_days(year, month))


def _month(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * YEAR_MONTHS + day.month - 1 + months, YEAR_MONTHS)
    if not date.min.year <= year <= date.max.year:
        raise InvalidValue("add_months.months", months, _IN_RANGE)
    return year, month + 1


def _month_days(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else _MONTH_DAYS[month - 1]  # noqa: PLR2004 - February


def first_instant(local: datetime, tz: tzinfo) -> datetime:
    """The first instant at which the clock of a zone shows this local time or a later one, in that zone."""
    at = local.replace(tzinfo=tz, fold=0)
    return at if _shown(at) == local else _searched(local, tz)


def require_day(path: str, day: object) -> None:
    """Refuse what is neither a date nor a datetime."""
    if not isinstance(day, date):
        raise InvalidValue(path, day, "a date, or a datetime with a time zone")


def settled(path: str, day: D) -> D:
    """A date as it is; an aware datetime whose wall clock exists, else the instant at which the clock jumps over it."""
    if not isinstance(day, datetime):
        return day
    _checks.instant.require(path, day)
    local = day.replace(tzinfo=None, fold=0)
    return day if _shown(day) == local else _searched(local, day.tzinfo)  # type: ignore[return-value, arg-type]


def micros(at: datetime) -> int:
    """Microseconds of an aware datetime since 1970 in UTC."""
    past = at - EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def required_micros(path: str, at: datetime) -> int:
    """The same, refusing at the path what is no instant."""
    try:
        return micros(at)
    except (TypeError, AttributeError):
        raise InvalidValue(path, at, _checks.instant.expected) from None


def as_instant(micros_utc: int, tz: tzinfo) -> datetime:
    """The inverse of `micros`, in a zone."""
    try:
        return (EPOCH + timedelta(microseconds=micros_utc)).astimezone(tz)
    except OverflowError:
        raise InvalidValue("datetime", micros_utc, "microseconds since 1970, of the years 1 to 9999") from None


def _shown(at: datetime) -> datetime:
    """What the clock of its own zone really shows at an instant."""
    try:
        return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None, fold=0)
    except OverflowError:  # within a day of the ends of time there is nothing to compare with
        return at.replace(tzinfo=None, fold=0)


def _searched(local: datetime, tz: tzinfo) -> datetime:
    """The first instant at or after a local time that is skipped, or whose zone has to be asked the other way round."""
    centre = wall(local)
    low, high = centre - DAY_MICROS, centre + DAY_MICROS
    guesses = [centre - wall(as_instant(at, tz)) + at for at in (low, high)]  # by the offsets before and after
    shown = [at for at in guesses if wall(as_instant(at, tz)) == centre]
    return as_instant(min(shown) if shown else _jump(low, high, centre, tz), tz)


def _jump(low: int, high: int, local: int, tz: tzinfo) -> int:
    """Halve the stretch around a local time that the clock skips until the first instant at or after it is alone."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wall(as_instant(middle, tz)) >= local else (middle, high)
    return high


def wall(at: datetime) -> int:
    """What a clock shows, as microseconds since 1970 of that clock."""
    return (at.replace(tzinfo=None) - EPOCH_LOCAL) // MICRO
