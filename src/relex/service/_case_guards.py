"""What must hold before a command decides anything: the instant, the flow, the status, the requirements."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from relex import _checks, _flow
from relex._instants import is_before
from relex.errors import InvalidValue, Rejected
from relex.rules import check
from relex.service._case_facts import NAMES
from relex.service._case_flow import CaseFlow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relex.service._case import Case
    from relex.service._status import Status

__all__ = [
    "closed_details",
    "require_asked",
    "require_flow",
    "require_known",
    "require_met",
    "require_next",
    "require_open_edit",
    "require_told",
    "status_named",
]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_FLOW = _checks.a(CaseFlow)


def require_next(command: str, case: Case, at: datetime) -> int:
    """The version of the next event, if it may happen at this instant."""
    if at.__class__ is not datetime or at.tzinfo is not UTC:
        _checks.instant.require(f"{command}.at", at)
    if is_before(at, case.changed_at):
        raise Rejected(command, "out_of_order", {"at": at, "not_before": case.changed_at})
    return case.version + 1


def require_open_edit(command: str, case: Case, at: datetime) -> int:
    """The same, of a case that must not be closed."""
    if case.kind == "closed":
        _checks.instant.require(f"{command}.at", at)
        raise Rejected(command, "closed", closed_details(case))
    return require_next(command, case, at)


def closed_details(case: Case) -> dict[str, object]:
    """What there is to say about a case that is closed."""
    details: dict[str, object] = {"case": case.id, "status": case.status, "closed_at": case.closed_at}
    return details if case.merged_into is None else {**details, "into": case.merged_into}


def require_flow(command: str, case: Case, flow: CaseFlow) -> None:
    """Raise `InvalidValue` unless this is the flow of the case."""
    if flow.__class__ is not CaseFlow:
        _FLOW.require(f"{command}.flow", flow)
    if flow.id != case.flow:
        raise InvalidValue(f"{command}.flow", flow.id, f"the flow of the case, {case.flow}")


def require_known(command: str, case: Case, flow: CaseFlow) -> None:
    """Raise unless this is the flow of the case, and still has its status."""
    require_flow(command, case, flow)
    if case.status not in flow.places:
        raise Rejected(command, "unknown_status", {"status": case.status, "allowed": tuple(flow.places)})


def require_told(command: str, **words: str | None) -> None:
    """Raise `InvalidValue` for anything but a non-empty text or None."""
    for name, value in words.items():
        if value is not None and (value.__class__ is not str or not value):
            _TEXT_OR_NONE.require(f"{command}.{name}", value)


def status_named(
    command: str, flow: CaseFlow, status: str, kinds: tuple[str, ...], ends: tuple[str | None, ...] = ()
) -> Status:
    """The status of this id, which must be of one of the kinds, and end a case in one of the ways if any is named."""
    if status.__class__ is not str:
        _checks.text.require(f"{command}.status", status)
    found = flow.places.get(status)
    if found is None or not _fits(found, kinds, ends):
        allowed = tuple([each.id for each in flow.statuses if _fits(each, kinds, ends)])
        raise Rejected(command, "unknown_status", {"status": status, "allowed": allowed})
    return found


def _fits(status: Status, kinds: tuple[str, ...], ends: tuple[str | None, ...]) -> bool:
    return status.kind in kinds and not status.fresh and (not ends or status.ends in ends)


def require_met(
    command: str,
    case: Case,
    flow: CaseFlow,
    to: Status,
    at: datetime,
    said: Mapping[str, str | None],
    given: Mapping[str, Any] | None,
) -> None:
    """Raise `Rejected` unless the case may go to this status by this command now."""
    passage = flow.passage(case.status, to.id, command)
    if passage.allowed and not given and not passage.tests:
        return
    facts = _facts(command, case, said, given)
    if passage.allowed and passage.is_open(facts, at):
        return
    code = "requirement_unmet" if passage.allowed else "move_not_allowed"
    details: dict[str, object] = {"status": to.id, "from": case.status, "allowed": flow.allowed_from(case.status)}
    raise _flow.refused(command, code, passage.requirements, facts, at, details)


def require_asked(
    command: str,
    case: Case,
    flow: CaseFlow,
    at: datetime,
    said: Mapping[str, str | None],
    given: Mapping[str, Any] | None,
) -> None:
    """Raise `Rejected` unless all is met that the flow requires for a command which leaves the status."""
    asked = flow.asked(command)
    if not asked and not given:
        return
    facts = _facts(command, case, said, given)
    if check(asked, facts, at):
        raise _flow.refused(command, "requirement_unmet", asked, facts, at, {"status": case.status})


def _facts(command: str, case: Case, said: Mapping[str, str | None], given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The facts of a case, with what the command says and those that the application gives."""
    told = {name: value for name, value in said.items() if value is not None}
    facts = {**case.facts(), **told}
    return _flow.given_facts(facts, given, NAMES | told.keys(), f"{command}.facts") if given else facts
