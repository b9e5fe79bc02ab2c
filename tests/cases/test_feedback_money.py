"""Feedback and money: the worked cases of feedback, section 13."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from cases.test_feedback_roll_ups import REVENUE, rolled

from relex.feedback import earned_growth, revenue_by_class, value_at_risk
from relex.money import Money


def usd(amount: int) -> Money:
    """So many dollars."""
    return Money(amount, "USD")


def test_fb_46_revenue_by_class() -> None:
    """Source: own."""
    everybody = REVENUE | {"F": usd(400), "G": usd(600)}
    found = revenue_by_class(rolled("worst_case"), everybody, asked=("F",))

    assert dict(found.parts) == {
        "promoter": usd(100),
        "passive": usd(500),
        "detractor": usd(400),
        "unscored": usd(0),
        "no_response": usd(400),
        "not_surveyed": usd(600),
    }
    assert (found.net, found.asked_share, found.scored_share) == (-30, Fraction(7, 10), Fraction(1, 2))
    assert found.method == "worst_case"


def test_fb_47_value_at_risk() -> None:
    """Source: Promoter.io help."""
    parts = {name: usd(1_000) * count for name, count in (("promoter", 40), ("passive", 35), ("detractor", 25))}
    found = value_at_risk(parts, {"detractor": Decimal("0.5"), "passive": Decimal("0.3")})

    assert {part.name: part.at_risk for part in found.parts} == {"detractor": usd(12_500), "passive": usd(10_500)}
    assert (found.total, found.unrated) == (usd(23_000), usd(40_000))


def test_fb_47_what_promoters_may_bring() -> None:
    """Source: Promoter.io help."""
    found = value_at_risk({"promoter": usd(40_000)}, {"promoter": Decimal("0.3")})

    assert found.total == usd(12_000)


def test_fb_48_earned_growth() -> None:
    """Source: own."""
    found = earned_growth(Decimal("1.10"), Decimal("0.15"))

    assert found.value == Fraction(1, 4)
