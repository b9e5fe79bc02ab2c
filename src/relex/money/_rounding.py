"""Rounding of exact numbers to whole ones, always by a named mode and never through a float."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from relex import _checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

__all__ = ["Rounding"]


def _half_up(numerator: int, denominator: int) -> int:
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def _floor(numerator: int, denominator: int) -> int:
    return numerator // denominator


def _ceiling(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def _down(numerator: int, denominator: int) -> int:
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator) if numerator >= 0 else numerator // denominator


_QUOTIENTS: dict[str, Callable[[int, int], int]] = {
    "half_up": _half_up,
    "half_even": _half_even,
    "floor": _floor,
    "ceiling": _ceiling,
    "down": _down,
    "up": _up,
}


class Rounding(Enum):
    """How an exact number becomes a whole one.

    `HALF_UP` takes the nearer whole number and on a tie the one away from zero; `HALF_EVEN` on a tie the even one.
    `FLOOR` and `CEILING` go down and up the number line, `DOWN` and `UP` towards and away from zero.

    Attributes:
        in_decimal: What the standard library's `decimal` calls this mode.

    Example:
        >>> from decimal import Decimal
        >>> from fractions import Fraction
        >>> Rounding.HALF_UP.apply(Decimal("-2.5")), Rounding.HALF_EVEN.apply(Decimal("-2.5"))
        (-3, -2)
        >>> Rounding.FLOOR.apply(Fraction(-1, 3)), Rounding.DOWN.apply(Fraction(-1, 3))
        (-1, 0)

    .. versionadded:: 0.1.0
    """

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    FLOOR = "floor"
    CEILING = "ceiling"
    DOWN = "down"
    UP = "up"

    _quotient: Callable[[int, int], int]
    in_decimal: str

    def __init__(self, mode: str) -> None:
        self._quotient = _QUOTIENTS[mode]
        self.in_decimal = f"ROUND_{mode.upper()}"

    def divide(self, numerator: int, denominator: int) -> int:
        """The quotient of two ints, rounded once; `denominator` must be above 0.

        The fast path for exact arithmetic on ints: nothing is checked.

        Example:
            >>> Rounding.HALF_UP.divide(7, 2), Rounding.DOWN.divide(-7, 2)
            (4, -3)

        .. versionadded:: 0.1.0
        """
        return self._quotient(numerator, denominator)

    def apply(self, number: Fraction | Decimal | int) -> int:
        """An exact number as an int.

        Raises:
            InvalidValue: For a float, a bool, NaN, an infinity, or a Decimal of more than 60 digits.

        .. versionadded:: 0.1.0
        """
        if not isinstance(number, Fraction):
            _checks.exact.require("Rounding.apply.number", number)
        return self._quotient(*number.as_integer_ratio())
