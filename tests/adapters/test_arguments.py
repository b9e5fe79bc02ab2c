"""Wrong arguments are refused alike by every store: in memory and on each database, sync and awaited."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from relex import Change, Customer, InvalidValue, field
from relex.adapters.sqlalchemy import AsyncSqlStore, SqlStore, Tables
from relex.parties import PersonName
from relex.purchases import Claim
from relex.repositories import AsyncMemoryStore, MemoryStore, Message
from relex.testing._bridge import Bridge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine
    from sqlalchemy.ext.asyncio import AsyncEngine

DAY = datetime(2026, 5, 1, tzinfo=UTC)
TABLES = Tables(Customer, Claim)
OPENED = Customer.open("c1", PersonName("Ada Lovelace"), at=DAY)
CLAIM = Claim("k1", purchase="p1", customer="c1", at=DAY, by="desk")
HUGE = 10**30

WRONG: dict[str, Callable[[Any], Any]] = {
    "get a number": lambda store: store.repository(Customer).get(1),
    "get nothing": lambda store: store.repository(Customer).get(None),
    "get a list": lambda store: store.repository(Customer).get([]),
    "find no rule": lambda store: list(store.repository(Customer).find("vip")),
    "find after a number": lambda store: list(store.repository(Customer).find(after=5)),
    "find after a list": lambda store: list(store.repository(Customer).find(after=[])),
    "find a huge page": lambda store: list(store.repository(Customer).find(limit=HUGE)),
    "find half a page": lambda store: list(store.repository(Customer).find(limit=0.5)),
    "read no rule": lambda store: list(store.log(Claim).read(5)),
    "read of a number": lambda store: list(store.log(Claim).read(of=5)),
    "read of a list": lambda store: list(store.log(Claim).read(of=[])),
    "read after a number": lambda store: list(store.log(Claim).read(after=5)),
    "read after a list": lambda store: list(store.log(Claim).read(after=[])),
    "read since no instant": lambda store: list(store.log(Claim).read(since=DAY.date())),
    "read until no zone": lambda store: list(store.log(Claim).read(until=DAY.replace(tzinfo=None))),
    "read a huge page": lambda store: list(store.log(Claim).read(limit=HUGE)),
    "history of a number": lambda store: list(store.history(Customer, 5)),
    "history of nothing": lambda store: list(store.history(Customer, None)),
    "history of a list": lambda store: list(store.history(Customer, [])),
    "history after a huge version": lambda store: list(store.history(Customer, "c1", after=HUGE)),
    "history of no class": lambda store: list(store.history([], "c1")),
    "history of entries": lambda store: list(store.history(Claim, "k1")),
    "repository of no class": lambda store: store.repository([]),
    "repository of a class": lambda store: store.repository(dict),
    "repository of entries": lambda store: store.repository(Claim),
    "log of no class": lambda store: store.log([]),
    "log of a class": lambda store: store.log(dict),
    "log of aggregates": lambda store: store.log(Customer),
    "save no change": lambda store: store.save(None),
    "save no state": lambda store: store.save(Change(None, OPENED.events)),  # type: ignore[type-var]
    "save no events": lambda store: store.save(Change(OPENED.state, None)),  # type: ignore[arg-type]
    "save a list of events": lambda store: store.save(Change(OPENED.state, list(OPENED.events))),  # type: ignore[arg-type]
    "save no event": lambda store: store.save(Change(OPENED.state, (None,))),  # type: ignore[arg-type]
    "save entries that are none": lambda store: store.save(OPENED, entries=None),
    "save entries that are a number": lambda store: store.save(OPENED, entries=5),
    "save no entry": lambda store: store.save(OPENED, entries=[CLAIM, None]),
    "save a state as an entry": lambda store: store.save(entries=[OPENED.state]),
    "append no entry": lambda store: store.log(Claim).append(None),
    "save no change of customers": lambda store: store.repository(Customer).save(None),
    "pending of a huge page": lambda store: list(store.pending(limit=HUGE)),
    "deliver nothing": lambda store: store.delivered(None),
    "deliver a text": lambda store: store.delivered("ab"),
    "deliver an event": lambda store: store.delivered(OPENED.events[0]),
    "deliver no event": lambda store: store.delivered(Message(Customer, None)),  # type: ignore[arg-type]
    "deliver of no class": lambda store: store.delivered(Message([], OPENED.events[0])),  # type: ignore[arg-type]
    "deliver of entries": lambda store: store.delivered(Message(Claim, OPENED.events[0])),
}


def refusal(store: Any, name: str) -> tuple[str, str]:
    """Where a store finds the mistake, and what it expects there."""
    with pytest.raises(InvalidValue) as caught:
        WRONG[name](store)
    return caught.value.path, caught.value.expected


@pytest.fixture(params=["awaited memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "awaited memory":
        with asyncio.Runner() as runner:
            yield Bridge(AsyncMemoryStore(), runner)
    else:
        engine: Engine = request.getfixturevalue(f"{request.param}_engine")
        TABLES.metadata.create_all(engine)
        with engine.connect() as connection:
            yield SqlStore(connection, TABLES)


@pytest.mark.parametrize("name", WRONG)
def test_every_store_says_what_the_store_in_memory_says(store: Any, name: str) -> None:
    assert refusal(store, name) == refusal(MemoryStore(), name)
    assert list(store.repository(Customer).find()) == []
    assert list(store.log(Claim).read()) == []


def test_an_awaited_store_says_the_same(async_sqlite_engine: AsyncEngine) -> None:
    with asyncio.Runner() as runner, on(async_sqlite_engine, runner) as store:
        assert {name: refusal(store, name) for name in WRONG} == {name: refusal(MemoryStore(), name) for name in WRONG}


@contextmanager
def on(engine: AsyncEngine, runner: asyncio.Runner) -> Iterator[Any]:
    connection = runner.run(begun(engine))
    yield Bridge(AsyncSqlStore(connection, TABLES), runner)
    runner.run(connection.close())


async def begun(engine: AsyncEngine) -> Any:
    connection = await engine.connect()
    await connection.run_sync(TABLES.metadata.create_all)
    return connection


@pytest.mark.parametrize("limit", [2**63 - 1, None])
def test_the_largest_limit_is_all(store: Any, limit: int | None) -> None:
    store.save(OPENED, entries=[CLAIM])

    assert list(store.repository(Customer).find(limit=limit)) == [OPENED.state]
    assert list(store.repository(Customer).find(field("customer.id") == "c1", limit=limit)) == [OPENED.state]
    assert list(store.log(Claim).read(limit=limit)) == [CLAIM]
    assert list(store.pending(limit=limit)) == [Message(Customer, OPENED.events[0])]
    assert list(store.history(Customer, "c1", after=limit or 0)) == ([] if limit else [*OPENED.events])
