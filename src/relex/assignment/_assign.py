"""Giving items out: rules in order, eligible members, one of them by the strategy of the rule.

Theory of operation. `assign` is a function of the item, the policy, the assignees, the state and the instant, and a
run is its fold. What does not change from item to item (who is there, from when on they are available, between which
instants their limits count) is found once for a run, in a `_Desk`; what does change is in the state, which is a value
of sorted tuples: one item replaces one pair in each of at most four of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex._instants import in_utc
from relex.assignment._answers import Assignments, Candidate, assignment_of, candidate_of, step_of
from relex.assignment._choice import choose, used
from relex.assignment._people import Assignee
from relex.assignment._policy import AssignmentPolicy
from relex.assignment._state import AssignmentState, received, took_turn
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from relex.assignment._answers import Assignment, Step
    from relex.assignment._policy import AssignmentRule

__all__ = ["assign", "assign_all"]

_FRESH = AssignmentState()
_ZERO = timedelta(0)


def assign(
    item: Any, policy: AssignmentPolicy, assignees: Iterable[Assignee], state: AssignmentState = _FRESH, *, at: datetime
) -> Assignment:
    """Who gets an item.

    Args:
        item: Facts, or an object with `facts()`.
        policy: The rules.
        assignees: Everybody that the pools may name.
        state: What the last answer gave; by default nothing was ever given out.
        at: When; aware.

    Raises:
        InvalidValue: For a naive instant, an item without facts, two assignees of one id, or a wrong type.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.assignment import AssignmentRule, Capacity, Pool
        >>> policy = AssignmentPolicy([AssignmentRule("all", pool=Pool("desk", ["ana", "bo"]))])
        >>> people = [Assignee("ana", capacity=Capacity(0)), Assignee("bo")]
        >>> given = assign({"id": "case-7"}, policy, people, at=datetime(2026, 5, 4, tzinfo=timezone.utc))
        >>> print(given)
        case-7: bo (assigned by all)
        >>> print(given.trace[0])
        all: assigned bo; not ana (no_capacity)

    .. versionadded:: 0.1.0
    """
    return _Run("assign", policy, assignees, at).given(item, _checked("assign.state", state))


def assign_all(
    items: Iterable[Any],
    policy: AssignmentPolicy,
    assignees: Iterable[Assignee],
    state: AssignmentState = _FRESH,
    *,
    at: datetime,
) -> Assignments:
    """Who gets each of many items: `assign`, one after the other in the order given.

    Args:
        items: Facts, or objects with `facts()`.
        policy: The rules.
        assignees: Everybody that the pools may name.
        state: What the last run gave; by default nothing was ever given out.
        at: When; aware.

    Raises:
        InvalidValue: As for `assign`.

    .. versionadded:: 0.1.0
    """
    run = _Run("assign_all", policy, assignees, at)
    now = _checked("assign_all.state", state)
    found = []
    for item in _checks.items("assign_all.items", items):
        answer = run.given(item, now)
        now = answer.state
        found.append(answer)
    return Assignments(assignments=tuple(found), state=now)


class _Stand:
    """What is known of an assignee for the whole of a run."""

    __slots__ = ("assignee", "candidate", "failed", "lead", "refuses", "since", "wants", "windows")

    def __init__(self, assignee: Assignee, at: datetime) -> None:
        self.assignee = assignee
        self.candidate = Candidate(assignee.id)
        self.failed = [name for name, is_so in _lasting(assignee) if is_so]
        self.lead = _lead(assignee, at)
        self.refuses, self.wants = assignee.refuses, assignee.wants
        self.windows = [(each.limit, each.window(at)) for each in assignee.capacity]
        self.since = min([window[0] for _, window in self.windows if window is not None], default=None)

    def is_full(self, state: AssignmentState) -> bool:
        for limit, window in self.windows:
            if used(window, self.assignee.id, state) >= limit:
                return True
        return False


def _lasting(assignee: Assignee) -> tuple[tuple[str, bool], ...]:
    return ("inactive", not assignee.active), ("opted_out", assignee.opted_out)


def _lead(assignee: Assignee, at: datetime) -> timedelta | None:
    """How long until somebody is available; None for never."""
    if assignee.hours is None and not assignee.away:
        return _ZERO
    start = assignee.available_from(at)
    return None if start is None else start.astimezone(UTC) - at.astimezone(UTC)


class _Run:
    """The assignees at one instant, and the policy that gives them items."""

    __slots__ = ("_at", "_moment", "_path", "_people", "_policy", "_stands")

    def __init__(self, path: str, policy: AssignmentPolicy, assignees: Iterable[Assignee], at: datetime) -> None:
        _POLICY.require(f"{path}.policy", policy)
        _checks.instant.require(f"{path}.at", at)
        people = _checks.items(f"{path}.assignees", assignees)
        _ASSIGNEES.require(f"{path}.assignees", people)
        self._people = {each.id: each for each in people}
        if len(self._people) != len(people):
            raise InvalidValue(f"{path}.assignees", people, "each id once")
        self._path, self._policy, self._at = path, policy, at
        self._moment = in_utc(f"{path}.at", at)
        self._stands: dict[str, _Stand] = {}

    def given(self, item: Any, state: AssignmentState) -> Assignment:
        """Who gets an item."""
        facts = self._facts(item)
        found = facts.get("id")
        name = found if isinstance(found, str) else None
        skipped = self._skipped(facts)
        if skipped is not None:
            return assignment_of(name, (), None, skipped, (), state)
        trace: list[Step] = []
        chosen: list[str] = []
        for rule in self._policy.rules:
            step, state = self._asked(rule, facts, chosen, state)
            trace.append(step)
            if step.chosen is not None:
                chosen.append(step.chosen)
            if self._ends(rule, step):
                break
        else:
            if not chosen and self._policy.fallback is not None:
                step, state = self._fallen(self._policy.fallback, facts, state)
                trace.append(step)
                chosen += [] if step.chosen is None else [step.chosen]
        first = next((step for step in trace if step.chosen is not None), None)
        reason = "unassigned" if first is None else "fallback" if first.rule is None else "assigned"
        return assignment_of(name, tuple(chosen), first and first.rule, reason, tuple(trace), state)

    def _facts(self, item: Any) -> Mapping[str, Any]:
        found = item.facts() if hasattr(item, "facts") else item
        if not isinstance(found, Mapping):
            raise InvalidValue(f"{self._path}.item", item, "a mapping of facts, or an object with facts()")
        return dict(found) if found is item else found  # kept for the trace, whatever becomes of the caller's

    def _skipped(self, facts: Mapping[str, Any]) -> str | None:
        if self._policy.is_closed(facts, self._at) is True:
            return "closed"
        owner = self._policy.owner
        return "owned" if owner is not None and facts.get(owner) is not None else None

    @staticmethod
    def _ends(rule: AssignmentRule, step: Step) -> bool:
        if step.chosen is not None:
            return rule.stop
        return rule.otherwise == "unassigned" and step.outcome not in _PASSED_BY

    def _asked(
        self, rule: AssignmentRule, facts: Mapping[str, Any], chosen: list[str], state: AssignmentState
    ) -> tuple[Step, AssignmentState]:
        """What comes of a rule, and the state after it."""
        asked = (rule.when, facts, self._at)
        if not rule.active:
            return step_of(rule.name, "inactive", None, (), (), asked), state
        if rule.test is not None and rule.test(facts, self._at) is not True:
            return step_of(rule.name, "no_match", None, (), (), asked), state
        named = self._named(rule, facts)
        if isinstance(named, str):
            return step_of(rule.name, named, None, (), (), asked), state
        candidates, fit = self._judged(named, rule.look_ahead, facts, chosen, state)
        if not fit:
            return step_of(rule.name, "nobody_eligible", None, candidates, (), asked), state
        preferring = [each for each in fit if each.wants is not None and each.wants(facts, self._at) is True]
        winner, owed = choose(rule, [each.assignee for each in preferring or fit], state, self._at)
        if rule.pool is not None:
            state = took_turn(state, rule.pool.id, winner, owed)
        state = received(state, winner, self._moment, self._stand(winner).since)
        wanting = tuple([each.assignee.id for each in preferring])
        return step_of(rule.name, "assigned", winner, candidates, wanting, asked), state

    def _fallen(
        self, fallback: str, facts: Mapping[str, Any], state: AssignmentState
    ) -> tuple[Step, AssignmentState]:
        """What comes of the fallback: one who is nobody's assignee, such as a queue, is not judged."""
        if fallback not in self._people:
            return step_of(None, "assigned", fallback, (), (), None), state
        candidates, fit = self._judged((fallback,), (_ZERO,), facts, [], state)
        if not fit:
            return step_of(None, "nobody_eligible", None, candidates, (), None), state
        state = received(state, fallback, self._moment, fit[0].since)
        return step_of(None, "assigned", fallback, candidates, (), None), state

    def _named(self, rule: AssignmentRule, facts: Mapping[str, Any]) -> tuple[str, ...] | str:
        """The members that a rule looks at, or why it looks at none."""
        members = tuple(self._people) if rule.pool is None else rule.pool.members
        if not members:
            return "empty_pool"
        if rule.fact is None:
            return members
        owner = facts.get(rule.fact)
        if owner is None:
            return "no_owner"
        return (owner,) if owner in members else "nobody_eligible"

    def _judged(
        self,
        members: tuple[str, ...],
        look_ahead: tuple[timedelta, ...],
        facts: Mapping[str, Any],
        chosen: list[str],
        state: AssignmentState,
    ) -> tuple[tuple[Candidate, ...], list[_Stand]]:
        """Each member with what failed, and those of whom nothing did."""
        stands = [(id, self._stand(id)) for id in members if id in self._people]
        failed = {id: self._failed(stand, facts, chosen, state) for id, stand in stands}
        reach = _reach(look_ahead, [stand.lead for id, stand in stands if not failed[id]])
        candidates, fit = [], []
        for id in members:
            if id not in failed:
                candidates.append(candidate_of(id, ("unknown",)))
                continue
            stand, why = self._stands[id], failed[id]
            if stand.lead is None or stand.lead > reach:
                why = [*why, "unavailable"]
            candidates.append(candidate_of(id, tuple(why)) if why else stand.candidate)
            if not why:
                fit.append(stand)
        return tuple(candidates), fit

    def _failed(
        self, stand: _Stand, facts: Mapping[str, Any], chosen: list[str], state: AssignmentState
    ) -> list[str]:
        """What keeps somebody from getting an item, but for the time at which they are available."""
        failed = stand.failed
        if stand.refuses is not None and stand.refuses(facts, self._at) is False:
            failed = [*failed, "refuses"]
        if stand.windows and stand.is_full(state):
            failed = [*failed, "no_capacity"]
        if stand.assignee.id in chosen:
            failed = [*failed, "chosen"]
        return failed

    def _stand(self, id: str) -> _Stand:
        found = self._stands.get(id)
        if found is None:
            found = self._stands[id] = _Stand(self._people[id], self._at)
        return found


def _reach(look_ahead: tuple[timedelta, ...], leads: list[timedelta | None]) -> timedelta:
    """The first step within which anybody becomes available; the last one where nobody does."""
    soonest = min([lead for lead in leads if lead is not None], default=look_ahead[-1])
    return next((step for step in look_ahead if soonest <= step), look_ahead[-1])


def _checked(path: str, state: object) -> AssignmentState:
    _STATE.require(path, state)
    return state  # type: ignore[return-value]


_POLICY = _checks.a(AssignmentPolicy)
_ASSIGNEES = _checks.each(_checks.a(Assignee))
_STATE = _checks.a(AssignmentState)
_PASSED_BY = frozenset({"inactive", "no_match"})
