from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import OutcomeRates, outcome_rates

NEEDING_E = ("CON2", "LOC2", "REF2", "RR3", "RR4")
SOME = {"I": 2, "R": 1, "UO": 1}


@pytest.mark.parametrize("name", NEEDING_E)
def test_a_rate_that_needs_e_is_refused_without_it(name: str) -> None:
    with pytest.raises(InvalidValue, match=r"OutcomeRates\.e"):
        OutcomeRates(SOME).rate(name)


def test_rates_that_need_e_are_left_out_without_it() -> None:
    names = [name for name, _ in OutcomeRates(SOME).rates()]

    assert len(names) == 13
    assert not set(names) & set(NEEDING_E)


def test_nothing_by_nothing_is_no_rate() -> None:
    figure = OutcomeRates({"NE": 3}, e=1).rate("RR1")

    assert (figure.value, figure.reason) == (None, "zero_denominator")


def test_a_share_of_nothing_is_no_share() -> None:
    rates = OutcomeRates({"UO": 3}, e="proportional")

    assert rates.eligible_share().reason == "zero_denominator"
    assert rates.rate("RR3").reason == "zero_denominator"


def test_a_share_that_is_not_said_is_none() -> None:
    assert OutcomeRates(SOME).eligible_share().reason == "not_said"


def test_a_rate_carries_its_parts() -> None:
    figure = OutcomeRates(SOME, e=Decimal("0.5")).rate("RR3")

    assert (figure.numerator, figure.denominator) == (2, Fraction(7, 2))
    assert figure.part("UO") == 1
    assert figure.method == "AAPOR RR3 = I/(E + e U)"
    assert dict(figure.parameters) == {"e": Fraction(1, 2), "weighted": False}


def test_codes_that_are_not_given_are_none_of_them() -> None:
    rates = OutcomeRates(SOME)

    assert (rates.count("I"), rates.count("NE")) == (2, 0)


def test_counts_may_be_pairs_in_any_order() -> None:
    assert OutcomeRates(SOME) == OutcomeRates([("UO", 1), ("R", 1), ("I", 2)])


@pytest.mark.parametrize(
    ("counts", "more", "path"),
    [
        pytest.param({"X": 1}, {}, "counts", id="unknown code"),
        pytest.param({"I": -1}, {}, r"counts\.I", id="below 0"),
        pytest.param({"I": 0.5}, {}, r"counts\.I", id="a float"),
        pytest.param([("I", 1), ("I", 2)], {}, "each code once", id="a code given twice"),
        pytest.param(["I"], {}, "counts", id="no pairs"),
        pytest.param("I", {}, "counts", id="a text"),
        pytest.param({}, {"e": Decimal("1.1")}, r"\.e", id="a share above 1"),
        pytest.param({}, {"e": "most"}, r"\.e", id="unknown share"),
    ],
)
def test_counts_and_share_are_checked(counts: Any, more: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        OutcomeRates(counts, **more)


@pytest.mark.parametrize("name", ["RR7", "response rate", None])
def test_there_is_no_other_rate(name: Any) -> None:
    with pytest.raises(InvalidValue, match=r"OutcomeRates\.rate\.name"):
        OutcomeRates(SOME).rate(name)


def test_there_is_no_other_code() -> None:
    with pytest.raises(InvalidValue, match=r"OutcomeRates\.count\.code"):
        OutcomeRates(SOME).count("U")


def test_cases_are_counted() -> None:
    assert outcome_rates(["I", "UO", "R", None, "I"]) == OutcomeRates(SOME)


def test_weights_take_the_place_of_counts() -> None:
    rates = outcome_rates(["I", "I", "R", None], weights=[2, Fraction(1, 2), Decimal("1.5"), 7])

    assert rates.counts[:3] == (("I", Fraction(5, 2)), ("P", 0), ("R", Fraction(3, 2)))
    assert (rates.weighted, rates.rate("RR5").value) == (True, Fraction(5, 8))


@pytest.mark.parametrize(
    ("cases", "more", "path"),
    [
        pytest.param(["X"], {}, r"outcomes\[0\]", id="unknown code"),
        pytest.param(["I"], {"weights": [1, 2]}, r"outcome_rates\.weights", id="too many weights"),
        pytest.param(["I"], {"weights": [0]}, r"weights\[0\]", id="a weight of 0"),
        pytest.param("I", {}, r"outcome_rates\.outcomes", id="a text"),
        pytest.param(["I"], {"bounced": "NC"}, r"outcome_rates\.bounced", id="another word for bounced"),
    ],
)
def test_cases_are_checked(cases: Any, more: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        outcome_rates(cases, **more)


def test_it_says_what_it_is() -> None:
    text = str(OutcomeRates(SOME))

    assert text.startswith("I 2, P 0, R 1, NC 0, O 0, UH 0, UO 1, NE 0; percent: CON1 75.0, CON3 100.0,")
    assert "RR1 50.0, RR2 50.0, RR5 66.7" in text


def test_it_shows_itself_as_a_table() -> None:
    html = OutcomeRates(SOME)._repr_html_()

    assert "LOC1" in html
    assert "E/(E + U)" in html
    assert "(I + P + R + O)/E" in html
