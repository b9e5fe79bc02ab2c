"""Points that pay: how many of them are taken, and what they are worth.

The points that are taken are the most whole blocks that fit into what is wanted, what is there, and what the share of
the amount payable is worth; fewer than the minimum are not taken at all. The worth of a number of blocks is exact, and
rounded once. Where rounding up would pay more than that share, a block less is taken, so nobody is ever paid back.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from relex.money import Money

if TYPE_CHECKING:
    from relex.loyalty._benefits import CashOff

__all__ = ["Taken", "cash_taken", "worth_of"]


class Taken(NamedTuple):
    """What points pay.

    Attributes:
        points: In the smallest unit.
        worth: Of them.
        limited_by: What keeps it from being what was wanted: `available`, `payable`, `at_most`, `whole_blocks`,
            `below_minimum`; None when nothing does.
    """

    points: int
    worth: Money
    limited_by: str | None


def worth_of(cash: CashOff, blocks: int, currency: str) -> Money:
    """What so many whole blocks are worth."""
    return Money.rounded(Fraction(cash.worth) * blocks, currency, cash.rounding, cash.quantum)  # type: ignore[arg-type]  # it is no Fraction


def cash_taken(
    cash: CashOff, *, wanted: int | None, available: int, payable: Money | None, currency: str, scale: int
) -> Taken:
    """How many points a `CashOff` takes.

    Args:
        cash: The benefit.
        wanted: Points that somebody wants to spend; None for as many as may be.
        available: Points that can be spent; at least 0.
        payable: What is left to pay; None where there is no basket, and so no limit of that kind.
        currency: Of the worth.
        scale: Smallest units of the points in one whole point.
    """
    block = int(Fraction(cash.points) * scale)
    limit, why = (wanted, None) if wanted is not None and wanted <= available else (available, "available")
    blocks = limit // block
    if why is None and blocks * block < limit:
        why = "whole_blocks"
    if payable is not None:
        fit = _fitting(cash, blocks, payable, currency)
        if fit < blocks:
            blocks, why = fit, "payable" if cash.share == 1 else "at_most"
    if blocks * block < Fraction(cash.minimum) * scale:
        return Taken(0, worth_of(cash, 0, currency), "below_minimum")
    return Taken(blocks * block, worth_of(cash, blocks, currency), why)


def _fitting(cash: CashOff, most: int, payable: Money, currency: str) -> int:
    """How many blocks, up to `most`, are worth no more than the share of what is payable, exactly and rounded."""
    ceiling = max(Fraction(payable.amount) * cash.share, Fraction(0))
    low, high = 0, min(most, int(ceiling / Fraction(cash.worth)))
    while low < high:
        middle = (low + high + 1) // 2
        if Fraction(worth_of(cash, middle, currency).amount) <= ceiling:
            low = middle
        else:
            high = middle - 1
    return low
