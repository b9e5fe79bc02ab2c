"""Opening a deal and moving it between stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex._trusted import trusted
from relex.changes import Change
from relex.errors import InvalidValue, Rejected
from relex.pipeline._closing import close, require_reason
from relex.pipeline._events import OpportunityOpened, StageChanged
from relex.pipeline._passages import require_met

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline

    Words = tuple[str | None, str | None, str | None]

__all__ = ["move", "open_", "transfer"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_stage_changed = trusted(StageChanged)


def open_(
    id: str,
    pipeline: Pipeline,
    at: datetime,
    stage: str | None,
    known: Mapping[str, Any],
    words: Words,
    facts: Mapping[str, Any] | None,
) -> Change[Opportunity]:
    """A new deal."""
    from relex.pipeline._opportunity import Opportunity

    to = pipeline.open_stages[0] if stage is None else pipeline.places.get(stage)
    if to is None:
        raise Rejected("open", "unknown_stage", {"stage": stage, "allowed": tuple(pipeline.places)})
    event = OpportunityOpened(
        source=id,
        version=1,
        at=at,
        pipeline=pipeline.id,
        pipeline_version=pipeline.version,
        to=to.id,
        kind=to.kind,
        probability=to.probability,
        category=to.category,
        **known,
    )
    deal = Opportunity.evolve(None, event)
    if to.kind == "lost":
        require_reason("open", pipeline, words)
    require_met("open", deal, pipeline, None, to.id, at, facts)
    change = Change(deal, (event,))
    if to.kind == "open":
        return change
    return change.then(lambda state: close(state, state.version + 1, pipeline, to, at, words, from_=None))


def move(
    deal: Opportunity,
    stage: str,
    pipeline: Pipeline,
    at: datetime,
    words: Words,
    facts: Mapping[str, Any] | None,
) -> Change[Opportunity]:
    """To another stage."""
    version = deal._next("move_to", at)
    to = pipeline.places.get(stage)
    if pipeline.id != deal.pipeline:
        raise InvalidValue("move_to.pipeline", pipeline.id, f"the pipeline {deal.pipeline}, which the deal is in")
    if to is None or deal.stage not in pipeline.places:
        raise Rejected("move_to", "unknown_stage", {"stage": stage, "allowed": tuple(pipeline.places)})
    if stage == deal.stage:
        return Change(deal, ())
    if deal.kind != "open" and to.kind != deal.kind:
        raise Rejected("move_to", "closed", {"stage": stage, "closed_at": deal.closed_at})
    if to.kind != deal.kind and to.kind == "lost":
        require_reason("move_to", pipeline, words)
    require_met("move_to", deal, pipeline, deal.stage, stage, at, facts)
    if to.kind != deal.kind:
        return close(deal, version, pipeline, to, at, words, from_=deal.stage)
    reason, note, _ = words
    if reason is not None or note is not None:
        _TEXT_OR_NONE.require("move_to.reason", reason)
        _TEXT_OR_NONE.require("move_to.note", note)
    event = _stage_changed(
        deal.id, version, at, pipeline.id, pipeline.version, deal.stage, stage, to.kind, to.probability, to.category,
        reason, note,
    )  # fmt: skip
    return Change(deal._after(event), (event,))


def transfer(
    deal: Opportunity, stage: str, pipeline: Pipeline, at: datetime, reason: str | None
) -> Change[Opportunity]:
    """To a stage of another pipeline, or of another version."""
    version = deal._next("transfer", at)
    to = pipeline.places.get(stage)
    if to is None:
        raise Rejected("transfer", "unknown_stage", {"stage": stage, "allowed": tuple(pipeline.places)})
    if to.kind != deal.kind:
        allowed = tuple([each.id for each in pipeline.stages if each.kind == deal.kind])
        raise Rejected("transfer", "move_not_allowed", {"stage": stage, "allowed": allowed})
    if (pipeline.id, stage) == (deal.pipeline, deal.stage):
        return Change(deal, ())
    _TEXT_OR_NONE.require("transfer.reason", reason)
    event = _stage_changed(
        deal.id, version, at, pipeline.id, pipeline.version, deal.stage, stage, to.kind, to.probability, to.category,
        reason, None,
    )  # fmt: skip
    return Change(deal._after(event), (event,))
