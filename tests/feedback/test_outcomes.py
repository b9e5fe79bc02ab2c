"""What customers did after they gave a score."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.feedback import Metric, point_worth, retention_by_band, value_at_risk
from relex.money import Money

SCORES = {"a": 10, "b": 9, "c": 8, "d": 7, "e": 5, "f": 2}
REVENUE = {"a": 900, "b": 700, "c": 600, "d": 500, "e": 500, "f": 200}


def test_the_slope_and_what_is_around_it() -> None:
    """Source: the digits of scipy.stats.linregress and its t quantile, over the same six points."""
    found = point_worth(SCORES, REVENUE)

    assert (found.slope, found.n, found.dropped, found.currency) == (Fraction(9, 4), 6, 0, None)
    assert found.low is not None
    assert found.high is not None
    assert found.p_value is not None
    assert (round(found.low, 8), round(found.high, 8), round(found.p_value, 8)) == (
        Decimal("0.40265530"),
        Decimal("4.09734470"),
        Decimal("0.02774411"),
    )
    assert found.r2 == Fraction(243, 328)


def test_those_with_only_one_of_the_two_are_counted() -> None:
    """A score without an outcome, and an outcome without a score."""
    found = point_worth({**SCORES, "g": 3}, {**REVENUE, "h": 5, "i": 6})

    assert (found.n, found.dropped) == (6, 3)


def test_it_says_that_it_is_an_association() -> None:
    """In words and in the table."""
    found = point_worth(SCORES, {who: Money(amount, "EUR") for who, amount in REVENUE.items()})

    assert "2.25 EUR per customer" in str(found)
    assert str(found).endswith("an association, not a cause")
    assert "differ in other ways" in found._repr_html_()
    assert (found.as_figure().unit, found.as_figure().part("n")) == ("EUR", 6)


@pytest.mark.parametrize(
    ("scores", "outcomes", "reason"),
    [
        pytest.param({}, {}, "too_few", id="nobody"),
        pytest.param({"a": 1, "b": 9}, {"a": 1, "b": 2}, "too_few", id="two"),
        pytest.param({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 2, "c": 3}, "no_variance", id="one band"),
    ],
)
def test_without_enough_there_is_no_slope(scores: dict[str, int], outcomes: dict[str, int], reason: str) -> None:
    """None with a reason, never 0."""
    found = point_worth(scores, outcomes)

    assert (found.slope, found.low, found.p_value, found.r2, found.reason) == (None, None, None, None, reason)
    assert str(found).startswith(f"no worth of a point of nps ({reason}")
    assert found.as_figure().reason == reason
    assert reason in found._repr_html_()


def test_a_line_that_fits_exactly_has_no_p_value() -> None:
    """And its interval is one point."""
    found = point_worth({"a": 10, "b": 8, "c": 2}, {"a": 3, "b": 2, "c": 1})

    assert (found.slope, found.low, found.high, found.p_value) == (
        Fraction(1, 100),
        Decimal("0.01"),
        Decimal("0.01"),
        None,
    )
    assert (found.r2, found.reason) == (1, "exact_fit")


def test_an_outcome_that_never_differs_has_no_share_of_variance() -> None:
    """The slope is 0: here that is a value."""
    found = point_worth({"a": 10, "b": 8, "c": 2}, {"a": 5, "b": 5, "c": 5})

    assert (found.slope, found.r2) == (0, None)


def test_another_metric() -> None:
    """A point of a rating is a point of its scale."""
    found = point_worth({"a": 1, "b": 3, "c": 5}, {"a": 10, "b": 20, "c": 40}, Metric.rating())

    assert found.slope == Fraction(15, 2)


@pytest.mark.parametrize(
    ("scores", "outcomes", "message"),
    [
        pytest.param({"a": 11}, {"a": 1}, "a score of the scale", id="off the scale"),
        pytest.param({"a": 1}, {"a": 1.5}, "Money, or an int", id="float"),
        pytest.param({"a": 1, "b": 2}, {"a": 1, "b": Money(1, "EUR")}, "only money, or only numbers", id="mixed"),
        pytest.param([1], {}, "from customers to scores", id="no scores"),
        pytest.param({}, [1], "from customers to outcomes", id="no outcomes"),
    ],
)
def test_what_is_refused(scores: Any, outcomes: Any, message: str) -> None:
    """The message says what was allowed."""
    with pytest.raises(InvalidValue, match=message):
        point_worth(scores, outcomes)


def test_two_currencies_are_refused() -> None:
    """Nobody converts in silence."""
    with pytest.raises(CurrencyMismatch):
        point_worth({"a": 1, "b": 2}, {"a": Money(1, "USD"), "b": Money(1, "EUR")})


def test_who_stayed_by_band() -> None:
    """Each band is a reading with an interval; a band without a score is left out."""
    stayed = {"a": True, "b": True, "c": False, "e": False, "z": True}
    found = retention_by_band(SCORES, stayed)

    assert [(name, reading.value, reading.n) for name, reading in found.bands] == [
        ("promoter", 100, 2),
        ("passive", 0, 1),
        ("detractor", 0, 1),
    ]
    assert found.unknown == 2
    assert found["passive"].interval().method == "wilson"
    assert "wilson" in found._repr_html_()


def test_what_was_lost_can_be_put_at_risk() -> None:
    """The share that left is the probability that the caller may choose; a band of which nothing is known has none."""
    found = retention_by_band({"a": 10, "b": 2, "c": 3, "d": 8}, {"a": True, "b": False, "c": True})
    risk = value_at_risk({"detractor": Money(100, "USD"), "promoter": Money(70, "USD")}, found.losses)

    assert found.losses == {"promoter": 0, "detractor": Fraction(1, 2)}
    assert risk.total == Money(50, "USD")
    assert "passive none (no_scored)" in str(found)


def test_a_metric_without_bands_goes_by_score() -> None:
    """One line for each score that was given."""
    found = retention_by_band({"a": 4, "b": 5}, {"a": True, "b": True}, Metric.rating())

    assert [name for name, _ in found.bands] == ["4", "5"]


def test_nobody_gave_a_score() -> None:
    """It says so."""
    assert str(retention_by_band({}, {})) == "retention by nps: nobody gave a score; 0 unknown"


def test_a_band_of_which_nothing_is_known_has_no_percent() -> None:
    """The reason stands for the share."""
    found = retention_by_band({"a": 9}, {})

    assert str(found) == "retention by nps: promoter none (no_scored) (n 0); 1 unknown"
    assert ">none (no_scored)</td>" in found._repr_html_()


def test_a_band_that_is_not_there() -> None:
    """It is not found."""
    with pytest.raises(NotFound, match="fans"):
        _ = retention_by_band({}, {})["fans"]


def test_who_stayed_is_true_or_false() -> None:
    """1 is neither."""
    with pytest.raises(InvalidValue, match="True or False"):
        retention_by_band({"a": 1}, {"a": 1})  # type: ignore[dict-item]  # what is tested
