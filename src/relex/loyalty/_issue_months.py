"""Months in which points were issued, local to the program, and how old they are in months."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from relex.calendars import local_date, midnight

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

__all__ = ["LocalMonths", "first_of", "month_of", "shown_month"]

_YEAR = 12
_LAST = 9999 * _YEAR + _YEAR - 1


class LocalMonths:
    """Numbers the local months in which instants in UTC lie; month after month the number grows by one."""

    __slots__ = ("_edges", "tz")

    def __init__(self, tz: tzinfo) -> None:
        self.tz = tz
        self._edges: dict[tuple[int, int], tuple[datetime, datetime, int]] = {}

    def of(self, at: datetime) -> int:
        """The number of the local month of an instant in UTC."""
        key = (at.year, at.month)
        edges = self._edges.get(key)
        if edges is None:
            found = key[0] * _YEAR + key[1] - 1
            if not _YEAR < found < _LAST:
                return month_of(local_date(at, self.tz))
            edges = self._edges[key] = (self._start(found), self._start(found + 1), found)
        start, end, found = edges
        return found - (at < start) + (at >= end)

    def _start(self, month: int) -> datetime:
        return midnight(first_of(month), self.tz)


def month_of(day: date) -> int:
    """The number of a date's month."""
    return day.year * _YEAR + day.month - 1


def first_of(month: int) -> date:
    """The first day of a month, by the month's number."""
    return date(month // _YEAR, month % _YEAR + 1, 1)


def shown_month(day: date) -> str:
    """A month as people write it, such as 2026-03."""
    return f"{day.year:04}-{day.month:02}"
