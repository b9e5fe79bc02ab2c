"""A metric by segment, in one pass."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue, NotFound
from relex.feedback import Answer, Metric, Response, contributions, readings_by

NPS = Metric.nps()
RESPONSES = [
    Response(
        submission=f"s{number}",
        survey="nps",
        at=datetime(2026, 5, 1, tzinfo=UTC),
        answers=(Answer("q1", score), Answer("q2", plan)),
        channel=channel,
        version=version,
    )
    for number, (score, plan, channel, version) in enumerate(
        [
            (10, "gold", "web", 1),
            (9, "gold", "web", 2),
            (3, "free", "store", 2),
            (None, None, "store", 2),
            (8, "free", None, 1),
        ]
    )
]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        pytest.param("response.channel", {"store": -100, "web": 100}, id="a fact"),
        pytest.param("survey.version", {"1": 50, "2": 0}, id="a number"),
        pytest.param("answer.q2", {"free": -50, "gold": 100}, id="an answer"),
        pytest.param("answer.q9", {}, id="an answer that nobody gave"),
        pytest.param(lambda response: response.submission < "s2", {"False": -50, "True": 100}, id="a function"),
    ],
)
def test_one_reading_for_each_segment(by: Any, expected: dict[str, int]) -> None:
    """Sorted by name; what is not text goes by its text."""
    found = readings_by(RESPONSES, NPS, question="q1", by=by)

    assert {name: reading.value for name, reading in found.groups} == expected
    assert found.overall == NPS.read(RESPONSES, question="q1")


def test_each_reading_is_the_one_that_its_responses_alone_would_give() -> None:
    """With all parts."""
    found = readings_by(RESPONSES, NPS, question="q1", by="response.channel", count="responded")
    alone = NPS.read([each for each in RESPONSES if each.channel == "store"], question="q1", count="responded")

    assert found["store"] == alone
    assert (found["store"].value, found["web"].value) == (-50, 100)


def test_those_in_no_segment_are_kept_apart() -> None:
    """And count in the overall reading."""
    found = readings_by(RESPONSES, NPS, question="q1", by="response.channel")

    assert (found.unknown.n, found.overall.n, str(found)) == (
        1,
        4,
        "2 segments by response.channel: nps 25.0 points (n 4: 2 promoter, 1 passive, 1 detractor)",
    )


def test_segments_whose_text_is_the_same_are_one() -> None:
    """1 and "1" are shown alike, so they are counted together."""
    found = readings_by(RESPONSES[:2], NPS, question="q1", by=lambda response: 1 if response.version == 1 else "1")

    assert [(name, reading.n) for name, reading in found.groups] == [("1", 2)]


def test_what_segments_add() -> None:
    """As of `contributions`; of no segment nothing."""
    found = readings_by(RESPONSES, NPS, question="q1", by="response.channel")

    assert (
        found.contributions
        == contributions(dict(found.groups))
        == {"store": Fraction(-400, 9), "web": Fraction(400, 9)}
    )
    assert readings_by([], NPS, question="q1", by="account").contributions == {}


def test_it_is_seen_as_a_table() -> None:
    """With a bar and an interval for each segment, and none for one without a score."""
    html = readings_by(
        RESPONSES[:4], NPS, question="q1", by=lambda response: f"<{response.answers[0].value}>"
    )._repr_html_()

    assert "&lt;10&gt;" in html
    assert "none (no_scored)" in html


@pytest.mark.parametrize("by", ["response.mood", 7], ids=str)
def test_a_fact_that_responses_do_not_have(by: Any) -> None:
    """The message lists those that they have."""
    with pytest.raises(InvalidValue, match=r"response\.touchpoint"):
        readings_by(RESPONSES, NPS, question="q1", by=by)


def test_a_segment_that_is_not_there() -> None:
    """It is not found."""
    with pytest.raises(NotFound, match="moon"):
        _ = readings_by(RESPONSES, NPS, question="q1", by="account")["moon"]


def test_a_policy_of_readings_is_checked() -> None:
    """As `Metric.read` does."""
    with pytest.raises(InvalidValue, match="no x for a missing score"):
        readings_by([], Metric.rating(), question="q1", by="account", count="responded")
