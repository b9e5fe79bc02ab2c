"""The fold: from dated entries to lots, debts and balances.

Theory of operation. An account records what was decided (amounts, starts, ends, reasons) and derives where the points
are. The derivation is this module. It walks the entries in the order (effective, at, rank, id); between two entries it
lets time work: lots whose start has come become usable, lots whose end has come are gone, in the order of their
instants and starts before ends. Nothing depends on when, or whether, somebody asked.

There is one `Book` for each points currency. It holds

- `open`: usable lots in consumption order (see `_lots`), and `usable`, the sum of what is left in them;
- `waiting`: lots whose start has not come, by that start, and `pending`, their sum;
- `debts`: what debits took beyond the lots, oldest first, and `owed`, their sum. Every point that becomes usable pays
  debts first, so debts and open lots never exist together;
- the final buckets `redeemed`, `expired`, `reversed`, `out`, and `credited`, the sum of all credits.

So at every instant, and for each currency,

    credited = usable + pending + redeemed + expired + reversed + out - owed.

A debit takes open lots from the front. *Followers* (a return, a cancelled redemption) need to know what became of
certain lots: which debit used them, what of them expired. That is written into `Notes`, which only a fold from the
first entry on keeps; so a follower, and an entry that arrives out of its order, fold the whole journal again, while an
entry in its order costs one step on a copy of the book. A copy shares all chunks of lots with its original, so states
made earlier stay what they were.

Instants are datetimes in UTC: they compare as fast as numbers, and two of them never depend on a clock change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from relex.loyalty._events import (
    AccountClosed,
    PointsAdjusted,
    PointsEarned,
    PointsRedeemed,
    PointsReversed,
    RedemptionRestored,
)
from relex.loyalty._lots import EXPIRES, FOREVER, ID, LEFT, OWN_END, Lots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from relex.loyalty._events import Credit

__all__ = ["Book", "Effect", "Ledger", "Notes"]

Effect = tuple["datetime", str, str, str, int]
"""`(instant, "matured" | "expired" | "took" | "paid" | "back" | "owed", currency, lot or entry, points)`."""


class Notes:
    """What followers ask about, kept by a fold from the first entry on.

    Attributes:
        credits: The credit of each lot.
        ends: The end that a lot has now, when it is no longer the one it was given with.
        taken: For each debit the lots and points it was covered with, in order.
        expired: What expired of each lot and was not yet counted by a return.
        asked: What returns asked back from each lot.
    """

    __slots__ = ("asked", "credits", "ends", "expired", "taken")

    def __init__(self) -> None:
        self.credits: dict[str, Credit] = {}
        self.ends: dict[str, datetime] = {}
        self.taken: dict[tuple[str, str], list[tuple[Any, int]]] = {}
        self.expired: dict[str, int] = {}
        self.asked: dict[str, int] = {}


class Book:
    """Lots, debts and buckets of one points currency at one instant."""

    __slots__ = (
        "credited",
        "currency",
        "deadline",
        "debts",
        "earned",
        "expired",
        "notes",
        "open",
        "out",
        "owed",
        "pending",
        "redeemed",
        "reversed",
        "trace",
        "usable",
        "waiting",
    )

    def __init__(self, currency: str, notes: Notes | None = None, trace: list[Effect] | None = None) -> None:
        self.currency = currency
        self.notes = notes
        self.trace = trace
        self.open = Lots(mine=True)
        self.waiting = Lots(mine=True)
        self.debts: tuple[tuple[tuple[str, str], int], ...] = ()
        self.deadline: datetime | None = None
        self.usable = self.pending = self.owed = 0
        self.credited = self.earned = self.redeemed = self.expired = self.reversed = self.out = 0

    def fork(self, trace: list[Effect] | None = None) -> Book:
        """A copy that may be changed without touching this one."""
        self.open.mine = self.waiting.mine = False
        new: Book = _new(Book)
        new.currency = self.currency
        new.notes = None
        new.trace = trace
        new.open = self.open
        new.waiting = self.waiting
        new.debts = self.debts
        new.deadline = self.deadline
        new.usable, new.pending, new.owed = self.usable, self.pending, self.owed
        new.credited, new.redeemed, new.expired = self.credited, self.redeemed, self.expired
        new.reversed, new.out, new.earned = self.reversed, self.out, self.earned
        return new

    def settled(self) -> None:
        """Give up the right to change anything in place."""
        self.open.mine = self.waiting.mine = False
        self.notes = self.trace = None

    # What time does.

    def advance(self, now: datetime) -> None:
        """Let time work up to and including `now`: starts before ends at one instant."""
        if self.waiting.chunks and self.waiting.first() <= now:
            self.waiting, started = self.waiting.pop_until(now)
            for lot in started:
                self._mature(lot)
        if self.open.chunks and self.open.chunks[0][0][EXPIRES] <= now:
            self.open, ended = self.open.pop_until(now)
            for lot in ended:
                self.usable -= lot[LEFT]
                self._expire(lot, lot[LEFT], lot[EXPIRES])

    def _mature(self, waiting: tuple[Any, ...]) -> None:
        start, lot = waiting[0], waiting[1:]
        self.pending -= lot[LEFT]
        if self.trace is not None:
            self.trace.append((start, "matured", self.currency, lot[ID], lot[LEFT]))
        if lot[EXPIRES] <= start:
            self._expire(lot, lot[LEFT], start)
        else:
            self._use(lot, start)

    def _expire(self, lot: tuple[Any, ...], points: int, at: datetime) -> None:
        self.expired += points
        if self.trace is not None:
            self.trace.append((at, "expired", self.currency, lot[ID], points))
        if self.notes is not None:
            self.notes.expired[lot[ID]] = self.notes.expired.get(lot[ID], 0) + points

    # What entries do.

    def credit(self, given: Credit, now: datetime) -> None:
        """Add a lot; it waits if its start has not come."""
        points = given.points
        self.credited += points
        if self.notes is not None:
            self.notes.credits[given.lot] = given
        own_end = None
        expires = given.expires_at or FOREVER
        if given.idle:
            own_end = given.own_end or FOREVER
            expires = min(own_end, self.deadline or FOREVER)
        lot = (expires, given.earned_at, given.lot, points, own_end)
        if given.available_at > now:
            self.pending += points
            self.waiting = self.waiting.add((given.available_at, *lot))
        elif self.debts:
            self._use(lot, now)
        else:
            self.usable += points
            self.open = self.open.add(lot)

    def debit(self, key: tuple[str, str], points: int, now: datetime) -> None:
        """Take lots from the front; what they do not cover is owed."""
        covered = self.usable if self.usable < points else points
        if covered:
            self.open, taken = self.open.take(covered)
            self.usable -= covered
            if self.notes is not None:
                self.notes.taken.setdefault(key, []).extend(taken)
            if self.trace is not None:
                self.trace.extend([(now, "took", self.currency, lot[ID], part) for lot, part in taken])
        if covered < points:
            if self.trace is not None:
                self.trace.append((now, "owed", self.currency, key[1], points - covered))
            self.debts = (*self.debts, (key, points - covered))
            self.owed += points - covered

    def _use(self, lot: tuple[Any, ...], now: datetime) -> None:
        """Points become usable: debts first, oldest first; the rest stands in its lot."""
        left = self._pay(lot, now)
        if not left:
            return
        self.usable += left
        standing = self.open.find(lot[:LEFT])
        if standing is not None:
            self.open = self.open.remove(standing)
            left += standing[LEFT]
        self.open = self.open.add((*lot[:LEFT], left, lot[OWN_END]))

    def _pay(self, lot: tuple[Any, ...], now: datetime) -> int:
        left: int = lot[LEFT]
        debts = list(self.debts)
        while left and debts:
            key, owed = debts[0]
            paid = min(left, owed)
            debts[0:1] = [(key, owed - paid)] if paid < owed else []
            left -= paid
            self.owed -= paid
            if self.notes is not None:
                self.notes.taken.setdefault(key, []).append((lot, paid))
            if self.trace is not None:
                self.trace.append((now, "paid", self.currency, lot[ID], paid))
        self.debts = tuple(debts)
        return left

    def move_deadline(self, deadline: datetime) -> None:
        """An activity moves the end of all lots that end with inactivity."""
        if self.deadline is not None and deadline <= self.deadline:
            return
        self.deadline = deadline
        self.open = self._ending(self.open, 0)
        self.waiting = self._ending(self.waiting, 1)

    def _ending(self, lots: Lots, shift: int) -> Lots:
        moved = Lots(mine=True)
        if not lots.chunks:
            return lots
        for lot in lots:
            own_end = lot[OWN_END + shift]
            end = lot[shift] if own_end is None else min(own_end, self.deadline or FOREVER)
            moved.add((*lot[:shift], end, *lot[shift + 1 :]))
        moved.mine = lots.mine
        return moved

    def empty(self) -> None:
        """Everything that is left goes out."""
        self.out += self.usable + self.pending
        self.usable = self.pending = 0
        self.open = Lots(mine=self.open.mine)
        self.waiting = Lots(mine=self.waiting.mine)


_new = object.__new__


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
        new: Ledger = _new(Ledger)
        new.books = {currency: book.fork(trace) for currency, book in self.books.items()}
        new.clock = self.clock
        new.notes = None
        new.trace = trace
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
        if now > self.clock:
            self.clock = now
        for book in self.books.values():
            book.advance(now)

    def next_due(self) -> datetime:
        """When time has something to do next; `FOREVER` if never."""
        firsts = [lots.first() for book in self.books.values() for lots in (book.open, book.waiting)]
        return min(firsts, default=FOREVER)

    def due(self, now: datetime) -> bool:
        """Whether time has something to do up to and including `now`."""
        for book in self.books.values():
            chunks = book.open.chunks
            if chunks and chunks[0][0][EXPIRES] <= now:
                return True
            chunks = book.waiting.chunks
            if chunks and chunks[0][0][0] <= now:
                return True
        return False

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
    return all([getattr(one, name) == getattr(other, name) for name in _COMPARED])


def _earned(ledger: Ledger, entry: PointsEarned, now: datetime) -> None:
    if entry.deadlines:
        _moved(ledger, entry.deadlines)
    for credit in entry.credits:
        book = ledger.book(credit.currency)
        book.earned += credit.points
        book.credit(credit, now)


def _redeemed(ledger: Ledger, entry: PointsRedeemed, now: datetime) -> None:
    if entry.deadlines:
        _moved(ledger, entry.deadlines)
    book = ledger.book(entry.currency)
    book.redeemed += entry.points
    book.debit(entry.key, entry.points, now)


def _adjusted(ledger: Ledger, entry: PointsAdjusted, now: datetime) -> None:
    if entry.deadlines:
        _moved(ledger, entry.deadlines)
    book = ledger.book(entry.currency)
    if entry.credit is not None:
        book.credit(entry.credit, now)
    else:
        book.out -= entry.points
        book.debit(entry.key, -entry.points, now)


def _moved(ledger: Ledger, deadlines: tuple[tuple[str, datetime], ...]) -> None:
    for currency, deadline in deadlines:
        ledger.book(currency).move_deadline(deadline)


def _closed(ledger: Ledger, entry: AccountClosed, now: datetime) -> None:  # noqa: ARG001 - one signature for all
    for book in ledger.books.values():
        book.empty()


_POST: dict[type, Callable[[Ledger, Any, datetime], None]] = {
    PointsEarned: _earned,
    PointsRedeemed: _redeemed,
    PointsAdjusted: _adjusted,
    AccountClosed: _closed,
}
