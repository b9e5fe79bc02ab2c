"""Readings of metrics: the worked cases of feedback, sections 2 and 3.4."""

from __future__ import annotations

from fractions import Fraction

import pytest

from relex.errors import InvalidValue
from relex.feedback import Mean, Metric, Net, Scale, Share, contributions, explain_change

NPS = Metric.nps()


def of_counts(metric: Metric, counts: tuple[int, ...]) -> dict[int, int]:
    """The counts by score, the lowest first."""
    return dict(zip(metric.scale.scores, counts, strict=True))


def test_fb_1_a_net_promoter_score_from_counts() -> None:
    """Source: PostHog, surveys/utils.test.ts."""
    reading = NPS.read_counts(of_counts(NPS, (1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3)))

    assert (reading.band("detractor"), reading.band("passive"), reading.band("promoter")) == (7, 4, 6)
    assert (reading.n, reading.value, reading.show()) == (17, Fraction(-100, 17), "-5.9")


@pytest.mark.parametrize(
    ("scores", "value", "reason"),
    [
        pytest.param([9] * 5 + [10] * 5, 100, None, id="promoters"),
        pytest.param([7] * 5 + [8] * 5, 0, None, id="passives"),
        pytest.param([], None, "no_scored", id="nothing"),
    ],
)
def test_fb_2_all_of_one_kind_and_nothing(scores: list[int], value: int | None, reason: str | None) -> None:
    """Source: PostHog, surveys/utils.test.ts, which shows nothing as 0.0."""
    reading = NPS.read_scores(scores)

    assert (reading.value, reading.reason) == (value, reason)


def test_fb_3_one_of_each() -> None:
    """Source: Formbricks, surveySummary.test.ts."""
    reading = NPS.read_scores([10, 7, 3, 9])

    assert (reading.bands, reading.value) == ((("promoter", 2), ("passive", 1), ("detractor", 1)), 25)


@pytest.mark.parametrize(
    ("count", "value", "n"), [pytest.param("scored", 100, 1), pytest.param("responded", Fraction(100, 3), 3)]
)
def test_fb_4_two_empty_answers(count: str, value: Fraction, n: int) -> None:
    """Source: Formbricks, surveySummary.test.ts."""
    reading = NPS.read_scores([10, None, None], count=count)

    assert (reading.value, reading.n, reading.part("unscored")) == (value, n, 2)


@pytest.mark.parametrize(("scores", "share", "mean"), [([5, 4, 2, 1], 50, 3), ([5, 4, 3, 1, 5], 60, Fraction(18, 5))])
def test_fb_5_satisfaction(scores: list[int], share: int, mean: Fraction) -> None:
    """Source: Formbricks, surveySummary.test.ts."""
    readings = [Metric.csat(5, method=method).read_scores(scores).value for method in (None, Mean())]

    assert readings == [share, mean]


def test_fb_6_effort_of_the_first_edition() -> None:
    """Source: Formbricks, surveySummary.test.ts."""
    assert Metric.ces(1).read_scores([5, 4, 2, 3]).value == Fraction(7, 2)


@pytest.mark.parametrize(
    ("method", "value"),
    [
        pytest.param(None, Fraction(102, 25), id="mean"),
        pytest.param(Net({6, 7}, {1, 2, 3}), -13, id="net"),
        pytest.param(Share({5, 6, 7}), 46, id="share"),
    ],
)
def test_fb_7_effort_of_the_second_edition(method: Net | Share | None, value: Fraction) -> None:
    """Source: the help page of CYS for the mean; the others are worked out."""
    metric = Metric.ces(method=method)

    assert metric.read_counts(of_counts(metric, (80, 210, 140, 110, 160, 180, 120))).value == value


def test_fb_8_the_share_of_every_score() -> None:
    """Source: Chatwoot, csat/getters.spec.js."""
    metric = Metric.csat()
    reading = metric.read_counts(of_counts(metric, (10, 20, 15, 3, 2)))

    assert [Fraction(100 * count, reading.n) for _, count in reading.distribution or ()] == [20, 40, 30, 6, 4]
    assert reading.value == 10


@pytest.mark.parametrize(
    ("counts", "shown"), [((9, 0, 7), "13"), ((0, 7, 1), "-13"), ((3, 4, 1), "25")], ids=["12.5", "-12.5", "25"]
)
def test_fb_9_what_is_shown_is_rounded_once(counts: tuple[int, int, int], shown: str) -> None:
    """Source: worked out; shares rounded to even before they are subtracted give 26 for the last."""
    promoters, passives, detractors = counts
    reading = NPS.read_counts({"promoter": promoters, "passive": passives, "detractor": detractors})

    assert reading.show(0) == shown


def test_fb_10_a_total_that_is_not_the_sum() -> None:
    """Source: CDC prime-reportstream, issue 5281."""
    counts = {"promoter": 18, "passive": 11, "detractor": 2}

    with pytest.raises(InvalidValue, match=r"read_counts\.total: expected 31, the sum of the counts, got 32"):
        NPS.read_counts(counts, total=32)
    assert NPS.read_counts(counts).value == Fraction(1600, 31)


def test_fb_11_answers_of_another_scale_are_no_nps() -> None:
    """Source: kubestellar console, PR 8257, where four faces counted as detractors."""
    with pytest.raises(InvalidValue, match="another name"):
        Metric("NPS", Scale(1, 4), Net({4}, {1}))


def test_fb_26_what_groups_add_and_what_moved_the_reading() -> None:
    """Source: worked out."""
    before = {
        "web": NPS.read_counts({"promoter": 30, "passive": 10, "detractor": 10}),
        "store": NPS.read_counts({"promoter": 20, "passive": 20, "detractor": 10}),
    }
    after = {
        "web": NPS.read_counts({"promoter": 15, "passive": 5, "detractor": 5}),
        "store": NPS.read_counts({"promoter": 45, "passive": 20, "detractor": 10}),
    }
    explained = explain_change(before, after)

    assert contributions(before) == {"web": 5, "store": -5}
    assert [(group.within, group.mix) for group in explained.groups] == [(0, -10), (Fraction(50, 3), Fraction(25, 3))]
    assert explained.change == 15
