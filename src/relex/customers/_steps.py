"""What each event changes in a customer that is already there; the only place that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex._trusted import replacing
from relex.customers._events import (
    PLAIN,
    AttributesCleared,
    AttributesSet,
    BornStated,
    CustomerErased,
    CustomerRenamed,
    IdentifierAdded,
    IdentifierRemoved,
    OwnerChanged,
    PointRemoved,
    PointStated,
    PreferencesStated,
    RecordDropped,
    RecordTaken,
    RelationshipEnded,
    RelationshipStated,
    StageChanged,
    SurvivorshipChanged,
    TagsChanged,
)
from relex.customers._parts import CustomerRestored, CustomersMerged, CustomersUnmerged, MergedInto, within
from relex.errors import InvalidValue
from relex.parties import ContactPoint, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from relex.changes import Event
    from relex.customers._customer import Customer
    from relex.customers._parts import MergedPart
    from relex.parties import Identifier

__all__ = ["CHANGES"]

_restated = replacing(Record)
_point_with = replacing(ContactPoint)


def _direct(state: Customer, at: datetime, *times: str, **fields: Any) -> dict[str, Any]:
    """The state's own statements with other fields, and the time of those that have one."""
    return {"direct": _stated(state.direct, at, times, **fields)}


def _stated(record: Record, at: datetime, times: Iterable[str], **fields: Any) -> Record:
    named = dict(record.times) | dict.fromkeys(times, at)
    return _restated(record, times=tuple(sorted(named.items(), key=_first)), **fields)


def _speaking(state: Customer, record: str | None) -> Record:
    """The own statements of a customer, or of one who came in."""
    found = [state.direct] if record is None else [each for each in state.records if each.ref == record]
    if not found:
        raise InvalidValue("event.record", record, "a record of the customer")
    return found[0]


def _with(state: Customer, record: Record) -> dict[str, Any]:
    if record.ref == state.direct.ref:
        return {"direct": record}
    return {"records": tuple([record if found.ref == record.ref else found for found in state.records])}


def _renamed(state: Customer, event: CustomerRenamed) -> dict[str, Any]:
    return _direct(state, event.at, "name", name=event.name)


def _with_identifier(state: Customer, event: IdentifierAdded) -> dict[str, Any]:
    identifiers = tuple(sorted({*state.direct.identifiers, event.identifier}))
    return _items(state, event.at, [_name(event.identifier)], [], identifiers=identifiers)


def _without_identifier(state: Customer, event: IdentifierRemoved) -> dict[str, Any]:
    kept = tuple([found for found in state.direct.identifiers if found != event.identifier])
    stated = any(event.identifier in record.identifiers for record in state.records)
    return _items(state, event.at, [], [_name(event.identifier)] if stated else [], identifiers=kept)


def _name(identifier: Identifier) -> str:
    return f"identifiers.{identifier.kind}:{identifier.value}"


def _retagged(state: Customer, event: TagsChanged) -> dict[str, Any]:
    tags = tuple(sorted({*state.direct.tags, *event.added}.difference(event.removed)))
    stated = {tag for record in state.records for tag in record.tags}
    gone = [f"tags.{tag}" for tag in event.removed if tag in stated]
    return _items(state, event.at, [f"tags.{tag}" for tag in event.added], gone, tags=tags)


def _items(state: Customer, at: datetime, added: list[str], gone: list[str], **fields: Any) -> dict[str, Any]:
    """Items of a field of many; those that a source states are taken back, and may be stated again."""
    if state.direct.cleared or gone:
        fields["cleared"] = tuple(sorted({*state.direct.cleared, *gone}.difference(added)))
    return _direct(state, at, *added, *gone, **fields)


def _assigned(_: Customer, event: OwnerChanged) -> dict[str, Any]:
    return {"owner": event.owner}


def _staged(state: Customer, event: StageChanged) -> dict[str, Any]:
    return {"furthest": event.furthest_stage, "stages": (*state.stages, (event.stage, event.at))}


def _attributed(state: Customer, event: AttributesSet) -> dict[str, Any]:
    values = dict(state.direct.values) | dict(event.values)
    fields = [Record.field_of(name) for name, _ in event.values]
    cleared = tuple([field for field in state.direct.cleared if field not in fields])
    return _direct(state, event.at, *fields, values=tuple(sorted(values.items(), key=_first)), cleared=cleared)


def _emptied(state: Customer, event: AttributesCleared) -> dict[str, Any]:
    values = tuple([(name, value) for name, value in state.direct.values if name not in event.names])
    fields = [Record.field_of(name) for name in event.names]
    return _direct(state, event.at, *fields, values=values, cleared=tuple(sorted({*state.direct.cleared, *fields})))


def _with_point(state: Customer, event: PointStated) -> dict[str, Any]:
    point, record = event.point, _speaking(state, event.record)
    known = {found.field: found for found in record.points}
    before = known.get(point.field)
    times = ["points", point.field]
    if point.primary and (before is None or not before.primary or before == point):
        times += [f"points.{point.kind}", *_SHOWN.get(point.kind, ())]
    elif _is_first(state, record, point):
        times += _SHOWN.get(point.kind, ())
    if point.primary:
        known = {name: _secondary(found) if found.kind == point.kind else found for name, found in known.items()}
    return _with(state, _stated(record, event.at, times, points=tuple((known | {point.field: point}).values())))


_SHOWN = {"email": ("email",), "phone": ("phone",), "postal": ("street", "city", "region", "postal", "country")}
"""The fields that a point of each kind shows in a picture."""


def _is_first(state: Customer, record: Record, point: ContactPoint) -> bool:
    """Whether a point is the first of its kind in a record, and more than a word on what somebody else states."""
    is_alone = all(found.kind != point.kind for found in record.points)
    return is_alone and all(found.field != point.field for each in state.records for found in each.points)


def _secondary(point: ContactPoint) -> ContactPoint:
    return _point_with(point, primary=False) if point.primary else point


def _without_point(state: Customer, event: PointRemoved) -> dict[str, Any]:
    points = tuple([found for found in state.direct.points if found.field != event.point.field])
    times = tuple([pair for pair in state.direct.times if pair[0] != event.point.field])
    return {"direct": _restated(state.direct, points=points, times=times)}


def _tied(state: Customer, event: RelationshipStated | RelationshipEnded) -> dict[str, Any]:
    tie, record = event.relationship, _speaking(state, getattr(event, "record", None))
    kept = [found for found in record.relationships if not tie.displaces(found)]
    times = ["relationships", tie.field]
    return _with(state, _stated(record, event.at, times, relationships=(*kept, tie)))


def _born(state: Customer, event: BornStated) -> dict[str, Any]:
    return _direct(state, event.at, "born", born=event.born)


def _preferring(state: Customer, event: PreferencesStated) -> dict[str, Any]:
    return _direct(state, event.at, "preferences", preferences=event.preferences)


def _with_record(state: Customer, event: RecordTaken) -> dict[str, Any]:
    others = [record for record in state.records if record.ref != event.record.ref]
    return {"records": _in_order([*others, event.record])}


def _without_record(state: Customer, event: RecordDropped) -> dict[str, Any]:
    kept = tuple([record for record in state.records if record.ref != event.record])
    return {"records": kept, "parts": _rid(state.parts, (event.record,))}


def _rid(parts: Iterable[MergedPart], records: tuple[str, ...]) -> tuple[MergedPart, ...]:
    """The parts without a claim to these records."""
    gone = frozenset(records)
    return tuple([part if gone.isdisjoint(part.records) else _unclaimed(part, gone) for part in parts])


def _unclaimed(part: MergedPart, gone: frozenset[str]) -> MergedPart:
    return attrs.evolve(part, records=tuple([ref for ref in part.records if ref not in gone]))


def _surviving(_: Customer, event: SurvivorshipChanged) -> dict[str, Any]:
    return {"survivorship": event.survivorship}


def _merged(state: Customer, event: CustomersMerged) -> dict[str, Any]:
    return {
        "records": _in_order([*state.records, *event.records]),
        "parts": tuple(sorted([*state.parts, *event.parts], key=_part)),
    }


def _merged_into(state: Customer, event: MergedInto) -> dict[str, Any]:
    return {"direct": _nothing(state), "records": (), "parts": (), "merged_into": event.survivor}


def _unmerged(state: Customer, event: CustomersUnmerged) -> dict[str, Any]:
    gone = {part.customer for part in within(event.other, state.parts)}
    return {
        "records": tuple([record for record in state.records if record.ref not in event.records]),
        "parts": _rid([part for part in state.parts if part.customer not in gone], event.records),
    }


def _back(state: Customer, event: CustomerRestored) -> dict[str, Any]:
    own = f"direct/{state.id}"
    [direct] = [record for record in event.records if record.ref == own]
    records = [record for record in event.records if record.ref != own]
    return {"direct": direct, "records": _in_order(records), "parts": event.parts, "merged_into": None}


def _erased(state: Customer, event: CustomerErased) -> dict[str, Any]:
    return {
        "direct": _nothing(state),
        "records": (),
        "survivorship": PLAIN,
        "parts": (),
        "stages": (),
        "furthest": None,
        "owner": None,
        "erased_at": event.at,
    }


def _nothing(state: Customer) -> Record:
    return Record("direct", state.id, state.opened_at, kind=state.direct.kind)


def _in_order(records: list[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=_ref))


def _ref(record: Record) -> str:
    return record.ref


def _part(part: Any) -> str:
    return part.customer  # type: ignore[no-any-return]


def _first(pair: tuple[str, object]) -> str:
    return pair[0]


CHANGES: dict[type[Event], Callable[[Any, Any], dict[str, Any]]] = {
    AttributesCleared: _emptied,
    AttributesSet: _attributed,
    BornStated: _born,
    CustomerErased: _erased,
    CustomerRenamed: _renamed,
    CustomerRestored: _back,
    CustomersMerged: _merged,
    CustomersUnmerged: _unmerged,
    IdentifierAdded: _with_identifier,
    IdentifierRemoved: _without_identifier,
    MergedInto: _merged_into,
    OwnerChanged: _assigned,
    PointRemoved: _without_point,
    PointStated: _with_point,
    PreferencesStated: _preferring,
    RecordDropped: _without_record,
    RecordTaken: _with_record,
    RelationshipEnded: _tied,
    RelationshipStated: _tied,
    StageChanged: _staged,
    SurvivorshipChanged: _surviving,
    TagsChanged: _retagged,
}
