"""Where an instant belongs in a report: inside its period or not, and in which day, week or month."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import attrs

from relex.calendars import Period, local_date, midnight
from relex.service._metric_records import in_micros

if TYPE_CHECKING:
    from relex.figures import Parameter

__all__ = ["MICRO", "Asked", "Buckets"]

MICRO = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_STEPS = 64
_NEVER = -(1 << 62)


class Buckets:
    """Days, weeks or months of a zone up to an instant, whose borders are found when they are first asked for.

    Attributes:
        unit: `day`, `week` or `month`.
        tz: On whose clock they begin.
    """

    def __init__(self, unit: str, tz: tzinfo, last: datetime) -> None:
        self.unit = unit
        self.tz = tz
        self._dates: list[Any] = list(attrs.astuple(Period.of(unit, local_date(last, tz))))
        self._starts = [in_micros(midnight(day, tz)) for day in self._dates]
        self._last: tuple[int, date] = (self._starts[0], self._dates[0])  # one case asks for one instant many times

    def date_of(self, at: int) -> date:
        """The first date of the bucket of an instant that is not after the last one."""
        if at != self._last[0]:
            while at < self._starts[0]:
                self._reach_back()
            self._last = (at, self._dates[bisect_right(self._starts, at) - 1])
        return self._last[1]

    def between(self, first: date, last: date) -> list[date]:
        """The buckets from the one that begins with a date to another one, in order."""
        found: list[Any] = [first]
        while found[-1] < last:
            found.append(Period.of(self.unit, found[-1]).end)
        return found

    def _reach_back(self) -> None:
        """Know as many buckets again, before the first one; the first of all takes what is before it in other zones."""
        day: Any = self._dates[0]
        found = []
        for _ in range(max(_STEPS, len(self._dates))):
            if day == date.min:
                break
            day = Period.of(self.unit, day - _DAY).start
            found.append(day)
        found.reverse()
        starts = [in_micros(midnight(each, self.tz)) for each in found]
        self._dates, self._starts = found + self._dates, starts + self._starts
        if self._dates[0] == date.min:
            self._starts[0] = _NEVER


class Asked:
    """What one report asks: up to which instant, of which period, by which buckets.

    Attributes:
        as_of: The instant of the question.
        limit: The same in microseconds.
        start: The first instant of the period; before all instants where it has no beginning.
        until: The last instant that is both inside the period and known.
        buckets: What rows are made of; None without.
        parameters: The same in words, for figures.
    """

    def __init__(self, as_of: datetime, period: Period | None, unit: str | None, tz: tzinfo) -> None:
        bounds: Any = None if period is None else period.instants(tz)
        self.as_of = as_of
        self.limit = in_micros(as_of)
        self.start = _NEVER if bounds is None else in_micros(bounds.start)
        end = None if bounds is None or bounds.end is None else in_micros(bounds.end)
        self.until = self.limit if end is None else min(self.limit, end - 1)
        self.buckets = None if unit is None else Buckets(unit, tz, as_of)
        self.parameters: dict[str, Parameter] = {"period": _told(period), "tz": str(tz)}

    def rows(self, first: date | None) -> list[date]:
        """Every bucket of the period, or from the first one that anything is in; none where there are no buckets."""
        if self.buckets is None or self.until < self.start:
            return []
        if self.start > _NEVER:
            first = self.buckets.date_of(self.start)
        return [] if first is None else self.buckets.between(first, self.buckets.date_of(self.until))


def _told(period: Period | None) -> str | None:
    if period is None:
        return None
    return f"{period.start.isoformat()} to {'' if period.end is None else period.end.isoformat()}".rstrip()
