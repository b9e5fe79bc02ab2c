"""The store on an async connection: each verb runs the store's own, inside SQLAlchemy's bridge to async drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from relex.adapters.sqlalchemy._store import SqlStore
from relex.changes import Aggregate, Entry
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime, tzinfo

    from sqlalchemy.ext.asyncio import AsyncConnection

    from relex.adapters.sqlalchemy._tables import Tables
    from relex.changes import Change, Event
    from relex.repositories import AsyncLog, AsyncRepository, Message
    from relex.rules import AsOf, Rule

__all__ = ["AsyncSqlStore"]

S = TypeVar("S", bound=Aggregate)
E = TypeVar("E", bound=Entry)
T = TypeVar("T")


class AsyncSqlStore:
    """`SqlStore` on an `AsyncConnection`, with the same verbs, awaited.

    What it is told at a wrong call, it says at the first step: when a verb is awaited, or when an iteration begins.

    Args:
        connection: The caller's, to SQLite (aiosqlite) or PostgreSQL (asyncpg, psycopg).
        tables: Where to keep what; by default `Tables()`.
        unsupported: What to do with a rule that the database cannot judge: `refuse` it or `finish` in Python.
        zones: Turns the key of a time zone into a tzinfo; by default `zoneinfo.ZoneInfo`.

    Raises:
        NotSupported: For another database.
        InvalidValue: For something that is no `AsyncConnection`, or one that has not been started; for tables that are
            no `Tables`, or another word for `unsupported`.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        connection: AsyncConnection,
        tables: Tables | None = None,
        *,
        unsupported: str = "refuse",
        zones: Callable[[str], tzinfo] | None = ZoneInfo,
    ) -> None:
        started = getattr(connection, "sync_connection", None)
        if started is None:
            raise InvalidValue("AsyncSqlStore.connection", connection, "an AsyncConnection that has been started")
        self._connection = connection
        self._store = SqlStore(started, tables, unsupported=unsupported, zones=zones)

    def repository(self, kind: type[S], /) -> AsyncRepository[S]:
        """Where the aggregates of this class are kept.

        Raises:
            InvalidValue: When there is no table for them.
        """
        self._store.repository(kind)
        return _AsyncSqlRepository(self, kind)

    def log(self, kind: type[E], /) -> AsyncLog[E]:
        """Where the entries of this class are kept.

        Raises:
            InvalidValue: When there is no table for them.
        """
        self._store.log(kind)
        return _AsyncSqlLog(self, kind)

    async def save(self, *changes: Change[Any], entries: Sequence[Entry] = ()) -> None:
        """Keep changes and entries of any classes: all of them, or none.

        Raises:
            Conflict: For another version, or the id of an entry with another content.
            InvalidValue: For something that is no change or no entry, has no table, or holds what cannot be kept.
        """
        await self._run(lambda store: store.save(*changes, entries=entries))

    async def history(self, kind: type[Aggregate], id: str, /, *, after: int = 0) -> AsyncIterator[Event]:  # noqa: A002 - the field's name everywhere in relex
        """The events of one aggregate in the order of their versions; none when there is no such aggregate."""
        for event in await self._run(lambda store: store.history(kind, id, after=after)):
            yield event

    async def pending(self, *, limit: int | None = None) -> AsyncIterator[Message]:
        """The messages that wait, those saved first coming first."""
        for message in await self._run(lambda store: store.pending(limit=limit)):
            yield message

    async def delivered(self, *messages: Message) -> None:
        """Take messages out of those that wait; one that does not wait has no effect.

        Raises:
            InvalidValue: For something that is no message, or a message of a class that has no table.
        """
        await self._run(lambda store: store.delivered(*messages))

    async def refresh(self, kind: type, /, *, after: str | None = None, limit: int = 1_000) -> str | None:
        """Write a batch of rows again as they would be written now; see `SqlStore.refresh`."""
        return await self._run(lambda store: store.refresh(kind, after=after, limit=limit))

    async def _run(self, verb: Callable[[SqlStore], T]) -> T:
        return await self._connection.run_sync(lambda _: verb(self._store))


class _AsyncSqlRepository(Generic[S]):
    """The aggregates of one class on an async connection."""

    __slots__ = ("_kind", "_store")

    def __init__(self, store: AsyncSqlStore, kind: type[S]) -> None:
        self._store = store
        self._kind = kind

    async def get(self, id: str, /) -> S:  # noqa: A002 - as above
        return await self._store._run(lambda store: store.repository(self._kind).get(id))  # noqa: SLF001 - a view of the store

    async def find(
        self, rule: Rule | None = None, /, *, as_of: AsOf = None, after: str | None = None, limit: int | None = None
    ) -> AsyncIterator[S]:
        for state in await self._store._run(  # noqa: SLF001 - as above
            lambda store: store.repository(self._kind).find(rule, as_of=as_of, after=after, limit=limit)
        ):
            yield state

    async def save(self, *changes: Change[S]) -> None:
        await self._store._run(lambda store: store.repository(self._kind).save(*changes))  # noqa: SLF001 - as above


class _AsyncSqlLog(Generic[E]):
    """The entries of one class on an async connection."""

    __slots__ = ("_kind", "_store")

    def __init__(self, store: AsyncSqlStore, kind: type[E]) -> None:
        self._store = store
        self._kind = kind

    async def append(self, *entries: E) -> None:
        await self._store._run(lambda store: store.log(self._kind).append(*entries))  # noqa: SLF001 - a view of the store

    async def read(
        self,
        rule: Rule | None = None,
        /,
        *,
        of: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        as_of: AsOf = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[E]:
        for entry in await self._store._run(  # noqa: SLF001 - as above
            lambda store: store.log(self._kind).read(
                rule, of=of, since=since, until=until, as_of=as_of, after=after, limit=limit
            )
        ):
            yield entry
