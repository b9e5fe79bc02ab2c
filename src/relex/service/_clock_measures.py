"""How one run of a clock stands at an instant.

Theory of operation
===================

No clock runs anywhere. What a clock says is worked out from the history of the case each time somebody asks:

1. *The history is read once.* `_clock_signals.py` makes a short list of what may start or stop a clock, with the
   instants as integers, and the stretches that the case spent in each status. Rules join that list where they became
   True. It is the same list for every milestone and every policy.
2. *Each milestone walks the list once.* `_clock_runs.py` finds when its clock ran: from which instant to which, and
   what a reopening made of it. At most one run is open, and the walk knows nothing of calendars, except that the next
   of several runs in sequence may not begin before the one before it was due.
3. *Each run is measured by one definition.* Used(t) is the time of the calendar from the start to t, less the holds in
   it; it never falls, and stands still in holds and in closed hours. Due is the first instant at which it reaches the
   goal. Everything follows: a hold puts the due time off by exactly the business time in it, a hold in closed hours
   changes nothing, splitting one changes nothing, and one that begins at or after the due time comes too late. To find
   the due time is to walk the holds in order with what is left of the goal; the first stretch between two holds that
   holds enough of the calendar's time has it.
4. *What counts is what was known at the stop.* The goal is that of the priority and the policy as of the stop, or as of
   the question while it runs. So a change puts the goal of what is running, and never that of what is over.

What happened after the instant of the question is never read, so an answer of yesterday can be asked for again.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from relex._trusted import trusted
from relex.service._clock import ClockResult, Occurrence
from relex.service._clock_time import DUES, of_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relex.service._clock_runs import Run
    from relex.service._clock_time import Held
    from relex.service._milestones import Goal, Milestone

__all__ = ["due_at", "measured", "result_of", "state_of"]

_occurrence = trusted(Occurrence)


def measured(
    milestone: Milestone,
    run: Run,
    number: int,
    goal: Goal,
    priority: str,
    held: Sequence[Held],
    as_of: int,
    results: tuple[ClockResult, ...] = (),
) -> Occurrence:
    """An occurrence, as it stands at an instant.

    Args:
        milestone: Whose clock.
        run: When it ran.
        number: Of the occurrence.
        goal: With a calendar.
        priority: Of the case.
        held: When the case was in a status that holds the clock.
        as_of: The instant.
        results: How it ended each time before a reopening.
    """
    stop = run.stop
    holds = _holds(run, held, as_of if stop is None else stop)
    hold_time = milestone.hold_time
    due = DUES[hold_time](goal.calendar, run.start, of_duration(goal.duration), holds)  # type: ignore[arg-type]  # it has
    return _occurrence(
        milestone.name,
        number,
        _state(run, due, as_of),
        priority,
        goal,
        hold_time,
        results,
        run.start,
        stop,
        due,
        as_of,
        holds,
        milestone.warnings,
    )


def state_of(milestone: Milestone, run: Run, goal: Goal, held: Sequence[Held], as_of: int) -> str:
    """The state of an occurrence alone: what is over within the goal by the clock is over within it on any calendar."""
    stop, length = run.stop, of_duration(goal.duration)
    if stop is not None and (run.is_canceled or stop - run.start <= length):
        return "canceled" if run.is_canceled else "met"
    holds = _holds(run, held, as_of if stop is None else stop)
    due = DUES[milestone.hold_time](goal.calendar, run.start, length, holds)  # type: ignore[arg-type]  # it has
    return _state(run, due, as_of)


def result_of(milestone: Milestone, run: Run, goal: Goal, held: Sequence[Held]) -> ClockResult:
    """How a run ended before the case was reopened."""
    found = measured(milestone, run, 1, goal, "", held, run.stop or 0)
    return ClockResult(
        state=found.state,
        stopped_at=found.stopped_at,  # type: ignore[arg-type]  # it has ended, so both are there
        due_at=found.due_at,  # type: ignore[arg-type]
        used=found.used,
        late_by=found.late_by,
    )


def due_at(milestone: Milestone, run: Run, goal: Goal, held: Sequence[Held]) -> int:
    """When a run that ended was due."""
    holds = _holds(run, held, run.stop or 0)
    dues = DUES[milestone.hold_time]
    return dues(goal.calendar, run.start, of_duration(goal.duration), holds)  # type: ignore[arg-type, return-value]  # no hold is left open


def _state(run: Run, due: int | None, as_of: int) -> str:
    if run.stop is not None:
        if run.is_canceled:
            return "canceled"
        return "met" if run.stop <= due else "missed"  # type: ignore[operator]  # no hold is left open
    if as_of < run.start:
        return "not_started"
    if due is None:
        return "paused"
    return "running" if as_of <= due else "overdue"


def _holds(run: Run, held: Sequence[Held], end: int) -> tuple[Held, ...]:
    """The holds inside a run: one that is still on at the present has no end, and the end of a run ends them all."""
    if run.pauses:
        held = _joined(sorted([*held, *run.pauses], key=_begin))
    if not held:
        return ()
    is_over, start = run.stop is not None, run.start
    found: list[Held] = []
    for begins, ends in held[max(bisect_right(held, start, key=_begin) - 1, 0) :]:
        if begins > end:
            break
        since, until = max(begins, start), end if ends is None else min(ends, end)
        if ends is None and not is_over:
            found.append((since, None))
        elif since < until:
            found.append((since, until))
    return tuple(found)


def _begin(hold: Held) -> int:
    return hold[0]


def _joined(holds: Sequence[Held]) -> list[Held]:
    """The union of holds that may overlap, in order."""
    found: list[Held] = []
    for begins, ends in holds:
        last = found[-1] if found else None
        if last is not None and (last[1] is None or begins <= last[1]):
            found[-1] = (last[0], None if last[1] is None or ends is None else max(last[1], ends))
        else:
            found.append((begins, ends))
    return found
