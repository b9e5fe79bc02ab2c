"""A resolution to work with: the pairs that people have to decide, the two records of each side by side."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from relex.matching._fields import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from relex.matching._fields import Value
    from relex.matching._pair import Pair
    from relex.matching._resolution import Resolution
    from relex.parties import Record

__all__ = ["resolution_html"]

_SHOWN = 50
_LONGEST = 120
_FIELDS = ("name", "born", "email", "phone", "street", "postal", "city", "region", "country")
_TABLE = "border-collapse:collapse;font:13px/1.45 system-ui,sans-serif;margin:.4em 0 1em"
_CAPTION = "text-align:left;font-weight:600;padding:.3em 0"
_CELL = "padding:.2em .6em;text-align:left;vertical-align:top"
_TOP = f"{_CELL};border-top:1px solid #bbb"
_DIFFERS = ";background:#fff3cd;color:#111"


def resolution_html(found: Resolution) -> str:
    """A summary, and a table with two rows for each of the first pairs to be decided."""
    shown = found.review[:_SHOWN]
    records = {record.ref: record for record in found.records}
    named = _used(records[ref] for pair in shown for ref in (pair.a, pair.b))
    more = f", the first {_SHOWN}" if len(found.review) > _SHOWN else ""
    caption = f'<caption style="{_CAPTION}">{escape(str(found))}</caption>'
    if not shown:
        return f'<table style="{_TABLE}">{caption}</table>'
    head = "".join(f'<th style="{_CELL}">{escape(name)}</th>' for name in ("weight", "record", *named, "why"))
    rows = "".join(_rows(pair, records[pair.a], records[pair.b], named) for pair in shown)
    note = f'<tr><th colspan="{len(named) + 3}" style="{_CELL}">To review, strongest first{more}</th></tr>'
    return f'<table style="{_TABLE}">{caption}<thead>{note}<tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _rows(pair: Pair, one: Record, other: Record, named: Sequence[str]) -> str:
    left, right = _words(one), _words(other)
    weight = "–" if pair.weight is None else str(pair.weight)
    first = f'<td rowspan="2" style="{_TOP}">{escape(weight)}</td>'
    last = f'<td rowspan="2" style="{_TOP}">{escape(_why(pair))}</td>'
    differs = {name for name in _FIELDS if _differs(comparable(one, name), comparable(other, name))}
    return (
        f"<tr>{first}{_cells(one.ref, left, named, differs, _TOP)}{last}</tr>"
        f"<tr>{_cells(other.ref, right, named, differs, _CELL)}</tr>"
    )


def _differs(one: Value, other: Value) -> bool:
    """Whether both say something, and nothing the same however it is spelled."""
    if one is None or other is None:
        return False
    mine, theirs = ({keys} if isinstance(keys, str) else set(keys) for keys in (one, other))
    return mine.isdisjoint(theirs)


def _cells(ref: str, words: dict[str, str], named: Sequence[str], differs: set[str], style: str) -> str:
    cells = [f'<th style="{style}">{escape(ref)}</th>']
    for name in named:
        mark = _DIFFERS if name in differs else ""
        cells.append(f'<td style="{style}{mark}">{escape(words.get(name, ""))}</td>')
    return "".join(cells)


def _words(record: Record) -> dict[str, str]:
    stated = record.fields()
    words = {name: str(stated[name]) for name in _FIELDS if stated.get(name)}
    if record.identifiers:
        words["identifiers"] = ", ".join(f"{found.kind} {found.value}" for found in record.identifiers)
    return {name: text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…" for name, text in words.items()}


def _used(records: Iterable[Record]) -> list[str]:
    """The columns of which at least one record has something to show."""
    stated = {name for record in records for name in _words(record)}
    return [name for name in (*_FIELDS, "identifiers") if name in stated]


def _why(pair: Pair) -> str:
    """What decided, and the score of each comparison with its bits where it has some."""
    bits = dict(pair.bits)
    scores = [f"{name} {_score(score, bits.get(name))}" for name, score in pair.scores if score is not None]
    return "; ".join([pair.reason, *scores])


def _score(score: Decimal, bits: Decimal | None) -> str:
    return f"{score.normalize():f}" if bits is None else f"{score.normalize():f} ({bits:+.2f})"
