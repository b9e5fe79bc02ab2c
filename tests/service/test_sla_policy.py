"""Service levels as definitions."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from service_levels import ALWAYS, HOUR, NINE_TO_FIVE, policy

from relex.errors import InvalidValue, NotFound
from relex.rules import field
from relex.service import Goal, SlaPolicy, first_response, resolution

GOLD = policy(NINE_TO_FIVE, first_response(HOUR), resolution({"urgent": Goal(HOUR, ALWAYS), "low": 8 * HOUR}))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"milestones": []}, id="no milestone"),
        pytest.param({"milestones": [first_response(HOUR), first_response(2 * HOUR)]}, id="one name twice"),
        pytest.param({"milestones": ["first_response"]}, id="no milestones"),
        pytest.param({"milestones": first_response(HOUR)}, id="one milestone"),
        pytest.param({"calendar": None}, id="no calendar"),
        pytest.param({"version": 0}, id="version"),
        pytest.param({"when": "gold"}, id="no rule"),
        pytest.param({"calendars": [ALWAYS]}, id="no pairs"),
        pytest.param({"calendars": [("night", ALWAYS)]}, id="no rule of a pair"),
        pytest.param({"reselect": "often"}, id="reselect"),
        pytest.param({"reselect_on": [1]}, id="no facts"),
        pytest.param({"reselect_on": [["type"]]}, id="facts in a list"),
        pytest.param({"reselect": "on_change"}, id="nothing that could change"),
    ],
)
def test_wrong_policies(wrong: dict[str, Any]) -> None:
    """What is no policy is refused."""
    with pytest.raises(InvalidValue):
        SlaPolicy(**{"id": "gold", "milestones": [first_response(HOUR)], "calendar": ALWAYS, **wrong})


def test_a_milestone_by_its_name() -> None:
    """Found by name."""
    assert GOLD.milestone("first_response") == first_response(HOUR)


def test_an_unknown_milestone() -> None:
    """A name that is not there."""
    with pytest.raises(NotFound):
        GOLD.milestone("tea")


@pytest.mark.parametrize(
    ("priority", "goal"),
    [
        pytest.param("urgent", Goal(HOUR, ALWAYS), id="its own calendar"),
        pytest.param("low", Goal(8 * HOUR, NINE_TO_FIVE), id="the calendar of the policy"),
        pytest.param("normal", None, id="no goal"),
    ],
)
def test_the_goal_that_counts(priority: str, goal: Goal | None) -> None:
    """With the calendar that counts."""
    assert GOLD.goal(GOLD.milestone("resolution"), priority) == goal


def test_pairs_as_lists() -> None:
    """A pair may be written as a list."""
    rule = field("team") == "night"
    pair: Any = [rule, ALWAYS]

    assert policy(NINE_TO_FIVE, first_response(HOUR), calendars=[pair]).calendars == ((rule, ALWAYS),)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301 - our own
def test_copies(again: Any) -> None:
    """The definition is copied, and what is prepared of it is prepared again."""
    assert again(GOLD) == GOLD


def test_words() -> None:
    """As people read it."""
    assert str(GOLD) == "gold version 1: first_response, resolution"
