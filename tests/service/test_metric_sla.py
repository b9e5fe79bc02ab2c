"""Promises kept, as a share."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

import pytest
from service_stories import HOUR, figure, on, opened, resolved

from relex.calendars import BusinessCalendar, Period
from relex.errors import InvalidValue, NotFound
from relex.service import Case, PolicyChoice, SlaPolicies, SlaPolicy, SlaRate, first_response, next_response, resolution

ALWAYS = BusinessCalendar.always(UTC)
GOLD = SlaPolicy("gold", [next_response(HOUR), resolution({"urgent": HOUR, "normal": 8 * HOUR})], ALWAYS)
BASIC = SlaPolicy("basic", [first_response(HOUR)], ALWAYS)


def promised(policy: SlaPolicy, case: Case) -> Case:
    choice = PolicyChoice(policy=policy.id, version=policy.version, why="default")
    return case.choose_policy(choice, at=case.changed_at).state


def test_every_occurrence_counts() -> None:
    case = opened().receive("m1", at=on(1, 10)).state.reply("r1", at=on(1, 10, 30)).state
    case = case.receive("m2", at=on(1, 11)).state.reply("r2", at=on(1, 13)).state
    found = figure(SlaRate(GOLD), case, as_of=on(1, 14))

    assert (found.numerator, found.denominator) == (1, 2)


def test_a_case_without_an_occurrence_has_not_started() -> None:
    found = figure(SlaRate(GOLD), opened())

    assert (found.reason, found.part("not_started")) == ("no_data", 1)


def test_a_priority_without_a_goal() -> None:
    found = figure(SlaRate(GOLD, of="all"), opened(priority="low"), column="resolution")

    assert (found.value, found.part("no_goal")) == (0, 1)


def test_the_share_that_was_broken() -> None:
    cases = [resolved("c1", 4), resolved("c2", 9), opened("c3")]
    found = figure(SlaRate(GOLD, counts="breached"), *cases, column="resolution", as_of=on(3))

    assert (found.numerator, found.denominator) == (2, 3)


def test_a_case_that_was_promised_another_policy_is_told_apart() -> None:
    cases = [promised(GOLD, opened("c1")), promised(BASIC, opened("c2")), opened("c3")]
    found = figure(SlaRate(GOLD), *cases, column="resolution", as_of=on(3))

    assert (found.part("overdue"), found.part("other_policy")) == (2, 1)


def test_a_case_that_was_once_promised_another_policy_is_told_apart() -> None:
    found = figure(SlaRate(GOLD), promised(GOLD, promised(BASIC, opened())), column="resolution", as_of=on(3))

    assert found.part("other_policy") == 1


def test_what_was_promised_before_counts_by_the_policies_of_a_desk() -> None:
    desk = SlaPolicies([], GOLD, earlier=[BASIC])
    case = promised(GOLD, promised(BASIC, opened()))
    found = [
        figure(SlaRate(desk), case, column=name, as_of=on(3)).part(state)
        for name, state in [("resolution", "overdue"), ("next_response", "not_started"), ("first_response", "canceled")]
    ]

    assert found == [1, 1, 1]


def test_the_policies_of_a_desk() -> None:
    desk = SlaPolicies([], BASIC, earlier=[GOLD])
    cases = [promised(GOLD, opened("c1")), promised(BASIC, opened("c2")), opened("c3")]
    metric = SlaRate(desk)

    assert metric.columns == ("first_response", "next_response", "resolution")
    assert figure(metric, *cases, column="resolution").part("overdue") == 1
    assert figure(metric, *cases).part("overdue") == 1
    assert figure(metric, *cases).part("no_policy") == 1


def test_a_case_belongs_where_it_was_opened() -> None:
    found = figure(SlaRate(GOLD), opened(), column="resolution", period=Period(date(2026, 6, 2)))

    assert (found.reason, found.part("overdue")) == ("no_data", 0)


def test_only_the_milestones_that_are_named() -> None:
    assert SlaRate(GOLD, milestones=["resolution"]).columns == ("resolution",)


def test_an_unknown_milestone() -> None:
    with pytest.raises(NotFound, match="first_response"):
        SlaRate(GOLD, milestones=["first_response"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"policy": "gold"},
        {"of": "some"},
        {"counts": "kept"},
        {"milestones": [1]},
        {"milestones": []},
        {"milestones": ["resolution"] * 2},
    ],
)
def test_wrong_ways(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match="SlaRate"):
        SlaRate(**{"policy": GOLD} | wrong)
