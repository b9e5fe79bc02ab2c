"""Opening hours as data."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from relex.calendars import SpecialHours, Window, overnight, weekly
from relex.errors import InvalidValue

DAY = date(2026, 6, 1)


def test_times_may_be_written() -> None:
    assert Window("mon", "09:30", "17:00") == Window("mon", time(9, 30), time(17))


def test_the_end_of_the_day_is_none() -> None:
    assert [Window("mon", "09:30", closes).closes for closes in ("24:00", None)] == [None, None]


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (("monday", "09:00", "17:00"), "weekday"),
        ((0, "09:00", "17:00"), "weekday"),
        (("mon", "nine", "17:00"), "opens"),
        (("mon", 9, "17:00"), "opens"),
        (("mon", "09:00+01:00", "17:00"), "opens"),
        (("mon", None, "17:00"), "opens"),
        (("mon", "09:00", "25:00"), "closes"),
        (("mon", "09:00", "09:00"), "closes"),
        (("mon", "17:00", "09:00"), "closes"),
        (("mon", "09:00", "00:00"), "closes"),
    ],
)
def test_a_window_refuses(arguments: tuple[object, ...], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Window(*arguments)  # type: ignore[arg-type]

    assert caught.value.path == f"Window.{path}"


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ((datetime(2026, 6, 1, tzinfo=UTC), "09:00", "17:00"), "day"),
        ((DAY, "x", "17:00"), "opens"),
        ((DAY, "09:00", "08:00"), "closes"),
    ],
)
def test_special_hours_refuse(arguments: tuple[object, ...], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        SpecialHours(*arguments)  # type: ignore[arg-type]

    assert caught.value.path == f"SpecialHours.{path}"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("mon", ["mon"]),
        ("mon-wed", ["mon", "tue", "wed"]),
        ("sat-mon", ["sat", "sun", "mon"]),
        ("mon, wed,fri-sat", ["mon", "wed", "fri", "sat"]),
        ("mon-sun", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    ],
)
def test_weekdays_may_be_written_as_ranges(days: str, expected: list[str]) -> None:
    assert [window.weekday for window in weekly(days, "09:00", "17:00")] == expected


@pytest.mark.parametrize("days", ["", "mon-", "-mon", "mon-xyz", "Monday", "mon,,tue", None])
def test_refuses_other_weekdays(days: object) -> None:
    with pytest.raises(InvalidValue, match=r"weekly\.days"):
        weekly(days, "09:00", "17:00")  # type: ignore[arg-type]


def test_a_night_shift_is_two_windows() -> None:
    assert overnight("fri,sun", "18:00", "08:00") == (
        Window("fri", "18:00", "24:00"),
        Window("sun", "18:00", "24:00"),
        Window("sat", "00:00", "08:00"),
        Window("mon", "00:00", "08:00"),
    )
