"""Stale policies: limits, business time, and what contradicts itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, BusinessDays, Days, weekly
from relex.errors import InvalidValue
from relex.pipeline import StalePolicy

OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


class TestMaking:
    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param({"since": "created"}, id="base"),
            pytest.param({"stale_after": Days(0)}, id="no days"),
            pytest.param({"stale_after": Days(3, end_of="month")}, id="days to the end of a month"),
            pytest.param({"stale_after": timedelta(0)}, id="no time"),
            pytest.param({"stale_after": 14}, id="a number"),
            pytest.param({"warn_after": Days(9), "stale_after": Days(8)}, id="warned too late"),
            pytest.param({"stale_after": BusinessDays(3)}, id="working days without a calendar"),
            pytest.param({"warn_after": Days(3), "calendar": OFFICE}, id="days on a calendar"),
            pytest.param({"warn_after": HOUR, "stale_after": BusinessDays(3), "calendar": OFFICE}, id="two kinds"),
            pytest.param({"calendar": "office"}, id="calendar"),
            pytest.param({"unless": "late"}, id="rule"),
        ],
    )
    def test_refuses_what_contradicts_itself(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="StalePolicy"):
            StalePolicy(**wrong)

    def test_both_limits_may_be_the_same(self) -> None:
        policy = StalePolicy(warn_after=Days(1), stale_after=timedelta(days=1))

        assert policy.state(MONDAY, MONDAY + 25 * HOUR) == "stale"


class TestState:
    def test_without_limits_nothing_goes_stale(self) -> None:
        assert StalePolicy().state(MONDAY, MONDAY + timedelta(days=9_999)) == "fresh"

    def test_business_time_counts_open_hours_alone(self) -> None:
        policy = StalePolicy(stale_after=8 * HOUR, calendar=OFFICE)

        assert policy.state(MONDAY, MONDAY + 24 * HOUR) == "fresh"
        assert policy.state(MONDAY, MONDAY + 25 * HOUR) == "stale"

    def test_working_days_end_when_the_last_one_closes(self) -> None:
        policy = StalePolicy(stale_after=BusinessDays(2), calendar=OFFICE)
        closing = datetime(2026, 6, 3, 17, tzinfo=UTC)

        assert policy.state(MONDAY, closing) == "fresh"
        assert policy.state(MONDAY, closing + timedelta(microseconds=1)) == "stale"


class TestDays:
    def test_days_are_whole_ones_of_24_hours(self) -> None:
        assert StalePolicy().days(MONDAY, MONDAY + 47 * HOUR) == 1

    def test_on_a_calendar_they_are_working_dates(self) -> None:
        assert StalePolicy(calendar=OFFICE).days(MONDAY, MONDAY + timedelta(days=7)) == 5

    @pytest.mark.parametrize(("hours", "over"), [(48, None), (49, 0), (72, 1)])
    def test_days_over_count_from_the_limit(self, hours: int, over: int | None) -> None:
        assert StalePolicy(stale_after=Days(2)).days_over(MONDAY, MONDAY + hours * HOUR) == over

    def test_no_limit_no_days_over(self) -> None:
        assert StalePolicy(warn_after=Days(2)).days_over(MONDAY, MONDAY + timedelta(days=9)) is None

    @pytest.mark.parametrize("limit", [BusinessDays(2), 24 * HOUR])
    def test_days_over_on_a_calendar_are_working_dates(self, limit: Any) -> None:
        policy = StalePolicy(stale_after=limit, calendar=OFFICE)

        assert policy.days_over(MONDAY, datetime(2026, 6, 8, 12, tzinfo=UTC)) == 3
