"""Parts of prices: terms (PL-65, PL-66) and billing periods (C55 to C60).

Sources: Salesforce CPQ's proration; killbill `TestLeadingProRation`, `TestInvoiceDateUtilsWithoutFixedProration`,
`TestInvoiceDateUtilsWithFixedProration`, `TestProRation`; woocommerce-subscriptions-core issue 723; polar issue 10664.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from relex.calendars import CalendarDuration, Months, Period, Years, prorate

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


def days(start: date, count: int) -> Period:
    return Period(start, start + timedelta(days=count))


@pytest.mark.parametrize(
    ("part", "by", "shown"),
    [
        pytest.param(days(date(2026, 1, 1), 830), "day", "2.2740", id="PL-65 by day"),
        pytest.param(JANUARY, "month", "0.0833", id="PL-66 by month"),
        pytest.param(JANUARY, "day", "0.0849", id="PL-66 by day"),
    ],
)
def test_a_part_of_a_yearly_price(part: Period, by: str, shown: str) -> None:
    """Cases PL-65 and PL-66, to four places."""
    assert f"{float(prorate(part, Months(12), by=by)):.4f}" == shown


@pytest.mark.parametrize("part", [Months(24), Years(2), Period(date(2026, 5, 31), date(2028, 5, 31))])
def test_two_years_of_a_price_for_one(part: Period | Months | Years) -> None:
    """PL-65: 24 months of a price of 30 per 12 months are worth 60."""
    assert 30 * prorate(part, Months(12), by="month") == 60


@pytest.mark.parametrize(
    ("start", "end", "anchor", "by", "expected"),
    [
        pytest.param("2011-02-01", "2011-02-13", "2011-02-13", "period_days", (12, 31), id="C55"),
        pytest.param("2024-02-23", "2024-03-15", "2024-02-23", "period_days", (21, 29), id="C56 leap February"),
        pytest.param("2023-05-23", "2023-06-15", "2023-06-15", "period_days", (23, 31), id="C56 anchor 15"),
        pytest.param("2023-05-23", "2023-06-15", "2023-05-23", "period_days", (23, 31), id="C56 anchor 23"),
        pytest.param("2023-05-23", "2023-06-15", "2023-05-23", "thirty_day_months", (22, 30), id="C57"),
        pytest.param("2011-02-14", "2011-02-28", "2011-01-31", "period_days", (14, 28), id="C58"),
        pytest.param("2024-11-05", "2024-11-26", "2024-10-26", "period_days", (21, 31), id="C59 first change"),
        pytest.param("2024-11-10", "2024-11-26", "2024-10-26", "period_days", (16, 31), id="C59 second change"),
    ],
)
def test_a_part_of_a_billing_period(start: str, end: str, anchor: str, by: str, expected: tuple[int, int]) -> None:
    """Cases C55 to C59, monthly, measured against the anchor period that contains the start."""
    part = Period(date.fromisoformat(start), date.fromisoformat(end))
    whole = Months(1).period_at(date.fromisoformat(anchor), date.fromisoformat(start))

    assert prorate(part, whole, by=by) == Fraction(*expected)


@pytest.mark.parametrize(
    ("duration", "anchor", "expected"),
    [
        pytest.param(
            Months(1),
            date(2024, 1, 31),
            ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"],
            id="C60 monthly",
        ),
        pytest.param(
            Years(1),
            date(2024, 2, 29),
            ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"],
            id="C60 yearly",
        ),
    ],
)
def test_dates_from_an_anchor_do_not_drift(duration: CalendarDuration, anchor: date, expected: list[str]) -> None:
    """C60: a 31st stays a 31st wherever the month has one."""
    assert [str(duration.step(anchor, number)) for number in range(len(expected))] == expected
