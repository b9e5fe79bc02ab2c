"""Revenue that may be lost, and growth that was earned."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import CurrencyMismatch, InvalidValue
from relex.feedback import earned_growth, earned_new, revenue_by_class, value_at_risk
from relex.figures import Figure
from relex.money import Money, Rounding

EUR = Money(0, "EUR")


def eur(amount: str) -> Money:
    """So many euros."""
    return Money(amount, "EUR")


def test_the_parts_of_revenue_by_class_are_taken_as_they_are() -> None:
    """Also the silent ones."""
    parts = revenue_by_class({"a": "detractor"}, {"a": eur("100"), "b": eur("50")})
    found = value_at_risk(parts, {"detractor": Fraction(1, 3), "not_surveyed": 1})

    assert [(part.name, part.at_risk) for part in found.parts] == [
        ("detractor", eur("33.33")),
        ("not_surveyed", eur("50")),
    ]
    assert (found.total, found.unrated) == (eur("83.33"), EUR)
    assert str(found).startswith("83.33 EUR at risk (detractor 33.33 EUR, not_surveyed 50.00 EUR; 0.00 EUR")
    assert "33.3 %" in found._repr_html_()


def test_rounding_is_named() -> None:
    """Part by part, to the minor unit."""
    found = value_at_risk({"a": eur("100")}, {"a": Fraction(1, 3)}, rounding=Rounding.UP)

    assert found.total == eur("33.34")


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        pytest.param({}, "at least one part", id="none"),
        pytest.param({"z": 1}, "one of a", id="unknown"),
        pytest.param({"a": Decimal("1.1")}, "at most 1", id="above 1"),
        pytest.param({"a": 0.5}, "int, Decimal or Fraction", id="float"),
    ],
)
def test_which_probabilities_are_refused(loss: dict[str, Any], message: str) -> None:
    """They are the caller's, and exact."""
    with pytest.raises(InvalidValue, match=message):
        value_at_risk({"a": eur("1")}, loss)


def test_the_revenue_of_new_customers_by_where_they_came_from() -> None:
    """Those of whom nobody knows are reported and not guessed."""
    new = {"a": eur("100"), "b": eur("50"), "c": eur("30"), "d": eur("5")}
    found = earned_new(new, {"a": "earned", "b": "bought", "d": None}, eur("1000"))

    assert found.value == Fraction(1, 10)
    assert dict(found.parts) == {"bought": eur("50"), "earned": eur("100"), "untagged": eur("35")}


def test_earned_growth_of_a_figure() -> None:
    """The share of `earned_new` goes in as it is."""
    share = earned_new({"a": eur("15")}, {"a": "earned"}, eur("100"))

    assert earned_growth(Decimal("1.10"), share).value == Fraction(1, 4)


def test_a_figure_in_percent_is_the_same_share() -> None:
    """15 percent are 0.15."""
    share = earned_new({"a": eur("15")}, {"a": "earned"}, eur("100"))

    assert earned_growth(Figure(110, "percent"), share.as_percent()) == earned_growth(Decimal("1.10"), share)


def test_revenue_of_the_year_before_is_not_below_0() -> None:
    """A growth over it would have the wrong sign."""
    with pytest.raises(InvalidValue, match="expected an amount of at least 0"):
        earned_new({"a": eur("15")}, {"a": "earned"}, eur("-100"))


def test_without_revenue_of_the_year_before_there_is_no_growth() -> None:
    """The reason goes on."""
    share = earned_new({}, {}, EUR)
    found = earned_growth(Figure(None, reason="no_data"), share)

    assert (found.value, found.reason, share.reason) == (None, "no_data", "zero_denominator")


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        pytest.param({"a": "luck"}, "one of earned, bought, or None", id="unknown source"),
        pytest.param({"z": "earned"}, "customers who have revenue", id="unknown customer"),
        pytest.param(["a"], "a mapping", id="no mapping"),
    ],
)
def test_which_sources_are_refused(sources: Any, message: str) -> None:
    """The message says what was allowed."""
    with pytest.raises(InvalidValue, match=message):
        earned_new({"a": eur("1")}, sources, eur("10"))


def test_two_currencies_are_refused() -> None:
    """Nobody converts in silence."""
    with pytest.raises(CurrencyMismatch):
        earned_new({"a": eur("1")}, {"a": "earned"}, Money(1, "USD"))


@pytest.mark.parametrize("rate", [1.1, -1, True], ids=str)
def test_a_rate_that_is_no_exact_number_is_refused(rate: Any) -> None:
    """A float is never exact."""
    with pytest.raises(InvalidValue, match="nrr"):
        earned_growth(rate, 0)
