"""What a report of service figures shows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from service_stories import END, on, opened, resolved

from relex.errors import InvalidValue, NotFound
from relex.service import (
    Backlog,
    BacklogAge,
    FirstResponseTime,
    PerCase,
    ReopenRate,
    ServiceReport,
    TimeToResolve,
    measure,
)


def whole() -> ServiceReport:
    cases = [resolved("c1", 4), opened("c2")]
    return measure(cases, [TimeToResolve(statistics=["mean"]), ReopenRate(), Backlog()], as_of=END)


def grouped() -> ServiceReport:
    cases = [resolved("c1", 4, team="<one>", tags=["a", "b"]), opened("c2")]
    metrics = [TimeToResolve(statistics=["mean"]), Backlog()]
    return measure(cases, metrics, as_of=on(2), by=["team", "tags"], bucket="day")


def test_a_report_of_all_has_a_line_for_each_figure() -> None:
    assert str(whole()).splitlines() == [
        "time_to_resolve.mean: 4:00 h (closed only 0, merged 0, rejected 0, resolved 1, unresolved 1)",
        "reopen_rate.share: 0.0 % (reopened 0, reopenings 0, resolved 1)",
        "reopen_rate.per_case: 0.00 (reopened 0, reopenings 0, resolved 1)",
        "backlog.cases: 1 (before 0, left 1, opened 2, reopened 0)",
    ]


def test_a_report_of_nothing_says_why() -> None:
    found = measure([], [TimeToResolve(statistics=["mean"])], as_of=END)

    assert str(found).startswith("time_to_resolve.mean: none (no_data)")


def test_a_figure_without_parts_stands_alone() -> None:
    assert "backlog_age.0+: 0" in str(measure([], [BacklogAge(edges=[])], as_of=END)).splitlines()


def test_a_report_of_groups_has_a_line_for_each() -> None:
    assert str(grouped()).splitlines() == [
        "team and tags  day         time_to_resolve.mean  backlog.cases",
        "all            all                       4:00 h              1",
        "all            2026-06-01                4:00 h              1",
        "all            2026-06-02                     –              1",
        "<one>, a, b    all                       4:00 h              0",
        "<one>, a, b    2026-06-01                4:00 h              0",
        "<one>, a, b    2026-06-02                     –              0",
        "none, none     all                            –              1",
        "none, none     2026-06-01                     –              1",
        "none, none     2026-06-02                     –              1",
    ]


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59, microseconds=400_000), "59 s"),
        (timedelta(seconds=59, microseconds=500_000), "1:00 min"),
        (timedelta(minutes=59, seconds=59), "59:59 min"),
        (timedelta(minutes=59, seconds=59, microseconds=500_000), "1:00 h"),
        (timedelta(days=100, minutes=5, seconds=30), "2,400:06 h"),
    ],
)
def test_times_are_shown_as_people_read_them(time: timedelta, shown: str) -> None:
    case = opened().reply("r1", at=on(1) + time).state
    found = measure([case], [FirstResponseTime(statistics=["mean"])], as_of=on(1) + timedelta(days=200))

    assert str(found).startswith(f"first_response_time.mean: {shown} (")


def test_the_page_of_all_tells_what_each_figure_rests_on() -> None:
    page = whole()._repr_html_()

    assert page.count("<table") == 1
    assert "resolved 1, unresolved 1" in page
    assert "mean of time to resolve" in page


def test_the_page_of_groups_has_a_table_of_the_whole_and_one_of_days() -> None:
    page = grouped()._repr_html_()

    assert page.count("<table") == 2
    assert "&lt;one&gt;, a, b" in page
    assert "<one>" not in page
    assert "by day" in page


def test_the_page_of_days_alone() -> None:
    page = measure([opened()], [PerCase("contacts")], as_of=on(2), bucket="day")._repr_html_()

    assert page.count("<table") == 2


def test_the_longest_of_what_is_open_is_shown_as_a_time() -> None:
    found = measure([opened()], [FirstResponseTime(statistics=["mean"])], as_of=on(1, 10))

    assert "longest open 1:00 h" in found._repr_html_()


def test_rows_say_what_they_are() -> None:
    assert [str(row) for row in grouped().rows[:4]] == ["all", "all 2026-06-01", "all 2026-06-02", "<one>, a, b"]


def test_one_figure_and_a_series() -> None:
    found = grouped()
    group = ("<one>", ("a", "b"))

    assert found.figure("backlog.cases", group=group, bucket=date(2026, 6, 2)).value == 0
    assert [each.value for _, each in found.series("backlog.cases", group)] == [0, 0]


def test_what_is_not_there() -> None:
    with pytest.raises(NotFound, match="weather"):
        whole().figure("weather.mean")
    with pytest.raises(NotFound, match="ReportRow"):
        grouped().figure("backlog.cases", group=("two", ()))


def test_a_group_is_several_values() -> None:
    with pytest.raises(InvalidValue, match="group"):
        grouped().figure("backlog.cases", group="ann")


def test_definitions_tell_the_policies() -> None:
    page = whole()._repr_html_()

    assert "mean of time to resolve (dated end, net False, time clock, which last)" in page


def test_times_stand_to_the_right_and_what_is_not_there_is_a_dash() -> None:
    rows = grouped()._repr_html_().split("<tr>")

    assert 'text-align:right">4:00 h</td>' in rows[2]
    assert 'text-align:right">–</td>' in rows[4]


def test_a_percentile_keeps_its_dot() -> None:
    found = measure([], [TimeToResolve(statistics=["p99.9"])], as_of=END)

    assert "time to resolve, p99.9" in found._repr_html_()
