"""Histories from elsewhere: what no command would have told is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from relex.errors import Conflict, InvalidValue
from relex.service import (
    Case,
    CaseApprovalGiven,
    CaseApprovalRequested,
    CaseClosed,
    CaseCustomerChanged,
    CaseEscalated,
    CaseImpactChanged,
    CaseLink,
    CaseLinked,
    CaseMerged,
    CaseMessage,
    CaseMessageReceived,
    CaseNoted,
    CaseOpened,
    CaseOwnerChanged,
    CaseParentChanged,
    CasePolicyChosen,
    CasePriorityChanged,
    CaseRejected,
    CaseRenamed,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseSplit,
    CaseStatusChanged,
    CaseTagsChanged,
    CaseTeamChanged,
    CaseTypeChanged,
    CaseUnlinked,
    CaseUnmerged,
    EscalatedOccurrence,
    PolicyChoice,
)

if TYPE_CHECKING:
    from relex.changes import Event

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = NOON + timedelta(hours=1)
FIRST = CaseMessage("m1", NOON, direction="in")

OPEN = (
    Case.open("c1", customer="k7", owner="ann", tags=["vip"], links=[CaseLink("case", "c0")], at=NOON)
    .state.receive("m1", at=NOON)
    .state
)
WAITING = OPEN.hold(at=NOON).state
RESOLVED = OPEN.resolve(at=NOON).state
CLOSED = RESOLVED.close(at=NOON).state
REJECTED = OPEN.reject(at=NOON).state
MERGED = OPEN.merge_into(Case.open("c2", at=NOON).state, at=NOON).state
ASKED = OPEN.request_approval("ann", at=NOON).state
PROMISED = OPEN.choose_policy(PolicyChoice(policy="gold", version=1, why="rule"), at=NOON).state


def told(case: Case, cls: type[Event], /, **parts: Any) -> Event:
    """The next event of a case, such as a store might hand out."""
    return cls(source=case.id, version=case.version + 1, at=AT, **parts)


def entry(case: Case, to: str = "elsewhere", **more: Any) -> dict[str, Any]:
    return {"flow": "support", "from_": case.status, "to": to, **more}


def waiting(case: Case, **more: Any) -> dict[str, Any]:
    return entry(case, **{"kind": "waiting", "waiting_for": "customer", **more})


FITTING = [
    (OPEN, CaseStatusChanged, waiting(OPEN)),
    (RESOLVED, CaseReopened, entry(RESOLVED, "open")),
    (CLOSED, CaseReopened, entry(CLOSED, "open")),
    (CLOSED, CaseMessageReceived, {"message": CaseMessage("m2", AT, direction="in"), "follow_up": True}),
    (MERGED, CaseMessageReceived, {"message": CaseMessage("m2", AT, direction="in"), "goes_to": "c2"}),
    (MERGED, CaseUnmerged, entry(MERGED, "open")),
    (OPEN, CaseReplied, {"message": CaseMessage("m2", AT, direction="out")}),
    (OPEN, CaseSplit, {"into": "c9", "messages": ("m1",)}),
    (OPEN, CaseTagsChanged, {"added": ("de",), "removed": ("vip",)}),
    (OPEN, CaseParentChanged, {"to": "c0"}),
    (CLOSED, CaseNoted, {"text": "call back"}),
    (OPEN, CasePriorityChanged, {"from_": "normal", "to": "low"}),
    (OPEN, CaseImpactChanged, {"impact": 1}),
    (OPEN, CaseCustomerChanged, {"customer": "k8"}),
    (OPEN, CasePolicyChosen, {"policy": "gold"}),
    (OPEN, CaseLinked, {"link": CaseLink("case", "c9")}),
    (OPEN, CaseUnlinked, {"link": CaseLink("case", "c0")}),
    (OPEN, CaseApprovalRequested, {"by": "bob"}),
    (ASKED, CaseApprovalGiven, {"by": "bob", "approved": True}),
]
WRONG: list[tuple[Case, type[Event], dict[str, Any], str]] = [
    (OPEN, CaseStatusChanged, waiting(OPEN, flow="claims"), "CaseStatusChanged.flow"),
    (OPEN, CaseStatusChanged, waiting(OPEN, from_="new"), "CaseStatusChanged.from_"),
    (OPEN, CaseStatusChanged, entry(OPEN, "open"), "CaseStatusChanged.to"),
    (RESOLVED, CaseStatusChanged, waiting(RESOLVED), "CaseStatusChanged"),
    (RESOLVED, CaseResolved, entry(RESOLVED), "CaseResolved"),
    (CLOSED, CaseClosed, entry(CLOSED, reopens=True), "CaseClosed"),
    (CLOSED, CaseRejected, entry(CLOSED), "CaseRejected"),
    (CLOSED, CaseMerged, entry(CLOSED, into="c2"), "CaseMerged"),
    (OPEN, CaseMerged, entry(OPEN, into="c1"), "CaseMerged.into"),
    (OPEN, CaseReopened, entry(OPEN), "CaseReopened"),
    (REJECTED, CaseReopened, entry(REJECTED), "CaseReopened.from_"),
    (OPEN, CaseUnmerged, entry(OPEN), "CaseUnmerged"),
    (CLOSED, CaseUnmerged, entry(CLOSED), "CaseUnmerged"),
    (MERGED, CaseUnmerged, entry(MERGED, "open", from_="closed"), "CaseUnmerged.from_"),
    (MERGED, CaseUnmerged, entry(MERGED, "new"), "CaseUnmerged.to"),
    (MERGED, CaseUnmerged, waiting(MERGED, to="open"), "CaseUnmerged.kind"),
    (OPEN, CaseOwnerChanged, {"from_": "bob", "to": "cy"}, "CaseOwnerChanged.from_"),
    (OPEN, CaseOwnerChanged, {"from_": "ann", "to": "ann"}, "CaseOwnerChanged.to"),
    (CLOSED, CaseOwnerChanged, {"from_": "ann", "to": "bob"}, "CaseOwnerChanged"),
    (OPEN, CaseTeamChanged, {"from_": "x", "to": "y"}, "CaseTeamChanged.from_"),
    (OPEN, CaseTypeChanged, {"from_": "x", "to": "y"}, "CaseTypeChanged.from_"),
    (OPEN, CaseParentChanged, {"from_": "x", "to": "y"}, "CaseParentChanged.from_"),
    (OPEN, CaseParentChanged, {"to": "c1"}, "CaseParentChanged.to"),
    (OPEN, CaseRenamed, {"from_": "x", "to": "y"}, "CaseRenamed.from_"),
    (OPEN, CasePriorityChanged, {"from_": "low", "to": "high"}, "CasePriorityChanged.from_"),
    (
        OPEN,
        CasePriorityChanged,
        {"from_": "normal", "to": "normal", "priority_source": "default"},
        "CasePriorityChanged.to",
    ),
    (OPEN, CaseImpactChanged, {}, "CaseImpactChanged.impact"),
    (OPEN, CaseCustomerChanged, {"customer": "k7"}, "CaseCustomerChanged.customer"),
    (PROMISED, CasePolicyChosen, {"policy": "gold"}, "CasePolicyChosen.policy"),
    (OPEN, CaseMessageReceived, {"message": FIRST}, "CaseMessageReceived.message"),
    (OPEN, CaseReplied, {"message": CaseMessage("m2", NOON, direction="out")}, "CaseReplied.message"),
    (
        OPEN,
        CaseMessageReceived,
        {"message": CaseMessage("m2", AT, direction="in"), "follow_up": True},
        "CaseMessageReceived.follow_up",
    ),
    (
        OPEN,
        CaseMessageReceived,
        {"message": CaseMessage("m2", AT, direction="in"), "goes_to": "c2"},
        "CaseMessageReceived.goes_to",
    ),
    (OPEN, CaseSplit, {"into": "c9", "messages": ()}, "CaseSplit.messages"),
    (OPEN, CaseSplit, {"into": "c9", "messages": ("m1", "m1")}, "CaseSplit.messages"),
    (OPEN, CaseSplit, {"into": "c9", "messages": ("m7",)}, "CaseSplit.messages"),
    (OPEN, CaseSplit, {"into": "c1", "messages": ("m1",)}, "CaseSplit.into"),
    (OPEN, CaseTagsChanged, {}, "CaseTagsChanged"),
    (OPEN, CaseTagsChanged, {"added": ("vip",)}, "CaseTagsChanged"),
    (OPEN, CaseTagsChanged, {"removed": ("de",)}, "CaseTagsChanged"),
    (OPEN, CaseLinked, {"link": CaseLink("case", "c0")}, "CaseLinked.link"),
    (OPEN, CaseUnlinked, {"link": CaseLink("case", "c9")}, "CaseUnlinked.link"),
    (RESOLVED, CaseEscalated, {"rule": "late", "occurrences": (EscalatedOccurrence("x", 1),)}, "CaseEscalated"),
    (ASKED, CaseApprovalRequested, {"by": "ann"}, "CaseApprovalRequested.by"),
    (ASKED, CaseApprovalGiven, {"by": "ann", "approved": True}, "CaseApprovalGiven.by"),
    (OPEN, CaseApprovalGiven, {"by": "bob", "approved": True}, "CaseApprovalGiven.by"),
]


def named(value: object) -> str:
    return value if isinstance(value, str) else value.__name__ if isinstance(value, type) else ""


@pytest.mark.parametrize(("case", "kind", "parts"), FITTING, ids=named)
def test_what_a_command_tells_is_taken(case: Case, kind: type[Event], parts: dict[str, Any]) -> None:
    event = told(case, kind, **parts)

    assert Case.evolve(case, event) == Case((*case.history, event))
    assert repr(Case.evolve(case, event)) == repr(Case((*case.history, event)))


@pytest.mark.parametrize(("case", "kind", "parts", "path"), WRONG, ids=named)
def test_what_no_command_tells_is_refused(case: Case, kind: type[Event], parts: dict[str, Any], path: str) -> None:
    event = told(case, kind, **parts)

    with pytest.raises(InvalidValue) as evolved:
        Case.evolve(case, event)
    with pytest.raises(InvalidValue) as built:
        Case((*case.history, event))

    assert (path, path) == (evolved.value.path, built.value.path)


def test_a_case_may_have_been_closed_without_being_resolved() -> None:
    case = Case.evolve(OPEN, told(OPEN, CaseClosed, **entry(OPEN, reopens=True)))

    assert (case.kind, case.resolved_at, case.closed_at) == ("closed", None, AT)


def test_no_event_is_no_case() -> None:
    with pytest.raises(InvalidValue, match="at least one event"):
        Case([])


def test_what_is_no_event() -> None:
    for history in ([7], [OPEN.history[0], 7]):
        with pytest.raises(InvalidValue, match=r"evolve\.event"):
            Case(history)  # type: ignore[arg-type]


def test_the_opening_comes_first_and_only_first() -> None:
    opened = OPEN.history[0]

    with pytest.raises(InvalidValue, match="CaseOpened, first"):
        Case([CaseNoted(source="c1", version=1, at=NOON, text="x")])
    with pytest.raises(InvalidValue, match="one of"):
        Case([opened, attrs.evolve(opened, version=2)])


def test_a_history_begins_with_version_one() -> None:
    with pytest.raises(Conflict):
        Case([attrs.evolve(OPEN.history[0], version=2)])


@pytest.mark.parametrize("wrong", [{"version": 4}, {"source": "c2"}], ids=["version", "source"])
def test_events_follow_each_other(wrong: dict[str, Any]) -> None:
    event = CaseNoted(**{"source": "c1", "version": 3, "at": AT, "text": "x", **wrong})

    with pytest.raises(Conflict):
        Case((*OPEN.history, event))


def test_instants_follow_each_other() -> None:
    event = CaseNoted(source="c1", version=3, at=NOON - timedelta(seconds=1), text="x")

    with pytest.raises(InvalidValue, match="not before"):
        Case((*OPEN.history, event))


def test_messages_at_the_opening_are_in_their_order() -> None:
    told = [CaseMessage(f"m{hour}", NOON - timedelta(hours=hour), direction="in") for hour in (1, 2)]
    event = attrs.evolve(OPEN.history[0], messages=tuple(told))

    with pytest.raises(InvalidValue, match=r"CaseOpened\.messages: expected messages in the order"):
        Case([event])
    assert Case([attrs.evolve(event, messages=tuple(told[::-1]))]).last_customer_message_at == told[0].at


def test_a_case_does_not_begin_with_a_younger_message() -> None:
    opened = OPEN.history[0]
    assert isinstance(opened, CaseOpened)

    with pytest.raises(InvalidValue, match=r"CaseOpened\.messages"):
        Case([attrs.evolve(opened, messages=(CaseMessage("m1", AT, direction="in"),))])


def test_a_case_goes_on_after_an_undone_merge() -> None:
    back = MERGED.receive("m2", at=AT).state.unmerge(at=AT).state.resolve(at=AT).state

    assert Case(back.history) == back
    assert repr(Case(back.history)) == repr(back)
    assert (back.status, [message.id for message in back.messages]) == ("resolved", ["m1", "m2"])


def test_a_case_may_be_merged_again() -> None:
    target = Case.open("c2", at=NOON).state
    back = MERGED.unmerge(at=AT).state.merge_into(target, at=AT).state.unmerge(at=AT).state

    assert back.live_events == OPEN.history
    assert repr(Case(back.history)) == repr(back)


def test_a_message_that_went_to_another_case_does_not_come_again() -> None:
    case = OPEN.receive("m2", at=NOON).state.split(["m1"], "c9", at=NOON).source.state
    event = told(case, CaseMessageReceived, message=CaseMessage("m1", AT, direction="in"))

    with pytest.raises(InvalidValue, match=r"CaseMessageReceived\.message"):
        Case.evolve(case, event)
    with pytest.raises(InvalidValue, match=r"CaseMessageReceived\.message"):
        Case((*case.history, event))


@pytest.mark.parametrize(
    "wrong", [{"from_": "new"}, {"parent": "c1"}, {"follow_up_of": "c1"}, {"split_from": "c1"}], ids=str
)
def test_an_opening_comes_from_nowhere_and_belongs_to_others(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue) as found:
        Case([attrs.evolve(OPEN.history[0], **wrong)])

    assert found.value.path == f"CaseOpened.{next(iter(wrong))}"
