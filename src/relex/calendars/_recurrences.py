"""Dates that come back: every second Tuesday, the last day of each month, three days of each year."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

import attrs
from dateutil import rrule

from relex import _checks
from relex.calendars._dates import EPOCH_LOCAL, add_months, first_instant
from relex.calendars._hours import WEEKDAYS, plain_time
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

__all__ = ["Recurrence", "next_yearly"]

_FREQUENCIES: dict[str, Any] = {"day": rrule.DAILY, "week": rrule.WEEKLY, "month": rrule.MONTHLY, "year": rrule.YEARLY}
_NTH = re.compile(r"([+-]?[1-9]\d?)?(mon|tue|wed|thu|fri|sat|sun)")
_YEARLY = re.compile(r"(\d\d)-(\d\d)")
_LEAP_YEAR = 2000
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ALL_MONTHS = range(1, 13)
_MOST_NTH = {"month": 5, "year": 53}


def _is_nth(value: object) -> bool:
    return isinstance(value, str) and _NTH.fullmatch(value) is not None


def _is_month_day(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= abs(value) <= max(_LONGEST)


_weekday = _checks.Check("a weekday such as mon, 2tue (the second) or -1fri (the last)", _is_nth)
_month_day = _checks.Check("a day of the month, 1 to 31, or -1 for the last to -31", _is_month_day)


@attrs.frozen(kw_only=True)
class Recurrence:
    """A rule that makes dates from a first one, as in iCalendar.

    A date that a month does not have is left out; for a monthly date that is clipped instead (the 31st, then 28
    February) use `Months(1).step(anchor, number)`.

    Attributes:
        every: "day", "week", "month" or "year".
        interval: Every so many of them, at least 1.
        weekdays: "mon" to "sun"; "2tue" and "-1fri" are the second Tuesday and the last Friday of the month or year.
        month_days: Days of the month; -1 is the last.
        months: Months of the year, 1 to 12.
        times: How many dates in all; None for no such end.
        until: The last date that may come; None for no such end.

    Source: RFC 5545, section 3.3.10.

    Example:
        >>> from itertools import islice
        >>> payday = Recurrence(every="month", month_days=(-1,))
        >>> [str(day) for day in islice(payday.dates(date(2026, 1, 1)), 3)]
        ['2026-01-31', '2026-02-28', '2026-03-31']

    .. versionadded:: 0.1.0
    """

    every: str = attrs.field(validator=_checks.one_of(*_FREQUENCIES))
    interval: int = attrs.field(default=1, validator=_checks.whole(least=1, most=10_000))
    weekdays: tuple[str, ...] = attrs.field(default=(), validator=_checks.each(_weekday))
    month_days: tuple[int, ...] = attrs.field(default=(), validator=_checks.each(_month_day))
    months: tuple[int, ...] = attrs.field(default=(), validator=_checks.each(_checks.whole(least=1, most=12)))
    times: int | None = attrs.field(default=None, validator=_checks.optional(_checks.whole(least=1)))
    until: date | None = attrs.field(default=None, validator=_checks.optional(_checks.calendar_day))

    def __attrs_post_init__(self) -> None:
        most = _MOST_NTH.get(self.every, 0)
        if any(abs(nth) > most for nth, _ in map(_nth, self.weekdays)):
            raise InvalidValue("Recurrence.weekdays", self.weekdays, f"numbers up to {most} with every {self.every}")
        longest = max(_LONGEST[month - 1] for month in self.months or _ALL_MONTHS)
        if self.month_days and min(map(abs, self.month_days)) > longest:
            raise InvalidValue("Recurrence.month_days", self.month_days, f"a day that its months have, up to {longest}")

    def dates(self, start: date) -> Iterator[date]:
        """The dates from this one on, in order, without an end unless the rule has one.

        The start itself is among them only if it satisfies the rule.

        .. versionadded:: 0.1.0
        """
        _checks.calendar_day.require("Recurrence.dates.start", start)
        return islice((moment.date() for moment in self._rule(start)), self.times)

    def instants(self, start: date, at: time, tz: tzinfo) -> Iterator[datetime]:
        """The same with a local time of day: the first instant at which the clock shows that time or a later one.

        .. versionadded:: 0.1.0
        """
        plain_time.require("Recurrence.instants.at", at)
        _checks.zone.require("Recurrence.instants.tz", tz)
        return (first_instant(datetime.combine(day, at), tz) for day in self.dates(start))

    def _rule(self, start: date) -> Any:
        return rrule.rrule(
            _FREQUENCIES[self.every],
            dtstart=_at_midnight(start),
            interval=self.interval,
            byweekday=tuple(map(_rrule_weekday, self.weekdays)) or None,
            bymonthday=self.month_days or None,
            bymonth=self.months or None,
            until=None if self.until is None else _at_midnight(self.until),
        )


def next_yearly(day: date, dates: tuple[str, ...]) -> date:
    """The first of some yearly dates that is not before a date; 29 February is 28 February where there is none.

    Args:
        day: A date.
        dates: At least one, as "MM-DD".

    Example:
        >>> next_yearly(date(2025, 8, 10), ("01-01", "07-01"))
        datetime.date(2026, 1, 1)

    .. versionadded:: 0.1.0
    """
    _checks.calendar_day.require("next_yearly.day", day)
    _checks.a(tuple, list).require("next_yearly.dates", dates)
    if not dates:
        raise InvalidValue("next_yearly.dates", dates, "at least one date, as MM-DD")
    listed = [_yearly(f"next_yearly.dates[{number}]", text) for number, text in enumerate(dates)]
    years = range(day.year, min(day.year + 1, date.max.year) + 1)
    coming = [add_months(each, 12 * (year - _LEAP_YEAR)) for year in years for each in listed]
    found = min((candidate for candidate in coming if candidate >= day), default=None)
    if found is None:
        raise InvalidValue("next_yearly.day", day, "a date before the last ones of the year 9999")
    return found


def _yearly(path: str, text: object) -> date:
    """The date of a leap year that a text such as "02-29" names."""
    found = _YEARLY.fullmatch(text) if isinstance(text, str) else None
    month, number = (int(found[1]), int(found[2])) if found else (0, 0)
    if month not in _ALL_MONTHS or not 1 <= number <= _LONGEST[month - 1]:
        raise InvalidValue(path, text, "a date of the year, as MM-DD")
    return date(_LEAP_YEAR, month, number)


def _at_midnight(day: date) -> datetime:
    return EPOCH_LOCAL.replace(year=day.year, month=day.month, day=day.day)


def _nth(name: str) -> tuple[int, str]:
    """The number, 0 for none, and the weekday of a text such as "2tue"."""
    found = _NTH.fullmatch(name)
    assert found is not None  # noqa: S101 - validated
    return int(found[1] or 0), found[2]


def _rrule_weekday(name: str) -> Any:
    nth, weekday = _nth(name)
    plain = rrule.weekday(WEEKDAYS.index(weekday))
    return plain(nth) if nth else plain
