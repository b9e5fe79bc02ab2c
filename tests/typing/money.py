"""What a checker knows about money and figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_type

from relex import Figure, Money, Rounding
from relex.figures import ratio
from relex.money import RateTable, allocate


def computes(price: Money, prices: Sequence[Money]) -> None:
    """Amounts stay amounts, and amounts divided by amounts are numbers."""
    assert_type(price + price, Money)
    assert_type(-price, Money)
    assert_type(price * 2, Money)
    assert_type(2 * price, Money)
    assert_type(price / price, Fraction)
    assert_type(price < price, bool)
    assert_type(price.amount, Decimal)
    assert_type(price.minor, int)
    assert_type(price.round(Rounding.HALF_EVEN), Money)
    assert_type(Money.sum(prices, "USD"), Money)
    assert_type(price.allocate([1, 2]), tuple[Money, ...])
    assert_type(allocate(100, [1, 2]), tuple[int, ...])
    assert_type(RateTable(date(2026, 1, 5), [("EUR", "USD", "1.08")]).convert(price, "USD"), Money)


def refuses(price: Money) -> None:
    """A checker sees what would raise: each of these lines needs its exception."""
    price + 1  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    price * 0.5  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    Money(0.5, "USD")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def shows(won: int, all_of_them: int) -> None:
    """A figure keeps its parts."""
    share = ratio(won, all_of_them)
    assert_type(share, Figure)
    assert_type(share.show(), str)
    assert_type(share.reason, str | None)
