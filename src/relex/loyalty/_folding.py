"""What an event makes of an account: the fields of the next state, in their order."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from relex.errors import InvalidValue
from relex.loyalty._events import CREDIT, NOTICE, Entry, PointsEarned, PointsReversed, event_place
from relex.loyalty._journal import EMPTY, Journal
from relex.loyalty._ledger import Ledger
from relex.loyalty._member_events import MemberAdded, MemberRemoved
from relex.loyalty._notes import Notes
from relex.loyalty._notices import (
    AccountClosed,
    AccountOpened,
    AccountResumed,
    AccountSuspended,
    TierAssigned,
    TierChanged,
)
from relex.loyalty._replay import in_turn, replayed
from relex.loyalty._standing import NO_TIER, Standing, standing_after
from relex.loyalty._transfer_events import PointsReceived

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.changes import Event
    from relex.loyalty._account import Account

__all__ = ["Parts", "expected", "folded", "keys_of", "marked", "noticed", "opened", "posted"]

Parts: TypeAlias = tuple[Any, ...]
"""The fields of an `Account`, the virtual first one included."""


def expected(state: Account | None, event: Any) -> str:
    """Which event comes next, in words."""
    if state is None:
        return "an AccountOpened, to begin with"
    return in_turn(state.id, state.version + 1, event)


def opened(state: Account | None, event: AccountOpened) -> Parts:
    """A new account."""
    if state is not None or event.version != 1:
        raise InvalidValue("Account.evolve.event", event, expected(state, event))
    ledger, at = Ledger(event.at), event.at
    return (
        None, event.source, event.customer, event.program, at, "open", 1, NO_TIER, 0,
        (), EMPTY.added(event), None, (at,), ledger, {}, None,
    )  # fmt: skip


def posted(state: Account, event: Any) -> Parts:
    """An entry, or a notice: it takes its place in the order, and the ledger follows."""
    earned = type(event) is PointsEarned
    key, rank = ((event.kind, event.id), CREDIT) if earned else (event.key, event.rank)
    moment = event.effective
    place = (moment, event.at, rank, key)
    order, ledger, last = state._order, state._ledger, state._last  # noqa: SLF001 - our own
    if place > last and moment >= ledger.clock and not event.looks_back:
        ledger = ledger.fork()
        if earned:
            ledger.clock = moment
            ledger.earn(event, moment)
        else:
            ledger.apply(event)
        last = place
        if order is not None:
            order = order.added(event)
    else:
        order, ledger = _refolded(state, event)
        last = event_place(order[order.size - 1])
    ids = state._ids  # noqa: SLF001 - our own
    if rank != NOTICE and ids is not None and ids.setdefault(key, event.version) != event.version:
        _claim(ids, key, event.version)
    status, standing, purchases = state.status, state.standing, state.purchases
    if earned:
        if event.kind == "purchase":
            purchases += 1
    else:
        purchases += _more_purchases(event)
        status, standing = _marks(event, status, standing)
    return (
        None, state.id, state.customer, state.program, state.opened_at, status, event.version, standing, purchases,
        state._roster, state._journal.added(event), order, last, ledger, ids, state._tally,  # noqa: SLF001 - our own
    )  # fmt: skip


def noticed(state: Account, events: list[Any]) -> Parts:
    """Many notices: they move nothing, so they take their places together, however many there are."""
    if len(events) == 1:
        return posted(state, events[0])
    order, ledger, last = state._order, state._ledger, state._last  # noqa: SLF001 - our own
    moment = max([event.effective for event in events])
    if moment > ledger.clock:
        ledger = ledger.fork()
        ledger.advance(moment)
    places = [last, *[event_place(event) for event in events]]
    if any(after <= before for before, after in pairwise(places)):
        order = Journal.of(sorted([*state._ordered(), *events], key=event_place))  # noqa: SLF001 - our own
    elif order is not None:
        order = reduce(Journal.added, events, order)
    journal = reduce(Journal.added, events, state._journal)  # noqa: SLF001 - our own
    return (
        None, state.id, state.customer, state.program, state.opened_at, state.status, events[-1].version,
        state.standing, state.purchases, state._roster, journal, order, max(places), ledger,  # noqa: SLF001 - our own
        state._ids, state._tally,  # noqa: SLF001 - our own
    )  # fmt: skip


def _more_purchases(event: Any) -> int:
    """How many purchases an absorbed account brings, or an award that is void takes away."""
    if type(event) is PointsReceived:
        return int(event.purchases)
    return -int(event.voids and event.purchased) if type(event) is PointsReversed else 0


_COUNTED: Final = frozenset({PointsReceived, PointsReversed})


def _marks(event: Any, status: str, standing: Standing) -> tuple[str, Standing]:
    """Status and standing after an entry that may tell of another one."""
    if type(event) is AccountClosed:
        return "closed", standing
    return (status, standing_after(standing, event)) if type(event) in _MARKS else (status, standing)


def _refolded(state: Account, event: Any) -> tuple[Journal, Ledger]:
    """The order with an entry that is not its last, and the ledger folded again; a notice moves nothing in it."""
    order = Journal.of(sorted([*state._ordered(), event], key=event_place))  # noqa: SLF001 - our own
    if event.rank == NOTICE:
        return order, state._ledger  # noqa: SLF001 - our own
    return order, _refold(state, order)


def _refold(state: Account, order: Journal) -> Ledger:
    """The ledger of entries in their order, up to its clock: what came before the account may end before it began."""
    ledger = Ledger(state.opened_at, Notes())
    ledger.apply_all(order)
    ledger.advance(ledger.clock)
    return ledger.settled()


def _claim(ids: dict[Any, int], key: Any, version: int) -> None:
    """Note which version recorded a key; states that grew apart share the notes and never overwrite one."""
    asked, probe = key, 0
    while ids.setdefault(asked, version) != version:
        probe += 1
        asked = (key, probe)


_STATUS: Final = {AccountSuspended: "suspended", AccountResumed: "open", AccountClosed: "closed"}
_MEMBERS: Final = frozenset({MemberAdded, MemberRemoved})
_MARKS: Final = frozenset({*_STATUS, *_MEMBERS, TierChanged, TierAssigned})


def marked(state: Account, event: Event) -> Parts:
    """The account with another status, or other members."""
    kind = type(event)
    status = _STATUS.get(kind, state.status)
    roster: tuple[Any, ...] = state._roster  # noqa: SLF001 - our own
    if kind in _MEMBERS:
        roster = (*roster, event)
    elif kind not in _STATUS:
        raise InvalidValue("Account.evolve.event", event, "an event of an account")
    return (
        None, state.id, state.customer, state.program, state.opened_at, status, event.version, state.standing,
        state.purchases, roster, state._journal.added(event), state._order, state._last, state._ledger,  # noqa: SLF001
        state._ids, state._tally,  # noqa: SLF001 - our own
    )  # fmt: skip


def folded(state: Account, events: Iterable[Event]) -> Parts:
    """The account after many events."""
    found = replayed(state, events)
    rows = found.rows
    order, ledger, last = state._order, found.ledger, found.last  # noqa: SLF001 - our own
    if ledger is None:
        order = Journal.of(sorted([*state._ordered(), *_entries(rows)], key=event_place))  # noqa: SLF001 - our own
        ledger = _refold(state, order)
        last = event_place(order[order.size - 1])
    elif order is not None:
        order = Journal.of([*order, *_entries(rows)])
    status, standing, roster = state.status, state.standing, list(state._roster)  # noqa: SLF001 - our own
    for event in [event for event in rows if type(event) in _MARKS]:
        kind = type(event)
        if kind in _STATUS:
            status = _STATUS[kind]
        elif kind in _MEMBERS:
            roster.append(event)
        else:
            standing = standing_after(standing, event)
    sold = sum([event.kind == "purchase" for event in rows if type(event) is PointsEarned])
    sold += sum([_more_purchases(event) for event in rows if type(event) in _COUNTED])
    return (
        None, state.id, state.customer, state.program, state.opened_at, status, state.version + len(rows), standing,
        state.purchases + sold, tuple(roster), Journal.of([*state._journal, *rows]), order, last, ledger.settled(),  # noqa: SLF001
        None, None,
    )  # fmt: skip


def _entries(rows: list[Any]) -> list[Any]:
    return [event for event in rows if isinstance(event, Entry)]


def keys_of(journal: Iterable[Any]) -> dict[Any, int]:
    """Which version recorded each key."""
    found: dict[Any, int] = {}
    for event in journal:
        if isinstance(event, Entry) and event.rank != NOTICE:
            _claim(found, event.key, event.version)
    return found
