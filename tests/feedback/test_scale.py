"""Scales: which scores may be given."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Scale

QUARTERS = Scale(0, 100, 25)


def test_scores_go_in_steps() -> None:
    assert list(QUARTERS.scores) == [0, 25, 50, 75, 100]


@pytest.mark.parametrize("other", [26, 125, -25, True, 25.0, "25", None, float("nan")], ids=repr)
def test_what_is_no_score(other: object) -> None:
    assert not QUARTERS.holds(other)
    with pytest.raises(InvalidValue, match="a score of the scale 0 to 100 in steps of 25"):
        QUARTERS.require("score", other)


def test_a_score_is_reversed_and_brought_to_percent() -> None:
    assert (Scale(1, 5).reverse(2), Scale(-2, 4).percent(0)) == (4, Fraction(100, 3))


@pytest.mark.parametrize("call", [QUARTERS.reverse, QUARTERS.percent], ids=["reverse", "percent"])
def test_only_scores_are(call: Any) -> None:
    with pytest.raises(InvalidValue, match="score"):
        call(30)


@pytest.mark.parametrize(
    "wrong",
    [(1, 1), (5, 1), (0, 10, 3), (0, 10, 0), (0, 20_000), (0.0, 5), (0, True), (0, 10**9 + 1), (-(10**400), 0)],
    ids=["no step", "upside down", "rest", "step 0", "too many", "float", "bool", "far", "farther"],
)
def test_what_is_no_scale(wrong: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidValue, match=r"Scale\."):
        Scale(*wrong)


def test_it_is_told_in_words() -> None:
    assert (str(Scale(1, 5)), str(QUARTERS)) == ("1 to 5", "0 to 100 in steps of 25")
