"""Business calendars beyond the published cases: construction, edges, far dates, odd zones."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from strategies_calendars import ErringZone, FarZone, UnhashableZone

from relex.calendars import (
    BusinessCalendar,
    BusinessDays,
    Period,
    SpecialHours,
    Window,
    midnight,
    overnight,
    weekly,
)
from relex.errors import InvalidValue

NEW_YORK = ZoneInfo("America/New_York")
NINE_TO_FIVE = weekly("mon-fri", "09:00", "17:00")
OFFICE = BusinessCalendar(NINE_TO_FIVE, tz=UTC)
ALWAYS = BusinessCalendar.always(UTC)
FRIDAY = datetime(2026, 6, 5, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
MICRO = timedelta(microseconds=1)
ONCE = BusinessCalendar((), tz=UTC, special=(SpecialHours(date(2026, 6, 6), "10:00", "14:00"),))


class TestConstruction:
    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"windows": ()}, "windows"),
            ({"windows": (Window("mon", "09:00", "12:00"), Window("mon", "11:59", "13:00"))}, "windows"),
            ({"windows": "mon-fri"}, "windows"),
            ({"windows": ("mon",)}, "windows"),
            ({"tz": "UTC"}, "tz"),
            ({"tz": None}, "tz"),
            ({"holidays": date(2026, 1, 1)}, "holidays"),
            ({"holidays": ("2026-01-01",)}, "holidays[0]"),
            ({"holidays": (date(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC))}, "holidays[1]"),
            ({"holidays": (Period(date(2026, 1, 1)),)}, "holidays[0]"),
            ({"holidays": (Period(FRIDAY, FRIDAY + HOUR),)}, "holidays[0]"),
            ({"special": (date(2026, 1, 1),)}, "special"),
            (
                {
                    "special": (
                        SpecialHours(date(2026, 1, 1), "09:00", "12:00"),
                        SpecialHours(date(2026, 1, 1), "11:00", "13:00"),
                    )
                },
                "special",
            ),
            (
                {
                    "holidays": (Period(date(2025, 12, 24), date(2026, 1, 2)),),
                    "special": (SpecialHours(date(2026, 1, 1), "09:00", "12:00"),),
                },
                "special",
            ),
        ],
    )
    def test_refuses(self, fields: dict[str, object], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            BusinessCalendar(**{"windows": NINE_TO_FIVE, "tz": UTC, **fields})  # type: ignore[arg-type]

        assert caught.value.path == f"BusinessCalendar.{path}"

    def test_lists_become_tuples(self) -> None:
        calendar = BusinessCalendar(list(NINE_TO_FIVE), tz=UTC, holidays=[date(2026, 1, 1)])

        assert calendar == BusinessCalendar(NINE_TO_FIVE, tz=UTC, holidays=(date(2026, 1, 1),))

    def test_what_was_asked_before_is_no_part_of_the_value(self) -> None:
        fresh = BusinessCalendar(NINE_TO_FIVE, tz=UTC)
        OFFICE.due(FRIDAY, timedelta(days=30))

        assert fresh == OFFICE
        assert hash(OFFICE) == hash(fresh)
        assert repr(OFFICE) == repr(fresh)
        assert "_table" not in repr(OFFICE)

    def test_another_zone_is_another_calendar(self) -> None:
        assert BusinessCalendar(NINE_TO_FIVE, tz=NEW_YORK) != OFFICE

    def test_can_be_hashed_where_its_zone_cannot(self) -> None:
        zone = UnhashableZone(60)

        assert len({BusinessCalendar(NINE_TO_FIVE, tz=zone)}) == 1

    def test_survives_pickling(self) -> None:
        OFFICE.due(FRIDAY, HOUR)

        assert pickle.loads(pickle.dumps(OFFICE)).due(FRIDAY, 2 * HOUR) == OFFICE.due(FRIDAY, 2 * HOUR)  # noqa: S301 - our own


class TestDue:
    def test_no_time_is_due_at_once_even_when_closed(self) -> None:
        saturday = datetime(2026, 6, 6, 12, tzinfo=NEW_YORK)
        due = OFFICE.due(saturday, timedelta(0))

        assert due == saturday
        assert due.tzinfo is UTC

    def test_one_microsecond_more_than_the_day_has_is_due_on_monday(self) -> None:
        assert OFFICE.due(FRIDAY, HOUR) == FRIDAY + HOUR
        assert OFFICE.due(FRIDAY, HOUR + MICRO) == datetime(2026, 6, 8, 9, tzinfo=UTC) + MICRO

    def test_windows_may_open_between_seconds(self) -> None:
        odd = BusinessCalendar((Window("fri", time(9, 0, 0, 1), time(17, 0, 0, 3)),), tz=UTC)

        assert odd.elapsed(FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=1)) == 8 * HOUR + 2 * MICRO

    @pytest.mark.parametrize("duration", [-MICRO, timedelta(days=-1), 3600, 1.5, None, "1h"])
    def test_refuses_other_durations(self, duration: object) -> None:
        with pytest.raises(InvalidValue, match=r"BusinessCalendar\.due\.duration"):
            OFFICE.due(FRIDAY, duration)  # type: ignore[arg-type]

    @pytest.mark.parametrize("start", [datetime(2026, 1, 1), date(2026, 1, 1), None])  # noqa: DTZ001 - refused
    def test_refuses_what_is_no_instant(self, start: object) -> None:
        with pytest.raises(InvalidValue, match=r"BusinessCalendar\.due\.start"):
            OFFICE.due(start, HOUR)  # type: ignore[arg-type]

    def test_ten_years_ahead_is_the_last_answer(self) -> None:
        start = datetime(2026, 6, 5, tzinfo=UTC)
        ten_years = datetime(2036, 6, 5, tzinfo=UTC) - start

        assert ALWAYS.due(start, ten_years) == datetime(2036, 6, 5, tzinfo=UTC)
        with pytest.raises(InvalidValue, match="no working time"):
            ALWAYS.due(start, ten_years + MICRO)

    @pytest.mark.parametrize("duration", [5 * HOUR, timedelta(days=1000), BusinessDays(2)])
    def test_a_calendar_that_has_ended_has_no_working_time(self, duration: timedelta | BusinessDays) -> None:
        with pytest.raises(InvalidValue, match="no working time"):
            ONCE.due(FRIDAY, duration)

    def test_holidays_for_ever_leave_no_working_time(self) -> None:
        closed = BusinessCalendar(NINE_TO_FIVE, tz=UTC, holidays=(Period(date(1, 1, 1), date(9999, 12, 31)),))

        with pytest.raises(InvalidValue, match="no working time"):
            closed.due(FRIDAY, HOUR)

    def test_holidays_may_overlap_and_span_years(self) -> None:
        holidays = (
            Period(date(2026, 12, 24), date(2027, 1, 4)),
            date(2026, 12, 25),
            Period(date(2026, 12, 31), date(2027, 1, 2)),
        )
        calendar = BusinessCalendar(NINE_TO_FIVE, tz=UTC, holidays=(*holidays, date(2030, 1, 1)))

        assert calendar.due(datetime(2026, 12, 23, 16, tzinfo=UTC), 2 * HOUR) == datetime(2027, 1, 4, 10, tzinfo=UTC)

    def test_a_business_day_of_a_calendar_that_is_always_open_ends_at_midnight(self) -> None:
        assert ALWAYS.due(FRIDAY, BusinessDays(1)) == datetime(2026, 6, 7, tzinfo=UTC)

    def test_business_days_cross_years(self) -> None:
        assert OFFICE.due(datetime(2026, 12, 31, 20, tzinfo=UTC), BusinessDays(600)) == datetime(
            2029, 4, 19, 17, tzinfo=UTC
        )

    @pytest.mark.parametrize("n", [0, -1, 1.0, True])
    def test_business_days_are_at_least_one(self, n: object) -> None:
        with pytest.raises(InvalidValue, match=r"BusinessDays\.n"):
            BusinessDays(n)  # type: ignore[arg-type]


class TestElapsed:
    def test_of_no_time_is_nothing(self) -> None:
        assert OFFICE.elapsed(FRIDAY, FRIDAY) == timedelta(0)

    def test_refuses_an_end_before_the_start(self) -> None:
        with pytest.raises(InvalidValue, match=r"BusinessCalendar\.elapsed\.end"):
            OFFICE.elapsed(FRIDAY, FRIDAY - MICRO)

    def test_the_order_of_the_hour_that_happens_twice_is_known(self) -> None:
        first = datetime(2026, 11, 1, 1, 45, tzinfo=NEW_YORK)
        second = datetime(2026, 11, 1, 1, 15, tzinfo=NEW_YORK, fold=1)

        assert BusinessCalendar.always(NEW_YORK).elapsed(first, second) == timedelta(minutes=30)

    def test_a_window_of_the_hour_that_happens_twice_is_open_once(self) -> None:
        calendar = BusinessCalendar(weekly("mon-sun", "01:15", "01:45"), tz=NEW_YORK)
        day = Period.of("day", date(2026, 11, 1))

        assert [span.start.isoformat() for span in calendar.spans(day)] == ["2026-11-01T01:15:00-04:00"]

    @pytest.mark.parametrize("year", [1, 9999])
    def test_refuses_the_ends_of_time(self, year: int) -> None:
        at = datetime(year, 6, 1, tzinfo=UTC)

        with pytest.raises(InvalidValue, match="years from 2 to 9998"):
            OFFICE.elapsed(at, at)


class TestOpening:
    def test_is_open_from_the_opening_to_just_before_the_closing(self) -> None:
        closing = datetime(2026, 6, 5, 17, tzinfo=UTC)

        assert [OFFICE.is_open(at) for at in (closing - 8 * HOUR, closing - MICRO, closing)] == [True, True, False]

    def test_is_closed_after_the_last_window_of_a_year(self) -> None:
        assert not OFFICE.is_open(datetime(2026, 12, 31, 23, tzinfo=UTC))

    def test_opens_at_once_inside_a_window(self) -> None:
        assert OFFICE.opens(FRIDAY) == FRIDAY

    @pytest.mark.parametrize(
        ("zone", "at"),
        [
            ("Asia/Tokyo", datetime(2026, 12, 31, 23, tzinfo=UTC)),
            ("America/New_York", datetime(2027, 1, 1, 3, tzinfo=UTC)),
        ],
    )
    def test_the_year_is_that_of_the_calendar(self, zone: str, at: datetime) -> None:
        assert BusinessCalendar(weekly("mon-sun", "00:00", "23:59"), tz=ZoneInfo(zone)).opens(at) == at

    def test_opens_in_the_next_year(self) -> None:
        assert OFFICE.opens(datetime(2027, 12, 31, 17, tzinfo=UTC)) == datetime(2028, 1, 3, 9, tzinfo=UTC)

    def test_closes_at_the_end_of_this_window_or_of_the_next(self) -> None:
        closing = datetime(2026, 6, 5, 17, tzinfo=UTC)

        assert OFFICE.closes(closing - MICRO) == closing
        assert OFFICE.closes(closing) == datetime(2026, 6, 8, 17, tzinfo=UTC)

    def test_windows_that_touch_over_midnight_are_one(self) -> None:
        night = BusinessCalendar(overnight("mon-sun", "18:00", "08:00"), tz=UTC)
        new_year = datetime(2026, 12, 31, 20, tzinfo=UTC)

        assert night.closes(new_year) == datetime(2027, 1, 1, 8, tzinfo=UTC)
        assert [span.length for span in night.spans(Period(new_year, new_year + timedelta(days=1)))] == [
            12 * HOUR,
            2 * HOUR,
        ]

    @pytest.mark.parametrize(
        ("weekday", "opens", "closes"),
        [
            pytest.param("fri", "09:00", "17:00", id="opens later on the first day of the year"),
            pytest.param("sat", "00:00", "17:00", id="opens on the second day of the year"),
        ],
    )
    def test_a_window_that_ends_with_the_year_ends_there(self, weekday: str, opens: str, closes: str) -> None:
        calendar = BusinessCalendar((Window("thu", "09:00", "24:00"), Window(weekday, opens, closes)), tz=UTC)

        assert calendar.closes(datetime(2026, 12, 31, 12, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)

    def test_a_window_that_ends_with_the_year_is_followed_by_nothing(self) -> None:
        last = BusinessCalendar((), tz=UTC, special=(SpecialHours(date(2026, 12, 31), "09:00", "24:00"),))

        assert last.closes(FRIDAY) == datetime(2027, 1, 1, tzinfo=UTC)

    def test_what_is_always_open_never_closes(self) -> None:
        with pytest.raises(InvalidValue, match=r"BusinessCalendar\.closes\.at"):
            ALWAYS.closes(FRIDAY)

    def test_what_has_ended_never_opens(self) -> None:
        assert ONCE.opens(FRIDAY) == datetime(2026, 6, 6, 10, tzinfo=UTC)
        with pytest.raises(InvalidValue, match="no working time"):
            ONCE.opens(datetime(2026, 6, 6, 14, tzinfo=UTC))


class TestSpans:
    def test_are_clipped_to_the_period(self) -> None:
        monday = datetime(2026, 6, 8, 10, tzinfo=UTC)

        assert list(OFFICE.spans(Period(FRIDAY, monday))) == [
            Period(FRIDAY, FRIDAY + HOUR),
            Period(monday - HOUR, monday),
        ]

    def test_of_what_is_always_open_are_the_period_itself(self) -> None:
        period = Period(FRIDAY, FRIDAY + timedelta(days=1000))

        assert list(ALWAYS.spans(period)) == [period]

    def test_end_with_the_year(self) -> None:
        year = Period.of("year", date(2026, 1, 1))

        assert sum((span.length or timedelta(0) for span in OFFICE.spans(year)), timedelta(0)) == 261 * 8 * HOUR

    def test_of_an_empty_period_are_none(self) -> None:
        assert list(OFFICE.spans(Period(FRIDAY, FRIDAY))) == []

    @pytest.mark.parametrize("period", [Period(FRIDAY), "2026", None])
    def test_refuse_a_period_without_an_end(self, period: object) -> None:
        with pytest.raises(InvalidValue, match=r"BusinessCalendar\.spans\.period"):
            OFFICE.spans(period)  # type: ignore[arg-type]


class TestWorkingDates:
    def test_are_counted_after_the_first_up_to_the_last(self) -> None:
        assert OFFICE.working_days(FRIDAY, FRIDAY + timedelta(days=7)) == 5
        assert OFFICE.working_days(FRIDAY, FRIDAY) == 0

    def test_are_counted_over_years(self) -> None:
        assert (
            OFFICE.working_days(datetime(2025, 12, 31, tzinfo=UTC), datetime(2028, 12, 31, tzinfo=UTC))
            == 261 + 261 + 260
        )

    def test_are_dates_of_the_calendar_s_zone(self) -> None:
        calendar = BusinessCalendar(NINE_TO_FIVE, tz=NEW_YORK)

        assert calendar.working_days(datetime(2026, 6, 5, 3, tzinfo=UTC), datetime(2026, 6, 5, 4, tzinfo=UTC)) == 1

    def test_refuse_an_end_before_the_start(self) -> None:
        with pytest.raises(InvalidValue, match=r"BusinessCalendar\.working_days\.end"):
            OFFICE.working_days(FRIDAY, FRIDAY - timedelta(days=1))

    @pytest.mark.parametrize(
        ("day", "roll", "expected"),
        [
            (date(2026, 6, 5), "next", date(2026, 6, 5)),
            (date(2026, 6, 5), "previous", date(2026, 6, 5)),
            (date(2028, 1, 1), "next", date(2028, 1, 3)),
            (date(2028, 1, 2), "previous", date(2027, 12, 31)),
        ],
    )
    def test_are_found_forward_and_back(self, day: date, roll: str, expected: date) -> None:
        assert OFFICE.working_date(day, roll=roll) == expected

    @pytest.mark.parametrize(
        ("day", "roll"), [(date(2026, 6, 7), "next"), (date(2016, 6, 5), "next"), (date(2036, 6, 8), "previous")]
    )
    def test_are_looked_for_within_ten_years(self, day: date, roll: str) -> None:
        with pytest.raises(InvalidValue, match="no working time"):
            ONCE.working_date(day, roll=roll)

    @pytest.mark.parametrize("roll", ["next", "previous"])
    def test_just_within_ten_years_are_found(self, roll: str) -> None:
        day = date(2016, 6, 6) if roll == "next" else date(2036, 6, 6)

        assert ONCE.working_date(day, roll=roll) == date(2026, 6, 6)

    @pytest.mark.parametrize(("day", "roll"), [(FRIDAY, "next"), (date(2026, 6, 5), "nearest")])
    def test_refuse_other_questions(self, day: date, roll: str) -> None:
        with pytest.raises(InvalidValue, match=r"BusinessCalendar\.working_date"):
            OFFICE.working_date(day, roll=roll)

    def test_a_date_whose_only_window_the_clock_skips_is_none(self) -> None:
        calendar = BusinessCalendar(weekly("mon-sun", "02:00", "02:45"), tz=NEW_YORK)

        assert calendar.working_date(date(2026, 3, 8)) == date(2026, 3, 9)


class TwiceInADay(tzinfo):
    """A zone that moves by an hour at 06:00 and by another at 18:00 UTC of one day."""

    def fromutc(self, at: datetime) -> datetime:
        naive = at.replace(tzinfo=None)
        hours = (naive >= datetime(2026, 6, 3, 6)) + (naive >= datetime(2026, 6, 3, 18))  # noqa: DTZ001 - in UTC
        return (naive + timedelta(hours=hours)).replace(tzinfo=self)

    def utcoffset(self, at: datetime | None) -> timedelta:
        assert at is not None
        naive = at.replace(tzinfo=None)
        hours = (naive >= datetime(2026, 6, 3, 7)) + (naive >= datetime(2026, 6, 3, 20))  # noqa: DTZ001 - local
        return timedelta(hours=hours)

    def tzname(self, at: datetime | None) -> str:
        return "twice"

    def dst(self, at: datetime | None) -> timedelta:
        return timedelta(0)


class TestOddZones:
    @pytest.mark.parametrize(
        ("zone", "day", "hours"),
        [
            ("Pacific/Apia", date(2011, 12, 30), 0),
            ("Pacific/Apia", date(2011, 12, 31), 24),
            ("America/Juneau", date(1867, 10, 18), 24),
            ("America/Juneau", date(1867, 10, 19), 48),
            ("America/Sao_Paulo", date(2018, 11, 4), 23),
            ("Africa/Cairo", date(2024, 4, 26), 23),
            ("America/Havana", date(2024, 11, 3), 25),
        ],
    )
    def test_days_are_as_long_as_the_clock_makes_them(self, zone: str, day: date, hours: int) -> None:
        tz = ZoneInfo(zone)
        calendar = BusinessCalendar.always(tz)
        begin, end = midnight(day, tz), midnight(day + timedelta(days=1), tz)

        assert round(calendar.elapsed(begin, end) / HOUR) == hours

    def test_a_date_that_is_skipped_is_no_working_date(self) -> None:
        apia = ZoneInfo("Pacific/Apia")
        calendar = BusinessCalendar(weekly("mon-sun", "09:00", "17:00"), tz=apia)

        assert calendar.due(datetime(2011, 12, 29, 12, tzinfo=apia), BusinessDays(1)) == datetime(
            2011, 12, 31, 17, tzinfo=apia
        )

    def test_a_zone_may_move_twice_in_a_day(self) -> None:
        calendar = BusinessCalendar(weekly("mon-sun", "05:00", "21:00"), tz=TwiceInADay())
        day = Period(datetime(2026, 6, 3, tzinfo=UTC), datetime(2026, 6, 4, tzinfo=UTC))

        assert [(span.start.astimezone(UTC).hour, span.length) for span in calendar.spans(day)] == [(5, 14 * HOUR)]

    @pytest.mark.parametrize(
        "zone",
        [timezone(timedelta(hours=5, minutes=45)), UnhashableZone(345), ZoneInfo("Asia/Kathmandu")],
    )
    def test_any_kind_of_zone_will_do(self, zone: tzinfo) -> None:
        due = BusinessCalendar(NINE_TO_FIVE, tz=zone).due(datetime(2026, 6, 5, 12, tzinfo=zone), 6 * HOUR)

        assert due.isoformat() == "2026-06-08T10:00:00+05:45"


def test_the_memo_of_years_is_bounded() -> None:
    calendar = BusinessCalendar(NINE_TO_FIVE, tz=UTC)
    calendar.elapsed(datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))

    assert len(calendar._table._years) <= 64


def test_the_memo_of_years_is_neither_copied_nor_stored() -> None:
    used = BusinessCalendar(NINE_TO_FIVE, tz=UTC)
    fresh = len(pickle.dumps(used))
    used.elapsed(FRIDAY, FRIDAY.replace(year=2046))

    assert fresh == len(pickle.dumps(used))
    assert used.due(FRIDAY, HOUR) == pickle.loads(pickle.dumps(used)).due(FRIDAY, HOUR)  # noqa: S301 - our own


@pytest.mark.parametrize("zone", [FarZone, ErringZone])
def test_the_offset_of_a_zone_is_what_its_clock_shows(zone: type[FarZone]) -> None:
    day = datetime(2026, 3, 8, 5, tzinfo=UTC)  # of 23 hours
    nights = BusinessCalendar(weekly("sun", "00:00", "02:30"), tz=zone("America/New_York"))

    assert nights.elapsed(day, day + 23 * HOUR) == 2 * HOUR


@pytest.mark.parametrize(
    ("at", "tz"), [(datetime.min.replace(tzinfo=UTC), NEW_YORK), (datetime.max.replace(tzinfo=UTC), timezone(HOUR))]
)
def test_refuses_instants_that_the_zone_has_no_date_for(at: datetime, tz: tzinfo) -> None:
    calendar = BusinessCalendar(NINE_TO_FIVE, tz=tz)

    for ask in (lambda: calendar.due(at, timedelta(0)), lambda: calendar.due(at, BusinessDays(1))):
        with pytest.raises(InvalidValue):
            ask()
