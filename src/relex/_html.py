"""What is seen in a notebook as tables: every text escaped, no script, style in the tags themselves."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import repeat, zip_longest
from typing import TYPE_CHECKING

from relex.figures import Figure
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Bar", "joined", "note", "table", "text"]

_TABLE = "border-collapse:collapse;font:13px/1.45 system-ui,sans-serif;margin:.4em 0 1em"
_CAPTION = "text-align:left;font-weight:600;padding:.3em 0;white-space:nowrap"
_CELL = "padding:.2em .7em;border-bottom:1px solid #ddd"
_NUMBERS = (int, Decimal, Fraction, Money, Figure)
_WRITTEN = re.compile(
    r"none \(\w+\)( %)?|[\d,]+(:\d\d)? (h|min|s)|[-+]?[\d,]+(\.\d+)?( %| [A-Z]{3})?(, [-+]?[\d,]+(\.\d+)? [A-Z]{3})*",
    re.ASCII,
)
"""Numbers that are written out: a share in percent, a time, amounts in several currencies, or what stands for them."""


def text(value: object) -> str:
    """A value as people read it: numbers grouped, a figure without its terms, a date in its usual form, None a dash."""
    if isinstance(value, Figure):
        return _figure(value)
    if value is None:
        return "–"
    if isinstance(value, Money):
        return f"{Decimal(str(value).partition(' ')[0]):,} {value.currency}"
    if isinstance(value, Fraction):
        return Figure(value).show()
    return f"{value:,}" if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else str(value)


def joined(amounts: Sequence[Money]) -> Money | str | None:
    """One amount, or the words for several, one for each currency; None for none."""
    if len(amounts) > 1:
        return ", ".join(map(text, amounts))
    return amounts[0] if amounts else None


def table(caption: str, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with a caption and one line of headings; a cell that is finished markup is a `Bar`.

    A column of numbers stands to the right, with its heading; one that has words in it to the left.
    """
    known = [tuple(row) for row in rows]
    sides = [_side(column) for column in zip_longest(titles, *known, fillvalue="")]
    head = "".join(map(_cell, titles, sides, repeat("th")))
    body = "".join(f"<tr>{''.join(map(_cell, row, sides, repeat('td')))}</tr>" for row in known)
    title = f'<caption style="{_CAPTION}">{escape(caption)}</caption>'
    return f'<table style="{_TABLE}">{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def note(words: str) -> str:
    """A line in small grey letters."""
    return f'<p style="font:12px/1.4 system-ui,sans-serif;color:#666;margin:.2em 0">{escape(words)}</p>'


class Bar:
    """A cell that shows a share from 0 to 1 as a bar."""

    __slots__ = ("share",)

    def __init__(self, share: Fraction) -> None:
        self.share = share

    def __str__(self) -> str:
        width = int(min(max(self.share, Fraction(0)), Fraction(1)) * 100)
        return f'<div style="width:{width}%;min-width:1px;height:.9em;background:#5b8ac6"></div>'


def _side(column: Sequence[object]) -> str:
    """Where a column stands, by the cells below its heading that are not empty."""
    told = [value for value in column[1:] if value is not None and str(value).strip()]
    return "right" if told and all(map(_is_number, told)) else "left"


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return _WRITTEN.fullmatch(value) is not None
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def _cell(value: object, side: str, tag: str) -> str:
    if isinstance(value, Bar):
        return f'<{tag} style="{_CELL};width:12em">{value}</{tag}>'
    return f'<{tag} style="{_CELL};text-align:{side}">{escape(text(value))}</{tag}>'


def _figure(figure: Figure) -> str:
    if isinstance(figure.value, Money):
        return text(figure.value)
    unit = f" {figure.unit}" if figure.unit and figure.value is not None else ""
    return f"{figure.show()}{unit}"
