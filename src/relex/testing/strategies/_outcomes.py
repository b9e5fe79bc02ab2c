"""Outcomes of closed records, and the tables that learn from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.pipeline import Outcome, OutcomeCounts, OutcomeTable, Variable
from relex.testing.strategies._basics import either, ids, instants, named, texts, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "outcome_counts", "outcome_tables", "outcomes", "variables"]

_STAGES = ("new", "demo", "won")
_SINGLE, _MANY = ("country", "source"), "tags"
_GROUP = st.sampled_from((None, "north", "south"))
_FEW = st.sampled_from(("a", "b")) | texts()
_MOST_COUNTED = 10**6
_TEXT = _checks.text


def variables(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[Variable]:
    """What a table counts: of one value or many, with and without minimum support and values that are not named.

    Args:
        name: The name, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    given = either("variables.name", name, _TEXT, words().filter(lambda word: word != "stage"))
    few = st.lists(_FEW, max_size=2)
    return st.builds(
        Variable,
        given,
        missing_counts=st.booleans(),
        many=st.booleans(),
        minimum_support=st.none() | st.integers(1, 60),
        never_for=few,
        never_against=few,
    )


def outcomes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    source: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Outcome]:
    """Won and lost records with a country, a source and tags, of some groups; shrinks to one that knows nothing.

    Args:
        id: Of the outcome, or what ids are drawn from.
        source: Id of the record, or what such are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an empty id, or a naive instant.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _outcome,
        either("outcomes.id", id, _TEXT, ids()),
        either("outcomes.source", source, _TEXT, ids()),
        either("outcomes.at", at, _checks.instant, instants()),
        st.sampled_from(("lost", "won")),
        _GROUP,
        _VALUES,
        st.integers(0, 2),
    )


_VALUES: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(_SINGLE, _FEW), _MANY: st.lists(_FEW, max_size=3).map(tuple)}
)


def _outcome(
    id: str,  # noqa: A002 - as above
    source: str,
    at: datetime,
    result: str,
    group: str | None,
    values: dict[str, Any],
    place: int,
) -> Outcome:
    passed = _STAGES[:place]
    stages = _STAGES if result == "won" else passed
    last = passed[-1] if passed else None
    return Outcome(id, source=source, at=at, result=result, group=group, values=values, stage=last, stages=stages)


def outcome_counts(*, group: str | SearchStrategy[str | None] | None = None) -> SearchStrategy[OutcomeCounts]:
    """How many records of a group were won and lost, with some rows.

    Args:
        group: The group, or what groups are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    return st.builds(_counts, either("outcome_counts.group", group, _TEXT, _GROUP), _PAIR, _CELLS)


_PAIR = st.tuples(st.integers(0, _MOST_COUNTED), st.integers(0, _MOST_COUNTED)).filter(any)
_CELLS = st.lists(st.tuples(words(), st.none() | texts()), max_size=3, unique=True)


def _counts(group: str | None, pair: tuple[int, int], cells: list[tuple[str, str | None]]) -> OutcomeCounts:
    won, lost = pair
    return OutcomeCounts(group, won=won, lost=lost, rows=[(*cell, won, lost) for cell in cells])


def outcome_tables() -> SearchStrategy[OutcomeTable]:
    """Tables of a country, a source and tags that learned from some outcomes; shrinks to an empty one.

    .. versionadded:: 0.1.0
    """
    return named("outcome_tables", st.builds(OutcomeTable.from_outcomes, st.lists(outcomes(), max_size=5), _COUNTED))


_COUNTED: SearchStrategy[tuple[Variable, ...]] = st.tuples(
    *[st.builds(Variable, st.just(name), missing_counts=st.booleans()) for name in _SINGLE],
    st.builds(Variable, st.just(_MANY), many=st.just(True), minimum_support=st.sampled_from((None, 1, 2))),
)

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Outcome: outcomes,
    OutcomeCounts: outcome_counts,
    OutcomeTable: outcome_tables,
    Variable: variables,
}
