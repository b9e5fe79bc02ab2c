"""How calls and chats are measured."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from relex.service._attempts import HANDLING
from relex.service._call_metrics import Abandonment, HandlingTime, ServiceLevel, SpeedOfAnswer
from relex.service._metric_records import in_micros
from relex.service._metric_tallies import Meter, share, time_figures
from relex.service._metric_time_meters import timer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.figures import Figure, Parameter
    from relex.service._attempts import ContactAttempt
    from relex.service._metric_places import Asked
    from relex.service._metric_tallies import Group, Tally

__all__ = ["CALL_METERS", "CallMeter"]

_MICRO = timedelta(microseconds=1)
_ENDS = ("answered", "abandoned", "waiting")


class CallMeter(Meter):
    """What has seen attempts, each as it was at the asked instant."""

    about: str

    def __init__(self, metric: Any, asked: Asked) -> None:
        super().__init__(asked)
        self.metric = metric
        self.timer = timer_of(getattr(metric, "calendar", None))

    def see(self, attempt: ContactAttempt, group: Group) -> None:
        """See one attempt."""
        tally = self.tally(group, in_micros(attempt.at))
        if tally is not None:
            self.count(attempt, tally)

    def count(self, attempt: ContactAttempt, tally: Tally) -> None:
        """Count one attempt that belongs here."""

    def waited(self, attempt: ContactAttempt) -> int:
        """How long it has waited, until it ended or until now."""
        ended = attempt.answered_at or attempt.abandoned_at
        return self.timer(in_micros(attempt.at), self.asked.limit if ended is None else in_micros(ended))

    def parameters(self) -> dict[str, Parameter]:
        """What was chosen, in words."""
        return {**self.asked.parameters, "time": "clock" if self.metric.calendar is None else "business"}


class SpeedMeter(CallMeter):
    """The waits of those who were answered."""

    def see(self, attempt: ContactAttempt, group: Group) -> None:
        ended = attempt.answered_at if self.metric.dated == "end" else None
        tally = self.tally(group, in_micros(ended or attempt.at))
        if tally is None:
            return
        what, waited = attempt.outcome or "waiting", self.waited(attempt)
        tally.counts[what] += 1
        if what == "answered":
            tally.times.append(waited)
        elif what == "waiting":
            tally.wait(waited)

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        return time_figures(
            tally,
            self.metric.statistics,
            parts={name: tally.counts[name] for name in _ENDS},
            method="speed of answer",
            parameters={**self.parameters(), "dated": self.metric.dated},
            as_of=self.asked.as_of,
        )


class HandlingMeter(CallMeter):
    """The work on those who were answered."""

    def count(self, attempt: ContactAttempt, tally: Tally) -> None:
        if attempt.answered_at is None:
            return
        handling = attempt.handling
        if handling is None:
            tally.counts["unmeasured"] += 1
        elif in_micros(attempt.answered_at) + handling // _MICRO > self.asked.limit:
            tally.counts["ongoing"] += 1
        else:
            tally.counts["answered"] += 1
            tally.times.append(handling // _MICRO)
            for name in attempt.unmeasured:
                tally.counts[f"without_{name}"] += 1

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        names = ("answered", "ongoing", "unmeasured", *[f"without_{name}" for name in HANDLING])
        return time_figures(
            tally,
            self.metric.statistics,
            parts={name: tally.counts[name] for name in names},
            method="handling time",
            parameters=self.asked.parameters,
            as_of=self.asked.as_of,
        )


class AbandonmentMeter(CallMeter):
    """Those who gave up, of all that are decided."""

    def count(self, attempt: ContactAttempt, tally: Tally) -> None:
        short = self.metric.short
        is_short = short is not None and _gave_up(attempt) and self.waited(attempt) <= short // _MICRO
        tally.counts["short" if is_short else attempt.outcome or "waiting"] += 1

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        counts = tally.counts
        found = share(
            counts["abandoned"],
            counts["abandoned"] + counts["answered"],
            parts={name: counts[name] for name in (*_ENDS, "short")},
            method="abandonment",
            parameters={**self.parameters(), "short": self.metric.short},
            as_of=self.asked.as_of,
        )
        return (found,)


class LevelMeter(CallMeter):
    """Those who were answered in time."""

    def count(self, attempt: ContactAttempt, tally: Tally) -> None:
        tally.counts[self._judged(attempt)] += 1

    def _judged(self, attempt: ContactAttempt) -> str:
        waited, metric = self.waited(attempt), self.metric
        in_time = waited <= metric.within // _MICRO
        if attempt.answered_at is not None:
            return "in_time" if in_time else "late"
        if not _gave_up(attempt):
            return "waiting" if in_time else "overdue"
        return "short" if metric.short is not None and waited <= metric.short // _MICRO else "abandoned"

    def figures(self, tally: Tally) -> tuple[Figure, ...]:
        counts, metric = tally.counts, self.metric
        answered = counts["in_time"] + counts["late"]
        others = 0 if metric.of == "answered" else counts["abandoned"] + counts["overdue"]
        names = ("in_time", "late", "abandoned", "short", "overdue", "waiting")
        found = share(
            counts["in_time"],
            answered + others,
            parts={name: counts[name] for name in names},
            method=f"service level, of the {metric.of.replace('_', ' ')}",
            parameters={**self.parameters(), "within": metric.within, "of": metric.of, "short": metric.short},
            as_of=self.asked.as_of,
        )
        return (found,)


def _gave_up(attempt: ContactAttempt) -> bool:
    return attempt.answered_at is None and attempt.abandoned_at is not None


CALL_METERS: dict[type, Callable[[Any, Asked], CallMeter]] = {
    Abandonment: AbandonmentMeter,
    HandlingTime: HandlingMeter,
    ServiceLevel: LevelMeter,
    SpeedOfAnswer: SpeedMeter,
}
"""What sees a stream of attempts for each metric."""
