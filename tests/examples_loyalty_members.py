"""Examples of members, and of points that move between accounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.loyalty import (
    AccountClosed,
    Credit,
    Member,
    MemberAdded,
    MemberRemoved,
    MovedLot,
    PointsReceived,
    PointsSent,
)

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=7)


def examples() -> list[object]:
    """At least one of each class."""
    told = {"source": "a1", "version": 7, "at": AT}
    entry = told | {"effective": AT}
    credit = Credit(
        lot="receive:t1", currency="points", points=5, earned_at=AT, available_at=AT, expires_at=LATER, own_end=LATER
    )
    moved = MovedLot(lot="purchase:s1", credit=credit)
    return [
        Member(customer="c1", role="owner", since=AT),
        Member(customer="c2", role="contributor", since=LATER),
        MemberAdded(**told, customer="c2", role="contributor"),
        MemberRemoved(**told, customer="c2"),
        moved,
        PointsSent(**entry, id="t1", other="a2", moved=(moved,), member="c1"),
        PointsReceived(**entry, id="t1", other="a2", moved=(moved,), expiry="reset", deadlines=(("points", LATER),)),
        PointsReceived(**entry, id="a2", other="a2", moved=(moved,), absorbed=True, owed=(("status", 3),), purchases=2),
        AccountClosed(**entry, reason="merged", into="a2"),
    ]
