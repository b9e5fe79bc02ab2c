"""Folding many events at once: the same state as one by one, without making the states between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.errors import InvalidValue
from relex.loyalty._events import FOLLOWER, NOTICE, AccountOpened, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.changes import Event
    from relex.loyalty._account import Account

__all__ = ["folded"]


def folded(evolve: Any, finish: Any, events: Iterable[Event], state: Account | None) -> Account | None:
    """See `Account.replay`.

    Entries in their order go straight into the books, which are changed in place as nobody else sees them. From the
    first follower or late entry on they are only collected, and the whole is folded once at the end.
    """
    source = iter(events)
    if state is None:
        first = next(source, None)
        if first is None:
            return None
        state = evolve(None, first)
    ledger = state._ledger.owned()  # noqa: SLF001 - our own
    name, version, last = state.id, state.version, state._last  # noqa: SLF001 - our own
    moment = last[0]
    rows: list[Any] = []
    claims: list[tuple[Any, int]] = []
    late = False
    apply, add, claim = ledger.apply, rows.append, claims.append
    for event in source:
        version += 1
        if event.version != version or event.source != name or type(event) is AccountOpened:
            raise InvalidValue("Account.evolve.event", event, f"event {version} of {name}")
        add(event)
        if not isinstance(event, Entry):
            continue
        rank = event.rank
        if rank != NOTICE:
            claim((event.key, version))
        if late:
            continue
        now = event.effective
        if now > moment and rank != FOLLOWER:
            moment = now
            last = None
            apply(event)
            before = event
        else:
            place = (now, event.at, rank, event.key)
            if last is None:
                last = (before.effective, before.at, before.rank, before.key)
            if place > last and rank != FOLLOWER:
                last = place
                apply(event)
                before = event
            else:
                late = True
    return finish(state, rows, None if late else ledger, claims)
