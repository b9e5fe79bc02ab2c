"""Intervals around readings: which method, from which sample, cut and widened to what."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Metric, PercentOfRange, Scale, Share, ShareOfMax

NPS = Metric.nps()
GOOD = Metric("good", Scale(0, 1), Share({1}))
STARS = Metric.rating()
NETS = ("adjusted_wald", "wald", "t", "score")
SHARES = ("wilson", "wilson_cc", "agresti_coull", "clopper_pearson", "jeffreys")


def net(promoters: int, passives: int, detractors: int) -> Any:
    """The reading of these counts."""
    return NPS.read_counts({"promoter": promoters, "passive": passives, "detractor": detractors})


@pytest.mark.parametrize(
    ("reading", "method"),
    [
        (NPS.read_scores([9, 3]), "adjusted_wald"),
        (GOOD.read_scores([1, 0]), "wilson"),
        (STARS.read_scores([1, 5]), "t"),
        (Metric.rating(method=ShareOfMax()).read_scores([1, 5]), "t"),
        (STARS.read_scores([1, 5], weights=[1, 2]), "weighted"),
        (NPS.read_scores([9, 3], weights=[1, 2], clusters=["a", "b"]), "clustered"),
    ],
    ids=["net", "share", "mean", "share of max", "weights", "clusters"],
)
def test_each_reading_has_its_method(reading: Any, method: str) -> None:
    assert reading.interval().method == reading.interval(method=method).method == method
    with pytest.raises(InvalidValue, match=r"interval\.method: expected one of"):
        reading.interval(method="bootstrap")


@pytest.mark.parametrize(
    "level",
    [0.95, 95, 0, 1, "0.95", Decimal(1), Decimal("NaN"), Fraction(-1, 2), Decimal("0.9999999999"), None],
    ids=repr,
)
def test_a_level_is_exact_and_between_nothing_and_all(level: Any) -> None:
    with pytest.raises(InvalidValue, match=r"interval\.level"):
        net(1, 1, 1).interval(level)


@pytest.mark.parametrize("level", [Fraction(1, 10**50), Decimal("0.5"), Fraction(999_999_999, 10**9)], ids=str)
@pytest.mark.parametrize("method", NETS + SHARES)
def test_extreme_levels_have_bounds(method: str, level: Any) -> None:
    reading = net(3, 1, 1) if method in NETS else GOOD.read_counts({1: 3, 0: 2})
    found = reading.interval(level, method)

    assert found.low <= reading.value <= found.high


@pytest.mark.parametrize("population", [4, 0, True, "10"])
def test_a_population_is_no_smaller_than_the_sample(population: Any) -> None:
    with pytest.raises(InvalidValue, match=r"interval\.population"):
        net(2, 2, 1).interval(population=population)


@pytest.mark.parametrize("method", NETS + SHARES)
def test_who_asks_everybody_knows(method: str) -> None:
    reading = net(2, 2, 1) if method in NETS else GOOD.read_counts({1: 3, 0: 2})
    found = reading.interval(method=method, population=5)

    assert float(reading.value) == pytest.approx(float(found.low))
    assert float(reading.value) == pytest.approx(float(found.high))


@pytest.mark.parametrize("method", NETS + SHARES)
def test_a_small_population_narrows(method: str) -> None:
    reading = net(20, 20, 10) if method in NETS else GOOD.read_counts({1: 30, 0: 20})
    wide, narrow = reading.interval(method=method), reading.interval(method=method, population=100)

    assert wide.raw_low < narrow.raw_low < narrow.raw_high < wide.raw_high


def test_means_and_weights_know_their_population() -> None:
    for reading in (STARS.read_scores([1, 5, 4]), STARS.read_scores([1, 5, 4], weights=[1, 2, 3])):
        wide, narrow = reading.interval(), reading.interval(population=4)

        assert float(narrow.high - narrow.low) * 3**0.5 == pytest.approx(float(wide.high - wide.low))  # type: ignore[operator]  # there are bounds


@pytest.mark.parametrize(
    ("reading", "method", "reason"),
    [
        (NPS.read_scores([None]), None, "no_scored"),
        (NPS.read_scores([9]), "t", "one_observation"),
        (STARS.read_scores([4]), None, "one_observation"),
        (STARS.read_scores([4], weights=[2]), None, "one_observation"),
        (STARS.read_scores([4, 5], clusters=["a", "a"]), None, "one_cluster"),
        (STARS.read_scores([], clusters=[]), None, "no_scored"),
    ],
    ids=["nothing", "t of one", "mean of one", "one weighted", "one cluster", "no cluster"],
)
def test_where_there_is_none_there_is_a_reason(reading: Any, method: str | None, reason: str) -> None:
    found = reading.interval(method=method)

    assert (found.estimate, found.low, found.high, found.reason) == (reading.value, None, None, reason)
    assert str(found) == f"no interval ({reason})"


def test_one_answer_in_each_cluster_gives_the_weighted_error() -> None:
    scores, weights = [9, 3, 7, 10], [1, 2, 3, 1]
    plain = NPS.read_scores(scores, weights=weights).interval()
    clustered = NPS.read_scores(scores, weights=weights, clusters=list("abcd"))

    assert (clustered.interval().raw_low, clustered.interval().raw_high) == (plain.raw_low, plain.raw_high)


def test_means_are_not_cut_and_percents_are() -> None:
    mean, percent = [Metric.rating(method=method).read_scores([5, 1]).interval() for method in (None, PercentOfRange())]

    assert (mean.clamped, mean.low == mean.raw_low) == (False, True)
    assert (percent.clamped, percent.low, percent.high) == (True, 0, 100)


def test_no_spread_gives_no_width() -> None:
    found = STARS.read_scores([4, 4, 4]).interval()

    assert (found.low, found.high, found.widened) == (4, 4, False)


@pytest.mark.parametrize("x", [0, 5])
def test_jeffreys_is_widened_to_its_estimate(x: int) -> None:
    found = GOOD.read_counts({1: x, 0: 5 - x}).interval(method="jeffreys")

    assert (found.widened, found.estimate in (found.low, found.high)) == (True, True)


@pytest.mark.parametrize("method", ["wilson", "wilson_cc", "clopper_pearson"])
def test_none_begins_at_nothing_and_all_ends_at_all(method: str) -> None:
    none, everyone = [GOOD.read_counts({1: x, 0: 5 - x}).interval(method=method) for x in (0, 5)]

    assert (none.raw_low, everyone.raw_high) == (0, 100)


def test_unanswered_questions_widen_the_denominator() -> None:
    found = NPS.read_scores([10, 10, None, None], count="responded").interval(method="wald")

    assert (found.estimate, float(found.high or 0)) == (50, pytest.approx(99, abs=0.1))


def test_it_is_told_in_words() -> None:
    assert str(net(57, 31, 12).interval(Decimal("0.999"))) == "20.9 to 66.5 (99.9 %, adjusted_wald)"


def test_a_level_is_not_rounded_to_all() -> None:
    assert str(net(57, 31, 12).interval(Decimal("0.999999999"))).endswith("(99.9999999 %, adjusted_wald)")


def test_jeffreys_has_bounds_at_every_level() -> None:
    """Source: scipy 1.17, beta.ppf of both halves of what is left out, with 0.5 and 20.5."""
    found = Metric.csat().read_counts({1: 20}).interval(Decimal("0.999999999"), "jeffreys")

    assert [float(bound) for bound in (found.raw_low, found.raw_high) if bound is not None] == pytest.approx(
        [9.6955345e-19, 61.480039], rel=1e-7, abs=0
    )
