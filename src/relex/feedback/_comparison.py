"""Whether two readings differ by more than chance would make them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import attrs

from relex import _checks
from relex._html import table
from relex.errors import InvalidValue
from relex.feedback._distributions import normal_quantile, normal_two_sided, rounded, t_quantile, t_two_sided
from relex.feedback._intervals import level_of, percent, squared_error, wilson
from relex.feedback._methods import Net, Share
from relex.feedback._metric import Metric, Reading
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ReadingComparison", "compare_paired", "compare_readings"]

_LEVEL = Decimal("0.95")
_SMALLEST = Decimal("0.0001")
_READING = _checks.a(Reading)
_METRIC = _checks.a(Metric)


@attrs.frozen(kw_only=True)
class ReadingComparison:
    """The difference of two readings, an interval around it, and how likely chance alone makes it so large.

    Attributes:
        difference: The first reading less the second, exact; None where one of them has no value.
        low: The lower bound of the interval, in the unit of the metric, not cut to any range; None without one.
        high: The upper bound.
        p_value: Two-sided; None without an interval, or without any variance.
        level: Of the interval, such as 0.95.
        method: `net`, `newcombe`, `welch`, `paired` or `weighted`.
        verdict: Whether the first is `better` or `worse` by the metric's own direction, and only where the interval
            leaves 0 out and there is variance; else `unclear`.
        reason: Why something is missing: `no_scored`, `one_observation`, `one_cluster` or `no_variance`.

    .. versionadded:: 0.1.0
    """

    difference: Fraction | None
    low: Decimal | None
    high: Decimal | None
    p_value: Decimal | None
    level: Decimal | Fraction
    method: str
    verdict: str
    reason: str | None

    def __str__(self) -> str:
        if self.difference is None or self.low is None or self.high is None:
            return f"{self.verdict} ({self.reason})"
        within = f"{_signed(self.low)} to {_signed(self.high)}, {percent(self.level)} %"
        return f"{_signed(self.difference)} ({within}, {_likely(self)}): {self.verdict}"

    def _repr_html_(self) -> str:
        """The difference with its interval, in one row."""
        titles = ("difference", "from", "to", "level", "method", "p", "verdict")
        numbers = [None if each is None else _signed(each) for each in (self.difference, self.low, self.high)]
        row = (*numbers, f"{percent(self.level)} %", self.method, _likely(self), self.verdict)
        return table("Difference of two readings", titles, [row])


def _signed(value: Fraction | Decimal) -> str:
    told = Figure(value).show(1)
    return told if told.startswith("-") or not told.strip("0.") else f"+{told}"


def _likely(found: ReadingComparison) -> str:
    """The p-value, or why there is none."""
    if found.p_value is None:
        return str(found.reason)
    return f"p {found.p_value:.4f}" if found.p_value >= _SMALLEST else f"p < {_SMALLEST}"


class _Found(NamedTuple):
    """Bounds and a p-value, in floats; None where there is no variance."""

    low: float
    high: float
    p: float | None


def compare_readings(a: Reading, b: Reading, *, level: Decimal | Fraction = _LEVEL) -> ReadingComparison:
    """How a reading differs from another one of the same metric, of other people.

    Net scores and weighted or clustered readings are compared by the normal distribution; shares by Newcombe's hybrid
    of the two Wilson intervals, with the p-value of the pooled z test without correction; means by Welch's t test.
    For the same people twice there is `compare_paired`.

    Args:
        a: The reading in question, such as the one of now.
        b: What it is compared with.
        level: Of the interval.

    Raises:
        InvalidValue: For readings of several metrics, versions or denominators, and a level outside 0 and 1.

    Source: Newcombe, Statistics in Medicine 17 (1998), method 10; Welch, Biometrika 34 (1947).

    Example:
        >>> nps = Metric.nps()
        >>> now = nps.read_counts({"promoter": 57, "passive": 31, "detractor": 12})
        >>> before = nps.read_counts({"promoter": 25, "passive": 45, "detractor": 30})
        >>> print(compare_readings(now, before))
        +50.0 (+30.1 to +69.9, 95 %, p < 0.0001): better

    .. versionadded:: 0.1.0
    """
    _READING.require("compare_readings.a", a)
    _READING.require("compare_readings.b", b)
    told = level_of("compare_readings.level", level)
    if a.metric != b.metric or a.count != b.count:
        expected = f"a reading of {a.metric.described}, counting what is {a.count}"
        raise InvalidValue("compare_readings.b", f"{b.metric.described}, {b.count}", expected)
    method = _method(a, b)
    reason = _missing(a, method) or _missing(b, method)
    difference = None if a.value is None or b.value is None else a.value - b.value
    found = _WAYS[method](a, b, told) if reason is None else None
    return _compared(a.metric, difference, found, level, method, reason)


def compare_paired(
    metric: Metric, pairs: Iterable[tuple[int, int]], *, level: Decimal | Fraction = _LEVEL
) -> ReadingComparison:
    """How a metric has changed for the same people, asked twice.

    The mean of each person's difference in x, with a t interval of n - 1 degrees of freedom.

    Args:
        metric: The definition.
        pairs: For each person, the score now and the score before.
        level: Of the interval.

    Raises:
        InvalidValue: For what is no pair of scores of the scale.

    .. versionadded:: 0.1.0
    """
    _METRIC.require("compare_paired.metric", metric)
    told = level_of("compare_paired.level", level)
    differences = [
        _difference(metric, place, pair) for place, pair in enumerate(_checks.items("compare_paired.pairs", pairs))
    ]
    n = len(differences)
    if n <= 1:
        mean = differences[0] if differences else None
        return _compared(metric, mean, None, level, "paired", "one_observation" if n else "no_scored")
    mean = sum(differences, Fraction(0)) / n
    square = sum([(each - mean) ** 2 for each in differences], Fraction(0)) / (n * (n - 1))
    found = _by_t(mean, square, n - 1, told)
    return _compared(metric, mean, found, level, "paired", None)


def _difference(metric: Metric, place: int, pair: object) -> Fraction:
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:  # noqa: PLR2004 - a pair
        raise InvalidValue(f"compare_paired.pairs[{place}]", pair, "a pair of scores, now and before")
    for score in pair:
        metric.scale.require(f"compare_paired.pairs[{place}]", score)
    return metric.x(pair[0]) - metric.x(pair[1])


def _compared(
    metric: Metric,
    difference: Fraction | None,
    found: _Found | None,
    level: Decimal | Fraction,
    method: str,
    reason: str | None,
) -> ReadingComparison:
    p = None if found is None else found.p
    return ReadingComparison(
        difference=difference,
        low=None if found is None else rounded(found.low),
        high=None if found is None else rounded(found.high),
        p_value=None if p is None else rounded(p),
        level=level,
        method=method,
        verdict="unclear" if found is None or p is None else _verdict(metric, found),
        reason=reason or ("no_variance" if p is None else None),
    )


def _verdict(metric: Metric, found: _Found) -> str:
    if found.low <= 0 <= found.high:
        return "unclear"
    return "better" if (found.low > 0) is (metric.better == "up") else "worse"


def _method(a: Reading, b: Reading) -> str:
    if any(reading.weights != "none" or reading.clusters is not None for reading in (a, b)):
        return "weighted"
    return {Net: "net", Share: "newcombe"}.get(type(a.metric.method), "welch")


def _missing(reading: Reading, method: str) -> str | None:
    if not reading.n:
        return "no_scored"
    if method == "weighted" and reading.clusters is not None:
        return "one_cluster" if len(reading.clusters) == 1 else None
    return "one_observation" if method in {"weighted", "welch"} and reading.n == 1 else None


def _gap(a: Reading, b: Reading) -> Fraction:
    return a.moments.wx / a.moments.w - b.moments.wx / b.moments.w


def _by_normal(difference: Fraction, square: Fraction, level: float) -> _Found:
    error = sqrt(square)
    half = normal_quantile((1 + level) / 2) * error
    p = normal_two_sided(float(difference) / error) if error else None
    return _Found(float(difference) - half, float(difference) + half, p)


def _by_t(difference: Fraction, square: Fraction, df: float, level: float) -> _Found:
    error = sqrt(square)
    half = t_quantile((1 + level) / 2, df) * error
    p = t_two_sided(float(difference) / error, df) if error else None
    return _Found(float(difference) - half, float(difference) + half, p)


def _nets(a: Reading, b: Reading, level: float) -> _Found:
    square = sum([each.moments.spread / each.n**2 for each in (a, b)], Fraction(0))
    return _by_normal(_gap(a, b), square, level)


def _weighted(a: Reading, b: Reading, level: float) -> _Found:
    return _by_normal(_gap(a, b), squared_error(a) + squared_error(b), level)


def _welch(a: Reading, b: Reading, level: float) -> _Found:
    one, other = [each.moments.spread / (each.n * (each.n - 1)) for each in (a, b)]
    square = one + other
    lesser = one * one / (a.n - 1) + other * other / (b.n - 1)
    df = float(square * square / lesser) if lesser else float(a.n + b.n - 2)
    return _by_t(_gap(a, b), square, df, level)


def _newcombe(a: Reading, b: Reading, level: float) -> _Found:
    z = normal_quantile((1 + level) / 2)
    x1, x2 = a.moments.x / 100, b.moments.x / 100
    p1, p2 = float(x1 / a.n), float(x2 / b.n)
    (l1, u1), (l2, u2) = wilson(float(x1), a.n, z), wilson(float(x2), b.n, z)
    d, pooled = p1 - p2, (x1 + x2) / (a.n + b.n)
    error = sqrt(pooled * (1 - pooled) * (Fraction(1, a.n) + Fraction(1, b.n)))
    low, high = d - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), d + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    return _Found(100 * low, 100 * high, normal_two_sided(d / error) if error else None)


_WAYS = {"net": _nets, "newcombe": _newcombe, "welch": _welch, "weighted": _weighted}
