"""The rules by which items are given out: which items, to which pool, in which way."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.assignment._people import Pool
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules import Rule, compile_rule, field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.rules import Predicate

__all__ = ["STRATEGIES", "AssignmentPolicy", "AssignmentRule"]

STRATEGIES = ("direct", "round_robin", "weighted", "least_loaded", "owner")
_CLOSED = ~field("closed_at").is_missing() | ~field("merged_into").is_missing()
_TEXT_OR_NONE = _checks.optional(_checks.text)


def _steps(given: Iterable[timedelta]) -> tuple[timedelta, ...]:
    return _checks.items("AssignmentRule.look_ahead", given)


@tagged("assignment.AssignmentRule")
@attrs.frozen
class AssignmentRule:
    """Which items go to which pool, and how a member is chosen.

    Attributes:
        name: Unique in its policy.
        when: Which items; all, if left out. Unknown is no match.
        pool: Whom from; only for the strategy `owner` it may be left out, which then stands for all assignees.
        strategy: `round_robin`: whose last turn in the pool is longest ago, those without one first, then the order of
            the pool. `weighted`: rounds in which everybody gets as many items as they weigh, evenly mixed.
            `least_loaded`: who has the least, by `balance`, then as `round_robin`. `direct`: the first who can.
            `owner`: who is named by `fact`.
        order: Rules are asked from the smallest up; those of one order as they were given.
        active: Whether it is asked at all.
        stop: Whether an item that found somebody is done; otherwise the next rules may add somebody else.
        otherwise: What happens when nobody of the pool can: `next_rule`, or `unassigned`, which leaves the item to
            nobody, and to no fallback either.
        balance: For `least_loaded`: the `count` of open items, or the `share` of the capacity that is used (where
            there are several limits the fullest; without any 0).
        fact: For `owner`: the fact of the item that holds an id.
        look_ahead: How far ahead members may become available: all who do within the first step that has anybody can
            be chosen. By default only those who are available at once.

    Raises:
        InvalidValue: For another word than these, a strategy without its pool or fact, or steps that do not ascend.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    when: Rule | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Rule)))
    pool: Pool | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Pool)))
    strategy: str = attrs.field(default="round_robin", validator=_checks.one_of(*STRATEGIES))
    order: int = attrs.field(default=0, kw_only=True, validator=_checks.whole())
    active: bool = attrs.field(default=True, kw_only=True, validator=_checks.flag)
    stop: bool = attrs.field(default=True, kw_only=True, validator=_checks.flag)
    otherwise: str = attrs.field(default="next_rule", kw_only=True, validator=_checks.one_of("next_rule", "unassigned"))
    balance: str = attrs.field(default="count", kw_only=True, validator=_checks.one_of("count", "share"))
    fact: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    look_ahead: tuple[timedelta, ...] = attrs.field(
        default=(timedelta(0),), kw_only=True, converter=_steps, validator=_checks.each(_checks.elapsed)
    )

    def __attrs_post_init__(self) -> None:
        if self.pool is None and self.strategy != "owner":
            raise InvalidValue("AssignmentRule.pool", None, f"a pool, for the strategy {self.strategy}")
        if (self.fact is None) == (self.strategy == "owner"):
            raise InvalidValue("AssignmentRule.fact", self.fact, "a fact for the strategy owner, and for no other")
        if self.balance != "count" and self.strategy != "least_loaded":
            raise InvalidValue("AssignmentRule.balance", self.balance, "count, for any strategy but least_loaded")
        if not self.look_ahead or any(later <= sooner for sooner, later in pairwise(self.look_ahead)):
            raise InvalidValue("AssignmentRule.look_ahead", self.look_ahead, "at least one step, each above the last")

    @cached_property
    def test(self) -> Predicate | None:
        """The rule as a predicate; None where it matches all."""
        return None if self.when is None else compile_rule(self.when)


def _rules(given: Iterable[AssignmentRule]) -> tuple[AssignmentRule, ...]:
    rules = _checks.items("AssignmentPolicy.rules", given)
    _RULES.require("AssignmentPolicy.rules", rules)
    return tuple(sorted(rules, key=attrgetter("order")))


_RULES = _checks.each(_checks.a(AssignmentRule))


@tagged("assignment.AssignmentPolicy")
@attrs.frozen
class AssignmentPolicy:
    """Rules in order: the first that matches an item and finds somebody decides.

    Attributes:
        rules: Sorted by their order.
        fallback: Id of who gets what no rule could give, such as a queue. One who is among the assignees has to be
            eligible too.
        owner: The fact that holds who has an item already; such items are skipped. An empty text is nobody. None to
            look at no fact.
        closed: Items of which this is True are skipped; by default those that have a `closed_at`, or that were merged
            away and have a `merged_into`.

    Raises:
        InvalidValue: For two rules of one name, or two pools that share an id and differ.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.assignment import Assignee, assign_all
        >>> policy = AssignmentPolicy([AssignmentRule("all", pool=Pool("desk", ["ana", "bo"]))])
        >>> run = assign_all([{}, {}, {}], policy, [Assignee("ana"), Assignee("bo")],
        ...                  at=datetime(2026, 5, 4, tzinfo=timezone.utc))
        >>> [each.assignee for each in run.assignments]
        ['ana', 'bo', 'ana']

    .. versionadded:: 0.1.0
    """

    rules: tuple[AssignmentRule, ...] = attrs.field(default=(), converter=_rules, validator=_checks.unique("name"))
    fallback: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    owner: str | None = attrs.field(default="owner", kw_only=True, validator=_TEXT_OR_NONE)
    closed: Rule = attrs.field(default=_CLOSED, kw_only=True, validator=_checks.a(Rule))

    def __attrs_post_init__(self) -> None:
        pools: dict[str, Pool] = {}
        for rule in self.rules:
            if rule.pool is not None and pools.setdefault(rule.pool.id, rule.pool) != rule.pool:
                raise InvalidValue("AssignmentPolicy.rules", rule.pool, f"one pool with the id {rule.pool.id}")

    @cached_property
    def is_closed(self) -> Predicate:
        """The rule as a predicate."""
        return compile_rule(self.closed)
