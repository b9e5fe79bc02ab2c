"""What was promised: which policy counts, since when, and what the case is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from service_levels import ALWAYS, HOUR, MINUTE, NINE_TO_FIVE, TEN_TO_SIX, at, policy, told

from relex.errors import InvalidValue, NotFound
from relex.rules import field
from relex.service import (
    Goal,
    PolicyChoice,
    SlaPolicies,
    SlaPolicy,
    first_response,
    next_response,
    resolution,
    sla,
    team,
)

if TYPE_CHECKING:
    from datetime import timedelta

    from relex.service import Case

GOLD = policy(ALWAYS, first_response(HOUR), resolution(4 * HOUR))
NEWER = policy(ALWAYS, first_response(2 * HOUR), resolution(8 * HOUR), version=2)
REST = SlaPolicy("rest", [resolution(24 * HOUR)], ALWAYS)
DESK = SlaPolicies([], REST, earlier=[GOLD, NEWER])


def chosen(of: SlaPolicy, when: str) -> tuple[Any, ...]:
    """A step: the case is promised a policy."""
    choice = PolicyChoice(policy=of.id, version=of.version, why="default")
    return ("choose_policy", when, {"given": [choice]})


def results(case: Case, given: SlaPolicy | SlaPolicies, when: str) -> dict[str, list[tuple[str, Any]]]:
    """The state and the goal of every occurrence."""
    answer = sla(case, given, as_of=at(when))
    return {
        clock.milestone: [(each.state, each.goal.duration) for each in clock.occurrences] for clock in answer.clocks
    }


# Which policy counts.


def test_the_policy_that_was_promised() -> None:
    """It counts, and the answer names it."""
    answer = sla(told("12:00", chosen(GOLD, "12:00")), GOLD, as_of=at("12:30"))

    assert (answer.policy, answer.version) == ("gold", 1)


@pytest.mark.parametrize("other", [NEWER, REST])
def test_another_policy_is_refused(other: SlaPolicy) -> None:
    """What was promised is not rewritten."""
    with pytest.raises(InvalidValue, match="gold version 1"):
        sla(told("12:00", chosen(GOLD, "12:00")), other, as_of=at("12:30"))


def test_what_if() -> None:
    """Unless that is the question."""
    answer = sla(told("12:00", chosen(GOLD, "12:00")), NEWER, as_of=at("12:30"), what_if=True)

    assert (answer.version, answer.clock("first_response").due_at) == (2, at("14:00"))


def test_what_if_needs_one_policy() -> None:
    """A collection has no answer to it."""
    with pytest.raises(InvalidValue, match="what_if"):
        sla(told("12:00"), DESK, as_of=at("12:30"), what_if=True)


def test_a_collection_finds_the_policy() -> None:
    """By id and version."""
    answer = sla(told("12:00", chosen(NEWER, "12:00")), DESK, as_of=at("12:30"))

    assert answer.version == 2


def test_a_collection_without_the_policy() -> None:
    """It should keep what it has promised."""
    with pytest.raises(NotFound):
        sla(told("12:00", chosen(GOLD, "12:00")), SlaPolicies([], REST), as_of=at("12:30"))


def test_a_case_that_was_promised_nothing() -> None:
    """Has no clocks by a collection, and is measured by a policy alone."""
    case = told("12:00")
    answer = sla(case, DESK, as_of=at("12:30"))

    assert (answer.policy, answer.clocks, answer.state) == (None, (), None)
    assert sla(case, GOLD, as_of=at("12:30")).state == "first_response_due"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"as_of": at("12:30").replace(tzinfo=None)}, id="naive"),
        pytest.param({"what_if": "no"}, id="text for a flag"),
        pytest.param({"as_of": "noon"}, id="no instant"),
        pytest.param({"case": "c1"}, id="no case"),
        pytest.param({"policy": "gold"}, id="no policy"),
    ],
)
def test_wrong_questions(wrong: dict[str, Any]) -> None:
    """Each names what is wrong."""
    given: dict[str, Any] = {"case": told("12:00"), "policy": GOLD, "as_of": at("12:30"), **wrong}

    with pytest.raises(InvalidValue) as error:
        sla(given.pop("case"), given.pop("policy"), **given)

    assert error.value.path == f"sla.{next(iter(wrong))}"


# Policies that are chosen again.


def test_another_choice_keeps_the_start() -> None:
    """What runs takes the new goal."""
    case = told("12:00", chosen(GOLD, "12:00"), chosen(NEWER, "13:00"))
    clock = sla(case, DESK, as_of=at("13:30")).clock("resolution")

    assert (clock.started_at, clock.due_at) == (at("12:00"), at("20:00"))


def test_before_another_choice_the_old_one_counts() -> None:
    """As of then."""
    case = told("12:00", chosen(GOLD, "12:00"), chosen(NEWER, "13:00"))

    assert sla(case, DESK, as_of=at("12:59")).version == 1


def test_what_stopped_before_another_choice_keeps_its_result() -> None:
    """The goal is that of the stop."""
    case = told("12:00", chosen(GOLD, "12:00"), ("reply", "13:30"), chosen(NEWER, "14:00"))

    assert results(case, DESK, "15:00")["first_response"] == [("missed", HOUR)]


def test_the_same_choice_again_is_none() -> None:
    """Nothing is told apart."""
    choice = PolicyChoice(policy="gold", version=1, why="entitlement", entitlement="e1")
    case = told("12:00", chosen(GOLD, "12:00"), ("choose_policy", "13:00", {"given": [choice]}))

    assert sla(case, GOLD, as_of=at("13:30")).version == 1


def test_several_choices_need_the_collection() -> None:
    """One policy does not know the others."""
    case = told("12:00", chosen(GOLD, "12:00"), chosen(NEWER, "13:00"))

    with pytest.raises(InvalidValue, match="SlaPolicies"):
        sla(case, NEWER, as_of=at("13:30"))


def test_what_is_promised_no_more_is_canceled() -> None:
    """While what ended before stays."""
    case = told("12:00", chosen(GOLD, "12:00"), chosen(REST, "12:30"))

    assert results(case, DESK, "15:00") == {
        "resolution": [("running", 24 * HOUR)],
        "first_response": [("canceled", HOUR)],
    }


def test_what_was_kept_before_it_was_promised_no_more() -> None:
    """It was met."""
    case = told("12:00", chosen(GOLD, "12:00"), ("reply", "12:10"), chosen(REST, "12:30"))

    assert results(case, DESK, "15:00")["first_response"] == [("met", HOUR)]


def test_what_is_promised_for_the_first_time_later() -> None:
    """It counts from its start, if it runs; what was over before was not promised."""
    case = told("12:00", chosen(REST, "12:00"), ("reply", "12:10"), chosen(GOLD, "12:30"))

    assert results(case, DESK, "13:00") == {"first_response": [], "resolution": [("running", 4 * HOUR)]}


def test_nothing_of_what_was_promised_before_had_begun() -> None:
    """Then there is no clock of it."""
    waits = SlaPolicy("waits", [next_response(HOUR)], ALWAYS)
    case = told("12:00", chosen(waits, "12:00"), chosen(REST, "12:30"))

    assert list(results(case, SlaPolicies([], REST, earlier=[waits]), "13:00")) == ["resolution"]


def test_a_reopening_after_another_choice() -> None:
    """The result before keeps its goal, and what goes on has the new one."""
    case = told("12:00", chosen(GOLD, "12:00"), ("resolve", "13:00"), chosen(NEWER, "14:00"), ("reopen", "15:00"))
    clock = sla(case, DESK, as_of=at("15:30")).clock("resolution")

    assert [(each.state, each.goal.duration) for each in clock.occurrences] == [("running", 8 * HOUR)]
    assert [(each.state, each.due_at) for each in clock.results] == [("met", at("16:00"))]


def test_a_result_of_what_was_not_promised_then_is_none() -> None:
    """It had no goal."""
    waits = SlaPolicy("waits", [next_response(HOUR)], ALWAYS)
    case = told("12:00", chosen(waits, "12:00"), ("resolve", "13:00"), chosen(REST, "14:00"), ("reopen", "15:00"))
    clock = sla(case, SlaPolicies([], REST, earlier=[waits]), as_of=at("15:30")).clock("resolution")

    assert (clock.state, clock.results) == ("running", ())


def test_a_result_of_a_priority_without_a_goal_is_none() -> None:
    """It is only kept where there was a goal."""
    goals = policy(ALWAYS, resolution({"urgent": 4 * HOUR}))
    steps = [("resolve", "13:00"), ("reopen", "14:00"), ("set_priority", "14:10", {"given": ["urgent"]})]
    clock = sla(told("12:00", *steps, priority="low"), goals, as_of=at("14:30")).clocks[0]

    assert (clock.state, clock.results) == ("running", ())


def test_what_had_not_begun_when_it_was_promised_no_more() -> None:
    """The next of a sequence was never there."""
    daily = attrs.evolve(next_response(HOUR), recurrence="sequential")
    waits = SlaPolicy("waits", [daily], ALWAYS)
    steps = [("receive", "12:00"), ("reply", "12:10"), ("receive", "12:20"), chosen(REST, "12:30")]
    case = told("12:00", chosen(waits, "12:00"), *steps)

    assert results(case, SlaPolicies([], REST, earlier=[waits]), "15:00")["next_response"] == [("met", HOUR)]


# Calendars.

NIGHT = policy(NINE_TO_FIVE, resolution(2 * HOUR), calendars=[(field("team") == "night", ALWAYS)])


def test_a_calendar_for_each_team() -> None:
    """The first rule that is True decides."""
    due = [sla(told("16:00", team=each), NIGHT, as_of=at("16:00")).clocks[0].due_at for each in ("night", "day")]

    assert due == [at("18:00"), at("Tue 10:00")]


def test_a_calendar_for_all_milestones() -> None:
    """Each is measured by it."""
    both = policy(NINE_TO_FIVE, first_response(2 * HOUR), resolution(2 * HOUR), calendars=NIGHT.calendars)
    answer = sla(told("16:00", team="night"), both, as_of=at("16:00"))

    assert [clock.due_at for clock in answer.clocks] == [at("18:00"), at("18:00")]


def test_the_calendar_is_that_of_the_stop() -> None:
    """What happened later changes nothing."""
    case = told("16:00", ("resolve", "17:30"), ("transfer", "18:00", {"given": ["night"]}), team="day")

    assert sla(case, NIGHT, as_of=at("Tue 12:00")).clocks[0].state == "met"


def test_the_calendar_of_a_running_clock_is_that_of_the_question() -> None:
    """Also of a question about the past."""
    case = told("16:00", ("transfer", "16:30", {"given": ["night"]}), team="day")
    due = [sla(case, NIGHT, as_of=at(each)).clocks[0].due_at for each in ("16:10", "16:30")]

    assert due == [at("Tue 10:00"), at("18:00")]


def test_a_goal_with_its_own_calendar_comes_before() -> None:
    """Urgent around the clock, whatever the team."""
    goals: dict[str, timedelta | Goal] = {"urgent": Goal(2 * HOUR, ALWAYS), "normal": 2 * HOUR}
    given = policy(NINE_TO_FIVE, resolution(goals), calendars=[(field("team") == "day", TEN_TO_SIX)])
    case = told("16:00", team="day", priority="urgent")

    assert sla(case, given, as_of=at("16:00")).clocks[0].due_at == at("18:00")


# Instants.


def test_before_the_case_was_opened() -> None:
    """Nothing has begun."""
    answer = sla(told("12:00", chosen(GOLD, "12:00")), DESK, as_of=at("11:59"))

    assert (answer.policy, answer.state, [clock.state for clock in answer.clocks]) == (
        "gold",
        None,
        ["not_started", "not_started"],
    )


def test_before_a_case_was_opened_that_is_promised_nothing() -> None:
    """By a collection there is nothing to begin."""
    assert sla(told("12:00"), DESK, as_of=at("11:00")).clocks == ()


def test_before_an_unmerge_the_case_was_merged() -> None:
    """As of then nobody had taken it back."""
    case, target = told("12:00"), told("12:00")
    target = attrs.evolve(target, history=tuple([attrs.evolve(each, source="c2") for each in target.history]))
    alone = case.merge_into(target, at=at("12:30")).state.unmerge(at=at("12:50")).state

    assert [sla(alone, GOLD, as_of=at(when)).clocks[0].state for when in ("12:40", "12:55")] == ["canceled", "running"]


# What the case is called.

ALL = policy(ALWAYS, first_response(HOUR), next_response(HOUR), resolution(4 * HOUR), team(2 * HOUR))


@pytest.mark.parametrize(
    ("steps", "when", "state"),
    [
        pytest.param([], "12:10", "first_response_due", id="first response"),
        pytest.param([("reply", "12:10"), ("receive", "12:20")], "12:30", "next_response_due", id="next response"),
        pytest.param([("reply", "12:10")], "12:30", "resolution_due", id="resolution"),
        pytest.param([("reply", "12:10"), ("hold", "12:20")], "12:30", "paused", id="paused"),
        pytest.param([("hold", "12:10")], "12:30", "paused", id="paused before due"),
        pytest.param([("hold", "12:10")], "13:30", "failed", id="failed before paused"),
        pytest.param([("reply", "13:10")], "13:20", "failed", id="missed"),
        pytest.param([("resolve", "12:10")], "20:00", "met", id="met"),
        pytest.param([("reject", "12:10")], "20:00", None, id="canceled"),
    ],
)
def test_the_state_of_a_case(steps: list[tuple[str, str]], when: str, state: str | None) -> None:
    """The first that holds."""
    assert sla(told("12:00", *steps), ALL, as_of=at(when)).state == state


def test_an_unknown_clock() -> None:
    """A milestone that the policy does not have."""
    with pytest.raises(NotFound):
        sla(told("12:00"), GOLD, as_of=at("12:00")).clock("tea")


def test_words() -> None:
    """As people read it."""
    assert str(sla(told("12:00"), policy(ALWAYS, first_response(30 * MINUTE)), as_of=at("12:10"))) == (
        "c1 (gold version 1): first_response_due\n"
        "  first_response 1: running, due 2026-06-01 12:30+00:00, used 0:10:00 of 0:30:00"
    )


def test_words_for_nothing() -> None:
    """Promised nothing."""
    assert str(sla(told("12:00"), DESK, as_of=at("12:10"))) == "c1 (no policy): nothing due"


def test_as_a_table() -> None:
    """One row for each occurrence."""
    shown = sla(told("12:00"), GOLD, as_of=at("12:10"))._repr_html_()

    assert [shown.count("<tr>"), "c1 (gold version 1): first_response_due" in shown] == [3, True]
