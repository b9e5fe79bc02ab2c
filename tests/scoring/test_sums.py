"""Scores as sums."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Days
from relex.errors import InvalidValue
from relex.rules import field
from relex.scoring import (
    HalfLife,
    PerMonth,
    Score,
    ScoreAdjustment,
    ScoreBand,
    ScoreCard,
    ScoreGroup,
    ScoreRule,
    Silence,
    trend,
)

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
VISIT = field("kind") == "visit"


def visit(days: int = 0, kind: str = "visit") -> dict[str, Any]:
    return {"kind": kind, "at": NOW - timedelta(days=days)}


def on_visit(points: int = 10, **more: Any) -> ScoreRule:
    return ScoreRule("visit", VISIT, points, on="events", **more)


def adjustment(points: int, days: int = 0, **more: Any) -> ScoreAdjustment:
    return ScoreAdjustment(points=points, by="ana", reason="met at the fair", at=NOW - timedelta(days=days), **more)


def points(score: Score) -> dict[str, Fraction]:
    return {each.name: each.points for each in score.contributions}


class TestFacts:
    CARD = ScoreCard([ScoreRule("big", field("size") > 100, 10)], start=1)

    @pytest.mark.parametrize(("facts", "total"), [({"size": 101}, 11), ({"size": 100}, 1), ({}, 1), ({"size": "x"}, 1)])
    def test_only_a_rule_that_is_true_gives_points(self, facts: dict[str, Any], total: int) -> None:
        assert self.CARD.score(facts, as_of=NOW).total == total

    def test_come_from_a_mapping_or_from_facts(self) -> None:
        class Lead:
            def facts(self) -> dict[str, Any]:
                return {"size": 101}

        assert self.CARD.score(Lead(), as_of=NOW) == self.CARD.score({"size": 101}, as_of=NOW)

    @pytest.mark.parametrize("subject", [None, 5, [("size", 101)]])
    def test_refuses_a_subject_without_facts(self, subject: Any) -> None:
        with pytest.raises(InvalidValue, match=r"ScoreCard\.score\.subject"):
            self.CARD.score(subject, as_of=NOW)

    def test_rules_may_ask_about_time(self) -> None:
        card = ScoreCard([ScoreRule("fresh", field("seen").within(days=30), 5)])

        assert card.score({"seen": NOW - timedelta(days=30)}, as_of=NOW).total == 5
        assert card.score({"seen": NOW - timedelta(days=31)}, as_of=NOW).total == 0

    @pytest.mark.parametrize("as_of", [datetime(2026, 6, 30), None])  # noqa: DTZ001 - a naive one on purpose
    def test_needs_an_instant(self, as_of: Any) -> None:
        with pytest.raises(InvalidValue, match=r"ScoreCard\.score\.as_of"):
            self.CARD.score({}, as_of=as_of)
        with pytest.raises(InvalidValue, match=r"ScoreCard\.explain\.as_of"):
            self.CARD.explain({}, as_of=as_of)

    def test_explains_every_rule_on_facts(self) -> None:
        card = ScoreCard([ScoreRule("big", field("size") > 100, 10), on_visit()])
        ((name, verdict),) = card.explain({}, as_of=NOW)

        assert (name, verdict.answer) == ("big", None)


class TestEvents:
    def test_each_counts_every_event_and_once_the_latest(self) -> None:
        events = [visit(3), visit(1), visit(2, "call")]

        assert ScoreCard([on_visit(repeat="each")]).score({}, events, as_of=NOW).total == 20
        assert ScoreCard([on_visit()]).score({}, events, as_of=NOW).total == 10

    def test_once_decays_from_the_latest(self) -> None:
        card = ScoreCard([on_visit(decay=HalfLife(10))])

        assert card.score({}, [visit(40), visit(10), visit(20)], as_of=NOW).total == 5

    def test_each_decays_on_its_own(self) -> None:
        score = ScoreCard([on_visit(decay=HalfLife(10), repeat="each")]).score({}, [visit(10), visit(20)], as_of=NOW)
        (part,) = score.contributions

        assert (part.count, part.raw, part.decayed, part.points) == (2, 20, Fraction(15, 2), Fraction(15, 2))

    def test_expiry_and_decay_may_both_be_given(self) -> None:
        card = ScoreCard([on_visit(100, decay=PerMonth(25), expires=timedelta(days=45), repeat="each")])

        assert card.score({}, [visit(31), visit(46)], as_of=NOW).total == 75

    def test_the_future_does_not_exist(self) -> None:
        assert ScoreCard([on_visit()]).score({}, [visit(-1)], as_of=NOW).contributions == ()

    def test_at_the_instant_itself_an_event_counts(self) -> None:
        assert ScoreCard([on_visit()]).score({}, [visit()], as_of=NOW).total == 10

    def test_instants_are_compared_in_utc(self) -> None:
        """The hour from 2 to 3 happens twice in this night, and the clock shows the later one as earlier."""
        berlin = ZoneInfo("Europe/Berlin")
        first, second = (
            datetime(2026, 10, 25, 2, 50, tzinfo=berlin),
            datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=berlin),
        )
        card = ScoreCard([on_visit()])

        assert card.score({}, [{"kind": "visit", "at": first}], as_of=second).total == 10
        assert card.score({}, [{"kind": "visit", "at": second}], as_of=first).total == 0

    @pytest.mark.parametrize("at", [None, datetime(2026, 6, 30), "2026-06-30", NOW.date()])  # noqa: DTZ001 - a naive one on purpose
    def test_need_an_instant(self, at: Any) -> None:
        with pytest.raises(InvalidValue) as error:
            ScoreCard().score({}, [visit(), {"kind": "visit", "at": at}], as_of=NOW)

        assert error.value.path == "ScoreCard.score.events[1].at"

    @pytest.mark.parametrize("name", ["events", "adjustments"])
    def test_are_many(self, name: str) -> None:
        with pytest.raises(InvalidValue, match=rf"ScoreCard\.score\.{name}"):
            ScoreCard().score({}, as_of=NOW, **{name: 5})


class TestSilence:
    SILENCE = Silence(after=Days(14), every=Days(2), points=-5)

    def test_is_measured_from_the_latest_event_that_counts(self) -> None:
        card = ScoreCard([on_visit(0), self.SILENCE])

        assert card.score({}, [visit(30), visit(16), visit(1, "call")], as_of=NOW).total == -5

    def test_goes_on_after_the_event_has_expired(self) -> None:
        card = ScoreCard([on_visit(10, expires=Days(5)), self.SILENCE])

        assert card.score({}, [visit(18)], as_of=NOW).total == -10

    def test_without_any_event_there_is_none(self) -> None:
        assert ScoreCard([on_visit(), self.SILENCE]).score({}, as_of=NOW).total == 0

    def test_says_how_many_steps(self) -> None:
        score = ScoreCard([on_visit(0), self.SILENCE]).score({}, [visit(20)], as_of=NOW)

        assert [(each.name, each.kind, each.count) for each in score.contributions] == [
            ("visit", "rule", 1),
            ("silence", "silence", 3),
        ]


class TestAdjustments:
    def test_is_a_contribution_with_author_and_reason(self) -> None:
        (part,) = ScoreCard().score({}, as_of=NOW, adjustments=[adjustment(-7)]).contributions

        assert (part.name, part.kind, part.points, part.reason) == ("ana", "adjustment", -7, "met at the fair")

    @pytest.mark.parametrize(("days", "total"), [(30, 7), (31, 0), (-1, 0)])
    def test_counts_from_its_instant_until_it_expires(self, days: int, total: int) -> None:
        given = [adjustment(7, days, expires=Days(30))]

        assert ScoreCard().score({}, as_of=NOW, adjustments=given).total == total

    def test_is_limited_with_its_group(self) -> None:
        card = ScoreCard(groups=[ScoreGroup("fit", cap=5)])

        assert card.score({}, as_of=NOW, adjustments=[adjustment(7, group="fit")]).total == 5

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ([5], "ScoreCard.score.adjustments[0]"),
            ([adjustment(1), adjustment(1, group="no")], "ScoreCard.score.adjustments[1].group"),
        ],
    )
    def test_refuses_what_does_not_fit(self, given: Any, path: str) -> None:
        with pytest.raises(InvalidValue) as error:
            ScoreCard().score({}, as_of=NOW, adjustments=given)

        assert error.value.path == path


class TestLimits:
    def give(self, card: ScoreCard, **given: int) -> Score:
        return card.score(dict.fromkeys(given, 1) | given, as_of=NOW)

    def rules(self, **points: tuple[int, str | None]) -> list[ScoreRule]:
        return [ScoreRule(name, field(name) == 1, value, group=group) for name, (value, group) in points.items()]

    def test_a_cap_takes_in_proportion_from_what_carries_the_sum_too_far(self) -> None:
        card = ScoreCard(self.rules(a=(60, None), b=(30, None), c=(-10, None)), cap=35)
        score = self.give(card, a=1, b=1, c=1)

        assert points(score) == {"a": 30, "b": 15, "c": -10}
        assert [(bite.name, bite.limit, bite.at, bite.before) for bite in score.limited] == [("card", "cap", 35, 80)]

    def test_a_floor_takes_from_the_negative_ones(self) -> None:
        card = ScoreCard(self.rules(a=(-60, None), b=(10, None)), floor=0)

        assert points(self.give(card, a=1, b=1)) == {"a": -10, "b": 10}

    def test_what_nothing_can_carry_is_a_contribution_of_the_limit(self) -> None:
        score = ScoreCard(floor=5).score({}, as_of=NOW)
        (part,) = score.contributions

        assert score.total == 5
        assert (part.name, part.kind, part.points) == ("card", "limit", 5)

    def test_the_rest_of_a_group_belongs_to_the_group(self) -> None:
        card = ScoreCard(self.rules(a=(-3, "g")), groups=[ScoreGroup("g", floor=5, group="h"), ScoreGroup("h", cap=4)])
        score = self.give(card, a=1)

        assert score.total == 4
        assert [(part.name, part.kind, part.group) for part in score.contributions] == [
            ("a", "rule", "g"),
            ("g", "limit", "g"),
        ]
        assert [bite.name for bite in score.limited] == ["g", "h"]

    def test_inner_groups_are_limited_first_whatever_their_place(self) -> None:
        groups = [ScoreGroup("outer", cap=50), ScoreGroup("inner", cap=20, group="outer")]
        card = ScoreCard(self.rules(a=(100, "inner"), b=(45, "outer")), groups=groups)

        assert self.give(card, a=1, b=1).total == 50
        assert self.give(card, a=1).total == 20

    def test_a_group_shrinks_as_a_whole(self) -> None:
        groups = [ScoreGroup("g", floor=-5)]
        card = ScoreCard(self.rules(a=(40, "g"), b=(-20, "g"), c=(20, None)), groups=groups, cap=10)
        score = self.give(card, a=1, b=1, c=1)

        assert points(score) == {"a": 10, "b": -5, "c": 5}

    def test_a_limit_that_is_just_met_does_not_bite(self) -> None:
        assert self.give(ScoreCard(self.rules(a=(35, None)), cap=35, floor=35), a=1).limited == ()


class TestBands:
    @pytest.mark.parametrize(("total", "band"), [(-5, "cold"), (19, "cold"), (20, "warm"), (49, "warm"), (50, "hot")])
    def test_hold_their_lower_edge(self, total: int, band: str) -> None:
        card = ScoreCard(bands=[ScoreBand("cold"), ScoreBand("warm", 20), ScoreBand("hot", 50)], start=total)

        assert card.score({}, as_of=NOW).band == band

    def test_below_the_first_edge_there_is_none(self) -> None:
        assert ScoreCard(bands=[ScoreBand("some", 1)]).band_of(Decimal("0.99")) is None

    def test_a_fraction_falls_between_no_two_bands(self) -> None:
        assert ScoreCard(bands=[ScoreBand("a"), ScoreBand("b", 50)]).band_of(Fraction(99999, 2000)) == "a"


class TestShowing:
    SCORE = ScoreCard([on_visit()], bands=[ScoreBand("<b>")]).score({}, [visit()], as_of=NOW)

    def test_text(self) -> None:
        assert str(self.SCORE) == "10.00 (<b>)"
        assert str(ScoreCard().score({}, as_of=NOW)) == "0.00"

    def test_html_is_escaped(self) -> None:
        html = self.SCORE._repr_html_()

        assert "<b>" not in html
        assert "<tr><th>visit</th><td>rule</td><td>10.00</td></tr>" in html

    def test_figure_adds_up_contributions_of_one_name(self) -> None:
        figure = ScoreCard().score({}, as_of=NOW, adjustments=[adjustment(3), adjustment(4)]).figure

        assert (figure.value, figure.unit, figure.parts, figure.as_of) == (7, "points", (("ana", 7),), NOW)


class TestTrend:
    def scores(self, now: int, before: int) -> tuple[Score, Score]:
        return ScoreCard(start=now).score({}, as_of=NOW), ScoreCard(start=before).score({}, as_of=NOW)

    @pytest.mark.parametrize(
        ("now", "before", "tolerance", "expected"),
        [
            (12, 10, 0, "improving"),
            (12, 10, 2, "steady"),
            (10, 10, 0, "steady"),
            (10, 12, 2, "steady"),
            (10, 12, Fraction(3, 2), "declining"),
        ],
    )
    def test_compares_with_a_tolerance(self, now: int, before: int, tolerance: Any, expected: str) -> None:
        assert trend(*self.scores(now, before), tolerance) == expected

    def test_of_nothing(self) -> None:
        nothing = ScoreCard(combine="weighted_mean").score({}, as_of=NOW)
        ten = ScoreCard(start=10).score({}, as_of=NOW)

        assert trend(nothing, ten) is None
        assert trend(ten, nothing) is None

    @pytest.mark.parametrize("arguments", [(5, None, 0), (None, 5, 0), (None, None, -1), (None, None, 0.5)])
    def test_refuses_what_is_no_score_and_no_tolerance(self, arguments: tuple[Any, Any, Any]) -> None:
        ten = ScoreCard(start=10).score({}, as_of=NOW)
        now, before, tolerance = arguments

        with pytest.raises(InvalidValue, match="trend"):
            trend(now or ten, before or ten, tolerance)


def test_an_event_at_the_end_of_time_has_not_happened() -> None:
    never = datetime.max.replace(tzinfo=ZoneInfo("America/New_York"))

    assert ScoreCard([on_visit()]).score({}, [{"at": never, "kind": "visit"}], as_of=NOW).total == 0


@pytest.mark.parametrize("total", [None, "5", 5.0, True, Decimal("NaN")])
def test_only_exact_totals_lie_in_bands(total: Any) -> None:
    with pytest.raises(InvalidValue, match=r"ScoreCard\.band_of\.total"):
        ScoreCard().band_of(total)
