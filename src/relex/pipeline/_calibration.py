"""Probabilities of stages from what happened, and the probability that an open deal shows."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex.errors import InvalidValue, NotFound
from relex.figures import Figure, ratio
from relex.pipeline._opportunity import Opportunity
from relex.pipeline._outcome_table import OutcomeTable
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._reading import told, within
from relex.pipeline._stays import entered_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.calendars import Period

__all__ = ["Calibration", "calibrate", "shown_probability"]

_PIPELINE = _checks.a(Pipeline)
_DEAL = _checks.a(Opportunity)
_TABLE = _checks.a(OutcomeTable)
_MINIMUM = _checks.whole(least=1)


@attrs.frozen(kw_only=True)
class Calibration:
    """What share of the closed deals that had reached each open stage was won.

    Attributes:
        pipeline: Id of the pipeline.
        stages: (stage, figure in percent) pairs by order. The figure's terms are how many were won and how many were
            closed; with too few closed ones its value is None with the reason `too_few`.

    .. versionadded:: 0.1.0
    """

    pipeline: str
    stages: tuple[tuple[str, Figure], ...]

    def of(self, stage: str) -> Figure:
        """The figure of an open stage.

        Raises:
            NotFound: For a stage that is none of the open ones.

        .. versionadded:: 0.1.0
        """
        for found, figure in self.stages:
            if found == stage:
                return figure
        raise NotFound("Stage", stage)

    def __str__(self) -> str:
        return "\n".join([f"{stage}: {figure}" for stage, figure in self.stages])

    def _repr_html_(self) -> str:
        """The stages as a table: no script, everything escaped."""
        return table(self.pipeline, ("stage", "won"), [(stage, str(figure)) for stage, figure in self.stages])


def calibrate(
    opportunities: Iterable[Opportunity],
    pipeline: Pipeline,
    *,
    closed_in: Period,
    minimum: int = 30,
    tz: tzinfo = UTC,
) -> Calibration:
    """How likely deals were to be won once they had reached a stage.

    A deal has reached a stage when it entered it or an open one of a higher order, or was won; a lost deal keeps what
    it had reached.

    Args:
        opportunities: Deals of the pipeline; those that were not closed in the period are not counted.
        pipeline: Whose order counts.
        closed_in: Dates or instants.
        minimum: With fewer closed deals than this, a stage has no value.
        tz: On whose clock the dates of the period begin.

    Raises:
        InvalidValue: For a deal of another pipeline, one that is there twice, a minimum below 1, or an argument of a
            wrong type.

    Example:
        >>> from datetime import date, datetime, timezone
        >>> from relex.calendars import Period
        >>> from relex.pipeline import Stage
        >>> stages = [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
        >>> sales = Pipeline("sales", stages)
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> deals = [Opportunity.open(f"d{number}", sales, at=day).state for number in range(3)]
        >>> closed = [deals[0].win(sales, at=day).state, deals[1].lose(sales, reason="price", at=day).state, deals[2]]
        >>> print(calibrate(closed, sales, closed_in=Period(date(2026, 5, 1), date(2026, 6, 1)), minimum=2))
        new: 50.00 percent (1 of 2)

    .. versionadded:: 0.1.0
    """
    _PIPELINE.require("calibrate.pipeline", pipeline)
    _MINIMUM.require("calibrate.minimum", minimum)
    is_inside = within("calibrate", closed_in, tz)
    stages = [stage.id for stage in pipeline.open_stages]
    places = {stage: place for place, stage in enumerate(stages, 1)}
    won, closed = [0] * len(stages), [0] * len(stages)
    for deal in _each_once(opportunities, pipeline):
        if deal.merged_into is not None or deal.closed_at is None or not is_inside(deal.closed_at):
            continue
        for place in range(_reached(deal, pipeline, places)):
            closed[place] += 1
            won[place] += deal.kind == "won"
    parameters = {"closed_in": told(closed_in), "minimum": minimum, "tz": str(tz)}
    figures = [_figure(*counts, minimum, parameters) for counts in zip(won, closed, strict=True)]
    named = zip(stages, figures, strict=True)
    return Calibration(pipeline=pipeline.id, stages=tuple(named))


def shown_probability(
    opportunity: Opportunity,
    pipeline: Pipeline,
    table: OutcomeTable,
    *,
    values: Mapping[str, Any] | None = None,
    group: str | None = None,
    minimum_outcomes: int = 1,
    minimum_won: int = 0,
) -> Figure:
    """The probability to show for a deal: the predicted one where the pipeline says so, never over a person's word.

    Args:
        opportunity: The deal.
        pipeline: Its definition; with `probability="predicted"`, an open deal that nobody has overridden follows the
            table, and the stage where the table has no value.
        table: Of the outcomes of the pipeline.
        values: As of `OutcomeTable.score`.
        group: As of `OutcomeTable.score`.
        minimum_outcomes: As of `OutcomeTable.score`.
        minimum_won: As of `OutcomeTable.score`.

    Returns:
        A figure in percent whose method is what was followed (`closed`, `override`, `predicted` or `stage`) and whose
        parameter `prediction` says why there is no predicted one.

    Raises:
        InvalidValue: For a deal of another pipeline, an argument of a wrong type, or as of `OutcomeTable.score`.
        NotFound: For a stage that is not in the pipeline.

    .. versionadded:: 0.1.0
    """
    _PIPELINE.require("shown_probability.pipeline", pipeline)
    _DEAL.require("shown_probability.opportunity", opportunity)
    _TABLE.require("shown_probability.table", table)
    _require_deal("shown_probability.opportunity", opportunity, pipeline)
    found = opportunity.probability(pipeline)
    if opportunity.kind != "open":
        return Figure(found, "percent", method="closed")
    if opportunity.probability_override is not None:
        return Figure(found, "percent", method="override")
    if pipeline.probability != "predicted":
        return Figure(found, "percent", method="stage")
    prediction = table.score(
        opportunity, values, group=group, minimum_outcomes=minimum_outcomes, minimum_won=minimum_won
    )
    if prediction.value is None:
        return Figure(found, "percent", method="stage", parameters={"prediction": prediction.reason})
    return attrs.evolve(prediction.figure, method="predicted")


def _each_once(deals: Iterable[Opportunity], pipeline: Pipeline) -> tuple[Opportunity, ...]:
    path = "calibrate.opportunities"
    found: tuple[Opportunity, ...] = _checks.items(path, deals)
    for place, deal in enumerate(found):
        _require_deal(f"{path}[{place}]", deal, pipeline)
    _checks.unique("id").require(path, found)
    return found


def _require_deal(path: str, deal: Any, pipeline: Pipeline) -> None:
    if not isinstance(deal, Opportunity) or deal.pipeline != pipeline.id:
        raise InvalidValue(path, deal, f"an Opportunity of the pipeline {pipeline.id}")


def _reached(deal: Opportunity, pipeline: Pipeline, places: Mapping[str, int]) -> int:
    """How many open stages, from the first on, a deal had reached."""
    if deal.kind == "won":
        return len(places)
    return max([places.get(stage, 0) for stage in entered_in(deal, pipeline)], default=0)


def _figure(won: int, closed: int, minimum: int, parameters: Mapping[str, Any]) -> Figure:
    share = ratio(won, closed, method="won of those that had reached the stage", parameters=parameters).as_percent()
    return share if closed >= minimum else attrs.evolve(share, value=None, reason="too_few")
