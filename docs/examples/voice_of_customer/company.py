"""A coffee roaster that asks cafés after its deliveries: what it asks, whom, and what it does about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from relex import BusinessCalendar, field
from relex.calendars import weekly
from relex.feedback import (
    ContactPolicy,
    ContactRule,
    KeywordTopics,
    LoopRule,
    Metric,
    Question,
    Reminders,
    Survey,
    Topic,
    TopicWords,
)
from relex.service import (
    CaseFlow,
    EscalationPolicy,
    EscalationRule,
    SlaPolicy,
    first_response,
    resolution,
)

ZONE = ZoneInfo("Europe/Vienna")
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=ZONE)
START, END = datetime(2025, 7, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 30, 15, tzinfo=ZONE)

NPS = Metric.nps()
STARS = Metric.csat(5)
DRIVERS = ("taste", "delivery", "staff", "price")

SURVEY = Survey(
    "after-delivery",
    [
        Question("recommend", "scale", metric=NPS, required=True, wording={"en": "Would you recommend us?"}),
        *[
            Question(name, "scale", metric=STARS, wording={"en": f"How happy are you with the {name}?"})
            for name in DRIVERS
        ],
        Question("comment", "text", wording={"en": "What should we know?"}),
        Question("call", "boolean", when=field("answer.recommend") <= 6, wording={"en": "May we call you?"}),
    ],
    program="transactional",
    languages=["en"],
)

CONTACT = ContactPolicy(
    [
        ContactRule("rest", within=timedelta(days=30)),
        ContactRule("answered", within=timedelta(days=60), counts="responded"),
        ContactRule("account", limit=3, within=timedelta(days=14), scope=("account",)),
    ],
    sample=Fraction(4, 5),
    send_window=OFFICE,
    reminders=Reminders(timedelta(days=5)),
)

TOPICS = KeywordTopics(
    [
        TopicWords(Topic("delivery"), ["delivery", "driver", "late", "parcel"]),
        TopicWords(Topic("taste"), ["taste", "roast", "bitter", "beans"]),
        TopicWords(Topic("price"), ["price", "expensive", "cheap"]),
        TopicWords(Topic("people"), ["staff", "friendly", "support", "hotline"]),
    ]
)

LOOP = (
    LoopRule("detractor", field("band") == "detractor", priority="high", target=timedelta(hours=16), calendar=OFFICE),
    LoopRule("asks for a call", field("follow_up.requested").is_in(True), priority="normal", target=timedelta(hours=8)),
)

FOLLOW_UPS = CaseFlow("follow-up")
FOLLOW_UP_PROMISE = SlaPolicy(
    "follow-up",
    [
        first_response({"high": timedelta(hours=16), "normal": timedelta(hours=24)}),
        resolution({"high": timedelta(hours=40), "normal": timedelta(hours=80)}),
    ],
    OFFICE,
)
ESCALATIONS = EscalationPolicy(
    [EscalationRule("unanswered", milestones=("first_response",), notify=("head of service",))]
)

LOSS = {"detractor": Decimal("0.5"), "passive": Decimal("0.3")}
"""How likely an account of a class is to leave within a year: what this company believes, not what anybody knows."""
