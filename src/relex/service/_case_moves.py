"""Which events a move gives, or why there is none: opening, holding, resuming, resolving, closing, coming back.

Theory of operation. Each function is given a case and what a command was told, and gives the events, in order and with
their versions; it makes no state. A command that may find nothing to do gives none. What a person does is asked of the
table of the flow (which moves there are, what they require); what follows by itself, from a message or an assignment,
is not, since a customer's word cannot be refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex._trusted import trusted
from relex.errors import Rejected
from relex.service._case_events import (
    CaseClosed,
    CaseRejected,
    CaseReopened,
    CaseResolved,
    CaseStatusChanged,
)
from relex.service._case_guards import (
    closed_details,
    require_flow,
    require_known,
    require_met,
    require_next,
    require_open_edit,
    require_told,
    status_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from relex.changes import Event
    from relex.service._case import Case
    from relex.service._case_flow import CaseFlow
    from relex.service._status import Status

__all__ = ["Said", "closed", "entered", "held", "moved", "rejected", "reopened", "resolved", "resumed", "touched"]

Events = tuple["Event", ...]

_ACTIVE = ("open", "waiting")
_status_changed = trusted(CaseStatusChanged)
_resolved = trusted(CaseResolved)
_closed = trusted(CaseClosed)
_rejected = trusted(CaseRejected)
_reopened = trusted(CaseReopened)


class Said(NamedTuple):
    """What a person says about a move, and the facts that the application gives with it."""

    reason: str | None = None
    note: str | None = None
    code: str | None = None
    by: str | None = None
    facts: Mapping[str, Any] | None = None

    def told(self) -> dict[str, str | None]:
        """The facts of the command."""
        return {"reason": self.reason, "comment": self.note, "code": self.code, "actor": self.by}


def entered(
    make: Callable[..., Event],
    case: Case,
    version: int,
    flow: CaseFlow,
    to: Status,
    at: datetime,
    *,
    from_: str | None = None,
    **more: Any,
) -> Event:
    """An event that brings a case into a status, with what the status says now."""
    return make(
        source=case.id,
        version=version,
        at=at,
        flow=flow.id,
        flow_version=flow.version,
        from_=case.status if from_ is None else from_,
        to=to.id,
        kind=to.kind,
        waiting_for=to.waiting_for,
        ends=to.ends,
        reopens=to.reopens,
        **more,
    )


def changed(
    case: Case,
    version: int,
    flow: CaseFlow,
    to: Status,
    at: datetime,
    *,
    reason: str | None = None,
    note: str | None = None,
) -> Event:
    """A move between open and waiting statuses."""
    return entered(_status_changed, case, version, flow, to, at, reason=reason, note=note)


def touched(case: Case, version: int, flow: CaseFlow, at: datetime) -> Events:
    """Nobody had touched the case until now; nothing for one that somebody had."""
    here = flow.places.get(case.status)
    if here is None or not here.fresh or case.kind != "open":
        return ()
    return (changed(case, version, flow, taken_up(case, flow), at),)


def taken_up(case: Case, flow: CaseFlow) -> Status:
    """Where a case goes that is our move again; also out of a status that the flow does not have any more."""
    return flow.next_from(case.status, "open") if case.status in flow.places else flow.working


def back_by_message(case: Case, version: int, flow: CaseFlow, at: datetime, by: str) -> Event:
    """A message brings a case back that was resolved or closed."""
    to = flow.status(flow.reopening.to)
    return entered(_reopened, case, version, flow, to, at, reason=None, by=by)


def held(case: Case, status: str | None, flow: CaseFlow, at: datetime, said: Said) -> Events:
    """The move is somebody else's."""
    version = _require(case, "hold", flow, at, said)
    if case.kind == "resolved":
        raise Rejected("hold", "not_open", {"case": case.id, "status": case.status})
    if status is None and case.kind == "waiting":
        return ()
    to = flow.next_from(case.status, "waiting") if status is None else status_named("hold", flow, status, ("waiting",))
    return _passed("hold", case, version, flow, to, at, said)


def resumed(case: Case, status: str | None, flow: CaseFlow, at: datetime, said: Said) -> Events:
    """The move is ours again."""
    version = _require(case, "resume", flow, at, said)
    if case.kind != "waiting":
        raise Rejected("resume", "not_waiting", {"case": case.id, "status": case.status})
    to = flow.next_from(case.status, "open") if status is None else status_named("resume", flow, status, ("open",))
    return _passed("resume", case, version, flow, to, at, said)


def _require(case: Case, command: str, flow: CaseFlow, at: datetime, said: Said) -> int:
    version = require_open_edit(command, case, at)
    require_known(command, case, flow)
    require_told(command, reason=said.reason, note=said.note, code=said.code, by=said.by)
    return version


def _passed(command: str, case: Case, version: int, flow: CaseFlow, to: Status, at: datetime, said: Said) -> Events:
    """A move between open and waiting statuses that a person makes; none to where the case is."""
    if to.id == case.status:
        return ()
    require_met(command, case, flow, to, at, said.told(), said.facts)
    return (changed(case, version, flow, to, at, reason=said.reason, note=said.note),)


def resolved(case: Case, status: str | None, flow: CaseFlow, at: datetime, said: Said) -> Events:
    """We think it is done."""
    version = _require(case, "resolve", flow, at, said)
    if case.kind == "resolved":
        return ()
    to = (
        flow.next_from(case.status, "resolved")
        if status is None
        else status_named("resolve", flow, status, ("resolved",))
    )
    require_met("resolve", case, flow, to, at, said.told(), said.facts)
    return (entered(_resolved, case, version, flow, to, at, code=said.code, note=said.note),)


def closed(case: Case, status: str | None, flow: CaseFlow, at: datetime, said: Said, *, automatic: bool) -> Events:
    """The matter is over; a case that was not resolved is resolved at the same instant."""
    version = require_next("close", case, at)
    require_known("close", case, flow)
    require_told("close", reason=said.reason, note=said.note, code=said.code, by=said.by)
    _checks.flag.require("close.automatic", automatic)
    if case.kind == "closed":
        return ()
    to = (
        flow.next_from(case.status, "closed", ends="closed")
        if status is None
        else status_named("close", flow, status, ("closed",), ("closed",))
    )
    ended: dict[str, Any] = {"reason": said.reason, "note": said.note, "automatic": automatic}
    require_met("close", case, flow, to, at, said.told(), said.facts)
    if case.kind == "resolved":
        return (entered(_closed, case, version, flow, to, at, **ended),)
    through = flow.next_from(case.status, "resolved")
    first = entered(_resolved, case, version, flow, through, at, code=said.code, note=said.note)
    return first, entered(_closed, case, version + 1, flow, to, at, from_=through.id, **ended)


def rejected(case: Case, status: str | None, flow: CaseFlow, at: datetime, said: Said) -> Events:
    """It is none of ours."""
    version = require_next("reject", case, at)
    require_known("reject", case, flow)
    require_told("reject", reason=said.reason, note=said.note, by=said.by)
    if case.ends == "rejected":
        return ()
    if case.kind == "closed":
        raise Rejected("reject", "closed", closed_details(case))
    to = (
        flow.next_from(case.status, "closed", ends="rejected")
        if status is None
        else status_named("reject", flow, status, ("closed",), ("rejected",))
    )
    require_met("reject", case, flow, to, at, said.told(), said.facts)
    return (entered(_rejected, case, version, flow, to, at, reason=said.reason),)


def reopened(case: Case, status: str | None, flow: CaseFlow, at: datetime, said: Said) -> Events:
    """We take it up again."""
    version = require_next("reopen", case, at)
    require_known("reopen", case, flow)
    require_told("reopen", reason=said.reason, note=said.note, by=said.by)
    if case.kind in _ACTIVE:
        raise Rejected("reopen", "not_resolved", {"case": case.id, "status": case.status})
    if case.kind == "closed" and not case.may_reopen:
        raise Rejected("reopen", "never_reopens", closed_details(case))
    to = _way_back(case, flow) if status is None else status_named("reopen", flow, status, _ACTIVE)
    require_met("reopen", case, flow, to, at, said.told(), said.facts)
    return (entered(_reopened, case, version, flow, to, at, reason=said.reason, by="agent"),)


def _way_back(case: Case, flow: CaseFlow) -> Status:
    """Where a message would bring it, or where no move leads there, the first other one to which it may go."""
    to = flow.status(flow.reopening.to)
    ways = [flow.places[id_] for id_ in flow.allowed_from(case.status)]
    return next((way for way in (to, *ways) if way in ways and way.kind in _ACTIVE), to)


def moved(case: Case, status: str, flow: CaseFlow, at: datetime, said: Said) -> Events:
    """What leads to this status: holding, resuming, resolving, closing, rejecting, coming back."""
    require_flow("move_to", case, flow)
    kinds = ("open", "waiting", "resolved", "closed")
    to = status_named("move_to", flow, status, kinds, (None, "closed", "rejected"))
    if to.id == case.status:
        require_next("move_to", case, at)
        return ()
    if to.kind == "resolved":
        return resolved(case, status, flow, at, said)
    if to.kind == "closed":
        return (rejected if to.ends == "rejected" else closed_by_hand)(case, status, flow, at, said)
    if case.kind in {"resolved", "closed"}:
        return reopened(case, status, flow, at, said)
    return _passed("move_to", case, _require(case, "move_to", flow, at, said), flow, to, at, said)


def closed_by_hand(case: Case, status: str | None, flow: CaseFlow, at: datetime, said: Said) -> Events:
    """The same as `closed`, by a person."""
    return closed(case, status, flow, at, said, automatic=False)
