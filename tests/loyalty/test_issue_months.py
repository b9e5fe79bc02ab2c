"""Months in which points were issued."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import local_date
from relex.loyalty._issue_months import LocalMonths, first_of, month_of, shown_month

VIENNA = ZoneInfo("Europe/Vienna")


@pytest.mark.parametrize("zone", [UTC, VIENNA, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Pacific/Apia")], ids=str)
@pytest.mark.parametrize("minutes", [-1, 0, 1])
@pytest.mark.parametrize("hours", [-14, -2, -1, 0, 1, 2, 14])
def test_the_month_of_an_instant_is_that_of_its_local_date(zone: ZoneInfo, hours: int, minutes: int) -> None:
    at = datetime(2026, 4, 1, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes)

    assert month_of(local_date(at, zone)) == LocalMonths(zone).of(at)


@pytest.mark.parametrize(
    "at", [datetime(1, 1, 15, tzinfo=UTC), datetime(9999, 12, 15, tzinfo=UTC)], ids=["first", "last"]
)
def test_the_ends_of_the_calendar(at: datetime) -> None:
    assert month_of(at.date()) == LocalMonths(VIENNA).of(at)


def test_a_month_and_its_first_day() -> None:
    assert date(2026, 12, 1) == first_of(month_of(date(2026, 12, 31)))


def test_a_month_in_words() -> None:
    assert shown_month(date(2026, 3, 1)) == "2026-03"
