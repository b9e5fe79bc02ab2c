"""The state laid out for one run: who stands where at the instant, kept up with every item that is given.

The instant is one for the whole run, so when somebody becomes available and between which instants their limits count
are found once, and whether they are full changes only when they get an item.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from operator import ge
from typing import TYPE_CHECKING

from relex._instants import moment
from relex.assignment._answers import candidate_of
from relex.assignment._state import got, in_round, received, took_turn, within

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relex.assignment._people import Assignee, Capacity, Pool
    from relex.assignment._state import AssignmentState

__all__ = ["Desk", "Stand"]

_ZERO = timedelta(0)


class Stand:
    """An assignee at the instant.

    Attributes:
        failed: What keeps them from getting any item, but for the time at which they are available.
        lead: How long until they are available; None for never.
        open: How many open items they have.
        limits: Their limits.
        used: For each limit how much of it is used.
        since: How far back the limits on time reach; None without any.
    """

    __slots__ = ("_lasting", "assignee", "candidate", "failed", "id", "lead", "limits", "open", "since", "used")

    def __init__(self, assignee: Assignee, desk: Desk) -> None:
        self.assignee, self.id = assignee, assignee.id
        self.lead = _lead(assignee, desk.at)
        self.open = desk.open.get(assignee.id, 0)
        windows = [desk.window(each) for each in assignee.capacity]
        given = desk.given.get(assignee.id, ())
        self.limits = [each.limit for each in assignee.capacity]
        self.used = [self.open if each is None else within(given, *each) for each in windows]
        self.since = min([window[0] for window in windows if window is not None], default=None)
        self._lasting = _lasting(assignee)
        self.failed: tuple[str, ...] = ()
        self.candidate = candidate_of(assignee.id, ())
        self.settle()

    @property
    def share(self) -> Fraction:
        """How full they are: of several limits the fullest; a limit of 0 is full; without limits it is 0."""
        pairs = zip(self.used, self.limits, strict=True)
        return max([Fraction(used, limit) if limit else Fraction(1) for used, limit in pairs], default=Fraction(0))

    def settle(self) -> bool:
        """Find out anew what keeps them from getting items; whether that changed."""
        is_full = any(map(ge, self.used, self.limits))
        before, self.failed = self.failed, (*self._lasting, "no_capacity") if is_full else self._lasting
        if self.failed == before:
            return False
        self.candidate = candidate_of(self.id, self.failed)
        return True


class Desk:
    """All assignees at the instant, and the state so far.

    Attributes:
        at: The instant.
        state: What is to be remembered.
        open: How many open items each assignee had at first.
        given: When each got items before.
        changes: How often somebody became full.
    """

    __slots__ = (
        "_in_utc",
        "_people",
        "_rounds",
        "_stands",
        "_turns",
        "_windows",
        "at",
        "changes",
        "given",
        "open",
        "state",
    )

    def __init__(self, people: Mapping[str, Assignee], at: datetime, in_utc: datetime, state: AssignmentState) -> None:
        self._people, self.at, self._in_utc, self.state = people, at, in_utc, state
        self.open, self.given = dict(state.open), dict(state.given)
        self.changes = 0
        self._stands: dict[str, Stand | None] = {}
        self._windows: dict[tuple[object, int], tuple[datetime, datetime] | None] = {}
        self._turns: dict[str, dict[str, int]] = {}
        self._rounds: dict[str, dict[str, int]] = {}

    def stand(self, id: str) -> Stand | None:  # noqa: A002 - the field's name everywhere in relex
        """Where somebody stands; None for one who is not among the assignees."""
        if id not in self._stands:
            person = self._people.get(id)
            self._stands[id] = None if person is None else Stand(person, self)
        return self._stands[id]

    def window(self, capacity: Capacity) -> tuple[datetime, datetime] | None:
        """Between which instants items count for a limit; None for open items."""
        key = (capacity.per, id(capacity.tz))  # a zone may be one that cannot be hashed
        if key not in self._windows:
            self._windows[key] = capacity.window(self.at)
        return self._windows[key]

    def turns(self, pool: Pool) -> dict[str, int]:
        """The number of each member's last turn in a pool; 0 for none yet."""
        if pool.id not in self._turns:
            self._turns[pool.id] = dict.fromkeys(pool.members, 0) | dict(got(self.state.turns, pool.id, ()))
        return self._turns[pool.id]

    def round(self, pool: Pool) -> dict[str, int]:
        """How many items the members of a pool got in the round under way; those without any are left out."""
        if pool.id not in self._rounds:
            self._rounds[pool.id] = dict(got(self.state.rounds, pool.id, ()))
        return self._rounds[pool.id]

    def turn(self, pool: Pool, member: str) -> None:
        """Note that a member of a pool was chosen."""
        self.state = took_turn(self.state, pool.id, member)
        self.turns(pool)[member] = self.state.turn

    def count(self, pool: Pool, member: str, *, begins: bool) -> None:
        """Note that a member was chosen by weight, and whether a new round begins with that."""
        had = self.round(pool)
        if begins:
            had.clear()
        self.state = in_round(self.state, pool.id, member, -1 if begins else had.get(member, 0))
        had[member] = had.get(member, 0) + 1

    def give(self, stand: Stand) -> None:
        """Note that somebody got an item."""
        self.state = received(self.state, stand.id, self._in_utc, stand.since)
        stand.open += 1
        if stand.used:
            stand.used = [count + 1 for count in stand.used]
            self.changes += stand.settle()


def _lasting(assignee: Assignee) -> tuple[str, ...]:
    """What keeps somebody out whatever the item."""
    if assignee.active:
        return ("opted_out",) if assignee.opted_out else ()
    return ("inactive", "opted_out") if assignee.opted_out else ("inactive",)


def _lead(assignee: Assignee, at: datetime) -> timedelta | None:
    if assignee.hours is None and not assignee.away:
        return _ZERO
    start = assignee.available_from(at)
    return None if start is None else moment(start) - moment(at)
