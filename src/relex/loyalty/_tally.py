"""What adds up over time: an append-only sum that tells any window of itself without walking through all of it.

Amounts stand in nodes of `WIDTH`, those in nodes of `WIDTH` again, and so on; each knows its first and last instant and
its total. A window takes the totals of the nodes that lie in it and opens only those at its borders, so it costs some
hundred steps at any length, as long as the amounts came roughly in the order of their instants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Tally"]

WIDTH: Final = 32

Node: TypeAlias = "tuple[datetime, datetime, Any, tuple[Any, ...]]"
"""First instant, last instant, total, and the nodes that it is made of; none for one amount."""


@attrs.frozen(repr=False, weakref_slot=False)
class Tally:
    """A persistent sum of dated amounts; adding to it costs the same at ten amounts and at a million.

    Attributes:
        total: Of all amounts.
    """

    total: Any = 0
    _levels: tuple[tuple[Node, ...], ...] = ()

    def added(self, at: datetime, n: Any) -> Tally:
        """This tally and one more amount."""
        node: Node = (at, at, n, ())
        levels: list[tuple[Node, ...]] = []
        for row in self._levels:
            if len(row) < WIDTH:
                levels.append((*row, node))
                break
            levels.append((node,))
            node = _joined(row)
        else:
            levels.append((node,))
        return Tally(self.total + n, (*levels, *self._levels[len(levels) :]))

    def within(self, first: datetime, end: datetime, zero: Any = 0) -> Any:
        """The sum of the amounts from `first` until before `end`."""
        found = zero
        for row in self._levels:
            found = _summed(row, first, end, found)
        return found


def _joined(row: tuple[Node, ...]) -> Node:
    total = row[0][2]
    for node in row[1:]:
        total += node[2]
    return min([node[0] for node in row]), max([node[1] for node in row]), total, row


def _summed(row: tuple[Node, ...], first: datetime, end: datetime, found: Any) -> Any:
    for node in row:
        if first <= node[0] and node[1] < end:
            found += node[2]
        elif node[1] >= first and node[0] < end:
            found = _summed(node[3], first, end, found)
    return found
