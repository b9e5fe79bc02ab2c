"""Arithmetic that does not hang on the caller's decimal context and that would rather fail than round."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

__all__ = ["FACT_DIGITS", "ZERO", "add", "exactly", "fact", "shown"]

ZERO = Decimal(0)
FACT_DIGITS = 28

_EXACT = Context(prec=400, traps=[InvalidOperation, Inexact])
_FACT = Context(prec=FACT_DIGITS, rounding=ROUND_HALF_UP, traps=[InvalidOperation])


def exactly() -> AbstractContextManager[Context]:
    """A block in which decimals are added exactly: 400 digits, and an error instead of a rounded sum."""
    return localcontext(_EXACT)


def add(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    listed = tuple(amounts)
    with localcontext(_EXACT):
        return sum(listed, ZERO)


def fact(value: Fraction) -> Decimal:
    """A fraction as a fact that rules can compare: 28 significant digits, half up."""
    return _FACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def shown(value: Decimal | Fraction | int, places: int = 2) -> str:
    """A number for people: so many places, half away from zero.

    Example:
        >>> shown(Fraction(-1, 8)), shown(Decimal(1234))
        ('-0.13', '1,234.00')
    """
    scaled = abs(Fraction(value)) * 10**places
    units = int(scaled + Fraction(1, 2))
    sign = "-" if value < 0 and units else ""
    whole, part = divmod(units, 10**places)
    return f"{sign}{whole:,}" + (f".{part:0{places}}" if places else "")
