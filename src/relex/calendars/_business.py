"""Business time: when time counts.

Theory of operation
===================

A calendar is opening hours in local time, and every question about it is a question about instants. The two meet once:

1. *Local edges become instants by one rule.* The instant of a local time is the first one at which the local clock
   shows that time or a later one. The rule never decreases, so windows that are disjoint stay disjoint, windows that
   touch go on touching, and a window inside an hour that the clock skips is empty. From then on there is no local time,
   no daylight saving and no day: only integers, microseconds since 1970 in UTC.
2. *Open time is a function that only grows.* Let F(t) be the open time before t. Then elapsed(a, b) = F(b) - F(a),
   and due(a, d) is the smallest t with F(t) = F(a) + d. F is straight inside a window and flat outside, so it is kept
   as two rows per year: where each window starts, and how much open time lies before it. Both are sorted, so F is one
   search in the first row and its inverse one search in the second. A working date is handled the same way: its number
   in a sorted row.
3. *Years are made when they are asked for and kept.* A year costs some hundred microseconds once; then a due date costs
   the same two searches wherever it lies, and one addition for each year in between. The memo holds some dozens of
   years; it is no part of the calendar's value, and a calendar that is compared, copied or stored is its definition.

The offsets of a zone are looked up once per day of a year, and where two days differ the change between them is found
by halving. So any `tzinfo` will do whose `fromutc` is right: gaps at midnight, skipped dates and offsets with seconds
need no special case.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TypeVar

import attrs

from relex import _checks
from relex.calendars._dates import DAY_MICROS, add_months, as_instant, local_date, micros, required_micros
from relex.calendars._hours import SpecialHours, Window, closed_dates, hours_by_date, hours_by_weekday, weekly
from relex.calendars._periods import Period
from relex.calendars._timetable import Timetable, Year
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["BusinessCalendar", "BusinessDays"]

_ZERO = timedelta(0)
T = TypeVar("T")

_TEN_YEARS = 120  # months
_SURELY_WITHIN = 3650 * DAY_MICROS  # ten years are 3,651 to 3,653 days
_SURELY_BEYOND = 3655 * DAY_MICROS


@attrs.frozen
class BusinessDays:
    """So many working dates; a due date in them is the closing time of the last.

    Attributes:
        n: How many, at least 1.

    Example:
        >>> from datetime import UTC
        >>> office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
        >>> office.due(datetime(2026, 5, 29, 11, tzinfo=UTC), BusinessDays(10)).isoformat()
        '2026-06-12T17:00:00+00:00'

    .. versionadded:: 0.1.0
    """

    n: int = attrs.field(validator=_checks.whole(least=1))


def _tuple(value: Sequence[T]) -> tuple[T, ...]:
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]


def _windows(value: Sequence[Window]) -> tuple[Window, ...]:  # a converter is typed only if it is not generic
    return _tuple(value)


def _holidays(value: Sequence[date | Period]) -> tuple[date | Period, ...]:
    return _tuple(value)


def _special(value: Sequence[SpecialHours]) -> tuple[SpecialHours, ...]:
    return _tuple(value)


@attrs.frozen
class BusinessCalendar:
    """When time counts: weekly windows in a zone, closed dates, and dates with hours of their own.

    Windows are half-open and in local time; those that touch, also over midnight, are one. Instants may be given in any
    zone; answers carry the calendar's. Nothing is looked for more than ten years ahead.

    Attributes:
        windows: The weekly hours, `Window`s; see `weekly` and `overnight`.
        tz: The zone whose clock they are read on.
        holidays: Local dates, and periods of them, on which nothing is open.
        special: Hours of single dates, in place of the weekly ones.

    Raises:
        InvalidValue: For no window at all, two that overlap, or a date that is both a holiday and special.

    Example:
        >>> from datetime import UTC
        >>> office = BusinessCalendar(weekly("mon-fri", "10:00", "18:00"), tz=UTC)
        >>> friday_five = datetime(2026, 6, 5, 17, tzinfo=UTC)
        >>> office.due(friday_five, timedelta(hours=2)).isoformat()
        '2026-06-08T11:00:00+00:00'
        >>> office.elapsed(friday_five, datetime(2026, 6, 8, 11, tzinfo=UTC))
        datetime.timedelta(seconds=7200)

    .. versionadded:: 0.1.0
    """

    windows: tuple[Window, ...] = attrs.field(converter=_windows, validator=_checks.each(_checks.a(Window)))
    tz: tzinfo = attrs.field(kw_only=True, hash=False, validator=_checks.zone)  # some zones cannot be hashed
    holidays: tuple[date | Period, ...] = attrs.field(default=(), kw_only=True, converter=_holidays)
    special: tuple[SpecialHours, ...] = attrs.field(
        default=(), kw_only=True, converter=_special, validator=_checks.each(_checks.a(SpecialHours))
    )
    _table: Timetable = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.windows and not self.special:
            raise InvalidValue("BusinessCalendar.windows", self.windows, "at least one window, here or in special")
        closed = closed_dates(self.holidays)
        week, special = hours_by_weekday(self.windows), hours_by_date(self.special, closed)
        object.__setattr__(self, "_table", Timetable(week, special, closed, self.tz))

    @classmethod
    def always(cls, tz: tzinfo) -> BusinessCalendar:
        """The calendar that is open from 00:00 to 24:00 every day: clock time.

        Example:
            >>> from datetime import UTC
            >>> BusinessCalendar.always(UTC).elapsed(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC))
            datetime.timedelta(days=2)

        .. versionadded:: 0.1.0
        """
        return cls(weekly("mon-sun", "00:00", "24:00"), tz=tz)

    def due(self, start: datetime, duration: timedelta | BusinessDays) -> datetime:
        """The earliest instant by which so much business time has passed since the start.

        Work that ends exactly at closing time is due at closing time of that day, not at the next opening; no time at
        all is due at the start itself, open or not. `BusinessDays(n)` is due at the closing time of the n-th working
        date after the local date of the start.

        Raises:
            InvalidValue: For a duration below 0, or no working time within ten years.

        .. versionadded:: 0.1.0
        """
        at = required_micros("BusinessCalendar.due.start", start)
        if isinstance(duration, BusinessDays):
            return self._due_days(start, at, duration)
        wanted = _wanted(duration)
        if not wanted:
            return as_instant(at, self.tz)
        year = self._table.year_at(at, start.year)
        wanted += year.open_before(at)
        while wanted > year.before[-1]:
            wanted -= year.before[-1]
            year = self._next_year("due.duration", duration, year, at)
        return self._answer("due.duration", duration, at, year.reached(wanted))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The business time between two instants, exact to the microsecond.

        Raises:
            InvalidValue: For an end before the start.

        .. versionadded:: 0.1.0
        """
        low, high = self._ordered("elapsed", start, end)
        year, last = self._table.year_at(low, start.year), self._table.year_at(high, end.year)
        found = last.open_before(high) - year.open_before(low)
        while year.number < last.number:
            found += year.before[-1]
            year = self._table.year(year.number + 1)
        return timedelta(microseconds=found)

    def is_open(self, at: datetime) -> bool:
        """Whether an instant lies inside a window; the closing time itself does not.

        .. versionadded:: 0.1.0
        """
        moment = required_micros("BusinessCalendar.is_open.at", at)
        window = self._table.year_at(moment, at.year).window_from(moment)
        return window is not None and window[0] <= moment

    def opens(self, at: datetime) -> datetime:
        """The first open instant from here on: the instant itself inside a window, else the next opening.

        Raises:
            InvalidValue: If nothing opens within ten years.

        Example:
            >>> from datetime import UTC
            >>> office = BusinessCalendar(weekly("mon-thu", "09:00", "17:00"), tz=UTC)
            >>> office.opens(datetime(2026, 6, 6, 12, tzinfo=UTC)).isoformat()
            '2026-06-08T09:00:00+00:00'

        .. versionadded:: 0.1.0
        """
        moment = required_micros("BusinessCalendar.opens.at", at)
        _, start, _ = self._window("opens.at", at, moment)
        return as_instant(moment, self.tz) if start <= moment else self._answer("opens.at", at, moment, start)

    def closes(self, at: datetime) -> datetime:
        """The end of the window that is open, or of the next one.

        Raises:
            InvalidValue: If nothing closes within ten years, as in a calendar that is always open.

        .. versionadded:: 0.1.0
        """
        moment = required_micros("BusinessCalendar.closes.at", at)
        year, _, end = self._window("closes.at", at, moment)
        while end == year.end:
            year = self._next_year("closes.at", at, year, moment)
            window = year.window_from(end)
            if window is None or window[0] > end:
                break
            end = window[1]
        return self._answer("closes.at", at, moment, end)

    def spans(self, period: Period) -> Iterator[Period]:
        """The windows inside a period, in order, clipped to it; a period of dates runs between local midnights.

        Raises:
            InvalidValue: For a period without an end.

        Example:
            >>> from datetime import UTC
            >>> windows = weekly("mon-fri", "09:00", "12:00") + weekly("mon-fri", "13:00", "17:00")
            >>> office = BusinessCalendar(windows, tz=UTC)
            >>> [span.start.hour for span in office.spans(Period.of("day", date(2026, 6, 5)))]
            [9, 13]

        .. versionadded:: 0.1.0
        """
        _checks.a(Period).require("BusinessCalendar.spans.period", period)
        if period.end is None:
            raise InvalidValue("BusinessCalendar.spans.period", period, "a period with an end")
        bounds = period.instants(self.tz)
        return self._spans(micros(bounds.start), micros(bounds.end), bounds.start.year)  # type: ignore[arg-type]

    def working_days(self, start: datetime, end: datetime) -> int:
        """How many working dates lie after the local date of the start, up to and with the local date of the end.

        Raises:
            InvalidValue: For an end before the start.

        Example:
            >>> from datetime import UTC
            >>> office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
            >>> office.working_days(datetime(2026, 6, 5, tzinfo=UTC), datetime(2026, 6, 9, tzinfo=UTC))
            2

        .. versionadded:: 0.1.0
        """
        self._ordered("working_days", start, end)
        after, last = local_date(start, self.tz), local_date(end, self.tz)
        found = _dates_through(self._table.year(last.year), last) - _dates_through(self._table.year(after.year), after)
        return found + sum(len(self._table.year(number).dates) for number in range(after.year, last.year))

    def working_date(self, day: date, *, roll: str = "next") -> date:
        """The date itself if anything is open on it, else the nearest working date after or before it.

        Args:
            day: A local date.
            roll: "next" or "previous".

        Raises:
            InvalidValue: If there is none within ten years.

        Example:
            >>> from datetime import UTC
            >>> office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
            >>> office.working_date(date(2026, 6, 6)), office.working_date(date(2026, 6, 6), roll="previous")
            (datetime.date(2026, 6, 8), datetime.date(2026, 6, 5))

        .. versionadded:: 0.1.0
        """
        _checks.calendar_day.require("BusinessCalendar.working_date.day", day)
        _checks.one_of("next", "previous").require("BusinessCalendar.working_date.roll", roll)
        step = 1 if roll == "next" else -1
        limit = add_months(day, step * _TEN_YEARS)
        for number in range(day.year, limit.year + step, step):
            found = _nearest(self._table.year(number), day, step)
            if found is not None and (limit - found) * step >= _ZERO:
                return found
        raise _none_within("working_date.day", day)

    def _due_days(self, start: datetime, at: int, days: BusinessDays) -> datetime:
        day = local_date(start, self.tz)
        year = self._table.year(day.year)
        index = _dates_through(year, day) + days.n - 1
        while index >= len(year.dates):
            index -= len(year.dates)
            year = self._next_year("due.duration", days, year, at)
        return self._answer("due.duration", days, at, year.closings[index])

    def _ordered(self, name: str, start: datetime, end: datetime) -> tuple[int, int]:
        low, high = (
            required_micros(f"BusinessCalendar.{name}.start", start),
            required_micros(f"BusinessCalendar.{name}.end", end),
        )
        if high < low:
            raise InvalidValue(f"BusinessCalendar.{name}.end", end, f"no earlier than the start, {start.isoformat()}")
        return low, high

    def _window(self, name: str, value: object, at: int) -> tuple[Year, int, int]:
        """The first window that ends after an instant, and its year."""
        year = self._table.year_at(at, value.year)  # type: ignore[attr-defined]
        window = year.window_from(at)
        while window is None:
            year = self._next_year(name, value, year, at)
            window = year.window_from(at)
        return year, *window

    def _spans(self, low: int, high: int, guess: int) -> Iterator[Period]:
        held: tuple[int, int] | None = None  # touching windows of two years are one
        for start, end in self._windows(low, high, guess):
            if held is not None and held[1] != start:
                yield self._period(*held)
                held = None
            held = (start if held is None else held[0], end)
        if held is not None:
            yield self._period(*held)

    def _windows(self, low: int, high: int, guess: int) -> Iterator[tuple[int, int]]:
        year = self._table.year_at(low, guess)
        yield from _clipped(year, low, high)
        while year.end < high:
            year = self._table.year(year.number + 1)
            yield from _clipped(year, low, high)

    def _period(self, start: int, end: int) -> Period:
        return Period(as_instant(start, self.tz), as_instant(end, self.tz))

    def _next_year(self, name: str, value: object, year: Year, at: int) -> Year:
        if year.end - at > _SURELY_BEYOND:
            raise _none_within(name, value)
        return self._table.year(year.number + 1)

    def _answer(self, name: str, value: object, at: int, found: int) -> datetime:
        """An instant of the calendar's zone, unless it lies more than ten years ahead."""
        if found - at > _SURELY_WITHIN and found > micros(add_months(as_instant(at, self.tz), _TEN_YEARS)):
            raise _none_within(name, value)
        return as_instant(found, self.tz)


def _wanted(duration: object) -> int:
    if not isinstance(duration, timedelta) or duration.days < 0:
        expected = "a timedelta of at least 0, or BusinessDays"
        raise InvalidValue("BusinessCalendar.due.duration", duration, expected)
    return (duration.days * 86_400 + duration.seconds) * 1_000_000 + duration.microseconds


def _none_within(name: str, value: object) -> InvalidValue:
    return InvalidValue(f"BusinessCalendar.{name}", value, "an answer within ten years (no working time)")


def _dates_through(year: Year, day: date) -> int:
    """How many working dates of the year lie up to and with a date of it."""
    return bisect_right(year.dates, day.toordinal())


def _nearest(year: Year, day: date, step: int) -> date | None:
    dates, ordinal = year.dates, day.toordinal()
    index = bisect_left(dates, ordinal) if step > 0 else bisect_right(dates, ordinal) - 1
    return date.fromordinal(dates[index]) if 0 <= index < len(dates) else None


def _clipped(year: Year, low: int, high: int) -> Iterator[tuple[int, int]]:
    at = low
    while at < high and (window := year.window_from(at)) is not None and window[0] < high:
        yield max(window[0], low), min(window[1], high)
        at = window[1]
