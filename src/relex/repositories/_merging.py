"""What a save is made of, before anything is written: one change for each aggregate, and each of them sound."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from relex import _checks
from relex.changes import Change, Entry, Event
from relex.errors import Conflict, InvalidValue
from relex.repositories._arguments import is_entries

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["distinct", "merged"]

E = TypeVar("E", bound=Entry)

_ENTRY = "an entry: an id, an instant with a time zone, a subject that is a str or None, and facts"


def merged(changes: Iterable[Change[Any]]) -> tuple[Change[Any], ...]:
    """One change for each aggregate that changes, in the order in which they come; for adapters, before they write.

    Changes of one aggregate that follow each other become one, and those without events fall away. So all that is left
    to an adapter is to compare `change.expected` with the version that it keeps (0 where it keeps none).

    Raises:
        InvalidValue: For something that is no change, or a change whose events do not lead to its state.
        Conflict: When a change does not follow the one before it.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex import Customer
        >>> from relex.parties import PersonName
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> opened = Customer.open("c1", PersonName("Ada Lovelace"), at=day)
        >>> tagged = opened.state.tag("vip", at=day)
        >>> (change,) = merged([opened, tagged, tagged.state.tag("vip", at=day)])
        >>> change.expected, change.state.version, len(change.events)
        (0, 2, 2)

    .. versionadded:: 0.1.0
    """
    found: dict[tuple[type, str], Change[Any]] = {}
    for change in changes:
        _check(change)
        if not change.events:
            continue
        key = (type(change.state), change.state.id)
        before = found.get(key)
        found[key] = change if before is None else _chained(before, change)
    return tuple(found.values())


def distinct(entries: Iterable[E]) -> tuple[E, ...]:
    """Each entry once, those of one class together; for adapters, before they write.

    All that is left to an adapter is to compare each with the entry of its class and id that is there already.

    Raises:
        Conflict: For two entries of one class with one id and two contents.
        InvalidValue: For something that is no entry, one without an id, a time zone or a subject, or what is no
            iterable of entries.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.purchases import Claim
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> claim = Claim("k1", purchase="p1", customer="c1", at=day, by="desk")
        >>> len(distinct([claim, claim]))
        1

    .. versionadded:: 0.1.0
    """
    found: dict[type, dict[str, E]] = {}
    for entry in _checks.items("save.entries", entries):
        own = found.get(type(entry))
        if own is None:
            own = found[type(entry)] = {}
            if not is_entries(type(entry)):
                raise InvalidValue("save.entries", entry, _ENTRY)
        first = own.setdefault(_id(entry), entry)
        if first is not entry and first != entry:
            raise Conflict(entry.id, entry, first)
    return tuple([entry for own in found.values() for entry in own.values()])


def _id(entry: Any) -> str:
    """The id of an entry that also tells where it stands in a log."""
    try:
        key, at, subject = entry.id, entry.at, entry.subject
    except AttributeError:
        raise InvalidValue("save.entries", entry, _ENTRY) from None
    if not isinstance(key, str) or not (subject is None or isinstance(subject, str)):
        raise InvalidValue("save.entries", entry, _ENTRY)
    if not isinstance(at, datetime) or at.utcoffset() is None:
        raise InvalidValue("save.entries", entry, _ENTRY)
    return key


def _check(change: Change[Any]) -> None:
    """A change leads to its state: the events are those of the aggregate, and the last one has its version."""
    if not isinstance(change, Change):
        raise InvalidValue("save.changes", change, "a Change, as commands return it")
    state: Any = change.state
    events: tuple[Any, ...] = change.events
    if not hasattr(type(state), "evolve") or not isinstance(events, tuple):
        raise InvalidValue("save.changes", change, "a Change of an aggregate and a tuple of its events")
    version = state.version - len(events)
    for event in events:
        version += 1
        if not isinstance(event, Event) or event.source != state.id or event.version != version:
            raise InvalidValue("save.changes", event, f"the event of {state.id!r} that makes version {version}")


def _chained(before: Change[Any], change: Change[Any]) -> Change[Any]:
    if change.expected != before.state.version:
        raise Conflict(change.state.id, change.expected, before.state.version)
    return Change(change.state, before.events + change.events)
