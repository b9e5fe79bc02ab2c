"""What the counts of some groups say, with a tenth added to every row and total of a group when it is read.

All numbers are tenths, so they are integers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex.pipeline._counts import STAGE, Cell, Variable
from relex.pipeline._predictions import Factor, factor
from relex.pipeline._tally import NO_SUM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relex.pipeline._tally import Tally, Totals

__all__ = ["OutcomeReading"]

_TENTHS = 10


@attrs.frozen(eq=False)
class OutcomeReading:
    """The counts of some groups, read together.

    Attributes:
        groups: The totals of each, by group.
        won: How many won records they have.
        lost: How many lost records.
        prior: The won and the lost side before anything is known, in tenths.
    """

    _tally: Tally
    _variables: tuple[Variable, ...]
    groups: Mapping[str | None, Totals]
    won: int
    lost: int
    prior: tuple[int, int]
    _known: dict[Cell, Factor] = attrs.field(factory=dict)

    @classmethod
    def of(cls, tally: Tally, variables: tuple[Variable, ...], groups: Mapping[str | None, Totals]) -> OutcomeReading:
        """The reading of these groups; of none at all, the tenth alone is left."""
        won, lost = sum(each.won for each in groups.values()), sum(each.lost for each in groups.values())
        tenths = len(groups) or 1
        return cls(tally, variables, groups, won, lost, (_TENTHS * won + tenths, _TENTHS * lost + tenths))

    def factor(self, cell: Cell) -> Factor | None:
        """What a value says; None when no record that is read had it. What was read once is kept."""
        found = self._known.get(cell)
        if found is None:
            found = self._read(*cell)
            if found is not None:
                self._known[cell] = found
        return found

    def _read(self, name: str, value: str | None) -> Factor | None:
        won, lost, rows = 0, 0, 0
        for group in self.groups:
            row = self._tally.row(group, name, value)
            if row is not None:
                won, lost, rows = won + row[0], lost + row[1], rows + 1
        if not rows:
            return None
        all_won, all_lost = self._totals(name)
        good = (_TENTHS * won + rows) * all_lost
        bad = (_TENTHS * lost + rows) * all_won
        return factor((name, value), won, lost, (good, bad), self._unnamed(name, value))

    def _totals(self, name: str) -> tuple[int, int]:
        """The sums of the rows of a variable; of the stage, how many records there are."""
        if name == STAGE:
            return self.prior
        won, lost, rows = 0, 0, 0
        for each in self.groups.values():
            more = each.sums.get(name, NO_SUM)
            won, lost, rows = won + more[0], lost + more[1], rows + more[2]
        return _TENTHS * won + rows, _TENTHS * lost + rows

    def _unnamed(self, name: str, value: str | None) -> tuple[str, ...]:
        """As what a value may not be named."""
        for each in self._variables:
            if each.name == name:
                sides = (("for", each.never_for), ("against", each.never_against))
                return tuple([side for side, values in sides if value in values])
        return ()
