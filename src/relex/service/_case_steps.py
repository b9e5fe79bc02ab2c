"""What each event changes in a case; the only place that says so.

Theory of operation. A case is folded as a draft (`relex._trusted.Drafts`): an object with the fields of a `Case` that
can be set until it is done. A history of five events then costs five small functions, not five copies of fifty fields.
A merge that was undone leaves no trace but itself: after a `CaseUnmerged` the whole history is folded anew without
the two of them, so that status, instants and counts are those of a case that was never merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Event
    from relex.service._case_events import StatusEntry
    from relex.service._parts import CaseMessage

__all__ = ["STEPS", "begin", "live_events"]


def begin(draft: Any, event: CaseOpened) -> None:
    """The whole state after the first event."""
    draft.id, draft.opened_at, draft.flow = event.source, event.at, event.flow
    draft.ends = draft.resolved_at = draft.closed_at = draft.resolution = None
    _enter(draft, event)
    draft.customer, draft.contact, draft.channel = event.customer, event.contact, event.channel
    draft.origin, draft.source, draft.subject = event.origin, event.came_from, event.subject
    draft.type, draft.product, draft.team, draft.owner = event.type, event.product, event.team, event.owner
    draft.impact, draft.urgency = event.impact, event.urgency
    draft.priority, draft.priority_source = event.priority, event.priority_source
    draft.entitlement = draft.policy = draft.policy_version = None
    draft.parent, draft.follow_up_of, draft.split_from = event.parent, event.follow_up_of, event.split_from
    draft.merged_into = draft.approval = draft.approval_by = None
    draft.links, draft.tags, draft.escalations = event.links, event.tags, ()
    draft.reopens = draft.reassignments = draft.transfers = 0
    draft.was_assigned, draft.had_team = event.owner is not None, event.team is not None
    _tell(draft, event.messages)


def _enter(draft: Any, event: StatusEntry) -> None:
    draft.status, draft.kind, draft.status_entered_at = event.to, event.kind, event.at
    draft.waiting_for, draft.may_reopen = event.waiting_for, event.reopens


def _tell(draft: Any, messages: tuple[CaseMessage, ...]) -> None:
    """These are all the messages of the case."""
    draft.messages = messages
    draft.replies = 0
    draft.first_replied_at = draft.last_customer_message_at = draft.last_agent_message_at = None
    for message in messages:
        _hear(draft, message)


def _hear(draft: Any, message: CaseMessage) -> None:
    """A message that a person wrote to the other side counts."""
    if message.internal or message.automatic:
        return
    if message.direction == "in":
        draft.last_customer_message_at = message.at
    else:
        draft.replies += 1
        draft.last_agent_message_at = message.at
        if draft.first_replied_at is None:
            draft.first_replied_at = message.at


def _received(draft: Any, event: CaseMessageReceived | CaseReplied) -> None:
    draft.messages = (*draft.messages, event.message)
    _hear(draft, event.message)


def _split(draft: Any, event: CaseSplit) -> None:
    gone = set(event.messages)
    _tell(draft, tuple([each for each in draft.messages if each.id not in gone]))


def _resolved(draft: Any, event: CaseResolved) -> None:
    _enter(draft, event)
    draft.resolved_at, draft.resolution = event.at, event.code


def _ended(draft: Any, event: StatusEntry) -> None:
    _enter(draft, event)
    draft.ends, draft.closed_at = event.ends, event.at


def _merged(draft: Any, event: CaseMerged) -> None:
    _ended(draft, event)
    draft.merged_into = event.into


def _reopened(draft: Any, event: CaseReopened) -> None:
    _enter(draft, event)
    draft.reopens += 1
    draft.ends = draft.resolved_at = draft.closed_at = draft.resolution = None
    draft.approval = draft.approval_by = None


def _owned(draft: Any, event: CaseOwnerChanged) -> None:
    draft.owner = event.to
    if event.to is not None:
        draft.reassignments += draft.was_assigned
        draft.was_assigned = True


def _teamed(draft: Any, event: CaseTeamChanged) -> None:
    draft.team = event.to
    if event.to is not None:
        draft.transfers += draft.had_team
        draft.had_team = True


def _ranked(draft: Any, event: CasePriorityChanged) -> None:
    draft.priority, draft.priority_source = event.to, event.priority_source


def _typed(draft: Any, event: CaseTypeChanged) -> None:
    draft.type = event.to


def _weighed(draft: Any, event: CaseImpactChanged) -> None:
    draft.impact, draft.urgency = event.impact, event.urgency


def _tagged(draft: Any, event: CaseTagsChanged) -> None:
    draft.tags = tuple(sorted({*draft.tags, *event.added}.difference(event.removed)))


def _linked(draft: Any, event: CaseLinked) -> None:
    draft.links = tuple(sorted({*draft.links, event.link}))


def _unlinked(draft: Any, event: CaseUnlinked) -> None:
    draft.links = tuple([each for each in draft.links if each != event.link])


def _moved_under(draft: Any, event: CaseParentChanged) -> None:
    draft.parent = event.to


def _of_customer(draft: Any, event: CaseCustomerChanged) -> None:
    draft.customer, draft.contact = event.customer, event.contact


def _renamed(draft: Any, event: CaseRenamed) -> None:
    draft.subject = event.to


def _promised(draft: Any, event: CasePolicyChosen) -> None:
    draft.policy, draft.policy_version, draft.entitlement = event.policy, event.policy_version, event.entitlement


def _escalated(draft: Any, event: CaseEscalated) -> None:
    draft.escalations = (*draft.escalations, event)


def _asked(draft: Any, event: CaseApprovalRequested) -> None:
    draft.approval, draft.approval_by = "requested", event.by


def _answered(draft: Any, event: CaseApprovalGiven) -> None:
    draft.approval, draft.approval_by = "given" if event.approved else "refused", event.by


def _kept(_draft: Any, _event: Event) -> None:
    """It is in the history, and that is all."""


STEPS: dict[type[Event], Callable[[Any, Any], None]] = {
    CaseStatusChanged: _enter,
    CaseResolved: _resolved,
    CaseClosed: _ended,
    CaseRejected: _ended,
    CaseReopened: _reopened,
    CaseMerged: _merged,
    CaseMessageReceived: _received,
    CaseReplied: _received,
    CaseNoted: _kept,
    CaseSplit: _split,
    CaseOwnerChanged: _owned,
    CaseTeamChanged: _teamed,
    CasePriorityChanged: _ranked,
    CaseTypeChanged: _typed,
    CaseImpactChanged: _weighed,
    CaseTagsChanged: _tagged,
    CaseLinked: _linked,
    CaseUnlinked: _unlinked,
    CaseParentChanged: _moved_under,
    CaseCustomerChanged: _of_customer,
    CaseRenamed: _renamed,
    CasePolicyChosen: _promised,
    CaseEscalated: _escalated,
    CaseApprovalRequested: _asked,
    CaseApprovalGiven: _answered,
}
"""What each event does to a draft, of those that follow on the opening; after a `CaseUnmerged` all is folded anew."""


def live_events(history: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events that count: without each merge that was undone, and without its undoing."""
    if CaseUnmerged not in map(type, history):
        return history
    gone: set[int] = set()
    merge = 0
    for event in history:
        if isinstance(event, CaseMerged):
            merge = event.version
        elif isinstance(event, CaseUnmerged):
            gone |= {merge, event.version}
    return tuple([event for event in history if event.version not in gone])
