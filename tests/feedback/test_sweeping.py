"""Least squares on a matrix of correlations."""

from __future__ import annotations

import pytest

from relex.feedback._sweeping import correlations, eigen, gains, swept

MATRIX = [[1.0, 0.5, 0.4], [0.5, 1.0, 0.6], [0.4, 0.6, 1.0]]


def test_correlations_of_columns() -> None:
    matrix, constant = correlations([[1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0]], None)

    assert (constant, matrix[0][1]) == ([], pytest.approx(0.6))


def test_constant_columns_are_named_by_place() -> None:
    assert correlations([[1.0, 2.0], [3.0, 3.0], [0.0, 0.0]], [1.0, 2.0]) == ([], [1, 2])


def test_sweeping_twice_takes_it_back() -> None:
    """The sign of a row and a column turns at each sweep, so the second one restores what the first one did."""
    once = swept(MATRIX, 0)
    assert once is not None
    twice = swept(once, 0)

    assert twice is not None
    assert [abs(value) for row in twice for value in row] == pytest.approx([abs(v) for row in MATRIX for v in row])


def test_a_combination_is_not_swept() -> None:
    assert swept([[0.0, 0.0], [0.0, 1.0]], 0) is None


def test_the_gain_of_each_set() -> None:
    found = gains(MATRIX, [(0,), (1,)])

    assert found == pytest.approx({0: 0, 1: 0.16, 2: 0.36, 3: (0.16 + 0.36 - 2 * 0.5 * 0.4 * 0.6) / 0.75})


def test_eigenvalues_of_what_is_even_and_of_what_is_not() -> None:
    values, _ = eigen([[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 5.0]])

    assert sorted(values) == pytest.approx([1, 3, 5])
    assert eigen([[1.0, 0.0], [0.0, 1.0]]) == ([1, 1], [[1, 0], [0, 1]])
