"""Scores: sizes, weights, cuts, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.insights import FixedScores, QuantileScores, RankScores, Weights

CUTS = {"recency": (7, 30), "frequency": (2, 5), "monetary": ("9.50", 100)}


def test_scores_may_differ_by_dimension() -> None:
    assert RankScores(recency=3, monetary=9).sizes == (3, 5, 9)
    assert FixedScores(recency=(7,), frequency=(2, 5), monetary=(1, 2, 3)).sizes == (2, 3, 4)


def test_ranks_have_no_cuts() -> None:
    assert RankScores().cuts("recency", [1, 2]) is None


def test_quantiles_of_nothing_are_none() -> None:
    assert QuantileScores().cuts("recency", []) is None
    assert QuantileScores().mapping("recency", []) == {}


def test_cuts_may_be_written_as_text() -> None:
    fixed = FixedScores(**CUTS)

    assert fixed.mapping("monetary", [9, 10, 100]) == {9: 1, 10: 2, 100: 3}
    assert fixed.nested is False


def test_fewer_days_score_higher() -> None:
    assert FixedScores(**CUTS).mapping("recency", [0, 7, 29, 30]) == {0: 3, 7: 2, 29: 2, 30: 1}
    assert QuantileScores(2).mapping("recency", [1, 3]) == {1: 2, 3: 1}


@pytest.mark.parametrize("k", [0, 1, 10, -5, 2.5, True, "5"])
def test_a_wrong_number_of_scores_is_refused(k: Any) -> None:
    with pytest.raises(InvalidValue, match=r"RankScores\.k"):
        RankScores(k)
    with pytest.raises(InvalidValue, match=r"QuantileScores\.monetary"):
        QuantileScores(monetary=k)


@pytest.mark.parametrize("cuts", [(), (5, 5), (5, 2), tuple(range(9)), (1.5,), "12"])
def test_wrong_cuts_are_refused(cuts: Any) -> None:
    with pytest.raises(InvalidValue, match="FixedScores"):
        FixedScores(**(CUTS | {"frequency": cuts}))


def test_weights_are_exact_and_not_all_zero() -> None:
    assert Weights(recency=Fraction(1, 2)).recency == Fraction(1, 2)
    with pytest.raises(InvalidValue, match="at least one weight above 0"):
        Weights(recency=0, frequency=0, monetary=0)
    with pytest.raises(InvalidValue, match=r"Weights\.recency"):
        Weights(recency=-1)


@pytest.mark.parametrize(
    "method", [RankScores(), QuantileScores(), FixedScores(recency=[1], frequency=[1], monetary=[1])]
)
def test_an_unknown_dimension_is_refused(method: Any) -> None:
    with pytest.raises(InvalidValue, match="recency, frequency, monetary"):
        method.mapping("loyalty", [1])


def test_cuts_are_listed() -> None:
    with pytest.raises(InvalidValue, match="FixedScores"):
        FixedScores(recency=5, frequency=[1], monetary=[1])  # type: ignore[arg-type]
