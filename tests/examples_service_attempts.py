"""Examples of calls that were offered, and of what is measured of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.calendars import BusinessCalendar, weekly
from relex.service import Abandonment, ContactAttempt, HandlingTime, ServiceLevel, SpeedOfAnswer

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def examples() -> list[object]:
    """At least one of each class: a call that was answered, one that gave up, and one that nobody ended."""
    office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
    return [
        SpeedOfAnswer(),
        SpeedOfAnswer(name="office", calendar=office, dated="end", statistics=["median", "p99.9"]),
        HandlingTime(name="handling", statistics=["mean"]),
        Abandonment(calendar=office, short=timedelta(seconds=5)),
        ServiceLevel(within=timedelta(seconds=20)),
        ServiceLevel(name="net", within=timedelta(0), of="offered_less_short", short=timedelta(seconds=5)),
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
