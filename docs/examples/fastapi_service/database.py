"""A database behind the store: one transaction for each unit of work, and another try when somebody was faster.

The address decides which database it is: `sqlite+aiosqlite://` is in memory, `sqlite+aiosqlite:///shop.db` a file,
`postgresql+asyncpg://user:password@host/shop` a server.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from relex import Conflict
from relex.adapters.sqlalchemy import AsyncSqlStore, Tables
from relex.repositories import AsyncStore

T = TypeVar("T")
Work = Callable[[AsyncStore], Awaitable[T]]

TRIES = 5
TABLES = Tables()
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"


class Database:
    """Runs units of work; made once, when the service starts."""

    def __init__(self, url: str) -> None:
        self.engine = engine_of(make_url(url))

    async def create_tables(self) -> None:
        """Enough for a demonstration; a real service makes and changes its tables by migrations."""
        async with self.engine.begin() as connection:
            await connection.run_sync(TABLES.metadata.create_all)

    async def run(self, work: Work[T]) -> T:
        """The answer of the work, once its transaction is committed; each try starts from the beginning."""
        for _ in range(TRIES - 1):
            try:
                return await self._once(work)
            except (Conflict, DBAPIError) as error:
                if not is_passing(error):
                    raise
        return await self._once(work)

    async def _once(self, work: Work[T]) -> T:
        async with self.engine.begin() as connection:
            return await work(AsyncSqlStore(connection, TABLES))

    async def close(self) -> None:
        await self.engine.dispose()


def is_passing(error: Exception) -> bool:
    """Whether the same work may well succeed when it is done again."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        return state in {SERIALIZATION_FAILURE, DEADLOCK} or "database is locked" in str(error.orig)
    return isinstance(error, Conflict)


def engine_of(url: URL) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url)
    in_memory = url.database in {None, "", ":memory:"}
    one = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0} if in_memory else {}
    engine = create_async_engine(url, **one)  # what is in memory lives in one connection, which units take in turn
    event.listen(engine.sync_engine, "connect", _leave_transactions_to_us)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _leave_transactions_to_us(connection: Any, _: object) -> None:
    """The driver would begin at the first write, which is too late: what was read could be old by then."""
    connection.isolation_level = None


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
