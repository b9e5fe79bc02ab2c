"""Winning, losing, and going on with what was over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from relex._instants import moment
from relex.changes import Change
from relex.errors import InvalidValue, Rejected
from relex.pipeline._events import OpportunityLost, OpportunityReopened, OpportunityWon
from relex.pipeline._passages import require_met

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline
    from relex.pipeline._stages import Stage

__all__ = ["close", "lose", "reopen", "require_reason", "win"]


def win(
    deal: Opportunity,
    pipeline: Pipeline,
    at: datetime,
    stage: str | None,
    words: tuple[str | None, str | None],
    facts: Mapping[str, Any] | None,
) -> Change[Opportunity]:
    """Win the deal."""
    version = deal._next_open("win", at)
    to = _closing("win", deal, pipeline, "won", stage)
    require_met("win", deal, pipeline, deal.stage, to.id, at, facts)
    return close(deal, version, pipeline, to, at, (*words, None), from_=deal.stage)


def lose(
    deal: Opportunity,
    pipeline: Pipeline,
    at: datetime,
    stage: str | None,
    words: tuple[str | None, str | None, str | None],
) -> Change[Opportunity]:
    """Lose the deal."""
    version = deal._next_open("lose", at)
    to = _closing("lose", deal, pipeline, "lost", stage)
    require_reason("lose", pipeline, words)
    require_met("lose", deal, pipeline, deal.stage, to.id, at, None)
    return close(deal, version, pipeline, to, at, words, from_=deal.stage)


def close(  # noqa: PLR0913 - the parts of one event
    deal: Opportunity,
    version: int,
    pipeline: Pipeline,
    to: Stage,
    at: datetime,
    words: tuple[str | None, str | None, str | None],
    *,
    from_: str | None,
) -> Change[Opportunity]:
    """The deal in a closing stage."""
    reason, note, competitor = words
    entry: dict[str, Any] = {
        "source": deal.id,
        "version": version,
        "at": at,
        "pipeline": pipeline.id,
        "pipeline_version": pipeline.version,
        "from_": from_,
        "to": to.id,
        "kind": to.kind,
        "probability": to.probability,
        "category": to.category,
        "reason": reason,
        "note": note,
    }
    event = OpportunityWon(**entry) if to.kind == "won" else OpportunityLost(**entry, competitor=competitor)
    return Change(deal._after(event), (event,))


def reopen(
    deal: Opportunity,
    pipeline: Pipeline,
    at: datetime,
    stage: str | None,
    reason: str | None,
    facts: Mapping[str, Any] | None,
) -> Change[Opportunity]:
    """Go on with the deal."""
    version = deal._next("reopen", at)
    _require_same(deal, pipeline, "reopen")
    if deal.closed_at is None:
        raise Rejected("reopen", "not_closed", {"opportunity": deal.id, "stage": deal.stage})
    _require_window(pipeline, deal.closed_at, at)
    last = deal.last_open_stage
    to = pipeline.places.get(stage or last or pipeline.open_stages[0].id)
    if to is None or to.kind != "open":
        allowed = tuple([each.id for each in pipeline.open_stages])
        raise Rejected("reopen", "unknown_stage", {"stage": stage or last, "allowed": allowed})
    if to.id != last:
        require_met(
            "reopen", deal, pipeline, last if last in pipeline.places else None, to.id, at, facts, moves=False
        )
    event = OpportunityReopened(
        source=deal.id,
        version=version,
        at=at,
        pipeline=pipeline.id,
        pipeline_version=pipeline.version,
        from_=deal.stage,
        to=to.id,
        probability=to.probability,
        category=to.category,
        reason=reason,
    )
    return Change(deal._after(event), (event,))


def require_reason(command: str, pipeline: Pipeline, words: tuple[str | None, str | None, str | None]) -> None:
    """Raise `Rejected` unless the pipeline takes this as the reason of a loss."""
    reason, note, _ = words
    allowed = tuple([known.code for known in pipeline.lost_reasons])
    if reason is None:
        raise Rejected(command, "reason_required", {"allowed": allowed or "any"})
    found = next((known for known in pipeline.lost_reasons if known.code == reason), None)
    if allowed and found is None:
        raise Rejected(command, "unknown_reason", {"reason": reason, "allowed": allowed})
    if found is not None and found.note and not note:
        raise Rejected(command, "note_required", {"reason": reason})


def _closing(command: str, deal: Opportunity, pipeline: Pipeline, kind: str, stage: str | None) -> Stage:
    """The closing stage that is named, or the next of its kind, or the last."""
    _require_same(deal, pipeline, command)
    here = pipeline.places.get(deal.stage)
    goals = [each for each in pipeline.stages if each.kind == kind]
    allowed = tuple([each.id for each in goals])
    if here is None:
        raise Rejected(command, "unknown_stage", {"stage": deal.stage, "allowed": tuple(pipeline.places)})
    if stage is None:
        return next((each for each in goals if each.order > here.order), goals[-1])
    found = next((each for each in goals if each.id == stage), None)
    if found is None:
        raise Rejected(command, "unknown_stage", {"stage": stage, "allowed": allowed})
    return found


def _require_same(deal: Opportunity, pipeline: Pipeline, command: str) -> None:
    if pipeline.id != deal.pipeline:
        raise InvalidValue(f"{command}.pipeline", pipeline.id, f"the pipeline {deal.pipeline}, which the deal is in")


def _require_window(pipeline: Pipeline, closed_at: datetime, at: datetime) -> None:
    window = pipeline.reopen
    if window == "any":
        return
    if isinstance(window, str) or moment(at) - moment(closed_at) > timedelta(window.n):
        raise Rejected("reopen", "reopen_window", {"closed_at": closed_at, "at": at, "allowed": window})
