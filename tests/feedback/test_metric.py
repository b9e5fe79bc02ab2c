"""Metrics as data, and readings: how they are made, pooled, shown, and what they refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import attrs
import pytest

from relex.errors import InvalidValue
from relex.feedback import (
    Answer,
    Band,
    Cluster,
    Mean,
    Metric,
    Net,
    PercentOfRange,
    Question,
    Response,
    Scale,
    Share,
    ShareOfMax,
    pool,
)
from relex.money import Rounding

AT = datetime(2026, 5, 1, tzinfo=UTC)
NPS = Metric.nps()
STARS = Metric.rating()
COUNTS = {"promoter": 5, "passive": 3, "detractor": 2}


class Grade(IntEnum):
    """Scores with names."""

    GOOD = 9


def response(number: int, *answers: Answer, **more: Any) -> Response:
    """A response with these answers."""
    return Response(submission=f"s{number}", survey="nps", at=AT, answers=answers, **more)


@pytest.mark.parametrize(
    ("points", "boxes"), [(3, (3,)), (4, (3, 4)), (5, (4, 5)), (6, (5, 6)), (7, (6, 7)), (10, (8, 9, 10))]
)
def test_satisfaction_has_top_boxes(points: int, boxes: tuple[int, ...]) -> None:
    metric = Metric.csat(points)

    assert (metric.scale, metric.method) == (Scale(1, points), Share(boxes))
    assert [band.scores for band in metric.bands] == [boxes, tuple(range(1, boxes[0]))]


def test_satisfaction_with_other_boxes() -> None:
    assert Metric.csat(5, of={5}).read_scores([5, 4]).value == 50
    assert Metric.csat(2, of=(1, 2)).bands == (Band("satisfied", (1, 2)),)
    assert Metric.csat(9, method=ShareOfMax()).read_scores([9, 3]).value == Fraction(200, 3)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Metric.csat(9),
        lambda: Metric.csat(1, of=(1,)),
        lambda: Metric.csat(5, of=(6,)),
        lambda: Metric.csat(5, of=()),
        lambda: Metric.csat(5, of=(5,), method=Mean()),
        lambda: Metric.csat("5"),  # type: ignore[arg-type]  # what is tested
        lambda: Metric.ces(3),
        lambda: Metric.rating(1),
        lambda: Metric.rating(10**12),
        lambda: Metric("", Scale(1, 5), Mean()),
        lambda: Metric("m", Scale(1, 5), "mean"),  # type: ignore[arg-type]  # what is tested
        lambda: Metric("m", Scale(1, 5), Net((6,), (1,))),
        lambda: Metric("m", Scale(-5, 0), ShareOfMax()),
        lambda: Metric("m", Scale(1, 5), Mean(), better="left"),
        lambda: Metric("m", Scale(1, 5), Mean(), version=0),
        lambda: Metric("Net Promoter Score", Scale(0, 10), Net((8, 9, 10), range(6))),
        lambda: Metric("nps", NPS.scale, NPS.method, better="down"),
        lambda: Metric("nps", NPS.scale, NPS.method, bands=[Band("fan", range(11))]),
        lambda: Metric.ces(True),
        lambda: Metric.ces(method=0),  # type: ignore[arg-type]  # what is tested
    ],
    ids=[
        "no top boxes",
        "one point",
        "off the scale",
        "no boxes",
        "boxes and a method",
        "text",
        "a third edition",
        "one star",
        "too many stars",
        "no name",
        "no method",
        "net off the scale",
        "share of nothing",
        "no direction",
        "no version",
        "not the boxes of NPS",
        "not the direction of NPS",
        "not the bands of NPS",
        "an edition that is no number",
        "no method of effort",
    ],
)
def test_what_is_no_metric(make: Any) -> None:
    with pytest.raises(InvalidValue):
        make()


def test_editions_of_effort() -> None:
    assert [(each.scale, each.better) for each in (Metric.ces(1), Metric.ces())] == [
        (Scale(1, 5), "down"),
        (Scale(1, 7), "up"),
    ]


def test_percent_of_range_may_be_below_zero() -> None:
    assert Metric("m", Scale(-5, 0), PercentOfRange()).read_scores([-5, 0]).value == 50


def test_the_x_of_a_score() -> None:
    assert (NPS.x(9), NPS.x(7), str(NPS)) == (100, 0, "nps")
    with pytest.raises(InvalidValue, match=r"x\.score: expected a score of the scale 0 to 10, got 11"):
        NPS.x(11)


@pytest.mark.parametrize(
    "wrong", [11, -1, 6.5, True, "9", float("nan"), Decimal(9), [9], object], ids=lambda it: str(it)[:9]
)
def test_what_is_no_score_is_refused_or_set_aside(wrong: Any) -> None:
    with pytest.raises(InvalidValue, match=r"read_scores\.scores\[1\]: expected a score of the scale 0 to 10, or None"):
        NPS.read_scores([9, wrong])
    reading = NPS.read_scores([9, wrong, None], invalid="set_aside")

    assert (reading.value, reading.part("invalid"), reading.part("unscored")) == (100, 1, 1)


def test_scores_may_be_members_of_an_int_enum() -> None:
    assert NPS.read_scores([Grade.GOOD, 9, 3], invalid="set_aside").bands[0] == ("promoter", 2)


def test_a_generator_is_read_once() -> None:
    reading = NPS.read_scores(
        (score for score in (9, 3)), weights=(w for w in (1, 3)), clusters=(c for c in ("a", "b"))
    )

    assert (reading.value, [each.key for each in reading.clusters or ()]) == (-50, ["a", "b"])


@pytest.mark.parametrize(
    "call",
    [
        lambda: NPS.read_scores("9"),  # type: ignore[arg-type]  # what is tested
        lambda: NPS.read_scores({9: 1}),
        lambda: NPS.read_scores([9], count="all"),
        lambda: NPS.read_scores([9], invalid="drop"),
        lambda: STARS.read_scores([5], count="responded"),
        lambda: STARS.read_counts({5: 1}, count="responded"),
        lambda: NPS.read((), question=""),
        lambda: NPS.read((), question=9),  # type: ignore[arg-type]  # what is tested
        lambda: NPS.read([9], question="q1"),  # type: ignore[list-item]  # what is tested
    ],
    ids=["text", "mapping", "denominator", "invalid", "mean", "mean of counts", "no id", "number", "no response"],
)
def test_what_is_not_read(call: Any) -> None:
    with pytest.raises(InvalidValue, match="read"):
        call()


def test_responses_are_read_by_status() -> None:
    responses = [
        response(1, Answer("q0", 1), Answer("q1", 10)),
        response(2, Answer("q1", 9), excluded="test"),
        response(3, Answer("q1")),
        response(4, Answer("q1", status="dismissed")),
        response(5, Answer("q1", status="invalid")),
        response(6, Answer("q2", 3)),
        response(7, Answer("q1", 3, status="not_shown")),
    ]
    plain, all_of_them = [NPS.read(responses, question="q1", count=count) for count in ("scored", "responded")]

    assert dict(plain.parts) == {
        "scored": 1,
        "unscored": 1,
        "dismissed": 1,
        "not_shown": 2,
        "excluded": 1,
        "invalid": 1,
    }
    assert (plain.value, all_of_them.value, all_of_them.n) == (100, Fraction(100, 3), 3)


@pytest.mark.parametrize("value", [11, "9", "scored", True, ("9",), ("9", "8"), Decimal("6.5")], ids=repr)
def test_an_answer_that_is_no_score(value: Any) -> None:
    responses = [response(1, Answer("q1", 9)), response(2, Answer("q1", value))]

    with pytest.raises(InvalidValue, match=r"read\.responses\[1\]: expected a score of the scale 0 to 10"):
        NPS.read(responses, question="q1")
    assert NPS.read(responses, question="q1", invalid="set_aside").part("invalid") == 1


def test_fb_11_a_question_on_another_scale() -> None:
    """Source: kubestellar console, PR 8257: four faces that counted as detractors."""
    faces = Question("q1", "scale", scale=Scale(1, 4))
    responses = [response(1, Answer("q1", 4))]

    with pytest.raises(InvalidValue, match=r"read\.question: expected a question on the scale 0 to 10, got 'q1'"):
        NPS.read(responses, question=faces)
    assert Metric("faces", Scale(1, 4), Mean()).read(responses, question=faces).value == 4


def test_responses_with_weights_and_clusters() -> None:
    responses = [response(1, Answer("q1", 9)), response(2, Answer("q1", 3)), response(3)]
    reading = NPS.read(responses, question="q1", weights=[1, 3, 5], clusters=["a", "b", "b"])

    assert (reading.value, reading.n, reading.moments.w) == (-50, 2, 4)
    assert [(each.key, each.w, each.wx) for each in reading.clusters or ()] == [("a", 1, 100), ("b", 3, -300)]


@pytest.mark.parametrize(
    ("counts", "path"),
    [
        ([9], "a mapping from scores or bands to counts"),
        ({11: 1}, "a score of the scale"),
        ({True: 1}, "a score of the scale"),
        ({9: -1}, r"counts\[9\]: expected an int"),
        ({9: 1.0}, r"counts\[9\]"),
        ({9: 10**16}, r"counts\[9\]"),
        ({"fan": 1}, "bands of nps: promoter, passive, detractor"),
        ({"promoter": 1, 3: 1}, "bands of nps"),
    ],
    ids=["list", "off the scale", "bool", "negative", "float", "too many", "no band", "both"],
)
def test_counts_that_are_refused(counts: Any, path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        NPS.read_counts(counts)


@pytest.mark.parametrize("total", [9, "10", True, 10.0])
def test_a_total_is_the_sum_and_whole(total: Any) -> None:
    with pytest.raises(InvalidValue, match=r"read_counts\.total"):
        NPS.read_counts(COUNTS, total=total)


def test_counts_by_band_need_one_x_in_each_band() -> None:
    metric = Metric("stars", Scale(1, 3), Mean(), bands=[Band("low", (1, 2)), Band("high", (3,))])

    with pytest.raises(InvalidValue, match="counts by score, since the scores of a band differ in x"):
        metric.read_counts({"low": 1})
    with pytest.raises(InvalidValue, match="it has none"):
        STARS.read_counts({"low": 1})
    assert metric.read_counts({"high": 2}).value == 3


def test_counts_by_score_are_those_of_the_scores() -> None:
    assert NPS.read_counts({9: 2, 3: 1, 5: 0}) == NPS.read_scores([9, 3, 9])


def test_counts_by_band_have_no_distribution() -> None:
    reading = NPS.read_counts(COUNTS, total=10)

    assert (reading.distribution, reading.value, reading.band("passive"), reading.part("scored")) == (None, 30, 3, 10)


@pytest.mark.parametrize("name", ["fan", "", None])
def test_names_of_parts_and_bands(name: Any) -> None:
    reading = NPS.read_scores([9])

    with pytest.raises(InvalidValue, match=r"part\.name"):
        reading.part(name)
    with pytest.raises(InvalidValue, match=r"band\.name"):
        reading.band(name)


def test_readings_add_up_to_the_reading_of_all() -> None:
    one, other = NPS.read_scores([9, None, 3]), NPS.read_scores([10, "?"], invalid="set_aside")  # type: ignore[list-item]  # it is set aside

    assert pool([one, other]) == NPS.read_scores([9, None, 3, 10, "?"], invalid="set_aside")  # type: ignore[list-item]  # as above
    with pytest.raises(TypeError):
        _ = one + 1  # type: ignore[operator]  # what is tested


def test_weights_and_clusters_add_up() -> None:
    one = NPS.read_scores([9, 3], weights=[1, 2], clusters=["a", "b"])
    other = NPS.read_scores([7, 8], weights=[0.5, 4], clusters=["b", "c"])

    assert one + other == NPS.read_scores([9, 3, 7, 8], weights=[1, 2, 0.5, 4], clusters=["a", "b", "b", "c"])
    assert ((one + other).exact, (one + one).exact) == (False, True)


def test_a_distribution_is_lost_only_with_answers() -> None:
    known, bands, empty = NPS.read_scores([9]), NPS.read_counts(COUNTS), NPS.read_counts({"promoter": 0})

    assert (known + bands).distribution is None
    assert (known + empty).distribution == (empty + known).distribution == ((9, 1),)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (STARS.read_scores([5]), "that of the other reading, nps version 1"),
        (Metric.nps(version=2).read_scores([9]), "got 'nps version 2"),
        (NPS.read_scores([9], count="responded"), "the other reading, scored, got 'responded'"),
        (NPS.read_scores([9], weights=[1]), r"Reading\.weights: expected none, as of the other"),
        (NPS.read_scores([9], clusters=["a"]), r"Reading\.clusters: expected none, as of the other"),
    ],
    ids=["metric", "version", "denominator", "weights", "clusters"],
)
def test_readings_that_were_made_otherwise_do_not_add_up(other: Any, expected: str) -> None:
    with pytest.raises(InvalidValue, match=expected):
        _ = NPS.read_scores([9]) + other


def test_nothing_adds_up_with_anything() -> None:
    clustered, nothing = NPS.read_scores([9], weights=[2], clusters=["a"]), NPS.read_scores([None])

    assert clustered + nothing == attrs.evolve(clustered, parts=(nothing + clustered).parts)
    assert (nothing + nothing).part("unscored") == 2


@pytest.mark.parametrize("wrong", [[], ["9"], "reading", None], ids=repr)
def test_what_is_not_pooled(wrong: Any) -> None:
    with pytest.raises(InvalidValue, match=r"pool\.readings"):
        pool(wrong)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [(w, r"read\.weights\[1\]: expected an int, Decimal") for w in (0, -1, True, "1", None, float("nan"), float("inf"))]
    + [(Decimal("NaN"), r"\[1\]"), (Decimal("sNaN"), r"\[1\]"), (Decimal("1E+999999"), r"\[1\]"), (0.0, r"\[1\]")],
    ids=lambda it: str(it)[:9],
)
def test_a_weight_is_above_zero_even_where_nothing_counts(weight: Any, expected: str) -> None:
    with pytest.raises(InvalidValue, match=expected):
        NPS.read_scores([9, None], weights=[1, weight])


@pytest.mark.parametrize("cluster", [None, "", 3])
def test_a_cluster_is_a_text(cluster: Any) -> None:
    with pytest.raises(InvalidValue, match=r"read\.clusters\[1\]"):
        NPS.read_scores([9, 3], clusters=["a", cluster])


@pytest.mark.parametrize("name", ["weights", "clusters"])
@pytest.mark.parametrize("given", [[1], "ab", 5], ids=["too few", "text", "a number"])
def test_there_is_one_for_each_answer(name: str, given: Any) -> None:
    with pytest.raises(InvalidValue, match=rf"read\.{name}"):
        NPS.read_scores([9, 3], **{name: given})


def test_float_weights_are_added_without_rounding() -> None:
    reading = NPS.read_scores([9, 3, 7], weights=[0.1, 0.1, 0.1])

    assert (reading.exact, reading.n_eff, reading.deff, reading.moments.w) == (False, 3, 1, 3 * Fraction(0.1))


def test_weights_of_all_kinds_and_sizes() -> None:
    reading = NPS.read_scores([9, 3], weights=[1e-300, 1e300])
    mixed = NPS.read_scores([9, 3, 7], weights=[Fraction(1, 3), Decimal("0.5"), 2])

    assert (reading.show(), reading.deff is not None and reading.deff <= 2) == ("-100.0", True)
    assert (mixed.exact, mixed.value) == (True, Fraction(100) * (Fraction(1, 3) - Fraction(1, 2)) / Fraction(17, 6))


def test_unanswered_questions_weigh_too_where_they_count() -> None:
    reading = NPS.read_scores([9, None], weights=[1, 3], clusters=["a", "b"], count="responded")

    assert (reading.value, [each.wx for each in reading.clusters or ()]) == (25, [100, 0])


def test_without_answers_there_is_a_reason_and_no_number() -> None:
    reading = NPS.read_scores([None])

    assert (reading.value, reading.reason, reading.n_eff, reading.deff) == (None, "no_scored", None, None)
    assert (reading.show(), str(reading)) == (
        "none (no_scored)",
        "nps none (no_scored) (n 0: 0 promoter, 0 passive, 0 detractor)",
    )


@pytest.mark.parametrize(("n", "shown"), [(0, "50.0"), (4, "50.0"), (5, "none (too_few)")])
def test_small_cells_are_not_shown(n: int, shown: str) -> None:
    assert NPS.read_scores([9, 10, 7, 7]).show(min_n=n) == shown


def test_a_hidden_figure_tells_no_counts() -> None:
    reading = NPS.read_scores([9])

    assert (reading.as_figure(min_n=2).parts, reading.as_figure(min_n=2).reason) == ((), "too_few")
    assert NPS.read_scores([]).as_figure(min_n=2).reason == "no_scored"
    with pytest.raises(InvalidValue, match="min_n"):
        reading.as_figure(min_n=-1)


def test_a_figure_tells_how_it_was_made() -> None:
    figure = NPS.read_scores([9, None], count="responded").as_figure()

    assert (figure.value, figure.unit, figure.part("unscored"), figure.part("band.promoter")) == (50, "points", 1, 1)
    assert dict(figure.parameters)["count"] == "responded"


def test_what_is_shown_is_rounded_as_told() -> None:
    reading = NPS.read_counts({"promoter": 9, "detractor": 7})

    assert (reading.show(0), reading.show(0, Rounding.HALF_EVEN), reading.show(3)) == ("13", "12", "12.500")


def test_a_reading_in_words() -> None:
    assert str(NPS.read_scores([9, 9, 7])) == "nps 66.7 points (n 3: 2 promoter, 1 passive, 0 detractor)"
    assert str(STARS.read_scores([5])) == "rating 5.0 scale points (n 1)"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("parts", (("scored", 2),)),
        ("parts", (("scored", "2"),)),
        ("parts", [("scored", 2)]),
        ("moments", NPS.read_scores([9]).moments),
        ("distribution", ((9, 1),)),
        ("bands", (("fan", 2),)),
        ("bands", ((1, 2, 3),)),
        ("metric", "nps"),
        ("count", "all"),
        ("weights", "some"),
        ("exact", 1),
        ("clusters", ("a",)),
    ],
    ids=lambda it: it if isinstance(it, str) else type(it).__name__,
)
def test_counts_and_sums_tell_of_the_same_answers(name: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match=rf"Reading\.{name}"):
        attrs.evolve(NPS.read_scores([9, 3]), **{name: value})


MOMENTS = NPS.read_scores([9, 3]).moments


@pytest.mark.parametrize(
    ("reading", "name", "value"),
    [
        (NPS.read_scores([9, 3]), "parts", (*NPS.read_scores([9, 3]).parts, ("scored", 0))),
        (NPS.read_scores([9, 3]), "parts", (([], 1),)),
        (NPS.read_scores([9, 3]), "distribution", ((9, 1), (99, 1))),
        (NPS.read_scores([9, 3]), "distribution", ((9, 1), (9, 1))),
        (NPS.read_scores([9, 3]), "distribution", ((9, 1), (3, 1))),
        (NPS.read_scores([9, 3]), "moments", attrs.evolve(MOMENTS, x=100, wx=100)),
        (NPS.read_scores([9, 3]), "moments", attrs.evolve(MOMENTS, w=Fraction(3, 2))),
        (NPS.read_scores([9, 3], weights=[1, 2]), "moments", attrs.evolve(MOMENTS, wx=201)),
        (NPS.read_scores([9, 3]), "bands", (("promoter", 2), ("passive", 0), ("detractor", 0))),
        (NPS.read_counts({"promoter": 2}), "bands", (("promoter", 3), ("passive", 0), ("detractor", 0))),
        (NPS.read_scores([9, 3]), "clusters", ()),
        (NPS.read_scores([9, 3]), "clusters", (Cluster(key="a", w=1, wx=0), Cluster(key="a", w=1, wx=0))),
    ],
    ids=[
        "a part twice", "a part without a name", "a score off the scale", "a score twice", "scores out of order",
        "another sum of x", "another sum of weights", "beyond the range", "another band", "too many in bands",
        "no clusters", "a cluster twice",
    ],
)  # fmt: skip
def test_a_reading_from_elsewhere_is_sound(reading: Any, name: str, value: Any) -> None:
    """What is stored elsewhere may have been changed there; else an interval would fail, or a number be wrong."""
    with pytest.raises(InvalidValue, match=rf"Reading\.{name}"):
        attrs.evolve(reading, **{name: value})


def test_metrics_that_differ_are_told_apart() -> None:
    with pytest.raises(
        InvalidValue, match=r"Share\(of=\(4, 5\)\) on 1 to 5; .*got 'csat version 1 \(Share\(of=\(5,\)\)"
    ):
        pool([Metric.csat().read_scores([5]), Metric.csat(of=(5,)).read_scores([5])])


def test_many_readings_are_pooled_in_their_order() -> None:
    readings = [NPS.read_scores([number % 11], clusters=[str(number)]) for number in range(301)]

    pooled = pool(readings)

    assert pooled == NPS.read_scores([number % 11 for number in range(301)], clusters=map(str, range(301)))
