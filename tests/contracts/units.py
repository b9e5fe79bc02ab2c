"""Units of work for stores without transactions: what is saved is collected, and kept in one call at the end."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from relex import Change

__all__ = ["async_units", "units"]


class Collected:
    """A store that remembers what to save."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.changes: list[Change[Any]] = []
        self.entries: list[Any] = []

    def repository(self, kind: type) -> Any:
        return View(self, self.store.repository(kind))

    def log(self, kind: type) -> Any:
        return View(self, self.store.log(kind))

    def save(self, *changes: Change[Any], entries: Any = ()) -> None:
        self.changes += changes
        self.entries += entries


class View:
    """A repository or a log that remembers what to save."""

    def __init__(self, unit: Collected, port: Any) -> None:
        self.unit = unit
        self.get = getattr(port, "get", None)
        self.find = getattr(port, "find", None)
        self.read = getattr(port, "read", None)

    def save(self, *changes: Change[Any]) -> None:
        self.unit.save(*changes)

    def append(self, *entries: Any) -> None:
        self.unit.save(entries=entries)


class AsyncCollected(Collected):
    """The same, awaited."""

    def repository(self, kind: type) -> Any:
        return AsyncView(self, self.store.repository(kind))

    def log(self, kind: type) -> Any:
        return AsyncView(self, self.store.log(kind))

    async def save(self, *changes: Change[Any], entries: Any = ()) -> None:
        super().save(*changes, entries=entries)


class AsyncView(View):
    """The same, awaited."""

    async def save(self, *changes: Change[Any]) -> None:
        await self.unit.save(*changes)

    async def append(self, *entries: Any) -> None:
        await self.unit.save(entries=entries)


def units(store: Any) -> Callable[[], Any]:
    """Units of work on one store."""

    @contextmanager
    def unit() -> Iterator[Collected]:
        collected = Collected(store)
        yield collected
        store.save(*collected.changes, entries=collected.entries)

    return unit


def async_units(store: Any) -> Callable[[], Any]:
    """Units of work on one async store."""

    @asynccontextmanager
    async def unit() -> AsyncIterator[AsyncCollected]:
        collected = AsyncCollected(store)
        yield collected
        await store.save(*collected.changes, entries=collected.entries)

    return unit
