"""What each event changes in an opportunity that is already there; the only place that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.pipeline._edits import found_at, net_of, repeated
from relex.pipeline._events import (
    ActivityRecorded,
    AmountChanged,
    CampaignChanged,
    CategoryOverridden,
    CloseDateChanged,
    ContactsChanged,
    LinesChanged,
    NextStepChanged,
    OpportunityCustomerChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityTagsChanged,
    OpportunityWon,
    ProbabilityOverridden,
    SnoozeChanged,
    SplitsChanged,
    TerritoryChanged,
)
from relex.pipeline._merges import MERGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Event
    from relex.pipeline._events import StageEntry
    from relex.pipeline._opportunity import Opportunity

__all__ = ["CHANGES", "opened"]


def opened(event: OpportunityOpened) -> dict[str, Any]:
    """The whole state after the first event."""
    is_open = event.kind == "open"
    return {
        "history": (event,),
        "id": event.source,
        "version": event.version,
        "pipeline": event.pipeline,
        "name": event.name,
        "customer": event.customer,
        "owner": event.owner,
        "territory": event.territory,
        "campaign": event.campaign,
        "stage": event.to,
        "kind": event.kind,
        "stage_entered_at": event.at,
        "opened_at": event.at,
        "changed_at": event.at,
        "assigned_at": None if event.owner is None else event.at,
        "closed_at": None if is_open else event.at,
        "last_open_stage": event.to if is_open else None,
        "stage_probability": event.probability,
        "stage_category": event.category,
        "amount": event.amount,
        "amount_source": None if event.amount is None else "hand",
        "expected_close": event.expected_close,
        "probability_override": None,
        "category_override": None,
        "close_reason": None,
        "close_note": None,
        "competitor": None,
        "contacts": event.contacts,
        "lines": (),
        "splits": (),
        "next_step": None,
        "snoozed_until": None,
        "snooze_reason": None,
        "tags": event.tags,
        "last_activity_at": None,
        "pushes": 0,
        "merged": (),
        "merged_into": None,
    }


def _entered(_: Opportunity, event: StageEntry) -> dict[str, Any]:
    return {
        "pipeline": event.pipeline,
        "stage": event.to,
        "stage_entered_at": event.at,
        "stage_probability": event.probability,
        "stage_category": event.category,
    }


def _moved(state: Opportunity, event: OpportunityStageChanged) -> dict[str, Any]:
    found = _entered(state, event)
    if event.kind == "open":
        found["last_open_stage"] = event.to
    return found


def _closed(state: Opportunity, event: OpportunityWon | OpportunityLost) -> dict[str, Any]:
    return {
        **_entered(state, event),
        "kind": event.kind,
        "closed_at": event.at,
        "close_reason": event.reason,
        "close_note": event.note,
        "probability_override": None,
        "category_override": None,
    }


def _lost(state: Opportunity, event: OpportunityLost) -> dict[str, Any]:
    return {**_closed(state, event), "competitor": event.competitor}


def _reopened(state: Opportunity, event: OpportunityReopened) -> dict[str, Any]:
    return {
        **_entered(state, event),
        "kind": "open",
        "last_open_stage": event.to,
        "closed_at": None,
        "close_reason": None,
        "close_note": None,
        "competitor": None,
    }


def _priced(state: Opportunity, event: AmountChanged) -> dict[str, Any]:
    """An amount out of lines is that of the lines that are left, where a merge that brought others was taken back."""
    amount, source = event.to, event.amount_source
    if source == "lines" and amount is not None:
        amount = net_of(state.lines, amount.currency, event.at) if state.lines else None
    return {"amount": amount, "amount_source": None if amount is None else source}


def _lined(state: Opportunity, event: LinesChanged) -> dict[str, Any]:
    """The lines that were said, without those that were there before only by a merge that was taken back."""
    if state.lines == event.from_:
        return {"lines": event.to}
    return {"lines": tuple([line for line in event.to if line not in event.from_ or line in state.lines])}


def _met(state: Opportunity, event: ContactsChanged) -> dict[str, Any]:
    """The people that were said, without those who were there before only by a merge that was taken back."""
    same = state.contacts == event.from_
    return {"contacts": event.to if same else repeated(state.contacts, event.from_, event.to)}


def _dated(state: Opportunity, event: CloseDateChanged) -> dict[str, Any]:
    """A push is counted from the date that is there, without one that a merge brought and took back."""
    is_push = state.expected_close is not None and event.to is not None and event.to > state.expected_close
    return {"expected_close": event.to, "pushes": state.pushes + is_push}


def _owned(_: Opportunity, event: OpportunityOwnerChanged) -> dict[str, Any]:
    return {"owner": event.to, "assigned_at": None if event.to is None else event.at}


def _snoozed(_: Opportunity, event: SnoozeChanged) -> dict[str, Any]:
    return {"snoozed_until": event.to, "snooze_reason": None if event.to is None else event.reason}


def _tagged(state: Opportunity, event: OpportunityTagsChanged) -> dict[str, Any]:
    tags = list(state.tags)  # sorted, and possibly long: each place is looked up, nothing is sorted anew
    for each in event.added:
        place, is_there = found_at(tags, each)
        tags[place : place + is_there] = [each]
    for each in event.removed:
        place, is_there = found_at(tags, each)
        del tags[place : place + is_there]
    return {"tags": tuple(tags)}


def _active(_: Opportunity, event: ActivityRecorded) -> dict[str, Any]:
    return {"last_activity_at": event.at}


def _to(field: str) -> Callable[[Opportunity, Any], dict[str, Any]]:
    return lambda _, event: {field: event.to}


CHANGES: dict[type[Event], Callable[[Opportunity, Any], dict[str, Any]]] = {
    OpportunityStageChanged: _moved,
    OpportunityWon: _closed,
    OpportunityLost: _lost,
    OpportunityReopened: _reopened,
    OpportunityRenamed: _to("name"),
    OpportunityCustomerChanged: _to("customer"),
    AmountChanged: _priced,
    CloseDateChanged: _dated,
    OpportunityOwnerChanged: _owned,
    TerritoryChanged: _to("territory"),
    CampaignChanged: _to("campaign"),
    ProbabilityOverridden: _to("probability_override"),
    CategoryOverridden: _to("category_override"),
    ContactsChanged: _met,
    NextStepChanged: _to("next_step"),
    SnoozeChanged: _snoozed,
    LinesChanged: _lined,
    SplitsChanged: _to("splits"),
    OpportunityTagsChanged: _tagged,
    ActivityRecorded: _active,
    **MERGES,
}
