"""Folding many events at once: the same state as one by one, without making the states between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.errors import InvalidValue
from relex.loyalty._events import Entry, PointsEarned, PointsRedeemed, event_place
from relex.loyalty._notices import AccountOpened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.loyalty._account import Account
    from relex.loyalty._ledger import Ledger

__all__ = ["Replayed", "in_turn", "replayed"]


class Replayed:
    """The outcome of a replay, before it is made a state.

    Attributes:
        rows: The events.
        ledger: Folded up to the last of them; None when one came late, so that all have to be put in order first.
        last: The place of the last entry.
    """

    __slots__ = ("last", "ledger", "rows")

    def __init__(self, rows: list[Any], ledger: Ledger | None, last: tuple[Any, ...]) -> None:
        self.rows = rows
        self.ledger = ledger
        self.last = last


def replayed(state: Account, events: Iterable[Any]) -> Replayed:
    """Fold events on top of a state.

    Entries in their order go straight into books that nobody else sees and that are changed in place. From the first
    follower or late entry on nothing is folded; the caller then folds everything in its order.

    Raises:
        InvalidValue: For an event that is not the next one of this account.
    """
    rows = list(events)
    _check(rows, state.id, state.version)
    ledger = state._ledger.owned()  # noqa: SLF001 - our own
    last = _posted(ledger, rows, state._last)  # noqa: SLF001 - our own
    if last is None:
        return Replayed(rows, None, ())
    ledger.advance(max(ledger.clock, last[0]))
    return Replayed(rows, ledger, last)


def _check(rows: list[Any], name: str, version: int) -> None:
    for event in rows:
        version += 1
        if event.version != version or event.source != name or type(event) is AccountOpened:
            raise InvalidValue("Account.evolve.event", event, in_turn(name, version, event))


def in_turn(name: str, version: int, event: Any) -> str:
    """Which event comes next, in words, and what the one that came instead says: that some are missing, or doubled."""
    found = getattr(event, "version", version)
    if getattr(event, "source", name) != name or found == version:
        return f"event {version} of {name}"
    if found < version:
        return f"event {version} of {name}; event {found} is there twice"
    missing = f"event {version} is" if found == version + 1 else f"events {version} to {found - 1} are"
    return f"event {version} of {name}; {missing} missing"


def _posted(ledger: Ledger, rows: list[Any], last: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Post entries one after the other; the place of the last one, or None once an entry is not in its order."""
    moment, before = last[0], None
    earn, redeem, apply = ledger.earn, ledger.redeem, ledger.apply
    for event in rows:
        kind = type(event)
        if kind is PointsEarned or kind is PointsRedeemed:
            now = event.effective
            if now > moment:
                moment = now
            elif not _follows(event, before, last):
                return None
            before = event
            (earn if kind is PointsEarned else redeem)(event, now)
        elif isinstance(event, Entry):
            if event.looks_back or not _follows(event, before, last):
                return None
            moment, before = event.effective, event
            apply(event)
    return last if before is None else event_place(before)


def _follows(event: Any, before: Any, last: tuple[Any, ...]) -> bool:
    """Whether an entry stands after the one before it, or after the last of the state it is added to."""
    return event_place(event) > (last if before is None else event_place(before))
