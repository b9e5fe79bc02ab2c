"""Leads that are one lead, and one that is several after all.

A merge rewrites nothing: the survivor has an event that carries what the others brought, and is the fold of all its
events. What shows is then a pure function of what each lead said by itself. An unmerge is an event that lets a part of
the merge count no more, so both are exactly what they would be had there been no merge, with all that was said since.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.changes import Change
from relex.errors import InvalidValue, Rejected
from relex.parties import Survivorship
from relex.pipeline._lead import Lead
from relex.pipeline._lead_events import LeadMergedInto, LeadOptedOut, LeadRestored, LeadsMerged, LeadsUnmerged
from relex.pipeline._lead_parts import MergedLead
from relex.pipeline._lead_steps import live
from relex.pipeline._stages import PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from relex.pipeline._lead_parts import OptOut

__all__ = ["merge_leads", "rank_leads", "unmerge_leads"]

_SURVIVORSHIP = _checks.optional(_checks.a(Survivorship))
_NONE: Mapping[str, int | Decimal] = {}
_CHANCES = _checks.Check("a mapping from ids of leads", lambda value: isinstance(value, Mapping))


def rank_leads(leads: Iterable[Lead], *, probabilities: Mapping[str, int | Decimal] = _NONE) -> tuple[Lead, ...]:
    """Leads in the order in which they survive a merge.

    Open before closed, then the later level in the lifecycle (a former stage is the earliest), then the higher
    probability, then the older lead.

    Args:
        leads: Each once.
        probabilities: Of becoming a customer, in percent, by id of the lead, such as `OutcomeTable` predicts them; a
            lead without one comes after those with one.

    Raises:
        InvalidValue: For what is no lead, one that is there twice, or a probability outside 0 to 100.

    .. versionadded:: 0.1.0
    """
    found = _checks.items("rank_leads.leads", leads)
    _checks.each(_checks.a(Lead)).require("rank_leads.leads", found)
    _checks.unique("id").require("rank_leads.leads", found)
    _CHANCES.require("rank_leads.probabilities", probabilities)
    for lead, chance in probabilities.items():
        PERCENT.require(f"rank_leads.probabilities[{lead!r}]", chance)

    def key(lead: Lead) -> Any:
        place = -1 if lead.place is None else lead.place
        return lead.is_closed, -place, -probabilities.get(lead.id, -1), moment(lead.opened_at), lead.id

    return tuple(sorted(found, key=key))


def merge_leads(
    leads: Iterable[Lead],
    *,
    by: str,
    reason: str,
    at: datetime,
    probabilities: Mapping[str, int | Decimal] = _NONE,
    survivorship: Survivorship | None = None,
) -> tuple[Change[Lead], ...]:
    """Let the best of several leads take what the others know; `unmerge_leads` gives it back.

    The first in the order of `rank_leads` survives. It keeps what it states; where it states nothing, the next that
    does counts. Points, tags, touches, links and every no are united, and the level is the latest of all.

    Args:
        leads: Two or more.
        by: Who says so.
        reason: Why.
        at: When.
        probabilities: As of `rank_leads`.
        survivorship: Which statement of the party shows where several say something; None is the first in rank order.

    Returns:
        A change of the survivor first, and then of each other lead, in the order of the rank.

    Raises:
        InvalidValue: For fewer than two leads, a wrong type, or a naive datetime.
        Rejected: `already_converted` for a lead that is a customer (convert the other one into it), `merged` for one
            that was merged already, `out_of_order`.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 2, 10, tzinfo=timezone.utc)
        >>> old = Lead.open("l1", "web", person="Ada Lovelace", at=day).state
        >>> new = Lead.open("l2", "fair", company="Engines Ltd", level="mql", at=day).state
        >>> survivor, other = merge_leads([old, new], by="eve", reason="same address", at=day)
        >>> survivor.state.id, str(survivor.state.person), other.state.merged_into
        ('l2', 'Ada Lovelace', 'l2')

    .. versionadded:: 0.1.0
    """
    ranked = rank_leads(leads, probabilities=probabilities)
    _SURVIVORSHIP.require("merge_leads.survivorship", survivorship)
    if len(ranked) < 2:  # noqa: PLR2004 - two
        raise InvalidValue("merge_leads.leads", ranked, "two leads or more")
    heads = [lead._next("merge_leads", at, _MERGEABLE) for lead in ranked]  # noqa: SLF001 - commands of the aggregate
    survivor, *others = ranked
    whys: dict[str, Any] = {"by": by, "reason": reason}
    brought = tuple([_brought(lead) for lead in others])
    took = LeadsMerged(**heads[0], others=brought, survivorship=survivorship, **whys)
    gone = [LeadMergedInto(**head, survivor=survivor.id, **whys) for head in heads[1:]]
    return (_after(survivor, took), *map(_after, others, gone))


_MERGEABLE = ("new", "working", "qualified", "nurturing", "disqualified")
_TAKEN = tuple(field.name for field in attrs.fields(MergedLead) if field.name != "lead")


def _brought(lead: Lead) -> MergedLead:
    return MergedLead(lead=lead.id, **{name: getattr(lead, name) for name in _TAKEN})


def _after(lead: Lead, event: Any) -> Change[Lead]:
    return Change(Lead.evolve(lead, event), (event,))


def unmerge_leads(
    survivor: Lead, others: Iterable[Lead], *, by: str, reason: str, at: datetime
) -> tuple[Change[Lead], ...]:
    """Give back what leads brought in a merge: all are what they would be had there been no merge of these.

    What was said of the survivor since stays with it, and what was said of the others stays with them. A no that
    either side heard since stays with both: nobody knows which of them was meant.

    Args:
        survivor: Who took it.
        others: Who brought it; some of those that were merged, or all.
        by: Who says so.
        reason: Why.
        at: When.

    Returns:
        A change of the survivor first, with an event for each merge that is undone, and then of each other lead. Each
        no that it did not hear itself is an event more.

    Raises:
        InvalidValue: For nobody, a wrong type, or a naive datetime.
        Rejected: `not_merged` for a lead that was not merged into this one, `merged` where the survivor was merged in
            turn, `already_converted` where it is a customer with all that the others brought, `out_of_order`.

    .. versionadded:: 0.1.0
    """
    _checks.a(Lead).require("unmerge_leads.survivor", survivor)
    back = _checks.items("unmerge_leads.others", others)
    _checks.each(_checks.a(Lead)).require("unmerge_leads.others", back)
    _checks.unique("id").require("unmerge_leads.others", back)
    if not back:
        raise InvalidValue("unmerge_leads.others", back, "at least one lead")
    survivor._next("unmerge_leads", at, _MERGEABLE)  # noqa: SLF001 - as above
    whys: dict[str, Any] = {"by": by, "reason": reason}
    restored = [_restored(survivor, lead, at, whys) for lead in back]
    change = Change(survivor, ())
    for version, ids in _merges(survivor, {lead.id for lead in back}).items():
        change = change.then(lambda it, version=version, ids=ids: _unmerged(it, at, version, ids, whys))  # type: ignore[misc]  # bound here
    heard = [said for lead in back for said in _heard(lead, _merged_at(lead))]
    return (_told(change, at, heard), *restored)


def _merges(survivor: Lead, wanted: set[str]) -> dict[int, tuple[str, ...]]:
    """The merges by which leads came in, by the version of the event."""
    found = {}
    for event in live(survivor.history):
        if isinstance(event, LeadsMerged):
            ids = tuple(sorted(wanted.intersection(each.lead for each in event.others)))
            if ids:
                found[event.version] = ids
    return found


def _unmerged(lead: Lead, at: datetime, version: int, ids: tuple[str, ...], whys: dict[str, Any]) -> Change[Lead]:
    return _after(
        lead, LeadsUnmerged(source=lead.id, version=lead.version + 1, at=at, undoes=version, others=ids, **whys)
    )


def _restored(survivor: Lead, lead: Lead, at: datetime, whys: dict[str, Any]) -> Change[Lead]:
    if lead.merged_into != survivor.id or lead.id not in survivor.merged:
        raise Rejected("unmerge_leads", "not_merged", {"survivor": survivor.id, "lead": lead.id})
    if is_before(at, lead.changed_at):
        raise Rejected("unmerge_leads", "out_of_order", {"at": at, "not_before": lead.changed_at})
    merge = _merged_at(lead)
    restored = _after(lead, LeadRestored(source=lead.id, version=lead.version + 1, at=at, undoes=merge, **whys))
    since = next(iter(_merges(survivor, {lead.id})))
    return _told(restored, at, _heard(survivor, since))


def _merged_at(lead: Lead) -> int:
    """The version by which a lead went into another one."""
    return max(event.version for event in lead.history if isinstance(event, LeadMergedInto))


def _heard(lead: Lead, since: int) -> list[OptOut]:
    """Every no that a lead heard after a version."""
    return [event.opt_out for event in lead.history[since:] if isinstance(event, LeadOptedOut)]


def _told(change: Change[Lead], at: datetime, heard: Iterable[OptOut]) -> Change[Lead]:
    """The change, and an event for each no that the lead did not hear itself."""
    for said in heard:
        change = change.then(lambda it, said=said: _hearing(it, at, said))  # type: ignore[misc]  # bound here
    return change


def _hearing(lead: Lead, at: datetime, said: OptOut) -> Change[Lead]:
    if said in lead._own().opt_outs:  # noqa: SLF001 - as above
        return Change(lead, ())
    return _after(lead, LeadOptedOut(source=lead.id, version=lead.version + 1, at=at, opt_out=said))
