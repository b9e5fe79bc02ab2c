"""What a series is: one reading for each point, with the marks that keep it honest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _html

if TYPE_CHECKING:
    from relex.calendars import Period
    from relex.feedback._metric import Metric, Reading

__all__ = ["Trend", "TrendPoint"]

_MOST_SHOWN = 120


@attrs.frozen(kw_only=True, weakref_slot=False)
class TrendPoint:
    """The reading of one period, wave or window.

    Attributes:
        period: The time, of dates or of instants as the series was asked for; None of a wave whose time nobody told.
        wave: Its name, in a series of waves.
        reading: The metric over the responses inside; without an answer its value is None.
        is_complete: False where the period ends after the instant up to which is known what happened.
        breaks: What is asked in another way than in the point before, or in two ways inside this one: `survey`,
            `version`, `program`, `wording`, `scale`.
        direction: `better`, `worse` or `same` than the last point that has a value, as the metric has it; None
            where there is none. Whether it is more than chance, `compare_readings` tells.

    .. versionadded:: 0.1.0
    """

    period: Period | None
    wave: str | None = None
    reading: Reading
    is_complete: bool = True
    breaks: tuple[str, ...] = ()
    direction: str | None = None

    @property
    def label(self) -> str:
        """The name of the wave, or the start of the period."""
        return self.wave or (str(self.period.start) if self.period else "")

    def __str__(self) -> str:
        is_broken = f" [break: {', '.join(self.breaks)}]" if self.breaks else ""
        return f"{self.label}: {self.reading}{is_broken}{'' if self.is_complete else ' [incomplete]'}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Trend:
    """A metric over time; made by `read_trend` and `read_rolling`.

    Attributes:
        metric: What is read.
        question: Over the answers to which question.
        program: Of which program; None where nothing says.
        points: One for each period, wave or window, in order, the empty ones too.
        outside: How many responses lie in none of them, or came after the instant up to which is known what happened.
        undated: How many have no instant, or no wave, to go by.
        other_program: How many belong to the other program, or to none that is known.

    .. versionadded:: 0.1.0
    """

    metric: Metric
    question: str
    program: str | None
    points: tuple[TrendPoint, ...]
    outside: int
    undated: int
    other_program: int

    @property
    def breaks(self) -> tuple[TrendPoint, ...]:
        """The points at which the series breaks."""
        return tuple([point for point in self.points if point.breaks])

    def __str__(self) -> str:
        return "\n".join([f"{self.metric} of {self.question}", *[f"  {point}" for point in self.points]])

    def _repr_html_(self) -> str:
        titles = ("from", self.metric.name, "n", "direction", "complete", "breaks")
        rows = [
            (point.label, point.reading.show(), point.reading.n, point.direction, *_marks(point))
            for point in self.points[-_MOST_SHOWN:]
        ]
        beside = {"outside": self.outside, "undated": self.undated, "of another program": self.other_program}
        told = ", ".join([f"{count} {name}" for name, count in beside.items() if count])
        of = f"{self.metric} of {self.question}"
        return _html.table(of, titles, rows) + (_html.note(f"Not in the series: {told}.") if told else "")


def _marks(point: TrendPoint) -> tuple[str, str]:
    return "yes" if point.is_complete else "no", ", ".join(point.breaks)
