"""From an accepted quote to a purchase of the same total."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from relex.calendars import Months
from relex.errors import Rejected
from relex.money import Money, Rounding
from relex.pipeline import PriceTerm, Quote, QuoteLine, QuoteRounding
from relex.purchases import Discount, Product, Purchase

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


def line(number: int, price: Any, quantity: Any = 1, **more: Any) -> QuoteLine:
    return QuoteLine(number, f"p{number}", quantity, list_price=price, **more)


def order(*lines: QuoteLine, **more: Any) -> tuple[Quote, Purchase]:
    opened = Quote.open("q1", currency="USD", lines=lines, customer="c1", at=AT, **more)
    quote = opened.then(lambda it: it.send(at=AT)).then(lambda it: it.accept(at=AT)).state
    return quote, quote.to_purchase("p1", at=AT, channel="sales", store="s1")


def usd(amount: Any) -> Money:
    return Money(amount, "USD")


def test_it_has_what_the_quote_has() -> None:
    quote, purchase = order(line(1, 100, 2, discounts=[Discount(percent=10)], tax_rate="0.2"), line(2, 50))

    assert (purchase.customer, purchase.at, purchase.channel, purchase.store) == ("c1", AT, "sales", "s1")
    assert (usd(250), usd(20), usd(230), usd(36)) == (purchase.gross, purchase.discount, purchase.net, purchase.tax)
    assert quote.total == purchase.total
    assert (Decimal(100), 2) == (purchase.lines[0].unit_price, purchase.lines[0].quantity)


def test_products_give_their_words() -> None:
    quote, _ = order(line(1, 100))

    purchase = quote.to_purchase("p1", at=AT, products=[Product("p1", category="drinks/tea", brand="Leaf")])

    assert (purchase.lines[0].category, purchase.lines[0].brand) == ("drinks/tea", "Leaf")


@pytest.mark.parametrize(
    "given",
    [line(1, 100, term=PriceTerm(Months(12), length=Months(6))), line(1, 100, contract_price=120), line(1, 100, 0)],
    ids=["term", "contract", "nothing"],
)
def test_a_unit_price_is_stated_only_where_it_is_the_price(given: QuoteLine) -> None:
    quote, purchase = order(given)

    assert purchase.lines[0].unit_price is None
    assert quote.total == purchase.total


@pytest.mark.parametrize(
    "rounding",
    [QuoteRounding(point="total"), QuoteRounding(mode=Rounding.HALF_EVEN), QuoteRounding(floor="zero")],
    ids=["total", "half-even", "floor"],
)
def test_the_total_is_the_same_whatever_rounding_made_it(rounding: QuoteRounding) -> None:
    lines = [line(number, "1.25", tax_rate="0.1", discounts=[Discount(percent=10)]) for number in range(1, 8)]

    quote, purchase = order(*lines, rounding=rounding)

    assert quote.total == purchase.total


def test_half_even_keeps_the_tax_of_each_line() -> None:
    quote, purchase = order(line(1, "1.25", tax_rate="0.1"), rounding=QuoteRounding(mode=Rounding.HALF_EVEN))

    assert usd("0.12") == quote.price.tax == purchase.tax
    assert purchase.tax_mode == "inclusive"


def test_a_credit_lowers_the_lines_of_its_rate() -> None:
    quote, purchase = order(line(1, 100, tax_rate="0.2"), line(2, 50), line(3, -30, tax_rate="0.2"), line(4, -50))

    assert [each.number for each in purchase.lines] == [1, 2]
    assert [("p3", Decimal(36)), ("p4", Decimal(50))] == [
        (each.code, each.amount) for sold in purchase.lines for each in sold.discounts
    ]
    assert usd(84) == quote.total == purchase.total


def test_several_credits_share_what_is_left() -> None:
    quote, purchase = order(line(1, 100), line(2, 1), line(3, -100), line(4, -1), line(5, 0))

    assert purchase.lines[-1].discounts == ()
    assert usd(0) == quote.total == purchase.total


@pytest.mark.parametrize(
    "lines",
    [(line(1, 100), line(2, -101)), (line(1, 100, tax_rate="0.2"), line(2, -50)), (line(1, -5),)],
    ids=["more", "another-rate", "alone"],
)
def test_a_credit_larger_than_the_lines_of_its_rate_is_refused(lines: tuple[QuoteLine, ...]) -> None:
    with pytest.raises(Rejected, match="credit_too_large") as refused:
        order(*lines)

    assert {"line", "credit", "allowed"} == set(refused.value.details)


def test_only_what_was_accepted_is_ordered() -> None:
    quote = Quote.open("q1", currency="USD", lines=[line(1, 100)], at=AT).state

    with pytest.raises(Rejected, match="not_accepted"):
        quote.to_purchase("p1", at=AT)
