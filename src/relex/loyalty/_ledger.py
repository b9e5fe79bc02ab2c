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
from relex.loyalty._lots import EARNED, EXPIRES, FOREVER, ID, LEFT, MOST, OWN_END, Lots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from relex.loyalty._events import Credit

__all__ = ["Book", "Effect", "Ledger", "Notes"]

Effect = tuple[Any, ...]
"""`(instant, what, currency, lot or entry, points)`, and the key of the debit where a lot covered one.

What: `matured`, `expired`, `took` (a debit used a lot), `paid` (a lot paid a debt), `owed` (a debit was not covered),
`reversed`, `gone` (a return found that it had expired), `short` (a return could not have it).
"""


class Notes:
    """What followers ask about, kept by a fold from the first entry on.

    Attributes:
        credits: The credit of each lot.
        ends: The end that a lot has now, when it is no longer the one it was given with.
        taken: For each debit the lots and points it was covered with, in order.
        expired: What expired of each lot and was not yet counted by a return.
    """

    __slots__ = ("credits", "ends", "expired", "taken")

    def __init__(self) -> None:
        self.credits: dict[str, Credit] = {}
        self.ends: dict[str, datetime] = {}
        self.taken: dict[tuple[str, str], list[tuple[Any, int]]] = {}
        self.expired: dict[str, int] = {}


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
        chunks = self.waiting.chunks
        if chunks and chunks[0][0][0] <= now:
            self.waiting, started = self.waiting.pop_until(now)
            for lot in started:
                self._mature(lot)
        chunks = self.open.chunks
        if chunks and chunks[0][0][EXPIRES] <= now:
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
            lots = self.open
            if lots.mine and lots.chunks:  # what add does, without the call: replays spend half their time here
                tail = lots.chunks[-1]
                if len(tail) < MOST and lot > tail[-1]:
                    tail.append(lot)
                    return
            self.open = lots.add(lot)

    def debit(self, entry: Any, points: int, now: datetime) -> None:
        """Take lots from the front; what they do not cover is owed."""
        covered = min(points, self.usable)
        if covered:
            self.open, taken = self.open.take(covered)
            self.usable -= covered
            if self.notes is not None:
                self.notes.taken.setdefault(entry.key, []).extend(taken)
            if self.trace is not None:
                self.trace.extend([(now, "took", self.currency, lot[ID], part, entry.key) for lot, part in taken])
        if covered < points:
            key = entry.key
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
                self.trace.append((now, "paid", self.currency, lot[ID], paid, key))
        self.debts = tuple(debts)
        return left

    # What followers do; they need the notes of a whole fold.

    def reclaim(self, lot: str, asked: int, now: datetime, *, pending_only: bool) -> int:
        """Take points back from a lot that was given; what of them was spent, and so is not there.

        What expired unused is gone already and counts as taken.
        """
        notes = _noted(self.notes)
        given = notes.credits[lot]
        left = asked
        if given.available_at > now:
            left -= self._drawn(True, (given.available_at, self._end(given), given.earned_at, lot), left)
        elif not pending_only:
            left -= self._drawn(False, (self._end(given), given.earned_at, lot), left)
        self._reversed(lot, asked - left, now)
        gone = min(left, notes.expired.get(lot, 0))
        if gone:
            notes.expired[lot] -= gone
            self._traced(now, "gone", lot, gone)
        return left - gone

    def _end(self, given: Credit) -> datetime:
        moved = _noted(self.notes).ends.get(given.lot)
        if moved is not None:
            return moved
        if given.idle:
            return min(given.own_end or FOREVER, self.deadline or FOREVER)
        return given.expires_at or FOREVER

    def _drawn(self, waiting: bool, key: tuple[Any, ...], most: int) -> int:
        """Take up to so many points out of one lot; how many there were."""
        lots = self.waiting if waiting else self.open
        lot = lots.find(key)
        if lot is None:
            return 0
        at = LEFT + waiting
        part: int = min(lot[at], most)
        lots = lots.remove(lot)
        if part < lot[at]:
            lots = lots.add((*lot[:at], lot[at] - part, lot[at + 1]))
        if waiting:
            self.waiting = lots
            self.pending -= part
        else:
            self.open = lots
            self.usable -= part
        return part

    def collect(self, entry: PointsReversed, short: int, now: datetime) -> None:
        """Take from other lots what a return could not find in its own, as far as the policy reaches."""
        if entry.reach == "allow_debt":
            covered = short
        else:
            covered = min(short, self.usable) if entry.reach == "within_balance" else 0
        if covered:
            self._reversed(entry.id, covered, now)
            self.debit(entry, covered, now)
        if covered < short:
            self._traced(now, "short", entry.id, short - covered)

    def _reversed(self, lot: str, points: int, now: datetime) -> None:
        self.reversed += points
        if points:
            self._traced(now, "reversed", lot, points)

    def _traced(self, now: datetime, what: str, name: str, points: int) -> None:
        if self.trace is not None:
            self.trace.append((now, what, self.currency, name, points))

    def give_back(self, key: tuple[str, str], entry: RedemptionRestored, now: datetime) -> None:
        """Undo the last allocations of a debit first, and its unpaid debt before them."""
        left = entry.points
        self.redeemed -= left
        left -= self._forgiven(key, left)
        taken = _noted(self.notes).taken.get(key, [])
        while left and taken:
            lot, points = taken.pop()
            back = min(points, left)
            if back < points:
                taken.append((lot, points - back))
            left -= back
            self._reopen(lot, back, entry, now)

    def _forgiven(self, key: tuple[str, str], most: int) -> int:
        left, debts = most, []
        for debt, owed in self.debts:
            part = min(owed, left) if debt == key else 0
            left -= part
            if part < owed:
                debts.append((debt, owed - part))
        self.debts = tuple(debts)
        self.owed -= most - left
        return most - left

    def _reopen(self, lot: tuple[Any, ...], points: int, entry: RedemptionRestored, now: datetime) -> None:
        notes = _noted(self.notes)
        name = lot[ID]
        given = notes.credits.get(name)
        end = lot[EXPIRES] if given is None else self._end(given)
        if end <= now and entry.until is None:
            self._expire(lot, points, now)
        elif end <= now and entry.reissued:
            self._use((entry.until, now, f"{name}~{entry.id}", points, None), now)
        else:
            if end <= now:
                end = notes.ends[name] = entry.until  # type: ignore[assignment]  # without one, it has expired above
            self._use((end, lot[EARNED], name, points, lot[OWN_END]), now)

    # The rest.

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


def _noted(notes: Notes | None) -> Notes:
    if notes is None:  # pragma: no cover - a follower always folds with notes
        raise AssertionError
    return notes


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

    def earn(self, entry: PointsEarned, now: datetime) -> None:
        """Post an award at its moment; the clock is the caller's."""
        books = self.books
        for book in books.values():
            book.advance(now)
        if entry.deadlines:
            _moved(self, entry.deadlines)
        for credit in entry.credits:
            book = books.get(credit.currency) or self.book(credit.currency)
            book.earned += credit.points
            book.credit(credit, now)

    def redeem(self, entry: PointsRedeemed, now: datetime) -> None:
        """As `earn`, for a redemption."""
        for book in self.books.values():
            book.advance(now)
        if entry.deadlines:
            _moved(self, entry.deadlines)
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
        _moved(ledger, entry.deadlines)
    book = ledger.book(entry.currency)
    if entry.credit is not None:
        book.credit(entry.credit, now)
    else:
        book.out -= entry.points
        book.debit(entry, -entry.points, now)


def _moved(ledger: Ledger, deadlines: tuple[tuple[str, datetime], ...]) -> None:
    for currency, deadline in deadlines:
        ledger.book(currency).move_deadline(deadline)


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
    ledger.book(entry.currency).give_back(("redeem", entry.redemption), entry, now)


def _closed(ledger: Ledger, entry: AccountClosed, now: datetime) -> None:  # noqa: ARG001 - one signature for all
    for book in ledger.books.values():
        book.empty()


_POST: dict[type, Callable[[Ledger, Any, datetime], None]] = {
    PointsEarned: Ledger.earn,
    PointsRedeemed: Ledger.redeem,
    PointsAdjusted: _adjusted,
    PointsReversed: _taken_back,
    RedemptionRestored: _given_back,
    AccountClosed: _closed,
}
