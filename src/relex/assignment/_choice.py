"""How one of those who could get an item is chosen. No chance anywhere: the same state gives the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relex.assignment._desk import Desk, Stand
    from relex.assignment._people import Pool
    from relex.assignment._policy import AssignmentRule

__all__ = ["choose"]


def choose(rule: AssignmentRule, fit: Sequence[Stand], desk: Desk) -> Stand:
    """Who of those that could get an item gets it; their turn in the pool is noted."""
    if rule.pool is None:
        return fit[0]
    winner, owed = fit[0], None
    if rule.strategy == "weighted":
        winner, owed = _by_weight(rule.pool, fit, desk.credits(rule.pool))
    elif rule.strategy == "round_robin":
        turns = desk.turns(rule.pool)
        winner = min(fit, key=lambda stand: turns[stand.id])
    elif rule.strategy == "least_loaded":
        winner = _least_loaded(rule, fit, desk.turns(rule.pool))
    desk.turn(rule.pool, winner.id, owed)
    return winner


def _least_loaded(rule: AssignmentRule, fit: Sequence[Stand], turns: Mapping[str, int]) -> Stand:
    if rule.balance == "share":
        return min(fit, key=lambda stand: (stand.share, turns[stand.id]))
    return min(fit, key=lambda stand: (stand.open, turns[stand.id]))


def _by_weight(pool: Pool, fit: Sequence[Stand], owed: Mapping[str, int]) -> tuple[Stand, Mapping[str, int]]:
    """Each is owed its weight, and who is owed most pays what all were owed together.

    Over as many items as the weights add up to, each gets exactly its weight, mixed as evenly as may be.
    Source: the smooth weighted round robin of nginx (upstream module, 2012).
    """
    after, total = dict(owed), 0
    for stand in fit:
        weight = pool.weight(stand.id)
        after[stand.id] = after.get(stand.id, 0) + weight
        total += weight
    winner = max(fit, key=lambda stand: after[stand.id])
    after[winner.id] -= total
    return winner, after
