"""How one of those who could get an item is chosen. No chance anywhere: the same state gives the same answer."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from relex.assignment._state import credits_in, turns_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from relex.assignment._people import Assignee, Pool
    from relex.assignment._policy import AssignmentRule
    from relex.assignment._state import AssignmentState

__all__ = ["by_weight", "choose", "share_used"]


def choose(
    rule: AssignmentRule, members: Sequence[Assignee], state: AssignmentState, at: datetime
) -> tuple[str, Mapping[str, int] | None]:
    """Who of the members gets the item, and for weights what is owed to each member from then on."""
    if rule.pool is None or rule.strategy in {"direct", "owner"}:
        return members[0].id, None
    if rule.strategy == "weighted":
        return by_weight(rule.pool, [member.id for member in members], credits_in(state, rule.pool.id))
    turns = turns_in(state, rule.pool.id)
    if rule.strategy == "round_robin":
        return min([member.id for member in members], key=lambda id: turns.get(id, 0)), None
    load = share_used if rule.balance == "share" else _count
    return min(members, key=lambda member: (load(member, state, at), turns.get(member.id, 0))).id, None


def by_weight(pool: Pool, members: Sequence[str], owed: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """Each member is owed its weight, and who is owed most pays what all were owed together.

    Over as many items as the weights add up to, each gets exactly its weight, and never two runs of one member where
    they can be mixed. Source: the smooth weighted round robin of nginx (upstream module, 2012).
    """
    after = {member: owed.get(member, 0) + pool.weight(member) for member in members}
    chosen = max(members, key=after.__getitem__)
    after[chosen] -= sum(map(pool.weight, members))
    return chosen, {**owed, **after}


def share_used(member: Assignee, state: AssignmentState, at: datetime) -> Fraction:
    """How full somebody is: the greatest share used of any limit; of a limit of 0 all of it; without limits nothing."""
    return max([_used(each.limit, used(each.window(at), member.id, state)) for each in member.capacity], default=_NONE)


def used(window: tuple[datetime, datetime] | None, assignee: str, state: AssignmentState) -> int:
    """How many items count for a limit with this window."""
    return state.open_of(assignee) if window is None else state.given_to(assignee, *window)


def _used(limit: int, count: int) -> Fraction:
    return Fraction(count, limit) if limit else Fraction(1)


def _count(member: Assignee, state: AssignmentState, _at: datetime) -> int:
    return state.open_of(member.id)


_NONE = Fraction(0)
