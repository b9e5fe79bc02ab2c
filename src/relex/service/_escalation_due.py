"""An escalation that is due: what is to be recorded, and who is to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.service._parts import OCCURRENCES, EscalatedOccurrence

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["DueEscalation"]

_ON = _checks.one_of("overdue", "missed", "warning")


@attrs.frozen(kw_only=True, weakref_slot=False)
class DueEscalation:
    """An escalation that is due; made by `due_escalations`, recorded by `Case.escalate`.

    Attributes:
        case: Id of the case.
        rule: Name of the rule.
        on: What it watches: `overdue`, `missed` or `warning`.
        occurrences: Of which milestones, in their order; all of them in one event.
        notify: Whom to tell.
        assign_to: Who should have the case now, or None.
        repeat: How often the rule had told of the case when this tells again; 0 when all of it is new. Once it has told
            more often, recording this gives nothing.
        since: From when on it is due.

    .. versionadded:: 0.1.0
    """

    case: str = attrs.field(validator=_checks.text)
    rule: str = attrs.field(validator=_checks.text)
    on: str = attrs.field(default="overdue", validator=_ON)
    occurrences: tuple[EscalatedOccurrence, ...] = attrs.field(validator=OCCURRENCES)
    notify: tuple[str, ...] = attrs.field(default=(), validator=_checks.each(_checks.text))
    assign_to: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))
    repeat: int = attrs.field(default=0, validator=_checks.whole(least=0))
    since: datetime = attrs.field(validator=_checks.instant, eq=moment)

    def __str__(self) -> str:
        what = f"{', '.join(map(str, self.occurrences))} {self.on}"
        told = f", tell {', '.join(self.notify)}" if self.notify else ""
        given = f", assign to {self.assign_to}" if self.assign_to is not None else ""
        return f"{self.case}: {self.rule}: {what}{told}{given}" + (" (again)" if self.repeat else "")
