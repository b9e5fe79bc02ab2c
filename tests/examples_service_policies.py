"""Examples of what customers are owed, who is told, what comes next, and when customers are asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from relex.calendars import BusinessCalendar, BusinessDays, Period, weekly
from relex.rules import field
from relex.service import (
    Entitlement,
    EscalationPolicy,
    EscalationRule,
    FollowUp,
    FollowUpRule,
    SlaPolicies,
    SlaPolicy,
    SurveyRequest,
    SurveyTrigger,
    first_response,
    usual_follow_ups,
)

__all__ = ["examples"]

HOUR = timedelta(hours=1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)


def examples() -> list[object]:
    """At least one of each class."""
    return [*_owed(), *_escalations(), *usual_follow_ups(), *_asked()]


def _owed() -> list[object]:
    answered = [first_response(HOUR)]
    old, rest = SlaPolicy("gold", answered, OFFICE), SlaPolicy("rest", answered, OFFICE)
    gold = SlaPolicy("gold", answered, OFFICE, version=2, when=field("product") == "printer")
    return [
        Entitlement("e1", customer="k7", period=Period(date(2026, 1, 1), date(2027, 1, 1)), policy="gold"),
        Entitlement(
            "e2",
            customer="k7",
            period=Period(NOON),
            policy="rest",
            products=["printer", "scanner"],
            channels=["mail"],
            cases=5,
            name="Five cases by mail",
        ),
        SlaPolicies([], rest),
        SlaPolicies([gold], rest, earlier=[old]),
    ]


def _escalations() -> list[object]:
    lead = EscalationRule("lead", notify=["team_lead"])
    head = EscalationRule(
        "head",
        "missed",
        ["first_response", "resolution"],
        after=4 * HOUR,
        when=field("priority") == "urgent",
        notify=["head", "team_lead"],
        assign_to="head",
        active_from=NOON,
        calendar=OFFICE,
    )
    return [
        lead,
        head,
        EscalationPolicy([]),
        EscalationPolicy(
            [lead, head],
            repeat_every=HOUR,
            limit=3,
            kinds=["open"],
            id="chain",
            version=2,
            active_from=NOON,
            calendar=OFFICE,
        ),
    ]


def _asked() -> list[object]:
    return [
        FollowUpRule(
            "remind", "silent_since", BusinessDays(2), "remind", when=field("kind") == "waiting", calendar=OFFICE
        ),
        FollowUp(case="c1", rule="remind", suggest="remind", since=NOON, at=NOON + 2 * HOUR),
        SurveyTrigger(),
        SurveyTrigger(field("channel") == "mail", 24 * HOUR, "case", OFFICE, on="closed", automatic=False),
        SurveyRequest(case="c1", customer="k7", contact="p3", resolution=2, at=NOON),
        SurveyRequest(case="c2", resolution=1, at=NOON),
    ]
