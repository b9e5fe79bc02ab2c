"""Laws of drivers: section 15 of feedback, law 9."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st

from relex.errors import InvalidValue
from relex.feedback import Drivers, drivers

lean = settings(max_examples=60, deadline=None)
NAMES = ("a", "b", "c")
ROWS = st.lists(st.tuples(*[st.integers(0, 10)] * 4), min_size=6, max_size=14)


def found(rows: list[tuple[Any, ...]], names: tuple[str, ...] = NAMES, **more: Any) -> Drivers:
    """The drivers of these rows, where there are any."""
    try:
        return drivers([dict(zip((*NAMES, "y"), row, strict=True)) for row in rows], "y", names, **more)
    except InvalidValue:
        assume(condition=False)
        raise


def importance(of: Drivers) -> dict[str, float]:
    """The importance of each driver."""
    return {each.name: float(each.importance) for each in of.drivers}


def r_squared(rows: list[tuple[Any, ...]], names: tuple[str, ...]) -> float:
    """Of the regression on these drivers alone."""
    return float(found(rows, names, method="first" if len(names) == 1 else "lmg").r_squared) if names else 0.0


@lean
@given(ROWS, st.sampled_from(("lmg", "johnson")))
def test_importance_is_not_negative_and_adds_to_r_squared(rows: list[tuple[int, ...]], method: str) -> None:
    result = found(rows, method=method)

    assert min(importance(result).values()) >= 0
    assert sum(importance(result).values()) == pytest.approx(float(result.r_squared), abs=1e-9)
    assert 0 <= result.r_squared <= 1


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_lmg_is_the_mean_gain_over_all_orders(rows: list[tuple[int, ...]]) -> None:
    naive = dict.fromkeys(NAMES, 0.0)
    for order in permutations(NAMES):
        for place, name in enumerate(order):
            naive[name] += (r_squared(rows, order[: place + 1]) - r_squared(rows, order[:place])) / 6

    assert importance(found(rows, method="lmg")) == pytest.approx(naive, abs=1e-8)


@lean
@given(ROWS, st.permutations(NAMES), st.sampled_from(("lmg", "johnson", "last", "pratt")))
def test_the_order_of_columns_changes_nothing(rows: list[tuple[int, ...]], order: list[str], method: str) -> None:
    one, other = found(rows, method=method), found(rows, tuple(order), method=method)

    assert importance(one) == pytest.approx(importance(other), abs=1e-8)


@lean
@given(ROWS, st.sampled_from((-3, 0.5, 1e6)), st.integers(-100, 100), st.sampled_from(("lmg", "johnson")))
def test_the_unit_and_origin_of_a_column_change_nothing(
    rows: list[tuple[int, ...]], factor: float, offset: int, method: str
) -> None:
    moved = [(factor * a + offset, b, c, y * 2 - offset) for a, b, c, y in rows]

    assert importance(found(moved, method=method)) == pytest.approx(importance(found(rows, method=method)), abs=1e-7)


@lean
@given(ROWS, st.permutations(range(3)), st.sampled_from(("lmg", "johnson")))
def test_new_labels_permute(rows: list[tuple[int, ...]], order: list[int], method: str) -> None:
    relabeled = [(*[row[place] for place in order], row[3]) for row in rows]
    one, other = importance(found(rows, method=method)), importance(found(relabeled, method=method))

    assert [one[NAMES[place]] for place in order] == pytest.approx([other[name] for name in NAMES], abs=1e-8)


@lean
@given(ROWS)
def test_the_order_of_rows_changes_nothing(rows: list[tuple[int, ...]]) -> None:
    assert importance(found(rows[::-1])) == pytest.approx(importance(found(rows)), abs=1e-8)
