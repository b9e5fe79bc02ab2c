"""Counts that are never changed: counting one more record gives other counts, which share nearly everything.

A record that was never counted cannot always be told from one that was, but counts that no records can have are never
made: no row may count more than its group, nor may all rows together of a variable of one value. The former is known
from how many rows of a group count just so many, since only rows that count as many as the group can stand out when the
group loses one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import attrs

from relex._persistent import PersistentMap
from relex.pipeline._counts import STAGE, OutcomeCounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.pipeline._counts import Cell, Variable

__all__ = ["NO_SUM", "Tally", "Totals"]

Key = tuple[str | None, str, str | None]
Level = tuple[str | None, int, int]
_NOTHING = (0, 0)
NO_SUM = (0, 0, 0)


@attrs.frozen
class Totals:
    """The records of one group, and for each variable the sums over those of its rows that are read.

    Attributes:
        won: How many records were won.
        lost: How many were lost.
        sums: By variable: won, lost, and how many rows.
        told: By variable of one value: how many of the won and of the lost have one, whether its row is read or not.
    """

    won: int = 0
    lost: int = 0
    sums: Mapping[str, tuple[int, int, int]] = attrs.field(factory=dict)
    told: Mapping[str, tuple[int, int]] = attrs.field(factory=dict)

    @property
    def are_possible(self) -> bool:
        """Whether no variable of one value has more values than there are records."""
        return all(won <= self.won and lost <= self.lost for won, lost in self.told.values())


@attrs.frozen
class Tally:
    """Rows by group, variable and value, and totals by group.

    Attributes:
        support: How many closed records a row needs to be read, by variable.
        single: The variables of one value.
        rows: Won and lost.
        groups: Totals of each group that has a closed record.
        levels: How many rows of a group, other than of those variables, count just so many won (0) or lost (1) records.
    """

    support: Mapping[str, int]
    single: frozenset[str] = frozenset()
    rows: PersistentMap[Key, tuple[int, int]] = attrs.field(factory=PersistentMap)
    groups: PersistentMap[str | None, Totals] = attrs.field(factory=PersistentMap)
    levels: PersistentMap[Level, int] = attrs.field(factory=PersistentMap)

    @classmethod
    def of(cls, counts: Iterable[OutcomeCounts], variables: Iterable[Variable]) -> Tally:
        """The tally of stored counts."""
        given, known = tuple(counts), tuple(variables)
        support = {each.name: each.support for each in known}
        single = frozenset(each.name for each in known if not each.many)
        rows = (((each.group, name, value), (won, lost)) for each in given for name, value, won, lost in each.rows)
        groups = ((each.group, _totals(each, support, single)) for each in given)
        levels = Counter(
            (each.group, side, count)
            for each in given
            for name, _, *row in each.rows
            if name not in single
            for side, count in enumerate(row)
        )
        return cls(support, single, PersistentMap.of(rows), PersistentMap.of(groups), PersistentMap.of(levels.items()))

    def counted(self, group: str | None, cells: Iterable[Cell], won: int, lost: int) -> Tally | None:
        """The tally after one more or one less record of a group with these values; None if it cannot be one less."""
        totals = self.groups.get(group) or Totals()
        rows, sums, told = self.rows, dict(totals.sums), dict(totals.told)
        side, levels = (0 if won else 1), Counter[int]()
        for name, value in cells:
            key = (group, name, value)
            before = rows.get(key) or _NOTHING
            after = (before[0] + won, before[1] + lost)
            if min(after) < 0:
                return None
            rows = rows.put(key, after) if any(after) else rows.drop(key)
            if name != STAGE:
                sums[name] = _moved(sums.get(name, NO_SUM), before, after, self.support[name])
            if name in self.single:
                told[name] = _plus(told.get(name, _NOTHING), (won, lost))
            else:
                levels[before[side]] -= 1
                levels[after[side]] += 1
        now = Totals(totals.won + won, totals.lost + lost, sums, told)
        tally = Tally(self.support, self.single, rows, self._with(group, now), self._leveled(group, side, levels))
        is_less = min(won, lost) < 0
        return None if is_less and not tally.may_follow(group, side, totals, now) else tally

    def may_follow(self, group: str | None, side: int, before: Totals, now: Totals) -> bool:
        """Whether a group may have lost a won (0) or lost (1) record, and be left with these counts."""
        stands_out = self.levels.get((group, side, (before.won, before.lost)[side]))
        return min(now.won, now.lost) >= 0 and not stands_out and now.are_possible

    def _with(self, group: str | None, totals: Totals) -> PersistentMap[str | None, Totals]:
        return self.groups.put(group, totals) if totals.won + totals.lost else self.groups.drop(group)

    def _leveled(self, group: str | None, side: int, moved: Mapping[int, int]) -> PersistentMap[Level, int]:
        levels = self.levels
        for count, more in moved.items():
            if more and count:
                key = (group, side, count)
                left = (levels.get(key) or 0) + more
                levels = levels.put(key, left) if left else levels.drop(key)
        return levels

    def counts(self) -> tuple[OutcomeCounts, ...]:
        """The counts in their stored form."""
        rows: dict[str | None, list[tuple[str, str | None, int, int]]] = {}
        for (group, name, value), (won, lost) in self.rows.items():
            rows.setdefault(group, []).append((name, value, won, lost))
        return tuple(
            OutcomeCounts(group, won=totals.won, lost=totals.lost, rows=rows.get(group, ()))
            for group, totals in self.groups.items()
        )

    def row(self, group: str | None, name: str, value: str | None) -> tuple[int, int] | None:
        """A row of a group, if it has one that is read."""
        found = self.rows.get((group, name, value))
        return found if found is not None and found[0] + found[1] >= self.support.get(name, 1) else None


def _totals(counts: OutcomeCounts, support: Mapping[str, int], single: frozenset[str]) -> Totals:
    sums: dict[str, tuple[int, int, int]] = {}
    told: dict[str, tuple[int, int]] = {}
    for name, _, won, lost in counts.rows:
        if name != STAGE:
            sums[name] = _moved(sums.get(name, NO_SUM), _NOTHING, (won, lost), support[name])
        if name in single:
            told[name] = _plus(told.get(name, _NOTHING), (won, lost))
    return Totals(counts.won, counts.lost, sums, told)


def _plus(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _moved(
    sums: tuple[int, int, int], before: tuple[int, int], after: tuple[int, int], support: int
) -> tuple[int, int, int]:
    """The sums over the rows that are read, after one row has changed."""
    won, lost, rows = sums
    if before[0] + before[1] >= support:
        won, lost, rows = won - before[0], lost - before[1], rows - 1
    if after[0] + after[1] >= support:
        won, lost, rows = won + after[0], lost + after[1], rows + 1
    return won, lost, rows
