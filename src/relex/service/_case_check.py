"""Whether a case may go to a status, asked beforehand: the command itself answers, and nothing changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex._flow import lacking, shown, told
from relex.errors import InvalidValue, Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.changes import Change
    from relex.rules import Unmet
    from relex.service._case import Case
    from relex.service._case_flow import CaseFlow

__all__ = ["ASKED", "COMMANDS", "CaseCheck", "checked"]

COMMANDS = ("hold", "resume", "move_to", "resolve", "close", "reject", "reopen")
"""The commands that bring a case into a status."""

ASKED = (*COMMANDS, "assign")
"""The commands for which a flow may require something."""
"""The commands that move a case by the table, and of which a flow may ask something."""


@attrs.frozen(kw_only=True)
class CaseCheck:
    """Whether a case may go to a status, and everything that is missing.

    Attributes:
        case: Id of the case.
        command: By which command.
        from_: Where it is.
        to: Where it should go, or would; None where the command is refused and no status was named.
        as_of: When.
        reason: Why it may not, as the command says: `out_of_order` (it was not opened by then), `unknown_status`,
            `not_open`, `not_waiting`, `not_resolved`, `closed`, `never_reopens`, `move_not_allowed` or
            `requirement_unmet`; None when it may.
        unmet: Every requirement that is not met, each with the fields that it lacks.
        allowed: Ids of the statuses to which the flow lets it go from here.

    .. versionadded:: 0.1.0
    """

    case: str
    command: str
    from_: str
    to: str | None
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
        to = "" if self.to is None else f" to {self.to}"
        return f"{self.case}: {self.command} from {self.from_}{to}: {self.reason or 'may go'}"


def checked(
    flow: CaseFlow, case: Case, command: str, to: str | None, at: datetime, given: Mapping[str, Any] | None
) -> CaseCheck:
    """What a command would find, of the case as it was then."""
    if case.flow != flow.id:
        raise InvalidValue("check.case", case.flow, f"a case of the flow {flow.id}")
    then = case.as_of(at)
    known = then or case.as_of(case.opened_at) or case
    refusal = Rejected(command, "out_of_order") if then is None else None
    try:
        goal = to if then is None else _tried(flow, then, command, to, at, given).state.status
    except Rejected as error:
        goal, refusal = to, error
    return CaseCheck(
        case=case.id,
        command=command,
        from_=known.status,
        to=goal,
        as_of=at,
        reason=None if refusal is None else refusal.reason,
        unmet=() if refusal is None else refusal.unmet,
        allowed=flow.allowed_from(known.status) if known.status in flow.places else (),
    )


def _tried(
    flow: CaseFlow, case: Case, command: str, to: str | None, at: datetime, given: Mapping[str, Any] | None
) -> Change[Case]:
    """What the command gives; a change of a frozen value that nobody keeps."""
    change: Change[Case] = getattr(case, command)(status=to, at=at, flow=flow, facts=given)
    return change
