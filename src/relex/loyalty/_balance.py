"""What an account holds at an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex._html import table
from relex.loyalty._lots import EARNED, ESCROW, EXPIRES, FOREVER, ID, LEFT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.loyalty._ledger import Book

__all__ = ["Balance", "Lot", "balance_of", "lots_of"]


@attrs.frozen(kw_only=True)
class Lot:
    """Points that came together and end together.

    Attributes:
        id: Unique in the account.
        points: What was given.
        remaining: What is left.
        earned_at: The business moment of the award.
        available_at: From when they can be spent; of a lot in escrow, when it is canceled, unless it
            is activated before.
        expires_at: When what is left is gone; None for never, and for a lot in escrow.

    .. versionadded:: 0.1.0
    """

    id: str
    points: int
    remaining: int
    earned_at: datetime
    available_at: datetime
    expires_at: datetime | None

    def facts(self) -> dict[str, object]:
        """What rules may ask about."""
        return {f"lot.{name}": value for name, value in attrs.asdict(self).items()}


@attrs.frozen(kw_only=True)
class Balance:
    """What an account holds of one points currency at an instant, in the smallest unit of the currency.

    Attributes:
        currency: Id of the points currency.
        as_of: The instant.
        posted: Usable points and held ones, less debt; below 0 when points are owed.
        pending: Given, not yet usable.
        held: Set aside for redemptions that are not complete.
        available: What can be spent now.
        debt: What was taken and never covered.
        expiring: (instant, points) for what is left in usable lots that end, soonest first.

    .. versionadded:: 0.1.0
    """

    currency: str
    as_of: datetime
    posted: int
    pending: int
    held: int
    available: int
    debt: int
    expiring: tuple[tuple[datetime, int], ...]

    def expiring_before(self, at: datetime) -> int:
        """Points of usable lots that end at or before an instant, if nothing is spent.

        .. versionadded:: 0.1.0
        """
        return sum([points for end, points in self.expiring if end <= at])

    def __str__(self) -> str:
        parts = [f"{self.available} available", f"{self.pending} pending"]
        parts += [f"{count} {word}" for count, word in ((self.held, "held"), (self.debt, "owed")) if count]
        if self.expiring:
            parts.append(f"{self.expiring[0][1]} expiring on {self.expiring[0][0].isoformat()}")
        return f"{self.currency}: {', '.join(parts)}"

    def _repr_html_(self) -> str:
        head = ("available", "pending", "held", "owed")
        found = table(
            f"{self.currency} on {self.as_of.isoformat()}", head, [(self.available, self.pending, self.held, self.debt)]
        )
        if not self.expiring:
            return found
        return found + table(
            "Ending next", ("at", "points"), [(at.isoformat(), points) for at, points in self.expiring]
        )


def balance_of(currency: str, book: Book | None, as_of: datetime) -> Balance:
    """The balance that a book shows at an instant up to which it is folded."""
    if book is None:
        return Balance(
            currency=currency, as_of=as_of, posted=0, pending=0, held=0, available=0, debt=0, expiring=()
        )  # fmt: skip
    ends: dict[datetime, int] = {}
    for lot in book.open:
        if lot[EXPIRES] == FOREVER:
            break
        ends[lot[EXPIRES]] = ends.get(lot[EXPIRES], 0) + lot[LEFT]
    return Balance(
        currency=currency,
        as_of=as_of,
        posted=book.usable + book.held - book.owed,
        pending=book.pending,
        held=book.held,
        available=book.usable,
        debt=book.owed,
        expiring=tuple(ends.items()),
    )


_NO_END = (FOREVER, ESCROW)


def lots_of(book: Book | None, given: Mapping[str, int]) -> tuple[Lot, ...]:
    """The lots of a book with something left, usable ones in order, then pending ones; `given` tells how they began."""
    if book is None:
        return ()
    rows = [(lot, None) for lot in book.open] + [(lot[1:], lot[0]) for lot in book.waiting]
    return tuple(
        [
            Lot(
                id=lot[ID],
                points=given.get(lot[ID], lot[LEFT]),
                remaining=lot[LEFT],
                earned_at=lot[EARNED],
                available_at=lot[EARNED] if starts is None else starts,
                expires_at=None if lot[EXPIRES] in _NO_END else lot[EXPIRES],
            )
            for lot, starts in rows
        ]
    )
