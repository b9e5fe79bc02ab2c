"""How many deals came how far."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import Bar, note, table
from relex.errors import NotFound
from relex.figures import Figure, Parameter, ratio
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._reading import deals_of, how, within
from relex.pipeline._stays import entered_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.calendars import Period
    from relex.pipeline._opportunity import Opportunity

__all__ = ["Funnel", "FunnelStep", "funnel"]

_BY = _checks.one_of("reached", "entered")
_PIPELINE = _checks.a(Pipeline)
_NOWHERE = -1


@attrs.frozen(kw_only=True, weakref_slot=False)
class FunnelStep:
    """One step of a funnel.

    Attributes:
        stage: Id of the open stage; `won` is the last step.
        name: What the stage is called.
        count: How many deals came here.
        step: The share of those of the step before; None for the first.
        overall: The share of those of the first step.

    .. versionadded:: 0.1.0
    """

    stage: str
    name: str
    count: int
    step: Figure | None
    overall: Figure


@attrs.frozen(kw_only=True, weakref_slot=False)
class Funnel:
    """How many deals came how far; made by `funnel`.

    Attributes:
        pipeline: Id of the pipeline.
        by: `reached` or `entered`.
        steps: The open stages by order, and last the deals that are won.
        deals: How many deals were looked at.
        elsewhere: How many more are in other pipelines, and not counted.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    pipeline: str
    by: str
    steps: tuple[FunnelStep, ...]
    deals: int
    elsewhere: int
    as_of: datetime

    @property
    def counts(self) -> tuple[int, ...]:
        """How many deals came to each step."""
        return tuple([step.count for step in self.steps])

    def step(self, stage: str) -> FunnelStep:
        """The step of a stage; `won` is the last one.

        Raises:
            NotFound: When there is none.

        .. versionadded:: 0.1.0
        """
        for step in self.steps:
            if step.stage == stage:
                return step
        raise NotFound("FunnelStep", stage)

    def __str__(self) -> str:
        return f"{self.pipeline}, {self.by}: " + " > ".join(f"{step.name} {step.count}" for step in self.steps)

    def _repr_html_(self) -> str:
        widest = max(self.counts) or 1
        rows = [
            (step.name, Bar(Fraction(step.count, widest)), step.count, _percent(step.step), _percent(step.overall))
            for step in self.steps
        ]
        caption = f"{self.pipeline}: {self.deals} deals by the stages that they {self.by}, as of {self.as_of:%Y-%m-%d}"
        beside = f"{self.elsewhere} deals of other pipelines are not counted" if self.elsewhere else ""
        return table(caption, ("stage", "", "deals", "of the step before", "of the first"), rows) + note(beside)


def funnel(
    deals: Iterable[Opportunity],
    pipeline: Pipeline,
    *,
    as_of: datetime,
    by: str = "reached",
    period: Period | None = None,
    tz: tzinfo = UTC,
) -> Funnel:
    """How many deals came to each stage, and how many are won.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen. Those of other pipelines are not counted.
        pipeline: Whose stages, in its order; a stage that it does not have any more is no step.
        as_of: The instant; aware.
        by: `reached`: the deals that entered the stage or an open one of a higher order, or are won; the counts never
            rise. `entered`: those that were in the stage itself.
        period: When the deals were opened: dates or instants; None is all of time.
        tz: On whose clock the dates of the period begin.

    Raises:
        InvalidValue: For a naive datetime, an unknown policy, or an argument of a wrong type.

    Example:
        >>> from datetime import timedelta
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> one, _ = Opportunity.open("d1", sales, at=may)
        >>> two, _ = Opportunity.open("d2", sales, at=may)
        >>> two, _ = two.move_to("proposal", sales, at=may + timedelta(days=3))
        >>> print(funnel([one, two], sales, as_of=may + timedelta(days=5)))
        sales, reached: Prospecting 2 > Qualification 1 > Proposal 1 > Negotiation 0 > won 0

    .. versionadded:: 0.1.0
    """
    _BY.require("funnel.by", by)
    _PIPELINE.require("funnel.pipeline", pipeline)
    is_inside = within("funnel", period, tz)
    known = [deal for deal in deals_of("funnel", deals, as_of) if is_inside(deal.opened_at)]
    own = [deal for deal in known if deal.pipeline == pipeline.id]
    counts = _reached(own, pipeline) if by == "reached" else _entered(own, pipeline)
    return Funnel(
        pipeline=pipeline.id,
        by=by,
        steps=_steps(pipeline, counts, f"funnel by stages {by}", how(period, tz), as_of),
        deals=len(own),
        elsewhere=len(known) - len(own),
        as_of=as_of,
    )


def _reached(deals: list[Opportunity], pipeline: Pipeline) -> list[int]:
    """Of each open stage, and of winning: how many deals came at least so far."""
    places = {stage.id: place for place, stage in enumerate(pipeline.open_stages)}
    farthest = [0] * (len(places) + 1)
    for deal in deals:
        if deal.kind == "won":
            farthest[-1] += 1
        else:
            place = max([places.get(stage, _NOWHERE) for stage in entered_in(deal, pipeline)], default=_NOWHERE)
            if place != _NOWHERE:
                farthest[place] += 1
    return list(accumulate(reversed(farthest)))[::-1]


def _entered(deals: list[Opportunity], pipeline: Pipeline) -> list[int]:
    counts = dict.fromkeys((stage.id for stage in pipeline.open_stages), 0)
    for deal in deals:
        for stage in entered_in(deal, pipeline) & counts.keys():
            counts[stage] += 1
    return [*counts.values(), sum(deal.kind == "won" for deal in deals)]


def _steps(
    pipeline: Pipeline, counts: list[int], method: str, parameters: dict[str, Parameter], as_of: datetime
) -> tuple[FunnelStep, ...]:
    def share(count: int, whole: int) -> Figure:
        return ratio(count, whole, method=method, parameters=parameters, as_of=as_of)

    names = [*((stage.id, str(stage)) for stage in pipeline.open_stages), ("won", "won")]
    before = [None, *counts]
    return tuple(
        [
            FunnelStep(
                stage=stage,
                name=name,
                count=count,
                step=None if last is None else share(count, last),
                overall=share(count, counts[0]),
            )
            for (stage, name), count, last in zip(names, counts, before, strict=False)
        ]
    )


def _percent(share: Figure | None) -> str | None:
    return None if share is None else f"{share.as_percent().show(1)} %" if share.reason is None else None
