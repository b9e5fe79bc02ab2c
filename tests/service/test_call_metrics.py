"""Figures of calls: what counts where, at the edges, and as of an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, Period, weekly
from relex.errors import InvalidValue
from relex.service import Abandonment, ContactAttempt, HandlingTime, ServiceLevel, SpeedOfAnswer, measure_attempts

if TYPE_CHECKING:
    from relex.figures import Figure

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)
BERLIN = ZoneInfo("Europe/Berlin")


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def answered(after: float, *, at: datetime = NINE, **more: Any) -> ContactAttempt:
    return ContactAttempt("a", at=at, channel="phone", answered_at=at + seconds(after), **more)


def gave_up(after: float, *, at: datetime = NINE, **more: Any) -> ContactAttempt:
    return ContactAttempt("b", at=at, channel="phone", abandoned_at=at + seconds(after), **more)


WAITING = ContactAttempt("c", at=NINE, channel="phone")


def measured(metric: Any, *attempts: ContactAttempt, as_of: datetime = NOON) -> Figure:
    (row,) = measure_attempts(attempts, [metric], as_of=as_of).rows
    return row.figures[0]


def parts(figure: Figure) -> dict[str, Any]:
    return {name: value for name, value in figure.parts if value}


class TestSpeedOfAnswer:
    def test_those_who_wait_and_those_who_gave_up_are_counted_apart(self) -> None:
        found = measured(SpeedOfAnswer(), answered(10), answered(20), gave_up(4), WAITING)

        assert found.value == 15
        assert parts(found) == {"answered": 2, "abandoned": 1, "waiting": 1, "longest_open": 10_800}

    def test_an_answer_after_the_instant_has_not_happened(self) -> None:
        found = measured(SpeedOfAnswer(), answered(10), answered(20), as_of=NINE + seconds(15))

        assert found.value == 10
        assert parts(found) == {"answered": 1, "waiting": 1, "longest_open": 15}

    def test_an_answer_at_the_instant_has_happened(self) -> None:
        assert parts(measured(SpeedOfAnswer(), answered(10), as_of=NINE + seconds(10))) == {"answered": 1}

    def test_nothing_answered_has_no_speed(self) -> None:
        found = measured(SpeedOfAnswer(), gave_up(4))

        assert (found.value, found.reason) == (None, "no_data")

    def test_a_wait_over_night_counts_in_business_time(self) -> None:
        office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
        evening = NINE + timedelta(hours=12)

        found = measured(
            SpeedOfAnswer(calendar=office), answered(12 * 3600 + 60, at=evening), as_of=NINE + timedelta(days=2)
        )

        assert found.value == 60

    @pytest.mark.parametrize(("dated", "day"), [("start", 1), ("end", 2)])
    def test_an_answer_belongs_where_it_began_or_where_it_ended(self, dated: str, day: int) -> None:
        late = answered(120, at=datetime(2026, 6, 1, 23, 59, tzinfo=UTC))
        report = measure_attempts([late], [SpeedOfAnswer(dated=dated)], as_of=NINE + timedelta(days=2), bucket="day")

        assert report.figure("speed_of_answer.mean", bucket=date(2026, 6, day)).value == 120


class TestHandlingTime:
    def test_parts_that_are_absent_are_named(self) -> None:
        found = measured(
            HandlingTime(),
            answered(5, talk=seconds(100), hold=seconds(0), wrap_up=seconds(20)),
            answered(5, talk=seconds(60)),
            answered(5),
            gave_up(5),
        )

        assert found.value == 90
        assert parts(found) == {"answered": 2, "unmeasured": 1, "without_hold": 1, "without_wrap_up": 1}

    def test_a_call_that_is_not_over_is_ongoing(self) -> None:
        call = answered(10, talk=seconds(50))

        assert parts(measured(HandlingTime(), call, as_of=NINE + seconds(59)))["ongoing"] == 1
        assert measured(HandlingTime(), call, as_of=NINE + seconds(60)).value == 50


class TestAbandonment:
    def test_those_who_wait_have_not_given_up(self) -> None:
        found = measured(Abandonment(), answered(5), gave_up(5), WAITING)

        assert (found.value, parts(found)) == (Fraction(1, 2), {"answered": 1, "abandoned": 1, "waiting": 1})

    @pytest.mark.parametrize(("after", "short"), [(4, 1), (5, 1), (5.000001, 0)])
    def test_the_edge_of_giving_up_soon_is_inside(self, after: float, short: int) -> None:
        found = measured(Abandonment(short=seconds(5)), answered(1), gave_up(after))

        assert found.part("short") == short
        assert found.denominator == 2 - short

    def test_an_answer_is_never_short(self) -> None:
        assert parts(measured(Abandonment(short=seconds(5)), answered(1))) == {"answered": 1}

    def test_nothing_decided_has_no_share(self) -> None:
        assert measured(Abandonment(), WAITING).reason == "no_data"


class TestServiceLevel:
    @pytest.mark.parametrize(("after", "in_time"), [(19, 1), (20, 1), (20.000001, 0)])
    def test_an_answer_at_the_edge_is_in_time(self, after: float, in_time: int) -> None:
        assert measured(ServiceLevel(within=seconds(20)), answered(after)).value == in_time

    def test_who_waits_too_long_counts_and_who_waits_is_shown(self) -> None:
        level = ServiceLevel(within=seconds(20))
        calls = (answered(5), WAITING)

        early = measured(level, *calls, as_of=NINE + seconds(20))
        late = measured(level, *calls, as_of=NINE + seconds(21))

        assert (early.value, early.part("waiting"), early.part("overdue")) == (1, 1, 0)
        assert (late.value, late.part("waiting"), late.part("overdue")) == (Fraction(1, 2), 0, 1)

    def test_who_is_late_gave_up_or_waits_is_no_answer_in_time(self) -> None:
        calls = (answered(5), answered(30), gave_up(5), gave_up(6), WAITING)
        level: dict[str, Any] = {"within": seconds(20)}
        figures = [
            measured(ServiceLevel(**level), *calls),
            measured(ServiceLevel(of="answered", **level), *calls),
            measured(ServiceLevel(of="offered_less_short", short=seconds(5), **level), *calls),
        ]

        assert [each.value for each in figures] == [Fraction(1, 5), Fraction(1, 2), Fraction(1, 4)]
        assert parts(figures[2]) == {"in_time": 1, "late": 1, "abandoned": 1, "short": 1, "overdue": 1}

    @pytest.mark.parametrize(
        "given",
        [
            {"of": "offered_less_short"},
            {"short": seconds(5)},
            {"of": "asked"},
            {"within": seconds(-1)},
            {"of": "offered_less_short", "short": seconds(-1)},
        ],
    )
    def test_levels_that_say_too_little_or_too_much_are_refused(self, given: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="ServiceLevel"):
            ServiceLevel(**{"within": seconds(20), **given})


class TestReports:
    def test_groups_are_those_of_the_asked_instant(self) -> None:
        calls = [answered(10, by="ann"), answered(20, by="bob"), answered(3600, by="cy"), gave_up(5)]
        report = measure_attempts(calls, [Abandonment()], as_of=NINE + seconds(60), by=["by"])

        assert report.groups == (("ann",), ("bob",), (None,))
        assert report.figure("abandonment.share", [None]).part("waiting") == 1
        assert str(report).splitlines()[0].split() == ["by", "abandonment.share"]

    def test_a_report_says_what_it_counts(self) -> None:
        report = measure_attempts([answered(5)], [Abandonment()], as_of=NOON, bucket="day")

        assert str(report).splitlines()[0].split() == ["attempts", "day", "abandonment.share"]

    def test_attempts_belong_to_the_local_date_of_their_offer(self) -> None:
        late = answered(5, at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
        report = measure_attempts([late], [SpeedOfAnswer()], as_of=NINE, bucket="day", tz=BERLIN)

        assert report.series("speed_of_answer.mean")[0][0] == date(2026, 4, 1)

    def test_what_was_offered_outside_the_period_or_later_is_not_seen(self) -> None:
        calls = [answered(5), answered(7, at=NOON), answered(9, at=NINE + timedelta(days=1))]
        period = Period(NINE, NOON)

        report = measure_attempts(
            calls, [HandlingTime(), SpeedOfAnswer()], as_of=NINE + timedelta(hours=9), period=period
        )

        assert report.figure("speed_of_answer.mean").value == 5
        assert report.figure("handling_time.mean").part("unmeasured") == 1

    def test_a_generator_is_enough(self) -> None:
        calls = (answered(number) for number in range(3))

        assert measure_attempts(calls, [SpeedOfAnswer()], as_of=NOON).figure("speed_of_answer.median").value == 1

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ({"attempts": 5}, "attempts"),
            ({"attempts": [5]}, r"attempts\[0\]"),
            ({"metrics": []}, "metrics"),
            ({"metrics": [5]}, "metrics"),
            ({"metrics": [Abandonment(), Abandonment(short=seconds(1))]}, "metrics"),
            ({"as_of": datetime(2026, 1, 1)}, "as_of"),  # noqa: DTZ001 - what is tested
            ({"by": ["owner"]}, "by"),
            ({"bucket": "year"}, "bucket"),
        ],
    )
    def test_questions_that_cannot_be_asked_are_refused(self, given: dict[str, Any], path: str) -> None:
        usual: dict[str, Any] = {"attempts": [], "metrics": [Abandonment()], "as_of": NOON}
        with pytest.raises(InvalidValue, match=rf"measure_attempts\.{path}"):
            measure_attempts(**{**usual, **given})
