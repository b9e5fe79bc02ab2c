"""Least squares on a matrix of correlations, in plain floats.

Theory of operation:
The sweep operator turns a matrix of correlations into what regression on the columns swept so far leaves: the corner of
the outcome is then 1 - R^2, its row the coefficients. Sweeping one more column costs the square of the size, and every
subset of columns is one sweep away from a smaller one, so all 2^p of them are walked without solving any system anew.

Source: Goodnight, "A Tutorial on the SWEEP Operator", The American Statistician 33 (1979).
"""

from __future__ import annotations

from math import fsum, sqrt
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Matrix", "correlations", "eigen", "gains", "swept"]

Matrix = list[list[float]]

_SINGULAR = 1e-9
_SAME = 1e-13
_TURNS = 100
_OFF = 1e-26


def correlations(columns: Sequence[Sequence[float]], weights: Sequence[float] | None) -> tuple[Matrix, list[int]]:
    """The correlations of columns, and the places of those that are constant, but for how floats are rounded."""
    heavy = 1.0 if weights is None else max(weights)
    shares = None if weights is None else [weight / heavy for weight in weights]
    centered = [_centered(column, shares) for column in columns]
    constant = [place for place, column in enumerate(centered) if not column]
    if constant:
        return [], constant
    scaled = [column if shares is None else list(map(mul, column, shares)) for column in centered]
    norms = [sqrt(sum(map(mul, one, other))) for one, other in zip(centered, scaled, strict=True)]
    matrix = [[1.0] * len(columns) for _ in columns]
    for i, one in enumerate(centered):
        for j in range(i):
            matrix[i][j] = matrix[j][i] = sum(map(mul, one, scaled[j])) / (norms[i] * norms[j])
    return matrix, []


def _centered(column: Sequence[float], weights: Sequence[float] | None) -> list[float]:
    """A column around its mean, of a size that can be squared; nothing where all its values are the same."""
    largest = max(map(abs, column)) or 1.0
    sized = [value / largest for value in column]
    mean = fsum(sized) / len(sized) if weights is None else fsum(map(mul, sized, weights)) / fsum(weights)
    off = [value - mean for value in sized]
    farthest = max(map(abs, off))
    return [value / farthest for value in off] if farthest > _SAME else []


def swept(matrix: Matrix, k: int) -> Matrix | None:
    """The matrix swept on one column; None where the column is a combination of those swept before."""
    pivot = matrix[k][k]
    if pivot < _SINGULAR:
        return None
    top = [value / pivot for value in matrix[k]]
    found = []
    for i, row in enumerate(matrix):
        if i == k:
            found.append(top)
        else:
            factor = row[k]
            found.append([value - factor * above for value, above in zip(row, top, strict=True)])
            found[i][k] = -factor / pivot
    found[k] = list(top)
    found[k][k] = 1 / pivot
    return found


def gains(matrix: Matrix, players: Sequence[Sequence[int]]) -> dict[int, float]:
    """R^2 by the set of players, as bits; the outcome is the last column.

    The columns must be free of exact combinations.
    """
    found = {0: 0.0}
    waiting = [(0, 0, matrix)]
    while waiting:
        chosen, start, now = waiting.pop()
        for player in range(start, len(players)):
            after = now
            for column in players[player]:
                after = swept(after, column) or after
            bits = chosen | 1 << player
            found[bits] = 1 - after[-1][-1]
            waiting.append((bits, player + 1, after))
    return found


def eigen(matrix: Matrix) -> tuple[list[float], Matrix]:
    """The eigenvalues of a symmetric matrix, and its eigenvectors as columns, by Jacobi's turns."""
    size = len(matrix)
    a = [list(row) for row in matrix]
    v = [[float(i == j) for j in range(size)] for i in range(size)]
    left = _TURNS
    while left and sum([a[i][j] ** 2 for i in range(size) for j in range(i)]) > _OFF:
        left -= 1
        for p, q in _pairs(size):
            _turn(a, v, p, q)
    return [a[i][i] for i in range(size)], v


def _pairs(size: int) -> Iterator[tuple[int, int]]:
    return ((p, q) for p in range(size) for q in range(p + 1, size))


def _turn(a: Matrix, v: Matrix, p: int, q: int) -> None:
    """Turn the plane of two axes so that their common element becomes 0."""
    if not a[p][q]:
        return
    theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
    t = (1 if theta >= 0 else -1) / (abs(theta) + sqrt(theta * theta + 1))
    c = 1 / sqrt(t * t + 1)
    s = t * c
    for row in (*a, *v):
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    a[p], a[q] = (
        [c * one - s * other for one, other in zip(a[p], a[q], strict=True)],
        [s * one + c * other for one, other in zip(a[p], a[q], strict=True)],
    )
