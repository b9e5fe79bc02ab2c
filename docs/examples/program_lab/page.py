"""One page of three designs: what each costs, who wins and loses, and why."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from program_lab.designs import WORTH
from program_lab.style import STYLE
from relex import Money
from relex.rules import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from program_lab.lab import Lab, Trial
    from relex.figures import Figure
    from relex.loyalty import MemberDifference, ProgramComparison

BINS = 41
WIDTH, HEIGHT, BOTTOM = 1000, 230, 34
OWED = "By the month of issue, if as much of it is redeemed as of the points that came to an end today."
MOST = 8
WORDS = {"cut": "cut by caps", "expired": "expired points"}
SIGNS = {-1: "loss", 0: "same", 1: "gain"}


def page(lab: Lab) -> str:
    """The page, with nothing in it that is loaded from elsewhere."""
    seen = lab.seen
    parts = [
        "<header><h1>Three designs of one program</h1><p>",
        f"{seen['lines']:,} lines in {seen['purchases']:,} baskets of {seen['households']:,} households in 2017, ",
        f"each judged by every rule of every design. A point is worth {WORTH}. Each coupon of a campaign stands for ",
        "a wish to redeem 500 points; where the balance does not cover it, nothing is redeemed.</p></header>",
        section("What each design gives", "", designs(lab)),
        section("The rules", "", *[rules(trial) for trial in lab.trials]),
    ]
    for trial, change in lab.changes():
        parts.append(section(f"From today to “{trial.name}”", lead(change), *changed(change)))
    parts.append(section("What is owed at the end of the year", OWED, *[owed(lab, trial) for trial in lab.trials]))
    head = f'<meta charset="utf-8"><title>Program lab</title><style>{STYLE}</style>'
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return f'<!doctype html><html lang="en"><head>{head}{viewport}</head><body>{"".join(parts)}</body></html>\n'


def section(title: str, words: str, *parts: str) -> str:
    """A part of the page."""
    said = f"<p>{escape(words)}</p>" if words else ""
    return f"<section><h2>{escape(title)}</h2>{said}{''.join(parts)}</section>"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under a head; all but the first column are numbers."""
    titles = "".join([f"<th>{escape(title)}</th>" for title in head])
    body = "".join([f"<tr>{''.join([f'<td>{cell(value)}</td>' for value in row])}</tr>" for row in rows])
    return f"<div class=scroll><table class=plain><tr>{titles}</tr>{body}</table></div>"


def cell(value: object) -> str:
    """A number or an amount with its thousands apart, or words."""
    if isinstance(value, Money):
        return f"{value.amount:,} {value.currency}"
    return escape(f"{value:,}" if isinstance(value, int) else str(value))


def share(figure: Figure) -> str:
    """A share in percent, or a dash."""
    return "–" if figure.value is None else f"{figure.as_percent().show(1)} %"


def designs(lab: Lab) -> str:
    """The designs side by side."""
    years = [trial.year for trial in lab.trials]
    rows: list[tuple[object, ...]] = [
        (WORDS.get(name, name), *[year.total(name) for year in years])
        for name in ("earned", "cut", "redeemed", "expired", "outstanding")
    ]
    rows.append(("cost (redeemed and outstanding)", *[year.cost().value for year in years]))
    rows.append(("redeemed, of all points", *[share(year.redemption_rate()) for year in years]))
    rows.append(("expired, of all points", *[share(year.breakage()) for year in years]))
    rows.append(("wishes to redeem not covered", *[len(year.shortfalls) for year in years]))
    names = dict.fromkeys([row.tier for year in years for row in year.tiers()])
    for name in names:
        counts = [sum([row.members for row in year.tiers() if row.tier == name]) for year in years]
        rows.append((f"members in {name or 'no tier'} at the end", *counts))
    rows.append(("liability at the end of the year", *[lab.liability(trial).total for trial in lab.trials]))
    return table(("", *[trial.name for trial in lab.trials]), rows)


def rules(trial: Trial) -> str:
    """What the rules of a design say, and what they gave."""
    program, given = trial.year.program, trial.year.rules()
    named = [(rule.id, "always" if rule.when is None else describe(rule.when)) for rule in program.rules]
    named += [(f"tier:{tier.id}", f"the bonus of the tier {tier.id}") for tier in program.tiers if tier.multiplier != 1]
    rows = "".join(
        [
            f"<tr><td>{escape(name)}</td><td>{escape(when)}</td><td class=number>{given.get(name, 0):,}</td></tr>"
            for name, when in sorted(named, key=lambda row: -given.get(row[0], 0))
        ]
    )
    head = "<tr><th>rule</th><th>when</th><th class=number>points</th></tr>"
    summary = f"<summary><b>{escape(trial.name)}</b> {escape(trial.words)}</summary>"
    return f"<details>{summary}<div class=scroll><table class=words>{head}{rows}</table></div></details>"


def lead(change: ProgramComparison) -> str:
    """The outcome in a sentence."""
    won, lost = share(change.winning()), share(change.losing())
    costs = f"the cost goes from {cell(change.before.cost().value)} to {cell(change.after.cost().value)}"
    return f"{won} of the households win, {lost} lose, by the points that they redeemed or still have; {costs}."


def changed(change: ProgramComparison) -> list[str]:
    """What makes the difference: over all members, by rule, by tier, and for those who lose most."""
    return [
        "<h3>How much each household wins or loses</h3>",
        spread(change),
        "<h3>What makes the difference</h3>",
        bars(reasons(change)),
        "<h3>Tiers at the end, today by row</h3>",
        moves(change),
        "<h3>The five who lose most</h3>",
        "".join([person(member) for member in change.losers()]) or "<p>Nobody loses.</p>",
    ]


def reasons(change: ProgramComparison) -> dict[str, int]:
    """The parts of the difference, over all members."""
    found: dict[str, int] = {}
    for member in change.members:
        for name, points in member.parts().items():
            found[name] = found.get(name, 0) + points
    return dict(sorted(found.items(), key=lambda part: -abs(part[1])))


def spread(change: ProgramComparison) -> str:
    """How many households win or lose how much, as bars over a scale of points."""
    points = sorted([member.difference for member in change.members])
    most = max(1, abs(points[len(points) // 50]), abs(points[-1 - len(points) // 50]))
    step = -(-2 * most // (BINS - 1))
    counts = [0] * BINS
    for each in points:
        counts[min(BINS - 1, max(0, (each + step // 2) // step + BINS // 2))] += 1
    top, wide = max(counts), WIDTH / BINS
    drawn = []
    for place, count in enumerate(counts):
        middle = (place - BINS // 2) * step
        tall = (HEIGHT - BOTTOM - 16) * count / top
        sign = (middle > 0) - (middle < 0)
        title = f"<title>{count:,} households at about {middle:+,} points</title>"
        box = f'x="{place * wide + 1:.1f}" y="{HEIGHT - BOTTOM - tall:.1f}" width="{wide - 2:.1f}" height="{tall:.1f}"'
        drawn.append(f'<rect class="{SIGNS[sign]}" {box}>{title}</rect>')
        if place % 5 == 0:
            drawn.append(label(place, scale(place, middle)))
    drawn.append(f'<line class="level" x1="0" x2="{WIDTH}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/>')
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="100%"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">{"".join(drawn)}</svg>'


def scale(place: int, middle: int) -> str:
    """A number below the bars; the first and the last stand for all that lies beyond."""
    return {0: f"≤ {middle:,}", BINS - 1: f"≥ {middle:+,}"}.get(place, f"{middle:+,}" if middle else "0")


def label(place: int, words: str) -> str:
    """Words below a bar, kept inside the picture; every other one is left out where there is little room."""
    anchor, x = {0: ("start", 0.0), BINS - 1: ("end", float(WIDTH))}.get(
        place, ("middle", (place + 0.5) * WIDTH / BINS)
    )
    kind = "axis less" if place % 10 else "axis"
    return f'<text class="{kind}" text-anchor="{anchor}" x="{x:.1f}" y="{HEIGHT - 8}">{escape(words)}</text>'


def bars(parts: dict[str, int]) -> str:
    """Each part with a bar to the left for a loss and to the right for a gain."""
    most = max([abs(points) for points in parts.values()], default=1)
    rows = []
    for name, points in parts.items():
        wide = abs(points) / most * 50
        left = 50 if points > 0 else 50 - wide
        kind = SIGNS[(points > 0) - (points < 0)]
        bar = f'<div class="bar {kind}" style="margin-left:{left:.1f}%;width:{wide:.1f}%"></div>'
        rows.append(
            f"<tr><td>{escape(worded(name))}</td><td class=number>{points:+,}</td><td class=wide>{bar}</td></tr>"
        )
    return f"<div class=scroll><table class=words>{''.join(rows)}</table></div>"


def largest(parts: dict[str, int]) -> dict[str, int]:
    """The largest parts; what is left of them stands together."""
    found = dict(list(parts.items())[:MOST])
    rest = sum(parts.values()) - sum(found.values())
    return found | {"all others": rest} if rest else found


def worded(name: str) -> str:
    """A part of a difference as people call it."""
    kind, _, rest = name.partition(":")
    if kind != "rule":
        return WORDS.get(name, name)
    return f"bonus of {rest[5:]}" if rest.startswith("tier:") else f"rule {rest}"


def moves(change: ProgramComparison) -> str:
    """From which tier to which, as a matrix."""
    counts = {(one, other): count for one, other, count in change.tiers()}
    rows = list(dict.fromkeys([one for one, _, _ in change.tiers()]))
    order = [row.tier for row in change.after.tiers()]
    columns = [tier for tier in order if any(other == tier for _, other in counts)]
    body = [(one or "none", *[counts.get((one, other), 0) for other in columns]) for one in rows]
    return table(("today", *[tier or "none" for tier in columns]), body)


def person(member: MemberDifference) -> str:
    """One household: how much it loses, and what took it."""
    took, gave = [], []
    for name, points in member.parts().items():
        (took if points < 0 else gave).append(f"{worded(name)} ({points:+,})")
    words = [f"{member.before:,} points today, {member.after:,} then"]
    if took:
        words.append(f"taken by {', '.join(took[:4])}")
    if gave:
        words.append(f"given by {', '.join(gave[:3])}")
    if member.cut:
        words.append(f"without the caps the rules would have given {member.cut:,} more")
    if member.tier_before != member.tier_after:
        words.append(f"tier {member.tier_before or 'none'} becomes {member.tier_after or 'none'}")
    head = f"<b>Household {escape(member.account)}</b> <span class=loss-text>{member.difference:+,}</span>"
    return f"<div class=person><p>{head}<br>{escape('; '.join(words))}.</p>{bars(largest(member.parts()))}</div>"


def owed(lab: Lab, trial: Trial) -> str:
    """The liability of a design by month of issue."""
    found = lab.liability(trial)
    rate = share(lab.rate)
    rows = [(f"{month.month:%B %Y}", month.points, month.amount) for month in found.months if month.points]
    total = f"<p><b>{escape(trial.name)}</b>: {cell(found.total)} at an expected redemption of {rate}.</p>"
    return f"<div class=owed>{total}{table(('issued', 'points', 'amount'), rows)}</div>"
