"""The rule of stale deals as the filter of a store: the answer of the database is that of the object."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from pipeline_deals import deal, on, sales

from relex.adapters.sqlalchemy import SqlStore, Tables
from relex.calendars import Days
from relex.changes import Change
from relex.pipeline import Opportunity, StalePolicy, stale, stale_rule
from relex.repositories import MemoryStore
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.repositories import Store

PIPELINE = sales(
    stale=StalePolicy("last_activity", Days(5), Days(10), unless=field("next_step_due").after(days=0)),
)
DEALS = [
    deal("resting"),
    deal("called").record_activity("call", at=on(12)).state,
    deal("planned").set_next_step("visit", date(2026, 1, 20), at=on(0)).state,
    deal("snoozed").snooze(date(2026, 1, 22), at=on(0), reason="holiday").state,
    deal("closed", 0, (1, "lost")),
    deal("new", 14),
]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    engine = sa.create_engine("sqlite://")
    tables = Tables(Opportunity)
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        yield SqlStore(connection, tables)
    engine.dispose()


@pytest.mark.parametrize("day", [15, 18, 19, 21, 24, 40])
@pytest.mark.parametrize("state", ["warning", "stale"])
def test_the_store_finds_what_the_object_says(store: Store, day: int, state: str) -> None:
    deals = store.repository(Opportunity)
    deals.save(*(Change(each, each.history) for each in DEALS))
    as_of = on(day) + timedelta(hours=1)

    expected = [each.id for each in DEALS if stale(each, PIPELINE, as_of=as_of).state == state]
    known = [each.id for each in deals.find(stale_rule(PIPELINE, state), as_of=as_of)]

    assert sorted(expected) == known
