"""Rolling limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, RollingLimit, first_allowed, weekly
from relex.errors import InvalidValue

NOON = datetime(2026, 6, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MICRO = timedelta(microseconds=1)
ONCE = RollingLimit(1, None)


def test_counts_after_the_start_of_the_window_up_to_now() -> None:
    instants = [NOON - DAY, NOON - DAY + MICRO, NOON, NOON + MICRO]

    assert RollingLimit(1, DAY).count(NOON, instants) == 2


def test_for_ever_counts_everything_so_far() -> None:
    assert ONCE.count(NOON, [NOON - 9999 * DAY, NOON, NOON + MICRO]) == 2


def test_for_ever_never_opens_again() -> None:
    assert ONCE.opens(NOON, [NOON - 9999 * DAY]) is None
    assert ONCE.opens(NOON, []) is NOON


def test_what_is_still_to_come_counts_when_it_has_come() -> None:
    coming = [NOON - DAY / 2, NOON + DAY / 4]

    assert RollingLimit(1, DAY).opens(NOON, coming) == NOON + DAY / 4 + DAY


@pytest.mark.parametrize(
    ("limit", "within"), [(0, DAY), (-1, DAY), (True, DAY), (1.0, DAY), (1, timedelta(0)), (1, -DAY), (1, 24)]
)
def test_refuses_limits_that_limit_nothing(limit: object, within: object) -> None:
    with pytest.raises(InvalidValue, match=r"RollingLimit\."):
        RollingLimit(limit, within)  # type: ignore[arg-type]


@pytest.mark.parametrize("at", [datetime(2026, 1, 1), date(2026, 1, 1)])  # noqa: DTZ001 - refused
def test_refuses_what_is_no_instant(at: datetime) -> None:
    with pytest.raises(InvalidValue, match=r"RollingLimit\.count\.at"):
        ONCE.count(at, [])
    with pytest.raises(InvalidValue, match=r"RollingLimit\.opens\.instants\[1\]"):
        ONCE.opens(NOON, [NOON, at])


class TestFirstAllowed:
    def test_is_now_if_nothing_stands_in_the_way(self) -> None:
        hours = BusinessCalendar(weekly("fri", "09:00", "17:00"), tz=UTC)

        assert first_allowed(NOON) is NOON
        assert first_allowed(NOON, hours=hours, limits=[(ONCE, [])]) is NOON

    def test_is_never_if_one_limit_never_opens(self) -> None:
        assert first_allowed(NOON, limits=[(RollingLimit(1, DAY), [NOON]), (ONCE, [NOON])]) is None

    def test_waits_for_hours_and_limits_in_turn(self) -> None:
        hours = BusinessCalendar(weekly("mon,thu", "09:00", "10:00"), tz=UTC)
        monday = datetime(2026, 6, 8, 9, tzinfo=UTC)
        limits = [(RollingLimit(1, DAY), [monday])]

        assert first_allowed(NOON, hours=hours, limits=limits) == datetime(2026, 6, 11, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("at", {"at": None}),
        ("at", {"at": datetime(2026, 6, 5)}),  # noqa: DTZ001 - a naive datetime
        ("hours", {"hours": "09-17"}),
        ("limits", {"limits": None}),
        ("limits", {"limits": [ONCE]}),
        ("limits", {"limits": [(ONCE, [], [])]}),
        ("limits", {"limits": [("once", [])]}),
        ("limits", {"limits": [(ONCE, None)]}),
    ],
)
def test_first_allowed_refuses_what_it_cannot_judge(path: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=rf"first_allowed\.{path}"):
        first_allowed(**({"at": NOON} | wrong))


@pytest.mark.parametrize("within", [timedelta.max, timedelta(days=3_000_000)])
def test_refuses_an_opening_after_the_last_year(within: timedelta) -> None:
    with pytest.raises(InvalidValue):
        RollingLimit(1, within).opens(NOON, [NOON])


@pytest.mark.parametrize("instants", [None, 5, NOON])
def test_instants_are_several(instants: Any) -> None:
    with pytest.raises(InvalidValue, match=r"RollingLimit\.count\.instants"):
        ONCE.count(NOON, instants)
    with pytest.raises(InvalidValue, match=r"RollingLimit\.opens\.instants"):
        ONCE.opens(NOON, instants)
