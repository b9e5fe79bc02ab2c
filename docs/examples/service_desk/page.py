"""One page for the desk: backlog over time, promises, times, ages, the queue, one case, the life cycle, bad rows."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from relex.figures import Figure
from service_desk import chart
from service_desk.company import FLOW, LEVELS, ZONE
from service_desk.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from relex.service import QueuePlace
    from service_desk.desk import Desk

MILESTONES = ("first_response", "next_response", "resolution")
SHOWN = 14


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def page(desk: Desk) -> str:
    """The page, with nothing in it that is loaded from elsewhere."""
    parts = [
        f"<header><h1>Service desk</h1><p>{len(desk.cases):,} cases, as of {when(desk.as_of)} ({ZONE.key}).</p>",
        f"</header>{tiles(desk)}",
        section("Backlog", backlog(desk)),
        section("Promises", promises(desk)),
        section("How long it takes", times(desk)),
        f"<div class=halves>{section('How old the backlog is', ages(desk))}{section('Who has it', loads(desk))}</div>",
        section("Calls", calls(desk)),
        section("What is next", queue(desk)),
        section("Who is to be told now", escalations(desk)),
        section("One case", life(desk)),
        section("Life cycle", cycle()),
        section("What was not read", refused(desk)),
    ]
    head = f'<meta charset="utf-8"><title>Service desk</title><style>{STYLE}</style>'
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return f'<!doctype html><html lang="en"><head>{head}{viewport}</head><body>{"".join(parts)}</body></html>\n'


def section(title: str, *parts: str) -> str:
    """A part of the page."""
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def table(head: Iterable[str], rows: Iterable[Iterable[object]], *, numbers: int = 0) -> str:
    """A plain table; the last so many columns are numbers."""
    titles = list(head)
    first = len(titles) - numbers

    def line(cells: Iterable[object], tag: str) -> str:
        texts = [cell if isinstance(cell, Html) else escape(shown(cell)) for cell in cells]
        kinds = [" class=number" if place >= first else "" for place in range(len(texts))]
        found = [f"<{tag}{kind}>{text}</{tag}>" for kind, text in zip(kinds, texts, strict=True)]
        return f"<tr>{''.join(found)}</tr>"

    return f"<div class=scroll><table>{line(titles, 'th')}{''.join(line(row, 'td') for row in rows)}</table></div>"


def shown(cell: object) -> str:
    """A figure as people read it, anything else as it is."""
    if cell is None:
        return "–"
    if not isinstance(cell, Figure):
        return str(cell)
    if cell.value is None:
        return "–"
    if cell.unit == "seconds":
        return span(Fraction(cell.value))  # type: ignore[arg-type]  # a time is no money
    return f"{cell.as_percent().show(1)} %" if cell.unit == "share" else cell.show()


def span(seconds: Fraction) -> str:
    """A length of time in its two largest units."""
    if seconds < 120:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours < 100 else f"{hours // 24} d {hours % 24} h"


def whole(count: object) -> int:
    """A count of a figure; 0 where there is none."""
    return count if isinstance(count, int) else 0


def length(time: timedelta | None) -> str:
    """The same of a duration."""
    return "–" if time is None else span(Fraction(time.days * 86_400 + time.seconds))


def when(at: datetime | None) -> str:
    """An instant on the clock of the office."""
    return "–" if at is None else f"{at.astimezone(ZONE):%d %b %Y, %H:%M}"


def tiles(desk: Desk) -> str:
    """The figures that one looks at first."""
    report, late = desk.report, sum(place.why == "overdue" for place in desk.queue.places)
    held = sum(place.why == "paused" for place in desk.queue.places)
    found = [
        (len(desk.open), "open now", f"{late} overdue, {held} paused"),
        (report.figure("sla_rate.first_response"), "answered in time", "first response, of all decided"),
        (report.figure("sla_rate.resolution"), "solved in time", "of all decided"),
        (report.figure("first_response_time.median"), "first response", "median, in office hours"),
        (report.figure("first_contact_resolution.share"), "solved at first contact", "one reply, not reopened"),
        (report.figure("reopen_rate.share"), "reopened", "of all that were solved"),
    ]
    cells = [f"<div><b>{escape(shown(value))}</b><span>{name}</span><i>{note}</i></div>" for value, name, note in found]
    return f"<div class=tiles>{''.join(cells)}</div>"


def backlog(desk: Desk) -> str:
    """The backlog at the end of each day, and what came and left in each week."""
    days = desk.by_day.series("backlog.cases")
    weeks = [
        (week, whole(figure.part("opened")) + whole(figure.part("reopened")), whole(figure.part("left")))
        for week, figure in desk.by_week.series("backlog.cases")
    ]
    if not days:
        return "<p>No case was open by then.</p>"
    curve = chart.over_time([day for day, _ in days], [whole(figure.value) for _, figure in days])
    legend = "<p><span class=came>opened and reopened</span><span class=left>solved or closed</span></p>"
    note = "<p>Cases that are open or wait for somebody, at the end of each day.</p>"
    return f"{note}{curve}<h3>What came, and what left, week by week</h3>{legend}{chart.in_and_out(weeks)}"


def promises(desk: Desk) -> str:
    """Met and missed for each milestone and priority."""
    rows = []
    for milestone in MILESTONES:
        for level in (None, *LEVELS):
            figure = rate(desk, milestone, level)
            if figure is None:
                continue
            counts = [whole(figure.part(state)) for state in ("met", "missed", "overdue")]
            name = Html(f"<b>{milestone.replace('_', ' ')}</b>") if level is None else level
            running = f"{figure.part('running')} run, {figure.part('paused')} held"
            rows.append((name, stack(counts), running, *counts, figure))
    note = "<p>Green was kept, yellow came too late, red is late and still open. What is canceled counts nowhere.</p>"
    return note + table(("", "", "still open", "met", "missed", "overdue", "kept"), rows, numbers=4)


def rate(desk: Desk, milestone: str, level: str | None) -> Figure | None:
    """The share of promises that were kept; None for a priority that no case has."""
    groups = desk.report.groups
    if level is not None and (level,) not in groups:
        return None
    return desk.report.figure(f"sla_rate.{milestone}", None if level is None else (level,))


def stack(counts: list[int]) -> Html:
    """A bar of parts that add up to all of it."""
    total = sum(counts) or 1
    kinds = ("met", "missed", "overdue")
    parts = "".join(
        f"<i class={kind} style='width:{count / total * 100:.1f}%'></i>"
        for kind, count in zip(kinds, counts, strict=True)
    )
    return Html(f"<div class=bar>{parts}</div>")


def times(desk: Desk) -> str:
    """Mean, median and the slowest tenth, by priority."""
    rows = []
    for level in (None, *[level for level in LEVELS if (level,) in desk.report.groups]):
        group = None if level is None else (level,)
        cells = [
            desk.report.figure(f"{metric}.{column}", group)
            for metric in ("first_response_time", "response_time", "time_to_resolve")
            for column in ("median", "p90")
        ]
        rows.append(("all" if level is None else level, *cells))
    titles = ("first response", "slowest tenth", "any response", "slowest tenth", "solved", "slowest tenth")
    note = "<p>In office hours; the time in which a case waited for somebody else is not counted in the solution.</p>"
    return note + table(("", *titles), rows, numbers=len(titles))


def ages(desk: Desk) -> str:
    """A bar for each band of ages."""
    bands = desk.ages.columns[3:]
    counts = {}
    for name in bands:
        if name.startswith("backlog_age."):
            counts[name.partition(".")[2]] = whole(desk.ages.figure(name).value)
    oldest = desk.ages.figure("backlog_age.oldest")
    return f"<p>The oldest is {escape(shown(oldest))} old.</p>" + bars("age", counts)


def loads(desk: Desk) -> str:
    """A bar for each person who has cases."""
    counts = {}
    for group in desk.loads.groups:
        team, owner = group
        found = desk.loads.figure("backlog.cases", group)
        counts[f"{owner or 'nobody yet'}, {team or 'no team'}"] = whole(found.value)
    mean = desk.ages.figure("owner_load.mean")
    return f"<p>{escape(shown(mean))} cases each.</p>" + bars("who", dict(sorted(counts.items())))


def bars(title: str, counts: dict[str, int]) -> str:
    """A bar for each number."""
    most = max(counts.values(), default=0) or 1
    rows = [
        (name, Html(f"<div class=bar><i class=plain style='width:{count / most * 100:.0f}%'></i></div>"), count)
        for name, count in counts.items()
    ]
    return table((title, "", "cases"), rows, numbers=1)


def calls(desk: Desk) -> str:
    """How fast calls were answered, by month."""
    report = desk.calls
    if report is None:
        return "<p>No calls were given.</p>"
    rows = []
    for row in report.rows:
        level, speed, _, _, lost, handling, *_ = row.figures
        name = Html("<b>all</b>") if row.bucket is None else f"{row.bucket:%B %Y}"
        rows.append((name, level.denominator, level, speed, lost, handling))
    head = ("", "offered", "answered within 20 s", "mean speed of answer", "gave up", "mean handling")
    note = "<p>Who gave up within 5 seconds is not counted among those who gave up. The month is that of the call.</p>"
    return note + table(head, rows, numbers=5)


def queue(desk: Desk) -> str:
    """The first places of the queue."""
    rows = []
    for place in desk.queue.places[:SHOWN]:
        case = desk.open[place.case]
        milestone = (place.milestone or "").replace("_", " ")
        late = length(place.late_by) if place.why == "overdue" else None
        rows.append(
            (
                *(place.place, case.id, mark(place), milestone, when(place.due_at), late, case.priority),
                *(case.subject, case.owner or "nobody yet"),
            )
        )
    more = len(desk.queue) - len(rows)
    head = ("", "case", "", "promise", "due", "late by", "priority", "subject", "owner")
    return table(head, rows) + (f"<p>And {more} more.</p>" if more > 0 else "")


def mark(place: QueuePlace) -> Html:
    """Why a case stands where it stands."""
    kind = {"overdue": "overdue", "due": "soon"}.get(place.why, "calm")
    return Html(f"<mark class={kind}>{escape(place.why.replace('_', ' '))}</mark>")


def escalations(desk: Desk) -> str:
    """One line for each escalation that is due."""
    if not desk.due:
        return "<p>Nobody.</p>"
    rows = [
        (
            due.case,
            due.rule,
            ", ".join(str(each).replace("_", " ") for each in due.occurrences),
            ", ".join(due.notify),
            when(due.since),
        )
        for due in desk.due
    ]
    return table(("case", "rule", "what is late", "tell", "since"), rows)


def life(desk: Desk) -> str:
    """What happened to one case, with its clocks."""
    return "<p>No case was closed yet.</p>" if desk.timeline is None else desk.timeline._repr_html_()


def cycle() -> str:
    """The statuses, drawn and as Mermaid."""
    mermaid = f"<details><summary>As Mermaid</summary><pre>{escape(FLOW.to_mermaid())}</pre></details>"
    return chart.life_cycle(FLOW) + mermaid


def refused(desk: Desk) -> str:
    """Every row that was refused, and what nobody knows."""
    found = desk.imported
    rows = [(row.number, "; ".join(map(str, row.problems))) for row in found.refused[:SHOWN]]
    aside = [(each.row, each.field, each.value) for each in found.set_aside[:SHOWN]]
    more = len(found.refused) + len(found.set_aside) - len(rows) - len(aside)
    note = f"<p>{escape(str(found))}.</p>"
    last = f"<p>And {more} more.</p>" if more else ""
    return note + table(("row", "why it was refused"), rows) + table(("row", "set aside", "value"), aside) + last
