"""Giving ten thousand items to a pool of fifty by five rules, and finding the territories of an account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.harness import Row

from relex.assignment import Assignee, AssignmentPolicy, AssignmentRule, Capacity, Pool, assign, assign_all
from relex.pipeline import Territory, TerritoryTree
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relex.assignment import Assignments

DAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
COUNT = 10_000
REGIONS = tuple(f"r{number}" for number in range(5))
POOL = Pool("desk", [f"m{number:02}" for number in range(50)])
ITEMS = [{"id": f"i{number}", "region": REGIONS[number % 5], "language": "de"} for number in range(COUNT)]
PLAIN = [Assignee(member) for member in POOL.members]
LIMITED = [
    Assignee(
        member,
        accepts=field("language") != "xx",
        prefers=field("language") == "ja",
        capacity=[Capacity(1000), Capacity(300, "day", tz=UTC)],
    )
    for member in POOL.members
]


def rows() -> Iterator[Row]:
    """Every strategy with and without limits; a single item; territories."""
    yield Row(
        name="Assign: round robin",
        ours=_run("round_robin", PLAIN),
        peers={"by hand": _by_hand},
        per=COUNT,
        note="50 members, 5 rules; by hand without conditions, reasons or a state to store",
    )
    for strategy in ("round_robin", "weighted", "least_loaded"):
        yield Row(
            name=f"Assign: {strategy} with limits",
            ours=_run(strategy, LIMITED),
            per=COUNT,
            note="each with two limits, what they accept and what they prefer",
        )
    policy, state = _policy("round_robin"), _run("round_robin", LIMITED)().state
    yield Row(
        name="Assign: a single item",
        ours=lambda: assign(ITEMS[4], policy, LIMITED, state, at=DAY),
        note="the state read and 50 members judged anew",
    )
    tree = _tree()
    account = {"id": "a1", "country": "c7", "region": "r1", "employees": 70}
    yield Row(
        name="Territories of an account",
        ours=lambda: tree.territories_of(account, as_of=DAY),
        note="511 territories in a tree of 9 levels",
    )


def _policy(strategy: str) -> AssignmentPolicy:
    return AssignmentPolicy([AssignmentRule(region, field("region") == region, POOL, strategy) for region in REGIONS])


def _run(strategy: str, people: list[Assignee]) -> Callable[[], Assignments]:
    policy = _policy(strategy)

    def run() -> Assignments:
        return assign_all(ITEMS, policy, people, at=DAY)

    assert run().reasons == (("assigned", COUNT),)
    return run


def _by_hand() -> dict[str, int]:
    """Whose last turn is longest ago, by the first rule that matches."""
    turns = dict.fromkeys(POOL.members, 0)
    for number, item in enumerate(ITEMS, start=1):
        for region in REGIONS:
            if item["region"] == region:
                turns[min(turns, key=turns.__getitem__)] = number
                break
    return turns


def _tree() -> TerritoryTree:
    """Each halves the countries of the one above it."""
    nodes = []
    for number in range(1, 512):
        rule = field("country").is_in(*[f"c{place}" for place in range(256) if _is_below(256 + place, number)])
        nodes.append(Territory(f"t{number}", f"t{number // 2}" if number > 1 else None, when=rule))
    return TerritoryTree(nodes)


def _is_below(leaf: int, node: int) -> bool:
    while leaf > node:
        leaf //= 2
    return leaf == node
