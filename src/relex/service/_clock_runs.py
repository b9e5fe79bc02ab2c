"""When the clock of a milestone ran: its signals, walked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex.service._clock_signals import Falling
from relex.service._clock_time import micros

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relex.rules import Rule
    from relex.service._clock_signals import Signal
    from relex.service._clock_time import Held
    from relex.service._milestones import Milestone

__all__ = ["Run", "runs_of"]


class Run:
    """One run of a clock.

    Attributes:
        start: When it begins; after the present where it follows one that is not due yet.
        stop: When it ended, or None.
        place: Of the event that ended it.
        word: What ended it.
        is_canceled: Whether that canceled it.
        pauses: The times between a resolution and a reopening that do not count.
        earlier: The runs as they were each time it had ended before a reopening.
    """

    __slots__ = ("earlier", "is_canceled", "pauses", "place", "start", "stop", "word")

    def __init__(self, start: int, pauses: tuple[Held, ...] = (), earlier: tuple[Run, ...] = ()) -> None:
        self.start = start
        self.stop: int | None = None
        self.place = -1
        self.word: object = None
        self.is_canceled = False
        self.pauses = pauses
        self.earlier = earlier

    def resumed(self, at: int, *, is_held: bool) -> Run:
        """The run that goes on after a reopening."""
        pauses = (*self.pauses, (self.stop, at)) if is_held else self.pauses
        return Run(self.start, pauses, (*self.earlier, self))  # type: ignore[arg-type]  # it has ended


def runs_of(milestone: Milestone, signals: Sequence[Signal], due: Callable[[Run], int | None]) -> list[Run]:
    """Every run of the clock of a milestone, in order; at most the last one has no end.

    Args:
        milestone: Whose clock.
        signals: Of the case, in order.
        due: When a run that ended was due; asked where runs follow each other.
    """
    plan = milestone.plan
    if plan.is_once and signals and signals[0][0] in plan.starts:
        found = _once(milestone, signals)
        return _walked(milestone, signals, due) if found is None else [found]
    for signal in signals:
        if signal[0] in plan.starts:
            return _walked(milestone, signals, due)
    return []


def _once(milestone: Milestone, signals: Sequence[Signal]) -> Run | None:
    """The one run of a clock that the first signal starts, as walking would find it; None where a reopening counts."""
    run, ends = Run(micros(signals[0][2])), milestone.plan.ends
    for word, place, at in signals[1:]:
        if run.stop is not None:
            if word == "reopened":
                return None
        elif word in ends:
            run.word, run.place, run.stop, run.is_canceled = word, place, micros(at), word in milestone.plan.cancels
            if milestone.on_reopen is None:
                break
    return run


def _walked(milestone: Milestone, signals: Sequence[Signal], due: Callable[[Run], int | None]) -> list[Run]:
    walk, plan = _Walk(milestone, due), milestone.plan
    words, is_asked = plan.words, bool(plan.wants)
    for signal in signals:
        if signal[0] in words or is_asked:
            walk.step(signal)
    if walk.wanted is not None:
        walk.again()
    return walk.runs


class _Walk:
    """What is known at one place of the signals."""

    __slots__ = ("due", "is_over", "milestone", "running", "runs", "standing", "wanted")

    def __init__(self, milestone: Milestone, due: Callable[[Run], int | None]) -> None:
        self.milestone = milestone
        self.due = due
        self.runs: list[Run] = []
        self.running: Run | None = None
        self.is_over = False
        self.standing: set[Rule] = set()
        self.wanted: Signal | None = None

    def step(self, signal: Signal) -> None:
        """What a signal does; one that ends a run may begin the next."""
        plan, word = self.milestone.plan, signal[0]
        if plan.wants:
            self._note(signal)
        if word == "reopened":
            self._reopen(signal)
        if self.running is not None and word in plan.ends:
            self._end(self.running, signal)
        if word in plan.over:
            self.is_over = True
        elif word in plan.starts and not self.is_over:
            self._start(signal)

    def again(self) -> None:
        """Begin the next run, if a rule that starts it is True after the one that ended."""
        wanted, self.wanted = self.wanted, None
        if self.standing and wanted is not None and not self.is_over:
            self._start(wanted)

    def _note(self, signal: Signal) -> None:
        """Which rules that start it are True; the next run waits until the instant is over."""
        word = signal[0]
        if self.wanted is not None and micros(signal[2]) > micros(self.wanted[2]):
            self.again()
        if word.__class__ is Falling:
            self.standing.discard(word.rule)
        elif word in self.milestone.plan.wants:
            self.standing.add(word)

    def _start(self, signal: Signal) -> None:
        at = micros(signal[2])
        if self.running is not None:
            if self.milestone.waits == "last_message":
                self.running.start = max(self.running.start, at)
        elif not self.runs:
            self._run(Run(at))
        elif self.milestone.recurrence != "none":
            before = self.due(self.runs[-1]) if self.milestone.recurrence == "sequential" else None
            self._run(Run(at if before is None else max(before, at)))

    def _run(self, run: Run) -> None:
        self.running = run
        self.runs.append(run)

    def _end(self, run: Run, signal: Signal) -> None:
        self.running = None
        word, place, at = signal
        stop = micros(at)
        if stop < run.start:
            self.runs.pop()  # ended before it began
        else:
            run.word, run.place, run.stop, run.is_canceled = word, place, stop, word in self.milestone.plan.cancels
        if self.milestone.recurrence == "sequential" and self.milestone.plan.wants:
            self.wanted = signal

    def _reopen(self, signal: Signal) -> None:
        self.is_over = False
        how, last = self.milestone.on_reopen, self.runs[-1] if self.runs else None
        if how is None or last is None or last.is_canceled or last.word not in self.milestone.plan.over:
            return
        if how == "restart":
            self._run(Run(micros(signal[2])))
        else:
            self.runs[-1] = self.running = last.resumed(micros(signal[2]), is_held=how == "hold")
