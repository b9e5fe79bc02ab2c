"""Strategies for amounts of money."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from relex.money import Leftover, Money, Rounding

CURRENCIES = ("USD", "EUR", "JPY", "KWD", "CLF")


def currencies() -> st.SearchStrategy[str]:
    """A few currencies of every number of minor digits."""
    return st.sampled_from(CURRENCIES)


def decimals() -> st.SearchStrategy[Decimal]:
    """Amounts of up to 18 digits, up to 6 of them decimals."""
    units = st.integers(-(10**18), 10**18)
    return st.builds(lambda units, places: Decimal(units).scaleb(-places), units, st.integers(0, 6))


def moneys(currency: str | None = None) -> st.SearchStrategy[Money]:
    """Amounts with any number of decimals, in one currency or in any."""
    return st.builds(Money, decimals(), currencies() if currency is None else st.just(currency))


def whole_moneys() -> st.SearchStrategy[Money]:
    """Amounts that are whole in minor units."""
    return st.builds(Money.of_minor, st.integers(-(10**15), 10**15), currencies())


def weights() -> st.SearchStrategy[list[int]]:
    """One to eight weights, some of them 0."""
    return st.lists(st.integers(0, 10**6), min_size=1, max_size=8)


def leftovers() -> st.SearchStrategy[Leftover]:
    """Any policy."""
    return st.sampled_from(Leftover)


def modes() -> st.SearchStrategy[Rounding]:
    """Any mode."""
    return st.sampled_from(Rounding)
