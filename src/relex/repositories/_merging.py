"""What a save is made of, before anything is written: one change for each aggregate, and each of them sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from relex.changes import Change, Entry
from relex.errors import Conflict, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["distinct", "merged"]

E = TypeVar("E", bound=Entry)


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
        InvalidValue: For something without an id.

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
    for entry in entries:
        if not hasattr(entry, "id"):
            raise InvalidValue("save.entries", entry, "an entry, with an id")
        first = found.setdefault(type(entry), {}).setdefault(entry.id, entry)
        if first is not entry and first != entry:
            raise Conflict(entry.id, entry, first)
    return tuple([entry for own in found.values() for entry in own.values()])


def _check(change: Change[Any]) -> None:
    """A change leads to its state: the events are those of the aggregate, and the last one has its version."""
    if not isinstance(change, Change):
        raise InvalidValue("save.changes", change, "a Change, as commands return it")
    state, events = change
    version = state.version - len(events)
    for event in events:
        version += 1
        if event.source != state.id or event.version != version:
            raise InvalidValue("save.changes", event, f"the event of {state.id!r} that makes version {version}")


def _chained(before: Change[Any], change: Change[Any]) -> Change[Any]:
    if change.expected != before.state.version:
        raise Conflict(change.state.id, change.expected, before.state.version)
    return Change(change.state, before.events + change.events)
