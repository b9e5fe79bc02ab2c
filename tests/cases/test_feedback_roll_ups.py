"""Feedback rolled up by account: the worked case of feedback, section 9."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.feedback import AccountRollUp, Answer, Metric, Response, readings_by, roll_up_accounts
from relex.money import Money

NPS = Metric.nps()
AT = datetime(2026, 5, 1, tzinfo=UTC)
ROWS = (
    "1,A,dm,500,9  2,A,eu,500,10  3,A,eu,500,10  4,A,inf,500,8  5,B,dm,200,6  6,B,eu,200,9  "
    "7,C,dm,100,10  8,D,inf,150,7  9,D,eu,150,3  10,E,dm,50,0  11,E,dm,50,5  12,E,eu,50,9"
)
TABLE = [row.split(",") for row in ROWS.split()]
REVENUE = {account: Money(int(amount), "USD") for _, account, _, amount, _ in TABLE}
RESPONSES = [
    Response(
        submission=number,
        survey="relationship",
        at=AT,
        answers=(Answer("q1", int(score)),),
        contact=f"c{number}",
        account=account,
        role=role,
    )
    for number, account, role, _, score in TABLE
]
ROLES = {
    "role_weighted": {"role_weights": {"dm": 2, "inf": 1, "eu": 1}},
    "most_senior": {"seniority": ("dm", "inf", "eu")},
}


def rolled(method: str, **more: Any) -> AccountRollUp:
    """The table rolled up."""
    return roll_up_accounts(RESPONSES, NPS, question="q1", method=method, **ROLES.get(method, {}), **more)


def test_fb_39_all_responses_with_and_without_clusters() -> None:
    """Source: own; the errors are those of the R package survey."""
    found = rolled("all_responses")

    assert found.value == Fraction(50, 3)
    assert found.unclustered_error is not None
    assert found.standard_error is not None
    assert (round(found.unclustered_error, 10), round(found.standard_error, 10)) == (
        Decimal("27.0614713629"),
        Decimal("29.8691849550"),
    )


def test_fb_39_responses_weighted_by_role() -> None:
    """Source: own; the errors are those of the R package survey."""
    found = rolled("role_weighted")

    assert found.value == Fraction(100, 17)
    assert found.unclustered_error is not None
    assert found.standard_error is not None
    assert (round(found.unclustered_error, 10), round(found.standard_error, 10)) == (
        Decimal("30.8489950716"),
        Decimal("36.4760703154"),
    )
    assert round(float(found.overall.n_eff or 0), 10) == 10.7037037037


def test_fb_39_the_number_of_each_account() -> None:
    """Source: own."""
    found = rolled("account_mean")

    assert {each.account: each.value for each in found.accounts} == {
        "A": 75,
        "B": 0,
        "C": 100,
        "D": -50,
        "E": Fraction(-100, 3),
    }


@pytest.mark.parametrize(
    ("method", "more", "plain", "by_revenue"),
    [
        pytest.param("account_mean", {}, Fraction(55, 3), Fraction(115, 3), id="account_mean"),
        pytest.param("mean_then_classify", {}, 0, 40, id="mean_then_classify"),
        pytest.param("role_weighted", {"level": "account"}, Fraction(22, 3), Fraction(197, 6), id="role_weighted"),
        pytest.param("most_senior", {}, 0, 35, id="most_senior"),
        pytest.param("worst_case", {}, -40, -30, id="worst_case"),
    ],
)
def test_fb_39_accounts_plain_and_by_revenue(
    method: str, more: dict[str, str], plain: Fraction, by_revenue: Fraction
) -> None:
    """Source: own; 197/6 is 32.8333333333."""
    values = rolled(method, **more).value, rolled(method, **more, revenue=REVENUE).value

    assert values == (plain, by_revenue)


def test_fb_39_responses_weighted_by_the_revenue_of_their_account() -> None:
    """Each response weighs revenue / (responses in the account): the mean of accounts by revenue.

    Source: feedback, section 9.
    """
    counts = {
        account: reading.n for account, reading in readings_by(RESPONSES, NPS, question="q1", by="account").groups
    }
    weights = [Fraction(REVENUE[str(each.account)].amount) / counts[str(each.account)] for each in RESPONSES]
    reading = NPS.read(RESPONSES, question="q1", weights=weights)

    assert reading.value == rolled("account_mean", revenue=REVENUE).value
