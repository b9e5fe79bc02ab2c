"""Laws of imports: no row is lost, none is told twice, and the gates are those of every other door."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given, settings, strategies as st

from relex.changes import replay
from relex.errors import Rejected
from relex.pipeline import Opportunity, Pipeline, Stage
from relex.pipeline._cells import FIELDS
from relex.rules import Requirement, field

lean = settings(max_examples=60)
START = datetime(2026, 1, 5, tzinfo=UTC)
SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=10),
        Stage("demo", 2, probability=30, requires=[Requirement("worth", field("amount") > 0, "State the amount")]),
        Stage("offer", 3, probability=60, requires=[Requirement("who", field("owner") == "ann", "Give it to Ann")]),
        Stage(
            "won", 8, kind="won", requires=[Requirement("when", ~field("expected_close").is_missing(), "State a date")]
        ),
        Stage("lost", 9, kind="lost"),
    ],
)

sound = st.fixed_dictionaries(
    {
        "id": st.sampled_from("abcdefgh"),
        "stage": st.sampled_from(("new", "demo", "offer", "won", "lost")),
        "at": st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(date.isoformat),
    },
    optional={
        "amount": st.sampled_from(("0", "10.50", "900", "")),
        "owner": st.sampled_from(("ann", "bob", "")),
        "expected_close": st.sampled_from(("2026-06-30", "")),
        "reason": st.just("price"),
        "customer": st.sampled_from(("c1", "c2")),
        "product": st.sampled_from(("mug", "cup")),
        "opened_at": st.just("2026-01-01"),
    },
)
garbage: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.binary(max_size=3),
    st.dates(),
    st.datetimes(),
    st.just(Decimal("NaN")),
    st.lists(st.text(max_size=2), max_size=2),
)
hostile = st.dictionaries(st.sampled_from(tuple(FIELDS)), garbage, max_size=8) | garbage
mixed = st.builds(lambda one, other: {**one, **other} if isinstance(other, dict) else other, sound, hostile)


@lean
@given(st.lists(sound | mixed, max_size=10))
def test_every_row_is_in_a_deal_or_among_the_refused(rows: list[Any]) -> None:
    found = Opportunity.from_rows(rows, SALES, currency="USD", tz=UTC)
    refused = [row.number for row in found.refused]
    taken = {deal.id for deal in found.opportunities}
    ids = [row["id"].strip() if isinstance(row, dict) and isinstance(row.get("id"), str) else None for row in rows]

    assert sorted({*refused}) == refused
    assert all(row.problems for row in found.refused)
    assert {number for number, id_ in enumerate(ids, 1) if id_ not in taken} == {*refused}
    assert found.rows == len(rows)


@lean
@given(st.lists(sound, max_size=8))
def test_the_deals_are_their_events(rows: list[dict[str, str]]) -> None:
    for deal, events in Opportunity.from_rows(rows, SALES, currency="USD", tz=UTC).changes:
        assert replay(Opportunity.evolve, events) == deal
        assert deal.version == len(events)


@lean
@given(st.lists(sound | mixed, max_size=8))
def test_reading_twice_gives_the_same(rows: list[Any]) -> None:
    """A row alone is read as it is in company of rows of other deals."""
    found = Opportunity.from_rows(rows, SALES, currency="USD", tz=UTC)
    ids = Counter(row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str))
    alone = [
        Opportunity.from_rows(
            [row for row in rows if isinstance(row, dict) and row.get("id") == one], SALES, currency="USD", tz=UTC
        )
        for one in ids
    ]

    assert {*found.opportunities} >= {deal for each in alone for deal in each.opportunities if ids[deal.id] == 1}


@lean
@given(sound, st.sampled_from(("new", "demo", "offer", "won")))
def test_a_form_and_an_import_give_the_same_answer(row: dict[str, str], stage: str) -> None:
    """Whatever the check of a move lists as unmet, the row that makes the same move is refused with."""
    begin = {**row, "stage": "new", "opened_at": "2026-01-05", "at": "2026-01-05", "product": ""}
    deal = Opportunity.from_rows([begin], SALES, currency="USD", tz=UTC).opportunities[0]
    moving = Opportunity.from_rows(
        [begin, {"id": row["id"], "stage": stage, "at": "2026-02-01"}], SALES, tz=UTC, currency="USD"
    )
    at = datetime(2026, 2, 1, tzinfo=UTC)
    check = SALES.check(deal, stage, as_of=at)
    told = moving.refused[1].problems[0].unmet if moving.refused else ()
    try:
        asked = deal.move_to(stage, SALES, at=at).state.stage
    except Rejected as error:
        asked = error.details["unmet"]

    assert check.unmet == told
    assert asked == (told or stage)
