"""Laws of matching: what holds for all texts, records, weights and counts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from relex.adapters.matching import RapidFuzz
from relex.matching import (
    Circle,
    MatchPolicy,
    MatchWeight,
    MatchWeights,
    Pair,
    acronym,
    compare,
    estimate,
    exact,
    initial,
    jaro,
    jaro_winkler,
    levenshtein,
    levenshtein_distance,
    match,
    osa,
    osa_distance,
    pairs,
    probability,
    soundex,
    text_ratio,
    token_sort,
)
from relex.matching._methods import likeness
from relex.matching._similarity import FULL
from relex.parties import ContactPoint, PersonName, PostalAddress, Record

if TYPE_CHECKING:
    from random import Random

AT = datetime(2026, 5, 4, tzinfo=UTC)
METHODS = (acronym, exact, initial, jaro, jaro_winkler, levenshtein, osa, text_ratio, token_sort)
FAST = ("jaro", "jaro_winkler", "levenshtein", "osa", "ratio", "token_sort")
TEXTS = st.text("abcd éß山 ", max_size=10) | st.text(max_size=300)
GIVEN = ("Anna", "Ana", "Eve", "Berg", "A", "山田")
FAMILY = ("Berg", "Burg", "Stone", "Anna", "太郎")
SHARES = st.integers(1, 99).map(lambda share: Decimal(share) / 100)


@st.composite
def people(draw: st.DrawFn, key: str | None = None) -> Record:
    """Records of few names, e-mails and places, so that many are alike."""
    name = PersonName(given=draw(st.sampled_from(GIVEN)), family=draw(st.sampled_from(FAMILY)))
    points = draw(
        st.lists(
            st.one_of(
                st.sampled_from(("a@x.org", "b@x.org")).map(lambda value: ContactPoint("email", value)),
                st.sampled_from(("1 Main St", "2 Main St")).map(
                    lambda street: ContactPoint("postal", PostalAddress(street=street, city="Lyon"))
                ),
            ),
            max_size=3,
        )
    )
    born = draw(st.sampled_from((None, "1980-01-02", "1980-01-03", "soon")))
    return Record("crm", key or str(draw(st.uuids())), AT, name=name, points=points, born=born)


SETS = st.lists(people(), min_size=2, max_size=12, unique_by=lambda record: record.ref)
WEIGHTED = attrs.evolve(
    MatchPolicy.people(),
    rule=None,
    review=None,
    review_at=-20,
    weights=MatchWeights(
        "0.01",
        [
            MatchWeight("given", m=["0.8", "0.1", "0.05", "0.03", "0.02"], u=["0.01", "0.01", "0.02", "0.06", "0.9"]),
            MatchWeight("family", m=["0.8", "0.1", "0.05", "0.03", "0.02"], u=["0.01", "0.01", "0.02", "0.06", "0.9"]),
            MatchWeight("email", m=["0.9", "0.1"], u=["0.001", "0.999"]),
            MatchWeight("born", m=["0.9", "0.05", "0.03", "0.02"], u=["0.001", "0.01", "0.02", "0.969"]),
        ],
        circles=[
            Circle("home", "0.001", [MatchWeight("family", m=["0.9", *["0.025"] * 4], u=["0.01", *["0.2475"] * 4])])
        ],
    ),
)


class TestSimilarity:
    @given(TEXTS, TEXTS)
    @settings(max_examples=100)
    def test_symmetric_and_in_bounds(self, a: Any, b: Any) -> None:
        for method in METHODS:
            score = method(a, b)

            assert score == method(b, a)
            assert (score is None) == (not a or not b)
            assert score is None or 0 <= score <= 1

    @given(TEXTS.filter(bool))
    @settings(max_examples=50)
    def test_equal_texts(self, text: str) -> None:
        assert {1} == {method(text, text) for method in METHODS}

    @given(TEXTS, TEXTS, TEXTS)
    @settings(max_examples=50)
    def test_distances(self, a: Any, b: Any, c: str) -> None:
        assert levenshtein_distance(a, c) <= levenshtein_distance(a, b) + levenshtein_distance(b, c)
        assert osa_distance(a, b) <= levenshtein_distance(a, b)

    @given(TEXTS.filter(bool), TEXTS.filter(bool))
    @settings(max_examples=100)
    def test_core_is_extra(self, a: Any, b: Any) -> None:
        fast = RapidFuzz()
        for name in FAST:
            core = {m.__name__.removeprefix("text_"): m for m in METHODS}[name](a, b)

            assert core is not None
            assert abs(core - Decimal(getattr(fast, name)(a, b)) / FULL) < Decimal("1e-9")

    @given(TEXTS.filter(bool), TEXTS.filter(bool))
    @settings(max_examples=100)
    def test_no_score_is_above_its_bound(self, a: Any, b: Any) -> None:
        for comparison in MatchPolicy.people().comparisons:
            score, bound = likeness(comparison.method)

            assert bound is None or (score(a, b) or 0) <= bound(a, b)

    @given(TEXTS)
    @settings(max_examples=50)
    def test_soundex(self, text: str) -> None:
        code = soundex(text)

        assert code is None or (len(code) == 4 and code == soundex(code[0] + text.upper().lstrip()[1:]))


class TestPairs:
    @given(people("a"), people("b"), st.sampled_from((MatchPolicy.people(), WEIGHTED)))
    @settings(max_examples=60, deadline=None)
    def test_order_of_two(self, a: Any, b: Any, policy: MatchPolicy) -> None:
        assert compare(a, b, policy) == compare(b, a, policy)

    @given(SETS, st.randoms(use_true_random=False), st.sampled_from((MatchPolicy.people(), WEIGHTED)))
    @settings(max_examples=40, deadline=None)
    def test_order_of_many(self, records: list[Record], chance: Random, policy: MatchPolicy) -> None:
        shuffled = chance.sample(records, len(records))

        assert pairs(records, policy).pairs == pairs(shuffled, policy).pairs

    @given(SETS, st.sampled_from((MatchPolicy.people(), WEIGHTED)))
    @settings(max_examples=60, deadline=None)
    def test_nothing_is_filtered_that_counts(self, records: list[Record], policy: MatchPolicy) -> None:
        every = pairs(records, policy, apart=True)

        assert tuple(pair for pair in every if pair.decision != "apart") == pairs(records, policy).pairs

    @given(SETS)
    @settings(max_examples=40, deadline=None)
    def test_across_is_within(self, records: list[Record]) -> None:
        left, right = records[::2], records[1::2]
        mine = {record.ref for record in left}
        within = [p for p in pairs(records, WEIGHTED) if (p.a in mine) != (p.b in mine)]

        assert within == list(pairs(left, right, WEIGHTED))

    @given(SETS)
    @settings(max_examples=40, deadline=None)
    def test_bits_add_up(self, records: list[Record]) -> None:
        for pair in pairs(records, WEIGHTED, apart=True):
            assert pair.weight == sum(bits for _, bits in pair.bits)

    @given(SETS)
    @settings(max_examples=20, deadline=None)
    def test_fitted_policies_judge(self, records: list[Record]) -> None:
        policy = MatchPolicy.people()
        if pairs(records, policy, apart=True).pairs:
            found, judged = match(records, policy)

            assert judged.pairs == pairs(records, found.policy).pairs

    @given(SETS, st.randoms(use_true_random=False))
    @settings(max_examples=20, deadline=None)
    def test_order_of_those_that_are_fitted(self, records: list[Record], chance: Random) -> None:
        policy = MatchPolicy.people()
        if pairs(records, policy, apart=True).pairs:
            shuffled = chance.sample(records, len(records))

            assert match(records, policy) == match(shuffled, policy)


class TestWeights:
    @given(st.decimals(-60, 60, places=6), st.decimals(-60, 60, places=6))
    @settings(max_examples=50)
    def test_probability_rises(self, a: Any, b: Any) -> None:
        low, high = sorted((a, b))

        assert 0 <= probability(low) <= probability(high) <= 1
        assert low == high or high - low < 1 or abs(low) > 25 or probability(low) < probability(high)

    @given(st.decimals(-40, 40, places=3))
    @settings(max_examples=50)
    def test_a_pair_and_its_probability(self, weight: Decimal) -> None:
        assert probability(weight) == Pair("a", "b", weight=weight).probability


class TestEstimation:
    @given(
        st.dictionaries(
            st.tuples(*[st.none() | st.integers(0, 2)] * 3), st.integers(0, 500), min_size=1, max_size=12
        ).filter(lambda counts: any(counts.values())),
        st.integers(0, 1000),
        st.sampled_from(((), ((0, 1),))),
    )
    @settings(max_examples=60, deadline=None)
    def test_the_likelihood_never_falls(
        self, counts: dict[Any, int], others: int, circles: tuple[tuple[int, ...], ...]
    ) -> None:
        margins = {0: (others / 4, others / 4, others / 2)} if others else None
        found = estimate(counts, others=others, margins=margins, circles=circles, rounds=30)

        assert all(after >= before - 1e-6 * max(1, abs(before)) for before, after in pairwise(found.history))

    @given(SHARES, st.lists(st.tuples(SHARES, SHARES), min_size=3, max_size=3))
    @settings(max_examples=30, deadline=None)
    def test_exact_counts_stay(self, share: Decimal, parts: list[tuple[Decimal, Decimal]]) -> None:
        """The counts that a model gives are a fixed point: from that model nothing moves."""
        counts = {}
        for pattern in product((0, 1), repeat=3):
            match_, other = share, 1 - share
            for level, (m, u) in zip(pattern, parts, strict=True):
                match_ *= (1 - m) if level else m
                other *= (1 - u) if level else u
            counts[pattern] = int((match_ + other) * 10**8)
        start = attrs.evolve(
            estimate(counts, rounds=1),
            share=float(share),
            m=tuple((float(m), float(1 - m)) for m, _ in parts),
            u=tuple((float(u), float(1 - u)) for _, u in parts),
        )
        found = estimate(counts, start)

        assert pytest.approx(float(share), abs=1e-3) == found.share
        assert pytest.approx([float(m) for m, _ in parts], abs=1e-3) == [m[0] for m in found.m]
