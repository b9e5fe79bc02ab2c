"""One page of what customers say: trend, drivers, topics, accounts, money, follow-ups."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Protocol

from relex.figures import Figure
from voice_of_customer.company import LOSS, ZONE
from voice_of_customer.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relex.feedback import TrendPoint
    from voice_of_customer.voice import Voice

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1000, 260, 44, 16, 16, 26
RATES = ("RR2", "RR6", "COOP4", "REF1", "CON1")


class Shows(Protocol):
    """What has a table of its own."""

    def _repr_html_(self) -> str: ...


def page(voice: Voice) -> str:
    """The page, with nothing in it that is loaded from elsewhere."""
    parts = [
        f"<header><h1>Voice of the customer</h1><p>{len(voice.responses):,} responses, as of ",
        f"{voice.as_of.astimezone(ZONE):%d %B %Y} ({ZONE.key}).</p></header>{tiles(voice)}",
        section(
            "NPS by month", "The band is the 95 % interval of each month; it tells how much is chance.", trend(voice)
        ),
        section("NPS of all responses", "", own(voice.reading)),
        section("What goes with it", "An association in these answers; nothing here is a cause.", own(voice.drivers)),
        section("What they write about", "", own(voice.topics)),
        section(
            "Who answers", "Each rate by its name, with what it was divided by.", rates(voice), own(voice.drop_off)
        ),
        section("Revenue by what accounts say", "", own(voice.revenue), own(voice.risk), worth(voice)),
        section("Follow-ups", "One case for each signal; overdue first.", own(voice.board), loop(voice), due(voice)),
        section("What many say", "At least three responses of the last quarter.", own(voice.proposals)),
    ]
    head = f'<meta charset="utf-8"><title>Voice of the customer</title><style>{STYLE}</style>'
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return f'<!doctype html><html lang="en"><head>{head}{viewport}</head><body>{"".join(parts)}</body></html>\n'


def section(title: str, words: str, *parts: str) -> str:
    """A part of the page."""
    said = f"<p>{escape(words)}</p>" if words else ""
    return f"<section><h2>{escape(title)}</h2>{said}{''.join(parts)}</section>"


def own(value: Shows) -> str:
    """The table that a value shows in a notebook."""
    return f"<div class=scroll>{value._repr_html_()}</div>"


def tiles(voice: Voice) -> str:
    """The numbers that are asked for first."""
    last = next(point for point in reversed(voice.trend.points) if point.is_complete and point.reading.n)
    within, risk = last.reading.interval(), voice.risk.total
    losses = ", ".join([f"{name} {part:.0%}" for name, part in LOSS.items()])
    found = [
        (voice.reading.show(), "NPS", f"{voice.reading.n} scores, all year"),
        (last.reading.show(), "NPS, last month", f"{within.low:.0f} to {within.high:.0f}, {last.reading.n} scores"),
        (share(voice.rates.rate("RR6")), "responded", "RR6: complete and partial, of all who are eligible"),
        (f"{risk.amount:,.0f} {risk.currency}", "at risk", losses),
        (share(voice.loop.rate), "contacted in time", "within 16 office hours"),
    ]
    told = [f"<div><b>{escape(a)}</b><span>{escape(b)}</span><i>{escape(c)}</i></div>" for a, b, c in found]
    return f"<div class=tiles>{''.join(told)}</div>"


def share(figure: Figure) -> str:
    """A share in percent, or a dash."""
    if figure.value is None:
        return "–"
    return f"{(figure if figure.unit == 'percent' else figure.as_percent()).show(1)} %"


def rates(voice: Voice) -> str:
    """The response rates that a report names."""
    rows = [(name, share(voice.rates.rate(name)), terms(voice.rates.rate(name))) for name in RATES]
    cells = "".join(f"<tr><td>{a}</td><td class=number>{b}</td><td>{c}</td></tr>" for a, b, c in rows)
    return f"<div class=scroll><table class=plain>{cells}</table></div>"


def terms(figure: Figure) -> str:
    """What was divided by what."""
    return f"{Figure(figure.numerator or 0).show(0)} of {Figure(figure.denominator or 0).show(0)}"


def worth(voice: Voice) -> str:
    """What a point goes with, in a sentence."""
    return f"<p>{escape(str(voice.worth))}. Revenue in the half year after the first answer of an account.</p>"


def loop(voice: Voice) -> str:
    """How fast customers were contacted, in a sentence."""
    return f"<p>{escape(str(voice.loop))}, against a target of 16 office hours.</p>"


def due(voice: Voice) -> str:
    """Whom to tell now."""
    told = [f"<li>{escape(each.case)}: tell {escape(', '.join(each.notify))}</li>" for each in voice.due]
    return f"<h3>To be told now</h3><ul>{''.join(told) or '<li>nobody</li>'}</ul>"


def trend(voice: Voice) -> str:
    """The readings as a line within their intervals, on a scale from -100 to 100 cut to what there is."""
    points = [point for point in voice.trend.points if point.reading.n and point.period is not None]
    bounds = [point.reading.interval() for point in points]
    low = min(float(bound.low or 0) for bound in bounds) // 20 * 20
    high = -(-max(float(bound.high or 0) for bound in bounds) // 20) * 20
    up: Callable[[float], float] = lambda value: TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)  # noqa: E731 - a formula
    across: Callable[[int], float] = lambda place: LEFT + (WIDTH - LEFT - RIGHT) * place / max(len(points) - 1, 1)  # noqa: E731 - a formula
    band = [(across(place), up(float(bound.high or 0))) for place, bound in enumerate(bounds)]
    band += [(across(place), up(float(bound.low or 0))) for place, bound in reversed(list(enumerate(bounds)))]
    line = [(across(place), up(float(point.reading.value or 0))) for place, point in enumerate(points)]
    parts = [level(value, up(value)) for value in range(int(low), int(high) + 1, 20)]
    parts.append(f'<polygon class="area" points="{joined(band)}"/><polyline class="line" points="{joined(line)}"/>')
    parts += [dot(x, y, point) for (x, y), point in zip(line, points, strict=True)]
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="100%"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">{"".join(parts)}</svg>'


def dot(x: float, y: float, point: TrendPoint) -> str:
    """One month: its value over the dot, its name below."""
    month = point.period.start.astimezone(ZONE)  # type: ignore[union-attr]  # asked before
    title = f"<title>{escape(f'{month:%B %Y}: {point.reading}')}</title>"
    value = text(x, y - 9, point.reading.show(0), kind="said")
    name = text(x, HEIGHT - 6, f"{month:%b}")
    return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4">{title}</circle>{value}{name}'


def level(value: int, y: float) -> str:
    """A line across, with its value."""
    line = f'<line class="level" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + text(LEFT - 8, y + 4, str(value), anchor="end")


def text(x: float, y: float, words: str, *, kind: str = "axis", anchor: str = "middle") -> str:
    """Words in the picture."""
    return f'<text class="{kind}" text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def joined(points: Iterable[tuple[float, float]]) -> str:
    """Points as SVG writes them."""
    return " ".join([f"{x:.1f},{y:.1f}" for x, y in points])
