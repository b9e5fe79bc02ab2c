"""How the times of cases are measured: each case gives its spans, and the spans are put where they belong."""

from __future__ import annotations

from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from relex.service._metric_tallies import CaseMeter, time_figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relex.calendars import BusinessCalendar
    from relex.figures import Figure, Parameter
    from relex.service._metric_places import Asked
    from relex.service._metric_records import CaseRecord
    from relex.service._metric_tallies import Group, Tally
    from relex.service._metric_times import TimeMetric

    Timer = Callable[[int, int], int]
    Span = tuple[int, int | None, str, int | None]

__all__ = ["CustomerWaitingMeter", "FirstResponseMeter", "ResolutionMeter", "ResponseMeter", "TimeMeter", "timer_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


class TimeMeter(CaseMeter):
    """What sees the times of cases.

    A span is the start, the end (None while it has none), what it is counted as, and how long it is; the time of one
    that has no end is only compared with the longest, and None where it is of no interest.
    """

    about: ClassVar[str]
    counted: ClassVar[tuple[str, ...]]

    def __init__(self, metric: TimeMetric, asked: Asked) -> None:
        super().__init__(asked)
        self.metric: Any = metric
        self.timer = timer_of(metric.calendar)
        self._by_start = metric.dated == "start"

    @abstractmethod
    def spans(self, record: CaseRecord) -> Iterable[Span]:
        """The spans of a case."""
        ...

    def take(self, record: CaseRecord, group: Group) -> None:
        for start, end, what, time in self.spans(record):
            tally = self.tally(group, start if end is None or self._by_start else end)
            if tally is None:
                continue
            tally.counts[what] += 1
            if time is None:
                continue
            if end is None:
                tally.wait(time)
            else:
                tally.times.append(time)

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        return time_figures(
            tally,
            self.metric.statistics,
            parts={name: tally.counts[name] for name in self.counted},
            method=self.about,
            parameters={**self.asked.parameters, **self.policies()},
            as_of=self.asked.as_of,
        )

    def policies(self) -> dict[str, Parameter]:
        """What was chosen, in words."""
        return {"dated": self.metric.dated, "time": "clock" if self.metric.calendar is None else "business"}


class FirstResponseMeter(TimeMeter):
    """Of each case one span: from the opening to the first reply."""

    about = "first response time"
    counted = ("answered", "unanswered")

    def spans(self, record: CaseRecord) -> Iterable[Span]:
        opened = record.opened
        if record.replies:
            reply = record.replies[0]
            return ((opened, reply, "answered", self.timer(opened, reply)),)
        waited = self.timer(opened, self.asked.limit) if record.inside else None
        return ((opened, None, "unanswered", waited),)


class ResponseMeter(TimeMeter):
    """Of each case every wait for a reply."""

    about = "response time"
    counted = ("answered", "open", "unanswered")

    def spans(self, record: CaseRecord) -> Iterator[Span]:
        for start, reply in record.waits:
            yield start, reply, "answered", self.timer(start, reply)
        for start in record.unanswered:
            yield start, None, "unanswered", None
        if record.pending:
            start = record.pending[0][0]
            yield start, None, "open", self.timer(start, self.asked.limit)


class _UntilResolved(TimeMeter):
    """Of each case one span: from the opening to the resolution."""

    counted = ("closed_only", "merged", "rejected", "resolved", "unresolved")

    def spans(self, record: CaseRecord) -> Iterable[Span]:
        end, what = self._ended(record)
        return ((record.opened, end, what, None if end is None else self.time(record, end)),)

    @abstractmethod
    def time(self, record: CaseRecord, end: int) -> int:
        """What counts of the time up to the end."""
        ...

    def _ended(self, record: CaseRecord) -> tuple[int | None, str]:
        if self.metric.which == "first" and record.resolutions:
            return record.resolutions[0], "resolved"
        if record.resolved is not None:
            return record.resolved, "resolved"
        if record.ends == "closed":
            return (record.closed if self.metric.fallback == "closed" else None), "closed_only"
        return None, record.ends or "unresolved"

    def policies(self) -> dict[str, Parameter]:
        return {**super().policies(), "which": self.metric.which, "fallback": self.metric.fallback}


class ResolutionMeter(_UntilResolved):
    """All of that time counts, or that in which the case was open."""

    about = "time to resolve"

    def time(self, record: CaseRecord, end: int) -> int:
        if not self.metric.net:
            return self.timer(record.opened, end)
        edges = [at for at, _ in record.spells[1:]]
        spells = zip(record.spells, [*edges, end], strict=True)
        return sum(self.timer(at, min(left, end)) for (at, kind), left in spells if kind == "open" and at < end)

    def policies(self) -> dict[str, Parameter]:
        return {**super().policies(), "net": self.metric.net}


class CustomerWaitingMeter(_UntilResolved):
    """That time counts less the turns of the customer."""

    about = "time that the customer waited for us"

    def time(self, record: CaseRecord, end: int) -> int:
        opened = record.opened
        turns = record.turns if record.turn is None else [*record.turns, (record.turn, end)]
        theirs = [(max(start, opened), min(left, end)) for start, left in turns if start < end and left > opened]
        return self.timer(opened, end) - sum(self.timer(start, left) for start, left in theirs)


def timer_of(calendar: BusinessCalendar | None) -> Timer:
    """How long it is between two instants in microseconds."""
    if calendar is None:
        return _clock_time
    elapsed = calendar.elapsed
    return lambda start, end: elapsed(_instant(start), _instant(end)) // _MICRO


def _clock_time(start: int, end: int) -> int:
    return end - start


def _instant(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)
