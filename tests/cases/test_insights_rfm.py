"""Worked cases of RFM: the facts, three ways of scoring, nested scores, the default map."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from strategies_insights import F6, ten_rows

from relex.insights import RF_10, RF_11, FixedScores, PurchaseHistory, QuantileScores, RankScores, rfm

if TYPE_CHECKING:
    from relex.insights._scores import Scores

TEN = PurchaseHistory.from_rows(ten_rows(), as_of=date(2024, 1, 31))
FIXED = FixedScores(recency=(7, 30, 90, 365), frequency=(2, 3, 5, 10), monetary=(50, 100, 250, 500))


def test_c7_the_three_facts() -> None:
    """Recency in days, frequency in purchase periods, total and mean."""
    table = rfm(PurchaseHistory.from_rows(F6, as_of=date(2015, 2, 7)))
    facts = [(row.recency, row.frequency, row.total, row.mean) for row in table]

    assert facts == [
        (1, 2, 3, Fraction(3, 2)), (37, 1, 2, 2), (33, 3, 9, 3), (2, 3, 18, 6), (20, 3, 12, 4), (5, 1, 5, 5)
    ]  # fmt: skip


def test_c8_rank_scores_and_segments() -> None:
    table = rfm(TEN)

    assert {row.customer: (row.code, row.segment) for row in table} == {
        "a": ("555", "Champions"), "b": ("511", "New"), "c": ("444", "Loyal"), "d": ("344", "Loyal"),
        "e": ("311", "About to Sleep"), "f": ("333", "Need Attention"), "g": ("255", "Can't Lose"),
        "h": ("211", "Hibernating"), "i": ("133", "At Risk"), "j": ("111", "Lost"),
    }  # fmt: skip
    assert [bins.sizes for bins in table.bins] == [(2, 2, 3, 1, 2), (4, 0, 2, 2, 2), (4, 0, 2, 2, 2)]


@pytest.mark.parametrize(
    ("scores", "codes"),
    [
        (RankScores(5, nested=True), "531 511 411 341 311 321 231 211 131 111"),
        (QuantileScores(5), "555 522 444 344 322 333 255 221 133 122"),
        (FIXED, "555 511 433 434 411 322 245 211 222 111"),
    ],
    ids=["C9", "C10", "C11"],
)
def test_other_ways_of_scoring_the_same_ten(scores: Scores, codes: str) -> None:
    assert " ".join(str(row.code) for row in rfm(TEN, scores=scores)) == codes


def test_c10_cut_points_of_quantiles() -> None:
    table = rfm(TEN, scores=QuantileScores(5))

    assert [bins.cuts for bins in table.bins] == [
        (Fraction("8.6"), 25, 60, 112), (1, Fraction("1.6"), Fraction("2.8"), 5), (20, 44, 84, 348)
    ]  # fmt: skip


def test_c13_the_two_maps_differ_in_one_cell() -> None:
    """`RF_10` is the map of common use."""
    differing = [code for code in RF_11.codes if RF_11.segment(code) != RF_10.segment(code)]

    assert differing == ["11"]
    assert (RF_11.segment("11"), RF_10.segment("11")) == ("Lost", "Hibernating")
