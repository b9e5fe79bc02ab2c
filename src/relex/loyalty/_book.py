"""Lots, debts and buckets of one points currency; the theory of it stands on top of `_ledger`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.loyalty._lots import EARNED, EXPIRES, FOREVER, ID, LEFT, MOST, OWN_END, Lots

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty._events import Credit, PointsReversed, RedemptionRestored

__all__ = ["Book", "Effect", "Notes"]

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
    return notes  # type: ignore[return-value]  # a follower always folds with notes
