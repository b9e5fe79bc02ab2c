"""Every clock of a case under the policies that it was promised, one after the other."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

import attrs

from relex._instants import is_before
from relex.calendars._dates import as_instant
from relex.rules import compile_rule
from relex.service._clock import Clock
from relex.service._clock_measures import due_at, measured, result_of
from relex.service._clock_runs import Run, runs_of
from relex.service._clock_signals import with_rules
from relex.service._clock_time import micros

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from relex.changes import Event
    from relex.rules import Rule
    from relex.service._case import Case
    from relex.service._clock import ClockResult, Occurrence
    from relex.service._clock_signals import Signal, Track
    from relex.service._clock_time import Held
    from relex.service._milestones import Goal, Milestone
    from relex.service._sla_policy import SlaPolicy

__all__ = ["LAST", "Reading", "Term"]

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


class _Part(NamedTuple):
    """A run that counts, and by what it is measured."""

    run: Run
    term: Term
    milestone: Milestone


class Reading:
    """One case, read at one instant.

    Attributes:
        case: The case.
        events: Of it, up to the instant.
        track: What the clocks need to know of them.
        terms: The policies that it was promised, in order; the last one counts at the instant.
        as_of: The instant.
    """

    __slots__ = ("_at", "_calendars", "_signals", "as_of", "case", "events", "terms", "track")

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

    def clocks(self) -> tuple[Clock, ...]:
        """A clock for each milestone of the policy that counts, then for what was promised before and is no more."""
        found = [self._clock(milestone) for milestone in self.terms[-1].policy.milestones]
        if len(self.terms) > 1:
            found += self._former({clock.milestone for clock in found})
        return tuple(found)

    def _clock(self, milestone: Milestone) -> Clock:
        parts = self._parts(milestone.name) if len(self.terms) > 1 else self._only(milestone)
        found = [self._occurrence(part, number) for number, part in enumerate(parts, 1)]
        policy, priority = self.terms[-1].policy, self.track.priority_at(LAST)
        has_goal = found[-1] if found else policy.goal(milestone, priority)
        occurrences = tuple([each for each in found if each is not None])
        return Clock(milestone.name, occurrences, None if has_goal else "no_goal")

    def _former(self, present: set[str]) -> Iterator[Clock]:
        for name in dict.fromkeys(each.name for term in self.terms for each in term.policy.milestones):
            parts = () if name in present else self._parts(name)
            found = [self._occurrence(part, number) for number, part in enumerate(parts, 1)]
            occurrences = tuple([each for each in found if each is not None])
            if occurrences:
                yield Clock(name, occurrences)

    def _only(self, milestone: Milestone) -> list[_Part]:
        term = self.terms[-1]
        return [_Part(run, term, milestone) for run in self._runs(term, milestone)]

    def _parts(self, name: str) -> list[_Part]:
        """The runs of a milestone: each by the policy under which it ended, and what still runs by the last one."""
        found: list[_Part] = []
        running: _Part | None = None
        for term in self.terms:
            milestone = _named(term.policy, name)
            if milestone is None:
                found += self._dropped(running, term)
                running = None
                continue
            parts = [_Part(run, term, milestone) for run in self._runs(term, milestone)]
            ended = [part for part in parts if part.run.stop is not None and part.run.place >= term.since]
            running = next((part for part in parts if part.run.stop is None), None)
            found = _without(found, [*ended, *([running] if running else [])]) + ended
        return found + ([running] if running else [])

    def _dropped(self, running: _Part | None, term: Term) -> list[_Part]:
        """What still ran when a policy came that does not promise it."""
        if running is None:
            return []
        run = running.run
        run.word, run.place, run.stop, run.is_canceled = (
            "replaced",
            term.since,
            micros(self.events[term.since].at),
            True,
        )
        return [running] if run.stop >= run.start else []

    def _runs(self, term: Term, milestone: Milestone) -> list[Run]:
        def due(run: Run) -> int | None:
            goal = self._goal(_Part(run, term, milestone))
            return None if goal is None else due_at(milestone, run, goal, self._held(milestone))

        return runs_of(milestone, self._signals_of(term), due)

    def _signals_of(self, term: Term) -> Sequence[Signal]:
        if term.since not in self._signals:
            self._signals[term.since] = self._made(term)
        return self._signals[term.since]

    def _made(self, term: Term) -> Sequence[Signal]:
        signals: Sequence[Signal] = self.track.signals
        rules = _rules(term.policy)
        if rules:
            signals = with_rules(signals, self._states(), rules)
        return signals if term.until == LAST else [signal for signal in signals if signal[1] < term.until]

    def _states(self) -> Iterator[tuple[int, Case]]:
        """The case after each event; a merge that was undone has never been."""
        kind, state = type(self.case), None
        for place, event in enumerate(self.events):
            state = kind.evolve(state, attrs.evolve(event, version=place + 1))
            yield place, state

    def _held(self, milestone: Milestone) -> Sequence[Held]:
        return self.track.held(milestone.plan.holds) if milestone.holds else ()

    def _occurrence(self, part: _Part, number: int) -> Occurrence | None:
        """How a run stands; None where the case had no goal for it."""
        goal = self._goal(part)
        if goal is None:
            return None
        run = part.run
        return measured(
            part.milestone,
            run,
            number,
            goal=goal,
            priority=self._priority(run),
            held=self._held(part.milestone),
            as_of=self._at,
            results=self._results(part) if run.earlier else (),
        )

    def _results(self, part: _Part) -> tuple[ClockResult, ...]:
        """How it ended before each reopening, by what was promised then."""
        found: list[ClockResult] = []
        for run in part.run.earlier:
            term = next(each for each in reversed(self.terms) if each.since <= run.place)
            milestone = _named(term.policy, part.milestone.name)
            goal = None if milestone is None else self._goal(_Part(run, term, milestone))
            if milestone is not None and goal is not None:
                found.append(result_of(milestone, run, goal, self._held(milestone)))
        return tuple(found)

    def _goal(self, part: _Part) -> Goal | None:
        policy, run = part.term.policy, part.run
        place = self._calendar(policy, run) if policy.calendars else -1
        return policy.goal(part.milestone, self._priority(run), place)

    def _priority(self, run: Run) -> str:
        return self.track.priority_at(LAST if run.stop is None else run.place)

    def _calendar(self, policy: SlaPolicy, run: Run) -> int:
        """Which of the calendars of a policy counts, over the facts as they were when the clock stopped."""
        at = self.as_of if run.stop is None else as_instant(run.stop, UTC)
        key = (id(policy), micros(at))
        if key not in self._calendars:
            state = self.case if not is_before(at, self.case.changed_at) else self.case.as_of(at)
            facts = state.facts()  # type: ignore[union-attr]  # nothing runs before the opening
            rules = enumerate(rule for rule, _ in policy.calendars)
            found = next((place for place, rule in rules if compile_rule(rule)(facts, at) is True), -1)
            self._calendars[key] = found
        return self._calendars[key]


def _named(policy: SlaPolicy, name: str) -> Milestone | None:
    return next((each for each in policy.milestones if each.name == name), None)


def _rules(policy: SlaPolicy) -> tuple[Rule, ...]:
    return tuple(dict.fromkeys(rule for each in policy.milestones for rule in each.plan.rules))


def _without(found: Sequence[_Part], parts: Sequence[_Part]) -> list[_Part]:
    """What was found before, but for runs that a reopening let go on."""
    again = {part.run.start for part in parts if part.run.earlier}
    return [part for part in found if part.run.start not in again]
