"""Paths: what is shown and why, what waits, and what is off the path."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Answer, Jump, Metric, Question, Response, Survey
from relex.rules import FALSE, field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
LONG = Survey(
    "long",
    [
        Question("q1", "scale", metric=Metric.nps(), required=True),
        Question(
            "q2", "text", skip_to=[Jump("q4", field("answer.q2") == "skip"), Jump("end", field("answer.q1") == 0)]
        ),
        Question("q3", "text"),
        Question("q4", "text", when=~(field("answer.q1") == 5)),
        Question("q5", "text", when=field("contact.vip") == True),  # noqa: E712 - notation
    ],
)


@pytest.mark.parametrize(
    ("answers", "shown", "following"),
    [
        pytest.param({}, "q1 q2 q3", "q1", id="nothing"),
        pytest.param({"q1": 9}, "q1 q2 q3 q4", "q2", id="first"),
        pytest.param({"q1": 9, "q2": "skip"}, "q1 q2 q4", "q4", id="jump"),
        pytest.param({"q1": 5, "q2": "skip"}, "q1 q2", None, id="jump to a hidden one"),
        pytest.param({"q1": 0, "q2": "x"}, "q1 q2", None, id="end"),
        pytest.param({"q1": 0, "q2": "skip"}, "q1 q2 q4", "q4", id="the first jump is made"),
        pytest.param({"q1": 9, "q2": None}, "q1 q2 q3 q4", "q3", id="left empty"),
        pytest.param({"q1": None, "q2": ""}, "q1 q2 q3", "q1", id="required and left empty"),
        pytest.param({"q3": "x"}, "q1 q2 q3", "q1", id="a later one"),
    ],
)
def test_the_path_and_what_comes_next(answers: dict[str, Any], shown: str, following: str | None) -> None:
    path = LONG.path(answers)

    assert " ".join(path.shown) == shown
    assert following == path.next


def test_facts_of_the_invitation_show_a_question() -> None:
    assert "q5" in LONG.path({}, {"contact.vip": True}).shown


def test_facts_say_nothing_of_answers() -> None:
    assert LONG.path({}, {"answer.q1": 9}).shown == ("q1", "q2", "q3")


def test_a_response_brings_its_own_facts() -> None:
    survey = Survey("s", [Question("q1", "text", when=field("response.channel") == "email")])
    response = Response(submission="s1", survey="s", at=AT, channel="email")

    assert survey.path(response).shown == ("q1",)


def test_the_answers_of_a_response_are_walked() -> None:
    answers = [Answer("q1", 9), Answer("q2"), Answer("q4", "x", status="not_shown"), Answer("q5", status="not_shown")]
    path = LONG.path(Response(submission="s1", survey="long", at=AT, answers=answers))

    assert (path.shown, path.next) == (("q1", "q2", "q3", "q4"), "q3")


def test_an_answer_off_the_path_is_no_fact() -> None:
    survey = Survey(
        "s",
        [
            Question("a", "text", when=FALSE),
            Question("b", "text", when=field("answer.a") == "x"),
            Question("c", "text"),
        ],
    )
    path = survey.path({"a": "x"})

    assert (path.shown, path.off_path) == (("c",), ("a",))


def test_the_verdicts_say_why() -> None:
    path = LONG.path({"q1": 5, "q2": "skip"})
    found = path.verdict("q4")

    assert found is not None
    assert found.answer is False
    assert path.verdict("q3") is None
    assert [(name, to, verdict.answer) for name, to, verdict in path.jumps] == [("q2", "q4", True)]


def test_one_rule_may_show_a_question_and_jump_on_from_it() -> None:
    low = field("answer.q1") <= 6
    first, last = Question("q1", "scale", metric=Metric.nps()), Question("q3", "text")
    path = Survey("s", [first, Question("q2", "text", when=low, skip_to=[Jump("end", low)]), last]).path(
        {"q1": 5, "q2": "late"}
    )

    assert [name for name, _ in path.verdicts] == ["q2"]
    assert [(name, to) for name, to, _ in path.jumps] == [("q2", "end")]


def test_it_shows_itself() -> None:
    path = LONG.path({"q1": 5, "q2": "skip"})

    assert [str(path), str(Survey("s", []).path({}))] == ["q1 > q2 (next: nothing)", "nothing (next: nothing)"]
    assert "q2 to q4" in path._repr_html_()


@pytest.mark.parametrize(
    ("answers", "facts", "path"),
    [
        pytest.param({"q9": 1}, None, "path.answers", id="no such question"),
        pytest.param(["q1"], None, "path.answers", id="no mapping"),
        pytest.param({}, ["vip"], "path.facts", id="no facts"),
    ],
)
def test_what_is_wrong_raises(answers: Any, facts: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        LONG.path(answers, facts)

    assert path == caught.value.path


def test_an_unknown_question_is_told_what_there_is() -> None:
    with pytest.raises(InvalidValue, match="one of q1, q2, q3, q4, q5"):
        LONG.path({"q9": 1})
