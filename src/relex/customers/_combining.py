"""How many values become one: added up, the largest, the smallest, or counted; exactly, and in one currency."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import CurrencyMismatch, InvalidValue
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.figures import Number

__all__ = ["HOWS", "Combined", "check_values", "combined", "joined"]

HOWS = ("total", "largest", "smallest", "count")
_EXACT = decimal.Context(prec=200, traps=[decimal.Inexact, decimal.InvalidOperation])
_NUMBER = _checks.Check(
    "an int, Decimal, Fraction or Money (a float is never exact)",
    lambda value: isinstance(value, Money) or _checks.exact.passes(value),
)


@attrs.frozen
class Combined:
    """A value made of so many; None of none."""

    value: Number | None = None
    count: int = 0


_NOTHING = Combined()


def check_values(path: str, values: Iterable[tuple[str, object]]) -> None:
    """Raise unless all are exact numbers, or all are money in one currency."""
    first: object = None
    for name, value in values:
        _NUMBER.require(f"{path}[{name!r}]", value)
        first = value if first is None else first
        if isinstance(value, Money) != isinstance(first, Money):
            raise InvalidValue(f"{path}[{name!r}]", value, "money only, or plain numbers only")
        if isinstance(value, Money) and isinstance(first, Money) and value.currency != first.currency:
            raise CurrencyMismatch(first.currency, value.currency)


def combined(values: Iterable[Number], how: str) -> Combined:
    """What values make together."""
    found = _NOTHING if how != "count" else Combined(0, 0)
    for value in values:
        found = joined(found, Combined(1 if how == "count" else value, 1), how)
    return found


def joined(one: Combined, other: Combined, how: str) -> Combined:
    """What two parts make together."""
    if one.value is None or other.value is None:
        return other if one.value is None else one
    return Combined(_value(one.value, other.value, how), one.count + other.count)


def _size(value: Any) -> Any:
    """What any two values are compared by."""
    return value if isinstance(value, Money) else Fraction(value)


def _value(one: Any, other: Any, how: str) -> Number:
    if how in ("largest", "smallest"):
        return (max if how == "largest" else min)(one, other, key=_size)  # type: ignore[no-any-return]
    if isinstance(one, Fraction) or isinstance(other, Fraction):
        return Fraction(one) + Fraction(other)
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        return _EXACT.add(one, other)
    return one + other  # type: ignore[no-any-return]
