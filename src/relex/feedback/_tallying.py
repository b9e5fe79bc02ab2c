"""From keys of answers to what a reading is made of: counts, sums of x, and what belongs together.

Theory of operation:
Answers are many and scores are few, so answers are counted first, by score (and weight and cluster), and exact
fractions come in only where different ones meet. Sums of weights are sums of whole numbers over one common
denominator; a float is such a number too, so even their sums are not rounded.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from math import isfinite, lcm
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.errors import InvalidValue
from relex.feedback._bands import band_counts
from relex.feedback._counting import parts_of
from relex.feedback._moments import Cell, Cluster, Moments, summed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relex.feedback._counting import Key
    from relex.feedback._metric import Metric, Reading

__all__ = ["Tally", "joined", "tally", "tally_of_bands", "tally_of_counts"]

_NUMBERS = {int, Fraction, Decimal, float}
_WEIGHT = "an int, Decimal (of at most 60 digits), Fraction or float above 0"


class Tally(NamedTuple):
    """What a reading has beside its metric and its denominator; the fields are those of `Reading`."""

    parts: tuple[tuple[str, int], ...]
    moments: Moments
    distribution: tuple[tuple[int, int], ...] | None
    bands: tuple[tuple[str, int], ...]
    weights: str = "none"
    exact: bool = True
    clusters: tuple[Cluster, ...] | None = None


def tally(
    metric: Metric,
    keys: Sequence[Key],
    count: str,
    weights: Iterable[Any] | None,
    clusters: Iterable[str] | None,
) -> Tally:
    """What answers come to, each given by its score, None, or its status; and each with its weight and cluster."""
    found = tally_of_counts(metric, Counter(keys), count)
    if weights is None and clusters is None:
        return found
    xs = _xs(metric, set(keys), count)
    told = None if weights is None else _weights(weights, len(keys))
    units, base = ([1] * len(keys), 1) if told is None else _units(told)
    if told is not None:
        exact = float not in set(map(type, told))
        found = found._replace(moments=_weighted(keys, units, base, xs), weights="given", exact=exact)
    if clusters is not None:
        named = _belonging(clusters, len(keys))
        found = found._replace(clusters=_clusters(keys, units, base, named, xs))
    return found


def tally_of_counts(metric: Metric, counts: Mapping[Any, int], count: str) -> Tally:
    """What answers come to, by how many there are of each score, None, or status."""
    scores = {key: n for key, n in counts.items() if isinstance(key, int) and n}
    by_x: Counter[Fraction] = Counter()
    for key, x in _xs(metric, counts, count).items():
        by_x[x] += counts.get(key, 0)
    return Tally(
        parts=parts_of(counts),
        moments=summed([Cell(x, n, Fraction(n), Fraction(n)) for x, n in by_x.items()]),
        distribution=tuple(sorted(scores.items())),
        bands=band_counts(metric.bands, scores),
    )


def tally_of_bands(metric: Metric, counts: Mapping[str, int], count: str, path: str) -> Tally:
    """What answers come to, by how many there are in each band.

    Raises:
        InvalidValue: For another band, or one whose scores differ in x.
    """
    known = {band.name: band for band in metric.bands}
    by_score: dict[Any, int] = {}
    for name, n in counts.items():
        if name not in known:
            raise InvalidValue(path, name, f"bands of {metric}: {', '.join(known) or 'it has none'}")
        scores = known[name].scores
        if len({metric.x(score) for score in scores}) > 1:
            raise InvalidValue(path, name, "counts by score, since the scores of a band differ in x")
        by_score[scores[0]] = n
    return tally_of_counts(metric, by_score, count)._replace(distribution=None)


def joined(one: Reading, other: Reading) -> Tally:
    """What the answers of two readings come to together.

    Raises:
        InvalidValue: Unless both were made in the same way, or one of them has no answers that count.
    """
    first, second = (one, other) if one.n else (other, one)
    if second.n:
        for (name, made), (_, expected) in zip(_made(second), _made(first), strict=True):
            if made != expected:
                raise InvalidValue(f"Reading.{name}", made, f"{expected}, as of the other reading")
    is_known = all(each.distribution is not None for each in (one, other) if each.n)
    return Tally(
        parts=_added([*one.parts, *other.parts]),
        moments=one.moments + other.moments,
        distribution=_distribution(one, other) if is_known else None,
        bands=_added([*one.bands, *other.bands]),
        weights=first.weights,
        exact=one.exact and other.exact,
        clusters=_together(first, second),
    )


def _made(reading: Reading) -> tuple[tuple[str, str], ...]:
    """How the answers of a reading were weighed and grouped."""
    return ("weights", reading.weights), ("clusters", "none" if reading.clusters is None else "given")


def _xs(metric: Metric, keys: Iterable[Key], count: str) -> dict[Key, Fraction]:
    """The x of each key that counts."""
    found: dict[Key, Fraction] = {
        key: Fraction(metric.method.x(key, metric.scale)) for key in keys if isinstance(key, int)
    }
    return found | {None: Fraction(0), "dismissed": Fraction(0)} if count == "responded" else found


def _units(weights: Sequence[Any]) -> tuple[list[int], int]:
    """Weights as whole numbers of a common part, and how many parts make 1."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    base = lcm(*{below for _, below in ratios})
    return [above * (base // below) for above, below in ratios], base


def _weighted(keys: Sequence[Key], units: Sequence[int], base: int, xs: Mapping[Key, Fraction]) -> Moments:
    sums = {key: [0, 0, 0] for key in xs}
    for (key, unit), n in Counter(zip(keys, units, strict=True)).items():
        if key in sums:
            found = sums[key]
            found[0] += n
            found[1] += n * unit
            found[2] += n * unit * unit
    return summed([Cell(xs[key], n, Fraction(w, base), Fraction(ww, base**2)) for key, (n, w, ww) in sums.items()])


def _clusters(
    keys: Sequence[Key], units: Sequence[int], base: int, named: Sequence[str], xs: Mapping[Key, Fraction]
) -> tuple[Cluster, ...]:
    sums: dict[str, dict[Key, int]] = {}
    for cluster, key, unit in zip(named, keys, units, strict=True):
        if key in xs:
            found = sums.setdefault(cluster, {})
            found[key] = found.get(key, 0) + unit
    return tuple([_cluster(cluster, by_key, base, xs) for cluster, by_key in sorted(sums.items())])


def _cluster(name: str, by_key: Mapping[Key, int], base: int, xs: Mapping[Key, Fraction]) -> Cluster:
    wx = sum([unit * xs[key] for key, unit in by_key.items()], Fraction(0))
    return Cluster(key=name, w=Fraction(sum(by_key.values()), base), wx=wx / base)


def _weights(weights: Iterable[Any], size: int) -> tuple[Any, ...]:
    found = _parallel("weights", weights, size)
    for place, weight in enumerate(found):
        if not _is_weight(weight):
            raise InvalidValue(f"read.weights[{place}]", weight, _WEIGHT)
    return found


def _is_weight(value: Any) -> bool:
    if type(value) not in _NUMBERS:
        return False
    is_number = isfinite(value) if isinstance(value, float) else _checks.exact.passes(value)
    return is_number and value > 0


def _belonging(clusters: Iterable[str], size: int) -> tuple[str, ...]:
    found = _parallel("clusters", clusters, size)
    for place, cluster in enumerate(found):
        _checks.text.require(f"read.clusters[{place}]", cluster)
    return found


def _parallel(name: str, values: Iterable[Any], size: int) -> tuple[Any, ...]:
    found = _checks.items(f"read.{name}", values)
    if len(found) != size:
        raise InvalidValue(f"read.{name}", len(found), f"{size} of them, one for each answer")
    return found


def _distribution(one: Reading, other: Reading) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(_added([*(one.distribution or ()), *(other.distribution or ())])))


def _added(pairs: Iterable[tuple[Any, int]]) -> tuple[tuple[Any, int], ...]:
    found: Counter[Any] = Counter()
    for key, n in pairs:
        found[key] += n
    return tuple(found.items())


def _together(first: Reading, second: Reading) -> tuple[Cluster, ...] | None:
    if first.clusters is None or not second.clusters:
        return first.clusters
    found = {cluster.key: cluster for cluster in first.clusters}
    for cluster in second.clusters:
        found[cluster.key] = found[cluster.key] + cluster if cluster.key in found else cluster
    return tuple([found[key] for key in sorted(found)])
