"""Examples of what is stored of forecasts."""

from __future__ import annotations

from datetime import UTC, date, datetime

from relex.calendars import Period
from relex.money import Money
from relex.pipeline import ForecastAdjustment, ForecastQuestion, Quota

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
QUARTER = Period.of("quarter", date(2026, 11, 23))


def examples() -> list[object]:
    """At least one of each class."""
    return [
        ForecastAdjustment(
            "a1",
            subject="ana",
            by="mia",
            period=QUARTER,
            column="commit_forecast",
            amount=Money("110.00", "USD"),
            base=Money("100.00", "USD"),
            at=AT,
            note="one deal too many",
        ),
        ForecastQuestion(period=QUARTER, as_of=AT, by="owner", each="month", currency="USD"),
        Quota("q1", subject="ana", period=QUARTER, amount=Money(100_000, "USD"), at=AT),
        Quota("q2", subject="ana", period=QUARTER, amount=12, measure="count", at=AT),
    ]
