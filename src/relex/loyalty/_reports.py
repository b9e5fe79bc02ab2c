"""Answers about an account: where points came from and went to, what was earned."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - values tell their types at run time
from typing import TYPE_CHECKING, Any

import attrs

from relex._html import note, table
from relex.errors import InvalidValue, NotFound
from relex.loyalty._events import PointsEarned, PointsReversed
from relex.loyalty._extensions import ExpiryExtended
from relex.loyalty._hold_events import EscrowCanceled, HoldCaptured, HoldVoided
from relex.loyalty._ledger import Ledger, Notes
from relex.loyalty._lots import ID, LEFT
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
            `received` (the lot came from another account), `extended` (what was left of it got a later end), `matured`,
            `activated`, `canceled`, `expired`, `reversed`, `gone` (a return found that it had expired), `short` (a
            return could not have it), `forgiven` (what was owed), `lapsed`.
        lot: Id of the lot, or of the entry whose debt it is.
        points: In the smallest unit.
        at: When; of `extended`, the new end.
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
        to = "to" if self.what == "extended" else "at"
        return f"{self.what} {self.points} of {self.lot} {to} {self.at.isoformat()}{came}"


@attrs.frozen(kw_only=True)
class Explanation:
    """Where the points of one entry came from, or went to.

    Attributes:
        entry: The entry.
        breakdown: Of an award: which rule gave what, and why the others gave nothing.
        allocations: Of a debit: the lots that covered it, and what came back to them. Of a credit: what became of its
            lots. Of any other entry: what it did to lots.
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
        head = f"{type(self.entry).__name__} {self.entry.key[1]} at {self.entry.effective.isoformat()}"
        inside = self.breakdown._repr_html_() if self.breakdown is not None else ""
        rows = [(each.what, each.points, each.lot, each.at.isoformat(), _came(each)) for each in self.allocations]
        owed = note(f"owed {self.owed}") if self.owed else ""
        return inside + table(head, ("what", "points", "lot", "at", "from"), rows) + owed


def _came(each: Allocation) -> str:
    return "" if each.origin is None else f"{each.origin[1]} of account {each.origin[0]}"


def explain(account: Account, id_: str, kind: str | None) -> Explanation:
    """See `Account.explain`."""
    entry = _entry(account, id_, kind)
    trace: list[Any] = []
    own, rows, ledger = _replayed(account, entry, trace)
    given = getattr(entry, "credits", ()) or tuple(filter(None, [getattr(entry, "credit", None)]))
    lots = {credit.lot for credit in given}
    found = [
        row
        for place, row in enumerate(trace)
        if row[1] != "owed" and (place in own or row[3] in lots or (row[1] in _COVERING and row[5:] == (entry.key,)))
    ]
    origins = _origins(account)
    allocations = [
        Allocation(what=row[1], lot=row[3], points=row[4], at=row[0], origin=origins.get(row[3])) for row in found
    ]
    owed = sum([points for book in ledger.books.values() for key, points in book.debts if key == entry.key])
    return Explanation(
        entry=entry,
        breakdown=getattr(entry, "breakdown", None),
        allocations=(*_received(entry), *rows, *allocations),
        owed=owed,
    )


def _replayed(account: Account, entry: Any, trace: list[Any]) -> tuple[range, tuple[Allocation, ...], Ledger]:
    """The fold up to the last entry: the places in the trace of what this entry did, the lots that it extended."""
    ledger = Ledger(account.opened_at, Notes(), trace)
    own = range(0)
    extended: tuple[Allocation, ...] = ()
    for each in account.entries():
        if each is entry:
            ledger.advance(each.effective)
            extended = _extended(entry, ledger)
            before = len(trace)
            ledger.apply(each)
            own = range(before, len(trace))
        else:
            ledger.apply(each)
    ledger.advance(account._ledger.clock)  # noqa: SLF001 - our own
    return own, extended, ledger


def _extended(entry: Any, ledger: Ledger) -> tuple[Allocation, ...]:
    """What was left of each lot that got a later end, with that end."""
    if type(entry) is not ExpiryExtended:
        return ()
    left: dict[str, int] = {}
    for book in ledger.books.values():
        rows = [(lot[ID], lot[LEFT]) for lot in book.open] + [(lot[ID + 1], lot[LEFT + 1]) for lot in book.waiting]
        rows += [(lot[ID], points) for holding in book.holds for lot, points in holding.taken]
        for lot, points in rows:
            left[lot] = left.get(lot, 0) + points
    return tuple([Allocation(what="extended", lot=lot, points=left.get(lot, 0), at=end) for lot, _, end in entry.ends])


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
