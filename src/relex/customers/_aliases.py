"""Which ids are one customer now: what everybody asks who reads purchases, interactions, cases or accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.changes import Entry, Event
from relex.codec import tag_of
from relex.customers._links import Link
from relex.customers._parts import CustomerRestored, MergedInto
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Aliases"]

_ENTRY = _checks.a(Entry)


def _moves(events: Iterable[Event]) -> tuple[MergedInto | CustomerRestored, ...]:
    found = _checks.items("Aliases.events", events)
    _checks.each(_checks.a(Event)).require("Aliases.events", found)
    moves = [event for event in found if isinstance(event, (MergedInto, CustomerRestored))]
    kept = {(event.source, event.version): event for event in moves}
    return tuple(kept[place] for place in sorted(kept))


def _check_ends(into: dict[str, str]) -> None:
    """Refuse customers who were merged in a circle, as it seems where a restoring is not among the events."""
    sound: set[str] = set()
    for start in into:
        path: dict[str, None] = {}
        id_ = start
        while id_ in into and id_ not in sound:
            if id_ in path:
                raise InvalidValue("Aliases.events", tuple(path), "all events of these customers; this is a circle")
            path[id_] = None
            id_ = into[id_]
        sound.update(path)


@attrs.frozen(weakref_slot=False)
class Aliases:
    """Who was merged into whom: a fold of the events of customers.

    References to customers are never rewritten. A purchase that was made by `c2` says so for ever, and after `c2` was
    merged into `c1` it is read as one of `c1`: `store.log(Purchase).read(of=id)` for each of `aliases.all("c1")`.

    Attributes:
        events: Those that count, by customer and version; give the events of customers in any order.

    Raises:
        InvalidValue: For what is no event, or customers who were merged in a circle, since a restoring is missing.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.customers import Customer, merge
        >>> from relex.parties import PersonName
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> ada, same = (Customer.open(id, PersonName("Ada"), at=day).state for id in ("c1", "c2"))
        >>> done = merge(ada, same, by="eve", reason="same passport", at=day)
        >>> aliases = Aliases(done.changes[1].events)
        >>> aliases.current("c2"), aliases.all("c2"), aliases.current("c7")
        ('c1', ('c1', 'c2'), 'c7')

    .. versionadded:: 0.1.0
    """

    events: tuple[MergedInto | CustomerRestored, ...] = attrs.field(default=(), converter=_moves)
    _into: dict[str, str] = attrs.field(init=False, eq=False, repr=False)
    _from: dict[str, list[str]] = attrs.field(init=False, eq=False, repr=False)
    _moved: dict[tuple[str, str], str] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Fold the events once."""
        into: dict[str, str] = {}
        moved: dict[tuple[str, str], str] = {}
        for event in self.events:
            if isinstance(event, MergedInto):
                into[event.source] = event.survivor
            else:
                into.pop(event.source, None)
                moved |= dict.fromkeys(event.entries, event.source)
        _check_ends(into)
        came: dict[str, list[str]] = {}
        for other, survivor in into.items():
            came.setdefault(survivor, []).append(other)
        object.__setattr__(self, "_into", into)
        object.__setattr__(self, "_from", came)
        object.__setattr__(self, "_moved", moved)

    def after(self, *events: Event) -> Aliases:
        """The aliases after more events.

        .. versionadded:: 0.1.0
        """
        return Aliases((*self.events, *events))

    def current(self, id: str) -> str:  # noqa: A002 - the field's name everywhere in relex
        """Who a customer is now: the survivor of all merges, or itself."""
        _checks.text.require("Aliases.id", id)
        while id in self._into:
            id = self._into[id]  # noqa: A001 - as above
        return id

    def all(self, id: str) -> tuple[str, ...]:  # noqa: A002 - as above
        """Sorted ids that are one customer with this one, itself included."""
        found = [self.current(id)]
        for each in found:
            found += self._from.get(each, ())
        return tuple(sorted(found))

    def owner(self, entry: Entry) -> str | None:
        """Whose an entry is now; None where nobody knows.

        It is the subject's, be it merged or not, unless an unmerge gave the entry to somebody else.
        """
        _ENTRY.require("Aliases.entry", entry)
        if entry.subject is None:
            return None
        moved = self._moved.get((tag_of(type(entry)), entry.id)) if self._moved else None
        return self.current(entry.subject if moved is None else moved)

    def links(self) -> tuple[Link, ...]:
        """Who was one with whom and when, as a `ConsentLedger` is given it."""
        return tuple(self._links())

    def _links(self) -> Iterator[Link]:
        open_: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, MergedInto):
                open_[event.source] = event
            elif event.source in open_:
                began = open_.pop(event.source)
                yield Link(began.survivor, began.source, began.at, event.at)
        for began in open_.values():
            yield Link(began.survivor, began.source, began.at)
