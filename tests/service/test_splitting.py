"""Splitting messages off into a new case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relex.calendars import BusinessCalendar
from relex.errors import InvalidValue, Rejected
from relex.service import (
    Case,
    CaseFlow,
    CaseLink,
    CaseMessage,
    CaseSplit,
    SlaPolicy,
    first_response,
    next_response,
    sla,
    thread,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST, SECOND, THIRD = (CaseMessage(f"m{hour}", NOON + hour * HOUR, direction="in") for hour in range(3))


def case_of() -> Case:
    case = Case.open(
        "source",
        customer="k7",
        contact="kim",
        channel="mail",
        product="kettle",
        team="desk",
        owner="ana",
        tags=["vip"],
        links=[CaseLink("purchase", "p1")],
        messages=[FIRST],
        at=NOON,
    ).state
    return case.receive("m1", at=SECOND.at).state.receive("m2", at=THIRD.at).state


def test_messages_go_to_a_new_case_with_their_times() -> None:
    source, new = case_of().split(["m2", "m1"], "new", at=NOON + 3 * HOUR)

    assert source.state.messages == (FIRST,)
    assert new.state.messages == (SECOND, THIRD)
    assert new.state.opened_at == NOON + 3 * HOUR


def test_the_source_says_what_went_where() -> None:
    (event,) = case_of().split(["m2"], "new", at=NOON + 3 * HOUR).source.events

    assert isinstance(event, CaseSplit)
    assert (event.into, event.messages) == ("new", ("m2",))


def test_the_new_case_knows_who_asks_and_about_what() -> None:
    new = case_of().split(["m2"], "new", at=NOON + 3 * HOUR, subject="Another matter").new.state

    assert (new.customer, new.contact, new.channel, new.product, new.team) == ("k7", "kim", "mail", "kettle", "desk")
    assert new.links == (CaseLink("case", "source"), CaseLink("purchase", "p1"))
    assert (new.split_from, new.tags, new.subject) == ("source", ("vip",), "Another matter")


def test_nobody_works_on_the_new_case() -> None:
    new = case_of().split(["m2"], "new", at=NOON + 3 * HOUR).new.state

    assert (new.owner, new.status) == (None, "new")


def test_a_priority_that_somebody_said_goes_with_the_messages() -> None:
    case = case_of().set_priority("urgent", at=NOON + 2 * HOUR).state

    new = case.split(["m2"], "new", at=NOON + 3 * HOUR).new.state

    assert (new.priority, new.priority_source) == ("urgent", "explicit")


def test_a_split_case_may_be_joined_again() -> None:
    source, new = case_of().split(["m1"], "new", at=NOON + 3 * HOUR)

    back = new.state.merge_into(source.state, at=NOON + 4 * HOUR).state

    assert [each.message.id for each in thread(source.state, [back]).messages] == ["m0", "m1", "m2"]


def test_what_is_over_is_not_split() -> None:
    with pytest.raises(Rejected) as refused:
        case_of().close(at=NOON + 3 * HOUR).state.split(["m1"], "new", at=NOON + 3 * HOUR)

    assert refused.value.reason == "closed"


def test_unknown_messages() -> None:
    with pytest.raises(Rejected) as refused:
        case_of().split(["m1", "m9"], "new", at=NOON + 3 * HOUR)

    assert refused.value.reason == "unknown_message"
    assert refused.value.details["messages"] == ("m9",)
    assert refused.value.allowed == ("m0", "m1", "m2")


def test_all_messages() -> None:
    with pytest.raises(Rejected, match="all_messages"):
        case_of().split(["m0", "m1", "m2"], "new", at=NOON + 3 * HOUR)


@pytest.mark.parametrize("messages", [[], ["m1", "m1"], "m1", [""]], ids=["none", "twice", "a text", "empty"])
def test_what_is_no_list_of_messages(messages: list[str]) -> None:
    with pytest.raises(InvalidValue, match=r"split\.messages"):
        case_of().split(messages, "new", at=NOON + 3 * HOUR)


def test_the_new_case_has_an_id_of_its_own() -> None:
    with pytest.raises(InvalidValue, match=r"split\.id"):
        case_of().split(["m1"], "source", at=NOON + 3 * HOUR)


def waits(case: Case) -> list[tuple[str | None, datetime | None]]:
    gold = SlaPolicy("gold", [next_response(HOUR)], BusinessCalendar.always(UTC))
    clock = sla(case, gold, as_of=NOON + 9 * HOUR, what_if=True).clock("next_response")
    return [(each.state, each.started_at) for each in clock.occurrences]


def test_a_message_that_was_split_away_waits_here_no_longer() -> None:
    case = case_of().receive("m3", at=NOON + 3 * HOUR).state

    first_gone = case.split(["m1"], "new", at=NOON + 3 * HOUR).source.state
    all_gone = case.split(["m1", "m2", "m3"], "new", at=NOON + 3 * HOUR).source.state

    assert waits(case) == [("overdue", NOON + HOUR)]
    assert waits(first_gone) == [("overdue", NOON + 2 * HOUR)]
    assert waits(all_gone) == []


@pytest.mark.parametrize("end", ["reply", "resolve"])
def test_what_was_kept_or_missed_stays_so(end: str) -> None:
    case = case_of()
    over = (case.reply("m9", at=NOON + 3 * HOUR) if end == "reply" else case.resolve("fixed", at=NOON + 3 * HOUR)).state

    split = over.split(["m1", "m2"], "new", at=NOON + 3 * HOUR).source.state

    assert waits(split) == waits(over) == [("missed", NOON + HOUR)]


def test_the_clocks_of_the_new_case_begin_with_the_split() -> None:
    new = case_of().split(["m1"], "new", at=NOON + 5 * HOUR).new.state
    gold = SlaPolicy("gold", [first_response(HOUR)], BusinessCalendar.always(UTC))

    clock = sla(new, gold, as_of=NOON + 5 * HOUR, what_if=True).clock("first_response")

    assert (clock.started_at, clock.due_at) == (NOON + 5 * HOUR, NOON + 6 * HOUR)


def test_a_reply_that_goes_along_answers_nothing_in_the_new_case() -> None:
    case = case_of().reply("m3", at=NOON + 3 * HOUR).state
    new = case.split(["m2", "m3"], "new", at=NOON + 5 * HOUR).new.state
    gold = SlaPolicy("gold", [first_response(HOUR)], BusinessCalendar.always(UTC))

    assert sla(new, gold, as_of=NOON + 5 * HOUR, what_if=True).clock("first_response").state == "running"


def test_a_flow_is_that_of_the_case() -> None:
    with pytest.raises(InvalidValue, match=r"split\.flow"):
        case_of().split(["m1"], "new", at=NOON + 3 * HOUR, flow=CaseFlow("other"))


def test_no_split_before_what_happened_last() -> None:
    with pytest.raises(Rejected, match="out_of_order"):
        case_of().split(["m1"], "new", at=NOON)
