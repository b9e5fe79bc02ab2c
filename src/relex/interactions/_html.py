"""Timelines as tables to look at: escaped, self-contained, without script."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from relex.interactions._merging import kind_of
from relex.interactions._whose import PARTIES, parties_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from relex.interactions._timeline import TimelinePage

__all__ = ["page_html", "table"]

_TABLE = "border-collapse:collapse;font:13px/1.45 system-ui,sans-serif;margin:.4em 0 1em"
_CAPTION = "text-align:left;font-weight:600;padding:.3em 0;white-space:nowrap"
_CELL = "padding:.2em .7em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top"
_DAY = "padding:.7em .7em .2em;border-bottom:2px solid #bbb;text-align:left;white-space:nowrap"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TOLD = ("channel", "direction", "kind", "title", "due", "minutes", "outcome", "reason", "total", "value")


def page_html(page: TimelinePage) -> str:
    """A row for each item under the day on which it happened, by the clock of the first item."""
    zone = page.items[0].at.tzinfo if page.items else None
    times = f", times in {page.items[0].at.tzname()}" if page.items else ""
    caption = f'<caption style="{_CAPTION}">{escape(str(page) + times)}</caption>'
    return f'<table style="{_TABLE}">{caption}{"".join(_rows(page, zone))}</table>'


def table(caption: str, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under titles."""
    head = "".join(f'<th style="{_CELL}">{escape(title)}</th>' for title in titles)
    body = "".join(_row(str(cell) for cell in row) for row in rows)
    return (
        f'<table style="{_TABLE}"><caption style="{_CAPTION}">{escape(caption)}</caption><tr>{head}</tr>{body}</table>'
    )


def _rows(page: TimelinePage, zone: tzinfo | None) -> Iterator[str]:
    before = None
    for item in page.items:
        at = item.at.astimezone(zone)
        if at.date() != before:
            before = at.date()
            yield f'<tr><th colspan="4" style="{_DAY}">{_DAYS[at.weekday()]} {before}</th></tr>'
        yield _row((f"{at:%H:%M}", kind_of(item), _told(item), _who(item)))


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td style={chr(34)}{_CELL}{chr(34)}>{escape(cell)}</td>' for cell in cells)}</tr>"


def _who(item: Any) -> str:
    """The customers, and those of our side."""
    named = parties_of(item) if any(hasattr(item, name) for name in PARTIES) else ()
    return " with ".join(part for part in (", ".join(named), ", ".join(getattr(item, "team", ()))) if part)


def _told(item: Any) -> str:
    """What those attributes say that many items have; its id where none of them says anything."""
    found = [(name, getattr(item, name, None)) for name in _TOLD]
    kind = kind_of(item)
    said = ", ".join(_text(name, value) for name, value in found if value is not None and value != kind)
    return said or str(item.id)


def _text(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        return f"{name} {value:%Y-%m-%d %H:%M}"
    return f"{round(value)} min" if name == "minutes" and isinstance(value, Decimal) else str(value)
