"""Policies and weights: what they refuse."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs
import pytest

from relex.calendars import Days
from relex.errors import InvalidValue
from relex.matching import Circle, Comparison, MatchPolicy, MatchWeight, MatchWeights, probability
from relex.rules import field
from relex.scoring import Measure, ScoreCard, ScoreRule, Silence

if TYPE_CHECKING:
    from collections.abc import Callable

PEOPLE = MatchPolicy.people()
GIVEN = MatchWeight("given", m=["0.9", "0.1"], u=["0.1", "0.9"])
TWO = [Comparison("given"), Comparison("family")]


def policy(**more: object) -> MatchPolicy:
    return MatchPolicy("p", **{"comparisons": TWO, "keys": (), **more})  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: policy(comparisons=[*TWO, Comparison("given")]), "MatchPolicy.comparisons"),
        (lambda: policy(rule=field("email") == 1), "MatchPolicy.rule"),
        (lambda: policy(review=field("email") == 1), "MatchPolicy.review"),
        (lambda: policy(transposable=("given",)), "MatchPolicy.transposable"),
        (lambda: policy(transposable=("given", "given")), "MatchPolicy.transposable"),
        (lambda: policy(transposable=("given", "email")), "MatchPolicy.transposable"),
        (lambda: policy(circles=[("home", ["email"])]), "MatchPolicy.circles"),
        (lambda: policy(circles=[("home",)]), "MatchPolicy.circles"),
        (lambda: policy(link_at=-1), "MatchPolicy.link_at"),
        (lambda: policy(max_block=1), "MatchPolicy.max_block"),
        (lambda: policy(weights=MatchWeights("0.1", [attrs.evolve(GIVEN, comparison="email")])), "MatchPolicy.weights"),
        (
            lambda: policy(weights=MatchWeights("0.1", [MatchWeight("given", m=[1, 1, 1], u=[1, 1, 1])])),
            "MatchPolicy.weights",
        ),
        (
            lambda: policy(weights=ScoreCard([Measure(name="x", weight=1, fact="given")], combine="weighted_mean")),
            "MatchPolicy.weights",
        ),
        (
            lambda: policy(weights=ScoreCard([Silence(after=Days(1), every=Days(1), points=-1)])),
            "MatchPolicy.weights",
        ),
        (lambda: policy(weights=ScoreCard([ScoreRule("x", field("email") == 1, 1)])), "MatchPolicy.weights"),
        (lambda: MatchWeight("given", m=["0.9"], u=["0.1"]), "MatchWeight.m"),
        (lambda: MatchWeight("given", m=["0.9", "0.1"], u=["0.1"]), "MatchWeight.m"),
        (lambda: MatchWeight("given", m=["0.9", "0"], u=["0.1", "0.9"]), "MatchWeight.m"),
        (lambda: MatchWeights("1", [GIVEN]), "MatchWeights.prior"),
        (lambda: MatchWeights("0.1", [GIVEN, GIVEN]), "MatchWeights.parts"),
        (
            lambda: MatchWeights("0.1", [], circles=[Circle("a", "0.6", []), Circle("b", "0.4", [])]),
            "MatchWeights.circles",
        ),
        (lambda: probability(0.5), "probability.weight"),  # type: ignore[arg-type]  # the mistake
    ],
)
def test_mistakes(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        make()

    assert path == error.value.path


def test_shares_may_be_fractions() -> None:
    assert MatchWeights(Fraction(1, 2), []).prior == Decimal("0.5")  # type: ignore[arg-type]  # an exact number all the same


@pytest.mark.parametrize(("weight", "expected"), [(2000, 1), (-2000, 0)])
def test_far_out_probabilities(weight: int, expected: int) -> None:
    assert expected == probability(weight)


def test_policies_of_the_library() -> None:
    assert (PEOPLE.name, MatchPolicy.organizations().name) == ("people", "organizations")
    assert MatchPolicy.people([("jon", "jonathan")]) != PEOPLE
