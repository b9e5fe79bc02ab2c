"""A million interactions of five sources in one timeline, beside the heap of the standard library with the same key."""

from __future__ import annotations

import heapq
from collections import deque
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row

from relex.interactions import Interaction, Participant, effort, iter_timeline, strength, timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DAY = datetime(2024, 1, 1, tzinfo=UTC)
SECONDS = 2 * 365 * 86_400
ITEMS, SOURCES, PAGE, ONE = 1_000_000, 5, 50, 1_000
CHANNELS = ("email", "phone", "meeting", "web", "chat")


def rows() -> Iterator[Row]:
    """The whole, one page of it, one customer, and what is measured of one."""
    sources = _sources(step=1)
    yield Row(
        name="timeline: 1M of 5 sources in order",
        ours=lambda: _drained(iter_timeline(*sources, newest_first=False, ordered=True)),
        peers={"heapq.merge": lambda: _drained(heapq.merge(*sources, key=_key))},
        per=ITEMS,
        at_most=1e-6,
        note="an item; ours also checks each source and tells repeats",
    )
    yield Row(
        name="timeline: 1M of 5 sources in any order, newest first",
        ours=lambda: timeline(*sources),
        peers={"sorted": lambda: sorted((item for source in sources for item in source), key=_key, reverse=True)},
        per=ITEMS,
        at_most=1e-6,
        note="an item",
    )
    yield Row(
        name="timeline: the first page of 50 of 1M in order",
        ours=lambda: timeline(*sources, limit=PAGE, newest_first=False, ordered=True),
        peers={"heapq.merge": lambda: list(islice(heapq.merge(*sources, key=_key), PAGE))},
        note="a page",
    )
    yield from _of_one(sources)
    hours = _sources(step=3600)
    yield Row(
        name="timeline: 1M of 5 sources in order, 57 at an instant",
        ours=lambda: _drained(iter_timeline(*hours, newest_first=False, ordered=True)),
        peers={"heapq.merge": lambda: _drained(heapq.merge(*hours, key=_key))},
        per=ITEMS,
        at_most=1e-6,
        note="an item",
    )


def _of_one(sources: list[list[Interaction]]) -> Iterator[Row]:
    one = [source[: ONE // SOURCES] for source in sources]
    flat = [item for source in one for item in source]
    yield Row(
        name="timeline: a page of 50 of a customer with 1,000",
        ours=lambda: timeline(*one, of="c1", limit=PAGE),
        note="a page, sources in any order",
    )
    yield Row(name="effort: 1,000 interactions", ours=lambda: effort(flat), per=ONE, note="an interaction")
    yield Row(
        name="strength: 1,000 interactions",
        ours=lambda: strength(flat, as_of=flat[-1].at + timedelta(days=1)),
        per=ONE,
        note="an interaction, twice, for the trend",
    )


def _sources(step: int) -> list[list[Interaction]]:
    """Five sources in order, at every `step` seconds of two years."""
    random = Random(5)  # noqa: S311 - the same dates each time
    who = [Participant("c1", role="from"), Participant("ann", "own", "to")]
    found = []
    for source, channel in enumerate(CHANNELS):
        seconds = sorted(step * random.randrange(SECONDS // step) for _ in range(ITEMS // SOURCES))
        found.append(
            [
                Interaction(
                    f"{source}-{number:06}",
                    at=DAY + timedelta(seconds=second),
                    channel=channel,
                    direction="inbound",
                    participants=who,
                    duration=timedelta(minutes=5),
                )
                for number, second in enumerate(seconds)
            ]
        )
    return found


def _key(item: Any) -> tuple[datetime, str, str]:
    return item.at, "interaction", item.id


def _drained(items: Iterable[object]) -> None:
    deque(items, maxlen=0)
