"""Counting many outcomes in one go, and adding counts up."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.pipeline._counts import STAGE, OutcomeCounts
from relex.pipeline._outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.pipeline._counts import Cell, Variable

__all__ = ["cells_of", "counted", "summed"]

_OUTCOME = _checks.a(Outcome)


@attrs.frozen(eq=False)
class _Side:
    """The won or the lost records of one group: how many went through which stages, and had which values."""

    paths: Counter[tuple[str, ...]] = attrs.field(factory=Counter)
    cells: Counter[Cell] = attrs.field(factory=Counter)

    def counts(self, group: str | None, result: str) -> OutcomeCounts:
        rows = Counter(self.cells)
        for stages, times in self.paths.items():
            for stage in stages:
                rows[STAGE, stage] += times
        return _one_sided(group, result, self.paths.total(), rows)


def cells_of(outcome: Outcome, variables: Iterable[Variable]) -> list[Cell]:
    """What a closed record counts for, besides its stages."""
    given = dict(outcome.values)
    return [cell for variable in variables for cell in variable.cells(given.get(variable.name))]


def counted(outcomes: Iterable[Outcome], variables: Iterable[Variable]) -> list[OutcomeCounts]:
    """The counts of outcomes, by group."""
    kept = tuple(variables)
    plain = frozenset(each.name for each in kept if not each.many and not each.missing_counts)
    special = [each for each in kept if each.name not in plain]
    sides: defaultdict[tuple[str | None, str], _Side] = defaultdict(_Side)
    for outcome in outcomes:
        _OUTCOME.require("OutcomeTable.outcomes", outcome)
        side = sides[outcome.group, outcome.result]
        side.paths[outcome.stages] += 1
        side.cells.update([pair for pair in outcome.values if pair[0] in plain])  # type: ignore[misc]  # checked below
        if special:
            side.cells.update(cells_of(outcome, special))
    _require_single(kept, sides.values())
    return summed([side.counts(*key) for key, side in sides.items()])


def summed(counts: Iterable[OutcomeCounts]) -> list[OutcomeCounts]:
    """One of each group: its counts added up."""
    groups: defaultdict[str | None, list[OutcomeCounts]] = defaultdict(list)
    for each in counts:
        groups[each.group].append(each)
    return [_sum(group, parts) for group, parts in groups.items()]


def _sum(group: str | None, parts: list[OutcomeCounts]) -> OutcomeCounts:
    if len(parts) == 1:
        return parts[0]
    won: Counter[Cell] = Counter()
    lost: Counter[Cell] = Counter()
    for part in parts:
        for name, value, more_won, more_lost in part.rows:
            won[name, value] += more_won
            lost[name, value] += more_lost
    rows = [(*cell, won[cell], lost[cell]) for cell in won]
    return OutcomeCounts(group, won=sum(part.won for part in parts), lost=sum(part.lost for part in parts), rows=rows)


def _one_sided(group: str | None, result: str, records: int, rows: Mapping[Cell, int]) -> OutcomeCounts:
    if result == "won":
        return OutcomeCounts(group, won=records, lost=0, rows=[(*cell, count, 0) for cell, count in rows.items()])
    return OutcomeCounts(group, won=0, lost=records, rows=[(*cell, 0, count) for cell, count in rows.items()])


def _require_single(variables: tuple[Variable, ...], sides: Iterable[_Side]) -> None:
    """Raise `InvalidValue` when a variable of one value was given several."""
    by_name = {each.name: each for each in variables}
    for side in sides:
        for name, value in side.cells:
            by_name[name].cells(value)
