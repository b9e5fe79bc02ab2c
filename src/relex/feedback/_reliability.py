"""Whether several questions ask for one thing."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from relex import _checks
from relex.errors import InvalidValue
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

__all__ = ["cronbach_alpha", "index"]

_LEAST = 2
_NUMBER = _checks.optional(_checks.exact)
_NEED = _checks.one_of("all", "any")


def index(answers: Iterable[int | Decimal | Fraction | None], *, need: str = "all") -> Figure:
    """The mean of the items of one response.

    Args:
        answers: One for each item; None was not answered.
        need: `all` items must be answered, or `any` that are count.

    Returns:
        None with the reason `incomplete` when an item is missing, or `no_scored` when nothing was answered.

    Raises:
        InvalidValue: For an answer that is no exact number.

    .. versionadded:: 0.1.0
    """
    _NEED.require("index.need", need)
    found = _checks.items("index.answers", answers)
    _checks.each(_NUMBER).require("index.answers", found)
    given = [Fraction(answer) for answer in found if answer is not None]
    parts = {"answered": len(given), "items": len(found)}
    if need == "all" and len(given) < len(found):
        return Figure(None, "scale points", parts=parts, method="mean of items", reason="incomplete")
    if not given:
        return Figure(None, "scale points", parts=parts, method="mean of items", reason="no_scored")
    return Figure(sum(given, Fraction(0)) / len(given), "scale points", parts=parts, method="mean of items")


def cronbach_alpha(rows: Iterable[Sequence[int | Decimal | Fraction | None]]) -> Figure:
    """Cronbach's alpha of several items, over the complete rows, exact.

    k / (k - 1) times (1 - the sum of the items' variances by the variance of their sum), with sample variances.

    Args:
        rows: For each response, its answers in one order; None was not answered, and its row does not count.

    Returns:
        None with the reason `one_item`, `one_observation` or `no_variance`; the parts say how many rows counted.

    Raises:
        InvalidValue: For rows of several lengths, or an answer that is no exact number.

    Source: Cronbach, Psychometrika 16 (1951).

    Example:
        >>> cronbach_alpha([(1, 2), (2, 2), (3, 4)]).show(4)
        '0.9231'

    .. versionadded:: 0.1.0
    """
    given = _checks.items("cronbach_alpha.rows", rows)
    found = [_checks.items(f"cronbach_alpha.rows[{place}]", row) for place, row in enumerate(given)]
    for place, row in enumerate(found):
        _checks.each(_NUMBER).require(f"cronbach_alpha.rows[{place}]", row)
        if len(row) != len(found[0]):
            raise InvalidValue(f"cronbach_alpha.rows[{place}]", row, f"{len(found[0])} answers")
    complete = [[Fraction(answer) for answer in row if answer is not None] for row in found if None not in row]
    k, parts = len(found[0]) if found else 0, {"rows": len(complete), "dropped": len(found) - len(complete)}
    if k < _LEAST or len(complete) < _LEAST:
        reason = "one_item" if k < _LEAST else "one_observation"
        return Figure(None, parts=parts, method="Cronbach's alpha", reason=reason)
    total = _variance([sum(row, Fraction(0)) for row in complete])
    if not total:
        return Figure(None, parts=parts, method="Cronbach's alpha", reason="no_variance")
    items = sum([_variance(column) for column in zip(*complete, strict=True)], Fraction(0))
    return Figure(Fraction(k, k - 1) * (1 - items / total), parts=parts, method="Cronbach's alpha")


def _variance(values: Sequence[Fraction]) -> Fraction:
    mean = sum(values, Fraction(0)) / len(values)
    return sum([(value - mean) ** 2 for value in values], Fraction(0)) / (len(values) - 1)
