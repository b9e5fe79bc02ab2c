"""Pictures of the page, drawn as SVG: no script, nothing that is loaded from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from relex.service import CaseFlow, Status

    Scale = Callable[[float], float]

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 1000, 40, 12, 14, 24
KINDS = ("open", "waiting", "resolved", "closed")


def over_time(days: Sequence[date], counts: Sequence[int], height: int = 250) -> str:
    """An area over days, with months below and round numbers beside; its highest day is marked."""
    top = _round_up(max(counts))
    across = _scale(len(days) - 1, LEFT, WIDTH - RIGHT)
    up = _scale(top, height - BOTTOM, TOP)
    line = " ".join(f"{across(place):.1f},{up(count):.1f}" for place, count in enumerate(counts))
    ground = f"{across(len(days) - 1):.1f},{up(0):.1f} {across(0):.1f},{up(0):.1f}"
    peak = max(range(len(counts)), key=counts.__getitem__)
    x, y, label = across(peak), up(counts[peak]), f"{counts[peak]} on {days[peak].day} {days[peak]:%B}"
    beside = (x - 8, "end") if x > WIDTH - 160 else (x + 8, "start")
    parts = [
        *[each for level in (0, top // 2, top) for each in _level(level, up(level))],
        *_months(days, across, height),
        f'<polygon class="area" points="{line} {ground}"/><polyline class="line" points="{line}"/>',
        f'<circle class="peak" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
        _text(beside[0], y + 4, label, kind="said", anchor=beside[1]),
    ]
    return _drawing(parts, height)


def in_and_out(weeks: Sequence[tuple[date, int, int]], height: int = 180) -> str:
    """Two bars for each week: what came up, and what left down."""
    top = _round_up(max(max(came, left) for _, came, left in weeks))
    across = _scale(len(weeks), LEFT, WIDTH - RIGHT)
    up = _scale(2 * top, height - BOTTOM, TOP)
    width = (across(1) - across(0)) * 0.72
    parts = [part for each in (-top, 0, top) for part in _level(abs(each), up(top + each))]
    parts += _months([week for week, _, _ in weeks], across, height)
    for place, (week, came, left) in enumerate(weeks):
        told = f"week of {week.day} {week:%B}: {came} came, {left} left"
        parts.append(_bar("came", across(place), up(top + came), width, up(top), told))
        parts.append(_bar("left", across(place), up(top), width, up(top - left), told))
    return _drawing(parts, height)


def life_cycle(flow: CaseFlow) -> str:
    """The statuses in a column for each kind, and what leads from one kind to the next."""
    columns = {kind: [status for status in flow.statuses if status.kind == kind] for kind in KINDS}
    rows = max(map(len, columns.values()))
    width, step = 178, 250
    tip = '<path d="M0 0L8 4L0 8z" class="tip"/>'
    size = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    parts = [f'<defs><marker id="tip" {size} orient="auto">{tip}</marker></defs>']
    for place, (kind, statuses) in enumerate(columns.items()):
        x = 30 + place * step
        parts.append(_text(x, 42, kind, kind="said"))
        parts += [_status(x, 54 + 46 * row, width, status) for row, status in enumerate(statuses)]
    for place, words in enumerate(("hold", "resolve", "close")):
        start, end = 34 + width + place * step, 26 + (place + 1) * step
        parts.append(_move(f"M{start} 74 L{end} 74"))
        parts.append(_text((start + end) / 2, 67, words, anchor="middle"))
    parts.append(_move(f"M{26 + step} 88 L{34 + width} 88"))
    middle, below = 30 + width / 2, 54 + 46 * rows
    for place, depth in ((2, 4), (3, -6)):
        x, end = middle + place * step, middle + 20 - 12 * place
        parts.append(_move(f"M{x} 28 C{x} {depth} {middle + 20} {depth} {end} 40"))
    parts.append(_text(middle + 1.5 * step, 24, "reopen", anchor="middle"))
    x = middle + 2 * step
    parts.append(_move(f"M{middle} {below - 40} C{middle} {below + 12} {x} {below + 12} {x} 96"))
    parts.append(_text(middle + step, below + 12, "resolve", anchor="middle"))
    return _drawing(parts, 72 + 46 * rows)


def _status(x: float, y: float, width: float, status: Status) -> str:
    box = f'<rect class="status {status.kind}" x="{x}" y="{y}" width="{width}" height="36" rx="7"/>'
    return box + _text(x + width / 2, y + 23, status.id.replace("_", " "), kind="said", anchor="middle")


def _move(path: str) -> str:
    return f'<path class="move" d="{path}"/>'


def _text(x: float, y: float, words: object, *, kind: str = "axis", anchor: str = "start") -> str:
    return f'<text class="{kind}" text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}">{escape(str(words))}</text>'


def _bar(kind: str, x: float, y: float, width: float, end: float, told: str) -> str:
    size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{end - y:.1f}"'
    return f'<rect class="{kind}" {size}><title>{escape(told)}</title></rect>'


def _scale(most: float, low: float, high: float) -> Scale:
    return lambda value: low + (high - low) * value / (most or 1)


def _round_up(value: int) -> int:
    """The next round number, of which a half is one too."""
    return next(size * step for size in (1, 10, 100, 1000) for step in (10, 20, 40, 60, 80) if size * step >= value)


def _level(number: int, y: float) -> tuple[str, str]:
    line = f'<line class="level" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line, _text(LEFT - 6, y + 4, number, anchor="end")


def _months(days: Sequence[date], across: Scale, height: int) -> Iterable[str]:
    """A word where each month begins, if there is room for it."""
    begins = [place for place, day in enumerate(days) if place == 0 or day.month != days[place - 1].month]
    for place, following in zip(begins, [*begins[1:], len(days)], strict=True):
        if across(following) - across(place) > 30:
            x = across(place)
            yield _text(x + 3, height - 6, f"{days[place]:%b}")
            yield f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{height - BOTTOM}" y2="{height - 6}"/>'


def _drawing(parts: Iterable[str], height: int) -> str:
    size = f'viewBox="0 0 {WIDTH} {height}" width="100%"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">{"".join(parts)}</svg>'
