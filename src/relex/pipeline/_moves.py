"""Which event a move gives, or why there is none: opening, moving, winning, losing, going on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex._instants import moment
from relex._trusted import trusted
from relex.errors import InvalidValue, Rejected
from relex.pipeline._events import (
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
    StageEntry,
)
from relex.pipeline._passages import allowed_from, require_met
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._replacing import is_under

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._stages import Stage

__all__ = [
    "NOTHING",
    "Said",
    "closing",
    "first",
    "lost",
    "moved",
    "opening",
    "reopened",
    "require_reason",
    "require_silence",
    "transferred",
    "won",
]

_PIPELINE = _checks.a(Pipeline)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_stage_changed = trusted(OpportunityStageChanged)


class Said(NamedTuple):
    """What a person says about a move."""

    reason: str | None = None
    note: str | None = None
    competitor: str | None = None


NOTHING = Said()
"""What is said most often."""


def first(pipeline: Pipeline, stage: str | None) -> Stage:
    """The stage in which a deal begins."""
    _PIPELINE.require("open.pipeline", pipeline)
    _TEXT_OR_NONE.require("open.stage", stage)
    return pipeline.open_stages[0] if stage is None else _known("open", pipeline, stage)


def opening(
    id: str,  # noqa: A002 - the field's name everywhere in relex
    pipeline: Pipeline,
    to: Stage,
    at: datetime,
    parts: Mapping[str, Any],
) -> OpportunityOpened:
    """A deal begins."""
    return OpportunityOpened(source=id, version=1, at=at, **_entry(pipeline, to, None), **parts)


def moved(
    deal: Opportunity,
    version: int,
    pipeline: Pipeline,
    at: datetime,
    stage: str,
    said: Said,
    given: Mapping[str, Any] | None,
) -> StageEntry | None:
    """A deal goes to another stage; None when it is there already."""
    _require_own("move_to", deal, pipeline)
    if stage == deal.stage:
        return None
    to = _known("move_to", pipeline, stage)
    kind = to.kind
    if kind == deal.kind:
        _require_plain("move_to", said)
        require_met("move_to", deal, pipeline, (deal.stage, stage), at, given)
        return _changed(deal, version, pipeline, at, to, said)
    if deal.kind != "open":
        allowed = allowed_from(pipeline, pipeline.places[deal.stage])
        raise Rejected("move_to", "closed", {"stage": stage, "closed_at": deal.closed_at, "allowed": allowed})
    if kind == "lost":
        require_reason("move_to", pipeline, said)
    require_met("move_to", deal, pipeline, (deal.stage, stage), at, given)
    return closing("move_to", deal.id, version, pipeline, at, (deal.stage, to), said)


def transferred(
    deal: Opportunity, version: int, pipeline: Pipeline, at: datetime, stage: str, reason: str | None
) -> OpportunityStageChanged | None:
    """A deal goes to a stage of another definition; None when it is there already."""
    _PIPELINE.require("transfer.pipeline", pipeline)
    to = _known("transfer", pipeline, stage)
    if to.kind != deal.kind:
        raise Rejected("transfer", "move_not_allowed", {"stage": stage, "allowed": _ids(pipeline, deal.kind)})
    _TEXT_OR_NONE.require("transfer.reason", reason)
    if (pipeline.id, stage) == (deal.pipeline, deal.stage):
        return None
    if is_under(deal, pipeline):
        details = {"stage": stage, "from": deal.stage, "pipeline": pipeline.id, "version": pipeline.version}
        raise Rejected("transfer", "same_pipeline", details)
    return _changed(deal, version, pipeline, at, to, Said(reason))


def won(
    deal: Opportunity,
    version: int,
    pipeline: Pipeline,
    at: datetime,
    stage: str | None,
    said: Said,
    given: Mapping[str, Any] | None,
) -> StageEntry:
    """A deal is won."""
    to = _goal("win", deal, pipeline, "won", stage)
    require_met("win", deal, pipeline, (deal.stage, to.id), at, given)
    return closing("win", deal.id, version, pipeline, at, (deal.stage, to), said)


def lost(
    deal: Opportunity, version: int, pipeline: Pipeline, at: datetime, stage: str | None, said: Said
) -> StageEntry:
    """A deal is lost."""
    to = _goal("lose", deal, pipeline, "lost", stage)
    require_reason("lose", pipeline, said)
    require_met("lose", deal, pipeline, (deal.stage, to.id), at, None)
    return closing("lose", deal.id, version, pipeline, at, (deal.stage, to), said)


def reopened(
    deal: Opportunity,
    version: int,
    pipeline: Pipeline,
    at: datetime,
    stage: str | None,
    reason: str | None,
    given: Mapping[str, Any] | None,
) -> OpportunityReopened:
    """A deal that was over goes on; a stage beyond the last open one asks its gates."""
    _require_id("reopen", deal, pipeline)
    _require_window(deal, pipeline, at)
    last = _last_open(deal, pipeline)
    goal = stage if stage is not None else last if last is not None else pipeline.open_stages[0].id
    to = _known("reopen", pipeline, goal)
    if to.kind != "open":
        raise Rejected("reopen", "unknown_stage", {"stage": goal, "allowed": _ids(pipeline, "open")})
    if goal != last:
        come = (last if last in pipeline.places else None, goal)
        require_met("reopen", deal, pipeline, come, at, given, is_move=False)
    entry = _entry(pipeline, to, deal.stage)
    return OpportunityReopened(source=deal.id, version=version, at=at, **entry, reason=reason)


def _last_open(deal: Opportunity, pipeline: Pipeline) -> str | None:
    """The last open stage of this pipeline that a deal was in; None where it came here only after it was over."""
    entries = [event for event in deal.events if isinstance(event, StageEntry)]
    return next((each.to for each in reversed(entries) if (each.kind, each.pipeline) == ("open", pipeline.id)), None)


def closing(
    command: str,
    id: str,  # noqa: A002 - the field's name everywhere in relex
    version: int,
    pipeline: Pipeline,
    at: datetime,
    way: tuple[str | None, Stage],
    said: Said,
) -> StageEntry:
    """A deal comes into a won or a lost stage."""
    from_, to = way
    entry = {"source": id, "version": version, "at": at, **_entry(pipeline, to, from_)}
    if to.kind == "won":
        _require_plain(command, said)
        return OpportunityWon(**entry, reason=said.reason, note=said.note)
    return OpportunityLost(**entry, **said._asdict())


def require_reason(command: str, pipeline: Pipeline, said: Said) -> None:
    """Raise `Rejected` unless the pipeline takes this as the reason of a loss."""
    for name, words in (("reason", said.reason), ("note", said.note)):
        if words is not None and not isinstance(words, str):
            raise InvalidValue(f"{command}.{name}", words, "a str, or None")
    known = {reason.code: reason for reason in pipeline.lost_reasons}
    if said.reason is None or _is_blank(said.reason):
        raise Rejected(command, "reason_required", {"allowed": tuple(known)})
    if known and said.reason not in known:
        raise Rejected(command, "unknown_reason", {"reason": said.reason, "allowed": tuple(known)})
    is_silent = said.note is None or _is_blank(said.note)
    if is_silent and said.reason in known and known[said.reason].note:
        raise Rejected(command, "note_required", {"reason": said.reason})


def _is_blank(words: object) -> bool:
    return isinstance(words, str) and not words.strip()


def require_silence(said: Said) -> None:
    """Raise `InvalidValue` when a closing is spoken of and there is none."""
    for name, words in said._asdict().items():
        if words is not None:
            raise InvalidValue(f"open.{name}", words, "None, unless the deal begins in a closing stage")


def _changed(
    deal: Opportunity, version: int, pipeline: Pipeline, at: datetime, to: Stage, said: Said
) -> OpportunityStageChanged:
    return _stage_changed(
        deal.id,
        version,
        at,
        pipeline.id,
        pipeline.version,
        deal.stage,
        to.id,
        to.kind,
        to.probability,
        to.category,
        said.reason,
        said.note,
    )


def _entry(pipeline: Pipeline, to: Stage, from_: str | None) -> dict[str, Any]:
    """What every event says that brings a deal into a stage."""
    return {
        "pipeline": pipeline.id,
        "pipeline_version": pipeline.version,
        "from_": from_,
        "to": to.id,
        "kind": to.kind,
        "probability": to.probability,
        "category": to.category,
    }


def _known(command: str, pipeline: Pipeline, stage: str) -> Stage:
    if stage.__class__ is not str:
        _checks.text.require(f"{command}.stage", stage)
    found = pipeline.places.get(stage)
    if found is None:
        raise Rejected(command, "unknown_stage", {"stage": stage, "allowed": tuple(pipeline.places)})
    return found


def _goal(command: str, deal: Opportunity, pipeline: Pipeline, kind: str, stage: str | None) -> Stage:
    """The closing stage that is named, or the next of its kind, or the last."""
    _require_own(command, deal, pipeline)
    if stage is not None:
        found = _known(command, pipeline, stage)
        if found.kind != kind:
            raise Rejected(command, "unknown_stage", {"stage": stage, "allowed": _ids(pipeline, kind)})
        return found
    here = pipeline.places[deal.stage]
    goals = [each for each in pipeline.stages if each.kind == kind]
    return next((each for each in goals if each.order > here.order), goals[-1])


def _ids(pipeline: Pipeline, kind: str) -> tuple[str, ...]:
    return tuple([each.id for each in pipeline.stages if each.kind == kind])


def _require_own(command: str, deal: Opportunity, pipeline: Pipeline) -> None:
    """Raise unless this is the pipeline of the deal, and has its stage."""
    _require_id(command, deal, pipeline)
    if deal.stage not in pipeline.places:
        raise Rejected(command, "unknown_stage", {"stage": deal.stage, "allowed": tuple(pipeline.places)})


def _require_id(command: str, deal: Opportunity, pipeline: Pipeline) -> None:
    if pipeline.__class__ is not Pipeline:
        _PIPELINE.require(f"{command}.pipeline", pipeline)
    if pipeline.id != deal.pipeline:
        raise InvalidValue(f"{command}.pipeline", pipeline.id, f"the pipeline of the deal, {deal.pipeline}")


def _require_plain(command: str, said: Said) -> None:
    """Raise unless what is said fits a move that loses nothing."""
    if said is NOTHING:
        return
    _TEXT_OR_NONE.require(f"{command}.reason", said.reason)
    _TEXT_OR_NONE.require(f"{command}.note", said.note)
    if said.competitor is not None:
        raise InvalidValue(f"{command}.competitor", said.competitor, "None, unless the deal is lost")


def _require_window(deal: Opportunity, pipeline: Pipeline, at: datetime) -> None:
    if deal.closed_at is None:
        raise Rejected("reopen", "not_closed", {"opportunity": deal.id, "stage": deal.stage})
    window = pipeline.reopen
    if window == "any":
        return
    if isinstance(window, str) or moment(at) - moment(deal.closed_at) > timedelta(window.n):
        raise Rejected("reopen", "reopen_window", {"closed_at": deal.closed_at, "at": at, "allowed": window})
