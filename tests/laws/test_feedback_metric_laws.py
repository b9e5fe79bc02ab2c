"""Laws of readings, intervals, comparisons and weights: section 15 of feedback, laws 1, 2, 3 and 8."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st

from relex.feedback import (
    Metric,
    Net,
    Reading,
    Scale,
    Share,
    compare_readings,
    contributions,
    explain_change,
    pool,
    post_stratify,
    rake,
)
from relex.testing import strategies

lean = settings(max_examples=60, deadline=None)
NPS, CSAT, STARS = Metric.nps(), Metric.csat(), Metric.rating()
GOOD = Metric("good", Scale(0, 1), Share({1}))
TURNED = Metric("turned", Scale(0, 10), Net(range(7), (9, 10)))
ANSWERS = st.lists(st.integers(0, 10) | st.none(), max_size=12)
SCORES = st.lists(st.integers(0, 10), min_size=2, max_size=12)
STAR_LISTS = st.lists(st.integers(1, 5), min_size=2, max_size=10)
WEIGHTS: Any = st.integers(1, 9) | st.fractions(Fraction(1, 9), 9, max_denominator=9) | st.floats(0.01, 100)
GROUPS = st.dictionaries(st.sampled_from("abc"), SCORES, min_size=1)


def naive(metric: Metric, scores: list[int | None]) -> Fraction | None:
    """The mean of x, one answer at a time."""
    xs = [metric.x(score) for score in scores if score is not None]
    return sum(xs, Fraction(0)) / len(xs) if xs else None


def clustered(xs: list[Fraction], weights: list[Any], names: list[str]) -> float:
    """The squared error of a clustered mean, straight from its formula."""
    total = sum(map(Fraction, weights))
    mean = sum([Fraction(w) * x for w, x in zip(weights, xs, strict=True)], Fraction(0)) / total
    z: dict[str, Fraction] = dict.fromkeys(names, Fraction(0))
    for x, w, name in zip(xs, weights, names, strict=True):
        z[name] += Fraction(w) * (x - mean) / total
    middle = sum(z.values()) / len(z)
    return float(Fraction(len(z), len(z) - 1) * sum([(each - middle) ** 2 for each in z.values()]))


@lean
@given(strategies.readings())
def test_parts_add_to_responses_and_values_stay_in_range(reading: Reading) -> None:
    low, high = reading.metric.method.bounds(reading.metric.scale)

    assert reading.n <= sum([n for _, n in reading.parts])
    assert sum([n for _, n in reading.bands]) in {0, reading.part("scored")}
    assert reading.value is None or min(low, 0) <= reading.value <= max(high, 0)
    assert (reading.value is None) is (reading.reason is not None)


@lean
@given(ANSWERS)
def test_the_value_is_the_mean_of_x(scores: list[int | None]) -> None:
    assert NPS.read_scores(scores).value == naive(NPS, scores)


@lean
@given(st.lists(st.sampled_from((9, 10)), min_size=1))
def test_all_top_gives_a_hundred(scores: list[int]) -> None:
    assert NPS.read_scores(scores).value == 100


@lean
@given(SCORES)
def test_swapping_top_and_bottom_negates(scores: list[int]) -> None:
    one, other = NPS.read_scores(scores), TURNED.read_scores(scores)

    assert (one.value, one.moments.spread) == (-(other.value or 0), other.moments.spread)
    assert one.show() == other.show().removeprefix("-") or other.show() == one.show().removeprefix("-")


@lean
@given(SCORES, st.integers(2, 5))
def test_more_of_the_same_keeps_the_value_and_narrows(scores: list[int], times: int) -> None:
    one, more = NPS.read_scores(scores), NPS.read_scores(scores * times)
    widths = [
        float(each.raw_high - each.raw_low) for each in (one.interval(method="wald"), more.interval(method="wald"))
    ]  # type: ignore[operator]  # there are bounds

    assert one.value == more.value
    assert widths[0] == pytest.approx(widths[1] * sqrt(times))


@lean
@given(STAR_LISTS, st.data())
def test_raising_a_score_never_lowers(scores: list[int], data: Any) -> None:
    place = data.draw(st.integers(0, len(scores) - 1))
    raised = [*scores]
    raised[place] = data.draw(st.integers(scores[place], 5))

    for metric in (CSAT, STARS, Metric.rating(method=Net({5}, {1, 2}))):
        assert (metric.read_scores(raised).value or 0) >= (metric.read_scores(scores).value or 0)


@lean
@given(SCORES)
def test_a_passive_pulls_towards_zero(scores: list[int]) -> None:
    assert abs(NPS.read_scores([*scores, 7]).value or 0) <= abs(NPS.read_scores(scores).value or 0)


@lean
@given(st.lists(st.tuples(st.integers(0, 10) | st.none(), WEIGHTS, st.sampled_from("abc")), max_size=12), st.data())
def test_any_partition_pools_to_the_whole(answers: list[Any], data: Any) -> None:
    cut = data.draw(st.integers(0, len(answers)))

    def read(part: list[Any]) -> Reading:
        scores, weights, names = zip(*part, strict=True) if part else ((), (), ())
        return NPS.read_scores(scores, weights=weights, clusters=names)

    whole, parts = read(answers), [read(answers[:cut]), read(answers[cut:])]

    assert (pool(parts).value, pool(parts).moments) == (whole.value, whole.moments)
    assert (pool(parts).parts, pool(parts).clusters) == (whole.parts, whole.clusters)


@lean
@given(GROUPS)
def test_the_pooled_reading_is_the_weighted_mean_and_contributions_cancel(groups: dict[str, list[int]]) -> None:
    readings = {name: NPS.read_scores(scores) for name, scores in groups.items()}
    n = sum([each.n for each in readings.values()])

    assert pool(readings.values()).value == sum([(each.value or 0) * each.n for each in readings.values()]) / n
    assert sum(contributions(readings).values()) == 0


@lean
@given(GROUPS, GROUPS)
def test_a_change_is_explained_in_full(before: dict[str, list[int]], after: dict[str, list[int]]) -> None:
    was, now = [{name: NPS.read_scores(scores) for name, scores in side.items()} for side in (before, after)]
    explained = explain_change(was, now)

    assert explained.within + explained.mix == explained.change
    assert explained.change == (pool(now.values()).value or 0) - (pool(was.values()).value or 0)


@lean
@given(strategies.readings(), st.sampled_from((Decimal("0.5"), Decimal("0.9"), Decimal("0.95"))))
def test_intervals_hold_the_estimate_and_nest(reading: Reading, level: Decimal) -> None:
    narrow, wide = reading.interval(level), reading.interval(Decimal("0.99"))
    found: list[Any] = [wide.low, narrow.low, narrow.estimate, narrow.high, wide.high]

    if narrow.reason is None:
        room = Decimal("1E-12") * max(1, abs(wide.low or 0), abs(wide.high or 0))
        assert all(lower <= upper + Fraction(room) for lower, upper in pairwise(map(Fraction, found)))
    else:
        assert [narrow.reason, *found] == [wide.reason, None, None, reading.value, None, None]


@lean
@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from(("wilson", "wilson_cc", "clopper_pearson", "jeffreys")))
def test_shares_mirror(x: int, more: int, method: str) -> None:
    n = x + more
    one, other = [GOOD.read_counts({1: k, 0: n - k}).interval(method=method) for k in (x, n - x)]

    assert float(one.raw_low or 0) == pytest.approx(100 - float(other.raw_high or 0), abs=1e-9)
    assert float(one.raw_high or 0) == pytest.approx(100 - float(other.raw_low or 0), abs=1e-9)


@lean
@given(st.sampled_from((NPS, CSAT, STARS)), STAR_LISTS, STAR_LISTS)
def test_comparisons_mirror(metric: Metric, one: list[int], other: list[int]) -> None:
    a, b = metric.read_scores(one), metric.read_scores(other)
    there, back = compare_readings(a, b), compare_readings(b, a)
    mirrored = {"better": "worse", "worse": "better", "unclear": "unclear"}

    assert (there.difference, there.p_value) == (-(back.difference or 0), back.p_value)
    assert float(there.low or 0) == pytest.approx(-float(back.high or 0), abs=1e-9)
    assert mirrored[there.verdict] == back.verdict


@lean
@given(st.lists(st.tuples(st.integers(0, 10), WEIGHTS), min_size=1, max_size=10))
def test_weighted_answers_are_worth_no_more_than_there_are(answers: list[tuple[int, Any]]) -> None:
    scores, weights = zip(*answers, strict=True)
    reading = NPS.read_scores(scores, weights=weights)

    assert (reading.n_eff == reading.n) is (len(set(weights)) == 1)
    assert (reading.n_eff or 0) <= reading.n


@lean
@given(st.lists(st.tuples(st.integers(0, 10), WEIGHTS, st.sampled_from("abcd")), min_size=2, max_size=10))
def test_the_clustered_error_is_that_of_its_formula(answers: list[tuple[int, Any, str]]) -> None:
    scores, weights, names = map(list, zip(*answers, strict=True))
    assume(len(set(names)) > 1)
    found = NPS.read_scores(scores, weights=weights, clusters=names).interval()
    half = 1.959963984540054 * sqrt(clustered([NPS.x(score) for score in scores], weights, names))

    assert float(found.raw_high or 0) - float(found.raw_low or 0) == pytest.approx(2 * half, abs=1e-9)


@lean
@given(SCORES)
def test_one_answer_in_each_cluster_gives_the_plain_error(scores: list[int]) -> None:
    names = [str(place) for place in range(len(scores))]
    found = NPS.read_scores(scores, clusters=names).interval()
    reading = NPS.read_scores(scores)
    half = 1.959963984540054 * sqrt(reading.moments.spread / (reading.n * (reading.n - 1)))

    assert float(found.raw_high or 0) - float(found.raw_low or 0) == pytest.approx(2 * half, abs=1e-9)


@lean
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.data())
def test_post_stratified_groups_have_their_shares(sample: list[str], data: Any) -> None:
    targets = {group: data.draw(st.integers(1, 50)) for group in set(sample)}
    weights = post_stratify(sample, targets)

    for group, target in targets.items():
        weight = sum([each for each, its in zip(weights, sample, strict=True) if its == group], Fraction(0))
        assert weight == Fraction(target * len(sample), sum(targets.values()))


@lean
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=1, max_size=12), st.data())
def test_raked_margins_are_those_of_the_targets(rows: list[tuple[str, str]], data: Any) -> None:
    """The targets are the margins of some weights, so that there is an answer."""
    true = {row: data.draw(st.integers(1, 9)) for row in sorted(set(rows))}
    sample = [{"one": one, "other": other} for one, other in rows]
    margins: dict[str, dict[str, int]] = {"one": {}, "other": {}}
    for row in rows:
        for name, category in zip(margins, row, strict=True):
            margins[name][category] = margins[name].get(category, 0) + true[row]
    weights = rake(sample, margins)

    for name, targets in margins.items():
        for category, target in targets.items():
            weight = sum([each for each, row in zip(weights, sample, strict=True) if row[name] == category])
            assert weight == pytest.approx(target, abs=1e-8)


@lean
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=1, max_size=12))
def test_raking_to_its_own_margins_changes_nothing(rows: list[tuple[str, str]]) -> None:
    sample = [{"one": one, "other": other} for one, other in rows]
    margins = {name: {row[name]: 0 for row in sample} for name in ("one", "other")}
    for row in sample:
        for name, category in row.items():
            margins[name][category] += 1

    assert rake(sample, margins) == pytest.approx([1.0] * len(rows))
