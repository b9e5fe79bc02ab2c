"""Amounts of money, the currencies they are in, and what they are rounded and converted with."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.errors import InvalidValue
from relex.money import Leftover, Money, RateTable, Rounding
from relex.testing.strategies._basics import bounded, days, either

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "currencies", "leftovers", "moneys", "rate_tables", "roundings", "weights"]

_CURRENCIES = ("USD", "EUR", "JPY", "KWD", "CLF")
_DIGITS = 4
_NUMBER = _checks.optional(_checks.a(int, Decimal))


def currencies() -> SearchStrategy[str]:
    """Codes of a few currencies, with no, two, three and four digits behind the point; shrinks to USD.

    .. versionadded:: 0.1.0
    """
    return _CODES


_CODES = st.sampled_from(_CURRENCIES)


def moneys(
    *,
    currency: str | SearchStrategy[str] | None = None,
    min_value: int | Decimal | None = None,
    max_value: int | Decimal | None = None,
    places: int | None = None,
) -> SearchStrategy[Money]:
    """Amounts of up to 18 digits, more decimals than the currency has among them; shrinks to 0.

    Args:
        currency: The only currency, or what currencies are drawn from; by default `currencies()`.
        min_value: The least amount.
        max_value: The greatest amount.
        places: How many digits are behind the point; by default up to six.

    Raises:
        InvalidValue: For what is no currency, no exact number, or bounds in the wrong order.

    .. versionadded:: 0.1.0
    """
    _NUMBER.require("moneys.min_value", min_value)
    _NUMBER.require("moneys.max_value", max_value)
    if min_value is not None and max_value is not None and max_value < min_value:
        raise InvalidValue("moneys.max_value", max_value, f"a number of at least {min_value}")
    _checks.optional(_checks.whole(least=0)).require("moneys.places", places)
    amounts = _AMOUNTS
    if not (min_value is max_value is places is None):
        amounts = bounded(min_value, max_value, _DIGITS if places is None else places)
    return st.builds(Money, amounts, either("moneys.currency", currency, _checks.currency_code, _CODES))


def _amount(units: int, places: int) -> Decimal:
    return Decimal(units).scaleb(-places)


_AMOUNTS = st.builds(_amount, st.integers(-(10**5), 10**5) | st.integers(-(10**18), 10**18), st.integers(0, 6))


def weights() -> SearchStrategy[tuple[int, ...]]:
    """One to eight weights of at least 0 for an allocation, sometimes all of them 0.

    .. versionadded:: 0.1.0
    """
    return st.lists(st.integers(0, 10**6), min_size=1, max_size=8).map(tuple)


def roundings() -> SearchStrategy[Rounding]:
    """Any mode of rounding.

    .. versionadded:: 0.1.0
    """
    return st.sampled_from(Rounding)


def leftovers() -> SearchStrategy[Leftover]:
    """Any policy for what an allocation leaves over.

    .. versionadded:: 0.1.0
    """
    return st.sampled_from(Leftover)


def rate_tables() -> SearchStrategy[RateTable]:
    """Tables of up to four rates above 0 between different currencies; shrinks to an empty one.

    .. versionadded:: 0.1.0
    """
    return st.builds(_table, days(), st.dictionaries(_PAIRS, _RATES, max_size=4))


def _table(day: date, rates: dict[tuple[str, str], Decimal]) -> RateTable:
    return RateTable(day, [(base, quote, rate) for (base, quote), rate in rates.items()])


_PAIRS = st.sampled_from([(base, quote) for base in _CURRENCIES for quote in _CURRENCIES if base != quote])
_RATES = st.builds(_amount, st.integers(1, 10**9), st.integers(0, 6))

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {Money: moneys, RateTable: rate_tables}
"""The strategy of every stored form of `relex.money`."""
