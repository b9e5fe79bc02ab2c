"""Laws of survivorship: one picture of many records, whatever their order is and whatever they hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from hypothesis import given, settings, strategies as st

from relex.parties import LATEST, SMALLEST, TOTAL, PersonName, Profile, Record, Survivorship, golden
from relex.testing import strategies

DAY = datetime(2026, 5, 1, tzinfo=UTC)
OLD = datetime(1, 1, 3, tzinfo=UTC)

sources = st.lists(
    strategies.records(
        source=st.sampled_from(["crm", "shop"]),
        key=st.sampled_from(["7", "8"]),
        kind="person",
        at=strategies.instants(),
    ),
    max_size=4,
)
ties = st.lists(
    st.builds(
        lambda source, hours, title: Record(source, "1", DAY + timedelta(hours=hours), values={"title": title}),
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 1),
        st.sampled_from(["x", "X", "y", "", 3]),
    ),
    max_size=5,
)
"""Records of few times and few values, so that nearly all are ties."""

rules = strategies.survivorships()


@settings(max_examples=60, deadline=None)
@given(st.data(), sources | ties, rules)
def test_the_order_of_records_never_matters(data: st.DataObject, records: list[Record], survivorship: Any) -> None:
    turned = data.draw(st.permutations(records))

    assert golden(records, survivorship) == golden(turned, survivorship)


@settings(max_examples=60, deadline=None)
@given(sources | ties, rules)
def test_the_same_records_twice_change_nothing(records: list[Record], survivorship: Survivorship) -> None:
    assert golden(records, survivorship) == golden([*records, *records], survivorship)


@settings(max_examples=60, deadline=None)
@given(sources | ties, rules)
def test_an_older_blank_changes_nothing(records: list[Record], survivorship: Survivorship) -> None:
    blank = Record(
        "blank", "1", OLD, values={"title": " ", "note": None, "visits": "", "email": "\N{ZERO WIDTH SPACE}"}
    )

    assert golden(records, survivorship) == golden([*records, blank], survivorship)


@settings(max_examples=60, deadline=None)
@given(sources | ties, rules)
def test_every_value_is_one_that_a_record_states(records: list[Record], survivorship: Survivorship) -> None:
    profile = golden(records, survivorship)
    stated = [(record.id, record.fields()) for record in records]

    for field, value in profile.values.items():
        origin = profile.origins[field]
        assert (value is None) == (origin.reason is not None)
        for statement in origin.won:
            assert any(name == statement.record and fields.get(field) == statement.value for name, fields in stated), (
                field
            )
        if origin.policy not in {"total", "union"} and value is not None:
            assert origin.won[0].value == value


@settings(max_examples=80)
@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 3), st.integers(-5, 5)), max_size=8))
def test_a_total_counts_no_record_twice(said: list[tuple[str, int, int]]) -> None:
    newest = {(source, hours): visits for source, hours, visits in said}
    records = [
        Record(source, "1", DAY + timedelta(hours=hours), values={"visits": visits})
        for (source, hours), visits in newest.items()
    ]
    last = {source: newest[source, max(at for other, at in newest if other == source)] for source, _ in newest}

    assert golden(records, Survivorship(TOTAL)).get("visits", 0) == sum(last.values())


@settings(max_examples=60, deadline=None)
@given(strategies.records(kind="person"))
def test_one_record_alone_is_its_own_picture(record: Record) -> None:
    fields = record.fields()
    profile = golden([record])

    for field in fields.keys() - {"points", "relationships", "identifiers"}:
        assert profile[field] == fields[field]
    assert set(profile.values) - set(fields) <= set(record.cleared)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 9) | st.sampled_from(["3", "none"]), min_size=1, max_size=5))
def test_the_smallest_is_below_all_others_of_its_kind(values: list[Any]) -> None:
    records = [Record("crm", str(place), DAY, values={"visits": value}) for place, value in enumerate(values)]
    numbers = [value for value in values if isinstance(value, int)]

    assert golden(records, Survivorship(SMALLEST))["visits"] == min(numbers or values)


@settings(max_examples=60, deadline=None)
@given(sources)
def test_at_most_one_point_of_a_kind_is_primary_and_no_two_are_one(records: list[Record]) -> None:
    points = golden(records).get("points", ())
    primary = [point.kind for point in points if point.primary]

    assert len(primary) == len(set(primary))
    assert len({point.field for point in points}) == len(points)


@settings(max_examples=60, deadline=None)
@given(sources)
def test_no_two_ties_of_a_picture_exclude_each_other(records: list[Record]) -> None:
    ties = golden(records).get("relationships", ())

    assert not [1 for place, tie in enumerate(ties) for other in ties[:place] if tie.displaces(other)]


@settings(max_examples=50, deadline=None)
@given(sources, rules)
def test_a_picture_shows_itself_whatever_it_holds(records: list[Record], survivorship: Survivorship) -> None:
    nasty = attrs.evolve(Record("x", "1", DAY, name=PersonName("<script>")), values={"note": "<b>", "long": "x" * 1000})
    profile = golden([*records, nasty], survivorship)

    assert isinstance(profile, Profile)
    assert "<script" not in profile._repr_html_()
    assert str(golden([nasty], Survivorship(LATEST))).startswith("long: x")
