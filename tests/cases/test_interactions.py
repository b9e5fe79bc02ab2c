"""Interactions: client clocks, effort, reply time, strength, timelines, CloudEvents.

Sources: Segment (spec of tracking calls), Dynamics 365 (relationship analytics), ERPNext (test_issue), CloudEvents
1.0.2; the others were worked out by hand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.customers import CustomersMerged
from relex.interactions import (
    Interaction,
    Participant,
    client_time,
    effort,
    from_cloudevent,
    iter_timeline,
    reply_times,
    strength,
    strength_card,
    timeline,
    to_cloudevent,
)
from relex.purchases import Line, Purchase

DAY = datetime(2025, 5, 1, tzinfo=UTC)


def clock(text: str) -> datetime:
    """An instant of the day, as hours, minutes and perhaps seconds."""
    return datetime.fromisoformat(f"2025-05-01T{text}+00:00")


def contact(id: str, at: datetime = DAY, **fields: Any) -> Interaction:  # noqa: A002 - as the field
    return Interaction(id, **({"at": at, "channel": "email", "direction": "inbound"} | fields))


@pytest.mark.parametrize(
    ("received", "sent", "original", "at", "note"),
    [
        pytest.param("10:00:05", "09:57:00", "09:55:30", "09:58:35", None, id="clock behind"),
        pytest.param("10:00:00", "09:00:00", "09:00:30", "10:00:00", "client-clock", id="made after it was sent"),
    ],
)
def test_time_of_a_client_event(received: str, sent: str, original: str, at: str, note: str | None) -> None:
    found = client_time(clock(received), sent_at=clock(sent), original_at=clock(original))

    assert (clock(at), note) == (found.at, found.note)


def own(*named: str, role: str = "attendee") -> list[Participant]:
    return [Participant(name, "own", role) for name in named]


def customers(count: int, role: str = "attendee") -> list[Participant]:
    return [Participant(f"c{number}", role=role) for number in range(count)]


EFFORT = [
    pytest.param(
        contact(
            "meeting",
            channel="meeting",
            direction="outbound",
            duration=timedelta(minutes=30),
            participants=own("ann", "bob", "cy") + customers(2),
        ),
        90,
        30,
        id="meeting",
    ),
    pytest.param(
        contact(
            "sent",
            direction="outbound",
            participants=own("ann", role="from") + own("bob", "cy", role="cc") + customers(3, "to"),
        ),
        10,
        Decimal("2.5"),
        id="e-mail sent",
    ),
    pytest.param(contact("got", participants=customers(1, "from") + own("ann", "bob", role="to")), 5, 5, id="received"),
    pytest.param(
        contact(
            "call", channel="phone", duration=timedelta(minutes=12), participants=customers(1, "from") + own("ann")
        ),
        12,
        12,
        id="call",
    ),
]


@pytest.mark.parametrize(("interaction", "team", "customer"), EFFORT)
def test_effort_of_one(interaction: Interaction, team: int, customer: int | Decimal) -> None:
    found = effort([interaction])

    assert (team, customer) == (found.team.value, found.customer.value)


def test_effort_in_total() -> None:
    found = effort([case.values[0] for case in EFFORT])  # type: ignore[misc]  # the first of each case

    assert (117, Decimal("49.5")) == (found.team.value, found.customer.value)


@pytest.mark.parametrize(
    ("steps", "seconds"),
    [
        pytest.param("in 04:00, out 04:15, in 05:00, out 05:05", 600, id="ERPNext test_issue"),
        pytest.param("in 10:00, in 10:10, out 10:30", 1800, id="further inbound does not restart"),
    ],
)
def test_reply_time(steps: str, seconds: int) -> None:
    told = [step.split() for step in steps.split(", ")]
    given = [
        contact(f"i{place}", clock(at), direction=f"{direction}bound", related=[("thread", "t1")])
        for place, (direction, at) in enumerate(told)
    ]

    assert seconds == reply_times(given).mean.value


def test_strength() -> None:
    """15 + 2.5 + 2.5."""
    card = strength_card({"meeting": Decimal("1.5"), "email": Decimal("0.5"), "phone": 1})
    given = [
        contact("today", channel="meeting"),
        contact("a month ago", DAY - timedelta(days=30)),
        contact("two months ago", DAY - timedelta(days=60), channel="phone"),
    ]
    found = strength(given, card, as_of=DAY)

    assert (Fraction(20), "poor") == (found.score.total, found.band)


def test_strength_by_default_is_the_same() -> None:
    assert {"email": 5, "meeting": 15, "phone": 10}.items() <= {
        rule.name: rule.points
        for rule in strength_card().rules  # type: ignore[union-attr]  # all are score rules
    }.items()


@pytest.mark.parametrize(("total", "band"), [(60, "good"), (59, "fair"), (40, "fair"), (39, "poor"), (0, "poor")])
def test_bands_of_strength(total: int, band: str) -> None:
    assert band == strength_card().band_of(total)


def test_order_of_a_timeline() -> None:
    """At one instant an interaction comes before a purchase."""
    ten, nine = clock("10:00"), clock("09:00")
    sale = Purchase("p1", at=ten, currency="USD", lines=[Line(1, "mug", 1, gross="10.00")])
    given = [[sale], [contact("i1", ten), contact("i2", nine)]]

    assert [item.id for item in iter_timeline(*given, newest_first=False)] == ["i2", "i1", "p1"]
    assert [item.id for item in timeline(*given).items] == ["p1", "i1", "i2"]


def test_a_cloudevent() -> None:
    event = CustomersMerged(
        source="c1",
        version=3,
        at=datetime(2025, 5, 1, 9, tzinfo=timezone(timedelta(hours=2))),
        other="c2",
        by="ann",
        reason="same card",
        records=(),
        parts=(),
    )
    told = to_cloudevent(event, "https://crm.example")

    assert {
        "specversion": "1.0",
        "id": "3",
        "source": "https://crm.example/customers/c1",
        "type": "relex.customers.CustomersMerged.v1",
        "subject": "c1",
        "time": "2025-05-01T07:00:00Z",
        "datacontenttype": "application/json",
    }.items() <= told.items()
    assert event == from_cloudevent(told)
