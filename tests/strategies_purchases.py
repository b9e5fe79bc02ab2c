"""Strategies for sales, shared by the laws and the behaviour tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from relex.purchases import Charge, Discount, Line, Purchase

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)

prices = st.decimals(0, 500, places=2) | st.decimals(0, 20, places=4)
percents = st.decimals(0, 100, places=1)
rates = st.none() | st.sampled_from([Decimal("0.10"), Decimal("0.08"), Decimal("0.2"), Decimal("0.055")])
instants = st.integers(0, 1_000).map(lambda hours: DAY + timedelta(hours=hours))


@st.composite
def sold_lines(draw: st.DrawFn, number: int) -> Line:
    quantity = draw(st.integers(0, 9))
    price = draw(prices)
    discounts = [Discount(percent=value) for value in draw(st.lists(percents, max_size=2))]
    tax_rate = draw(rates)
    if quantity:
        return Line(number, f"p{number}", quantity, unit_price=price, discounts=discounts, tax_rate=tax_rate)
    return Line(number, f"p{number}", 0, gross=price, discounts=discounts, tax_rate=tax_rate)


@st.composite
def sales(draw: st.DrawFn, id: str = "s1", currency: str | None = None) -> Purchase:  # noqa: A002 - as the field
    count = draw(st.integers(1, 4))
    charges = [
        Charge("freight", price, tax_rate=rate) for price, rate in draw(st.lists(st.tuples(prices, rates), max_size=2))
    ]
    return Purchase(
        id,
        customer=draw(st.sampled_from([None, "c1", "c2"])),
        at=draw(instants),
        currency=currency or draw(st.sampled_from(["USD", "JPY", "KWD"])),
        lines=[draw(sold_lines(number)) for number in range(1, count + 1)],
        discounts=[Discount(percent=value) for value in draw(st.lists(percents, max_size=2))],
        charges=charges,
        tax_mode=draw(st.sampled_from(["exclusive", "inclusive", "none"])),
        rounding=draw(st.sampled_from(["line", "total"])),
    )
