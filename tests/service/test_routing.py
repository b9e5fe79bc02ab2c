"""What routing asks of cases: load, who had one before, the facts of an item."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.assignment import Assignee, AssignmentPolicy, AssignmentRule, AssignmentState, Capacity, Pool, assign
from relex.errors import InvalidValue
from relex.service import Case, open_counts, previous_owner, routing_facts

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def case_of(name: str = "c1", owner: str | None = None, contact: str | None = "kim") -> Case:
    return Case.open(name, customer="k7", contact=contact, owner=owner, at=NOON).state


def test_what_waits_is_load_too() -> None:
    waiting = case_of("c2", "ana").hold("waiting_customer", at=NOON).state
    resolved = case_of("c3", "ana").resolve("fixed", at=NOON).state

    assert open_counts([case_of("c1", "ana"), waiting, resolved, case_of("c4")], as_of=NOON) == {"ana": 2}


def test_only_what_is_our_move() -> None:
    waiting = case_of("c2", "ana").hold("waiting_customer", at=NOON).state

    assert open_counts([waiting], as_of=NOON, kinds=["open"]) == {}


def test_load_at_an_instant() -> None:
    case = case_of("c1", "ana").assign("bo", at=NOON + HOUR).state

    counts = [open_counts([case], as_of=NOON + hours * HOUR) for hours in (-1, 0, 1)]

    assert counts == [{}, {"ana": 1}, {"bo": 1}]


def test_whoever_has_none_is_told_of_too() -> None:
    state = AssignmentState().with_open({"ana": 20})

    state = state.with_open(open_counts([case_of("c1", "bo")], as_of=NOON, owners=["ana", "bo"]))

    assert (state.open_of("ana"), state.open_of("bo")) == (0, 1)


@pytest.mark.parametrize(
    "more", [{"kinds": ["late"]}, {"owners": [""]}, {"as_of": NOON.replace(tzinfo=None)}], ids=["kind", "owner", "at"]
)
def test_what_is_no_load(more: Any) -> None:
    with pytest.raises(InvalidValue, match="open_counts"):
        open_counts([], **{"as_of": NOON, **more})


def reopened(case: Case) -> Case:
    return case.close(at=NOON).state.reopen("again", at=NOON + HOUR).state


def test_a_case_that_came_back_goes_to_whom_it_had() -> None:
    found = previous_owner(reopened(case_of("c1", "ana")), as_of=NOON + HOUR)

    assert found is not None
    assert (found.owner, found.why, found.case, found.at) == ("ana", "reopened", "c1", NOON + HOUR)
    assert str(found) == "ana (reopened, c1 of 2026-06-01T13:00:00+00:00)"


def test_whoever_had_it_last_before_it_came_back() -> None:
    case = case_of("c1", "ana").assign("bo", at=NOON).state.assign(None, at=NOON).state

    found = previous_owner(reopened(case).assign("cy", at=NOON + HOUR).state, as_of=NOON + HOUR)

    assert found is not None
    assert found.owner == "bo"


def test_before_it_came_back_nobody_knows() -> None:
    assert previous_owner(reopened(case_of("c1", "ana")), as_of=NOON) is None


def test_a_case_that_nobody_had_asks_the_others() -> None:
    found = previous_owner(reopened(case_of("c1")), [case_of("c2", "bo")], as_of=NOON + HOUR)

    assert found is not None
    assert (found.owner, found.why) == ("bo", "same_contact")


@pytest.mark.parametrize(
    ("late", "expected"), [(timedelta(0), "ana"), (timedelta(seconds=1), None)], ids=["the limit", "after it"]
)
def test_another_case_within_a_window(late: timedelta, expected: str | None) -> None:
    case = Case.open("c1", customer="k7", contact="kim", at=NOON + WEEK).state

    found = previous_owner(case, [case_of("c2", "ana")], within=WEEK, as_of=NOON + WEEK + late)

    assert expected == (found and found.owner)


def test_the_last_of_several_cases() -> None:
    older, newer = case_of("c2", "ana"), case_of("c3", "bo").rename("again", at=NOON + HOUR).state

    found = previous_owner(case_of("c1"), [newer, older], as_of=NOON + HOUR)

    assert found is not None
    assert (found.owner, found.case) == ("bo", "c3")


def test_who_is_not_asked() -> None:
    stranger, nobody = case_of("c2", "ana", contact="lou"), case_of("c3")
    merged = case_of("c4", "ana").merge_into(stranger, at=NOON).state
    itself = case_of("c1", "ana")

    assert previous_owner(case_of("c1"), [stranger, nobody, merged, itself], as_of=NOON) is None


def test_without_a_contact_there_are_no_others() -> None:
    assert previous_owner(case_of("c1", contact=None), [case_of("c2", "ana", contact=None)], as_of=NOON) is None


def test_before_it_was_opened_nobody_had_it() -> None:
    assert previous_owner(case_of("c1"), [case_of("c2", "ana")], as_of=NOON - HOUR) is None


def test_others_as_they_were() -> None:
    later = Case.open("c2", customer="k7", contact="kim", owner="ana", at=NOON + HOUR).state

    assert previous_owner(case_of("c1"), [later], as_of=NOON) is None


def test_facts_of_an_item() -> None:
    found = routing_facts(case_of("c1"), [case_of("c2", "ana")], as_of=NOON, facts={"language": "de"})

    assert (found["id"], found["status"], found["language"], found["previous_owner"]) == ("c1", "new", "de", "ana")


@pytest.mark.parametrize("name", ["owner", "previous_owner"])
def test_no_fact_takes_the_place_of_another(name: str) -> None:
    with pytest.raises(InvalidValue, match=r"routing_facts\.facts"):
        routing_facts(case_of(), as_of=NOON, facts={name: "ana"})


@pytest.mark.parametrize(
    ("more", "path"),
    [({"as_of": NOON - HOUR}, "as_of"), ({"facts": "de"}, "facts"), ({"within": -WEEK}, "within")],
    ids=["before it was opened", "no mapping", "negative"],
)
def test_what_is_no_item(more: Any, path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        routing_facts(case_of(), **{"as_of": NOON, **more})


BACK = AssignmentRule("back", strategy="owner", fact="previous_owner")
DESK = AssignmentRule("desk", pool=Pool("desk", ["bo", "cy"]), order=1)


def test_a_case_goes_back_to_the_person_if_they_can() -> None:
    item = routing_facts(reopened(case_of("c1", "ana")), as_of=NOON + HOUR)
    policy = AssignmentPolicy([BACK, DESK], owner=None)

    free = assign(item, policy, [Assignee("ana"), Assignee("bo")], at=NOON + HOUR)
    full = assign(item, policy, [Assignee("ana", capacity=Capacity(0)), Assignee("bo")], at=NOON + HOUR)

    assert (free.assignee, full.assignee) == ("ana", "bo")
