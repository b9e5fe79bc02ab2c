"""Which events an edit gives, or why there is none: who has the case, how it ranks, what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex._trusted import trusted
from relex.errors import InvalidValue, Rejected
from relex.service._case_events import (
    CaseApprovalGiven,
    CaseApprovalRequested,
    CaseCustomerChanged,
    CaseEscalated,
    CaseImpactChanged,
    CaseLinked,
    CaseOwnerChanged,
    CasePolicyChosen,
    CasePriorityChanged,
    CaseRenamed,
    CaseTagsChanged,
    CaseTeamChanged,
    CaseTypeChanged,
    CaseUnlinked,
)
from relex.service._case_guards import require_asked, require_flow, require_next, require_open_edit, require_told
from relex.service._case_moves import touched
from relex.service._escalation_due import DueEscalation
from relex.service._parts import GRADE_OR_NONE, CaseLink
from relex.service._policy_choice import PolicyChoice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.changes import Event
    from relex.service._case import Case
    from relex.service._case_flow import CaseFlow
    from relex.service._priorities import PriorityChoice

__all__ = [
    "asked_approval",
    "assigned",
    "chosen",
    "customer_set",
    "decided",
    "escalated",
    "impact_set",
    "linked",
    "prioritized",
    "ranked",
    "renamed",
    "require_grades",
    "require_type",
    "tagged_with",
    "transferred",
    "type_set",
    "words",
]

Events = tuple["Event", ...]

_CHOICE = _checks.a(PolicyChoice)
_DUE = _checks.a(DueEscalation)
_WORDS = _checks.each(_checks.text)
_owner_changed = trusted(CaseOwnerChanged)
_team_changed = trusted(CaseTeamChanged)
_ranked = trusted(CasePriorityChanged)


def words(path: str, values: Iterable[str]) -> tuple[str, ...]:
    """Words, sorted and each once."""
    found = _checks.items(path, values)
    _WORDS.require(path, found)
    return tuple(sorted(set(found)))


def assigned(
    case: Case,
    owner: str | None,
    flow: CaseFlow,
    at: datetime,
    note: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Events:
    """Somebody else has it; whoever gets a fresh case has touched it."""
    version = require_open_edit("assign", case, at)
    require_flow("assign", case, flow)
    require_told("assign", owner=owner, note=note)
    if owner == case.owner:
        return ()
    if case.was_assigned:
        require_asked("assign", case, flow, at, {"comment": note}, facts)
    event = _owner_changed(case.id, version, at, case.owner, owner, note)
    return (event,) if owner is None else (event, *touched(case, version + 1, flow, at))


def transferred(case: Case, team: str | None, at: datetime, *, keep_owner: bool) -> Events:
    """Another team has it, and nobody in it yet."""
    version = require_open_edit("transfer", case, at)
    require_told("transfer", team=team)
    _checks.flag.require("transfer.keep_owner", keep_owner)
    if team == case.team:
        return ()
    event = _team_changed(case.id, version, at, case.team, team)
    if keep_owner or case.owner is None:
        return (event,)
    return event, _owner_changed(case.id, version + 1, at, case.owner, None, None)


def ranked(
    command: str,
    flow: CaseFlow,
    *,
    explicit: str | None,
    type_: str | None,
    impact: str | int | None,
    urgency: str | int | None,
) -> PriorityChoice:
    """The priority of a case, by the flow."""
    levels = flow.priorities.levels
    if explicit is not None and explicit not in levels:
        _checks.text.require(f"{command}.priority", explicit)
        raise Rejected(command, "unknown_priority", {"priority": explicit, "allowed": levels})
    try:
        return flow.priorities.of(explicit=explicit, type=type_, impact=impact, urgency=urgency)
    except InvalidValue as error:
        raise InvalidValue(f"{command}.{error.path.rpartition('.')[2]}", error.value, error.expected) from None


def require_grades(command: str, impact: str | int | None, urgency: str | int | None) -> None:
    """Raise `InvalidValue` for anything but words and whole numbers, or None."""
    for name, value in (("impact", impact), ("urgency", urgency)):
        if value is not None:
            GRADE_OR_NONE.require(f"{command}.{name}", value)


def require_type(command: str, flow: CaseFlow, type_: str | None) -> None:
    """Raise `Rejected` with `unknown_type` unless the flow takes cases of this type."""
    require_told(command, type=type_)
    if type_ is not None and flow.types and type_ not in flow.types:
        raise Rejected(command, "unknown_type", {"type": type_, "allowed": flow.types})


def prioritized(case: Case, priority: str | None, flow: CaseFlow, at: datetime) -> Events:
    """Somebody says how it ranks, or leaves it to the flow again."""
    version = require_open_edit("set_priority", case, at)
    require_flow("set_priority", case, flow)
    found = ranked("set_priority", flow, explicit=priority, type_=case.type, impact=case.impact, urgency=case.urgency)
    return _reranked(case, version, found, at)


def _reranked(case: Case, version: int, found: PriorityChoice, at: datetime) -> Events:
    if (found.priority, found.source) == (case.priority, case.priority_source):
        return ()
    return (_ranked(case.id, version, at, case.priority, found.priority, found.source),)


def type_set(case: Case, type_: str | None, flow: CaseFlow, at: datetime) -> Events:
    """It is of another type, and may rank otherwise by it."""
    version = require_open_edit("set_type", case, at)
    require_flow("set_type", case, flow)
    require_type("set_type", flow, type_)
    if type_ == case.type:
        return ()
    event = CaseTypeChanged(source=case.id, version=version, at=at, from_=case.type, to=type_)
    return (event, *_derived("set_type", case, flow, at, type_, case.impact, case.urgency))


def impact_set(case: Case, impact: str | int | None, urgency: str | int | None, flow: CaseFlow, at: datetime) -> Events:
    """It hurts more or less, and may rank otherwise by it."""
    version = require_open_edit("set_impact", case, at)
    require_flow("set_impact", case, flow)
    require_grades("set_impact", impact, urgency)
    if (impact, urgency) == (case.impact, case.urgency):
        return ()
    event = CaseImpactChanged(source=case.id, version=version, at=at, impact=impact, urgency=urgency)
    return (event, *_derived("set_impact", case, flow, at, case.type, impact, urgency))


def _derived(
    command: str,
    case: Case,
    flow: CaseFlow,
    at: datetime,
    type_: str | None,
    impact: str | int | None,
    urgency: str | int | None,
) -> Events:
    """The rank that follows from what has changed; what somebody said stays."""
    if case.priority_source == "explicit":
        return ()
    found = ranked(command, flow, explicit=None, type_=type_, impact=impact, urgency=urgency)
    return _reranked(case, case.version + 2, found, at)


def customer_set(case: Case, customer: str | None, contact: str | None, at: datetime) -> Events:
    """It is a matter of another customer, or of another person there."""
    version = require_open_edit("set_customer", case, at)
    require_told("set_customer", customer=customer, contact=contact)
    event = CaseCustomerChanged(source=case.id, version=version, at=at, customer=customer, contact=contact)
    return () if (customer, contact) == (case.customer, case.contact) else (event,)


def renamed(case: Case, subject: str | None, at: datetime) -> Events:
    """It has another subject."""
    version = require_open_edit("rename", case, at)
    require_told("rename", subject=subject)
    event = CaseRenamed(source=case.id, version=version, at=at, from_=case.subject, to=subject)
    return () if subject == case.subject else (event,)


def tagged_with(command: str, case: Case, tags: Iterable[str], at: datetime, *, there: bool) -> Events:
    """It has more tags, or fewer."""
    version = require_open_edit(command, case, at)
    found = tuple([each for each in words(f"{command}.tags", tags) if (each in case.tags) is there])
    if not found:
        return ()
    parts: dict[str, Any] = {"removed" if there else "added": found}
    return (CaseTagsChanged(source=case.id, version=version, at=at, **parts),)


def linked(command: str, case: Case, kind: str, id: str, at: datetime, *, there: bool) -> Events:  # noqa: A002
    """It is about something more, or not any more."""
    version, link = require_open_edit(command, case, at), CaseLink(kind, id)
    if (link in case.links) is not there:
        return ()
    return ((CaseUnlinked if there else CaseLinked)(source=case.id, version=version, at=at, link=link),)


def chosen(case: Case, choice: PolicyChoice, at: datetime) -> Events:
    """It was said by which policy its clocks count."""
    version = require_open_edit("choose_policy", case, at)
    _CHOICE.require("choose_policy.choice", choice)
    promised = (choice.policy, choice.version, choice.entitlement)
    if promised == (case.policy, case.policy_version, case.entitlement):
        return ()
    event = CasePolicyChosen(
        source=case.id,
        version=version,
        at=at,
        policy=choice.policy,
        policy_version=choice.version,
        why=choice.why,
        entitlement=choice.entitlement,
    )
    return (event,)


def escalated(case: Case, due: DueEscalation, at: datetime) -> Events:
    """Somebody was told; once for each occurrence, unless the rule says so again."""
    version = require_next("escalate", case, at)
    _DUE.require("escalate.due", due)
    if due.case != case.id:
        raise InvalidValue("escalate.due", due.case, f"an escalation of the case {case.id}")
    if case.kind not in {"open", "waiting"}:
        return ()
    occurrences = due.occurrences if due.repeat else _untold(case, due)
    told = sum([each.rule == due.rule for each in case.escalations])
    if not occurrences or (due.repeat and told > due.repeat):
        return ()
    event = CaseEscalated(
        source=case.id,
        version=version,
        at=at,
        rule=due.rule,
        on=due.on,
        occurrences=occurrences,
        notify=due.notify,
        assign_to=due.assign_to,
    )
    return (event,)


def _untold(case: Case, due: DueEscalation) -> tuple[Any, ...]:
    """The occurrences of which the rule has not told yet."""
    told = {occurrence for each in case.escalations if each.rule == due.rule for occurrence in each.occurrences}
    return tuple([each for each in due.occurrences if each not in told])


def asked_approval(case: Case, by: str, subject: str | None, at: datetime) -> Events:
    """Somebody asks for leave."""
    version = require_open_edit("request_approval", case, at)
    event = CaseApprovalRequested(source=case.id, version=version, at=at, by=by, subject=subject)
    return () if (case.approval, case.approval_by) == ("requested", by) else (event,)


def decided(command: str, case: Case, by: str, note: str | None, at: datetime, *, approved: bool) -> Events:
    """Somebody else gives leave, or refuses it."""
    version = require_open_edit(command, case, at)
    event = CaseApprovalGiven(source=case.id, version=version, at=at, by=by, approved=approved, note=note)
    if (case.approval, case.approval_by) == ("given" if approved else "refused", by):
        return ()
    if case.approval != "requested":
        raise Rejected(command, "not_requested", {"case": case.id, "approval": case.approval})
    if case.approval_by == by:
        raise Rejected(command, "own_approval", {"case": case.id, "by": by})
    return (event,)
