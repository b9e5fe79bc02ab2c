"""The store in memory with awaited verbs: nothing waits, so an async backend can be tried without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from relex.changes import Aggregate, Entry
from relex.repositories._memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence
    from datetime import datetime

    from relex.changes import Change, Event
    from relex.repositories._ports import AsyncLog, AsyncRepository, Log, Message, Repository
    from relex.rules import AsOf, Rule

__all__ = ["AsyncMemoryStore"]

S = TypeVar("S", bound=Aggregate)
E = TypeVar("E", bound=Entry)
T = TypeVar("T")


class AsyncMemoryStore:
    """A `MemoryStore` behind the async ports.

    Args:
        store: The store that keeps everything; by default a new one.

    .. versionadded:: 0.1.0
    """

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = MemoryStore() if store is None else store

    def repository(self, kind: type[S], /) -> AsyncRepository[S]:
        """Where the aggregates of this class are kept."""
        return _AsyncMemoryRepository(self._store.repository(kind))

    def log(self, kind: type[E], /) -> AsyncLog[E]:
        """Where the entries of this class are kept."""
        return _AsyncMemoryLog(self._store.log(kind))

    async def save(self, *changes: Change[Any], entries: Sequence[Entry] = ()) -> None:
        """Keep changes and entries of any classes: all of them, or none."""
        self._store.save(*changes, entries=entries)

    async def history(self, kind: type[Aggregate], id: str, /, *, after: int = 0) -> AsyncIterator[Event]:  # noqa: A002 - the field's name everywhere in relex
        """The events of one aggregate in the order of their versions."""
        for event in self._store.history(kind, id, after=after):
            yield event

    async def pending(self, *, limit: int | None = None) -> AsyncIterator[Message]:
        """The messages that wait, those saved first coming first."""
        for message in self._store.pending(limit=limit):
            yield message

    async def delivered(self, *messages: Message) -> None:
        """Take messages out of those that wait."""
        self._store.delivered(*messages)


class _AsyncMemoryRepository(Generic[S]):
    __slots__ = ("_inner",)

    def __init__(self, inner: Repository[S]) -> None:
        self._inner = inner

    async def get(self, id: str, /) -> S:  # noqa: A002 - as above
        return self._inner.get(id)

    async def find(
        self, rule: Rule | None = None, /, *, as_of: AsOf = None, after: str | None = None, limit: int | None = None
    ) -> AsyncIterator[S]:
        for state in self._inner.find(rule, as_of=as_of, after=after, limit=limit):
            yield state

    async def save(self, *changes: Change[S]) -> None:
        self._inner.save(*changes)


class _AsyncMemoryLog(Generic[E]):
    __slots__ = ("_inner",)

    def __init__(self, inner: Log[E]) -> None:
        self._inner = inner

    async def append(self, *entries: E) -> None:
        self._inner.append(*entries)

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
        found: Iterable[E] = self._inner.read(
            rule, of=of, since=since, until=until, as_of=as_of, after=after, limit=limit
        )
        for entry in found:
            yield entry
