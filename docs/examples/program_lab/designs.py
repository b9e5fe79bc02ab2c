"""Three designs of one program: as it is today, generous on the shop's own brand, and frugal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from grocery_program import FISH_AND_MEAT, FRESH, PROGRAM

from relex import Money
from relex.calendars import Months
from relex.loyalty import Cap, EarningRule, Flat, Multiply, PerAmount, Program, Tier
from relex.rules import field

if TYPE_CHECKING:
    from relex.rules import Rule

WORTH = Money("0.01", "USD")
"""What one point buys."""

OWN_BRAND: Rule = field("line.brand") == "Private"
LARGE: Rule = field("purchase.eligible") >= 100
WELCOME = EarningRule("welcome", Flat(100), when=field("account.purchases") == 0, group="extra")

GENEROUS = attrs.evolve(
    PROGRAM,
    version=2,
    rules=[
        EarningRule("base", PerAmount(1, per="1.25")),
        EarningRule("own-brand", PerAmount(2, per="1.00"), when=OWN_BRAND),
        EarningRule("fresh", PerAmount(1, per="1.00"), when=FRESH, group="fresh"),
        EarningRule("large-shop", Flat(40), when=LARGE, group="extra"),
        WELCOME,
    ],
    tiers=[
        Tier("silver", at=400, multiplier="1.1"),
        Tier("gold", at=1_500, multiplier="1.25"),
        Tier("platinum", at=4_000, multiplier="1.5"),
    ],
    expires=Months(12, end_of="month"),
)
"""Less for everything, much more for the own brand; more tiers with a multiplier; points live for a year."""

FRUGAL = attrs.evolve(
    PROGRAM,
    version=3,
    rules=[
        EarningRule("base", PerAmount(1, per="1.00")),
        EarningRule("fresh", PerAmount(1, per="2.00"), when=FRESH | FISH_AND_MEAT, group="fresh"),
        EarningRule("weekend", Multiply("1.2"), when=field("event.weekday").is_in(6, 7) & LARGE),
        WELCOME,
    ],
    caps=[Cap(points=300, per="month")],
    tiers=[Tier("silver", at=1_000), Tier("gold", at=3_000, multiplier="1.05")],
    expires=Months(3, end_of="month"),
)
"""Few rules, at most 300 points a month, gone after three months."""

DESIGNS: tuple[tuple[str, Program, str], ...] = (
    ("Today", PROGRAM, "Fourteen rules, a few of them for some campaigns; points live for half a year."),
    (
        "Own brand",
        GENEROUS,
        "Less for everything, two points for each dollar of the own brand; points live a year, none ends within this.",
    ),
    (
        "Frugal",
        FRUGAL,
        "Four rules, at most 300 points a month, tiers that are hard to reach; points are gone after three months.",
    ),
)
