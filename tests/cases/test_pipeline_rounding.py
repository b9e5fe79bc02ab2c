"""Published cases of rounding and conversion."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from relex.errors import CurrencyMismatch
from relex.money import Money, RateTable


def usd(amount: str | int) -> Money:
    return Money(amount, "USD")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param(".014", ".01", id="PL-62 below"),
        pytest.param(".015", ".02", id="PL-62 tie"),
        pytest.param(".016", ".02", id="PL-62 above"),
        pytest.param("2.675", "2.68", id="PL-62 where a float gives 2.67"),
    ],
)
def test_to_cents(amount: str, expected: str) -> None:
    """Source: creme; own."""
    assert usd(expected) == usd(amount).round()


@pytest.mark.parametrize(
    ("exact", "expected", "rounded"),
    [
        pytest.param(usd(29_930) * Decimal("1.130373"), "33832.06389", "33832.06", id="PL-63 erpnext 4631"),
        pytest.param(usd("1.39") * Decimal("18.73") * 95, "2473.2965", "2473.30", id="PL-63 akaunting 367"),
        pytest.param(usd("54.7") - usd("0.8"), "53.9", "53.90", id="PL-63 exactonline client 125"),
    ],
)
def test_products_and_differences_are_exact(exact: Money, expected: str, rounded: str) -> None:
    assert usd(expected) == exact
    assert usd(rounded) == exact.round()


@pytest.mark.parametrize(
    ("amount", "share", "expected"),
    [
        pytest.param("4245.74", Fraction(1, 2), "2122.87", id="PL-44"),
        pytest.param(12_285, Fraction(7, 10), "8599.50", id="PL-45"),
    ],
)
def test_weighted_amounts(amount: str | int, share: Fraction, expected: str) -> None:
    """Source: Pipedrive help; Freshworks CRM help."""
    assert usd(expected) == usd(amount).times(share)


def test_two_currencies_need_rates() -> None:
    """PL-47. Source: OCA crm, pull request 640."""
    amounts = [usd(50), Money(50, "EUR")]
    rates = RateTable(date(2026, 1, 1), [("USD", "BRL", "1.5"), ("EUR", "BRL", 2)])

    with pytest.raises(CurrencyMismatch):
        Money.sum(amounts)
    assert Money(175, "BRL") == Money.sum(rates.convert(amount, "BRL") for amount in amounts)


def test_rounding_once_and_rounding_each() -> None:
    """PL-48. Source: own."""
    deal, share = usd("10.05"), Fraction(33, 100)

    assert usd("9.95") == (deal * 3).times(share)
    assert usd("9.96") == Money.sum([deal.times(share)] * 3)
