"""The sums of x from which every reading, interval and comparison is made."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Cell", "Cluster", "Moments", "clustered_square", "summed"]


class Cell(NamedTuple):
    """Answers of one x: how many, the sum of their weights, and of the squares of their weights."""

    x: Fraction
    n: int
    w: Fraction
    ww: Fraction


def _exact(value: object) -> Fraction:
    if not isinstance(value, (int, Fraction)) or isinstance(value, bool):
        raise InvalidValue("Moments", value, "sums that are exact, each an int or a Fraction")
    return Fraction(value)


@tagged("feedback.Moments")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Moments:
    """Sums over the answers that count, exact; those of two samples add up to those of both.

    Without weights every weight is 1.

    Attributes:
        n: How many answers.
        x: The sum of x.
        xx: The sum of its squares.
        w: The sum of the weights.
        wx: The sum of weight times x.
        ww: The sum of the squares of the weights.
        wwx: The sum of squared weight times x.
        wwxx: The sum of squared weight times squared x.

    Raises:
        InvalidValue: For sums that no answers with weights above 0 could have.

    .. versionadded:: 0.1.0
    """

    n: int = attrs.field(validator=_checks.whole(least=0))
    x: Fraction = attrs.field(converter=_exact)
    xx: Fraction = attrs.field(converter=_exact)
    w: Fraction = attrs.field(converter=_exact)
    wx: Fraction = attrs.field(converter=_exact)
    ww: Fraction = attrs.field(converter=_exact)
    wwx: Fraction = attrs.field(converter=_exact)
    wwxx: Fraction = attrs.field(converter=_exact)

    def __attrs_post_init__(self) -> None:
        """Check that some answers could have these sums."""
        if not (_is_sound(self) if self.n else {getattr(self, name) for name in _SUMS} == {0}):
            raise InvalidValue("Moments", self.n, "sums that this many answers with weights above 0 could have")

    @property
    def mean(self) -> Fraction | None:
        """The weighted mean of x; None without an answer."""
        return self.wx / self.w if self.n else None

    @property
    def spread(self) -> Fraction:
        """The sum of squared distances from the plain mean."""
        return self.xx - self.x * self.x / self.n if self.n else Fraction(0)

    @property
    def weighted_spread(self) -> Fraction:
        """The sum of squared weight times squared distance from the weighted mean."""
        mean = self.mean or 0
        return self.wwxx - 2 * mean * self.wwx + mean * mean * self.ww

    @property
    def n_eff(self) -> Fraction | None:
        """How many equally weighted answers would tell as much: (sum of w)^2 / sum of w^2; None without an answer."""
        return self.w * self.w / self.ww if self.n else None

    def __add__(self, other: Moments) -> Moments:
        if not isinstance(other, Moments):
            return NotImplemented
        return Moments(n=self.n + other.n, **{name: getattr(self, name) + getattr(other, name) for name in _SUMS})


_SUMS = [field.name for field in attrs.fields(Moments) if field.name != "n"]


def _is_sound(sums: Moments) -> bool:
    """Whether sums of squares are as large as what they are the squares of makes them, by Cauchy and Schwarz."""
    return (
        sums.w > 0
        and sums.ww <= sums.w**2 <= sums.n * sums.ww
        and sums.x**2 <= sums.n * sums.xx
        and sums.wwx**2 <= sums.ww * sums.wwxx
    )


@tagged("feedback.Cluster")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Cluster:
    """The answers that belong together, such as those of one account.

    Attributes:
        key: Of the cluster.
        w: The sum of their weights, above 0.
        wx: The sum of weight times x.

    .. versionadded:: 0.1.0
    """

    key: str = attrs.field(validator=_checks.text)
    w: Fraction = attrs.field(
        converter=_exact, validator=_checks.Check("a sum of weights above 0", lambda value: value > 0)
    )
    wx: Fraction = attrs.field(converter=_exact)

    def __add__(self, other: Cluster) -> Cluster:
        if not isinstance(other, Cluster):
            return NotImplemented
        if other.key != self.key:
            raise InvalidValue("Cluster.key", other.key, f"the same cluster, {self.key}")
        return Cluster(key=self.key, w=self.w + other.w, wx=self.wx + other.wx)


def summed(cells: Iterable[Cell]) -> Moments:
    """The sums of all answers."""
    n, totals = 0, [Fraction(0)] * len(_SUMS)
    for x, count, w, ww in cells:
        n += count
        parts = (count * x, count * x * x, w, w * x, ww, ww * x, ww * x * x)
        totals = [total + part for total, part in zip(totals, parts, strict=True)]
    return Moments(n=n, **dict(zip(_SUMS, totals, strict=True)))


def clustered_square(moments: Moments, clusters: Iterable[Cluster]) -> Fraction:
    """The sum over clusters of (z - mean z) squared, where z = sum of w (x - mean) by the sum of all weights."""
    mean = moments.mean or 0
    parts = [(cluster.wx - mean * cluster.w) / moments.w for cluster in clusters]
    middle = sum(parts, Fraction(0)) / len(parts)
    return sum([(part - middle) ** 2 for part in parts], Fraction(0))
