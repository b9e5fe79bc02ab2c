"""What a command finds: whether the flow lets a case go, what it asks for, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex._flow import given_facts, lacking, refused, shown, told
from relex.errors import InvalidValue
from relex.rules import Unmet, check
from relex.service._case_facts import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.service._case import Case
    from relex.service._case_flow import CaseFlow
    from relex.service._status import Status

__all__ = ["COMMANDS", "CaseCheck", "checked", "require_met"]

COMMANDS = ("hold", "resume", "move_to", "resolve", "close", "reject", "reopen")
"""The commands that move a case by the table, and of which a flow may ask something."""

NOTHING_SAID: Mapping[str, Any] = {}
"""What is said most often."""

_REFUSED = {
    "hold": {"resolved": "not_open", "closed": "closed"},
    "resume": {"open": "not_waiting", "resolved": "not_waiting", "closed": "closed"},
    "move_to": {"resolved": "not_open", "closed": "closed"},
    "resolve": {"closed": "closed"},
    "close": {},
    "reject": {"closed": "closed"},
    "reopen": {"open": "not_resolved", "waiting": "not_resolved"},
}
"""Why a command is refused, by the kind of the status in which the case is."""

_LEADS = {
    "hold": ("waiting", None),
    "resume": ("open", None),
    "resolve": ("resolved", None),
    "close": ("closed", "closed"),
    "reject": ("closed", "rejected"),
}
"""The kind of status to which a command leads, and how it ends the case."""


@attrs.frozen(kw_only=True)
class CaseCheck:
    """Whether a case may go to a status, and everything that is missing.

    Attributes:
        case: Id of the case.
        command: By which command.
        from_: Where it is.
        to: Where it should go.
        as_of: When.
        reason: Why it may not: `out_of_order` (it was not opened by then), `unknown_status`, `not_open`, `not_waiting`,
            `not_resolved`, `closed`, `never_reopens`, `move_not_allowed` or `requirement_unmet`; None when it may.
        unmet: Every requirement that is not met, each with the fields that it lacks.
        allowed: Ids of the statuses to which the flow lets it go from here.

    .. versionadded:: 0.1.0
    """

    case: str
    command: str
    from_: str
    to: str
    as_of: datetime
    reason: str | None
    unmet: tuple[Unmet, ...]
    allowed: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Whether it may."""
        return self.reason is None

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the facts that are not there, each once."""
        return lacking(self.unmet)

    def __str__(self) -> str:
        return told(self._head(), self.unmet)

    def _repr_html_(self) -> str:
        return shown(self._head(), self.unmet)

    def _head(self) -> str:
        return f"{self.case}: {self.command} from {self.from_} to {self.to}: {self.reason or 'may go'}"


def require_met(
    command: str,
    case: Case,
    flow: CaseFlow,
    to: str,
    at: datetime,
    given: Mapping[str, Any] | None = None,
    said: Mapping[str, Any] = NOTHING_SAID,
) -> None:
    """Raise `Rejected` unless the flow lets the case go to this status now, and all that is asked for is met.

    Args:
        command: By which command: a name of `COMMANDS`, or another one of which nothing more is asked.
        case: The case, in another status than `to`.
        flow: The flow of the case.
        to: Id of a status of the flow.
        at: When.
        given: The application's own facts.
        said: What the command says, such as `comment`; None is not said.
    """
    found = flow.passage(case.status, to, command)
    if found.allowed and not given and not found.tests:
        return
    facts = _facts(case, given, said, command)
    if found.allowed and found.is_open(facts, at):
        return
    code = "requirement_unmet" if found.allowed else "move_not_allowed"
    details: dict[str, object] = {"status": to, "from": case.status, "allowed": flow.allowed_from(case.status)}
    raise refused(command, code, found, facts, at, details)


def _facts(case: Case, given: Mapping[str, Any] | None, said: Mapping[str, Any], command: str) -> dict[str, Any]:
    """The facts of a case, with those that the application gives and what the command says."""
    told = {name: value for name, value in said.items() if value is not None}
    facts = dict(case.facts())
    if given:
        given_facts(facts, given, NAMES | told.keys(), f"{command}.facts")
    facts.update(told)
    return facts


def checked(
    flow: CaseFlow,
    case: Case,
    asked: tuple[str | None, str | None],
    at: datetime,
    given: Mapping[str, Any] | None,
) -> CaseCheck:
    """What a move finds, of the case as it was then."""
    if case.flow != flow.id:
        raise InvalidValue("check.case", case.flow, f"a case of the flow {flow.id}")
    then = case.as_of(at)
    known = then or case.as_of(case.opened_at) or case
    command, to = _way(flow, known, *asked)
    reason = "out_of_order" if then is None else _obstacle(flow, known, command, to)
    facts = _facts(known, given, NOTHING_SAID, "check")
    unmet: tuple[Unmet, ...] = ()
    if reason is None and to != known.status:
        found = flow.passage(known.status, to, command)
        unmet = check(found.requirements, facts, at)
        reason = "move_not_allowed" if not found.allowed else "requirement_unmet" if unmet else None
    return CaseCheck(
        case=case.id,
        command=command,
        from_=known.status,
        to=to,
        as_of=at,
        reason=reason,
        unmet=unmet,
        allowed=flow.allowed_from(known.status) if known.status in flow.places else (),
    )


def _way(flow: CaseFlow, case: Case, to: str | None, command: str | None) -> tuple[str, str]:
    """The command and the status, of which one follows from the other."""
    if to is None and command is None:
        raise InvalidValue("check.to", None, "a status, or a command")
    if to is None and command is not None:
        return command, _goal(flow, case, command)
    if command is None and to is not None:
        return _command(case.kind, flow.places.get(to)), to
    return str(command), str(to)


def _goal(flow: CaseFlow, case: Case, command: str) -> str:
    """Where a command leads that names no status."""
    if command == "reopen":
        return flow.reopening.to
    if command not in _LEADS:
        raise InvalidValue("check.to", None, f"a status, which {command} needs")
    kind, ends = _LEADS[command]
    return flow.next_from(case.status, kind, ends=ends).id


def _command(kind: str, to: Status | None) -> str:
    """The command that leads from a kind to a status."""
    if to is None or kind == to.kind == "open":
        return "move_to"
    if to.kind == "closed":
        return "reject" if to.ends == "rejected" else "close"
    if to.kind == "resolved":
        return "resolve"
    if kind in {"resolved", "closed"}:
        return "reopen"
    return "hold" if to.kind == "waiting" else "resume"


def _obstacle(flow: CaseFlow, case: Case, command: str, to: str) -> str | None:
    """Why nothing is asked at all."""
    if to not in flow.places or case.status not in flow.places:
        return "unknown_status"
    if case.kind == "closed" and command == "reopen" and not flow.places[case.status].reopens:
        return "never_reopens"
    return _REFUSED[command].get(case.kind)
