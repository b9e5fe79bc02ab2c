"""One page for the desk: forecast, movements, funnel, board, commissions, and what the import could not read."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from sales_desk.company import CURRENCY, PIPELINE, TEAM, TERRITORIES
from sales_desk.desk import worth
from sales_desk.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex import Money
    from relex.pipeline import Attainment, CommissionStatement, HealthFlag, Opportunity, Stage
    from sales_desk.desk import Desk

WORDS = {
    "stale": "stale, {} days over",
    "going_stale": "rests for {} days",
    "overdue": "overdue by {} days",
    "next_step_overdue": "next step late by {} days",
    "pushed": "pushed {} times",
    "no_next_step": "no next step",
    "no_close_date": "no date",
    "no_amount": "no amount",
    "no_owner": "no owner",
}


def page(desk: Desk) -> str:
    """The page, with nothing in it that is loaded from elsewhere."""
    quarter = desk.view.question.period
    parts = [
        "<header><h1>Sales desk</h1>",
        f"<p>The quarter from {quarter.start:%d %B %Y}, as of {desk.as_of:%d %B %Y, %H:%M}. Amounts in {CURRENCY}.</p>",
        f"</header>{tiles(desk)}",
        section("Forecast", f"<div class=beside>{team(desk)}{places(desk)}</div>"),
        section(f"What moved since {desk.bridge.since:%d %B}", bridge(desk)),
        section("Funnel", funnel(desk)),
        section("Board", board(desk)),
        section("Commissions", commissions(desk)),
        section("What was not read", refused(desk)),
    ]
    head = f'<meta charset="utf-8"><title>Sales desk</title><style>{STYLE}</style>'
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return f'<!doctype html><html lang="en"><head>{head}{viewport}</head><body>{"".join(parts)}</body></html>\n'


def section(title: str, *parts: str) -> str:
    """A part of the page."""
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def money(amount: Money | Decimal | None) -> str:
    """An amount without its cents."""
    if amount is None:
        return "–"
    number = amount if isinstance(amount, Decimal) else amount.amount
    return f"{number:,.0f}".replace("-", "−")


def table(head: Iterable[str], rows: Iterable[Iterable[object]], *, numbers: int = 0) -> str:
    """A plain table; the last so many columns are numbers."""
    titles = list(head)
    first = len(titles) - numbers

    def line(cells: Iterable[object], tag: str) -> str:
        texts = [cell if isinstance(cell, Html) else escape(str(cell)) for cell in cells]
        kinds = [" class=number" if place >= first else "" for place in range(len(texts))]
        found = [f"<{tag}{kind}>{text}</{tag}>" for kind, text in zip(kinds, texts, strict=True)]
        return f"<tr>{''.join(found)}</tr>"

    return f"<div class=scroll><table>{line(titles, 'th')}{''.join(line(row, 'td') for row in rows)}</table></div>"


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tiles(desk: Desk) -> str:
    """The figures that one looks at first."""
    view, (by_count, _, velocity) = desk.view, desk.rates
    shown = [
        ("closed", money(view.amount("closed").value), "won in the quarter"),
        ("commit", money(view.amount("commit_forecast").value), "closed, and open deals in commit"),
        ("weighted", money(view.weighted().value), "by probability"),
        ("open", money(view.amount("open_pipeline").value), f"{len(view.overdue)} deals overdue"),
        ("win rate", f"{by_count.as_percent().show(0)} %", f"{by_count.numerator} of {by_count.denominator} closed"),
        ("velocity", "–" if velocity.value is None else f"{round(velocity.value):,}", f"{CURRENCY} a day"),
    ]
    cells = [
        f"<div><b>{escape(value)}</b><span>{name}</span><i>{escape(note)}</i></div>" for name, value, note in shown
    ]
    return f"<div class=tiles>{''.join(cells)}</div>"


def team(desk: Desk) -> str:
    """What each person brings in, from the top down, with the quota of sellers."""
    attained = {each.subject: each for each in desk.attained}
    rows = []
    for row in desk.view.rows("commit_forecast"):
        own = desk.view.under(row.subject)
        depth = TEAM.depth(row.subject)
        name = Html(f"<span style='padding-left:{1.2 * depth}rem'>{escape(row.subject)}</span>")
        sums = [money(own.amount(column).value) for column in ("closed", "commit_forecast", "best_case_forecast")]
        rows.append((name, quota(attained.get(row.subject)), *sums, money(own.amount("open_pipeline").value)))
    return table(("", "quota", "closed", "commit", "best case", "open"), rows, numbers=4)


def quota(found: Attainment | None) -> Html:
    """A bar for what is won of the quota, with a mark where one should be."""
    if found is None or found.attained.value is None:
        return Html("")
    share, pace = float(found.attained.value), float(found.pace)
    bar = f"<div class='bar {found.status}'>"
    inner = f"<i style='width:{min(share, 1) * 100:.0f}%'></i><u style='left:{pace * 100:.0f}%'></u></div>"
    return Html(f"{bar}{inner}<small>{share * 100:.0f} %</small>")


def places(desk: Desk) -> str:
    """The same by territory."""
    rows = []
    for place in desk.places.groups:
        group = desk.places.group(place)
        sums = [money(group.amount(column).value) for column in ("closed", "commit_forecast", "open_pipeline")]
        rows.append((TERRITORIES.territory(place).name if place else "no territory", *sums))
    return table(("territory", "closed", "commit", "open"), rows, numbers=3)


def bridge(desk: Desk) -> str:
    """A bar for each kind of movement, where it begins and ends between before and after."""
    found = desk.bridge
    before, after = (Decimal(sum(worth(each) for each in side)) for side in (found.before, found.after))
    steps, at = [("before", Decimal(0), before, "whole", "")], before
    for kind in dict.fromkeys(line.kind for line in found.lines):
        difference = sum((worth(each) for each in found.amounts(kind)), Decimal(0))
        names = ", ".join(line.deal for line in found.of(kind))
        steps.append((kind.replace("_", " "), at, at + difference, "up" if difference > 0 else "down", names))
        at += difference
    steps.append(("after", Decimal(0), after, "whole", ""))
    most = max(max(low, high) for _, low, high, *_ in steps) or Decimal(1)
    rows = []
    for name, low, high, kind, deals in steps:
        left, width = min(low, high) / most * 100, abs(high - low) / most * 100
        bar = Html(f"<div class='step {kind}' style='margin-left:{left:.2f}%;width:{width:.2f}%'></div>")
        shown = money(high) if kind == "whole" else f"{'+' if high > low else ''}{money(high - low)}"
        rows.append((name, bar, deals, shown))
    return f"<div class=bridge>{table(('', '', 'deals', ''), rows, numbers=1)}</div>"


def funnel(desk: Desk) -> str:
    """A bar for each step, with the share that went on."""
    steps = desk.funnel.steps
    most = max(step.count for step in steps) or 1
    rows = []
    for step in steps:
        bar = Html(f"<div class='step whole' style='margin:auto;width:{step.count / most * 100:.1f}%'></div>")
        shares = [
            "–" if share is None or share.value is None else f"{share.as_percent().show(0)} %"
            for share in (step.step, step.overall)
        ]
        rows.append((step.name.capitalize(), bar, step.count, *shares))
    return f"<div class=funnel>{table(('', '', 'deals', 'of the step before', 'of all'), rows, numbers=3)}</div>"


def board(desk: Desk) -> str:
    """A column for each stage, with a card for each deal."""
    note = "<p>Won and lost: those of the quarter. A red edge asks for action today, a yellow one for a look.</p>"
    return f"{note}<div class=board>{''.join(column(desk, stage) for stage in PIPELINE.stages)}</div>"


def column(desk: Desk, stage: Stage) -> str:
    """One stage."""
    deals = desk.in_stage(stage.id)
    total = sum((worth(deal.amount) for deal in deals), Decimal(0))
    title = f"<h3>{escape(str(stage))} <small>{stage.probability} %</small></h3>"
    sums = f"<p>{len(deals)} deals, {money(total)}</p>"
    return f"<div class='column {stage.kind}'>{title}{sums}{''.join(card(desk, deal) for deal in deals)}</div>"


def card(desk: Desk, deal: Opportunity) -> str:
    """One deal with its marks."""
    flags = desk.health[deal.id].flags if deal.kind == "open" else ()
    worst = flags[0].severity if flags else "fine"
    account = desk.names.get(deal.customer or "", "account not known")
    amount = "no amount" if deal.amount is None else f"{money(deal.amount)} {deal.amount.currency}"
    if deal.closed_at is not None:
        when = f"closed {deal.closed_at:%d %b}" + (f", {deal.lost_reason}" if deal.lost_reason else "")
    else:
        when = "" if deal.expected_close is None else f"due {deal.expected_close:%d %b}"
    step = f"<em>next: {escape(deal.next_step.text)}, {deal.next_step.due:%d %b}</em>" if deal.next_step else ""
    return (
        f"<article class={worst}><b>{escape(account)}</b><span class=amount>{escape(amount)}</span>"
        f"<span>{escape(deal.name or '')} <small>{escape(deal.id)}</small></span>"
        f"<span>{escape(deal.owner or 'nobody')} · {escape(when)}</span>"
        f"{step if deal.kind == 'open' else ''}<div>{''.join(map(mark, flags))}</div></article>"
    )


def mark(flag: HealthFlag) -> str:
    """A flag in words."""
    words = WORDS.get(flag.code, flag.code).format(flag.value)
    return f"<mark class={flag.severity}>{escape(words)}</mark>"


def commissions(desk: Desk) -> str:
    """A line for each statement, and the statements themselves."""
    rows = []
    for each in desk.paid:
        sums = (each.earned, each.payable, each.settlement.closing)
        shown = [f"{value.amount:,.2f}".replace("-", "−") for value in sums]
        rows.append((each.payee, f"{each.period.start:%B %Y}", len(each.lines), *shown))
    head = ("seller", "quarter from", "credits", "earned", "payable", "carried over")
    return table(head, rows, numbers=4) + "".join(map(details, desk.paid))


def details(each: CommissionStatement) -> str:
    """A statement that opens at a click."""
    return f"<details><summary>{escape(str(each))}</summary>{each._repr_html_()}</details>"


def refused(desk: Desk) -> str:
    """Every row that was refused, and what nobody knows."""
    found = desk.imported
    rows = sorted(found.refused, key=lambda row: int(row.row["line"]))
    lines = [(row.row["line"], row.row["deal_no"], "; ".join(map(str, row.problems))) for row in rows]
    aside = [(each.field, each.value) for each in found.set_aside]
    note = f"<p>{escape(str(found))}.</p>"
    return note + table(("line", "deal", "why it was refused"), lines) + table(("set aside", "value"), aside)
