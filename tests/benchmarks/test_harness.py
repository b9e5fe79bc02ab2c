"""The harness itself: what it divides by, what it compares, what it says."""

from __future__ import annotations

from time import sleep
from typing import TYPE_CHECKING

import pytest
from benchmarks import harness
from benchmarks.harness import Result, Row

if TYPE_CHECKING:
    from pathlib import Path


def nothing() -> None: ...


@pytest.fixture
def row() -> Row:
    return Row(name="add", ours=nothing, peers={"hand": nothing}, per=2, at_most=0.001)


def test_a_call_counts_as_many_operations_as_it_does() -> None:
    result = harness.measure(Row(name="wait", ours=lambda: sleep(0.002), per=2), rounds=1, shortest=0.0)

    assert 0.001 <= result.ours < 0.05


def test_a_peer_that_takes_longer_has_a_ratio_above_one(row: Row) -> None:
    assert Result(row=row, ours=0.5, peers={"hand": 1.0}).ratio("hand") == 2


@pytest.mark.parametrize(("ours", "within"), [(0.0005, True), (0.002, False)])
def test_the_bar_decides(row: Row, ours: float, within: bool) -> None:
    assert Result(row=row, ours=ours, peers={}).within is within


def test_without_a_bar_nothing_is_decided() -> None:
    assert Result(row=Row(name="add", ours=nothing), ours=1.0, peers={}).within is None


def test_the_table_names_ours_the_bar_and_the_peers(row: Row) -> None:
    line = harness.table([Result(row=row, ours=0.0005, peers={"hand": 0.001})]).splitlines()[1]

    assert line.split() == ["add", "500.00", "µs", "1.00", "ms", "yes", "hand", "1.00", "ms", "(2.00x)"]


def test_a_missing_peer_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bench_gone.py").touch()
    monkeypatch.setattr(harness, "__file__", str(tmp_path / "harness.py"))

    assert list(harness.all_rows("gone")) == ["bench_gone: not measured, No module named 'benchmarks.bench_gone'"]


def test_a_row_of_memory_is_asked_and_not_timed() -> None:
    asked: list[str] = []

    def weigh() -> int:
        asked.append("ours")
        return 3_000

    result = harness.measure(Row(name="x", ours=weigh, peers={"alone": lambda: 2_000}, per=10, at_most=240, unit="B"))

    assert asked == ["ours"]
    assert (result.ours, result.peers, result.within) == (300, {"alone": 200}, False)
    assert "300 B" in harness.table([result])
    assert "alone 200 B (0.67x)" in harness.table([result])
