"""Which events may follow in a deal: what no command gives is refused before it is folded.

Theory of operation. Commands decide events that fit, and make the next state of them without asking here. Events that
come from elsewhere (out of a store, a message, a test) are asked. What must hold has two parts. Some of it concerns the
deal as its events are counted today, such as that a deal that is over is not edited (`require_fit`). The rest concerns
what the deal was when the event happened, such as the amount before (`require_next`); of events after a merge that was
taken back, it is not known without folding the history once for each undoing, so a whole history is asked for it only
as far as the first undoing. What undoes is asked for itself, in one pass (`require_undoing`): it must name a merge that
happened and was not undone yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.errors import InvalidValue
from relex.pipeline._edits import found_at
from relex.pipeline._events import (
    ActivityRecorded,
    AmountChanged,
    CampaignChanged,
    CategoryOverridden,
    CloseDateChanged,
    ContactsChanged,
    LinesChanged,
    NextStepChanged,
    OpportunityCustomerChanged,
    OpportunityLost,
    OpportunityOwnerChanged,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityTagsChanged,
    OpportunityWon,
    ProbabilityOverridden,
    SnoozeChanged,
    SplitsChanged,
    StageEntry,
    TerritoryChanged,
)
from relex.pipeline._merges import (
    OpportunitiesMerged,
    OpportunitiesUnmerged,
    OpportunityMergedInto,
    OpportunityRestored,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relex.changes import Event
    from relex.pipeline._opportunity import Opportunity

__all__ = ["TRANSFER", "require_fit", "require_next", "require_undoing"]

TRANSFER = "merge_opportunities"
"""The reason of the move that a merge itself makes."""

_FIELDS: dict[type[Event], str] = {
    OpportunityRenamed: "name",
    OpportunityCustomerChanged: "customer",
    AmountChanged: "amount",
    CloseDateChanged: "expected_close",
    OpportunityOwnerChanged: "owner",
    TerritoryChanged: "territory",
    CampaignChanged: "campaign",
    ProbabilityOverridden: "probability_override",
    CategoryOverridden: "category_override",
    ContactsChanged: "contacts",
    NextStepChanged: "next_step",
    SnoozeChanged: "snoozed_until",
    LinesChanged: "lines",
    SplitsChanged: "splits",
}
"""What each event swaps that says `from_` and `to`."""

_EDITS = frozenset((*_FIELDS, OpportunityTagsChanged, ActivityRecorded))
_SOURCED = "hand or lines, and None without an amount"
_REPEATED = (AmountChanged, SnoozeChanged)  # of the same value, from another source or with another reason


def require_fit(state: Opportunity, event: Any) -> None:
    """Raise `InvalidValue` for an event that the deal cannot have had, however it came to be what it is."""
    name = type(event).__name__
    if state.merged_into is not None:
        raise InvalidValue(
            name, event.version, f"OpportunityRestored, of a deal that was merged into {state.merged_into}"
        )
    if state.version == 1 and state.kind != "open":
        _require_closing(state, event)
    elif type(event) in _EDITS and state.kind != "open":
        raise InvalidValue(name, event.version, f"no edit, of a deal that is {state.kind}")
    elif isinstance(event, StageEntry):
        _require_kind(state, event)
    check = _FITTING.get(type(event))
    if check is not None:
        check(state, event)


def _require_kind(state: Opportunity, event: StageEntry) -> None:
    """What is open is closed, what is over is reopened, and any other move keeps the kind."""
    if isinstance(event, OpportunityStageChanged):
        fits = event.kind == state.kind
    else:
        fits = (state.kind == "open") != isinstance(event, OpportunityReopened)
    if not fits:
        raise InvalidValue(f"{type(event).__name__}.kind", event.kind, f"what may follow on {state.kind}")


def _require_closing(state: Opportunity, event: Any) -> None:
    """A deal that begins in a closing stage is closed there at once."""
    kind = OpportunityWon if state.kind == "won" else OpportunityLost
    name = kind.__name__
    if not isinstance(event, kind):
        raise InvalidValue(type(event).__name__, event.version, f"{name}, after such an opening")
    if (event.pipeline, event.from_, event.to) != (state.pipeline, None, state.stage):
        raise InvalidValue(f"{name}.to", event.to, f"{state.stage} from nowhere, as the opening")
    if event.at != state.opened_at:
        raise InvalidValue(f"{name}.at", event.at, f"{state.opened_at}, as the opening")


def _fit_amount(_: Opportunity, event: AmountChanged) -> None:
    if (event.to is None) != (event.amount_source is None):
        raise InvalidValue("AmountChanged.amount_source", event.amount_source, _SOURCED)


def _fit_merge(state: Opportunity, event: OpportunitiesMerged) -> None:
    found = [each.opportunity for each in event.others]
    others = {state.id, *found}
    if not found or len(others) != 1 + len(found) or not others.isdisjoint(state.merged):
        raise InvalidValue("OpportunitiesMerged.others", found, "other deals, each once")
    for each in event.others:
        if (each.amount is None) != (each.amount_source is None):
            raise InvalidValue("MergedOpportunity.amount_source", each.amount_source, _SOURCED)


def _fit_survivor(state: Opportunity, event: OpportunityMergedInto) -> None:
    if event.survivor == state.id:
        raise InvalidValue("OpportunityMergedInto.survivor", event.survivor, "another deal")


_FITTING: dict[type[Event], Callable[[Opportunity, Any], None]] = {
    AmountChanged: _fit_amount,
    OpportunitiesMerged: _fit_merge,
    OpportunityMergedInto: _fit_survivor,
}


def require_next(state: Opportunity, event: Any) -> None:
    """Raise `InvalidValue` for an event that does not begin where the deal is."""
    require_fit(state, event)
    if isinstance(event, StageEntry):
        _require_entry(state, event)
    elif type(event) in _FIELDS:
        _require_swap(state, event)
    elif isinstance(event, OpportunityTagsChanged):
        there = [found_at(state.tags, each)[1] for each in (*event.added, *event.removed)]
        if not there or there != [False] * len(event.added) + [True] * len(event.removed):
            raise InvalidValue("OpportunityTagsChanged", event, f"tags that are new, or gone from {state.tags}")


def _require_entry(state: Opportunity, event: StageEntry) -> None:
    name = type(event).__name__
    if event.from_ != state.stage and not (state.version == 1 and state.kind != "open"):
        raise InvalidValue(f"{name}.from_", event.from_, f"{state.stage}, where the deal is")
    if isinstance(event, (OpportunityWon, OpportunityLost, OpportunityReopened)):
        if event.pipeline != state.pipeline:
            raise InvalidValue(f"{name}.pipeline", event.pipeline, f"{state.pipeline}, as the deal is in")
    elif (event.pipeline, event.to) == (state.pipeline, state.stage):
        raise InvalidValue(f"{name}.to", event.to, "another stage")


def _require_swap(state: Opportunity, event: Any) -> None:
    name, before = type(event).__name__, getattr(state, _FIELDS[type(event)])
    if event.from_ != before:
        raise InvalidValue(f"{name}.from_", event.from_, f"{before}, as it is")
    if event.to == before and not isinstance(event, _REPEATED):
        raise InvalidValue(f"{name}.to", event.to, "another value")
    if isinstance(event, AmountChanged) and event.to is not None and state.currency not in {None, event.to.currency}:
        raise InvalidValue(f"{name}.to", event.to, f"an amount in {state.currency}")


def require_undoing(history: Sequence[Event]) -> None:
    """Raise `InvalidValue` where an event undoes what no merge did, or what is undone already."""
    left: dict[int, set[str]] = {}
    for place, event in enumerate(history):
        if isinstance(event, OpportunitiesMerged):
            left[event.version] = {each.opportunity for each in event.others}
        elif isinstance(event, OpportunitiesUnmerged):
            _require_unmerge(history, event, left.get(event.merge, set()))
        elif isinstance(event, OpportunityRestored):
            before = history[place - 1]
            if not isinstance(before, OpportunityMergedInto) or before.version != event.merge:
                raise InvalidValue("OpportunityRestored.merge", event.merge, "the merge just before")


def _require_unmerge(history: Sequence[Event], event: OpportunitiesUnmerged, left: set[str]) -> None:
    if not event.others or not left.issuperset(event.others):
        raise InvalidValue("OpportunitiesUnmerged.others", event.others, f"deals that merge {event.merge} brought")
    left.difference_update(event.others)
    if not event.undoes:
        return
    made = history[event.merge]
    if event.undoes != (made.version,) or not isinstance(made, OpportunityStageChanged) or made.reason != TRANSFER:
        raise InvalidValue("OpportunitiesUnmerged.undoes", event.undoes, "the move that the merge made")
