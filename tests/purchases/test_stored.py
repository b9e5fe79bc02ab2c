"""Entries travel as JSON and come back the same; what is wrong in it is named by its place."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from relex.codec import decode, dumps, encode, loads
from relex.errors import InvalidValue
from relex.money import Money
from relex.purchases import Charge, Claim, Discount, Line, Payment, Product, Purchase, Retraction, Return, spend

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
SALE = Purchase(
    "s1",
    at=DAY,
    currency="USD",
    customer="c1",
    lines=[
        Line(1, "<p>", "1.5", unit_price="3.333", discounts=[Discount(percent=10)], tags=["t"], tastes={"color": "red"})
    ],
    charges=[Charge("freight", 3, tax_rate="0.1")],
    payments=[Payment("points", "2.00")],
    discounts=[Discount(amount="0.50", code="SPRING")],
    identifiers={"card": "17"},
    recorded_at=DAY,
)


@pytest.mark.parametrize(
    "entry",
    [
        SALE,
        Product("p", name="P", tastes={"color": "red"}, attributes={"weight": "1 kg"}),
        Return("r1", purchase="s1", at=DAY, lines={1: Decimal("0.5")}, value=Money("1.00", "USD")),
        Claim("k1", purchase="s1", customer="c1", at=DAY, by="desk", evidence="receipt"),
        Retraction("k2", claim="k1", at=DAY, by="desk", reason="error"),
    ],
    ids=lambda entry: type(entry).__name__,
)
def test_an_entry_comes_back_the_same(entry: Any) -> None:
    assert entry == loads(dumps(entry), type(entry))


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("quantity", -1, "lines[0]"),
        ("unit_price", 3.5, "lines[0].unit_price"),
        ("discounts", [{"percent": "10"}], "lines[0].discounts[0]"),
    ],
)
def test_a_damaged_line_is_named_by_its_place(field: str, value: object, path: str) -> None:
    data: Any = encode(SALE)
    data["lines"][0][field] = value

    with pytest.raises(InvalidValue) as caught:
        decode(data, Purchase)

    assert path in caught.value.path


def test_a_sale_shows_itself_escaped() -> None:
    shown = SALE._repr_html_()

    assert "<td>&lt;p&gt;</td><td>1.5</td><td>5.00 USD</td>" in shown
    assert "Purchase s1 of c1, 2026-05-01 09:00, total" in shown


def test_a_spend_shows_itself() -> None:
    assert "<td>USD</td><td>1</td><td>5.00 USD</td>" in spend([SALE])._repr_html_()
