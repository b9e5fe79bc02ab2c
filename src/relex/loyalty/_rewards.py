"""Rewards: what points buy, as data."""

from __future__ import annotations

from datetime import date, datetime
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
from relex.loyalty._facts import FACTS, check_possible
from relex.loyalty._promotions import Promotion, Units
from relex.loyalty._rules import Cap
from relex.rules import FactSchema, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Reward"]

_MEASURES = ("points", "times", "amount")
_WHEN = FactSchema(
    {
        "account.age_days": int,
        "account.balance": int,
        "account.lifetime": int,
        "account.members": int,
        "account.purchases": int,
        "account.tier": str,
        "basket.channel": str,
        "basket.currency": str,
        "basket.customer": str,
        "basket.items": int,
        "basket.list": Decimal,
        "basket.quantity": Decimal,
        "basket.store": str,
        "basket.total": Decimal,
        "event.at": datetime,
        "event.date": date,
        "event.minute": int,
        "event.weekday": int,
    },
    children=dict(FACTS.children),
    open=("customer.",),
)


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
        caps: Limits on `points`, `times` or `amount` (the worth) of this reward, for each account or member of it.
            Where less is left, one that cuts leaves fewer points of a `CashOff`; any other reward is refused.
        currency: Id of the points currency that is spent; None for the first that can be.
        on: Which lines a discount or gift is for, by their facts; None for all goods.
        units: Which units of those lines, such as the cheapest one; None for all.

    Raises:
        InvalidValue: For a `CashOff` with a cost, another benefit without one, a cap on units, on a balance, by a fact
            of the lines or for everyone, lines of a `CashOff`, or a rule about a fact that nobody gives.

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
    units: Units | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Units)))

    def __attrs_post_init__(self) -> None:
        if isinstance(self.benefit, CashOff) is not (self.cost is None):
            raise InvalidValue("Reward.cost", self.cost, "None for a CashOff, and whole points for any other benefit")
        if isinstance(self.benefit, CashOff) and (self.on, self.units) != (None, None):
            raise InvalidValue("Reward.on", self.on, "None, as units: a CashOff pays a part of the whole basket")
        for place, cap in enumerate(self.caps):
            if cap.measure not in _MEASURES or cap.by is not None or cap.who == "everyone":
                raise InvalidValue(f"Reward.caps[{place}]", cap, "points, times or amount of an account or a member")
        if self.when is not None:
            _WHEN.check(self.when, "Reward.when")
            check_possible(self.when, "Reward.when")
        if not isinstance(self.benefit, CashOff):
            _ = self.promotion

    @property
    def promotion(self) -> Promotion:
        """The discount or gift as `price` looks at it.

        Raises:
            InvalidValue: For a `CashOff`, which is no discount.
        """
        return Promotion(self.id, self.benefit, on=self.on, units=self.units)  # type: ignore[arg-type]  # it refuses a CashOff
