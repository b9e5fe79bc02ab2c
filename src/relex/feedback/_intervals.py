"""How far a reading may be from the truth: an interval around it, by a named method.

Bounds need roots and quantiles, so they are computed in floats and given out as Decimals of fourteen significant
digits; the reading itself stays exact. The raw bounds are what the method says; the bounds that are shown stay within
what the metric can be (`clamped`) and never leave the estimate outside (`widened`).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import attrs

from relex import _checks
from relex.errors import InvalidValue
from relex.feedback._distributions import beta_quantile, normal_quantile, rounded, t_quantile
from relex.feedback._methods import Mean, Net, Share, ShareOfMax
from relex.feedback._moments import clustered_square
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.feedback._metric import Reading

__all__ = ["Interval", "interval", "level_of", "percent", "squared_error", "wilson"]

_HIGHEST = 1 - Fraction(1, 10**9)
_LEVEL = _checks.Check(
    "a Decimal or Fraction above 0 and at most 0.999999999, such as Decimal('0.95')",
    lambda value: isinstance(value, (Decimal, Fraction)) and _checks.exact.passes(value) and 0 < value <= _HIGHEST,
)
_POPULATION = _checks.optional(_checks.whole(least=1))
_NOTHING = Fraction(0)


@attrs.frozen(kw_only=True)
class Interval:
    """An interval around a reading; None bounds with a reason where there is none.

    Attributes:
        estimate: The reading, exact.
        low: The lower bound, in the unit of the metric.
        high: The upper bound.
        raw_low: What the method says, before it was cut or widened.
        raw_high: What the method says, before it was cut or widened.
        level: Such as 0.95.
        method: By which it was made.
        clamped: Whether a bound was cut to what the metric can be.
        widened: Whether a bound was moved to the estimate, which it would have left outside.
        reason: Why there is none: `no_scored`, `one_observation` or `one_cluster`.

    .. versionadded:: 0.1.0
    """

    estimate: Fraction | None
    low: Decimal | None
    high: Decimal | None
    raw_low: Decimal | None
    raw_high: Decimal | None
    level: Decimal | Fraction
    method: str
    clamped: bool
    widened: bool
    reason: str | None

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"no interval ({self.reason})"
        return f"{Figure(self.low).show(1)} to {Figure(self.high).show(1)} ({percent(self.level)} %, {self.method})"


def percent(level: Decimal | Fraction) -> str:
    """A level as people read it, such as 95 or 99.9."""
    return f"{float(level) * 100:.9g}"


class _Sample(NamedTuple):
    """What a method needs of a reading.

    Attributes:
        n: How many answers count.
        for_it: How many have an x of 100; of a mean, nothing.
        against: How many have an x of -100.
        shrink: The factor of the standard error for a finite population, at most 1.
        z: The quantile of the normal distribution at half of what is left out.
        level: The level.
    """

    n: float
    for_it: float
    against: float
    shrink: float
    z: float
    level: float


def level_of(path: str, level: object) -> float:
    """The level as a float.

    Raises:
        InvalidValue: Unless it is a Decimal or Fraction above 0 and at most 0.999999999.
    """
    _LEVEL.require(path, level)
    return float(level)  # type: ignore[arg-type]  # it is a number


def interval(reading: Reading, level: Decimal | Fraction, method: str | None, population: int | None) -> Interval:
    """The interval of a reading; see `Reading.interval`."""
    told = level_of("interval.level", level)
    _POPULATION.require("interval.population", population)
    if population is not None and population < reading.n:
        raise InvalidValue("interval.population", population, f"at least {reading.n}, the answers that count")
    name = _named(reading, method)
    estimate = reading.value
    reason = _missing(reading, name)
    if estimate is None or reason is not None:
        return _none(estimate, level, name, reason or reading.reason)
    raw = _bounds(reading, name, told, _shrink(reading.n, population))
    return _shown(reading, estimate, raw, level, name)


def squared_error(reading: Reading) -> Fraction:
    """The squared standard error of a weighted or clustered reading of at least two answers or clusters."""
    if reading.clusters is not None:
        k = len(reading.clusters)
        return Fraction(k, k - 1) * clustered_square(reading.moments, reading.clusters)
    sums = reading.moments
    return Fraction(sums.n, sums.n - 1) * sums.weighted_spread / (sums.w * sums.w)


def wilson(x: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's interval of x of n, as proportions; 0 of n begins at 0, and n of n ends at 1."""
    p, square = x / n, z * z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = z * sqrt(p * (1 - p) / n + square / (4 * n * n)) / (1 + square / n)
    return (0.0 if x == 0 else middle - half), (1.0 if x == n else middle + half)


def _named(reading: Reading, method: str | None) -> str:
    """The method, checked against what the reading is."""
    if reading.clusters is not None:
        known: tuple[str, ...] = ("clustered",)
    elif reading.weights != "none":
        known = ("weighted",)
    else:
        known = tuple(_BY_METHOD.get(type(reading.metric.method), _OF_MEANS))
    if method is not None and method not in known:
        raise InvalidValue("interval.method", method, f"one of {', '.join(known)}, for this reading")
    return known[0] if method is None else method


def _missing(reading: Reading, name: str) -> str | None:
    if name == "clustered" and reading.clusters is not None and reading.n:
        return "one_cluster" if len(reading.clusters) == 1 else None
    return "one_observation" if name in {"t", "weighted"} and reading.n == 1 else None


def _shrink(n: int, population: int | None) -> float:
    if population is None:
        return 1.0
    return sqrt((population - n) / (population - 1)) if population > n else 0.0


def _bounds(reading: Reading, name: str, level: float, shrink: float) -> tuple[float, float]:
    estimate, n = float(reading.moments.wx / reading.moments.w), reading.n
    left = (1 - level) / 2
    if name in {"weighted", "clustered"}:
        half = normal_quantile(1 - left) * sqrt(squared_error(reading)) * shrink
        return estimate - half, estimate + half
    if name == "t":
        half = t_quantile(1 - left, n - 1) * sqrt(reading.moments.spread / (n * (n - 1))) * shrink
        return estimate - half, estimate + half
    if not shrink:
        return estimate, estimate
    x, both = float(reading.moments.x) / 100, float(reading.moments.xx) / 10_000
    sample = _Sample(n, (both + x) / 2, (both - x) / 2, shrink, normal_quantile(1 - left), level)
    low, high = _BY_METHOD[type(reading.metric.method)][name](sample)
    return 100 * low, 100 * high


def _shown(
    reading: Reading, estimate: Fraction, raw: tuple[float, float], level: Decimal | Fraction, name: str
) -> Interval:
    low, high = rounded(raw[0]), rounded(raw[1])
    raw_low, raw_high = low, high
    if type(reading.metric.method) not in _UNBOUNDED:
        least, most = [Decimal(int(bound)) for bound in reading.metric.method.bounds(reading.metric.scale)]
        low, high = min(max(low, least), most), min(max(high, least), most)
    clamped = (low, high) != (raw_low, raw_high)
    near = rounded(float(estimate))
    widened = near < low or near > high
    return Interval(
        estimate=estimate,
        low=min(low, near),
        high=max(high, near),
        raw_low=raw_low,
        raw_high=raw_high,
        level=level,
        method=name,
        clamped=clamped,
        widened=widened,
        reason=None,
    )


def _none(estimate: Fraction | None, level: Decimal | Fraction, name: str, reason: str | None) -> Interval:
    return Interval(
        estimate=estimate,
        low=None,
        high=None,
        raw_low=None,
        raw_high=None,
        level=level,
        method=name,
        clamped=False,
        widened=False,
        reason=reason,
    )


def _around(net: float, spread: float, n: float, sample: _Sample) -> tuple[float, float]:
    half = sample.z * sqrt(max(spread, 0.0) / n) * sample.shrink
    return net - half, net + half


def _net_wald(sample: _Sample) -> tuple[float, float]:
    net = (sample.for_it - sample.against) / sample.n
    return _around(net, (sample.for_it + sample.against) / sample.n - net * net, sample.n, sample)


def _net_adjusted(sample: _Sample) -> tuple[float, float]:
    """Three quarters of an answer more on either side, and one and a half in between."""
    n, p, d = sample.n + 3, sample.for_it + 3 / 4, sample.against + 3 / 4
    net = (p - d) / n
    return _around(net, (p + d) / n - net * net, n, sample)


def _net_score(sample: _Sample) -> tuple[float, float]:
    """Where the score statistic of a difference of paired proportions is z.

    Source: Tango, Statistics in Medicine 17 (1998).
    """
    n, p, d = [value / sample.shrink**2 for value in (sample.n, sample.for_it, sample.against)]

    def distance(delta: float) -> float:
        a, b, c = 2 * n, -p - d + (2 * n - p + d) * delta, -d * delta * (1 - delta)
        q = (sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
        return sample.z * sqrt(max(n * (2 * q + delta * (1 - delta)), 0.0))

    net = (p - d) / n
    low = _falling_root(lambda delta: p - d - n * delta - distance(delta), -1.0, net)
    return low, _falling_root(lambda delta: p - d - n * delta + distance(delta), net, 1.0)


def _falling_root(value: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that is not below 0 at low, and not above it at high, crosses 0."""
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if value(middle) > 0 else (low, middle)
    return middle


def _effective(sample: _Sample) -> tuple[float, float]:
    """The share and how many answers it rests on, more of them where the population is small."""
    square = sample.shrink**2
    return sample.for_it / square, sample.n / square


def _share_wilson(sample: _Sample) -> tuple[float, float]:
    return wilson(*_effective(sample), sample.z)


def _share_wilson_cc(sample: _Sample) -> tuple[float, float]:
    x, n = _effective(sample)
    p, z = x / n, sample.z
    q, square, whole = 1 - p, z * z, 2 * (n + z * z)
    down = 2 * n * p + square - 1 - z * sqrt(max(square - 2 - 1 / n + 4 * p * (n * q + 1), 0.0))
    up = 2 * n * p + square + 1 + z * sqrt(max(square + 2 - 1 / n + 4 * p * (n * q - 1), 0.0))
    return (0.0 if sample.for_it == 0 else down / whole), (1.0 if sample.for_it == sample.n else up / whole)


def _share_agresti(sample: _Sample) -> tuple[float, float]:
    x, n = _effective(sample)
    more = n + sample.z**2
    p = (x + sample.z**2 / 2) / more
    half = sample.z * sqrt(p * (1 - p) / more)
    return p - half, p + half


def _share_clopper(sample: _Sample) -> tuple[float, float]:
    x, n = _effective(sample)
    left = (1 - sample.level) / 2
    low = 0.0 if sample.for_it == 0 else beta_quantile(left, x, n - x + 1)
    return low, 1.0 if sample.for_it == sample.n else beta_quantile(1 - left, x + 1, n - x)


def _share_jeffreys(sample: _Sample) -> tuple[float, float]:
    x, n = _effective(sample)
    left = (1 - sample.level) / 2
    return beta_quantile(left, x + 1 / 2, n - x + 1 / 2), beta_quantile(1 - left, x + 1 / 2, n - x + 1 / 2)


_Methods = dict[str, "Callable[[_Sample], tuple[float, float]]"]

_OF_MEANS = ("t",)
_OF_NETS: _Methods = {
    "adjusted_wald": _net_adjusted,
    "wald": _net_wald,
    "t": _net_wald,
    "score": _net_score,
}
_OF_SHARES: _Methods = {
    "wilson": _share_wilson,
    "wilson_cc": _share_wilson_cc,
    "agresti_coull": _share_agresti,
    "clopper_pearson": _share_clopper,
    "jeffreys": _share_jeffreys,
}
_BY_METHOD: dict[type, _Methods] = {Net: _OF_NETS, Share: _OF_SHARES}
_UNBOUNDED = {Mean, ShareOfMax}
