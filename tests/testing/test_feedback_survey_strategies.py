"""Strategies of surveys and of what comes back from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings, strategies as st

from relex.errors import InvalidValue
from relex.testing import strategies

if TYPE_CHECKING:
    from relex.feedback import Response

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
KINDS = {"scale", "choice", "choices", "number", "text", "boolean", "date"}


def drawn(strategy: st.SearchStrategy[Any], count: int = 60) -> list[Any]:
    """What a strategy draws; the same every time."""
    found: list[Any] = []

    @settings(max_examples=count, phases=[Phase.generate], derandomize=True, database=None, deadline=None)
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


def test_surveys_have_rules_and_jumps_and_their_paths_end() -> None:
    found = drawn(strategies.surveys(id="pulse"))
    asked = [question for survey in found for question in survey.questions]

    assert {survey.id for survey in found} == {"pulse"}
    assert any(question.when is not None for question in asked)
    assert any(question.skip_to for question in asked)
    assert all(set(survey.path({}).shown) <= {question.id for question in survey.questions} for survey in found)


def test_questions_of_every_kind_stand_alone() -> None:
    found = drawn(strategies.questions(id="q"))

    assert {question.kind for question in found} == KINDS
    assert {(question.id, question.when, question.skip_to) for question in found} == {("q", None, ())}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_can_be_asked_for(kind: str) -> None:
    assert {question.kind for question in drawn(strategies.questions(kind=kind), 3)} == {kind}


def test_answers_of_every_status_and_codes_are_drawn() -> None:
    found = drawn(strategies.answers(question="q"))

    assert {answer.status for answer in found} == {"scored", "unscored", "dismissed", "not_shown", "invalid"}
    assert any(answer.is_code for answer in found)


@given(strategies.responses(submission="s1", contact="c1", at=AT))
def test_a_response_is_that_of_its_arguments(response: Response) -> None:
    assert (response.submission, response.subject, response.at) == ("s1", "c1", AT)


def test_single_parts_are_drawn() -> None:
    assert {choice.code for choice in drawn(strategies.choices(code="x"), 3)} == {"x"}
    assert "end" in {jump.to for jump in drawn(strategies.jumps())}


@pytest.mark.parametrize(
    ("strategy", "arguments", "path"),
    [
        pytest.param("surveys", {"id": ""}, "surveys.id", id="survey"),
        pytest.param("questions", {"kind": "grid"}, "questions.kind", id="kind"),
        pytest.param("choices", {"code": ""}, "choices.code", id="code"),
        pytest.param("answers", {"question": ""}, "answers.question", id="question"),
        pytest.param("responses", {"at": datetime(2026, 5, 4)}, "responses.at", id="naive"),  # noqa: DTZ001 - what is tested
    ],
)
def test_what_is_wrong_is_refused(strategy: str, arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        getattr(strategies, strategy)(**arguments)

    assert path == caught.value.path
