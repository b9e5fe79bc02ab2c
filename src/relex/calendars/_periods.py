"""Half-open periods of dates or of instants, and the calendar units that contain a date."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.calendars._dates import DAY, MICRO, YEAR_MONTHS, add_months, local_date, micros, midnight
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Period", "calendar_index"]

UNIT_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_UNITS = ("day", "week", *UNIT_MONTHS)
_unit = _checks.one_of(*_UNITS)
_month = _checks.whole(least=1, most=YEAR_MONTHS)
_zone = _checks.optional(_checks.zone)
_WEEK = timedelta(days=7)


def _is_moment(value: object) -> bool:
    return _checks.calendar_day.passes(value) or _checks.instant.passes(value)


_moment = _checks.Check("a date, or a datetime with a time zone", _is_moment)


@attrs.frozen(weakref_slot=False)
class Period:
    """A stretch of time that holds its start and not its end.

    Both ends are dates, or both are instants. A period whose start is its end is empty and holds nothing.

    Attributes:
        start: The first date or instant inside.
        end: The first one after it; None for a period that has not ended.

    Raises:
        InvalidValue: For a naive datetime, a date beside an instant, or an end before the start.

    Example:
        >>> june = Period(date(2026, 6, 1), date(2026, 7, 1))
        >>> date(2026, 6, 30) in june, date(2026, 7, 1) in june
        (True, False)

    .. versionadded:: 0.1.0
    """

    start: date | datetime = attrs.field(validator=_moment)
    end: date | datetime | None = attrs.field(default=None, validator=_checks.optional(_moment))

    def __attrs_post_init__(self) -> None:
        if self.end is None:
            return
        if isinstance(self.start, datetime) != isinstance(self.end, datetime):
            raise InvalidValue("Period.end", self.end, "the same kind as start: two dates, or two instants")
        if _key(self.end) < _key(self.start):
            raise InvalidValue("Period.end", self.end, f"no earlier than the start, {self.start.isoformat()}")

    @classmethod
    def of(cls, unit: str, day: date, *, year_starts: int = 1) -> Period:
        """The day, ISO week, month, quarter, half or year that contains a date.

        Args:
            unit: "day", "week" (Monday to Sunday), "month", "quarter", "half" or "year".
            day: Any date inside.
            year_starts: The first month of the year, 1 to 12; quarters and halves are counted from it.

        Example:
            >>> Period.of("quarter", date(2026, 2, 10))
            Period(start=datetime.date(2026, 1, 1), end=datetime.date(2026, 4, 1))
            >>> Period.of("year", date(2026, 2, 10), year_starts=4).start
            datetime.date(2025, 4, 1)

        .. versionadded:: 0.1.0
        """
        _unit.require("Period.of.unit", unit)
        _checks.calendar_day.require("Period.of.day", day)
        _month.require("Period.of.year_starts", year_starts)
        try:
            return cls(*_around(unit, day, year_starts))
        except (OverflowError, InvalidValue):
            raise InvalidValue("Period.of.day", day, f"a date whose {unit} lies within the years 1 to 9999") from None

    def contains(self, moment: date | datetime) -> bool:
        """Whether start <= moment < end; ask with a date in a period of dates, with an instant in one of instants.

        .. versionadded:: 0.1.0
        """
        self._same_kind("Period.contains.moment", moment)
        key = _key(moment)
        return _key(self.start) <= key and (self.end is None or key < _key(self.end))

    __contains__ = contains

    def overlaps(self, other: Period) -> bool:
        """Whether some moment lies in both.

        .. versionadded:: 0.1.0
        """
        return self.intersect(other) is not None

    def intersect(self, other: Period) -> Period | None:
        """The moments that lie in both, or None if there are none.

        Example:
            >>> Period(date(2026, 1, 1)).intersect(Period(date(2025, 7, 1), date(2026, 2, 1)))
            Period(start=datetime.date(2026, 1, 1), end=datetime.date(2026, 2, 1))

        .. versionadded:: 0.1.0
        """
        _checks.a(Period).require("Period.intersect.other", other)
        self._same_kind("Period.intersect.other", other.start)
        start = max(self.start, other.start, key=_key)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends, key=_key) if ends else None
        return Period(start, end) if end is None or _key(start) < _key(end) else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies inside."""
        return self.end is not None and _key(self.start) == _key(self.end)

    @property
    def length(self) -> timedelta | None:
        """How long it is: whole days between dates, elapsed time between instants; None without an end."""
        if self.end is None:
            return None
        return (MICRO if isinstance(self.start, datetime) else DAY) * (_key(self.end) - _key(self.start))

    def instants(self, tz: tzinfo) -> Period:
        """A period of dates as the instants between local midnights; one of instants is given back as it is.

        .. versionadded:: 0.1.0
        """
        if isinstance(self.start, datetime):
            return self
        return Period(midnight(self.start, tz), None if self.end is None else midnight(self.end, tz))

    def split(self, unit: str, *, year_starts: int = 1, tz: tzinfo | None = None) -> Iterator[Period]:
        """Cut at the borders of a calendar unit; the first and the last piece may be parts of one.

        Args:
            unit: As in `Period.of`.
            year_starts: As in `Period.of`.
            tz: Whose midnights cut a period of instants; the zone of its start if left out.

        Raises:
            InvalidValue: For a period without an end.

        Example:
            >>> [str(part.start) for part in Period(date(2026, 1, 30), date(2026, 3, 2)).split("month")]
            ['2026-01-30', '2026-02-01', '2026-03-01']

        .. versionadded:: 0.1.0
        """
        if self.end is None:
            raise InvalidValue("Period.split", self, "a period with an end")
        _unit.require("Period.split.unit", unit)
        _month.require("Period.split.year_starts", year_starts)
        _zone.require("Period.split.tz", tz)
        return self._pieces(self.end, unit, year_starts, tz)

    def _pieces(self, end: date | datetime, unit: str, year_starts: int, tz: tzinfo | None) -> Iterator[Period]:
        start = self.start
        while _key(start) < _key(end):
            cut = min(_unit_after(unit, start, year_starts, tz), end, key=_key)
            yield Period(start, cut)
            start = cut

    def _same_kind(self, path: str, moment: object) -> None:
        check = _checks.instant if isinstance(self.start, datetime) else _checks.calendar_day
        check.require(path, moment)


def calendar_index(unit: str, day: date, *, year_starts: int = 1) -> int:
    """A running number of the calendar unit that contains a date, so that differences count borders crossed.

    Example:
        >>> calendar_index("month", date(2026, 4, 1)) - calendar_index("month", date(2026, 3, 31))
        1

    .. versionadded:: 0.1.0
    """
    start = Period.of(unit, day, year_starts=year_starts).start
    if unit in UNIT_MONTHS:
        return (start.year * YEAR_MONTHS + start.month - year_starts) // UNIT_MONTHS[unit]
    return start.toordinal() if unit == "day" else start.toordinal() // 7


def _key(moment: date | datetime) -> int:
    return micros(moment) if isinstance(moment, datetime) else moment.toordinal()


def _around(unit: str, day: date, year_starts: int) -> tuple[date, date]:
    if unit in UNIT_MONTHS:
        months = UNIT_MONTHS[unit]
        start = add_months(day.replace(day=1), -((day.month - year_starts) % months))
        return start, add_months(start, months)
    if unit == "week":
        day -= DAY * day.weekday()
    return day, day + (_WEEK if unit == "week" else DAY)


def _unit_after(unit: str, moment: date | datetime, year_starts: int, tz: tzinfo | None) -> date | datetime:
    if not isinstance(moment, datetime):
        return Period.of(unit, moment, year_starts=year_starts).end  # type: ignore[return-value]
    zone = tz or moment.tzinfo
    after = _unit_after(unit, local_date(moment, zone), year_starts, None)  # type: ignore[arg-type]
    while _key(cut := midnight(after, zone)) <= _key(moment):  # type: ignore[arg-type]
        after = _unit_after(unit, after, year_starts, None)  # a clock put back over midnight shows a date again
    return cut
