"""How a reading looks in a notebook."""

from __future__ import annotations

from typing import Any

import pytest

from relex.feedback import Band, Mean, Metric, Scale

NPS = Metric.nps()


def seen(reading: Any) -> str:
    """The markup."""
    return str(reading._repr_html_())


def test_it_has_the_interval_the_bands_and_the_statuses() -> None:
    page = seen(NPS.read_scores([10, 9, 7, 3, None]))

    assert "nps 25.0 points (n 4: 2 promoter, 1 passive, 1 detractor), -44.2 to 72.7 (95 %, adjusted_wald)" in page
    assert page.count("position:absolute") == 3
    assert [f"width:{share}%" in page for share in ("50.00", "25.00")] == [True, True]
    assert "counting what is scored: 4 scored, 1 unscored" in page


def test_without_bands_it_has_the_scores() -> None:
    page = seen(Metric.rating().read_scores([5, 5, 1]))

    assert ("display:flex" in page, "66.7 %" in page, page.count("position:absolute")) == (False, True, 2)


def test_where_there_is_no_interval_there_is_only_the_value() -> None:
    page = seen(Metric.rating().read_scores([5]))

    assert ("no interval (one_observation)" in page, page.count("position:absolute")) == (True, 1)


@pytest.mark.parametrize("metric", [NPS, Metric.rating()], ids=str)
def test_of_nothing_no_share_is_shown(metric: Metric) -> None:
    page = seen(metric.read_scores([]))

    assert ("none (no_scored)" in page, "0.0 %" in page, "position:absolute" in page) == (True, False, False)
    assert "counting what is scored: no answers" in page


def test_unanswered_questions_alone_have_a_value_and_no_bands() -> None:
    page = seen(NPS.read_scores([None], count="responded"))

    assert ("nps 0.0 points" in page, "display:flex" in page) == (True, False)


def test_weights_are_told() -> None:
    assert "weighted, as good as 1.8 answers" in seen(NPS.read_scores([9, 3], weights=[1, 2]))


def test_a_long_scale_is_not_listed() -> None:
    assert "<table" not in seen(Metric("slider", Scale(0, 100), Mean()).read_scores(range(50)))


def test_names_are_escaped() -> None:
    metric = Metric("<b>", Scale(0, 1), Mean(), bands=[Band('"><script>', (0, 1))])

    assert "<script>" not in seen(metric.read_scores([1]))
    assert "<b>" not in seen(metric.read_scores([1]))
