"""Open holds: what they took, when they lapse, what becomes of what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty._lots import OpenLot

__all__ = ["Holding", "Late", "covered", "lapses"]


class Late(NamedTuple):
    """What becomes of points that come back to a lot whose end has passed.

    Attributes:
        until: Their new end; None if the original one holds, so that they expire at once.
        reissued: Whether they form a new lot.
        name: Id of the entry that brings them back, for the name of the new lot.
    """

    until: datetime | None
    reissued: bool
    name: str


class Holding(NamedTuple):
    """An open hold.

    Attributes:
        until: When it lapses.
        id: Of the hold.
        points: How many are held; what no lot covers is owed.
        taken: The lots and points that cover it, in order.
        late: What a lapse does with points whose lot has ended.
    """

    until: datetime
    id: str
    points: int
    taken: tuple[tuple[OpenLot, int], ...]
    late: Late


def lapses(holding: Holding) -> tuple[datetime, str]:
    """The order of holds."""
    return holding.until, holding.id


def covered(holding: Holding, key: tuple[str, str], lot: Any, paid: int) -> Holding:
    """A hold after a lot paid a debt; the debt may be its own."""
    return holding._replace(taken=(*holding.taken, (lot, paid))) if key == ("redeem", holding.id) else holding
