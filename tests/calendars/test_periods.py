"""Half-open periods and calendar units."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Period, calendar_index
from relex.errors import InvalidValue

NEW_YORK = ZoneInfo("America/New_York")
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MORNING = Period(NOON - timedelta(hours=3), NOON)


class TestPeriod:
    def test_holds_its_start_and_not_its_end(self) -> None:
        assert [day in JUNE for day in (date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1))] == [True, True, False]

    def test_of_instants_holds_instants_of_any_zone(self) -> None:
        inside = (NOON - timedelta(hours=1)).astimezone(NEW_YORK)

        assert MORNING.contains(inside)
        assert not MORNING.contains(NOON.astimezone(NEW_YORK))

    def test_without_an_end_goes_on(self) -> None:
        forever = Period(date(2026, 6, 1))

        assert date.max in forever
        assert forever.length is None
        assert not forever.is_empty

    def test_the_hour_that_happens_twice_is_two_hours(self) -> None:
        first = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)
        period = Period(first, first.replace(fold=1))

        assert period.length == timedelta(hours=1)
        assert first.replace(minute=45) in period
        assert first.replace(minute=45, fold=1) not in period

    def test_an_empty_period_holds_nothing(self) -> None:
        empty = Period(date(2026, 6, 1), date(2026, 6, 1))

        assert (empty.is_empty, date(2026, 6, 1) in empty, empty.length) == (True, False, timedelta(0))

    @pytest.mark.parametrize(
        ("start", "end", "path"),
        [
            (date(2026, 6, 2), date(2026, 6, 1), "end"),
            (NOON, NOON - timedelta(microseconds=1), "end"),
            (date(2026, 6, 1), NOON, "end"),
            (NOON, date(2026, 6, 2), "end"),
            (datetime(2026, 6, 1), None, "start"),  # noqa: DTZ001 - refused
            (NOON, datetime(2026, 6, 2), "end"),  # noqa: DTZ001 - refused
            ("2026-06-01", None, "start"),
            (None, None, "start"),
        ],
    )
    def test_refuses_what_makes_no_period(self, start: object, end: object, path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            Period(start, end)  # type: ignore[arg-type]

        assert caught.value.path == f"Period.{path}"

    @pytest.mark.parametrize(("period", "moment"), [(JUNE, NOON), (MORNING, date(2026, 6, 1)), (JUNE, "2026-06-02")])
    def test_refuses_a_question_of_the_other_kind(self, period: Period, moment: object) -> None:
        with pytest.raises(InvalidValue, match=r"Period\.contains\.moment"):
            period.contains(moment)  # type: ignore[arg-type]

    def test_overlaps_if_some_moment_lies_in_both(self) -> None:
        assert JUNE.overlaps(Period(date(2026, 6, 30)))
        assert not JUNE.overlaps(Period(date(2026, 7, 1)))

    def test_intersects_two_without_an_end(self) -> None:
        assert Period(date(2026, 1, 1)).intersect(Period(date(2026, 2, 1))) == Period(date(2026, 2, 1))

    def test_becomes_instants_at_local_midnights(self) -> None:
        march = Period.of("day", date(2026, 3, 8)).instants(NEW_YORK)

        assert march.length == timedelta(hours=23)
        assert march.instants(UTC) is march
        assert Period(date(2026, 3, 8)).instants(NEW_YORK).end is None


class TestUnits:
    @pytest.mark.parametrize(
        ("unit", "year_starts", "start", "end"),
        [
            ("day", 1, date(2026, 2, 10), date(2026, 2, 11)),
            ("week", 1, date(2026, 2, 9), date(2026, 2, 16)),
            ("month", 1, date(2026, 2, 1), date(2026, 3, 1)),
            ("quarter", 1, date(2026, 1, 1), date(2026, 4, 1)),
            ("quarter", 2, date(2026, 2, 1), date(2026, 5, 1)),
            ("half", 1, date(2026, 1, 1), date(2026, 7, 1)),
            ("half", 4, date(2025, 10, 1), date(2026, 4, 1)),
            ("year", 1, date(2026, 1, 1), date(2027, 1, 1)),
            ("year", 4, date(2025, 4, 1), date(2026, 4, 1)),
        ],
    )
    def test_the_unit_around_a_date(self, unit: str, year_starts: int, start: date, end: date) -> None:
        assert Period.of(unit, date(2026, 2, 10), year_starts=year_starts) == Period(start, end)

    @pytest.mark.parametrize(
        ("unit", "day", "year_starts", "path"),
        [
            ("decade", date(2026, 1, 1), 1, "unit"),
            ("month", NOON, 1, "day"),
            ("year", date(2026, 1, 1), 13, "year_starts"),
            ("year", date(9999, 5, 1), 1, "day"),
            ("year", date(1, 1, 1), 4, "day"),
            ("week", date.max, 1, "day"),
        ],
    )
    def test_refuses_other_units_and_ends_of_time(self, unit: str, day: date, year_starts: int, path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            Period.of(unit, day, year_starts=year_starts)

        assert caught.value.path == f"Period.of.{path}"

    @pytest.mark.parametrize(
        ("unit", "borders"),
        [("day", 1), ("week", 0), ("month", 1), ("quarter", 1), ("half", 0), ("year", 0)],
    )
    def test_indexes_count_borders(self, unit: str, borders: int) -> None:
        assert calendar_index(unit, date(2026, 4, 1)) - calendar_index(unit, date(2026, 3, 31)) == borders

    def test_indexes_of_a_year_that_starts_in_april(self) -> None:
        index = [calendar_index("year", day, year_starts=4) for day in (date(2026, 3, 31), date(2026, 4, 1))]

        assert index[1] - index[0] == 1

    def test_weeks_count_from_monday(self) -> None:
        sunday, monday = date(2026, 6, 7), date(2026, 6, 8)

        assert calendar_index("week", monday) - calendar_index("week", sunday) == 1


class TestSplit:
    def test_cuts_instants_at_local_midnights(self) -> None:
        start = datetime(2026, 3, 7, 12, tzinfo=NEW_YORK)
        parts = list(Period(start, datetime(2026, 3, 9, 1, tzinfo=NEW_YORK)).split("day"))

        assert [part.length for part in parts] == [timedelta(hours=12), timedelta(hours=23), timedelta(hours=1)]

    def test_cuts_instants_at_the_midnights_of_another_zone(self) -> None:
        period = Period(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC))

        assert [part.length for part in period.split("day", tz=NEW_YORK)] == [timedelta(hours=4), timedelta(hours=20)]

    def test_passes_over_a_date_that_the_clock_skips(self) -> None:
        zone = ZoneInfo("Pacific/Apia")
        period = Period(datetime(2011, 12, 29, tzinfo=zone), datetime(2012, 1, 1, tzinfo=zone))

        assert [part.length for part in period.split("day")] == [timedelta(days=1)] * 2

    def test_a_clock_that_is_put_back_over_midnight_cuts_no_backward_piece(self) -> None:
        zone = ZoneInfo("America/St_Johns")
        again = datetime(2010, 11, 6, 23, 30, tzinfo=zone, fold=1)
        parts = list(Period(again, datetime(2010, 11, 8, tzinfo=zone)).split("day"))

        assert [part.length for part in parts] == [timedelta(hours=24, minutes=30)]

    def test_an_empty_period_has_no_pieces(self) -> None:
        assert list(Period(date(2026, 6, 1), date(2026, 6, 1)).split("day")) == []

    def test_refuses_a_period_without_an_end(self) -> None:
        with pytest.raises(InvalidValue, match="a period with an end"):
            Period(date(2026, 6, 1)).split("day")


@pytest.mark.parametrize("other", [None, NOON, "june"])
def test_only_periods_meet(other: Any) -> None:
    with pytest.raises(InvalidValue, match=r"Period\.intersect\.other"):
        JUNE.intersect(other)
    with pytest.raises(InvalidValue, match=r"Period\.intersect\.other"):
        JUNE.overlaps(other)


@pytest.mark.parametrize("wrong", [{"unit": "decade"}, {"year_starts": 13}, {"tz": "UTC"}, {"tz": 0}])
def test_a_split_refuses_what_it_cannot_cut_by_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=rf"Period\.split\.{next(iter(wrong))}"):
        MORNING.split(**({"unit": "day"} | wrong))
