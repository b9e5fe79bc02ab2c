"""How the life of a case looks: a line for each event, and a bar for each clock below the bar of its statuses."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from relex._html import Bar, note, table
from relex._instants import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relex.service._clock import Clock, Occurrence
    from relex.service._timeline import CaseTimeline

__all__ = ["minute", "span", "timeline_html"]

_COLORS = {"open": "#5b8ac6", "waiting": "#e2c15a", "resolved": "#7db58c", "closed": "#c9ced6"}
_COUNTED, _HELD, _LATE = _COLORS["open"], _COLORS["waiting"], "#c8442f"
_LEGEND = (
    "Statuses: blue is open, yellow waiting, green resolved, grey closed. "
    "Clocks: blue counts, yellow is held, red is late, and the black mark is when it is due."
)

Part = tuple[datetime, datetime, str, str]
"""From when until when, in which color, and what it says."""


def timeline_html(title: str, timeline: CaseTimeline) -> str:
    """The whole as tables; instants are shown in the zone of the question."""
    rows = [
        (minute(row.at, timeline.as_of), row.what, row.by, _plain(row.status), _span_or_none(row.lasted))
        for row in timeline.rows
    ]
    found = table(title, ("when", "what", "by", "status", "stayed"), rows)
    if timeline.sla is None:
        return found
    state = _plain(timeline.sla.state or "no clock")
    return found + table(f"{timeline.sla.policy}: {state}", _HEAD, _bars(timeline, timeline.sla.clocks)) + note(_LEGEND)


_HEAD = ("clock", "state", "due", "used", "late by", "")


def span(length: timedelta) -> str:
    """A length of time in its two largest units."""
    minutes, seconds = divmod(length // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def _bars(timeline: CaseTimeline, clocks: tuple[Clock, ...]) -> Iterator[tuple[object, ...]]:
    as_of = timeline.as_of
    scale = (timeline.rows[0].at, _end(timeline, clocks))
    yield "statuses", "", "", "", "", _Strip(scale, _stays(timeline))
    for clock in clocks:
        for each in clock.occurrences:
            due = None if each.due_at is None else minute(each.due_at, as_of)
            late = None if each.late_by is None else span(each.late_by)
            cells = (_plain(each.state), due, span(each.used), late)
            yield f"{_plain(each.milestone)} {each.number}", *cells, _Strip(scale, _parts(each, as_of), each.due_at)
        if clock.present is None:
            yield _plain(clock.milestone), _plain(clock.reason or "not_started"), None, None, None, ""


def _span_or_none(length: timedelta | None) -> str | None:
    return span(length) if length else None


def _stays(timeline: CaseTimeline) -> list[Part]:
    begun = [row for row in timeline.rows if row.lasted is not None]
    ends = [*(row.at for row in begun[1:]), timeline.as_of]
    return [
        (row.at, end, _COLORS[row.kind], f"{_plain(row.status)} {span(row.lasted or timedelta(0))}")
        for row, end in zip(begun, ends, strict=True)
    ]


def _parts(each: Occurrence, as_of: datetime) -> list[Part]:
    """What counted, over it what was late, and over both what was held."""
    start, end = each.started_at, each.stopped_at or as_of
    found = [(start, end, _COUNTED, "counts")]
    if each.due_at is not None:
        found.append((each.due_at, end, _LATE, "late"))
    return [*found, *((hold.started_at, hold.ended_at or end, _HELD, "held") for hold in each.holds)]


def _end(timeline: CaseTimeline, clocks: Iterable[Clock]) -> datetime:
    """The last instant that is worth showing: of what has ended, nothing more comes after its last event."""
    last = timeline.rows[-1]
    dues = [each.due_at for clock in clocks for each in clock.occurrences if each.due_at is not None]
    return max([last.at if last.kind == "closed" else timeline.as_of, *dues], key=moment)


class _Strip(Bar):
    """A cell that shows stretches of time and perhaps a mark, from the first instant to the last."""

    __slots__ = ("mark", "parts", "scale")

    def __init__(self, scale: tuple[datetime, datetime], parts: list[Part], mark: datetime | None = None) -> None:
        self.scale, self.parts, self.mark = scale, parts, mark

    def __str__(self) -> str:
        bars = [
            _box(self._at(start), self._at(end) - self._at(start), f"background:{color}", says)
            for start, end, color, says in self.parts
            if moment(start) < min(moment(end), moment(self.scale[1]))
        ]
        if self.mark is not None:
            bars.append(_box(self._at(self.mark), 0, "border-left:2px solid #111", "due"))
        return f'<div style="position:relative;width:26em;height:1em;background:#f1f3f6">{"".join(bars)}</div>'

    def _at(self, at: datetime) -> int:
        """How far along, in hundredths of a percent."""
        start, end = map(moment, self.scale)
        return 10_000 * (min(moment(at), end) - start) // (end - start) if end > start else 0


def _box(left: int, width: int, style: str, says: str) -> str:
    place = f"position:absolute;top:0;height:100%;left:{left // 100}.{left % 100:02}%"
    wide = f"width:{width // 100}.{width % 100:02}%;min-width:1px;" if width else ""
    return f'<div title="{escape(says)}" style="{place};{wide}{style}"></div>'


def minute(at: datetime, like: datetime) -> str:
    """An instant to the minute, on the clock of another one, or on its own on a day that no calendar has there."""
    with suppress(OverflowError):
        at = at.astimezone(like.tzinfo)
    return at.replace(tzinfo=None).isoformat(" ", "minutes")


def _plain(name: str) -> str:
    return name.replace("_", " ")
