"""Timelines as tables to look at: escaped, self-contained, without script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from relex.interactions._merging import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relex.interactions._timeline import TimelinePage

__all__ = ["page_html"]

_TABLE = "border-collapse:collapse;font:13px/1.45 system-ui,sans-serif;margin:.4em 0 1em"
_CAPTION = "text-align:left;font-weight:600;padding:.3em 0;white-space:nowrap"
_CELL = "padding:.2em .7em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top"
_DAY = "padding:.7em .7em .2em;border-bottom:2px solid #bbb;text-align:left;white-space:nowrap"
_PALE = "color:#666"
_TOLD = ("kind", "title", "channel", "reason", "total", "value")


def page_html(page: TimelinePage) -> str:
    """A row for each item under the day on which it happened."""
    caption = f'<caption style="{_CAPTION}">{escape(str(page))}</caption>'
    return f'<table style="{_TABLE}">{caption}{"".join(_rows(page))}</table>'


def _rows(page: TimelinePage) -> Iterator[str]:
    day = None
    for item in page.items:
        if item.at.date() != day:
            day = item.at.date()
            yield f'<tr><th colspan="4" style="{_DAY}">{day:%A %Y-%m-%d}</th></tr>'
        who = getattr(item, "customers", None) or (getattr(item, "subject", None) or "",)
        yield _row((f"{item.at:%H:%M}", kind_of(item), _told(item), ", ".join(who)))


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td style={chr(34)}{_CELL}{chr(34)}>{escape(cell)}</td>' for cell in cells)}</tr>"


def _told(item: Any) -> str:
    """What an item says of itself: its own words if it has some, else those of its attributes that tell something."""
    if "__str__" in type(item).__dict__:
        return str(item)
    found = (getattr(item, name, None) for name in _TOLD)
    return ", ".join(str(value) for value in found if value is not None and value != kind_of(item))
