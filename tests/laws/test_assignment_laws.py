"""Laws of assignment: fair over any split into runs, nobody ineligible, the stored state as good as the first one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings, strategies as st

from relex.assignment import (
    Assignee,
    AssignmentPolicy,
    AssignmentRule,
    AssignmentState,
    Capacity,
    Pool,
    assign,
    assign_all,
)
from relex.calendars import BusinessCalendar, weekly
from relex.codec import dumps, loads
from relex.rules import evaluate, field

lean = settings(max_examples=60, deadline=None)
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
NAMES = ("a", "b", "c", "d")
HOURS = (
    None,
    BusinessCalendar(weekly("mon-fri", "08:00", "12:00"), tz=UTC),
    BusinessCalendar(weekly("sun", "08:00", "12:00"), tz=UTC),
)

members = st.integers(1, len(NAMES)).map(lambda count: NAMES[:count])
capacities: st.SearchStrategy[Any] = st.builds(
    Capacity, st.integers(0, 4), st.sampled_from(["open", timedelta(days=1)])
) | st.builds(Capacity, st.integers(0, 4), st.sampled_from(["day", "week", "month"]), tz=st.just(UTC))
rules = st.sampled_from([None, field("hot") == True, field("size") > 3])  # noqa: E712 - notation
assignees = st.tuples(
    *[
        st.builds(
            Assignee,
            st.just(name),
            active=st.sampled_from([True, True, False]),
            opted_out=st.sampled_from([False, False, True]),
            accepts=rules,
            prefers=rules,
            capacity=st.lists(capacities, max_size=2),
            hours=st.sampled_from(HOURS),
        )
        for name in NAMES
    ]
)
pools = st.permutations(NAMES).map(lambda names: Pool("p", names[:3], weights={names[0]: 3}))
strategies = st.sampled_from(["direct", "round_robin", "weighted", "least_loaded"])
policies = st.builds(
    lambda pool, strategy, stop, ahead: AssignmentPolicy(
        [
            AssignmentRule("hot", field("hot") == True, pool, strategy, stop=stop, look_ahead=ahead),  # noqa: E712 - as above
            AssignmentRule("known", strategy="owner", fact="account_owner"),
            AssignmentRule("rest", pool=pool, strategy=strategy),
        ],
        fallback="d",
    ),
    pools,
    strategies,
    st.booleans(),
    st.sampled_from([(timedelta(0),), (timedelta(0), timedelta(days=1), timedelta(days=9))]),
)
items = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "hot": st.booleans(),
            "size": st.integers(0, 9),
            "owner": st.just("x"),
            "account_owner": st.sampled_from(NAMES),
        },
    ),
    max_size=12,
)


def splits(count: int) -> st.SearchStrategy[list[int]]:
    """Sizes of runs that add up to a count."""
    cuts = st.lists(st.integers(0, count), max_size=4).map(lambda found: [0, *sorted(found), count])
    return cuts.map(lambda edges: [high - low for low, high in pairwise(edges)])


def in_runs(sizes: list[int], policy: AssignmentPolicy, staff: Any) -> tuple[list[str], AssignmentState]:
    state, found = AssignmentState(), []
    for size in sizes:
        run = assign_all([{}] * size, policy, staff, state, at=AT)
        state = loads(dumps(run.state), AssignmentState)
        found += [str(each.assignee) for each in run.assignments]
    return found, state


@lean
@given(st.data(), members, st.integers(1, 4))
def test_equal_members_get_equally_many(data: st.DataObject, names: tuple[str, ...], times: int) -> None:
    policy = AssignmentPolicy([AssignmentRule("all", pool=Pool("p", names))])
    found, _ = in_runs(data.draw(splits(times * len(names))), policy, [Assignee(name) for name in names])

    assert Counter(found) == dict.fromkeys(names, times)


@lean
@given(st.data(), members, st.integers(1, 3))
def test_each_gets_exactly_its_weight(data: st.DataObject, names: tuple[str, ...], times: int) -> None:
    weights = {name: data.draw(st.integers(1, 5)) for name in names}
    policy = AssignmentPolicy([AssignmentRule("all", pool=Pool("p", names, weights=weights), strategy="weighted")])
    total = sum(weights.values())
    found, _ = in_runs(data.draw(splits(times * total)), policy, [Assignee(name) for name in names])

    for start in range(len(found) - total + 1):
        assert Counter(found[start : start + total]) == weights


@lean
@given(items, policies, assignees)
def test_nobody_ineligible_is_chosen(given_items: list[dict[str, Any]], policy: AssignmentPolicy, staff: Any) -> None:
    by_id = {each.id: each for each in staff}
    run = assign_all(given_items, policy, staff, at=AT)

    for item, answer in zip(given_items, run.assignments, strict=True):
        for member in map(by_id.__getitem__, answer.assignees):
            assert member.active
            assert not member.opted_out
            assert member.accepts is None or evaluate(member.accepts, item).answer is not False
            assert member.available_from(AT) is not None
    for member in staff:
        for limit in member.capacity:
            assert dict(run.counts).get(member.id, 0) <= limit.limit


@lean
@given(items, policies, assignees)
def test_candidates_and_choice_agree(given_items: list[dict[str, Any]], policy: AssignmentPolicy, staff: Any) -> None:
    run = assign_all(given_items, policy, staff, at=AT)

    for step in (step for answer in run.assignments for step in answer.trace):
        fit = [each.id for each in step.candidates if each.is_eligible]
        assert (step.chosen is None) == (not fit)
        assert step.chosen is None or step.chosen in (step.preferring or fit)


@lean
@given(items, policies, assignees, st.integers(0, 12))
def test_a_run_is_the_fold_of_its_items(
    given_items: list[dict[str, Any]], policy: AssignmentPolicy, staff: Any, cut: int
) -> None:
    whole = assign_all(given_items, policy, staff, at=AT)
    first = assign_all(given_items[:cut], policy, staff, at=AT)
    second = assign_all(given_items[cut:], policy, staff, loads(dumps(first.state), AssignmentState), at=AT)
    state, single = AssignmentState(), []
    for item in given_items:
        single.append(assign(item, policy, staff, state, at=AT))
        state = single[-1].state

    assert first.assignments + second.assignments == whole.assignments == tuple(single)
    assert second.state == whole.state == state


@lean
@given(items, policies, assignees)
def test_the_state_is_stored_whole(given_items: list[dict[str, Any]], policy: AssignmentPolicy, staff: Any) -> None:
    state = assign_all(given_items, policy, staff, at=AT).state

    assert loads(dumps(state), AssignmentState) == state
    assert (
        AssignmentState(turn=state.turn, turns=state.turns, rounds=state.rounds, open=state.open, given=state.given)
        == state
    )
