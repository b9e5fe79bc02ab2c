"""Which records are compared at all: those that share a key.

Theory of operation. For each key, records are grouped by its value; a group of one, or of more than the policy allows,
is left out. Records are then visited in their order, and each is compared with the union of the later records of its
groups: each pair once however many keys it shares, without remembering pairs. Between two sets the groups of the first
set's records hold the second set's only. Groups are tuples of ints, which the garbage collector need not look through.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from itertools import compress
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.matching._reading import several

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relex.matching._fields import Value
    from relex.matching._policy import MatchPolicy
    from relex.matching._reading import Table

__all__ = ["Blocks", "SkippedBlock", "blocked", "shared_keys"]


@attrs.frozen(weakref_slot=False)
class SkippedBlock:
    """A value of a key that too many records share, so that it means nothing.

    Attributes:
        key: Name of the key.
        value: That they share.
        size: How many share it.

    .. versionadded:: 0.1.0
    """

    key: str
    value: str
    size: int = attrs.field(validator=_checks.whole(least=1))

    def __str__(self) -> str:
        """In one line."""
        return f"{self.key} {self.value!r}: {self.size} records"


@attrs.frozen(kw_only=True)
class Blocks:
    """The groups of records that share a key.

    Attributes:
        groups: For each record those that it is in; None for none.
        load: How many pairs they hold, those that share several keys counted several times.
        skipped: Values that too many share, largest first.
        across: Whether the groups hold records of the second set only.
    """

    groups: list[list[tuple[int, ...]] | None]
    load: int
    skipped: tuple[SkippedBlock, ...]
    across: bool

    def some(self, every: int) -> Iterator[tuple[int, set[int]]]:
        """Every so-manieth record with those that it is to be compared with, by place."""
        return self._later(range(0, len(self.groups), every))

    def once(self) -> Iterator[tuple[int, set[int]]]:
        """Each record with those that it is to be compared with; afterwards nothing is left."""
        for place, found in self._later(range(len(self.groups))):
            self.groups[place] = None
            yield place, found

    def _later(self, places: Iterable[int]) -> Iterator[tuple[int, set[int]]]:
        for place in places:
            mine = self.groups[place]
            if mine is not None:
                found: set[int] = set().union(*[group[bisect_right(group, place) :] for group in mine])
                if found:
                    yield place, found


def blocked(table: Table, policy: MatchPolicy) -> Blocks:
    """The groups of all keys."""
    across = table.across
    groups: list[list[tuple[int, ...]] | None] = [None] * len(table.refs)
    skipped: list[SkippedBlock] = []
    load = 0
    for key, column in zip(policy.keys, table.keys, strict=True):
        for value, members in _blocks(column).items():
            group = tuple(members)
            left = group[: bisect_left(group, table.left)] if across else group
            right = group[len(left) :] if across else group
            if not right or not left:
                continue
            if len(members) > policy.max_block:
                skipped.append(SkippedBlock(key.name, value, len(members)))
                continue
            load += len(left) * len(right) if across else len(members) * (len(members) - 1) // 2
            for place in left:
                mine = groups[place]
                if mine is None:
                    groups[place] = [right]
                else:
                    mine.append(right)
    skipped.sort(key=lambda block: (-block.size, block.key, block.value))
    return Blocks(groups=groups, load=load, skipped=tuple(skipped), across=across)


def _blocks(column: list[Value]) -> dict[str, list[int]]:
    """Places by value, for values that more than one record has."""
    places: Sequence[int] = range(len(column))
    values: list[Any] = column
    if tuple in set(map(type, column)):
        values = [each for value in column for each in several(value)]
        places = [place for place, value in enumerate(column) for _ in several(value)]
    repeated = {value for value, count in Counter(values).items() if count > 1} - {None}
    found: defaultdict[str, list[int]] = defaultdict(list)
    for value, place in compress(zip(values, places, strict=True), map(repeated.__contains__, values)):
        found[value].append(place)
    return found


def shared_keys(table: Table, policy: MatchPolicy, one: int, other: int) -> tuple[str, ...]:
    """The names of the keys that two records have in common."""
    return tuple(
        key.name for key, column in zip(policy.keys, table.keys, strict=True) if _meet(column[one], column[other])
    )


def _meet(one: Value, other: Value) -> bool:
    return not set(several(one)).isdisjoint(several(other))
