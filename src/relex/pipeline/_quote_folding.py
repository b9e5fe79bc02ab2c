"""What each event makes of a quote: the only place where its states come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.errors import InvalidValue
from relex.pipeline._quote_events import (
    QuoteAccepted,
    QuoteApproved,
    QuoteChanged,
    QuoteDeclined,
    QuoteRefused,
    QuoteRevised,
    QuoteSent,
    QuoteSubmitted,
    QuoteSuperseded,
    QuoteWithdrawn,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.pipeline._quote import Quote
    from relex.pipeline._quote_events import QuoteContent

__all__ = ["CHANGES", "evolved", "opened"]

_BEFORE: dict[type, tuple[str, ...]] = {
    QuoteChanged: ("draft", "submitted", "approved"),
    QuoteSubmitted: ("draft",),
    QuoteApproved: ("submitted",),
    QuoteRefused: ("submitted",),
    QuoteWithdrawn: ("submitted", "approved"),
    QuoteSent: ("draft", "approved"),
    QuoteAccepted: ("sent",),
    QuoteDeclined: ("sent",),
    QuoteRevised: ("draft", "submitted", "approved", "sent", "declined"),
    QuoteSuperseded: ("draft", "submitted", "approved", "sent", "declined"),
}
"""The statuses in which each event can happen."""

_DRAFT: dict[str, Any] = {"status": "draft", "submitted_by": None, "needed": (), "approvals": ()}


def opened(event: Any) -> dict[str, Any]:
    """The fields of a new quote, of its opening."""
    return {
        "id": event.source,
        "version": 1,
        "revision": 1,
        "currency": event.currency,
        "opportunity": event.opportunity,
        "customer": event.customer,
        "owner": event.owner,
        "name": event.name,
        "opened_at": event.at,
        "changed_at": event.at,
        "sent_at": None,
        "closed_at": None,
        "history": (event,),
        **_DRAFT,
        **_content(event),
    }


def evolved(state: Quote, event: Any) -> dict[str, Any]:
    """The fields that an event changes, but for the history.

    Raises:
        InvalidValue: For an event that cannot happen to the quote as it is.
    """
    kind = type(event)
    if state.status not in _BEFORE[kind]:
        raise InvalidValue(f"{kind.__name__}.version", event.version, f"no such event of a {state.status} quote")
    return {"version": event.version, "changed_at": event.at, **CHANGES[type(event)](state, event)}


def _content(event: QuoteContent) -> dict[str, Any]:
    return {
        "lines": event.lines,
        "discounts": event.discounts,
        "rounding": event.rounding,
        "valid_until": event.valid_until,
        "_price": None,
    }


def _changed(_: Quote, event: QuoteChanged) -> dict[str, Any]:
    return {**_DRAFT, **_content(event)}


def _submitted(_: Quote, event: QuoteSubmitted) -> dict[str, Any]:
    status = "submitted" if event.needed else "approved"
    return {"status": status, "submitted_by": event.by, "needed": event.needed, "approvals": ()}


def _approved(state: Quote, event: QuoteApproved) -> dict[str, Any]:
    asked = [(need.rule, need.role) for need in state.outstanding if need.level == state.outstanding[0].level]
    if (event.approval.rule, event.approval.role) not in asked or event.approval.by == state.submitted_by:
        raise InvalidValue("QuoteApproved.approval", event.approval, f"one of {asked}, not by {state.submitted_by}")
    last = all(need.rule == event.approval.rule for need in state.outstanding)
    return {"status": "approved" if last else "submitted", "approvals": (*state.approvals, event.approval)}


def _back(_: Quote, _event: QuoteRefused | QuoteWithdrawn) -> dict[str, Any]:
    return _DRAFT


def _sent(_: Quote, event: QuoteSent) -> dict[str, Any]:
    return {"status": "sent", "sent_at": event.at}


def _accepted(state: Quote, event: QuoteAccepted) -> dict[str, Any]:
    _require_revision("QuoteAccepted", event.revision, state.revision)
    return {"status": "accepted", "closed_at": event.at}


def _declined(state: Quote, event: QuoteDeclined) -> dict[str, Any]:
    _require_revision("QuoteDeclined", event.revision, state.revision)
    return {"status": "declined", "closed_at": event.at}


def _revised(state: Quote, event: QuoteRevised) -> dict[str, Any]:
    _require_revision("QuoteRevised", event.revision, state.revision + 1)
    return {**_DRAFT, "revision": event.revision, "sent_at": None, "closed_at": None}


def _superseded(state: Quote, event: QuoteSuperseded) -> dict[str, Any]:
    _require_revision("QuoteSuperseded", event.revision, state.revision + 1)
    return {"status": "superseded"}


def _require_revision(kind: str, found: int, expected: int) -> None:
    if found != expected:
        raise InvalidValue(f"{kind}.revision", found, f"revision {expected}")


CHANGES: dict[type, Callable[[Quote, Any], dict[str, Any]]] = {
    QuoteChanged: _changed,
    QuoteSubmitted: _submitted,
    QuoteApproved: _approved,
    QuoteRefused: _back,
    QuoteWithdrawn: _back,
    QuoteSent: _sent,
    QuoteAccepted: _accepted,
    QuoteDeclined: _declined,
    QuoteRevised: _revised,
    QuoteSuperseded: _superseded,
}
