"""Which events a message gives: it is kept, and it may move the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex._instants import is_before
from relex._trusted import trusted
from relex.errors import Conflict, InvalidValue
from relex.service._case_events import CaseMessageReceived, CaseNoted, CaseReplied, CaseSplit
from relex.service._case_guards import (
    require_flow,
    require_known,
    require_met,
    require_next,
    require_told,
    status_named,
)
from relex.service._case_moves import back_by_message, changed, taken_up, touched

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.changes import Event
    from relex.service._case import Case
    from relex.service._case_flow import CaseFlow
    from relex.service._parts import CaseMessage

__all__ = ["is_repeated", "noted", "received", "replied"]

_received = trusted(CaseMessageReceived)
_replied = trusted(CaseReplied)


def is_repeated(case: Case, message: CaseMessage) -> bool:
    """Whether the case knows this message, or gave it to a case that was split off.

    Raises:
        Conflict: When it knows another message of this id.
    """
    for known in case.messages:
        if known.id == message.id:
            if _content(known) != _content(message):
                raise Conflict(message.id, known, message)
            return True
    return any(isinstance(event, CaseSplit) and message.id in event.messages for event in case.history)


def _content(message: CaseMessage) -> tuple[object, ...]:
    """What makes two messages of one id the same; when it came in is told by the first."""
    return message.direction, message.internal, message.automatic, message.by


def received(case: Case, message: CaseMessage, flow: CaseFlow, goes_to: str | None) -> tuple[Event, ...]:
    """The customer wrote."""
    require_flow("receive", case, flow)
    require_told("receive", goes_to=goes_to)
    if case.merged_into is None:
        if goes_to not in {None, case.id}:
            raise InvalidValue("receive.goes_to", goes_to, f"None or {case.id}, unless the case was merged")
        goes_to = None
    if is_repeated(case, message):
        return ()
    version, at = require_next("receive", case, message.at), message.at
    if case.kind == "closed":
        return _received_closed(case, version, message, flow, goes_to or case.merged_into)
    event = _received(case.id, version, at, message, False, None)
    if not message.counts or case.kind == "open":
        return (event,)
    if case.kind == "waiting":
        return event, changed(case, version + 1, flow, taken_up(case, flow), at)
    return event, back_by_message(case, version + 1, flow, at, "customer")


def _received_closed(
    case: Case, version: int, message: CaseMessage, flow: CaseFlow, goes_to: str | None
) -> tuple[Event, ...]:
    """The case comes back, or says that another one should follow it, or where the message belongs."""
    at = message.at
    if message.counts and goes_to is None and _comes_back(case, flow, at, "customer"):
        event = _received(case.id, version, at, message, False, None)
        return event, back_by_message(case, version + 1, flow, at, "customer")
    return (_received(case.id, version, at, message, message.counts and goes_to is None, goes_to),)


def _comes_back(case: Case, flow: CaseFlow, at: datetime, by: str) -> bool:
    policy = flow.reopening
    since = case.resolved_at if policy.anchors == "resolved_at" else case.closed_at
    return bool(case.may_reopen) and since is not None and policy.reopens(case.status, since=since, at=at, by=by)


def replied(
    case: Case, message: CaseMessage, flow: CaseFlow, then: str | None, facts: Mapping[str, object] | None
) -> tuple[Event, ...]:
    """We wrote."""
    require_flow("reply", case, flow)
    require_told("reply", then=then)
    to = None if then is None else status_named("reply", flow, then, ("open", "waiting"))
    if is_repeated(case, message):
        return ()
    version, at = require_next("reply", case, message.at), message.at
    event = _replied(case.id, version, at, message)
    if case.kind == "open" and to is not None and to.id != case.status:
        require_known("reply", case, flow)
        require_met("reply", case, flow, to, at, {"actor": message.by}, facts)
        return event, changed(case, version + 1, flow, to, at)
    if case.kind == "open" and message.counts:
        return (event, *touched(case, version + 1, flow, at))
    if case.kind == "closed" and message.counts and _comes_back(case, flow, at, "agent"):
        return event, back_by_message(case, version + 1, flow, at, "agent")
    return (event,)


def noted(case: Case, text: str, by: str | None, at: datetime) -> tuple[Event, ...]:
    """Somebody wrote a note; the same words of the same person at the same instant are the same note."""
    version = require_next("note", case, at)
    event = CaseNoted(source=case.id, version=version, at=at, text=text, by=by)
    for known in reversed(case.history):
        if is_before(known.at, at):
            break
        if isinstance(known, CaseNoted) and (known.text, known.by) == (text, by):
            return ()
    return (event,)
