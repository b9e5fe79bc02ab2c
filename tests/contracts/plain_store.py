"""A store as plain as the contract allows, for one thread: everything is checked first, and then everything is put."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from relex import Conflict, InvalidValue, NotFound, evaluate
from relex.changes import Entry
from relex.repositories import Message, merged
from relex.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relex.changes import Change, Event

Key = tuple[type, str]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PlainStore:
    """Everything in dicts."""

    def __init__(self) -> None:
        self.states: dict[Key, Any] = {}
        self.entries: dict[Key, Any] = {}
        self.events: dict[Key, list[Event]] = {}
        self.messages: list[Message] = []

    def repository(self, kind: type) -> Any:
        if not (isinstance(kind, type) and hasattr(kind, "evolve")):
            raise InvalidValue("repository.kind", kind, "a class of aggregates")
        return Repository(self, kind)

    def log(self, kind: type) -> Any:
        if not (isinstance(kind, type) and hasattr(kind, "subject")):
            raise InvalidValue("log.kind", kind, "a class of entries")
        return Log(self, kind)

    def save(self, *changes: Change[Any], entries: Sequence[Any] = ()) -> None:
        wanted = self.checked(merged(changes), entries)
        for change in wanted:
            self.put(change)
        for entry in entries:
            self.entries.setdefault((type(entry), entry.id), entry)

    def checked(self, changes: Sequence[Change[Any]], entries: Sequence[Any]) -> Sequence[Change[Any]]:
        for change in changes:
            self.check_change(change)
        self.check_entries(entries)
        return changes

    def check_change(self, change: Change[Any]) -> None:
        if not hasattr(type(change.state), "evolve"):
            raise InvalidValue("save.changes", change, "a change of an aggregate")
        kept = self.states.get((type(change.state), change.state.id))
        actual = 0 if kept is None else kept.version
        if actual != change.expected:
            raise Conflict(change.state.id, change.expected, actual)

    def check_entries(self, entries: Sequence[Any]) -> None:
        seen = dict(self.entries)
        for entry in entries:
            if not isinstance(entry, Entry):
                raise InvalidValue("save.entries", entry, "an entry")
            kept = seen.setdefault((type(entry), entry.id), entry)
            if kept != entry:
                raise Conflict(entry.id, entry, kept)

    def put(self, change: Change[Any]) -> None:
        kind, key = type(change.state), change.state.id
        self.states[kind, key] = change.state
        self.events.setdefault((kind, key), []).extend(change.events)
        self.messages += [Message(kind, event) for event in change.events]

    def history(self, kind: type, key: str, *, after: int = 0) -> Iterator[Event]:
        return iter(self.events.get((kind, key), [])[after:])

    def pending(self, *, limit: int | None = None) -> Iterator[Message]:
        return limited(list(self.messages), limit)

    def delivered(self, *messages: Message) -> None:
        gone = {(kind, event.source, event.version) for kind, event in messages}
        self.messages = [
            message
            for message in self.messages
            if (message.kind, message.event.source, message.event.version) not in gone
        ]


class Repository:
    """The aggregates of one class."""

    def __init__(self, store: PlainStore, kind: type) -> None:
        self.store = store
        self.kind = kind

    def get(self, key: str) -> Any:
        if (self.kind, key) not in self.store.states:
            raise NotFound(self.kind.__name__, key)
        return self.store.states[self.kind, key]

    def find(
        self, rule: Rule | None = None, *, as_of: Any = None, after: str | None = None, limit: int | None = None
    ) -> Iterator[Any]:
        found = [state for (kind, _), state in self.store.states.items() if kind is self.kind]
        ordered = sorted(found, key=lambda state: state.id)
        return limited(asked([state for state in ordered if after is None or state.id > after], rule, as_of), limit)

    def save(self, *changes: Change[Any]) -> None:
        only(self.kind, [getattr(change, "state", None) for change in changes])
        self.store.save(*changes)


class Log:
    """The entries of one class."""

    def __init__(self, store: PlainStore, kind: type) -> None:
        self.store = store
        self.kind = kind

    def append(self, *entries: Any) -> None:
        only(self.kind, entries)
        self.store.save(entries=entries)

    def read(
        self,
        rule: Rule | None = None,
        *,
        of: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        as_of: Any = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Any]:
        first, end = (None if bound is None else stamp(bound) for bound in (since, until))
        found = [entry for (kind, _), entry in self.store.entries.items() if kind is self.kind]
        found = [entry for entry in found if of is None or entry.subject == of]
        found = [entry for entry in found if first is None or stamp(entry.at) >= first]
        found = [entry for entry in found if end is None or stamp(entry.at) < end]
        if after is not None:
            last = self.store.entries.get((self.kind, after))
            if last is None:
                raise NotFound(self.kind.__name__, after)
            found = [entry for entry in found if place(entry) > place(last)]
        return limited(asked(sorted(found, key=place), rule, as_of), limit)


def stamp(at: datetime) -> Any:
    if at.tzinfo is None:
        raise InvalidValue("read.since", at, "a datetime with a time zone")
    return at - EPOCH


def place(entry: Any) -> Any:
    return stamp(entry.at), entry.id


def only(kind: type, values: Sequence[Any]) -> None:
    for value in values:
        if type(value) is not kind:
            raise InvalidValue("save", value, f"a {kind.__name__}")


def asked(found: list[Any], rule: Rule | None, as_of: Any) -> list[Any]:
    if rule is not None and not isinstance(rule, Rule):
        raise InvalidValue("find.rule", rule, "a rule")
    return [each for each in found if rule is None or evaluate(rule, each.facts(), as_of=as_of).answer]


def limited(found: list[Any], limit: int | None) -> Iterator[Any]:
    if limit is not None and (type(limit) is not int or limit < 0):
        raise InvalidValue("limit", limit, "an int of at least 0")
    return islice(found, limit)
