from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from relex.errors import Conflict, InvalidValue
from relex.feedback import (
    Answer,
    ContactHistory,
    ContactPolicy,
    ContactRequest,
    ContactRule,
    Disposition,
    Invitation,
    Question,
    Response,
    Survey,
)
from relex.rules import field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
REQUEST = ContactRequest(contact="c1", survey="nps", account="acme")
FIRST = Invitation(request=REQUEST, at=AT)
REMINDER = Invitation(request=ContactRequest(contact="c1", survey="nps", kind="reminder"), at=AT + 3 * DAY)


def told(status: str, days: int = 1, invitation: Invitation = FIRST) -> Disposition:
    return Disposition(invitation=invitation.id, contact="c1", status=status, at=AT + days * DAY)


def answered(days: int = 2, **more: Any) -> Response:
    usual = {"submission": "s1", "survey": "nps", "invitation": FIRST.id, "answers": [Answer("q1", 9)]}
    return Response(at=AT + days * DAY, **{**usual, **more})


def count(history: ContactHistory, counts: str, asked: ContactRequest = REQUEST, **more: Any) -> int:
    rule = ContactRule("rule", within=None, counts=counts, **more)
    decision = ContactPolicy([rule]).decide(asked, history, at=AT + 30 * DAY, consent=True)
    return 0 if decision.is_allowed else decision.reasons[0].count or 0


class TestStates:
    @pytest.mark.parametrize(
        ("entries", "state"),
        [
            pytest.param([], "sent", id="sent"),
            pytest.param([told("bounced")], "bounced", id="bounced"),
            pytest.param([told("bounced"), told("delivered", 2)], "delivered", id="delivered after all"),
            pytest.param([told("opened"), told("delivered", 2)], "opened", id="opened"),
            pytest.param([told("opened"), told("started")], "started", id="started"),
            pytest.param([answered(answers=[], submitted=False)], "started", id="started, as the response tells"),
            pytest.param([told("declined"), told("opened", 2)], "declined", id="declined"),
            pytest.param([told("declined"), answered(submitted=False)], "partial", id="partial"),
            pytest.param([told("declined"), answered()], "complete", id="complete"),
            pytest.param([answered(), told("ineligible")], "ineligible", id="ineligible"),
            pytest.param([told("opened"), told("expired", 2)], "expired", id="expired"),
            pytest.param([told("bounced"), told("expired", 2)], "bounced", id="bounced stays"),
            pytest.param([told("declined"), told("expired", 2)], "declined", id="declined stays"),
            pytest.param([answered(submitted=False), told("expired", 2)], "partial", id="partial stays"),
            pytest.param([REMINDER, told("opened", 4, REMINDER)], "opened", id="opened, as the reminder tells"),
        ],
    )
    def test_the_furthest_counts_whatever_came_first(self, entries: list[Any], state: str) -> None:
        for order in permutations([FIRST, *entries]):
            found = ContactHistory(order).state(FIRST.key, as_of=AT + 9 * DAY)

            assert found is not None
            assert found.state == state

    @pytest.mark.parametrize(
        ("version", "state"), [pytest.param(1, "partial", id="known"), pytest.param(2, "complete", id="not known")]
    )
    def test_a_survey_tells_what_is_complete(self, version: int, state: str) -> None:
        asked = [Question("q1", "number"), Question("q2", "text", required=True, when=field("account") == "acme")]
        history = ContactHistory([FIRST, answered(version=version)], [Survey("nps", asked)])

        assert history.states(as_of=AT + 9 * DAY)[0].state == state

    def test_surveys_are_surveys(self) -> None:
        with pytest.raises(InvalidValue, match=r"ContactHistory\.surveys"):
            ContactHistory([], ["nps"])  # type: ignore[list-item]  # what is tested

    def test_what_comes_later_does_not_count(self) -> None:
        history = ContactHistory([FIRST, told("opened", 1), answered(2)])

        assert [state.state for days in (0, 1, 2) for state in history.states(as_of=AT + days * DAY)] == [
            "sent",
            "opened",
            "complete",
        ]

    def test_a_revision_that_came_later_does_not_count(self) -> None:
        history = ContactHistory([FIRST, answered(2, submitted=False), answered(5, revision=2)])

        assert [state.state for days in (3, 5) for state in history.states(as_of=AT + days * DAY)] == [
            "partial",
            "complete",
        ]

    def test_the_first_message_says_what_was_shown_whatever_came_first(self) -> None:
        asked = Question("q2", "text", required=True, when=field("value.group") == "testers")
        survey = Survey("nps", [Question("q1", "number"), asked])
        first = Invitation(request=ContactRequest(contact="c1", survey="nps", values={"group": "testers"}), at=AT)
        histories = [ContactHistory(each, [survey]) for each in permutations([first, REMINDER, answered(4)])]

        assert {history.states(as_of=AT + 5 * DAY)[0].state for history in histories} == {"partial"}

    def test_nothing_is_known_before_it_was_written(self) -> None:
        history = ContactHistory([FIRST])

        assert history.state(FIRST.key, as_of=AT - DAY) is None
        assert history.state("other", as_of=AT) is None
        assert history.states(as_of=AT - DAY) == ()

    def test_it_ends_at_its_end(self) -> None:
        history = ContactHistory([Invitation(request=REQUEST, at=AT, expires_at=AT + DAY), told("delivered", 0)])
        states = [history.states(as_of=AT + DAY - late)[0] for late in (timedelta(microseconds=1), timedelta(0))]

        assert [(state.state, state.reached) for state in states] == [
            ("delivered", "delivered"),
            ("expired", "delivered"),
        ]

    def test_what_was_not_sent_says_so(self) -> None:
        deferred = Invitation(request=REQUEST, at=AT, status="deferred", until=AT + DAY)
        suppressed = Invitation(request=REQUEST, at=AT + DAY, status="suppressed")
        history = ContactHistory([suppressed, deferred, Invitation(request=REQUEST, at=AT + 2 * DAY)])

        assert [history.states(as_of=AT + days * DAY)[0].state for days in (0, 1, 2)] == [
            "deferred",
            "suppressed",
            "sent",
        ]

    def test_reminders_belong_to_their_invitation(self) -> None:
        (state,) = ContactHistory([REMINDER, FIRST]).states(as_of=AT + 5 * DAY)

        assert (state.request, state.reminders) == (REQUEST, 1)
        assert (state.sent_at, state.last_at) == (AT, AT + 3 * DAY)
        assert str(state) == "sent: invitation to nps for c1"

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            ("delivered", "NC"),
            ("opened", "NC"),
            ("expired", "NC"),
            ("started", "R"),
            ("declined", "R"),
            ("ineligible", "NE"),
            ("bounced", "UO"),
        ],
    )
    def test_each_state_has_a_code(self, status: str, code: str) -> None:
        (state,) = ContactHistory([FIRST, told(status)]).states(as_of=AT + DAY)

        assert state.outcome_code() == code

    def test_what_was_not_sent_has_no_code(self) -> None:
        (state,) = ContactHistory([Invitation(request=REQUEST, at=AT, status="suppressed")]).states(as_of=AT)

        assert state.outcome_code() is None

    def test_bounced_counts_as_one_of_two(self) -> None:
        (state,) = ContactHistory([FIRST]).states(as_of=AT)

        with pytest.raises(InvalidValue, match="bounced"):
            state.outcome_code("I")

    @pytest.mark.parametrize("name", ["state", "states"])
    def test_an_instant_has_a_zone(self, name: str) -> None:
        given = (FIRST.key,) if name == "state" else ()

        with pytest.raises(InvalidValue, match=f"{name}.as_of"):
            getattr(ContactHistory([FIRST]), name)(*given, as_of=AT.replace(tzinfo=None))


class TestCounting:
    def test_what_is_told_counts_with_the_facts_of_its_invitation(self) -> None:
        assert count(ContactHistory([told("opened"), FIRST]), "displayed", scope=["account"]) == 1

    def test_what_is_told_of_an_unknown_invitation_counts_with_its_own(self) -> None:
        history = ContactHistory([told("opened")])

        assert count(history, "displayed") == 1
        assert count(history, "displayed", scope=["account"]) == 0
        assert count(history, "displayed", scope=["contact", "division"]) == 0

    def test_it_moves_to_its_place_when_the_invitation_comes(self) -> None:
        history = ContactHistory([told("opened"), answered(contact="c2")])
        before = [count(history, sort, scope=["account"]) for sort in ("displayed", "responded")]
        history.add(FIRST)

        assert before == [0, 0]
        assert [count(history, sort, scope=["account"]) for sort in ("displayed", "responded")] == [1, 1]

    def test_it_leaves_its_old_place(self) -> None:
        other = ContactRequest(contact="c2", survey="csat")
        history = ContactHistory([answered(contact="c2")])
        before = count(history, "responded", other)
        history.add(FIRST)

        assert (before, count(history, "responded", other), count(history, "responded")) == (1, 0, 1)

    def test_a_submission_counts_once(self) -> None:
        history = ContactHistory([FIRST, answered(2)])
        before = count(history, "responded")
        history.add(answered(3, revision=3), answered(2, revision=2))

        assert (before, count(history, "responded")) == (1, 1)

    def test_the_latest_revision_tells_when(self) -> None:
        rule = ContactRule("rule", within=7 * DAY, counts="responded")
        history: list[Any] = [FIRST, answered(4, revision=2), answered(2)]

        assert ContactPolicy([rule]).decide(REQUEST, history, at=AT + 5 * DAY, consent=True).next_at == AT + 11 * DAY

    def test_an_empty_response_is_no_answer(self) -> None:
        assert count(ContactHistory([FIRST, answered(answers=[Answer("q1")])]), "responded") == 0

    def test_a_response_without_an_invitation_counts_with_its_own_facts(self) -> None:
        history = ContactHistory([answered(invitation=None, contact="c1", account="acme")])

        assert [count(history, "responded", scope=[name]) for name in ("contact", "account", "survey")] == [1, 1, 1]
        assert count(history, "responded", scope=["kind"]) == 0

    def test_nobody_is_equal_to_nobody(self) -> None:
        history = ContactHistory([answered(invitation=None)])

        assert count(history, "responded") == 0
        assert count(history, "responded", scope=["survey"]) == 1

    def test_what_a_reminder_brought_counts(self) -> None:
        history = ContactHistory([FIRST, REMINDER, answered(invitation=REMINDER.id), told("declined", 5, REMINDER)])

        assert (count(history, "responded"), count(history, "declined")) == (1, 1)


class TestEntries:
    def test_what_is_known_changes_nothing(self) -> None:
        history = ContactHistory([FIRST, FIRST])
        history.add(Invitation(request=REQUEST, at=AT))

        assert count(history, "invited") == 1

    @pytest.mark.parametrize(
        "other",
        [Invitation(request=REQUEST, at=AT + DAY), answered(9), told("opened")],
        ids=["invitation", "response", "disposition"],
    )
    def test_one_id_with_two_contents_is_a_conflict(self, other: Any) -> None:
        told_else = Disposition(invitation=FIRST.id, contact="c1", status="opened", at=AT + DAY, reason="why")
        history = ContactHistory([FIRST, answered(), told_else])

        with pytest.raises(Conflict):
            history.add(other)

    @pytest.mark.parametrize("entries", [[1], "x", [REQUEST]], ids=["a number", "a text", "a request"])
    def test_entries_are_entries(self, entries: Any) -> None:
        with pytest.raises(InvalidValue, match=r"ContactHistory\.entries"):
            ContactHistory(entries)
