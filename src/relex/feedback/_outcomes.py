"""What customers did after they gave a score: who stayed, and what a point of the metric goes with.

All of it is association: those who gave a higher score may differ in other ways too.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm, sqrt
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import Bar, note, table
from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.feedback._distributions import rounded, t_quantile, t_two_sided
from relex.feedback._intervals import level_of, percent
from relex.feedback._methods import Share
from relex.feedback._metric import Metric, Reading
from relex.feedback._scale import Scale
from relex.figures import Figure
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PointWorth", "RetentionByBand", "point_worth", "retention_by_band"]

_LEVEL = Decimal("0.95")
_LEAST = 3
_METRIC = _checks.a(Metric)
_SCORES = _checks.Check("a mapping from customers to scores", lambda value: isinstance(value, Mapping))
_OUTCOMES = _checks.Check("a mapping from customers to outcomes", lambda value: isinstance(value, Mapping))
_OUTCOME = _checks.Check(
    "Money, or an int, Decimal or Fraction",
    lambda value: isinstance(value, Money) or _checks.exact.passes(value),
)
_RETENTION = Metric("retention", Scale(0, 1), Share((1,)))
_NOTE = "An association: those who gave a higher score may differ in other ways too."


@attrs.frozen(kw_only=True)
class RetentionByBand:
    """What `retention_by_band` gives.

    Attributes:
        metric: The metric whose bands are meant.
        bands: The share that stayed, in percent, of each band that has a score, in the order of the metric; each a
            reading, with n and an interval.
        unknown: How many gave a score, and nobody knows whether they stayed.

    .. versionadded:: 0.1.0
    """

    metric: Metric
    bands: tuple[tuple[str, Reading], ...]
    unknown: int

    @property
    def losses(self) -> dict[str, Fraction]:
        """The share of each band that left, exact, as `value_at_risk` takes it; of bands of which anything is known."""
        return {name: 1 - reading.value / 100 for name, reading in self.bands if reading.value is not None}

    def __getitem__(self, band: str) -> Reading:
        for name, reading in self.bands:
            if name == band:
                return reading
        raise NotFound("band with a score", band)

    def __str__(self) -> str:
        told = [f"{name} {_shown(reading)} (n {reading.n})" for name, reading in self.bands]
        return f"retention by {self.metric.name}: {', '.join(told) or 'nobody gave a score'}; {self.unknown} unknown"

    def _repr_html_(self) -> str:
        """One row for each band."""
        rows = [
            (name, reading.n, _shown(reading), Bar((reading.value or Fraction(0)) / 100), str(reading.interval()))
            for name, reading in self.bands
        ]
        return table(str(self), ("band", "n", "stayed", "", "interval"), rows) + note(_NOTE)


def _shown(reading: Reading) -> str:
    return f"{reading.show()} %" if reading.n else reading.show()


def retention_by_band(
    scores: Mapping[str, int], retained: Mapping[str, bool], metric: Metric | None = None
) -> RetentionByBand:
    """The share of customers who stayed, by the band of the score that they gave before.

    Args:
        scores: The score of each customer.
        retained: Whether each of them stayed; who is missing counts as unknown, and who gave no score is not looked at.
        metric: Whose bands are meant, by default NPS; of a metric without bands each score is one.

    Raises:
        InvalidValue: For a score off the scale, or an answer that is neither True nor False.

    Example:
        >>> scores = {"a": 10, "b": 9, "c": 9, "d": 3, "e": 2}
        >>> found = retention_by_band(scores, {"a": True, "b": True, "c": True, "d": False, "e": True})
        >>> print(found)
        retention by nps: promoter 100.0 % (n 3), detractor 50.0 % (n 2); 0 unknown

    .. versionadded:: 0.1.0
    """
    of = Metric.nps() if metric is None else metric
    _check(of, scores, retained, "retention_by_band", "retained")
    names = [band.name for band in of.bands] or [str(score) for score in of.scale.scores]
    found: dict[str, list[int]] = {name: [] for name in names}
    seen = dict.fromkeys(names, 0)
    for customer, score in scores.items():
        name = of.band(score) or str(score)
        seen[name] += 1
        if customer in retained:
            _checks.flag.require(f"retention_by_band.retained[{customer}]", retained[customer])
            found[name].append(int(retained[customer]))
    bands = [(name, _RETENTION.read_scores(stayed)) for name, stayed in found.items() if seen[name]]
    return RetentionByBand(metric=of, bands=tuple(bands), unknown=sum(customer not in retained for customer in scores))


@attrs.frozen(kw_only=True)
class PointWorth:
    """What `point_worth` gives: how much of an outcome one point of a metric goes with, for one customer.

    Attributes:
        metric: The metric whose x is meant.
        slope: The outcome per point of x, exact; None with a reason.
        low: The lower bound of the interval; None where there is none.
        high: The upper bound.
        p_value: Two-sided; None without an interval, or where the line fits exactly.
        r2: The share of the variance of the outcome that goes with x, exact; None without variance.
        level: Of the interval.
        n: How many customers have a score and an outcome.
        dropped: How many have only one of them.
        currency: Of the outcome, where it is money.
        reason: Why something is missing: `too_few` (below 3), `no_variance` (of the scores) or `exact_fit`.

    .. versionadded:: 0.1.0
    """

    metric: Metric
    slope: Fraction | None
    low: Decimal | None
    high: Decimal | None
    p_value: Decimal | None
    r2: Fraction | None
    level: Decimal | Fraction
    n: int
    dropped: int
    currency: str | None
    reason: str | None

    def as_figure(self) -> Figure:
        """The slope as a `Figure`.

        .. versionadded:: 0.1.0
        """
        return Figure(
            self.slope,
            self.currency or "",
            parts={"n": self.n, "dropped": self.dropped, "low": self.low, "high": self.high, "r2": self.r2},
            method=f"least squares of the outcome on x of {self.metric.name} (association)",
            parameters={"level": self.level},
            reason=self.reason if self.slope is None else None,
        )

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"no worth of a point of {self.metric.name} ({self.reason}, n {self.n})"
        unit = "" if self.currency is None else f" {self.currency}"
        within = f"{self.low:+.2f} to {self.high:+.2f}, {percent(self.level)} %, n {self.n}"
        told = f"{float(self.slope or 0):+.2f}{unit} per customer ({within})"
        return f"one point of {self.metric.name} goes with {told}; an association, not a cause"

    def _repr_html_(self) -> str:
        cells = (self.as_figure().show(), self.low, self.high, self.p_value, self.n, self.dropped)
        rows = [tuple(f"{cell:.4f}" if isinstance(cell, Decimal) else cell for cell in cells)]
        return table(str(self), ("per point", "low", "high", "p", "n", "dropped"), rows) + note(_NOTE)


def point_worth(
    scores: Mapping[str, int],
    outcomes: Mapping[str, Money | Decimal | Fraction | int],
    metric: Metric | None = None,
    *,
    level: Decimal | Fraction = _LEVEL,
) -> PointWorth:
    """How much more of a later outcome goes with one point more of a metric, for one customer: an association.

    The slope of the least squares line of the outcome on x, with a t interval of n - 2 degrees of freedom. The slope
    is exact; bounds are computed in floats and given out as Decimals of fourteen significant digits.

    Of NPS, x is 100, 0 or -100: a customer who turns from detractor to promoter has 200 points more, and the score of
    all customers rises by one point when their x rise by one on average.

    Args:
        scores: The score of each customer or account.
        outcomes: What each did later, such as the revenue of the year after; all money in one currency, or numbers.
        metric: What gives a score its x, by default NPS.
        level: Of the interval.

    Raises:
        InvalidValue: For a score off the scale, an outcome that is not exact, or money among numbers.
        CurrencyMismatch: For money in several currencies.

    Source: ordinary least squares, with the classical standard error s / sqrt(Sxx).

    Example:
        >>> scores = {"a": 10, "b": 9, "c": 8, "d": 7, "e": 5, "f": 2}
        >>> revenue = {"a": 900, "b": 700, "c": 600, "d": 500, "e": 500, "f": 200}
        >>> print(point_worth(scores, {who: Money(amount, "EUR") for who, amount in revenue.items()}))
        one point of nps goes with +2.25 EUR per customer (+0.40 to +4.10, 95 %, n 6); an association, not a cause

    .. versionadded:: 0.1.0
    """
    of = Metric.nps() if metric is None else metric
    told = level_of("point_worth.level", level)
    _check(of, scores, outcomes, "point_worth", "outcomes")
    both = [customer for customer in scores if customer in outcomes]
    known = {customer: outcomes[customer] for customer in both}
    currency = _currency(known)
    xs = [of.x(scores[customer]) for customer in both]
    ys = [Fraction(value.amount if isinstance(value, Money) else value) for value in known.values()]
    line = _Line(xs, ys)
    low, high, p = (None, None, None) if line.slope is None else line.bounds(told)
    return PointWorth(
        metric=of,
        slope=line.slope,
        low=low,
        high=high,
        p_value=p,
        r2=line.r2,
        level=level,
        n=len(both),
        dropped=len(scores.keys() ^ outcomes.keys()),
        currency=currency,
        reason=line.reason,
    )


class _Line:
    """The least squares line through points, from its sums of squares."""

    def __init__(self, xs: Sequence[Fraction], ys: Sequence[Fraction]) -> None:
        self.n = len(xs)
        self.xx, self.xy, self.yy = (_around(one, other) for one, other in ((xs, xs), (xs, ys), (ys, ys)))
        self.rest = self.yy - self.xy * self.xy / self.xx if self.xx else self.yy
        self.reason = self._reason()

    def _reason(self) -> str | None:
        if self.n < _LEAST:
            return "too_few"
        return "no_variance" if not self.xx else None if self.rest else "exact_fit"

    @property
    def slope(self) -> Fraction | None:
        return self.xy / self.xx if self.reason in {None, "exact_fit"} else None

    @property
    def r2(self) -> Fraction | None:
        return None if self.slope is None or not self.yy else self.slope * self.xy / self.yy

    def bounds(self, level: float) -> tuple[Decimal, Decimal, Decimal | None]:
        """Low, high and the p-value."""
        slope, df = float(self.xy / self.xx), self.n - 2
        error = sqrt(self.rest / (df * self.xx))
        half = t_quantile((1 + level) / 2, df) * error
        p = rounded(t_two_sided(slope / error, df)) if error else None
        return rounded(slope - half), rounded(slope + half), p


def _around(xs: Sequence[Fraction], ys: Sequence[Fraction]) -> Fraction:
    """The sum of products of distances from the means; in whole numbers over common denominators."""
    (one, below), (other, beside) = _whole(xs), _whole(ys)
    n = max(len(one), 1)
    products = n * sum([x * y for x, y in zip(one, other, strict=True)]) - sum(one) * sum(other)
    return Fraction(products, n * below * beside)


def _whole(values: Sequence[Fraction]) -> tuple[list[int], int]:
    base = lcm(*{value.denominator for value in values})
    return [value.numerator * (base // value.denominator) for value in values], base


def _check(metric: object, scores: object, outcomes: object, function: str, name: str) -> None:
    _METRIC.require(f"{function}.metric", metric)
    _SCORES.require(f"{function}.scores", scores)
    _OUTCOMES.require(f"{function}.{name}", outcomes)


def _currency(outcomes: Mapping[str, Any]) -> str | None:
    """The currency of all outcomes; None for numbers."""
    currencies = {customer: getattr(value, "currency", None) for customer, value in outcomes.items()}
    first = next(iter(currencies.values()), None)
    for customer, value in outcomes.items():
        _OUTCOME.require(f"point_worth.outcomes[{customer}]", value)
        found = currencies[customer]
        if found == first:
            continue
        if first is None or found is None:
            raise InvalidValue(f"point_worth.outcomes[{customer}]", value, "only money, or only numbers")
        raise CurrencyMismatch(first, found)
    return first
