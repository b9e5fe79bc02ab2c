"""Worked cases of assignment and of territories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relex.assignment import (
    Assignee,
    AssignmentPolicy,
    AssignmentRule,
    AssignmentState,
    Capacity,
    Pool,
    assign,
    assign_all,
    daily_share,
)
from relex.pipeline import Territory, TerritoryTree
from relex.rules import field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


def people(*ids: str) -> list[Assignee]:
    return [Assignee(each) for each in ids]


def everything_to(*members: str) -> AssignmentPolicy:
    return AssignmentPolicy([AssignmentRule("all", pool=Pool("desk", members))])


@pytest.mark.parametrize("runs", [[4], [1, 1, 1, 1], [3, 1]], ids=str)
def test_turns_hold_across_runs(runs: list[int]) -> None:
    """PL-35. Source: BottleCRM test_routing."""
    state, found = AssignmentState(), []
    for size in runs:
        run = assign_all([{}] * size, everything_to("0", "1", "2"), people("0", "1", "2"), state, at=AT)
        state = run.state
        found += [each.assignee for each in run.assignments]

    assert found == ["0", "1", "2", "0"]


@pytest.mark.parametrize(("monthly", "daily"), [(45, 2), (15, 1), (30, 1), (44, 1), (46, 2)])
def test_the_daily_share_of_a_monthly_capacity(monthly: int, daily: int) -> None:
    """PL-36. Source: Odoo test_assign_quota; 44 and 46 own."""
    assert daily_share(monthly) == daily


def test_a_capacity_that_is_used_up() -> None:
    """PL-36. Source: Odoo test_assign_quota."""
    state = AssignmentState().with_given("ana", [AT - timedelta(minutes=minute) for minute in range(30)])
    ana = Assignee("ana", capacity=Capacity(2, timedelta(days=1)))
    answer = assign({}, everything_to("ana"), [ana], state, at=AT)

    assert (answer.assignees, answer.reason) == ((), "unassigned")
    assert [str(each) for each in answer.trace[0].candidates] == ["ana (no_capacity)"]


def test_ten_runs_of_four_items_are_fair() -> None:
    """PL-37. Source: own, after odoo PR 259775."""
    state = AssignmentState()
    counts = dict.fromkeys("abc", 0)
    for _ in range(10):
        run = assign_all([{}] * 4, everything_to("a", "b", "c"), people("a", "b", "c"), state, at=AT)
        state = run.state
        for member, count in run.counts:
            counts[member] += count

    assert counts == {"a": 14, "b": 13, "c": 13}


def test_the_first_rule_in_order_decides() -> None:
    """PL-38. Source: BottleCRM test_routing."""
    late = AssignmentRule("late", pool=Pool("late", ["bo"]), order=200)
    early = AssignmentRule("early", pool=Pool("early", ["ana"]), order=10)
    answer = assign({}, AssignmentPolicy([late, early]), people("ana", "bo"), at=AT)

    assert (answer.assignee, answer.rule) == ("ana", "early")


def test_rules_that_do_not_apply_are_told() -> None:
    """PL-38: an inactive rule, a rule about an unknown field, a rule whose pool is empty. Source: as above."""
    off = AssignmentRule("off", pool=Pool("p0", ["ana"]), active=False)
    unknown = AssignmentRule("unknown", field("no_such_field") == 1, Pool("p1", ["ana"]))
    empty = AssignmentRule("empty", pool=Pool("p2"))
    last = AssignmentRule("last", pool=Pool("p3", ["bo"]))
    answer = assign({}, AssignmentPolicy([off, unknown, empty, last]), people("ana", "bo"), at=AT)

    assert (answer.assignee, answer.rule) == ("bo", "last")
    assert [step.outcome for step in answer.trace] == ["inactive", "no_match", "empty_pool", "assigned"]


def test_a_pause_resets_nobody() -> None:
    """PL-39. Source: own."""
    state, found = AssignmentState(), []
    for active in (True, True, False, True):
        staff = [*people("A", "B"), Assignee("C", active=active)]
        answer = assign({}, everything_to("A", "B", "C"), staff, state, at=AT)
        state = answer.state
        found.append(answer.assignee)

    assert found == ["A", "B", "A", "C"]


def test_what_is_skipped() -> None:
    """PL-40. Source: Odoo assignment tests."""
    won, lost = {"closed_at": AT, "kind": "won"}, {"closed_at": AT, "kind": "lost"}
    items = [won, lost, {"owner": "bo"}, {"kind": "open", "score": 0}]
    run = assign_all(items, everything_to("ana"), people("ana"), at=AT)

    assert [each.reason for each in run.assignments] == ["closed", "closed", "owned", "assigned"]
    assert [each.is_skipped for each in run.assignments] == [True, True, True, False]


WORLD = TerritoryTree(
    [
        Territory("World", when=~field("country").is_missing(), inherited_by_children=True),
        Territory("EMEA", "World", when=field("region") == "EMEA"),
        Territory("DACH", "EMEA", when=field("country").is_in("AT", "CH", "DE")),
    ]
)


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({"country": "DE"}, ("DACH",)),
        ({"country": "FR", "region": "EMEA"}, ("EMEA",)),
        ({"region": "EMEA"}, ()),
        ({"country": "JP"}, ("World",)),
    ],
    ids=["DE", "FR", "nowhere", "JP"],
)
def test_inherited_and_local_rules(account: dict[str, str], expected: tuple[str, ...]) -> None:
    """PL-41; the last account is added. Source: own."""
    assert WORLD.territories_of(account, as_of=AT).territories == expected


@pytest.mark.parametrize(("account", "expected"), [({"a": 1, "c": 1}, "C"), ({"a": 1}, "A")], ids=["both", "A"])
def test_the_lowest_of_a_branch(account: dict[str, int], expected: str) -> None:
    """PL-42. Source: own."""
    tree = TerritoryTree([Territory("A", when=field("a") == 1), Territory("C", "A", when=field("c") == 1)])

    assert tree.territories_of(account, as_of=AT).primary == expected
