"""How long a deal was in each stage, and how far it came."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment, moment_or_none
from relex.calendars import BusinessCalendar
from relex.pipeline._events import StageEntry
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._reading import seen_deal

if TYPE_CHECKING:
    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._stages import Stage

__all__ = [
    "StageTimes",
    "Stay",
    "entered_in",
    "entries_of",
    "furthest",
    "reached",
    "spent",
    "time_in_stage",
]

_CALENDAR = _checks.optional(_checks.a(BusinessCalendar))
_PIPELINE = _checks.a(Pipeline)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Stay:
    """One stay of a deal in a stage.

    Attributes:
        stage: Id of the stage.
        kind: What the stage was: `open`, `won` or `lost`.
        entered_at: When the deal came.
        left_at: When it went; None while it is there.
        time: How much of its life the deal spent here; business time where a calendar was given. Once it is closed
            no more is added.

    .. versionadded:: 0.1.0
    """

    stage: str
    kind: str
    entered_at: datetime = attrs.field(eq=moment)
    left_at: datetime | None = attrs.field(eq=moment_or_none)
    time: timedelta


@attrs.frozen(kw_only=True, weakref_slot=False)
class StageTimes:
    """How long a deal was in each stage; made by `time_in_stage`.

    Attributes:
        opportunity: Id of the deal.
        stays: One after the other, without a gap.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    opportunity: str
    stays: tuple[Stay, ...]
    as_of: datetime

    @property
    def times(self) -> tuple[tuple[str, timedelta], ...]:
        """The time in each stage, all its stays added up, in the order in which the stages were first entered."""
        found: dict[str, timedelta] = {}
        for stay in self.stays:
            found[stay.stage] = found.get(stay.stage, timedelta(0)) + stay.time
        return tuple(found.items())

    def of(self, stage: str) -> timedelta:
        """The time in one stage; zero where the deal never was.

        .. versionadded:: 0.1.0
        """
        return dict(self.times).get(stage, timedelta(0))

    @property
    def total(self) -> timedelta:
        """All of it: the age of the deal, or its length once it is closed."""
        return sum((stay.time for stay in self.stays), timedelta(0))

    def __str__(self) -> str:
        return f"{self.opportunity}: " + ", ".join(f"{stage} {time}" for stage, time in self.times)

    def _repr_html_(self) -> str:
        rows = [(stay.stage, _minute(stay.entered_at), _minute(stay.left_at), stay.time) for stay in self.stays]
        caption = f"{self.opportunity}, {self.total} in all, as of {self.as_of:%Y-%m-%d %H:%M}"
        return table(caption, ("stage", "entered", "left", "time"), rows)


def time_in_stage(opportunity: Opportunity, *, as_of: datetime, calendar: BusinessCalendar | None = None) -> StageTimes:
    """How long a deal was in each stage: the present open one until `as_of`, a closed deal until it was closed.

    The times add up to the age of the deal, exactly. The time between a closing and a reopening was spent in the
    closing stage.

    Args:
        opportunity: The deal; what happened to it after `as_of` is not seen.
        as_of: The instant; aware.
        calendar: Whose business time counts; None counts all time.

    Raises:
        InvalidValue: For a naive datetime, an instant before the deal was opened, or an argument of a wrong type.

    Example:
        >>> from datetime import UTC
        >>> from relex.pipeline import Opportunity
        >>> sales, march = Pipeline.preset("four_steps", "sales"), datetime(2026, 3, 1, tzinfo=UTC)
        >>> deal, _ = Opportunity.open("d1", sales, at=march)
        >>> deal, _ = deal.move_to("proposal", sales, at=march.replace(day=4))
        >>> print(time_in_stage(deal, as_of=march.replace(day=9)))
        d1: prospecting 3 days, 0:00:00, proposal 5 days, 0:00:00

    .. versionadded:: 0.1.0
    """
    _CALENDAR.require("time_in_stage.calendar", calendar)
    deal = seen_deal("time_in_stage", opportunity, as_of)
    return StageTimes(opportunity=deal.id, stays=_stays(deal, as_of, calendar), as_of=as_of)


def furthest(opportunity: Opportunity, pipeline: Pipeline, *, as_of: datetime) -> Stage | None:
    """The open stage of the highest order that a deal ever entered; None if it never was in an open one.

    Args:
        opportunity: The deal; what happened to it after `as_of` is not seen.
        pipeline: Whose order counts; stages that it does not have any more have none.
        as_of: The instant; aware.

    Raises:
        InvalidValue: For a naive datetime, an instant before the deal was opened, or an argument of a wrong type.

    Example:
        >>> from datetime import UTC
        >>> from relex.pipeline import Opportunity
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> deal, _ = Opportunity.open("d1", sales, at=may, stage="proposal")
        >>> deal, _ = deal.move_to("prospecting", sales, at=may)
        >>> print(furthest(deal, sales, as_of=may))
        Proposal
        >>> reached(deal, "qualification", sales, as_of=may), reached(deal, "negotiation", sales, as_of=may)
        (True, False)

    .. versionadded:: 0.1.0
    """
    _PIPELINE.require("furthest.pipeline", pipeline)
    entered = entered_in(seen_deal("furthest", opportunity, as_of), pipeline)
    return next((stage for stage in reversed(pipeline.open_stages) if stage.id in entered), None)


def reached(opportunity: Opportunity, stage: str, pipeline: Pipeline, *, as_of: datetime) -> bool:
    """Whether a deal entered a stage, or an open one of a higher order, or is won; a lost deal keeps what it reached.

    Args:
        opportunity: The deal; what happened to it after `as_of` is not seen.
        stage: Id of an open stage of the pipeline.
        pipeline: Whose order counts.
        as_of: The instant; aware.

    Raises:
        InvalidValue: For a naive datetime, an instant before the deal was opened, or an argument of a wrong type.
        NotFound: For a stage that the pipeline does not have.

    .. versionadded:: 0.1.0
    """
    _PIPELINE.require("reached.pipeline", pipeline)
    target = pipeline.stage(stage)
    deal = seen_deal("reached", opportunity, as_of)
    if deal.kind == "won" or stage in entered_in(deal, pipeline):
        return True
    top = furthest(deal, pipeline, as_of=as_of)
    return target.kind == "open" and top is not None and top.order >= target.order


def entered_in(deal: Opportunity, pipeline: Pipeline) -> set[str]:
    """Ids of the stages of a pipeline that a deal entered, which may have come from another one."""
    here = pipeline.id
    return {event.to for event in deal.events if isinstance(event, StageEntry) and event.pipeline == here}


def entries_of(deal: Opportunity) -> list[StageEntry]:
    """The events that brought a deal into a stage, oldest first."""
    return [event for event in deal.events if isinstance(event, StageEntry)]


def spent(
    deal: Opportunity, as_of: datetime, calendar: BusinessCalendar | None = None
) -> list[tuple[StageEntry, timedelta]]:
    """Each entry of a deal as it is, with the time that the deal spent there; none after it was closed."""
    entries = entries_of(deal)
    end = as_of if deal.closed_at is None else deal.closed_at
    if calendar is None:
        last = moment(end)
        bounds = [min(moment(event.at), last) for event in entries]
        times = [after - before for before, after in pairwise([*bounds, last])]
    else:
        edges = [min(event.at, end, key=moment) for event in entries]
        times = [calendar.elapsed(before, after) for before, after in pairwise([*edges, end])]
    return list(zip(entries, times, strict=True))


def _stays(deal: Opportunity, as_of: datetime, calendar: BusinessCalendar | None = None) -> tuple[Stay, ...]:
    """The stays of a deal as it is."""
    found = spent(deal, as_of, calendar)
    left = [*(event.at for event, _ in found[1:]), None]
    return tuple(
        [
            Stay(stage=event.to, kind=event.kind, entered_at=event.at, left_at=until, time=time)
            for (event, time), until in zip(found, left, strict=True)
        ]
    )


def _minute(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M}"
