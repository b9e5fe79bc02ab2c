"""Examples of the values of money and calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from relex.calendars import (
    BusinessCalendar,
    BusinessDays,
    Days,
    Months,
    Period,
    Recurrence,
    RollingLimit,
    SpecialHours,
    Weeks,
    Window,
    Years,
)
from relex.figures import Figure
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
        RollingLimit(3, timedelta(days=7)),
        Recurrence(every="month", month_days=(1, 15), until=DAY),
        Figure(Fraction(4, 7), "share", numerator=4, denominator=7, method="win rate", parts={"won": Money(4, "USD")}),
        Figure(None, "days", parameters={"window": timedelta(days=30), "of": ("a", "b")}, as_of=DAY, reason="no_data"),
        BusinessCalendar(
            (Window("mon", time(9), time(17)), Window("tue", time(22), None)),
            tz=ZoneInfo("Europe/Berlin"),
            holidays=(date(2026, 12, 25), Period(date(2026, 12, 30), date(2027, 1, 2))),
            special=(nights,),
        ),
    ]
