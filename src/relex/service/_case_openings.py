"""How a case begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex import _checks
from relex._instants import is_before, moment
from relex._trusted import trusted
from relex.errors import InvalidValue, Rejected
from relex.service._case_edits import ranked, require_grades, require_type, words
from relex.service._case_events import CaseOpened
from relex.service._case_flow import CaseFlow
from relex.service._case_guards import status_named
from relex.service._case_histories import OTHERS
from relex.service._parts import MESSAGES, CaseLink, CaseMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.service._status import Status

__all__ = ["opening"]

_FLOW = _checks.a(CaseFlow)
_LINKS = _checks.each(_checks.a(CaseLink))
_TEXT_OR_NONE = _checks.optional(_checks.text)


def opening(  # noqa: PLR0913 - all that is known at the opening
    id: str,  # noqa: A002 - the field's name everywhere in relex
    flow: CaseFlow,
    at: datetime,
    status: str | None,
    texts: Mapping[str, str | None],
    *,
    type_: str | None,
    priority: str | None,
    impact: str | int | None,
    urgency: str | int | None,
    links: Iterable[CaseLink],
    tags: Iterable[str],
    messages: Iterable[CaseMessage],
) -> CaseOpened:
    """The first event of a case."""
    _checks.text.require("open.id", id)
    _checks.instant.require("open.at", at)
    _FLOW.require("open.flow", flow)
    require_type("open", flow, type_)
    require_grades("open", impact, urgency)
    rank = ranked("open", flow, explicit=priority, type_=type_, impact=impact, urgency=urgency)
    to = _first(flow, status, is_owned=texts["owner"] is not None)
    for name, value in texts.items():
        if value is not None and (value.__class__ is not str or not value):
            _TEXT_OR_NONE.require(f"open.{_NAMES.get(name, name)}", value)
    for name in OTHERS:
        if texts[name] == id:
            raise InvalidValue(f"open.{name}", id, "the id of another case")
    return _opened(
        source=id,
        version=1,
        at=at,
        flow=flow.id,
        flow_version=flow.version,
        from_=None,
        to=to.id,
        kind=to.kind,
        waiting_for=to.waiting_for,
        ends=None,
        reopens=None,
        type=type_,
        priority=rank.priority,
        priority_source=rank.source,
        impact=impact,
        urgency=urgency,
        links=_links(links),
        tags=words("open.tags", tags),
        messages=_messages(messages, at),
        **texts,
    )


_opened = trusted(CaseOpened)
_NAMES = {"came_from": "source"}
"""What the event calls otherwise than the command."""


def _first(flow: CaseFlow, status: str | None, *, is_owned: bool) -> Status:
    """Where a case begins; the fresh status may be named too."""
    if status is None:
        return flow.working if is_owned else flow.start
    if status == flow.start.id:
        return flow.start
    return status_named("open", flow, status, ("open", "waiting"))


def _links(links: Iterable[CaseLink]) -> tuple[CaseLink, ...]:
    if links == ():
        return ()
    found = _checks.items("open.links", links)
    _LINKS.require("open.links", found)
    return tuple(sorted(set(found)))


def _messages(messages: Iterable[CaseMessage], at: datetime) -> tuple[CaseMessage, ...]:
    if messages == ():
        return ()
    found = _checks.items("open.messages", messages)
    MESSAGES.require("open.messages", found)
    for message in found:
        if is_before(at, message.at):
            raise Rejected("open", "out_of_order", {"message": message.id, "at": message.at, "not_after": at})
    return tuple(sorted(found, key=lambda each: moment(each.at)))
