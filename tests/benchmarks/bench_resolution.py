"""Groups out of links, with the checks and the reasons, beside a bare union-find; profiles event by event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from benchmarks.harness import Row

from relex.matching import IdentityGraph, NotSameAs, Pair, identify, resolve
from relex.parties import Identifier, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
LINKS = 100_000
EVENTS = 20_000


def rows() -> Iterator[Row]:
    """As many links as records, bare and with identifiers and assertions; the same links cut once more."""
    random = Random(7)  # noqa: S311 - the same links each time
    links = _links(random)
    bare = [Record("s", f"{number:06}", DAY) for number in range(LINKS)]
    full = [
        Record("s", f"{number:06}", DAY, identifiers=[Identifier("device", str(number // 2))])
        for number in range(LINKS)
    ]
    apart = [
        NotSameAs(f"n{number}", f"s/{number:06}", f"s/{number + 2:06}", by="eve", at=DAY)
        for number in range(0, LINKS - 2, 50)
    ]
    found = resolve(bare, pairs=links)

    assert sorted(map(len, found.groups)) == sorted(map(len, _union_find(bare, links)))
    by_hand = {"union-find by hand": lambda: _union_find(bare, links)}
    yield Row(name="resolve: 100,000 links", ours=lambda: resolve(bare, pairs=links), peers=by_hand, per=LINKS)
    yield Row(
        name="resolve: identifiers and cannot-links",
        ours=lambda: resolve(full, pairs=links, assertions=apart),
        peers=by_hand,
        per=LINKS,
        note="a device with each record, 2,000 assertions",
    )
    yield Row(name="resolve: a stricter threshold", ours=lambda: found.at(5), per=LINKS)
    events = _events(random)
    yield Row(name="identify: 20,000 events", ours=lambda: _told(events), per=EVENTS)


def _links(random: Random) -> list[Pair]:
    """Each between two records that are near each other, with a weight of two digits."""
    found = {}
    while len(found) < LINKS:
        one = random.randrange(LINKS - 3)
        other = one + 1 + random.randrange(3)
        weight = Decimal(random.randrange(100)) / 10
        found[one, other] = Pair(f"s/{one:06}", f"s/{other:06}", weight=weight)
    return list(found.values())


def _union_find(records: list[Record], links: list[Pair]) -> list[list[str]]:
    parent = {record.ref: record.ref for record in records}

    def root(ref: str) -> str:
        while parent[ref] != ref:
            parent[ref] = ref = parent[parent[ref]]
        return ref

    for pair in sorted(links, key=lambda pair: (-pair.weight, pair.a, pair.b)):  # type: ignore[operator]  # all have one
        parent[root(pair.a)] = root(pair.b)
    groups: dict[str, list[str]] = {}
    for ref in sorted(parent):
        groups.setdefault(root(ref), []).append(ref)
    return list(groups.values())


def _events(random: Random) -> list[list[Identifier]]:
    found = []
    for _ in range(EVENTS):
        event = [Identifier("cookie", f"c{random.randrange(EVENTS // 2)}")]
        event += [Identifier("email", f"e{random.randrange(EVENTS // 5)}")] * (random.random() < 1 / 2)
        event += [Identifier("user_id", f"u{random.randrange(EVENTS // 5)}")] * (random.random() < 1 / 3)
        found.append(event)
    return found


def _told(events: list[list[Identifier]]) -> IdentityGraph:
    graph = IdentityGraph()
    for number, event in enumerate(events):
        graph = identify(graph, event, DAY + timedelta(seconds=number)).graph
    return graph
