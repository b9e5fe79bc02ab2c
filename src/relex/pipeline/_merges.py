"""What happens when deals turn out to be one deal, and when they turn out to be several after all."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.changes import Event
from relex.codec import tagged
from relex.money import Money
from relex.pipeline._events import OpportunityStageChanged
from relex.pipeline._parts import CONTACTS, SPLITS, ContactRole, NextStep, Split
from relex.purchases import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.pipeline._opportunity import Opportunity

__all__ = [
    "MERGES",
    "UNDOING",
    "MergedOpportunity",
    "OpportunitiesMerged",
    "OpportunitiesUnmerged",
    "OpportunityMergedInto",
    "OpportunityRestored",
    "live_events",
]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_TEXTS = _checks.each(_checks.text)


@tagged("pipeline.MergedOpportunity")
@attrs.frozen(kw_only=True, weakref_slot=False)
class MergedOpportunity:
    """What a deal brought along when it was merged into another one.

    What a person said of its own stage (a probability, a category, a rest) is left behind.

    Attributes:
        opportunity: Its id.
        name: For people.
        customer: Id of the customer.
        owner: Who worked on it.
        territory: Id of the territory.
        campaign: Id of the campaign that counts for it.
        amount: What it is worth.
        amount_source: `hand` or `lines`; None where there is no amount.
        lines: Products; they go with the amount.
        expected_close: When it was expected to close.
        next_step: What was to be done next.
        contacts: People on the customer's side.
        splits: Who gets the credit.
        tags: Sorted words.
        last_activity_at: When somebody last worked on it.

    .. versionadded:: 0.1.0
    """

    opportunity: str = attrs.field(validator=_checks.text)
    name: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    customer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    territory: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    campaign: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    amount: Money | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Money)))
    amount_source: str | None = attrs.field(default=None, validator=_checks.optional(_checks.one_of("hand", "lines")))
    lines: tuple[Line, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(Line)))
    expected_close: date | None = attrs.field(default=None, validator=_checks.optional(_checks.calendar_day))
    next_step: NextStep | None = attrs.field(default=None, validator=_checks.optional(_checks.a(NextStep)))
    contacts: tuple[ContactRole, ...] = attrs.field(default=(), validator=CONTACTS)
    splits: tuple[Split, ...] = attrs.field(default=(), validator=SPLITS)
    tags: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)
    last_activity_at: datetime | None = attrs.field(
        default=None, validator=_checks.optional(_checks.instant), eq=moment_or_none
    )


@tagged("pipeline.OpportunitiesMerged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunitiesMerged(Event):
    """A deal took what other deals knew, which turned out to be the same.

    Attributes:
        others: What they brought, the best first.
        by: Who says so.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    others: tuple[MergedOpportunity, ...] = attrs.field(validator=_checks.each(_checks.a(MergedOpportunity)))
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)


@tagged("pipeline.OpportunityMergedInto")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityMergedInto(Event):
    """A deal turned out to be another one, which goes on; it counts in no figure from here on.

    Attributes:
        survivor: The other one.
        by: Who says so.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    survivor: str = attrs.field(validator=_checks.text)
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)


@tagged("pipeline.OpportunitiesUnmerged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunitiesUnmerged(Event):
    """A deal gave back what other deals had brought in one merge.

    Attributes:
        merge: The version that the merge made.
        others: Sorted ids of these deals; some of that merge, or all of them.
        undoes: Versions of other events that count no more, such as the move to the pipeline of the merge.
        by: Who says so.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    merge: int = attrs.field(validator=_checks.whole(least=1))
    others: tuple[str, ...] = attrs.field(validator=_TEXTS)
    undoes: tuple[int, ...] = attrs.field(default=(), validator=_checks.each(_checks.whole(least=2)))
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)


@tagged("pipeline.OpportunityRestored")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityRestored(Event):
    """A deal stands alone again.

    Attributes:
        merge: The version that its merge made.
        by: Who says so.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    merge: int = attrs.field(validator=_checks.whole(least=1))
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)


UNDOING = (OpportunitiesUnmerged, OpportunityRestored)
"""Events after which the whole history is folded anew, without what they undo."""


def live_events(history: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events that count: without what a later one undoes, and without those that undo."""
    undoing = [event for event in history if isinstance(event, UNDOING)]
    if not undoing:
        return history
    back = {event.merge for event in undoing if isinstance(event, OpportunityRestored)}
    moves: set[int] = set()
    left: dict[int, set[str]] = {}
    for event in undoing:
        if isinstance(event, OpportunitiesUnmerged):
            moves.update(event.undoes)
            left.setdefault(event.merge, set()).update(event.others)
    live = [event for event in history if not _is_gone(event, back, moves)]
    return tuple([found for event in live if (found := _without(event, left.get(event.version))) is not None])


def _is_gone(event: Event, back: set[int], moves: set[int]) -> bool:
    """Whether an event undoes something, or is undone: nothing but merges, and the moves that they made, can be."""
    if isinstance(event, OpportunityMergedInto):
        return event.version in back
    return isinstance(event, UNDOING) or (isinstance(event, OpportunityStageChanged) and event.version in moves)


def _without(event: Event, deals: set[str] | None) -> Event | None:
    """An event without what these deals brought; None where nobody else brought anything."""
    if not deals or not isinstance(event, OpportunitiesMerged):
        return event
    others = tuple([each for each in event.others if each.opportunity not in deals])
    return attrs.evolve(event, others=others) if others else None


_FIRST = ("name", "customer", "territory", "campaign", "expected_close", "next_step")


def _merged(state: Opportunity, event: OpportunitiesMerged) -> dict[str, Any]:
    """The first value that is there, in rank order; an amount goes with its lines, and what is a set is united."""
    every: list[Any] = [state, *event.others]
    found: dict[str, Any] = {name: _first([getattr(each, name) for each in every]) for name in _FIRST}
    priced = next((each for each in every if each.amount is not None), state)
    owner = _first([each.owner for each in every])
    return {
        **found,
        "owner": owner,
        "assigned_at": event.at if state.owner is None and owner is not None else state.assigned_at,
        "amount": priced.amount,
        "amount_source": priced.amount_source,
        "lines": priced.lines,
        "contacts": _everybody(state.contacts, event.others),
        "splits": next((each.splits for each in every if each.splits), ()),
        "tags": tuple(sorted({tag for each in every for tag in each.tags})),
        "last_activity_at": max(
            [each.last_activity_at for each in every if each.last_activity_at is not None], key=moment, default=None
        ),
        "merged": (*state.merged, *[each.opportunity for each in event.others]),
    }


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def _everybody(known: tuple[ContactRole, ...], others: Iterable[MergedOpportunity]) -> tuple[ContactRole, ...]:
    """Everybody once, as the best deal has them; one is primary, of the best deal that has anybody."""
    found = {each.contact: each for each in known}
    for other in others:
        more = other.contacts if not found else [attrs.evolve(each, primary=False) for each in other.contacts]
        for each in more:
            found.setdefault(each.contact, each)
    return tuple(found.values())


def _into(_: Opportunity, event: OpportunityMergedInto) -> dict[str, Any]:
    return {"merged_into": event.survivor}


MERGES: dict[type[Event], Any] = {
    OpportunitiesMerged: _merged,
    OpportunityMergedInto: _into,
}
"""What each of these events changes; after those of `UNDOING` the history is folded anew."""
