"""Worked cases of health scores."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from relex.scoring import Measure, ScoreBand, ScoreCard

NOW = datetime(2026, 6, 30, tzinfo=UTC)
MEASURES = [Measure(name=name, weight=weight, fact=name) for name, weight in (("a", 20), ("b", 15), ("c", 22))]


def card(missing: str = "drop") -> ScoreCard:
    return ScoreCard(MEASURES, combine="weighted_mean", missing=missing)


def test_weighted_mean() -> None:
    """FB-49. Source: Gainsight help."""
    score = card().score({"a": 47, "b": 59, "c": 21}, as_of=NOW)

    assert score.total == Fraction(2287, 57)
    assert score.show(10) == "40.1228070175"


@pytest.mark.parametrize(
    ("missing", "shown"),
    [
        pytest.param("drop", "52.1428571429", id="FB-49 drop"),
        pytest.param("zero", "32.0175438596", id="FB-49 zero"),
        pytest.param("neutral", "51.3157894737", id="FB-49 neutral"),
        pytest.param("require", "none (missing:c)", id="FB-49 require"),
    ],
)
def test_a_missing_measure(missing: str, shown: str) -> None:
    """Source: Gainsight help."""
    assert card(missing).score({"a": 47, "b": 59}, as_of=NOW).show(10) == shown


@pytest.mark.parametrize(
    ("total", "band"),
    [
        pytest.param(50, "red", id="FB-49 50"),
        pytest.param(51, "yellow", id="FB-49 51"),
        pytest.param(75, "yellow", id="FB-49 75"),
        pytest.param(76, "green", id="FB-49 76"),
        pytest.param(0, "red", id="FB-49 0"),
        pytest.param(100, "green", id="FB-49 100"),
    ],
)
def test_bands_by_upper_edge(total: int, band: str) -> None:
    """Source: Gainsight help."""
    bands = [ScoreBand("red", 0), ScoreBand("yellow", 50), ScoreBand("green", 75)]
    health = ScoreCard([MEASURES[0]], bands=bands, combine="weighted_mean", edges="upper")

    assert health.score({"a": Decimal(total)}, as_of=NOW).band == band
