"""Who may be asked now: the worked cases of feedback, section 8.

Sources: Qualtrics contact frequency (FB-36), the duplication rule of CustomerGauge (FB-37), `utils.test.ts` of
Formbricks (FB-38); FB-35 and the draws were worked out by hand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.feedback import (
    Answer,
    ContactHistory,
    ContactPolicy,
    ContactRequest,
    ContactRule,
    Disposition,
    Invitation,
    Response,
    stable_draw,
)

ACCOUNT = {"c1": "acme", "c2": "acme", "c3": "acme"}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def request(survey: str, contact: str = "c1", **more: Any) -> ContactRequest:
    return ContactRequest(survey=survey, contact=contact, account=ACCOUNT[contact], **more)


def sent(survey: str, at: str, contact: str = "c1", **more: Any) -> Invitation:
    return Invitation(request=request(survey, contact, **more), at=utc(at))


RELATIONSHIP = sent("relationship", "2024-01-01 09:00", wave="2024-Q1")
LAST = sent("csat", "2024-03-28 09:00")
HISTORY: list[Any] = [
    RELATIONSHIP,
    Response(
        submission="s1",
        survey="relationship",
        at=utc("2024-01-03 10:00"),
        answers=[Answer("q1", 9)],
        contact="c1",
        invitation=RELATIONSHIP.id,
    ),
    sent("csat", "2024-03-20 09:00", "c2"),
    sent("csat", "2024-03-25 09:00", "c3"),
    LAST,
    Disposition(invitation=LAST.id, contact="c1", status="declined", at=utc("2024-03-28 12:00")),
]
RULES = [
    ContactRule("cooldown", within=timedelta(days=7)),
    ContactRule("same-survey", within=timedelta(days=90), counts="responded", surveys="same"),
    ContactRule("declined", within=timedelta(days=30), counts="declined"),
    ContactRule("account", within=timedelta(days=14), limit=2, scope=["account"]),
]
AGAIN = request("relationship", wave="2024-Q2")
AT = utc("2024-04-01 09:00")


def test_fb_35_is_blocked_by_all_four() -> None:
    """FB-35: all reasons with count, limit and release; the last release is that of the refusal."""
    decision = ContactPolicy(RULES).decide(AGAIN, HISTORY, at=AT, consent=True)

    assert (decision.outcome, decision.next_at) == ("held", utc("2024-04-27 12:00"))
    assert [(reason.code, reason.count, reason.limit, reason.until) for reason in decision.reasons] == [
        ("rule:cooldown", 1, 1, utc("2024-04-04 09:00")),
        ("rule:same-survey", 1, 1, utc("2024-04-02 10:00")),
        ("rule:declined", 1, 1, utc("2024-04-27 12:00")),
        ("rule:account", 3, 2, utc("2024-04-08 09:00")),
    ]


def test_fb_35_waits_for_the_send_window() -> None:
    """FB-35: 27 April 2024 is a Saturday."""
    hours = BusinessCalendar(weekly("mon-fri", "08:00", "18:00"), tz=UTC)
    decision = ContactPolicy(RULES, send_window=hours).decide(AGAIN, HISTORY, at=AT, consent=True)

    assert decision.next_at == utc("2024-04-29 08:00")


@pytest.mark.parametrize(
    ("at", "outcome"),
    [pytest.param("2025-01-02 07:59", "held", id="before"), pytest.param("2025-01-02 08:00", "allowed", id="at")],
)
def test_fb_36_one_in_a_day(at: str, outcome: str) -> None:
    """FB-36: at most one in 24 hours, sent on 1 January at 08:00."""
    policy = ContactPolicy([ContactRule("daily", within=timedelta(hours=24))])

    assert (
        policy.decide(request("nps"), [sent("csat", "2025-01-01 08:00")], at=utc(at), consent=True).outcome == outcome
    )


def test_fb_37_each_division_counts_for_itself() -> None:
    """FB-37: support, support and finance of one contact: sent, blocked, sent."""
    policy = ContactPolicy([ContactRule("duplicate", within=timedelta(days=90), scope=["contact", "division"])])
    history = ContactHistory()
    outcomes = []
    for day, (about, division) in enumerate([("t1", "support"), ("t2", "support"), ("t3", "finance")]):
        asked = request("csat", about=about, values={"division": division})
        decision = policy.decide(asked, history, at=AT + timedelta(days=day), consent=True)
        history.add(decision.invitation())
        outcomes.append(decision.becomes)

    assert outcomes == ["sent", "suppressed", "sent"]


ONCE = ContactRule("once", within=None, counts="displayed", surveys="same")
COOLDOWN = ContactRule("cooldown", within=timedelta(days=7), counts="displayed", surveys="same")


def shown(before: timedelta | None) -> list[Any]:
    if before is None:
        return []
    invitation = Invitation(request=request("popup"), at=AT - before)
    return [invitation, Disposition(invitation=invitation.id, contact="c1", status="opened", at=AT - before)]


def answered() -> list[Any]:
    response = Response(
        submission="s1",
        survey="popup",
        at=AT,
        answers=[Answer("q1", 5)],
        contact="c1",
        invitation=shown(timedelta(1))[0].id,
    )
    return [*shown(timedelta(days=1)), response]


@pytest.mark.parametrize(
    ("rules", "history", "outcome"),
    [
        pytest.param([ONCE], shown(timedelta(days=400)), "refused", id="once, shown"),
        pytest.param([ONCE], shown(None), "allowed", id="once, never shown"),
        pytest.param([], answered(), "allowed", id="repeatedly, answered"),
        pytest.param([COOLDOWN], shown(timedelta(days=2)), "held", id="two days ago"),
        pytest.param([COOLDOWN], shown(timedelta(days=10)), "allowed", id="ten days ago"),
        pytest.param([COOLDOWN], shown(timedelta(hours=7 * 24)), "allowed", id="exactly seven days ago"),
    ],
)
def test_fb_38_displays(rules: list[ContactRule], history: list[Any], outcome: str) -> None:
    """FB-38: shown once, as often as anybody likes, and with a cool-down of the survey's own."""
    assert ContactPolicy(rules).decide(request("popup"), history, at=AT, consent=True).outcome == outcome


def test_draws_are_stable() -> None:
    """c1 is out of a third of the first wave of 2024, and c2 is in."""
    draws = [stable_draw("nps", contact, "2024-Q1") for contact in ("c1", "c2")]
    policy = ContactPolicy(sample=Fraction(1, 3))
    outcomes = [policy.decide(AGAIN, at=AT, consent=True, draw=draw).outcome for draw in draws]

    assert draws[0] == Fraction(8066722626538168815, 2**64)
    assert [f"{float(draw):.10f}" for draw in draws] == ["0.4372979098", "0.0924926127"]
    assert outcomes == ["refused", "allowed"]
