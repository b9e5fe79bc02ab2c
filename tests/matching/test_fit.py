"""The weights of small sets, and of sets in another order."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest

from relex.matching import MatchPolicy, MatchWeights, fit, match
from relex.matching._fit import _spread  # the pairs that are looked at are the whole point
from relex.parties import PersonName, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

AT = datetime(2026, 5, 4, tzinfo=UTC)
GIVEN = ["Anna", "Eve", "Omar", "Li", "Raj", "Mia", "Jon", "Ada", "Tom", "Zoe", "Max", "Ida"]
FAMILY = ["Berg", "Stone", "Haddad", "Wei", "Patel", "Rossi"]


def _crowd(seed: int, size: int = 60) -> Iterator[Record]:
    """A third of the persons twice, half of these with another day of birth."""
    chance = Random(seed)  # noqa: S311 - no secret
    for number in range(size):
        name = PersonName(given=chance.choice(GIVEN), family=chance.choice(FAMILY))
        born = f"{chance.randrange(1950, 2000)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        for again in range(1 + (chance.random() < 0.3)):
            typo = again and chance.random() < 0.5
            day = f"{born[:-1]}{(int(born[-1]) + 1) % 9}" if typo else born
            yield Record("crm", f"{number}-{again}", AT, name=name, born=day)


@pytest.mark.parametrize("seed", range(4))
def test_a_small_set_does_not_depend_on_its_order(seed: int) -> None:
    records = list(_crowd(seed))
    expected = match(records, MatchPolicy.people())
    for turn in range(3):
        shuffled = Random(turn).sample(records, len(records))  # noqa: S311

        assert expected == match(shuffled, MatchPolicy.people())


@pytest.mark.parametrize("seed", range(4))
def test_a_small_set_has_no_false_link(seed: int) -> None:
    _, found = match(_crowd(seed), MatchPolicy.people())

    assert found.links
    assert all(pair.a.split("-")[0] == pair.b.split("-")[0] for pair in found.links)


def test_no_level_of_a_small_set_is_missed() -> None:
    """Among 12 given names some are alike (Ada and Ida), in more than one of a thousand pairs."""
    weights = fit(_crowd(1), MatchPolicy.people()).policy.weights

    assert isinstance(weights, MatchWeights)
    assert all(share > 0.001 for part in weights.parts if part.comparison == "given" for share in part.u[:1])


class TestSpread:
    def test_few_pairs_are_all_looked_at(self) -> None:
        found = list(_spread(Counter("baac"), None))

        assert found == [("a", "a"), ("a", "b"), ("a", "c"), ("a", "b"), ("a", "c"), ("b", "c")]

    def test_few_pairs_of_two_sets(self) -> None:
        assert list(_spread(Counter("ba"), Counter("xy"))) == [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]

    @pytest.mark.parametrize(
        ("size", "other"), [(102, None), (300, None), (80, 90), (60, 120), (71, 5001), (9000, None)]
    )
    def test_no_pair_is_looked_at_twice(self, size: int, other: int | None) -> None:
        mine = Counter(f"{value:04}" for value in range(size))
        theirs = None if other is None else Counter(f"{value:04}" for value in range(other))
        found = list(_spread(mine, theirs))

        assert len(found) == len(set(found)) == 5000

    def test_many_values_are_met_evenly(self) -> None:
        """Of 9,000 values each tenth of them is in about a tenth of the pairs, on both sides."""
        found = list(_spread(Counter(f"{value:04}" for value in range(9000)), None))
        for side in range(2):
            tenths = Counter(int(pair[side]) // 900 for pair in found)

            assert all(480 <= count <= 520 for count in tenths.values())

    def test_a_frequent_value_is_met_often(self) -> None:
        counts = Counter({"often": 20_000, **{f"{value:05}": 1 for value in range(20_000)}})
        found = list(_spread(counts, None))

        assert 2400 <= sum(a == "often" for a, _ in found) <= 2600
        assert 1150 <= sum(a == b == "often" for a, b in found) <= 1350
