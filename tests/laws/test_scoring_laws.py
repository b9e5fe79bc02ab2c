"""Laws of score cards: contributions explain the total, limits hold, order does not matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings, strategies as st

from relex.calendars import Days
from relex.rules import field
from relex.scoring import HalfLife, Measure, PerMonth, ScoreAdjustment, ScoreCard, ScoreGroup, ScoreRule, Silence

lean = settings(max_examples=60)
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
KINDS = ("a", "b", "c")

points = st.integers(-50, 50)
limits = st.none() | st.integers(0, 60)
group_names = st.sampled_from(["inner", "outer", None])
ages = st.integers(-5, 200).map(lambda hours: timedelta(hours=12 * hours))
events = st.lists(
    st.builds(lambda kind, age: {"kind": kind, "at": NOW - age}, st.sampled_from(KINDS), ages), max_size=8
)
decays = st.none() | st.builds(HalfLife, st.integers(1, 60)) | st.builds(PerMonth, st.integers(0, 100))
adjustments = st.lists(
    st.builds(
        lambda points, age, group: ScoreAdjustment(points=points, by="ana", reason="r", at=NOW - age, group=group),
        points,
        ages,
        group_names,
    ),
    max_size=3,
)


def rule(kind: str, value: int, group: str | None, repeat: str, decay: Any, expires: int | None) -> ScoreRule:
    span = None if expires is None else Days(expires)
    return ScoreRule(
        kind, field("kind") == kind, value, group=group, on="events", repeat=repeat, decay=decay, expires=span
    )


def groups(inner: tuple[int | None, int | None], outer: tuple[int | None, int | None]) -> list[ScoreGroup]:
    """Two groups, one in the other, with limits on both sides of 0."""
    return [
        ScoreGroup("outer", floor=_negative(outer[0]), cap=outer[1]),
        ScoreGroup("inner", floor=_negative(inner[0]), cap=inner[1], group="outer"),
    ]


def _negative(limit: int | None) -> int | None:
    return None if limit is None else -limit


pairs = st.tuples(limits, limits)
rules = st.tuples(
    *[
        st.builds(
            rule,
            st.just(kind),
            points,
            group_names,
            st.sampled_from(["once", "each"]),
            decays,
            st.none() | st.integers(1, 90),
        )
        for kind in KINDS
    ]
)
cards = st.builds(
    lambda rules, inner, outer, start, own: ScoreCard(
        [*rules, Silence(after=Days(7), every=Days(3), points=-4, group="outer")],
        groups=groups(inner, outer),
        start=start,
        floor=_negative(own[0]),
        cap=own[1],
    ),
    rules,
    pairs,
    pairs,
    points,
    pairs,
)


@lean
@given(cards, events, adjustments)
def test_contributions_add_up_to_the_total(card: ScoreCard, happened: Any, given: Any) -> None:
    score = card.score({}, happened, as_of=NOW, adjustments=given)

    assert score.total == sum((part.points for part in score.contributions), Fraction(0))


@lean
@given(cards, events, adjustments)
def test_no_group_and_no_card_leaves_its_limits(card: ScoreCard, happened: Any, given: Any) -> None:
    score = card.score({}, happened, as_of=NOW, adjustments=given)
    inside = {None: {None, "inner", "outer"}, "outer": {"inner", "outer"}, "inner": {"inner"}}

    for name, scope in [(None, card), *((group.name, group) for group in card.groups)]:
        total = sum(part.points for part in score.contributions if part.group in inside[name])
        assert scope.cap is None or total <= scope.cap
        assert scope.floor is None or total >= scope.floor


@lean
@given(rules, events)
def test_a_rule_that_is_switched_off_changes_the_total_by_its_contribution(cards_rules: Any, happened: Any) -> None:
    two = groups((None, None), (None, None))
    score = ScoreCard(cards_rules, groups=two).score({}, happened, as_of=NOW)
    without = ScoreCard(cards_rules[1:], groups=two).score({}, happened, as_of=NOW)

    given = sum(part.points for part in score.contributions if part.name == cards_rules[0].name)
    assert score.total == without.total + given


@lean
@given(cards, events, st.randoms())
def test_the_order_of_events_does_not_matter(card: ScoreCard, happened: Any, chance: Any) -> None:
    mixed = list(happened)
    chance.shuffle(mixed)

    assert card.score({}, happened, as_of=NOW) == card.score({}, mixed, as_of=NOW)


@lean
@given(cards, events, st.integers(0, 100))
def test_a_score_as_of_an_instant_ignores_what_came_later(card: ScoreCard, happened: Any, days: int) -> None:
    then = NOW - timedelta(days=days)
    known = [event for event in happened if event["at"] <= then]

    assert card.score({}, happened, as_of=then) == card.score({}, known, as_of=then)


@lean
@given(st.integers(1, 60), ages, ages)
def test_half_lives_multiply(days: int, one: timedelta, other: timedelta) -> None:
    decay, start = HalfLife(days), datetime(2026, 1, 1, tzinfo=UTC)
    one, other = abs(one), abs(other)
    both = decay.factor(start, start + one + other)
    steps = decay.factor(start, start + one) * decay.factor(start, start + other)

    assert abs(both - steps) <= both / 10**28


measures = st.lists(
    st.tuples(
        st.integers(0, 9), st.none() | st.integers(0, 100), st.sampled_from([None, "outer", "inner"])
    ),
    max_size=6,
)  # fmt: skip


@lean
@given(measures, st.sampled_from(["drop", "zero", "neutral"]), st.tuples(st.integers(0, 5), st.integers(0, 5)))
def test_a_weighted_mean_lies_between_its_measures_and_its_contributions_add_up(
    given: Any, missing: str, weights: tuple[int, int]
) -> None:
    names = [f"m{place}" for place in range(len(given))]
    card = ScoreCard(
        [
            Measure(name=name, weight=weight, fact=name, group=group)
            for name, (weight, _, group) in zip(names, given, strict=True)
        ],
        groups=[ScoreGroup("outer", weight=weights[0]), ScoreGroup("inner", weight=weights[1], group="outer")],
        combine="weighted_mean",
        missing=missing,
    )
    score = card.score({name: value for name, (_, value, _) in zip(names, given, strict=True)}, as_of=NOW)

    assert sum((part.points for part in score.contributions), Fraction(0)) == (score.total or 0)
    if score.total is not None:
        counted = [part.raw for part in score.contributions if part.count]
        assert min(counted) <= score.total <= max(counted)
