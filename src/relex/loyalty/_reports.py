"""Answers about an account: where points came from and went to, what was earned, how far the next tier is."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - values tell their types at run time
from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from relex.errors import InvalidValue, NotFound
from relex.loyalty._events import PointsEarned, PointsReversed
from relex.loyalty._hold_events import EscrowCanceled, HoldCaptured, HoldVoided
from relex.loyalty._movements import span
from relex.loyalty._transfer_events import PointsReceived

if TYPE_CHECKING:
    from relex.calendars import Period
    from relex.loyalty._account import Account
    from relex.loyalty._breakdown import Breakdown

__all__ = ["Allocation", "Explanation", "earned_in", "explain"]


@attrs.frozen(kw_only=True)
class Allocation:
    """Points that moved between an entry and a lot.

    Attributes:
        what: `took` (a debit used the lot), `paid` (the lot paid a debt), `released` (a debit gave back to the lot),
            `received` (the lot came from another account), `matured`, `activated`, `canceled`, `expired`, `reversed`.
        lot: Id of the lot, or of the entry whose debt it is.
        points: In the smallest unit.
        at: When.
        origin: Of a lot that came from another account: (account, lot) there, where `explain` goes on.

    .. versionadded:: 0.1.0
    """

    what: str
    lot: str
    points: int
    at: datetime
    origin: tuple[str, str] | None = None

    def __str__(self) -> str:
        came = "" if self.origin is None else f", {self.origin[1]} of account {self.origin[0]}"
        return f"{self.what} {self.points} of {self.lot} at {self.at.isoformat()}{came}"


@attrs.frozen(kw_only=True)
class Explanation:
    """Where the points of one entry came from, or went to.

    Attributes:
        entry: The entry.
        breakdown: Of an award: which rule gave what, and why the others gave nothing.
        allocations: Of a debit: the lots that covered it. Of a credit: what became of its lots.
        owed: Of a debit: what no lot has covered.

    .. versionadded:: 0.1.0
    """

    entry: Any
    breakdown: Breakdown | None
    allocations: tuple[Allocation, ...]
    owed: int

    def __str__(self) -> str:
        head = f"{type(self.entry).__name__} {self.entry.key[1]} at {self.entry.effective.isoformat()}"
        parts = [str(self.breakdown)] if self.breakdown is not None else []
        parts += [str(each) for each in self.allocations]
        return "\n".join([head, *parts, *([f"owed {self.owed}"] if self.owed else [])])

    def _repr_html_(self) -> str:
        inside = self.breakdown._repr_html_() if self.breakdown is not None else ""
        items = "".join(
            [f"<li>{escape(str(each.points))} {each.what} {escape(each.lot)}</li>" for each in self.allocations]
        )
        return f"<p>{escape(str(self).splitlines()[0])}</p>{inside}<ul>{items}</ul>"


def explain(account: Account, id_: str, kind: str | None) -> Explanation:
    """See `Account.explain`."""
    entry = _entry(account, id_, kind)
    trace: list[Any] = []
    ledger = account._ledger_at(account._ledger.clock, trace=trace)  # noqa: SLF001 - our own
    given = getattr(entry, "credits", ()) or tuple(filter(None, [getattr(entry, "credit", None)]))
    lots = {credit.lot for credit in given}
    if lots:
        rows = [row for row in trace if row[3] in lots and row[1] != "owed"]
    else:
        rows = [row for row in trace if row[1] in _COVERING and row[5:] == (entry.key,)]
    origins = _origins(account)
    found = _received(entry) + tuple(
        [Allocation(what=row[1], lot=row[3], points=row[4], at=row[0], origin=origins.get(row[3])) for row in rows]
    )
    owed = sum([points for book in ledger.books.values() for key, points in book.debts if key == entry.key])
    return Explanation(entry=entry, breakdown=getattr(entry, "breakdown", None), allocations=found, owed=owed)


def _origins(account: Account) -> dict[str, tuple[str, str]]:
    """Of lots that came from another account: the account, and the lot there."""
    received = [entry for entry in account.entries() if type(entry) is PointsReceived]
    return {each.credit.lot: (entry.other, each.lot) for entry in received for each in entry.moved}


def _received(entry: Any) -> tuple[Allocation, ...]:
    """Where each lot of a transfer came from."""
    if type(entry) is not PointsReceived:
        return ()
    rows = [(each.credit, (entry.other, each.lot)) for each in entry.moved]
    return tuple(
        [
            Allocation(what="received", lot=credit.lot, points=credit.points, at=entry.effective, origin=origin)
            for credit, origin in rows
        ]
    )


_COVERING = ("took", "paid", "released")


def _entry(account: Account, id_: str, kind: str | None) -> Any:
    if kind is not None:
        found = [entry for entry in [account._find((kind, id_))] if entry is not None]  # noqa: SLF001 - our own
    else:
        found = [entry for entry in account.entries() if entry.key[1] == id_ and entry.rank >= 0]
        found = [entry for entry in found if type(entry) not in {HoldCaptured, HoldVoided}] or found
    if not found:
        raise NotFound("entry", id_)
    if len(found) > 1:
        kinds = ", ".join(entry.key[0] for entry in found)
        raise InvalidValue("explain.kind", kind, f"one of {kinds}, because several entries have the id {id_}")
    return found[0]


def earned_in(account: Account, period: Period, points: str) -> int:
    """See `Account.earned`."""
    first, end = span(period)
    lots: dict[str, int] = {}
    back: dict[str, int] = {}
    for entry in account.entries():
        if type(entry) is PointsEarned and first <= entry.effective and (end is None or entry.effective < end):
            lots.update({credit.lot: credit.points for credit in entry.credits if credit.currency == points})
        elif type(entry) is PointsReversed:
            for lot, _, count in entry.lots:
                back[lot] = back.get(lot, 0) + count
        elif type(entry) is EscrowCanceled:
            back[entry.lot] = back.get(entry.lot, 0) + entry.points
    return sum([max(0, given - back.get(lot, 0)) for lot, given in lots.items()])
