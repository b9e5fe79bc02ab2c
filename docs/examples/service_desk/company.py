"""What this company decides: its hours, its statuses and types, what it promises to whom, and whom it tells when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from relex import field
from relex.calendars import BusinessCalendar, Period, weekly
from relex.service import (
    CaseFlow,
    Entitlement,
    EscalationPolicy,
    EscalationRule,
    Goal,
    Priorities,
    ReopenPolicy,
    SlaPolicies,
    SlaPolicy,
    first_response,
    next_response,
    resolution,
)

ZONE = ZoneInfo("Europe/Berlin")
BEGAN = datetime(2025, 7, 1, tzinfo=UTC)
HOLIDAYS = (
    *(date(2025, 10, 3), date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1), date(2026, 4, 3)),
    *(date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25)),
)
OFFICE = BusinessCalendar(weekly("mon-fri", "08:00", "18:00"), holidays=HOLIDAYS, tz=ZONE)
ALWAYS = BusinessCalendar.always(ZONE)

LEVELS = ("urgent", "high", "normal", "low")
TYPES = ("question", "incident", "billing", "request")
FLOW = CaseFlow(
    "desk",
    priorities=Priorities(LEVELS, default="normal", by_type={"incident": "high"}),
    types=TYPES,
    reopening=ReopenPolicy(),
)


def hours(*given: float) -> dict[str, timedelta]:
    """A goal for each priority, the highest first."""
    return {level: timedelta(hours=each) for level, each in zip(LEVELS, given, strict=True)}


# Gold customers are promised twice the pace, and in an emergency the clock of the solution runs at night, too.
STANDARD = SlaPolicy(
    "standard",
    [
        first_response(hours(1, 4, 8, 16), warnings=["3/4"]),
        next_response(hours(2, 6, 10, 20)),
        resolution(hours(4, 10, 20, 40), warnings=["3/4"]),
    ],
    OFFICE,
    name="Standard",
)
GOLD = SlaPolicy(
    "gold",
    [
        first_response(hours(0.5, 2, 4, 8), warnings=["3/4"]),
        next_response(hours(1, 3, 5, 10)),
        resolution({**hours(4, 6, 10, 20), "urgent": Goal(timedelta(hours=6), ALWAYS)}, warnings=["3/4"]),
    ],
    OFFICE,
    when=field("tags").contains("gold"),
    name="Gold",
)
POLICIES = SlaPolicies([GOLD], STANDARD)
ENTITLEMENTS = tuple(
    Entitlement(
        f"gold-{number:03}",
        customer=f"k-{number:03}",
        period=Period(date(2025, 7, 1), date(2026, 7, 1)),
        policy="gold",
    )
    for number in range(3, 40, 4)
)
ESCALATION = EscalationPolicy(
    [
        EscalationRule("unanswered", "overdue", ["first_response"], notify=["shift lead"]),
        EscalationRule("unsolved", "overdue", ["resolution"], notify=["owner", "team lead"]),
        EscalationRule("head", "overdue", ["resolution"], after=timedelta(days=2), notify=["head of service"]),
    ]
)
