"""A quote as tables to look at: its lines, and the way from the list price to the total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex._html import note, table, text
from relex.money import Money

if TYPE_CHECKING:
    from relex.pipeline._quote import Quote

__all__ = ["quote_html"]

_TITLES = ("", "product", "quantity", "list", "net", "tax", "total")


def quote_html(quote: Quote) -> str:
    """The lines with their amounts, the steps, and what it waits for."""
    price = quote.price
    rows: list[tuple[object, ...]] = [
        (line.number, line.product, line.quantity, each.listed, each.net, each.tax, each.total)
        for line, each in zip(quote.lines, price.lines, strict=True)
    ]
    rows.append(("", "sum", "", price.listed, price.net, price.tax, price.total))
    caption = f"Quote {quote.id}, revision {quote.revision}, {quote.status}, total {text(price.total)}"
    steps = [
        (each.name.replace("_", " "), _money(each.change, quote), _money(each.amount, quote)) for each in price.steps
    ]
    return (
        table(caption, _TITLES, rows)
        + table("From list to total", ("step", "change", "amount"), steps)
        + "".join(map(note, _notes(quote)))
    )


def _notes(quote: Quote) -> list[str]:
    found = [f"valid until {quote.valid_until}"] if quote.valid_until is not None else []
    return found + [f"waits for {need}: {need.why}" for need in quote.outstanding]


def _money(amount: object, quote: Quote) -> Money:
    return Money.rounded(amount, quote.currency)  # type: ignore[arg-type]  # a fraction
