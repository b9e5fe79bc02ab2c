"""Counts that are never changed: counting one more record gives other counts, which share nearly everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex._persistent import PersistentMap
from relex.pipeline._counts import STAGE, OutcomeCounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.pipeline._counts import Cell

__all__ = ["NO_SUM", "Tally", "Totals"]

Key = tuple[str | None, str, str | None]
_NOTHING = (0, 0)
NO_SUM = (0, 0, 0)


@attrs.frozen
class Totals:
    """The records of one group, and for each variable the sums over those of its rows that are read.

    Attributes:
        won: How many records were won.
        lost: How many were lost.
        sums: By variable: won, lost, and how many rows.
    """

    won: int = 0
    lost: int = 0
    sums: Mapping[str, tuple[int, int, int]] = attrs.field(factory=dict)


@attrs.frozen
class Tally:
    """Rows by group, variable and value, and totals by group.

    Attributes:
        support: How many closed records a row needs to be read, by variable.
        rows: Won and lost.
        groups: Totals of each group that has a closed record.
    """

    support: Mapping[str, int]
    rows: PersistentMap[Key, tuple[int, int]] = attrs.field(factory=PersistentMap)
    groups: PersistentMap[str | None, Totals] = attrs.field(factory=PersistentMap)

    @classmethod
    def of(cls, counts: Iterable[OutcomeCounts], support: Mapping[str, int]) -> Tally:
        """The tally of stored counts."""
        given = tuple(counts)
        rows = (((each.group, name, value), (won, lost)) for each in given for name, value, won, lost in each.rows)
        groups = ((each.group, _totals(each, support)) for each in given)
        return cls(support, PersistentMap.of(rows), PersistentMap.of(groups))

    def counted(self, group: str | None, cells: Iterable[Cell], won: int, lost: int) -> Tally | None:
        """The tally after so many more records of a group with these values; None if a count would fall below 0."""
        totals = self.groups.get(group) or Totals()
        rows, sums = self.rows, dict(totals.sums)
        least = min(totals.won + won, totals.lost + lost)
        for name, value in cells:
            key = (group, name, value)
            before = rows.get(key) or _NOTHING
            after = (before[0] + won, before[1] + lost)
            least = min(least, *after)
            rows = rows.put(key, after) if any(after) else rows.drop(key)
            if name != STAGE:
                sums[name] = _moved(sums.get(name, NO_SUM), before, after, self.support[name])
        if least < 0:
            return None
        now = Totals(totals.won + won, totals.lost + lost, sums)
        groups = self.groups.put(group, now) if now.won + now.lost else self.groups.drop(group)
        return Tally(self.support, rows, groups)

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


def _totals(counts: OutcomeCounts, support: Mapping[str, int]) -> Totals:
    sums: dict[str, tuple[int, int, int]] = {}
    for name, _, won, lost in counts.rows:
        if name != STAGE:
            sums[name] = _moved(sums.get(name, NO_SUM), _NOTHING, (won, lost), support[name])
    return Totals(counts.won, counts.lost, sums)


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
