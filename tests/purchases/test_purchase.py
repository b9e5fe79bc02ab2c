"""What a sale accepts and what it amounts to."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from relex.errors import InvalidValue
from relex.purchases import Charge, Discount, Line, Payment, Purchase

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


def sale(*lines: Line, **fields: object) -> Purchase:
    given: dict[str, object] = {"at": DAY, "currency": "USD", "lines": lines or (Line(1, "p", 2, unit_price="5.00"),)}
    return Purchase("s1", **(given | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"at": datetime(2026, 5, 1)}, "Purchase.at"),  # noqa: DTZ001 - a naive datetime is what is refused
        ({"at": "2026-05-01"}, "Purchase.at"),
        ({"recorded_at": datetime(2026, 5, 1)}, "Purchase.recorded_at"),  # noqa: DTZ001 - as above
        ({"currency": "usd"}, "Purchase.currency"),
        ({"currency": "XAU"}, "Purchase.currency"),
        ({"lines": ()}, "Purchase.lines"),
        ({"lines": None}, "Purchase.lines"),
        ({"lines": ["x"]}, "Purchase.lines[0]"),
        ({"lines": [Line(1, "p", 1, gross=1), Line(1, "q", 1, gross=1)]}, "Purchase.lines"),
        ({"lines": [Line(1, "p", 3, unit_price="1.00", gross="2.99")]}, "Purchase.lines[0].gross"),
        ({"discounts": [5]}, "Purchase.discounts[0]"),
        ({"discounts": [Discount(per_unit=1)]}, "Purchase.discounts[0]"),
        ({"discounts": [Discount(amount="10.01")]}, "Purchase.discounts[0]"),
        ({"discounts": [Discount(amount="10.00"), Discount(amount="0.01")]}, "Purchase.discounts[1]"),
        ({"charges": ["freight"]}, "Purchase.charges[0]"),
        ({"payments": ["card"]}, "Purchase.payments[0]"),
        ({"tax_mode": "vat"}, "Purchase.tax_mode"),
        ({"rounding": "up"}, "Purchase.rounding"),
        ({"customer": ""}, "Purchase.customer"),
        ({"channel": 1}, "Purchase.channel"),
        ({"store": ""}, "Purchase.store"),
        ({"identifiers": ["card"]}, "Purchase.identifiers"),
    ],
)
@pytest.mark.parametrize("rounding", ["line", "total"])
def test_bad_input_is_one_clear_error(fields: dict[str, object], path: str, rounding: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        sale(**({"rounding": rounding} | fields))

    assert path == caught.value.path


@pytest.mark.parametrize("rounding", ["line", "total"])
def test_a_line_discount_above_its_line_names_its_place(rounding: str) -> None:
    line = Line(2, "p", 2, unit_price="5.00", discounts=[Discount(percent=50), Discount(amount="5.01")])

    with pytest.raises(InvalidValue) as caught:
        sale(Line(1, "q", 1, gross=1), line, rounding=rounding)

    assert caught.value.path == "Purchase.lines[1].discounts[1]"


@pytest.mark.parametrize(
    ("fields", "path"), [({"kind": ""}, "kind"), ({"amount": -1}, "amount"), ({"tax_rate": 2}, "tax_rate")]
)
def test_a_charge_checks_its_fields(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue, match=f"Charge.{path}"):
        Charge(**{"kind": "freight", "amount": 1, **fields})  # type: ignore[arg-type]


def test_a_payment_checks_its_amount() -> None:
    with pytest.raises(InvalidValue, match=r"Payment.amount"):
        Payment("card", 1.5)  # type: ignore[arg-type]


def test_an_empty_id_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"Purchase.id"):
        Purchase("", at=DAY, currency="USD", lines=[Line(1, "p", 1, gross=1)])


@pytest.mark.parametrize(
    ("discount", "expected"),
    [
        (Discount(percent="12.5"), "1.25 USD"),
        (Discount(amount="1.10"), "1.10 USD"),
        (Discount(per_unit="0.35"), "0.70 USD"),
        (Discount(percent=100), "10.00 USD"),
        (Discount(percent=0), "0.00 USD"),
    ],
)
@pytest.mark.parametrize("rounding", ["line", "total"])
def test_line_discounts_by_percent_amount_and_unit(discount: Discount, expected: str, rounding: str) -> None:
    found = sale(Line(1, "p", 2, unit_price="5.00", discounts=[discount]), rounding=rounding)

    assert expected == str(found.discount)


@pytest.mark.parametrize("rounding", ["line", "total"])
def test_discounts_apply_one_after_the_other_on_what_remains(rounding: str) -> None:
    """An hundred less 10 %, less 5.00, less 50 %, and 2 % of the whole: 42.50 less 0.85."""
    line = Line(1, "p", 1, gross=100, discounts=[Discount(percent=10), Discount(amount=5), Discount(percent=50)])
    found = sale(line, discounts=[Discount(percent=2)], rounding=rounding)

    assert str(found.net) == "41.65 USD"


@pytest.mark.parametrize("rounding", ["line", "total"])
def test_a_free_sale_is_exactly_0(rounding: str) -> None:
    lines = [Line(number, "p", 1, gross="0.33", tax_rate="0.1") for number in (1, 2, 3)]
    found = sale(*lines, discounts=[Discount(percent=100), Discount(percent=50)], rounding=rounding)

    assert (str(found.net), str(found.total), str(found.discount)) == ("0.00 USD", "0.00 USD", "0.99 USD")


def test_a_unit_price_may_have_more_decimals_than_the_currency() -> None:
    assert str(sale(Line(1, "bolt", 5, unit_price="0.0250")).gross) == "0.13 USD"
    assert str(sale(Line(1, "bolt", 5, unit_price="2.5"), currency="JPY").gross) == "13 JPY"


@pytest.mark.parametrize("gross", ["0.125", "0.13"])
def test_a_line_may_state_both_when_they_agree_exactly_or_rounded(gross: str) -> None:
    assert str(sale(Line(1, "bolt", 5, unit_price="0.0250", gross=gross)).gross) == "0.13 USD"


def test_a_free_line_may_state_both() -> None:
    assert str(sale(Line(1, "bolt", 5, unit_price=0, gross=0)).gross) == "0.00 USD"


@pytest.mark.parametrize("rounding", ["line", "total"])
def test_charges_are_apart_and_have_their_own_tax(rounding: str) -> None:
    line = Line(1, "p", 1, gross="10.00", tax_rate="0.10")
    found = sale(line, charges=[Charge("freight", "5.00", tax_rate="0.10"), Charge("deposit", 1)], rounding=rounding)
    amounts = [found.net, found.tax, found.charged, found.charge_tax, found.total]

    assert [str(amount) for amount in amounts] == ["10.00 USD", "1.00 USD", "6.00 USD", "0.50 USD", "17.50 USD"]


@pytest.mark.parametrize("rounding", ["line", "total"])
def test_tax_inside_is_taken_out_of_lines_and_charges(rounding: str) -> None:
    line = Line(1, "p", 1, gross="11.00", tax_rate="0.10", discounts=[Discount(amount="5.50")])
    found = sale(line, charges=[Charge("freight", "2.20", tax_rate="0.10")], tax_mode="inclusive", rounding=rounding)
    amounts = [found.gross, found.discount, found.net, found.tax, found.charged, found.charge_tax, found.total]

    assert [11, Decimal("5.5"), 5, Decimal("0.5"), 2, Decimal("0.2"), Decimal("7.7")] == [m.amount for m in amounts]


@pytest.mark.parametrize("rounding", ["line", "total"])
def test_without_tax_the_rates_are_not_looked_at(rounding: str) -> None:
    found = sale(Line(1, "p", 1, gross="11.00", tax_rate="0.10"), tax_mode="none", rounding=rounding)

    assert str(found.total) == "11.00 USD"


def test_total_rounding_rounds_once_for_each_rate() -> None:
    """Two lines of 0.335 at each of two rates: 0.67 and 0.67; tax 0.067 and 0.134."""
    lines = [
        Line(number, "p", 1, unit_price="0.335", tax_rate="0.1" if number < 3 else "0.2") for number in (1, 2, 3, 4)
    ]
    found = sale(*lines, rounding="total")

    assert [str(net) for net in found.line_nets] == ["0.34 USD", "0.33 USD", "0.34 USD", "0.33 USD"]
    assert str(found.tax) == "0.20 USD"


def test_quantity_is_the_exact_sum() -> None:
    assert sale().quantity == 2
    assert Decimal("3.5") == sale(Line(1, "p", 2, gross=1), Line(2, "q", "1.5", gross=1)).quantity


def test_a_sale_is_an_occasion() -> None:
    assert sale().kind == "purchase"


def test_facts_have_stable_names() -> None:
    line = Line(
        1, "p", 2, unit_price="5.00", category="a/b", brand="n", tags=["t"], tastes={"color": "red"}, tax_rate="0.1"
    )
    found = sale(line, customer="c1", channel="web", store="s9", discounts=[Discount(amount=1)])
    expected_line = {
        "line.number": 1,
        "line.product": "p",
        "line.category": "a/b",
        "line.brand": "n",
        "line.tags": ("t",),
        "line.kind": "goods",
        "line.quantity": 2,
        "line.unit_price": Decimal("5.00"),
        "line.list": Decimal("10.00"),
        "line.net": Decimal("9.00"),
        "line.paid": Decimal("9.00"),
        "taste.color": "red",
    }
    expected = {
        "kind": "purchase",
        "id": "s1",
        "customer": "c1",
        "at": DAY,
        "currency": "USD",
        "channel": "web",
        "store": "s9",
        "total": Decimal("9.90"),
        "net": Decimal("9.00"),
        "gross": Decimal("10.00"),
        "discount": Decimal("1.00"),
        "tax": Decimal("0.90"),
        "items": 1,
        "quantity": 2,
        "lines": (expected_line,),
    }

    assert expected == found.facts()


def test_paid_leaves_out_points_and_stored_value_by_proportion() -> None:
    """A total of 22.00: lines 10.00 and 10.00, tax 2.00. Points for 5.50 are a quarter of everything."""
    lines = [Line(number, "p", 1, gross=10, tax_rate="0.1") for number in (1, 2)]
    found = sale(*lines, payments=[Payment("points", "5.50"), Payment("coupon", "3.00"), Payment("card", "13.50")])

    assert [str(row.paid) for row in found.line_amounts] == ["7.50 USD", "7.50 USD"]
    assert Decimal("7.50") == found.facts()["lines"][0]["line.paid"]


def test_stored_value_above_the_total_leaves_nothing_paid() -> None:
    found = sale(payments=[Payment("gift_card", "50.00")])

    assert str(found.line_amounts[0].paid) == "0.00 USD"


def test_identifiers_are_sorted_pairs() -> None:
    found = sale(identifiers={"cookie": "x", "card": "9"})

    assert found.identifiers == (("card", "9"), ("cookie", "x"))


@pytest.mark.parametrize(("mode", "net", "tax"), [("exclusive", 667, 127), ("inclusive", 561, 106)])
def test_a_gross_is_not_rounded_twice_where_all_is_exact(mode: str, net: int, tax: int) -> None:
    """33.35 % of 10.00 is 3.335 and leaves 6.665: rounding both up would make a gross of 10.01."""
    line = Line(1, "p", 1, unit_price="10.00", tax_rate="0.19", discounts=[Discount(percent="33.35")])
    figures = sale(line, rounding="total", tax_mode=mode).figures

    assert ((1000,), (333,), (net,), (tax,)) == figures[:4]


@pytest.mark.parametrize("values", [0, False, "", None])
@pytest.mark.parametrize("name", ["discounts", "charges", "payments", "identifiers"])
def test_nothing_is_said_by_an_empty_tuple_and_not_by_what_is_false(name: str, values: object) -> None:
    with pytest.raises(InvalidValue) as caught:
        sale(**{name: values})

    assert caught.value.path == f"Purchase.{name}"
