"""Laws of territories: the lowest of each branch, whatever the order; answers of the past do not change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from relex.pipeline import Territory, TerritoryMembership, TerritoryTree
from relex.rules import evaluate, field

lean = settings(max_examples=60, deadline=None)
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
IDS = "abcdef"
RULES = st.sampled_from(
    [None, field("x") == 1, field("y") == 1, field("x") == 2, (field("x") == 1) & (field("y") == 1)]
)
accounts = st.fixed_dictionaries({"id": st.just("a1")}, optional={"x": st.integers(1, 2), "y": st.integers(0, 1)})
entries = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(["included", "excluded", "by_rule"]), st.integers(-3, 3)),
    max_size=4,
).map(
    lambda found: [
        TerritoryMembership(
            f"m{place}", territory=territory, account="a1", status=status, at=AT + timedelta(days=days), by="eve"
        )
        for place, (territory, status, days) in enumerate(found)
    ]
)


@st.composite
def trees(draw: st.DrawFn) -> TerritoryTree:
    """Up to six territories, each in one before it or in none."""
    found: list[Territory] = []
    for own in IDS[: draw(st.integers(1, len(IDS)))]:
        parent = draw(st.sampled_from([None, *[each.id for each in found]]))
        inherited, rank = draw(st.booleans()), draw(st.integers(0, 1))
        found.append(Territory(own, parent, when=draw(RULES), inherited_by_children=inherited, rank=rank))
    return TerritoryTree(found)


@lean
@given(trees(), accounts)
def test_nothing_that_a_rule_gives_is_above_anything_given(tree: TerritoryTree, account: dict[str, Any]) -> None:
    found = tree.territories_of(account, as_of=AT).territories

    assert not any(other in tree.above(each) for each in found for other in found)


@lean
@given(trees(), accounts)
def test_every_match_is_given_or_stands_above_one_that_is(tree: TerritoryTree, account: dict[str, Any]) -> None:
    found = set(tree.territories_of(account, as_of=AT).territories)
    matching = {each.id for each in tree.territories if evaluate(tree.rule(each.id), account).answer}

    assert found <= matching
    for each in matching - found:
        assert any(each in tree.above(other) for other in found)


@lean
@given(trees(), accounts, entries, st.randoms(use_true_random=False))
def test_no_order_matters(tree: TerritoryTree, account: dict[str, Any], by_hand: list[Any], chance: Any) -> None:
    territories, shuffled = list(tree.territories), list(by_hand)
    chance.shuffle(territories)
    chance.shuffle(shuffled)
    other = TerritoryTree(territories)

    assert other == tree
    assert other.territories_of(account, shuffled, as_of=AT) == tree.territories_of(account, by_hand, as_of=AT)


@lean
@given(trees(), accounts, entries)
def test_what_is_decided_by_hand_wins(tree: TerritoryTree, account: dict[str, Any], by_hand: list[Any]) -> None:
    placement = tree.territories_of(account, by_hand, as_of=AT)
    latest = {}
    for entry in sorted(by_hand, key=lambda entry: (entry.at, entry.id)):
        if entry.at <= AT:
            latest[entry.territory] = entry.status

    for each in tree.territories:
        if latest.get(each.id) in {"included", "excluded"}:
            assert (each.id in placement.territories) == (latest[each.id] == "included")


@lean
@given(trees(), accounts, entries)
def test_later_entries_do_not_change_the_past(tree: TerritoryTree, account: dict[str, Any], by_hand: list[Any]) -> None:
    known = [entry for entry in by_hand if entry.at <= AT]

    assert tree.territories_of(account, by_hand, as_of=AT) == tree.territories_of(account, known, as_of=AT)


@lean
@given(trees(), accounts, entries)
def test_the_verdicts_tell_the_same(tree: TerritoryTree, account: dict[str, Any], by_hand: list[Any]) -> None:
    placement = tree.territories_of(account, by_hand, as_of=AT)

    assert {each.territory for each in placement.verdicts if each.is_in} == set(placement.territories)
    assert [each.territory for each in placement.verdicts] == [each.id for each in tree.territories]
