"""Worked cases of decile analysis and ABC classes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from relex.insights import Total, abc, deciles
from relex.insights._exact import shown

THIRTEEN = [
    Total(name, amount, date.fromisoformat(last))
    for name, amount, last in [
        ("c01", 900, "2026-05-01"), ("c02", 400, "2026-03-09"), ("c03", 400, "2026-06-02"), ("c04", 150, "2026-01-05"),
        ("c05", 100, "2026-02-02"), ("c06", 100, "2026-02-02"), ("c07", 60, "2026-04-04"), ("c08", 40, "2025-12-01"),
        ("c09", 20, "2026-01-01"), ("c10", 10, "2026-01-01"), ("c11", 10, "2026-05-05"), ("c12", 0, "2026-05-06"),
        ("c13", -30, "2026-05-07"),
    ]
]  # fmt: skip
RANKED = ["c01", "c03", "c02", "c04", "c05", "c06", "c07", "c08", "c09", "c11", "c10", "c12"]


@pytest.mark.parametrize(
    ("customers", "sizes"),
    [(23, [3, 3, 3, 2, 2, 2, 2, 2, 2, 2]), (7, [1] * 7 + [0] * 3)],
    ids=["C14-23", "C14-7"],
)
def test_c14_sizes_of_ten_groups(customers: int, sizes: list[int]) -> None:
    table = deciles([(f"c{number:02}", number) for number in range(customers)])

    assert [row.customers for row in table] == sizes


def test_c15_shares_of_ten_groups() -> None:
    """Source: makitani.net, decile analysis."""
    sums = [1_000_000, 850_000, 720_000, 600_000, 480_000, 250_000, 180_000, 120_000, 100_000, 95_000]
    table = deciles([(f"group {number:02}", amount) for number, amount in enumerate(sums)])
    shares = [shown(100 * (row.share or Fraction(0)), 1) for row in table]
    cumulative = [shown(100 * (row.cumulative or Fraction(0)), 1) for row in table]

    assert " ".join(shares) == "22.8 19.3 16.4 13.7 10.9 5.7 4.1 2.7 2.3 2.2"
    assert " ".join(cumulative) == "22.8 42.1 58.5 72.1 83.0 88.7 92.8 95.6 97.8 100.0"


def test_c16_groups_of_equal_counts_with_ties_and_a_negative_total() -> None:
    table = deciles(THIRTEEN)

    assert [row.members for row in table] == [
        ("c01", "c03"), ("c02", "c04"), ("c05",), ("c06",), ("c07",), ("c08",), ("c09",), ("c11",), ("c10",), ("c12",)
    ]  # fmt: skip
    assert [row.share for row in table] == [Fraction(n, 219) for n in (130, 55, 10, 10, 6, 4, 2, 1, 1, 0)]
    assert table.total == 2190
    assert table.apart is not None
    assert (table.apart.members, table.apart.amount) == (("c13",), -30)


def test_c17_ties_together() -> None:
    table = deciles(THIRTEEN, ties="together")

    assert [table.group(f"c{number:02}") for number in range(1, 13)] == [1, 1, 1, 3, 4, 4, 6, 6, 7, 8, 8, 10]


def test_c17_groups_of_equal_revenue() -> None:
    table = deciles(THIRTEEN, by="revenue")

    assert [table.group(name) for name in RANKED] == [1, 5, 6, 8, 9, 9, 10, 10, 10, 10, 10, 10]


def test_c17_abc_classes() -> None:
    assert "".join(str(abc(THIRTEEN).group(name)) for name in RANKED) == "AAABBBCCCCCC"
