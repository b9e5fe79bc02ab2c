"""Exact numbers as whole ones that add up to a given sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

__all__ = ["fitted"]


def fitted(exact: Sequence[Fraction], whole: int) -> list[int]:
    """Each number cut down to an int, and the largest cut-off fractions raised, so that they add up to the whole.

    As `allocate` does, which knows no negative shares. The whole is the rounded sum, or near it.
    """
    if not exact:
        return []
    cut = [each.numerator // each.denominator for each in exact]
    order = sorted(range(len(exact)), key=lambda place: (exact[place] - cut[place], exact[place] != 0), reverse=True)
    each_more, left = divmod(whole - sum(cut), len(cut))
    for rank, place in enumerate(order):
        cut[place] += each_more + (rank < left)
    return cut
