"""How records are matched: methods, comparisons, keys, weights and whole policies."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.matching import (
    METHODS,
    Circle,
    Comparison,
    Key,
    MatchPolicy,
    MatchWeight,
    MatchWeights,
    Method,
    Part,
    best_of,
    close_date,
    close_number,
    nickname,
)
from relex.rules import field
from relex.scoring import ScoreCard, ScoreRule
from relex.testing.strategies._basics import either, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = [
    "STORED",
    "circles",
    "comparison_methods",
    "comparisons",
    "key_parts",
    "keys",
    "match_policies",
    "match_weights",
    "weights_of_pairs",
]

_FIELDS = ("given", "family", "email", "phone", "born", "street", "postal", "city")
_LEVELS = st.sampled_from(((), ("1",), ("1", "0.92", "0.8"), ("0.9", "0.5")))
_SHARES = st.integers(1, 1000).map(lambda count: Decimal(count) / 1000)
_PRIORS = st.integers(1, 999).map(lambda count: Decimal(count) / 1000)
_COUNTS = st.none() | st.integers(1, 5)


def comparison_methods() -> SearchStrategy[Method]:
    """Ways to compare two keys, of every kind.

    .. versionadded:: 0.1.0
    """
    return _METHODS


_PLAIN: SearchStrategy[Method] = st.sampled_from(METHODS).map(Method)
_METHODS: SearchStrategy[Method] = st.one_of(
    _PLAIN,
    st.lists(_PLAIN, min_size=1, max_size=3).map(lambda methods: best_of(*methods)),
    st.lists(st.lists(words(), max_size=3), max_size=2).map(nickname),
    (st.just(1) | st.just(Decimal("2.5"))).map(close_number),
    st.integers(1, 400).map(close_date),
)


def comparisons(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[Comparison]:
    """Facts about a pair of records.

    Args:
        name: The name, or what names are drawn from; by default the name of a field.

    Raises:
        InvalidValue: For a name that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Comparison,
        either("comparisons.name", name, _checks.text, st.sampled_from(_FIELDS)),
        st.sampled_from(_FIELDS),
        comparison_methods(),
        key=st.sampled_from((None, "name", "digits")),
        blank=st.sampled_from(("unknown", "both-match")),
        levels=_LEVELS,
    )


def key_parts() -> SearchStrategy[Part]:
    """Pieces of keys: a field, or some of it.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Part,
        st.sampled_from(_FIELDS),
        words=_COUNTS,
        drop_lead=st.sampled_from((None, "1")),
        drop_last=_COUNTS,
        encode=st.sampled_from((None, "soundex")),
        first=_COUNTS,
        last=_COUNTS,
    )


def keys(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[Key]:
    """What two records must share to be compared.

    Args:
        name: The name, or what names are drawn from.

    Raises:
        InvalidValue: For a name that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Key,
        either("keys.name", name, _checks.text, words()),
        st.lists(key_parts(), min_size=1, max_size=3),
    )


@st.composite
def _weight(draw: DrawFn, name: str, levels: int) -> MatchWeight:
    shares = st.lists(_SHARES, min_size=levels + 1, max_size=levels + 1)
    return MatchWeight(name, m=draw(shares), u=draw(shares))


def match_weights(*, comparison: str | SearchStrategy[str] | None = None) -> SearchStrategy[MatchWeight]:
    """What one comparison says at each of its levels.

    Args:
        comparison: The name of the comparison, or what names are drawn from.

    Raises:
        InvalidValue: For a name that is empty or no str.

    .. versionadded:: 0.1.0
    """
    named = either("match_weights.comparison", comparison, _checks.text, st.sampled_from(_FIELDS))
    return st.tuples(named, st.integers(1, 3)).flatmap(lambda pair: _weight(*pair))


_MANY_WEIGHTS = st.lists(match_weights(), max_size=3, unique_by=lambda weight: weight.comparison)


def circles() -> SearchStrategy[Circle]:
    """Pairs of different parties that agree on much.

    .. versionadded:: 0.1.0
    """
    return st.builds(Circle, words(), _PRIORS, _MANY_WEIGHTS)


def weights_of_pairs() -> SearchStrategy[MatchWeights]:
    """Evidence in bits for whole pairs.

    .. versionadded:: 0.1.0
    """
    return st.builds(MatchWeights, _PRIORS, _MANY_WEIGHTS, circles=st.lists(circles(), max_size=1))


@st.composite
def _policies(draw: DrawFn) -> MatchPolicy:
    compared = draw(st.lists(comparisons(), min_size=1, max_size=4, unique_by=lambda each: each.name))
    rules = st.none() | st.sampled_from([field(each.name) >= Decimal("0.85") for each in compared])
    weighed = [each for each in compared if each.levels]
    parts = [draw(_weight(each.name, len(each.levels))) for each in weighed]
    card = ScoreCard([ScoreRule(each.name, field(each.name) == 1, 1) for each in compared])
    return MatchPolicy(
        draw(words()),
        comparisons=compared,
        keys=draw(st.lists(keys(), max_size=3, unique_by=lambda key: key.name)),
        rule=draw(rules),
        review=draw(rules),
        unique=draw(st.sampled_from(((), ("tax-number",)))),
        transposable=tuple(each.name for each in compared[:2]) if len(compared) > 1 and draw(st.booleans()) else (),
        circles=draw(st.sampled_from(((), (("home", (compared[0].name,)),)))),
        weights=draw(st.sampled_from((None, card)) | st.builds(MatchWeights, _PRIORS, st.just(parts))),
        version=draw(st.integers(1, 9)),
    )


def match_policies() -> SearchStrategy[MatchPolicy]:
    """Whole policies over fields of persons, with rules, a score card, weights, or nothing that decides.

    .. versionadded:: 0.1.0
    """
    return _POLICIES


_POLICIES: SearchStrategy[MatchPolicy] = st.one_of(st.just(MatchPolicy.people()), _policies())

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Comparison: comparisons,
    Circle: circles,
    Key: keys,
    MatchPolicy: match_policies,
    Method: comparison_methods,
    Part: key_parts,
    MatchWeight: match_weights,
    MatchWeights: weights_of_pairs,
}
"""The strategy of every stored form of matching."""
