"""Examples of what is expected of points, and of the price that they were sold for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from relex.loyalty import RateByAge, RedemptionEstimate, RevenueSchedule
from relex.money import Money

__all__ = ["examples"]


def examples() -> list[object]:
    """Rates, an estimate, a schedule."""
    estimates = [
        RedemptionEstimate(on=date(2026, 12, 31), redeemed=4_500, expected=9_500, outstanding=5_000),
        RedemptionEstimate(on=date(2027, 12, 31), redeemed=8_500, expected=Fraction(29_101, 3)),
    ]
    return [
        RateByAge(["0.80", Fraction(2, 3), 0]),
        *estimates,
        RevenueSchedule(allocated=Money(8_676, "USD"), estimates=estimates, quantum=1),
    ]
