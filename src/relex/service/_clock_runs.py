"""When the clock of a milestone ran: its signals, walked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex.service._clock_signals import Falling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from relex.rules import Rule
    from relex.service._clock_signals import Signal
    from relex.service._clock_time import Held
    from relex.service._milestones import Milestone, Plan

__all__ = ["Run", "runs_of"]


class Run:
    """One run of a clock.

    Attributes:
        start: When it begins; after the present where the run before was not due yet.
        started_at: The same, as an event says it; None where no event is at that instant.
        stop: When it ended, or None.
        stopped_at: The same, as the event says it.
        place: Of the event that ended it.
        word: What ended it.
        is_canceled: Whether that canceled it.
        pauses: The times between a resolution and a reopening that do not count.
        earlier: The runs as they were each time it had ended before a reopening.
    """

    __slots__ = ("earlier", "is_canceled", "pauses", "place", "start", "started_at", "stop", "stopped_at", "word")

    def __init__(self, start: int, started_at: datetime | None) -> None:
        self.start = start
        self.started_at = started_at
        self.stop: int | None = None
        self.stopped_at: datetime | None = None
        self.place = -1
        self.word: object = None
        self.is_canceled = False
        self.pauses: tuple[Held, ...] = ()
        self.earlier: tuple[Run, ...] = ()

    def end(self, signal: Signal, *, is_canceled: bool = False) -> None:
        """Stop it, or cancel it."""
        self.word, self.stop, self.place, self.stopped_at = signal
        self.is_canceled = is_canceled

    def resumed(self, at: int, *, is_held: bool) -> Run:
        """The run that goes on after a reopening."""
        found = Run(self.start, self.started_at)
        found.pauses = (*self.pauses, (self.stop, at)) if is_held else self.pauses  # type: ignore[arg-type]  # it ended
        found.earlier = (*self.earlier, self)
        return found


def runs_of(milestone: Milestone, signals: Iterable[Signal], due: Callable[[Run], int | None]) -> list[Run]:
    """Every run of the clock of a milestone, in order; at most the last one has no end.

    Args:
        milestone: Whose clock.
        signals: Of the case, in order.
        due: When a run that ended was due; asked where runs follow each other.
    """
    return _Walk(milestone, due).through(signals)


class _Walk:
    """What is known at one place of the signals."""

    __slots__ = ("due", "is_over", "milestone", "plan", "running", "runs", "standing", "wanted")

    def __init__(self, milestone: Milestone, due: Callable[[Run], int | None]) -> None:
        self.milestone = milestone
        self.plan: Plan = milestone.plan
        self.due = due
        self.runs: list[Run] = []
        self.running: Run | None = None
        self.is_over = False
        self.standing: set[Rule] = set()
        self.wanted: Signal | None = None

    def through(self, signals: Iterable[Signal]) -> list[Run]:
        plan = self.plan
        starts, stops, cancels, over = plan.starts, plan.stops, plan.cancels, plan.over
        for signal in signals:
            word = signal[0]
            if plan.wants:
                self._note(signal)
            if word == "reopened":
                self._reopen(signal)
            if self.running is not None and (word in stops or word in cancels):
                self._end(signal, is_canceled=word in cancels)
            if word in over:
                self.is_over = True
            elif word in starts:
                self._start(signal)
        if self.wanted is not None:
            self._again()
        return self.runs

    def _note(self, signal: Signal) -> None:
        """Which rules that start it are True; one that still is wants the next run once the instant is over."""
        word = signal[0]
        if self.wanted is not None and signal[1] > self.wanted[1]:
            self._again()
        if word.__class__ is Falling:
            self.standing.discard(word.rule)
        elif word in self.plan.wants:
            self.standing.add(word)

    def _again(self) -> None:
        wanted, self.wanted = self.wanted, None
        if self.standing and wanted is not None:
            self._start(wanted)

    def _start(self, signal: Signal) -> None:
        if self.is_over:
            return
        if self.running is not None:
            if self.milestone.waits == "last_message" and self.running.start < signal[1]:
                self.running.start, self.running.started_at = signal[1], signal[3]
            return
        if self.runs and self.milestone.recurrence == "none":
            return
        after = self.due(self.runs[-1]) if self.runs and self.milestone.recurrence == "sequential" else None
        is_later = after is not None and after > signal[1]
        self._run(Run(after, None) if is_later else Run(signal[1], signal[3]))  # type: ignore[arg-type]  # it is later

    def _run(self, run: Run) -> None:
        self.running = run
        self.runs.append(run)

    def _end(self, signal: Signal, *, is_canceled: bool) -> None:
        run: Run = self.running  # type: ignore[assignment]  # asked before
        self.running = None
        if signal[1] < run.start:
            self.runs.pop()  # ended before it began
        else:
            run.end(signal, is_canceled=is_canceled)
        if self.milestone.recurrence == "sequential" and self.plan.wants:
            self.wanted = signal

    def _reopen(self, signal: Signal) -> None:
        self.is_over = False
        how, last = self.milestone.on_reopen, self.runs[-1] if self.runs else None
        if how is None or last is None or last.is_canceled or last.word not in self.plan.over:
            return
        if how == "restart":
            self._run(Run(signal[1], signal[3]))
        else:
            self.runs[-1] = self.running = last.resumed(signal[1], is_held=how == "hold")
