"""Examples of promotions and of what they give."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from relex.calendars import Days, Period
from relex.loyalty import (
    AmountOff,
    Cap,
    CashOff,
    Gift,
    PercentOff,
    PriceAt,
    Promotion,
    PromotionUse,
    Sets,
    Stack,
    Units,
)
from relex.money import Money, Rounding
from relex.rules import field

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TEN = Money("10.00", "EUR")


def examples() -> list[object]:
    """At least one of each class."""
    coffee = field("line.category") == "coffee"
    three = Sets(None, 2, coffee, 1, times=4, get_first="dearest")
    cheapest = Units(2, order="cheapest", per="line")
    return [
        PercentOff("12.5", at_most=TEN),
        AmountOff(TEN, each="unit"),
        PriceAt(Money("0.00", "EUR")),
        Gift("mug", quantity=2, per="2.5"),
        CashOff(points=100, worth="5.00", minimum=100, at_most="50%", quantum="0.05", rounding=Rounding.FLOOR),
        three,
        cheapest,
        Promotion("3 for 2", PercentOff(100), sets=three, stacking=Stack.ALONE, priority=3),
        Promotion(
            "november",
            AmountOff(TEN),
            (field("basket.total") >= 50) & (field("customer.segment") == "regulars"),
            on=coffee,
            units=cheapest,
            minimum=TEN,
            minimum_quantity=Decimal("1.5"),
            group="month",
            caps=[Cap(units=3, per=Days(30), by="line.product"), Cap(amount=500, who="everyone", budget="b1")],
            valid=Period(date(2026, 11, 1), date(2026, 12, 1)),
        ),
        PromotionUse(promotion="november", group="month", at=AT, units=3, amount=TEN),
        PromotionUse(
            promotion="november",
            group="month",
            at=AT,
            units=Fraction(1, 3),
            amount=TEN,
            member="c1",
            by="line.product",
            value="latte",
        ),
    ]
