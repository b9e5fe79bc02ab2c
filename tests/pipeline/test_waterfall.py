"""What a quote amounts to, step by step."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.calendars import Months
from relex.errors import InvalidValue
from relex.money import Money, Rounding
from relex.pipeline import PriceTerm, Quote, QuoteLine, QuotePrice, QuoteRounding, Schedule, ScheduleTier
from relex.purchases import Discount

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


def priced(*lines: QuoteLine, currency: str = "USD", **more: Any) -> QuotePrice:
    return Quote.open("q1", currency=currency, lines=lines, at=AT, **more).state.price


def line(number: int, price: Any, quantity: Any = 1, **more: Any) -> QuoteLine:
    return QuoteLine(number, f"p{number}", quantity, list_price=price, **more)


def usd(amount: Any) -> Money:
    return Money(amount, "USD")


def test_every_step_is_kept_with_its_change_and_what_is_left() -> None:
    volume = Schedule("volume", [ScheduleTier(1, None, 10)])
    one = line(1, 100, 10, schedule=volume, contract_price=80, discounts=[Discount(percent=25)], tax_rate="0.2")

    found = priced(one, discounts=[Discount(amount=100)])

    assert [(step.name, step.change, step.amount) for step in found.steps] == [
        ("list", 1000, 1000),
        ("schedule", -100, 900),
        ("contract", -100, 800),
        ("line_discount", -200, 600),
        ("document_discount", -100, 500),
        ("net", 0, 500),
        ("tax", 100, 600),
        ("total", 0, 600),
    ]


def test_rounding_is_a_step_of_its_own() -> None:
    found = priced(line(1, "0.333", 5), line(2, "0.111"))

    assert Fraction("0.004") == found.step("net").change
    assert usd("1.78") == found.net


def test_steps_read_as_amounts() -> None:
    found = priced(line(1, 100, discounts=[Discount(percent=10)], tax_rate="0.2"))

    assert str(found.step("line_discount")) == "line_discount -10.00 = 90.00 USD"
    assert str(found).splitlines()[-1] == "total +0.00 = 108.00 USD"


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(InvalidValue, match="list, schedule, contract"):
        priced(line(1, 1)).step("freight")


def test_an_amount_is_shared_out_by_what_is_left_so_that_taxes_stay_right() -> None:
    found = priced(line(1, 100, tax_rate="0.2"), line(2, 50), discounts=[Discount(amount=30)])

    assert [usd(80), usd(40)] == [each.net for each in found.lines]
    assert usd(16) == found.tax


def test_credits_take_no_share_of_an_amount() -> None:
    found = priced(line(1, 100), line(2, -40), line(3, 20), discounts=[Discount(amount=60)])

    assert [usd(50), usd(-40), usd(10)] == [each.net for each in found.lines]


def test_discounts_of_the_whole_apply_one_after_the_other() -> None:
    assert usd(80) == priced(line(1, 100), discounts=[Discount(percent=10), Discount(amount=10)]).net
    assert usd(81) == priced(line(1, 100), discounts=[Discount(amount=10), Discount(percent=10)]).net


@pytest.mark.parametrize(
    ("lines", "off"),
    [([line(1, 100)], "100.01"), ([line(1, 100), line(2, -80)], 21), ([line(1, -10)], 1), ([], 1)],
    ids=["too-large", "beside-a-credit", "a-credit-alone", "no-lines"],
)
def test_an_amount_is_at_most_what_it_applies_to(lines: list[QuoteLine], off: Any) -> None:
    with pytest.raises(InvalidValue, match=r"Quote\.discounts\[0\].*at most"):
        priced(*lines, discounts=[Discount(amount=off)])


def test_an_amount_is_whole_in_minor_units() -> None:
    with pytest.raises(InvalidValue, match="whole in minor units"):
        priced(line(1, 100), discounts=[Discount(amount="0.005")])
    with pytest.raises(InvalidValue, match="whole in minor units"):
        priced(line(1, 100), currency="JPY", discounts=[Discount(amount="0.5")])


def test_nothing_is_taken_off_nothing() -> None:
    assert usd(0) == priced(line(1, 0), discounts=[Discount(amount=0), Discount(percent=100)]).total


@pytest.mark.parametrize(
    ("mode", "net", "credit"), [(Rounding.HALF_UP, "0.13", "-0.13"), (Rounding.HALF_EVEN, "0.12", "-0.12")]
)
def test_a_tie_is_rounded_as_told(mode: Rounding, net: str, credit: str) -> None:
    rounding = QuoteRounding(mode=mode)

    assert usd(net) == priced(line(1, "0.125"), rounding=rounding).net
    assert usd(credit) == priced(line(1, "-0.125"), rounding=rounding).net


def test_with_total_nothing_is_rounded_on_the_lines() -> None:
    third = PriceTerm(Months(3), length=Months(1))
    found = priced(*[line(each, 100, term=third) for each in (1, 2, 3)], rounding=QuoteRounding(point="total"))

    assert [Fraction(100, 3)] * 3 == [each.steps[-1].amount for each in found.lines]
    assert [usd("33.34"), usd("33.33"), usd("33.33")] == [each.net for each in found.lines]
    assert usd(100) == found.net


def test_with_total_tax_is_rounded_once_for_each_rate() -> None:
    lines = [line(1, "0.05", tax_rate="0.1"), line(2, "0.05", tax_rate="0.1"), line(3, "0.05", tax_rate="0.085")]

    by_line = priced(*lines)
    by_total = priced(*lines, rounding=QuoteRounding(point="total"))

    assert ((Decimal("0.085"), usd(0)), (Decimal("0.1"), usd("0.02"))) == by_line.taxes
    assert ((Decimal("0.085"), usd(0)), (Decimal("0.1"), usd("0.01"))) == by_total.taxes


def test_with_total_negative_shares_add_up_too() -> None:
    lines = [line(1, "-0.004"), line(2, "-0.004"), line(3, "-0.004")]

    found = priced(*lines, rounding=QuoteRounding(point="total"))

    assert usd("-0.01") == found.net == Money.sum([each.net for each in found.lines])


@pytest.mark.parametrize(("floor", "total"), [("none", "-40"), ("zero", "0")])
def test_a_total_below_zero_stays_or_is_shown_as_0(floor: str, total: str) -> None:
    found = priced(line(1, 60), line(2, -100), rounding=QuoteRounding(floor=floor))

    assert usd(total) == found.total
    assert usd(-40) == found.net
    assert Fraction(total) == found.step("total").amount


def test_a_line_has_its_total() -> None:
    assert usd(120) == priced(line(1, 100, tax_rate="0.2")).lines[0].total


def test_without_a_list_price_there_is_no_discount_percent() -> None:
    assert priced(line(1, 0)).discount_percent is None
    assert priced().discount_percent is None


@pytest.mark.parametrize(
    ("field", "value"), [("point", "document"), ("mode", Rounding.FLOOR), ("mode", "half_up"), ("floor", 0)]
)
def test_another_way_of_rounding_is_refused(field: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match=f"QuoteRounding.{field}"):
        QuoteRounding(**{field: value})


@pytest.mark.parametrize(("currency", "total"), [("JPY", "133"), ("KWD", "133.333"), ("USD", "133.33")])
def test_minor_units_are_those_of_the_currency(currency: str, total: str) -> None:
    third = PriceTerm(Months(3), length=Months(4))

    assert Money(total, currency) == priced(line(1, 100, term=third), currency=currency).total


@pytest.mark.parametrize("off", ["0.01", "0.50", "0.98", "0.99", "1.00"])
def test_no_line_falls_below_zero(off: str) -> None:
    found = priced(*[line(number, "0.335") for number in (1, 2, 3)], discounts=[Discount(amount=off)])

    assert all(each.left >= 0 for each in found.lines)
    assert all(each.net.amount >= 0 for each in found.lines)
    assert Fraction("1.005") - Fraction(off) == found.left


def test_all_of_it_can_be_taken_off() -> None:
    found = priced(line(1, "0.335"), line(2, "0.665"), discounts=[Discount(amount=1)])

    assert [Fraction(0), Fraction(0)] == [each.left for each in found.lines]


def test_too_large_an_amount_is_told_in_money() -> None:
    with pytest.raises(InvalidValue, match=r"at most what it applies to, 1\.00 USD"):
        priced(*[line(number, "0.335") for number in (1, 2, 3)], discounts=[Discount(amount="1.02")])
