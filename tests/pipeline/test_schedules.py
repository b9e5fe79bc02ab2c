"""Volume discounts: which tier applies to how many units."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.pipeline import Schedule, ScheduleTier

TIERS = (ScheduleTier(1, 4, 0), ScheduleTier(5, 9, 5), ScheduleTier(10, None, 10))
RANGE, SLAB = Schedule("volume", TIERS), Schedule("volume", TIERS, mode="slab")


@pytest.mark.parametrize(
    ("quantity", "percent"), [(0, 0), (1, 0), (4, 0), ("4.5", 0), (5, 5), (9, 5), ("9.99", 5), (10, 10), (1000, 10)]
)
def test_a_range_gives_every_unit_the_tier_of_the_quantity(quantity: Any, percent: int) -> None:
    ((tier, units),) = RANGE.parts(quantity)

    assert (percent, Fraction(quantity)) == (tier.percent, units)


@pytest.mark.parametrize(
    ("quantity", "held"),
    [(0, []), (4, [4]), ("4.5", [4, "0.5"]), (5, [4, 1]), (12, [4, 5, 3]), ("0.5", ["0.5"])],
)
def test_a_slab_gives_each_unit_its_own_tier(quantity: Any, held: list[Any]) -> None:
    assert [Fraction(part) for part in held] == [units for _, units in SLAB.parts(quantity)]


def test_what_is_taken_off_is_told_in_units() -> None:
    assert Fraction(12, 10) == RANGE.off(12)
    assert Fraction(5 * 5 + 3 * 10, 100) == SLAB.off(12)


@pytest.mark.parametrize(
    ("tiers", "problem"),
    [
        ((), "no tier"),
        ((ScheduleTier(2, None, 0),), "begins at 2"),
        ((ScheduleTier(1, 4, 0), ScheduleTier(6, None, 5)), "6 comes after 4, not 5"),
        ((ScheduleTier(1, 4, 0), ScheduleTier(4, None, 5)), "4 comes after 4, not 5"),
        ((ScheduleTier(1, None, 0), ScheduleTier(5, None, 5)), "has no end, and is not the last"),
        ((ScheduleTier(1, 4, 0), ScheduleTier(5, 9, 5)), "the last tier ends at 9"),
    ],
    ids=["none", "late", "gap", "overlap", "open", "closed"],
)
def test_tiers_leave_no_gap(tiers: tuple[ScheduleTier, ...], problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        Schedule("volume", tiers)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(InvalidValue, match=r"begins at 2.*7 comes after 4.*ends at 9"):
        Schedule("volume", [ScheduleTier(2, 4, 0), ScheduleTier(7, 9, 5)])


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ((0, 4, 0), "lower"),
        ((5, 4, 0), "upper"),
        ((1, 4, 101), "percent"),
        ((1, 4, 2.5), "percent"),
        ((True, 4, 0), "lower"),
    ],
)
def test_a_tier_that_is_none_is_refused(given: Any, path: str) -> None:
    with pytest.raises(InvalidValue, match=f"ScheduleTier.{path}"):
        ScheduleTier(*given)


@pytest.mark.parametrize("quantity", [-1, 1.5, "many"])
def test_a_wrong_quantity_is_refused(quantity: Any) -> None:
    with pytest.raises(InvalidValue, match="quantity"):
        RANGE.off(quantity)


def test_another_mode_is_refused() -> None:
    with pytest.raises(InvalidValue, match="range, slab"):
        Schedule("volume", TIERS, mode="tiered")


def test_it_says_what_it_takes_off() -> None:
    tiers = [ScheduleTier(1, 4, 0), ScheduleTier(5, None, Decimal("2.5"))]

    assert str(Schedule("volume", tiers)) == "volume (range): 1-4 0 %, 5+ 2.5 %"
