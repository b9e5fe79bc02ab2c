"""Examples of rules of the closed loop, and of signals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.calendars import BusinessCalendar, BusinessDays, weekly
from relex.feedback import LoopRule, Signal
from relex.rules import field

__all__ = ["examples"]


def examples() -> list[object]:
    """At least one of each class."""
    at = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
    return [
        LoopRule("praise", field("score") >= 9),
        LoopRule(
            "detractor",
            (field("band") == "detractor") & (field("account.segment") == "key"),
            priority="high",
            target=timedelta(hours=48),
            active_from=at,
            version=2,
        ),
        LoopRule(
            "wish",
            field("follow_up.requested") == True,  # noqa: E712 - the notation of rules
            target=BusinessDays(2),
            calendar=office,
            once_per="contact",
        ),
        Signal(id="praise:s1", rule="praise", response="s1:1", survey="nps", at=at),
        Signal(
            id="detractor:crm:s2",
            rule="detractor",
            rule_version=2,
            response="crm:s2:3",
            survey="nps",
            at=at,
            account="acme",
            contact="ann",
            priority="high",
            due=at + timedelta(hours=48),
            score=3,
            band="detractor",
            about="p17",
            touchpoint="delivery",
        ),
    ]
