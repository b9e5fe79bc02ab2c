"""The ports: what relex asks of a place that keeps states and entries, and nothing more.

No code of the core calls a port. A user loads, commands and saves; so the same verbs serve a dict, a table and a
document store, and an adapter is whatever passes the contract kit of `relex.testing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, runtime_checkable

from relex.changes import Aggregate, Entry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from datetime import datetime

    from relex.changes import Change, Event
    from relex.rules import AsOf, Rule

__all__ = [
    "AsyncHistoryReader",
    "AsyncLog",
    "AsyncOutbox",
    "AsyncRepository",
    "AsyncStore",
    "HistoryReader",
    "Log",
    "Message",
    "Outbox",
    "Repository",
    "Store",
]

S = TypeVar("S", bound=Aggregate)
E = TypeVar("E", bound=Entry)


class Repository(Protocol[S]):
    """Where the aggregates of one type are kept.

    .. versionadded:: 0.1.0
    """

    def get(self, id: str, /) -> S:  # noqa: A002 - the field's name everywhere in relex
        """The aggregate with this id.

        Raises:
            NotFound: When there is none.
        """
        ...

    def find(
        self, rule: Rule | None = None, /, *, as_of: AsOf = None, after: str | None = None, limit: int | None = None
    ) -> Iterator[S]:
        """The aggregates of whose facts the rule is True, in the order of their ids.

        What comes is what was kept at the time of the call, whoever saves while somebody iterates. Ids are ordered by
        code points. For the next page, give the id of the last aggregate of this one as `after`.

        Args:
            rule: What is asked of the facts; None asks nothing. Unknown is not True.
            as_of: When it is asked; rules about the time that has passed need it.
            after: Only ids after this one, which need not exist.
            limit: How many at most; None is all.

        Raises:
            InvalidValue: For a limit that is no int of at least 0, or something that is no rule.
            NotSupported: When an adapter cannot express the rule; it names the part.
        """
        ...

    def save(self, *changes: Change[S]) -> None:
        """Keep the new states and their events: all of them, or none.

        A change without events changes nothing. Several changes of one aggregate follow each other.

        Raises:
            Conflict: When an aggregate is at another version than the change `expected`; it carries both.
            InvalidValue: For something that is no change of this type, or a change whose events do not lead to its
                state.
        """
        ...


class Log(Protocol[E]):
    """Where the entries of one type are kept; they are appended and never change.

    .. versionadded:: 0.1.0
    """

    def append(self, *entries: E) -> None:
        """Keep entries: all of them, or none. An entry that is there already, with the same content, has no effect.

        Raises:
            Conflict: For the id of an entry that is there with another content.
            InvalidValue: For something that is no entry of this type.
        """
        ...

    def read(
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
    ) -> Iterator[E]:
        """The entries of a subject and a time, oldest first; entries of one instant in the order of their ids.

        What comes is what was kept at the time of the call. For the next page, give the id of the last entry of this
        one as `after`.

        Args:
            rule: What is asked of the facts; None asks nothing. Unknown is not True.
            of: Only entries with this subject.
            since: Only entries from this instant on.
            until: Only entries before this instant.
            as_of: When the rule is asked; rules about the time that has passed need it.
            after: Only entries that come after the entry with this id.
            limit: How many at most; None is all.

        Raises:
            InvalidValue: For a naive datetime, a limit that is no int of at least 0, or something that is no rule.
            NotFound: When there is no entry with the id `after`.
            NotSupported: When an adapter cannot express the rule; it names the part.
        """
        ...


class Store(Protocol):
    """Where everything is kept, with saves that are atomic across types.

    .. versionadded:: 0.1.0
    """

    def repository(self, kind: type[S], /) -> Repository[S]:
        """Where the aggregates of this class are kept.

        Raises:
            InvalidValue: When the store keeps none of this class.
        """
        ...

    def log(self, kind: type[E], /) -> Log[E]:
        """Where the entries of this class are kept.

        Raises:
            InvalidValue: When the store keeps none of this class.
        """
        ...

    def save(self, *changes: Change[Any], entries: Sequence[Entry] = ()) -> None:
        """Keep changes and entries of any classes: all of them, or none.

        Raises:
            Conflict: As for `Repository.save` and `Log.append`.
            InvalidValue: As for `Repository.save` and `Log.append`, and for classes that the store does not keep.
        """
        ...


@runtime_checkable
class HistoryReader(Protocol):
    """The ability of a store to tell all events of an aggregate; replayed, they give the stored state.

    .. versionadded:: 0.1.0
    """

    def history(self, kind: type[Aggregate], id: str, /, *, after: int = 0) -> Iterator[Event]:  # noqa: A002 - as above
        """The events of one aggregate in the order of their versions; none when there is no such aggregate.

        Args:
            kind: The class of the aggregate.
            id: Of the aggregate.
            after: Only versions after this one.
        """
        ...


class Message(NamedTuple):
    """An event that waits to be told to others.

    Attributes:
        kind: The class of the aggregate; with the event's source and version it names the message.
        event: What happened.

    .. versionadded:: 0.1.0
    """

    kind: type[Aggregate]
    event: Event


@runtime_checkable
class Outbox(Protocol):
    """The ability of a store to hand on what happened: each saved event waits until it is told to be delivered.

    A relay reads what is pending, sends it, and then says so; when it fails in between, the same messages come again,
    so a receiver tells repeats by (kind, source, version). The events of one aggregate come in order.

    .. versionadded:: 0.1.0
    """

    def pending(self, *, limit: int | None = None) -> Iterator[Message]:
        """The messages that wait, those saved first coming first."""
        ...

    def delivered(self, *messages: Message) -> None:
        """Take messages out of those that wait; one that does not wait has no effect."""
        ...


class AsyncRepository(Protocol[S]):
    """`Repository`, awaited: the same verbs with the same meaning.

    .. versionadded:: 0.1.0
    """

    async def get(self, id: str, /) -> S:  # noqa: A002 - as above
        """The aggregate with this id."""
        ...

    def find(
        self, rule: Rule | None = None, /, *, as_of: AsOf = None, after: str | None = None, limit: int | None = None
    ) -> AsyncIterator[S]:
        """The aggregates of whose facts the rule is True, in the order of their ids; asked at the first step."""
        ...

    async def save(self, *changes: Change[S]) -> None:
        """Keep the new states and their events: all of them, or none."""
        ...


class AsyncLog(Protocol[E]):
    """`Log`, awaited: the same verbs with the same meaning.

    .. versionadded:: 0.1.0
    """

    async def append(self, *entries: E) -> None:
        """Keep entries: all of them, or none."""
        ...

    def read(
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
        """The entries of a subject and a time, oldest first; asked at the first step."""
        ...


class AsyncStore(Protocol):
    """`Store`, awaited: the same verbs with the same meaning.

    .. versionadded:: 0.1.0
    """

    def repository(self, kind: type[S], /) -> AsyncRepository[S]:
        """Where the aggregates of this class are kept."""
        ...

    def log(self, kind: type[E], /) -> AsyncLog[E]:
        """Where the entries of this class are kept."""
        ...

    async def save(self, *changes: Change[Any], entries: Sequence[Entry] = ()) -> None:
        """Keep changes and entries of any classes: all of them, or none."""
        ...


@runtime_checkable
class AsyncHistoryReader(Protocol):
    """`HistoryReader`, awaited.

    .. versionadded:: 0.1.0
    """

    def history(self, kind: type[Aggregate], id: str, /, *, after: int = 0) -> AsyncIterator[Event]:  # noqa: A002 - as above
        """The events of one aggregate in the order of their versions."""
        ...


@runtime_checkable
class AsyncOutbox(Protocol):
    """`Outbox`, awaited.

    .. versionadded:: 0.1.0
    """

    def pending(self, *, limit: int | None = None) -> AsyncIterator[Message]:
        """The messages that wait, those saved first coming first."""
        ...

    async def delivered(self, *messages: Message) -> None:
        """Take messages out of those that wait."""
        ...
