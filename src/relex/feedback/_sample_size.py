"""How many answers it takes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil

import attrs

from relex import _checks
from relex.feedback._distributions import normal_quantile, rounded
from relex.feedback._intervals import level_of
from relex.money import Rounding

__all__ = ["SampleSize", "cochran", "krejcie_morgan", "net_size"]

_LEVEL = Decimal("0.95")
_LEAST = Fraction(1, 10**9)
_MARGIN = _checks.Check(
    "a Decimal or Fraction of at least 0.000000001 and at most 1",
    lambda value: isinstance(value, (Decimal, Fraction)) and _checks.exact.passes(value) and _LEAST <= value <= 1,
)
_SHARE = _checks.number(least=0, most=1)
_CHI_SQUARE = Fraction("3.841")
_PRECISION = Fraction("0.0025")


@attrs.frozen
class SampleSize:
    """How many answers it takes.

    Attributes:
        exact: What the formula gives, to fourteen significant digits.
        needed: Whole answers.

    .. versionadded:: 0.1.0
    """

    exact: Decimal
    needed: int

    def __str__(self) -> str:
        return f"{self.needed} answers"


def cochran(
    margin: Decimal | Fraction, share: int | Decimal | Fraction = Fraction(1, 2), *, level: Decimal | Fraction = _LEVEL
) -> SampleSize:
    """How many answers a share needs for an interval of plus and minus the margin: z^2 p (1 - p) / margin^2.

    Args:
        margin: Half the width of the interval, as a share: 0.05 is 5 percent either way.
        share: What the share is thought to be; a half is the worst case.
        level: Of the interval.

    Returns:
        The number, and the next whole one.

    Raises:
        InvalidValue: For a margin that is not from 0.000000001 to 1, a share outside 0 to 1, or a level outside.

    Source: Cochran, Sampling Techniques, 1977, section 4.4.

    Example:
        >>> cochran(Decimal("0.05")).needed
        385

    .. versionadded:: 0.1.0
    """
    _SHARE.require("cochran.share", share)
    return _needed("cochran", margin, Fraction(share) * (1 - Fraction(share)), level)


def net_size(
    margin: Decimal | Fraction, variance: Decimal | Fraction | int = 1, *, level: Decimal | Fraction = _LEVEL
) -> SampleSize:
    """How many answers a net score needs for an interval of plus and minus the margin: z^2 v / margin^2.

    Args:
        margin: Half the width of the interval on the scale from -1 to 1: 0.1 is 10 points either way.
        variance: Of an answer on that scale; 1 is the worst case.
        level: Of the interval.

    Returns:
        The number, and the next whole one.

    Raises:
        InvalidValue: For a margin that is not from 0.000000001 to 1, a variance outside 0 to 1, or a level outside.

    .. versionadded:: 0.1.0
    """
    _SHARE.require("net_size.variance", variance)
    return _needed("net_size", margin, Fraction(variance), level)


def krejcie_morgan(population: int) -> int:
    """How many of a finite population to ask, by the published table: 95 percent, 5 percent either way, a half.

    3.841 N / 4 by (0.0025 (N - 1) + 3.841 / 4), to the nearest whole number, since the table is made so.

    Raises:
        InvalidValue: For a population that is no int of at least 1.

    Source: Krejcie and Morgan, Educational and Psychological Measurement 30 (1970).

    Example:
        >>> [krejcie_morgan(population) for population in (10, 100, 1000)]
        [10, 80, 278]

    .. versionadded:: 0.1.0
    """
    _checks.whole(least=1).require("krejcie_morgan.population", population)
    part = _CHI_SQUARE / 4
    return Rounding.HALF_UP.apply(part * population / (_PRECISION * (population - 1) + part))


def _needed(call: str, margin: Decimal | Fraction, variance: Fraction, level: Decimal | Fraction) -> SampleSize:
    _MARGIN.require(f"{call}.margin", margin)
    z = normal_quantile((1 + level_of(f"{call}.level", level)) / 2)
    found = z * z * float(variance / Fraction(margin) ** 2)
    return SampleSize(rounded(found), ceil(rounded(found)))
