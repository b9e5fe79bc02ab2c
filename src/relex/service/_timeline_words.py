"""The events of a case in words."""

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
    from collections.abc import Callable, Iterable

    from relex.changes import Event
    from relex.service._parts import CaseMessage

__all__ = ["told"]


def told(event: Event) -> str:
    """An event in words, without its instant and without who did it."""
    return _WORDS[type(event)](event)


def _opened(event: CaseOpened) -> str:
    by = "" if event.channel is None else f" by {event.channel}"
    extra = [
        ("", event.type),
        ("follows ", event.follow_up_of),
        ("split from ", event.split_from),
        ("part of ", event.parent),
        ("for ", event.owner),
    ]
    return ", ".join([f"opened{by} as {event.priority}", *(f"{word}{value}" for word, value in extra if value)])


def _moved(event: CaseStatusChanged) -> str:
    found = f"goes on as {event.to}" if event.waiting_for is None else f"waits for {event.waiting_for}"
    return _plain(found) + _why(event.reason, event.note)


def _received(event: CaseMessageReceived) -> str:
    found = "customer wrote" if event.message.counts else f"{_kind_of(event.message)}message came in"
    if event.goes_to is not None:
        return f"{found}, for {event.goes_to}"
    return f"{found}, a new case should follow" if event.follow_up else found


def _replied(event: CaseReplied) -> str:
    return "replied" if event.message.counts else f"{_kind_of(event.message)}message went out"


def _closed(event: CaseClosed) -> str:
    return ("closed after silence" if event.automatic else "closed") + _why(event.reason, event.note)


def _reopened(event: CaseReopened) -> str:
    return ("reopened by the customer" if event.by == "customer" else "reopened by us") + _why(event.reason)


def _priority(event: CasePriorityChanged) -> str:
    source = "" if event.priority_source == "explicit" else f" by {event.priority_source}"
    return f"priority {event.to}{source}, was {event.from_}"


def _impact(event: CaseImpactChanged) -> str:
    impact, urgency = ["unknown" if grade is None else grade for grade in (event.impact, event.urgency)]
    return f"impact {impact}, urgency {urgency}"


def _tags(event: CaseTagsChanged) -> str:
    return f"tags {' '.join([*(f'+{tag}' for tag in event.added), *(f'-{tag}' for tag in event.removed)])}"


def _customer(event: CaseCustomerChanged) -> str:
    contact = "" if event.contact is None else f", contact {event.contact}"
    return f"customer {event.customer or 'unknown'}{contact}"


def _policy(event: CasePolicyChosen) -> str:
    why = event.why if event.entitlement is None else f"entitlement {event.entitlement}"
    return f"promised {event.policy} version {event.policy_version} ({why})"


def _escalated(event: CaseEscalated) -> str:
    what = f"escalated by {event.rule}: {_listed(event.occurrences)} {event.on}"
    tells = f", tells {_listed(event.notify)}" if event.notify else ""
    return what + tells + ("" if event.assign_to is None else f", for {event.assign_to}")


def _swapped(name: str) -> Callable[[Any], str]:
    def words(event: Any) -> str:
        was = "" if event.from_ is None else f", was {event.from_}"
        return f"{name} {event.to or 'none'}{was}"

    return words


def _kind_of(message: CaseMessage) -> str:
    kinds = [word for word, holds in (("internal", message.internal), ("automatic", message.automatic)) if holds]
    return "".join(f"{kind} " for kind in kinds)


def _why(*words: str | None) -> str:
    given = [word for word in words if word]
    return f" ({', '.join(given)})" if given else ""


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _listed(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))


_WORDS: dict[type[Event], Callable[[Any], str]] = {
    CaseOpened: _opened,
    CaseStatusChanged: _moved,
    CaseResolved: lambda event: f"resolved{_why(event.code, event.note)}",
    CaseClosed: _closed,
    CaseRejected: lambda event: f"rejected{_why(event.reason)}",
    CaseReopened: _reopened,
    CaseMerged: lambda event: f"merged into {event.into}",
    CaseUnmerged: lambda _: "merge undone",
    CaseMessageReceived: _received,
    CaseReplied: _replied,
    CaseNoted: lambda event: f"note: {event.text}",
    CaseSplit: lambda event: f"split: {_listed(event.messages)} to {event.into}",
    CaseOwnerChanged: _swapped("owner"),
    CaseTeamChanged: _swapped("team"),
    CasePriorityChanged: _priority,
    CaseTypeChanged: _swapped("type"),
    CaseImpactChanged: _impact,
    CaseTagsChanged: _tags,
    CaseLinked: lambda event: f"linked to {event.link}",
    CaseUnlinked: lambda event: f"no longer linked to {event.link}",
    CaseParentChanged: _swapped("parent"),
    CaseCustomerChanged: _customer,
    CaseRenamed: _swapped("subject"),
    CasePolicyChosen: _policy,
    CaseEscalated: _escalated,
    CaseApprovalRequested: lambda event: f"approval asked{_why(event.subject)}",
    CaseApprovalGiven: lambda event: ("approved" if event.approved else "approval refused") + _why(event.note),
}
