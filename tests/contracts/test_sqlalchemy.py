"""The store on SQLAlchemy is held to the whole contract: on SQLite and PostgreSQL, sync and async."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from databases import with_driver
from sqlalchemy import NullPool, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from relex import Purchase
from relex.adapters.sqlalchemy import AsyncSqlStore, SqlStore, Tables
from relex.rules import FactSchema
from relex.testing import (
    AsyncConcurrencyContract,
    AsyncHistoryContract,
    AsyncOutboxContract,
    AsyncRuleContract,
    AsyncStoreContract,
    ConcurrencyContract,
    HistoryContract,
    OutboxContract,
    RuleContract,
    StoreContract,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from sqlalchemy import Engine
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from relex.testing import Runner

TABLES = Tables(facts={Purchase: FactSchema(Purchase.fact_schema.facts)}, prefix="kit_")


@pytest.fixture(scope="module")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('kit') / 'relex.db'}"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database with the tables, to which several connections may be opened."""
    url = request.getfixturevalue("sqlite_file" if request.param == "sqlite" else "postgres_url")
    engine = create_engine(url if request.param == "sqlite" else with_driver(url, "psycopg"))
    if request.param == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    TABLES.metadata.create_all(engine)
    yield engine
    TABLES.metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def emptied(database: Engine) -> Iterator[Engine]:
    """The same for tests that commit: whatever they left is deleted after them."""
    yield database
    with database.begin() as connection:
        for table in TABLES.metadata.sorted_tables:
            connection.execute(table.delete())


def async_engine_of(database: Engine) -> AsyncEngine:
    driver = "aiosqlite" if database.dialect.name == "sqlite" else "asyncpg"
    url = database.url.set(drivername=f"{database.dialect.name}+{driver}")
    return create_async_engine(url, poolclass=NullPool)


@contextmanager
def rolled_back(database: Engine) -> Iterator[Any]:
    with database.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


class TestSqlStore(StoreContract, HistoryContract, OutboxContract):
    @pytest.fixture
    def store(self, database: Engine) -> Iterator[SqlStore]:
        with rolled_back(database) as connection:
            yield SqlStore(connection, TABLES)


class TestSqlStoreThatFinishes(RuleContract):
    @pytest.fixture
    def store(self, database: Engine) -> Iterator[SqlStore]:
        with rolled_back(database) as connection:
            yield SqlStore(connection, TABLES, unsupported="finish")


class TestAsyncSqlStore(AsyncStoreContract, AsyncHistoryContract, AsyncOutboxContract):
    @pytest.fixture
    def store(self, database: Engine, runner: Runner) -> Iterator[AsyncSqlStore]:
        engine = async_engine_of(database)
        connection = runner.run(begun(engine))
        yield AsyncSqlStore(connection, TABLES)
        runner.run(ended(connection))


class TestAsyncSqlStoreThatFinishes(AsyncRuleContract):
    @pytest.fixture
    def store(self, database: Engine, runner: Runner) -> Iterator[AsyncSqlStore]:
        engine = async_engine_of(database)
        connection = runner.run(begun(engine))
        yield AsyncSqlStore(connection, TABLES, unsupported="finish")
        runner.run(ended(connection))


async def begun(engine: AsyncEngine) -> AsyncConnection:
    connection = await engine.connect()
    await connection.begin()
    return connection


async def ended(connection: AsyncConnection) -> None:
    await connection.rollback()
    await connection.close()


class TestUnitsOfSqlStore(ConcurrencyContract):
    transient: ClassVar[tuple[type[Exception], ...]] = (OperationalError,)

    @pytest.fixture
    def unit(self, emptied: Engine) -> Callable[[], Any]:
        @contextmanager
        def begun() -> Iterator[SqlStore]:
            with emptied.begin() as connection:
                yield SqlStore(connection, TABLES)

        return begun


class TestUnitsOfAsyncSqlStore(AsyncConcurrencyContract):
    transient: ClassVar[tuple[type[Exception], ...]] = (OperationalError,)

    @pytest.fixture
    def unit(self, emptied: Engine) -> Callable[[], Any]:
        @asynccontextmanager
        async def begun() -> AsyncIterator[AsyncSqlStore]:
            async with async_engine_of(emptied).begin() as connection:
                yield AsyncSqlStore(connection, TABLES)

        return begun
