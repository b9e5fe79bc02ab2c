"""Paths, drop-off and revisions: the worked cases of feedback, sections 5 and 6."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import Conflict
from relex.feedback import Answer, Jump, Metric, Question, Response, Survey, latest_responses
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
NPS = Metric.nps()
SCORE = field("answer.q1")
PULSE = Survey(
    "pulse",
    [
        Question("q1", "scale", metric=NPS),
        Question("q2", "text", when=SCORE <= 6),
        Question("q3", "text", when=SCORE >= 9),
        Question("q4", "scale", metric=Metric.csat()),
        Question("q5", "boolean", when=(SCORE <= 6) & (field("answer.q4") <= 3)),
    ],
)
FOUR = Survey("four", [Question(name, "text", required=True) for name in ("q1", "q2", "q3", "q4")])


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        pytest.param({}, ("q1", "q4"), id="nothing"),
        pytest.param({"q1": 9}, ("q1", "q3", "q4"), id="promoter"),
        pytest.param({"q1": 5}, ("q1", "q2", "q4"), id="detractor"),
        pytest.param({"q1": 5, "q4": 2}, ("q1", "q2", "q4", "q5"), id="and not satisfied"),
        pytest.param({"q1": 5, "q3": "x"}, ("q1", "q2", "q4"), id="off the path"),
    ],
)
def test_fb_30_what_is_shown_follows_from_the_answers(answers: dict[str, Any], shown: tuple[str, ...]) -> None:
    """Source: own; unknown rules hide, and False and unknown is False."""
    assert shown == PULSE.path(answers).shown


@pytest.mark.parametrize(
    ("answers", "expected"), [pytest.param({"q1": 9}, False, id="9"), pytest.param({"q1": 5}, None, id="5")]
)
def test_fb_30_why_the_last_question_is_hidden(answers: dict[str, Any], expected: bool | None) -> None:
    """Source: own; after a 9 the rule is False, after a 5 it is not known yet."""
    verdict = PULSE.path(answers).verdict("q5")

    assert verdict is not None
    assert expected is verdict.answer


def test_fb_30_an_answer_off_the_path_is_kept() -> None:
    """Source: own."""
    response, _ = PULSE.normalize({"q1": 5, "q3": "x"}, submission="s1", at=AT)

    assert Answer("q3", "x", status="not_shown", reason="off_path") == response.answer("q3")
    assert PULSE.path({"q1": 5, "q3": "x"}).off_path == ("q3",)


def came(name: str, answers: dict[str, Any], **more: Any) -> Response:
    given = [Answer(question, value) for question, value in answers.items()]
    return Response(submission=name, survey="four", at=AT, answers=given, **more)


def test_fb_31_displays_responses_and_finished() -> None:
    """Source: Formbricks, surveySummary.test.ts (meta); 10 displays, 3 responses, 2 of them finished."""
    everything = dict.fromkeys(("q1", "q2", "q3", "q4"), "x")
    found = FOUR.drop_off(
        [
            came("s1", everything, took=timedelta(seconds=100)),
            came("s2", everything, took=timedelta(seconds=150)),
            came("s3", {"q1": "x"}, submitted=False),
        ],
        displays=10,
    )

    assert (found.start_rate.value, found.completion_rate.value) == (30, 20)
    assert found.drop_off_rate.show(4) == "33.3333"
    assert (found.mean_time.value, found.median_time.value) == (125, 125)


def test_fb_31_a_jump_and_a_stop() -> None:
    """Source: Formbricks, surveySummary.test.ts (drop-off with a jump from q2 to q4)."""
    survey = Survey(
        "four",
        [
            Question("q1", "text"),
            Question("q2", "text", skip_to=[Jump("q4")]),
            Question("q3", "text"),
            Question("q4", "text"),
        ],
    )
    found = survey.drop_off([came("s1", {"q1": "x", "q2": "x"}, submitted=False)])

    assert [row.impressions for row in found.questions] == [1, 1, 0, 1]
    assert [row.drops for row in found.questions] == [0, 0, 0, 1]


def scored(name: str, revision: int, score: int) -> Response:
    return Response(submission=name, survey="pulse", at=AT, revision=revision, answers=[Answer("q1", score)])


SUBMITTED = (scored("S1", 1, 3), scored("S1", 2, 9), scored("S2", 1, 9))


@pytest.mark.parametrize(
    "order", [*permutations(SUBMITTED), (*SUBMITTED, *SUBMITTED)], ids=lambda order: str(len(order))
)
def test_fb_32_the_order_and_repeats_change_nothing(order: Sequence[Response]) -> None:
    """Source: own."""
    found = latest_responses(order)

    assert len(found) == 2
    assert NPS.read(found, question="q1").value == 100


def test_fb_32_two_contents_of_one_revision() -> None:
    """Source: own."""
    with pytest.raises(Conflict):
        latest_responses([*SUBMITTED, scored("S1", 2, 8)])
