"""Parts of prices beyond the published cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Days, Months, Period, Years, prorate
from relex.errors import InvalidValue

YEAR = Months(12)
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
FROM_10TH = Period(date(2026, 3, 10), date(2026, 4, 1))
EMPTY = Period(date(2026, 3, 1), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("part", "of", "by", "expected"),
    [
        (Period(date(2026, 1, 1), date(2026, 2, 2)), YEAR, "month", Fraction(2, 12)),
        (Period(date(2026, 1, 1), date(2026, 2, 2)), YEAR, "month_day", (1 + Fraction(12, 365)) / 12),
        (Period(date(2026, 1, 1), date(2026, 2, 2)), YEAR, "day", Fraction(32, 365)),
        (MARCH, Months(1), "month", Fraction(1)),
        (MARCH, Years(1), "month", Fraction(1, 12)),
        (MARCH, Months(24), "day", Fraction(31, 730)),
        (Period(date(2026, 1, 31), date(2026, 2, 28)), YEAR, "month", Fraction(1, 12)),
        (EMPTY, YEAR, "month", Fraction(0)),
        (Months(5), YEAR, "day", Fraction(5, 12)),
        (FROM_10TH, MARCH, "period_days", Fraction(22, 31)),
        (FROM_10TH, MARCH, "thirty_day_months", Fraction(21, 30)),
        (FROM_10TH, MARCH, "none", Fraction(0)),
        (FROM_10TH, MARCH, "full", Fraction(1)),
        (MARCH, MARCH, "period_days", Fraction(1)),
    ],
)
def test_a_part_is_worth(part: Period | Months, of: Months | Period, by: str, expected: Fraction) -> None:
    assert prorate(part, of, by=by) == expected


def test_seconds_are_real_ones() -> None:
    zone = ZoneInfo("America/New_York")
    day = Period.of("day", date(2026, 3, 8)).instants(zone)
    noon = datetime(2026, 3, 8, 12, tzinfo=zone)

    assert prorate(Period(noon, day.end), day, by="period_seconds") == Fraction(12, 23)


INSTANTS = Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("part", "of", "by", "path"),
    [
        (Days(30), YEAR, "day", "part"),
        (MARCH, Days(30), "day", "of"),
        (MARCH, 12, "day", "of"),
        (MARCH, YEAR, "period_days", "by"),
        (MARCH, MARCH, "day", "by"),
        (MARCH, Months(0), "day", "of"),
        (Period(date(2026, 3, 1)), YEAR, "day", "part"),
        (INSTANTS, YEAR, "day", "part"),
        (Period(date(2026, 3, 1)), MARCH, "period_days", "part"),
        (EMPTY, FROM_10TH, "period_days", "part"),
        (Months(1), MARCH, "period_days", "part"),
        (MARCH, FROM_10TH, "period_days", "part"),
        (MARCH, Period(date(2026, 3, 1)), "period_days", "of"),
        (MARCH, MARCH, "period_seconds", "part"),
        (INSTANTS, INSTANTS, "period_days", "part"),
        (INSTANTS, Period(INSTANTS.start), "period_seconds", "of"),
    ],
)
def test_refuses(part: object, of: object, by: str, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        prorate(part, of, by=by)  # type: ignore[arg-type]

    assert caught.value.path == f"prorate.{path}"


def test_refuses_a_period_that_has_no_thirty_day_days() -> None:
    day = Period(date(2026, 1, 30), date(2026, 1, 30) + timedelta(days=1))

    with pytest.raises(InvalidValue, match=r"prorate\.of"):
        prorate(day, day, by="thirty_day_months")


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 15), date(2026, 4, 1)])
@pytest.mark.parametrize("by", ["period_days", "thirty_day_months"])
def test_no_time_of_a_billing_period_is_worth_nothing_up_to_its_end(day: date, by: str) -> None:
    assert prorate(Period(day, day), MARCH, by=by) == 0
