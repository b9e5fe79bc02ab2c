"""How a reading looks in a notebook: its interval on the range of the metric, a bar of bands, answers by status."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from relex._html import Bar, note, table
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from relex.feedback._intervals import Interval
    from relex.feedback._metric import Reading

__all__ = ["reading_html"]

_COLORS = ("#5b8ac6", "#cfd6de", "#d9895f", "#9c86b3", "#6fae8f")
_HEAD = "font:600 13px/1.45 system-ui,sans-serif;padding:.3em 0"
_TRACK = "position:relative;height:1.1em;width:30em;max-width:100%;background:#f1f3f5;margin:.3em 0"
_STRIP = "display:flex;height:1.1em;width:30em;max-width:100%;margin:.3em 0"
_MOST_ROWS = 21


def reading_html(reading: Reading) -> str:
    """The picture of a reading; of no answers only the words."""
    around = reading.interval()
    head = str(reading) if reading.value is None else f"{reading}, {around}"
    pairs: Sequence[tuple[object, int]] = reading.bands or reading.distribution or ()
    strip = _strip(pairs) if reading.bands and reading.part("scored") else ""
    picture = "" if reading.value is None else _track(reading, reading.value, around) + strip
    rows = _rows(pairs) if len(pairs) <= _MOST_ROWS else []
    told = table("", ("band" if reading.bands else "score", "answers", "share of scored", ""), rows) if rows else ""
    return f'<div><div style="{_HEAD}">{escape(head)}</div>{picture}{told}{note(_statuses(reading))}</div>'


def _rows(pairs: Sequence[tuple[object, int]]) -> list[tuple[object, ...]]:
    total = sum([n for _, n in pairs])
    return [(str(name), n, *_share(n, total)) for name, n in pairs]


def _share(n: int, total: int) -> tuple[object, object]:
    if not total:
        return None, None
    share = Fraction(n, total)
    return f"{Figure(100 * share).show(1)} %", Bar(share)


def _statuses(reading: Reading) -> str:
    told = [f"{n:,} {name.replace('_', ' ')}" for name, n in reading.parts if n] or ["no answers"]
    if reading.weights != "none" and reading.n_eff is not None:
        told.append(f"weighted, as good as {Figure(reading.n_eff).show(1)} answers (counts are without weights)")
    return f"counting what is {reading.count}: {', '.join(told)}"


def _track(reading: Reading, value: Fraction, around: Interval) -> str:
    """The interval as a stretch of the range of the metric, with the reading in it."""
    least, most = [Fraction(bound) for bound in reading.metric.method.bounds(reading.metric.scale)]

    def percent(value: Fraction | Decimal | int) -> str:
        place = (Fraction(value) - least) / (most - least)
        return f"{float(100 * min(max(place, Fraction(0)), Fraction(1))):.2f}%"

    parts = [f"left:{percent(value)};width:2px;background:#1f3d66;height:100%"]
    if around.low is not None and around.high is not None:
        right = percent(least + most - Fraction(around.high))
        parts.insert(0, f"left:{percent(around.low)};right:{right};background:#b7cce6;height:100%")
    if least < 0 < most:
        parts.insert(0, f"left:{percent(0)};width:1px;background:#999;height:100%")
    inner = "".join([f'<div style="position:absolute;{part}"></div>' for part in parts])
    return f'<div style="{_TRACK}" title="{escape(str(around))}">{inner}</div>'


def _strip(pairs: Sequence[tuple[object, int]]) -> str:
    """Every band as a part of one bar."""
    total = sum([n for _, n in pairs])
    parts = [
        f'<div style="width:{100 * n / total:.2f}%;background:{_COLORS[place % len(_COLORS)]}"'
        f' title="{escape(str(name))}"></div>'
        for place, (name, n) in enumerate(pairs)
    ]
    return f'<div style="{_STRIP}">{"".join(parts)}</div>'
