"""Everything in memory: the store that notebooks and tests use, and the reference that adapters are compared with.

Theory of operation. States and entries are frozen, so keeping one is keeping a reference, and nobody needs a copy.
A save works in two steps under one lock: the first checks every change and entry and works out all that will be
written, and may fail; the second writes into dicts and lists and cannot. So a failing save leaves nothing, and no
reader sees half of one.

What others save after the call does not reach a reader. One without a limit takes all references that it will need in
one go, under the lock, and judges them without it. One with a limit judges under the lock, in order, and stops at the
limit: it looks at no more than it takes to fill the page, but those who save wait for it, and wait long where a rule
finds little among very many; an index is the remedy. Where an index names few candidates only those are sorted and
judged; where it names many they are met on the way through the ids, which are in order already.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from relex._instants import moment
from relex.changes import Aggregate, Entry
from relex.errors import Conflict, InvalidValue, NotFound
from relex.repositories._arguments import (
    ID,
    LIMIT,
    VERSION,
    check_messages,
    check_page,
    check_window,
    require_aggregates,
    require_entries,
)
from relex.repositories._indexes import Indexes, Keys
from relex.repositories._merging import distinct, merged
from relex.repositories._ports import Message
from relex.repositories._timeline import Timeline
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from relex.changes import Change, Event
    from relex.repositories._ports import Log, Repository
    from relex.rules import AsOf, Rule

__all__ = ["MemoryStore"]

S = TypeVar("S", bound=Aggregate)
E = TypeVar("E", bound=Entry)
T = TypeVar("T")

_FEW = 1 / 16
"""Up to this part of all ids it is faster to sort the candidates than to look for them among all."""


class MemoryStore:
    """A store that keeps everything in memory, for as long as it lives; a `HistoryReader` and an `Outbox` too.

    It may be used by several threads at once. It keeps the values themselves and writes no stored forms.

    Args:
        indexes: For each class of aggregates the facts that `find` looks up instead of going through all of them; they
            serve `==`, `is_in`, `is_missing` and `contains`, alone or joined with `&` and `|`.

    Raises:
        InvalidValue: For indexes of something that is no aggregate.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex import Customer, field
        >>> from relex.parties import PersonName
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> store = MemoryStore(indexes={Customer: ["customer.owner"]})
        >>> customers = store.repository(Customer)
        >>> customers.save(Customer.open("c1", PersonName("Ada Lovelace"), at=day, owner="eve"))
        >>> [customer.id for customer in customers.find(field("customer.owner") == "eve")]
        ['c1']
        >>> customers.save(customers.get("c1").assign("bob", at=day))
        >>> list(customers.find(field("customer.owner") == "eve"))
        []

    .. versionadded:: 0.1.0
    """

    def __init__(self, indexes: Mapping[type, Iterable[str]] | None = None) -> None:
        self._lock = threading.Lock()
        self._states: dict[type, _States] = {}
        self._entries: dict[type, _Entries] = {}
        self._pending: OrderedDict[tuple[type, str, int], Event] = OrderedDict()  # a dict is slow at its front
        for kind, facts in (indexes or {}).items():
            require_aggregates("MemoryStore.indexes", kind)
            self._states[kind] = _States(facts)

    def repository(self, kind: type[S], /) -> Repository[S]:
        """Where the aggregates of this class are kept.

        Raises:
            InvalidValue: For something that is no class of aggregates.
        """
        require_aggregates("repository.kind", kind)
        return _MemoryRepository(self, kind)

    def log(self, kind: type[E], /) -> Log[E]:
        """Where the entries of this class are kept.

        Raises:
            InvalidValue: For something that is no class of entries.
        """
        require_entries("log.kind", kind)
        return _MemoryLog(self, kind)

    def save(self, *changes: Change[Any], entries: Sequence[Entry] = ()) -> None:
        """Keep changes and entries of any classes: all of them, or none.

        Raises:
            Conflict: For another version, or the id of an entry with another content.
            InvalidValue: For something that is no change or no entry.
        """
        wanted, given = merged(changes), distinct(entries)
        with self._lock:
            writes = [(shelf, change, shelf.checked(change)) for change in wanted for shelf in (self._shelf(change),)]
            new = self._new(given)
            for shelf, change, keys in writes:
                shelf.put(change, keys)
                self._announce(change)
            for entry in new:
                self._entries[type(entry)].put(entry)

    def history(self, kind: type[Aggregate], id: str, /, *, after: int = 0) -> Iterator[Event]:  # noqa: A002 - the field's name everywhere in relex
        """The events of one aggregate in the order of their versions; none when there is no such aggregate.

        Raises:
            InvalidValue: For something that is no class of aggregates, an id that is no str, or an `after` that is no
                int of at least 0.
        """
        require_aggregates("history.kind", kind)
        ID.require("history.id", id)
        VERSION.require("history.after", after)
        with self._lock:
            shelf = self._states.get(kind)
            return iter([] if shelf is None else shelf.events.get(id, [])[after:])

    def pending(self, *, limit: int | None = None) -> Iterator[Message]:
        """The messages that wait, those saved first coming first."""
        LIMIT.require("pending.limit", limit)
        with self._lock:
            waiting = list(islice(self._pending.items(), limit))
        return iter([Message(kind, event) for (kind, _, _), event in waiting])

    def delivered(self, *messages: Message) -> None:
        """Take messages out of those that wait; one that does not wait has no effect.

        Raises:
            InvalidValue: For something that is no message.
        """
        check_messages(messages)
        with self._lock:
            for kind, event in messages:
                self._pending.pop((kind, event.source, event.version), None)

    def _shelf(self, change: Change[Any]) -> _States:
        kind = type(change.state)
        shelf = self._states.get(kind)
        if shelf is None:
            require_aggregates("save.changes", kind)
            shelf = self._states[kind] = _States(())
        return shelf

    def _new(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that are not there yet, checked against those that are."""
        new = []
        for entry in entries:
            kept = self._entries.get(type(entry))
            if kept is None:
                kept = self._entries[type(entry)] = _Entries()
            known = kept.by_id.get(entry.id)
            if known is None:
                new.append(entry)
            elif known is not entry and known != entry:
                raise Conflict(entry.id, entry, known)
        return new

    def _announce(self, change: Change[Any]) -> None:
        kind = type(change.state)
        for event in change.events:
            self._pending[kind, event.source, event.version] = event


class _States:
    """The aggregates of one class."""

    __slots__ = ("_ids", "_indexes", "by_id", "events")

    def __init__(self, indexed: Iterable[str]) -> None:
        self.by_id: dict[str, Any] = {}
        self.events: dict[str, list[Event]] = {}
        self._ids: Timeline[str] = Timeline()
        self._indexes = Indexes(indexed)

    def checked(self, change: Change[Any]) -> Keys | None:
        """Where the new state stands in the indexes; nothing is written yet."""
        before = self.by_id.get(change.state.id)
        actual = 0 if before is None else before.version
        if actual != change.expected:
            raise Conflict(change.state.id, change.expected, actual)
        return self._indexes.keys(change.state.facts()) if self._indexes else None

    def put(self, change: Change[Any], keys: Keys | None) -> None:
        """Write what was checked; this cannot fail."""
        state, events = change
        if state.id in self.by_id:
            self.events[state.id].extend(events)
        else:
            self._ids.values.append(state.id)
            self.events[state.id] = list(events)
        self.by_id[state.id] = state
        if keys is not None:
            self._indexes.put(state.id, keys)

    def after(self, id: str | None, rule: Rule | None) -> Iterator[Any]:  # noqa: A002 - as above
        """The states behind an id in order, as they are asked for: at least all that a rule is True of."""
        told = None if rule is None else self._indexes.candidates(rule)
        if told is not None and len(told) < _FEW * len(self.by_id):
            return map(self.by_id.__getitem__, _behind(sorted(told), id))
        ids = _behind(self._ids.ordered(_same), id)
        return map(self.by_id.__getitem__, ids if told is None else filter(told.__contains__, ids))


class _Entries:
    """The entries of one class."""

    __slots__ = ("_all", "_subjects", "by_id")

    def __init__(self) -> None:
        self.by_id: dict[str, Any] = {}
        self._all: Timeline[Any] = Timeline()
        self._subjects: dict[str, Timeline[Any]] = {}

    def put(self, entry: Any) -> None:
        self.by_id[entry.id] = entry
        self._all.values.append(entry)
        subject = entry.subject
        if subject is not None:
            timeline = self._subjects.get(subject)
            if timeline is None:
                timeline = self._subjects[subject] = Timeline()
            timeline.values.append(entry)

    def span(self, of: str | None, since: datetime | None, until: datetime | None, after: Any) -> Iterator[Any]:
        """The entries of a subject and a time in order, as they are asked for."""
        timeline = self._all if of is None else self._subjects.get(of)
        if timeline is None:
            return iter(())
        entries = timeline.ordered(_place)
        start = 0 if since is None else bisect_left(entries, (moment(since), ""), key=_place)
        stop = len(entries) if until is None else bisect_left(entries, (moment(until), ""), key=_place)
        if after is not None:
            start = max(start, bisect_right(entries, _place(after), key=_place))
        return map(entries.__getitem__, range(start, stop))


class _MemoryRepository(Generic[S]):
    """The aggregates of one class in a store."""

    __slots__ = ("_kind", "_store")

    def __init__(self, store: MemoryStore, kind: type[S]) -> None:
        self._store = store
        self._kind = kind

    def get(self, id: str, /) -> S:  # noqa: A002 - as above
        ID.require("get.id", id)
        shelf = self._store._states.get(self._kind)  # noqa: SLF001 - a view of the store
        found: S | None = None if shelf is None else shelf.by_id.get(id)
        if found is None:
            raise NotFound(self._kind.__name__, id)
        return found

    def find(
        self, rule: Rule | None = None, /, *, as_of: AsOf = None, after: str | None = None, limit: int | None = None
    ) -> Iterator[S]:
        check_page("find", rule, after, limit)
        with self._store._lock:  # noqa: SLF001 - as above
            shelf = self._store._states.get(self._kind)  # noqa: SLF001 - as above
            return iter(()) if shelf is None else _taken(shelf.after(after, rule), rule, as_of, limit)

    def save(self, *changes: Change[S]) -> None:
        for change in changes:
            if type(getattr(change, "state", None)) is not self._kind:
                raise InvalidValue("save.changes", change, f"changes of {self._kind.__name__}")
        self._store.save(*changes)


class _MemoryLog(Generic[E]):
    """The entries of one class in a store."""

    __slots__ = ("_kind", "_store")

    def __init__(self, store: MemoryStore, kind: type[E]) -> None:
        self._store = store
        self._kind = kind

    def append(self, *entries: E) -> None:
        for entry in entries:
            if type(entry) is not self._kind:
                raise InvalidValue("append.entries", entry, f"entries of {self._kind.__name__}")
        self._store.save(entries=entries)

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
        check_page("read", rule, after, limit)
        check_window(of, since, until)
        with self._store._lock:  # noqa: SLF001 - a view of the store
            kept = self._store._entries.get(self._kind) or _Entries()  # noqa: SLF001 - as above
            last = None if after is None else kept.by_id.get(after)
            if after is not None and last is None:
                raise NotFound(self._kind.__name__, after)
            return _taken(kept.span(of, since, until, last), rule, as_of, limit)


def _taken(found: Iterable[T], rule: Rule | None, as_of: AsOf, limit: int | None) -> Iterator[T]:
    """Those that a rule is True of, taken out of what others may change later."""
    if limit is None:
        return _judged(list(found), rule, as_of)
    return iter(list(islice(_judged(found, rule, as_of), limit)))


def _judged(found: Iterable[Any], rule: Rule | None, as_of: AsOf) -> Iterator[Any]:
    if rule is None:
        return iter(found)
    test = compile_rule(rule)
    return (value for value in found if test(value.facts(), as_of))


def _behind(ids: list[str], id: str | None) -> Iterator[str]:  # noqa: A002 - as above
    """Those of sorted ids that come after one."""
    start = 0 if id is None else bisect_right(ids, id)
    return map(ids.__getitem__, range(start, len(ids)))


def _place(entry: Any) -> tuple[timedelta, str]:
    return moment(entry.at), entry.id


def _same(id: str) -> str:  # noqa: A002 - as above
    return id
