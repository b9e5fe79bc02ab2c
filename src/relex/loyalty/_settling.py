"""What time did: notices of starts and ends, and corrections when a late entry changes what was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.changes import Change
from relex.loyalty._events import PointsExpired, PointsMatured

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._program import Program

__all__ = ["settled", "with_tiers"]

_NOTICES = {"matured": PointsMatured, "expired": PointsExpired}


def settled(account: Account, program: Program, at: datetime) -> tuple[Account, tuple[Any, ...]]:
    """The account with notices of all that time did up to an instant."""
    if not account._ledger.due(at):  # noqa: SLF001 - our own
        return account, ()
    trace: list[Any] = []
    account._ledger.fork(trace).advance(at)  # noqa: SLF001 - our own
    events = []
    for moment, what, currency, lot, points in sorted(trace, key=lambda effect: (effect[0], effect[1] == "expired")):
        event = _NOTICES[what](
            source=account.id, version=account.version + 1, at=at, effective=moment, lot=lot, currency=currency, points=points
        )
        account = account.evolve(account, event)
        events.append(event)
    return account, tuple(events)


def with_tiers(account: Account, events: tuple[Any, ...], program: Program, at: datetime) -> Change[Account]:
    return Change(account, events)
