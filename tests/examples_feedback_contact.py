"""Examples of the stored forms of contact policies, invitations and outcome rates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from relex.calendars import BusinessCalendar, weekly
from relex.feedback import (
    ContactDecision,
    ContactPolicy,
    ContactReason,
    ContactRequest,
    ContactRule,
    Disposition,
    Invitation,
    InvitationState,
    OutcomeRates,
    Reminders,
    Wait,
)
from relex.rules import field

__all__ = ["examples"]

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
LATER = AT + timedelta(days=3)


def examples() -> list[object]:
    """At least one of each class."""
    request = ContactRequest(
        contact="c1",
        survey="csat",
        version=2,
        program="transactional",
        wave="2026-Q2",
        about="case-7",
        account="acme",
        channel="email",
        values=[("division", "support"), ("opened", AT)],
    )
    cap = ContactRule(
        "cap",
        within=timedelta(days=14),
        limit=2,
        counts="delivered",
        scope=["account"],
        surveys=field("survey.program") == "relational",
        when=field("value.division") == "support",
    )
    once = ContactRule("once", within=None, counts="displayed", surveys="same")
    wait = Wait("settled", "opened", timedelta(days=30), missing="allow", when=field("survey.id") == "csat")
    reminders = Reminders(timedelta(days=3), limit=2)
    reason = ContactReason("rule:cap", count=2, limit=2, until=LATER)
    return [
        request,
        cap,
        once,
        wait,
        reminders,
        ContactPolicy(
            [cap, once, wait],
            sample=Fraction(1, 3),
            send_window=BusinessCalendar(weekly("mon-fri", "08:00", "18:00"), tz=UTC),
            on_block="defer",
            exempt=["reminder"],
            reminders=reminders,
            version=2,
        ),
        reason,
        ContactReason("consent:refused", detail="consent:expired"),
        ContactDecision(
            outcome="held", reasons=[reason], next_at=LATER, becomes="deferred", number=1, request=request, at=AT
        ),
        Invitation(request=request, at=AT, expires_at=LATER),
        Invitation(request=request, at=AT, status="deferred", reasons=[reason], until=LATER, number=2),
        Disposition(invitation="csat:2026-Q2:c1:case-7", contact="c1", status="bounced", at=AT, reason="mailbox full"),
        InvitationState(
            request=request,
            state="expired",
            reached="opened",
            sent_at=AT,
            last_at=AT,
            reminders=0,
            expires_at=LATER,
            as_of=LATER,
        ),
        OutcomeRates([("I", 3), ("NC", Fraction(1, 2))], e="proportional", weighted=True),
    ]
