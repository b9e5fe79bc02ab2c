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

from fractions import Fraction
from typing import TYPE_CHECKING

from relex._trusted import trusted
from relex.service import _clock_time as time
from relex.service._clock import ClockHold, ClockResult, ClockWarning, Occurrence
from relex.service._clock_time import duration, instant, of_duration, open_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from relex.calendars import BusinessCalendar
    from relex.service._clock_runs import Run
    from relex.service._clock_time import Held
    from relex.service._milestones import Goal, Milestone

__all__ = ["due_at", "measured", "result_of"]

_occurrence = trusted(Occurrence)
_result = trusted(ClockResult)


def measured(
    milestone: Milestone,
    run: Run,
    number: int,
    *,
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
    calendar: BusinessCalendar = goal.calendar  # type: ignore[assignment]  # see above
    wanted, end = of_duration(goal.duration), as_of if run.stop is None else run.stop
    holds = _holds(run, held, end)
    due = time.DUES[milestone.hold_time](calendar, run.start, wanted, holds)
    used = _used(calendar, run.start, end, holds)
    state = _state(run, due, as_of)
    late = state in _LATE
    return _occurrence(
        milestone.name,
        number,
        state,
        instant(run.start, calendar) if run.started_at is None else run.started_at,
        run.stopped_at,
        None if due is None else instant(due, calendar),
        duration(used),
        duration(_remaining(milestone, calendar, wanted - used, due, end)),
        duration(open_time(calendar, due, end)) if late else None,  # type: ignore[arg-type]  # what is late was due
        goal,
        priority,
        milestone.hold_time,
        tuple([_hold(milestone, calendar, hold, end) for hold in holds]) if holds else (),
        _warnings(milestone, run, goal, holds, end) if milestone.warnings else (),
        results,
    )


def result_of(milestone: Milestone, run: Run, goal: Goal, held: Sequence[Held]) -> ClockResult:
    """How a run ended before the case was reopened."""
    found = measured(milestone, run, 1, goal=goal, priority="", held=held, as_of=run.stop or 0)
    return _result(found.state, found.stopped_at, found.due_at, found.used, found.late_by)


def due_at(milestone: Milestone, run: Run, goal: Goal, held: Sequence[Held]) -> int:
    """When a run that ended was due."""
    holds = _holds(run, held, run.stop or 0)
    dues = time.DUES[milestone.hold_time]
    return dues(goal.calendar, run.start, of_duration(goal.duration), holds)  # type: ignore[arg-type, return-value]  # it has one, and no hold is left open


_LATE = ("missed", "overdue")


def _state(run: Run, due: int | None, as_of: int) -> str:
    if run.is_canceled:
        return "canceled"
    if run.stop is not None:
        return "met" if run.stop <= due else "missed"  # type: ignore[operator]  # no hold is left open
    if as_of < run.start:
        return "not_started"
    if due is None:
        return "paused"
    return "running" if as_of <= due else "overdue"


def _holds(run: Run, held: Sequence[Held], end: int) -> list[Held]:
    """The holds inside a run: one that is still on at the present has no end, and the end of a run ends them all."""
    if run.pauses:
        held = _joined(sorted([*held, *run.pauses], key=_begin))
    found: list[Held] = []
    for begins, ends in held:
        since = max(begins, run.start)
        until = end if ends is None and run.stop is not None else ends
        if since >= end and not (until is None and since == end):
            continue
        if until is not None:
            until = min(until, end)
            if until <= since:
                continue
        found.append((since, until))
    return found


def _begin(hold: Held) -> int:
    return hold[0]


def _joined(holds: Sequence[Held]) -> list[Held]:
    """The union of holds that may overlap, in order."""
    found: list[Held] = []
    for begins, ends in holds:
        if found and (found[-1][1] is None or begins <= found[-1][1]):
            last = found.pop()
            until = None if last[1] is None or ends is None else max(last[1], ends)
            found.append((last[0], until))
        else:
            found.append((begins, ends))
    return found


def _used(calendar: BusinessCalendar, start: int, end: int, holds: Sequence[Held]) -> int:
    used = open_time(calendar, start, end)
    for begins, ends in holds:
        used -= open_time(calendar, begins, end if ends is None else ends)
    return used


def _remaining(milestone: Milestone, calendar: BusinessCalendar, left: int, due: int | None, end: int) -> int:
    if milestone.hold_time == "wall" and due is not None:
        return open_time(calendar, end, due)
    return max(left, 0)


def _hold(milestone: Milestone, calendar: BusinessCalendar, hold: Held, end: int) -> ClockHold:
    begins, ends = hold
    until = end if ends is None else ends
    held = until - begins if milestone.hold_time == "wall" else open_time(calendar, begins, until)
    return ClockHold(instant(begins, calendar), None if ends is None else instant(ends, calendar), duration(held))


def _warnings(milestone: Milestone, run: Run, goal: Goal, holds: Sequence[Held], end: int) -> tuple[ClockWarning, ...]:
    calendar: BusinessCalendar = goal.calendar  # type: ignore[assignment]  # as above
    wanted = of_duration(goal.duration)
    found: list[ClockWarning] = []
    for threshold in milestone.warnings:
        at = time.DUES[milestone.hold_time](calendar, run.start, _smaller(wanted, threshold), holds)
        found.append(
            ClockWarning(threshold, None if at is None else instant(at, calendar), at is not None and at <= end)
        )
    return tuple(found)


def _smaller(wanted: int, threshold: Fraction | timedelta) -> int:
    """The part of the goal after which a warning comes, in whole microseconds."""
    if isinstance(threshold, Fraction):
        return -(-wanted * threshold.numerator // threshold.denominator)
    return max(wanted - of_duration(threshold), 0)
