"""Laws of outcome tables: they are functions of the outcomes in them, and the factors explain the odds exactly."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import given, settings, strategies as st

from relex.errors import Rejected
from relex.pipeline import Opportunity, Outcome, OutcomeTable, Pipeline, Stage, Variable
from relex.testing.strategies import opportunity_changes, outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relex.changes import Change

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
TENTH = Fraction(1, 10)
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
@given(MANY, MANY, RECORDS)
def test_whatever_is_removed_a_table_stays_one(
    given_: list[Outcome], others: list[Outcome], record: Mapping[str, Any]
) -> None:
    table = table_of(given_)
    for outcome in others:
        without = attrs.evolve(outcome, values={}, stages=())
        for gone in (without, without, outcome):
            with suppress(Rejected):
                table = table.remove(gone)

    twin = OutcomeTable(VARIABLES, table.counts)
    assert table == twin
    assert readings(table, record) == readings(twin, record)


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


SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=10),
        Stage("demo", 2, probability=40),
        Stage("won", 3, kind="won"),
        Stage("lost", 4, kind="lost"),
    ],
)
HISTORIES = st.lists(opportunity_changes(pipeline=SALES, max_size=6), max_size=3)
OWN = (Variable("owner", missing_counts=True), Variable("tags", many=True, minimum_support=1))


def outcome_of(deal: Opportunity | None) -> Outcome | None:
    return None if deal is None or deal.closed_at is None else Outcome.of(deal, SALES, variables=OWN)


@few
@given(HISTORIES)
def test_reopening_takes_away_exactly_what_the_closing_added(histories: list[tuple[Change[Opportunity], ...]]) -> None:
    table = OutcomeTable(OWN)
    closed = []
    for history in histories:
        known: Outcome | None = None
        for change in history:
            now = outcome_of(change.state)
            if known is not None and known != now:
                table = table.remove(known)
            if now is not None and known != now:
                table = table.add(now)
            known = now
        closed.append(known)

    assert OutcomeTable.from_outcomes([each for each in closed if each is not None], OWN) == table


def values_of(outcome: Outcome, variable: Variable) -> list[str | None]:
    """What a closed record counts for, as the definition has it."""
    value = dict(outcome.values).get(variable.name)
    found = set(value if isinstance(value, tuple) else () if value is None else (value,))
    return sorted(found) if found else [None] if variable.missing_counts else []


def rows_by_definition(given_: list[Outcome], groups: list[str | None], name: str) -> dict[Any, list[tuple[int, int]]]:
    """The rows of a variable that are read: (won, lost) of each group that has the row, by value."""
    variable = next((each for each in VARIABLES if each.name == name), None)
    found: dict[Any, list[tuple[int, int]]] = {}
    for group in groups:
        inside = [each for each in given_ if each.group == group]
        seen = [
            (value, each.result)
            for each in inside
            for value in (each.stages if variable is None else values_of(each, variable))
        ]
        for value in {value for value, _ in seen}:
            row = (seen.count((value, "won")), seen.count((value, "lost")))
            if variable is None or sum(row) >= variable.support:
                found.setdefault(value, []).append(row)
    return found


def share(rows: list[tuple[int, int]], side: int) -> Fraction:
    return sum((row[side] + TENTH for row in rows), Fraction(0))


@few
@given(st.lists(outcomes(), min_size=1, max_size=8), RECORDS, GROUPS)
def test_a_score_is_what_the_definition_says(
    given_: list[Outcome], record: Mapping[str, Any], group: str | None
) -> None:
    known = list(dict.fromkeys(each.group for each in given_))
    groups = [group] if group is not None and group in known else known
    results = [each.result for each in given_ if each.group in groups]
    whole = [results.count(result) + TENTH * len(groups) for result in ("won", "lost")]
    sides = list(whole)
    for name in ("country", "source", "stage", "tags"):
        rows = rows_by_definition(given_, groups, name)
        every = [row for of_value in rows.values() for row in of_value]
        asked = record.get(name, () if name == "tags" else None)
        for value in set(asked) if name == "tags" else {asked}:
            if value in rows:
                for side in (0, 1):
                    sides[side] *= share(rows[value], side) / (whole[side] if name == "stage" else share(every, side))

    assert table_of(given_).score(record, group=group).exact == 100 * sides[0] / sum(sides)
