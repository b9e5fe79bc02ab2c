"""All that is not met is told at once, with what it lacks."""

from __future__ import annotations

from typing import Any

import pytest

from relex import codec
from relex.errors import InvalidValue
from relex.rules import Requirement, check, field

BUDGET = Requirement("budget", field("budget") > 0, "Fill in the budget")
DECIDER = Requirement("decider", ~field("decider").is_missing(), "Name who decides")
FRESH = Requirement("fresh", field("contacted").within(days=30), "Talk to them again")


def test_nothing_is_unmet_when_every_rule_is_true() -> None:
    assert check([BUDGET, DECIDER], {"budget": 5, "decider": "p1"}) == ()


def test_all_unmet_requirements_come_in_order_with_the_fields_they_lack() -> None:
    unmet = check([BUDGET, DECIDER, FRESH], {"contacted": None})

    assert [(each.name, each.missing) for each in unmet] == [
        ("budget", ("budget",)),
        ("decider", ("decider",)),
        ("fresh", ("contacted",)),
    ]


def test_a_rule_that_is_false_lacks_nothing() -> None:
    (unmet,) = check([BUDGET, DECIDER], {"budget": 0, "decider": "p1"})

    assert (unmet.verdict.answer, unmet.missing, str(unmet)) == (False, (), "Fill in the budget")


def test_unmet_says_what_to_do_and_what_is_missing() -> None:
    (unmet,) = check([DECIDER], {})

    assert str(unmet) == "Name who decides (missing: decider)"
    assert unmet.message == "Name who decides"


@pytest.mark.parametrize(
    ("args", "path"),
    [
        (("", BUDGET.rule, "x"), "Requirement.name"),
        (("x", None, "x"), "Requirement.rule"),
        (("x", BUDGET.rule, ""), "Requirement.message"),
    ],
)
def test_a_requirement_that_makes_no_sense_is_refused(args: tuple[Any, ...], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Requirement(*args)

    assert path == caught.value.path


def test_a_requirement_has_a_stored_form() -> None:
    assert codec.loads(codec.dumps(FRESH), Requirement) == FRESH


@pytest.mark.parametrize("requirements", [5, [BUDGET, BUDGET.rule]])
def test_only_requirements_are_checked(requirements: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        check(requirements, {})

    assert caught.value.path == "check.requirements"
