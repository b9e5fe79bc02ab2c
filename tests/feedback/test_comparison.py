"""Comparisons: which test, what they say, and where they say nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Metric, Scale, Share, compare_paired, compare_readings

NPS = Metric.nps()
GOOD = Metric("good", Scale(0, 1), Share({1}))
STARS = Metric.rating()
EFFORT = Metric.ces(1)


def net(promoters: int, passives: int, detractors: int) -> Any:
    """The reading of these counts."""
    return NPS.read_counts({"promoter": promoters, "passive": passives, "detractor": detractors})


@pytest.mark.parametrize(
    ("a", "b", "method"),
    [
        (net(2, 1, 1), net(1, 1, 2), "net"),
        (GOOD.read_scores([1, 0]), GOOD.read_scores([0, 1, 1]), "newcombe"),
        (STARS.read_scores([1, 5]), STARS.read_scores([2, 2, 3]), "welch"),
        (STARS.read_scores([1, 5], weights=[1, 2]), STARS.read_scores([2, 3]), "weighted"),
        (NPS.read_scores([9, 3], clusters=["a", "b"]), net(1, 1, 1), "weighted"),
    ],
    ids=["net", "share", "mean", "weights", "clusters"],
)
def test_each_reading_has_its_method(a: Any, b: Any, method: str) -> None:
    found = compare_readings(a, b)

    assert (found.method, found.reason, found.difference) == (method, None, a.value - b.value)
    assert found.low < found.difference < found.high


@pytest.mark.parametrize(
    ("metric", "high", "low", "verdicts"),
    [(STARS, 5, 1, ["better", "worse"]), (EFFORT, 5, 1, ["worse", "better"])],
    ids=["up", "down"],
)
def test_what_is_better_follows_from_the_metric(metric: Metric, high: int, low: int, verdicts: list[str]) -> None:
    much, little = metric.read_scores([high] * 20 + [low]), metric.read_scores([low] * 20 + [high])

    assert [compare_readings(much, little).verdict, compare_readings(little, much).verdict] == verdicts
    assert compare_readings(much, much).verdict == "unclear"


@pytest.mark.parametrize(
    ("a", "b", "difference", "reason"),
    [
        (net(1, 0, 0), net(0, 0, 0), None, "no_scored"),
        (net(0, 0, 0), net(1, 0, 0), None, "no_scored"),
        (STARS.read_scores([4]), STARS.read_scores([1, 2]), Fraction(5, 2), "one_observation"),
        (STARS.read_scores([1, 2], weights=[1, 2]), STARS.read_scores([4]), Fraction(-7, 3), "one_observation"),
        (STARS.read_scores([1, 2], clusters=["a", "a"]), STARS.read_scores([4, 4]), Fraction(-5, 2), "one_cluster"),
    ],
    ids=["second empty", "first empty", "one star", "one weighted", "one cluster"],
)
def test_where_there_is_no_interval_there_is_a_reason(a: Any, b: Any, difference: Fraction | None, reason: str) -> None:
    found = compare_readings(a, b)

    assert (found.difference, found.low, found.high, found.p_value) == (difference, None, None, None)
    assert (found.reason, found.verdict, str(found)) == (reason, "unclear", f"unclear ({reason})")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (net(2, 0, 0), net(0, 0, 2)),
        (GOOD.read_scores([1, 1]), GOOD.read_scores([1])),
        (STARS.read_scores([5, 5]), STARS.read_scores([1, 1])),
        (STARS.read_scores([5, 5], weights=[1, 2]), STARS.read_scores([1, 1])),
    ],
    ids=["net", "share", "mean", "weights"],
)
def test_without_variance_there_is_no_p_value(a: Any, b: Any) -> None:
    found = compare_readings(a, b)

    assert (found.p_value, found.reason, found.verdict) == (None, "no_variance", "unclear")
    assert str(found).endswith("95 %, no_variance): unclear")


@pytest.mark.parametrize(
    ("b", "expected"),
    [
        (STARS.read_scores([5]), r"nps version 1 \(Net\(.*\) on 0 to 10; better up; promoter 9, 10;"),
        (Metric.nps(version=2).read_scores([9]), "nps version 1"),
        (NPS.read_scores([9], count="responded"), "counting what is scored"),
        ("reading", "a Reading"),
    ],
    ids=["metric", "version", "denominator", "text"],
)
def test_only_readings_of_one_kind_compare(b: Any, expected: str) -> None:
    with pytest.raises(InvalidValue, match=rf"compare_readings\.b: expected .*{expected}"):
        compare_readings(net(1, 1, 1), b)


@pytest.mark.parametrize("level", [0.95, Decimal(1)])
def test_a_level_is_exact(level: Any) -> None:
    with pytest.raises(InvalidValue, match=r"compare_readings\.level"):
        compare_readings(net(1, 1, 1), net(1, 1, 1), level=level)
    with pytest.raises(InvalidValue, match=r"compare_paired\.level"):
        compare_paired(NPS, [], level=level)


@pytest.mark.parametrize(
    "pairs",
    [[(9,)], [(9, 3, 4)], ["93"], [(9, None)], [(9, 11)], [9], "93"],
    ids=["one", "three", "text", "missing", "off the scale", "a number", "all text"],
)
def test_what_are_no_pairs(pairs: Any) -> None:
    with pytest.raises(InvalidValue, match=r"compare_paired\.pairs"):
        compare_paired(NPS, pairs)


@pytest.mark.parametrize(
    ("pairs", "difference", "reason"),
    [([], None, "no_scored"), ([(9, 3)], 200, "one_observation"), ([(9, 3), [10, 0]], 200, "no_variance")],
    ids=["none", "one", "all alike"],
)
def test_pairs_that_say_too_little(pairs: Any, difference: int | None, reason: str) -> None:
    found = compare_paired(NPS, pairs)

    assert (found.difference, found.reason, found.p_value) == (difference, reason, None)


def test_pairs_need_a_metric() -> None:
    with pytest.raises(InvalidValue, match=r"compare_paired\.metric"):
        compare_paired("nps", [])  # type: ignore[arg-type]  # what is tested


def test_it_is_told_in_words_and_as_a_table() -> None:
    clear, unclear = compare_readings(net(57, 31, 12), net(25, 45, 30)), compare_readings(net(5, 5, 5), net(5, 5, 5))

    assert str(clear) == "+50.0 (+30.1 to +69.9, 95 %, p < 0.0001): better"
    assert str(unclear) == "0.0 (-58.4 to +58.4, 95 %, p 1.0000): unclear"
    assert [word in clear._repr_html_() for word in ("+50.0", "+30.1", "p &lt; 0.0001", "better")] == [True] * 4
    assert "no_scored" in compare_readings(net(0, 0, 0), net(1, 1, 1))._repr_html_()
