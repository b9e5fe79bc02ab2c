"""Days, weeks, months and years."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import CalendarDuration, Days, Months, Period, Weeks, Years
from relex.errors import InvalidValue

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("duration", "after", "before"),
    [
        (Days(3), date(2024, 3, 3), date(2024, 2, 26)),
        (Weeks(2), date(2024, 3, 14), date(2024, 2, 15)),
        (Months(1), date(2024, 3, 29), date(2024, 1, 29)),
        (Years(1), date(2025, 2, 28), date(2023, 2, 28)),
    ],
)
def test_forward_and_back(duration: CalendarDuration, after: date, before: date) -> None:
    leap_day = date(2024, 2, 29)

    assert (duration.add(leap_day), duration.subtract(leap_day)) == (after, before)


def test_an_instant_keeps_its_wall_clock() -> None:
    moved = Days(1).add(datetime(2026, 3, 7, 2, 30, tzinfo=NEW_YORK))

    assert moved.isoformat() == "2026-03-08T03:00:00-04:00"


@pytest.mark.parametrize(
    ("end_of", "last"),
    [
        (None, date(2026, 2, 10)),
        ("month", date(2026, 2, 28)),
        ("quarter", date(2026, 3, 31)),
        ("half", date(2026, 6, 30)),
        ("year", date(2026, 12, 31)),
    ],
)
def test_validity_is_rounded_up(end_of: str | None, last: date) -> None:
    assert Months(1, end_of=end_of).last_day(date(2026, 1, 10)) == last


def test_validity_ends_at_the_midnight_after_its_last_date() -> None:
    assert Days(0).ends(date(2026, 3, 8), NEW_YORK) == datetime(2026, 3, 9, 4, tzinfo=UTC)


def test_waiting_is_over_when_the_date_begins() -> None:
    assert Days(1).waits(date(2026, 3, 7), NEW_YORK) == datetime(2026, 3, 8, 5, tzinfo=UTC)


def test_validity_on_the_last_dates_of_all_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"CalendarDuration\.last_day"):
        Days(0).ends(date.max, UTC)
    with pytest.raises(InvalidValue, match=r"CalendarDuration\.last_day"):
        Days(1).lookback(date.max)


def test_durations_of_other_units_are_other_durations() -> None:
    assert len({Days(1), Weeks(1), Months(1), Years(1), Months(1, end_of="month"), Months(1)}) == 5


def test_periods_are_counted_from_the_anchor() -> None:
    periods = [Months(1).period(date(2024, 1, 31), number) for number in (-1, 0, 1)]

    assert periods == [
        Period(date(2023, 12, 31), date(2024, 1, 31)),
        Period(date(2024, 1, 31), date(2024, 2, 29)),
        Period(date(2024, 2, 29), date(2024, 3, 31)),
    ]


def test_nothing_has_no_periods() -> None:
    with pytest.raises(InvalidValue, match=r"Days\.n"):
        Days(0).period_at(date(2026, 1, 1), date(2026, 1, 1))


def test_a_window_of_no_length_is_empty_from_both_ends() -> None:
    day = date(2026, 1, 1)

    assert Days(0).window(day).is_empty
    assert Months(0).lookback(day).is_empty


@pytest.mark.parametrize("n", [-1, 1.5, True, "1", None])
def test_refuses_numbers_that_count_nothing(n: object) -> None:
    with pytest.raises(InvalidValue, match=r"Months\.n"):
        Months(n)  # type: ignore[arg-type]


@pytest.mark.parametrize("fields", [{"end_of": "week"}, {"end_of": "decade"}, {"year_ends": 0}, {"year_ends": 13}])
def test_refuses_other_ends(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidValue, match=next(iter(fields))):
        Days(1, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("duration", [Days(10**30), Days(3_000_000), Weeks(10**6), Months(10**6), Years(9000)])
def test_refuses_dates_beyond_the_calendar(duration: CalendarDuration) -> None:
    with pytest.raises(InvalidValue, match="within the years 1 to 9999"):
        duration.add(date(2026, 1, 1))


@pytest.mark.parametrize("duration", [Days(1), Months(1)])
def test_refuses_what_is_no_date(duration: CalendarDuration) -> None:
    with pytest.raises(InvalidValue, match="a date, or a datetime with a time zone"):
        duration.add("2026-01-01")  # type: ignore[type-var]


@pytest.mark.parametrize("duration", [Days(1), Months(1)])
def test_refuses_a_naive_datetime(duration: CalendarDuration) -> None:
    with pytest.raises(InvalidValue, match="a datetime with a time zone"):
        duration.add(datetime(2026, 1, 1))  # noqa: DTZ001 - refused


def test_the_common_base_stands_for_no_duration() -> None:
    with pytest.raises(NotImplementedError):
        CalendarDuration(1).add(date(2026, 1, 1))
    with pytest.raises(NotImplementedError):
        CalendarDuration(1).number_at(date(2026, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize("length", [Days(1), Weeks(1), Months(1), Years(1)])
@pytest.mark.parametrize("times", [None, True, 1.5, "2"])
def test_steps_are_counted_in_whole_numbers(length: CalendarDuration, times: Any) -> None:
    with pytest.raises(InvalidValue, match=r"\.step\.times"):
        length.step(date(2026, 1, 1), times)


@pytest.mark.parametrize("length", [Days(1), Months(1), Months(1, end_of="year")])
@pytest.mark.parametrize("day", [None, "2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)])
def test_dates_are_asked_of_dates(length: CalendarDuration, day: Any) -> None:
    first = date(2026, 1, 1)
    for ask in (
        lambda: length.last_day(day),
        lambda: length.lookback(day),
        lambda: length.number_at(first, day),
        lambda: length.number_at(day, first),
    ):
        with pytest.raises(InvalidValue, match=type(length).__name__):
            ask()
