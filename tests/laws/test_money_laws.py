"""Laws of money: parts add up to the whole, no operation creates a currency, nothing depends on the context."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st

from relex.errors import CurrencyMismatch
from relex.money import Leftover, Money, Rounding, allocate
from relex.testing.strategies import decimals, leftovers, moneys, roundings, weights

lean = settings(max_examples=60)
factors = decimals(min_value=-(10**12), max_value=10**12)


@lean
@given(moneys(currency="USD"), moneys(currency="USD"), moneys(currency="USD"))
def test_addition_associates_commutes_and_is_undone(a: Money, b: Money, c: Money) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a == a + b - b
    assert a - b == a + -b
    assert a + Money.zero("USD") == a


@lean
@given(st.lists(moneys(currency="EUR"), max_size=8))
def test_a_sum_is_repeated_addition(amounts: list[Money]) -> None:
    total = Money.zero("EUR")
    for amount in amounts:
        total = total + amount

    assert total == Money.sum(amounts, "EUR")


@lean
@given(moneys(currency="USD"), moneys(currency="USD"), st.integers(-1000, 1000))
def test_multiplication_distributes(a: Money, b: Money, n: int) -> None:
    assert (a + b) * n == a * n + b * n


@lean
@given(moneys(), moneys())
def test_no_operation_creates_a_currency(a: Money, b: Money) -> None:
    if a.currency != b.currency:
        for operation in (lambda: a + b, lambda: a - b, lambda: a / b, lambda: a < b, lambda: Money.sum([a, b])):
            with pytest.raises(CurrencyMismatch):
                operation()
        assert a != b
    else:
        results = (a + b, a - b, -a, abs(a), a * 3, a.round(), a.times(Fraction(2, 3)), Money.sum([a, b]))

        assert {a.currency} == {result.currency for result in results}


@lean
@given(moneys(currency="KWD"), moneys(currency="KWD"))
def test_order_is_total_and_agrees_with_equality(a: Money, b: Money) -> None:
    assert [a < b, a == b, a > b].count(True) == 1
    assert (a <= b) == (not a > b)
    assert (a == b) <= (hash(a) == hash(b))


@lean
@given(moneys(), roundings())
def test_rounding_moves_less_than_a_minor_unit_and_only_once(a: Money, mode: Rounding) -> None:
    rounded = a.round(mode)
    step = Money.of_minor(1, a.currency)

    assert abs(rounded - a) < step
    assert rounded == rounded.round(mode) == Money.of_minor(rounded.minor, a.currency)
    assert rounded == Money.rounded(a.amount, a.currency, mode)


@lean
@given(moneys())
def test_half_up_is_symmetric_and_nearest(a: Money) -> None:
    assert -a.round() == (-a).round()
    assert abs(a.round() - a) * 2 <= Money.of_minor(1, a.currency)


@lean
@given(moneys(), factors, roundings())
def test_times_is_the_exact_product_rounded_once(a: Money, factor: Any, mode: Rounding) -> None:
    assert a.times(Fraction(factor), mode) == a.times(factor, mode)


@lean
@given(moneys().map(Money.round), weights(), leftovers())
def test_the_parts_of_an_allocation_add_up_to_the_whole(
    money: Money, parts: tuple[int, ...], leftover: Leftover
) -> None:
    shares = money.allocate(parts, leftover)

    assert money == Money.sum(shares)
    assert len(parts) == len(shares)


@lean
@given(st.integers(-(10**12), 10**12), weights(), leftovers())
def test_allocation_is_symmetric_in_sign_and_gives_nothing_to_a_weight_of_zero(
    total: Any, parts: tuple[int, ...], leftover: Leftover
) -> None:
    shares = allocate(total, parts, leftover)

    assert tuple(-share for share in shares) == allocate(-total, parts, leftover)
    if any(parts):
        assert not any(share for share, weight in zip(shares, parts, strict=True) if weight == 0)


@lean
@given(st.integers(0, 10**12), weights(), leftovers(), st.fractions(min_value=Fraction(1, 1000), max_value=1000))
def test_only_the_proportions_of_weights_matter(
    total: Any, parts: tuple[int, ...], leftover: Leftover, factor: Any
) -> None:
    assert allocate(total, parts, leftover) == allocate(total, [part * factor for part in parts], leftover)


@lean
@given(st.integers(0, 10**12), weights())
def test_the_largest_remainder_stays_within_one_unit_of_the_exact_share(total: Any, parts: tuple[int, ...]) -> None:
    assume(any(parts))
    shares = allocate(total, parts, Leftover.LARGEST)

    assert all(
        abs(share - Fraction(total * weight, sum(parts))) < 1 for share, weight in zip(shares, parts, strict=True)
    )


@lean
@given(
    moneys(currency="USD"),
    moneys(currency="USD"),
    factors,
    roundings(),
    st.integers(1, 6),
    st.sampled_from([decimal.ROUND_UP, decimal.ROUND_FLOOR]),
)
def test_nothing_depends_on_the_callers_decimal_context(
    a: Money, b: Money, factor: Any, mode: Rounding, precision: int, rounding: str
) -> None:
    def results() -> list[object]:
        return [a + b, a - b, -a, abs(a), a * 7, a.round(mode), a.times(factor, mode), Money.sum([a, b]),
                a < b, str(a), Money(str(a.amount), "USD"), Rounding.HALF_EVEN.apply(factor)]  # fmt: skip

    expected = results()

    with decimal.localcontext(decimal.Context(prec=precision, rounding=rounding, traps=[decimal.Inexact])):
        assert expected == results()


@lean
@given(moneys())
def test_repr_and_text_are_read_back(a: Money) -> None:
    amount, currency = str(a).split()

    assert a == Money(amount, currency) == Money(Decimal(amount), currency)
