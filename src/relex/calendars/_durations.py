"""Durations that are counted on a calendar: days, weeks, months, years.

They land on local midnights, so days of 23 and 25 hours change nothing. Three questions are asked of them:

- *validity* includes its last date: `last_day`, and `ends`, the midnight after it;
- *measuring windows* are half-open and exactly as long as they say: `window`, and seen from the other end `lookback`;
- *waiting* is over at 00:00 of start + duration: `waits`.

Steps are always counted from the anchor (`step`, `period`, `period_at`), because months do not associate.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

import attrs

from relex import _checks
from relex.calendars._dates import DAY, YEAR_MONTHS, add_months, midnight, month_end, require_day, settled
from relex.calendars._periods import UNIT_MONTHS, Period
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

__all__ = ["CalendarDuration", "Days", "Months", "Weeks", "Years"]

D = TypeVar("D", bound=date)

_IN_RANGE = "a result within the years 1 to 9999"


@attrs.frozen(weakref_slot=False)
class CalendarDuration:
    """What days, weeks, months and years have in common; made as one of `Days`, `Weeks`, `Months`, `Years`.

    Attributes:
        n: How many, at least 0.
        end_of: Round the last date of a validity up to the end of its "month", "quarter", "half" or "year".
        year_ends: The last month of the year that `end_of` counts by, 1 to 12.

    .. versionadded:: 0.1.0
    """

    n: int = attrs.field(validator=_checks.whole(least=0))
    end_of: str | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.one_of(*UNIT_MONTHS))
    )
    year_ends: int = attrs.field(default=YEAR_MONTHS, kw_only=True, validator=_checks.whole(least=1, most=YEAR_MONTHS))

    def step(self, anchor: D, times: int) -> D:
        """The anchor moved by so many times this duration, forward or back; `end_of` plays no part.

        Raises:
            InvalidValue: For a naive datetime, or a result outside the years 1 to 9999.
        """
        raise NotImplementedError

    def add(self, day: D) -> D:
        """The date (or the wall clock of an aware datetime) one duration later."""
        return self.step(day, 1)

    def subtract(self, day: D) -> D:
        """The date (or the wall clock of an aware datetime) one duration earlier."""
        return self.step(day, -1)

    def last_day(self, start: date) -> date:
        """The last date on which something is valid that starts on this date.

        Example:
            >>> Months(1).last_day(date(2025, 1, 31)), Months(1, end_of="quarter").last_day(date(2025, 1, 31))
            (datetime.date(2025, 2, 28), datetime.date(2025, 3, 31))
        """
        _require_date(self, "last_day.start", start)
        last = self.step(start, 1)
        if self.end_of is None:
            return last
        return month_end(last, (self.year_ends - last.month) % UNIT_MONTHS[self.end_of])

    def ends(self, start: date, tz: tzinfo) -> datetime:
        """The instant at which that validity is over: the local midnight after its last date."""
        return midnight(_day_after(self.last_day(start)), tz)

    def waits(self, start: date, tz: tzinfo) -> datetime:
        """The instant at which a wait is over that begins on this date: 00:00 of start + duration."""
        return midnight(self.step(start, 1), tz)

    def window(self, start: date) -> Period:
        """The dates on which something dated `start` is inside a rolling window of this length.

        Example:
            >>> Months(12).window(date(2024, 3, 10))
            Period(start=datetime.date(2024, 3, 10), end=datetime.date(2025, 3, 10))
        """
        return Period(start, self.step(start, 1))

    def lookback(self, on: date) -> Period:
        """The dates of what is inside a rolling window of this length on a date: those d with d <= on < d + duration.

        Example:
            >>> Months(1).lookback(date(2025, 3, 30))
            Period(start=datetime.date(2025, 3, 1), end=datetime.date(2025, 3, 31))
        """
        _require_date(self, "lookback.on", on)
        end = _day_after(on)
        first = self.step(on, -1)
        while self.step(first, 1) <= on and first <= on:
            first += DAY
        return Period(first, end)

    def period(self, anchor: date, number: int) -> Period:
        """The period of this number, counted from the anchor: 0 begins at it, -1 ends at it.

        Example:
            >>> [Months(1).period(date(2024, 1, 31), number).start.day for number in range(4)]
            [31, 29, 31, 30]
        """
        return Period(self.step(anchor, number), self.step(anchor, number + 1))

    def number_at(self, anchor: date, day: date) -> int:
        """The number of the period, counted from the anchor, that contains a date.

        Raises:
            InvalidValue: For a duration of 0, whose periods contain nothing.
        """
        if self.n == 0:
            raise InvalidValue(f"{type(self).__name__}.n", self.n, "at least 1, to make periods of")
        _require_date(self, "number_at.anchor", anchor)
        _require_date(self, "number_at.day", day)
        number = self._guess(anchor, day)
        return number if self.step(anchor, number) <= day else number - 1

    def period_at(self, anchor: date, day: date) -> Period:
        """The period, counted from the anchor, that contains a date.

        Example:
            >>> Months(1).period_at(date(2011, 3, 31), date(2011, 2, 14))
            Period(start=datetime.date(2011, 1, 31), end=datetime.date(2011, 2, 28))
        """
        return self.period(anchor, self.number_at(anchor, day))

    def _guess(self, anchor: date, day: date) -> int:
        """The number of the period at this date, or the one after it."""
        raise NotImplementedError


class _InDays(CalendarDuration):
    __slots__ = ()
    _unit = 1

    def step(self, anchor: D, times: int) -> D:
        require_day(f"{type(self).__name__}.step.anchor", anchor)
        _require_int(self, times)
        try:
            moved = anchor + timedelta(days=self.n * self._unit * times)
        except OverflowError:
            raise InvalidValue(f"{type(self).__name__}.n", self.n, _IN_RANGE) from None
        return settled(f"{type(self).__name__}.step.anchor", moved)

    def _guess(self, anchor: date, day: date) -> int:
        return (day - anchor).days // (self.n * self._unit)


class _InMonths(CalendarDuration):
    __slots__ = ()
    _unit = 1

    def step(self, anchor: D, times: int) -> D:
        _require_int(self, times)
        return add_months(anchor, self.n * self._unit * times)

    def _guess(self, anchor: date, day: date) -> int:
        months = (day.year - anchor.year) * YEAR_MONTHS + day.month - anchor.month
        return months // (self.n * self._unit)


def _require_int(duration: CalendarDuration, times: int) -> None:
    if type(times) is not int:
        _checks.whole().require(f"{type(duration).__name__}.step.times", times)


def _require_date(duration: CalendarDuration, name: str, day: date) -> None:
    if type(day) is not date:
        _checks.calendar_day.require(f"{type(duration).__name__}.{name}", day)


def _day_after(day: date) -> date:
    if day == date.max:
        raise InvalidValue("CalendarDuration.last_day", day, "a last date before the end of the year 9999")
    return day + DAY


@attrs.frozen(weakref_slot=False)
class Days(_InDays):
    """So many local dates.

    Example:
        >>> Days(10).last_day(date(2018, 10, 25))
        datetime.date(2018, 11, 4)

    .. versionadded:: 0.1.0
    """


@attrs.frozen(weakref_slot=False)
class Weeks(_InDays):
    """So many times seven local dates.

    Example:
        >>> Weeks(2).add(date(2026, 2, 20))
        datetime.date(2026, 3, 6)

    .. versionadded:: 0.1.0
    """

    _unit = 7


@attrs.frozen(weakref_slot=False)
class Months(_InMonths):
    """So many calendar months, clipped to the last day of the month that they reach.

    Example:
        >>> Months(12, end_of="year", year_ends=3).last_day(date(2025, 4, 10))
        datetime.date(2027, 3, 31)

    .. versionadded:: 0.1.0
    """


@attrs.frozen(weakref_slot=False)
class Years(_InMonths):
    """So many calendar years; 29 February becomes 28 February where there is none.

    Example:
        >>> Years(2, end_of="year").last_day(date(2023, 6, 1))
        datetime.date(2025, 12, 31)

    .. versionadded:: 0.1.0
    """

    _unit = 12
