"""Giving items out: rules in order, eligible members, one of them by the strategy of the rule.

Theory of operation. `assign` is a function of the item, the policy, the assignees, the state and the instant, and a
run is its fold. The state is a value of sorted tuples, of which an item replaces one pair in at most four. Beside it
the run keeps a `Desk`, the same state laid out for quick reading, and what each rule last found of its pool: that is
found anew only when somebody has become full, or where it depends on the item. The answers of a run share the state
after it, as one state for each of many items would fill the memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from relex import _checks
from relex._instants import in_utc
from relex.assignment._answers import Assignments, assignment_of, step_of
from relex.assignment._choice import choose
from relex.assignment._desk import Desk
from relex.assignment._eligible import Wishes, judged
from relex.assignment._people import Assignee
from relex.assignment._policy import AssignmentPolicy
from relex.assignment._state import AssignmentState
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Collection

    from relex.assignment._answers import Assignment, Step
    from relex.assignment._eligible import Judged
    from relex.assignment._policy import AssignmentRule

__all__ = ["assign", "assign_all"]

_Parts: TypeAlias = "tuple[str | None, tuple[str, ...], str | None, str, tuple[Step, ...]]"

_FRESH = AssignmentState()
_AT_ONCE = (timedelta(0),)


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
        InvalidValue: For an instant that is naive or that UTC has no year for, an item without facts, two assignees of
            one id, or a wrong type.

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
    run = _Run("assign", policy, assignees, state, at)
    parts = run.assigned(item)
    return assignment_of(*parts, run.state)


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
    run = _Run("assign_all", policy, assignees, state, at)
    found = [run.assigned(item) for item in _checks.items("assign_all.items", items)]
    return Assignments(assignments=tuple([assignment_of(*parts, run.state) for parts in found]), state=run.state)


class _Run:
    """A policy that gives out items at one instant."""

    __slots__ = ("_changes", "_desk", "_known", "_path", "_people", "_policy", "_wishes")

    def __init__(
        self, path: str, policy: AssignmentPolicy, assignees: Iterable[Assignee], state: AssignmentState, at: datetime
    ) -> None:
        _POLICY.require(f"{path}.policy", policy)
        _STATE.require(f"{path}.state", state)
        _checks.instant.require(f"{path}.at", at)
        people = _checks.items(f"{path}.assignees", assignees)
        _ASSIGNEES.require(f"{path}.assignees", people)
        self._people = {each.id: each for each in people}
        if len(self._people) != len(people):
            raise InvalidValue(f"{path}.assignees", people, "each id once")
        self._path, self._policy = path, policy
        self._desk = Desk(self._people, at, in_utc(f"{path}.at", at), state)
        self._wishes: dict[str, Wishes] = {}
        self._known: dict[tuple[Any, ...], Judged] = {}
        self._changes = 0

    @property
    def state(self) -> AssignmentState:
        """What is to be remembered so far."""
        return self._desk.state

    def assigned(self, item: Any) -> _Parts:
        """Who gets an item: an `Assignment` but for its state."""
        facts = self._facts(item)
        found = facts.get("id")
        name = found if isinstance(found, str) else None
        skipped = self._skipped(facts)
        if skipped is not None:
            return name, (), None, skipped, ()
        trace = self._trace(facts)
        chosen = [step for step in trace if step.chosen is not None]
        rule = chosen[0].rule if chosen else None
        reason = "unassigned" if not chosen else "fallback" if rule is None else "assigned"
        whose = tuple([step.chosen for step in trace if step.chosen is not None])
        return name, whose, rule, reason, tuple(trace)

    def _facts(self, item: Any) -> Mapping[str, Any]:
        found = item.facts() if callable(getattr(item, "facts", None)) else item
        if not isinstance(found, Mapping):
            raise InvalidValue(f"{self._path}.item", item, "a mapping of facts, or an object with facts()")
        return dict(found) if found is item else found  # kept for the trace, whatever becomes of the caller's

    def _skipped(self, facts: Mapping[str, Any]) -> str | None:
        if self._policy.is_closed(facts, self._desk.at) is True:
            return "closed"
        owner = self._policy.owner
        return "owned" if owner is not None and facts.get(owner) not in (None, "") else None

    def _trace(self, facts: Mapping[str, Any]) -> list[Step]:
        trace: list[Step] = []
        chosen: list[str] = []
        for rule in self._policy.rules:
            step = self._asked(rule, facts, chosen)
            trace.append(step)
            if step.chosen is not None:
                chosen.append(step.chosen)
                if rule.stop:
                    return trace
            elif rule.otherwise == "unassigned" and step.outcome not in _PASSED_BY:
                return trace
        if not chosen and self._policy.fallback is not None:
            trace.append(self._fallen(self._policy.fallback, facts))
        return trace

    def _asked(self, rule: AssignmentRule, facts: Mapping[str, Any], chosen: list[str]) -> Step:
        """What comes of a rule."""
        at = self._desk.at
        asked = (rule.when, facts, at)
        if not rule.active:
            return step_of(rule.name, "inactive", None, (), (), asked)
        if rule.test is not None and rule.test(facts, at) is not True:
            return step_of(rule.name, "no_match", None, (), (), asked)
        named = self._named(rule, facts)
        if isinstance(named, str):
            return step_of(rule.name, named, None, (), (), asked)
        found = self._of_rule(rule, named, facts, chosen)
        if not found.among:
            return step_of(rule.name, "nobody_eligible", None, found.candidates, (), asked)
        winner = choose(rule, found.among, self._desk)
        self._desk.give(winner)
        return step_of(rule.name, "assigned", winner.id, found.candidates, found.preferring, asked)

    def _fallen(self, fallback: str, facts: Mapping[str, Any]) -> Step:
        """What comes of the fallback; one that is no assignee, such as a queue, is not judged."""
        if fallback not in self._people:
            return step_of(None, "assigned", fallback, (), (), None)
        found = self._looked_at((fallback,), _AT_ONCE, facts, ())
        if not found.among:
            return step_of(None, "nobody_eligible", None, found.candidates, (), None)
        self._desk.give(found.among[0])
        return step_of(None, "assigned", fallback, found.candidates, (), None)

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

    def _of_rule(
        self, rule: AssignmentRule, members: tuple[str, ...], facts: Mapping[str, Any], chosen: list[str]
    ) -> Judged:
        """The members judged; what was found is kept, for items of which the same is accepted and preferred."""
        if rule.fact is not None:
            return self._looked_at(members, rule.look_ahead, facts, chosen)
        wishes = self._wishes.get(rule.name)
        if wishes is None:
            wishes = self._wishes[rule.name] = self._wishes_of(members)
        if self._desk.changes != self._changes or len(self._known) > _MOST_KNOWN:
            self._known.clear()
            self._changes = self._desk.changes
        told = wishes.of(facts, self._desk.at)
        key = (rule.name, *told, tuple(chosen))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = judged(self._desk, members, rule.look_ahead, told, chosen)
        return found

    def _looked_at(
        self,
        members: tuple[str, ...],
        look_ahead: tuple[timedelta, ...],
        facts: Mapping[str, Any],
        chosen: Collection[str],
    ) -> Judged:
        """A few members judged for one item alone."""
        told = self._wishes_of(members).of(facts, self._desk.at)
        return judged(self._desk, members, look_ahead, told, chosen)

    def _wishes_of(self, members: tuple[str, ...]) -> Wishes:
        return Wishes([stand for stand in map(self._desk.stand, members) if stand is not None])


_MOST_KNOWN = 256
_POLICY = _checks.a(AssignmentPolicy)
_ASSIGNEES = _checks.each(_checks.a(Assignee))
_STATE = _checks.a(AssignmentState)
_PASSED_BY = frozenset({"inactive", "no_match"})
