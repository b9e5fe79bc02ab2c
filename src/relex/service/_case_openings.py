"""How a case begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex._instants import is_before
from relex.errors import InvalidValue, Rejected
from relex.service._case_edits import ranked, require_type, words
from relex.service._case_events import CaseOpened
from relex.service._case_flow import CaseFlow
from relex.service._case_guards import status_named
from relex.service._parts import CaseLink, CaseMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.service._status import Status

__all__ = ["opening"]

_FLOW = _checks.a(CaseFlow)
_LINKS = _checks.each(_checks.a(CaseLink))
_MESSAGES = _checks.each(_checks.a(CaseMessage))


def opening(
    id: str,  # noqa: A002 - the field's name everywhere in relex
    flow: CaseFlow,
    at: datetime,
    status: str | None,
    priority: str | None,
    type_: str | None,
    parts: Mapping[str, Any],
    *,
    links: Iterable[CaseLink],
    tags: Iterable[str],
    messages: Iterable[CaseMessage],
) -> CaseOpened:
    """The first event of a case."""
    _checks.text.require("open.id", id)
    _checks.instant.require("open.at", at)
    _FLOW.require("open.flow", flow)
    require_type("open", flow, type_)
    rank = ranked("open", flow, explicit=priority, type_=type_, impact=parts["impact"], urgency=parts["urgency"])
    to = _first(flow, status, is_owned=parts["owner"] is not None)
    try:
        return CaseOpened(
            source=id,
            version=1,
            at=at,
            flow=flow.id,
            flow_version=flow.version,
            to=to.id,
            kind=to.kind,
            waiting_for=to.waiting_for,
            case_type=type_,
            priority=rank.priority,
            priority_source=rank.source,
            links=_links(links),
            tags=words("open.tags", tags),
            messages=_messages(messages, at),
            **parts,
        )
    except InvalidValue as error:
        raise InvalidValue(f"open.{_NAMES.get(_last(error), _last(error))}", error.value, error.expected) from None


_NAMES = {"came_from": "source"}


def _last(error: InvalidValue) -> str:
    return error.path.rpartition(".")[2]


def _first(flow: CaseFlow, status: str | None, *, is_owned: bool) -> Status:
    """Where a case begins; the fresh status may be named, and nobody has it there."""
    if status is None:
        return flow.working if is_owned else flow.start
    if status == flow.start.id:
        return flow.start
    return status_named("open", flow, status, ("open", "waiting"))


def _links(links: Iterable[CaseLink]) -> tuple[CaseLink, ...]:
    found = _checks.items("open.links", links)
    _LINKS.require("open.links", found)
    return tuple(sorted(set(found)))


def _messages(messages: Iterable[CaseMessage], at: datetime) -> tuple[CaseMessage, ...]:
    found = _checks.items("open.messages", messages)
    _MESSAGES.require("open.messages", found)
    for message in found:
        if is_before(at, message.at):
            raise Rejected("open", "out_of_order", {"message": message.id, "at": message.at, "not_after": at})
    return tuple(sorted(found, key=lambda each: each.at.timestamp()))
