"""Where a deal stands in a forecast at an instant: on which day it counts, in which category, how probable it is."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex._instants import in_utc
from relex.calendars import local_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime, tzinfo
    from decimal import Decimal

    from relex.pipeline._forecast_question import ForecastQuestion
    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline

__all__ = ["OUT", "Noted", "Places", "Standing", "guesser", "reader"]

OUT = -1
"""The place of a day outside the period."""

Standing: TypeAlias = "tuple[Opportunity, date, str, int | Decimal]"
"""A deal at an instant: its state, the day on which it counts, its category, its probability."""


@attrs.define
class Noted:
    """What is worth telling about deals that cannot be read as they should: ids."""

    elsewhere: list[str] = attrs.field(factory=list)
    without_date: list[str] = attrs.field(factory=list)
    unknown_stage: list[str] = attrs.field(factory=list)


def reader(
    question: ForecastQuestion,
    pipelines: Iterable[Pipeline],
    predicted: Mapping[str, int | Decimal],
    noted: Noted,
) -> Callable[[Opportunity], Standing | None]:
    """A function that tells where a deal stands; None where it does not count at all.

    It is called once for each deal of a forecast, which may be millions: hence the local names, and no calls where the
    deal has not changed since the instant and is open.
    """
    at, tz = in_utc("forecast.as_of", question.as_of), question.tz
    today = local_date(question.as_of, tz)
    moves = question.overdue == "current"
    tables = {each.id: _terms(each, question) for each in pipelines}
    guessed = _guessing(pipelines, predicted)

    def stand(deal: Opportunity) -> Standing | None:
        state = deal if deal.changed_at <= at else deal.as_of(at)
        if state is None or state.merged_into is not None:
            return None
        table = tables.get(state.pipeline)
        if table is None:
            noted.elsewhere.append(state.id)
            return None
        if state.closed_at is not None:
            category, probability = _OVER[state.kind]
            return state, _closing_day(state.closed_at, tz), category, probability
        day = state.expected_close
        if day is None:
            noted.without_date.append(state.id)
            return None
        if moves and day < today:
            day = today
        category, probability = table.get(state.stage) or _as_told(state, table, noted)
        if state.pipeline in guessed:
            probability = predicted.get(state.id, probability)
        if state.probability_override is not None:
            probability = state.probability_override
        return state, day, state.category_override or category, probability

    return stand


def guesser(
    pipelines: Iterable[Pipeline], predicted: Mapping[str, int | Decimal]
) -> Callable[[Opportunity], int | Decimal | None]:
    """A function that tells the predicted probability of a deal; None where it does not count."""
    guessed = _guessing(pipelines, predicted)

    def guess(state: Opportunity) -> int | Decimal | None:
        is_guessed = state.pipeline in guessed and state.kind == "open" and state.probability_override is None
        return predicted.get(state.id) if is_guessed else None

    return guess


def _guessing(pipelines: Iterable[Pipeline], predicted: Mapping[str, int | Decimal]) -> set[str]:
    """Ids of the pipelines whose deals follow what is predicted."""
    return {each.id for each in pipelines if predicted and each.probability == "predicted"}


_OVER: dict[str, tuple[str, int | Decimal]] = {"won": ("closed", 100), "lost": ("omitted", 0)}


def _terms(pipeline: Pipeline, question: ForecastQuestion) -> dict[str, tuple[str, int | Decimal]]:
    """What the pipeline says now of its open stages; nothing where each deal keeps what it was told."""
    if question.probabilities == "at_entry":
        return {}
    return {stage.id: (str(stage.category), stage.probability or 0) for stage in pipeline.open_stages}


def _as_told(state: Opportunity, table: object, noted: Noted) -> tuple[str, int | Decimal]:
    """What the stage said when the deal came in."""
    if table:
        noted.unknown_stage.append(state.id)
    return state.stage_category, state.stage_probability


def _closing_day(at: datetime, tz: tzinfo) -> date:
    return at.date() if at.tzinfo is UTC and tz is UTC else local_date(at, tz)


class Places(dict["date", int]):
    """In which piece of the period a day lies, by the day; `OUT` in none."""

    def __init__(self, question: ForecastQuestion) -> None:
        super().__init__()
        self._starts = [piece.start for piece in question.pieces]
        self._end = question.period.end

    def __missing__(self, day: date) -> int:
        """Look the day up, once."""
        self[day] = found = bisect_right(self._starts, day) - 1 if day < self._end else OUT  # type: ignore[operator]  # dates
        return found
