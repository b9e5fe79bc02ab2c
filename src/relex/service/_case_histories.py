"""Which events may follow in a case: what no command gives is refused before it is folded.

Theory of operation. Commands decide events that fit, and make the next state of them without asking here. Events that
come from elsewhere (out of a store, a message, a test) are asked: that they are the next of this case
(`require_event`), and that a case in this state can have had them (`require_fit`). The flow is not asked, since it may
have been another one when the event happened: what a status was is told by the event that entered it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from relex._instants import is_before, moment
from relex.changes import Event
from relex.errors import Conflict, InvalidValue
from relex.service._case_events import (
    CaseApprovalGiven,
    CaseApprovalRequested,
    CaseClosed,
    CaseCustomerChanged,
    CaseEscalated,
    CaseImpactChanged,
    CaseLinked,
    CaseMerged,
    CaseMessageReceived,
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
    StatusEntry,
)
from relex.service._case_steps import STEPS, live_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.service._case import Case

__all__ = ["OTHERS", "require_event", "require_fit", "require_new_messages"]

_ACTIVE = frozenset(["open", "waiting"])
_UNCLOSED = frozenset(["open", "waiting", "resolved"])
_KNOWN = frozenset([*STEPS, CaseUnmerged])

_AFTER: dict[type[Event], frozenset[str]] = {
    CaseStatusChanged: _ACTIVE,
    CaseResolved: _ACTIVE,
    CaseClosed: _UNCLOSED,
    CaseRejected: _UNCLOSED,
    CaseMerged: _UNCLOSED,
    CaseReopened: frozenset(["resolved", "closed"]),
    CaseUnmerged: frozenset(["closed"]),
    CaseSplit: _UNCLOSED,
    CaseParentChanged: _UNCLOSED,
    CaseOwnerChanged: _UNCLOSED,
    CaseTeamChanged: _UNCLOSED,
    CasePriorityChanged: _UNCLOSED,
    CaseTypeChanged: _UNCLOSED,
    CaseImpactChanged: _UNCLOSED,
    CaseTagsChanged: _UNCLOSED,
    CaseLinked: _UNCLOSED,
    CaseUnlinked: _UNCLOSED,
    CaseCustomerChanged: _UNCLOSED,
    CaseRenamed: _UNCLOSED,
    CasePolicyChosen: _UNCLOSED,
    CaseEscalated: _ACTIVE,
    CaseApprovalRequested: _UNCLOSED,
    CaseApprovalGiven: _UNCLOSED,
}
"""The kinds of status in which a case can have each event; the others it can have in any."""

_SWAPPED: dict[type[Event], str] = {
    CaseOwnerChanged: "owner",
    CaseTeamChanged: "team",
    CaseTypeChanged: "type",
    CaseParentChanged: "parent",
    CaseRenamed: "subject",
}
"""What each event swaps that says `from_` and `to`."""

OTHERS = ("parent", "follow_up_of", "split_from")
"""What an opening says of other cases."""

_TOLD = (CaseMessageReceived, CaseReplied)
_STATUS = ("flow", "flow_version", "to", "kind", "waiting_for", "ends", "reopens")
"""What an undone merge gives back."""


def require_event(before: Case | Event | None, event: Event) -> None:
    """Raise unless this is an event of a case and comes next, after a state or after another event."""
    if before is None:
        _require_first(event)
        return
    if event.__class__ not in _KNOWN:
        names = ", ".join(sorted([kind.__name__ for kind in _KNOWN]))
        raise InvalidValue("Case.evolve.event", event, f"one of {names}")
    is_state = not isinstance(before, Event)
    source, since = (before.id, before.changed_at) if is_state else (before.source, before.at)  # type: ignore[union-attr]
    if event.version != before.version + 1 or event.source != source:
        raise Conflict(event.source, (source, before.version), (event.source, event.version))
    if is_before(event.at, since):
        raise InvalidValue("Case.evolve.event.at", event.at, f"not before {since}")


def _require_first(event: Any) -> None:
    if not issubclass(type(event), Event):
        raise InvalidValue("Case.evolve.event", event, "an event of a case")
    if event.version != 1:
        raise Conflict(event.source, (event.source, 0), (event.source, event.version))
    if event.__class__ is not CaseOpened:
        raise InvalidValue("Case.evolve.event", event, "CaseOpened, first")
    if event.from_ is not None:
        raise InvalidValue("CaseOpened.from_", event.from_, "None")
    for name in OTHERS:
        if getattr(event, name) == event.source:
            raise InvalidValue(f"CaseOpened.{name}", event.source, "the id of another case")
    if event.messages:
        _require_begun(event)


def _require_begun(event: CaseOpened) -> None:
    late = [each.id for each in event.messages if is_before(event.at, each.at)]
    if late:
        raise InvalidValue("CaseOpened.messages", late, f"messages not after {event.at}")
    if any(is_before(after.at, before.at) for before, after in pairwise(event.messages)):
        ids = [each.id for each in event.messages]
        raise InvalidValue("CaseOpened.messages", ids, "messages in the order in which they were written")


def require_fit(state: Case, event: Any) -> None:
    """Raise `InvalidValue` for an event that no command gives of a case in this state."""
    kind = event.__class__
    kinds = _AFTER.get(kind)
    if kinds is not None and state.kind not in kinds:
        raise InvalidValue(kind.__name__, event.version, f"what may follow on a case that is {state.kind}")
    check = _FITTING.get(kind)
    if check is not None:
        check(state, event)


def require_new_messages(history: tuple[Any, ...]) -> None:
    """Raise `InvalidValue` for a message of an id that the case had before, also where it went to another case."""
    found = {message.id for message in history[0].messages}
    for event in history[1:]:
        if event.__class__ in _TOLD:
            if event.message.id in found:
                expected = "a message that is not there yet"
                raise InvalidValue(f"{type(event).__name__}.message", event.message.id, expected)
            found.add(event.message.id)


def _fit_entry(state: Case, event: Any) -> None:
    name = type(event).__name__
    if event.flow != state.flow:
        raise InvalidValue(f"{name}.flow", event.flow, f"{state.flow}, the flow of the case")
    if event.from_ != state.status:
        raise InvalidValue(f"{name}.from_", event.from_, f"{state.status}, where the case is")
    if event.to == state.status and event.kind == state.kind:  # a later version of the flow may say another kind
        raise InvalidValue(f"{name}.to", event.to, "another status")


def _fit_reopening(state: Case, event: CaseReopened) -> None:
    _fit_entry(state, event)
    if state.kind == "closed" and not state.may_reopen:
        raise InvalidValue("CaseReopened.from_", event.from_, "a status that may reopen")


def _fit_merge(state: Case, event: CaseMerged) -> None:
    _fit_entry(state, event)
    if event.into == state.id:
        raise InvalidValue("CaseMerged.into", event.into, "another case")


def _fit_unmerge(state: Case, event: CaseUnmerged) -> None:
    if state.merged_into is None:
        raise InvalidValue("CaseUnmerged", event.version, "a case that was merged")
    before, merge = [each for each in live_events(state.history) if isinstance(each, StatusEntry)][-2:]
    if event.from_ != merge.to:
        raise InvalidValue("CaseUnmerged.from_", event.from_, f"{merge.to}, where the case is")
    for name in _STATUS:
        if getattr(event, name) != getattr(before, name):
            expected = f"{getattr(before, name)}, as before the merge"
            raise InvalidValue(f"CaseUnmerged.{name}", getattr(event, name), expected)


def _fit_swap(state: Case, event: Any) -> None:
    name, before = type(event).__name__, getattr(state, _SWAPPED[type(event)])
    if event.from_ != before:
        raise InvalidValue(f"{name}.from_", event.from_, f"{before}, as it is")
    if event.to == before:
        raise InvalidValue(f"{name}.to", event.to, "another value")


def _fit_parent(state: Case, event: CaseParentChanged) -> None:
    _fit_swap(state, event)
    if event.to == state.id:
        raise InvalidValue("CaseParentChanged.to", event.to, "another case")


def _fit_priority(state: Case, event: CasePriorityChanged) -> None:
    if event.from_ != state.priority:
        raise InvalidValue("CasePriorityChanged.from_", event.from_, f"{state.priority}, as it is")
    if (event.to, event.priority_source) == (state.priority, state.priority_source):
        raise InvalidValue("CasePriorityChanged.to", event.to, "another priority, or another source of it")


def _fit_impact(state: Case, event: CaseImpactChanged) -> None:
    if (event.impact, event.urgency) == (state.impact, state.urgency):
        raise InvalidValue("CaseImpactChanged.impact", event.impact, "another impact or urgency")


def _fit_customer(state: Case, event: CaseCustomerChanged) -> None:
    if (event.customer, event.contact) == (state.customer, state.contact):
        raise InvalidValue("CaseCustomerChanged.customer", event.customer, "another customer or contact")


def _fit_policy(state: Case, event: CasePolicyChosen) -> None:
    promised = (event.policy, event.policy_version, event.entitlement)
    if promised == (state.policy, state.policy_version, state.entitlement):
        raise InvalidValue("CasePolicyChosen.policy", event.policy, "another policy, version or entitlement")


def _fit_message(_: Case, event: CaseMessageReceived | CaseReplied) -> None:
    name, message = type(event).__name__, event.message
    if message.at is not event.at and moment(message.at) != moment(event.at):
        raise InvalidValue(f"{name}.message", message.at, f"{event.at}, as the event")


def _fit_receipt(state: Case, event: CaseMessageReceived) -> None:
    _fit_message(state, event)
    if event.follow_up and (state.kind != "closed" or state.merged_into is not None or not event.message.counts):
        raise InvalidValue("CaseMessageReceived.follow_up", event.follow_up, "False, unless the case stays closed")
    if (event.goes_to is not None) != (state.merged_into is not None):
        raise InvalidValue("CaseMessageReceived.goes_to", event.goes_to, "a case where this one was merged, else None")


def _fit_split(state: Case, event: CaseSplit) -> None:
    known = {each.id for each in state.messages}
    if not event.messages or len(set(event.messages)) != len(event.messages) or not known.issuperset(event.messages):
        raise InvalidValue("CaseSplit.messages", event.messages, "ids of messages of the case, each once")
    if event.into == state.id:
        raise InvalidValue("CaseSplit.into", event.into, "another case")


def _fit_tags(state: Case, event: CaseTagsChanged) -> None:
    there = [each in state.tags for each in (*event.added, *event.removed)]
    if not there or there != [False] * len(event.added) + [True] * len(event.removed):
        raise InvalidValue("CaseTagsChanged", event, f"tags that are new, or gone from {state.tags}")


def _fit_link(state: Case, event: CaseLinked | CaseUnlinked) -> None:
    if (event.link in state.links) is isinstance(event, CaseLinked):
        raise InvalidValue(f"{type(event).__name__}.link", event.link, "a link that is new, or one that is there")


def _fit_request(state: Case, event: CaseApprovalRequested) -> None:
    if (state.approval, state.approval_by) == ("requested", event.by):
        raise InvalidValue("CaseApprovalRequested.by", event.by, "somebody who has not asked yet")


def _fit_decision(state: Case, event: CaseApprovalGiven) -> None:
    if state.approval != "requested" or state.approval_by == event.by:
        raise InvalidValue("CaseApprovalGiven.by", event.by, "somebody else than who asked")


_FITTING: dict[type[Event], Callable[[Any, Any], None]] = {
    CaseStatusChanged: _fit_entry,
    CaseResolved: _fit_entry,
    CaseClosed: _fit_entry,
    CaseRejected: _fit_entry,
    CaseReopened: _fit_reopening,
    CaseMerged: _fit_merge,
    CaseUnmerged: _fit_unmerge,
    CaseMessageReceived: _fit_receipt,
    CaseReplied: _fit_message,
    CaseSplit: _fit_split,
    CasePriorityChanged: _fit_priority,
    CaseImpactChanged: _fit_impact,
    CaseTagsChanged: _fit_tags,
    CaseLinked: _fit_link,
    CaseUnlinked: _fit_link,
    CaseCustomerChanged: _fit_customer,
    CasePolicyChosen: _fit_policy,
    CaseApprovalRequested: _fit_request,
    CaseApprovalGiven: _fit_decision,
    **dict.fromkeys(_SWAPPED, _fit_swap),
    CaseParentChanged: _fit_parent,
}
"""What else must hold of each event."""
