"""What the strategies of assignment and of territories draw, and which arguments they refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, find, given, settings, strategies as st

from relex.assignment import Assignee, AssignmentState, Pool, assign
from relex.errors import InvalidValue
from relex.testing import strategies

if TYPE_CHECKING:
    from relex.assignment import AssignmentPolicy, AssignmentRule
    from relex.pipeline import Territory, TerritoryMembership

lean = settings(max_examples=25, deadline=None)
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


@lean
@given(
    strategies.assignees(id="ana"),
    strategies.pools(id=st.sampled_from(["desk", "vip"])),
    strategies.assignment_rules(name="all"),
    strategies.territories(id="dach", parent="emea"),
    strategies.territory_memberships(id="m1", account="a1", territory="dach", at=AT),
)
def test_parts_are_as_given(
    person: Assignee, pool: Pool, rule: AssignmentRule, territory: Territory, entry: TerritoryMembership
) -> None:
    assert (person.id, pool.id in {"desk", "vip"}, rule.name) == ("ana", True, "all")
    assert (territory.id, territory.parent) == ("dach", "emea")
    assert (entry.id, entry.account, entry.territory, entry.at) == ("m1", "a1", "dach", AT)


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (strategies.assignees, {"id": ""}),
        (strategies.pools, {"id": 1}),
        (strategies.assignment_rules, {"name": ""}),
        (strategies.territories, {"id": ""}),
        (strategies.territories, {"parent": 3}),
        (strategies.territory_memberships, {"account": ""}),
        (strategies.territory_memberships, {"at": datetime(2026, 5, 4)}),  # noqa: DTZ001 - what is tested
    ],
    ids=lambda it: it.__name__ if callable(it) else next(iter(it)),
)
def test_what_is_refused(make: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=make.__name__):
        make(**wrong)


def test_they_shrink_to_something_plain() -> None:
    assert find(strategies.assignment_states(), lambda _: True) == AssignmentState()
    assert find(strategies.assignees(), lambda _: True) == Assignee("a")


def test_trees_have_branches() -> None:
    tree = find(
        strategies.territory_trees(),
        lambda tree: any(tree.above(each.id)[1:] for each in tree.territories),
        settings=settings(phases=[Phase.generate]),
    )

    assert {each.parent for each in tree.territories} != {None}


@lean
@given(
    strategies.assignment_policies(),
    st.lists(strategies.assignees(), max_size=3, unique_by=lambda person: person.id),
    strategies.assignment_states(),
    strategies.facts(),
    strategies.instants(min_value=AT),
)
def test_whatever_is_drawn_can_be_assigned(
    policy: AssignmentPolicy, people: list[Assignee], state: AssignmentState, item: dict[str, Any], at: datetime
) -> None:
    answer = assign(item, policy, people, state, at=at)

    assert answer.reason in {"assigned", "fallback", "unassigned", "owned", "closed"}
    assert len(answer.trace) <= len(policy.rules) + 1
