"""What each customer bought of each value: the sums under a taste analysis, before any share is taken."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from relex._instants import is_before
from relex.insights._exact import ZERO, exactly
from relex.insights._sold import reader, sold_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "EARLIEST",
    "MEASURES",
    "Bought",
    "Value",
    "bought",
    "is_known",
    "known_and_unknown",
    "label",
    "merged",
    "parts",
]

Value: TypeAlias = "str | tuple[str | None, ...] | None"
MEASURES = ("amount", "orders", "units")
EARLIEST = datetime.min.replace(tzinfo=UTC)


class Bought:
    """What one customer bought of one value."""

    __slots__ = ("amount", "last", "purchases", "units")

    def __init__(self) -> None:
        self.amount: Any = ZERO
        self.units: Any = 0
        self.purchases: set[str] = set()
        self.last = EARLIEST

    def take(self, other: Bought) -> None:
        """Add what somebody else bought."""
        self.amount += other.amount
        self.units += other.units
        self.purchases |= other.purchases
        self.last = other.last if is_before(self.last, other.last) else self.last

    def weight(self, measure: str) -> Any:
        """The measure; what is negative counts 0."""
        if measure == "orders":
            return len(self.purchases)
        return max(self.amount if measure == "amount" else self.units, 0)


def bought(source: Any, dimensions: Sequence[str], level: int) -> dict[str | None, dict[Value, Bought]]:
    """By customer and value; the value of several dimensions is a tuple, with None where a line has no value."""
    readers = [reader(dimension, level) for dimension in dimensions]
    only = readers[0]
    found: dict[str | None, dict[Value, Bought]] = {}
    lines = list(sold_lines(source))  # outside the block below, since a caller's generator runs here
    with exactly():
        for line in lines:
            value: Value = only(line) if len(readers) == 1 else tuple([read(line) for read in readers])
            cells = found.setdefault(line.customer, {})
            cell = cells.get(value)
            if cell is None:
                cell = cells[value] = Bought()
            cell.amount += line.amount
            cell.units += line.quantity
            cell.purchases.add(line.purchase)
            if line.at is not None and is_before(cell.last, line.at):
                cell.last = line.at
    return found


def merged(customers: Iterable[Mapping[Value, Bought]]) -> dict[Value, Bought]:
    """What some customers bought together."""
    found: dict[Value, Bought] = {}
    with exactly():
        for cells in customers:
            for value, cell in cells.items():
                found.setdefault(value, Bought()).take(cell)
    return found


def is_known(value: Value) -> bool:
    """Whether a line with this value has a value on every dimension."""
    return value is not None and not (isinstance(value, tuple) and None in value)


def known_and_unknown(cells: Mapping[Value, Bought], measure: str) -> tuple[Any, Any]:
    """The measure over known values and over the rest; for orders: purchases with a known value, and all others."""
    if measure == "orders":
        known = {purchase for value, cell in cells.items() if is_known(value) for purchase in cell.purchases}
        every = {purchase for cell in cells.values() for purchase in cell.purchases}
        return len(known), len(every) - len(known)
    sums: list[Any] = [0, 0]
    for value, cell in cells.items():
        sums[not is_known(value)] += cell.weight(measure)
    return sums[0], sums[1]


def parts(value: Value) -> tuple[tuple[bool, str], ...]:
    """What values are ordered by: their parts in code point order, what is not known last."""
    own = value if isinstance(value, tuple) else (value,)
    return tuple((part is None, part or "") for part in own)


def label(value: Value) -> str:
    """A value as people read it."""
    if isinstance(value, tuple):
        return " x ".join(part or "unknown" for part in value)
    return value or "unknown"
