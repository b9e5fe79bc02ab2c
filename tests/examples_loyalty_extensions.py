"""Examples of extensions, of refunds and of seals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.calendars import Months
from relex.loyalty import (
    ExpiryExtended,
    Extension,
    PointsAdjusted,
    PointsReversed,
    RedemptionRestored,
    Restore,
    Seal,
    TierPolicy,
)
from relex.rules import field

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=400)


def examples() -> list[object]:
    """At least one of each class."""
    entry = {"source": "a1", "version": 7, "at": AT, "effective": AT}
    points = {"currency": "points", "points": 5}
    return [
        Extension(Months(6), when=field("account.tier") == "gold"),
        ExpiryExtended(
            **entry,
            id="e1",
            ends=(("l1", "points", LATER),),
            reason="goodwill",
            actor="ann",
            asked=(("l1",), LATER),
            program_version=2,
        ),
        Restore("reissue", on_return="full_only"),
        TierPolicy(counts="activation"),
        Seal(account="a1", version=7, digest="0f" * 32),
        PointsAdjusted(**entry, **points, id="j2", reason="late", actor="ann", origin="l1", qualifying=True),
        PointsReversed(
            **entry,
            id="purchase:s1",
            occasion=("purchase", "s1"),
            awarded_at=AT,
            lots=(),
            reach="allow_debt",
            voids=True,
            reason="test sale",
        ),
        RedemptionRestored(**entry, **points, id="r1:d1", redemption="d1", refund="r1"),
    ]
