"""Every promise that was broken, whether or not anybody was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.service._sla import Sla

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from relex.service._clock import ClockResult, Occurrence

__all__ = ["Breach", "breaches"]

_SLA = _checks.a(Sla)
_BROKEN = ("overdue", "missed")


@attrs.frozen(kw_only=True, weakref_slot=False)
class Breach:
    """A promise that was not kept; made by `breaches`.

    Attributes:
        case: Id of the case.
        milestone: Its name.
        number: Which occurrence of it, from 1.
        state: `overdue` while it is not done, `missed` once it was done too late.
        due_at: When it was due.
        stopped_at: When it was done; None while it is not.
        late_by: By how much, in the time of its calendar.

    .. versionadded:: 0.1.0
    """

    case: str
    milestone: str
    number: int
    state: str
    due_at: datetime
    stopped_at: datetime | None
    late_by: timedelta

    def __str__(self) -> str:
        what = f"{self.milestone} {self.number} {self.state}"
        return f"{self.case}: {what} by {self.late_by}, due {self.due_at.isoformat()}"


def breaches(answer: Sla) -> tuple[Breach, ...]:
    """Every promise of a case that was broken by then, whether or not a rule told anybody.

    A case may be open, resolved or closed. An occurrence counts once: as it stands, or, when it had been missed before
    the case was reopened and is in time now, as it ended then.

    Args:
        answer: What `sla` says of the case.

    Returns:
        In the order of the milestones, then of their occurrences.

    Raises:
        InvalidValue: For what is no such answer.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from relex.calendars import BusinessCalendar
        >>> from relex.service import Case, SlaPolicy, first_response, sla
        >>> gold = SlaPolicy("gold", [first_response(timedelta(hours=1))], BusinessCalendar.always(UTC))
        >>> nine = datetime(2026, 6, 1, 9, tzinfo=UTC)
        >>> case, _ = Case.open("c1", customer="k7", at=nine)
        >>> case, _ = case.reply("m1", at=nine + timedelta(minutes=80))
        >>> print(*breaches(sla(case, gold, as_of=nine + timedelta(days=1), what_if=True)))
        c1: first_response 1 missed by 0:20:00, due 2026-06-01T10:00:00+00:00

    .. versionadded:: 0.1.0
    """
    _SLA.require("breaches.answer", answer)
    return tuple(_found(answer))


def _found(answer: Sla) -> Iterator[Breach]:
    for clock in answer.clocks:
        for each in clock.occurrences:
            ends: tuple[Occurrence | ClockResult, ...] = (each, *reversed(each.results))
            broken = next((end for end in ends if end.state in _BROKEN), None)
            if broken is not None:
                yield _breach(answer.case, each, broken)


def _breach(case: str, occurrence: Occurrence, end: Occurrence | ClockResult) -> Breach:
    return Breach(
        case=case,
        milestone=occurrence.milestone,
        number=occurrence.number,
        state=end.state,
        due_at=end.due_at,  # type: ignore[arg-type]  # what is broken was due
        stopped_at=end.stopped_at,
        late_by=end.late_by,  # type: ignore[arg-type]  # and is late
    )
