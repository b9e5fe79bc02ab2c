"""Service levels: the cases SV-35 to SV-48, to the second, and the last two of SV-34.

Sources: ERPNext `test_issue.py`, Frappe Helpdesk `test_hd_ticket.py`, frappe/crm, the documentation of milestones of
Salesforce; the others were worked out by hand. A time alone is one of Monday 2026-06-01.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from service_levels import ALWAYS, HOUR, MINUTE, NINE_TO_FIVE, TEN_TO_SIX, asked, at, policy, told

from relex.errors import InvalidValue
from relex.rules import field
from relex.service import Milestone, first_response, next_response, resolution, sla

ZERO = timedelta(0)


def test_sv_34_a_goal_of_zero() -> None:
    """SV-34: a goal of nothing is refused."""
    with pytest.raises(InvalidValue) as error:
        resolution(ZERO)

    assert error.value.path == "Goal.duration"


def test_sv_34_a_priority_without_a_goal() -> None:
    """SV-34: no clock, with the reason."""
    clock = asked(told("09:00", priority="low"), policy(ALWAYS, resolution({"urgent": HOUR})), "10:00")

    assert (clock.state, clock.reason, clock.occurrences) == (None, "no_goal", ())


@pytest.mark.parametrize(
    ("hold_time", "due"),
    [
        pytest.param("business", "2020-03-04 16:00", id="business"),
        pytest.param("wall", "2020-03-04 16:45", id="wall"),
    ],
)
def test_sv_35(hold_time: str, due: str) -> None:
    """SV-35 (ERPNext, whose own number is the one of wall time): a hold before the opening loses nothing."""
    case = told("2020-03-04 04:00", ("hold", "2020-03-04 04:15"), ("resume", "2020-03-04 05:00"))
    clock = asked(case, policy(TEN_TO_SIX, resolution(6 * HOUR, hold_time=hold_time)), "2020-03-04 12:00")

    assert clock.due_at == at(due)


SV_36 = policy(TEN_TO_SIX, first_response(HOUR), resolution(4 * HOUR))
STEPS_36 = (
    ("reply", "12:30", {"then": "waiting_customer"}),
    ("resume", "13:00"),
    ("resolve", "13:30"),
)


def test_sv_36_at_the_opening() -> None:
    """SV-36 (Frappe Helpdesk): one hour and four hours from noon."""
    answer = sla(told("12:00"), SV_36, as_of=at("12:00"))

    assert [clock.due_at for clock in answer.clocks] == [at("13:00"), at("16:00")]


def test_sv_36_held() -> None:
    """SV-36: replied and held at once."""
    answer = sla(told("12:00", *STEPS_36[:1]), SV_36, as_of=at("12:30"))

    assert (answer.state, answer.clock("resolution").due_at) == ("paused", None)


def test_sv_36_resumed() -> None:
    """SV-36: half an hour later than before."""
    answer = sla(told("12:00", *STEPS_36[:2]), SV_36, as_of=at("13:00"))

    assert ("resolution_due", at("16:30")) == (answer.state, answer.clock("resolution").due_at)


def test_sv_36_resolved() -> None:
    """SV-36: the hold does not count."""
    answer = sla(told("12:00", *STEPS_36), SV_36, as_of=at("13:30"))

    assert ("met", timedelta(seconds=3600)) == (answer.state, answer.clock("resolution").used)


def test_sv_37_around_the_clock() -> None:
    """SV-37 (Salesforce milestones): resolved an hour before it is due."""
    clock = asked(told("10:00", ("resolve", "13:00")), policy(ALWAYS, resolution(4 * HOUR)), "20:00")

    assert (at("14:00"), "met") == (clock.due_at, clock.state)


@pytest.mark.parametrize(
    ("steps", "as_of"),
    [
        pytest.param([], "12:30", id="at the resolution"),
        pytest.param([("close", "Tue 12:30")], "Tue 18:00", id="after the closing"),
    ],
)
def test_sv_37_closed_a_day_later(steps: list[tuple[str, str]], as_of: str) -> None:
    """SV-37 (Frappe Helpdesk): resolving freezes the clock."""
    case = told("12:00", ("resolve", "12:30"), *steps)
    clock = asked(case, policy(TEN_TO_SIX, resolution(4 * HOUR)), as_of)

    assert clock.used == timedelta(seconds=1800)


@pytest.mark.parametrize(
    ("replied", "state", "late_by"),
    [
        pytest.param("16:05", "missed", timedelta(seconds=300), id="late"),
        pytest.param("15:30", "met", None, id="early"),
        pytest.param("16:00", "met", None, id="at the edge"),
    ],
)
def test_sv_38(replied: str, state: str, late_by: timedelta | None) -> None:
    """SV-38 (ERPNext; the edge is our own): a first response of four hours."""
    clock = asked(told("12:00", ("reply", replied)), policy(TEN_TO_SIX, first_response(4 * HOUR)), "17:00")

    assert (state, late_by) == (clock.state, clock.late_by)


WHOLE = (("hold", "16:00"), ("resume", "Tue 11:00"))
SPLIT = (("hold", "16:00"), ("resume", "20:00"), ("hold", "20:00"), ("resume", "Tue 11:00"))


@pytest.mark.parametrize(
    ("steps", "hold_time", "due", "held"),
    [
        pytest.param((), "business", "Tue 14:00", ZERO, id="without a hold"),
        pytest.param(WHOLE, "business", "Tue 17:00", 3 * HOUR, id="one hold"),
        pytest.param(SPLIT, "business", "Tue 17:00", 3 * HOUR, id="split"),
        pytest.param(WHOLE, "wall", "Wed 09:00", 19 * HOUR, id="wall"),
        pytest.param(SPLIT, "wall", "Wed 09:00", 19 * HOUR, id="wall, split"),
    ],
)
def test_sv_39(steps: tuple[tuple[str, str], ...], hold_time: str, due: str, held: timedelta) -> None:
    """SV-39 (own): splitting a hold changes nothing."""
    clock = asked(told("14:00", *steps), policy(NINE_TO_FIVE, resolution(8 * HOUR, hold_time=hold_time)), "Tue 12:00")

    assert (at(due), held) == (clock.due_at, sum([hold.held for hold in clock.holds], ZERO))


@pytest.mark.parametrize("as_of", ["11:00", "13:00", "16:00"])
def test_sv_40_a_hold_after_the_due_time(as_of: str) -> None:
    """SV-40 (own): what is overdue stays so, held or not."""
    case = told("09:00", ("hold", "12:00"), ("resume", "15:00"))
    clock = asked(case, policy(NINE_TO_FIVE, resolution(HOUR)), as_of)

    assert (at("10:00"), "overdue") == (clock.due_at, clock.state)


def test_sv_40_done_after_hours() -> None:
    """SV-40 (own): due at closing time, done an hour later: missed by no business time."""
    clock = asked(told("09:00", ("resolve", "18:00")), policy(NINE_TO_FIVE, resolution(8 * HOUR)), "Tue 09:00")

    assert (at("17:00"), "missed", ZERO) == (clock.due_at, clock.state, clock.late_by)


@pytest.mark.parametrize(
    ("steps", "as_of", "state"),
    [
        pytest.param((), "10:00", "first_response_due", id="asked at once"),
        pytest.param((("reply", "10:10", {"then": "waiting_customer"}),), "10:15", "paused", id="replied and held"),
    ],
)
def test_sv_41(steps: tuple[tuple[str, str], ...], as_of: str, state: str) -> None:
    """SV-41 (Frappe Helpdesk): the state of a case."""
    urgent = policy(TEN_TO_SIX, first_response({"urgent": 30 * MINUTE}), resolution({"urgent": 2 * HOUR}))

    assert state == sla(told("10:00", *steps, priority="urgent"), urgent, as_of=at(as_of)).state


def test_sv_42() -> None:
    """SV-42 (frappe/crm): answered at once is an answer."""
    clock = asked(told("10:00", ("reply", "10:00")), policy(TEN_TO_SIX, first_response(HOUR)), "12:00")

    assert (clock.used, clock.state) == (ZERO, "met")


STEPS_43 = (("receive", "10:00"), ("receive", "10:40"), ("reply", "10:50"), ("receive", "16:30"))


@pytest.mark.parametrize(
    ("steps", "waits", "as_of", "expected"),
    [
        pytest.param(STEPS_43[:2], "first_unanswered", "10:45", (1, "running", "11:00"), id="the first counts"),
        pytest.param(STEPS_43[:3], "first_unanswered", "12:00", (1, "met", "11:00"), id="answered"),
        pytest.param(STEPS_43, "first_unanswered", "Tue 09:30", (2, "running", "Tue 09:30"), id="at the edge"),
        pytest.param(STEPS_43, "first_unanswered", "Tue 09:31", (2, "overdue", "Tue 09:30"), id="overdue"),
        pytest.param(STEPS_43[:2], "last_message", "10:45", (1, "running", "11:40"), id="the last counts"),
        pytest.param(STEPS_43[:3], "last_message", "12:00", (1, "met", "11:40"), id="the last, answered"),
    ],
)
def test_sv_43(steps: tuple[tuple[str, str], ...], waits: str, as_of: str, expected: tuple[int, str, str]) -> None:
    """SV-43 (own; the second way is that of frappe/crm): from which message the customer waits."""
    clock = asked(told("09:00", *steps), policy(NINE_TO_FIVE, next_response(HOUR, waits=waits)), as_of)

    assert (*expected[:2], at(expected[2])) == (clock.number, clock.state, clock.due_at)


def daily(recurrence: str) -> Milestone:
    """A milestone that a message starts and a reply ends."""
    return Milestone("care", HOUR, starts="received", stops="replied", recurrence=recurrence)


STEPS_44 = (
    ("receive", "12:00"),
    ("reply", "12:20"),
    ("receive", "12:20"),
    ("reply", "13:30"),
    ("receive", "14:20"),
)


@pytest.mark.parametrize(
    ("recurrence", "steps", "expected"),
    [
        pytest.param("sequential", STEPS_44[:1], [("12:00", "13:00")], id="SV-44 first"),
        pytest.param("sequential", STEPS_44[:3], [("12:00", "13:00"), ("13:00", "14:00")], id="SV-44 still wanted"),
        pytest.param(
            "sequential",
            STEPS_44,
            [("12:00", "13:00"), ("13:00", "14:00"), ("14:20", "15:20")],
            id="SV-44 wanted again only later",
        ),
        pytest.param("independent", STEPS_44[:3], [("12:00", "13:00"), ("12:20", "13:20")], id="SV-45"),
    ],
)
def test_sv_44_and_45(recurrence: str, steps: tuple[tuple[str, str], ...], expected: list[tuple[str, str]]) -> None:
    """SV-44 (Salesforce milestones, the second step inferred) and SV-45: doing early does not shorten the next one."""
    clock = asked(told("11:00", *steps), policy(ALWAYS, daily(recurrence)), "14:30")

    assert [(at(start), at(due)) for start, due in expected] == [
        (each.started_at, each.due_at) for each in clock.occurrences
    ]


def test_sv_44_by_a_rule() -> None:
    """SV-44: a rule that is still True when the clock is stopped wants the next occurrence at once."""
    care = Milestone("care", HOUR, starts=field("kind") == "open", stops="replied", recurrence="sequential")
    clock = asked(told("12:00", ("reply", "12:20")), policy(ALWAYS, care), "13:30")

    assert [(at("12:00"), at("13:00")), (at("13:00"), at("14:00"))] == [
        (each.started_at, each.due_at) for each in clock.occurrences
    ]


@pytest.mark.parametrize(
    ("raised", "state"),
    [pytest.param("12:00", "running", id="in time"), pytest.param("14:00", "overdue", id="overdue at once")],
)
def test_sv_46(raised: str, state: str) -> None:
    """SV-46 (own): another priority is another goal from the same start."""
    case = told("09:00", ("set_priority", raised, {"given": ["urgent"]}), priority="normal")
    goals = policy(NINE_TO_FIVE, resolution({"normal": 8 * HOUR, "urgent": 4 * HOUR}))
    clock = asked(case, goals, raised)

    assert (at("13:00"), state) == (clock.due_at, clock.state)


def test_sv_47() -> None:
    """SV-47 (own): a warning is a due time with a smaller goal, so a hold puts it off too."""
    case = told("10:00", ("hold", "11:00"), ("resume", "12:00"))
    clock = asked(case, policy(ALWAYS, resolution(4 * HOUR, warnings=["3/4"])), "13:00")

    assert (at("14:00"), at("15:00")) == (clock.warnings[0].at, clock.due_at)


@pytest.mark.parametrize(
    ("on_reopen", "due"),
    [
        pytest.param("hold", "17:00", id="hold"),
        pytest.param("continue", "15:00", id="continue"),
        pytest.param("restart", "20:00", id="restart"),
    ],
)
def test_sv_48(on_reopen: str, due: str) -> None:
    """SV-48 (own): three ways to go on after a reopening."""
    case = told("09:00", ("resolve", "12:00"), ("reopen", "14:00"))
    clock = asked(case, policy(ALWAYS, resolution(6 * HOUR, on_reopen=on_reopen)), "14:30")

    assert ("running", at(due)) == (clock.state, clock.due_at)
