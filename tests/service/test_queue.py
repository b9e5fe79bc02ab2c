"""Which case is next, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.calendars import BusinessCalendar
from relex.errors import InvalidValue
from relex.service import (
    Case,
    PolicyChoice,
    Priorities,
    SlaPolicies,
    SlaPolicy,
    first_response,
    queue,
    resolution,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOLD = SlaPolicy("gold", [first_response(HOUR), resolution(4 * HOUR)], BusinessCalendar.always(UTC))
CHOICE = PolicyChoice(policy="gold", version=1, why="default")


def promised(name: str = "c1", opened: datetime = NOON, **more: Any) -> Case:
    opening = Case.open(name, customer="k7", at=opened, **more)
    return opening.then(lambda case: case.choose_policy(CHOICE, at=opened)).state


def test_the_earliest_clock_decides() -> None:
    (place,) = queue([promised()], GOLD, as_of=NOON).places

    assert (place.place, place.case, place.why, place.milestone) == (1, "c1", "due", "first_response")
    assert place.due_at == NOON + HOUR


def test_how_late_it_is() -> None:
    (place,) = queue([promised()], GOLD, as_of=NOON + 3 * HOUR).places

    assert (place.why, place.late_by) == ("overdue", 2 * HOUR)


def test_a_clock_that_runs_comes_before_one_that_is_held() -> None:
    held = promised().hold("waiting_third_party", at=NOON).state

    (place,) = queue([held], GOLD, as_of=NOON).places

    assert (place.why, place.milestone) == ("due", "first_response")


def test_a_case_of_which_all_clocks_are_held() -> None:
    held = promised().reply("m1", at=NOON, then="waiting_customer").state

    (place,) = queue([held], GOLD, as_of=NOON).places

    assert (place.why, place.milestone, place.due_at) == ("paused", "resolution", None)


def test_a_case_that_waits_without_a_clock_is_paused_too() -> None:
    waiting = Case.open("c1", customer="k7", at=NOON).state.hold("waiting_customer", at=NOON).state

    (place,) = queue([waiting], as_of=NOON).places

    assert (place.why, place.milestone) == ("paused", None)


def test_a_priority_without_a_goal_has_no_clock() -> None:
    urgent = SlaPolicy("gold", [resolution({"urgent": HOUR})], BusinessCalendar.always(UTC))

    (place,) = queue([promised()], urgent, as_of=NOON).places

    assert (place.why, place.milestone, place.due_at) == ("no_clock", None, None)


def test_of_policies_a_case_that_was_promised_none_has_no_clock() -> None:
    case = Case.open("c1", customer="k7", at=NOON).state

    whys = [queue([case], policy, as_of=NOON).places[0].why for policy in (SlaPolicies([], GOLD), GOLD)]

    assert whys == ["no_clock", "due"]


def test_each_case_counts_by_its_own_policy() -> None:
    policies = SlaPolicies([], GOLD)

    assert queue([promised()], policies, as_of=NOON).places == queue([promised()], GOLD, as_of=NOON).places


def test_what_is_over_is_not_in_the_queue() -> None:
    over = [
        promised("c1").resolve("fixed", at=NOON).state,
        promised("c2").close(at=NOON).state,
        promised("c3").merge_into(promised("c1"), at=NOON).state,
        promised("c4", NOON + HOUR),
    ]

    assert queue(over, GOLD, as_of=NOON).ids == ()


def test_without_promises_the_priority_decides_and_then_the_age() -> None:
    cases = [
        Case.open("c1", customer="k7", priority="low", at=NOON).state,
        Case.open("c2", customer="k7", at=NOON + HOUR).state,
        Case.open("c4", customer="k7", at=NOON).state,
        Case.open("c3", customer="k7", at=NOON).state,
        Case.open("c5", customer="k7", priority="urgent", at=NOON + HOUR).state,
    ]

    assert queue(cases, as_of=NOON + HOUR).ids == ("c5", "c3", "c4", "c2", "c1")


def test_a_priority_that_nobody_ranks_comes_last() -> None:
    cases = [Case.open(each, customer="k7", priority=each, at=NOON).state for each in ("high", "low")]

    assert queue(cases, as_of=NOON, priorities=Priorities(("low",), default="low")).ids == ("low", "high")


def test_how_a_queue_reads() -> None:
    answer = queue([promised()], GOLD, as_of=NOON + 2 * HOUR)

    assert str(answer) == "1 cases at 2026-06-01T14:00:00+00:00, 1 overdue"
    assert len(answer) == 1
    assert str(answer.places[0]) == "1. c1: first_response overdue 2026-06-01T13:00:00+00:00, normal"
    assert "<td" in answer._repr_html_()


@pytest.mark.parametrize(
    ("cases", "more"),
    [
        (["c1"], {}),
        ([], {"policy": "gold"}),
        ([], {"as_of": NOON.replace(tzinfo=None)}),
        ([], {"priorities": ("low",)}),
    ],
    ids=["an id", "a name", "naive", "names"],
)
def test_what_is_no_queue(cases: Any, more: Any) -> None:
    with pytest.raises(InvalidValue, match="queue"):
        queue(cases, **{"as_of": NOON, **more})
