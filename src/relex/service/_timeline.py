"""What happened to a case, line by line, with the clocks of what was promised."""

from __future__ import annotations

from datetime import datetime, timedelta  # noqa: TC003 - people read the types of an answer at run time
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.errors import InvalidValue
from relex.service._case_events import CaseReopened, StatusEntry
from relex.service._reading import seen_case
from relex.service._sla import Sla
from relex.service._status_times import stays_of
from relex.service._timeline_html import minute, timeline_html
from relex.service._timeline_words import told

if TYPE_CHECKING:
    from relex.changes import Event
    from relex.service._case import Case

__all__ = ["CaseTimeline", "CaseTimelineRow", "case_timeline"]

_SLA = _checks.optional(_checks.a(Sla))
_INSTANT = _checks.optional(_checks.instant)


@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseTimelineRow:
    """One line of the life of a case.

    Attributes:
        at: When it happened.
        event: Name of the class of the event.
        what: The event in words.
        by: Who did it, where the event says so.
        status: Id of the status after it.
        kind: Of that status.
        lasted: How long the case stayed in the status, in clock time, of a line that began one; None of any other.

    .. versionadded:: 0.1.0
    """

    at: datetime = attrs.field(eq=moment)
    event: str
    what: str
    by: str | None
    status: str
    kind: str
    lasted: timedelta | None

    def __str__(self) -> str:
        return f"{minute(self.at, self.at)} {_told(self)}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseTimeline:
    """The life of a case as people read it; made by `case_timeline`.

    Attributes:
        case: Id of the case.
        subject: Of the case.
        as_of: The instant of the question; all instants are shown in its zone.
        rows: What happened, oldest first; a merge that was undone stands here too.
        sla: The clocks, where they were given.

    .. versionadded:: 0.1.0
    """

    case: str
    subject: str | None
    as_of: datetime = attrs.field(eq=moment)
    rows: tuple[CaseTimelineRow, ...]
    sla: Sla | None

    def __str__(self) -> str:
        lines = [_title(self), *(f"  {minute(row.at, self.as_of)} {_told(row)}" for row in self.rows)]
        if self.sla is not None:
            lines += [f"  {clock}" for clock in self.sla.clocks]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return timeline_html(_title(self), self)


def case_timeline(case: Case, sla: Sla | None = None, *, as_of: datetime | None = None) -> CaseTimeline:
    """What happened to a case, with the clocks of its promises, as a value that shows itself as tables and bars.

    Args:
        case: The case; what happened to it after the instant is not seen.
        sla: The clocks of this case, as `sla` found them; None shows none.
        as_of: The instant; aware. By default that of the clocks, and without them that of the last event.

    Raises:
        InvalidValue: For a naive datetime, an instant before the case was opened, clocks of another case or instant,
            or an argument of a wrong type.

    Example:
        >>> from datetime import UTC
        >>> from relex.service import Case
        >>> monday = datetime(2026, 6, 1, 9, tzinfo=UTC)
        >>> case, _ = Case.open("c1", customer="k7", channel="mail", subject="No light", at=monday)
        >>> case, _ = case.reply("m2", by="ann", at=monday.replace(hour=10), then="waiting_customer")
        >>> print(case_timeline(case))
        c1 (No light), as of 2026-06-01 10:00
          2026-06-01 09:00 opened by mail as normal
          2026-06-01 10:00 replied, by ann
          2026-06-01 10:00 waits for customer

    .. versionadded:: 0.1.0
    """
    _SLA.require("case_timeline.sla", sla)
    _INSTANT.require("case_timeline.as_of", as_of)
    at = _instant(case, sla, as_of)
    seen = seen_case("case_timeline", case, at)
    if sla is not None and sla.case != seen.id:
        raise InvalidValue("case_timeline.sla", sla.case, f"clocks of the case {seen.id}")
    return CaseTimeline(case=seen.id, subject=seen.subject, as_of=at, rows=_rows(seen.history, at), sla=sla)


def _instant(case: Case, sla: Sla | None, as_of: datetime | None) -> datetime:
    if sla is None:
        return case.changed_at if as_of is None else as_of
    if as_of is not None and moment(as_of) != moment(sla.as_of):
        raise InvalidValue("case_timeline.as_of", as_of, f"the instant of the clocks, {sla.as_of}")
    return sla.as_of


def _rows(history: tuple[Event, ...], as_of: datetime) -> tuple[CaseTimelineRow, ...]:
    stays = iter(stays_of([event for event in history if isinstance(event, StatusEntry)], as_of))
    rows, stay = [], next(stays)
    for place, event in enumerate(history):
        begins = isinstance(event, StatusEntry)
        stay = next(stays) if begins and place else stay
        rows.append(
            CaseTimelineRow(
                at=event.at,
                event=type(event).__name__,
                what=told(event),
                by=_by(event),
                status=stay.status,
                kind=stay.kind,
                lasted=stay.time if begins else None,
            )
        )
    return tuple(rows)


def _by(event: Event) -> str | None:
    """Who did it, where the event says so; who reopened a case is told in its words."""
    if isinstance(event, CaseReopened):
        return None
    found: str | None = getattr(getattr(event, "message", event), "by", None)
    return found


def _told(row: CaseTimelineRow) -> str:
    return row.what if row.by is None else f"{row.what}, by {row.by}"


def _title(timeline: CaseTimeline) -> str:
    named = timeline.case if timeline.subject is None else f"{timeline.case} ({timeline.subject})"
    return f"{named}, as of {minute(timeline.as_of, timeline.as_of)}"
