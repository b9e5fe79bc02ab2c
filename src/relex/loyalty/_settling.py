"""What time did: notices of starts and ends, reviews of the tier, and corrections of what was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.changes import Change
from relex.loyalty._notices import PointsExpired, PointsMatured
from relex.loyalty._plan import plan_of
from relex.loyalty._reviews import after_entry, at_boundary, next_boundary
from relex.loyalty._tiers import WhileMet

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._events import Entry
    from relex.loyalty._plan import Plan
    from relex.loyalty._program import Program

__all__ = ["changed", "corrected", "settled", "settled_with_tiers", "with_tiers"]

_NOTICES = {"matured": PointsMatured, "expired": PointsExpired}


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
    return sorted([effect for effect in trace if effect[1] in _NOTICES], key=_when)


def _told(account: Account, effects: list[Any], at: datetime) -> tuple[Account, tuple[Any, ...]]:
    events = []
    for moment, what, currency, lot, points in effects:
        event = _notice(account, what, at, moment, lot, currency, points)
        account = account.evolve(account, event)
        events.append(event)
    return account, tuple(events)


def _when(effect: Any) -> tuple[datetime, bool]:
    return effect[0], effect[1] == "expired"


def _notice(account: Account, what: str, at: datetime, moment: datetime, lot: str, currency: str, points: int) -> Entry:
    return _NOTICES[what](
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=moment,
        lot=lot,
        currency=currency,
        points=points,
    )


def settled_with_tiers(account: Account, plan: Plan, at: datetime) -> tuple[Account, tuple[Any, ...]]:
    """Boundary by boundary: at one instant a review of the tier comes before the lots that end there."""
    events: tuple[Any, ...] = ()
    policy = plan.program.tier_policy
    on_balance = policy.measure == "balance" and isinstance(policy.keeps, WhileMet)
    judged = None
    while True:
        ledger_due = account._ledger.next_due()  # noqa: SLF001 - our own
        tier_due = next_boundary(plan, account, judged, at)
        moment = min(ledger_due, tier_due)
        if moment > at:
            return account, events
        effects = _effects(account, moment) if ledger_due == moment else []
        if tier_due == moment:
            account, more = changed(account, at_boundary(plan, account, moment, at))
            events, judged = events + more, moment
        if effects:
            account, notices = _told(account, effects, at)
            events += notices
            if on_balance:
                account, more = changed(account, at_boundary(plan, account, moment, at))
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
    trace: list[Any] = []
    account._ledger_at(account._ledger.clock, trace=trace)  # noqa: SLF001 - our own
    due: dict[tuple[str, str, str], list[Any]] = {}
    for moment, what, currency, lot, points, *_ in sorted(trace, key=_when):
        if what in _NOTICES:
            row = due.setdefault((what, currency, lot), [moment, 0])
            row[1] += points
    for entry in account.entries():
        what = _WORDS.get(type(entry))
        if what is not None:
            row = due.setdefault((what, entry.currency, entry.lot), [entry.effective, 0])  # type: ignore[attr-defined]
            row[1] -= entry.points  # type: ignore[attr-defined]
    events = []
    for (what, currency, lot), (moment, points) in due.items():
        if points:
            event = _notice(account, what, at, moment, lot, currency, points)
            account = account.evolve(account, event)
            events.append(event)
    return account, tuple(events)


_WORDS: dict[type, str] = {kind: word for word, kind in _NOTICES.items()}
