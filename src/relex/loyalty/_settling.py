"""What time did: notices of starts and ends, reviews of the tier, and corrections of what was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex.changes import Change
from relex.loyalty._freeing import award_of, freed
from relex.loyalty._hold_events import EscrowCanceled, HoldLapsed
from relex.loyalty._lots import FOREVER
from relex.loyalty._notices import PointsExpired, PointsMatured
from relex.loyalty._plan import plan_of
from relex.loyalty._reviews import after_entry, at_boundary, at_start, next_boundary
from relex.loyalty._tiers import WhileMet

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._events import Entry
    from relex.loyalty._plan import Plan
    from relex.loyalty._program import Program

__all__ = ["advance", "changed", "corrected", "settled", "settled_with_tiers", "told_of", "unreported", "with_tiers"]

_NOTICES: dict[str, Any] = {
    "matured": PointsMatured,
    "canceled": EscrowCanceled,
    "lapsed": HoldLapsed,
    "expired": PointsExpired,
}
_STEPS = {"matured": 0, "canceled": 0, "lapsed": 1, "expired": 2}


def advance(account: Account, program: Program, *, until: datetime) -> Change[Account]:
    """Do the day's jobs up to an instant: report what time did, and judge the tier where time alone may change it.

    Time works in the order of its instants, and at one instant in this order:

    1. lots start (`PointsMatured`), and lots in escrow whose time is up are canceled (`EscrowCanceled`);
    2. holds lapse (`HoldLapsed`);
    3. reviews of the tier fall due (`TierChanged`);
    4. lots end (`PointsExpired`);
    5. a tier that lasts only while it is met is judged again.

    Entries of that instant come after all of them. The outcome is the same whether this runs daily, once a year or
    never: only the dates of recording differ. Idle years cost nothing, for only instants at which something happens are
    visited.

    Args:
        account: The account.
        program: The program.
        until: The instant, itself included.

    Raises:
        Rejected: `other_program`.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.calendars import Days
        >>> from relex.loyalty import Account, EarningRule, Flat, Occasion, Program
        >>> program = Program("p", currency="USD", rules=[EarningRule("v", Flat(10), on="visit")], expires=Days(30))
        >>> day = datetime(2026, 5, 1, tzinfo=UTC)
        >>> change = Account.open("a1", customer="c1", program=program, at=day)
        >>> account = change.then(lambda it: it.earn(Occasion("visit", "v1", day), program, at=day)).state
        >>> [type(event).__name__ for event in advance(account, program, until=datetime(2036, 5, 1, tzinfo=UTC)).events]
        ['PointsExpired']

    .. versionadded:: 0.1.0
    """
    return account.settle(program, at=until)


def settled(account: Account, program: Program, at: datetime) -> tuple[Account, tuple[Any, ...]]:
    """The account with notices of all that time did up to an instant, reviews of the tier among them."""
    if program.tiers:
        return settled_with_tiers(account, plan_of(program), at)
    if not account._ledger.due(at):  # noqa: SLF001 - our own
        return account, ()
    return _told(account, _effects(account, at), at)


def _effects(account: Account, upto: datetime) -> list[Any]:
    """What time will have done up to an instant."""
    trace: list[Any] = []
    account._ledger.fork(trace).advance(upto)  # noqa: SLF001 - our own
    return _reported(trace)


def _reported(trace: list[Any]) -> list[Any]:
    """What of a trace is reported, in its order, one row for each lot or hold at each instant."""
    sums: dict[Any, int] = {}
    for moment, what, currency, name, points, *_ in trace:
        if what in _NOTICES:
            key = (moment, what, currency, name)
            sums[key] = sums.get(key, 0) + points
    return sorted([(*key, points) for key, points in sums.items()], key=_when)


def told_of(account: Account, event: Entry, after: Account, at: datetime) -> tuple[Account, tuple[Any, ...]]:
    """The account after an entry, with notices of the starts and ends that the entry itself brought about."""
    trace: list[Any] = []
    account._ledger.fork(trace).apply(event)  # noqa: SLF001 - our own
    return _told(after, _reported(trace), at)


def _told(account: Account, effects: list[Any], at: datetime) -> tuple[Account, tuple[Any, ...]]:
    """The account with a notice of each effect; a cancellation counts those before it, so they are noted first."""
    events: list[Entry] = []
    noted = 0
    for effect in effects:
        if effect[1] == "canceled":
            account, noted = account._noticed(events[noted:]), len(events)  # noqa: SLF001 - our own
        events.append(_notice(account, effect, account.version + len(events) - noted + 1, at))
    return account._noticed(events[noted:]), tuple(events)  # noqa: SLF001 - our own


def _when(effect: Any) -> tuple[datetime, int]:
    return effect[0], _STEPS[effect[1]]


def _notice(account: Account, effect: Any, version: int, at: datetime) -> Entry:
    moment, what, currency, name, points = effect
    about: Any = {"hold" if what == "lapsed" else "lot": name}
    award = award_of(account, name) if what == "canceled" else None
    if award is not None:
        uses = freed(account, award, {name: points})
        about |= {"occasion": award.key, "awarded_at": award.effective, "uses": uses}
    found: Entry = _NOTICES[what](
        source=account.id,
        version=version,
        at=at,
        effective=moment,
        currency=currency,
        points=points,
        **about,
    )
    return found


def settled_with_tiers(account: Account, plan: Plan, at: datetime) -> tuple[Account, tuple[Any, ...]]:
    """Boundary by boundary, in the order of `advance`."""
    events: tuple[Any, ...] = ()
    policy = plan.program.tier_policy
    on_balance = policy.measure == "balance" and isinstance(policy.keeps, WhileMet)
    judged = None
    while True:
        ledger_due = account._ledger.next_due()  # noqa: SLF001 - our own
        tier_due = next_boundary(plan, account, judged, at)
        moment = min(ledger_due, tier_due)
        if moment > at or moment == FOREVER:
            return account, events
        effects = _effects(account, moment) if ledger_due == moment else []
        # The review counts what ends at this very instant, and is recorded after what starts.
        review = at_boundary(plan, account, moment, at) if tier_due == moment else None
        before = [effect for effect in effects if effect[1] != "expired"]
        if before:
            account, notices = _told(account, before, at)
            events += notices
        if tier_due == moment:
            review = review and attrs.evolve(review, version=account.version + 1)
            account, more = changed(account, review)
            events, judged = events + more, moment
        if effects:
            account, notices = _told(account, effects[len(before) :], at)
            events += notices
            if on_balance:
                account, more = changed(account, at_boundary(plan, account, moment, at))
                events += more
            elif plan.waits:
                account, more = changed(account, at_start(plan, account, moment, at))
                events += more


def changed(account: Account, change: Any) -> tuple[Account, tuple[Any, ...]]:
    """The account after a change of tier, if there is one."""
    return (account, ()) if change is None else (account.evolve(account, change), (change,))


def with_tiers(
    account: Account, entry: Any, events: tuple[Any, ...], program: Program, at: datetime
) -> Change[Account]:
    """The change after an entry: with the tier that it brings about, and what follows from that."""
    if not program.tiers:
        return Change(account, events)
    plan = plan_of(program)
    account, change = changed(account, after_entry(plan, account, entry.effective, at))
    account, more = settled_with_tiers(account, plan, at)
    return Change(account, events + change + more)


def corrected(account: Account, at: datetime) -> tuple[Account, tuple[Any, ...]]:
    """Notices of the difference between what was reported and what the fold says, after an entry that came late."""
    return _told(account, unreported(account), at)


def unreported(account: Account) -> list[tuple[datetime, str, str, str, int]]:
    """(instant, what, currency, lot or hold, points) wherever the fold says another number than the notices do."""
    trace: list[Any] = []
    account._ledger_at(account._ledger.clock, trace=trace)  # noqa: SLF001 - our own
    due: dict[tuple[str, str, str], list[Any]] = {}
    for moment, what, currency, name, points in _reported(trace):
        row = due.setdefault((what, currency, name), [moment, 0])
        row[1] += points
    for entry in account.entries():
        what = _WORDS.get(type(entry))
        if what is not None:
            row = due.setdefault((what, entry.currency, entry.key[1]), [entry.effective, 0])  # type: ignore[attr-defined]
            row[1] -= entry.points  # type: ignore[attr-defined]
    return [
        (moment, what, currency, name, points) for (what, currency, name), (moment, points) in due.items() if points
    ]


_WORDS: dict[type, str] = {kind: word for word, kind in _NOTICES.items()}
