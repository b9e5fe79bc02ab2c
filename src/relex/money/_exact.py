"""The numbers that money is made of: Decimals of at most 60 digits, read and computed without any rounding."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

from relex import _checks
from relex.errors import InvalidValue
from relex.money._currencies import CODES

__all__ = ["ACCEPTED", "EXACT", "WIDE", "currency_of", "exact_amount", "exact_factor", "exact_step"]

EXACT = decimal.Context(
    prec=60,
    Emax=59,
    Emin=-1,
    traps=[decimal.Inexact, decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
# For the product of two amounts before it is rounded to a minor unit.
WIDE = decimal.Context(prec=200, Emax=999, Emin=-999, traps=[decimal.InvalidOperation, decimal.Overflow])
_MOST_BITS = 200  # of 60 digits
ACCEPTED = "an int, str or Decimal of at most 60 digits (a float is never exact)"


def exact_amount(path: str, value: object) -> Decimal:
    """An exact Decimal within bounds, its zero without a sign."""
    try:
        found = EXACT.plus(value if isinstance(value, Decimal) else _read(value))
    except (decimal.DecimalException, TypeError):
        raise InvalidValue(path, value, ACCEPTED) from None
    if not found.is_finite():
        raise InvalidValue(path, value, ACCEPTED)
    return found


def _read(value: object) -> Decimal:
    """A Decimal out of text or an int; `TypeError` for anything else, or an int too large to be worth converting."""
    if isinstance(value, str):
        return EXACT.create_decimal(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= _MOST_BITS:
        return EXACT.create_decimal(value)
    raise TypeError


def currency_of(path: str, value: object) -> str:
    """A currency code, as the one str that all amounts share where it is a known one."""
    if isinstance(value, str) and value in CODES:
        return CODES[value]
    _checks.currency_code.require(path, value)
    return str(value)


def exact_factor(value: object) -> Decimal | None:
    """What an amount can be multiplied by; None for what is no number at all."""
    if not isinstance(value, (int, float, Decimal, Fraction)):
        return None
    if isinstance(value, Fraction):
        raise InvalidValue("Money.*", value, "an int or Decimal; `times` multiplies by a Fraction and rounds once")
    return exact_amount("Money.*", value)


def exact_step(value: object) -> Decimal:
    """The step of a rounding: an amount above 0."""
    found = exact_amount("Money.round.to", value)
    if found <= 0:
        raise InvalidValue("Money.round.to", value, "a step above 0")
    return found
