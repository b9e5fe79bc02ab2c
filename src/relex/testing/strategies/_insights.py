"""Segments, and how recency, frequency and money are scored and named."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.insights import (
    FixedScores,
    MapRow,
    QuantileScores,
    RankScores,
    Segment,
    Segmentation,
    SegmentMap,
    Snapshot,
    Weights,
)
from relex.rules import FactSchema
from relex.testing.strategies._basics import either, ids, instants, named, words
from relex.testing.strategies._rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "map_rows",
    "score_methods",
    "score_weights",
    "segment_maps",
    "segmentations",
    "segments",
    "snapshots",
]

_SCHEMA = _checks.a(FactSchema)


def segments(
    schema: FactSchema | None = None, *, name: str | SearchStrategy[str] | None = None, stay: bool | None = None
) -> SearchStrategy[Segment]:
    """Named rules about facts, some with a second rule that keeps members in.

    Args:
        schema: Which facts there are; by default that of `facts()`.
        name: The name, or what names are drawn from.
        stay: Whether they have such a second rule; by default either.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    _checks.optional(_checks.flag).require("segments.stay", stay)
    kept = {None: st.none() | rules(schema), True: rules(schema), False: st.none()}[stay]
    return st.builds(
        Segment,
        either("segments.name", name, _checks.text, words()),
        rules(schema),
        version=st.integers(1, 3),
        stay=kept,
    )


def segmentations(schema: FactSchema | None = None) -> SearchStrategy[Segmentation]:
    """One to three segments in their order, and a name for everyone else.

    Args:
        schema: Which facts there are; by default that of `facts()`.

    Raises:
        InvalidValue: For what is no schema.

    .. versionadded:: 0.1.0
    """
    asked = st.lists(rules(schema), min_size=1, max_size=3)
    return st.builds(_segmentation, asked, words(), st.integers(1, 3))


def _segmentation(asked: list[Any], name: str, version: int) -> Segmentation:
    found = [Segment(f"s{place}", rule) for place, rule in enumerate(asked)]
    return Segmentation(found, "others", name=name, version=version)


def snapshots() -> SearchStrategy[Snapshot]:
    """Static segments of up to five ids.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Snapshot,
        segment=words(),
        version=st.integers(1, 3),
        at=instants(),
        ids=st.lists(ids(), max_size=5).map(tuple),
    )


# Scores.


def score_weights() -> SearchStrategy[Weights]:
    """How much recency, frequency and money count, at least one of them above 0.

    .. versionadded:: 0.1.0
    """
    return _WEIGHTS


def _weights(place: int, weights: tuple[Any, Any, Any]) -> Weights:
    recency, frequency, monetary = (weight or int(at == place) for at, weight in enumerate(weights))
    return Weights(recency=recency, frequency=frequency, monetary=monetary)


_WEIGHT = st.sampled_from((1, 0, 2, Decimal("0.5"), Fraction(1, 3)))
_WEIGHTS = st.builds(_weights, st.integers(0, 2), st.tuples(_WEIGHT, _WEIGHT, _WEIGHT))


def score_methods() -> SearchStrategy[RankScores | QuantileScores | FixedScores]:
    """Ways to give scores: by rank, by quantile, by cuts that are given.

    .. versionadded:: 0.1.0
    """
    return st.one_of(_RANKS, _QUANTILES, _FIXED)


_K = st.integers(2, 9)
_SIZES: dict[str, SearchStrategy[Any]] = {
    "recency": st.none() | _K,
    "frequency": st.none() | _K,
    "monetary": st.none() | _K,
    "nested": st.booleans(),
    "weights": _WEIGHTS,
}
_RANKS: SearchStrategy[RankScores] = st.builds(RankScores, _K, **_SIZES)
_QUANTILES: SearchStrategy[QuantileScores] = st.builds(QuantileScores, _K, **_SIZES)


def _rising(cuts: list[Any]) -> list[Any]:
    return sorted(cuts)


_CUT: SearchStrategy[Any] = st.integers(0, 400) | st.sampled_from((Decimal("9.99"), Fraction(1, 3)))
_CUTS = st.lists(_CUT, min_size=1, max_size=4, unique=True).map(_rising)
_FIXED: SearchStrategy[FixedScores] = st.builds(
    FixedScores, recency=_CUTS, frequency=_CUTS, monetary=_CUTS, weights=_WEIGHTS
)


def map_rows() -> SearchStrategy[MapRow]:
    """Rows of a segment map: a name and the scores that it takes.

    .. versionadded:: 0.1.0
    """
    return st.builds(MapRow, words(), recency=_RANGES, frequency=_RANGES, monetary=_RANGES)


def _range(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


_SCORE = st.integers(1, 9)
_RANGES = st.none() | st.builds(_range, _SCORE, _SCORE)


def segment_maps() -> SearchStrategy[SegmentMap]:
    """A name for every combination of two to four scores in one or two dimensions, by cells or by rows.

    .. versionadded:: 0.1.0
    """
    return _MAPS


def _by_cells(name: str, sizes: tuple[int, ...], names: list[str]) -> SegmentMap:
    codes = ["".join(map(str, scores)) for scores in product(*(range(1, size + 1) for size in sizes))]
    cells = [(code, names[place % len(names)]) for place, code in enumerate(codes)]
    return SegmentMap(name=name, cells=cells, dimensions=_DIMENSIONS[: len(sizes)], sizes=sizes)


def _by_rows(name: str, size: int, cut: int, default: str | None) -> SegmentMap:
    low, high = (1, min(cut, size - 1)), (min(cut, size - 1) + 1, size)
    rows = [MapRow("High", recency=high)] + ([MapRow("Low", recency=low)] if default is None else [])
    first = default is not None
    return SegmentMap(name=name, rows=rows, first_match=first, default=default, dimensions=("recency",), sizes=(size,))


_DIMENSIONS = ("recency", "frequency")
_SIZE = st.integers(2, 4)
_SPELLED = st.lists(st.sampled_from(("Best", "Good", "New", "Lost")), min_size=1, max_size=4, unique=True)
_MAPS = named(
    "segment_maps",
    st.builds(_by_cells, words(), st.tuples(_SIZE) | st.tuples(_SIZE, _SIZE), _SPELLED)
    | st.builds(_by_rows, words(), _SIZE, st.integers(1, 3), st.sampled_from((None, "Others"))),
)

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    FixedScores: lambda: _FIXED,
    MapRow: map_rows,
    QuantileScores: lambda: _QUANTILES,
    RankScores: lambda: _RANKS,
    Segment: segments,
    SegmentMap: segment_maps,
    Segmentation: segmentations,
    Snapshot: snapshots,
    Weights: score_weights,
}
"""The strategy of every stored form of `relex.insights` but memberships."""
