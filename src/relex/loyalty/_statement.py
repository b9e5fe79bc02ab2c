"""The statement of a period: what was there, what moved it, what is there now."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - values tell their types at run time
from typing import TYPE_CHECKING

import attrs

from relex._html import note, table
from relex.loyalty._balance import Balance, balance_of
from relex.loyalty._movements import MICRO, span, walked
from relex.loyalty._occasions import in_utc
from relex.loyalty._progress import Progress, progress

if TYPE_CHECKING:
    from relex.calendars import Period
    from relex.loyalty._account import Account
    from relex.loyalty._movements import PointsMovement
    from relex.loyalty._program import Program

__all__ = ["Statement", "StatementRow", "statement"]


@attrs.frozen(kw_only=True)
class StatementRow:
    """One movement.

    Attributes:
        at: The business moment.
        what: The class of the entry, or what time did: `matured`, `expired`, `released` (from a hold that lapsed),
            `forgiven` (the part of that hold which was owed), `paid` (a debt), `canceled` (a lot in escrow).
        id: Of the entry, or of the lot.
        pending: Change of pending points.
        available: Change of available points.
        held: Change of held points.
        debt: Change of what is owed.
        recorded_at: When it was recorded, if that was after the period.

    .. versionadded:: 0.1.0
    """

    at: datetime
    what: str
    id: str
    pending: int
    available: int
    held: int
    debt: int
    recorded_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Statement:
    """Opening balance, movements, closing balance; the rows add up.

    Attributes:
        opening: The balance just before the period.
        rows: By business moment.
        closing: The balance at the end of the period; its `expiring` tells what ends next.
        progress: How far the next tier was at the end of the period; None unless the program was given.

    .. versionadded:: 0.1.0
    """

    opening: Balance
    rows: tuple[StatementRow, ...]
    closing: Balance
    progress: Progress | None = None

    @property
    def expiring(self) -> tuple[tuple[datetime, int], ...]:
        """(instant, points) of what ends next, soonest first, as it was at the end of the period."""
        return self.closing.expiring

    def __str__(self) -> str:
        lines = [f"{row.at.isoformat()} {row.what} {row.id}: {_moves(row)}{_late(row)}" for row in self.rows]
        tier = [] if self.progress is None else [f"tier {self.progress}"]
        return "\n".join([f"opening {self.opening}", *lines, f"closing {self.closing}", *tier])

    def _repr_html_(self) -> str:
        head = ("at", "what", "id", "pending", "available", "held", "owed", "recorded")
        rows: list[tuple[object, ...]] = [("", "opening", "", *_sums(self.opening), "")]
        rows += [(row.at.isoformat(), row.what, row.id, *_changes(row), _recorded(row)) for row in self.rows]
        rows.append(("", "closing", "", *_sums(self.closing), ""))
        first, last = self.opening.as_of.isoformat(), self.closing.as_of.isoformat()
        found = table(f"{self.closing.currency} from {first} to {last}", head, rows)
        if self.expiring:
            found += table("Ending next", ("at", "points"), [(at.isoformat(), points) for at, points in self.expiring])
        return found + ("" if self.progress is None else note(f"Tier: {self.progress}"))


def _sums(balance: Balance) -> tuple[int, int, int, int]:
    return balance.pending, balance.available, balance.held, balance.debt


def _changes(row: StatementRow) -> tuple[int | str, ...]:
    return tuple([count or "" for count in (row.pending, row.available, row.held, row.debt)])


def _recorded(row: StatementRow) -> str:
    return "" if row.recorded_at is None else row.recorded_at.isoformat()


def _late(row: StatementRow) -> str:
    return "" if row.recorded_at is None else f" (recorded {row.recorded_at.isoformat()})"


def _moves(row: StatementRow) -> str:
    parts = [("pending", row.pending), ("available", row.available), ("held", row.held), ("debt", row.debt)]
    return ", ".join([f"{name} {count:+d}" for name, count in parts if count])


def statement(account: Account, period: Period, points: str, program: Program | None) -> Statement:
    """See `Account.statement`."""
    start, end = span(period)
    last = account._ledger.clock + MICRO if end is None else end  # noqa: SLF001 - our own
    rows = [_row(row) for row in walked(account, last, end) if row.at >= start and row.currency == points]
    reached = None
    if program is not None:
        reached = progress(account, program, in_utc("statement.period", last - MICRO))
    return Statement(
        opening=_just_before(account, start, points),
        rows=tuple([row for row in rows if row.pending or row.available or row.held or row.debt]),
        closing=_just_before(account, last, points),
        progress=reached,
    )


def _just_before(account: Account, at: datetime, points: str) -> Balance:
    """The balance just before an instant, at which time has not worked yet."""
    ledger = account._ledger_at(in_utc("statement.period", at) - MICRO)  # noqa: SLF001 - our own
    return balance_of(points, ledger.books.get(points), at)


def _row(row: PointsMovement) -> StatementRow:
    return StatementRow(
        at=row.at,
        what=row.what,
        id=row.id,
        pending=row.points("pending"),
        available=row.points("available"),
        held=row.points("held"),
        debt=-row.points("debt"),
        recorded_at=row.recorded_at,
    )
