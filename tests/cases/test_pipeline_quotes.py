"""Published cases of prices, discounts, roundings and quotes (PL-57 to PL-69).

PL-62 and PL-63 are in `test_pipeline_rounding`, PL-65 and PL-66 in `test_proration`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.errors import InvalidValue, Rejected
from relex.money import Money
from relex.pipeline import Quote, QuoteLine, QuoteRounding, Schedule, ScheduleTier
from relex.purchases import Discount

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def line(quantity: int, price: int | str, number: int = 1, **more: Any) -> QuoteLine:
    off = {name: more.pop(name) for name in ("percent", "amount", "per_unit") if name in more}
    discounts = [Discount(**off)] if off else []
    return QuoteLine(number, "p", quantity, list_price=price, discounts=discounts, **more)


def quote(*lines: QuoteLine, **more: Any) -> Quote:
    return Quote.open("q1", currency="USD", lines=lines, at=AT, **more).state


def net(*lines: QuoteLine, **more: Any) -> Decimal:
    return quote(*lines, **more).price.net.amount


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(line(2, 100, percent=10), "180", id="PL-57 percent"),
        pytest.param(line(3, 20, amount=3), "57", id="PL-57 on the line"),
        pytest.param(line(2, 100, per_unit=5), "190", id="PL-57 on each unit"),
        pytest.param(line(3, 20, percent=3), "58.20", id="PL-58 percent"),
        pytest.param(line(2, 100, amount=5), "195", id="PL-58 on the line"),
        pytest.param(line(3, 20, per_unit=3), "51", id="PL-58 on each unit"),
    ],
)
def test_discounts_of_a_line(given: QuoteLine, expected: str) -> None:
    """Source: creme, billing tests."""
    assert Decimal(expected) == net(given)


@pytest.mark.parametrize(
    ("percent", "expected"), [pytest.param(10, 180, id="PL-58 10 %"), pytest.param(5, 190, id="PL-58 5 %")]
)
def test_a_discount_of_the_document(percent: int, expected: int) -> None:
    """Source: creme, billing tests."""
    assert expected == net(line(2, 100), discounts=[Discount(percent=percent)])


@pytest.mark.parametrize(
    ("quantity", "price", "off"),
    [
        pytest.param(1, 100, {"percent": -1}, id="PL-59 a percent below 0"),
        pytest.param(1, 100, {"percent": 101}, id="PL-59 a percent above 100"),
        pytest.param(1, 100, {"amount": 101}, id="PL-59 more than one unit"),
        pytest.param(2, 40, {"amount": 81}, id="PL-59 more than the line"),
        pytest.param(1, 100, {"per_unit": 101}, id="PL-59 more than the price"),
        pytest.param(2, 40, {"per_unit": 41}, id="PL-59 more than the price of two"),
    ],
)
def test_discounts_that_are_too_large(quantity: int, price: int, off: dict[str, int]) -> None:
    """Source: creme."""
    with pytest.raises(InvalidValue):
        line(quantity, price, **off)


def test_a_discount_that_is_just_not_too_large() -> None:
    """PL-59. Source: creme."""
    assert net(line(1, 100, per_unit=99)) == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([line(5, 100), line(3, 200, 2, percent=10)], [500, 540], id="PL-60 two lines"),
        pytest.param([line(10, 100, percent=10)], [900], id="PL-60 percent"),
        pytest.param([line(5, 100, amount=50)], [450], id="PL-60 on the line"),
    ],
)
def test_lines_and_their_sum(lines: list[QuoteLine], expected: list[int]) -> None:
    """Source: frappe/crm issue 791; BottleCRM."""
    price = quote(*lines).price

    assert expected == [each.net.amount for each in price.lines]
    assert sum(expected) == price.net.amount


@pytest.mark.parametrize(
    ("point", "tax"), [pytest.param("line", "71.06", id="PL-61 line"), pytest.param("total", "71.05", id="PL-61 total")]
)
def test_tax_by_line_and_by_total(point: str, tax: str) -> None:
    """Source: odoo issue 23125."""
    prices = ["598.89", "329.84", "-59.89", "-32.98"]
    lines = [line(1, price, number, tax_rate="0.085") for number, price in enumerate(prices, 1)]

    found = quote(*lines, rounding=QuoteRounding(point=point)).price

    assert Money("835.86", "USD") == found.net
    assert Money(tax, "USD") == found.tax


@pytest.mark.parametrize(
    ("mode", "expected"),
    [pytest.param("range", "10.8", id="PL-64 range"), pytest.param("slab", "11.45", id="PL-64 slab")],
)
def test_volume_discounts(mode: str, expected: str) -> None:
    """Source: own, by the rule of Salesforce CPQ."""
    tiers = [ScheduleTier(1, 4, 0), ScheduleTier(5, 9, 5), ScheduleTier(10, None, 10)]
    volume = Schedule("volume", tiers, mode=mode)

    assert Decimal(expected) == line(12, 1, schedule=volume).net


def test_the_discount_of_the_whole() -> None:
    """PL-67: not the mean of 20 and 35. Source: own."""
    found = quote(line(1, 1000, amount=200), line(1, 200, 2, amount=70))

    assert Fraction("22.5") == found.price.discount_percent
    assert Decimal("22.5") == found.facts()["discount_percent"]


def test_the_last_date_is_valid() -> None:
    """PL-68. Source: own."""
    sent = quote(line(1, 100), valid_until=date(2026, 5, 31)).send(at=AT).state
    last_minute = datetime(2026, 5, 31, 23, 59, tzinfo=BERLIN)
    midnight = datetime(2026, 6, 1, 0, 0, tzinfo=BERLIN)

    assert sent.accept(at=last_minute, tz=BERLIN).state.status == "accepted"
    with pytest.raises(Rejected) as refused:
        sent.accept(at=midnight, tz=BERLIN)
    assert refused.value.reason == "expired"


def test_only_the_latest_revision_can_be_accepted_once() -> None:
    """PL-69. Source: own."""
    first = quote(line(1, 100)).send(at=AT)
    second = first.then(lambda it: it.revise(at=AT)).then(lambda it: it.send(at=AT)).state

    with pytest.raises(Rejected) as old:
        second.accept(revision=1, at=AT)
    accepted = second.accept(revision=2, at=AT).state
    with pytest.raises(Rejected) as again:
        accepted.accept(revision=2, at=AT)

    assert old.value.reason == "superseded"
    assert accepted.status == "accepted"
    assert again.value.reason == "already_accepted"
