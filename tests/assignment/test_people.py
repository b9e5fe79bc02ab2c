"""Assignees, their limits and hours, and pools."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.assignment import Assignee, Capacity, Pool, daily_share
from relex.calendars import BusinessCalendar, Period, weekly
from relex.errors import InvalidValue

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)  # a Monday
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
TICK = timedelta(microseconds=1)


class TestCapacity:
    def test_open_items_have_no_window(self) -> None:
        assert Capacity(3).window(AT) is None

    def test_a_stretch_ends_at_the_instant(self) -> None:
        assert Capacity(3, timedelta(hours=1)).window(AT) == (AT - timedelta(hours=1), AT)

    def test_a_stretch_may_be_longer_than_time(self) -> None:
        assert Capacity(3, timedelta.max).window(AT) == (datetime.min.replace(tzinfo=UTC), AT)

    @pytest.mark.parametrize(
        ("per", "first", "after"),
        [
            ("day", date(2026, 5, 4), date(2026, 5, 5)),
            ("week", date(2026, 5, 4), date(2026, 5, 11)),
            ("month", date(2026, 5, 1), date(2026, 6, 1)),
        ],
    )
    def test_a_calendar_unit_holds_its_first_instant_and_not_the_next(self, per: str, first: date, after: date) -> None:
        low, high = (datetime(day.year, day.month, day.day, tzinfo=UTC) - TICK for day in (first, after))

        assert Capacity(3, per, tz=UTC).window(AT) == (low, high)

    def test_days_are_those_of_the_zone(self) -> None:
        late = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)
        start = datetime(2026, 5, 4, 22, tzinfo=UTC)

        assert Capacity(1, "day", tz=ZoneInfo("Europe/Vienna")).window(late) == (
            start - TICK,
            start - TICK + timedelta(days=1),
        )

    @pytest.mark.parametrize(
        ("capacity", "shown"),
        [
            (Capacity(3), "3 open"),
            (Capacity(3, "day", tz=UTC), "3 a day"),
            (Capacity(3, timedelta(1)), "3 in 1 day, 0:00:00"),
        ],
        ids=["open", "day", "span"],
    )
    def test_it_shows_itself(self, capacity: Capacity, shown: str) -> None:
        assert str(capacity) == shown

    @pytest.mark.parametrize(
        "wrong",
        [
            {"limit": -1},
            {"limit": True},
            {"limit": 1.5},
            {"limit": 1, "per": "year", "tz": UTC},
            {"limit": 1, "per": timedelta(0)},
            {"limit": 1, "per": "day"},
            {"limit": 1, "tz": UTC},
            {"limit": 1, "per": timedelta(days=1), "tz": UTC},
        ],
        ids=str,
    )
    def test_what_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="Capacity"):
            Capacity(**wrong)

    def test_the_first_day_there_is_has_a_window(self) -> None:
        first = datetime.min.replace(tzinfo=UTC)

        assert Capacity(1, "day", tz=UTC).window(first) == (first, first + timedelta(days=1) - TICK)

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(InvalidValue):
            Capacity(1, "day", tz=UTC).window(datetime(2026, 5, 4))  # noqa: DTZ001 - what is tested
        with pytest.raises(InvalidValue):
            Capacity(1, timedelta(days=1)).window(datetime(2026, 5, 4))  # noqa: DTZ001 - as above


class TestDailyShare:
    def test_half_is_rounded_up(self) -> None:
        assert daily_share(Fraction(15)) == 1

    @pytest.mark.parametrize("wrong", [-1, 1.5, "30"], ids=str)
    def test_what_is_refused(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"daily_share\.monthly"):
            daily_share(wrong)


class TestAssignee:
    def test_without_hours_they_are_always_available(self) -> None:
        assert Assignee("ana").available_from(AT) is AT

    def test_inside_hours_at_once(self) -> None:
        assert Assignee("ana", hours=OFFICE).available_from(AT) == AT

    def test_outside_hours_at_the_next_opening(self) -> None:
        evening = AT.replace(hour=18)

        assert Assignee("ana", hours=OFFICE).available_from(evening) == datetime(2026, 5, 5, 9, tzinfo=UTC)

    def test_after_an_absence(self) -> None:
        away = [Period(AT, AT + timedelta(hours=1)), Period(AT + timedelta(hours=1), AT + timedelta(hours=2))]

        assert Assignee("ana", away=away).available_from(AT) == AT + timedelta(hours=2)

    def test_absences_are_given_in_any_order_and_may_overlap(self) -> None:
        hours = [(3, 4), (0, 2), (1, 2), (2, 3), (6, 6), (5, 7)]
        away = [Period(AT + timedelta(hours=start), AT + timedelta(hours=end)) for start, end in hours]
        ana = Assignee("ana", away=away)
        found = [ana.available_from(AT + timedelta(minutes=30 * half)) for half in range(-1, 15)]
        there = [-1, *[8] * 8, 8, 9, *[14] * 4, 14]

        assert found == [AT + timedelta(minutes=30 * half) for half in there]

    def test_many_absences_that_touch_are_one(self) -> None:
        away = [Period(AT + timedelta(minutes=place), AT + timedelta(minutes=place + 1)) for place in range(20_000)]

        assert Assignee("ana", away=reversed(away)).available_from(AT) == AT + timedelta(minutes=20_000)

    def test_an_absence_may_go_on_for_ever(self) -> None:
        away = [Period(AT), Period(AT - TICK, AT + TICK), Period(AT + TICK, AT + TICK)]
        ana = Assignee("ana", away=away)

        assert (ana.available_from(AT), ana.available_from(AT - 2 * TICK)) == (None, AT - 2 * TICK)

    def test_dates_away_are_those_of_the_hours(self) -> None:
        ana = Assignee("ana", hours=OFFICE, away=[Period(date(2026, 5, 4), date(2026, 5, 6))])

        assert ana.available_from(AT) == datetime(2026, 5, 6, 9, tzinfo=UTC)

    def test_never_again(self) -> None:
        once = BusinessCalendar(
            weekly("mon", "09:00", "10:00"), tz=UTC, holidays=[Period(date(2026, 1, 1), date(2040, 1, 1))]
        )

        assert Assignee("ana", away=[Period(AT)]).available_from(AT) is None
        assert Assignee("ana", hours=once).available_from(AT) is None

    @pytest.mark.parametrize(
        "wrong",
        [
            {"id": ""},
            {"active": 1},
            {"opted_out": None},
            {"accepts": "hot"},
            {"prefers": True},
            {"capacity": 3},
            {"capacity": [3]},
            {"hours": "office"},
            {"away": [AT]},
            {"away": [Period(date(2026, 5, 4))]},
        ],
        ids=str,
    )
    def test_what_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="Assignee"):
            Assignee(**{"id": "ana", **wrong})

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"Assignee\.available_from\.at"):
            Assignee("ana").available_from(datetime(2026, 5, 4))  # noqa: DTZ001 - what is tested


class TestPool:
    def test_weights_are_one_where_nothing_is_said(self) -> None:
        pool = Pool("desk", ["ana", "bo"], weights=[("bo", 2)])

        assert [pool.weight(member) for member in pool.members] == [1, 2]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"id": ""},
            {"members": "ana"},
            {"members": ["ana", "ana"]},
            {"members": [1]},
            {"weights": {"cy": 1}},
            {"weights": {"ana": 0}},
            {"weights": {"ana": 1.5}},
            {"weights": [("ana", 1), ("ana", 2)]},
            {"weights": ["ana"]},
            {"weights": [("ana", 1, 1)]},
        ],
        ids=str,
    )
    def test_what_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="Pool"):
            Pool(**{"id": "desk", "members": ["ana", "bo"], **wrong})
