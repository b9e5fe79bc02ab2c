"""Examples of the stored forms of commissions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from relex.money import Money, Rounding
from relex.pipeline import CommissionBalance, CommissionCredit, CommissionPlan, CommissionTier, Draw
from relex.rules import field

__all__ = ["examples"]


def examples() -> list[object]:
    """At least one of each class."""
    advance = Draw(amount=Money(2_000, "USD"), recoverable=False, until=date(2026, 12, 31))
    steps = [
        CommissionTier(whole=Decimal("2.5"), up_to=50),
        CommissionTier(amount=800, up_to=Fraction(300, 4), above=50),
        CommissionTier(slice=Fraction(100, 3)),
    ]
    sold = CommissionCredit(
        "d1/7/ann",
        payee="ann",
        amount=Money("500.00", "USD"),
        at=datetime(2026, 11, 23, tzinfo=UTC),
        about={"region": "north", "tags": ("new", "large"), "since": date(2025, 1, 1), "sure": True, "age": None},
    )
    back = CommissionCredit(
        "d1/8/ann", payee="ann", amount=-sold.amount, at=datetime(2026, 12, 1, tzinfo=UTC), reverses=sold.id
    )
    plan = CommissionPlan(
        "reps-2026",
        steps,
        currency="USD",
        basis="attainment",
        per="cumulative",
        every="quarter",
        year_starts=4,
        rounding=Rounding.HALF_EVEN,
        when=field("region") == "north",
        lines=field("line.category") != "services",
        draw=advance,
        name="Reps",
        version=3,
    )
    owed = CommissionBalance(plan="reps-2026", payee="ann", through=date(2026, 7, 1), owed=Money("120.50", "USD"))
    return [*steps, advance, sold, back, plan, owed]
