"""The fold: from dated entries to lots, debts and balances.

Theory of operation. An account records what was decided (amounts, starts, ends, reasons) and derives where the points
are. The derivation is this module. It walks the entries in the order (effective, at, rank, id); between two entries it
lets time work: lots whose start has come become usable, lots whose end has come are gone, in the order of their
instants; at one instant lots start, then holds lapse, then lots end. Nothing depends on when, or whether, somebody
asked.

There is one `Book` for each points currency. It holds

- `open`: usable lots in consumption order (see `_lots`), and `usable`, the sum of what is left in them;
- `waiting`: lots whose start has not come, by that start, and lots in escrow, by the instant at which they are
  canceled; and `pending`, their sum;
- `holds`: points set aside, by the instant at which they lapse, each with the lots that cover it, and `held`, their
  sum. Lots do not end while they are held: what comes back from a hold (the rest of a capture, a void, a lapse) goes to
  the lots it came from, the last one first, and what belongs to a lot that has ended meanwhile goes by the policy that
  was recorded for it;
- `debts`: what debits took beyond the lots, oldest first, and `owed`, their sum. Every point that becomes usable pays
  debts first, so debts and open lots never exist together;
- `ends`: the ends before which lots do not end, whatever else is known of them, because they were given a grace or an
  extension: what is left of a lot, what waits of it and what is held of it all end then, and no sooner;
- `deadline`, before which an activity keeps the lots that end with inactivity, and `gaps`, the deadlines that passed:
  a gap ends what was given before it, unless that was `kept`, because it still waited or its end was put off;
- the final buckets `redeemed`, `expired`, `reversed`, `out`, and `credited`, the sum of all credits.

So at every instant, and for each currency,

    credited = usable + pending + held + redeemed + expired + reversed + out - owed.

A debit takes open lots from the front. An entry that *looks back* (a return, a cancelled redemption) needs to know what
became of certain lots: which debit used them, what of them expired. That is written into `Notes`, which only a fold
from the first entry on keeps; so such an entry, and one that arrives out of its order, fold the whole journal again,
while any other costs one step on a copy of the book. An open hold knows its lots by itself. A copy shares all chunks of
lots with its original, so states made earlier stay what they were.

Points that were sent to another account name the lots they left, because the receiver has got lots with the ends of
just those. Where an entry that came late has used such a lot meanwhile, the rest is taken from the front as any debit,
so what is there suffices exactly when the sum does. What was received is a credit as any other; only what occasions
gave counts as earned. An account that was absorbed is emptied by its end, debts too, and each side of both moves is an
entry of its own account: no fold ever looks at another account.

Instants are datetimes in UTC: they compare as fast as numbers, and two of them never depend on a clock change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from relex.loyalty._book import Book
from relex.loyalty._events import PointsAdjusted, PointsEarned, PointsRedeemed, PointsReversed, RedemptionRestored
from relex.loyalty._extensions import ExpiryExtended
from relex.loyalty._hold_events import EscrowActivated, HoldCaptured, HoldVoided, PointsHeld
from relex.loyalty._holdings import Late
from relex.loyalty._lots import EXPIRES, FOREVER, Lots
from relex.loyalty._notes import Effect, Notes
from relex.loyalty._notices import AccountClosed
from relex.loyalty._transfer_events import PointsReceived, PointsSent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime


__all__ = ["Book", "Effect", "Ledger", "Notes"]


class Ledger:
    """The books of an account, folded up to `clock`; frozen by convention once a state holds it."""

    __slots__ = ("books", "clock", "notes", "trace")

    def __init__(self, clock: datetime, notes: Notes | None = None, trace: list[Effect] | None = None) -> None:
        self.books: dict[str, Book] = {}
        self.clock = clock
        self.notes = notes
        self.trace = trace

    def fork(self, trace: list[Effect] | None = None) -> Ledger:
        """A copy that may be changed without touching this one."""
        new: Ledger = object.__new__(Ledger)
        new.books = {currency: book.fork(trace) for currency, book in self.books.items()}
        new.clock = self.clock
        new.notes = None
        new.trace = trace
        return new

    def owned(self) -> Ledger:
        """A copy whose chunks are its own, to be changed in place by a replay of many entries."""
        new = self.fork()
        for book in new.books.values():
            book.open = Lots([chunk[:] for chunk in book.open.chunks], mine=True)
            book.waiting = Lots([chunk[:] for chunk in book.waiting.chunks], mine=True)
        return new

    def settled(self) -> Ledger:
        """This ledger, given up to be shared."""
        for book in self.books.values():
            book.settled()
        self.notes = self.trace = None
        return self

    def book(self, currency: str) -> Book:
        """The book of a currency; a new one when nothing was posted in it yet."""
        found = self.books.get(currency)
        if found is None:
            found = self.books[currency] = Book(currency, self.notes, self.trace)
        return found

    def advance(self, now: datetime) -> None:
        """Let time work in every book, up to and including `now`."""
        self.clock = max(self.clock, now)
        for book in self.books.values():
            book.advance(now)

    def begin(self, now: datetime) -> None:
        """As `advance`, without the lots that end at `now` itself."""
        self.clock = max(self.clock, now)
        for book in self.books.values():
            book.begin(now)

    def next_due(self) -> datetime:
        """When time has something to do next; `FOREVER` if never."""
        firsts = [lots.first() for book in self.books.values() for lots in (book.open, book.waiting)]
        lapses = [book.holds[0].until for book in self.books.values() if book.holds]
        return min(firsts + lapses, default=FOREVER)

    def due(self, now: datetime) -> bool:
        """Whether time has something to do up to and including `now`."""
        for book in self.books.values():
            chunks = book.open.chunks
            if chunks and chunks[0][0][EXPIRES] <= now:
                return True
            chunks = book.waiting.chunks
            if chunks and chunks[0][0][0] <= now:
                return True
            if book.holds and book.holds[0].until <= now:
                return True
        return False

    def earn(self, entry: PointsEarned, now: datetime) -> None:
        """Post an award at its moment; the clock is the caller's."""
        books = self.books
        for book in books.values():
            book.advance(now)
        if entry.deadlines:
            _moved(self, entry.deadlines, now)
        for credit in entry.credits:
            book = books.get(credit.currency) or self.book(credit.currency)
            book.earned += credit.points
            book.credit(credit, now)

    def redeem(self, entry: PointsRedeemed, now: datetime) -> None:
        """As `earn`, for a redemption."""
        for book in self.books.values():
            book.advance(now)
        if entry.deadlines:
            _moved(self, entry.deadlines, now)
        book = self.books.get(entry.currency) or self.book(entry.currency)
        points = entry.points
        book.redeemed += points
        book.debit(entry, points, now)

    def apply(self, entry: Any) -> None:
        """Let time work up to the entry's business moment, then post it; events that move nothing only move time."""
        now = entry.effective
        self.advance(now)
        post = _POST.get(type(entry))
        if post is not None:
            post(self, entry, now)

    def apply_all(self, entries: Iterable[Any]) -> None:
        """Apply entries that are in their order."""
        for entry in entries:
            self.apply(entry)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ledger):
            return NotImplemented
        names = {*self.books, *other.books}
        return self.clock == other.clock and all(_same(self.books.get(name), other.books.get(name)) for name in names)

    __hash__ = None  # type: ignore[assignment]


_COMPARED: Final = tuple(name for name in Book.__slots__ if name not in {"notes", "trace"})


def _same(one: Book | None, other: Book | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(getattr(one, name) == getattr(other, name) for name in _COMPARED)


def _adjusted(ledger: Ledger, entry: PointsAdjusted, now: datetime) -> None:
    if entry.deadlines:
        _moved(ledger, entry.deadlines, now)
    book = ledger.book(entry.currency)
    if entry.credit is not None:
        book.credit(entry.credit, now)
    else:
        book.out -= entry.points
        book.debit(entry, -entry.points, now)


def _moved(ledger: Ledger, deadlines: tuple[tuple[str, datetime], ...], now: datetime) -> None:
    for currency, deadline in deadlines:
        ledger.book(currency).move_deadline(deadline, now)


def _held(ledger: Ledger, entry: PointsHeld, now: datetime) -> None:
    ledger.book(entry.currency).hold(entry, now)


def _captured(ledger: Ledger, entry: HoldCaptured, now: datetime) -> None:
    late = Late(entry.late_until, entry.reissued, entry.hold)
    ledger.book(entry.currency).end_hold(entry.hold, entry.points, late, now)
    _moved(ledger, entry.deadlines, now)  # after what goes back, because an activity revives nothing


def _voided(ledger: Ledger, entry: HoldVoided, now: datetime) -> None:
    late = Late(entry.late_until, entry.reissued, entry.hold)
    ledger.book(entry.currency).end_hold(entry.hold, 0, late, now)


def _activated(ledger: Ledger, entry: EscrowActivated, now: datetime) -> None:
    for credit in entry.lots:
        ledger.book(credit.currency).activate(credit, now)


def _taken_back(ledger: Ledger, entry: PointsReversed, now: datetime) -> None:
    short: dict[str, int] = {}
    for lot, currency, points in entry.lots:
        book = ledger.book(currency)
        book.earned -= points
        spent = book.reclaim(lot, points, now, pending_only=entry.reach == "only_pending")
        short[currency] = short.get(currency, 0) + spent
    for currency, points in short.items():
        if points:
            ledger.book(currency).collect(entry, points, now)


def _given_back(ledger: Ledger, entry: RedemptionRestored, now: datetime) -> None:
    late = Late(entry.until, entry.reissued, entry.id)
    ledger.book(entry.currency).give_back(("redeem", entry.redemption), entry.points, late, now)


def _sent(ledger: Ledger, entry: PointsSent, now: datetime) -> None:
    wanted: dict[str, dict[str, int]] = {}
    for each in entry.moved:
        wanted.setdefault(each.credit.currency, {})[each.lot] = each.credit.points
    for currency, lots in wanted.items():
        ledger.book(currency).send(entry, lots, now)


def _received(ledger: Ledger, entry: PointsReceived, now: datetime) -> None:
    _moved(ledger, entry.deadlines, now)
    for credit in entry.credits:
        ledger.book(credit.currency).credit(credit, now)
    for currency, points in entry.owed:
        book = ledger.book(currency)
        book.out += points
        book.debit(entry, points, now)


def _extended(ledger: Ledger, entry: ExpiryExtended, now: datetime) -> None:  # noqa: ARG001 - one signature for all
    ends: dict[str, dict[str, datetime]] = {}
    for lot, currency, end in entry.ends:
        ends.setdefault(currency, {})[lot] = end
    for currency, lots in ends.items():
        ledger.book(currency).extend(lots)


def _closed(ledger: Ledger, entry: AccountClosed, now: datetime) -> None:  # noqa: ARG001 - one signature for all
    for book in ledger.books.values():
        book.empty(debts=entry.into is not None)


_POST: dict[type, Callable[[Ledger, Any, datetime], None]] = {
    PointsEarned: Ledger.earn,
    PointsRedeemed: Ledger.redeem,
    PointsAdjusted: _adjusted,
    PointsHeld: _held,
    HoldCaptured: _captured,
    HoldVoided: _voided,
    EscrowActivated: _activated,
    ExpiryExtended: _extended,
    PointsReversed: _taken_back,
    RedemptionRestored: _given_back,
    PointsSent: _sent,
    PointsReceived: _received,
    AccountClosed: _closed,
}
