"""Questions: what each kind needs, and labels by language."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import Choice, Jump, Metric, Question, Scale


@pytest.mark.parametrize(
    ("labels", "language", "expected"),
    [
        pytest.param({"en": "Late", "de": "Spät"}, "de", "Spät", id="its language"),
        pytest.param({"en": "Late"}, "fr", "late", id="another"),
        pytest.param("Late", "fr", "Late", id="no language"),
        pytest.param({"und": "Late", "de": "Spät"}, None, "Late", id="nobody says"),
        pytest.param((), "de", "late", id="none"),
        pytest.param([("de", "Spät")], "de", "Spät", id="pairs"),
    ],
)
def test_a_label_in_a_language(labels: Any, language: str | None, expected: str) -> None:
    assert expected == Choice("late", labels).label(language)


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param("", id="empty"),
        pytest.param({"": "Late"}, id="no language"),
        pytest.param([("de", "a"), ("de", "b")], id="twice"),
        pytest.param([("de",)], id="no pair"),
        pytest.param(7, id="number"),
    ],
)
def test_labels_that_are_none_are_refused(labels: Any) -> None:
    with pytest.raises(InvalidValue, match=r"Choice\.labels"):
        Choice("late", labels)


def test_labels_are_kept_sorted() -> None:
    assert Choice("late", {"en": "Late", "de": "Spät"}).labels == (("de", "Spät"), ("en", "Late"))


def test_codes_become_choices() -> None:
    question = Question("q1", "choice", choices=["late", Choice("rude", "Rude")])

    assert question.choices == (Choice("late"), Choice("rude", "Rude"))
    assert (question.choice("late"), question.choice("other")) == (Choice("late"), None)


def test_a_metric_brings_its_scale() -> None:
    assert Question("q1", "scale", metric=Metric.nps()).scale == Scale(0, 10)


@pytest.mark.parametrize(
    ("kind", "more", "path"),
    [
        pytest.param("grid", {}, "kind", id="kind"),
        pytest.param("scale", {}, "scale", id="no scale"),
        pytest.param("text", {"scale": Scale(1, 5)}, "scale", id="scale of a text"),
        pytest.param("text", {"metric": Metric.nps()}, "scale", id="metric of a text"),
        pytest.param("scale", {"metric": Metric.nps(), "scale": Scale(1, 5)}, "scale", id="another scale"),
        pytest.param("choice", {}, "choices", id="no choices"),
        pytest.param("choices", {"choices": ["a", "a"]}, "choices", id="equal codes"),
        pytest.param("date", {"choices": ["a"]}, "choices", id="choices of a date"),
        pytest.param("boolean", {"choices": ["maybe"]}, "choices", id="maybe"),
        pytest.param(
            "choice", {"choices": [Choice("a", {"de": "x"}), Choice("b", {"de": " X"})]}, "choices", id="label"
        ),
        pytest.param("choice", {"choices": [Choice("a", "B"), Choice("b")]}, "choices", id="label is a code"),
        pytest.param("choice", {"choices": [Choice("a", "x"), Choice("b", {"de": "x"})]}, "choices", id="any language"),
        pytest.param("text", {"skip_to": ["end"]}, "skip_to", id="no jump"),
        pytest.param("text", {"when": True}, "when", id="no rule"),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, more: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"Question\.{path}"):
        Question("q1", kind, **more)


def test_no_question_is_called_end() -> None:
    with pytest.raises(InvalidValue, match=r"Question\.id"):
        Question("end", "text")


def test_one_text_may_stand_for_two_choices_in_two_languages() -> None:
    question = Question("q1", "choice", choices=[Choice("present", {"en": "Gift"}), Choice("poison", {"de": "Gift"})])

    assert question.languages == ("de", "en")


def test_codes_may_differ_in_case_alone() -> None:
    assert [choice.code for choice in Question("q1", "choice", choices=["tea", "Tea"]).choices] == ["tea", "Tea"]


def test_the_languages_are_those_of_all_texts() -> None:
    asked = Question("q1", "choice", wording={"fr": "Quoi?", "und": "?"}, choices=[Choice("a", {"de": "A"})])

    assert asked.languages == ("de", "fr")


def test_the_wording_in_a_language() -> None:
    question = Question("q1", "text", wording={"de": "Warum?"})

    assert [question.words(language) for language in ("de", "en", None)] == ["Warum?", "q1", "q1"]


def test_they_show_themselves() -> None:
    assert [str(each) for each in (Question("q1", "text"), Choice("a", "x"), Jump("end"))] == ["q1", "a", "to end"]
