"""Exact numbers as ints over a common scale, whatever the caller's decimal context."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, TypeAlias

from relex import _checks

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Number", "Written", "as_number", "decimal_of", "scaled", "shared_out", "sum_of"]

Number: TypeAlias = int | Decimal | Fraction
Written: TypeAlias = Number | str
"""A number as people write it."""

_CONTEXT = Context(prec=400, Emin=MIN_EMIN, Emax=MAX_EMAX)
_scaleb = _CONTEXT.scaleb
_PLACES = 4
_SCALE = 10**_PLACES


def as_number(path: str, value: object, *, above: int | None = None, least: int | None = None) -> Number:
    """An exact number within bounds out of what people write."""
    found = _checks.exact_number(path, value)
    _checks.number(above=above, least=least).require(path, found)
    return found


def decimal_of(minor: int, digits: int) -> Decimal:
    """An amount in minor units as a Decimal with so many places."""
    return _scaleb(Decimal(minor), -digits)


def scaled(values: Sequence[Number]) -> tuple[list[int], int]:
    """Ints and a scale such that each value is its int / scale."""
    found = []
    for value in values:
        if type(value) is int:
            found.append(value * _SCALE)
            continue
        if type(value) is Decimal:
            shifted = _scaleb(value, _PLACES)
            whole = int(shifted)
            if whole == shifted:
                found.append(whole)
                continue
        return _by_common_denominator(values)
    return found, _SCALE


def _by_common_denominator(values: Sequence[Number]) -> tuple[list[int], int]:
    pairs = [value.as_integer_ratio() for value in values]
    scale = lcm(*[denominator for _, denominator in pairs])
    return [numerator * (scale // denominator) for numerator, denominator in pairs], scale


def sum_of(values: Sequence[int | Decimal]) -> int | Decimal:
    """The exact sum."""
    total: int | Decimal = 0
    for value in values:
        total = total + value if type(total) is type(value) is int else _CONTEXT.add(total, value)
    return total


def shared_out(total: int, parts: Sequence[int], denominator: int) -> list[int]:
    """`total` spread over exact parts (over one denominator): each one's floor, then the largest remainders first.

    The parts may be negative; ties go to the earlier part.
    """
    found = [part // denominator for part in parts]
    left = total - sum(found)
    if left:
        lacking = [whole * denominator - part for whole, part in zip(found, parts, strict=True)]
        if left == 1:
            found[lacking.index(min(lacking))] += 1
            return found
        for place in sorted(range(len(found)), key=lacking.__getitem__)[:left]:
            found[place] += 1
    return found
