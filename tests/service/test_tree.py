"""Cases above cases: which parents are allowed, what a parent asks, closing a whole tree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest

from relex.errors import InvalidValue, Rejected
from relex.rules import Requirement, field
from relex.service import Case, CaseFlow, CaseParentChanged, close_tree, family_facts

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def case_of(name: str, parent: str | None = None, **more: Any) -> Case:
    return Case.open(name, customer="k7", parent=parent, at=NOON, **more).state


ONE = case_of("one")
TWO = case_of("two", "one")
THREE = case_of("three", "two")


def test_a_case_comes_under_another_one() -> None:
    case, (event,) = case_of("new").set_parent(ONE, [], at=NOON)

    assert isinstance(event, CaseParentChanged)
    assert (event.from_, event.to, case.parent) == (None, "one", "one")


def test_a_case_leaves_its_parent() -> None:
    assert TWO.set_parent(None, [], at=NOON).state.parent is None


@pytest.mark.parametrize(("case", "parent"), [(ONE, None), (TWO, ONE)], ids=["none", "the same"])
def test_the_same_parent_is_no_news(case: Case, parent: Case | None) -> None:
    assert case.set_parent(parent, [ONE, TWO], at=NOON) == (case, ())


def test_what_is_below_the_case_counts_for_the_depth() -> None:
    with pytest.raises(Rejected) as refused:
        ONE.set_parent(case_of("top"), [TWO, THREE], at=NOON)

    assert refused.value.details["why"] == "too_deep"
    assert (refused.value.details["depth"], refused.value.details["max_depth"]) == (4, 3)


def test_a_flow_says_how_deep() -> None:
    flow = CaseFlow(max_depth=4)

    case, _ = case_of("four").set_parent(THREE, [ONE, TWO], at=NOON, flow=flow)

    assert case.parent == "three"


def test_nor_under_one_whose_parent_was_merged() -> None:
    gone = case_of("gone").merge_into(ONE, at=NOON).state

    with pytest.raises(Rejected) as refused:
        case_of("new").set_parent(case_of("below", "gone"), [gone], at=NOON)

    assert (refused.value.details["why"], refused.value.details["merged"]) == ("merged", "gone")


def test_nobody_can_tell_without_the_cases_above() -> None:
    with pytest.raises(InvalidValue, match="also the case two"):
        case_of("new").set_parent(THREE, [ONE], at=NOON)


def test_a_stored_loop_is_walked_once() -> None:
    left, right = case_of("left", "right"), case_of("right", "left")

    case, _ = case_of("new").set_parent(left, [right], at=NOON)

    assert case.parent == "left"


def test_a_closed_case_stays_where_it_is() -> None:
    with pytest.raises(Rejected, match="closed"):
        TWO.close(at=NOON).state.set_parent(None, [], at=NOON)


def test_a_requirement_may_ask_for_closed_children() -> None:
    closed = case_of("closed", "one").close(at=NOON).state
    resolved = case_of("resolved", "one").resolve("fixed", at=NOON).state

    assert family_facts(ONE, [TWO, THREE, closed, resolved]) == {"open_children": 2}


ASKING = CaseFlow.preset("approval", "support")


def test_a_cascade_meets_the_requirement_that_it_makes_true() -> None:
    flow = CaseFlow(requires={"close": [dict(ASKING.requires)["close"][-1]]})

    changes = close_tree(ONE, [TWO, THREE], at=NOON, cascade=True, flow=flow)

    assert [change.state.id for change in changes] == ["three", "two", "one"]


def test_one_that_is_refused_refuses_all() -> None:
    late = THREE.rename("Later", at=NOON + timedelta(hours=1)).state

    with pytest.raises(Rejected) as refused:
        close_tree(ONE, [late, TWO], at=NOON, cascade=True)

    assert (refused.value.command, refused.value.reason) == ("close_tree", "out_of_order")
    assert refused.value.details["case"] == "three"


def test_what_is_below_a_closed_case_is_closed_with_it() -> None:
    closed = ONE.close(at=NOON).state

    changes = close_tree(closed, [TWO], at=NOON, cascade=True)

    assert [change.state.id for change in changes] == ["two"]


def test_what_is_closed_already_is_not_asked() -> None:
    noted = TWO.close(at=NOON).state.note("thanks", at=NOON + timedelta(hours=1)).state
    other = Case.open("other", parent="one", at=NOON, flow=CaseFlow("claims")).state
    elsewhere = other.close(at=NOON, flow=CaseFlow("claims")).state

    changes = close_tree(ONE, [noted, elsewhere], at=NOON, cascade=True)

    assert [change.state.id for change in changes] == ["one"]


def test_others_are_left_alone() -> None:
    changes = close_tree(TWO, [ONE, THREE, case_of("other")], at=NOON, cascade=True)

    assert sorted(map(attrgetter("state.id"), changes)) == ["three", "two"]


def test_why_is_told_to_each() -> None:
    changes = close_tree(ONE, [TWO], at=NOON, cascade=True, reason="recall", note="all units")

    assert {(change.events[-1].reason, change.events[-1].note) for change in changes} == {("recall", "all units")}  # type: ignore[attr-defined]  # closings


@pytest.mark.parametrize("family", [None, ["one"]], ids=["none", "an id"])
def test_a_family_is_of_cases(family: Any) -> None:
    with pytest.raises(InvalidValue, match="family"):
        family_facts(ONE, family)


def test_facts_of_the_application_are_given_to_each() -> None:
    flow = CaseFlow(requires={"close": [Requirement("signed", field("signed") == True, "Sign it.")]})  # noqa: E712 - a rule

    changes = close_tree(ONE, [TWO], at=NOON, cascade=True, flow=flow, facts={"signed": True}, code="swap", by="ana")

    assert [change.state.resolution for change in changes] == ["swap", "swap"]


@pytest.mark.parametrize("facts", [{"open_children": 0}, "signed"], ids=["of the family", "no mapping"])
def test_facts_of_the_family_are_not_told(facts: Any) -> None:
    with pytest.raises(InvalidValue, match=r"close_tree\.facts"):
        close_tree(ONE, [TWO], at=NOON, facts=facts)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"parent": "one"}, "parent"),
        ({"family": ["one"]}, "family"),
        ({"family": "one"}, "family"),
        ({"flow": CaseFlow("other")}, "flow"),
        ({"at": NOON.replace(tzinfo=None)}, "at"),
    ],
    ids=["an id", "ids", "a text", "another flow", "naive"],
)
def test_what_is_no_parent(more: Any, path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"set_parent\.{path}"):
        case_of("new").set_parent(**{"parent": ONE, "at": NOON, **more})
