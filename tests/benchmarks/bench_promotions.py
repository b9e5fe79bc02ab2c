"""Baskets: ten lines under twenty promotions, many units under sets, a till's commonest case."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from benchmarks.harness import Row

from relex.loyalty import AmountOff, PercentOff, Promotion, Sets, Units, price
from relex.money import Money
from relex.purchases import Line, Purchase
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
TIMES = 20
CATEGORIES = ("coffee", "tea", "food", "wine")


def rows() -> Iterator[Row]:
    """Pricing."""
    lines = [
        Line(number, f"p{number}", 1 + number % 3, unit_price=f"{3 + number}.99", category=CATEGORIES[number % 3])
        for number in range(1, 11)
    ]
    yield Row(
        name="price, 10 lines, 1 promotion",
        ours=_pricing(lines, [Promotion("tenth", PercentOff(10))]),
        peers={"Decimals by hand": _by_hand(lines)},
        per=TIMES,
        at_most=100e-6,
        note="10 % off each line with a reason; the peer only multiplies and rounds",
    )
    yield Row(
        name="price, 10 lines, 20 promotions",
        ours=_pricing(lines, _promotions()),
        per=TIMES,
        at_most=300e-6,
        note="percentages, amounts, cheapest units and sets, conditions; 7 of the 20 apply",
    )
    yield Row(
        name="price, 10,000 units, 3 for 2",
        ours=_pricing(
            [Line(1, "screw", 10_000, unit_price="0.10")],
            [Promotion("3 for 2", PercentOff(100), sets=Sets(None, 2, None, 1))],
        ),
        per=TIMES,
        at_most=100e-6,
        note="equal units are one object",
    )


def _promotions() -> list[Promotion]:
    found = []
    for number in range(4):
        category = field("line.category") == CATEGORIES[number]
        tier = field("customer.tier") == ("gold", "silver", "bronze", "none")[number]
        least = Money.of_minor(10_000 * number, "USD") if number else None
        found += [
            Promotion(f"category {number}", PercentOff(5 + number), on=category),
            Promotion(f"amount {number}", AmountOff(Money("2.00", "USD")), minimum=least),
            Promotion(f"cheapest {number}", PercentOff(50), tier, on=category, units=Units(1, order="cheapest")),
            Promotion(f"set {number}", PercentOff(100), tier, sets=Sets(category, 2, category, 1)),
            Promotion(f"weekday {number}", PercentOff(10), field("event.weekday") == number),
        ]
    return found


def _pricing(lines: Sequence[Line], promotions: Sequence[Promotion]) -> Callable[[], object]:
    basket = Purchase("b1", at=AT, currency="USD", lines=lines)
    facts = {"customer.tier": "gold"}

    def run() -> None:
        for _ in range(TIMES):
            price(basket, promotions, at=AT, facts=facts)

    return run


def _by_hand(lines: Sequence[Line]) -> Callable[[], object]:
    cent, tenth = Decimal("0.01"), Decimal("0.10")

    def run() -> None:
        for _ in range(TIMES):
            total = Decimal(0)
            for line in lines:
                gross = (line.unit_price or 0) * line.quantity
                total += gross - (gross * tenth).quantize(cent, ROUND_HALF_UP)

    return run
