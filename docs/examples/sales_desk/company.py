"""What this company decides: its pipeline, team and targets, its territories, what it pays, what money is worth."""

from __future__ import annotations

from datetime import UTC, date, datetime

from relex import Days, Money, field
from relex.calendars import Period
from relex.money import RateTable
from relex.parties import Hierarchy, Tie
from relex.pipeline import (
    CommissionPlan,
    CommissionTier,
    Draw,
    LostReason,
    Pipeline,
    Quota,
    Stage,
    StalePolicy,
    Territory,
    TerritoryTree,
)
from relex.rules import Requirement

CURRENCY = "EUR"
BEGAN = datetime(2025, 10, 1, tzinfo=UTC)

CUSTOMER = Requirement("customer", ~field("customer").is_missing(), "Say which account it is")
AMOUNT = Requirement("amount", field("amount") > 0, "Say what it is worth")
DATE = Requirement("date", ~field("expected_close").is_missing(), "Say when it is expected to close")

PIPELINE = Pipeline(
    "sales",
    [
        Stage("qualify", 1, probability=10, name="Qualify"),
        Stage("discover", 2, probability=25, name="Discover"),
        Stage("propose", 3, probability=50, category="best_case", requires=[CUSTOMER, AMOUNT], name="Propose"),
        Stage(
            "negotiate",
            4,
            probability=80,
            category="commit",
            requires=[DATE],
            name="Negotiate",
            stale=StalePolicy(warn_after=Days(10), stale_after=Days(20)),
        ),
        Stage("won", 8, kind="won", name="Won"),
        Stage("lost", 9, kind="lost", name="Lost"),
    ],
    lost_reasons=["price", "timing", "competitor", LostReason("other", note=True)],
    stale=StalePolicy(warn_after=Days(21), stale_after=Days(35)),
)

TEAM = Hierarchy(
    ["mia"],
    [
        Tie("noa", "mia"),
        Tie("ann", "noa"),
        Tie("bob", "noa"),
        Tie("sol", "mia"),
        Tie("cem", "sol"),
        Tie("dua", "sol"),
    ],
    as_of=BEGAN,
)
SELLERS = ("ann", "bob", "cem", "dua")

TERRITORIES = TerritoryTree(
    [
        Territory("europe", when=~field("country").is_missing(), inherited_by_children=True, name="Other Europe"),
        Territory("dach", "europe", when=field("country").is_in("AT", "CH", "DE"), name="DACH"),
        Territory("nordics", "europe", when=field("country").is_in("DK", "FI", "NO", "SE"), name="Nordics"),
    ]
)

QUARTERS = tuple(Period(date(2025, 10, 1), date(2026, 7, 1)).split("quarter"))
QUOTAS = tuple(
    Quota(f"{seller}-{quarter.start}", subject=seller, period=quarter, amount=Money(150_000, CURRENCY), at=BEGAN)
    for quarter in QUARTERS
    for seller in SELLERS
)

# Bounds are percent of the quota of the quarter, so what lies above it is paid faster. The draw is an advance.
PLAN = CommissionPlan(
    "sellers",
    [CommissionTier(slice=4, up_to=60), CommissionTier(slice=6, up_to=100), CommissionTier(slice=9)],
    currency=CURRENCY,
    basis="attainment",
    per="period",
    every="quarter",
    draw=Draw(amount=Money(2_500, CURRENCY)),
    name="Sellers",
)

RATES = RateTable(date(2026, 6, 1), [("CHF", "EUR", "1.06"), ("SEK", "EUR", "0.0925"), ("USD", "EUR", "0.87")])
