"""What rules may ask of a quote."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from relex.money import Rounding
from relex.rules import FactSchema

if TYPE_CHECKING:
    from fractions import Fraction

    from relex.pipeline._quote import Quote
    from relex.pipeline._quote_lines import QuoteLine
    from relex.pipeline._waterfall import LinePrice

__all__ = ["SCHEMA", "facts_of", "margin_percent"]

SCHEMA = FactSchema(
    {
        "currency": str,
        "customer": str,
        "discount_percent": Decimal,
        "id": str,
        "items": int,
        "list": Decimal,
        "margin_percent": Decimal,
        "name": str,
        "net": Decimal,
        "opened_at": datetime,
        "opportunity": str,
        "owner": str,
        "revision": int,
        "sent_at": datetime,
        "status": str,
        "tax": Decimal,
        "term_months": int,
        "total": Decimal,
        "valid_until": date,
    },
    children={
        "lines": FactSchema(
            {
                "line.discount_percent": Decimal,
                "line.list": Decimal,
                "line.net": Decimal,
                "line.number": int,
                "line.product": str,
                "line.quantity": Decimal,
            }
        )
    },
)
"""The facts of every quote and of its lines."""

_PLACES = 20
_HUNDRED = 100


def facts_of(quote: Quote) -> dict[str, Any]:
    """The facts of a quote; amounts are Decimals in its currency, what cannot be computed is None."""
    price = quote.price
    return {
        "currency": quote.currency,
        "customer": quote.customer,
        "discount_percent": decimal_of(price.discount_percent),
        "id": quote.id,
        "items": len(quote.lines),
        "list": price.listed.amount,
        "margin_percent": decimal_of(margin_percent(quote)),
        "name": quote.name,
        "net": price.net.amount,
        "opened_at": quote.opened_at,
        "opportunity": quote.opportunity,
        "owner": quote.owner,
        "revision": quote.revision,
        "sent_at": quote.sent_at,
        "status": quote.status,
        "tax": price.tax.amount,
        "term_months": max([line.term.months for line in quote.lines if line.term is not None], default=0),
        "total": price.total.amount,
        "valid_until": quote.valid_until,
        "lines": tuple([_line(line, amounts) for line, amounts in zip(quote.lines, price.lines, strict=True)]),
    }


def margin_percent(quote: Quote) -> Fraction | None:
    """100 (net - cost) / net, before rounding; None where the cost of a line is not known, or the net is 0."""
    net = quote.price.left
    costs = [line.costs for line in quote.lines]
    if not net or None in costs:
        return None
    return _HUNDRED * (net - sum(cost for cost in costs if cost is not None)) / net


def decimal_of(number: Fraction | None) -> Decimal | None:
    """The number as a rule reads it: exact where it has at most 20 decimals, else rounded to so many."""
    if number is None:
        return None
    scaled = Rounding.HALF_UP.apply(number * 10**_PLACES)
    digits = f"{abs(scaled):0{_PLACES + 1}d}"
    written = f"{digits[:-_PLACES]}.{digits[-_PLACES:]}".rstrip("0").rstrip(".")
    return Decimal(f"-{written}" if scaled < 0 else written)


def _line(line: QuoteLine, amounts: LinePrice) -> dict[str, Any]:
    return {
        "line.discount_percent": decimal_of(amounts.discount_percent),
        "line.list": amounts.listed.amount,
        "line.net": amounts.net.amount,
        "line.number": line.number,
        "line.product": line.product,
        "line.quantity": line.quantity,
    }
