"""How a taste analysis looks: the cube, and the first customers with what they prefer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex.insights import _html
from relex.insights._tastes import label

if TYPE_CHECKING:
    from relex.insights._ctb import CtbTable

__all__ = ["ctb_html"]

_SHOWN = 10


def ctb_html(table: CtbTable) -> str:
    """All of it, escaped and self-contained."""
    words = f"{table.name} by {table.measure}, base: {table.base_customers:,} customers, {table.base_share}"
    return _cube(table) + _customers(table) + _html.note(words)


def _cube(table: CtbTable) -> str:
    rows = [
        (label(cell.value), cell.customers, cell.purchases, cell.units, cell.amount, _html.percent(cell.share))
        for cell in table.cells[:_SHOWN]
    ]
    header = ("Value", "Customers", "Purchases", "Units", "Amount", "Share")
    return _html.table(f"CTB by {table.name}: the first {len(rows)} of {len(table.cells):,} cells", header, rows)


def _customers(table: CtbTable) -> str:
    rows = []
    for row in table.rows[:_SHOWN]:
        own = row.of(row.preference) if row.preference is not None else None
        likes = "none" if own is None else label(own.value)
        lift = None if own is None else own.lift
        share = None if own is None else own.share
        rows.append((row.customer, likes, _html.percent(share), lift, _html.percent(row.coverage), row.evenness))
    header = ("Customer", "Prefers", "Share", "Lift", "Coverage", "Evenness")
    return _html.table(f"The first {len(rows)} of {len(table.rows):,} customers", header, rows)
