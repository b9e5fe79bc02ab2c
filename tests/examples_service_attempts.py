"""Examples of calls that were offered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.service import ContactAttempt

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def examples() -> list[object]:
    """One that was answered, one that gave up, and one that nobody ended."""
    return [
        ContactAttempt(
            "t1",
            at=AT,
            channel="phone",
            customer="c1",
            queue="first line",
            team="support",
            case="k1",
            answered_at=AT + timedelta(seconds=20),
            by="ann",
            talk=timedelta(minutes=4),
            hold=timedelta(0),
            wrap_up=timedelta(seconds=40),
            transferred_to="second line",
        ),
        ContactAttempt("t2", at=AT, channel="chat", abandoned_at=AT + timedelta(seconds=5)),
        ContactAttempt("t3", at=AT, channel="phone"),
    ]
