"""Examples of the stored forms of surveys and of responses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from relex.feedback import Answer, Choice, ContactRule, Jump, Metric, Question, Response, Scale, Survey
from relex.rules import field

__all__ = ["examples"]

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


def examples() -> list[object]:
    """At least one of each class."""
    late = Choice("late", {"en": "Too late", "de": "Zu spät"})
    jump = Jump("end", field("answer.q1") >= 9)
    asked = [
        Question("q1", "scale", metric=Metric.nps(), required=True, wording="How likely?", skip_to=[jump]),
        Question("q2", "choices", choices=[late, "rude"], when=field("answer.q1") <= 6),
        Question("q3", "scale", scale=Scale(1, 4), when=field("contact.country") == "AT"),
    ]
    answers = [
        Answer("q1", 5),
        Answer("q2", ("late", "rude")),
        Answer("q3", 4, status="not_shown", reason="off_path"),
        Answer("q4", "Zu spät und unfreundlich"),
        Answer("q5", "late", is_code=True),
        Answer("q6", Decimal("1.50")),
        Answer("q7", True),
        Answer("q8", date(2026, 5, 1)),
        Answer("q9", status="dismissed"),
    ]
    return [
        late,
        jump,
        *asked,
        Survey(
            "pulse",
            asked,
            version=2,
            program="transactional",
            opens=AT,
            closes=AT + timedelta(days=14),
            languages=["en", "de"],
            contact_rules=[ContactRule("cooldown", within=timedelta(days=90))],
        ),
        *answers,
        Response(
            submission="s1",
            survey="pulse",
            version=2,
            at=AT,
            revision=2,
            program="transactional",
            took=timedelta(seconds=95),
            answers=answers,
            source="web",
            contact="c1",
            account="a1",
            role="buyer",
            channel="email",
            language="de",
            invitation="i1",
            touchpoint="delivery",
            touched_at=AT - timedelta(days=2),
            stage="onboarding",
            wave="2026-Q2",
            about="p1",
            tags=["pilot"],
        ),
        Response(submission="s2", survey="pulse", at=AT, submitted=False, excluded="test"),
    ]
