"""Who has a case, how it ranks, what it is about, what it was promised, and who must agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from relex.changes import Change
from relex.errors import InvalidValue, Rejected
from relex.rules import Requirement, field
from relex.service import (
    Case,
    CaseEscalated,
    CaseFlow,
    CaseLink,
    CasePolicyChosen,
    DueEscalation,
    EscalatedOccurrence,
    PolicyChoice,
    Priorities,
    PriorityMatrix,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = NOON + timedelta(hours=1)
FRESH = Case.open("c1", customer="k7", at=NOON).state
OPEN = FRESH.assign("ann", at=NOON).state
MATRIX = PriorityMatrix({(1, 1): "urgent", (1, 2): "high", (2, 1): "high", (2, 2): "low"})
RANKING = CaseFlow(priorities=Priorities(by_type={"fault": "high"}, matrix=MATRIX), types=("fault", "question"))
FIRST, SECOND = EscalatedOccurrence("first_response", 1), EscalatedOccurrence("resolution", 1)


def names(change: Change[Case]) -> list[str]:
    return [type(event).__name__ for event in change.events]


def refusal(command: Callable[[], object]) -> Rejected:
    with pytest.raises(Rejected) as refused:
        command()
    return refused.value


# Owners and teams.


def test_the_first_assignment_touches_a_fresh_case() -> None:
    assert names(FRESH.assign("ann", at=AT)) == ["CaseOwnerChanged", "CaseStatusChanged"]


def test_nobody_is_nobody() -> None:
    case, events = OPEN.assign(None, at=AT)

    assert (case.owner, names(Change(case, events))) == (None, ["CaseOwnerChanged"])


def test_a_flow_may_ask_for_a_comment_on_all_but_the_first_assignment() -> None:
    flow = CaseFlow(requires={"assign": [Requirement("why", ~field("comment").is_missing(), "Say why")]})
    case = Case.open("c1", at=AT, flow=flow).state.assign("ann", at=AT, flow=flow).state
    refused = refusal(lambda: case.assign("bob", at=AT, flow=flow))
    told, events = case.assign("bob", at=AT, flow=flow, note="Speaks Polish")

    assert (refused.reason, [each.name for each in refused.details["unmet"]]) == ("requirement_unmet", ["why"])
    assert (told.owner, events[0].note) == ("bob", "Speaks Polish")  # type: ignore[attr-defined]  # a change of owner
    assert case.assign("ann", at=AT, flow=flow).events == ()


def test_facts_of_an_assignment_have_names_of_their_own() -> None:
    with pytest.raises(InvalidValue, match=r"assign\.facts"):
        OPEN.assign("ann", at=AT).state.assign("bob", at=AT, facts={"status": "x"})


def test_reassignments_count_those_after_the_first() -> None:
    case = OPEN.assign("bob", at=AT).state.assign(None, at=AT).state

    assert (OPEN.reassignments, case.reassignments) == (0, 1)
    assert case.assign("ann", at=AT).state.reassignments == 2


def test_a_transfer_clears_the_owner() -> None:
    case, events = OPEN.transfer("second line", at=AT)

    assert (case.team, case.owner, names(Change(case, events))) == (
        "second line",
        None,
        ["CaseTeamChanged", "CaseOwnerChanged"],
    )


def test_a_transfer_may_keep_the_owner() -> None:
    assert OPEN.transfer("second line", at=AT, keep_owner=True).state.owner == "ann"
    assert names(FRESH.transfer("second line", at=AT)) == ["CaseTeamChanged"]


def test_transfers_count_those_after_the_first() -> None:
    one = FRESH.transfer("first line", at=AT).state
    two = one.transfer("second line", at=AT).state.transfer(None, at=AT).state

    assert (one.transfers, two.transfers) == (0, 1)


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (lambda: OPEN.assign("", at=AT), "assign.owner"),
        (lambda: OPEN.transfer("", at=AT), "transfer.team"),
        (lambda: OPEN.transfer("x", at=AT, keep_owner=1), "transfer.keep_owner"),  # type: ignore[arg-type]
        (lambda: OPEN.set_type("", at=AT), "set_type.type"),
        (lambda: OPEN.set_impact(True, 1, at=AT), "set_impact.impact"),
        (lambda: OPEN.set_impact(3, 1, at=AT, flow=RANKING), "set_impact.impact"),
        (lambda: OPEN.set_priority(1, at=AT), "set_priority.priority"),  # type: ignore[arg-type]
        (lambda: OPEN.set_customer("", at=AT), "set_customer.customer"),
        (lambda: OPEN.rename("", at=AT), "rename.subject"),
        (lambda: OPEN.tag("", at=AT), "tag.tags"),
        (lambda: OPEN.link("", "p1", at=AT), "CaseLink.kind"),
        (lambda: OPEN.choose_policy("gold", at=AT), "choose_policy.choice"),  # type: ignore[arg-type]
        (lambda: OPEN.escalate("late", at=AT), "escalate.due"),  # type: ignore[arg-type]
        (lambda: OPEN.request_approval("", at=AT), "CaseApprovalRequested.by"),
        (lambda: OPEN.approve("", at=AT), "CaseApprovalGiven.by"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_named(command: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as found:
        command()

    assert found.value.path == path


# How it ranks.


def test_a_priority_that_is_not_there() -> None:
    for command in (lambda: OPEN.set_priority("now", at=AT), lambda: Case.open("c2", priority="now", at=AT)):
        assert (refusal(command).reason, refusal(command).allowed) == (
            "unknown_priority",
            ("urgent", "high", "normal", "low"),
        )


def test_a_type_that_is_not_there() -> None:
    for command in (
        lambda: OPEN.set_type("wish", at=AT, flow=RANKING),
        lambda: Case.open("c2", type="wish", at=AT, flow=RANKING),
    ):
        assert (refusal(command).reason, refusal(command).allowed) == ("unknown_type", ("fault", "question"))


def test_the_same_priority_may_be_said() -> None:
    case, events = OPEN.set_priority("normal", at=AT)

    assert (case.priority, case.priority_source, len(events)) == ("normal", "explicit", 1)
    assert case.set_priority("normal", at=AT).events == ()


def test_what_was_said_may_be_taken_back() -> None:
    case = Case.open("c1", priority="low", type="fault", at=NOON, flow=RANKING).state

    back = case.set_priority(None, at=AT, flow=RANKING).state

    assert (back.priority, back.priority_source) == ("high", "type")


def test_another_type_ranks_otherwise() -> None:
    case, events = OPEN.set_type("fault", at=AT, flow=RANKING)

    assert (case.type, case.priority, case.priority_source) == ("fault", "high", "type")
    assert [event.version for event in events] == [4, 5]


def test_another_impact_ranks_otherwise() -> None:
    case, events = OPEN.set_impact(1, 1, at=AT, flow=RANKING)

    assert (case.impact, case.urgency, case.priority, case.priority_source) == (1, 1, "urgent", "matrix")
    assert names(Change(case, events)) == ["CaseImpactChanged", "CasePriorityChanged"]


def test_what_was_said_stays_whatever_follows() -> None:
    case = OPEN.set_priority("low", at=AT).state

    assert names(case.set_type("fault", at=AT, flow=RANKING)) == ["CaseTypeChanged"]
    assert names(case.set_impact(1, 1, at=AT, flow=RANKING)) == ["CaseImpactChanged"]


def test_what_ranks_the_same_says_nothing_of_it() -> None:
    assert names(OPEN.set_type("question", at=AT, flow=RANKING)) == ["CaseTypeChanged"]


# What it is about.


def test_a_customer_and_a_contact() -> None:
    case = OPEN.set_customer("k8", "jo", at=AT).state

    assert (case.customer, case.contact) == ("k8", "jo")
    assert names(case.set_customer("k8", at=AT)) == ["CaseCustomerChanged"]


def test_a_subject() -> None:
    assert OPEN.rename("No light", at=AT).state.subject == "No light"


def test_tags_come_and_go() -> None:
    case, (event,) = OPEN.tag("vip", "de", "vip", at=AT)

    assert (case.tags, event.added) == (("de", "vip"), ("de", "vip"))  # type: ignore[attr-defined]
    assert case.untag("vip", "en", at=AT).state.tags == ("de",)
    assert case.untag("en", at=AT).events == ()


def test_links_come_and_go() -> None:
    case = OPEN.link("purchase", "p1", at=AT).state.link("case", "c0", at=AT).state

    assert case.links == (CaseLink("case", "c0"), CaseLink("purchase", "p1"))
    assert case.unlink("case", "c0", at=AT).state.links == (CaseLink("purchase", "p1"),)
    assert case.unlink("case", "c9", at=AT).events == ()


# What it was promised.


def test_a_promise_is_kept_with_its_version() -> None:
    choice = PolicyChoice(policy="gold", version=2, why="entitlement", entitlement="e1")
    case, (event,) = OPEN.choose_policy(choice, at=AT)

    assert isinstance(event, CasePolicyChosen)
    assert (event.policy, event.policy_version, event.why, event.entitlement) == ("gold", 2, "entitlement", "e1")
    assert (case.policy, case.policy_version, case.entitlement) == ("gold", 2, "e1")


def test_another_version_is_another_promise() -> None:
    case = OPEN.choose_policy(PolicyChoice(policy="gold", version=1, why="rule"), at=AT).state

    assert case.choose_policy(PolicyChoice(policy="gold", version=2, why="rule"), at=AT).state.policy_version == 2


# Escalation.


def due(*occurrences: EscalatedOccurrence, repeat: int = 0, rule: str = "late", case: str = "c1") -> DueEscalation:
    found = occurrences or (FIRST,)
    return DueEscalation(
        case=case, rule=rule, occurrences=found, notify=("lead",), assign_to="bob", repeat=repeat, since=NOON
    )


def test_an_escalation_is_kept_and_acts_on_nothing() -> None:
    case, (event,) = OPEN.escalate(due(FIRST, SECOND), at=AT)

    assert isinstance(event, CaseEscalated)
    assert (event.rule, event.occurrences, event.notify, event.assign_to) == ("late", (FIRST, SECOND), ("lead",), "bob")
    assert (case.owner, case.escalations) == ("ann", (event,))


def test_an_occurrence_is_told_once_by_each_rule() -> None:
    case = OPEN.escalate(due(FIRST), at=AT).state

    assert case.escalate(due(FIRST), at=AT).events == ()
    assert case.escalate(due(FIRST, SECOND), at=AT).events[0].occurrences == (SECOND,)  # type: ignore[attr-defined]
    assert len(case.escalate(due(FIRST, rule="very late"), at=AT).events) == 1


def test_a_rule_may_tell_again() -> None:
    case = OPEN.escalate(due(FIRST), at=AT).state
    again = case.escalate(due(FIRST, repeat=1), at=AT).state

    assert len(again.escalations) == 2
    assert again.escalate(due(FIRST, repeat=1), at=AT).events == ()
    assert len(again.escalate(due(FIRST, repeat=2), at=AT).events) == 1


def test_an_escalation_of_another_case() -> None:
    with pytest.raises(InvalidValue, match=r"escalate\.due"):
        OPEN.escalate(due(case="c2"), at=AT)


# Approval.

ASKED = OPEN.request_approval("ann", at=AT, subject="refund").state


def test_an_approval_is_asked_for() -> None:
    assert (ASKED.approval, ASKED.approval_by) == ("requested", "ann")
    assert names(ASKED.request_approval("bob", at=AT)) == ["CaseApprovalRequested"]


@pytest.mark.parametrize(("command", "answer"), [("approve", "given"), ("refuse_approval", "refused")])
def test_somebody_else_decides(command: str, answer: str) -> None:
    case = getattr(ASKED, command)("bob", at=AT, note="fine").state

    assert (case.approval, case.approval_by) == (answer, "bob")
    assert getattr(case, command)("bob", at=AT).events == ()
    assert refusal(lambda: getattr(case, command)("cy", at=AT)).reason == "not_requested"


@pytest.mark.parametrize("command", ["approve", "refuse_approval"])
def test_whoever_asked_does_not_decide(command: str) -> None:
    assert refusal(lambda: getattr(ASKED, command)("ann", at=AT)).reason == "own_approval"


@pytest.mark.parametrize("command", ["approve", "refuse_approval"])
def test_nobody_asked(command: str) -> None:
    assert refusal(lambda: getattr(OPEN, command)("bob", at=AT)).reason == "not_requested"


def test_coming_back_lets_an_approval_lapse() -> None:
    case = ASKED.approve("bob", at=AT).state.resolve(at=AT).state.reopen(at=AT).state

    assert (case.approval, case.approval_by) == (None, None)
