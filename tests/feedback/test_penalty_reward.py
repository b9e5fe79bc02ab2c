"""Penalties and rewards, exact, and which data cannot tell."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import PenaltyRewards, penalty_reward

ROWS = [{"speed": speed, "overall": outcome} for speed, outcome in ((1, 2), (1, 4), (3, 6), (5, 7), (5, 7))]


def found(rows: Any = ROWS, names: Any = ("speed",), **more: Any) -> PenaltyRewards:
    """The penalties and rewards of these rows."""
    return penalty_reward(rows, more.pop("outcome", "overall"), names, **{"low": 2, "high": 4, **more})


def outcomes(low: int, middle: int, high: int) -> list[dict[str, int]]:
    """Rows of one attribute with these outcomes."""
    return [{"speed": speed, "overall": outcome} for speed, outcome in ((1, low), (3, middle), (5, high))]


def test_ends_are_compared_with_the_middle() -> None:
    result = found()
    speed = result.attributes[0]

    assert (result.intercept, speed.penalty, speed.reward, speed.impact_range) == (6, -3, 1, 4)
    assert (speed.asymmetry, speed.kind, result.r_squared) == (Fraction(-1, 2), "basic", Fraction(42, 47))


@pytest.mark.parametrize(
    ("rows", "asymmetry", "kind"),
    [
        (outcomes(1, 4, 5), Fraction(-1, 2), "basic"),
        (outcomes(3, 4, 7), Fraction(1, 2), "exciting"),
        (outcomes(3, 4, 5), 0, "performance"),
        (outcomes(4, 4, 4), None, "unclear"),
        (outcomes(5, 4, 7), None, "unclear"),
        (outcomes(3, 4, 2), None, "unclear"),
    ],
    ids=["basic", "exciting", "performance", "no range", "a penalty that pays", "a reward that costs"],
)
def test_kinds(rows: Any, asymmetry: Any, kind: str) -> None:
    attribute = found(rows).attributes[0]

    assert (attribute.asymmetry, attribute.kind) == (asymmetry, kind)


def test_the_cut_belongs_to_the_kind_beyond() -> None:
    rows = outcomes(1, 4, 5)

    assert [found(rows, cut=cut).attributes[0].kind for cut in (Decimal("0.5"), Fraction(51, 100))] == [
        "basic",
        "performance",
    ]


def test_without_variance_there_is_no_r_squared() -> None:
    assert found(outcomes(4, 4, 4)).r_squared is None


def test_missing_rows_are_counted_or_refused() -> None:
    rows = [*ROWS, {"speed": None, "overall": 1}, {"speed": 1}]

    assert (found(rows).n, found(rows).dropped, found(rows).attributes) == (5, 2, found().attributes)
    with pytest.raises(InvalidValue, match=r"penalty_reward\.rows\[5\]\.speed: expected a number"):
        found(rows, missing="raise")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"low": 4}, "low: expected a number below high, 4"),
        ({"low": 1.5}, "low"),
        ({"high": "4"}, "high"),
        ({"cut": 0}, "cut"),
        ({"missing": "zero"}, "missing"),
        ({"names": ()}, "names: expected at least one attribute, each once"),
        ({"names": ("speed", "speed")}, "names"),
        ({"names": "speed"}, "names"),
        ({"outcome": ""}, "outcome"),
        ({"rows": []}, "rows: expected at least one complete row, got 'no rows'"),
        ({"rows": [1]}, r"rows\[0\]: expected a mapping"),
        ({"rows": [{"speed": 1.5, "overall": 1}]}, r"rows\[0\]\.speed: expected an int, Decimal or Fraction"),
        ({"rows": ROWS[2:]}, "rows: expected ends that can be told apart from all others, got 'speed low'"),
        ({"rows": ROWS[:3]}, "'speed high'"),
        ({"rows": ROWS[:2] + ROWS[3:]}, "'speed high'"),
    ],
    ids=lambda it: None if isinstance(it, str) else next(iter(it)),
)
def test_what_is_refused(wrong: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidValue, match=rf"penalty_reward\..*{expected}"):
        found(**wrong)


def test_it_is_told_in_words_and_as_a_table() -> None:
    result = found()

    assert str(result) == "overall (n 5, dropped 0)\nspeed: -3.00, 1.00 (basic)"
    assert "an association, not a cause" in result._repr_html_()
    assert "none" in found(outcomes(4, 4, 4))._repr_html_()


def test_an_outcome_is_no_attribute() -> None:
    with pytest.raises(InvalidValue, match=r"penalty_reward\.outcome: expected a column that is no attribute"):
        found(outcome="speed")
