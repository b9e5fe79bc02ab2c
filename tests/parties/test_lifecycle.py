"""Stages: forward by default, back with a reason, and out."""

from __future__ import annotations

import pytest

from relex.errors import InvalidValue, Rejected
from relex.parties import Lifecycle


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"stages": ()}, "Lifecycle.stages"),
        ({"stages": "lead"}, "Lifecycle.stages"),
        ({"stages": 7}, "Lifecycle.stages"),
        ({"stages": ["lead", "lead", "customer"]}, "Lifecycle.stages"),
        ({"stages": ["lead", ""]}, "Lifecycle.stages"),
        ({"former": ["customer"]}, "Lifecycle.stages"),
        ({"former": [1]}, "Lifecycle.former"),
        ({"former_from": "member"}, "Lifecycle.former_from"),
    ],
)
def test_a_bad_lifecycle_is_one_clear_error(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Lifecycle(**fields)  # type: ignore[arg-type]

    assert path == caught.value.path


def test_a_lifecycle_without_former_stages_needs_no_place_to_leave_from() -> None:
    assert Lifecycle(["guest", "member"], former=()).stages == ("guest", "member")


@pytest.mark.parametrize(
    ("now", "to"),
    [
        (None, "sql"),
        ("lead", "customer"),
        ("lead", "lead"),
        ("customer", "churned"),
        ("evangelist", "churned"),
        ("churned", "churned"),
        ("churned", "lead"),
        ("a stage of an older list", "lead"),
    ],
)
def test_moves_that_are_allowed(now: str | None, to: str) -> None:
    Lifecycle().require(now, to)

    assert to in (*Lifecycle().stages, *Lifecycle().former)


@pytest.mark.parametrize(
    ("now", "to", "fields", "reason"),
    [
        ("customer", "lead", {}, "backward"),
        ("customer", "lead", {"back": True}, "reason_missing"),
        (None, "churned", {}, "never_customer"),
        ("lead", "churned", {"back": True, "reason": "x"}, "never_customer"),
    ],
)
def test_moves_that_are_rejected(now: str | None, to: str, fields: dict[str, object], reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        Lifecycle().require(now, to, **fields)  # type: ignore[arg-type]

    assert reason == caught.value.reason


def test_a_move_back_with_a_reason_is_allowed() -> None:
    Lifecycle().require("customer", "lead", back=True, reason="the order was a test")

    with pytest.raises(Rejected):
        Lifecycle().require("customer", "lead")


def test_an_unknown_stage_is_invalid() -> None:
    with pytest.raises(InvalidValue, match="one of subscriber"):
        Lifecycle().require("lead", "vip")


@pytest.mark.parametrize(
    ("stage", "other", "expected"),
    [
        ("customer", "lead", True),
        ("lead", "customer", False),
        ("lead", "lead", False),
        ("lead", None, True),
        ("churned", "lead", False),
        ("customer", "churned", False),
    ],
)
def test_further(stage: str, other: str | None, expected: bool) -> None:
    assert expected is Lifecycle().is_further(stage, other)


@pytest.mark.parametrize(
    ("stage", "before", "expected"),
    [
        ("customer", "lead", "customer"),
        ("lead", "customer", "customer"),
        ("churned", "lead", "lead"),
        ("lead", None, "lead"),
    ],
)
def test_furthest(stage: str, before: str | None, expected: str) -> None:
    assert expected == Lifecycle().furthest(stage, before)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((), None),
        ((None, None), None),
        (("lead", None, "sql", "mql"), "sql"),
        (("churned", "subscriber"), "subscriber"),
        ((None, "churned"), "churned"),
    ],
    ids=str,
)
def test_the_latest_of_several(levels: tuple[str | None, ...], expected: str | None) -> None:
    assert expected == Lifecycle().forward(*levels)
    with pytest.raises(InvalidValue):
        Lifecycle().forward(*levels, "vip")
