"""How shares of cases are measured."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from relex.service._metric_follow_ups import FollowUps
from relex.service._metric_places import MICRO
from relex.service._metric_tallies import CaseMeter, share

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.figures import Figure, Parameter
    from relex.service._metric_places import Asked
    from relex.service._metric_rates import FirstContactResolution, PerCase
    from relex.service._metric_records import CaseRecord
    from relex.service._metric_tallies import Group, Tally
    from relex.service._metric_times import CaseMetric

__all__ = ["PerCaseMeter", "ReopenMeter", "first_contact_meter"]


class _FirstContactMeter(CaseMeter):
    """It judges each resolved case when its window is over."""

    def __init__(self, metric: FirstContactResolution, asked: Asked) -> None:
        super().__init__(asked)
        self._metric = metric
        self._window = metric.length // MICRO
        self._parameters: dict[str, Parameter] = {**asked.parameters, "by": metric.by, "window": metric.length}

    def take(self, record: CaseRecord, group: Group) -> None:
        if not record.resolutions:
            return
        tally = self.tally(group, record.resolutions[0])
        if tally is None:
            return
        end = record.resolutions[0] + self._window
        if end > self.asked.limit:
            tally.counts["too_early"] += 1
        else:
            self._judge(record, end, tally)

    def _judge(self, record: CaseRecord, end: int, tally: Tally) -> None:
        is_first = not (record.reopenings and record.reopenings[0] <= end)
        if is_first and self._metric.by == "single_reply":
            is_first = bisect_right(record.replies, end) == 1
        elif is_first and self._metric.by == "not_moved":
            is_first = bisect_right(record.reassigned, end) == 0
        tally.counts["yes" if is_first else "no"] += 1

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        yes, no = tally.counts["yes"], tally.counts["no"]
        found = share(
            yes,
            yes + no,
            parts={"resolved": yes + no, "at_first_contact": yes, "too_early": tally.counts["too_early"]},
            method="resolved at first contact",
            parameters=self._parameters,
            as_of=self.asked.as_of,
        )
        return (found,)


class _FollowUpMeter(_FirstContactMeter):
    """It needs to know the other cases of the contact, so it judges at the end of the stream."""

    def __init__(self, metric: FirstContactResolution, asked: Asked) -> None:
        super().__init__(metric, asked)
        self._others = FollowUps(metric.topic)
        self._parameters["topic"] = metric.topic

    def take(self, record: CaseRecord, group: Group) -> None:
        self._others.saw(record)
        super().take(record, group)

    def _judge(self, record: CaseRecord, end: int, tally: Tally) -> None:
        if record.reopenings and record.reopenings[0] <= end:
            tally.counts["no"] += 1
        else:
            self._others.ask(record, tally)

    def finish(self) -> None:
        self._others.answer(self._window)


class ReopenMeter(CaseMeter):
    """It counts the cases that came back, and how often."""

    def __init__(self, _: CaseMetric, asked: Asked) -> None:
        super().__init__(asked)

    def take(self, record: CaseRecord, group: Group) -> None:
        if not record.resolutions:
            return
        tally = self.tally(group, record.resolutions[0])
        if tally is not None:
            counts = tally.counts
            counts["resolved"] += 1
            if record.reopenings:
                counts["reopened"] += 1
                counts["reopenings"] += len(record.reopenings)

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        parts = {name: tally.counts[name] for name in ("resolved", "reopened", "reopenings")}
        return (
            share(
                parts["reopened"],
                parts["resolved"],
                parts=parts,
                method="reopen rate",
                parameters=self.asked.parameters,
                as_of=self.asked.as_of,
            ),
            share(
                parts["reopenings"],
                parts["resolved"],
                "reopenings",
                parts=parts,
                method="reopenings per case ever resolved",
                parameters=self.asked.parameters,
                as_of=self.asked.as_of,
            ),
        )


class PerCaseMeter(CaseMeter):
    """It counts one thing in every case."""

    def __init__(self, metric: PerCase, asked: Asked) -> None:
        super().__init__(asked)
        self._of = metric.of
        self._count = _COUNTS[metric.of]

    def take(self, record: CaseRecord, group: Group) -> None:
        tally = self.tally(group, record.opened)
        if tally is not None:
            count = self._count(record)
            tally.counts["cases"] += 1
            tally.counts["counted"] += count
            tally.counts["with"] += count > 0

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        counts = tally.counts
        found = share(
            counts["counted"],
            counts["cases"],
            self._of,
            parts={"cases": counts["cases"], self._of: counts["counted"], f"cases_with_{self._of}": counts["with"]},
            method=f"{self._of} per case",
            parameters=self.asked.parameters,
            as_of=self.asked.as_of,
        )
        return (found,)


def first_contact_meter(metric: FirstContactResolution, asked: Asked) -> CaseMeter:
    """What judges by the way that the metric names."""
    return _FollowUpMeter(metric, asked) if metric.by == "no_follow_up" else _FirstContactMeter(metric, asked)


_COUNTS: dict[str, Callable[[CaseRecord], int]] = {
    "contacts": lambda record: len(record.received),
    "replies": lambda record: len(record.replies),
    "reassignments": lambda record: len(record.reassigned),
    "transfers": lambda record: len(record.transferred),
    "reopens": lambda record: len(record.reopenings),
}
