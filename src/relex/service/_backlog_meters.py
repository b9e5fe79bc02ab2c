"""How the backlog is measured: what flows in and out is counted where it happens, and nothing is scanned day by day."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

import attrs

from relex.figures import Figure
from relex.service._metric_places import MICRO
from relex.service._metric_tallies import CaseMeter, Tally, share, time_figures
from relex.service._metric_time_meters import timer_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from relex.figures import Parameter
    from relex.service._backlog import BacklogAge
    from relex.service._metric_places import Asked
    from relex.service._metric_records import CaseRecord
    from relex.service._metric_tallies import Group
    from relex.service._metric_times import CaseMetric

__all__ = ["FLOWS", "AgeMeter", "BacklogMeter", "LoadMeter", "backlog_figure", "change"]

FLOWS = ("opened", "reopened", "left")
"""What changes a backlog."""


class BacklogMeter(CaseMeter):
    """It counts what flows in each bucket; the backlog is what has flowed so far."""

    def __init__(self, _: CaseMetric, asked: Asked) -> None:
        super().__init__(asked)
        self._before: dict[Group, int] = {}

    def take(self, record: CaseRecord, group: Group) -> None:
        start = self.asked.start
        for at, what in record.flows:
            if at < start:
                self._before[group] = self._before.get(group, 0) + (-1 if what == "left" else 1)
                continue
            tally = self.tally(group, at)
            if tally is not None:
                tally.counts[what] += 1

    def cells(self, group: Group | None, days: list[date]) -> list[tuple[Figure, ...]]:
        before = sum(self._before.values()) if group is None else self._before.get(group, 0)
        found = [self.figures(self.whole(group), before)]
        for day in days:
            tally = self.of(group, day)
            found.append(self.figures(tally, before))
            before += change(tally.counts)
        return found

    def figures(self, tally: Tally, before: int = 0) -> tuple[Figure, ...]:
        parts = {name: tally.counts[name] for name in FLOWS}
        return (backlog_figure(before, parts, as_of=self.asked.as_of, parameters=self.asked.parameters),)


class _AtTheEnd(CaseMeter):
    """What is told of the end of a period alone."""

    def tally_of(self, group: Group) -> Tally:
        """The one tally of a group."""
        return self.groups.setdefault(group, {None: Tally()})[None]

    def cells(self, group: Group | None, days: list[date]) -> list[tuple[Figure, ...]]:
        whole = self.figures(self.whole(group))
        return [whole, *([tuple(map(_untold, whole))] * len(days))]


class AgeMeter(_AtTheEnd):
    """It keeps the age of every open case."""

    def __init__(self, metric: BacklogAge, asked: Asked) -> None:
        super().__init__(asked)
        self._bands = metric.bands
        self._edges = [edge // MICRO for edge in metric.edges]
        self._timer = timer_of(metric.calendar)
        time = "clock" if metric.calendar is None else "business"
        self._parameters = {**asked.parameters, "time": time}

    def take(self, record: CaseRecord, group: Group) -> None:
        until = self.asked.until
        if record.is_open(until):
            self.tally_of(group).times.append(self._timer(record.opened, until))

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        counts = Counter(bisect_right(self._edges, age) for age in tally.times)
        parts = {band: counts[place] for place, band in enumerate(self._bands)}
        times = time_figures(
            tally,
            ("mean", "median", "most"),
            parts={"cases": len(tally.times), **parts},
            method="age of the backlog",
            parameters=self._parameters,
            as_of=self.asked.as_of,
        )
        return (*times, *(self._band(name, count) for name, count in parts.items()))

    def _band(self, name: str, count: int) -> Figure:
        return Figure(
            count, "cases", method=f"backlog aged {name}", parameters=self._parameters, as_of=self.asked.as_of
        )


class LoadMeter(_AtTheEnd):
    """It counts the open cases of every owner; those of nobody under no name."""

    def __init__(self, _: CaseMetric, asked: Asked) -> None:
        super().__init__(asked)

    def take(self, record: CaseRecord, group: Group) -> None:
        until = self.asked.until
        if record.is_open(until):
            self.tally_of(group).counts[record.owner(until) or ""] += 1

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        unowned = tally.counts.get("", 0)
        owned = [count for name, count in tally.counts.items() if name]
        parts = {"cases": sum(owned) + unowned, "owners": len(owned), "without_owner": unowned}
        mean = share(
            sum(owned),
            len(owned),
            "cases",
            parts=parts,
            method="open cases per owner",
            parameters=self.asked.parameters,
            as_of=self.asked.as_of,
        )
        most = max(owned, default=None)
        method = "most open cases of an owner"
        return mean, attrs.evolve(mean, value=most, numerator=None, denominator=None, method=method)


def _untold(figure: Figure) -> Figure:
    return attrs.evolve(figure, value=None, parts=(), numerator=None, denominator=None, reason="not_by_bucket")


def change(parts: Mapping[str, int]) -> int:
    """By how much the backlog is more than before."""
    return parts["opened"] + parts["reopened"] - parts["left"]


def backlog_figure(
    before: int, parts: Mapping[str, int], *, as_of: datetime, parameters: Mapping[str, Parameter] | None = None
) -> Figure:
    """The backlog, with what it was before and what has changed since."""
    return Figure(
        before + change(parts),
        "cases",
        parts={"before": before, **parts},
        method="backlog",
        parameters=parameters or {},
        as_of=as_of,
    )
