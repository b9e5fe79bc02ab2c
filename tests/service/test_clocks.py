"""Clocks: what starts, stops, holds and cancels them, one behaviour a test."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from service_levels import ALWAYS, HOUR, MINUTE, NINE_TO_FIVE, TEN_TO_SIX, asked, at, policy, told

from relex.errors import InvalidValue
from relex.rules import field
from relex.service import Case, Goal, Milestone, first_response, next_response, resolution, sla, team

ZERO = timedelta(0)


def care(**more: Any) -> Milestone:
    """A milestone of an hour, as a test wants it."""
    return Milestone("care", HOUR, **{"starts": "received", "stops": "replied", **more})


def states(case: Case, milestone: Milestone, when: str = "Fri 12:00") -> list[str]:
    """The state of each occurrence, around the clock."""
    return [each.state for each in asked(case, policy(ALWAYS, milestone), when).occurrences]


# What starts and stops.


def test_an_automatic_reply_is_no_answer() -> None:
    """Only a person answers."""
    case = told("12:00", ("reply", "12:10", {"automatic": True}))

    assert states(case, first_response(HOUR), "12:20") == ["running"]


@pytest.mark.parametrize("how", [{"internal": True}, {"automatic": True}])
def test_a_message_of_no_customer_begins_no_wait(how: dict[str, bool]) -> None:
    """Neither that of a colleague nor that of a machine."""
    case = told("12:00", ("receive", "12:10", how))

    assert states(case, next_response(HOUR)) == []


def test_what_opens_a_case_begins_no_next_response() -> None:
    """It is the matter of the first response."""
    assert states(told("12:00"), next_response(HOUR)) == []


def test_a_message_to_a_case_that_stays_closed_begins_no_wait() -> None:
    """A new case should follow it."""
    case = told("12:00", ("reject", "12:10"), ("receive", "12:20"))

    assert states(case, next_response(HOUR)) == []


def test_a_message_that_brings_a_case_back_begins_a_wait() -> None:
    """It comes before the reopening, and is waited for after it."""
    case = told("12:00", ("reply", "12:05"), ("resolve", "12:10"), ("receive", "13:00"))
    clock = asked(case, policy(ALWAYS, next_response(HOUR)), "13:30")

    assert (clock.state, clock.started_at) == ("running", at("13:00"))


def test_resolving_ends_every_wait() -> None:
    """Nothing is missed after it."""
    case = told("12:00", ("receive", "12:10"), ("resolve", "12:30"))

    assert states(case, next_response(HOUR)) == ["met"]


def test_resolving_stops_what_does_not_name_it() -> None:
    """Whatever the stops are."""
    assert states(told("12:00", ("resolve", "12:30")), care(starts="opened", stops="assigned")) == ["met"]


def test_a_milestone_to_the_closing_goes_on_when_resolved() -> None:
    """Stopped by the closing, and not by the resolution."""
    case = told("12:00", ("resolve", "12:30"), ("close", "14:00"))

    assert states(case, care(starts="opened", stops="closed")) == ["missed"]


def test_a_milestone_from_the_resolution() -> None:
    """Closed in time after it was resolved."""
    case = told("12:00", ("resolve", "14:00"), ("close", "14:30"))
    clock = asked(case, policy(ALWAYS, care(starts="resolved", stops="closed")), "20:00")

    assert (clock.started_at, clock.state) == (at("14:00"), "met")


def test_a_milestone_from_the_closing() -> None:
    """How long a case stays closed."""
    case = told("12:00", ("close", "13:00"), ("reopen", "16:00"))

    assert states(case, care(starts="closed", stops="reopened")) == ["missed"]


def test_an_owner_at_the_opening_is_an_assignment() -> None:
    """Assigned at once."""
    assert states(told("12:00", owner="ann"), care(starts="opened", stops="assigned")) == ["met"]


def test_taking_the_owner_away_is_no_assignment() -> None:
    """Nobody works on it."""
    case = told("12:00", ("assign", "12:10", {"given": ["ann"]}), ("assign", "12:20", {"given": [None]}))
    clock = asked(case, policy(ALWAYS, care(starts="opened", stops="assigned")), "13:00")

    assert clock.stopped_at == at("12:10")


def test_each_team_has_its_own_time() -> None:
    """From the transfer to the next one."""
    case = told("12:00", ("transfer", "12:30", {"given": ["b"]}), ("transfer", "14:00", {"given": ["c"]}))

    assert states(case, team(HOUR), "14:10") == ["met", "missed", "running"]


def test_a_transfer_of_a_resolved_case_starts_nothing() -> None:
    """Nothing runs before it is reopened."""
    case = told("12:00", ("resolve", "12:30"), ("transfer", "13:00", {"given": ["b"]}))

    assert states(case, team(HOUR)) == ["met"]


def test_once_is_once() -> None:
    """Without a recurrence, a clock runs once."""
    case = told("11:00", ("receive", "12:00"), ("reply", "12:10"), ("receive", "13:00"))

    assert states(case, care()) == ["met"]


def test_once_is_once_whatever_a_reopening_does() -> None:
    """A reopening lets a resolved clock go on, and starts no other."""
    case = told("11:00", ("receive", "12:00"), ("reply", "12:10"), ("receive", "13:00"))

    assert states(case, care(on_reopen="hold")) == ["met"]


def test_a_wait_that_went_to_another_case() -> None:
    """Who waits for an answer to a message that was split away waits for it there."""
    case = told("12:00", ("receive", "12:10"), ("receive", "12:40"))
    case = case.split(["m0"], "c2", at=at("12:50"))[0].state
    clock = asked(case, policy(ALWAYS, next_response(HOUR)), "13:00")

    assert clock.started_at == at("12:40")


# Cancels.


def test_a_rejected_case_is_no_miss() -> None:
    """It is canceled, and what was decided stays."""
    case = told("12:00", ("reply", "12:10"), ("reject", "14:00"))

    assert [*states(case, first_response(HOUR)), *states(case, resolution(HOUR))] == ["met", "canceled"]


def test_a_canceled_clock_stands_still() -> None:
    """What it had used stays."""
    clock = asked(told("12:00", ("reject", "12:30")), policy(ALWAYS, resolution(HOUR)), "Tue 12:00")

    assert (clock.used, clock.late_by) == (30 * MINUTE, None)


def test_a_rejection_that_cancels_nothing_stops() -> None:
    """A milestone may say so."""
    assert states(told("12:00", ("reject", "14:00")), care(starts="opened", stops="resolved", cancels=())) == ["missed"]


def test_an_event_may_cancel() -> None:
    """Any kind of event."""
    milestone = care(starts="opened", cancels="transferred")

    assert states(told("12:00", ("transfer", "12:30", {"given": ["b"]})), milestone) == ["canceled"]


def test_a_merge_that_was_undone_was_never_there() -> None:
    """Its clocks run on."""
    case = told("12:00")
    target, _ = Case.open("c2", at=at("12:00"))
    merged = case.merge_into(target, at=at("12:30")).state
    alone = merged.unmerge(at=at("12:40")).state

    assert [states(merged, resolution(HOUR), "12:50"), states(alone, resolution(HOUR), "12:50")] == [
        ["canceled"],
        ["running"],
    ]


# Sequences.


def test_what_is_wanted_before_it_is_due_again_has_not_begun() -> None:
    """The next occurrence begins when the one before was due."""
    case = told("11:00", ("receive", "12:00"), ("reply", "12:20"), ("receive", "12:30"))
    clock = asked(case, policy(ALWAYS, care(recurrence="sequential")), "12:40")

    assert (clock.state, clock.started_at, clock.used, clock.due_at) == ("not_started", at("13:00"), ZERO, at("14:00"))


def test_what_ends_before_it_begins_was_never_there() -> None:
    """Answered before the next wait begins."""
    case = told("11:00", ("receive", "12:00"), ("reply", "12:20"), ("receive", "12:30"), ("reply", "12:40"))

    assert states(case, care(recurrence="sequential")) == ["met"]


def test_a_sequence_without_a_goal_begins_with_its_event() -> None:
    """The one before was never due."""
    steps = [
        ("receive", "12:00"),
        ("reply", "12:20"),
        ("set_priority", "12:25", {"given": ["urgent"]}),
        ("receive", "12:30"),
    ]
    milestone = Milestone("care", {"urgent": HOUR}, starts="received", stops="replied", recurrence="sequential")
    clock = asked(told("11:00", *steps, priority="low"), policy(ALWAYS, milestone), "12:40")

    assert [(each.number, each.started_at) for each in clock.occurrences] == [(2, at("12:30"))]


# Rules.

URGENT = field("priority") == "urgent"
RAISED = ("set_priority", "13:00", {"given": ["urgent"]})
LOWERED = ("set_priority", "13:30", {"given": ["low"]})


def test_a_rule_starts_a_clock_when_it_becomes_true() -> None:
    """And not again as long as it is."""
    case = told("12:00", RAISED, ("note", "13:10", {"given": ["still"]}), priority="low")
    clock = asked(case, policy(ALWAYS, care(starts=URGENT)), "13:20")

    assert (clock.number, clock.started_at) == (1, at("13:00"))


def test_a_rule_that_is_true_at_the_opening() -> None:
    """It became True there."""
    assert states(told("12:00", priority="urgent"), care(starts=URGENT), "12:10") == ["running"]


def test_a_rule_stops_a_clock() -> None:
    """The negation, when the rule becomes False."""
    case = told("12:00", RAISED, LOWERED, priority="low")

    assert states(case, care(starts=URGENT, stops=~URGENT)) == ["met"]


def test_independent_runs_need_the_rule_to_become_true_again() -> None:
    """Being True still is not enough."""
    case = told("12:00", RAISED, ("reply", "13:10"), priority="low")

    assert states(case, care(starts=URGENT, recurrence="independent")) == ["met"]


def test_a_rule_that_fell_at_the_same_instant_wants_nothing() -> None:
    """What happens at one instant is one step."""
    milestone = care(starts=field("kind") == "open", recurrence="sequential")

    assert states(told("12:00", ("reply", "12:10", {"then": "waiting_customer"})), milestone) == ["met"]


def test_a_rule_that_is_still_true_wants_the_next_at_once() -> None:
    """Several times, each when the one before was due."""
    milestone = care(starts=field("kind") == "open", recurrence="sequential")
    case = told("12:00", ("reply", "12:10"), ("reply", "13:40"), ("note", "13:50", {"given": ["more"]}))
    clock = asked(case, policy(ALWAYS, milestone), "14:30")

    assert [each.started_at for each in clock.occurrences] == [at("12:00"), at("13:00"), at("14:00")]


def test_a_rule_wants_nothing_of_a_resolved_case() -> None:
    """Even if it is still True."""
    milestone = care(starts=field("customer").is_missing(), recurrence="sequential")

    assert states(told("12:00", ("resolve", "12:10")), milestone) == ["met"]


def test_rules_know_nothing_of_a_merge_that_was_undone() -> None:
    """The case was never closed."""
    case = told("12:00")
    target, _ = Case.open("c2", at=at("12:00"))
    alone = case.merge_into(target, at=at("12:30")).state.unmerge(at=at("12:40")).state
    milestone = care(starts=field("kind") == "open", stops=~(field("kind") == "open"))

    assert states(alone, milestone, "12:50") == ["running"]


# Holds.


def test_a_hold_by_the_name_of_a_status() -> None:
    """Only in that one."""
    milestone = resolution(HOUR, holds=["waiting_third_party"])
    case = told("12:00", ("hold", "12:10"), ("hold", "12:20", {"given": ["waiting_third_party"]}))
    clock = asked(case, policy(ALWAYS, milestone), "12:50")

    assert (clock.state, clock.used) == ("paused", 20 * MINUTE)


def test_while_held_there_is_no_due_time() -> None:
    """There is one if it is resumed."""
    clock = asked(told("12:00", ("hold", "12:20")), policy(ALWAYS, resolution(HOUR)), "13:00")

    assert (clock.due_at, clock.remaining, clock.due_if_resumed(at("14:00"))) == (None, 40 * MINUTE, at("14:40"))


def test_what_is_not_held_is_due_when_it_is_due() -> None:
    """Whatever is asked."""
    clock = asked(told("12:00"), policy(ALWAYS, resolution(HOUR)), "12:30")

    assert clock.due_if_resumed(at("15:00")) == at("13:00")


@pytest.mark.parametrize("wrong", [at("12:10"), at("12:30").replace(tzinfo=None)])
def test_resumed_before_it_was_held(wrong: Any) -> None:
    """An instant of the hold, or later."""
    clock = asked(told("12:00", ("hold", "12:20")), policy(ALWAYS, resolution(HOUR)), "13:00")

    with pytest.raises(InvalidValue) as error:
        clock.due_if_resumed(wrong)

    assert error.value.path == "due_if_resumed.at"


def test_a_hold_that_begins_when_it_is_due() -> None:
    """It undoes no miss."""
    case = told("12:00", ("hold", "13:00"))

    assert [states(case, resolution(HOUR), when) for when in ("13:00", "13:01")] == [["running"], ["overdue"]]


def test_wall_time_puts_the_due_time_off_again_and_again() -> None:
    """Each hold that begins before it is due, as it then is."""
    milestone = resolution(4 * HOUR, hold_time="wall")
    steps = [("hold", "11:00"), ("resume", "15:00"), ("hold", "15:30"), ("resume", "16:30"), ("hold", "20:00")]
    clock = asked(told("10:00", *steps), policy(ALWAYS, milestone), "21:00")

    assert (clock.due_at, clock.state, clock.remaining) == (at("19:00"), "overdue", ZERO)


def test_wall_time_while_held() -> None:
    """No due time, and what is left of the goal."""
    milestone = resolution(8 * HOUR, hold_time="wall")
    clock = asked(told("10:00", ("hold", "16:00")), policy(NINE_TO_FIVE, milestone), "20:00")

    assert (clock.state, clock.due_at, clock.remaining) == ("paused", None, 2 * HOUR)


def test_wall_time_remaining() -> None:
    """Business time until the due time."""
    milestone = resolution(6 * HOUR, hold_time="wall")
    case = told("2020-03-04 04:00", ("hold", "2020-03-04 04:15"), ("resume", "2020-03-04 05:00"))
    clock = asked(case, policy(TEN_TO_SIX, milestone), "2020-03-04 16:30")

    assert (clock.state, clock.remaining) == ("running", 15 * MINUTE)


def test_resolved_from_a_hold() -> None:
    """The resolution ends the hold, and the clock."""
    clock = asked(told("12:00", ("hold", "12:20"), ("resolve", "14:00")), policy(ALWAYS, resolution(HOUR)), "20:00")

    assert (clock.state, clock.used, clock.due_at) == ("met", 20 * MINUTE, at("14:40"))


# Reopenings.


@pytest.mark.parametrize(
    ("on_reopen", "expected"),
    [
        pytest.param("hold", [("overdue", ["met"])], id="hold"),
        pytest.param("continue", [("overdue", ["met"])], id="continue"),
        pytest.param("restart", [("met", []), ("running", [])], id="restart"),
        pytest.param(None, [("met", [])], id="nothing"),
    ],
)
def test_earlier_results_stay_visible(on_reopen: str | None, expected: list[tuple[str, list[str]]]) -> None:
    """The clock's result is that of the last resolution."""
    case = told("09:00", ("resolve", "09:40"), ("reopen", "10:00"))
    clock = asked(case, policy(ALWAYS, resolution(HOUR, on_reopen=on_reopen)), "10:30")

    assert [(each.state, [result.state for result in each.results]) for each in clock.occurrences] == expected


def test_an_earlier_result_says_all_of_it() -> None:
    """When, how long, how late."""
    case = told("09:00", ("resolve", "10:30"), ("reopen", "11:00"), ("resolve", "11:10"))
    clock = asked(case, policy(ALWAYS, resolution(HOUR)), "20:00")
    result = clock.results[0]

    assert (result.state, result.stopped_at, result.due_at, result.used, result.late_by) == (
        "missed",
        at("10:30"),
        at("10:00"),
        90 * MINUTE,
        30 * MINUTE,
    )


def test_reopened_twice() -> None:
    """Each time between counts as a hold."""
    steps = [("resolve", "09:20"), ("reopen", "10:00"), ("resolve", "10:20"), ("close", "10:30"), ("reopen", "12:00")]
    clock = asked(told("09:00", *steps), policy(ALWAYS, resolution(HOUR)), "12:10")

    assert (clock.due_at, len(clock.results), [hold.held for hold in clock.holds]) == (
        at("12:20"),
        2,
        [40 * MINUTE, 100 * MINUTE],
    )


def test_a_hold_by_status_and_by_reopening_is_one() -> None:
    """No time is left out twice."""
    milestone = resolution(HOUR, holds=["waiting", "resolved"])
    case = told("09:00", ("hold", "09:10"), ("resolve", "09:20"), ("reopen", "10:00"))
    clock = asked(case, policy(ALWAYS, milestone), "10:20")

    assert (clock.used, [hold.held for hold in clock.holds]) == (30 * MINUTE, [50 * MINUTE])


def test_held_on_after_a_reopening() -> None:
    """A status that holds the clock does so from the reopening."""
    milestone = resolution(HOUR, holds=["resolved", "open"])
    clock = asked(told("09:00", ("resolve", "09:10"), ("reopen", "09:40")), policy(ALWAYS, milestone), "10:20")

    assert (clock.state, clock.used, len(clock.holds)) == ("paused", ZERO, 1)


def test_reopened_at_once() -> None:
    """Nothing has changed but that there is a result."""
    case = told("09:00", ("resolve", "09:40"), ("reopen", "09:40"))
    clock = asked(case, policy(ALWAYS, resolution(HOUR)), "09:50")

    assert (clock.due_at, clock.used, clock.holds) == (at("10:00"), 50 * MINUTE, ())


# Warnings.


@pytest.mark.parametrize(
    ("when", "reached"),
    [pytest.param("12:44", [False, False], id="none"), pytest.param("12:45", [True, False], id="at the edge")],
)
def test_a_warning_is_reached(when: str, reached: list[bool]) -> None:
    """At its instant."""
    clock = asked(told("12:00"), policy(ALWAYS, resolution(HOUR, warnings=["3/4", 5 * MINUTE])), when)

    assert [each.is_reached for each in clock.warnings] == reached


def test_a_warning_longer_than_the_goal_comes_at_the_start() -> None:
    """There is no earlier instant."""
    clock = asked(told("12:00"), policy(ALWAYS, resolution(HOUR, warnings=[2 * HOUR])), "12:30")

    assert clock.warnings[0].at == at("12:00")


def test_while_held_a_warning_has_no_instant() -> None:
    """Unless it came before."""
    case = told("12:00", ("hold", "12:40"))
    clock = asked(case, policy(ALWAYS, resolution(HOUR, warnings=["1/2", "3/4"])), "14:00")

    assert [(each.at, each.is_reached) for each in clock.warnings] == [(at("12:30"), True), (None, False)]


def test_the_first_warning() -> None:
    """Of several that were reached."""
    clock = asked(told("12:00"), policy(ALWAYS, resolution(HOUR, warnings=["3/4", "1/2"])), "12:50")

    assert clock.occurrences[0].warned_at == at("12:30")


def test_no_warning_after_the_stop() -> None:
    """Answered before it."""
    case = told("12:00", ("resolve", "12:10"))
    clock = asked(case, policy(ALWAYS, resolution(HOUR, warnings=["1/2"])), "20:00")

    assert clock.occurrences[0].warned_at is None


# What a clock says.


def test_a_clock_that_has_not_begun() -> None:
    """It says nothing, and says so."""
    clock = asked(told("12:00"), policy(ALWAYS, next_response(HOUR)), "13:00")
    said = [getattr(clock, name) for name in ("started_at", "stopped_at", "due_at", "used", "remaining", "late_by")]

    assert clock.state == "not_started"
    assert said == [None] * 6
    assert [clock.number, clock.goal, clock.priority, clock.holds, clock.warnings, clock.results] == [
        None,
        None,
        None,
        (),
        (),
        (),
    ]
    assert clock.due_if_resumed(at("13:00")) is None


def test_a_clock_says_what_its_occurrence_says() -> None:
    """The present one."""
    clock = asked(told("12:00", ("resolve", "14:00")), policy(NINE_TO_FIVE, resolution(HOUR)), "20:00")

    assert (clock.stopped_at, clock.priority, clock.late_by) == (at("14:00"), "normal", HOUR)
    assert clock.goal is not None
    assert clock.goal.calendar == NINE_TO_FIVE


def test_overdue_says_by_how_much() -> None:
    """In the time of its calendar."""
    clock = asked(told("16:00"), policy(NINE_TO_FIVE, resolution(HOUR)), "Tue 09:20")

    assert (clock.state, clock.late_by, clock.remaining) == ("overdue", 20 * MINUTE, ZERO)


@pytest.mark.parametrize(
    ("milestone", "when", "words"),
    [
        pytest.param(next_response(HOUR), "13:00", "next_response: not_started", id="not started"),
        pytest.param(resolution({"urgent": HOUR}), "13:00", "resolution: no_goal", id="no goal"),
        pytest.param(
            resolution(HOUR),
            "14:00",
            "resolution 1: overdue, due 2026-06-01 13:00+00:00, used 2:00:00 of 1:00:00, late by 1:00:00",
            id="overdue",
        ),
    ],
)
def test_words(milestone: Milestone, when: str, words: str) -> None:
    """As people read it."""
    assert str(asked(told("12:00"), policy(ALWAYS, milestone), when)) == words


def test_the_repr_is_short() -> None:
    """It does not show the whole calendar."""
    clock = asked(told("12:00"), policy(ALWAYS, resolution(HOUR)), "12:00")

    assert repr(clock.occurrences[0]).startswith("<Occurrence resolution 1: running")


def test_as_a_table() -> None:
    """A row for each occurrence, or one for none."""
    shown = asked(told("12:00", ("hold", "12:10")), policy(ALWAYS, resolution(HOUR)), "13:00")._repr_html_()
    empty = asked(told("12:00"), policy(ALWAYS, next_response(HOUR)), "13:00")._repr_html_()

    assert ["paused" in shown, "0:10:00" in shown, "not_started" in empty] == [True, True, True]


def test_the_zone_is_that_of_the_calendar() -> None:
    """Whatever the zone of the events."""
    clock = asked(told("12:00"), policy(ALWAYS, resolution(HOUR)), "12:30")

    assert clock.due_at is not None
    assert clock.due_at.tzinfo is ALWAYS.tz


def test_years_of_business_time() -> None:
    """A clock may run for long."""
    opened = at("2024-06-03 09:00")
    each = asked(told("2024-06-03 09:00"), policy(NINE_TO_FIVE, resolution(6000 * HOUR)), "09:00").occurrences[0]

    assert (each.used + each.remaining, each.due_at) == (6000 * HOUR, NINE_TO_FIVE.due(opened, 6000 * HOUR))


def test_asked_of_a_collection_or_alone() -> None:
    """`sla` gives all clocks in the order of the policy."""
    answer = sla(told("12:00"), policy(ALWAYS, resolution(HOUR), first_response(HOUR)), as_of=at("12:00"))

    assert [clock.milestone for clock in answer.clocks] == ["resolution", "first_response"]


def test_many_stops_are_placed_among_many_holds() -> None:
    """Each run has the holds in it alone, among hundreds of them."""
    steps = [(1, "transfer"), (1, "hold"), (2, "resume")] * 300
    case, clock = told("12:00"), at("12:00")
    for number, (minutes, command) in enumerate(steps):
        clock += minutes * MINUTE
        given = [f"team{number}"] if command == "transfer" else []
        case, _ = getattr(case, command)(*given, at=clock)
    found = sla(case, policy(ALWAYS, team(HOUR)), as_of=clock).clocks[0].occurrences

    assert [(each.used, len(each.holds)) for each in found] == [
        (MINUTE, 0),
        *[(2 * MINUTE, 1)] * 299,
        (MINUTE, 1),
    ]


def test_each_team_has_its_own_calendar() -> None:
    """A transfer ends the time of the team that had the case, and changes no hour of it."""
    steps = [("transfer", "18:00", {"given": ["night"]}), ("transfer", "20:00", {"given": ["day"]})]
    case = told("12:00", *steps, ("resolve", "21:00"))
    given = policy(NINE_TO_FIVE, team(9 * HOUR), resolution(9 * HOUR), calendars=[(field("team") == "night", ALWAYS)])
    clocks = sla(case, given, as_of=at("22:00")).clocks

    assert [[each.used for each in clock.occurrences] for clock in clocks] == [[5 * HOUR, 2 * HOUR, ZERO], [5 * HOUR]]


def test_the_calendar_of_what_began_and_ended_with_the_opening() -> None:
    """There is nothing before it to look at."""
    case = told("12:00", team="night", owner="ana")
    assigned = Milestone("assigned", HOUR, starts="opened", stops="assigned")
    given = policy(NINE_TO_FIVE, assigned, calendars=[(field("team") == "night", ALWAYS)])

    assert asked(case, given, "13:00").goal == Goal(HOUR, ALWAYS)


def test_the_calendar_of_an_earlier_clock_asked_for_later() -> None:
    """In whichever order the clocks stopped."""
    steps = [
        ("reply", "13:00"),
        ("transfer", "18:00", {"given": ["night"]}),
        ("resolve", "20:00"),
        ("note", "21:00", {"given": ["so"]}),
    ]
    given = policy(NINE_TO_FIVE, resolution(HOUR), first_response(HOUR), calendars=[(field("team") == "night", ALWAYS)])
    clocks = sla(told("12:00", *steps), given, as_of=at("22:00")).clocks

    assert [clock.used for clock in clocks] == [8 * HOUR, HOUR]
