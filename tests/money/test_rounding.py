"""Rounding of exact numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.money import Rounding

HALVES = (-5, -3, -1, 1, 3, 5)  # -2.5, -1.5, -0.5, 0.5, 1.5, 2.5
THIRDS = (-4, -2, 2, 4)


@pytest.mark.parametrize(
    ("mode", "halves", "thirds"),
    [
        (Rounding.HALF_UP, (-3, -2, -1, 1, 2, 3), (-1, -1, 1, 1)),
        (Rounding.HALF_EVEN, (-2, -2, 0, 0, 2, 2), (-1, -1, 1, 1)),
        (Rounding.FLOOR, (-3, -2, -1, 0, 1, 2), (-2, -1, 0, 1)),
        (Rounding.CEILING, (-2, -1, 0, 1, 2, 3), (-1, 0, 1, 2)),
        (Rounding.DOWN, (-2, -1, 0, 0, 1, 2), (-1, 0, 0, 1)),
        (Rounding.UP, (-3, -2, -1, 1, 2, 3), (-2, -1, 1, 2)),
    ],
)
def test_every_mode_on_both_sides_of_zero(mode: Rounding, halves: tuple[int, ...], thirds: tuple[int, ...]) -> None:
    assert halves == tuple(mode.apply(Fraction(n, 2)) for n in HALVES)
    assert thirds == tuple(mode.divide(n, 3) for n in THIRDS)


@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize("number", [-2, 0, 7, Decimal("3.00"), Fraction(9, 3)])
def test_whole_numbers_stay(mode: Rounding, number: Any) -> None:
    assert number == mode.apply(number)


@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize("number", ["2.5", "-2.5", "0.4999", "1.5000001"])
def test_decimals_round_as_the_standard_library_does(mode: Rounding, number: Any) -> None:
    expected = int(Decimal(number).quantize(Decimal(1), mode.in_decimal))

    assert expected == mode.apply(Decimal(number))


@pytest.mark.parametrize("number", [2.5, True, Decimal("NaN"), Decimal("1E+999999"), "2.5", None])
def test_refuses_what_is_not_exact(number: Any) -> None:
    with pytest.raises(InvalidValue):
        Rounding.HALF_UP.apply(number)
