"""Rewards: what points buy, as data."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.calendars import Period
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._benefits import AmountOff, CashOff, Gift, PercentOff, PriceAt
from relex.loyalty._exact import Number, Written, as_number
from relex.loyalty._rules import Cap
from relex.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Reward"]

_MEASURES = ("points", "times", "amount")


def _cost(value: Written | None) -> Number | None:
    return None if value is None else as_number("Reward.cost", value, above=0)


def _caps(values: Iterable[Cap]) -> tuple[Cap, ...]:
    return _checks.items("Reward.caps", values)


@tagged("loyalty.Reward")
@attrs.frozen(weakref_slot=False)
class Reward:
    """A benefit that is bought with points.

    Attributes:
        id: Unique in the program.
        cost: Whole points, exact; None for a `CashOff`, whose points are chosen at the till.
        benefit: What it gives; `CashOff` pays a part of the basket, the others are discounts or gifts.
        when: A rule over `basket.*`, `account.*`, `customer.*` and `event.*`; None for always.
        valid: When it can be had, by the business moment; a range of dates is local to the program.
        caps: Limits on `points`, `times` or `amount` of this reward for each account; one that is not fit `cut`s the
            points of a `CashOff` and refuses any other reward.
        currency: Id of the points currency that is spent; None for the first that can be.
        on: Which lines a discount or gift is for, by their facts; None for all goods.

    Raises:
        InvalidValue: For a `CashOff` with a cost, another benefit without one, a cap on units, on a balance or by a
            fact of the lines, or lines of a `CashOff`.

    Example:
        >>> Reward("free mug", 250, Gift("mug")).cost
        250

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    cost: int | Decimal | Fraction | None = attrs.field(converter=_cost)
    benefit: PercentOff | AmountOff | PriceAt | Gift | CashOff = attrs.field(
        validator=_checks.a(PercentOff, AmountOff, PriceAt, Gift, CashOff)
    )
    when: Rule | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Rule)))
    valid: Period | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Period)))
    caps: tuple[Cap, ...] = attrs.field(
        default=(), kw_only=True, converter=_caps, validator=_checks.each(_checks.a(Cap))
    )
    currency: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))
    on: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))

    def __attrs_post_init__(self) -> None:
        if isinstance(self.benefit, CashOff) is not (self.cost is None):
            raise InvalidValue("Reward.cost", self.cost, "None for a CashOff, and whole points for any other benefit")
        if isinstance(self.benefit, CashOff) and self.on is not None:
            raise InvalidValue("Reward.on", self.on, "None: a CashOff pays a part of the whole basket")
        for place, cap in enumerate(self.caps):
            if cap.measure not in _MEASURES or cap.by is not None:
                raise InvalidValue(f"Reward.caps[{place}]", cap, "a limit on points, times or amount, by no fact")
