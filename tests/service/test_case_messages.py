"""Messages and notes of a case: what is kept, what moves it, and what counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relex.changes import Change
from relex.errors import Conflict, InvalidValue, Rejected
from relex.service import Case, CaseFlow, CaseMessageReceived, CaseReplied, ReopenPolicy, redirect

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AT = NOON + HOUR

FRESH = Case.open("c1", customer="k7", at=NOON).state
OPEN = FRESH.assign("ann", at=NOON).state
WAITING = OPEN.hold(at=NOON).state
RESOLVED = OPEN.resolve(at=NOON).state
CLOSED = RESOLVED.close(at=NOON).state
MERGED = OPEN.merge_into(Case.open("c2", at=NOON).state, at=NOON).state


def names(change: Change[Case]) -> list[str]:
    return [type(event).__name__ for event in change.events]


def test_a_message_is_kept() -> None:
    case, (event,) = FRESH.receive("m1", at=AT, by="jo")

    assert isinstance(event, CaseMessageReceived)
    assert (event.message.id, event.message.at, event.message.by, event.message.direction) == ("m1", AT, "jo", "in")
    assert (case.status, case.messages, case.last_customer_message_at) == ("new", (event.message,), AT)


@pytest.mark.parametrize("kind", ["internal", "automatic"])
@pytest.mark.parametrize("case", [WAITING, RESOLVED, CLOSED], ids=["waiting", "resolved", "closed"])
def test_a_message_that_is_no_word_of_the_customer_moves_nothing(case: Case, kind: str) -> None:
    after, events = case.receive("m1", at=AT, internal=kind == "internal", automatic=kind == "automatic")

    assert (after.status, after.last_customer_message_at, len(after.messages)) == (case.status, None, 1)
    assert [event.follow_up for event in events] == [False]  # type: ignore[attr-defined]


def test_a_customer_brings_a_resolved_case_back_at_any_time() -> None:
    case, events = RESOLVED.receive("m1", at=NOON + timedelta(days=400))

    assert (case.status, case.reopens, events[1].by) == ("open", 1, "customer")  # type: ignore[attr-defined]


def test_a_case_comes_back_where_its_policy_says() -> None:
    flow = CaseFlow(reopening=ReopenPolicy(to="waiting_third_party"))
    case = RESOLVED.receive("m1", at=AT, flow=flow).state

    assert (case.status, case.waiting_for) == ("waiting_third_party", "third_party")


def test_the_window_may_begin_when_it_was_resolved() -> None:
    flow = CaseFlow(reopening=ReopenPolicy(anchors="resolved_at"))
    closed = RESOLVED.close(at=NOON + timedelta(days=3)).state

    assert closed.receive("m1", at=NOON + timedelta(days=7), flow=flow).state.kind == "open"
    assert closed.receive("m1", at=NOON + timedelta(days=8), flow=flow).state.kind == "closed"


def test_a_status_that_the_policy_does_not_name_stays() -> None:
    flow = CaseFlow(reopening=ReopenPolicy(statuses=()))

    assert CLOSED.receive("m1", at=AT, flow=flow).state.kind == "closed"


def test_nobody_brings_it_back_where_nobody_may() -> None:
    flow = CaseFlow(reopening=ReopenPolicy(by=()))

    assert CLOSED.receive("m1", at=AT, flow=flow).state.kind == "closed"


def test_our_message_brings_it_back_where_it_may() -> None:
    flow = CaseFlow(reopening=ReopenPolicy(by=("agent",)))
    case, events = CLOSED.reply("m1", at=AT, flow=flow)

    assert (case.kind, events[1].by) == ("open", "agent")  # type: ignore[attr-defined]
    assert CLOSED.reply("m1", at=AT, flow=flow, automatic=True).state.kind == "closed"
    assert CLOSED.receive("m1", at=AT, flow=flow).state.kind == "closed"


def test_a_message_to_a_merged_case_goes_to_its_target() -> None:
    case, (event,) = MERGED.receive("m1", at=AT)

    assert isinstance(event, CaseMessageReceived)
    assert (event.goes_to, event.follow_up, case.status) == ("c2", False, "duplicate")


def test_the_end_of_a_chain_may_be_told() -> None:
    (event,) = MERGED.receive("m1", at=AT, goes_to="c3").events

    assert event.goes_to == "c3"  # type: ignore[attr-defined]


def test_only_a_merged_case_hands_on() -> None:
    with pytest.raises(InvalidValue, match=r"receive\.goes_to"):
        OPEN.receive("m1", at=AT, goes_to="c3")


def test_a_case_that_stands_alone_goes_to_itself() -> None:
    assert OPEN.receive("m1", at=AT, goes_to=redirect(OPEN.id, {})) == OPEN.receive("m1", at=AT)


def test_where_an_answer_leads_is_a_text() -> None:
    with pytest.raises(InvalidValue, match=r"reply\.then"):
        OPEN.reply("m1", at=AT, then=0)  # type: ignore[arg-type]


def test_the_same_message_twice_is_no_event() -> None:
    case = WAITING.receive("m1", at=AT).state.reply("m2", at=AT).state

    assert case.receive("m1", at=AT + HOUR) == Change(case, ())
    assert case.reply("m2", at=NOON - HOUR) == Change(case, ())


@pytest.mark.parametrize("given", [{"internal": True}, {"automatic": True}, {"by": "jo"}], ids=str)
def test_the_same_id_with_another_message_is_a_conflict(given: dict[str, object]) -> None:
    case = OPEN.receive("m1", at=AT).state

    with pytest.raises(Conflict, match="m1"):
        case.receive("m1", at=AT, **given)  # type: ignore[arg-type]


def test_the_same_id_in_the_other_direction_is_a_conflict() -> None:
    case = OPEN.receive("m1", at=AT).state

    with pytest.raises(Conflict, match="m1"):
        case.reply("m1", at=AT)


def test_a_message_that_was_split_off_is_known() -> None:
    case = OPEN.receive("m1", at=AT).state.receive("m2", at=AT).state.split(["m1"], "c9", at=AT).source.state

    assert case.receive("m1", at=AT + HOUR) == Change(case, ())
    assert [message.id for message in case.messages] == ["m2"]


def test_the_first_answer_touches_a_fresh_case() -> None:
    case, events = FRESH.reply("m1", at=AT, by="ann")

    assert names(Change(case, events)) == ["CaseReplied", "CaseStatusChanged"]
    assert (case.status, case.first_replied_at, case.last_agent_message_at, case.replies) == ("open", AT, AT, 1)


def test_a_machine_touches_nothing() -> None:
    case, events = FRESH.reply("m1", at=AT, automatic=True)

    assert isinstance(events[0], CaseReplied)
    assert (case.status, case.first_replied_at, case.replies, len(events)) == ("new", None, 0, 1)


def test_a_fresh_case_goes_straight_where_the_answer_says() -> None:
    case, events = FRESH.reply("m1", at=AT, then="waiting_customer")

    assert (case.status, events[1].from_, len(events)) == ("waiting_customer", "new", 2)  # type: ignore[attr-defined]


def test_a_machine_moves_it_where_it_is_told_to() -> None:
    assert FRESH.reply("m1", at=AT, automatic=True, then="waiting_customer").state.kind == "waiting"


def test_an_open_case_stays_where_it_is() -> None:
    assert names(OPEN.reply("m1", at=AT, then="open")) == ["CaseReplied"]


@pytest.mark.parametrize("case", [WAITING, RESOLVED, CLOSED], ids=["waiting", "resolved", "closed"])
def test_what_is_not_open_stays_where_it_is(case: Case) -> None:
    assert names(case.reply("m1", at=AT, then="waiting_third_party")) == ["CaseReplied"]


def test_only_the_first_answer_is_the_first() -> None:
    case = OPEN.reply("m1", at=AT).state.reply("m2", at=AT + HOUR).state

    assert (case.first_replied_at, case.last_agent_message_at, case.replies) == (AT, AT + HOUR, 2)


def test_a_note_is_kept_once() -> None:
    case = CLOSED.note("call back", at=AT, by="ann").state

    assert case.note("call back", at=AT, by="ann").events == ()
    assert names(case.note("call back", at=AT, by="bob")) == ["CaseNoted"]
    assert names(case.note("call back", at=AT + HOUR, by="ann")) == ["CaseNoted"]


def test_a_note_says_something() -> None:
    with pytest.raises(InvalidValue, match=r"CaseNoted\.text"):
        OPEN.note("", at=AT)


def test_a_message_before_the_last_event_is_out_of_order() -> None:
    with pytest.raises(Rejected, match="out_of_order"):
        OPEN.receive("m1", at=NOON - HOUR)
