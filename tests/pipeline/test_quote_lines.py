"""Lines of a quote: what they state, and what is left of it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.calendars import Months
from relex.errors import InvalidValue
from relex.pipeline import PriceTerm, QuoteLine, Schedule, ScheduleTier
from relex.purchases import Discount

VOLUME = Schedule("volume", [ScheduleTier(1, 4, 0), ScheduleTier(5, None, 10)])


def line(quantity: Any = 2, price: Any = 100, **more: Any) -> QuoteLine:
    return QuoteLine(1, "seat", quantity, list_price=price, **more)


def test_the_price_goes_down_step_by_step() -> None:
    found = line(10, 100, schedule=VOLUME, contract_price=80, discounts=[Discount(percent=25), Discount(amount=50)])

    assert found.amounts == (1000, 900, 800, 550)


def test_discounts_apply_one_after_the_other() -> None:
    assert line(discounts=[Discount(amount=100), Discount(percent=50)]).net == 50
    assert line(discounts=[Discount(percent=50), Discount(amount=100)]).net == 0


def test_a_term_multiplies_prices_and_costs() -> None:
    found = line(term=PriceTerm(Months(12), length=Months(18)), schedule=VOLUME, contract_price=90, cost=10)

    assert found.amounts[:3] == (300, 300, 270)
    assert found.costs == 30


def test_a_third_stays_a_third() -> None:
    assert Fraction(100, 3) == line(1, 100, term=PriceTerm(Months(3), length=Months(1))).net


def test_nothing_of_it_and_nothing_for_it_are_values() -> None:
    assert line(0).net == 0
    assert line(2, 0).net == 0
    assert line().costs is None


def test_a_credit_has_a_negative_price() -> None:
    assert line(1, "-59.89", discounts=[Discount(percent=50)]).net == Fraction("-29.945")


@pytest.mark.parametrize(
    "discounts",
    [
        [Discount(amount="200.01")],
        [Discount(per_unit="100.01")],
        [Discount(percent=50), Discount(amount=101)],
        [Discount(amount=150), Discount(per_unit=26)],
    ],
    ids=["line", "unit", "after-a-percent", "after-an-amount"],
)
def test_a_discount_is_at_most_what_remains(discounts: list[Discount]) -> None:
    with pytest.raises(InvalidValue, match=rf"QuoteLine\.discounts\[{len(discounts) - 1}\]"):
        line(discounts=discounts)


def test_an_amount_for_each_unit_is_at_most_the_price_even_without_units() -> None:
    assert line(0, discounts=[Discount(per_unit=100)]).net == 0
    with pytest.raises(InvalidValue):
        line(0, discounts=[Discount(per_unit=101)])
    with pytest.raises(InvalidValue):
        line(0, contract_price=50, discounts=[Discount(per_unit=51)])


def test_no_amount_is_taken_off_a_credit() -> None:
    with pytest.raises(InvalidValue):
        line(1, -10, discounts=[Discount(amount=1)])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", 0),
        ("product", ""),
        ("quantity", -1),
        ("quantity", 1.5),
        ("list_price", 9.99),
        ("list_price", "cheap"),
        ("contract_price", 9.99),
        ("tax_rate", "8.5"),
        ("cost", -1),
        ("discounts", ["10 %"]),
        ("term", Months(12)),
        ("book", ""),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    usual: dict[str, Any] = {"number": 1, "product": "seat", "quantity": 1, "list_price": 1}

    with pytest.raises(InvalidValue, match=rf"QuoteLine\.{field}"):
        QuoteLine(**(usual | {field: value}))


def test_the_callers_decimal_context_does_not_matter() -> None:
    price = Decimal("-12345678901234567890.123456789")

    assert line(1, price).list_price == price


def test_an_amount_for_each_unit_is_off_the_price_for_its_time() -> None:
    two_years = PriceTerm(Months(12), length=Months(24))
    one_month = PriceTerm(Months(12), length=Months(1))

    assert QuoteLine(1, "seat", 2, list_price=30, term=two_years, discounts=[Discount(per_unit=5)]).net == 100
    assert QuoteLine(1, "seat", 2, list_price=30, term=one_month, discounts=[Discount(per_unit=30)]).net == 0
    with pytest.raises(InvalidValue, match="at most what it applies to"):
        QuoteLine(1, "seat", 2, list_price=30, term=two_years, discounts=[Discount(per_unit=50)])


def test_a_line_has_few_discounts() -> None:
    few = [Discount(percent=1)] * 20

    assert len(QuoteLine(1, "seat", 2, list_price=30, discounts=few).discounts) == 20
    with pytest.raises(InvalidValue, match=r"QuoteLine\.discounts: expected at most 20 discounts, got 21"):
        QuoteLine(1, "seat", 2, list_price=30, discounts=[*few, Discount(percent=1)])
