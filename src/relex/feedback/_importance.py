"""Ways to share out what drivers account for.

Each takes the matrix of correlations with the outcome last, the same matrix swept on every driver, and the columns of
each driver or group; and gives the importance of each.
"""

from __future__ import annotations

from math import factorial, sqrt
from typing import TYPE_CHECKING

from relex.feedback._sweeping import eigen, gains

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relex.feedback._sweeping import Matrix

__all__ = ["WAYS"]


def _lmg(matrix: Matrix, _: Matrix, players: Sequence[Sequence[int]]) -> list[float]:
    count = len(players)
    found = gains(matrix, players)
    chances = [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]
    importance = [0.0] * count
    for bits, value in found.items():
        chance = chances[bits.bit_count()] if bits.bit_count() < count else 0.0
        for player in range(count):
            if not bits & 1 << player:
                importance[player] += chance * (found[bits | 1 << player] - value)
    return [max(value, 0.0) for value in importance]


def _johnson(matrix: Matrix, _: Matrix, players: Sequence[Sequence[int]]) -> list[float]:
    size = len(players)
    values, vectors = eigen([row[:size] for row in matrix[:size]])
    roots = [sqrt(max(value, 0.0)) for value in values]
    half = [
        [sum([vectors[i][k] * roots[k] * vectors[j][k] for k in range(size)]) for j in range(size)] for i in range(size)
    ]
    across = [sum([vectors[i][k] * matrix[i][-1] for i in range(size)]) / roots[k] for k in range(size)]
    slopes = [sum([vectors[j][k] * across[k] for k in range(size)]) for j in range(size)]
    return [sum([half[j][k] ** 2 * slopes[k] ** 2 for k in range(size)]) for j in range(size)]


def _first(matrix: Matrix, _: Matrix, players: Sequence[Sequence[int]]) -> list[float]:
    return [matrix[place][-1] ** 2 for place in range(len(players))]


def _last(_: Matrix, full: Matrix, players: Sequence[Sequence[int]]) -> list[float]:
    """The squared coefficient by its diagonal in the inverse: what R^2 loses without the driver."""
    return [full[place][-1] ** 2 / full[place][place] for place in range(len(players))]


def _pratt(matrix: Matrix, full: Matrix, players: Sequence[Sequence[int]]) -> list[float]:
    return [full[place][-1] * matrix[place][-1] for place in range(len(players))]


def _betasq(_: Matrix, full: Matrix, players: Sequence[Sequence[int]]) -> list[float]:
    return [full[place][-1] ** 2 for place in range(len(players))]


WAYS: dict[str, Callable[[Matrix, Matrix, Sequence[Sequence[int]]], list[float]]] = {
    "lmg": _lmg,
    "johnson": _johnson,
    "first": _first,
    "last": _last,
    "pratt": _pratt,
    "betasq": _betasq,
}
"""How importance is shared out, by the name of the method."""
