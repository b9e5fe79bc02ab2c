"""From an accepted quote to a purchase with the same total.

Theory of operation. A purchase computes its tax by itself, so a quote that rounds otherwise could end a cent off.
Where prices contain tax, the total of a purchase is the sum of its stated prices, and only the tax in it is computed.
So a line of the order states net + tax as the quote has them, and the total is carried over whatever made it.
Where the quote rounds each line, what the purchase computes as tax is again the quote's: of g = n + t with t = n r + e
and |e| <= 1/2 it takes g r / (1 + r) = t - e / (1 + r), whose nearest whole number is t. Where the quote rounds the
total, the tax of a line may be a minor unit off, and its net makes up for it.

Where the quote rounds each line half-up and has no credits, tax on top gives the same figures, and is what people
expect to see.

A credit is a negative amount, which no purchase has. It lowers the lines of its tax rate, as a discount named after its
product.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from relex.errors import Rejected
from relex.money import Money, Rounding, allocate
from relex.purchases import Discount, Line, Product, Purchase
from relex.purchases._stated import parts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.pipeline._quote import Quote
    from relex.pipeline._quote_lines import QuoteLine
    from relex.pipeline._waterfall import LinePrice

__all__ = ["purchase_of"]


def purchase_of(
    quote: Quote,
    id: str,  # noqa: A002 - the field's name everywhere in relex
    *,
    at: datetime,
    products: Iterable[Product],
    channel: str | None,
    store: str | None,
) -> Purchase:
    """The purchase that a quote becomes.

    Raises:
        Rejected: `credit_too_large`.
    """
    known = {product.id: product for product in parts("to_purchase.products", products, Product)}
    rows = list(zip(quote.lines, quote.price.lines, strict=True))
    taken = [row for row in rows if row[1].total.minor < 0]
    sold = [row for row in rows if row[1].total.minor >= 0]
    on_top = not taken and quote.rounding.point == "line" and quote.rounding.mode is Rounding.HALF_UP
    lowered = _lowered(sold, taken)
    return Purchase(
        id,
        customer=quote.customer,
        at=at,
        currency=quote.currency,
        lines=[
            _line(line, price, known.get(line.product, Product(line.product)), lowered[line.number], on_top=on_top)
            for line, price in sold
        ],
        tax_mode="exclusive" if on_top else "inclusive",
        channel=channel,
        store=store,
    )


def _lowered(
    sold: list[tuple[QuoteLine, LinePrice]], taken: list[tuple[QuoteLine, LinePrice]]
) -> defaultdict[int, list[Discount]]:
    """The discounts of each line, by its number, that credits become."""
    found: defaultdict[int, list[Discount]] = defaultdict(list)
    left = {line.number: price.total.minor for line, price in sold}
    for credit, price in taken:
        numbers = [line.number for line, _ in sold if _rate(line) == _rate(credit)]
        room = sum(left[number] for number in numbers)
        if -price.total.minor > room:
            details = {
                "line": credit.number,
                "credit": -price.total,
                "allowed": Money.of_minor(room, price.net.currency),
            }
            raise Rejected("to_purchase", "credit_too_large", details)
        shares = allocate(-price.total.minor, [left[number] for number in numbers])
        for number, share in zip(numbers, shares, strict=True):
            if share:
                amount = Money.of_minor(share, price.net.currency).amount
                found[number].append(Discount(amount=amount, code=credit.product))
                left[number] -= share
    return found


def _rate(line: QuoteLine) -> Decimal:
    return line.tax_rate or Decimal(0)


def _line(line: QuoteLine, price: LinePrice, product: Product, lowered: list[Discount], *, on_top: bool) -> Line:
    """A line that states its gross and what was taken off it."""
    factor = 1 if on_top else 1 + Fraction(_rate(line))
    currency, kept = price.net.currency, price.net if on_top else price.total
    listed = Money.rounded(price.amounts[0] * factor, currency)
    gross = max(listed, kept)
    off = [Discount(amount=(gross - kept).amount)] if gross > kept else []
    is_plain = on_top and line.term is None and gross == listed and line.list_price >= 0
    return product.line(
        line.number,
        line.quantity,
        unit_price=line.list_price if is_plain and line.quantity else None,
        gross=gross.amount,
        discounts=[*off, *lowered],
        tax_rate=line.tax_rate,
    )
