"""Splitting a whole number by weights so that the parts add up to it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from itertools import compress
from math import lcm
from typing import TYPE_CHECKING, TypeVar

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from fractions import Fraction

__all__ = ["Leftover", "allocate", "listed"]

T = TypeVar("T")

_TOTAL = _checks.whole()
_WEIGHT = _checks.number(least=0)


class Leftover(Enum):
    """Who gets the units that are left when every exact share has been cut down to a whole number.

    Nobody with a weight of 0 gets any, unless all weights are 0.

    - `LARGEST`: one unit each to the largest cut-off fractions; ties to the earlier one.
    - `FIRST`: one unit each from the first on.
    - `LAST`: all of them to the last.

    .. versionadded:: 0.1.0
    """

    LARGEST = "largest"
    FIRST = "first"
    LAST = "last"


_POLICY = _checks.a(Leftover)


def allocate(
    total: int, weights: Iterable[int | Fraction | Decimal], leftover: Leftover = Leftover.LARGEST
) -> tuple[int, ...]:
    """Split `total` in proportion to `weights`; the parts always add up to `total`.

    A weight of 0 gets 0, unless all weights are 0: then the parts are as equal as they can be.
    A negative total gives the negated parts of its absolute value.

    Args:
        total: What is split, in its smallest unit.
        weights: Exact numbers of at least 0; only their proportions matter. Empty only for a total of 0.
        leftover: Who gets the units that the proportions leave over.

    Raises:
        InvalidValue: For a total that is no int, a weight that is negative or not exact, or no weight at all.

    Source: the largest remainder method (Hamilton 1792).

    Example:
        >>> from fractions import Fraction
        >>> allocate(299, [4300, 1400, 2300])
        (161, 52, 86)
        >>> allocate(15, [Fraction(4, 5), Fraction(2, 25), Fraction(3, 25)], Leftover.FIRST)
        (13, 1, 1)
        >>> allocate(-5, [0, 0])
        (-3, -2)

    .. versionadded:: 0.1.0
    """
    _TOTAL.require("allocate.total", total)
    _POLICY.require("allocate.leftover", leftover)
    shares = _in_ints(listed("allocate.weights", weights))
    if not shares and total:
        raise InvalidValue("allocate.weights", (), "at least one weight")
    parts = _split(abs(total), shares, leftover)
    return tuple(parts) if total >= 0 else tuple(-part for part in parts)


def listed(path: str, values: Iterable[T]) -> tuple[T, ...]:
    """The values as a tuple, refusing at the path what has none."""
    if not isinstance(values, Iterable):
        raise InvalidValue(path, values, "an iterable, such as a tuple or a list")
    return tuple(values)


def _in_ints(weights: Sequence[int | Fraction | Decimal]) -> Sequence[int]:
    """The same proportions in ints; all 1 when all are 0."""
    shares = [weight for weight in weights if type(weight) is int and weight >= 0]
    if len(shares) != len(weights):
        shares = _scaled(weights)
    return shares if any(shares) else [1] * len(shares)


def _scaled(weights: Sequence[int | Fraction | Decimal]) -> list[int]:
    for place, weight in enumerate(weights):
        _WEIGHT.require(f"allocate.weights[{place}]", weight)
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*[denominator for _, denominator in ratios])
    return [numerator * (common // denominator) for numerator, denominator in ratios]


def _split(total: int, shares: Sequence[int], leftover: Leftover) -> list[int]:
    whole = sum(shares)
    cuts = [divmod(total * share, whole) for share in shares]
    parts = [part for part, _ in cuts]
    left = total - sum(parts)
    if left and leftover is Leftover.LAST:
        parts[_last(shares)] += left
    elif left:
        for place in _takers(leftover, shares, [rest for _, rest in cuts])[:left]:
            parts[place] += 1
    return parts


def _last(shares: Sequence[int]) -> int:
    return max(place for place, share in enumerate(shares) if share)


def _takers(leftover: Leftover, shares: Sequence[int], rests: Sequence[int]) -> list[int]:
    """Places in the order in which they take one unit each."""
    if leftover is Leftover.FIRST:
        return list(compress(range(len(shares)), shares))
    return sorted(range(len(rests)), key=rests.__getitem__, reverse=True)
