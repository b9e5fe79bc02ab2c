"""Dates that come back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Recurrence, next_yearly
from relex.errors import InvalidValue

START = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        (Recurrence(every="day", interval=10), ["2026-01-01", "2026-01-11", "2026-01-21"]),
        (Recurrence(every="week", weekdays=("tue", "fri")), ["2026-01-02", "2026-01-06", "2026-01-09"]),
        (Recurrence(every="week", interval=2, weekdays=("mon",)), ["2026-01-12", "2026-01-26", "2026-02-09"]),
        (Recurrence(every="month", weekdays=("2tue",)), ["2026-01-13", "2026-02-10", "2026-03-10"]),
        (Recurrence(every="month", weekdays=("-1fri",)), ["2026-01-30", "2026-02-27", "2026-03-27"]),
        (Recurrence(every="month", month_days=(31,)), ["2026-01-31", "2026-03-31", "2026-05-31"]),
        (Recurrence(every="year", months=(2,), month_days=(29,)), ["2028-02-29", "2032-02-29", "2036-02-29"]),
        (Recurrence(every="year"), ["2026-01-01", "2027-01-01", "2028-01-01"]),
        (Recurrence(every="day", times=2), ["2026-01-01", "2026-01-02"]),
        (Recurrence(every="day", until=date(2026, 1, 2)), ["2026-01-01", "2026-01-02"]),
        (Recurrence(every="day", times=1, until=date(2026, 1, 2)), ["2026-01-01"]),
        (Recurrence(every="day", until=date(2025, 1, 2)), []),
    ],
)
def test_dates(recurrence: Recurrence, expected: list[str]) -> None:
    assert [str(day) for day in islice(recurrence.dates(START), 3)] == expected


def test_instants_are_local_times() -> None:
    daily = Recurrence(every="day", times=2)
    instants = daily.instants(date(2026, 3, 7), time(2, 30), ZoneInfo("America/New_York"))

    assert [at.isoformat() for at in instants] == ["2026-03-07T02:30:00-05:00", "2026-03-08T03:00:00-04:00"]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"every": "hour"}, "every"),
        ({"interval": 0}, "interval"),
        ({"weekdays": ("6mon",)}, "weekdays"),
        ({"weekdays": ("0mon",)}, "weekdays"),
        ({"weekdays": ("monday",)}, "weekdays"),
        ({"weekdays": (0,)}, "weekdays"),
        ({"every": "week", "weekdays": ("2tue",)}, "weekdays"),
        ({"every": "year", "weekdays": ("54mon",)}, "weekdays"),
        ({"month_days": (0,)}, "month_days"),
        ({"month_days": (32,)}, "month_days"),
        ({"month_days": (True,)}, "month_days"),
        ({"month_days": (30, 31), "months": (2,)}, "month_days"),
        ({"months": (13,)}, "months"),
        ({"times": 0}, "times"),
        ({"until": datetime(2026, 1, 1, tzinfo=UTC)}, "until"),
    ],
)
def test_refuses_rules_that_make_no_dates(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Recurrence(**{"every": "month", **fields})  # type: ignore[arg-type]

    assert caught.value.path == f"Recurrence.{path}"


def test_refuses_other_starts_and_times() -> None:
    daily = Recurrence(every="day")

    with pytest.raises(InvalidValue, match=r"Recurrence\.dates\.start"):
        daily.dates(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(InvalidValue, match=r"Recurrence\.instants\.at"):
        daily.instants(START, time(9, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("day", "dates", "expected"),
    [
        (date(2026, 3, 1), ("03-01",), date(2026, 3, 1)),
        (date(2026, 3, 2), ("03-01",), date(2027, 3, 1)),
        (date(2026, 3, 2), ("10-01", "04-01"), date(2026, 4, 1)),
        (date(2026, 1, 1), ("02-29",), date(2026, 2, 28)),
        (date(2028, 1, 1), ("02-29",), date(2028, 2, 29)),
        (date(9999, 1, 1), ("12-31",), date(9999, 12, 31)),
    ],
)
def test_next_of_yearly_dates(day: date, dates: tuple[str, ...], expected: date) -> None:
    assert next_yearly(day, dates) == expected


@pytest.mark.parametrize(
    ("day", "dates", "path"),
    [
        (START, (), "dates"),
        (START, ("02-30",), "dates[0]"),
        (START, ("01-01", "13-01"), "dates[1]"),
        (START, ("1-1",), "dates[0]"),
        (START, (101,), "dates[0]"),
        (datetime(2026, 1, 1, tzinfo=UTC), ("01-01",), "day"),
        (date.max, ("01-01",), "day"),
    ],
)
def test_refuses_other_yearly_dates(day: date, dates: tuple[str, ...], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        next_yearly(day, dates)

    assert caught.value.path == f"next_yearly.{path}"


@pytest.mark.parametrize("tz", [None, "UTC"])
def test_instants_need_a_zone_at_once(tz: Any) -> None:
    with pytest.raises(InvalidValue, match=r"Recurrence\.instants\.tz"):
        Recurrence(every="day").instants(START, time(9), tz)


@pytest.mark.parametrize("dates", [None, 5, "01-01", ()])
def test_yearly_dates_are_several(dates: Any) -> None:
    with pytest.raises(InvalidValue, match=r"next_yearly\.dates"):
        next_yearly(START, dates)
