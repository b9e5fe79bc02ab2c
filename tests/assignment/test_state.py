"""What is remembered between two items."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.assignment import Assignee, AssignmentPolicy, AssignmentRule, AssignmentState, Capacity, Pool, assign_all
from relex.errors import InvalidValue

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def test_counts_from_a_database_replace_those_named() -> None:
    state = AssignmentState(open=(("ana", 2), ("bo", 3))).with_open({"ana": 7, "cy": 1})

    assert state.open == (("ana", 7), ("bo", 3), ("cy", 1))


def test_closing_items_releases_them() -> None:
    state = AssignmentState(open=(("ana", 3),))

    assert state.released("ana").open_of("ana") == 2
    assert state.released("ana", 3).open_of("ana") == 0


def test_no_more_is_released_than_there_is() -> None:
    with pytest.raises(
        InvalidValue, match=r"AssignmentState\.released\.count: expected an int of at least 0 and at most 0"
    ):
        AssignmentState().released("ana")


def test_what_was_given_before_counts_between_two_instants() -> None:
    state = AssignmentState().with_given("ana", [AT, AT, AT - DAY])

    assert state.given == (("ana", ((AT - DAY, 1), (AT, 2))),)
    assert state.given_to("ana", AT - DAY, AT) == 2
    assert state.given_to("ana", AT - 2 * DAY, AT - timedelta(microseconds=1)) == 1
    assert state.given_to("bo", AT - DAY, AT) == 0


def test_instants_are_kept_in_utc() -> None:
    state = AssignmentState().with_given("ana", [AT.astimezone(ZoneInfo("Asia/Tokyo"))]).with_given("ana", [AT])

    assert state.given == (("ana", ((AT, 2),)),)


def test_items_are_remembered_only_as_far_back_as_limits_reach() -> None:
    policy = AssignmentPolicy([AssignmentRule("all", pool=Pool("desk", ["ana", "bo"]))])
    people = [Assignee("ana", capacity=Capacity(9, DAY)), Assignee("bo")]
    state = AssignmentState().with_given("ana", [AT - DAY, AT - DAY / 2])

    assert assign_all([{}, {}], policy, people, state, at=AT).state.given == (("ana", ((AT - DAY / 2, 1), (AT, 1))),)


def test_a_run_at_one_instant_takes_one_place() -> None:
    policy = AssignmentPolicy([AssignmentRule("all", pool=Pool("desk", ["ana"]))])
    run = assign_all([{}] * 50, policy, [Assignee("ana", capacity=Capacity(99, DAY))], at=AT)

    assert run.state.given == (("ana", ((AT, 50),)),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"turn": -1},
        {"turn": 0, "turns": (("desk", (("ana", 0),)),)},
        {"turn": 2, "turns": (("desk", (("ana", 1), ("bo", 3))),)},
        {"turn": 2, "turns": (("desk", (("ana", 2), ("bo", 2))),)},
        {"turns": (("desk", {"ana": 1}),)},
        {"turns": [("desk", ())]},
        {"rounds": (("desk", (("bo", 1), ("ana", 1))),)},
        {"rounds": (("desk", (("ana", 1.5),)),)},
        {"open": (("ana", -1),)},
        {"open": (("ana", 1), ("ana", 1))},
        {"open": (("ana",),)},
        {"open": ((1, 1),)},
        {"given": (("ana", ((AT, 0),)),)},
        {"given": (("ana", ((AT, 1), (AT, 1))),)},
        {"given": (("ana", (AT,)),)},
        {"given": (("ana", ((AT.replace(tzinfo=None), 1),)),)},
        {"given": (("ana", ((AT.astimezone(ZoneInfo("Asia/Tokyo")), 1),)),)},
        {"given": (("ana", [(AT, 1)]),)},
    ],
    ids=str,
)
def test_what_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match="AssignmentState"):
        AssignmentState(**wrong)


@pytest.mark.parametrize("wrong", [{"ana": -1}, {"ana": 1.5}, {"": 1}, {1: 2}, [("ana", 1)]], ids=str)
def test_wrong_counts_are_refused(wrong: Any) -> None:
    with pytest.raises(InvalidValue, match="AssignmentState"):
        AssignmentState().with_open(wrong)


@pytest.mark.parametrize("wrong", [AT, [AT.replace(tzinfo=None)], ["today"]], ids=["one", "naive", "text"])
def test_wrong_instants_are_refused(wrong: Any) -> None:
    with pytest.raises(InvalidValue, match=r"AssignmentState\.with_given\.instants"):
        AssignmentState().with_given("ana", wrong)


@pytest.mark.parametrize("wrong", [[], 5, "", None], ids=repr)
def test_what_is_no_id_is_refused(wrong: Any) -> None:
    state = AssignmentState(open=(("ana", 1),))

    for ask in (
        state.open_of,
        state.released,
        lambda who: state.given_to(who, AT, AT),
        lambda who: state.with_given(who, [AT]),
    ):
        with pytest.raises(InvalidValue, match=r"assignee: expected a non-empty str"):
            ask(wrong)


@pytest.mark.parametrize("given", [(AT.replace(tzinfo=None), AT), (AT, AT.replace(tzinfo=None))], ids=["from", "to"])
def test_items_are_counted_between_aware_instants(given: tuple[datetime, datetime]) -> None:
    with pytest.raises(InvalidValue, match=r"AssignmentState\.given_to\.(after|until)"):
        AssignmentState().given_to("ana", *given)
