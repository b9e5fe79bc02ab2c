"""How long a case was in each status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue
from relex.service import Case, status_times

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
HOUR = timedelta(hours=1)


def on(hour: float) -> datetime:
    """So many hours after the midnight before Monday."""
    return MONDAY + hour * HOUR


def case() -> Case:
    """Opened at 9, answered at 10, held for a supplier from 12 to 15."""
    return (
        Case.open("c1", customer="k7", channel="mail", at=on(9))
        .then(lambda it: it.reply("m1", at=on(10)))
        .then(lambda it: it.hold("waiting_third_party", at=on(12)))
        .then(lambda it: it.resume(at=on(15)))
        .state
    )


class TestStatusTimes:
    def test_stays_follow_each_other(self) -> None:
        found = status_times(case(), as_of=on(16))

        assert [(stay.status, stay.kind, stay.entered_at, stay.left_at) for stay in found.stays] == [
            ("new", "open", on(9), on(10)),
            ("open", "open", on(10), on(12)),
            ("waiting_third_party", "waiting", on(12), on(15)),
            ("open", "open", on(15), None),
        ]

    def test_stays_in_one_status_add_up(self) -> None:
        found = status_times(case(), as_of=on(16))

        assert found.by_status == (("new", HOUR), ("open", 3 * HOUR), ("waiting_third_party", 3 * HOUR))
        assert found.by_kind == (("open", 4 * HOUR), ("waiting", 3 * HOUR))
        assert found.total == 7 * HOUR

    def test_waiting_is_told_by_whom_it_was_for(self) -> None:
        found = status_times(case(), as_of=on(16))

        assert (found.waited_for("third_party"), found.waited_for("customer")) == (3 * HOUR, timedelta(0))

    def test_a_status_that_was_never_entered_took_no_time(self) -> None:
        assert status_times(case(), as_of=on(16)).of("resolved") == timedelta(0)

    def test_a_closed_case_stops(self) -> None:
        closed = case().resolve("fixed", at=on(16)).then(lambda it: it.close(at=on(20))).state

        found = status_times(closed, as_of=on(500))

        assert (found.of("resolved"), found.of("closed"), found.total) == (4 * HOUR, timedelta(0), 11 * HOUR)

    def test_a_reopened_case_was_in_the_closed_status(self) -> None:
        closed = case().close(at=on(16)).then(lambda it: it.reopen("not done", at=on(30))).state

        found = status_times(closed, as_of=on(31))

        assert (found.of("resolved"), found.of("closed"), found.total) == (timedelta(0), 14 * HOUR, 22 * HOUR)

    def test_business_time(self) -> None:
        found = status_times(case(), as_of=on(40), calendar=OFFICE)

        assert found.by_status == (("new", HOUR), ("open", 11 * HOUR), ("waiting_third_party", 3 * HOUR))

    def test_what_happened_later_is_not_seen(self) -> None:
        assert status_times(case(), as_of=on(11)).by_status == (("new", HOUR), ("open", HOUR))

    def test_the_hour_that_a_clock_repeats_counts_twice(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        night = Case.open("c1", customer="k7", at=datetime(2026, 10, 25, 2, tzinfo=berlin)).state

        found = status_times(night, as_of=datetime(2026, 10, 25, 3, tzinfo=berlin))

        assert found.total == 2 * HOUR

    def test_of_a_merge_that_was_undone_nothing_is_left(self) -> None:
        other = Case.open("c2", customer="k7", at=on(9)).state
        apart = case().merge_into(other, at=on(16)).then(lambda it: it.unmerge(at=on(18))).state

        assert status_times(apart, as_of=on(20)).by_kind == (("open", 8 * HOUR), ("waiting", 3 * HOUR))


class TestArguments:
    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"case": "c1"}, "status_times.case"),
            ({"as_of": datetime(2026, 6, 2)}, "status_times.as_of"),  # noqa: DTZ001 - refused
            ({"as_of": on(8)}, "status_times.as_of"),
            ({"calendar": "office"}, "status_times.calendar"),
        ],
        ids=["case", "naive", "before the opening", "calendar"],
    )
    def test_a_wrong_one_is_refused(self, changes: dict[str, Any], path: str) -> None:
        given: dict[str, Any] = {"case": case(), "as_of": on(16)} | changes
        with pytest.raises(InvalidValue) as caught:
            status_times(given.pop("case"), **given)

        assert path == caught.value.path


class TestSeeing:
    def test_as_a_line(self) -> None:
        assert str(status_times(case(), as_of=on(11))) == "c1: new 1:00:00, open 1:00:00"

    def test_as_a_table(self) -> None:
        shown = status_times(case(), as_of=on(11))._repr_html_()

        assert "c1, 2:00:00 in all, as of 2026-06-01 11:00" in shown
        assert "2026-06-01 10:00" in shown
