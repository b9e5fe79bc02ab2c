"""Merging sources into one order, in blocks.

Theory of operation. The order of a timeline is total: (instant, kind, id), and newest first is its exact reverse.
A heap compares one item of each source at every step; here each source gives a block, and all that can no longer be
preceded is sorted at once. Sorted blocks are runs, which the sort of Python merges with few comparisons, so that the
heap's time pays for the rest too: checking every source, putting ties in order, seeing the same item twice.

The bound up to which blocks may be given out is the least of their last instants: whatever is still unread is at the
bound or beyond it. Items at the bound itself wait, so all items of one instant are in one batch, which is where ties
are put in order and where the same item from two sources is seen to be the same. When everything read is at the bound,
the source that stands there is read further, so there is always progress.

Instants are compared as the time since 1970, since two datetimes of one zone compare by what the clock shows; newest
first, it is the time until 1970, and everything else stays the same.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from itertools import compress, count, islice, repeat
from operator import attrgetter, eq, le, sub
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.codec import tag_of
from relex.errors import Conflict, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Order", "Wanted", "gathered", "kind_of", "merged"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AT = attrgetter("at")
_ID = attrgetter("id")
_IDS = _checks.each(_checks.text)
_FIRST_BLOCK = 32
_LARGEST_BLOCK = 4096
_HUMP = re.compile("(?<=[a-z0-9])(?=[A-Z])")


_KINDS: dict[type, str] = {}


def kind_of(item: Any) -> str:
    """The stable name of the class of an item: the end of its tag, or else its own name; `SameAs` is `same-as`."""
    found = _KINDS.get(type(item))
    if found is None:
        found = _KINDS[type(item)] = _HUMP.sub("-", _name(type(item))).lower()
    return found


def _name(cls: type) -> str:
    try:
        return tag_of(cls).rpartition(".")[2]
    except InvalidValue:
        return cls.__name__


class Order:
    """The order of one timeline, forward or newest first.

    Attributes:
        newest_first: Whether time runs backward.
    """

    __slots__ = ("_seen", "newest_first")

    def __init__(self, *, newest_first: bool) -> None:
        self.newest_first = newest_first
        self._seen: set[type] = set()

    def key(self, at: datetime) -> timedelta:
        """What grows along the timeline."""
        return _EPOCH - at if self.newest_first else at - _EPOCH

    def keys(self, path: str, items: list[Any]) -> list[timedelta]:
        """The key of each item.

        Raises:
            InvalidValue: For an item without an id or an aware instant.
        """
        new = set(map(type, items)) - self._seen
        for item in items if new else ():
            _check(path, item)
        try:
            ats = map(_AT, items)
            found = list(map(sub, repeat(_EPOCH), ats) if self.newest_first else map(sub, ats, repeat(_EPOCH)))
        except (AttributeError, TypeError):
            found = [self.key(_check(path, item)) for item in items]  # which tells the one that is wrong
        self._seen |= new
        return found

    def settled(self, items: list[Any], keys: list[timedelta]) -> list[Any]:
        """The items in order, each once."""
        if not all(map(le, keys, islice(keys, 1, None))):
            places = sorted(range(len(keys)), key=keys.__getitem__)
            items, keys = [items[place] for place in places], [keys[place] for place in places]
        ties = list(compress(count(), map(eq, keys, islice(keys, 1, None))))
        return self._untied(items, ties) if ties else items

    def _untied(self, items: list[Any], ties: list[int]) -> list[Any]:
        """The items with those of one instant in order; `ties` are the places that share it with the next one."""
        found: list[Any] = []
        done = 0
        for start, end in _spans(ties):
            found += items[done:start]
            found += self._ordered(items[start:end])
            done = end
        return found + items[done:]

    def _ordered(self, items: list[Any]) -> list[Any]:
        """Items of one instant by kind and id, each once."""
        names: list[Any] = list(map(_ID, items))
        if set(map(type, names)) != {str}:
            _IDS.require("timeline.entries.id", tuple(names))
        if len(set(map(type, items))) > 1:
            names = [(kind_of(item), item.id) for item in items]
        if len(set(names)) < len(names):
            items, names = _distinct(items, names)
        places = sorted(range(len(names)), key=names.__getitem__, reverse=self.newest_first)
        return [items[place] for place in places]


def _distinct(items: list[Any], names: list[Any]) -> tuple[list[Any], list[Any]]:
    """The items of one instant, each once, and their names."""
    named: dict[Any, Any] = {}
    for name, item in zip(names, items, strict=True):
        first = named.setdefault(name, item)
        if first is not item and first != item:
            raise Conflict(item.id, first, item)
    return list(named.values()), list(named)


def _spans(ties: list[int]) -> Iterator[tuple[int, int]]:
    """The runs of places that share an instant, as half-open ranges."""
    start = last = ties[0]
    for place in ties:
        if place > last + 1:
            yield start, last + 2
            start = place
        last = place
    yield start, last + 2


def _check(path: str, item: Any) -> datetime:
    """The instant of an item, which must have one and an id."""
    _checks.text.require(f"{path}.id", getattr(item, "id", None))
    found: Any = getattr(item, "at", None)
    _checks.instant.require(f"{path}.at", found)
    return found  # type: ignore[no-any-return]


class Wanted:
    """Which items a timeline holds: those between two keys, both inclusive, that pass every test.

    Attributes:
        low: Nothing before; None is no bound.
        high: Nothing after; None is no bound.
        tests: What else is asked of an item.
    """

    __slots__ = ("high", "low", "tests")

    def __init__(
        self, low: timedelta | None, high: timedelta | None, tests: Iterable[Callable[[Any], bool | None]]
    ) -> None:
        self.low = low
        self.high = high
        self.tests = tuple(tests)

    def of(self, items: list[Any], keys: list[timedelta]) -> tuple[list[Any], list[timedelta]]:
        """Those items, and their keys."""
        low, high = self.low, self.high
        if low is not None:
            items, keys = _compressed(items, keys, [low <= key for key in keys])
        if high is not None:
            items, keys = _compressed(items, keys, [key <= high for key in keys])
        for test in self.tests:
            items, keys = _compressed(items, keys, [test(item) is True for item in items])
        return items, keys


def _compressed(items: list[Any], keys: list[timedelta], kept: list[bool]) -> tuple[list[Any], list[timedelta]]:
    return (items, keys) if all(kept) else (list(compress(items, kept)), list(compress(keys, kept)))


class _Feed:
    """One source: what has been read of it and not yet given out.

    Attributes:
        items: Those that are wanted.
        keys: Of those items.
        last: The key of the last item read, wanted or not.
        over: Whether there is nothing more to read.
    """

    __slots__ = ("_order", "_path", "_size", "_source", "_wanted", "items", "keys", "last", "over")

    def __init__(self, path: str, source: Iterable[Any], order: Order, wanted: Wanted) -> None:
        self._path = path
        self._source = iter(source)
        self._order = order
        self._wanted = wanted
        self._size = _FIRST_BLOCK
        self.items: list[Any] = []
        self.keys: list[timedelta] = []
        self.last = timedelta.min
        self.over = False
        self.more()

    def more(self) -> None:
        """Read a block behind what is there."""
        items = list(islice(self._source, self._size))
        self.over = len(items) < self._size
        self._size = min(2 * self._size, _LARGEST_BLOCK)
        if not items:
            return
        keys = self._order.keys(self._path, items)
        if keys[0] < self.last or not all(map(le, keys, islice(keys, 1, None))):
            raise self._disorder(items, keys)
        self.last = keys[-1]
        self.over = self.over or (self._wanted.high is not None and self.last > self._wanted.high)
        items, keys = self._wanted.of(items, keys)
        self.items += items
        self.keys += keys

    def _disorder(self, items: list[Any], keys: list[timedelta]) -> InvalidValue:
        """The error about the first item that comes too early."""
        place = next(place for place, key in enumerate(keys) if key < (keys[place - 1] if place else self.last))
        order = "newest first" if self._order.newest_first else "oldest first"
        return InvalidValue(self._path, items[place].id, f"a source whose items come {order}, since it is `ordered`")

    def taken(self, bound: timedelta | None) -> tuple[list[Any], list[timedelta]]:
        """Take out what comes before the bound; everything, where there is none."""
        place = len(self.keys) if bound is None else bisect_left(self.keys, bound)
        taken = self.items[:place], self.keys[:place]
        del self.items[:place], self.keys[:place]
        return taken


def merged(path: str, sources: Iterable[Iterable[Any]], order: Order, wanted: Wanted) -> Iterator[Any]:
    """The items of sources that are in order, read no further than needed."""
    feeds = [_Feed(f"{path}[{place}]", source, order, wanted) for place, source in enumerate(sources)]
    while reading := [feed for feed in feeds if not feed.over]:
        slowest = min(reading, key=attrgetter("last"))
        yield from _batch(feeds, order, slowest.last)
        slowest.more()
    yield from _batch(feeds, order, None)


def _batch(feeds: list[_Feed], order: Order, bound: timedelta | None) -> list[Any]:
    """All that stands before the bound, in order."""
    items: list[Any] = []
    keys: list[timedelta] = []
    for feed in feeds:
        own, own_keys = feed.taken(bound)
        items += own
        keys += own_keys
    return order.settled(items, keys)


def gathered(path: str, sources: Iterable[Iterable[Any]], order: Order, wanted: Wanted) -> list[Any]:
    """The items of sources that are in any order."""
    items: list[Any] = []
    keys: list[timedelta] = []
    for place, source in enumerate(sources):
        own = list(source)
        own, own_keys = wanted.of(own, order.keys(f"{path}[{place}]", own))
        if own_keys and own_keys[-1] < own_keys[0]:  # what is in order the other way round is in order
            own, own_keys = own[::-1], own_keys[::-1]
        items += own
        keys += own_keys
    return order.settled(items, keys)
