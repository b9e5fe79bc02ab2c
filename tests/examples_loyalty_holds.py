"""Examples of holds and of lots in escrow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.calendars import Days, Months
from relex.loyalty import (
    Credit,
    Escrow,
    EscrowActivated,
    EscrowCanceled,
    HoldCaptured,
    HoldLapsed,
    HoldVoided,
    InEscrow,
    PointsHeld,
)

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=7)


def examples() -> list[object]:
    """At least one of each class."""
    entry = {"source": "a1", "version": 7, "at": AT, "effective": AT}
    points = {"currency": "points", "points": 5}
    waits = InEscrow(on="delivered", lasts=Months(12))
    credit = Credit(lot="l1", currency="points", points=5, earned_at=AT, available_at=LATER, escrow=waits)
    return [
        Escrow("delivered", Days(60)),
        Escrow("checked", timedelta(hours=36)),
        waits,
        InEscrow(on="delivered"),
        credit,
        PointsHeld(**entry, **points, id="h1", until=LATER, reward="mug", member="c2"),
        PointsHeld(**entry, **points, id="h2", until=LATER, late_until=LATER, reissued=True, purchase="s1"),
        HoldCaptured(**entry, **points, hold="h1", released=2, deadlines=(("points", LATER),)),
        HoldVoided(**entry, **points, hold="h1", late_until=LATER),
        HoldLapsed(**entry, **points, hold="h1"),
        EscrowActivated(**entry, occasion=("purchase", "s1"), on="delivered", lots=(credit,)),
        EscrowCanceled(**entry, **points, lot="l1"),
        EscrowCanceled(
            **entry,
            **points,
            lot="l2",
            occasion=("purchase", "s1"),
            awarded_at=AT,
            uses=(("program/0", "", "points", 5, "1", 500),),
        ),
    ]
