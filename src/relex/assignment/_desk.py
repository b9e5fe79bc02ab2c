"""The state laid out for one run: who stands where at the instant, kept up with every item that is given.

The instant is one for the whole run, so when somebody becomes available and between which instants their limits count
are found once, and whether they are full changes only when they get an item.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from relex.assignment._answers import Candidate
from relex.assignment._state import got, received, took_turn

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
        used: For each limit how much of it is used.
        since: How far back the limits on time reach; None without any.
    """

    __slots__ = ("_lasting", "assignee", "candidate", "failed", "id", "lead", "limits", "open", "since", "used")

    def __init__(self, assignee: Assignee, desk: Desk, windows: list[tuple[datetime, datetime] | None]) -> None:
        self.assignee, self.id = assignee, assignee.id
        self.lead = _lead(assignee, desk.at)
        self.open = desk.state.open_of(assignee.id)
        self.limits = [each.limit for each in assignee.capacity]
        self.used = [self.open if each is None else desk.state.given_to(assignee.id, *each) for each in windows]
        self.since = min([window[0] for window in windows if window is not None], default=None)
        self._lasting = tuple([name for name, is_so in _lasting(assignee) if is_so])
        self.failed: tuple[str, ...] = ()
        self.candidate = Candidate(assignee.id)
        self.settle()

    @property
    def share(self) -> Fraction:
        """How full they are: of several limits the fullest; a limit of 0 is full; without limits it is 0."""
        shares = [
            Fraction(used, limit) if limit else Fraction(1) for used, limit in zip(self.used, self.limits, strict=True)
        ]
        return max(shares, default=Fraction(0))

    def settle(self) -> bool:
        """Find out anew what keeps them from getting items; whether that changed."""
        is_full = any(used >= limit for used, limit in zip(self.used, self.limits, strict=True))
        before, self.failed = self.failed, (*self._lasting, "no_capacity") if is_full else self._lasting
        if self.failed == before:
            return False
        self.candidate = Candidate(self.id, self.failed)
        return True


class Desk:
    """All assignees at the instant, and the state so far.

    Attributes:
        at: The instant.
        state: What is to be remembered.
        changes: How often somebody became full.
    """

    __slots__ = ("_credits", "_moment", "_people", "_stands", "_turns", "_windows", "at", "changes", "state")

    def __init__(self, people: Mapping[str, Assignee], at: datetime, state: AssignmentState) -> None:
        self._people, self.at, self.state = people, at, state
        self._moment = at.astimezone(UTC)
        self._stands: dict[str, Stand | None] = {}
        self._windows: dict[Capacity, tuple[datetime, datetime] | None] = {}
        self._turns: dict[str, dict[str, int]] = {}
        self._credits: dict[str, Mapping[str, int]] = {}
        self.changes = 0

    def stand(self, id: str) -> Stand | None:  # noqa: A002 - the field's name everywhere in relex
        """Where somebody stands; None for one who is not among the assignees."""
        if id not in self._stands:
            person = self._people.get(id)
            self._stands[id] = None if person is None else Stand(person, self, list(map(self._window, person.capacity)))
        return self._stands[id]

    def turns(self, pool: Pool) -> dict[str, int]:
        """The number of each member's last turn in a pool; 0 for none yet."""
        if pool.id not in self._turns:
            self._turns[pool.id] = dict.fromkeys(pool.members, 0) | dict(got(self.state.turns, pool.id, ()))
        return self._turns[pool.id]

    def credits(self, pool: Pool) -> Mapping[str, int]:
        """What is owed to the members of a pool by their weights."""
        if pool.id not in self._credits:
            self._credits[pool.id] = dict(got(self.state.credits, pool.id, ()))
        return self._credits[pool.id]

    def turn(self, pool: Pool, member: str, owed: Mapping[str, int] | None) -> None:
        """Note that a member of a pool was chosen; with weights, what is owed to each from then on."""
        self.state = took_turn(self.state, pool.id, member, owed)
        self.turns(pool)[member] = self.state.turn
        if owed is not None:
            self._credits[pool.id] = owed

    def give(self, stand: Stand) -> None:
        """Note that somebody got an item."""
        self.state = received(self.state, stand.id, self._moment, stand.since)
        stand.open += 1
        stand.used = [count + 1 for count in stand.used]
        self.changes += stand.settle()

    def _window(self, capacity: Capacity) -> tuple[datetime, datetime] | None:
        if capacity not in self._windows:
            self._windows[capacity] = capacity.window(self.at)
        return self._windows[capacity]


def _lasting(assignee: Assignee) -> tuple[tuple[str, bool], ...]:
    return ("inactive", not assignee.active), ("opted_out", assignee.opted_out)


def _lead(assignee: Assignee, at: datetime) -> timedelta | None:
    if assignee.hours is None and not assignee.away:
        return _ZERO
    start = assignee.available_from(at)
    return None if start is None else start.astimezone(UTC) - at.astimezone(UTC)
