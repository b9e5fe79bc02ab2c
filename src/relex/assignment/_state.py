"""What has to be remembered between two items, so that turns and limits hold across runs and processes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any, TypeVar

import attrs

from relex import _checks
from relex._instants import in_utc
from relex._trusted import replacing
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = ["AssignmentState"]

V = TypeVar("V")
_COUNT = _checks.whole(least=0)
_MANY = _checks.a(Mapping)
_key = itemgetter(0)


def _are_pairs(check: _checks.Check) -> _checks.Check:
    """Pairs of a text and what the check accepts, sorted, each text once."""

    def passes(value: Any) -> bool:
        if not isinstance(value, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in value):  # noqa: PLR2004 - a pair
            return False
        keys = [key for key, _ in value]
        return (
            all(map(_checks.text.passes, keys))
            and all(check.passes(each) for _, each in value)
            and all(one < other for one, other in zip(keys, keys[1:], strict=False))
        )

    return _checks.Check(f"sorted pairs of a text, each once, and {check.expected}", passes)


def _are_instants(value: Any) -> bool:
    known = isinstance(value, tuple) and all(_checks.instant.passes(at) and at.tzinfo is UTC for at in value)
    return known and list(value) == sorted(value)


_OPEN = _are_pairs(_COUNT)
_TURNS = _are_pairs(_are_pairs(_checks.whole(least=1)))
_CREDITS = _are_pairs(_are_pairs(_checks.whole()))
_GIVEN = _are_pairs(_checks.Check("sorted instants in UTC", _are_instants))


@tagged("assignment.AssignmentState")
@attrs.frozen(kw_only=True, weakref_slot=False)
class AssignmentState:
    """Who had a turn, how much they have, and when they got it: a value to store after a run and to give to the next.

    Attributes:
        turn: How many turns were taken in all pools together.
        turns: (pool, (member, number of the last turn) pairs) pairs, sorted.
        credits: For the strategy `weighted`: (pool, (member, what is owed) pairs) pairs, sorted.
        open: (assignee, how many open items) pairs, sorted: what was told and what was given since, less what was
            released.
        given: (assignee, when they got items) pairs, sorted, in UTC: as far back as limits on time reach.

    Example:
        >>> state = AssignmentState().with_open({"ana": 2})
        >>> state.open_of("ana"), state.released("ana").open_of("ana")
        (2, 1)

    .. versionadded:: 0.1.0
    """

    turn: int = attrs.field(default=0, validator=_COUNT)
    turns: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = attrs.field(default=(), validator=_TURNS)
    credits: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = attrs.field(default=(), validator=_CREDITS)
    open: tuple[tuple[str, int], ...] = attrs.field(default=(), validator=_OPEN)
    given: tuple[tuple[str, tuple[datetime, ...]], ...] = attrs.field(default=(), validator=_GIVEN)

    def open_of(self, assignee: str) -> int:
        """How many open items somebody has.

        .. versionadded:: 0.1.0
        """
        return _got(self.open, assignee, 0)

    def given_to(self, assignee: str, after: datetime, until: datetime) -> int:
        """How many items somebody got after an instant, up to and with another.

        .. versionadded:: 0.1.0
        """
        known = _got(self.given, assignee, ())
        return bisect_right(known, until) - bisect_right(known, after)

    def with_open(self, counts: Mapping[str, int]) -> AssignmentState:
        """The state with other counts of open items, such as those that a database tells before a run.

        Args:
            counts: By assignee; all others keep theirs.

        Raises:
            InvalidValue: For a count below 0, or something else than a mapping.

        .. versionadded:: 0.1.0
        """
        _MANY.require("AssignmentState.with_open.counts", counts)
        return attrs.evolve(self, open=tuple(sorted({**dict(self.open), **counts}.items())))

    def with_given(self, assignee: str, instants: Iterable[datetime]) -> AssignmentState:
        """The state with more items that somebody got, such as those from before a state was kept.

        They count for limits on time, and not as open.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        path = "AssignmentState.with_given"
        found = _checks.items(f"{path}.instants", instants)
        _checks.each(_checks.instant).require(f"{path}.instants", found)
        known = sorted([*_got(self.given, assignee, ()), *[in_utc(f"{path}.instants", at) for at in found]])
        return attrs.evolve(self, given=_put(self.given, assignee, tuple(known)))

    def released(self, assignee: str, count: int = 1) -> AssignmentState:
        """The state after somebody closed or gave away so many items.

        Raises:
            InvalidValue: For more than they have.

        .. versionadded:: 0.1.0
        """
        _checks.whole(least=0, most=self.open_of(assignee)).require("AssignmentState.released.count", count)
        return _replaced(self, open=_put(self.open, assignee, self.open_of(assignee) - count))


def turns_in(state: AssignmentState, pool: str) -> dict[str, int]:
    """The number of each member's last turn in a pool; those without one are left out."""
    return dict(_got(state.turns, pool, ()))


def credits_in(state: AssignmentState, pool: str) -> dict[str, int]:
    """What is owed to the members of a pool by their weights."""
    return dict(_got(state.credits, pool, ()))


def took_turn(
    state: AssignmentState, pool: str, member: str, credits_after: Mapping[str, int] | None
) -> AssignmentState:
    """The state after a member of a pool was chosen, and what is owed there from then on."""
    turn = state.turn + 1
    turns = _put(state.turns, pool, _put(_got(state.turns, pool, ()), member, turn))
    if credits_after is None:
        return _replaced(state, turn=turn, turns=turns)
    owed = _put(state.credits, pool, tuple(sorted(credits_after.items())))
    return _replaced(state, turn=turn, turns=turns, credits=owed)


def received(state: AssignmentState, assignee: str, at: datetime, since: datetime | None) -> AssignmentState:
    """The state after somebody got an item, given in UTC; of those on or before `since` none is remembered any more."""
    opened = _put(state.open, assignee, state.open_of(assignee) + 1)
    if since is None:
        return _replaced(state, open=opened)
    known = _got(state.given, assignee, ())
    kept = list(known[bisect_right(known, since) :])
    insort(kept, at)
    return _replaced(state, open=opened, given=_put(state.given, assignee, tuple(kept)))


_replaced = replacing(AssignmentState)


def _got(pairs: tuple[tuple[str, Any], ...], key: str, default: V) -> V:
    place = bisect_left(pairs, key, key=_key)
    return pairs[place][1] if place < len(pairs) and pairs[place][0] == key else default


def _put(pairs: tuple[tuple[str, V], ...], key: str, value: V) -> tuple[tuple[str, V], ...]:
    """The pairs with another value for a key, still sorted."""
    place = bisect_left(pairs, key, key=_key)
    after = place + 1 if place < len(pairs) and pairs[place][0] == key else place
    return (*pairs[:place], (key, value), *pairs[after:])
