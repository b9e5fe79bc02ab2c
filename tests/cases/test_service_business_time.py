"""Business time: the public cases SV-1 to SV-26 of service desks, and two of reminders.

Sources: ERPNext `test_issue.py` and `TestFirstResponseTime`, Frappe Helpdesk `test_hd_ticket.py`, frappe/crm,
BottleCRM, Chatwoot pull request 13392; the others were worked out by hand.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, BusinessDays, Days, Period, SpecialHours, midnight, weekly

NEW_YORK = ZoneInfo("America/New_York")
LONG = weekly("mon-fri", "10:00", "18:00")
SHORT = weekly("mon-fri", "09:00", "17:00")
PAUSED = weekly("mon-fri", "09:00", "12:00") + weekly("mon-fri", "13:00", "17:00")

TEN_TO_SIX = BusinessCalendar(LONG, tz=UTC)
NINE_TO_FIVE = BusinessCalendar(SHORT, tz=UTC)
ERPNEXT = BusinessCalendar(LONG, tz=UTC, holidays=(date(2019, 3, 5), date(2019, 3, 7)))
CRM = BusinessCalendar(SHORT, tz=UTC, holidays=(date(2024, 1, 15),))
BOTTLE = BusinessCalendar(SHORT, tz=UTC, holidays=(date(2026, 5, 11),))
ALWAYS = BusinessCalendar.always(UTC)
LUNCH = BusinessCalendar(PAUSED, tz=UTC)
SATURDAY = BusinessCalendar(SHORT, tz=UTC, special=(SpecialHours(date(2026, 6, 6), "10:00", "14:00"),))
NO_MONDAY = BusinessCalendar(SHORT, tz=UTC, holidays=(date(2026, 6, 1),))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "minutes", "due"),
    [
        pytest.param(ERPNEXT, "2019-03-04 12:00", 240, "2019-03-04 16:00", id="SV-1 four hours"),
        pytest.param(ERPNEXT, "2019-03-04 12:00", 360, "2019-03-04 18:00", id="SV-1 to the closing edge"),
        pytest.param(ERPNEXT, "2019-03-04 20:00", 240, "2019-03-06 14:00", id="SV-2 over a holiday"),
        pytest.param(ERPNEXT, "2019-03-04 20:00", 360, "2019-03-06 16:00", id="SV-2 six hours"),
        pytest.param(TEN_TO_SIX, "2026-06-01 20:00", 30, "2026-06-02 10:30", id="SV-3 thirty minutes"),
        pytest.param(TEN_TO_SIX, "2026-06-01 20:00", 120, "2026-06-02 12:00", id="SV-3 two hours"),
        pytest.param(TEN_TO_SIX, "2026-06-05 17:00", 30, "2026-06-05 17:30", id="SV-4 the same day"),
        pytest.param(TEN_TO_SIX, "2026-06-05 17:00", 120, "2026-06-08 11:00", id="SV-4 over a weekend"),
        pytest.param(TEN_TO_SIX, "2026-06-01 11:00", 60, "2026-06-01 12:00", id="SV-5 inside, one hour"),
        pytest.param(TEN_TO_SIX, "2026-06-01 11:00", 240, "2026-06-01 15:00", id="SV-5 inside, four hours"),
        pytest.param(TEN_TO_SIX, "2026-06-01 08:00", 60, "2026-06-01 11:00", id="SV-5 before, one hour"),
        pytest.param(TEN_TO_SIX, "2026-06-01 08:00", 240, "2026-06-01 14:00", id="SV-5 before, four hours"),
        pytest.param(TEN_TO_SIX, "2026-06-05 19:00", 60, "2026-06-08 11:00", id="SV-5 after, one hour"),
        pytest.param(TEN_TO_SIX, "2026-06-05 19:00", 240, "2026-06-08 14:00", id="SV-5 after, four hours"),
        pytest.param(NINE_TO_FIVE, "2024-01-01 16:00", 120, "2024-01-02 10:00", id="SV-6 over night"),
        pytest.param(NINE_TO_FIVE, "2024-01-06 15:00", 60, "2024-01-08 10:00", id="SV-6 from a Saturday"),
        pytest.param(BOTTLE, "2026-05-11 10:00", 240, "2026-05-12 13:00", id="SV-7"),
        pytest.param(NINE_TO_FIVE, "2026-01-30 16:30", 60, "2026-02-02 09:30", id="SV-8 office hours"),
        pytest.param(ALWAYS, "2026-01-30 16:30", 60, "2026-01-30 17:30", id="SV-8 always"),
        pytest.param(LUNCH, "2026-06-01 11:30", 60, "2026-06-01 13:30", id="SV-9 over lunch"),
        pytest.param(LUNCH, "2026-06-01 12:15", 30, "2026-06-01 13:30", id="SV-9 from lunch"),
        pytest.param(LUNCH, "2026-06-01 09:00", 180, "2026-06-01 12:00", id="SV-9 to lunch"),
        pytest.param(LUNCH, "2026-06-01 12:00", 60, "2026-06-01 14:00", id="SV-9 from the edge"),
        pytest.param(SATURDAY, "2026-06-05 15:00", 240, "2026-06-06 12:00", id="SV-12"),
    ],
)
def test_due(calendar: BusinessCalendar, start: str, minutes: int, due: str) -> None:
    """Cases SV-1 to SV-9 and SV-12."""
    assert calendar.due(at(start), timedelta(minutes=minutes)) == at(due)


@pytest.mark.parametrize(
    ("calendar", "start", "end", "seconds"),
    [
        pytest.param(LUNCH, "2026-06-01 09:00", "2026-06-01 17:00", 25_200, id="SV-9 elapsed"),
        pytest.param(TEN_TO_SIX, "2021-06-28 11:00", "2021-06-28 12:00", 3_600, id="SV-14"),
        pytest.param(TEN_TO_SIX, "2021-06-28 06:00", "2021-06-28 12:00", 7_200, id="SV-15"),
        pytest.param(TEN_TO_SIX, "2021-06-28 19:00", "2021-06-28 20:00", 0, id="SV-16"),
        pytest.param(TEN_TO_SIX, "2021-06-28 06:00", "2021-06-29 06:00", 28_800, id="SV-17"),
        pytest.param(TEN_TO_SIX, "2021-06-25 06:00", "2021-06-26 11:00", 28_800, id="SV-18"),
        pytest.param(TEN_TO_SIX, "2021-06-28 12:00", "2021-06-29 11:00", 25_200, id="SV-19"),
        pytest.param(TEN_TO_SIX, "2021-06-28 20:00", "2021-06-29 11:00", 3_600, id="SV-20"),
        pytest.param(TEN_TO_SIX, "2021-06-28 06:00", "2021-07-01 06:00", 86_400, id="SV-21"),
        pytest.param(TEN_TO_SIX, "2021-06-25 06:00", "2021-06-27 11:00", 28_800, id="SV-22"),
        pytest.param(TEN_TO_SIX, "2021-06-28 20:00", "2021-07-01 06:00", 57_600, id="SV-23"),
        pytest.param(TEN_TO_SIX, "2021-06-28 12:00", "2021-06-28 20:00", 21_600, id="SV-24 afternoon"),
        pytest.param(TEN_TO_SIX, "2021-06-27 10:00", "2021-06-27 11:00", 0, id="SV-24 Sunday"),
        pytest.param(TEN_TO_SIX, "2021-06-28 06:00", "2021-06-29 11:00", 32_400, id="SV-24 next morning"),
        pytest.param(TEN_TO_SIX, "2021-06-28 06:00", "2021-06-29 20:00", 57_600, id="SV-24 next evening"),
        pytest.param(CRM, "2024-01-12 10:00", "2024-01-16 12:00", 36_000, id="SV-25"),
        pytest.param(TEN_TO_SIX, "2021-06-28 06:00", "2021-06-28 20:00", 28_800, id="SV-26"),
    ],
)
def test_elapsed(calendar: BusinessCalendar, start: str, end: str, seconds: int) -> None:
    """Cases SV-9 and SV-14 to SV-26."""
    assert calendar.elapsed(at(start), at(end)) == timedelta(seconds=seconds)


def test_due_on_a_day_of_23_hours_counts_real_hours() -> None:
    """SV-10: four hours from 00:00 in New York on 8 March 2026 end at 05:00 summer time."""
    due = BusinessCalendar.always(NEW_YORK).due(datetime(2026, 3, 8, tzinfo=NEW_YORK), timedelta(hours=4))

    assert due.isoformat() == "2026-03-08T05:00:00-04:00"


def test_a_day_of_23_hours_has_23_hours() -> None:
    """SV-10: elapsed time of 8 March 2026 in New York."""
    start, end = midnight(date(2026, 3, 8), NEW_YORK), midnight(date(2026, 3, 9), NEW_YORK)

    assert BusinessCalendar.always(NEW_YORK).elapsed(start, end) == timedelta(hours=23)


@pytest.mark.parametrize(
    ("opens", "closes", "minutes"),
    [
        pytest.param("00:00", "02:30", 120, id="SV-11 closes in the gap"),
        pytest.param("02:30", "10:00", 420, id="SV-11 opens in the gap"),
        pytest.param("02:00", "02:45", 0, id="SV-11 inside the gap"),
    ],
)
def test_edges_in_the_hour_that_the_clock_skips(opens: str, closes: str, minutes: int) -> None:
    """SV-11: windows of every day in New York, on 8 March 2026."""
    calendar = BusinessCalendar(weekly("mon-sun", opens, closes), tz=NEW_YORK)
    start, end = midnight(date(2026, 3, 8), NEW_YORK), midnight(date(2026, 3, 9), NEW_YORK)

    assert calendar.elapsed(start, end) == timedelta(minutes=minutes)


def test_a_window_that_opens_in_the_gap_opens_when_the_clock_has_jumped() -> None:
    """SV-11: 02:30 does not exist on that day, so it opens at 03:00 summer time."""
    calendar = BusinessCalendar(weekly("mon-sun", "02:30", "10:00"), tz=NEW_YORK)

    assert calendar.opens(midnight(date(2026, 3, 8), NEW_YORK)).isoformat() == "2026-03-08T03:00:00-04:00"


@pytest.mark.parametrize(
    ("calendar", "due"),
    [
        pytest.param(NINE_TO_FIVE, "2026-06-12 17:00", id="SV-13"),
        pytest.param(NO_MONDAY, "2026-06-15 17:00", id="SV-13 with a holiday"),
    ],
)
def test_due_in_business_days(calendar: BusinessCalendar, due: str) -> None:
    """SV-13: ten business days from Friday 29 May 2026, 11:00."""
    assert calendar.due(at("2026-05-29 11:00"), BusinessDays(10)) == at(due)


@pytest.mark.parametrize(
    ("days", "roll", "expected"),
    [
        pytest.param(90, "previous", date(2025, 10, 3), id="C61 ninety days"),
        pytest.param(60, "previous", date(2025, 10, 31), id="C61 sixty days"),
        pytest.param(60, "next", date(2025, 11, 4), id="C61 sixty days, next"),
        pytest.param(30, "previous", date(2025, 12, 2), id="C61 thirty days"),
        pytest.param(7, "previous", date(2025, 12, 25), id="C61 seven days"),
    ],
)
def test_reminders_roll_to_open_dates(days: int, roll: str, expected: date) -> None:
    """C61: before 1 January 2026, Monday to Friday, closed on 3 and 24 November 2025."""
    calendar = BusinessCalendar(SHORT, tz=UTC, holidays=(date(2025, 11, 3), date(2025, 11, 24)))
    rolled = calendar.working_date(Days(days).subtract(date(2026, 1, 1)), roll=roll)

    assert rolled == expected
    assert next(calendar.spans(Period.of("day", rolled))).start == datetime.combine(
        expected, at("2026-01-01 09:00").timetz()
    )
