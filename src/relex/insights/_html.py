"""Pieces of self-contained HTML: every text escaped, no script, style in the tags themselves."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from relex.insights._exact import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["cell", "grid", "note", "percent", "shade", "table", "text"]

_TABLE = "border-collapse:collapse;font:13px/1.45 system-ui,sans-serif;margin:.4em 0 1em"
_CAPTION = "text-align:left;font-weight:600;padding:.3em 0;white-space:nowrap"
_CELL = "padding:.2em .7em;border-bottom:1px solid #ddd"
_NUMBERS = (int, Decimal, Fraction)


def text(value: object) -> str:
    """A value as people read it: numbers grouped, nothing as a dash."""
    if value is None or value == ():
        return "–"
    if isinstance(value, tuple):
        return ", ".join(map(text, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return shown(value) if isinstance(value, (Decimal, Fraction)) else str(value)


def percent(share: Fraction | None) -> str:
    """A share in percent with two decimals."""
    return "–" if share is None else f"{shown(share * 100)} %"


def cell(value: object, *, head: bool = False, style: str = "") -> str:
    """One cell; numbers and shares stand to the right."""
    tag = "th" if head else "td"
    shown_text = text(value)
    right = (isinstance(value, _NUMBERS) and not isinstance(value, bool)) or shown_text.endswith(" %") or value is None
    align = "right" if right else "left"
    return f'<{tag} style="{_CELL};text-align:{align}{";" + style if style else ""}">{escape(shown_text)}</{tag}>'


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with a caption and one line of headings."""
    head = "".join(cell(title, head=True) for title in header)
    return grid(caption, head, (f"<tr>{''.join(map(cell, row))}</tr>" for row in rows))


def grid(caption: str, head: str, lines: Iterable[str]) -> str:
    """A table out of finished cells and lines."""
    title = f'<caption style="{_CAPTION}">{escape(caption)}</caption>'
    return f'<table style="{_TABLE}">{title}<thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def note(words: str) -> str:
    """A line in small grey letters."""
    return f'<p style="font:12px/1.4 system-ui,sans-serif;color:#666;margin:.2em 0">{escape(words)}</p>'


def shade(share: Fraction) -> str:
    """The style of a cell that is the darker the larger the share, with letters that can be read on it."""
    level = int(share * 100)
    ink = "#fff" if level > 55 else "#111"  # noqa: PLR2004 - where dark letters stop being readable
    return f"background:hsl(215 60% {95 - level * 60 // 100}%);color:{ink}"
