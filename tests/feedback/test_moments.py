"""Sums of x: what some answers could have, and what not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest

from relex.errors import InvalidValue
from relex.feedback import Cluster, Metric, Moments

NPS = Metric.nps()
SOME = NPS.read_scores([10, 7, 3], weights=[1, 2, 3]).moments
NONE = NPS.read_scores([]).moments


def test_sums_of_weighted_answers() -> None:
    assert attrs.astuple(SOME) == (3, 0, 20_000, 6, -200, 14, -800, 100_000)
    assert (SOME.mean, SOME.n_eff, SOME.spread) == (Fraction(-100, 3), Fraction(18, 7), 20_000)


def test_weighted_spread_is_around_the_weighted_mean() -> None:
    expected = Fraction(400, 3) ** 2 + 4 * Fraction(100, 3) ** 2 + 9 * Fraction(200, 3) ** 2

    assert SOME.weighted_spread == expected


def test_of_no_answers_nothing_is_known() -> None:
    assert (NONE.mean, NONE.n_eff, NONE.spread, NONE.weighted_spread) == (None, None, 0, 0)


def test_sums_of_two_samples_add_up() -> None:
    assert NPS.read_scores([10, 7, 3] * 2, weights=[1, 2, 3] * 2).moments == SOME + SOME
    with pytest.raises(TypeError):
        _ = SOME + 1  # type: ignore[operator]  # what is tested


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": 0},
        {"n": -1},
        {"w": Fraction(0)},
        {"w": Fraction(-6)},
        {"ww": Fraction(40)},
        {"ww": Fraction(1)},
        {"xx": Fraction(-1)},
        {"wwxx": Fraction(1)},
        {"x": 1.5},
        {"x": True},
        {"x": "1"},
    ],
    ids=repr,
)
def test_sums_that_no_answers_have(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match="Moments"):
        attrs.evolve(SOME, **wrong)


def test_no_answers_have_no_sums() -> None:
    with pytest.raises(InvalidValue, match="Moments"):
        Moments(**{**attrs.asdict(NONE), "w": 1})


def test_clusters_of_one_key_add_up() -> None:
    one = Cluster(key="a", w=Fraction(2), wx=Fraction(5))

    assert one + one == Cluster(key="a", w=Fraction(4), wx=Fraction(10))
    with pytest.raises(InvalidValue, match=r"Cluster\.key: expected the same cluster, a, got 'b'"):
        _ = one + attrs.evolve(one, key="b")
    with pytest.raises(TypeError):
        _ = one + 1  # type: ignore[operator]  # what is tested


@pytest.mark.parametrize("wrong", [{"w": Fraction(0)}, {"key": ""}, {"wx": 0.5}], ids=repr)
def test_what_is_no_cluster(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=r"Cluster|Moments"):
        Cluster(**{"key": "a", "w": Fraction(1), "wx": Fraction(1), **wrong})
