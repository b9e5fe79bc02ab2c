"""Scores as weighted means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.calendars import Days
from relex.errors import InvalidValue
from relex.rules import field
from relex.scoring import Measure, ScoreAdjustment, ScoreCard, ScoreGroup, ScoreRule

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def measure(name: str, weight: int = 1, **more: Any) -> Measure:
    return Measure(**{"name": name, "weight": weight, "fact": name, **more})


def mean(*measures: Measure, **more: Any) -> ScoreCard:
    return ScoreCard(measures, combine="weighted_mean", **more)


class TestMeasures:
    @pytest.mark.parametrize(
        ("worst", "best", "found", "value"),
        [
            (0, 100, 40, 40),
            (-100, 100, -50, 25),
            (5, 1, 2, 75),
            (1, 7, Decimal("5.5"), 75),
            (0, 3, 1, Fraction(100, 3)),
        ],
    )
    def test_a_scale_brings_a_fact_to_0_to_100(self, worst: int, best: int, found: Any, value: Any) -> None:
        assert mean(measure("m", worst=worst, best=best)).score({"m": found}, as_of=NOW).total == value

    def test_rules_with_points_are_a_measure_and_never_missing(self) -> None:
        rules = [ScoreRule("linked", field("linked") == 1, 60), ScoreRule("paid", field("paid") == 1, 40)]
        card = mean(Measure(name="setup", weight=1, rules=rules), missing="require")

        assert card.score({"linked": 1}, as_of=NOW).total == 60
        assert card.score({}, as_of=NOW).total == 0
        assert [name for name, _ in card.explain({}, as_of=NOW)] == ["linked", "paid"]

    @pytest.mark.parametrize("found", [-1, 101, 0.5, "50", True, Decimal("NaN"), Decimal("Infinity")])
    def test_refuses_a_number_that_is_not_exact_or_not_in_0_to_100(self, found: Any) -> None:
        with pytest.raises(InvalidValue) as error:
            mean(measure("m")).score({"m": found}, as_of=NOW)

        assert error.value.path == "ScoreCard.score.m"

    def test_refuses_rules_that_leave_0_to_100(self) -> None:
        card = mean(Measure(name="m", weight=1, rules=[ScoreRule("r", field("r") == 1, 101)]))

        with pytest.raises(InvalidValue, match="0\\.\\.100"):
            card.score({"r": 1}, as_of=NOW)

    def test_refuses_adjustments(self) -> None:
        given = ScoreAdjustment(points=1, by="ana", reason="r", at=NOW)

        with pytest.raises(InvalidValue, match=r"ScoreCard\.score\.adjustments"):
            mean(measure("m")).score({"m": 1}, as_of=NOW, adjustments=[given])


class TestMissing:
    @pytest.mark.parametrize("facts", [{}, {"m": None}])
    def test_all_missing_is_no_score(self, facts: dict[str, Any]) -> None:
        score = mean(measure("m")).score(facts, as_of=NOW)

        assert (score.total, score.band, score.reason) == (None, None, "no_data")
        assert str(score) == "none (no_data)"

    def test_all_weights_zero_is_no_score(self) -> None:
        assert mean(measure("m", 0)).score({"m": 50}, as_of=NOW).reason == "zero_denominator"

    def test_no_measures_at_all_is_no_score(self) -> None:
        assert mean().score({}, as_of=NOW).reason == "no_data"

    def test_require_names_the_first_that_is_missing(self) -> None:
        score = mean(measure("a"), measure("b"), measure("c"), missing="require").score({"a": 1}, as_of=NOW)

        assert (score.total, score.reason) == (None, "missing:b")
        assert [each.points for each in score.contributions] == [0, 0, 0]

    def test_neutral_may_be_named(self) -> None:
        assert mean(measure("m"), missing="neutral", neutral=30).score({}, as_of=NOW).total == 30

    def test_is_flagged_even_where_something_stands_in(self) -> None:
        (part,) = mean(measure("m"), missing="zero").score({}, as_of=NOW).contributions

        assert (part.flag, part.points, part.count) == ("missing", 0, 1)

    @pytest.mark.parametrize(("n", "total"), [(5, 50), (4, None), (None, None)])
    def test_too_few_answers_are_missing(self, n: int | None, total: int | None) -> None:
        assert mean(measure("m", n="n", min_n=5)).score({"m": 50, "n": n}, as_of=NOW).total == total

    def test_refuses_a_count_that_is_no_number(self) -> None:
        with pytest.raises(InvalidValue, match=r"ScoreCard\.score\.n"):
            mean(measure("m", n="n", min_n=5)).score({"m": 50, "n": "many"}, as_of=NOW)


class TestStale:
    def card(self, **more: Any) -> ScoreCard:
        return mean(measure("m", at="at", max_age=Days(90)), measure("other"), **more)

    @pytest.mark.parametrize(
        ("at", "total"),
        [
            (NOW - timedelta(days=90), 30),
            (NOW - timedelta(days=90, microseconds=1), 60),
            (date(2026, 4, 1), 30),
            (date(2026, 3, 31), 60),
            (None, 60),
        ],
    )
    def test_older_than_the_limit_is_missing_and_the_edge_is_fresh(self, at: Any, total: int) -> None:
        assert self.card().score({"m": 0, "other": 60, "at": at}, as_of=NOW).total == total

    def test_may_count_and_be_flagged(self) -> None:
        score = self.card(stale="flag").score({"m": 0, "other": 60, "at": date(2026, 1, 1)}, as_of=NOW)

        assert score.total == 30
        assert [each.flag for each in score.contributions] == ["stale", None]

    def test_goes_by_the_policy_for_missing_ones(self) -> None:
        score = self.card(missing="neutral").score({"m": 0, "other": 60, "at": None}, as_of=NOW)

        assert score.total == 55
        assert [each.flag for each in score.contributions] == ["stale", None]

    @pytest.mark.parametrize("at", [datetime(2026, 6, 1), "2026-06-01", 5])  # noqa: DTZ001 - a naive one on purpose
    def test_refuses_what_is_no_time(self, at: Any) -> None:
        with pytest.raises(InvalidValue, match=r"ScoreCard\.score\.at"):
            self.card().score({"m": 0, "at": at}, as_of=NOW)


class TestGroups:
    GROUPS = (ScoreGroup("use", weight=3), ScoreGroup("deep", weight=2, group="use"), ScoreGroup("empty", weight=9))

    def test_a_groups_score_is_a_measure_of_its_parent(self) -> None:
        card = mean(measure("a", 1), measure("b", 1, group="use"), measure("c", 5, group="deep"), groups=self.GROUPS)
        score = card.score({"a": 100, "b": 10, "c": 40}, as_of=NOW)

        assert score.total == Fraction(100 + 3 * 30, 4)
        assert [each.points for each in score.contributions] == [25, Fraction(5, 2), 20]

    def test_a_group_without_data_is_missing_in_its_parent(self) -> None:
        card = mean(measure("a", 1), measure("b", 1, group="use"), groups=self.GROUPS)

        assert card.score({"a": 70}, as_of=NOW).total == 70


@pytest.mark.parametrize("found", [Decimal("1E+999999999"), Decimal("NaN"), True, 5.0, "5"])
def test_a_measure_is_an_exact_number_of_a_size_that_can_be_reckoned_with(found: Any) -> None:
    with pytest.raises(InvalidValue):
        mean(measure("m")).score({"m": found}, as_of=NOW)


def test_a_measure_may_be_a_fraction() -> None:
    assert mean(measure("m")).score({"m": Fraction(100, 3)}, as_of=NOW).total == Fraction(100, 3)
