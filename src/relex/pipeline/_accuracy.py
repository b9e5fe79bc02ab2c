"""What a forecast said, against what was won."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex._html import table
from relex._instants import moment
from relex.errors import InvalidValue
from relex.figures import Figure, ratio

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import datetime

    from relex.pipeline._forecast import Forecast
    from relex.pipeline._forecast_slice import ForecastSlice

__all__ = ["Accuracy", "AccuracyLine", "accuracy_of"]

WEIGHTED = "weighted"
"""The line of what was expected by probability: what was won, and what was open times its probability."""


@attrs.frozen(kw_only=True)
class AccuracyLine:
    """One number of a forecast beside what was won.

    Attributes:
        group: Of the forecast; None with `is_whole` is all of it.
        is_whole: Whether it is of all groups together.
        column: A column, or `weighted`.
        expected: What the forecast said.
        won: What was won in the period in the end.
        error: (expected - won) / won: above 0 it said too much; None with `zero_denominator` where nothing was won.

    .. versionadded:: 0.1.0
    """

    group: Hashable
    is_whole: bool
    column: str
    expected: Figure
    won: Figure
    error: Figure

    def __str__(self) -> str:
        name = "all" if self.is_whole else str(self.group)
        error = self.error if self.error.value is None else self.error.as_percent()
        return f"{name}, {self.column}: {self.expected.show()} against {self.won.show()}, error {error.show(2)}"


@attrs.frozen(kw_only=True)
class Accuracy:
    """How near a forecast came.

    Attributes:
        asked: The instant of the forecast.
        judged: The instant at which it is judged.
        lines: Of the whole and of each group, one for each column and one for what is weighted.

    .. versionadded:: 0.1.0
    """

    asked: datetime
    judged: datetime
    lines: tuple[AccuracyLine, ...]

    def __str__(self) -> str:
        return "\n".join([str(line) for line in self.lines if line.is_whole])

    def _repr_html_(self) -> str:
        """One row for each line."""
        rows = [
            (
                "all" if line.is_whole else line.group,
                line.column.replace("_", " "),
                line.expected,
                line.won,
                line.error if line.error.value is None else line.error.as_percent(),
            )
            for line in self.lines
        ]
        title = f"Forecast of {self.asked:%Y-%m-%d} against what was won by {self.judged:%Y-%m-%d}"
        return table(title, ("group", "column", "expected", "won", "error"), rows)


def accuracy_of(view: Forecast, later: Forecast) -> Accuracy:
    """How near a forecast came to what a later one of the same question knows to be won.

    Raises:
        InvalidValue: For a second instant that lies before the first.
    """
    asked, judged = view.question.as_of, later.question.as_of
    if moment(judged) < moment(asked):
        raise InvalidValue("accuracy.judged", judged, f"an instant no earlier than {asked.isoformat()}")
    groups = sorted({*view.groups, *later.groups}, key=by_kind)
    lines = _lines(view, view.whole, later.whole, group=None, is_whole=True)
    for group in groups:
        lines += _lines(view, view.group(group), later.group(group), group=group, is_whole=False)
    return Accuracy(asked=asked, judged=judged, lines=tuple(lines))


def by_kind(value: Hashable) -> tuple[bool, str, object]:
    """Sorts values of one kind by themselves, and none at the end."""
    return value is None, type(value).__name__, value


def _lines(
    view: Forecast, said: ForecastSlice, found: ForecastSlice, *, group: Hashable, is_whole: bool
) -> list[AccuracyLine]:
    won = found.amount("closed")
    named = [(column, said.amount(column)) for column in view.columns if column != "omitted"]
    return [
        AccuracyLine(
            group=group, is_whole=is_whole, column=column, expected=expected, won=won, error=_error(expected, won)
        )
        for column, expected in (*named, (WEIGHTED, said.weighted()))
    ]


def _error(expected: Figure, won: Figure) -> Figure:
    for each in (expected, won):
        if each.value is None:
            return Figure(None, "share", method="forecast: error", as_of=won.as_of, reason=each.reason)
    return ratio(expected.value - won.value, won.value, method="forecast: error", as_of=won.as_of)  # type: ignore[operator,arg-type]  # money both
