"""The loyalty program of the grocery example: fourteen rules and three tiers, as data."""

from __future__ import annotations

from relex.calendars import Months
from relex.loyalty import (
    Cap,
    EarningRule,
    Flat,
    Multiply,
    PerAmount,
    PerUnit,
    Program,
    Tier,
)
from relex.money import Money
from relex.rules import Rule, field

FUEL = field("line.category").starts_with("FUEL")
UNKNOWN_PRODUCT = field("line.category").is_missing()  # without a word on it, a rule about fuel would be undecided
FRESH = field("line.category").starts_with("PRODUCE") | field("line.category").starts_with("SALAD BAR")
FISH_AND_MEAT = field("line.category").starts_with("MEAT") | field("line.category").starts_with("SEAFOOD")
WEEKEND = field("event.weekday").is_in(6, 7)
EARLY = field("event.minute") < 9 * 60


def mailed(campaign: str) -> Rule:
    """Households that were sent a campaign."""
    return field("customer.campaigns").contains(campaign)


PROGRAM = Program(
    "basket",
    currency="USD",
    rules=[
        EarningRule("base", PerAmount(1, per="1.00")),
        EarningRule("own-brand", PerAmount(1, per="2.00"), when=field("line.brand") == "Private"),
        EarningRule("fresh", PerAmount(1, per="1.00"), when=FRESH, group="fresh"),
        EarningRule("fish-and-meat", PerAmount(2, per="5.00"), when=FISH_AND_MEAT, group="fresh"),
        EarningRule("flowers", PerUnit(5), when=field("line.category").starts_with("FLORAL"), group="extra"),
        EarningRule("weekend", Multiply("1.5"), when=WEEKEND & (field("purchase.eligible") >= 30)),
        EarningRule("early-bird", Multiply("1.25"), when=EARLY),
        EarningRule("family-shop", Flat(25), when=field("purchase.eligible") >= 75, group="extra"),
        EarningRule("large-shop", Flat(50), when=field("purchase.eligible") >= 150, group="extra"),
        EarningRule("welcome", Flat(100), when=field("account.purchases") == 0, group="extra"),
        EarningRule(
            "young-families",
            PerAmount(1, per="1.00"),
            when=field("customer.kids_count").is_in("2", "3+"),
            group="extra",
            caps=[Cap(points=40, per="month")],
        ),
        EarningRule("campaign-18", Multiply(2), when=mailed("18") & FRESH),
        EarningRule("campaign-13", Flat(20), when=mailed("13"), minimum=Money("40.00", "USD"), group="extra"),
        EarningRule("loyal-store", PerAmount(1, per="10.00"), when=field("account.purchases") >= 50, group="extra"),
    ],
    eligible=UNKNOWN_PRODUCT | (~FUEL & (field("line.quantity") > 0)),
    tiers=[
        Tier("silver", at=500),
        Tier("gold", at=2_000, multiplier="1.1"),
        Tier("platinum", at=5_000, multiplier="1.25"),
    ],
    expires=Months(6, end_of="month"),
)
