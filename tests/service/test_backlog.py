"""What there is to be worked on, how old it is, and with whom."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from service_stories import HOUR, figure, on, opened, resolved

from relex.calendars import BusinessCalendar, Period, weekly
from relex.errors import InvalidValue
from relex.service import Backlog, BacklogAge, Case, OwnerLoad, backlog, backlogs, measure

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))


def test_what_happens_at_the_instant_has_happened() -> None:
    cases = [opened("c1"), resolved("c2", 4)]

    assert [each.value for each in backlogs(cases, [on(1, 8), on(1), on(1, 12), on(1, 13)])] == [0, 2, 2, 1]


def test_since_another_instant() -> None:
    cases = [opened("c1"), resolved("c2", 4), opened("c3", at=on(2))]
    found = backlog(cases, on(3), since=on(1))

    assert dict(found.parts) == {"before": 2, "opened": 1, "reopened": 0, "left": 1}
    assert found.value == 2


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda case: case.resolve("done", at=on(1, 10)).state.close(at=on(2)).state, id="resolved"),
        pytest.param(lambda case: case.close(at=on(1, 10)).state, id="closed"),
        pytest.param(lambda case: case.reject("spam", at=on(1, 10)).state, id="rejected"),
        pytest.param(lambda case: case.merge_into(opened("c9"), at=on(1, 10))[0], id="merged"),
    ],
)
def test_a_case_leaves_once(end: Any) -> None:
    found = backlog([end(opened())], on(3), since=on(1, 9))

    assert (found.value, found.part("left")) == (0, 1)
    assert backlog([end(opened())], on(1)).value == 1


def test_a_waiting_case_is_in_the_backlog() -> None:
    assert backlog([opened().hold("waiting_customer", at=on(1, 10)).state], on(2)).value == 1


@pytest.mark.parametrize("instants", [[], [on(2), on(1)], [on(1).replace(tzinfo=None)], ["today"], 7])
def test_wrong_instants(instants: Any) -> None:
    with pytest.raises(InvalidValue, match=r"backlogs\.instants"):
        backlogs([], instants)


def test_what_was_before_the_period_is_before() -> None:
    cases = [opened("c1", at=on(1).replace(month=5)), resolved("c2", 4, at=on(2).replace(month=5)), resolved("c3")]
    found = figure(Backlog(), *cases, period=JUNE, as_of=on(9))

    assert dict(found.parts) == {"before": 1, "opened": 1, "reopened": 0, "left": 1}


def test_the_end_of_a_period_is_before_its_last_instant() -> None:
    midnight = on(2, 0)
    period = Period(date(2026, 6, 1), date(2026, 6, 2))

    assert figure(Backlog(), opened("c1"), opened("c2", at=midnight), period=period).value == 1


def test_days_on_which_nothing_happens_have_their_backlog() -> None:
    found = measure([opened("c1"), opened("c2", at=on(4))], [Backlog()], as_of=on(5), bucket="day")

    assert [each.value for _, each in found.series("backlog.cases")] == [1, 1, 1, 2, 2]


def test_ages() -> None:
    cases = [opened("c1", at=on(1, 9)), opened("c2", at=on(2, 9)), opened("c3", at=on(3, 8)), resolved("c4")]
    metric = BacklogAge(edges=[25 * HOUR, 48 * HOUR])
    found = measure(cases, [metric], as_of=on(3, 9))

    assert metric.columns == ("mean", "median", "oldest", "0-25h", "25h-2d", "2d+")
    assert [each.value for each in found.rows[0].figures] == [
        Fraction(73, 3) * 3600,
        24 * 3600,
        48 * 3600,
        2,
        0,
        1,
    ]


def test_names_of_bands() -> None:
    edges = [timedelta(seconds=1.5), timedelta(minutes=90), timedelta(hours=36)]

    assert BacklogAge(edges=edges).bands == ("0-1.5s", "1.5s-90min", "90min-36h", "36h+")
    assert BacklogAge(edges=[]).bands == ("0+",)


@pytest.mark.parametrize("edges", [[timedelta(0)], [2 * HOUR, HOUR], [HOUR, HOUR], [7], [-HOUR]])
def test_edges_that_do_not_rise(edges: Any) -> None:
    with pytest.raises(InvalidValue, match="edges"):
        BacklogAge(edges=edges)


def test_ages_in_business_time() -> None:
    office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)

    assert figure(BacklogAge(calendar=office), opened(), as_of=on(3, 10)).value == 17 * 3600


def test_an_empty_backlog_has_no_age() -> None:
    found = measure([resolved()], [BacklogAge()], as_of=on(9))

    assert found.figure("backlog_age.mean").reason == "no_data"
    assert found.figure("backlog_age.30d+").value == 0


def test_ages_and_loads_are_told_of_the_end_of_a_period() -> None:
    case = opened(owner="ann").assign("bob", at=on(5)).state.resolve("done", at=on(6)).state
    early = Period(date(2026, 6, 1), date(2026, 6, 3))
    found = measure([case, opened("c2", at=on(4))], [BacklogAge(), OwnerLoad()], as_of=on(9), period=early, by=["id"])

    assert found.figure("backlog_age.oldest").value == Fraction(39 * 3600 * 10**6 - 1, 10**6)
    assert found.figure("owner_load.mean").part("cases") == 1
    assert found.figure("owner_load.mean").part("owners") == 1


def test_they_are_not_told_of_buckets() -> None:
    found = measure([opened()], [Backlog(), BacklogAge(), OwnerLoad()], as_of=on(2), bucket="day")

    assert {figure.reason for row in found.rows[1:] for figure in row.figures[1:]} == {"not_by_bucket"}


def loaded() -> list[Case]:
    ann = [opened(f"a{number}", owner="ann", team="ab"[number % 2]) for number in range(3)]
    gone = opened("g", owner="ann").assign(None, at=on(1, 10)).state
    return [*ann, opened("b", owner="bob", team="b"), gone, resolved("done", owner="bob")]


def test_load() -> None:
    found = measure(loaded(), [OwnerLoad()], as_of=on(2))
    mean = found.figure("owner_load.mean")

    assert (mean.value, found.figure("owner_load.most").value) == (2, 3)
    assert dict(mean.parts) == {"cases": 5, "owners": 2, "without_owner": 1}


def test_load_of_one_owner_over_groups_is_one() -> None:
    found = measure(loaded(), [OwnerLoad()], as_of=on(2), by=["team"])

    assert found.figure("owner_load.most", group=["a"]).value == 2
    assert found.figure("owner_load.most").value == 3


def test_nobody_has_no_load() -> None:
    found = measure([opened()], [OwnerLoad()], as_of=on(2))

    assert {each.reason for each in found.rows[0].figures} == {"no_data"}
