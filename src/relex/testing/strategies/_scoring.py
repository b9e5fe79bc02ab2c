"""Score cards and the parts that they are made of."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days
from relex.scoring import (
    HalfLife,
    Measure,
    PerMonth,
    ScoreAdjustment,
    ScoreBand,
    ScoreCard,
    ScoreGroup,
    ScoreRule,
    Silence,
)
from relex.testing.strategies._basics import either, instants, named, texts, words
from relex.testing.strategies._rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "decays",
    "measures",
    "score_adjustments",
    "score_bands",
    "score_cards",
    "score_groups",
    "score_rules",
    "silences",
]

_POINTS: SearchStrategy[Any] = st.integers(-50, 100) | st.sampled_from(
    (Decimal("2.50"), Fraction(1, 3), Fraction(-7, 2))
)
_SPANS: SearchStrategy[Any] = st.sampled_from((Days(30), Days(1), timedelta(hours=12), timedelta(days=90)))
_GROUPS = ("behaviour", "profile")
_MAYBE_GROUP = st.sampled_from((None, None, *_GROUPS))
_RULES = rules()


def decays() -> SearchStrategy[HalfLife | PerMonth]:
    """How points shrink with age: by halves or by the month.

    .. versionadded:: 0.1.0
    """
    return _HALF_LIVES | _PER_MONTH


_HALF_LIVES: SearchStrategy[HalfLife] = st.builds(HalfLife, st.sampled_from((1, 30, Fraction(7, 2))))
_PER_MONTH: SearchStrategy[PerMonth] = st.builds(PerMonth, st.sampled_from((0, 25, Decimal("12.5"), 100)))


def score_rules(
    *, name: str | SearchStrategy[str] | None = None, on: str | SearchStrategy[str] | None = None
) -> SearchStrategy[ScoreRule]:
    """Points for a rule about the facts of a subject or of each of its events.

    Args:
        name: The name, or what names are drawn from.
        on: `facts` or `events`; by default either.

    Raises:
        InvalidValue: For an empty name, or another word than those.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _score_rule,
        either("score_rules.name", name, _checks.text, words()),
        _RULES,
        _POINTS,
        either("score_rules.on", on, _checks.one_of("facts", "events"), st.sampled_from(("facts", "events"))),
        _MORE_OF_EVENTS,
        _MAYBE_GROUP,
    )


_MORE_OF_EVENTS = st.fixed_dictionaries(
    {}, optional={"repeat": st.sampled_from(("once", "each")), "expires": _SPANS, "decay": _HALF_LIVES | _PER_MONTH}
)


def _score_rule(name: str, when: Any, points: Any, on: str, more: dict[str, Any], group: str | None) -> ScoreRule:
    return ScoreRule(name, when, points, on=on, group=group, **(more if on == "events" else {}))


def silences(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[Silence]:
    """Points for inactivity.

    Args:
        name: The name, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    named_ = either("silences.name", name, _checks.text, words())
    return st.builds(Silence, after=_SPANS, every=_SPANS, points=_POINTS, name=named_, group=_MAYBE_GROUP)


def measures(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[Measure]:
    """Measures of a weighted mean: facts brought to 0 to 100, or rules with points.

    Args:
        name: The name, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    given = either("measures.name", name, _checks.text, words())
    return st.builds(_measure, given, _WEIGHTS, _SCALES, _LIMITS, st.none() | _INNER, _MAYBE_GROUP)


_WEIGHTS: SearchStrategy[Any] = st.sampled_from((1, 0, 2, Decimal("0.5"), Fraction(1, 3)))
_SCALES: SearchStrategy[Any] = st.sampled_from(((0, 100), (-100, 100), (90, 0), (Fraction(1, 2), Decimal("9.5"))))
_LIMITS = st.fixed_dictionaries({}, optional={"max_age": _SPANS, "min_n": st.integers(1, 5)})
_INNER = st.tuples(_RULES, _POINTS)


def _measure(
    name: str, weight: Any, scale: tuple[Any, Any], limits: dict[str, Any], inner: Any, group: str | None
) -> Measure:
    if inner is not None:
        return Measure(name=name, weight=weight, rules=[ScoreRule(f"{name}!", *inner)], group=group)
    worst, best = scale
    return Measure(
        name=name, weight=weight, fact="total", worst=worst, best=best, at="seen_at", n="count", group=group, **limits
    )


def score_groups(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[ScoreGroup]:
    """Limits of rules together, or the weight of measures together.

    Args:
        name: The name, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    given = either("score_groups.name", name, _checks.text, words())
    return st.builds(ScoreGroup, given, floor=_FLOORS, cap=_CAPS, weight=_WEIGHTS)


_FLOORS: SearchStrategy[Any] = st.sampled_from((None, 0, -10))
_CAPS: SearchStrategy[Any] = st.sampled_from((None, 50, Fraction(121, 2)))


def score_bands(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[ScoreBand]:
    """Named ranges of scores.

    Args:
        name: The name, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    return st.builds(ScoreBand, either("score_bands.name", name, _checks.text, words()), st.none() | _POINTS)


_BANDS = st.sampled_from(
    ((), (ScoreBand("cold"), ScoreBand("hot", 80)), (ScoreBand("low", 0), ScoreBand("high", Fraction(101, 2))))
)


def score_adjustments() -> SearchStrategy[ScoreAdjustment]:
    """Points that somebody gives or takes by hand.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        ScoreAdjustment,
        points=_POINTS,
        by=words(),
        reason=texts(),
        at=instants(),
        expires=st.none() | _SPANS,
        group=_MAYBE_GROUP,
    )


def score_cards(*, combine: str | None = None) -> SearchStrategy[ScoreCard]:
    """Cards of up to three rules or measures, with groups and bands; their rules ask about `facts()`.

    Shrinks to an empty sum.

    Args:
        combine: `sum` or `weighted_mean`; by default either.

    Raises:
        InvalidValue: For another word than those.

    .. versionadded:: 0.1.0
    """
    _checks.optional(_checks.one_of(*_CARDS)).require("score_cards.combine", combine)
    return st.one_of(*_CARDS.values()) if combine is None else _CARDS[combine]


def _numbered(make: Callable[..., SearchStrategy[Any]], most: int) -> SearchStrategy[tuple[Any, ...]]:
    """Up to so many of something, each with a name of its own."""
    each = [make(name=f"r{number}") for number in range(most)]
    return st.one_of(*[st.tuples(*each[:count]) for count in range(most + 1)])


def _sum(found: tuple[Any, ...], silence: tuple[Any, ...], groups: list[Any], more: dict[str, Any]) -> ScoreCard:
    return ScoreCard([*found, *silence], groups=groups, **more)


def _mean(found: tuple[Any, ...], weight: Any, more: dict[str, Any]) -> ScoreCard:
    groups = [ScoreGroup(name, weight=weight) for name in _GROUPS]
    return ScoreCard(found, groups=groups, combine="weighted_mean", **more)


_PAIR = st.tuples(*[score_groups(name=name) for name in _GROUPS])
_EDGES = st.sampled_from(("lower", "upper"))
_CARDS: dict[str, SearchStrategy[ScoreCard]] = {
    "sum": named(
        "score_cards",
        st.builds(
            _sum,
            _numbered(score_rules, 3),
            st.just(()) | st.tuples(silences(name="silence")),
            _PAIR,
            st.fixed_dictionaries(
                {"start": st.just(0) | _POINTS, "bands": _BANDS, "edges": _EDGES, "cap": _CAPS, "floor": _FLOORS}
            ),
        ),
    ),
    "weighted_mean": named(
        "score_cards",
        st.builds(
            _mean,
            _numbered(measures, 3),
            _WEIGHTS,
            st.fixed_dictionaries(
                {"bands": _BANDS, "edges": _EDGES},
                optional={
                    "missing": st.sampled_from(("drop", "zero", "neutral", "require")),
                    "neutral": st.sampled_from((0, 50, Fraction(1, 2))),
                    "stale": st.sampled_from(("missing", "flag")),
                },
            ),
        ),
    ),
}

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    HalfLife: lambda: _HALF_LIVES,
    Measure: measures,
    PerMonth: lambda: _PER_MONTH,
    ScoreAdjustment: score_adjustments,
    ScoreBand: score_bands,
    ScoreCard: score_cards,
    ScoreGroup: score_groups,
    ScoreRule: score_rules,
    Silence: silences,
}
"""The strategy of every stored form of `relex.scoring`."""
