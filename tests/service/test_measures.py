"""One pass over a stream of cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from service_stories import END, HOUR, on, opened, resolved

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.service import Backlog, Case, FirstResponseTime, PerCase, ReopenRate, TimeToResolve, backlog, measure


def test_a_generator_is_read_once_and_no_case_is_kept() -> None:
    read = []

    def stream() -> Any:
        for number in range(3):
            read.append(number)
            yield resolved(f"c{number}", number + 1)

    found = measure(stream(), [TimeToResolve(), ReopenRate()], as_of=END)

    assert found.figure("time_to_resolve.median").value == 2 * 3600
    assert read == [0, 1, 2]


def test_what_came_later_is_not_seen() -> None:
    found = measure([resolved(), opened("c2", at=on(2))], [Backlog()], as_of=on(1, 10)).figure("backlog.cases")

    assert (found.value, found.as_of) == (1, on(1, 10))


def test_a_merge_counts_until_it_is_undone() -> None:
    merged = opened().merge_into(opened("c2"), at=on(1, 10))[0]
    back = merged.unmerge(at=on(1, 12))

    assert backlog([back[0]], on(1, 11)).value == 0
    assert backlog([back[0]], on(1, 12)).value == 1


def test_groups_are_by_the_facts_of_the_asked_instant() -> None:
    case = opened(team="one").transfer("two", at=on(3)).state
    teams = {at.day: measure([case], [Backlog()], as_of=at, by=["team"]).groups for at in (on(2), on(4))}

    assert teams == {2: (("one",),), 4: (("two",),)}


def test_groups_are_sorted_and_none_comes_last() -> None:
    cases = [opened("c1"), opened("c2", team="b", priority="high"), opened("c3", team="a"), opened("c4", team="b")]
    found = measure(cases, [Backlog()], as_of=END, by=["team", "priority"])

    assert found.groups == (("a", "normal"), ("b", "high"), ("b", "normal"), (None, "normal"))
    assert found.figure("backlog.cases", group=("b", "high")).value == 1


@pytest.mark.parametrize(("fact", "group"), [("tags", (("late",),)), ("reopens", (0,)), ("urgency", ("2",))])
def test_any_fact_makes_groups(fact: str, group: tuple[Any, ...]) -> None:
    case = opened(tags=["late"], impact=1, urgency=2) if fact == "urgency" else opened(tags=["late"])

    assert measure([case], [Backlog()], as_of=END, by=[fact]).groups == (group,)


@pytest.mark.parametrize(
    ("unit", "days"),
    [
        ("day", [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 2)]),
        ("week", [date(2026, 5, 25), date(2026, 6, 1)]),
        ("month", [date(2026, 5, 1), date(2026, 6, 1)]),
    ],
)
def test_buckets(unit: str, days: list[date]) -> None:
    cases = [opened(at=on(1) - 24 * HOUR), opened("c2", at=on(2))]
    found = measure(cases, [PerCase("contacts")], as_of=on(2), bucket=unit)

    assert [day for day, _ in found.series("contacts_per_case.mean")] == days


def test_buckets_of_a_period_are_all_there() -> None:
    june = Period(date(2026, 6, 1), date(2026, 6, 4))
    found = measure([], [Backlog()], as_of=END, bucket="day", period=june)

    assert [(day.day, each.value) for day, each in found.series("backlog.cases")] == [(1, 0), (2, 0), (3, 0)]


def test_a_period_that_has_not_begun_has_no_buckets() -> None:
    july = Period(date(2026, 7, 1), date(2026, 8, 1))
    found = measure([opened()], [Backlog(), PerCase("contacts")], as_of=on(29), bucket="day", period=july)

    assert len(found.rows) == 1
    assert found.figure("contacts_per_case.mean").part("cases") == 0


def test_cases_long_ago_are_in_buckets_too() -> None:
    old = opened(at=datetime(2025, 1, 1, tzinfo=UTC))
    found = measure([opened("c2"), old], [Backlog()], as_of=on(2), bucket="day").series("backlog.cases")

    assert (found[0][0], found[0][1].value, len(found)) == (date(2025, 1, 1), 1, 518)


@pytest.mark.parametrize(("zone", "months"), [("UTC", 12), ("America/New_York", 12), ("Asia/Tokyo", 12)])
def test_the_first_bucket_of_all_has_no_other_before_it(zone: str, months: int) -> None:
    case = Case.open("c1", at=datetime(1, 1, 1, tzinfo=UTC)).state
    report = measure([case], [Backlog()], as_of=datetime(1, 12, 31, tzinfo=UTC), bucket="month", tz=ZoneInfo(zone))

    series = report.series("backlog.cases")
    assert (len(series), series[0][0], series[0][1].part("opened")) == (months, date(1, 1, 1), 1)


def test_buckets_after_a_year_are_found() -> None:
    late = datetime(2027, 9, 1, tzinfo=UTC)
    period = Period(date(2026, 6, 1), date(2027, 9, 2))
    found = measure([opened(at=late)], [Backlog()], as_of=late + HOUR, bucket="month", period=period)

    assert [each.value for _, each in found.series("backlog.cases")] == [0] * 15 + [1]


def test_a_period_of_dates_begins_at_midnight_of_the_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    day = Period(date(2026, 6, 2), date(2026, 6, 3))
    cases = [opened("c1", at=on(1, 21)), opened("c2", at=on(1, 22)), opened("c3", at=on(2, 22))]
    found = measure(cases, [PerCase("contacts")], as_of=END, period=day, tz=berlin)

    assert found.figure("contacts_per_case.mean").part("cases") == 1
    assert dict(found.figure("contacts_per_case.mean").parameters) == {
        "period": "2026-06-02 to 2026-06-03",
        "tz": "Europe/Berlin",
    }


def test_a_period_without_an_end() -> None:
    found = measure(
        [opened(), opened("c2", at=on(5))], [PerCase("contacts")], as_of=END, period=Period(date(2026, 6, 2))
    )

    assert found.figure("contacts_per_case.mean").part("cases") == 1


def test_days_of_23_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = datetime(2026, 3, 29, tzinfo=berlin)
    cases = [opened("c1", at=spring), opened("c2", at=spring.astimezone(UTC) + timedelta(hours=23))]
    found = measure(cases, [PerCase("contacts")], as_of=END, bucket="day", tz=berlin, period=Period(date(2026, 3, 29)))

    days = [figure.part("cases") for _, figure in found.series("contacts_per_case.mean")][:2]
    assert days == [1, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"metrics": []},
        {"metrics": [Backlog(), Backlog()]},
        {"metrics": ["backlog"]},
        {"metrics": [[]]},
        {"as_of": on(1).replace(tzinfo=None)},
        {"by": ["weather"]},
        {"by": "team"},
        {"bucket": "hour"},
        {"period": date(2026, 6, 1)},
        {"tz": "UTC"},
        {"cases": 7},
        {"cases": "c1"},
        {"cases": {"c1": 1}},
        {"cases": [opened(), "c2"]},
    ],
)
def test_wrong_arguments(wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {"cases": [opened()], "metrics": [Backlog()], "as_of": END} | wrong

    with pytest.raises(InvalidValue, match="measure"):
        measure(given.pop("cases"), given.pop("metrics"), **given)


def test_two_metrics_of_one_kind_have_names() -> None:
    metrics = [FirstResponseTime(), FirstResponseTime(name="by end", dated="end", statistics=["median"])]
    found = measure([], metrics, as_of=END)

    assert found.columns[-2:] == ("first_response_time.p90", "by end.median")


def test_the_same_case_is_read_the_same_from_its_history() -> None:
    case = resolved()

    assert measure([Case(case.history)], [TimeToResolve()], as_of=END) == measure([case], [TimeToResolve()], as_of=END)


def test_what_says_nothing_to_figures_changes_nothing() -> None:
    case = opened()

    noted = case.note("asked the vendor", at=on(1, 10)).state
    assert measure([noted], [FirstResponseTime()], as_of=END) == measure([case], [FirstResponseTime()], as_of=END)


def test_the_longest_of_all_is_that_of_one_group() -> None:
    cases = [opened("c1", at=on(2), team="a"), opened("c2", at=on(1), team="b"), opened("c3", at=on(3), team="b")]
    cases.append(resolved("c4", team="c"))
    found = measure(cases, [FirstResponseTime()], as_of=on(4), by=["team"])

    told = [found.figure("first_response_time.mean", group=group) for group in (None, ("a",), ("b",))]
    assert [figure.part("longest_open") for figure in told] == [3 * 86_400, 2 * 86_400, 3 * 86_400]
