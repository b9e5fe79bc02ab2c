"""Laws of outcome tables: they are functions of the outcomes in them, and the factors explain the odds exactly."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import given, settings, strategies as st

from relex.pipeline import Outcome, OutcomeTable, Variable
from relex.testing.strategies import outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES = (
    Variable("country", never_for=["a"]),
    Variable("source", missing_counts=True, never_against=["b"]),
    Variable("tags", many=True, minimum_support=2),
)
MANY = st.lists(outcomes(), max_size=8)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(("new", "demo", "won", "other")),
        "country": st.sampled_from(("a", "b", "c")),
        "source": st.sampled_from(("a", "b", None)),
        "tags": st.lists(st.sampled_from("abc"), max_size=3).map(tuple),
    },
)
GROUPS = st.sampled_from((None, "north", "south", "west"))
few = settings(max_examples=60)


def table_of(given_: list[Outcome]) -> OutcomeTable:
    return OutcomeTable.from_outcomes(given_, VARIABLES)


def readings(table: OutcomeTable, record: Mapping[str, Any]) -> list[Any]:
    return [table.score(record, group=group) for group in (None, "north", "south", "west")]


@few
@given(MANY, st.data(), RECORDS)
def test_any_order_of_adds_and_removes_equals_a_rebuild(
    given_: list[Outcome], data: st.DataObject, record: Mapping[str, Any]
) -> None:
    table = OutcomeTable(VARIABLES)
    inside: list[Outcome] = []
    for outcome in data.draw(st.permutations(given_)):
        table = table.add(outcome)
        inside.append(outcome)
        if data.draw(st.booleans()):
            gone = inside[data.draw(st.integers(0, len(inside) - 1))]
            inside.remove(gone)
            table = table.remove(gone)

    assert table_of(inside) == table
    assert readings(table_of(inside), record) == readings(table, record)


@few
@given(MANY, RECORDS, GROUPS)
def test_the_factors_explain_the_odds_exactly(
    given_: list[Outcome], record: Mapping[str, Any], group: str | None
) -> None:
    prediction = table_of(given_).score(record, group=group, minimum_outcomes=0, reasons=None)

    assert prediction.prior is not None
    assert prediction.odds == prediction.prior * prod((each.odds for each in prediction.factors), start=Fraction(1))
    assert all(each.weight == each.odds / (1 + each.odds) for each in prediction.factors)


@few
@given(MANY, RECORDS, GROUPS)
def test_a_prediction_is_never_certain_and_near_the_exact_one(
    given_: list[Outcome], record: Mapping[str, Any], group: str | None
) -> None:
    prediction = table_of(given_).score(record, group=group, minimum_outcomes=0)
    value, exact = Fraction(prediction.value or 0), prediction.exact or Fraction(0)

    assert Fraction(1, 100) <= value <= Fraction(9999, 100)
    assert abs(value - exact) <= Fraction(1, 100)


@few
@given(MANY, RECORDS, GROUPS)
def test_every_factor_is_named_at_most_once_and_never_where_it_is_suppressed(
    given_: list[Outcome], record: Mapping[str, Any], group: str | None
) -> None:
    found = table_of(given_).score(record, group=group, reasons=None)
    half = Fraction(1, 2)
    equal = [each for each in found.factors if each.weight == half]

    assert len(found.factors) == len(found.for_) + len(found.against) + len(found.suppressed) + len(equal)
    assert not [each for each in found.for_ if each.value == "a" and each.variable == "country"]
    assert not [each for each in found.against if each.value == "b" and each.variable == "source"]
    assert sorted([each.weight for each in found.for_], reverse=True) == [each.weight for each in found.for_]
    assert sorted([each.weight for each in found.against]) == [each.weight for each in found.against]


@few
@given(MANY, GROUPS, GROUPS)
def test_merging_groups_keeps_all_counts(given_: list[Outcome], source: str | None, into: str | None) -> None:
    moved = [attrs.evolve(each, group=into) if each.group == source else each for each in given_]

    assert table_of(moved) == table_of(given_).merge_group(source, into)


@few
@given(MANY)
def test_a_table_is_made_again_of_its_counts(given_: list[Outcome]) -> None:
    table = OutcomeTable(VARIABLES)
    for outcome in given_:
        table = table.add(outcome)
    totals = {each.group: (each.won, each.lost) for each in table.counts}
    rows = [(each.group, *row) for each in table.counts for row in each.rows]

    assert OutcomeTable(VARIABLES, table.counts) == table
    assert OutcomeTable.from_counts(totals, rows, VARIABLES) == table
