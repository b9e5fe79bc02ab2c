"""Tails and quantiles of the normal, t and beta distributions, in floats.

Theory of operation:
A tail of t or beta is a regularized incomplete beta function I_x(a, b), which is a continued fraction (Abramowitz and
Stegun 26.5.8) that converges fast for x below its mean; above it the mirror image I_x(a, b) = 1 - I_(1-x)(b, a) is
used. A quantile is the root of a tail: Newton's steps with the density, held in a bracket that halves whenever a step
would leave it, so it always ends. The common factor of fraction and density, x^a (1-x)^b / B(a, b), is taken around
its peak with Stirling's series (26.4 there: 6.1.40), since the difference of log-gammas of millions of answers would
lose the digits that count; small a and b are raised to ten first, by B(a, b) = B(a+1, b) (a+b)/a.
A tail of the normal distribution is the complementary error function of the standard library, which keeps its digits
far out. Beyond ten thousand degrees of freedom t is the normal quantile with the first terms of its expansion in 1/df
(26.7.5), whose next term is smaller than a float can hold.

What is given out to users is a Decimal of fourteen significant digits (`rounded`): more than any sample supports, fewer
than the last bits in which machines differ.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import erfc, exp, inf, log, log1p, pi, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "beta_cdf",
    "beta_quantile",
    "normal_quantile",
    "normal_two_sided",
    "rounded",
    "t_quantile",
    "t_two_sided",
]

_STEPS = 500
_TERMS = 50_000
_SMALL = 1e-300
_ENOUGH = 1e-16
_LARGE = 10
_NEARLY_NORMAL = 10_000
_MIDDLE = 3 / 4


def rounded(value: float) -> Decimal:
    """A float as a Decimal of fourteen significant digits; minus zero is zero."""
    return Decimal(f"{value + 0.0:.14g}")


def normal_two_sided(z: float) -> float:
    """The chance of a value at least as far from 0 as z, under the standard normal distribution."""
    return erfc(abs(z) / sqrt(2))


@lru_cache(maxsize=256)
def normal_quantile(p: float) -> float:
    """The value below which a standard normal variable is with chance p, between 0 and 1."""
    if p > 1 / 2:
        return -normal_quantile(1 - p)
    return _root(lambda x: erfc(-x / sqrt(2)) / 2 - p, lambda x: exp(-x * x / 2) / sqrt(2 * pi), -1.0, (-40.0, 0.0))


def t_two_sided(t: float, df: float) -> float:
    """The chance of a value at least as far from 0 as t, under Student's distribution."""
    square = t * t
    return _regularized(df / (df + square), square / (df + square), df / 2, 1 / 2)


@lru_cache(maxsize=4096)
def t_quantile(p: float, df: float) -> float:
    """The value below which a variable of Student's distribution is with chance p, between 0 and 1."""
    if p < 1 / 2:
        return -t_quantile(1 - p, df)
    if df > _NEARLY_NORMAL:
        return _nearly_normal(normal_quantile(p), df)
    if p < _MIDDLE:
        y = beta_quantile(2 * p - 1, 1 / 2, df / 2)
        return sqrt(df * y / (1 - y))
    x = beta_quantile(2 * (1 - p), df / 2, 1 / 2)
    return sqrt(df * (1 - x) / x)


def beta_cdf(x: float, a: float, b: float) -> float:
    """The chance of a value of at most x under the beta distribution; I_x(a, b)."""
    return _regularized(x, 1 - x, a, b)


@lru_cache(maxsize=4096)
def beta_quantile(p: float, a: float, b: float) -> float:
    """The value below which a variable of the beta distribution is with chance p, between 0 and 1."""

    def density(x: float) -> float:
        return _power(x, 1 - x, a, b) / (x * (1 - x))

    return _root(lambda x: beta_cdf(x, a, b) - p, density, a / (a + b), (0.0, 1.0))


def _regularized(x: float, y: float, a: float, b: float) -> float:
    """I_x(a, b), where y is what x lacks to 1, to more digits than the difference has."""
    if x <= 0 or y <= 0:
        return float(y <= 0)
    front = _power(x, y, a, b)
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(y, b, a) / b


def _nearly_normal(z: float, df: float) -> float:
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / df + second / df**2 + third / df**3


def _power(x: float, y: float, a: float, b: float) -> float:
    """x^a y^b / B(a, b), where x and y add up to 1."""
    found = 0.0
    while a < _LARGE:
        found += log(a / (a + b)) - log(x)
        a += 1
    while b < _LARGE:
        found += log(b / (a + b)) - log(y)
        b += 1
    peak = a / (a + b)
    off = x - peak if x < y else b / (a + b) - y
    found += a * _log_ratio(x, peak, off) + b * _log_ratio(y, b / (a + b), -off)
    found += _stirling(a + b) - _stirling(a) - _stirling(b)
    return exp(found) * sqrt(a * b / (2 * pi * (a + b)))


def _log_ratio(value: float, peak: float, off: float) -> float:
    """The logarithm of a value by its peak, from which it is off."""
    return log1p(off / peak) if abs(off) < peak / 2 else log(value / peak)


def _stirling(a: float) -> float:
    """What the logarithm of the gamma function of a large number has beyond its first terms."""
    square = a * a
    inner = 1 / 1260 - (1 / 1680 - (1 / 1188 - (691 / 360360 - 1 / (156 * square)) / square) / square) / square
    return (1 / 12 - (1 / 360 - inner / square) / square) / a


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of I_x(a, b), from the front (the method of Lentz)."""
    c, d = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        before = found
        for term in (even, odd):
            d = 1 / _apart(1 + term * d)
            c = _apart(1 + term / c)
            found *= c * d
        if abs(found - before) <= _ENOUGH * abs(found):
            break
    return found


def _apart(value: float) -> float:
    """The value, kept away from 0."""
    return value if abs(value) > _SMALL else _SMALL


def _root(
    excess: Callable[[float], float], slope: Callable[[float], float], start: float, bounds: tuple[float, float]
) -> float:
    """Where a rising function is 0, between two bounds."""
    x, (low, high) = start, bounds
    for _ in range(_STEPS):
        over = excess(x)
        low, high = (low, x) if over > 0 else (x, high)
        rise = slope(x)
        new = x - (over / rise if rise > 0 else inf)
        if not low < new < high:
            new = (low + high) / 2
        if abs(new - x) <= _ENOUGH * abs(new) or not low < new < high:
            break
        x = new
    return x
