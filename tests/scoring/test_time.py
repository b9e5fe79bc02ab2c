"""Decay and the age of events."""

from __future__ import annotations

import decimal
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Days
from relex.errors import InvalidValue
from relex.scoring import HalfLife, PerMonth
from relex.scoring._time import elapsed, span, span_check

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def test_half_life_keeps_28_significant_digits() -> None:
    found = HalfLife(2).factor(NOW - timedelta(days=1), NOW)

    assert abs(found * found * 2 - 1) < Fraction(1, 10**28)


def test_half_life_does_not_depend_on_the_callers_decimal_context() -> None:
    expected = HalfLife(30).factor(NOW - timedelta(days=45), NOW)
    with decimal.localcontext() as context:
        context.prec = 3

        assert HalfLife(30).factor(NOW - timedelta(days=45), NOW) == expected


def test_half_life_of_ages_ago_is_nothing() -> None:
    assert HalfLife(Decimal("0.001")).factor(NOW - timedelta(days=3650), NOW) == 0


@pytest.mark.parametrize("halvings", [0, 1, 3, 100, 1328])
def test_whole_halvings_are_exact(halvings: int) -> None:
    assert HalfLife(30).factor(NOW - timedelta(days=30 * halvings), NOW) == Fraction(1, 2**halvings)


@pytest.mark.parametrize("decay", [HalfLife(1), PerMonth(100), PerMonth(50)])
def test_nothing_decays_before_it_was_given(decay: HalfLife | PerMonth) -> None:
    assert decay.factor(NOW + timedelta(days=400), NOW) == 1


@pytest.mark.parametrize(
    ("at", "as_of", "months"),
    [
        (datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 2, 28, 9, tzinfo=UTC), 1),
        (datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 2, 28, 8, tzinfo=UTC), 0),
        (datetime(2025, 11, 30, tzinfo=UTC), datetime(2026, 2, 27, tzinfo=UTC), 2),
        (datetime(2026, 1, 30, 23, 30, tzinfo=UTC), datetime(2026, 2, 28, 1, tzinfo=BERLIN), 1),
    ],
)
def test_whole_months_by_the_clock_of_as_of(at: datetime, as_of: datetime, months: int) -> None:
    assert PerMonth(50).factor(at, as_of) == Fraction(1, 2**months)


@pytest.mark.parametrize("days", [0, -1, 1.5, True, "30", None])
def test_half_life_is_above_0_and_exact(days: Any) -> None:
    with pytest.raises(InvalidValue, match=r"HalfLife\.days"):
        HalfLife(days)


@pytest.mark.parametrize("percent", [-1, 101, 12.5, "5"])
def test_percent_is_0_to_100_and_exact(percent: Any) -> None:
    with pytest.raises(InvalidValue, match=r"PerMonth\.percent"):
        PerMonth(percent)


def test_elapsed_is_counted_in_utc() -> None:
    """The clocks of Berlin go forward in this night, so its two noons are 23 hours apart."""
    before, after = (datetime(2026, 3, day, 12, tzinfo=BERLIN) for day in (28, 29))

    assert elapsed(before, after) == timedelta(hours=23)


def test_a_span_is_so_many_times_24_hours() -> None:
    assert span(Days(2)) == timedelta(days=2) == span(timedelta(days=2))


@pytest.mark.parametrize("value", [Days(0), Days(10**12), Days(1, end_of="month"), timedelta(0), 5, None])
def test_what_is_no_span(value: Any) -> None:
    assert not span_check.passes(value)


@pytest.mark.parametrize("decay", [HalfLife(3), PerMonth(3)])
@pytest.mark.parametrize("at", [None, NOW.replace(tzinfo=None), NOW.date()])
def test_decay_takes_instants(decay: HalfLife | PerMonth, at: Any) -> None:
    with pytest.raises(InvalidValue, match=r"factor\.at"):
        decay.factor(at, NOW)
    with pytest.raises(InvalidValue, match=r"factor\.as_of"):
        decay.factor(NOW, at)


def test_an_age_is_told_up_to_the_ends_of_time() -> None:
    first, last = datetime.min.replace(tzinfo=BERLIN), datetime.max.replace(tzinfo=ZoneInfo("America/New_York"))

    assert elapsed(first, last) > timedelta(days=3_652_058)
