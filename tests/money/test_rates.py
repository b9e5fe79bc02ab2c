"""Rates on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from relex.errors import InvalidValue, NotFound
from relex.money import Money, RateTable, Rounding

DAY = date(2026, 1, 5)
TABLE = RateTable(DAY, [("USD", "JPY", "151.335"), ("EUR", "USD", Decimal("1.08"))])


def test_is_the_same_table_in_any_order() -> None:
    turned = RateTable(DAY, [("EUR", "USD", "1.080"), ("USD", "JPY", "151.335")])

    assert turned == TABLE
    assert hash(turned) == hash(TABLE)


def test_converts_exactly() -> None:
    assert Money("1.51335", "JPY") == TABLE.convert(Money("0.01", "USD"), "JPY")


def test_converts_and_rounds_by_a_named_mode() -> None:
    assert Money(2, "JPY") == TABLE.convert(Money("0.01", "USD"), "JPY", Rounding.UP)


def test_the_same_currency_stays() -> None:
    assert Money("0.015", "CHF") == TABLE.convert(Money("0.015", "CHF"), "CHF")


@pytest.mark.parametrize(("base", "quote"), [("JPY", "USD"), ("EUR", "JPY"), ("CHF", "USD")])
def test_inverts_and_chains_nothing(base: str, quote: str) -> None:
    with pytest.raises(NotFound) as error:
        TABLE.rate(base, quote)

    assert f"{base}/{quote}" == error.value.id


@pytest.mark.parametrize(
    ("rates", "path"),
    [
        ([("USD", "EUR", 0)], "RateTable.rates[0][2]"),
        ([("USD", "EUR", -1)], "RateTable.rates[0][2]"),
        ([("USD", "EUR", 0.92)], "RateTable.rates[0][2]"),
        ([("USD", "EUR", Money(1, "EUR"))], "RateTable.rates[0][2]"),
        ([("usd", "EUR", 1)], "RateTable.rates[0][0]"),
        ([("USD", "EURO", 1)], "RateTable.rates[0][1]"),
        ([("USD", "USD", 1)], "RateTable.rates[0]"),
        ([("USD", "EUR")], "RateTable.rates[0]"),
        (["USD"], "RateTable.rates[0]"),
        ([("USD", "EUR", 1), ("USD", "EUR", 2)], "RateTable.rates"),
        (1, "RateTable.rates"),
    ],
)
def test_refuses_bad_rates(rates: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        RateTable(DAY, rates)

    assert path == error.value.path


@pytest.mark.parametrize("day", [datetime(2026, 1, 5, tzinfo=UTC), "2026-01-05", None])
def test_needs_its_date(day: Any) -> None:
    with pytest.raises(InvalidValue, match=r"RateTable\.day"):
        RateTable(day, [])


def test_refuses_what_is_no_currency_code() -> None:
    with pytest.raises(InvalidValue, match=r"RateTable\.rate\.base"):
        TABLE.rate([], "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize(("money", "to"), [(1, "USD"), (Money(1, "USD"), "yen")])
def test_refuses_to_convert_what_is_no_money_and_to_no_currency(money: Money, to: Any) -> None:
    with pytest.raises(InvalidValue, match=r"RateTable\.convert"):
        TABLE.convert(money, to)
