"""Timing two ways of doing the same work side by side, so that a noisy machine cancels out of the ratio.

Each row is sampled in rounds: ours, then every peer, then ours again in the next round, and so on.
A sample repeats the call until it takes long enough to be timed, and the median of the rounds is what counts.
"""

from __future__ import annotations

import gc
import importlib
from collections import defaultdict
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Result", "Row", "all_rows", "measure", "table"]

ROUNDS = 5
SHORTEST = 0.02
"""Seconds that one sample lasts at least."""


@attrs.frozen(kw_only=True)
class Row:
    """One comparison.

    Attributes:
        name: What is done, such as `Money: add`.
        ours: Does `per` operations in one call.
        peers: The same work by a named peer or by hand, as many operations in one call; empty if there is none.
        per: Operations in one call.
        at_most: The bar in seconds for one operation, None if there is none.
        note: What is compared, in one line.
        unit: `s`, or `B` for a row of memory, whose calls are not timed and return a number of bytes.
    """

    name: str
    ours: Callable[[], object]
    peers: dict[str, Callable[[], object]] = attrs.field(factory=dict)
    per: int = 1
    at_most: float | None = None
    note: str = ""
    unit: str = "s"


@attrs.frozen(kw_only=True)
class Result:
    """What one row took: seconds for one operation, medians of the rounds."""

    row: Row
    ours: float
    peers: dict[str, float]

    @property
    def within(self) -> bool | None:
        """Whether ours is within the bar; None without a bar."""
        return None if self.row.at_most is None else self.ours <= self.row.at_most

    def ratio(self, peer: str) -> float:
        """How many times as long the peer took."""
        return self.peers[peer] / self.ours


def measure(row: Row, *, rounds: int = ROUNDS, shortest: float = SHORTEST) -> Result:
    """Time a row, interleaving ours and its peers."""
    calls = {"": row.ours, **row.peers}
    if row.unit == "B":
        sizes: dict[str, Any] = {name: call() for name, call in calls.items()}
        return Result(
            row=row, ours=sizes.pop("") / row.per, peers={name: size / row.per for name, size in sizes.items()}
        )
    repeats = {name: _repeats(call, shortest) for name, call in calls.items()}
    samples: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name, call in calls.items():
            samples[name].append(_sample(call, repeats[name]) / row.per)
    medians = {name: median(times) for name, times in samples.items()}
    return Result(row=row, ours=medians.pop(""), peers=medians)


def _repeats(call: Callable[[], object], shortest: float) -> int:
    call()
    return max(1, round(shortest / max(_sample(call, 1), 1e-9)))


def _sample(call: Callable[[], object], repeats: int) -> float:
    gc.collect()
    start = perf_counter()
    for _ in range(repeats):
        call()
    return (perf_counter() - start) / repeats


def all_rows(only: str = "") -> Iterator[Row | str]:
    """The rows of the `bench_*.py` files whose name contains `only`; a str says what could not be measured."""
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if only not in path.stem:
            continue
        try:
            yield from importlib.import_module(f"benchmarks.{path.stem}").rows()
        except ImportError as error:
            yield f"{path.stem}: not measured, {error}"


def table(results: Iterable[Result], *, markdown: bool = False) -> str:
    """The results as lines of aligned columns, or as a Markdown table."""
    cells = [("what", "ours", "bar", "within", "peers (how many times as long)")]
    cells += [_cells(result) for result in results]
    if markdown:
        lines = [f"| {' | '.join(line)} |" for line in cells]
        return "\n".join([lines[0], "| --- | ---: | ---: | --- | --- |", *lines[1:]])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def _cells(result: Result) -> tuple[str, str, str, str, str]:
    bar, unit = result.row.at_most, result.row.unit
    return (
        result.row.name,
        shown(result.ours, unit),
        "" if bar is None else shown(bar, unit),
        {None: "", True: "yes", False: "NO"}[result.within],
        "; ".join(f"{peer} {shown(took, unit)} ({result.ratio(peer):.2f}x)" for peer, took in result.peers.items()),
    )


def shown(seconds: float, of: str = "s") -> str:
    """Seconds in the unit that reads best; bytes as they are."""
    if of == "B":
        return f"{seconds:.0f} B"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds / 1e-9:.0f} ns"
