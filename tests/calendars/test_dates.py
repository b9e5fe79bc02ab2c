"""Dates, midnights and month arithmetic."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from strategies_calendars import FarZone, UnhashableZone

from relex.calendars import add_months, local_date, midnight
from relex.errors import InvalidValue

NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


class TestAddMonths:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2025, 1, 31), 1, date(2025, 2, 28)),
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(1900, 1, 31), 1, date(1900, 2, 28)),
            (date(2025, 3, 31), -1, date(2025, 2, 28)),
            (date(2025, 1, 15), -1, date(2024, 12, 15)),
            (date(2025, 5, 31), 0, date(2025, 5, 31)),
        ],
    )
    def test_clips_to_the_last_day_of_the_month(self, day: date, months: int, expected: date) -> None:
        assert add_months(day, months) == expected

    def test_months_do_not_associate(self) -> None:
        assert add_months(add_months(date(2025, 1, 31), 1), 1) != add_months(date(2025, 1, 31), 2)

    def test_an_instant_keeps_its_wall_clock(self) -> None:
        moved = add_months(datetime(2026, 2, 1, 9, tzinfo=NEW_YORK), 6)

        assert moved.isoformat() == "2026-08-01T09:00:00-04:00"

    def test_an_instant_whose_wall_clock_does_not_exist_is_moved_to_the_jump(self) -> None:
        moved = add_months(datetime(2026, 2, 8, 2, 30, tzinfo=NEW_YORK), 1)

        assert moved.isoformat() == "2026-03-08T03:00:00-04:00"

    @pytest.mark.parametrize("months", [12 * 8000, -12 * 2026, 1.0, "1", True])
    def test_refuses_results_outside_the_calendar_and_other_types(self, months: object) -> None:
        with pytest.raises(InvalidValue, match=r"add_months\.months"):
            add_months(date(2026, 1, 1), months)  # type: ignore[arg-type]

    def test_refuses_a_naive_datetime(self) -> None:
        with pytest.raises(InvalidValue, match=r"add_months\.day"):
            add_months(datetime(2026, 1, 1), 1)  # noqa: DTZ001 - refused

    @pytest.mark.parametrize("day", ["2026-01-01", None, 20260101])
    def test_refuses_what_is_no_date(self, day: object) -> None:
        with pytest.raises(InvalidValue, match=r"add_months\.day"):
            add_months(day, 1)  # type: ignore[type-var]


class TestMidnight:
    @pytest.mark.parametrize(
        ("day", "zone", "expected"),
        [
            pytest.param(date(2026, 3, 8), NEW_YORK, "2026-03-08T00:00:00-05:00", id="plain"),
            pytest.param(date(2026, 3, 8), UTC, "2026-03-08T00:00:00+00:00", id="UTC"),
            pytest.param(date(2018, 11, 4), SAO_PAULO, "2018-11-04T01:00:00-02:00", id="skipped"),
            pytest.param(date(2018, 2, 18), SAO_PAULO, "2018-02-18T00:00:00-03:00", id="after 23:00 came twice"),
            pytest.param(date(2024, 11, 3), ZoneInfo("America/Havana"), "2024-11-03T00:00:00-04:00", id="twice"),
            pytest.param(date(2011, 12, 30), APIA, "2011-12-31T00:00:00+14:00", id="a date that is skipped"),
            pytest.param(date(1972, 1, 7), ZoneInfo("Africa/Monrovia"), "1972-01-07T00:44:30+00:00", id="seconds"),
        ],
    )
    def test_is_the_first_instant_of_the_date(self, day: date, zone: ZoneInfo, expected: str) -> None:
        assert midnight(day, zone).isoformat() == expected

    def test_works_in_a_zone_that_cannot_be_hashed(self) -> None:
        zone = UnhashableZone(60)

        assert midnight(date(2026, 1, 1), zone) == datetime(2025, 12, 31, 23, tzinfo=UTC)

    def test_works_at_both_ends_of_time(self) -> None:
        zones = (NEW_YORK, ZoneInfo("Asia/Tokyo"))

        assert [midnight(day, zone).year for zone in zones for day in (date.min, date.max)] == [1, 9999, 1, 9999]

    @pytest.mark.parametrize("day", [datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01"])
    @pytest.mark.parametrize("zone", [UTC, NEW_YORK])
    def test_refuses_what_is_no_date(self, day: object, zone: timezone | ZoneInfo) -> None:
        with pytest.raises(InvalidValue, match=r"midnight\.day"):
            midnight(day, zone)  # type: ignore[arg-type]


class TestLocalDate:
    def test_is_the_date_of_the_zone(self) -> None:
        assert local_date(datetime(2026, 3, 1, 3, tzinfo=UTC), NEW_YORK) == date(2026, 2, 28)

    def test_of_an_instant_of_the_same_zone(self) -> None:
        assert local_date(datetime(2026, 3, 1, 23, tzinfo=NEW_YORK), NEW_YORK) == date(2026, 3, 1)

    @pytest.mark.parametrize("at", [datetime(2026, 1, 1), date(2026, 1, 1), None])  # noqa: DTZ001 - refused
    def test_refuses_what_is_no_instant(self, at: object) -> None:
        with pytest.raises(InvalidValue, match=r"local_date\.at"):
            local_date(at, NEW_YORK)  # type: ignore[arg-type]


def test_a_zone_with_days_of_25_hours_begins_its_dates_25_hours_apart() -> None:
    begin, end = midnight(date(2026, 11, 1), NEW_YORK), midnight(date(2026, 11, 2), NEW_YORK)

    assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(hours=25)


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("America/St_Johns", date(2006, 10, 29)),  # 00:00 happens twice
        ("America/Havana", date(2018, 3, 11)),  # 00:00 is skipped
        ("Europe/Vienna", date(2026, 6, 1)),
    ],
)
def test_a_zone_that_knows_no_offset_of_a_local_time_gives_the_same_midnights(key: str, day: date) -> None:
    expected = midnight(day, ZoneInfo(key))

    assert midnight(day, FarZone(key)).astimezone(UTC) == expected.astimezone(UTC)


@pytest.mark.parametrize("tz", [None, "UTC", 0, date(2026, 1, 1)])
def test_the_zone_of_the_computer_is_never_asked_for(tz: Any) -> None:
    with pytest.raises(InvalidValue, match=r"midnight\.tz"):
        midnight(date(2026, 1, 1), tz)
    with pytest.raises(InvalidValue, match=r"local_date\.tz"):
        local_date(datetime(2026, 1, 1, tzinfo=UTC), tz)


@pytest.mark.parametrize(
    ("at", "tz"), [(datetime.min.replace(tzinfo=UTC), NEW_YORK), (datetime.max.replace(tzinfo=UTC), APIA)]
)
def test_there_is_no_local_date_before_the_first_and_after_the_last(at: datetime, tz: ZoneInfo) -> None:
    with pytest.raises(InvalidValue, match=r"local_date\.at"):
        local_date(at, tz)
