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
    winner = fit[0]
    if rule.strategy == "weighted":
        winner = _by_weight(rule.pool, fit, desk)
    elif rule.strategy == "round_robin":
        turns = desk.turns(rule.pool)
        winner = min(fit, key=lambda stand: turns[stand.id])
    elif rule.strategy == "least_loaded":
        winner = _least_loaded(rule, fit, desk.turns(rule.pool))
    desk.turn(rule.pool, winner.id)
    return winner


def _least_loaded(rule: AssignmentRule, fit: Sequence[Stand], turns: Mapping[str, int]) -> Stand:
    if rule.balance == "share":
        return min(fit, key=lambda stand: (stand.share, turns[stand.id]))
    return min(fit, key=lambda stand: (stand.open, turns[stand.id]))


def _by_weight(pool: Pool, fit: Sequence[Stand], desk: Desk) -> Stand:
    """A round gives everybody as many items as they weigh, and is over when all who could get one have theirs.

    Inside it, the next item is for whom (2 x items so far + 1) / weight is least, which mixes them as evenly as whole
    items can be. Source: the method of Webster (1832) and Sainte-Lague (1910), by which seats are shared out.
    """
    had = desk.round(pool)
    left = [stand for stand in fit if had.get(stand.id, 0) < pool.weight(stand.id)]
    counts = had if left else {}
    winner = _behind(left or fit, [(2 * counts.get(stand.id, 0) + 1, pool.weight(stand.id)) for stand in left or fit])
    desk.count(pool, winner.id, begins=not left)
    return winner


def _behind(stands: Sequence[Stand], shares: Sequence[tuple[int, int]]) -> Stand:
    """Whose share is least, and the first of several; a share is a number and what divides it."""
    winner, (least, of) = stands[0], shares[0]
    for stand, (number, weight) in zip(stands, shares, strict=True):
        if number * of < least * weight:
            winner, least, of = stand, number, weight
    return winner
