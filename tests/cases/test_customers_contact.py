"""Whether and when somebody may be contacted: frequency caps, quiet time, and both together.

Sources: Dynamics 365 (frequency cap), Qualtrics (contact frequency rules), HubSpot (workflow settings: delays that end
outside the hours); the others were worked out by hand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.customers import (
    ConsentPolicy,
    Customer,
    Decision,
    FrequencyCap,
    PersonName,
    Purpose,
    Sent,
    may_contact,
)
from relex.parties import ContactPoint

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NEW_YORK = ZoneInfo("America/New_York")
E = ContactPoint("email", "anna@example.com")
ANNA = (
    Customer.open("c1", PersonName("Anna Berg"), at=datetime(2024, 1, 1, tzinfo=UTC))
    .then(lambda state: state.add_point(E, at=state.changed_at))
    .state
)
DAY, WEEK = timedelta(hours=24), timedelta(days=7)


def day_hours(opens: str, closes: str, days: str = "mon-sun") -> BusinessCalendar:
    return BusinessCalendar(weekly(days, opens, closes), tz=STOCKHOLM)


def in_zone(text: str, tz: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=tz)


def asked(
    at: datetime, *sent: datetime, cap: tuple[int, timedelta] | None = None, hours: BusinessCalendar | None = None
) -> Decision:
    """A newsletter that nobody refused."""
    policy = ConsentPolicy(
        [Purpose("newsletter", "opt-out")],
        caps=[] if cap is None else [FrequencyCap("often", *cap)],
        hours=hours if hours is not None else (),
    )
    log = [
        Sent(f"s{number}", customer="c1", at=each, channel="email", point=E, purpose="newsletter")
        for number, each in enumerate(sent)
    ]
    return may_contact(ANNA, E, "newsletter", policy=policy, ledger=[], sent=log, at=at)


@pytest.mark.parametrize(
    ("cap", "sent", "at", "next_at"),
    [
        pytest.param((1, DAY), ["2025-05-01 10:01"], "2025-05-02 10:00", "2025-05-02 10:01", id="Dynamics held"),
        pytest.param((1, DAY), ["2025-05-01 10:01"], "2025-05-02 10:01", None, id="Dynamics allowed"),
        pytest.param((1, DAY), ["2025-01-01 08:00"], "2025-01-01 12:00", "2025-01-02 08:00", id="Qualtrics"),
        pytest.param(
            (3, WEEK),
            ["2025-06-01 09:00", "2025-06-03 09:00", "2025-06-06 09:00"],
            "2025-06-07 12:00",
            "2025-06-08 09:00",
            id="three a week",
        ),
        pytest.param(
            (2, WEEK),
            ["2025-06-01 09:00", "2025-06-03 09:00", "2025-06-06 09:00"],
            "2025-06-07 12:00",
            "2025-06-10 09:00",
            id="two a week",
        ),
        pytest.param(
            (4, WEEK),
            ["2025-06-01 09:00", "2025-06-03 09:00", "2025-06-06 09:00"],
            "2025-06-07 12:00",
            None,
            id="four a week",
        ),
    ],
)
def test_caps(cap: tuple[int, timedelta], sent: list[str], at: str, next_at: str | None) -> None:
    found = asked(in_zone(at, UTC), *(in_zone(each, UTC) for each in sent), cap=cap)  # type: ignore[arg-type]

    assert (None if next_at is None else in_zone(next_at, UTC)) == found.next_at  # type: ignore[arg-type]
    assert (() if next_at is None else ("cap:often",)) == found.codes


def test_a_cap_counts_elapsed_hours_when_the_clocks_go_back() -> None:
    sent = in_zone("2025-11-01 12:00", NEW_YORK)

    found = asked(in_zone("2025-11-01 13:00", NEW_YORK), sent, cap=(1, DAY))

    assert found.next_at is not None
    assert found.next_at.isoformat() == "2025-11-02T11:00:00-05:00"


@pytest.mark.parametrize(
    ("at", "next_at"),
    [
        ("2025-05-06 07:59:59", "2025-05-06 08:00"),
        ("2025-05-06 08:00", None),
        ("2025-05-06 17:59:59", None),
        ("2025-05-06 18:00", "2025-05-07 08:00"),
    ],
)
def test_quiet_time(at: str, next_at: str | None) -> None:
    found = asked(in_zone(at, STOCKHOLM), hours=day_hours("08:00", "18:00"))

    assert (None if next_at is None else in_zone(next_at, STOCKHOLM)) == found.next_at
    assert (() if next_at is None else ("quiet",)) == found.codes


def test_a_delay_that_ends_on_a_saturday_waits_for_monday() -> None:
    thursday = in_zone("2026-06-04 10:00", STOCKHOLM)

    found = asked(thursday + timedelta(days=2), hours=day_hours("09:00", "17:00", "mon-thu"))

    assert in_zone("2026-06-08 09:00", STOCKHOLM) == found.next_at


@pytest.mark.parametrize(("closes", "next_at"), [("17:30", "2025-05-08 08:00"), ("18:00", "2025-05-07 17:50")])
def test_hours_and_a_cap_together(closes: str, next_at: str) -> None:
    sent = in_zone("2025-05-06 17:50", STOCKHOLM)

    found = asked(in_zone("2025-05-07 08:00", STOCKHOLM), sent, cap=(1, DAY), hours=day_hours("08:00", closes))

    assert in_zone(next_at, STOCKHOLM) == found.next_at
