"""Splitting whole numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.money import Leftover, allocate


@pytest.mark.parametrize(
    ("leftover", "expected"),
    [(Leftover.LARGEST, (2, 0, 1, 2)), (Leftover.FIRST, (2, 0, 2, 1)), (Leftover.LAST, (1, 0, 1, 3))],
)
def test_policies_never_give_to_a_weight_of_zero(leftover: Leftover, expected: Any) -> None:
    assert expected == allocate(5, [10, 0, 10, 11], leftover)


def test_ties_go_to_the_earlier_one() -> None:
    assert allocate(5, [1, 1, 1]) == (2, 2, 1)


def test_weights_of_every_exact_kind() -> None:
    assert allocate(6, [1, Fraction(4, 2), Decimal("3.0")]) == (1, 2, 3)


def test_weights_may_come_from_a_generator() -> None:
    assert allocate(3, (n for n in (1, 2))) == (1, 2)


def test_all_weights_zero_are_equal_parts() -> None:
    assert allocate(5, [0, Decimal("0.0"), Fraction(0)]) == (2, 2, 1)


def test_nothing_can_be_split_among_nobody() -> None:
    assert allocate(0, []) == ()


def test_something_cannot_be_split_among_nobody() -> None:
    with pytest.raises(InvalidValue, match="at least one weight"):
        allocate(1, [])


@pytest.mark.parametrize("weight", [-1, 0.5, True, Decimal("NaN"), Fraction(-1, 2), "1", None])
def test_refuses_bad_weights(weight: Any) -> None:
    with pytest.raises(InvalidValue) as error:
        allocate(5, [1, weight])

    assert error.value.path == "allocate.weights[1]"


@pytest.mark.parametrize("total", [1.0, True, Decimal(1), "1"])
def test_refuses_a_total_that_is_no_int(total: Any) -> None:
    with pytest.raises(InvalidValue, match=r"allocate\.total"):
        allocate(total, [1])


def test_refuses_an_unknown_policy() -> None:
    with pytest.raises(InvalidValue, match=r"allocate\.leftover"):
        allocate(1, [1], "largest")
