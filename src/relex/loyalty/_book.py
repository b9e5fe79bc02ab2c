"""Lots, debts and buckets of one points currency; the theory of it stands on top of `_ledger`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from relex.loyalty._holdings import Holding, Late, covered, lapses
from relex.loyalty._lots import ABSORBED, ESCROW, EXPIRES, FOREVER, ID, LEFT, MOST, OWN_END, Lots, OpenLot

if TYPE_CHECKING:
    from relex.loyalty._events import Credit, PointsReversed
    from relex.loyalty._notes import Effect, Notes

__all__ = ["Book"]


class Book:
    """Lots, debts and buckets of one points currency at one instant."""

    __slots__ = (
        "credited",
        "currency",
        "deadline",
        "debts",
        "earned",
        "ends",
        "expired",
        "gaps",
        "held",
        "holds",
        "kept",
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
        self.holds: tuple[Holding, ...] = ()
        self.deadline: datetime | None = None
        # Deadlines that passed, each with the next activity.
        self.gaps: tuple[tuple[datetime, datetime], ...] = ()
        # Before which a lot does not end, by a grace or an extension; and until when it outlives inactivity, because it
        # was extended or still waited when the next activity came. Neither is ever changed.
        self.ends: dict[str, datetime] = {}
        self.kept: dict[str, datetime] = {}
        self.usable = self.pending = self.held = self.owed = 0
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
        new.debts, new.holds = self.debts, self.holds
        new.deadline, new.gaps, new.ends, new.kept = self.deadline, self.gaps, self.ends, self.kept
        new.usable, new.pending, new.held, new.owed = self.usable, self.pending, self.held, self.owed
        new.credited, new.redeemed, new.expired = self.credited, self.redeemed, self.expired
        new.reversed, new.out, new.earned = self.reversed, self.out, self.earned
        return new

    def settled(self) -> None:
        """Give up the right to change anything in place."""
        self.open.mine = self.waiting.mine = False
        self.notes = self.trace = None

    # What time does.

    def advance(self, now: datetime) -> None:
        """Let time work up to and including `now`: at one instant lots start, then holds lapse, then lots end."""
        if self.holds and self.holds[0].until <= now:
            self._lapse_until(now)
        chunks = self.waiting.chunks
        if chunks and chunks[0][0][0] <= now:
            self._start_until(now)
        chunks = self.open.chunks
        if chunks and chunks[0][0][EXPIRES] <= now:
            self.open, ended = self.open.pop_until(now)
            for lot in ended:
                self.usable -= lot[LEFT]
                self._expire(lot, lot[LEFT], lot[EXPIRES])

    def begin(self, now: datetime) -> None:
        """Let time work before `now`, and at `now` itself let lots start and holds lapse."""
        self.advance(now - timedelta.resolution)
        self._lapse_until(now)
        self._start_until(now)

    def _start_until(self, now: datetime) -> None:
        self.waiting, started = self.waiting.pop_until(now)
        for lot in started:
            self._mature(lot)

    def _lapse_until(self, now: datetime) -> None:
        """Holds that lapse, each after the lots that start before it, because both may pay debts."""
        while self.holds and self.holds[0].until <= now:
            holding = self.holds[0]
            self._start_until(holding.until)
            self._traced(holding.until, "lapsed", holding.id, holding.points)
            self.end_hold(holding.id, 0, holding.late, holding.until)

    def _mature(self, waiting: tuple[Any, ...]) -> None:
        start, lot = waiting[0], waiting[1:]
        self.pending -= lot[LEFT]
        if lot[EXPIRES] == ESCROW:
            self.reversed += lot[LEFT]
            if not lot[ID].startswith(ABSORBED):
                self.earned -= lot[LEFT]
            self._traced(start, "canceled", lot[ID], lot[LEFT])
            self._gone(lot[ID], lot[LEFT])
            return
        if self.trace is not None:
            self.trace.append((start, "matured", self.currency, lot[ID], lot[LEFT]))
        self._begin(lot, start)

    def _begin(self, lot: tuple[Any, ...], start: datetime) -> None:
        if lot[EXPIRES] <= start:
            self._expire(lot, lot[LEFT], start)
        else:
            self._use(lot, start)

    def _expire(self, lot: tuple[Any, ...], points: int, at: datetime) -> None:
        self.expired += points
        if self.trace is not None:
            self.trace.append((at, "expired", self.currency, lot[ID], points))
        self._gone(lot[ID], points)

    def _gone(self, lot: str, points: int) -> None:
        if self.notes is not None:
            self.notes.expired[lot] = self.notes.expired.get(lot, 0) + points

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
        if given.escrow is not None:
            expires, own_end = ESCROW, None
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

    def debit(self, entry: Any, points: int, now: datetime) -> list[tuple[OpenLot, int]]:
        """Take lots from the front; what they do not cover is owed. What was taken from which lot."""
        covered = min(points, self.usable)
        taken: list[tuple[OpenLot, int]] = []
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
        return taken

    def activate(self, given: Credit, now: datetime) -> None:
        """A lot in escrow becomes usable; nothing for one that is not there."""
        waits = next((lot for lot in self.waiting if lot[ID + 1] == given.lot), None)
        if self.notes is not None:
            self.notes.credits[given.lot] = given
        if waits is None:
            return
        self.waiting = self.waiting.remove(waits)
        own_end = (given.own_end or FOREVER) if given.idle else None
        if given.idle and self.deadline is not None:
            self.kept = _latest(self.kept, {given.lot: self.deadline})
        points = waits[LEFT + 1]
        self.pending -= points
        self._traced(now, "activated", given.lot, points)
        self._begin((self._end(given), given.earned_at, given.lot, points, own_end), now)

    def send(self, entry: Any, wanted: dict[str, int], now: datetime) -> None:
        """Take points out of lots by name; what they no longer have comes from the front, as any debit."""
        left = sum(wanted.values())
        self.out += left
        for lot in list(islice((lot for lot in self.open if lot[ID] in wanted), len(wanted))):
            part = self._drawn(False, lot[:LEFT], wanted[lot[ID]])
            left -= part
            if self.notes is not None:
                self.notes.taken.setdefault(entry.key, []).append((lot, part))
            if self.trace is not None:
                self.trace.append((now, "took", self.currency, lot[ID], part, entry.key))
        self.debit(entry, left, now)

    def hold(self, entry: Any, now: datetime) -> None:
        """Set points aside, from the lots that a redemption would take."""
        self.held += entry.points
        taken = tuple(self.debit(entry, entry.points, now))
        late = Late(entry.late_until, entry.reissued, entry.id)
        new = Holding(entry.until, entry.id, entry.points, taken, late)
        self.holds = tuple(sorted((*self.holds, new), key=lapses)) if self.holds else (new,)

    def end_hold(self, name: str, captured: int, late: Late, now: datetime) -> None:
        """Spend so many points of a hold and give back the rest; nothing for a hold that is not open."""
        holding = next((each for each in self.holds if each.id == name), None)
        if holding is None:
            return
        self.holds = tuple([each for each in self.holds if each is not holding]) if len(self.holds) > 1 else ()
        self.held -= holding.points
        self.redeemed += captured
        taken = list(holding.taken)
        self._undo(("redeem", name), taken, holding.points - captured, late, now)
        if self.notes is not None:
            self.notes.taken["redeem", name] = taken

    def _use(self, lot: tuple[Any, ...], now: datetime) -> None:
        """Points become usable: debts first, oldest first; the rest stands in its lot."""
        left = self._pay(lot, now) if self.debts else lot[LEFT]
        if not left:
            return
        self.usable += left
        self.open = self.open.merged((*lot[:LEFT], left, lot[OWN_END]))

    def _pay(self, lot: tuple[Any, ...], now: datetime) -> int:
        left: int = lot[LEFT]
        debts = list(self.debts)
        while left and debts:
            key, owed = debts[0]
            paid = min(left, owed)
            debts[0:1] = [(key, owed - paid)] if paid < owed else []
            left -= paid
            self.owed -= paid
            self.holds = tuple([covered(each, key, lot, paid) for each in self.holds])
            if self.notes is not None:
                self.notes.taken.setdefault(key, []).append((lot, paid))
            if self.trace is not None:
                self.trace.append((now, "paid", self.currency, lot[ID], paid, key))
        self.debts = tuple(debts)
        return left

    # What followers do; they need the notes of a whole fold.

    def reclaim(self, lot: str, asked: int, now: datetime, *, pending_only: bool) -> int:
        """Take points back from a lot that was given; what of them was spent, and so is not there.

        What expired unused is gone already and counts as taken. Of a lot that there never was nothing is there, which
        an audit tells.
        """
        notes = _noted(self.notes)
        given = notes.credits.get(lot)
        if given is None:
            return asked
        left = asked
        if given.available_at > now:
            left -= self._drawn(True, (given.available_at, self._end(given), given.earned_at, lot), left)
        elif not pending_only:
            left -= self._drawn(False, (self._end(given), given.earned_at, lot), left)
        self._reversed(lot, asked - left, now)
        gone = min(left, notes.expired.get(lot, 0))
        if gone:
            notes.expired[lot] -= gone
            if given.escrow is not None:  # canceled, and then taken from what was earned already
                self.earned += gone
            self._traced(now, "gone", lot, gone)
        return left - gone

    def _end(self, given: Credit) -> datetime:
        if given.escrow is not None:
            return ESCROW
        if given.idle:
            return self._later(given.lot, self._idle_end(given.lot, given.own_end or FOREVER, given.earned_at))
        return self._later(given.lot, given.expires_at or FOREVER)

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

    def give_back(self, key: tuple[str, str], points: int, late: Late, now: datetime) -> None:
        """Undo a redemption, whole or in part."""
        self.redeemed -= points
        self._undo(key, _noted(self.notes).taken.get(key, []), points, late, now)

    # What giving back does, for followers and for the ends of holds.

    def _undo(
        self, key: tuple[str, str], taken: list[tuple[OpenLot, int]], points: int, late: Late, now: datetime
    ) -> None:
        """Undo the last allocations of a debit first, and its unpaid debt before them; `taken` keeps what stays."""
        left = points - (self._forgiven(key, points, now) if self.debts else 0)
        while left and taken:
            lot, count = taken.pop()
            back = min(count, left)
            if back < count:
                taken.append((lot, count - back))
            left -= back
            if self.trace is not None:
                self.trace.append((now, "released", self.currency, lot[ID], back, key))
            self._reopen(lot, back, late, now)

    def _forgiven(self, key: tuple[str, str], most: int, now: datetime) -> int:
        left, debts = most, []
        for debt, owed in self.debts:
            part = min(owed, left) if debt == key else 0
            left -= part
            if part < owed:
                debts.append((debt, owed - part))
        if left < most:
            self.debts = tuple(debts)
            self.owed -= most - left
            self._traced(now, "forgiven", key[1], most - left)
        return most - left

    def _reopen(self, lot: OpenLot, points: int, late: Late, now: datetime) -> None:
        end = self.end_now(lot)
        _, earned, name, _, own_end = lot
        if end > now:
            self._use((end, earned, name, points, own_end), now)
        elif late.until is None:
            self._expire(lot, points, now)
        elif late.reissued:
            self._use((late.until, now, f"{name}~{late.name}", points, None), now)
        else:
            self.ends, self.kept = {**self.ends, name: late.until}, {**self.kept, name: _AT_NO_TIME}
            self._use((late.until, earned, name, points, None), now)

    def end_now(self, lot: OpenLot) -> datetime:
        """The end that a lot has now, which was taken earlier."""
        end, earned, name, _, own_end = lot
        return self._later(name, end if own_end is None else self._idle_end(name, own_end, earned))

    def _later(self, lot: str, end: datetime) -> datetime:
        """An end, or the later one that the lot was given."""
        return max(end, self.ends.get(lot, end))

    def _idle_end(self, lot: str, own_end: datetime, earned: datetime) -> datetime:
        """The end of a lot that ends with inactivity: the first time after it that no activity came in time."""
        end = self.deadline
        if self.gaps:
            kept = self.kept.get(lot, _AT_NO_TIME)
            end = next((gap for gap, activity in self.gaps if gap > earned and activity >= kept), end)
        return min(own_end, end or FOREVER)

    # The rest.

    def move_deadline(self, deadline: datetime, now: datetime) -> None:
        """An activity moves the end of all lots that end with inactivity; it revives none."""
        if self.deadline is not None:
            if deadline <= self.deadline:
                return
            if self.deadline <= now:
                self.gaps = (*self.gaps, (self.deadline, now))
                waiting = {lot[ID + 1]: deadline for lot in self.waiting if lot[OWN_END + 1] is not None}
                self.kept = _latest(self.kept, waiting)
        self.deadline = deadline
        self.open = self._ending(self.open, 0)
        self.waiting = self._ending(self.waiting, 1)

    def extend(self, ends: dict[str, datetime]) -> None:
        """Give lots a later end: what is left of them, what waits and what is held."""
        self.ends = _latest(self.ends, ends)
        self.kept = _latest(self.kept, {lot: end for lot, end in ends.items() if self.kept.get(lot) != _AT_NO_TIME})
        self.open = self._ending(self.open, 0)
        self.waiting = self._ending(self.waiting, 1)

    def _ending(self, lots: Lots, shift: int) -> Lots:
        """The lots with the ends that they have now."""
        moved = Lots(mine=True)
        if not lots.chunks:
            return lots
        for lot in lots:
            end = lot[shift] if lot[shift] == ESCROW else self.end_now(lot[shift:])
            moved.add((*lot[:shift], end, *lot[shift + 1 :]))
        moved.mine = lots.mine
        return moved

    def empty(self, *, debts: bool = False) -> None:
        """Everything that is left goes out, and if so the debts with it."""
        self.out += self.usable + self.pending + self.held
        if debts:
            self.out -= self.owed
            self.owed, self.debts = 0, ()
        self.usable = self.pending = self.held = 0
        self.holds = ()
        self.open = Lots(mine=self.open.mine)
        self.waiting = Lots(mine=self.waiting.mine)


_new = object.__new__
_AT_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)


def _latest(known: dict[str, datetime], more: dict[str, datetime]) -> dict[str, datetime]:
    """Both together, of each lot the later instant."""
    return {**known, **{lot: max(end, known.get(lot, end)) for lot, end in more.items()}}


def _noted(notes: Notes | None) -> Notes:
    return notes  # type: ignore[return-value]  # a follower always folds with notes
