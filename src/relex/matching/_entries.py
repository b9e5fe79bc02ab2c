"""Entries as logs give them: in any order, the same one perhaps twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from relex import _checks
from relex._instants import is_before
from relex.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

__all__ = ["once", "until"]


class Dated(Protocol):
    """What all entries have."""

    @property
    def id(self) -> str: ...
    @property
    def at(self) -> datetime: ...


E = TypeVar("E", bound=Dated)


def once(path: str, entries: Iterable[E], *kinds: type) -> tuple[E, ...]:
    """Each entry once, in the order given; one id with two contents is a `Conflict`."""
    given: tuple[E, ...] = _checks.items(path, entries)
    _checks.each(_checks.a(*kinds)).require(path, given)
    found: dict[str, E] = {}
    for entry in given:
        first = found.setdefault(entry.id, entry)
        if first is not entry and first != entry:
            raise Conflict(entry.id, first, entry)
    return tuple(found.values())


def until(as_of: datetime | None, entries: Sequence[E]) -> Sequence[E]:
    """The entries that had happened by an instant, inclusive; all of them where there is none."""
    if as_of is None:
        return entries
    _checks.instant.require("as_of", as_of)
    return [entry for entry in entries if not is_before(as_of, entry.at)]
