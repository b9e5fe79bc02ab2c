"""Estimation: starts, fixed shares, circles, bounds, mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.matching import estimate, u_from_values

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTS: Any = {(0, 0): 90, (0, 1): 10, (1, 0): 10, (1, 1): 890}


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: estimate({}), "estimate.counts"),
        (lambda: estimate({(0,): 0}), "estimate.counts"),
        (lambda: estimate({(0,): 1, (0, 1): 1}), "estimate.counts"),
        (lambda: estimate({(-1,): 1}), "estimate.counts"),
        (lambda: estimate({(0,): -1}), "estimate.counts[(0,)]"),
    ],
)
def test_mistakes(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        make()

    assert path == error.value.path


def test_fixed_u_stays() -> None:
    assert estimate(COUNTS, fix_u={0: (0.02, 0.98)}).u[0] == (0.02, 0.98)


def test_blanks_are_left_out() -> None:
    found = estimate({**COUNTS, (None, 0): 100, (None, None): 50})

    assert found.converged
    assert sum(found.m[0]) == pytest.approx(1)


def test_a_comparison_that_is_always_blank_stays_where_it_began() -> None:
    assert estimate({(0, None): 5, (1, None): 5}).m[1] == pytest.approx((0.9, 0.1))


def test_from_where_it_ended_nothing_moves() -> None:
    found = estimate(COUNTS)

    assert estimate(COUNTS, found).rounds <= 2


def test_rounds() -> None:
    found = estimate(COUNTS, rounds=1)

    assert (found.rounds, found.converged) == (1, False)
    assert "not converged after 1 rounds" in str(found)
    assert "converged after" in str(estimate(COUNTS))


def test_shares_keep_within_their_bounds() -> None:
    found = estimate({(0, 2): 1000, (1, 1): 1000})

    assert min(share for shares in (*found.m, *found.u) for share in shares) >= 1e-6 * (1 - 1e-9)
    assert [sum(shares) for shares in found.m] == pytest.approx([1, 1])


def test_circles_keep_their_start() -> None:
    found = estimate({**COUNTS, (1, 1): 9000}, circles=[(1,)])

    assert found.v[0][1] == pytest.approx((0.9, 0.1))
    assert found.v[0][0] == found.u[0]


def test_u_of_two_sets() -> None:
    assert u_from_values("aab", "abc") == pytest.approx(3 / 9)


@pytest.mark.parametrize(("values", "others"), [("", None), ("a", None), ("a", ""), ("", "a")])
def test_u_of_nothing(values: str, others: str | None) -> None:
    assert u_from_values(values, others) is None
