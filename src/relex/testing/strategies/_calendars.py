"""Periods, calendar durations, business calendars, recurrences and limits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex._instants import moment
from relex.calendars import (
    BusinessCalendar,
    BusinessDays,
    Days,
    Months,
    Period,
    Recurrence,
    RollingLimit,
    SpecialHours,
    Weeks,
    Window,
    Years,
)
from relex.errors import InvalidValue
from relex.testing.strategies._basics import days, either, instants, named, zones

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from hypothesis.strategies import SearchStrategy

    from relex.calendars import CalendarDuration

__all__ = [
    "STORED",
    "business_calendars",
    "business_days",
    "calendar_durations",
    "periods",
    "recurrences",
    "rolling_limits",
    "special_hours",
    "windows",
]

Hours = list[tuple[time, time | None]]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_DAY = 24 * 60
_UNITS: tuple[type[CalendarDuration], ...] = (Days, Weeks, Months, Years)


def calendar_durations(*, of: type[CalendarDuration] | None = None, min_value: int = 0) -> SearchStrategy[Any]:
    """Days, weeks, months and years, some of them up to the end of a month, quarter or year.

    Shrinks to the fewest days.

    Args:
        of: The only class, such as `Months`; by default any.
        min_value: The fewest of them.

    Raises:
        InvalidValue: For another class, or what is no int of at least 0.

    .. versionadded:: 0.1.0
    """
    _checks.optional(_checks.one_of(*_UNITS)).require("calendar_durations.of", of)
    _checks.whole(least=0).require("calendar_durations.min_value", min_value)
    kinds = st.sampled_from(_UNITS) if of is None else st.just(of)
    counts = st.integers(min_value, min_value + 400)
    return st.builds(_duration, kinds, counts, _ENDS, st.just(12) | st.integers(1, 12))


def _duration(kind: type[CalendarDuration], n: int, end_of: str | None, year_ends: int) -> CalendarDuration:
    return kind(n, end_of=end_of, year_ends=year_ends)


_ENDS = st.sampled_from((None, None, "month", "quarter", "half", "year"))


def business_days() -> SearchStrategy[BusinessDays]:
    """One to thirty working days.

    .. versionadded:: 0.1.0
    """
    return st.builds(BusinessDays, st.integers(1, 30))


def periods(*, of: type[date] | None = None, ended: bool | None = None) -> SearchStrategy[Period]:
    """Half-open periods of dates or of instants, some empty, some without an end.

    Shrinks to an empty period of dates.

    Args:
        of: `date` or `datetime`; by default either.
        ended: Whether they have an end; by default either.

    Raises:
        InvalidValue: For another class, or anything but a flag.

    .. versionadded:: 0.1.0
    """
    _checks.optional(_checks.one_of(date, datetime)).require("periods.of", of)
    _checks.optional(_checks.flag).require("periods.ended", ended)
    shapes = _SHAPES[ended]
    of_days, of_instants = (st.builds(_period, each, each, shapes) for each in (days(), instants()))
    return named("periods", of_instants if of is datetime else of_days if of is date else of_days | of_instants)


_SHAPES = {
    None: st.sampled_from(("empty", "open", "long", "long")),
    True: st.sampled_from(("empty", "long", "long")),
    False: st.just("open"),
}


def _period(one: Any, other: Any, shape: str) -> Period:
    if shape == "long":
        return Period(*sorted((one, other), key=_place))
    return Period(one, one if shape == "empty" else None)


def _place(value: date) -> Any:
    return moment(value) if isinstance(value, datetime) else value


# Opening hours.


@st.composite
def _hours(draw: st.DrawFn, least: int = 0) -> Hours:
    """Windows of one date that do not overlap, some of them touching."""
    edges = sorted(draw(_EDGES[least]))
    pairs = pairwise(edges) if draw(_TOUCHING) else zip(edges[::2], edges[1::2], strict=False)
    return [(_time(opens), _end(closes)) for opens, closes in pairs]


_MINUTES = st.one_of(st.integers(0, 96).map(lambda quarter: quarter * 15), st.integers(0, _FULL_DAY))
_EDGES = {least: st.sets(_MINUTES, min_size=2 * least, max_size=6) for least in (0, 1)}
_TOUCHING = st.booleans()


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _end(minutes: int) -> time | None:
    return None if minutes == _FULL_DAY else _time(minutes)


def windows(*, weekday: str | SearchStrategy[str] | None = None) -> SearchStrategy[Window]:
    """Opening hours of one weekday, to the minute, some of them up to 24:00.

    Args:
        weekday: The only weekday, such as `mon`, or what weekdays are drawn from.

    Raises:
        InvalidValue: For what is no weekday.

    .. versionadded:: 0.1.0
    """
    return st.builds(_window, either("windows.weekday", weekday, _checks.one_of(*_WEEKDAYS), _ANY_WEEKDAY), _hours(1))


_ANY_WEEKDAY = st.sampled_from(_WEEKDAYS)


def _window(weekday: str, hours: Hours) -> Window:
    return Window(weekday, *hours[0])


def special_hours(*, day: date | SearchStrategy[date] | None = None) -> SearchStrategy[SpecialHours]:
    """Opening hours of one date.

    Args:
        day: The date, or what dates are drawn from.

    Raises:
        InvalidValue: For what is no date.

    .. versionadded:: 0.1.0
    """
    return st.builds(_special, either("special_hours.day", day, _checks.calendar_day, days()), _hours(1))


def _special(day: date, hours: Hours) -> SpecialHours:
    return SpecialHours(day, *hours[0])


def business_calendars(
    *, tz: tzinfo | SearchStrategy[tzinfo] | None = None, near: date | SearchStrategy[date] | None = None
) -> SearchStrategy[BusinessCalendar]:
    """Calendars that are open at least an hour a week, with holidays and special dates close to each other.

    Args:
        tz: The zone, or what zones are drawn from; by default `zones()`.
        near: The date around which the holidays and special dates lie; by default any.

    Raises:
        InvalidValue: For what is no zone or no date, or a date in the first or last week of time.

    .. versionadded:: 0.1.0
    """
    zone = either("business_calendars.tz", tz, _checks.zone, zones())
    if isinstance(near, date) and not _SAFE[0] <= near <= _SAFE[1]:
        raise InvalidValue("business_calendars.near", near, f"a date from {_SAFE[0]} to {_SAFE[1]}")
    around = either("business_calendars.near", near, _checks.calendar_day, days(min_value=_SAFE[0], max_value=_SAFE[1]))
    return _business_calendars(zone, around)


_SAFE = (date(1, 1, 8), date(9999, 12, 24))


@st.composite
def _business_calendars(
    draw: st.DrawFn, zone: SearchStrategy[tzinfo], around: SearchStrategy[date]
) -> BusinessCalendar:
    weekly = {weekday: draw(_hours()) for weekday in draw(_SOME_WEEKDAYS)}
    day, first = draw(around), draw(_ANY_WEEKDAY)
    weekly[first] = [*draw(_BY_DAY), (_EVENING, draw(_LATE))]  # at least an hour a week
    holidays = sorted({day + timedelta(days=offset) for offset in draw(_NEAR)})
    special = {day + timedelta(days=offset): draw(_hours(1)) for offset in draw(_NEAR)}
    return BusinessCalendar(
        tuple(Window(weekday, *hours) for weekday, found in weekly.items() for hours in found),
        tz=draw(zone),
        holidays=tuple(_holidays(holidays, joined=draw(_TOUCHING))),
        special=tuple(
            SpecialHours(on, *hours) for on, found in special.items() if on not in holidays for hours in found
        ),
    )


_SOME_WEEKDAYS = st.sets(_ANY_WEEKDAY, max_size=4).map(sorted)
_NEAR = st.lists(st.integers(-4, 4), max_size=2, unique=True)
_EVENING = time(20)
_LATE = st.sampled_from((time(21), time(23, 30), None))
_BY_DAY = _hours().map(lambda hours: [pair for pair in hours if pair[1] is not None and pair[1] <= _EVENING])


def _holidays(found: list[date], *, joined: bool) -> list[date | Period]:
    return [Period(day, day + timedelta(days=1)) if joined else day for day in found]


# Dates that come back, and limits.


def recurrences() -> SearchStrategy[Recurrence]:
    """Rules that make dates: every so many days, weeks, months or years, on some weekdays, days and months.

    .. versionadded:: 0.1.0
    """
    return _RECURRENCES


@st.composite
def _recurrences(draw: st.DrawFn) -> Recurrence:
    every = draw(st.sampled_from(("day", "week", "month", "year")))
    listed = _NTH_WEEKDAYS if every in {"month", "year"} else _ANY_WEEKDAY
    return Recurrence(
        every=every,
        interval=draw(st.integers(1, 5)),
        weekdays=tuple(draw(st.lists(listed, max_size=2))),
        month_days=tuple(draw(st.lists(_MONTH_DAYS, max_size=2))),
        months=tuple(draw(st.lists(st.integers(1, 12), max_size=2))),
        times=draw(st.none() | st.integers(1, 10)),
        until=draw(st.none() | days()),
    )


_NTH_WEEKDAYS = st.builds("{}{}".format, st.sampled_from(("", "1", "2", "-1")), _ANY_WEEKDAY)
_MONTH_DAYS = st.sampled_from((1, 15, 28, -1))
_RECURRENCES = named("recurrences", _recurrences())


def rolling_limits() -> SearchStrategy[RollingLimit]:
    """At most one to five of something in any stretch of a length, or for ever.

    .. versionadded:: 0.1.0
    """
    return st.builds(RollingLimit, st.integers(1, 5), st.none() | _LENGTHS)


_LENGTHS = st.sampled_from((timedelta(hours=24), timedelta(days=30))) | st.timedeltas(
    timedelta(microseconds=1), timedelta(days=400)
)


def _durations(kind: type[CalendarDuration]) -> Callable[[], SearchStrategy[Any]]:
    return lambda: calendar_durations(of=kind)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    BusinessCalendar: business_calendars,
    BusinessDays: business_days,
    Period: periods,
    Recurrence: recurrences,
    RollingLimit: rolling_limits,
    SpecialHours: special_hours,
    Window: windows,
    **{kind: _durations(kind) for kind in _UNITS},
}
"""The strategy of every stored form of `relex.calendars`."""
