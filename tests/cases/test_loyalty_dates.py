"""Dates of loyalty programs: validity, waiting and windows, as far as they are calendar arithmetic.

Sources: Voucherify's loyalty points (X1, X2), Open Loyalty's documentation and tests (X3), Voyado (X4), the others
derived.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from relex.calendars import CalendarDuration, Days, Months, Years, next_yearly


@pytest.mark.parametrize(
    ("duration", "dated", "last"),
    [
        pytest.param(Months(1), date(2025, 1, 25), date(2025, 2, 25), id="X1 one month"),
        pytest.param(Months(1), date(2025, 1, 29), date(2025, 2, 28), id="X1 from the 29th"),
        pytest.param(Months(1), date(2025, 1, 30), date(2025, 2, 28), id="X1 from the 30th"),
        pytest.param(Months(1), date(2025, 1, 31), date(2025, 2, 28), id="X1 from the 31st"),
        pytest.param(Months(12), date(2024, 2, 29), date(2025, 2, 28), id="X1 from a leap day"),
        pytest.param(Months(0), date(2025, 1, 1), date(2025, 1, 1), id="X2 today"),
        pytest.param(Months(1, end_of="month"), date(2025, 1, 1), date(2025, 2, 28), id="X2 first of January"),
        pytest.param(Months(1, end_of="month"), date(2025, 1, 31), date(2025, 2, 28), id="X2 last of January"),
        pytest.param(Months(0, end_of="month"), date(2018, 1, 22), date(2018, 1, 31), id="X3 end of month"),
        pytest.param(Months(0, end_of="year"), date(2018, 5, 5), date(2018, 12, 31), id="X3 end of year"),
        pytest.param(Days(10), date(2018, 10, 25), date(2018, 11, 4), id="X3 ten days"),
        pytest.param(Years(2, end_of="year"), date(2023, 1, 1), date(2025, 12, 31), id="X4 first day of 2023"),
        pytest.param(Years(2, end_of="year"), date(2023, 12, 31), date(2025, 12, 31), id="X4 last day of 2023"),
        pytest.param(
            Months(12, end_of="year", year_ends=3), date(2025, 2, 10), date(2026, 3, 31), id="X5 before the year ends"
        ),
        pytest.param(
            Months(12, end_of="year", year_ends=3),
            date(2025, 4, 10),
            date(2027, 3, 31),
            id="X5 after the year has ended",
        ),
    ],
)
def test_the_last_usable_date(duration: CalendarDuration, dated: date, last: date) -> None:
    """Cases X1 to X5; what is valid is gone at the midnight after its last date."""
    gone = datetime.fromordinal(last.toordinal() + 1).replace(tzinfo=UTC)

    assert (duration.last_day(dated), duration.ends(dated, UTC)) == (last, gone)


@pytest.mark.parametrize(
    ("dated", "gone"),
    [
        pytest.param(date(2025, 1, 1), date(2025, 7, 1), id="X7 on a listed date"),
        pytest.param(date(2025, 2, 10), date(2026, 1, 1), id="X7 after it"),
    ],
)
def test_the_next_of_yearly_dates(dated: date, gone: date) -> None:
    """X7: gone on 1 January or 1 July, and not before six months have passed."""
    assert next_yearly(Months(6).add(dated), ("01-01", "07-01")) == gone


def test_pending_points_wait_until_midnight_and_are_valid_from_then() -> None:
    """X6: pending for 14 days from 22 January, then valid to the end of that month."""
    active = Days(14).waits(date(2025, 1, 22), UTC)

    assert active == datetime(2025, 2, 5, tzinfo=UTC)
    assert Months(0, end_of="month").last_day(active.date()) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("dated", "on", "inside"),
    [
        pytest.param(date(2024, 3, 10), date(2025, 3, 9), True, id="T8 last date"),
        pytest.param(date(2024, 3, 10), date(2025, 3, 10), False, id="T8 the date after"),
    ],
)
def test_a_rolling_window_is_as_long_as_it_says(dated: date, on: date, *, inside: bool) -> None:
    """T8: rolling twelve months, an order dated 10 March 2024."""
    window = Months(12)

    assert (on in window.window(dated), dated in window.lookback(on)) == (inside, inside)
