"""Worked cases of commissions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.money import Money
from relex.pipeline import CommissionCredit, CommissionPlan, CommissionTier, statement

MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
STEPS = [
    CommissionTier(slice=1, up_to=1_000),
    CommissionTier(slice=2, up_to=3_000),
    CommissionTier(slice=3, up_to=8_000),
    CommissionTier(slice=5, up_to=20_000),
]


def usd(amount: int | str) -> Money:
    return Money(amount, "USD")


def earned(plan: CommissionPlan, *amounts: int, quota: Money | None = None) -> list[Money]:
    return [plan.commission(usd(amount), quota=quota).earned for amount in amounts]


def test_step_rates_pay_each_transaction_alone() -> None:
    """PL-70. Source: Oracle incentive compensation, step rates."""
    plan = CommissionPlan("steps", STEPS, currency="USD", capped=True)
    amounts = (200, 300, 1_500, 1_200, 2_000, 4_500)
    start = datetime(2026, 5, 4, tzinfo=UTC)
    deals = [
        CommissionCredit(f"d{number}", payee="ann", amount=usd(amount), at=start + timedelta(days=number))
        for number, amount in enumerate(amounts)
    ]
    found = statement(plan, deals, payee="ann", period=MAY)

    assert [line.earned for line in found.lines] == [usd(pay) for pay in (2, 3, 20, 14, 30, 95)]
    assert found.earned == usd(164)


def test_whole_rates_go_back_to_the_first_dollar() -> None:
    """PL-71. Source: Oracle incentive compensation, splitting options; the second amount is our own."""
    plan = CommissionPlan(
        "flat",
        [
            CommissionTier(whole=1, up_to=10_000),
            CommissionTier(whole=2, up_to=50_000),
            CommissionTier(whole=3, up_to=100_000),
            CommissionTier(whole=4),
        ],
        currency="USD",
    )

    assert [plan.commission(usd(amount)).rate for amount in (5_000, 10_000, 15_000, 60_000)] == [1, 1, 2, 3]


def test_slices_up_to_a_cap() -> None:
    """PL-72. Source: a public article on commission plans (bonuspaycalc)."""
    plan = CommissionPlan(
        "slices",
        [CommissionTier(slice=5, up_to=100_000), CommissionTier(slice=7, up_to=250_000)],
        currency="USD",
        capped=True,
    )
    found = plan.commission(usd(180_000))

    assert [part.paid for part in found.parts] == [5_000, 5_600]
    assert found.earned == usd(10_600)


def test_amounts_are_earned_in_proportion() -> None:
    """PL-73. Source: own."""
    plan = CommissionPlan(
        "bonus",
        [CommissionTier(amount=20, up_to=500), CommissionTier(amount=80, up_to=1_500)],
        currency="USD",
        capped=True,
    )

    assert earned(plan, 250, 500, 1_000, 1_500) == [usd(10), usd(20), usd(60), usd(100)]


def test_attainment_of_a_quota() -> None:
    """PL-74. Source: own."""
    plan = CommissionPlan(
        "quota",
        [CommissionTier(whole=4, up_to=50), CommissionTier(whole=8, up_to=100), CommissionTier(slice=12)],
        currency="USD",
        basis="attainment",
    )

    assert earned(plan, 50, 51, 100, 150, quota=usd(100)) == [usd(2), usd("4.08"), usd(8), usd(14)]


@pytest.mark.parametrize(("rate", "pays"), [(0, 0), (10, 50), (100, 500)])
def test_rates_from_nothing_to_everything(rate: int, pays: int) -> None:
    """PL-75. Source: ERPNext selling tests."""
    plan = CommissionPlan("flat", [CommissionTier(whole=rate)], currency="USD")

    assert plan.commission(usd(500)).earned == usd(pays)


@pytest.mark.parametrize("rate", [-1, 101])
def test_other_rates_are_refused(rate: int) -> None:
    """PL-75. Source: ERPNext selling tests."""
    with pytest.raises(InvalidValue, match="at least 0 and at most 100"):
        CommissionTier(whole=rate)
