"""Metrics with their scales, methods and bands, and what they read."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.feedback import (
    Band,
    Cluster,
    Mean,
    Metric,
    Moments,
    Net,
    PercentOfRange,
    Reading,
    Scale,
    Share,
    ShareOfMax,
)
from relex.feedback._metric import DENOMINATORS
from relex.testing.strategies._basics import either, ids, named, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "bands", "clusters", "metric_methods", "metrics", "moments", "readings", "scales"]

_KNOWN = (
    Metric.rating(3),
    Metric.nps(),
    Metric.csat(),
    Metric.ces(1),
    Metric.ces(method=Net({6, 7}, {1, 2, 3})),
    Metric.csat(10, method=ShareOfMax()),
    Metric.rating(4, method=PercentOfRange()),
)
_METHODS: tuple[Any, ...] = (Mean, Net, Share, ShareOfMax, PercentOfRange)
_METHOD = _checks.optional(_checks.one_of(*_METHODS))
_FAR = 10**9
_SCORES = st.lists(st.integers(-_FAR, _FAR), min_size=1, max_size=4, unique=True)
_WEIGHTS: SearchStrategy[Any] = st.sampled_from((1, 2, Fraction(1, 3), Decimal("0.5"), 0.1, 1e-300))
_MOST = 6


def scales() -> SearchStrategy[Scale]:
    """Scales of few steps, below zero and far beyond it too; shrinks to 0 and 1.

    .. versionadded:: 0.1.0
    """
    return _scales()


@cache
def _scales() -> SearchStrategy[Scale]:
    low = st.sampled_from((0, 1)) | st.integers(-_FAR, _FAR - 10 * 25)
    drawn = st.tuples(low, st.integers(1, 10), st.sampled_from((1, 1, 2, 25)))
    return named("scales", drawn.map(lambda it: Scale(it[0], it[0] + it[1] * it[2], it[2])))


def metric_methods(*, of: type | None = None) -> SearchStrategy[Any]:
    """How a score becomes a number; shrinks to the mean.

    Args:
        of: `Net`, `Share`, `Mean`, `ShareOfMax` or `PercentOfRange`; by default any.

    Raises:
        InvalidValue: For another class.

    .. versionadded:: 0.1.0
    """
    _METHOD.require("metric_methods.of", of)
    return _methods(of)


@cache
def _methods(of: type | None) -> SearchStrategy[Any]:
    if of is None:
        return named("metric_methods", st.one_of(*[_methods(each) for each in _METHODS]))
    if of is Net:
        sides = st.tuples(_SCORES, _SCORES).filter(lambda it: not set(it[0]).intersection(it[1]))
        return sides.map(lambda it: Net(*it))
    return _SCORES.map(Share) if of is Share else st.just(of())


def bands(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[Band]:
    """Scores with a name.

    Args:
        name: The name, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    return st.builds(Band, either("bands.name", name, _checks.text, words()), _SCORES)


def metrics(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[Metric]:
    """Known metrics and others, on scales of all kinds; shrinks to a rating from 1 to 3.

    Args:
        name: The name of a metric that is none of the known ones, or what such names are drawn from; by default known
            metrics are drawn too.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    given = either("metrics.name", name, _checks.text, words())
    own = st.tuples(given, scales(), st.sampled_from(_METHODS), st.integers(0, 3), _MORE).map(lambda it: _metric(*it))
    return named("metrics", own if name is not None else st.sampled_from(_KNOWN) | own)


_MORE = st.fixed_dictionaries({}, optional={"better": st.sampled_from(("up", "down")), "version": st.integers(1, 3)})


def _metric(name: str, scale: Scale, kind: type, cuts: int, more: dict[str, Any]) -> Metric:
    """A metric whose bands, if any, are runs of scores, the highest first."""
    scores = list(scale.scores)
    if kind is ShareOfMax and scale.high <= 0:
        kind = Mean
    top = scores[-1:]
    method = Net(top, scores[:1]) if kind is Net else Share(top) if kind is Share else kind()
    size = -(-len(scores) // cuts) if cuts else 0
    runs = [scores[place : place + size] for place in range(0, len(scores), size)] if size else []
    named_ = [Band(f"band {place}", run) for place, run in enumerate(reversed(runs))]
    return Metric(name, scale, method, bands=named_, **more)


def moments() -> SearchStrategy[Moments]:
    """Sums over some answers, or over none.

    .. versionadded:: 0.1.0
    """
    return readings().map(lambda reading: reading.moments)


def clusters(*, key: str | SearchStrategy[str] | None = None) -> SearchStrategy[Cluster]:
    """Answers that belong together.

    Args:
        key: Of the cluster, or what keys are drawn from.

    Raises:
        InvalidValue: For an empty key.

    .. versionadded:: 0.1.0
    """
    weight = st.fractions(min_value=Fraction(1, 100), max_value=1000, max_denominator=100)
    sums = st.fractions(min_value=-1000, max_value=1000, max_denominator=100)
    return st.builds(Cluster, key=either("clusters.key", key, _checks.text, ids()), w=weight, wx=sums)


def readings(*, metric: Metric | SearchStrategy[Metric] | None = None) -> SearchStrategy[Reading]:
    """Readings of few answers or many, with statuses of all kinds, weights and clusters; shrinks to one of no answers.

    Args:
        metric: What was read, or what metrics are drawn from.

    Raises:
        InvalidValue: For what is no metric.

    .. versionadded:: 0.1.0
    """
    of = either("readings.metric", metric, _checks.a(Metric), metrics())
    return named("readings", of.flatmap(lambda it: _of_scores(it) | _of_counts(it)))


def _of_scores(metric: Metric) -> SearchStrategy[Reading]:
    score = st.sampled_from(list(metric.scale.scores)) | st.none() | st.just("n/a")
    answer = st.tuples(score, _WEIGHTS, st.sampled_from(("acme", "größe", "茶")))
    counts = DENOMINATORS if metric.method.counts_missing else DENOMINATORS[:1]
    drawn = st.tuples(st.lists(answer, max_size=_MOST), st.booleans(), st.booleans(), st.sampled_from(counts))
    return drawn.map(lambda it: _read(metric, *it))


def _read(metric: Metric, answers: list[Any], has_weights: bool, has_clusters: bool, count: str) -> Reading:
    return metric.read_scores(
        [score for score, _, _ in answers],
        weights=[weight for _, weight, _ in answers] if has_weights else None,
        clusters=[cluster for _, _, cluster in answers] if has_clusters else None,
        count=count,
        invalid="set_aside",
    )


def _of_counts(metric: Metric) -> SearchStrategy[Reading]:
    score = st.sampled_from(list(metric.scale.scores))
    return st.dictionaries(score, st.integers(0, 10**15), max_size=_MOST).map(metric.read_counts)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Band: bands,
    Cluster: clusters,
    Metric: metrics,
    Moments: moments,
    Reading: readings,
    Scale: scales,
    **{kind: partial(metric_methods, of=kind) for kind in _METHODS},
}
"""The strategy of every class that has a stored form."""
