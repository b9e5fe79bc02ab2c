"""Assignees with their limits, pools, the rules by which items are given out, and what is remembered of it."""

from __future__ import annotations

from datetime import UTC, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.assignment import Assignee, AssignmentPolicy, AssignmentRule, AssignmentState, Capacity, Pool
from relex.testing.strategies._basics import either, ids, instants, named, words, zones
from relex.testing.strategies._calendars import business_calendars, periods
from relex.testing.strategies._rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "assignees",
    "assignment_policies",
    "assignment_rules",
    "assignment_states",
    "capacities",
    "pools",
]

_FEW = st.integers(0, 5)
_RULES = st.none() | rules()
_MEMBERS = ("ana", "bo", "cy")


def capacities() -> SearchStrategy[Capacity]:
    """Limits on open items, or on those of a calendar unit or of a stretch of time; shrinks to none at all.

    .. versionadded:: 0.1.0
    """
    spans = st.sampled_from((timedelta(days=1), timedelta(days=30), timedelta(microseconds=1)))
    per: SearchStrategy[Any] = st.just("open") | spans
    return st.builds(Capacity, _FEW, per) | st.builds(
        Capacity, _FEW, st.sampled_from(("day", "week", "month")), tz=zones()
    )


def assignees(*, id: str | SearchStrategy[str] | None = None) -> SearchStrategy[Assignee]:  # noqa: A002 - the field's name everywhere in relex
    """Somebody that items are given to; their rules ask about `facts()`.

    Args:
        id: The id, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return st.builds(_assignee, either("assignees.id", id, _checks.text, ids()), _MORE_OF_SOMEBODY)


_MORE_OF_SOMEBODY = named(
    "assignees",
    lambda: st.fixed_dictionaries(
        {},
        optional={
            "active": st.booleans(),
            "opted_out": st.booleans(),
            "accepts": _RULES,
            "prefers": _RULES,
            "capacity": st.lists(capacities(), max_size=2),
            "hours": st.none() | business_calendars(),
            "away": st.lists(periods(), max_size=2),
        },
    ),
)


def _assignee(id_: str, more: dict[str, Any]) -> Assignee:
    if more.get("hours") is None:
        more = {**more, "away": [each for each in more.get("away", ()) if hasattr(each.start, "tzinfo")]}
    return Assignee(id_, **more)


def pools(*, id: str | SearchStrategy[str] | None = None) -> SearchStrategy[Pool]:  # noqa: A002 - as above
    """Up to three members that take turns, some of them with a weight; shrinks to an empty pool.

    Args:
        id: The id, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return st.builds(_pool, either("pools.id", id, _checks.text, words()), _SOME, st.tuples(*[_WEIGHTS] * 3))


_SOME: SearchStrategy[tuple[str, ...]] = st.sampled_from(((), ("ana",), ("bo", "ana"), _MEMBERS))
_WEIGHTS = st.none() | st.integers(1, 5)


def _pool(id_: str, members: tuple[str, ...], weights: tuple[int | None, ...]) -> Pool:
    pairs = zip(members, weights, strict=False)
    return Pool(id_, members, weights={member: weight for member, weight in pairs if weight is not None})


def assignment_rules(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[AssignmentRule]:
    """Rules of every strategy; they ask about `facts()`.

    Args:
        name: The name, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _rule,
        either("assignment_rules.name", name, _checks.text, words()),
        _RULES,
        pools(id="desk"),
        st.sampled_from(("round_robin", "weighted", "least_loaded", "direct", "owner")),
        _MORE_OF_RULES,
    )


_MORE_OF_RULES = st.fixed_dictionaries(
    {},
    optional={
        "order": st.integers(-1, 200),
        "active": st.booleans(),
        "stop": st.booleans(),
        "otherwise": st.sampled_from(("next_rule", "unassigned")),
        "look_ahead": st.sampled_from(((timedelta(0), timedelta(hours=24)), (timedelta(days=2),))),
    },
)


def _rule(name: str, when: Any, pool: Pool, strategy: str, more: dict[str, Any]) -> AssignmentRule:
    if strategy == "owner":
        more = {**more, "fact": "account_owner"}
        return AssignmentRule(name, when, None if pool.weights else pool, strategy, **more)
    balance = "share" if strategy == "least_loaded" and pool.weights else "count"
    return AssignmentRule(name, when, pool, strategy, balance=balance, **more)


def assignment_policies() -> SearchStrategy[AssignmentPolicy]:
    """Up to three rules, with or without a fallback; shrinks to a policy without rules.

    .. versionadded:: 0.1.0
    """
    return named("assignment_policies", lambda: st.builds(_policy, _UP_TO_THREE, _FALLBACK, _OWNER))


_UP_TO_THREE = st.one_of(
    *[st.tuples(*[assignment_rules(name=f"r{place}") for place in range(count)]) for count in range(4)]
)
_FALLBACK = st.none() | st.just("queue")
_OWNER = st.sampled_from(("owner", "assignee", None))


def _policy(found: tuple[AssignmentRule, ...], fallback: str | None, owner: str | None) -> AssignmentPolicy:
    """One pool for all of the rules that have one, since a pool's id stands for one pool."""
    pool = next((rule.pool for rule in found if rule.pool is not None), None)
    kept = [rule for rule in found if rule.pool is None or rule.pool == pool]
    return AssignmentPolicy(kept, fallback=fallback, owner=owner)


def assignment_states() -> SearchStrategy[AssignmentState]:
    """What is remembered between two items; shrinks to nothing.

    .. versionadded:: 0.1.0
    """
    return named("assignment_states", lambda: st.builds(_state, _TURNS, _ROUNDS, _OPEN, _GIVEN))


_NUMBERS = st.lists(
    st.tuples(ids(), st.integers(1, 2**70)), min_size=1, max_size=3, unique_by=(itemgetter(0), itemgetter(1))
).map(dict)
_TURNS = st.dictionaries(words(), _NUMBERS, max_size=2)
_ROUNDS = st.dictionaries(words(), st.dictionaries(ids(), st.integers(1, 9), min_size=1, max_size=3), max_size=2)
_OPEN = st.dictionaries(ids(), st.integers(0, 2**70), max_size=3)
_AT = instants().map(lambda at: at.astimezone(UTC))
_GIVEN = st.dictionaries(ids(), st.dictionaries(_AT, st.integers(1, 9), min_size=1, max_size=3), max_size=2)


def _state(turns: dict[str, Any], rounds: dict[str, Any], open_: dict[str, int], given: dict[str, Any]) -> Any:
    last = max([turn for found in turns.values() for turn in found.values()], default=0)
    return AssignmentState(
        turn=last,
        turns=_sorted(turns),
        rounds=_sorted(rounds),
        open=tuple(sorted(open_.items())),
        given=_sorted(given),
    )


def _sorted(found: dict[str, dict[Any, int]]) -> tuple[tuple[str, tuple[tuple[Any, int], ...]], ...]:
    return tuple(sorted((key, tuple(sorted(inside.items()))) for key, inside in found.items()))


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Assignee: assignees,
    AssignmentPolicy: assignment_policies,
    AssignmentRule: assignment_rules,
    AssignmentState: assignment_states,
    Capacity: capacities,
    Pool: pools,
}
"""The strategy of every stored form of `relex.assignment`."""
