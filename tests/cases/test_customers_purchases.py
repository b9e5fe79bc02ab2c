"""Worked cases (A) to (D) of the purchases section: amounts, rounding, tax and returns."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relex.purchases import Discount, Line, Purchase, Return

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.fixture
def basket() -> Purchase:
    """3 x 9.99 less 10 %, 1 x 20.00, 2 x 0.55; 5.00 off the whole; tax 10 % exclusive."""
    return Purchase(
        "A",
        at=DAY,
        currency="USD",
        lines=[
            Line(1, "a", 3, unit_price="9.99", discounts=[Discount(percent=10)], tax_rate="0.10"),
            Line(2, "b", 1, unit_price="20.00", tax_rate="0.10"),
            Line(3, "c", 2, unit_price="0.55", tax_rate="0.10"),
        ],
        discounts=[Discount(amount="5.00")],
    )


def shown(amounts: object) -> list[str]:
    return [str(amount).removesuffix(" USD") for amount in amounts]  # type: ignore[attr-defined]


def steps(sale: Purchase, *quantities: int) -> list[str]:
    back: list[Return] = []
    for index, quantity in enumerate(quantities):
        back.append(sale.take_back({1: quantity}, id=f"r{index}", at=DAY, earlier=back))
    return shown(entry.value for entry in back)


class TestA:
    """Source: derived from the rules, in the order of the section."""

    def test_gross(self, basket: Purchase) -> None:
        assert str(basket.gross) == "51.07 USD"

    def test_line_discount(self, basket: Purchase) -> None:
        alone = Purchase("A1", at=DAY, currency="USD", lines=basket.lines)

        assert str(alone.discount) == "3.00 USD"

    def test_order_discount_shares(self, basket: Purchase) -> None:
        before = Purchase("A1", at=DAY, currency="USD", lines=basket.lines).line_nets

        assert shown(a - b for a, b in zip(before, basket.line_nets, strict=True)) == ["2.81", "2.08", "0.11"]

    def test_net(self, basket: Purchase) -> None:
        assert shown(basket.line_nets) == ["24.16", "17.92", "0.99"]
        assert str(basket.net) == "43.07 USD"

    def test_tax_and_total(self, basket: Purchase) -> None:
        assert shown(row.tax for row in basket.line_amounts) == ["2.42", "1.79", "0.10"]
        assert shown([basket.tax, basket.total]) == ["4.31", "47.38"]

    @pytest.mark.parametrize(
        ("quantities", "expected"), [((1, 1, 1), ["8.05", "8.06", "8.05"]), ((2, 1), ["16.11", "8.05"])]
    )
    def test_returns_of_line_1(self, basket: Purchase, quantities: tuple[int, ...], expected: list[str]) -> None:
        assert expected == steps(basket, *quantities)


def test_b_three_units_of_ten_returned_singly() -> None:
    """B. Source: derived; cumulative half-up rounding."""
    sale = Purchase("B", at=DAY, currency="USD", lines=[Line(1, "a", 3, gross="10.00")])

    assert steps(sale, 1, 1, 1) == ["3.33", "3.34", "3.33"]


@pytest.mark.parametrize(("rounding", "expected"), [("line", "0.18 USD"), ("total", "0.17 USD")])
def test_c_tax_by_line_and_by_total(rounding: str, expected: str) -> None:
    """C: 0.55 three times at 10 %. Source: derived; both roundings exist in law."""
    lines = [Line(number, "a", 1, unit_price="0.55", tax_rate="0.10") for number in (1, 2, 3)]
    sale = Purchase("C", at=DAY, currency="USD", lines=lines, rounding=rounding)

    assert expected == str(sale.tax)


@pytest.mark.parametrize(
    ("price", "rate", "tax", "net"),
    [("9.99", "0.20", "1.67 USD", "8.32 USD"), ("110.00", "0.10", "10.00 USD", "100.00 USD")],
)
@pytest.mark.parametrize("rounding", ["line", "total"])
def test_d_tax_inside(price: str, rate: str, tax: str, net: str, rounding: str) -> None:
    """D. Source: derived; tax = a - a / (1 + rate)."""
    line = Line(1, "a", 1, unit_price=price, tax_rate=rate)
    sale = Purchase("D", at=DAY, currency="USD", lines=[line], tax_mode="inclusive", rounding=rounding)

    assert (tax, net, f"{price} USD") == (str(sale.tax), str(sale.net), str(sale.total))
