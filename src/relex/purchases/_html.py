"""Sales as tables to look at: escaped, self-contained, without script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.purchases._purchase import Purchase
    from relex.purchases._spend import Spend

__all__ = ["purchase_html", "spend_html"]


def purchase_html(sale: Purchase) -> str:
    """The lines of a sale with their amounts, and the sums."""
    titles = ("", "product", "quantity", "gross", "discount", "net", "tax")
    rows = [
        (line.number, line.product, line.quantity, row.gross, row.discount, row.net, row.tax)
        for line, row in zip(sale.lines, sale.line_amounts, strict=True)
    ]
    sums = ("", "sum", sale.quantity, sale.gross, sale.discount, sale.net, sale.tax)
    caption = f"Purchase {sale.id} of {sale.customer or 'nobody known'}, {sale.at:%Y-%m-%d %H:%M}, total {sale.total}"
    return _table(caption, titles, [*rows, sums])


def spend_html(found: Spend) -> str:
    """A row for each currency, and how many returns do not fit."""
    titles = ("currency", "purchases", "gross", "discount", "net", "returned", "kept", "anonymous")
    rows = [
        (row.currency, row.purchases, row.gross, row.discount, row.net, row.returned, row.kept, row.anonymous)
        for row in found.currencies
    ]
    return _table(f"Spend, {len(found.anomalies)} anomalies", titles, rows)


def _table(caption: str, titles: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = "".join(f"<th>{title}</th>" for title in titles)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><tr>{head}</tr>{body}</table>"
