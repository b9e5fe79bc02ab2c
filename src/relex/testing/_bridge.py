"""An async store with the verbs of a sync one, so that one set of tests serves both.

Each verb is run on an event loop until it is done; iterators ask for one value at a time. The first step of `find`,
`read`, `history` and `pending` is made at the call, since that is when an async store is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator

    from relex.changes import Aggregate, Change, Entry, Event
    from relex.repositories import AsyncStore, Message

__all__ = ["Bridge", "Runner"]

T = TypeVar("T")
_END: Any = object()


class Runner(Protocol):
    """Whatever runs a coroutine to its end on one event loop, as `asyncio.Runner` does."""

    def run(self, coro: Coroutine[Any, Any, T], /) -> T:
        """The coroutine's result."""
        ...


class Bridge:
    """A sync store made of an async one and a runner; the abilities are those of the async store."""

    def __init__(self, store: AsyncStore, runner: Runner) -> None:
        self._store: Any = store
        self._runner = runner

    def repository(self, kind: type, /) -> Any:
        """The repository behind a bridge of its own."""
        return _Bridged(self._store.repository(kind), self._runner)

    def log(self, kind: type, /) -> Any:
        """The log behind a bridge of its own."""
        return _Bridged(self._store.log(kind), self._runner)

    def save(self, *changes: Change[Any], entries: tuple[Entry, ...] = ()) -> None:
        """Save, awaited."""
        self._runner.run(self._store.save(*changes, entries=entries))

    def history(self, kind: type[Aggregate], id: str, /, *, after: int = 0) -> Iterator[Event]:  # noqa: A002 - the field's name everywhere in relex
        """The events, step by step."""
        return _steps(self._store.history(kind, id, after=after), self._runner)

    def pending(self, *, limit: int | None = None) -> Iterator[Message]:
        """The messages, step by step."""
        return _steps(self._store.pending(limit=limit), self._runner)

    def delivered(self, *messages: Message) -> None:
        """Take messages out, awaited."""
        self._runner.run(self._store.delivered(*messages))


class _Bridged:
    """A repository or a log."""

    def __init__(self, port: Any, runner: Runner) -> None:
        self._port = port
        self._runner = runner

    def get(self, id: str, /) -> Any:  # noqa: A002 - as above
        return self._runner.run(self._port.get(id))

    def save(self, *changes: Change[Any]) -> None:
        self._runner.run(self._port.save(*changes))

    def append(self, *entries: Entry) -> None:
        self._runner.run(self._port.append(*entries))

    def find(self, *rule: Any, **asked: Any) -> Iterator[Any]:
        return _steps(self._port.find(*rule, **asked), self._runner)

    def read(self, *rule: Any, **asked: Any) -> Iterator[Any]:
        return _steps(self._port.read(*rule, **asked), self._runner)


def _steps(source: AsyncIterator[T], runner: Runner) -> Iterator[T]:
    return _rest(runner.run(_next(source)), source, runner)


def _rest(found: Any, source: AsyncIterator[T], runner: Runner) -> Iterator[T]:
    while found is not _END:
        yield found
        found = runner.run(_next(source))


async def _next(source: AsyncIterator[T]) -> T:
    return await anext(source, _END)
