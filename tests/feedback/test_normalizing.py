"""What a form, an export or a webhook holds becomes typed answers, or comes back with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Answer, Choice, Metric, NormalizedResponse, Question, RefusedField, Scale, Survey
from relex.rules import field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
LATE = Choice("late", {"en": "Too late", "de": "Zu spät"})
SURVEY = Survey(
    "all",
    [
        Question("nps", "scale", metric=Metric.nps()),
        Question("quarters", "scale", scale=Scale(0, 100, 25)),
        Question("why", "choice", choices=[LATE, Choice("rude", "Rude"), "tea", "Tea"]),
        Question("which", "choices", choices=["c", "a", "b"]),
        Question("count", "number"),
        Question("words", "text"),
        Question("call", "boolean", choices=[Choice("true", {"ja": "はい"}), Choice("false", {"ja": "いいえ"})]),
        Question("again", "boolean"),
        Question("day", "date"),
    ],
    languages=["en", "de", "ja"],
)


def taken(raw: Any, *, of: Survey = SURVEY, **more: Any) -> NormalizedResponse:
    return of.normalize(raw, **{"submission": "s1", "at": AT, "on_error": "set_aside", **more})


@pytest.mark.parametrize(
    ("question", "given", "expected"),
    [
        pytest.param("nps", 9, 9, id="int"),
        pytest.param("nps", " 9 ", 9, id="spaces"),
        pytest.param("nps", "９", 9, id="full-width"),
        pytest.param("nps", "１０", 10, id="two full-width"),
        pytest.param("nps", "0", 0, id="zero"),
        pytest.param("nps", "9.0", 9, id="whole decimal"),
        pytest.param("quarters", "75", 75, id="step"),
        pytest.param("why", "late", "late", id="code"),
        pytest.param("why", " TOO LATE", "late", id="label"),
        pytest.param("why", "Ｚｕ ｓｐäｔ", "late", id="full-width label"),
        pytest.param("why", "rude", "rude", id="label of all languages"),
        pytest.param("why", "Tea", "Tea", id="exact code"),
        pytest.param("which", "b", ("b",), id="one of several"),
        pytest.param("which", ["b", "c", "B"], ("c", "b"), id="in the order of the question"),
        pytest.param("count", "-12", -12, id="integer"),
        pytest.param("count", "\u2212３．５", Decimal("-3.5"), id="decimal"),
        pytest.param("count", Decimal("2.50"), Decimal("2.50"), id="exact"),
        pytest.param("words", " Ｇｒｅａｔ！\n", "Great!", id="text"),
        pytest.param("call", True, True, id="flag"),
        pytest.param("call", "いいえ", False, id="label of a flag"),
        pytest.param("call", "Yes", True, id="yes of a labelled flag"),
        pytest.param("again", "０", False, id="zero is False"),
        pytest.param("day", date(2026, 5, 1), date(2026, 5, 1), id="date"),
        pytest.param("day", "２０２６-05-01", date(2026, 5, 1), id="text of a date"),
    ],
)
def test_what_was_given_becomes_an_answer(question: str, given: object, expected: object) -> None:
    response, aside = taken({question: given})
    answer = response.answer(question)

    assert aside == ()
    assert answer is not None
    assert (answer.value, answer.status) == (expected, "scored")


@pytest.mark.parametrize("given", [None, "", "  ", "\u3000"])
@pytest.mark.parametrize("question", [question.id for question in SURVEY.questions])
def test_what_is_empty_is_unscored(question: str, given: object) -> None:
    assert taken({question: given}).response.answer(question) == Answer(question)


@pytest.mark.parametrize("given", [[], [""], [None, " "]], ids=repr)
def test_no_choice_at_all_is_unscored(given: object) -> None:
    assert taken({"which": given}).response.answer("which") == Answer("which")


@pytest.mark.parametrize(
    ("question", "given", "reason"),
    [
        pytest.param("nps", 11, "off_scale", id="above"),
        pytest.param("nps", -1, "off_scale", id="below"),
        pytest.param("nps", 6.5, "off_scale", id="float"),
        pytest.param("nps", "6.5", "off_scale", id="fraction"),
        pytest.param("nps", float("nan"), "off_scale", id="nan"),
        pytest.param("nps", Decimal("sNaN"), "off_scale", id="decimal nan"),
        pytest.param("nps", True, "not_a_number", id="flag"),
        pytest.param("nps", "nine", "not_a_number", id="word"),
        pytest.param("nps", "9" * 61, "not_a_number", id="too long"),
        pytest.param("quarters", 30, "off_scale", id="between"),
        pytest.param("why", "slow", "unknown_choice", id="label"),
        pytest.param("why", "TEA", "ambiguous_choice", id="case"),
        pytest.param("why", 3, "wrong_type", id="number"),
        pytest.param("which", ["a", "z"], "unknown_choice", id="one of two"),
        pytest.param("which", {"a": True}, "wrong_type", id="mapping"),
        pytest.param("which", 3, "wrong_type", id="no choices"),
        pytest.param("count", 1.5, "not_exact", id="not exact"),
        pytest.param("count", False, "not_a_number", id="no number"),
        pytest.param("count", "1,5", "not_a_number", id="comma"),
        pytest.param("count", Decimal("NaN"), "not_a_number", id="nan number"),
        pytest.param("words", 12, "wrong_type", id="no text"),
        pytest.param("call", "maybe", "unknown_choice", id="maybe"),
        pytest.param("again", "maybe", "wrong_type", id="maybe without labels"),
        pytest.param("again", 1, "wrong_type", id="one"),
        pytest.param("day", AT, "not_a_date", id="instant"),
        pytest.param("day", "01.05.2026", "not_a_date", id="dots"),
        pytest.param("day", "2026-02-30", "not_a_date", id="no such day"),
        pytest.param("other", 1, "unknown_field", id="field"),
    ],
)
def test_what_cannot_be_taken_in_comes_back_or_raises(question: str, given: Any, reason: str) -> None:
    response, aside = taken({question: given})
    answer = response.answer(question)

    assert [(found.field, found.reason) for found in aside] == [(question, reason)]
    assert aside[0].value is given
    assert answer is None or (answer.status, answer.reason) == ("invalid", reason)
    with pytest.raises(InvalidValue, match=rf"normalize\.raw\['{question}'\]"):
        taken({question: given}, on_error="raise")


def test_a_label_is_read_in_the_language_of_the_response() -> None:
    gift = [Choice("present", {"en": "Gift"}), Choice("poison", {"de": "Gift"})]
    survey = Survey("s", [Question("q1", "choice", choices=gift)], languages=["en", "de"])
    found = [taken({"q1": "gift"}, of=survey, language=language) for language in ("en", "de", None)]

    assert [answers.response.answers[0].value for answers in found] == ["present", "poison", None]
    assert [answers.aside for answers in found] == [(), (), (RefusedField("q1", "gift", "ambiguous_choice"),)]


def test_a_language_that_is_not_declared() -> None:
    response, aside = taken({}, language="fr")

    assert (response.language, aside) == (None, (RefusedField("language", "fr", "unknown_language"),))
    with pytest.raises(InvalidValue, match="one of en, de, ja"):
        taken({}, language="fr", on_error="raise")


def test_a_survey_without_languages_takes_any() -> None:
    survey = Survey("s", [Question("q1", "text")])

    assert taken({}, of=survey, language="fr").response.language == "fr"


def test_a_choice_is_known_as_a_code() -> None:
    response, _ = taken({"why": "late", "words": "late"})

    assert [answer.is_code for answer in response.answers if answer.value == "late"] == [True, False]


class TestDismissed:
    def test_it_is_an_answer_of_its_own(self) -> None:
        response, _ = taken({"nps": None}, dismissed=["nps", "words"])

        assert [response.answer(name) for name in ("nps", "words")] == [
            Answer("nps", status="dismissed"),
            Answer("words", status="dismissed"),
        ]

    def test_one_that_was_answered_is_refused(self) -> None:
        _, aside = taken({"nps": 9}, dismissed=["nps"])

        assert aside == (RefusedField("nps", 9, "dismissed"),)

    def test_one_that_there_is_not_is_refused(self) -> None:
        assert taken({}, dismissed=["other"]).aside == (RefusedField("other", None, "unknown_field"),)


class TestPath:
    SURVEY = Survey(
        "path",
        [
            Question("q1", "scale", metric=Metric.nps()),
            Question("q2", "text", when=field("answer.q1") <= 6),
            Question("q3", "text", when=field("customer.country") == "AT"),
            Question("q4", "text", when=field("response.channel") == "email"),
        ],
    )

    def test_what_is_off_the_path_is_kept(self) -> None:
        response, _ = taken({"q1": 9, "q2": "x", "q3": ""}, of=self.SURVEY)

        assert response.answers == (Answer("q1", 9), Answer("q2", "x", status="not_shown", reason="off_path"))

    def test_what_was_dismissed_off_the_path_is_not_shown(self) -> None:
        response, _ = taken({}, of=self.SURVEY, dismissed=["q2"])

        assert response.answer("q2") == Answer("q2", status="not_shown", reason="off_path")

    def test_what_was_shown_and_not_answered_is_unscored_once_submitted(self) -> None:
        found = [taken({"q1": 3}, of=self.SURVEY, submitted=submitted).response for submitted in (True, False)]

        assert [response.answers for response in found] == [(Answer("q1", 3), Answer("q2")), (Answer("q1", 3),)]

    def test_the_facts_of_the_invitation_show_questions(self) -> None:
        response, _ = taken({}, of=self.SURVEY, facts={"customer.country": "AT"}, channel="email")

        assert [answer.question for answer in response.answers] == ["q1", "q3", "q4"]

    def test_answers_come_in_the_order_of_the_questions(self) -> None:
        response, _ = taken({"q2": "x", "q1": 3}, of=self.SURVEY)

        assert [answer.question for answer in response.answers] == ["q1", "q2"]


def test_what_is_known_of_a_response_is_kept() -> None:
    response, _ = taken({}, revision=2, contact="c1", took=timedelta(seconds=9), tags=["pilot"], wave="2026-Q2")
    known = (response.survey, response.version, response.program, response.revision, response.contact, response.wave)

    assert known == ("all", 1, "relational", 2, "c1", "2026-Q2")
    assert (response.took, response.tags) == (timedelta(seconds=9), ("pilot",))


@pytest.mark.parametrize(
    ("raw", "more", "path"),
    [
        pytest.param(["nps"], {}, "normalize.raw", id="no mapping"),
        pytest.param({1: 2}, {}, "normalize.raw", id="no name"),
        pytest.param({}, {"on_error": "drop"}, "normalize.on_error", id="policy"),
        pytest.param({}, {"dismissed": "nps"}, "normalize.dismissed", id="dismissed"),
        pytest.param({}, {"at": datetime(2026, 5, 4)}, "Response.at", id="naive"),  # noqa: DTZ001 - what is tested
        pytest.param({}, {"facts": "AT"}, "path.facts", id="facts"),
    ],
)
def test_what_is_wrong_raises(raw: Any, more: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        taken(raw, **more)

    assert path == caught.value.path
