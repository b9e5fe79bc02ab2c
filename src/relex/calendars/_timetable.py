"""The open time of one local year as two rows of integers, and the memo of such years.

Everything here is microseconds since 1970 in UTC. How it fits together is told at the top of `_business.py`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from datetime import UTC, date, timezone, tzinfo
from typing import TYPE_CHECKING

import attrs

from relex.calendars._dates import DAY, DAY_MICROS, MICRO, as_instant, micros, wall
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relex.calendars._hours import Hours

__all__ = ["Timetable", "Year"]

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MOST_YEARS = 64  # kept at once; a year of Monday to Friday takes about 7 kB
_FIRST_YEAR, _LAST_YEAR = 2, 9998  # offsets are looked up two days beyond both ends of a year
_FOREVER = 1 << 62


@attrs.frozen
class Year:
    """The windows of one local year, touching ones joined.

    Attributes:
        number: The year.
        begin: Its first instant.
        end: The first instant of the next year.
        starts: The instants at which the windows open.
        before: The open time of this year before each window, and one more item: the open time of the whole year.
        dates: The ordinals of its working dates.
        closings: The instant at which each working date closes.
    """

    number: int
    begin: int
    end: int
    starts: Sequence[int]
    before: Sequence[int]
    dates: Sequence[int]
    closings: Sequence[int]

    def open_before(self, at: int) -> int:
        """The open time from the begin of the year to an instant of it."""
        last = bisect_right(self.starts, at) - 1
        return min(self.before[last] + at - self.starts[last], self.before[last + 1]) if last >= 0 else 0

    def reached(self, open_time: int) -> int:
        """The earliest instant before which that much open time (at least 1, at most all) of the year lies."""
        window = bisect_left(self.before, open_time) - 1
        return self.starts[window] + open_time - self.before[window]

    def window_from(self, at: int) -> tuple[int, int] | None:
        """The first window that ends after an instant, or None if the year has no more."""
        index = max(bisect_right(self.starts, at) - 1, 0)
        while index < len(self.starts):
            start = self.starts[index]
            end = start + self.before[index + 1] - self.before[index]
            if at < end:
                return start, end
            index += 1
        return None


class Timetable:
    """The years of one calendar, each made when it is first asked for.

    The memo only grows by values that anybody would compute the same, and is emptied when it is full, so threads may
    share it without a lock.
    """

    __slots__ = ("_closed", "_special", "_tz", "_week", "_years")

    def __init__(
        self, week: Sequence[Hours], special: Mapping[int, Hours], closed: Sequence[tuple[int, int]], tz: tzinfo
    ) -> None:
        """Take the hours by weekday, those of special dates, the closed dates as [first, last) ordinals, the zone."""
        self._week = week
        self._special = special
        self._closed = closed
        self._tz = tz
        self._years: dict[int, Year] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """Copied and stored without its memo."""
        return Timetable, (self._week, self._special, self._closed, self._tz)

    def year(self, number: int) -> Year:
        """The table of one year."""
        found = self._years.get(number)
        return found if found is not None else self._make(number)

    def year_at(self, at: int, guess: int) -> Year:
        """The table of the local year that contains an instant; the guess is at most a year or two off."""
        year = self.year(guess)
        while at < year.begin:
            year = self.year(year.number - 1)
        while at >= year.end:
            year = self.year(year.number + 1)
        return year

    def _make(self, number: int) -> Year:
        if not _FIRST_YEAR <= number <= _LAST_YEAR:
            raise InvalidValue("BusinessCalendar", number, f"years from {_FIRST_YEAR} to {_LAST_YEAR}")
        if len(self._years) >= _MOST_YEARS:
            self._years.clear()
        made = self._years[number] = self._built(number)
        return made

    def _built(self, number: int) -> Year:
        first, after = date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal()
        clock = _Clock(_segments(self._tz, _local(first) - 2 * DAY_MICROS, _local(after) + 2 * DAY_MICROS))
        closed = self._closed_dates(first, after)
        begin = clock.instant(_local(first))
        edges, dates, closings = array("q"), array("l"), array("q")
        for ordinal in range(first, after):
            hours = self._special.get(ordinal) or (() if ordinal in closed else self._week[(ordinal - 1) % 7])
            if _add_windows(edges, clock, _local(ordinal), hours):
                dates.append(ordinal)
                closings.append(edges[-1])
        return Year(number, begin, clock.instant(_local(after)), edges[::2], _running(edges), dates, closings)

    def _closed_dates(self, first: int, after: int) -> set[int]:
        index = max(bisect_right(self._closed, (first, 0)) - 1, 0)
        found: set[int] = set()
        while index < len(self._closed) and self._closed[index][0] < after:
            low, high = self._closed[index]
            found.update(range(max(low, first), min(high, after)))
            index += 1
        return found


class _Clock:
    """Turns local times into instants, going forward only."""

    __slots__ = ("_index", "_offset", "_segments", "_since", "_until")

    def __init__(self, segments: list[tuple[int, int]]) -> None:
        self._segments = segments
        self._index = 0
        self._read()

    def instant(self, local: int) -> int:
        """The first instant at which the clock shows this local time or a later one."""
        while local >= self._until:
            self._index += 1
            self._read()
        return max(self._since, local - self._offset)

    def _read(self) -> None:
        self._since, self._offset = self._segments[self._index]
        last = self._index + 1 == len(self._segments)
        self._until = _FOREVER if last else self._segments[self._index + 1][0] + self._offset


def _local(ordinal: int) -> int:
    """00:00 of a date on a clock without a zone, as microseconds since 1970 of that clock."""
    return (ordinal - _EPOCH_ORDINAL) * DAY_MICROS


def _add_windows(edges: array[int], clock: _Clock, base: int, hours: Hours) -> bool:
    """Append the start and end of each window that is not empty; a window that touches the last one lengthens it."""
    worked = False
    for opens, closes in hours:
        start, end = clock.instant(base + opens), clock.instant(base + closes)
        if start >= end:
            continue
        worked = True
        if edges and edges[-1] == start:
            edges[-1] = end
        else:
            edges.extend((start, end))
    return worked


def _running(edges: array[int]) -> array[int]:
    total, sums = 0, array("q", (0,))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        total += end - start
        sums.append(total)
    return sums


def _segments(tz: tzinfo, low: int, high: int) -> list[tuple[int, int]]:
    """The stretches of one offset between two instants: (since, offset)."""
    if isinstance(tz, timezone):
        return [(low, tz.utcoffset(None) // MICRO)]
    at, last = as_instant(low, UTC), as_instant(high, UTC)
    found, shown = [(low, _offset(low, tz))], at.astimezone(tz)
    while at < last:
        at += DAY
        before, shown = shown, at.astimezone(tz)
        if shown.tzinfo is not before.tzinfo or shown - before != DAY:  # of one zone, Python subtracts the wall clocks
            found += _changes(tz, micros(at) - DAY_MICROS, micros(at))
    return found


def _changes(tz: tzinfo, low: int, high: int) -> list[tuple[int, int]]:
    """The instants after low, up to high, at which the offset changes, found by halving."""
    found: list[tuple[int, int]] = []
    offset, final = _offset(low, tz), _offset(high, tz)
    while offset != final:
        before, after = low, high
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if _offset(middle, tz) == offset else (before, middle)
        low, offset = after, _offset(after, tz)
        found.append((low, offset))
    return found


def _offset(at: int, tz: tzinfo) -> int:
    """By how much a clock is ahead of UTC: from what it shows, as `utcoffset` of some zones errs near a change."""
    return wall(as_instant(at, tz)) - at
