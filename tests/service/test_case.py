"""Opening a case, its statuses, and every cell of the table of commands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from relex.changes import Change
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.rules import Requirement, field
from relex.service import (
    Case,
    CaseClosed,
    CaseFlow,
    CaseLink,
    CaseMessage,
    CaseOpened,
    CaseResolved,
    CaseStatusChanged,
    DueEscalation,
    EscalatedOccurrence,
    PolicyChoice,
    ReopenPolicy,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AT = NOON + HOUR

FRESH = Case.open("c1", customer="k7", channel="mail", at=NOON).state
OPEN = FRESH.assign("ann", at=NOON).state
WAITING = OPEN.hold(at=NOON).state
RESOLVED = OPEN.resolve("fixed", at=NOON).state
CLOSED = RESOLVED.close(at=NOON).state
REJECTED = OPEN.reject("spam", at=NOON).state
STATES = {"open": OPEN, "waiting": WAITING, "resolved": RESOLVED, "closed": CLOSED, "rejected": REJECTED}
DUE = DueEscalation(case="c1", rule="late", occurrences=(EscalatedOccurrence("resolution", 1),), since=NOON)


def names(change: Change[Case]) -> list[str]:
    return [type(event).__name__ for event in change.events]


def reason_of(command: Callable[[], object]) -> str:
    with pytest.raises(Rejected) as refused:
        command()
    return refused.value.reason


COMMANDS: dict[str, Callable[[Case], Change[Case]]] = {
    "receive": lambda case: case.receive("m1", at=AT),
    "reply": lambda case: case.reply("m1", at=AT),
    "note": lambda case: case.note("call back", at=AT),
    "hold": lambda case: case.hold("waiting_third_party", at=AT),
    "resume": lambda case: case.resume(at=AT),
    "resolve": lambda case: case.resolve("fixed", at=AT),
    "close": lambda case: case.close(at=AT),
    "reject": lambda case: case.reject("spam", at=AT),
    "reopen": lambda case: case.reopen("not fixed", at=AT),
    "assign": lambda case: case.assign("bob", at=AT),
    "transfer": lambda case: case.transfer("second line", at=AT, keep_owner=True),
    "set_priority": lambda case: case.set_priority("urgent", at=AT),
    "set_type": lambda case: case.set_type("fault", at=AT),
    "set_impact": lambda case: case.set_impact(1, 2, at=AT),
    "set_customer": lambda case: case.set_customer("k8", at=AT),
    "rename": lambda case: case.rename("No light", at=AT),
    "tag": lambda case: case.tag("vip", at=AT),
    "link": lambda case: case.link("purchase", "p1", at=AT),
    "choose_policy": lambda case: case.choose_policy(PolicyChoice(policy="gold", version=1, why="rule"), at=AT),
    "escalate": lambda case: case.escalate(DUE, at=AT),
    "request_approval": lambda case: case.request_approval("ann", at=AT),
}
RECEIVED, REPLIED = "CaseMessageReceived", "CaseReplied"
TABLE: dict[str, dict[str, object]] = {
    "receive": {
        "open": [RECEIVED],
        "waiting": [RECEIVED, "CaseStatusChanged"],
        "resolved": [RECEIVED, "CaseReopened"],
        "closed": [RECEIVED, "CaseReopened"],
        "rejected": [RECEIVED],
    },
    "reply": {key: [REPLIED] for key in STATES},
    "note": {key: ["CaseNoted"] for key in STATES},
    "hold": {
        "open": ["CaseStatusChanged"],
        "waiting": ["CaseStatusChanged"],
        "resolved": "not_open",
        "closed": "closed",
        "rejected": "closed",
    },
    "resume": {
        "open": "not_waiting",
        "waiting": ["CaseStatusChanged"],
        "resolved": "not_waiting",
        "closed": "closed",
        "rejected": "closed",
    },
    "resolve": {
        "open": ["CaseResolved"],
        "waiting": ["CaseResolved"],
        "resolved": [],
        "closed": "closed",
        "rejected": "closed",
    },
    "close": {
        "open": ["CaseResolved", "CaseClosed"],
        "waiting": ["CaseResolved", "CaseClosed"],
        "resolved": ["CaseClosed"],
        "closed": [],
        "rejected": [],
    },
    "reject": {
        "open": ["CaseRejected"],
        "waiting": ["CaseRejected"],
        "resolved": ["CaseRejected"],
        "closed": "closed",
        "rejected": [],
    },
    "reopen": {
        "open": "not_resolved",
        "waiting": "not_resolved",
        "resolved": ["CaseReopened"],
        "closed": ["CaseReopened"],
        "rejected": "never_reopens",
    },
    "escalate": {
        "open": ["CaseEscalated"],
        "waiting": ["CaseEscalated"],
        "resolved": [],
        "closed": [],
        "rejected": [],
    },
    **{
        command: {
            "open": [event],
            "waiting": [event],
            "resolved": [event],
            "closed": "closed",
            "rejected": "closed",
        }
        for command, event in {
            "assign": "CaseOwnerChanged",
            "transfer": "CaseTeamChanged",
            "set_priority": "CasePriorityChanged",
            "set_type": "CaseTypeChanged",
            "set_impact": "CaseImpactChanged",
            "set_customer": "CaseCustomerChanged",
            "rename": "CaseRenamed",
            "tag": "CaseTagsChanged",
            "link": "CaseLinked",
            "choose_policy": "CasePolicyChosen",
            "request_approval": "CaseApprovalRequested",
        }.items()
    },
}


@pytest.mark.parametrize("kind", STATES)
@pytest.mark.parametrize("command", TABLE)
def test_every_cell_of_the_table_of_commands(command: str, kind: str) -> None:
    expected = TABLE[command][kind]

    if isinstance(expected, str):
        assert reason_of(lambda: COMMANDS[command](STATES[kind])) == expected
    else:
        assert names(COMMANDS[command](STATES[kind])) == expected


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_comes_before_the_last_event(command: str) -> None:
    case = OPEN.note("later", at=AT + HOUR).state

    assert reason_of(lambda: COMMANDS[command](case)) == "out_of_order"


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"receive", "reply", "note"}))
@pytest.mark.parametrize("kind", STATES)
def test_a_second_time_gives_no_event(command: str, kind: str) -> None:
    if isinstance(TABLE[command][kind], str) or command in {"resume", "reopen"}:
        case = STATES[kind]
    else:
        case = COMMANDS[command](STATES[kind]).state

    def again() -> Change[Case]:
        return COMMANDS[command](case)

    if isinstance(TABLE[command][kind], str):
        assert reason_of(again) == TABLE[command][kind]
    elif command not in {"resume", "reopen"}:
        assert names(again()) == []


def test_a_naive_instant_is_no_instant() -> None:
    for case in (OPEN, CLOSED):
        with pytest.raises(InvalidValue, match=r"rename\.at"):
            case.rename("No light", at=datetime(2026, 6, 1, 12))  # noqa: DTZ001 - what is refused


# Opening.


def test_a_case_begins_fresh() -> None:
    assert (FRESH.status, FRESH.kind, FRESH.version, FRESH.opened_at) == ("new", "open", 1, NOON)


def test_a_case_that_somebody_has_begins_open() -> None:
    case, events = Case.open("c1", owner="ann", at=NOON)

    assert (case.status, case.owner, case.reassignments) == ("open", "ann", 0)
    assert names(Change(case, events)) == ["CaseOpened"]


def test_a_case_begins_where_it_is_told_to() -> None:
    assert Case.open("c1", status="waiting_customer", at=NOON).state.waiting_for == "customer"
    assert Case.open("c1", status="new", owner="ann", at=NOON).state.status == "new"


def test_a_case_begins_neither_resolved_nor_anywhere_else() -> None:
    with pytest.raises(Rejected) as refused:
        Case.open("c1", status="resolved", at=NOON)

    assert refused.value.reason == "unknown_status"
    assert refused.value.allowed == ("open", "waiting_customer", "waiting_third_party")


def test_all_that_is_known_at_the_opening_is_kept() -> None:
    message = CaseMessage("m0", NOON - HOUR, direction="in")
    case, _ = Case.open(
        "c1",
        customer="k7",
        contact="jo",
        channel="mail",
        origin="survey",
        source="s1",
        subject="No light",
        type="fault",
        product="lamp",
        team="first line",
        parent="c0",
        follow_up_of="b1",
        split_from="b2",
        links=[CaseLink("purchase", "p1"), CaseLink("case", "b1"), CaseLink("case", "b1")],
        tags=["vip", "de", "vip"],
        messages=[message],
        impact=1,
        urgency="soon",
        at=NOON,
    )

    assert (case.source, case.type, case.links, case.tags, case.messages, case.last_customer_message_at) == (
        "s1",
        "fault",
        (CaseLink("case", "b1"), CaseLink("purchase", "p1")),
        ("de", "vip"),
        (message,),
        NOON - HOUR,
    )
    assert (case.impact, case.urgency, case.facts()["impact"]) == (1, "soon", "1")


def test_messages_at_the_opening_come_in_their_order() -> None:
    one, two = CaseMessage("m1", NOON, direction="in"), CaseMessage("m2", NOON - HOUR, direction="out")

    case, _ = Case.open("c1", messages=[one, two], at=NOON)

    assert case.messages == (two, one)
    assert (case.first_replied_at, case.replies) == (NOON - HOUR, 1)


def test_a_message_younger_than_the_case_is_out_of_order() -> None:
    message = CaseMessage("m1", AT, direction="in")

    assert reason_of(lambda: Case.open("c1", messages=[message], at=NOON)) == "out_of_order"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"customer": ""}, "open.customer"),
        ({"source": 7}, "open.source"),
        ({"type": 7}, "open.type"),
        ({"impact": True}, "open.impact"),
        ({"tags": "vip"}, "open.tags"),
        ({"tags": [""]}, "open.tags"),
        ({"links": ["p1"]}, "open.links"),
        ({"messages": ["m1"]}, "open.messages"),
        ({"messages": [CaseMessage("m1", NOON, direction="in")] * 2}, "open.messages"),
        ({"flow": "support"}, "open.flow"),
        ({"at": datetime(2026, 6, 1)}, "open.at"),  # noqa: DTZ001 - what is refused
        ({"priority": 7}, "open.priority"),
        ({"status": 7}, "open.status"),
        ({"parent": "c1"}, "open.parent"),
        ({"follow_up_of": "c1"}, "open.follow_up_of"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_the_opening_names_what_is_wrong(given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as found:
        Case.open("c1", **{"at": NOON, **given})

    assert found.value.path == path


def test_an_id_is_needed() -> None:
    with pytest.raises(InvalidValue, match=r"open\.id"):
        Case.open("", at=NOON)


# Moves.


def test_a_fresh_case_that_is_held_goes_straight_there() -> None:
    case, events = FRESH.hold(at=AT, reason="needs a photo")

    assert (case.status, case.waiting_for, events[0].from_) == ("waiting_customer", "customer", "new")  # type: ignore[attr-defined]


def test_a_move_keeps_why() -> None:
    event = OPEN.hold("waiting_customer", at=AT, reason="photo", note="front side").events[0]

    assert isinstance(event, CaseStatusChanged)
    assert (event.reason, event.note, event.flow, event.flow_version) == ("photo", "front side", "support", 1)


def test_closing_resolves_at_the_same_instant() -> None:
    case, (resolved, closed) = OPEN.close(at=AT, code="fixed", reason="called", automatic=True)

    assert isinstance(resolved, CaseResolved)
    assert isinstance(closed, CaseClosed)
    assert (resolved.code, closed.from_, closed.reason, closed.automatic) == ("fixed", "resolved", "called", True)
    assert (case.resolved_at, case.closed_at, case.resolution) == (AT, AT, "fixed")


def test_coming_back_forgets_the_end() -> None:
    case, _ = CLOSED.reopen("not fixed", at=AT)

    assert (case.status, case.resolved_at, case.closed_at, case.resolution, case.ends) == (
        "open",
        None,
        None,
        None,
        None,
    )
    assert case.reopens == 1


def test_we_take_it_up_again_at_any_time() -> None:
    assert CLOSED.reopen(at=NOON + timedelta(days=999)).state.kind == "open"


def test_it_comes_back_where_it_is_told_to() -> None:
    assert CLOSED.reopen(at=AT, status="waiting_customer").state.kind == "waiting"


@pytest.mark.parametrize(
    ("case", "status", "expected"),
    [
        (OPEN, "waiting_customer", ["CaseStatusChanged"]),
        (WAITING, "open", ["CaseStatusChanged"]),
        (OPEN, "resolved", ["CaseResolved"]),
        (OPEN, "closed", ["CaseResolved", "CaseClosed"]),
        (OPEN, "rejected", ["CaseRejected"]),
        (CLOSED, "open", ["CaseReopened"]),
        (RESOLVED, "waiting_customer", ["CaseReopened"]),
        (OPEN, "open", []),
        (CLOSED, "closed", []),
    ],
    ids=lambda value: value.status if isinstance(value, Case) else value if isinstance(value, str) else "",
)
def test_a_move_is_the_command_that_leads_there(case: Case, status: str, expected: list[str]) -> None:
    assert names(case.move_to(status, at=AT)) == expected


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        (lambda: OPEN.move_to("duplicate", at=AT), ("open", "waiting_customer", "waiting_third_party", "resolved")),
        (lambda: OPEN.move_to("new", at=AT), ("open", "waiting_customer", "waiting_third_party", "resolved")),
        (lambda: OPEN.hold("open", at=AT), ("waiting_customer", "waiting_third_party")),
        (lambda: WAITING.resume("resolved", at=AT), ("open",)),
        (lambda: OPEN.resolve(status="closed", at=AT), ("resolved",)),
        (lambda: OPEN.close(status="rejected", at=AT), ("closed",)),
        (lambda: OPEN.reject(status="closed", at=AT), ("rejected",)),
        (lambda: CLOSED.reopen(status="resolved", at=AT), ("open", "waiting_customer", "waiting_third_party")),
        (lambda: OPEN.reply("m1", then="resolved", at=AT), ("open", "waiting_customer", "waiting_third_party")),
    ],
    ids=["a merge", "fresh", "hold", "resume", "resolve", "close", "reject", "reopen", "reply"],
)
def test_a_status_of_another_kind_is_refused(command: Callable[[], object], allowed: tuple[str, ...]) -> None:
    with pytest.raises(Rejected) as refused:
        command()

    assert refused.value.reason == "unknown_status"
    assert refused.value.allowed[: len(allowed)] == allowed


@pytest.mark.parametrize("command", ["hold", "resume", "resolve", "close", "reject", "reopen"])
def test_a_named_status_is_taken(command: str) -> None:
    statuses = {
        "hold": (OPEN, "waiting_third_party"),
        "resume": (WAITING, "open"),
        "resolve": (OPEN, "resolved"),
        "close": (OPEN, "closed"),
        "reject": (OPEN, "rejected"),
        "reopen": (CLOSED, "waiting_customer"),
    }
    case, status = statuses[command]

    assert getattr(case, command)(status=status, at=AT).state.status == status


@pytest.mark.parametrize("command", ["hold", "resume", "resolve", "close", "reject", "reopen", "assign", "receive"])
def test_another_flow_is_none_of_the_case(command: str) -> None:
    given = {"assign": ["bob"], "receive": ["m1"]}.get(command, [])

    with pytest.raises(InvalidValue, match="the flow of the case, support"):
        getattr(OPEN, command)(*given, at=AT, flow=CaseFlow("claims"))
    with pytest.raises(InvalidValue, match="a CaseFlow"):
        getattr(OPEN, command)(*given, at=AT, flow=None)


def test_words_are_words() -> None:
    with pytest.raises(InvalidValue, match=r"hold\.reason"):
        OPEN.hold(at=AT, reason="")
    with pytest.raises(InvalidValue, match=r"close\.automatic"):
        OPEN.close(at=AT, automatic=1)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match=r"move_to\.status"):
        OPEN.move_to(7, at=AT)  # type: ignore[arg-type]


# What a flow asks for.

COMMENT = Requirement("comment", ~field("comment").is_missing(), "Say why")
PHOTO = Requirement("photo", field("photos") > 0, "Attach a photo")
STATUSES = (
    Status("open", "open"),
    Status("waiting", "waiting", waiting_for="customer", requires=[COMMENT]),
    Status("done", "resolved", requires=[PHOTO]),
    Status("over", "closed"),
)
ASKING = CaseFlow("asking", STATUSES, requires={"close": [COMMENT]})
ASKED = Case.open("c1", at=NOON, flow=ASKING).state


def test_what_a_status_asks_for_is_said_by_the_command() -> None:
    assert reason_of(lambda: ASKED.hold(at=AT, flow=ASKING)) == "requirement_unmet"
    assert ASKED.hold(at=AT, flow=ASKING, note="wants a photo").state.status == "waiting"
    assert ASKED.reply("m1", at=AT, flow=ASKING, then="waiting", facts={"comment": "x"}).state.status == "waiting"


def test_closing_asks_for_everything_on_its_way() -> None:
    with pytest.raises(Rejected) as refused:
        ASKED.close(at=AT, flow=ASKING)

    assert [unmet.name for unmet in refused.value.unmet] == ["photo", "comment"]
    assert refused.value.allowed == ("waiting", "done", "over")
    assert ASKED.close(at=AT, flow=ASKING, note="bye", facts={"photos": 1}).state.kind == "closed"


def test_a_resolved_case_is_closed_by_what_closing_asks_for() -> None:
    done = ASKED.resolve(at=AT, flow=ASKING, facts={"photos": 1}).state

    assert reason_of(lambda: done.close(at=AT, flow=ASKING)) == "requirement_unmet"
    assert done.close(at=AT, flow=ASKING, note="bye").state.kind == "closed"


def test_own_facts_shadow_none_of_the_case() -> None:
    with pytest.raises(InvalidValue, match=r"hold\.facts"):
        ASKED.hold(at=AT, flow=ASKING, facts={"status": "x"})
    with pytest.raises(InvalidValue, match=r"hold\.facts"):
        ASKED.hold(at=AT, flow=ASKING, note="x", facts={"comment": "y"})


def test_a_flow_says_where_to() -> None:
    flow = CaseFlow.preset("progressive", "claims")
    case = Case.open("c1", at=NOON, flow=flow).state

    with pytest.raises(Rejected) as refused:
        case.close(at=AT, flow=flow)

    assert refused.value.reason == "move_not_allowed"
    assert refused.value.allowed == flow.allowed_from(case.status)


def test_a_case_that_waits_already_is_not_held_for_somebody_else() -> None:
    ways = {"open": ["wait", "parts"], "wait": ["open", "parts"], "parts": ["open", "wait", "done"], "done": ["open"]}
    statuses = (
        Status("open", "open"),
        Status("wait", "waiting", waiting_for="customer"),
        Status("parts", "waiting", waiting_for="vendor"),
        Status("done", "resolved"),
        Status("over", "closed"),
    )
    flow = CaseFlow("desk", statuses, moves=ways | {"done": ["open", "over"], "over": ["open"]})
    waiting = Case.open("c1", at=NOON, flow=flow).state.hold(at=NOON, flow=flow).state

    assert waiting.hold(at=AT, flow=flow) == Change(waiting, ())
    assert waiting.hold("parts", at=AT, flow=flow).state.waiting_for == "vendor"


@pytest.mark.parametrize(
    ("ways", "expected"),
    [(["open", "again", "wait"], "again"), (["open", "wait"], "open"), (["wait"], "wait")],
    ids=["where a message would", "first", "waiting"],
)
def test_it_comes_back_where_a_move_leads(ways: list[str], expected: str) -> None:
    flow = CaseFlow(
        "desk",
        [
            Status("open", "open"),
            Status("again", "open"),
            Status("wait", "waiting", waiting_for="customer"),
            Status("done", "resolved"),
            Status("archived", "closed"),
        ],
        moves={"open": ["done"], "again": ["done"], "wait": ["open"], "done": ["again", "archived"], "archived": ways},
        reopening=ReopenPolicy(to="again", statuses=()),
    )
    case = Case.open("c1", at=NOON, flow=flow).state.resolve(at=NOON, flow=flow).state.close(at=NOON, flow=flow).state

    assert case.reopen(at=AT, flow=flow).state.status == expected


def test_a_flow_without_a_status_for_rejected_cases_rejects_none() -> None:
    with pytest.raises(NotFound, match="rejected"):
        ASKED.reject(at=AT, flow=ASKING)


def test_a_status_that_the_flow_lost_leads_nowhere_by_hand() -> None:
    later = CaseFlow("asking", (Status("begun", "open"), *STATUSES[1:]), version=2)

    with pytest.raises(Rejected) as refused:
        ASKED.hold(at=AT, flow=later)

    assert (refused.value.reason, refused.value.details["status"]) == ("unknown_status", "open")


def test_a_status_that_the_flow_lost_is_left_by_a_message() -> None:
    waiting = ASKED.hold(at=AT, flow=ASKING, note="x").state
    later = CaseFlow("asking", [each for each in STATUSES if each.kind != "waiting"], version=2)

    case, events = waiting.receive("m1", at=AT, flow=later)

    assert (case.status, events[1].flow_version) == ("open", 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("now", "command"),
    [
        ({"kind": "open"}, lambda case, flow: case.receive("m1", at=AT, flow=flow)),
        ({"kind": "resolved"}, lambda case, flow: case.close(at=AT, flow=flow)),
        (
            {"kind": "closed", "ends": "merged"},
            lambda case, flow: case.merge_into(Case.open("c2", at=NOON).state, at=AT, flow=flow),
        ),
    ],
    ids=["open", "resolved", "merged"],
)
def test_a_status_of_another_kind_now_is_another_status(now: dict[str, Any], command: Any) -> None:
    """The kind that counts is the one that the event told, so such a case can be read again."""
    others = (Status("open", "open"), Status("done", "resolved"), Status("over", "closed"))
    known = CaseFlow("desk", [Status("wait", "waiting", waiting_for="customer"), *others])
    later = CaseFlow("desk", [Status("wait", **now), *others], version=2)
    case = Case.open("c1", at=NOON, flow=known).state.hold(at=NOON, flow=known).state

    case, events = command(case, later)

    assert "wait" in [getattr(event, "to", None) for event in events]
    assert Case(case.history) == case


def test_what_was_resolved_is_not_touched_where_its_status_is_fresh_now() -> None:
    others = (Status("open", "open"), Status("over", "closed"))
    known = CaseFlow("desk", [Status("done", "resolved"), *others])
    later = CaseFlow("desk", [Status("done", "open", fresh=True), Status("solved", "resolved"), *others], version=2)
    case = Case.open("c1", at=NOON, flow=known).state.resolve(at=NOON, flow=known).state

    assert names(case.assign("ann", at=AT, flow=later)) == ["CaseOwnerChanged"]


# The history.


def test_a_case_is_its_history() -> None:
    assert Case(CLOSED.history) == CLOSED
    assert Case(list(CLOSED.history)).status == "closed"
    assert hash(Case(CLOSED.history)) == hash(CLOSED)


def test_a_case_as_it_was() -> None:
    case = OPEN.resolve(at=AT).state

    assert case.as_of(AT) is case
    assert case.as_of(NOON) == OPEN
    assert case.as_of(NOON - HOUR) is None


def test_evolve_begins_with_the_opening() -> None:
    assert Case.evolve(None, FRESH.history[0]) == FRESH


def test_evolve_takes_the_next_event() -> None:
    change = OPEN.resolve(at=AT)

    assert Case.evolve(OPEN, change.events[0]) == change.state


def test_evolve_wants_a_case() -> None:
    with pytest.raises(InvalidValue, match=r"evolve\.state"):
        Case.evolve("c1", FRESH.history[0])  # type: ignore[arg-type]


def test_the_events_of_another_case_are_a_conflict() -> None:
    event = Case.open("c2", at=NOON).state.note("x", at=AT).events[0]

    with pytest.raises(Conflict, match="c2"):
        Case.evolve(FRESH, event)


def test_an_undone_merge_is_folded_away() -> None:
    merged = OPEN.merge_into(Case.open("c2", at=NOON).state, at=AT).state
    back = Case.evolve(merged, merged.unmerge(at=AT).events[0])

    assert (back.status, back.merged_into, back.closed_at) == ("open", None, None)
    assert back.live_events == OPEN.history


# Seeing.


def test_what_rules_may_ask() -> None:
    assert set(OPEN.facts()) == {name for name, _ in Case.fact_schema.facts}


def test_a_case_shows_itself() -> None:
    case = Case.open("c1", subject="No <light>", owner="ann", at=NOON).state

    assert str(case) == "c1 (No <light>): open, normal, ann"
    assert str(FRESH) == "c1: new, normal"
    assert "No &lt;light&gt;" in case._repr_html_()


def test_the_first_event_says_what_the_status_was() -> None:
    event = FRESH.history[0]

    assert isinstance(event, CaseOpened)
    assert (event.to, event.kind, event.from_, event.ends, event.reopens) == ("new", "open", None, None, None)
