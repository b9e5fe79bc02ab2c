"""What each event changes in a lead; the only place that says so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import attrs

from relex._instants import moment
from relex._trusted import replacing
from relex.parties import ContactPoint, Policy, Record, Survivorship, golden
from relex.pipeline._lead_events import (
    LeadAssigned,
    LeadConverted,
    LeadCorrected,
    LeadDisqualified,
    LeadLevelChanged,
    LeadLinksChanged,
    LeadMergedInto,
    LeadOptedOut,
    LeadPointsChanged,
    LeadQualified,
    LeadRecycled,
    LeadReopened,
    LeadRestored,
    LeadsMerged,
    LeadsUnmerged,
    LeadTagsChanged,
    LeadTouched,
    LeadWorked,
)
from relex.pipeline._lead_parts import CampaignTouch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from relex.pipeline._lead import Lead
    from relex.pipeline._lead_events import LeadEvent, LeadOpened, LevelEntry
    from relex.pipeline._lead_parts import OptOut

__all__ = ["CHANGES", "Heard", "live", "of_one_record", "opened"]

_FIRST: dict[str, Any] = {
    "status": "new",
    "links": (),
    "recycles": 0,
    "due_at": None,
    "reason": None,
    "note": None,
    "customer": None,
    "contact": None,
    "opportunity": None,
    "converted_at": None,
    "closed_at": None,
    "merged": (),
    "merged_into": None,
}
"""What a lead begins with, but for what its opening says."""

_restated = replacing(Record)
_point_with = replacing(ContactPoint)


def live(history: tuple[LeadEvent, ...]) -> Iterable[LeadEvent]:
    """The events that count: without what a later one undoes."""
    gone = {event.undoes for event in history if isinstance(event, LeadRestored)}
    left: dict[int, set[str]] = {}
    for event in history:
        if isinstance(event, LeadsUnmerged):
            left.setdefault(event.undoes, set()).update(event.others)
    if not gone and not left:
        return history
    return [
        found
        for event in history
        if event.version not in gone or not isinstance(event, LeadMergedInto)
        if (found := _without(event, left.get(event.version, set()))) is not None
    ]


def _without(event: LeadEvent, leads: set[str]) -> LeadEvent | None:
    """An event without what these leads brought; None where nobody else brought anything."""
    if not isinstance(event, LeadsMerged) or not leads:
        return event
    others = tuple([each for each in event.others if each.lead not in leads])
    return attrs.evolve(event, others=others) if others else None


def opened(event: LeadOpened) -> dict[str, Any]:
    """The whole state after the first event."""
    touches = () if event.campaign is None else (CampaignTouch(event.campaign, event.at),)
    return {
        **_FIRST,
        "id": event.source,
        "source": event.origin,
        "opened_at": event.at,
        "record": event.record,
        "amount": event.amount,
        "owner": event.owner,
        "touches": touches,
        "opt_outs": event.opt_outs,
        "level": event.to,
        "place": event.place,
        "furthest_level": event.to,
        "furthest_place": event.place,
    }


def _level(state: Lead, event: LevelEntry) -> dict[str, Any]:
    found: dict[str, Any] = {"level": event.to, "place": event.place}
    if _order(event.place) > _order(state.furthest_place):
        found |= {"furthest_level": event.to, "furthest_place": event.place}
    return found


def _leveled(state: Lead, event: LeadLevelChanged) -> dict[str, Any]:
    """As far as it follows somebody (no reason is given), a lead never falls: another lead may have brought more."""
    now = state.furthest_place if state.place is None else state.place
    return {} if event.reason is None and _order(event.place) <= _order(now) else _level(state, event)


def _order(place: int | None) -> int:
    return -1 if place is None else place


def _assigned(_: Lead, event: LeadAssigned) -> dict[str, Any]:
    return {"owner": event.to}


def _worked(_: Lead, __: LeadWorked) -> dict[str, Any]:
    return {"status": "working", "closed_at": None}


def _qualified(state: Lead, event: LeadQualified) -> dict[str, Any]:
    return {**_level(state, event), "status": "qualified", "due_at": None, "reason": None, "closed_at": None}


def _disqualified(_: Lead, event: LeadDisqualified) -> dict[str, Any]:
    known = {"reason": event.reason, "note": event.note, "closed_at": event.at}
    return {**known, "status": "disqualified", "due_at": None}


def _recycled(state: Lead, event: LeadRecycled) -> dict[str, Any]:
    told = {"due_at": event.until, "reason": event.reason, "recycles": state.recycles + 1}
    return {**told, "status": "nurturing", "closed_at": None}


def _reopened(_: Lead, __: LeadReopened) -> dict[str, Any]:
    return {"status": "working", "due_at": None, "reason": None, "note": None, "closed_at": None}


def _touched(state: Lead, event: LeadTouched) -> dict[str, Any]:
    touches, new = state.touches, CampaignTouch(event.campaign, event.touched_at)
    now = moment(new.at)
    end = bisect_right(touches, now, key=_touched_at)
    start = bisect_left(touches, now, hi=end, key=_touched_at)
    return {} if new in touches[start:end] else {"touches": (*touches[:end], new, *touches[end:])}


def _touched_at(touch: CampaignTouch) -> Any:
    return moment(touch.at)


def _in_time(touches: Iterable[CampaignTouch]) -> tuple[CampaignTouch, ...]:
    """Oldest first; of one instant, in the order in which they became known."""
    return tuple(sorted(dict.fromkeys(touches), key=_touched_at))


def _opted_out(state: Lead, event: LeadOptedOut) -> dict[str, Any]:
    return {} if event.opt_out in state.opt_outs else {"opt_outs": (*state.opt_outs, event.opt_out)}


class Heard:
    """What a fold hears of touches, opt-outs and links, of which there may be thousands: told to the lead at once.

    To make a new tuple for each of them would take the square of their number.
    """

    __slots__ = ("_links", "_said", "_touches")

    def __init__(self) -> None:
        self._touches: list[CampaignTouch] = []
        self._said: list[OptOut] = []
        self._links: list[LeadLinksChanged] = []

    def hears(self, event: LeadEvent) -> bool:
        """Keep the event, if it is one of these."""
        if isinstance(event, LeadTouched):
            self._touches.append(CampaignTouch(event.campaign, event.touched_at))
        elif isinstance(event, LeadOptedOut):
            self._said.append(event.opt_out)
        elif isinstance(event, LeadLinksChanged):
            self._links.append(event)
        else:
            return False
        return True

    def told(self, state: Lead) -> dict[str, Any]:
        """What all of it changes in a lead."""
        links = dict.fromkeys(state.links)
        for event in self._links:
            links |= dict.fromkeys(event.added)
            for link in event.removed:
                links.pop(link, None)
        return {
            "touches": _in_time([*state.touches, *self._touches]),
            "opt_outs": _once([*state.opt_outs, *self._said]),
            "links": tuple(links),
        }


def _once(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


def _corrected(state: Lead, event: LeadCorrected) -> dict[str, Any]:
    stated, record = event.stated, state.record
    values = {name: value for name, value in record.values if name not in stated.cleared} | dict(stated.values)
    found: dict[str, Any] = {"values": tuple(sorted(values.items(), key=_first))}
    for name in ("name", "preferences"):
        value = getattr(stated, name)
        if value is not None or name in stated.cleared:
            found[name] = value
    amount = None if "amount" in stated.cleared else state.amount if event.amount is None else event.amount
    said = [*dict(stated.values), *[name for name in ("name", "preferences") if getattr(stated, name) is not None]]
    return {"record": _told(record, stated.at, said, **found), "amount": amount}


def _told(record: Record, at: datetime, fields: Iterable[str], **changes: Any) -> Record:
    """The statement with other fields, and the instant of those that were stated now."""
    times = dict(record.times) | dict.fromkeys(fields, at)
    return _restated(record, times=tuple(sorted(times.items(), key=_first)), **changes)


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _repointed(state: Lead, event: LeadPointsChanged) -> dict[str, Any]:
    gone = {point.field for point in event.removed}
    points = {point.field: point for point in state.record.points if point.field not in gone}
    for point in event.added:
        if point.primary:
            points = {field: _secondary(found, point.kind) for field, found in points.items()}
        points[point.field] = point
    said = [point.field for point in event.added]
    return {"record": _told(state.record, event.at, said, points=tuple(points.values()))}


def _secondary(point: ContactPoint, kind: str) -> ContactPoint:
    return _point_with(point, primary=False) if point.primary and point.kind == kind else point


def _retagged(state: Lead, event: LeadTagsChanged) -> dict[str, Any]:
    tags = {*state.record.tags, *event.added}.difference(event.removed)
    return {"record": _restated(state.record, tags=tuple(sorted(tags)))}


def _relinked(state: Lead, event: LeadLinksChanged) -> dict[str, Any]:
    kept = [link for link in (*state.links, *event.added) if link not in event.removed]
    return {"links": _once(kept)}


def _converted(state: Lead, event: LeadConverted) -> dict[str, Any]:
    return {
        **_level(state, event),
        "status": "converted",
        "customer": event.customer,
        "contact": event.contact,
        "opportunity": event.opportunity,
        "converted_at": event.at,
        "closed_at": event.at,
        "due_at": None,
        "reason": None,
    }


def _merged(state: Lead, event: LeadsMerged) -> dict[str, Any]:
    every = event.others
    levels = [(state.place, state.level), *[(each.place, each.level) for each in every]]
    furthest = [(state.furthest_place, state.furthest_level)]
    furthest += [(each.furthest_place, each.furthest_level) for each in every]
    place, level = max(levels, key=_placed)
    furthest_place, furthest_level = max(furthest, key=_placed)
    return {
        "record": of_one_record(state.record, [each.record for each in every], event.survivorship),
        "amount": _first_of([state.amount, *[each.amount for each in every]]),
        "owner": _first_of([state.owner, *[each.owner for each in every]]),
        "touches": _in_time([*[touch for each in every[::-1] for touch in each.touches], *state.touches]),
        "opt_outs": _once([*state.opt_outs, *[said for each in every for said in each.opt_outs]]),
        "links": _once([*state.links, *[link for each in every for link in each.links]]),
        "level": level,
        "place": place,
        "furthest_level": furthest_level,
        "furthest_place": furthest_place,
        "recycles": state.recycles + sum([each.recycles for each in every]),
        "merged": (*state.merged, *[each.lead for each in every]),
    }


def _placed(pair: tuple[int | None, str]) -> int:
    return _order(pair[0])


def _first_of(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def of_one_record(record: Record, others: Iterable[Record], survivorship: Survivorship | None) -> Record:
    """The statement of a lead after others were merged into it; by default the first of them that says something."""
    every = (record, *others)
    rules = Survivorship(Policy.ranked(*[each.ref for each in every])) if survivorship is None else survivorship
    found = golden(every, rules, first=(record.ref,))
    told = [(field, origin.at) for field, origin in found.origins.items()]
    times = [(field, at) for field, at in told if at is not None and moment(at) != moment(record.at)]
    return Record(
        record.source,
        record.key,
        record.at,
        name=found.get("name"),
        points=found.get("points") or (),
        tags=found.get("tags") or (),
        preferences=found.get("preferences"),
        values=found.attributes,
        times=times,
    )


def _into(_: Lead, event: LeadMergedInto) -> dict[str, Any]:
    return {"merged_into": event.survivor, "status": "merged"}


def _nothing(_: Lead, __: LeadEvent) -> dict[str, Any]:
    """What an undoing changes is that another event does not count."""
    return {}


CHANGES: dict[type[LeadEvent], Callable[[Any, Any], dict[str, Any]]] = {
    LeadAssigned: _assigned,
    LeadConverted: _converted,
    LeadCorrected: _corrected,
    LeadDisqualified: _disqualified,
    LeadLevelChanged: _leveled,
    LeadLinksChanged: _relinked,
    LeadMergedInto: _into,
    LeadOptedOut: _opted_out,
    LeadPointsChanged: _repointed,
    LeadQualified: _qualified,
    LeadRecycled: _recycled,
    LeadReopened: _reopened,
    LeadRestored: _nothing,
    LeadTagsChanged: _retagged,
    LeadTouched: _touched,
    LeadWorked: _worked,
    LeadsMerged: _merged,
    LeadsUnmerged: _nothing,
}
