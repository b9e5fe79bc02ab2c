"""Laws of households and hierarchies: each value counts once, whatever the order and the shape."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

from hypothesis import given, settings, strategies as st

from relex.calendars import Period
from relex.customers import (
    DatedValue,
    Hierarchy,
    HouseholdProposal,
    HouseholdRule,
    Memberships,
    Tie,
    households,
    roll_up,
    roll_up_households,
)
from relex.parties import ContactPoint, PersonName, PostalAddress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

DAY = datetime(2026, 5, 1, tzinfo=UTC)
LENGTH = 6
IDS = [f"n{number}" for number in range(LENGTH)]
instants = st.integers(-10, 0).map(lambda days: DAY + timedelta(days=days))
values = st.dictionaries(st.sampled_from([*IDS, "outside"]), st.integers(-9, 9) | st.fractions(-1, 1))


@st.composite
def trees(draw: st.DrawFn) -> Hierarchy:
    """Parents that change with time and always have smaller numbers, so that they are a tree at every instant."""
    ties = []
    for number in range(1, LENGTH):
        ends = [DAY - timedelta(days=99), *sorted(draw(st.sets(instants, max_size=3))), None]
        for start, end in itertools.pairwise(ends):
            parent = draw(st.none() | st.integers(0, number - 1))
            if parent is not None and start is not None:
                ties.append(Tie(IDS[number], IDS[parent], Period(start, end)))
    return Hierarchy(IDS, ties, as_of=DAY)


@st.composite
def entries(draw: st.DrawFn) -> list[DatedValue]:
    found = draw(st.lists(st.tuples(st.sampled_from(IDS), instants, st.integers(-9, 9)), max_size=8))
    return [DatedValue(f"e{number}", of, at, value) for number, (of, at, value) in enumerate(found)]


@settings(max_examples=100)
@given(trees(), values)
def test_the_totals_of_the_roots_are_the_sum_of_all_own_values(tree: Hierarchy, own: dict[str, int | Fraction]) -> None:
    found = roll_up(own, tree)
    inside = [value for node, value in own.items() if node in IDS]

    assert sum(found[root].total or 0 for root in tree.roots) == sum(inside) == (found.total or 0)
    assert sum(found[root].count for root in tree.roots) == found.count == len(inside)
    assert found.outside == (("outside",) if "outside" in own else ())


@settings(max_examples=100)
@given(trees(), values, st.sampled_from(["total", "largest", "smallest", "count"]))
def test_a_total_is_made_of_the_own_value_and_the_totals_of_the_children(
    tree: Hierarchy, own: dict[str, int | Fraction], how: str
) -> None:
    found = roll_up(own, tree, how)
    combine = {"total": sum, "largest": max, "smallest": min, "count": sum}[how]
    for node in tree.nodes:
        parts = [found[node].own, *(found[child].total for child in tree.children(node))]
        known = [part for part in parts if part is not None]

        assert found[node].total == (combine(known) if known else None)  # type: ignore[operator]


@settings(max_examples=100)
@given(trees(), entries(), st.sampled_from(["as-was", "as-of"]), st.randoms(use_true_random=False))
def test_no_entry_counts_twice_in_any_order(
    tree: Hierarchy, given_: list[DatedValue], structure: str, random: object
) -> None:
    shuffled = [*given_, *given_]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = roll_up(shuffled, tree, structure=structure)

    assert found == roll_up(given_, tree, structure=structure)
    assert (found.total or 0) == sum(entry.value for entry in given_)  # type: ignore[misc]
    assert sum(node.own_count for node in found.nodes) == found.count == len(given_)


@settings(max_examples=60)
@given(trees(), entries())
def test_as_was_is_the_sum_of_the_trees_of_each_entry(tree: Hierarchy, given_: list[DatedValue]) -> None:
    found = roll_up(given_, tree)
    expected = dict.fromkeys(IDS, 0)
    for entry in given_:
        for node in tree.at(entry.at).path(entry.of):
            expected[node] += entry.value  # type: ignore[operator, assignment]

    assert {node: found[node].total or 0 for node in IDS} == expected


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.sampled_from("hij"), st.sampled_from("abcd")), max_size=8),
    st.dictionaries(st.sampled_from("abcde"), st.integers(-9, 9)),
)
def test_a_customer_in_several_households_counts_once_in_all(pairs: list[tuple[str, str]], own: dict[str, int]) -> None:
    homes = Memberships(pairs, as_of=DAY)
    found = roll_up_households(own, homes)
    housed = {customer for _, customer in pairs if customer in own}

    assert (found.total or 0) == sum(own[customer] for customer in housed)
    assert set(found.outside) == set(own) - housed
    extra = sum(own[customer] * (len(homes.households(customer)) - 1) for customer in found.shared)
    assert sum(each.total or 0 for each in found.households) == (found.total or 0) + extra


def someone(id_: str, family: str | None, homes: list[tuple[str, str]]) -> SimpleNamespace:
    places = [PostalAddress(street=street, city=city, country="SE") for street, city in homes]
    name = PersonName(given=id_, family=family)
    return SimpleNamespace(id=id_, name=name, points=tuple(ContactPoint("postal", place) for place in places))


people = st.lists(
    st.tuples(
        st.sampled_from(["Berg", "Bergh", "Holm", None]),
        st.lists(
            st.tuples(st.sampled_from(["Box 1", "BOX 1", "Box 2"]), st.sampled_from(["Umeå", "Umea", "Luleå"])),
            max_size=3,
        ),
    ),
    max_size=7,
).map(lambda found: [someone(f"c{number}", *parts) for number, parts in enumerate(found)])
rules = st.sampled_from(
    [HouseholdRule(), HouseholdRule(by="address"), HouseholdRule(least=1), HouseholdRule(max_block=1)]
)


def memberships_of(found: HouseholdProposal) -> list[tuple[str, str]]:
    return [(member.customer, str(member.address)) for each in found.households for member in each.members]


@settings(max_examples=100)
@given(people, rules, st.randoms(use_true_random=False))
def test_households_partition_persons_at_addresses_in_any_order(
    customers: Sequence[SimpleNamespace], rule: HouseholdRule, random: object
) -> None:
    found = households(customers, rule, as_of=DAY)
    shuffled = list(customers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    known = {(each.id, str(point.value)) for each in customers for point in each.points}

    assert households(shuffled, rule, as_of=DAY) == found
    assert len(set(memberships_of(found))) == len(memberships_of(found))
    assert set(memberships_of(found)) <= known
    assert all(len(each.customers) >= rule.least for each in found.households)
    assert all(len(each.pairs) == len(each.members) - 1 for each in found.households)


@settings(max_examples=60)
@given(people)
def test_households_by_name_lie_within_those_by_address(customers: Sequence[SimpleNamespace]) -> None:
    wide = [set(each.members) for each in households(customers, HouseholdRule(by="address"), as_of=DAY).households]

    assert all(
        any(set(each.members) <= group for group in wide) for each in households(customers, as_of=DAY).households
    )
