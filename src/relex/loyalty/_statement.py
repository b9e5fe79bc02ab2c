"""The statement of a period: what was there, what moved it, what is there now."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from relex.loyalty._balance import Balance, balance_of
from relex.loyalty._events import NOTICE
from relex.loyalty._ledger import Ledger, Notes
from relex.loyalty._reports import span

if TYPE_CHECKING:
    from relex.calendars import Period
    from relex.loyalty._account import Account
    from relex.loyalty._ledger import Effect

__all__ = ["Statement", "StatementRow", "statement"]


@attrs.frozen(kw_only=True)
class StatementRow:
    """One movement.

    Attributes:
        at: The business moment.
        what: The kind of entry, or `matured` or `expired`.
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

    .. versionadded:: 0.1.0
    """

    opening: Balance
    rows: tuple[StatementRow, ...]
    closing: Balance

    def __str__(self) -> str:
        lines = [f"{row.at.isoformat()} {row.what} {row.id}: {_moves(row)}" for row in self.rows]
        return "\n".join([f"opening {self.opening}", *lines, f"closing {self.closing}"])

    def _repr_html_(self) -> str:
        cells = [
            "".join([f"<td>{escape(str(value))}</td>" for value in (row.at.isoformat(), row.what, row.id, _moves(row))])
            for row in self.rows
        ]
        body = "".join([f"<tr>{row}</tr>" for row in cells])
        ends = f"<p>opening {escape(str(self.opening))}</p><p>closing {escape(str(self.closing))}</p>"
        return f"<table><tr><th>at</th><th>what</th><th>id</th><th>moved</th></tr>{body}</table>{ends}"


def _moves(row: StatementRow) -> str:
    parts = [("pending", row.pending), ("available", row.available), ("held", row.held), ("debt", row.debt)]
    return ", ".join([f"{name} {count:+d}" for name, count in parts if count]) or "nothing"


_TIMED = {"matured": (-1, 1, 0), "paid": (0, -1, -1), "expired": (0, -1, 0)}
_MICRO = timedelta(microseconds=1)


class _Walk:
    """A fold that writes down a row for everything that moves points of one currency."""

    def __init__(self, account: Account, points: str, start: datetime, end: datetime) -> None:
        self.trace: list[Effect] = []
        self.ledger = Ledger(account.opened_at, Notes(), self.trace)
        self.book = self.ledger.book(points)
        self.start, self.end = start, end
        self.rows: list[StatementRow] = []

    def wait(self, until: datetime) -> None:
        """Let time pass."""
        del self.trace[:]
        self.ledger.advance(until)
        for at, what, currency, lot, points, *_ in sorted(self.trace, key=_when):
            if at >= self.start and currency == self.book.currency:
                moved = [sign * points for sign in _TIMED[what]]
                self.rows.append(_row(at, what, lot, moved))

    def post(self, entry: Any) -> None:
        """Post an entry."""
        self.wait(entry.effective)
        before = self._state()
        self.ledger.apply(entry)
        moved = [after - was for after, was in zip(self._state(), before, strict=True)]
        if any(moved) and entry.effective >= self.start:
            late = entry.at if entry.at >= self.end else None
            self.rows.append(_row(entry.effective, type(entry).__name__, entry.key[1], moved, late))

    def balance(self, at: datetime) -> Balance:
        """The balance just before an instant, after which time has not worked yet."""
        self.wait(at - _MICRO)
        return balance_of(self.book.currency, self.book, at)

    def _state(self) -> tuple[int, int, int]:
        return self.book.pending, self.book.usable, self.book.owed


def _when(effect: Any) -> tuple[datetime, bool]:
    return effect[0], effect[1] == "expired"


def _row(at: datetime, what: str, id_: str, moved: list[int], late: datetime | None = None) -> StatementRow:
    pending, available, debt = moved
    return StatementRow(
        at=at, what=what, id=id_, pending=pending, available=available, held=0, debt=debt, recorded_at=late
    )


def statement(account: Account, period: Period, points: str) -> Statement:
    """See `Account.statement`."""
    start, end = span(period)
    last = account._ledger.clock + _MICRO if end is None else end  # noqa: SLF001 - our own
    walk = _Walk(account, points, start, last)
    entries = [entry for entry in account.entries() if entry.rank != NOTICE and entry.effective < last]
    for entry in entries:
        if entry.effective < start:
            walk.post(entry)
    opening = walk.balance(start)
    for entry in entries:
        if entry.effective >= start:
            walk.post(entry)
    closing = walk.balance(last)
    return Statement(opening=opening, rows=tuple(walk.rows), closing=closing)
