"""What `import relex` costs, in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.harness import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

ALLOWED = 0.060
"""Seconds that relex may take beyond attrs."""


def rows() -> Iterator[Row]:
    """One row; its bar is what attrs takes on this machine now, and 60 ms."""
    attrs_alone = median(_seconds("import attrs") for _ in range(5))
    yield Row(
        name="import relex",
        ours=lambda: _run("import attrs, relex"),
        peers={"python and attrs alone": lambda: _run("import attrs")},
        per=1,
        at_most=attrs_alone + ALLOWED,
        note="a fresh interpreter each time; the bar is 60 ms above the interpreter with attrs",
    )


def _run(statement: str) -> None:
    subprocess.run([sys.executable, "-c", statement], check=True)  # noqa: S603 - a constant of this file


def _seconds(statement: str) -> float:
    start = perf_counter()
    _run(statement)
    return perf_counter() - start
