"""Laws of resolution: order never matters, groups partition the records, no rule is broken, stricter groups refine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from relex.matching import (
    IdentifierRule,
    IdentityGraph,
    IdentityRules,
    NotSameAs,
    Pair,
    Resolution,
    Retracted,
    SameAs,
    identify,
    resolve,
)
from relex.parties import Identifier, Record

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
KEYS = "ABCDEFGH"
RULES = IdentityRules([IdentifierRule("tax", unique=True), IdentifierRule("device", limit=2)])

some = settings(max_examples=80)
identifiers = st.builds(
    Identifier, st.sampled_from(("tax", "device", "user_id", "email")), st.sampled_from(("1", "2", "3", "null"))
)
refs = st.sampled_from([f"s/{key}" for key in KEYS])
couples = st.tuples(refs, refs).filter(lambda couple: couple[0] != couple[1])
times = st.integers(0, 3).map(lambda days: DAY + timedelta(days=days))


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    return [Record("s", key, DAY, identifiers=draw(st.lists(identifiers, max_size=2, unique=True))) for key in KEYS]


@st.composite
def assertions(draw: st.DrawFn) -> list[SameAs | NotSameAs | Retracted]:
    said: list[Any] = draw(st.lists(st.tuples(st.sampled_from((SameAs, NotSameAs)), couples, times), max_size=6))
    made = [cls(f"e{number}", a, b, by="eve", at=at) for number, (cls, (a, b), at) in enumerate(said)]
    gone = draw(st.lists(st.integers(0, 6), max_size=2, unique=True))
    return [*made, *(Retracted(f"r{number}", f"e{number}", by="eve", at=DAY) for number in gone)]


pairs = st.lists(
    st.builds(
        lambda couple, decision, weight: Pair(couple[0], couple[1], decision, weight=weight),
        couples,
        st.sampled_from(("link", "link", "review", "apart")),
        st.none() | st.integers(0, 9),
    ),
    max_size=14,
)


def resolved(given_records: Any, said: Any, scored: Any) -> Resolution:
    return resolve(given_records, pairs=scored, assertions=said, identity=RULES)


@some
@given(records(), assertions(), pairs, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(found: Any, said: Any, scored: Any, chance: Any) -> None:
    before = resolved(found, said, scored)
    for each in (found, said, scored):
        chance.shuffle(each)

    assert before == resolved(found, said, scored)


@some
@given(records(), assertions(), pairs)
def test_the_two_sides_of_a_pair_do_not_matter(found: Any, said: Any, scored: Any) -> None:
    turned = [Pair(pair.b, pair.a, pair.decision, weight=pair.weight) for pair in scored]

    assert resolved(found, said, scored) == resolved(found, said, turned)


@some
@given(records(), assertions(), pairs)
def test_groups_partition_the_records(found: Any, said: Any, scored: Any) -> None:
    groups = resolved(found, said, scored).groups

    assert sorted(ref for group in groups for ref in group) == [f"s/{key}" for key in KEYS]
    assert list(groups) == sorted(tuple(sorted(group)) for group in groups)


@some
@given(records(), assertions(), pairs)
def test_no_group_breaks_a_rule_that_its_records_keep(found: Any, said: Any, scored: Any) -> None:
    made = resolved(found, said, scored)
    by_ref = {record.ref: record for record in found}
    for group in made.groups:
        assert not any(isinstance(e, NotSameAs) and {e.a, e.b} <= set(group) for e in made.assertions)
        for kind in ("tax", "device", "user_id", "email"):
            stated = [{i.value for i in by_ref[ref].identifiers if i.kind == kind} - {"null"} for ref in group]
            assert len(set().union(*stated)) <= max(RULES.limit(kind), *map(len, stated))


@some
@given(records(), assertions(), pairs)
def test_links_make_the_groups_and_every_link_has_an_answer(found: Any, said: Any, scored: Any) -> None:
    made = resolved(found, said, scored)
    group_of = {ref: number for number, group in enumerate(made.groups) for ref in group}

    assert all(group_of[pair.a] == group_of[pair.b] for pair in made.links)
    assert all(group_of[pair.a] != group_of[pair.b] for pair in made.review)
    assert not any(isinstance(e, NotSameAs) and group_of[e.a] == group_of[e.b] for e in made.assertions)
    assert {(p.a, p.b) for p in scored if p.decision == "link"} <= {
        (p.a, p.b) for p in (*made.links, *(each.pair for each in made.refused))
    }


@some
@given(records(), assertions(), pairs, st.integers(0, 10), st.integers(0, 10))
def test_groups_at_a_stricter_threshold_refine_looser_ones(
    found: Any, said: Any, scored: Any, one: int, other: int
) -> None:
    made = resolved(found, said, scored)
    loose, strict = made.at(min(one, other)), made.at(max(one, other))

    assert all(any(set(part) <= set(group) for group in loose.groups) for part in strict.groups)
    assert loose.at(max(one, other)) == strict


@some
@given(records(), assertions(), pairs, st.integers(0, 10))
def test_a_stricter_threshold_is_a_run_of_its_own(found: Any, said: Any, scored: Any, threshold: int) -> None:
    """Cutting the links and running again gives the same groups."""
    kept = [pair for pair in scored if pair.weight is None or pair.weight >= threshold or pair.decision != "link"]

    assert resolved(found, said, scored).at(threshold).links == resolved(found, said, kept).links


@some
@given(records(), assertions(), pairs)
def test_every_two_records_of_a_group_are_explained_by_its_links(found: Any, said: Any, scored: Any) -> None:
    made = resolved(found, said, scored)
    for group in made.groups:
        for a in group:
            why = made.why(group[0], a)
            ends = [group[0], *(ref for pair in why.path for ref in (pair.a, pair.b)), a]

            assert why.together
            assert all(ends.count(ref) % 2 == 0 for ref in set(ends))
            assert set(why.path) <= set(made.links)


events = st.lists(st.tuples(st.lists(identifiers, max_size=3), st.integers(0, 5)), max_size=12)


@some
@given(events, st.randoms(use_true_random=False))
def test_replay_does_not_depend_on_the_order_given(told: Any, chance: Any) -> None:
    entries = [
        Record("web", str(number), DAY + timedelta(days=days), identifiers=found)
        for number, (found, days) in enumerate(told)
    ]
    before = IdentityGraph.replay(entries, RULES)
    chance.shuffle(entries)

    assert before == IdentityGraph.replay(entries, RULES)


@some
@given(events)
def test_every_identifier_is_accounted_for(told: Any) -> None:
    """Held by the profile, given up or blocked; no limit is broken; no identifier has two holders."""
    graph = IdentityGraph(RULES)
    for found, days in told:
        done = identify(graph, found, DAY + timedelta(days=days))
        graph = done.graph
        held = set() if done.profile is None else set(done.profile.identifiers)

        assert set(found) - set(done.blocked) - set(done.demoted) <= held
        assert not set(done.attached) & {*done.blocked, *done.demoted}
        assert (done.outcome == "none") == (set(found) <= {*done.blocked, *done.demoted})
    kinds = [(profile.id, each.kind) for profile in graph.profiles for each in profile.identifiers]
    everything = [each for profile in graph.profiles for each in profile.identifiers]

    assert all(kinds.count(kind) <= RULES.limit(kind[1]) for kind in kinds)
    assert len(everything) == len(set(everything))
    assert all(graph.holder(each) == profile for profile in graph.profiles for each in profile.identifiers)


@some
@given(events, st.lists(identifiers, max_size=6))
def test_giving_up_is_as_if_all_began_again(told: Any, last: Any) -> None:
    """Beside the plain way: find the holders of what is left, count, give up the least important, again."""
    graph = IdentityGraph(RULES)
    for found, days in told:
        graph = identify(graph, found, DAY + timedelta(days=days)).graph
    left = sorted({each for each in last if each.value != "null"}, key=RULES.rank)
    given_up = []
    while _too_many(graph, left):
        given_up.append(left.pop())

    assert identify(graph, last, DAY).demoted == tuple(given_up)


def _too_many(graph: IdentityGraph, left: list[Identifier]) -> bool:
    profiles = {profile for each in left if (profile := graph.holder(each)) is not None}
    union = {*left, *(each for profile in profiles for each in profile.identifiers)}
    kinds = [each.kind for each in union]
    return any(kinds.count(kind) > RULES.limit(kind) for kind in kinds)
