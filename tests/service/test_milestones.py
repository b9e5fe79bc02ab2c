"""Goals and milestones: what may be written, and what it means."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from service_levels import ALWAYS, HOUR

from relex.errors import InvalidValue
from relex.rules import field
from relex.service import Goal, Milestone, first_response, next_response, resolution, team


def test_one_goal_for_all() -> None:
    """A duration alone is a goal on the calendar of the policy."""
    milestone = first_response(HOUR)

    assert milestone.goal("anything") == Goal(HOUR)


def test_a_goal_by_priority() -> None:
    """A mapping and pairs say the same; a goal may bring its own calendar."""
    urgent = Goal(HOUR, ALWAYS)

    assert first_response({"urgent": urgent, "low": 8 * HOUR}) == first_response(
        (("urgent", urgent), ("low", Goal(8 * HOUR)))  # type: ignore[arg-type]  # as it is stored
    )


def test_no_goal() -> None:
    """A priority that is not named has none."""
    assert first_response({"urgent": HOUR}).goal("low") is None


@pytest.mark.parametrize(
    "goals",
    [
        pytest.param(timedelta(0), id="zero"),
        pytest.param(-HOUR, id="below zero"),
        pytest.param({}, id="none"),
        pytest.param({"": HOUR}, id="empty priority"),
        pytest.param({"urgent": 3600}, id="seconds"),
        pytest.param([("urgent", HOUR), ("urgent", HOUR)], id="twice"),
        pytest.param([("urgent",)], id="no pair"),
        pytest.param("4h", id="text"),
        pytest.param(None, id="missing"),
    ],
)
def test_wrong_goals(goals: Any) -> None:
    """Goals are above zero, each priority once."""
    with pytest.raises(InvalidValue):
        first_response(goals)


@pytest.mark.parametrize("calendar", ["always", 5])
def test_a_goal_of_no_calendar(calendar: Any) -> None:
    """The calendar of a goal is a calendar."""
    with pytest.raises(InvalidValue) as error:
        Goal(HOUR, calendar)

    assert error.value.path == "Goal.calendar"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"starts": "started"}, id="unknown start"),
        pytest.param({"starts": ()}, id="no start"),
        pytest.param({"stops": ("replied", 1)}, id="no word"),
        pytest.param({"stops": 7}, id="no words"),
        pytest.param({"holds": ("",)}, id="empty hold"),
        pytest.param({"holds": 5}, id="no hold"),
        pytest.param({"goals": 3600}, id="seconds"),
        pytest.param({"goals": "4h"}, id="text"),
        pytest.param({"recurrence": "daily"}, id="recurrence"),
        pytest.param({"hold_time": "net"}, id="hold time"),
        pytest.param({"cancels": "lost"}, id="cancel"),
        pytest.param({"on_reopen": "again"}, id="reopening"),
        pytest.param({"waits": "any"}, id="waits"),
        pytest.param({"name": ""}, id="name"),
    ],
)
def test_wrong_words(wrong: dict[str, Any]) -> None:
    """Every word is one of those that are known, and the field that has another is named."""
    given = {"name": "care", "goals": HOUR, "starts": "opened", "stops": "resolved", **wrong}

    with pytest.raises(InvalidValue) as error:
        Milestone(**given)

    assert error.value.path == f"Milestone.{next(iter(wrong))}"


def test_a_goal_that_is_no_time_is_told_what_one_is() -> None:
    """A number of seconds, say."""
    with pytest.raises(InvalidValue, match="a timedelta or a Goal"):
        first_response(3600)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("warning", "kept"),
    [
        pytest.param("3/4", Fraction(3, 4), id="text"),
        pytest.param(Decimal("0.9"), Fraction(9, 10), id="decimal"),
        pytest.param(Fraction(1, 3), Fraction(1, 3), id="fraction"),
        pytest.param(HOUR, HOUR, id="time left"),
    ],
)
def test_warnings(warning: Any, kept: Fraction | timedelta) -> None:
    """A fraction of the goal, or a time before it."""
    assert resolution(8 * HOUR, warnings=[warning]).warnings == (kept,)


@pytest.mark.parametrize("warning", ["1", "0", "-1/2", 2, timedelta(0), 0.75, "soon", None])
def test_wrong_warnings(warning: Any) -> None:
    """A fraction lies between 0 and 1, a time is above 0, and a float is never exact."""
    with pytest.raises(InvalidValue) as error:
        resolution(8 * HOUR, warnings=[warning])

    assert error.value.path == "Milestone.warnings"


@pytest.mark.parametrize(
    ("milestone", "state"),
    [
        pytest.param(first_response(HOUR, name="answer"), "first_response_due", id="first response"),
        pytest.param(next_response(HOUR, name="answers"), "next_response_due", id="next response"),
        pytest.param(resolution(HOUR), "resolution_due", id="resolution"),
        pytest.param(team(HOUR), "resolution_due", id="team"),
        pytest.param(
            Milestone("care", HOUR, starts=field("kind") == "open", stops="replied"), "first_response_due", id="own"
        ),
    ],
)
def test_what_the_case_is_called(milestone: Milestone, state: str) -> None:
    """By what starts and stops the clock, never by its name."""
    assert milestone.due_state == state


def test_presets() -> None:
    """The table of the presets."""
    told = [
        (each.name, each.starts, each.stops, each.holds, each.recurrence, each.on_reopen)
        for each in (first_response(HOUR), next_response(HOUR), resolution(HOUR), team(HOUR))
    ]

    assert told == [
        ("first_response", ("opened",), ("replied", "resolved"), (), "none", None),
        ("next_response", ("received",), ("replied", "resolved"), (), "independent", None),
        ("resolution", ("opened",), ("resolved",), ("waiting",), "none", "hold"),
        ("team", ("opened", "transferred"), ("transferred", "resolved"), ("waiting",), "independent", None),
    ]
