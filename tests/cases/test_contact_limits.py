"""Frequency caps, quiet time and survey limits.

Sources: Dynamics 365 (frequency cap), Qualtrics (contact frequency rules, FB-36), HubSpot (workflow settings); the
others, with FB-35, were worked out by hand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, RollingLimit, first_allowed, weekly

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NEW_YORK = ZoneInfo("America/New_York")
DAILY = RollingLimit(1, timedelta(hours=24))
MAY = "2025-05-"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("limit", "sent", "at", "opens"),
    [
        pytest.param(DAILY, ["2025-05-01 10:01"], "2025-05-02 10:00", "2025-05-02 10:01", id="cap held"),
        pytest.param(DAILY, ["2025-05-01 10:01"], "2025-05-02 10:01", "2025-05-02 10:01", id="cap allowed"),
        pytest.param(DAILY, ["2025-01-01 08:00"], "2025-01-02 07:59", "2025-01-02 08:00", id="FB-36 blocked"),
        pytest.param(DAILY, ["2025-01-01 08:00"], "2025-01-02 08:00", "2025-01-02 08:00", id="FB-36 allowed"),
        pytest.param(
            RollingLimit(3, timedelta(days=7)),
            ["2025-06-01 09:00", "2025-06-03 09:00", "2025-06-06 09:00"],
            "2025-06-07 12:00",
            "2025-06-08 09:00",
            id="cap three in seven days",
        ),
        pytest.param(
            RollingLimit(2, timedelta(days=7)),
            ["2025-06-01 09:00", "2025-06-03 09:00", "2025-06-06 09:00"],
            "2025-06-07 12:00",
            "2025-06-10 09:00",
            id="cap two in seven days",
        ),
        pytest.param(
            RollingLimit(4, timedelta(days=7)),
            ["2025-06-01 09:00", "2025-06-03 09:00", "2025-06-06 09:00"],
            "2025-06-07 12:00",
            "2025-06-07 12:00",
            id="cap four in seven days",
        ),
        pytest.param(
            RollingLimit(1, timedelta(days=7)),
            ["2024-01-01 09:00", "2024-03-28 09:00"],
            "2024-04-01 09:00",
            "2024-04-04 09:00",
            id="FB-35 cooldown",
        ),
        pytest.param(
            RollingLimit(1, timedelta(days=90)),
            ["2024-01-03 10:00"],
            "2024-04-01 09:00",
            "2024-04-02 10:00",
            id="FB-35 same survey",
        ),
        pytest.param(
            RollingLimit(1, timedelta(days=30)),
            ["2024-03-28 12:00"],
            "2024-04-01 09:00",
            "2024-04-27 12:00",
            id="FB-35 declined",
        ),
        pytest.param(
            RollingLimit(2, timedelta(days=14)),
            ["2024-01-01 09:00", "2024-03-20 09:00", "2024-03-25 09:00", "2024-03-28 09:00"],
            "2024-04-01 09:00",
            "2024-04-08 09:00",
            id="FB-35 account",
        ),
    ],
)
def test_a_limit_opens(limit: RollingLimit, sent: list[str], at: str, opens: str) -> None:
    """The caps of the customers page, FB-35 and FB-36, each limit by itself."""
    assert limit.opens(utc(at), map(utc, sent)) == utc(opens)


def test_the_account_of_fb_35_counts_three() -> None:
    """FB-35: three invitations of the account lie in the last 14 days."""
    sent = map(utc, ["2024-01-01 09:00", "2024-03-20 09:00", "2024-03-25 09:00", "2024-03-28 09:00"])

    assert RollingLimit(2, timedelta(days=14)).count(utc("2024-04-01 09:00"), sent) == 3


def test_the_send_window_of_fb_35_moves_the_release_to_monday() -> None:
    """FB-35: the latest release is a Saturday; sending is Monday to Friday, 08 to 18."""
    office = BusinessCalendar(weekly("mon-fri", "08:00", "18:00"), tz=UTC)
    limits = [
        (RollingLimit(1, timedelta(days=7)), [utc("2024-03-28 09:00")]),
        (RollingLimit(1, timedelta(days=90)), [utc("2024-01-03 10:00")]),
        (RollingLimit(1, timedelta(days=30)), [utc("2024-03-28 12:00")]),
    ]

    assert first_allowed(utc("2024-04-01 09:00"), limits=limits) == utc("2024-04-27 12:00")
    assert first_allowed(utc("2024-04-01 09:00"), hours=office, limits=limits) == utc("2024-04-29 08:00")


def test_a_day_is_24_hours_when_the_clocks_go_back() -> None:
    """Sent on 1 November 2025 at 12:00 in New York, one in 24 hours: next on 2 November at 11:00."""
    opens = DAILY.opens(datetime(2025, 11, 2, tzinfo=NEW_YORK), [datetime(2025, 11, 1, 12, tzinfo=NEW_YORK)])

    assert opens is not None
    assert opens.isoformat() == "2025-11-02T11:00:00-05:00"


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        pytest.param("06 07:59:59", "06 08:00:00", id="quiet just before"),
        pytest.param("06 08:00:00", "06 08:00:00", id="quiet over"),
        pytest.param("06 17:59:59", "06 17:59:59", id="quiet not yet"),
        pytest.param("06 18:00:00", "07 08:00:00", id="quiet begins"),
    ],
)
def test_quiet_time(at: str, opens: str) -> None:
    """Contact hours 08:00 to 18:00 in Stockholm on 6 May 2025."""
    hours = BusinessCalendar(weekly("mon-sun", "08:00", "18:00"), tz=STOCKHOLM)
    moment = datetime.fromisoformat(MAY + at).replace(tzinfo=STOCKHOLM)

    assert hours.opens(moment) == datetime.fromisoformat(MAY + opens).replace(tzinfo=STOCKHOLM)


def test_a_delay_that_ends_on_a_saturday_waits_for_monday() -> None:
    """Hours Monday to Thursday 09 to 17 (HubSpot, workflow settings)."""
    hours = BusinessCalendar(weekly("mon-thu", "09:00", "17:00"), tz=UTC)

    assert hours.opens(utc("2025-05-10 11:00")) == utc("2025-05-12 09:00")


@pytest.mark.parametrize(
    ("closes", "expected"),
    [
        pytest.param("17:30", "2025-05-08 08:00", id="hours and cap, release in quiet time"),
        pytest.param("18:00", "2025-05-07 17:50", id="hours and cap, release in contact hours"),
    ],
)
def test_hours_and_a_cap_together(closes: str, expected: str) -> None:
    """One in 24 hours, sent on 6 May 2025 at 17:50, asked on 7 May at 08:00."""
    hours = BusinessCalendar(weekly("mon-sun", "08:00", closes), tz=UTC)

    assert first_allowed(utc("2025-05-07 08:00"), hours=hours, limits=[(DAILY, [utc("2025-05-06 17:50")])]) == utc(
        expected
    )
