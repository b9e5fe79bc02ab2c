"""For how long something is sold, and what that is worth."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from relex.calendars import Days, Months, Period, Years
from relex.errors import InvalidValue
from relex.pipeline import PriceTerm

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


def test_a_length_wins_over_dates() -> None:
    assert PriceTerm(Months(12), length=Months(24), dates=JANUARY).worth == 2
    assert PriceTerm(Months(12), length=Months(24), dates=JANUARY).months == 24


@pytest.mark.parametrize(("by", "expected"), [("month", (1, 12)), ("day", (31, 365)), ("month_day", (1, 12))])
def test_dates_are_counted_as_told(by: str, expected: tuple[int, int]) -> None:
    assert Fraction(*expected) == PriceTerm(Years(1), dates=JANUARY, by=by).worth


def test_a_started_month_counts_whole_as_months() -> None:
    dates = Period(date(2026, 1, 1), date(2026, 2, 2))

    assert PriceTerm(Months(12), dates=dates, by="day").months == 2


@pytest.mark.parametrize(
    ("of", "more"),
    [
        (Months(12), {}),
        (Months(0), {"length": Months(1)}),
        (Days(30), {"length": Months(1)}),
        (Months(12), {"length": Days(30)}),
        (Months(12), {"dates": Period(date(2026, 1, 1))}),
        (Months(12), {"dates": Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))}),
        (Months(12), {"length": Months(1), "by": "week"}),
        (Months(12), {"length": Months(1), "dates": Period(date(2026, 1, 1))}),
    ],
    ids=["nothing", "no-time", "price-by-days", "length-in-days", "open", "instants", "by", "open-beside-a-length"],
)
def test_a_term_that_cannot_be_counted_is_refused(of: Any, more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        PriceTerm(of, **more)


def test_it_says_how_long() -> None:
    assert str(PriceTerm(Years(1), length=Months(24))) == "24 months of a price for 12"
