"""Examples of when deals are stale, and of what stands out in them."""

from __future__ import annotations

from datetime import UTC, timedelta

from relex.calendars import BusinessCalendar, BusinessDays, Days, weekly
from relex.pipeline import HealthPolicy, StalePolicy
from relex.rules import field

__all__ = ["examples"]


def examples() -> list[object]:
    """At least one of each class."""
    office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
    return [
        StalePolicy(),
        StalePolicy(warn_after=Days(14), stale_after=timedelta(days=20, hours=12)),
        StalePolicy(
            "last_activity",
            stale_after=BusinessDays(10),
            calendar=office,
            unless=field("next_step_due").after(days=0),
        ),
        HealthPolicy(),
        HealthPolicy(pushes=3, contacts=1, quiet_after=30, ignore=("no_owner", "no_amount")),
    ]
