"""Examples of the values of money and calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from relex.calendars import BusinessCalendar, BusinessDays, Days, Months, Period, SpecialHours, Weeks, Window, Years
from relex.money import Money, RateTable

__all__ = ["examples"]

DAY = date(2026, 11, 23)


def examples() -> list[object]:
    """At least one of each class."""
    nights = SpecialHours(DAY, time(22), None)
    return [
        Money("12.50", "USD"),
        Money(-3, "JPY"),
        RateTable(DAY, [("USD", "EUR", "0.920"), ("EUR", "USD", "1.08")]),
        Period(DAY),
        Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=ZoneInfo("Asia/Tokyo"))),
        Days(10),
        Weeks(2),
        Months(12, end_of="quarter", year_ends=3),
        Years(1, end_of="year"),
        Window("mon", time(9), time(17, 30)),
        nights,
        BusinessDays(3),
        BusinessCalendar(
            (Window("mon", time(9), time(17)), Window("tue", time(22), None)),
            tz=ZoneInfo("Europe/Berlin"),
            holidays=(date(2026, 12, 25), Period(date(2026, 12, 30), date(2027, 1, 2))),
            special=(nights,),
        ),
    ]
