"""Revenue by what customers said, and of those who match a rule."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.feedback import (
    Answer,
    Band,
    Mean,
    Metric,
    Response,
    Scale,
    revenue_by_class,
    roll_up_accounts,
    value_where,
)
from relex.money import Money
from relex.parties import Hierarchy, Tie
from relex.rules import field


def usd(amount: int) -> Money:
    """So many dollars."""
    return Money(amount, "USD")


REVENUE = {"a": usd(100), "b": usd(200), "c": usd(300), "d": usd(400)}
RESPONSES = [
    Response(
        submission=contact,
        survey="nps",
        at=datetime(2026, 5, 1, tzinfo=UTC),
        answers=(Answer("q1", score),),
        contact=contact,
        account=account,
    )
    for contact, account, score in (("x", "a", 10), ("y", "a", 2), ("z", "b", None), ("w", None, 1))
]


def test_an_account_that_answered_without_a_score_is_unscored() -> None:
    """And one that was not asked is not the same as one that did not answer."""
    found = revenue_by_class({"a": "promoter", "b": None}, REVENUE, asked=["a", "c"])

    assert {name: amount for name, amount in found.parts if amount} == {
        "promoter": usd(100),
        "unscored": usd(200),
        "no_response": usd(300),
        "not_surveyed": usd(400),
    }
    assert dict(found.accounts)["unscored"] == 1
    assert (found.total, found.asked, found.scored) == (usd(1000), usd(600), usd(100))


def test_without_a_scored_account_there_is_no_net() -> None:
    """None with a reason, not 0."""
    found = revenue_by_class({"b": None}, REVENUE)

    assert (found.net, found.as_figure().reason) == (None, "no_scored")


def test_without_any_revenue_there_are_no_shares() -> None:
    """All accounts of 0."""
    found = revenue_by_class({"a": "passive"}, {"a": usd(0)})

    assert (found.net, found.asked_share, found.scored_share) == (None, None, None)
    assert str(found) == "revenue nps none (no_scored) by given (0.00 USD)"
    assert "0.0 %" in found._repr_html_()


def test_the_classes_of_a_roll_up_name_their_method() -> None:
    """The worst case of a is a detractor."""
    rolled = roll_up_accounts(RESPONSES, Metric.nps(), question="q1", method="worst_case")
    found = revenue_by_class(rolled, REVENUE)

    assert (found.method, found.part("detractor"), found.part("unscored")) == ("worst_case", usd(100), usd(200))
    assert str(found) == "revenue nps -100.0 by worst_case (1000.00 USD, 10 % of revenue scored)"
    assert "not_surveyed" in found._repr_html_()


def test_the_revenue_of_a_group_is_that_of_its_parts() -> None:
    """Of b and c, which belong to a, no revenue goes unasked."""
    group = Hierarchy(["a", "b", "c"], [Tie("b", "a"), Tie("c", "a")], as_of=RESPONSES[0].at)
    rolled = roll_up_accounts(RESPONSES, Metric.nps(), question="q1", method="worst_case", hierarchy=group)
    found = revenue_by_class(rolled, REVENUE, asked=["c"], hierarchy=group)

    assert (found.part("detractor"), found.part("no_response")) == (usd(600), usd(0))


def test_another_metric_with_bands() -> None:
    """The net of a share is the share of satisfied revenue."""
    found = revenue_by_class({"a": "satisfied", "b": "other"}, REVENUE, metric=Metric.csat())

    assert found.net == Fraction(100, 3)


def test_accounts_without_revenue_can_be_set_aside() -> None:
    """They are named."""
    found = revenue_by_class({"z": "passive"}, REVENUE, asked=["y"], missing_revenue="set_aside")

    assert found.set_aside == ("y", "z")


STARS = Scale(1, 3)


@pytest.mark.parametrize(
    ("classes", "more", "message"),
    [
        pytest.param({"a": "fan"}, {}, "promoter, passive, detractor, or None", id="unknown band"),
        pytest.param({"z": "passive"}, {}, "missing_revenue=set_aside", id="no revenue"),
        pytest.param([("a", "passive")], {}, "an AccountRollUp, or a mapping", id="no mapping"),
        pytest.param({}, {"metric": Metric.rating()}, "a metric with bands", id="no bands"),
        pytest.param(
            {},
            {"metric": Metric("stars", STARS, Mean(), bands=[Band("low", (1, 2)), Band("high", (3,))])},
            "one x for all scores of the band low",
            id="several x in a band",
        ),
        pytest.param({}, {"revenue": {}}, "at least one account", id="no revenue at all"),
        pytest.param({}, {"asked": [1]}, "each item a non-empty str", id="no account"),
    ],
)
def test_what_is_refused(classes: Any, more: dict[str, Any], message: str) -> None:
    """The message says what was allowed."""
    with pytest.raises(InvalidValue, match=message):
        revenue_by_class(classes, **{"revenue": REVENUE, **more})


def test_the_metric_of_a_roll_up_is_its_own() -> None:
    """Another one is refused."""
    rolled = roll_up_accounts(RESPONSES, Metric.nps(), question="q1", method="worst_case")

    with pytest.raises(InvalidValue, match="which was rolled up"):
        revenue_by_class(rolled, REVENUE, metric=Metric.csat())


def test_two_currencies_are_refused() -> None:
    """Nobody converts in silence."""
    with pytest.raises(CurrencyMismatch):
        revenue_by_class({}, {"a": usd(1), "b": Money(1, "EUR")})


def test_a_part_that_is_not_there() -> None:
    """It is not found."""
    with pytest.raises(NotFound, match="fans"):
        revenue_by_class({}, REVENUE).part("fans")


def test_the_revenue_of_responses_that_match_counts_each_account_once() -> None:
    """Two responses of one account, one without an account, and one of which the rule cannot tell."""
    found = value_where(field("answer.q1") <= 10, RESPONSES, REVENUE)

    assert found.value == usd(100)
    assert dict(found.parts) == {
        "accounts": 1,
        "revenue": usd(1000),
        "unknown": 1,
        "unlinked": 1,
        "without_revenue": 0,
    }


def test_nobody_matches() -> None:
    """Zero is a value."""
    assert value_where(field("answer.q1") > 10, RESPONSES, REVENUE).value == usd(0)


def test_a_matching_account_without_revenue() -> None:
    """It is refused, or counted apart."""
    given = [{"account": "z", "risk": True}]

    with pytest.raises(InvalidValue, match="missing_revenue=set_aside"):
        value_where(field("risk") == True, given, REVENUE)  # noqa: E712 - the notation of rules
    found = value_where(field("risk") == True, given, REVENUE, missing_revenue="set_aside")  # noqa: E712 - as above
    assert (found.value, found.part("without_revenue")) == (usd(0), 1)


@pytest.mark.parametrize(
    ("subjects", "revenue", "message"),
    [
        pytest.param(["a"], REVENUE, "has facts", id="a text"),
        pytest.param([], {}, "at least one account", id="no revenue"),
        pytest.param([{"account": ["a"]}], REVENUE, "account: expected a non-empty str, or None", id="two accounts"),
    ],
)
def test_what_has_no_facts_or_no_revenue_is_refused(subjects: Any, revenue: dict[str, Money], message: str) -> None:
    """The message says what was allowed."""
    with pytest.raises(InvalidValue, match=message):
        value_where(field("risk") >= 1, subjects, revenue)
