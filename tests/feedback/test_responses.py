"""Answers and responses: what goes together, facts, redaction, the latest revisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.changes import Entry
from relex.errors import Conflict, InvalidValue
from relex.feedback import Answer, Metric, Response, latest_responses
from relex.rules import FactSchema

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
ANSWERS = (
    Answer("q1", 3),
    Answer("q2", "the driver, Mr. Berg, was rude"),
    Answer("q3", "late", is_code=True),
    Answer("q4", ("late", "rude")),
    Answer("q5"),
    Answer("q6", "x", status="not_shown", reason="off_path"),
    Answer("q7", date(2026, 5, 1)),
)


def response(**more: Any) -> Response:
    return Response(**{"submission": "s1", "survey": "pulse", "at": AT, **more})


class TestAnswer:
    @pytest.mark.parametrize(
        ("value", "status"),
        [pytest.param(0, "scored", id="zero"), (False, "scored"), (None, "unscored"), (Decimal("1.5"), "scored")],
    )
    def test_the_status_follows_from_the_value(self, value: Any, status: str) -> None:
        assert status == Answer("q1", value).status

    @pytest.mark.parametrize(
        "value",
        [
            pytest.param(1.5, id="float"),
            pytest.param("", id="empty"),
            pytest.param((), id="no codes"),
            pytest.param(("a", ""), id="empty code"),
            pytest.param(AT, id="instant"),
            pytest.param(["a"], id="list"),
            pytest.param(Decimal("NaN"), id="nan"),
        ],
    )
    def test_a_value_of_another_type_is_refused(self, value: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Answer\.value"):
            Answer("q1", value)

    @pytest.mark.parametrize(
        ("value", "status"),
        [(9, "unscored"), (9, "dismissed"), (9, "invalid"), pytest.param(None, "scored", id="None-scored")],
    )
    def test_a_status_that_contradicts_the_value_is_refused(self, value: Any, status: str) -> None:
        with pytest.raises(InvalidValue, match=r"Answer\.value"):
            Answer("q1", value, status=status)

    def test_what_was_not_shown_may_have_a_value_or_none(self) -> None:
        assert [Answer("q1", value, status="not_shown").value for value in (9, None)] == [9, None]

    def test_only_a_text_is_a_code(self) -> None:
        with pytest.raises(InvalidValue, match=r"Answer\.is_code"):
            Answer("q1", 9, is_code=True)

    def test_an_answer_is_never_excluded_alone(self) -> None:
        with pytest.raises(InvalidValue, match=r"Answer\.status"):
            Answer("q1", status="excluded")

    def test_true_is_not_one(self) -> None:
        assert Answer("q1", True) != Answer("q1", 1)
        assert Answer("q1", 1) == Answer("q1", 1)


class TestResponse:
    def test_it_is_an_entry(self) -> None:
        assert isinstance(response(), Entry)

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            pytest.param({}, "s1:1", id="plain"),
            pytest.param({"source": "web", "revision": 3}, "web:s1:3", id="source"),
            pytest.param({"submission": "a:b%"}, "a%3Ab%25:1", id="signs"),
        ],
    )
    def test_the_id_is_made_of_source_submission_and_revision(self, more: dict[str, Any], expected: str) -> None:
        assert expected == response(**more).id

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            pytest.param({"contact": "c1", "account": "a1"}, "c1", id="contact"),
            pytest.param({"account": "a1"}, "a1", id="account"),
            pytest.param({}, None, id="anonymous"),
        ],
    )
    def test_the_subject_is_who_answered(self, more: dict[str, Any], expected: str | None) -> None:
        assert expected == response(**more).subject

    def test_the_facts_are_those_of_the_schema_and_answers_that_were_shown(self) -> None:
        facts = response(answers=ANSWERS, tags=["b", "a", "b"]).facts()
        others = {name for name in facts if name.startswith("answer.")}

        assert facts.keys() - others == {name for name, _ in Response.fact_schema.facts}
        assert others == {f"answer.q{number}" for number in (1, 2, 3, 4, 5, 7)}
        assert facts["response.tags"] == ("a", "b")
        assert isinstance(Response.fact_schema, FactSchema)

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"answers": [Answer("q1", 1), Answer("q1", 2)]}, "answers", id="two answers"),
            pytest.param({"answers": ["q1"]}, "answers", id="no answer"),
            pytest.param({"at": datetime(2026, 5, 4)}, "at", id="naive"),  # noqa: DTZ001 - what is tested
            pytest.param({"touched_at": datetime(2026, 5, 4)}, "touched_at", id="naive touch"),  # noqa: DTZ001 - as above
            pytest.param({"took": timedelta(-1)}, "took", id="took"),
            pytest.param({"program": "both"}, "program", id="program"),
            pytest.param({"tags": [""]}, "tags", id="tags"),
            pytest.param({"revision": 0}, "revision", id="revision"),
        ],
    )
    def test_what_is_wrong_is_refused(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=rf"Response\.{path}"):
            response(**more)

    def test_one_instant_in_two_zones_is_one_content(self) -> None:
        vienna = ZoneInfo("Europe/Vienna")
        there = response(at=AT.astimezone(vienna), touched_at=AT.astimezone(vienna))

        assert there == response(touched_at=AT)

    @pytest.mark.parametrize(
        ("answers", "expected"),
        [
            pytest.param([Answer("q1", 9), Answer("q2")], "s1:1 to pulse: q1 9", id="some"),
            pytest.param([], "s1:1 to pulse: nothing", id="none"),
        ],
    )
    def test_it_shows_what_was_answered(self, answers: list[Answer], expected: str) -> None:
        assert expected == str(response(answers=answers))


class TestRedacted:
    def test_the_person_is_gone(self) -> None:
        given = {"contact": "c1", "account": "a1", "invitation": "i1", "about": "k1", "answers": ANSWERS, "tags": ["t"]}
        plain = response(**given).redacted()

        assert (plain.contact, plain.account, plain.invitation, plain.about) == (None, None, None, None)
        assert "Berg" not in repr(plain)

    def test_scores_codes_dates_and_tags_stay(self) -> None:
        plain = response(answers=ANSWERS, tags=["t"]).redacted()
        kept = [answer.value for answer in plain.answers]

        assert kept == [3, "redacted", "late", ("late", "rude"), None, "redacted", date(2026, 5, 1)]
        assert plain.tags == ("t",)

    def test_every_count_stays(self) -> None:
        given = [response(answers=ANSWERS), response(submission="s2", answers=[Answer("q1")], excluded="test")]
        plain = [each.redacted() for each in given]
        nps = Metric.nps()

        assert nps.read(given, question="q1") == nps.read(plain, question="q1")
        assert [[answer.status for answer in each.answers] for each in given] == [
            [answer.status for answer in each.answers] for each in plain
        ]


class TestLatest:
    def test_sources_are_apart(self) -> None:
        found = [response(source=source) for source in ("web", "app", None)]

        assert latest_responses(found) == tuple(found)

    def test_two_contents_under_one_id_are_a_conflict(self) -> None:
        with pytest.raises(Conflict) as caught:
            latest_responses([response(), response(contact="c1")])

        assert caught.value.id == "s1:1"

    def test_a_conflict_is_found_among_old_revisions_too(self) -> None:
        with pytest.raises(Conflict):
            latest_responses([response(revision=2), response(), response(contact="c1")])

    def test_what_is_no_response_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"latest_responses\.responses\[1\]"):
            latest_responses([response(), "s1"])  # type: ignore[list-item]  # what is tested
