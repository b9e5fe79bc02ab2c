"""How long deals stay in each stage."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex.calendars import BusinessCalendar
from relex.errors import NotFound
from relex.pipeline._durations import Durations
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._reading import deals_of
from relex.pipeline._stays import spent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.figures import Figure
    from relex.pipeline._opportunity import Opportunity

__all__ = ["StageDurations", "StageLength", "stage_durations"]

_PIPELINE = _checks.a(Pipeline)
_CALENDAR = _checks.optional(_checks.a(BusinessCalendar))
_NO_TIME = timedelta(0)
_NINE_OF_TEN = Fraction(9, 10)
_PRESENT = _checks.one_of("exclude", "include")


@attrs.frozen(kw_only=True, weakref_slot=False)
class StageLength(Durations):
    """How long deals stayed in one stage, each deal with all its stays together.

    Attributes:
        times: Of each deal, in ascending order.
        method: What was measured.
        parameters: How.
        reason: Why there is no mean where there are none.
        as_of: The instant of the question.
        stage: Id of the stage.
        name: What the stage is called.
        present: How many deals are there now.

    .. versionadded:: 0.1.0
    """

    stage: str
    name: str
    present: int

    def parts(self) -> dict[str, int]:
        """What the figures rest on: how many deals are `counted`, and how many are `present` now."""
        return Durations.parts(self) | {"present": self.present}


@attrs.frozen(kw_only=True, weakref_slot=False)
class StageDurations:
    """How long deals stay in the open stages of a pipeline; made by `stage_durations`.

    Attributes:
        pipeline: Id of the pipeline.
        stages: The open stages, by order.
        elsewhere: How many deals are in other pipelines, and not counted.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    pipeline: str
    stages: tuple[StageLength, ...]
    elsewhere: int
    as_of: datetime

    def stage(self, stage: str) -> StageLength:
        """One stage.

        Raises:
            NotFound: When there is none.

        .. versionadded:: 0.1.0
        """
        for each in self.stages:
            if each.stage == stage:
                return each
        raise NotFound("StageLength", stage)

    def __str__(self) -> str:
        return "\n".join(map(str, self.stages))

    def _repr_html_(self) -> str:
        rows = [
            (each.name, len(each.times), each.present, *(figure.show(1) for figure in _shown(each)))
            for each in self.stages
        ]
        caption = f"{self.pipeline}: days in each stage, as of {self.as_of:%Y-%m-%d}"
        return table(caption, ("stage", "deals", "there now", "mean", "median", "9 of 10 within"), rows)


def stage_durations(
    deals: Iterable[Opportunity],
    pipeline: Pipeline,
    *,
    as_of: datetime,
    calendar: BusinessCalendar | None = None,
    present: str = "exclude",
) -> StageDurations:
    """How long deals stay in each open stage: mean, median and quantiles over the deals.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen. Those of other pipelines are not counted.
        pipeline: Whose stages, in its order.
        as_of: The instant; aware.
        calendar: Whose business time counts, 24 hours of it as a day; None counts all time.
        present: Deals that are in the stage at `as_of`, and whose time is not over: `exclude` or `include`.

    Raises:
        InvalidValue: For a naive datetime, an unknown policy, or an argument of a wrong type.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> one, _ = Opportunity.open("d1", sales, at=may)
        >>> two, _ = Opportunity.open("d2", sales, at=may)
        >>> two, _ = two.move_to("qualification", sales, at=may + timedelta(days=3))
        >>> found = stage_durations([one, two], sales, as_of=may + timedelta(days=5))
        >>> print(found.stage("prospecting"), "-", found.stage("prospecting").present, "there now")
        time in Prospecting: mean 3.0 days, median 3.0, of 1 - 1 there now

    .. versionadded:: 0.1.0
    """
    _PIPELINE.require("stage_durations.pipeline", pipeline)
    _CALENDAR.require("stage_durations.calendar", calendar)
    _PRESENT.require("stage_durations.present", present)
    known = deals_of("stage_durations", deals, as_of)
    own = [deal for deal in known if deal.pipeline == pipeline.id]
    there = Counter([deal.stage for deal in own if deal.kind == "open"])
    lengths = _lengths(own, as_of, calendar, keep_present=present == "include")
    parameters = (("business_time", calendar is not None), ("present", present))
    return StageDurations(
        pipeline=pipeline.id,
        stages=tuple(
            [
                StageLength(
                    times=tuple(sorted(lengths[stage.id])),
                    method=f"time in {stage}",
                    parameters=parameters,
                    reason="no_deals",
                    as_of=as_of,
                    stage=stage.id,
                    name=str(stage),
                    present=there[stage.id],
                )
                for stage in pipeline.open_stages
            ]
        ),
        elsewhere=len(known) - len(own),
        as_of=as_of,
    )


def _lengths(
    deals: list[Opportunity], as_of: datetime, calendar: BusinessCalendar | None, *, keep_present: bool
) -> defaultdict[str, list[timedelta]]:
    """By stage, how long each deal was in it altogether."""
    found: defaultdict[str, list[timedelta]] = defaultdict(list)
    for deal in deals:
        times: dict[str, timedelta] = {}
        for event, time in spent(deal, as_of, calendar):
            if event.pipeline == deal.pipeline:
                times[event.to] = times.get(event.to, _NO_TIME) + time
        if deal.kind == "open" and not keep_present:
            del times[deal.stage]
        for stage, time in times.items():
            found[stage].append(time)
    return found


def _shown(length: StageLength) -> tuple[Figure, Figure, Figure]:
    return length.mean, length.median, length.quantile(_NINE_OF_TEN)
