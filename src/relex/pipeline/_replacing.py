"""Bringing deals over from one definition of a pipeline to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from relex import _checks
from relex.errors import InvalidValue, Rejected
from relex.pipeline._events import StageEntry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.changes import Change
    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline

__all__ = ["DEAL", "goals_of", "is_under", "replaced", "stranded"]

DEAL = _checks.Check("an Opportunity", lambda value: hasattr(value, "last_open_stage"))
_MAPPING = _checks.optional(_checks.Check("a mapping from stages to stages", lambda value: isinstance(value, Mapping)))


def goals_of(old: Pipeline, new: Pipeline, mapping: Mapping[str, str] | None) -> dict[str, str]:
    """The stage of the new one by stage of the old one, where there is one."""
    kinds = {stage.id: stage.kind for stage in new.stages}
    goals = {stage.id: stage.id for stage in old.stages if kinds.get(stage.id) == stage.kind}
    _MAPPING.require("mapping", mapping)
    for from_, to in (mapping or {}).items():
        if from_ not in old.places or old.places[from_].kind != kinds.get(to):
            expected = "a stage of the old pipeline, and one of the same kind of the new one"
            raise InvalidValue("mapping", (from_, to), expected)
        goals[from_] = to
    return goals


def stranded(old: Pipeline, deals: Iterable[Opportunity], goals: Mapping[str, str]) -> tuple[Opportunity, ...]:
    """The open deals of the old one that have nowhere to go."""
    return tuple([deal for deal in deals if _is_of(old, deal) and deal.kind == "open" and deal.stage not in goals])


def replaced(
    old: Pipeline, new: Pipeline, deals: tuple[Opportunity, ...], goals: Mapping[str, str], at: datetime
) -> tuple[Change[Opportunity], ...]:
    """The changes of those that go anywhere."""
    for place, deal in enumerate(deals):
        DEAL.require(f"replace.opportunities[{place}]", deal)
    left = stranded(old, deals, goals)
    if left:
        stages, ids = tuple(sorted({deal.stage for deal in left})), tuple([deal.id for deal in left])
        raise Rejected(
            "replace", "stage_in_use", {"stages": stages, "opportunities": ids, "allowed": tuple(new.places)}
        )
    known = [(deal, goals[deal.stage]) for deal in deals if _is_of(old, deal) and deal.stage in goals]
    going = [
        (deal, to) for deal, to in known if (new.id, to) != (deal.pipeline, deal.stage) and not is_under(deal, new)
    ]
    return tuple([deal.transfer(to, new, at=at) for deal, to in going])


def is_under(deal: Opportunity, pipeline: Pipeline) -> bool:
    """Whether a deal came into its stage by this definition, which has the stage."""
    if deal.pipeline != pipeline.id or deal.stage not in pipeline.places:
        return False
    entry = next(event for event in reversed(deal.events) if isinstance(event, StageEntry))
    return entry.pipeline_version == pipeline.version


def _is_of(pipeline: Pipeline, deal: Opportunity) -> bool:
    return deal.pipeline == pipeline.id and deal.merged_into is None
