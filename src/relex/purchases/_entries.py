"""Entries as a log gives them: the same one perhaps twice, and known only since some instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from relex import _checks
from relex._instants import is_before
from relex.errors import Conflict, InvalidValue
from relex.purchases._stated import items

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["Entry", "once", "only", "seen"]


class Entry(Protocol):
    """What a purchase, a return and a claim have in common."""

    @property
    def id(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime | None: ...


E = TypeVar("E", bound=Entry)


def once(entries: Iterable[E]) -> tuple[E, ...]:
    """Each entry once, in the order given: the same id with the same content is the same entry.

    Two equal sales with two ids are two sales.

    Raises:
        Conflict: For the same id with other content.
        InvalidValue: For something that has no id, or is no iterable.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.purchases import Return
        >>> back = Return("r1", purchase="p1", at=datetime(2026, 5, 3, tzinfo=timezone.utc), lines={1: 2})
        >>> len(once([back, back]))
        1

    .. versionadded:: 0.1.0
    """
    found: dict[str, E] = {}
    for entry in items("once.entries", entries):
        if not hasattr(entry, "id"):
            raise InvalidValue("once.entries", entry, "an entry, with an id")
        first = found.setdefault(entry.id, entry)
        if first is not entry and first != entry:
            raise Conflict(entry.id, first, entry)
    return tuple(found.values())


def only(path: str, entries: Iterable[E], *kinds: type) -> tuple[E, ...]:
    """Each entry once, refusing at the path what is of none of the classes."""
    found = items(path, entries)
    _checks.each(_checks.a(*kinds)).require(path, found)
    return once(found)


def seen(entries: Iterable[E], as_of: datetime | None, known_at: datetime | None) -> tuple[E, ...]:
    """Each entry once, of those that had happened by `as_of` and were known by `known_at`; both inclusive."""
    for name, instant in (("as_of", as_of), ("known_at", known_at)):
        if instant is not None:
            _checks.instant.require(name, instant)
    return tuple(
        entry
        for entry in once(entries)
        if not (as_of is not None and is_before(as_of, entry.at))
        and not (known_at is not None and is_before(known_at, entry.recorded_at or entry.at))
    )
