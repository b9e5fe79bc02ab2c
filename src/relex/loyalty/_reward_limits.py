"""What the limits of a reward leave of what somebody wants."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex.loyalty._benefits import CashOff
from relex.loyalty._cash import Taken, cash_taken
from relex.loyalty._reward_use import room_of, uses_of
from relex.money import Money, Rounding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._plan import Plan
    from relex.loyalty._rewards import Reward
    from relex.loyalty._rules import Cap

__all__ = ["Wish", "within_limits"]


class Wish(NamedTuple):
    """What somebody wants of a reward.

    Attributes:
        reward: The reward.
        wanted: Points; None for as many as may be, or the cost.
        at: The business moment, in UTC.
        basket: The purchase that is to be paid, as it would be or priced, or None.
        purchase: Its id, or None.
        customer: Facts of the customer.
        member: Who spends.
        allow_debt: Whether points that are not there may be spent.
        asks: Whether it is a question, which what came later does not answer; limits hold for a command as a whole.
    """

    reward: Reward
    wanted: int | None
    at: datetime
    basket: Any
    purchase: str | None
    customer: Mapping[str, Any] | None
    member: str | None
    allow_debt: bool = False
    asks: bool = False


def within_limits(plan: Plan, account: Account, wish: Wish, taken: Taken, scale: int) -> Taken:
    """What the limits of the reward leave of it."""
    reward = wish.reward
    uses = uses_of(account, reward, wish.at, later=not wish.asks) if taken.points and reward.caps else []
    for cap in reward.caps:
        if not taken.points:
            break
        room = room_of(cap, uses, plan, wish.at, wish.member, scale)
        if _asked_of(cap, taken) > room:
            taken = _cut(reward, cap, taken, room, scale)
    return taken


def _asked_of(cap: Cap, taken: Taken) -> Fraction:
    """How much of a limit the reward would use."""
    asked = {"points": Fraction(taken.points), "times": Fraction(1), "amount": Fraction(taken.worth.amount)}
    return asked[cap.measure]


def _cut(reward: Reward, cap: Cap, taken: Taken, room: Fraction, scale: int) -> Taken:
    """As many blocks of a `CashOff` as a limit leaves, where it cuts; else nothing."""
    why, currency = f"capped_by:{cap}", taken.worth.currency
    nothing = Taken(0, Money.of_minor(0, currency), why)
    if not isinstance(reward.benefit, CashOff) or cap.then == "reject" or cap.times is not None:
        return nothing
    points = min(taken.points, int(room)) if cap.points is not None else taken.points
    payable = Money.rounded(room, currency, Rounding.FLOOR) if cap.amount is not None else None
    cash = attrs.evolve(reward.benefit, at_most="100%")
    less = cash_taken(cash, wanted=points, available=points, payable=payable, currency=currency, scale=scale)
    return less._replace(limited_by=why)
