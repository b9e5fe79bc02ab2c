"""Rules over cases as filters of a store: the answer of the database is that of the object."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from relex.adapters.sqlalchemy import SqlStore, Tables
from relex.calendars import BusinessCalendar
from relex.repositories import MemoryStore
from relex.rules import compile_rule, field
from relex.service import (
    Case,
    CaseMessage,
    SlaPolicies,
    SlaPolicy,
    first_response,
    queue,
    resolution,
    sla,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.changes import Change
    from relex.repositories import Store
    from relex.rules import Rule

HOUR = timedelta(hours=1)
NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
NOON = NINE + 3 * HOUR
POLICY = SlaPolicy("all", [first_response(2 * HOUR), resolution(8 * HOUR)], BusinessCalendar.always(UTC))
POLICIES = SlaPolicies([], POLICY)


def opened(id: str, team: str | None = "support", **more: object) -> Change[Case]:  # noqa: A002 - as everywhere in relex
    """A case of nine o'clock that was promised what all are."""
    change = Case.open(id, customer="c1", team=team, at=NINE, **more)  # type: ignore[arg-type]  # as it takes them
    return change.then(lambda it: it.choose_policy(POLICIES.choose(it, as_of=NINE), at=NINE))


CHANGES = [
    opened("c1", type="question", priority="urgent", tags=["vip"]),
    opened("c2", team="engineers", type="fault", impact=2),
    opened("c3").then(lambda it: it.reply("m1", by="ann", at=NINE + HOUR, then="waiting_customer")),
    opened("c4").then(lambda it: it.assign("bob", at=NINE + HOUR)).then(lambda it: it.resolve("fixed", at=NOON)),
    opened("c5").then(lambda it: it.close(at=NINE + HOUR)),
    opened("c6", team=None, messages=[CaseMessage("m1", NINE, direction="in")]),
    opened("c7").then(lambda it: it.resolve(at=NINE + HOUR)).then(lambda it: it.reopen("again", at=NINE + 2 * HOUR)),
]
OPEN = field("kind").is_in("open", "waiting")
RULES = {
    "open cases of a team": OPEN & (field("team") == "support"),
    "cases that nobody has": OPEN & field("owner").is_missing(),
    "cases without an answer": OPEN & field("first_replied_at").is_missing(),
    "opened before an instant": field("opened_at") < NINE + HOUR,
    "resolved since an instant": field("resolved_at") >= NOON,
    "reopened": field("reopens") > 0,
    "of these priorities": field("priority").is_in("urgent", "high"),
    "with a tag": field("tags").contains("vip"),
    "that wait for the customer": field("waiting_for") == "customer",
    "of another type, if it has one": ~(field("type") == "fault"),
    "by impact": field("impact") == "2",
    "promised by a policy": field("policy") == "all",
}


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    engine, tables = request.getfixturevalue(f"{request.param}_engine"), Tables(Case)
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        yield SqlStore(connection, tables)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_the_store_finds_what_the_object_says(store: Store, rule: Rule) -> None:
    cases = store.repository(Case)
    cases.save(*CHANGES)

    expected = [state.id for state, _ in CHANGES if compile_rule(rule)(state.facts())]
    known = [case.id for case in cases.find(rule)]

    assert expected
    assert sorted(expected) == known


def test_broken_promises_are_asked_of_what_the_store_finds(store: Store) -> None:
    cases = store.repository(Case)
    cases.save(*CHANGES)

    found = list(cases.find(OPEN & field("first_replied_at").is_missing()))
    late = [case.id for case in found if sla(case, POLICIES, as_of=NOON).clock("first_response").state == "overdue"]

    assert late == ["c1", "c2", "c6"]
    assert queue(found, POLICIES, as_of=NOON).ids == ("c1", "c2", "c6", "c7")


def test_a_case_that_was_stored_tells_the_same(store: Store) -> None:
    cases = store.repository(Case)
    cases.save(*CHANGES)

    for state, _ in CHANGES:
        assert cases.get(state.id) == state
        assert sla(cases.get(state.id), POLICIES, as_of=NOON) == sla(state, POLICIES, as_of=NOON)
