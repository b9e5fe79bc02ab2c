"""Examples of consent, what was sent, suppression, erasure and retention."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from relex.calendars import BusinessCalendar, weekly
from relex.customers import (
    Consent,
    ConsentPolicy,
    Decision,
    ErasureItem,
    ErasurePlan,
    Evidence,
    FrequencyCap,
    LegalHold,
    Purpose,
    Reason,
    RetentionPolicy,
    RetentionRule,
    Sent,
    suppress,
    token_digest,
)

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EMAIL = "email:anna@example.com"


def examples() -> list[object]:
    """At least one of each class."""
    evidence = Evidence(source="https://shop.example/join", notice="News by e-mail", token_digest=token_digest("7H2K"))
    purpose = Purpose("news", double_opt_in=True, valid_for=24)
    cap = FrequencyCap("weekly", 3, timedelta(days=7), channel="email", scope="household", exempt=["service"])
    rule = RetentionRule("purchases.Purchase", 120, on_request="anonymize", basis="legal_obligation")
    hold = LegalHold("c7", "case 12/2026", since=AT)
    reasons = (Reason("quiet", until=AT), Reason("cap:weekly", by="weekly", until=AT))
    shut = suppress(EMAIL, key="pepper", at=AT)
    item = ErasureItem(
        kind="purchases.Purchase", id="p1", treatment="anonymize", basis="legal_obligation", until=date(2036, 11, 23)
    )
    return [
        evidence,
        Consent(
            "e1",
            customer="c1",
            at=AT,
            status="requested",
            purpose="news",
            topic="shoes",
            channel="email",
            point=EMAIL,
            evidence=evidence,
            expires_at=AT + timedelta(days=365),
        ),
        Consent("e2", customer="c1", at=AT, status="confirmed", purpose="news", confirms="e1"),
        Consent("e3", customer="c1", at=AT, status="objected", purpose="news", basis="legitimate_interests"),
        Sent("s1", customer="c1", at=AT, channel="email", point=EMAIL, purpose="news", topic="shoes"),
        shut,
        purpose,
        cap,
        ConsentPolicy(
            [purpose, Purpose("service", "opt-out", commercial=False)],
            hours={"phone": BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=ZoneInfo("Europe/Stockholm"))},
            caps=[cap],
            hold_at_most=timedelta(days=3),
        ),
        *reasons,
        Decision(
            outcome="held",
            reasons=reasons,
            next_at=AT,
            customer="c1",
            purpose="news",
            topic=None,
            channel="email",
            point=EMAIL,
            at=AT,
        ),
        rule,
        hold,
        RetentionPolicy([rule, RetentionRule("customers.Customer", 24)], holds=[hold]),
        item,
        ErasurePlan(
            customer="c1",
            requested_at=AT,
            due=date(2026, 12, 23),
            items=(ErasureItem(kind="customers.Customer", id="c1", treatment="delete"), item),
            recipients=("mailer",),
            suppressions=(shut,),
        ),
    ]
