"""Examples of goals, milestones and service levels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from relex.calendars import BusinessCalendar, weekly
from relex.rules import field
from relex.service import Goal, Milestone, SlaPolicy, first_response, next_response, resolution, team

__all__ = ["examples"]

HOUR = timedelta(hours=1)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
ALWAYS = BusinessCalendar.always(UTC)


def examples() -> list[object]:
    """At least one of each class."""
    urgent = Goal(HOUR / 2, ALWAYS)
    return [
        Goal(HOUR),
        urgent,
        first_response(HOUR),
        next_response({"urgent": urgent, "normal": 4 * HOUR}, waits="last_message"),
        resolution(8 * HOUR, on_reopen="restart", hold_time="wall", warnings=["3/4", Decimal("0.9"), HOUR]),
        team(8 * HOUR, holds=["waiting_customer"]),
        Milestone(
            "care",
            HOUR,
            starts=field("kind") == "open",
            stops=("replied", ~(field("kind") == "open")),
            recurrence="sequential",
            cancels=(),
        ),
        SlaPolicy("rest", [first_response(HOUR)], OFFICE),
        SlaPolicy(
            "gold",
            [first_response({"urgent": urgent}), resolution({"urgent": 4 * HOUR})],
            OFFICE,
            version=2,
            name="Gold",
            when=field("customer").is_in("k7", "k8"),
            calendars=[(field("team") == "night", ALWAYS)],
            active_from=datetime(2026, 6, 1, tzinfo=UTC),
            reselect="on_change",
            reselect_on=["customer", "product"],
        ),
    ]
