"""Business time as integers: the few sums that clocks are made of, in microseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from relex.calendars._dates import as_instant, micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from relex.calendars import BusinessCalendar
    from relex.calendars._timetable import Timetable, Year

__all__ = [
    "DUES",
    "Held",
    "due_after",
    "due_of",
    "duration",
    "instant",
    "micros",
    "of_duration",
    "open_time",
    "wall_due_of",
]

Held = tuple[int, int | None]
"""A hold: from when until when; None is still on."""

_YEAR = 31_556_952_000_000  # microseconds of a mean year: near enough for a guess


def open_time(calendar: BusinessCalendar, low: int, high: int) -> int:
    """The time of a calendar between two instants; 0 where the second is not later."""
    if high <= low:
        return 0
    table = calendar._table  # noqa: SLF001 - the clocks of one package read the table of another, made for them
    year = _year(table, low)
    if high < year.end:
        return year.open_before(high) - year.open_before(low)
    last, found = _year(table, high), -year.open_before(low)
    while year.number < last.number:
        found += year.before[-1]
        year = table.year(year.number + 1)
    return found + last.open_before(high)


def due_after(calendar: BusinessCalendar, start: int, wanted: int) -> int:
    """The first instant by which so much time of a calendar has passed."""
    table = calendar._table  # noqa: SLF001 - as above
    year = _year(table, start)
    if not wanted:
        return start
    left = wanted + year.open_before(start)
    if left <= year.before[-1]:
        return year.reached(left)
    return micros(calendar.due(instant(start, calendar), duration(wanted)))


def due_of(calendar: BusinessCalendar, start: int, goal: int, holds: Sequence[Held]) -> int | None:
    """The first instant at which the time used reaches the goal; None while it is held before that."""
    for begins, ends in holds:
        used = open_time(calendar, start, begins)
        if used >= goal:
            break
        if ends is None:
            return None
        goal -= used
        start = ends
    return due_after(calendar, start, goal)


def wall_due_of(calendar: BusinessCalendar, start: int, goal: int, holds: Sequence[Held]) -> int | None:
    """The due time without holds, put off by all the clock time of each hold that begins before it."""
    due = due_after(calendar, start, goal)
    for begins, ends in holds:
        if begins >= due:
            break
        if ends is None:
            return None
        due += ends - begins
    return due


def _year(table: Timetable, at: int) -> Year:
    year = table.year(1970 + at // _YEAR)
    return year if year.begin <= at < year.end else table.year_at(at, year.number)


def instant(at: int, calendar: BusinessCalendar) -> datetime:
    """The instant in the zone of the calendar."""
    return as_instant(at, calendar.tz)


def duration(length: int) -> timedelta:
    """A length of time."""
    return timedelta(microseconds=length)


def of_duration(length: timedelta) -> int:
    """The microseconds of a length of time."""
    return (length.days * 86_400 + length.seconds) * 1_000_000 + length.microseconds


DUES = {"business": due_of, "wall": wall_due_of}
"""When a clock is due, by what a hold adds."""
