"""Deals that are one deal, and one that is several after all.

A merge rewrites nothing: the survivor has an event that carries what the others brought, and the others have one that
names the survivor, in whose place they count in no figure. An unmerge lets these events count no more, so that each
deal is what its other events come to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.changes import Change
from relex.errors import InvalidValue, Rejected
from relex.pipeline._events import OpportunityStageChanged, StageEntry
from relex.pipeline._following import TRANSFER
from relex.pipeline._merges import (
    MergedOpportunity,
    OpportunitiesMerged,
    OpportunitiesUnmerged,
    OpportunityMergedInto,
    OpportunityRestored,
)
from relex.pipeline._opportunity import Opportunity
from relex.pipeline._pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.changes import Event

__all__ = ["merge_opportunities", "rank_opportunities", "unmerge_opportunities"]

_DEAL = _checks.a(Opportunity)
_PIPELINE = _checks.a(Pipeline)


def rank_opportunities(opportunities: Iterable[Opportunity], pipeline: Pipeline) -> tuple[Opportunity, ...]:
    """Deals in the order in which they survive a merge.

    Open before closed, then the higher order of the stage (a stage that is not in the pipeline is the lowest), then the
    higher probability as each deal has it, then the older deal.

    Args:
        opportunities: Each once.
        pipeline: Whose stages have the order.

    Raises:
        InvalidValue: For what is no deal, or one that is there twice.

    .. versionadded:: 0.1.0
    """
    _PIPELINE.require("rank_opportunities.pipeline", pipeline)
    found = _all("rank_opportunities.opportunities", opportunities)
    return tuple(sorted(found, key=lambda deal: _rank(deal, pipeline)))


def _all(path: str, deals: Iterable[Opportunity]) -> tuple[Opportunity, ...]:
    found = _checks.items(path, deals)
    _checks.each(_DEAL).require(path, found)
    _checks.unique("id").require(path, found)
    return found


def _rank(deal: Opportunity, pipeline: Pipeline) -> Any:
    stage = pipeline.places.get(deal.stage) if deal.pipeline == pipeline.id else None
    is_staged = stage is not None
    return (
        deal.kind != "open",
        not is_staged,
        -stage.order if stage is not None else 0,
        -deal.probability(pipeline if is_staged else None),
        moment(deal.opened_at),
        deal.id,
    )


def merge_opportunities(
    opportunities: Iterable[Opportunity], pipeline: Pipeline, *, by: str, reason: str, at: datetime
) -> tuple[Change[Opportunity], ...]:
    """Let the best of several deals take what the others know; `unmerge_opportunities` gives it back.

    The first in the order of `rank_opportunities` survives, with its stage, what a person said of it, and its dates.
    Where it states nothing, the next that does counts; an amount comes with its lines. People and tags are united. An
    open survivor whose stage is not in the pipeline goes to the pipeline's first open stage.

    Args:
        opportunities: Two or more.
        pipeline: In which the survivor goes on.
        by: Who says so.
        reason: Why.
        at: When.

    Returns:
        A change of the survivor first, and then of each other deal, in the order of the rank.

    Raises:
        InvalidValue: For fewer than two deals, a wrong type, or a naive datetime.
        Rejected: `won` for a deal that is won and would not survive, since its amount would be gone from every figure
            (reopen it first); `merged` for one that was merged already; `out_of_order`.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.pipeline import Stage
        >>> stages = [Stage("new", 1, probability=10), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
        >>> sales, day = Pipeline("sales", stages), datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> one = Opportunity.open("o1", sales, at=day).state
        >>> two = Opportunity.open("o2", sales, owner="kim", at=day).state
        >>> survivor, other = merge_opportunities([one, two], sales, by="eve", reason="entered twice", at=day)
        >>> survivor.state.id, survivor.state.owner, other.state.merged_into
        ('o1', 'kim', 'o1')

    .. versionadded:: 0.1.0
    """
    ranked = rank_opportunities(_all("merge_opportunities.opportunities", opportunities), pipeline)
    if len(ranked) < 2:  # noqa: PLR2004 - two
        raise InvalidValue("merge_opportunities.opportunities", ranked, "two deals or more")
    survivor, *others = ranked
    for deal in ranked:
        deal._next("merge_opportunities", at)  # noqa: SLF001 - a command of the aggregate
        if deal.kind == "won" and deal is not survivor:
            raise Rejected("merge_opportunities", "won", {"opportunity": deal.id, "survivor": survivor.id})
    whys: dict[str, Any] = {"by": by, "reason": reason}
    brought = tuple([_brought(deal) for deal in others])
    change = _told(survivor, OpportunitiesMerged, at, others=brought, **whys)
    change = change.then(lambda it: _placed(it, pipeline, at))
    return (change, *[_told(deal, OpportunityMergedInto, at, survivor=survivor.id, **whys) for deal in others])


_TAKEN = tuple([field.name for field in attrs.fields(MergedOpportunity) if field.name != "opportunity"])


def _brought(deal: Opportunity) -> MergedOpportunity:
    return MergedOpportunity(opportunity=deal.id, **{name: getattr(deal, name) for name in _TAKEN})


def _placed(deal: Opportunity, pipeline: Pipeline, at: datetime) -> Change[Opportunity]:
    """In the first open stage, where an open deal is in none of the pipeline's."""
    is_there = deal.pipeline == pipeline.id and deal.stage in pipeline.places
    if is_there or deal.kind != "open":
        return Change(deal, ())
    return deal.transfer(pipeline.open_stages[0].id, pipeline, at=at, reason=TRANSFER)


def _told(deal: Opportunity, event: Any, at: datetime, **parts: Any) -> Change[Opportunity]:
    made = event(source=deal.id, version=deal.version + 1, at=at, **parts)
    return Change(Opportunity.evolve(deal, made), (made,))


def unmerge_opportunities(
    survivor: Opportunity, others: Iterable[Opportunity], *, by: str, reason: str, at: datetime
) -> tuple[Change[Opportunity], ...]:
    """Give back what deals brought in a merge: each is what its own events come to.

    What came with the merge goes, by value: people, tags, lines and the amount of these lines. What changed the
    survivor since stays with it, such as a person who was added or got another role; a word that only repeated what had
    been brought changed nothing, and is not kept. A move to another pipeline that the merge made is taken back with the
    last of the deals that came in with it, unless the deal went to another stage since.

    Args:
        survivor: Who took it.
        others: Who brought it; some of those that were merged, or all.
        by: Who says so.
        reason: Why.
        at: When.

    Returns:
        A change of the survivor first, with an event for each merge that is undone, and then of each other deal.

    Raises:
        InvalidValue: For nobody, a wrong type, or a naive datetime.
        Rejected: `not_merged` for a deal that was not merged into this one, `merged` where the survivor was merged in
            turn, `out_of_order`.

    .. versionadded:: 0.1.0
    """
    _DEAL.require("unmerge_opportunities.survivor", survivor)
    back = _all("unmerge_opportunities.others", others)
    if not back:
        raise InvalidValue("unmerge_opportunities.others", back, "at least one deal")
    survivor._next("unmerge_opportunities", at)  # noqa: SLF001 - as above
    whys: dict[str, Any] = {"by": by, "reason": reason}
    restored = [_restored(survivor, deal, at, whys) for deal in back]
    change = Change(survivor, ())
    for parts in _undone(survivor, {deal.id for deal in back}):
        state, events = _told(change.state, OpportunitiesUnmerged, at, **parts, **whys)
        change = Change(state, change.events + events)
    return (change, *restored)


def _undone(survivor: Opportunity, wanted: set[str]) -> list[dict[str, Any]]:
    """What an event must say for each merge in which any of these came in, the oldest merge first."""
    found = []
    events = survivor.events
    for place, event in enumerate(events):
        if not isinstance(event, OpportunitiesMerged):
            continue
        there = {each.opportunity for each in event.others}
        if there & wanted:
            undoes = _transfer(events[place + 1 :]) if there <= wanted else ()
            found.append({"merge": event.version, "others": tuple(sorted(there & wanted)), "undoes": undoes})
    return found


def _transfer(after: tuple[Event, ...]) -> tuple[int, ...]:
    """The version of the move that the merge itself made, which follows it at once; none once the deal moved on."""
    move, entries = after[:1], [event for event in after if isinstance(event, StageEntry)]
    return tuple(
        [
            event.version
            for event in move
            if isinstance(event, OpportunityStageChanged) and event.reason == TRANSFER and len(entries) == 1
        ]
    )


def _restored(survivor: Opportunity, deal: Opportunity, at: datetime, whys: dict[str, Any]) -> Change[Opportunity]:
    if deal.merged_into != survivor.id or deal.id not in survivor.merged:
        raise Rejected("unmerge_opportunities", "not_merged", {"survivor": survivor.id, "opportunity": deal.id})
    if is_before(at, deal.changed_at):
        raise Rejected("unmerge_opportunities", "out_of_order", {"at": at, "not_before": deal.changed_at})
    merge = max([event.version for event in deal.history if isinstance(event, OpportunityMergedInto)])
    return _told(deal, OpportunityRestored, at, merge=merge, **whys)
