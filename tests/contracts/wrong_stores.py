"""Stores that are wrong on purpose, each in one way: the contract must notice, and notice nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC
from typing import TYPE_CHECKING, Any

import attrs
from contracts.plain_store import Log, PlainStore, Repository, asked, limited

from relex import Customer, InvalidValue
from relex.purchases import Purchase
from relex.repositories import Message, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from relex import Change
    from relex.changes import Event

__all__ = [
    "AnyCase",
    "ForgetfulOutbox",
    "ForgetfulZones",
    "InsertionOrder",
    "KeepsHalfAUnit",
    "LastWriterWins",
    "LateReader",
    "LostHistory",
    "Overwriting",
    "PartialSave",
    "UnknownIsTrue",
]


class LastWriterWins(PlainStore):
    """It never looks at the versions: whoever saves last is right."""

    def check_change(self, change: Change[Any]) -> None:
        if not hasattr(type(change.state), "evolve"):
            raise InvalidValue("save.changes", change, "a change of an aggregate")


class PartialSave(PlainStore):
    """It writes one thing after the other, and stops at the one that fails."""

    def save(self, *changes: Change[Any], entries: Sequence[Any] = ()) -> None:
        for change in merged(changes):
            self.check_change(change)
            self.put(change)
        for entry in entries:
            self.check_entries([entry])
            self.entries.setdefault((type(entry), entry.id), entry)


class Overwriting(PlainStore):
    """An entry that comes again replaces the one that is there."""

    def check_entries(self, entries: Sequence[Any]) -> None:
        for entry in entries:
            if not hasattr(entry, "subject"):
                raise InvalidValue("save.entries", entry, "an entry")
        self.entries |= {(type(entry), entry.id): entry for entry in entries}


class InsertionOrder(PlainStore):
    """It finds what came first, first."""

    def repository(self, kind: type) -> Any:
        return Unordered(self, super().repository(kind).kind)


class Unordered(Repository):
    def find(self, rule: Any = None, *, as_of: Any = None, after: str | None = None, limit: int | None = None) -> Any:
        found = [state for (kind, _), state in self.store.states.items() if kind is self.kind]
        return limited(asked([state for state in found if after is None or state.id > after], rule, as_of), limit)


class LateReader(PlainStore):
    """It asks for one after the other, so it finds what is saved meanwhile."""

    def repository(self, kind: type) -> Any:
        return Late(self, super().repository(kind).kind)


class Late(Repository):
    def find(self, rule: Any = None, *, as_of: Any = None, after: str | None = None, limit: int | None = None) -> Any:
        expected = sum(1 for _ in super().find(rule, as_of=as_of, after=after, limit=limit))
        return self.one_by_one(rule, as_of, after, expected)

    def one_by_one(self, rule: Any, as_of: Any, after: str | None, expected: int) -> Iterator[Any]:
        for _ in range(expected):
            for found in super().find(rule, as_of=as_of, after=after, limit=1):
                yield found
                after = found.id


class UnknownIsTrue(PlainStore):
    """It leaves out only what a rule is False of."""

    def repository(self, kind: type) -> Any:
        return Generous(self, super().repository(kind).kind)


class Generous(Repository):
    def find(self, rule: Any = None, *, as_of: Any = None, after: str | None = None, limit: int | None = None) -> Any:
        asked([], rule, as_of)
        no = set() if rule is None else {state.id for state in super().find(~rule, as_of=as_of)}
        return limited([state for state in super().find(after=after) if state.id not in no], limit)


class AnyCase(PlainStore):
    """It reads the entries of a subject whatever the case of its letters, as many databases compare text."""

    def log(self, kind: type) -> Any:
        return Folded(self, super().log(kind).kind)


class Folded(Log):
    def read(self, rule: Any = None, *, of: str | None = None, limit: int | None = None, **window: Any) -> Any:
        found = super().read(rule, **window)
        return limited([entry for entry in found if of is None or (entry.subject or "").lower() == of.lower()], limit)


class ForgetfulZones(PlainStore):
    """It keeps instants in UTC: equal, but another day perhaps."""

    def put(self, change: Change[Any]) -> None:
        state = change.state
        if isinstance(state, Customer):
            state = attrs.evolve(state, opened_at=state.opened_at.astimezone(UTC))
        super().put(change._replace(state=state))

    def save(self, *changes: Change[Any], entries: Sequence[Any] = ()) -> None:
        super().save(*changes, entries=[self.in_utc(entry) for entry in entries])

    @staticmethod
    def in_utc(entry: Any) -> Any:
        return attrs.evolve(entry, at=entry.at.astimezone(UTC)) if isinstance(entry, Purchase) else entry


class LostHistory(PlainStore):
    """It keeps the events of the last save."""

    def put(self, change: Change[Any]) -> None:
        self.events.pop((type(change.state), change.state.id), None)
        super().put(change)

    def history(self, kind: type, key: str, *, after: int = 0) -> Iterator[Event]:
        return iter([event for event in self.events.get((kind, key), []) if event.version > after])


class ForgetfulOutbox(PlainStore):
    """What was read is taken for delivered."""

    def pending(self, *, limit: int | None = None) -> Iterator[Message]:
        found = list(super().pending(limit=limit))
        self.delivered(*found)
        return iter(found)


class KeepsHalfAUnit:
    """Units of work that save at once, so that there is nothing to roll back."""

    def __init__(self, store: Any) -> None:
        self.store = store

    def units(self) -> Callable[[], Any]:
        @contextmanager
        def unit() -> Iterator[Any]:
            yield self.store

        return unit
