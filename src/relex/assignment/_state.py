"""What has to be remembered between two items, so that turns and limits hold across runs and processes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from operator import itemgetter
from typing import Any, TypeVar

import attrs

from relex import _checks
from relex._instants import in_utc
from relex._trusted import replacing
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = ["AssignmentState", "got", "in_round", "received", "took_turn", "within"]

K = TypeVar("K")
V = TypeVar("V")
_COUNT = _checks.whole(least=0)
_ONE = _checks.whole(least=1)
_MANY = _checks.a(Mapping)
_IDS = _checks.each(_checks.text)
_key = itemgetter(0)


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == len(("key", "value"))


def _ascend(keys: list[Any]) -> bool:
    return all(one < other for one, other in pairwise(keys))


def _by_text(check: _checks.Check) -> _checks.Check:
    """Pairs of a text and what the check accepts, sorted, each text once."""

    def passes(value: Any) -> bool:
        return (
            isinstance(value, tuple)
            and all(_is_pair(pair) and _checks.text.passes(pair[0]) and check.passes(pair[1]) for pair in value)
            and _ascend([key for key, _ in value])
        )

    return _checks.Check(f"sorted pairs of a text, each once, and {check.expected}", passes)


def _are_dated(value: Any) -> bool:
    return (
        isinstance(value, tuple)
        and all(_is_pair(pair) and _checks.instant.passes(pair[0]) and pair[0].tzinfo is UTC for pair in value)
        and all(_ONE.passes(count) for _, count in value)
        and _ascend([at for at, _ in value])
    )


_OPEN = _by_text(_COUNT)
_TURNS = _by_text(_by_text(_ONE))
_GIVEN = _by_text(_checks.Check("sorted pairs of an instant in UTC, each once, and an int of at least 1", _are_dated))


@tagged("assignment.AssignmentState")
@attrs.frozen(kw_only=True, weakref_slot=False)
class AssignmentState:
    """Who had a turn, how much they have, and when they got it: a value to store after a run and to give to the next.

    Attributes:
        turn: How many turns were taken in all pools together.
        turns: (pool, (member, number of the last turn) pairs) pairs, sorted; no number is above `turn`, and none is
            twice in a pool.
        rounds: For the strategy `weighted`: (pool, (member, how many items in this round) pairs) pairs, sorted.
        open: (assignee, how many open items) pairs, sorted: what was told and what was given since, less what was
            released.
        given: (assignee, (instant in UTC, how many items they got then) pairs) pairs, sorted; as far back as limits on
            time reach.

    Raises:
        InvalidValue: For a wrong type, pairs that are not sorted, or turns that no run could have left.

    Example:
        >>> state = AssignmentState().with_open({"ana": 2})
        >>> state.open_of("ana"), state.released("ana").open_of("ana")
        (2, 1)

    .. versionadded:: 0.1.0
    """

    turn: int = attrs.field(default=0, validator=_COUNT)
    turns: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = attrs.field(default=(), validator=_TURNS)
    rounds: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = attrs.field(default=(), validator=_TURNS)
    open: tuple[tuple[str, int], ...] = attrs.field(default=(), validator=_OPEN)
    given: tuple[tuple[str, tuple[tuple[datetime, int], ...]], ...] = attrs.field(default=(), validator=_GIVEN)

    def __attrs_post_init__(self) -> None:
        for _, members in self.turns:
            numbers = {number for _, number in members}
            if len(numbers) < len(members) or max(numbers, default=0) > self.turn:
                raise InvalidValue("AssignmentState.turns", members, f"numbers up to {self.turn}, each once in a pool")

    def open_of(self, assignee: str) -> int:
        """How many open items somebody has.

        Raises:
            InvalidValue: For what is no id.

        .. versionadded:: 0.1.0
        """
        _checks.text.require("AssignmentState.open_of.assignee", assignee)
        return got(self.open, assignee, 0)

    def given_to(self, assignee: str, after: datetime, until: datetime) -> int:
        """How many items somebody got after an instant, up to and with another.

        Raises:
            InvalidValue: For what is no id, or a naive datetime.

        .. versionadded:: 0.1.0
        """
        path = "AssignmentState.given_to"
        _checks.text.require(f"{path}.assignee", assignee)
        _checks.instant.require(f"{path}.after", after)
        _checks.instant.require(f"{path}.until", until)
        return within(got(self.given, assignee, ()), after, until)

    def with_open(self, counts: Mapping[str, int]) -> AssignmentState:
        """The state with other counts of open items, such as those that a database tells before a run.

        Args:
            counts: By assignee; all others keep theirs.

        Raises:
            InvalidValue: For a count below 0, what is no id, or something else than a mapping.

        .. versionadded:: 0.1.0
        """
        _MANY.require("AssignmentState.with_open.counts", counts)
        _IDS.require("AssignmentState.with_open.counts", tuple(counts))
        return attrs.evolve(self, open=tuple(sorted({**dict(self.open), **counts}.items())))

    def with_given(self, assignee: str, instants: Iterable[datetime]) -> AssignmentState:
        """The state with more items that somebody got, such as those from before a state was kept.

        They count for limits on time, and not as open.

        Raises:
            InvalidValue: For a naive datetime, or what is no id.

        .. versionadded:: 0.1.0
        """
        path = "AssignmentState.with_given"
        _checks.text.require(f"{path}.assignee", assignee)
        found = _checks.items(f"{path}.instants", instants)
        _checks.each(_checks.instant).require(f"{path}.instants", found)
        known = Counter(dict(got(self.given, assignee, ())))
        known.update([in_utc(f"{path}.instants", at) for at in found])
        return attrs.evolve(self, given=_put(self.given, assignee, tuple(sorted(known.items()))))

    def released(self, assignee: str, count: int = 1) -> AssignmentState:
        """The state after somebody closed or gave away so many items.

        Raises:
            InvalidValue: For more than they have, or what is no id.

        .. versionadded:: 0.1.0
        """
        _checks.text.require("AssignmentState.released.assignee", assignee)
        _checks.whole(least=0, most=self.open_of(assignee)).require("AssignmentState.released.count", count)
        return _replaced(self, open=_put(self.open, assignee, self.open_of(assignee) - count))


def took_turn(state: AssignmentState, pool: str, member: str) -> AssignmentState:
    """The state after a member of a pool was chosen."""
    turn = state.turn + 1
    turns = _put(state.turns, pool, _put(got(state.turns, pool, ()), member, turn))
    return _replaced(state, turn=turn, turns=turns)


def in_round(state: AssignmentState, pool: str, member: str, had: int) -> AssignmentState:
    """The state after a member got one more item in the round under way, who had so many; with -1 a new one begins."""
    before = got(state.rounds, pool, ()) if had >= 0 else ()
    return _replaced(state, rounds=_put(state.rounds, pool, _put(before, member, max(had, 0) + 1)))


def received(state: AssignmentState, assignee: str, at: datetime, since: datetime | None) -> AssignmentState:
    """The state after somebody got an item, at an instant in UTC; those up to and with `since` are forgotten."""
    opened = _put(state.open, assignee, got(state.open, assignee, 0) + 1)
    if since is None:
        return _replaced(state, open=opened)
    known = got(state.given, assignee, ())
    kept = known[bisect_right(known, since, key=_key) :]
    dated = _put(kept, at, got(kept, at, 0) + 1)
    return _replaced(state, open=opened, given=_put(state.given, assignee, dated))


def within(given: tuple[tuple[datetime, int], ...], after: datetime, until: datetime) -> int:
    """How many items were given after an instant, up to and with another."""
    if not given:
        return 0
    return sum(
        [count for _, count in given[bisect_right(given, after, key=_key) : bisect_right(given, until, key=_key)]]
    )


_replaced = replacing(AssignmentState)


def got(pairs: tuple[tuple[K, V], ...], key: K, default: V) -> V:
    """What stands for a key."""
    place, after = _place(pairs, key)
    return pairs[place][1] if after > place else default


def _put(pairs: tuple[tuple[K, V], ...], key: K, value: V) -> tuple[tuple[K, V], ...]:
    """The pairs with another value for a key, still sorted."""
    place, after = _place(pairs, key)
    return (*pairs[:place], (key, value), *pairs[after:])


def _place(pairs: tuple[tuple[Any, Any], ...], key: Any) -> tuple[int, int]:
    """From where to where the pair of a key stands, or would stand."""
    place = bisect_left(pairs, key, key=_key)
    return place, place + 1 if place < len(pairs) and pairs[place][0] == key else place
