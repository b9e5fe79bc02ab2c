"""Published cases of splitting points and discounts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from relex.money import Leftover, Money, Rounding, allocate


def usd(*amounts: str) -> tuple[Money, ...]:
    return tuple(Money(amount, "USD") for amount in amounts)


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        pytest.param(300, [123], (300,), id="P8 one"),
        pytest.param(300, [4000, 2000, 2000], (150, 75, 75), id="P8 even"),
        pytest.param(299, [1000, 1000, 1000], (100, 100, 99), id="P8 equal"),
        pytest.param(10, [0, 0], (5, 5), id="P8 zero weights"),
        pytest.param(-20, [100, 100], (-10, -10), id="P8 negative"),
        pytest.param(-300, [4000, 2000, 2000], (-150, -75, -75), id="P8 negative, even"),
        pytest.param(40, [10, 0], (40, 0), id="P8 a weight of zero"),
        pytest.param(299, [4300, 1400, 2300], (161, 52, 86), id="P8 remainders"),
    ],
)
def test_prorating(total: int, weights: list[int], expected: tuple[int, ...]) -> None:
    """Source: vendure, prorate.spec.ts."""
    assert expected == allocate(total, weights)


@pytest.mark.parametrize(
    ("leftover", "expected"),
    [
        pytest.param(Leftover.LARGEST, usd("9.23", "17.69", "23.08"), id="P9 largest"),
        pytest.param(Leftover.FIRST, usd("9.24", "17.69", "23.07"), id="P9 first"),
    ],
)
def test_a_capped_discount_over_lines(leftover: Leftover, expected: tuple[Money, ...]) -> None:
    """Source: solidusio/solidus, promotion specs."""
    discount = min(Money(650, "USD").times(Fraction(15, 100)), Money(50, "USD"))

    assert expected == discount.allocate(usd("120", "230", "300"), leftover)


@pytest.mark.parametrize(
    ("leftover", "expected"),
    [
        pytest.param(Leftover.LARGEST, usd("1.34", "1.33", "1.33"), id="P10 largest"),
        pytest.param(Leftover.FIRST, usd("1.34", "1.33", "1.33"), id="P10 first"),
        pytest.param(Leftover.LAST, usd("1.33", "1.33", "1.34"), id="P10 last"),
    ],
)
def test_an_amount_once_over_equal_lines(leftover: Leftover, expected: tuple[Money, ...]) -> None:
    """Source: django-oscar, absolute benefit tests."""
    assert expected == Money("4.00", "USD").allocate(usd("2.00", "2.00", "2.00"), leftover)


@pytest.mark.parametrize(
    ("weights", "leftover", "expected"),
    [
        pytest.param(["4/5", "2/25", "3/25"], Leftover.FIRST, (13, 1, 1), id="P11 first"),
        pytest.param(["4/5", "2/25", "3/25"], Leftover.LARGEST, (12, 1, 2), id="P11 largest"),
        pytest.param(["1/2", "1/2"], Leftover.FIRST, (8, 7), id="P11 halves, first"),
        pytest.param(["1/2", "1/2"], Leftover.LARGEST, (8, 7), id="P11 halves, largest"),
    ],
)
def test_portions(weights: list[str], leftover: Leftover, expected: tuple[int, ...]) -> None:
    """Source: formancehq/ledger, Numscript tests."""
    assert expected == allocate(15, [Fraction(weight) for weight in weights], leftover)


def test_a_percentage_by_line_and_in_total() -> None:
    """P12. Source: saleor, test_rounding_issue.py."""
    lines = usd("1.06", "2.06", "3.06", "4.06")
    tenth = Fraction(1, 10)

    assert usd(".11", ".21", ".31", ".41") == tuple(line.times(tenth, Rounding.HALF_UP) for line in lines)
    assert usd(".11", ".21", ".30", ".40") == Money.sum(lines).times(tenth).allocate(lines)
