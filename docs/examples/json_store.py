"""A store in one JSON file: safe, plain and slow, to show all that an adapter has to do.

Everything lies in one document. A save reads it, checks and notes every change and entry, writes the new document
beside the old one, and puts it in the old one's place: the file system does that whole or not at all. So a save that
fails, or a machine that stops, leaves the document of before. A reader reads the file once, at the time of the call,
and needs no lock. Only those who save wait for each other, threads and processes alike.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from relex import Account, Conflict, Customer, Event, InvalidValue, NotFound, Purchase, Return, decode, encode
from relex.changes import Aggregate, Change, Entry
from relex.customers import Consent, Sent, Suppression
from relex.feedback import Disposition, Invitation, Response
from relex.insights import Membership
from relex.interactions import Activity, Cancelled, Interaction
from relex.loyalty import Budget, Referral, Voucher
from relex.matching import NotSameAs, Retracted, SameAs
from relex.parties import Record
from relex.pipeline import ForecastAdjustment, Lead, Opportunity, Outcome, Quota, Quote, TerritoryMembership
from relex.purchases import Claim, Retraction
from relex.repositories import Message, merged
from relex.rules import TRUE, compile_rule
from relex.service import Case, ContactAttempt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from relex.rules import AsOf, Rule

T = TypeVar("T")
S = TypeVar("S", bound=Aggregate)
E = TypeVar("E", bound=Entry)

AGGREGATES = (Customer, Account, Membership, Lead, Opportunity, Quote, Case, Referral, Voucher, Budget)
ENTRIES = (
    *(Purchase, Return, Claim, Retraction, Consent, Sent, Suppression, SameAs, NotSameAs, Retracted, Record),
    *(Interaction, Activity, Cancelled, ForecastAdjustment, Outcome, Quota, TerritoryMembership, ContactAttempt),
    *(Invitation, Disposition, Response),
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class JsonStore:
    """A `Store`, a `HistoryReader` and an `Outbox` in a directory that exists."""

    def __init__(
        self, directory: Path, aggregates: Sequence[type] = AGGREGATES, entries: Sequence[type] = ENTRIES
    ) -> None:
        self._file = directory / "store.json"
        self._aggregates, self._entries = tuple(aggregates), tuple(entries)

    def repository(self, kind: type[S], /) -> JsonRepository[S]:
        check_kinds("repository.kind", [kind], self._aggregates)
        return JsonRepository(self, kind)

    def log(self, kind: type[E], /) -> JsonLog[E]:
        check_kinds("log.kind", [kind], self._entries)
        return JsonLog(self, kind)

    def save(self, *changes: Change[Any], entries: Sequence[Entry] = ()) -> None:
        sound = merged(changes)
        check_kinds("save.changes", [type(state) for state, _ in changes], self._aggregates)
        check_kinds("save.entries", [type(entry) for entry in entries], self._entries)
        with self._alone():
            document = self.read()
            for change in sound:
                note_change(document, change)
            for entry in entries:
                note_entry(document, entry)
            self._write(document)

    def history(self, kind: type, key: str, /, *, after: int = 0) -> Iterator[Event]:
        check_kinds("history.kind", [kind], self._aggregates)
        check_whole("history.after", after)
        events = self.read()["events"].get(kind.__name__, {}).get(key, [])
        return (value(stored, Event, key) for stored in events[after:])

    def pending(self, *, limit: int | None = None) -> Iterator[Message]:
        check_whole("pending.limit", limit)
        document, kinds = self.read(), {kind.__name__: kind for kind in self._aggregates}
        waiting = [
            (name, key, document["events"][name][key][version - 1]) for name, key, version in document["pending"]
        ]
        return (Message(kinds[name], value(stored, Event, key)) for name, key, stored in waiting[:limit])

    def delivered(self, *messages: Message) -> None:
        done = {(kind.__name__, event.source, event.version) for kind, event in messages}
        with self._alone():
            document = self.read()
            document["pending"] = [waiting for waiting in document["pending"] if tuple(waiting) not in done]
            self._write(document)

    def read(self) -> dict[str, Any]:
        """The whole document, as it is now."""
        if not self._file.exists():
            return {"states": {}, "events": {}, "entries": {}, "pending": []}
        document: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        return document

    def _write(self, document: dict[str, Any]) -> None:
        """Put a new document in the place of the old one, once all of it is on the disk."""
        new = self._file.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            file.write(json.dumps(document, ensure_ascii=False))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)
        directory = os.open(self._file.parent, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until nobody else saves; the lock ends with its holder, however that ends."""
        with self._file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def note_change(document: dict[str, Any], change: Change[Any]) -> None:
    """Note a change, if the version that it started from is still the one that is kept."""
    state, events = change
    name = type(state).__name__
    kept = document["events"].setdefault(name, {}).setdefault(state.id, [])
    if len(kept) != change.expected:
        raise Conflict(state.id, change.expected, len(kept))
    kept.extend(encode(event) for event in events)
    document["states"].setdefault(name, {})[state.id] = encode(state)
    document["pending"].extend([name, state.id, event.version] for event in events)


def note_entry(document: dict[str, Any], entry: Any) -> None:
    """Note an entry, if it is not there yet."""
    kept = document["entries"].setdefault(type(entry).__name__, {})
    stored = kept.setdefault(entry.id, encode(entry))
    if (found := value(stored, type(entry), entry.id)) != entry:
        raise Conflict(entry.id, entry, found)


class JsonRepository(Generic[S]):
    """The aggregates of one class."""

    def __init__(self, store: JsonStore, kind: type[S]) -> None:
        self._store, self._kind = store, kind

    def get(self, key: str, /) -> S:
        rows = self._rows()
        if key not in rows:
            raise NotFound(self._kind.__name__, key)
        return value(rows[key], self._kind, key)

    def find(
        self, rule: Rule | None = None, /, *, as_of: AsOf = None, after: str | None = None, limit: int | None = None
    ) -> Iterator[S]:
        rows = sorted(self._rows().items())
        states = (value(stored, self._kind, key) for key, stored in rows if after is None or key > after)
        return page("find", states, rule, as_of, limit)

    def save(self, *changes: Change[S]) -> None:
        check_kinds("save.changes", [type(getattr(change, "state", change)) for change in changes], [self._kind])
        self._store.save(*changes)

    def _rows(self) -> dict[str, Any]:
        return dict(self._store.read()["states"].get(self._kind.__name__, {}))


class JsonLog(Generic[E]):
    """The entries of one class."""

    def __init__(self, store: JsonStore, kind: type[E]) -> None:
        self._store, self._kind = store, kind

    def append(self, *entries: E) -> None:
        check_kinds("append.entries", [type(entry) for entry in entries], [self._kind])
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
        rows = self._store.read()["entries"].get(self._kind.__name__, {})
        entries: dict[str, Any] = {key: value(stored, self._kind, key) for key, stored in rows.items()}
        if after is not None and after not in entries:
            raise NotFound(self._kind.__name__, after)
        low = moment("read.since", since) if since else None
        high = moment("read.until", until) if until else None
        found = (
            entry
            for entry in sorted(entries.values(), key=place)
            if (of is None or entry.subject == of)
            and (low is None or low <= moment("at", entry.at))
            and (high is None or moment("at", entry.at) < high)
            and (after is None or place(entry) > place(entries[after]))
        )
        return page("read", found, rule, as_of, limit)


def page(path: str, found: Iterable[Any], rule: Rule | None, as_of: AsOf, limit: int | None) -> Iterator[Any]:
    """The first of those of whose facts the rule is True; neither False nor unknown."""
    check_whole(f"{path}.limit", limit)
    holds = compile_rule(TRUE if rule is None else rule)
    return islice((each for each in found if holds(each.facts(), as_of)), limit)


def place(entry: Any) -> tuple[timedelta, str]:
    """Where an entry stands in its log."""
    return moment("at", entry.at), entry.id


def moment(path: str, at: Any) -> timedelta:
    """The time since 1970, which orders instants of all zones, also in the hour that a clock repeats."""
    if not isinstance(at, datetime) or at.utcoffset() is None:
        raise InvalidValue(path, at, "a datetime with a time zone")
    return at - EPOCH


def value(stored: Any, kind: type[T], key: str) -> T:
    """What is stored under a key; damage is told with its place."""
    try:
        return decode(stored, kind, zones=ZoneInfo)
    except InvalidValue as error:
        raise error.inside(f"store.json[{key!r}]") from error


def check_kinds(path: str, given: Iterable[type], known: Sequence[type]) -> None:
    for kind in given:
        if kind not in known:
            raise InvalidValue(path, kind, f"one of {', '.join(one.__name__ for one in known)}")


def check_whole(path: str, number: int | None) -> None:
    if number is not None and (type(number) is not int or number < 0):
        raise InvalidValue(path, number, "an int of at least 0")
