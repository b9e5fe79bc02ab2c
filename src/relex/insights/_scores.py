"""Scores from 1 (worst) to k (best): three named methods, none of which looks at the order of rows or at ids."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.figures import quantile
from relex.insights._given import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["DIMENSIONS", "FixedScores", "QuantileScores", "RankScores", "Scores", "Weights", "scored"]

DIMENSIONS = ("recency", "frequency", "monetary")
Exact: TypeAlias = int | Decimal | Fraction

_LEAST, _MOST = 2, 9
_K = _checks.whole(least=_LEAST, most=_MOST)
_DIMENSION = _checks.one_of(*DIMENSIONS)


def _place(dimension: str) -> int:
    _DIMENSION.require("dimension", dimension)
    return DIMENSIONS.index(dimension)


@tagged("insights.Weights")
@attrs.frozen(kw_only=True)
class Weights:
    """How much each score counts in the sum of the three; not all may be 0.

    Example:
        >>> Weights(monetary=2)
        Weights(recency=1, frequency=1, monetary=2)

    .. versionadded:: 0.1.0
    """

    recency: int | Decimal | Fraction = attrs.field(default=1, validator=_checks.number(least=0))
    frequency: int | Decimal | Fraction = attrs.field(default=1, validator=_checks.number(least=0))
    monetary: int | Decimal | Fraction = attrs.field(default=1, validator=_checks.number(least=0))

    def __attrs_post_init__(self) -> None:
        if not (self.recency or self.frequency or self.monetary):
            raise InvalidValue("Weights", self, "at least one weight above 0")


@attrs.frozen
class _Sized:
    """What rank and quantile scores share: how many scores there are in each dimension.

    Attributes:
        k: How many scores, 2 to 9, in each dimension that does not say otherwise.
        recency: Instead of `k`, for recency.
        frequency: Instead of `k`, for frequency.
        monetary: Instead of `k`, for the money.
        nested: Whether frequency is scored inside each recency score, and money inside each pair of the two.
        weights: Of the weighted sum of the three.
    """

    k: int = attrs.field(default=5, validator=_K)
    recency: int | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_K))
    frequency: int | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_K))
    monetary: int | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_K))
    nested: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    weights: Weights = attrs.field(factory=Weights, kw_only=True, validator=_checks.a(Weights))

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many scores there are for recency, frequency and money."""
        return self.recency or self.k, self.frequency or self.k, self.monetary or self.k


@tagged("insights.RankScores")
@attrs.frozen
class RankScores(_Sized):
    """Score = 1 + floor(k x worse / n), where *worse* is the number of customers who are strictly worse.

    Worse means more days, fewer purchases, less money. Ties share a score and lift nobody: a customer with the least
    frequency of all scores 1. So bins are unequal where ties are heavy, and may be empty.

    Attributes:
        k: How many scores, 2 to 9, in each dimension that does not say otherwise.
        recency: Instead of `k`, for recency.
        frequency: Instead of `k`, for frequency.
        monetary: Instead of `k`, for the money.
        nested: Whether frequency is scored inside each recency score, and money inside each pair of the two.
        weights: Of the weighted sum of the three.

    Raises:
        InvalidValue: For a k outside 2 to 9.

    Example:
        >>> RankScores(5, monetary=3).sizes
        (5, 5, 3)

    .. versionadded:: 0.1.0
    """

    def cuts(self, dimension: str, values: Sequence[Exact]) -> None:
        """None: ranks have no cut points."""

    def mapping(self, dimension: str, values: Sequence[Exact]) -> dict[Exact, int]:
        """The score of each distinct value among these."""
        k = self.sizes[_place(dimension)]
        count = Counter(values)
        worse, scores = 0, {}
        for value in sorted(count, reverse=dimension == "recency"):
            scores[value] = 1 + k * worse // len(values)
            worse += count[value]
        return scores


@tagged("insights.QuantileScores")
@attrs.frozen
class QuantileScores(_Sized):
    """Cut points are the quantiles i/k by linear interpolation; a value on a cut belongs above it.

    Attributes:
        k: How many scores, 2 to 9, in each dimension that does not say otherwise.
        recency: Instead of `k`, for recency.
        frequency: Instead of `k`, for frequency.
        monetary: Instead of `k`, for the money.
        nested: Whether frequency is scored inside each recency score, and money inside each pair of the two.
        weights: Of the weighted sum of the three.

    Source: Hyndman & Fan 1996, *Sample Quantiles in Statistical Packages*, type 7.

    Raises:
        InvalidValue: For a k outside 2 to 9.

    Example:
        >>> QuantileScores(4).mapping("frequency", [1, 2, 3, 10])
        {1: 1, 2: 2, 3: 3, 10: 4}

    .. versionadded:: 0.1.0
    """

    def cuts(self, dimension: str, values: Sequence[Exact]) -> tuple[Fraction, ...] | None:
        """The k - 1 cut points of these values, exact; equal neighbours where ties are heavy, None without values."""
        k = self.sizes[_place(dimension)]
        ordered = sorted(values)
        return tuple(quantile(ordered, Fraction(i, k)) for i in range(1, k)) if values else None

    def mapping(self, dimension: str, values: Sequence[Exact]) -> dict[Exact, int]:
        """The score of each distinct value among these."""
        return _binned(dimension, self.cuts(dimension, values) or (), values)


def _cuts(values: Iterable[Any]) -> tuple[Exact, ...]:
    return tuple(_checks.exact_number("FixedScores", value) for value in listed("FixedScores", values))


def _rising(instance: object, attribute: attrs.Attribute[Any], cuts: tuple[Exact, ...]) -> None:  # noqa: ARG001 - the signature of a validator
    if not _LEAST <= len(cuts) + 1 <= _MOST or any(one >= other for one, other in pairwise(cuts)):
        raise InvalidValue(f"FixedScores.{attribute.name}", cuts, "1 to 8 cuts that rise strictly")


@tagged("insights.FixedScores")
@attrs.frozen(kw_only=True)
class FixedScores:
    """The caller's own cuts: bin = 1 + number of cuts at or below the value; for recency counted from the other end.

    Attributes:
        recency: Days, rising; fewer days than the first cut score highest.
        frequency: Purchase periods, rising.
        monetary: Amounts, rising.
        weights: Of the weighted sum of the three.

    Raises:
        InvalidValue: For cuts that do not rise strictly, fewer than 1 or more than 8 of them, or a float.

    Example:
        >>> fixed = FixedScores(recency=[7, 30, 90], frequency=[2, 5], monetary=["50", "100"])
        >>> fixed.sizes, fixed.mapping("recency", [3, 90])
        ((4, 3, 3), {3: 4, 90: 1})

    .. versionadded:: 0.1.0
    """

    recency: tuple[int | Decimal | Fraction, ...] = attrs.field(converter=_cuts, validator=_rising)
    frequency: tuple[int | Decimal | Fraction, ...] = attrs.field(converter=_cuts, validator=_rising)
    monetary: tuple[int | Decimal | Fraction, ...] = attrs.field(converter=_cuts, validator=_rising)
    weights: Weights = attrs.field(factory=Weights, validator=_checks.a(Weights))

    @property
    def nested(self) -> bool:
        """Never: a fixed cut means the same for everybody."""
        return False

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many scores there are for recency, frequency and money."""
        return len(self.recency) + 1, len(self.frequency) + 1, len(self.monetary) + 1

    def cuts(self, dimension: str, values: Sequence[Exact]) -> tuple[Exact, ...]:  # noqa: ARG002 - fixed, whatever the values
        """The cut points given."""
        return (self.recency, self.frequency, self.monetary)[_place(dimension)]

    def mapping(self, dimension: str, values: Sequence[Exact]) -> dict[Exact, int]:
        """The score of each distinct value among these."""
        return _binned(dimension, self.cuts(dimension, values), values)


Scores: TypeAlias = RankScores | QuantileScores | FixedScores


def _binned(dimension: str, cuts: Sequence[Exact], values: Iterable[Exact]) -> dict[Exact, int]:
    exact = [Fraction(cut) for cut in cuts]
    bins = {value: 1 + bisect_right(exact, Fraction(value)) for value in dict.fromkeys(values)}
    if dimension == "recency":
        return {value: len(cuts) + 2 - bin_ for value, bin_ in bins.items()}
    return bins


def scored(method: Scores, columns: Mapping[str, Sequence[Exact]]) -> dict[str, list[int]]:
    """The scores of each dimension, aligned to the values; nested inside the scores before it if the method says so."""
    groups: list[Any] = [()] * len(columns["recency"])
    found: dict[str, list[int]] = {}
    for dimension in DIMENSIONS:
        values = columns[dimension]
        scores = _within(method, dimension, values, groups) if method.nested else _all(method, dimension, values)
        groups = [(*group, score) for group, score in zip(groups, scores, strict=True)] if method.nested else groups
        found[dimension] = scores
    return found


def _all(method: Scores, dimension: str, values: Sequence[Exact]) -> list[int]:
    return list(map(method.mapping(dimension, values).__getitem__, values))


def _within(method: Scores, dimension: str, values: Sequence[Exact], groups: Sequence[Any]) -> list[int]:
    members: defaultdict[Any, list[Exact]] = defaultdict(list)
    for group, value in zip(groups, values, strict=True):
        members[group].append(value)
    mappings = {group: method.mapping(dimension, own) for group, own in members.items()}
    return [mappings[group][value] for group, value in zip(groups, values, strict=True)]
