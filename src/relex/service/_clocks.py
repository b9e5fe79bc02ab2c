"""Every clock of a case under the policies that it was promised, one after the other."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from relex._trusted import trusted
from relex.calendars._dates import as_instant
from relex.rules import compile_rule
from relex.service._case import follow
from relex.service._clock import Clock
from relex.service._clock_measures import due_at, measured, result_of, state_of
from relex.service._clock_runs import Run, runs_of
from relex.service._clock_signals import with_rules
from relex.service._clock_time import micros

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from relex.changes import Event
    from relex.service._case import Case
    from relex.service._clock import ClockResult, Occurrence
    from relex.service._clock_signals import Signal, Track
    from relex.service._clock_time import Held
    from relex.service._milestones import Goal, Milestone
    from relex.service._sla_policy import SlaPolicy

__all__ = ["LAST", "Reading", "Term"]

_clock = trusted(Clock)

LAST = 1 << 60
"""A place after all events."""


class Term(NamedTuple):
    """For how long a policy was promised.

    Attributes:
        policy: What was promised.
        since: From which place of the history.
        until: To which place, which is not in it.
    """

    policy: SlaPolicy
    since: int = -1
    until: int = LAST


class _Scope:
    """One milestone, for as long as its policy was promised.

    Attributes:
        term: Of the policy.
        milestone: Of it.
        held: When the case was in a status that holds its clock.
    """

    __slots__ = ("held", "milestone", "term")

    def __init__(self, term: Term, milestone: Milestone, track: Track) -> None:
        self.term = term
        self.milestone = milestone
        self.held: Sequence[Held] = track.held(milestone.plan.holds) if milestone.holds else ()


_Part = tuple[Run, _Scope]
"""A run that counts, and by what it is measured."""


class Reading:
    """One case, read at one instant.

    Attributes:
        case: The case.
        events: Of it, up to the instant.
        track: What the clocks need to know of them.
        terms: The policies that it was promised, in order; the last one counts at the instant.
        as_of: The instant.
    """

    __slots__ = ("_at", "_calendars", "_folded", "_signals", "as_of", "case", "events", "terms", "track")

    def __init__(
        self, case: Case, events: Sequence[Event], track: Track, terms: Sequence[Term], as_of: datetime
    ) -> None:
        self.case = case
        self.events = events
        self.track = track
        self.terms = terms
        self.as_of = as_of
        self._at = micros(as_of)
        self._signals: dict[int, Sequence[Signal]] = {}
        self._calendars: dict[tuple[int, int], int] = {}
        self._folded: tuple[int, Case | None] = (0, None)

    def clocks(self) -> tuple[Clock, ...]:
        """A clock for each milestone of the policy that counts, then for what was promised before and is no more."""
        found = [self._clock(milestone) for milestone in self.terms[-1].policy.milestones]
        if len(self.terms) > 1:
            found += self._former({clock.milestone for clock in found})
        return tuple(found)

    def states(self) -> list[tuple[str, list[str]]]:
        """How the occurrences of each milestone stand; of one without any why there is none, or `not_started`."""
        if len(self.terms) > 1:
            clocks = self.clocks()
            return [
                (clock.milestone, [each.state for each in clock.occurrences] or [clock.reason or "not_started"])
                for clock in clocks
            ]
        term = self.terms[0]
        return [(each.name, self._standing(_Scope(term, each, self.track))) for each in term.policy.milestones]

    def _standing(self, scope: _Scope) -> list[str]:
        found: list[str] = []
        milestone, runs, goal = scope.milestone, self._runs(scope), None
        for run in runs:
            goal = self._goal(run, scope, self._priority(run))
            if goal is not None:
                found.append(state_of(milestone, run, goal, scope.held, self._at))
        if not runs:
            goal = scope.term.policy.goal(milestone, self.track.priority_at(LAST))
        return found or ["no_goal" if goal is None else "not_started"]

    def _clock(self, milestone: Milestone) -> Clock:
        term = self.terms[-1]
        parts = self._parts(milestone.name) if len(self.terms) > 1 else self._alone(_Scope(term, milestone, self.track))
        occurrences, latest = self._occurrences(parts)
        if not parts:
            latest = term.policy.goal(milestone, self.track.priority_at(LAST))
        return _clock(milestone.name, occurrences, "no_goal" if latest is None else None)

    def _former(self, present: set[str]) -> Iterator[Clock]:
        for name in dict.fromkeys(each.name for term in self.terms for each in term.policy.milestones):
            occurrences, _ = self._occurrences(() if name in present else self._parts(name))
            if occurrences:
                yield Clock(name, occurrences)

    def _alone(self, scope: _Scope) -> list[_Part]:
        return [(run, scope) for run in self._runs(scope)]

    def _parts(self, name: str) -> list[_Part]:
        """The runs of a milestone: each by the policy under which it ended, and what still runs by the last one."""
        found: list[_Part] = []
        running: list[_Part] = []
        for term in self.terms:
            milestone = _named(term.policy, name)
            if milestone is None:
                found += [part for part in running if self._is_dropped(part[0], term)]
                running = []
                continue
            parts = self._alone(_Scope(term, milestone, self.track))
            ended = [part for part in parts if part[0].stop is not None and part[0].place >= term.since]
            running = [part for part in parts if part[0].stop is None]
            found = _without(found, ended + running) + ended
        return found + running

    def _is_dropped(self, run: Run, term: Term) -> bool:
        """Cancel what still ran when a policy came that does not promise it; what had not begun was never there."""
        run.word, run.place, run.is_canceled = "replaced", term.since, True
        run.stop = micros(self.events[term.since].at)
        return run.stop >= run.start

    def _runs(self, scope: _Scope) -> list[Run]:
        def due(run: Run) -> int | None:
            goal = self._goal(run, scope, self._priority(run))
            return None if goal is None else due_at(scope.milestone, run, goal, scope.held)

        term = scope.term
        if term.since not in self._signals:
            self._signals[term.since] = self._signals_of(term)
        return runs_of(scope.milestone, self._signals[term.since], due)

    def _signals_of(self, term: Term) -> Sequence[Signal]:
        signals: Sequence[Signal] = self.track.signals
        if term.policy.rules:
            signals = with_rules(signals, self._states(), term.policy.rules)
        return signals if term.until == LAST else [signal for signal in signals if signal[1] < term.until]

    def _states(self) -> Iterator[tuple[int, Case]]:
        """The case after each event; a merge that was undone has never been."""
        state = None
        for place, event in enumerate(self.events):
            state = follow(state, (event,))
            yield place, state

    def _case_after(self, count: int) -> Case:
        """The case after so many of its events; asked for in order, they are folded once."""
        if count == len(self.case.history):
            return self.case
        done, state = self._folded
        if count < done:
            done, state = 0, None
        found = follow(state, tuple(self.events[done:count]))
        self._folded = (count, found)
        return found

    def _occurrences(self, parts: Sequence[_Part]) -> tuple[tuple[Occurrence, ...], Goal | None]:
        """How the runs stand, without those for which the case had no goal; and the goal of the last one."""
        found: list[Occurrence] = []
        goal: Goal | None = None
        for number, (run, scope) in enumerate(parts, 1):
            priority = self._priority(run)
            goal = self._goal(run, scope, priority)
            if goal is not None:
                results = self._results(run, scope) if run.earlier else ()
                found.append(measured(scope.milestone, run, number, goal, priority, scope.held, self._at, results))
        return tuple(found), goal

    def _results(self, run: Run, scope: _Scope) -> tuple[ClockResult, ...]:
        """How it ended before each reopening, by what was promised then."""
        found: list[ClockResult] = []
        for earlier in run.earlier:
            term = next(each for each in reversed(self.terms) if each.since <= earlier.place)
            milestone = _named(term.policy, scope.milestone.name)
            then = None if milestone is None else _Scope(term, milestone, self.track)
            goal = None if then is None else self._goal(earlier, then, self._priority(earlier))
            if then is not None and goal is not None:
                found.append(result_of(then.milestone, earlier, goal, then.held))
        return tuple(found)

    def _goal(self, run: Run, scope: _Scope, priority: str) -> Goal | None:
        policy = scope.term.policy
        place = self._calendar(policy, run) if policy.calendars else -1
        return policy.goal(scope.milestone, priority, place)

    def _priority(self, run: Run) -> str:
        return self.track.priority_at(LAST if run.stop is None else run.place)

    def _calendar(self, policy: SlaPolicy, run: Run) -> int:
        """Which of the calendars of a policy counts, over the facts as they were just before the clock stopped."""
        count = len(self.events) if run.stop is None else max(run.place, 1)
        key = (id(policy), count)
        if key not in self._calendars:
            at = self.as_of if run.stop is None else as_instant(run.stop, UTC)
            facts = self._case_after(count).facts()
            rules = enumerate(rule for rule, _ in policy.calendars)
            found = next((place for place, rule in rules if compile_rule(rule)(facts, at) is True), -1)
            self._calendars[key] = found
        return self._calendars[key]


def _named(policy: SlaPolicy, name: str) -> Milestone | None:
    return next((each for each in policy.milestones if each.name == name), None)


def _without(found: Sequence[_Part], parts: Sequence[_Part]) -> list[_Part]:
    """What was found before, but for runs that a reopening let go on."""
    again = {run.start for run, _ in parts if run.earlier}
    return [part for part in found if part[0].start not in again]
