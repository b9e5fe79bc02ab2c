"""Surveys: all mistakes at once, what is complete, late and counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.errors import InvalidValue, NotFound
from relex.feedback import Answer, Choice, Jump, Metric, Question, Response, Survey
from relex.rules import field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
NPS = Metric.nps()
PULSE = Survey(
    "pulse",
    [
        Question("q1", "scale", metric=NPS, required=True),
        Question("q2", "text", when=field("answer.q1") <= 6, required=True, wording="Why?"),
        Question("q3", "text", skip_to=[Jump("end", field("answer.q3") == "stop")]),
        Question("q4", "text", when=field("contact.vip") == True, required=True),  # noqa: E712 - notation
    ],
    closes=AT,
)


def came(*answers: Answer, **more: Any) -> Response:
    return Response(**{"submission": "s1", "survey": "pulse", "at": AT, "answers": answers, **more})


class TestMistakes:
    def problems(self, *questions: Any, **more: Any) -> list[str]:
        with pytest.raises(InvalidValue) as caught:
            Survey("s", questions, **more)
        problems: Any = caught.value.value
        return [str(problem) for problem in problems]

    def test_they_are_told_at_once(self) -> None:
        found = self.problems(
            Question("a", "text", when=field("answer.b") == "x", skip_to=[Jump("a", field("answer.c") == "x")]),
            Question("b", "scale", metric=NPS),
            Question("b", "text", when=field("answer.b") == "x"),
        )

        assert found == [
            "questions[2].id: expected no second question b, got 'b'",
            "questions[a].when: expected an answer that is given before (there is none), got 'answer.b'",
            "questions[a].skip_to[0].when: expected an answer that is given before (answer.a), got 'answer.c'",
            "questions[a].skip_to[0].to: expected one of b, b, end, got 'a'",
            "questions[b].when: expected a question about a number, as answer.b is, got field('answer.b') == 'x'",
        ]

    def test_a_rule_does_not_look_at_its_own_question(self) -> None:
        assert len(self.problems(Question("a", "text", when=field("answer.a") == "x"))) == 1

    def test_a_jump_looks_at_its_own_question(self) -> None:
        assert Survey("s", [Question("a", "text", skip_to=[Jump("end", field("answer.a") == "x")])]).questions

    def test_a_text_in_a_language_that_is_not_listed(self) -> None:
        found = self.problems(Question("a", "choice", choices=[Choice("x", {"fr": "X"})]), languages=["en", "de"])

        assert found == ["questions[a]: expected texts in en, de, got 'fr'"]

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"opens": AT, "closes": AT}, "closes", id="no time"),
            pytest.param({"program": "both"}, "program", id="program"),
            pytest.param({"version": 0}, "version", id="version"),
            pytest.param({"closes": datetime(2026, 5, 4)}, "closes", id="naive"),  # noqa: DTZ001 - what is tested
            pytest.param({"questions": ["q1"]}, "questions", id="no question"),
            pytest.param({"contact_rules": ["cooldown"]}, "contact_rules", id="no contact rule"),
            pytest.param({"languages": [""]}, "languages", id="no language"),
        ],
    )
    def test_what_is_wrong_in_itself_is_refused(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=rf"Survey\.{path}"):
            Survey(**{"id": "s", "questions": [], **more})


def test_a_question_is_found_by_its_id() -> None:
    assert PULSE.question("q2").kind == "text"
    with pytest.raises(NotFound):
        PULSE.question("q9")


def test_the_facts_of_a_survey() -> None:
    facts = PULSE.facts()

    assert (facts["survey.id"], facts["survey.version"], facts["survey.program"]) == ("pulse", 1, "relational")
    assert (facts["survey.opens"], facts["survey.closes"]) == (None, AT)


def test_it_shows_itself() -> None:
    found = PULSE._repr_html_()

    assert str(PULSE) == "pulse 1 (4 questions, relational)"
    assert "Why?" in found
    assert "to end if answer.q3 is stop" in found


class TestCompleteness:
    @pytest.mark.parametrize(
        ("response", "expected"),
        [
            pytest.param(came(Answer("q1", 9)), "complete", id="what is hidden is not needed"),
            pytest.param(came(Answer("q1", 5)), "partial", id="what is shown is"),
            pytest.param(came(Answer("q1", 5), Answer("q2", "x")), "complete", id="answered"),
            pytest.param(came(Answer("q1", 5), Answer("q2")), "partial", id="left empty"),
            pytest.param(came(Answer("q1", 9), Answer("q2", "x", status="not_shown")), "complete", id="off the path"),
            pytest.param(came(Answer("q1", status="invalid")), "started", id="invalid"),
            pytest.param(came(Answer("q1", 9), submitted=False), "partial", id="not submitted"),
            pytest.param(came(Answer("q1", status="dismissed"), submitted=False), "started", id="no answer"),
            pytest.param(came(), "started", id="nothing"),
            pytest.param(came(Answer("q1", 9), Answer("q4")), "partial", id="noted as shown"),
            pytest.param(
                came(Answer("q1", 5), Answer("q2", "x", status="not_shown"), submitted=False), "partial", id="a"
            ),
        ],
    )
    def test_the_word_for_it(self, response: Response, expected: str) -> None:
        assert expected == PULSE.completeness(response)

    def test_the_facts_of_the_invitation_count(self) -> None:
        assert PULSE.completeness(came(Answer("q1", 9)), {"contact.vip": True}) == "partial"

    def test_a_survey_that_requires_nothing_is_complete_once_submitted(self) -> None:
        survey = Survey("s", [Question("q1", "text")])

        assert survey.completeness(Response(submission="s1", survey="s", at=AT)) == "complete"


@pytest.mark.parametrize(
    ("after", "expected"),
    [pytest.param(timedelta(0), False, id="at the end"), pytest.param(timedelta(microseconds=1), True, id="after")],
)
def test_what_comes_after_the_end_is_late(after: timedelta, expected: bool) -> None:
    assert expected is PULSE.is_late(came(at=AT + after))


def test_nothing_is_late_without_an_end() -> None:
    assert not Survey("pulse", []).is_late(came())


class TestCounted:
    GIVEN = (
        came(Answer("q1", 9)),
        came(Answer("q1", 9), submission="s2", submitted=False),
        came(submission="s3"),
        came(Answer("q1", 9), submission="s4", at=AT + timedelta(1)),
        came(Answer("q1", 9), submission="s5", at=AT + timedelta(1), submitted=False, excluded="test"),
    )

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            pytest.param({}, [None, None, None, None, "test"], id="by default"),
            pytest.param({"partials": "complete_only"}, [None, "partial", "started", None, "test"], id="complete only"),
            pytest.param({"late": "set_aside"}, [None, None, None, "late", "test"], id="late set aside"),
            pytest.param(
                {"late": "set_aside", "partials": "complete_only"},
                [None, "partial", "started", "late", "test"],
                id="both",
            ),
        ],
    )
    def test_what_does_not_count_is_excluded(self, more: dict[str, str], expected: list[str | None]) -> None:
        found = PULSE.counted(self.GIVEN, **more)

        assert expected == [response.excluded for response in found]
        assert sum(dict(NPS.read(found, question="q1").parts).values()) == len(self.GIVEN)

    @pytest.mark.parametrize("more", [{"partials": "all"}, {"late": "never"}], ids=["partials", "late"])
    def test_another_policy_is_refused(self, more: dict[str, str]) -> None:
        with pytest.raises(InvalidValue, match=rf"counted\.{next(iter(more))}"):
            PULSE.counted([], **more)


@pytest.mark.parametrize(
    "response", [pytest.param(came(version=2), id="version"), pytest.param(came(survey="other"), id="survey")]
)
def test_a_response_to_something_else_is_refused(response: Response) -> None:
    for ask in (PULSE.completeness, PULSE.is_late, lambda it: PULSE.counted([it]), lambda it: PULSE.drop_off([it])):
        with pytest.raises(InvalidValue, match="a response to version 1 of pulse"):
            ask(response)


def test_what_is_no_response_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"counted\.responses\[0\]"):
        PULSE.counted(["s1"])  # type: ignore[list-item]  # what is tested
