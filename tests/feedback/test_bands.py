"""Bands: what scores are called."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Band, Mean, Metric, Scale

STARS = Scale(1, 3)


def test_a_band_sorts_its_scores() -> None:
    band = Band("low", [2, 1, 1])

    assert (band.scores, str(band)) == ((1, 2), "low")


@pytest.mark.parametrize("scores", [[], [True], ["1"], 3], ids=["none", "bool", "text", "a number"])
def test_what_is_no_band(scores: Any) -> None:
    with pytest.raises(InvalidValue, match=r"Band\.scores"):
        Band("low", scores)


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        ([Band("all", (1, 2))], "every score in a band, 3 is in none"),
        ([Band("a", (1, 2)), Band("b", (2, 3))], "each score in one band only, got 2"),
        ([Band("a", (1, 2, 3, 4))], "a score of the scale 1 to 3, got 4"),
        ([Band("a", (1, 2)), Band("a", (3,))], "without two equal names"),
        (["a"], "each item a Band"),
    ],
    ids=["one is left", "twice", "off the scale", "one name", "text"],
)
def test_bands_part_the_scale(bands: Any, expected: str) -> None:
    with pytest.raises(InvalidValue, match=expected):
        Metric("stars", STARS, Mean(), bands=bands)


def test_a_score_is_in_its_band() -> None:
    metric = Metric("stars", STARS, Mean(), bands=[Band("low", (1, 2)), Band("high", (3,))])

    assert [metric.band(score) for score in STARS.scores] == ["low", "low", "high"]
    assert Metric("stars", STARS, Mean()).band(1) is None
    with pytest.raises(InvalidValue, match=r"band\.score"):
        metric.band(4)
