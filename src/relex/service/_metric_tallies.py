"""What figures of many cases are made of: counts, and lengths of time that take eight bytes each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from relex.figures import Figure, quantile, ratio

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from relex.figures import Number, Parameter
    from relex.service._metric_places import Asked
    from relex.service._metric_records import CaseRecord

__all__ = ["SECONDS", "CaseMeter", "Group", "Meter", "Tally", "share", "time_figures"]

SECONDS = "seconds"

_SECOND = 1_000_000

Group: TypeAlias = tuple[Any, ...]


class Tally:
    """Counts by name, and times in microseconds.

    Attributes:
        counts: By name; what nobody counted is 0.
        times: What is averaged.
        longest: The longest of those that are not over; None while there is none.
    """

    __slots__ = ("counts", "longest", "times")

    def __init__(self) -> None:
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.times = array("q")
        self.longest: int | None = None

    def wait(self, time: int) -> None:
        """See a time that is not over."""
        if self.longest is None or time > self.longest:
            self.longest = time

    def take(self, other: Tally) -> None:
        """See all that another one has seen."""
        for name, count in other.counts.items():
            self.counts[name] += count
        self.times.extend(other.times)
        if other.longest is not None:
            self.wait(other.longest)


class Meter(ABC):
    """What a metric has seen of a stream: a tally for each group and bucket.

    Args:
        asked: What the report asks.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.groups: dict[Group, dict[date | None, Tally]] = {}

    def tally(self, group: Group, at: int) -> Tally | None:
        """Where something of an instant is counted; None outside the period."""
        asked = self.asked
        if not asked.start <= at <= asked.until:
            return None
        bucket = None if asked.buckets is None else asked.buckets.date_of(at)
        buckets = self.groups.get(group)
        if buckets is None:
            buckets = self.groups[group] = {}
        found = buckets.get(bucket)
        if found is None:
            found = buckets[bucket] = Tally()
        return found

    def finish(self) -> None:  # noqa: B027 - most have nothing to do then
        """See that no more comes."""

    def first(self) -> date | None:
        """The first bucket in which anything was seen; None without any."""
        return min((day for buckets in self.groups.values() for day in buckets if day is not None), default=None)

    @abstractmethod
    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        """The figures of one cell, in the order of the columns."""
        ...

    def cells(self, group: Group | None, days: list[date]) -> list[tuple[Figure, ...]]:
        """The figures of a group, or of all (None): of the whole period, then of each bucket."""
        return [self.figures(self.whole(group)), *(self.figures(self.of(group, day)) for day in days)]

    def whole(self, group: Group | None) -> Tally:
        """All that was counted for a group, or for all (None)."""
        return _merged([tally for buckets in self._seen(group) for tally in buckets.values()])

    def of(self, group: Group | None, day: date) -> Tally:
        """The same of one bucket."""
        return _merged([buckets[day] for buckets in self._seen(group) if day in buckets])

    def _seen(self, group: Group | None) -> list[dict[date | None, Tally]]:
        return list(self.groups.values()) if group is None else [self.groups.get(group, {})]


class CaseMeter(Meter):
    """A meter of cases."""

    @abstractmethod
    def take(self, record: CaseRecord, group: Group) -> None:
        """See one case."""
        ...


def _merged(tallies: list[Tally]) -> Tally:
    if len(tallies) == 1:
        return tallies[0]
    found = Tally()
    for tally in tallies:
        found.take(tally)
    return found


def time_figures(
    tally: Tally,
    statistics: tuple[str, ...],
    *,
    parts: Mapping[str, int],
    method: str,
    parameters: Mapping[str, Parameter],
    as_of: datetime,
) -> tuple[Figure, ...]:
    """Statistics of the times of a tally in seconds, exact; None with `no_data` where there are none."""
    times = sorted(tally.times)
    shown: dict[str, Number | None] = {**parts}
    if tally.longest is not None:
        shown["longest_open"] = Fraction(tally.longest, _SECOND)
    found = []
    for name in statistics:
        value = _statistic(times, name) if times else None
        is_mean = name == "mean"
        found.append(
            Figure(
                value,
                SECONDS,
                numerator=Fraction(sum(times), _SECOND) if is_mean else None,
                denominator=len(times) if is_mean else None,
                parts=shown,
                method=f"{name} of {method}",
                parameters=parameters,
                as_of=as_of,
                reason=None if times else "no_data",
            )
        )
    return tuple(found)


def _statistic(times: list[int], name: str) -> Fraction:
    if name == "mean":
        return Fraction(sum(times), _SECOND * len(times))
    return quantile(times, _place(name)) / _SECOND


def _place(name: str) -> Fraction:
    known = {"least": Fraction(0), "median": Fraction(1, 2), "most": Fraction(1)}
    return known[name] if name in known else Fraction(name[1:]) / 100


def share(
    numerator: int,
    denominator: int,
    unit: str = "share",
    *,
    parts: Mapping[str, Number | None],
    method: str,
    parameters: Mapping[str, Parameter],
    as_of: datetime,
) -> Figure:
    """One count by another as a figure; None with `no_data` where there is nothing to count."""
    found = ratio(numerator, denominator, unit, parts=parts, method=method, parameters=parameters, as_of=as_of)
    if denominator:
        return found
    return Figure(
        None,
        unit,
        numerator=numerator,
        denominator=denominator,
        parts=parts,
        method=method,
        parameters=parameters,
        as_of=as_of,
        reason="no_data",
    )
