"""Moving between stages: what is allowed, what is asked for, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex._flow import Passage, given_facts, goals_of, lacking, refused, shown, through, told
from relex.errors import InvalidValue
from relex.pipeline._facts import NAMES
from relex.rules import Requirement, Unmet, check

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline
    from relex.pipeline._stages import Stage

__all__ = ["StageCheck", "allowed_from", "checked", "judged_facts", "passage", "require_met"]


@attrs.frozen(kw_only=True)
class StageCheck:
    """Whether a deal may move to a stage, and everything that is missing.

    Attributes:
        opportunity: Id of the deal.
        from_: Where it is.
        stage: Where it should go.
        as_of: When.
        reason: Why it may not: `merged`, `out_of_order` (it was not opened by then), `unknown_stage`, `closed`,
            `move_not_allowed` or `gate_unmet`; None when it may.
        unmet: Every requirement that is not met, each with the fields that it lacks.
        allowed: Ids of the stages to which the pipeline lets it go from here.

    .. versionadded:: 0.1.0
    """

    opportunity: str
    from_: str
    stage: str
    as_of: datetime
    reason: str | None
    unmet: tuple[Unmet, ...]
    allowed: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Whether it may."""
        return self.reason is None

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the facts that are not there, each once."""
        return lacking(self.unmet)

    def __str__(self) -> str:
        return told(self._head(), self.unmet)

    def _repr_html_(self) -> str:
        return shown(self._head(), self.unmet)

    def _head(self) -> str:
        return f"{self.opportunity}: {self.from_} to {self.stage}: {self.reason or 'may go'}"


def passage(pipeline: Pipeline, from_: Stage | None, to: Stage) -> Passage:
    """The way from a stage (None is before the first) to another."""
    return through(_asked(pipeline, from_, to), allowed=from_ is None or to.id in _goals(pipeline, from_))


def allowed_from(pipeline: Pipeline, stage: Stage) -> tuple[str, ...]:
    """Ids of the stages to which a deal may go from here."""
    goals = _goals(pipeline, stage)
    return tuple([to.id for to in pipeline.stages if to.id != stage.id and to.id in goals])


def checked(
    pipeline: Pipeline, opportunity: Opportunity, stage: str, at: datetime, given: Mapping[str, Any] | None
) -> StageCheck:
    """What a move to a stage finds, of the deal as it was then."""
    then = opportunity.as_of(at)
    deal = then or opportunity.as_of(opportunity.opened_at) or opportunity
    reason = "out_of_order" if then is None else _obstacle(pipeline, deal, stage)
    if deal.pipeline != pipeline.id:
        raise InvalidValue("check.opportunity", deal.pipeline, f"a deal of the pipeline {pipeline.id}")
    here = pipeline.places.get(deal.stage)
    facts = judged_facts(deal, pipeline if here is not None else None, given, "check")
    unmet: tuple[Unmet, ...] = ()
    if reason is None and stage != deal.stage:
        found = pipeline.passage(deal.stage, stage)
        unmet = check(found.requirements, facts, at)
        reason = "move_not_allowed" if not found.allowed else "gate_unmet" if unmet else None
    return StageCheck(
        opportunity=deal.id,
        from_=deal.stage,
        stage=stage,
        as_of=at,
        reason=reason,
        unmet=unmet,
        allowed=() if here is None or deal.merged_into is not None else allowed_from(pipeline, here),
    )


def _obstacle(pipeline: Pipeline, deal: Opportunity, stage: str) -> str | None:
    """Why no gate is asked at all; in the order of `move_to`."""
    if deal.merged_into is not None:
        return "merged"
    if deal.stage == stage and stage in pipeline.places:
        return None
    if deal.stage not in pipeline.places or stage not in pipeline.places:
        return "unknown_stage"
    return None if deal.kind in {"open", pipeline.places[stage].kind} else "closed"


def judged_facts(
    deal: Opportunity, pipeline: Pipeline | None, given: Mapping[str, Any] | None, command: str
) -> dict[str, Any]:
    """The facts of a deal, with those that the application gives."""
    facts = deal.facts(pipeline)
    if given:
        given_facts(facts, given, NAMES, f"{command}.facts")
    return facts


def require_met(
    command: str,
    deal: Opportunity,
    pipeline: Pipeline,
    way: tuple[str | None, str],
    at: datetime,
    given: Mapping[str, Any] | None,
    *,
    is_move: bool = True,
) -> None:
    """Raise `Rejected` unless a deal may take this way now; what is no move is asked for the gates alone."""
    found = pipeline.passage(*way)
    is_allowed = found.allowed or not is_move
    if is_allowed and not given and not found.tests:
        return
    facts = judged_facts(deal, pipeline, given, command)
    if is_allowed and found.is_open(facts, at):
        return
    code = "gate_unmet" if is_allowed else "move_not_allowed"
    raise refused(command, code, found.requirements, facts, at, _details(pipeline, *way))


def _details(pipeline: Pipeline, from_: str | None, to: str) -> dict[str, object]:
    details: dict[str, object] = {"stage": to, "from": from_}
    if from_ is not None:
        details["allowed"] = allowed_from(pipeline, pipeline.stage(from_))
    return details


def _asked(pipeline: Pipeline, from_: Stage | None, to: Stage) -> tuple[Requirement, ...]:
    """Losing asks for nothing, and neither does a way back; winning is never one, whatever the order."""
    if to.kind == "lost" or (from_ is not None and to.order <= from_.order and not _is_win(from_, to)):
        return ()
    passed = [
        stage
        for stage in pipeline.open_stages
        if stage is not to and (from_ is None or stage.order > from_.order) and stage.order <= to.order
    ]
    is_direct = pipeline.gates == "target" or (from_ is not None and from_.kind != "open")
    return tuple([asked for stage in ((to,) if is_direct else (*passed, to)) for asked in stage.requires])


def _is_win(from_: Stage, to: Stage) -> bool:
    return from_.kind == "open" and to.kind == "won"


def _goals(pipeline: Pipeline, from_: Stage) -> frozenset[str]:
    """Ids of the stages to which the pipeline lets a deal go from a stage."""
    moves = pipeline.moves
    if not isinstance(moves, str):
        return goals_of(moves, from_.id)
    if from_.kind != "open":
        return frozenset(stage.id for stage in pipeline.stages if stage.kind == from_.kind)
    opens = pipeline.open_stages
    if moves == "forward":
        opens = tuple([stage for stage in opens if stage.order > from_.order])
    elif moves == "adjacent":
        opens = _beside(opens, from_)
    return frozenset(stage.id for stage in pipeline.stages if stage.kind != "open").union(stage.id for stage in opens)


def _beside(opens: tuple[Stage, ...], stage: Stage) -> tuple[Stage, ...]:
    place = opens.index(stage)
    return opens[max(place - 1, 0) : place] + opens[place + 1 : place + 2]
