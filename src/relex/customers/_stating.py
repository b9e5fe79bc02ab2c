"""Commands by which a company states what it knows: points, ties, records. Decides events; never makes a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before
from relex.calendars import Period
from relex.changes import Change
from relex.customers._events import (
    PointRemoved,
    PointStated,
    RelationshipEnded,
    RelationshipStated,
)
from relex.errors import InvalidValue, Rejected
from relex.parties import ContactPoint, Record, Relationship

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.changes import Event
    from relex.customers._customer import Customer

__all__ = ["add_point", "change_point", "end_relation", "relate", "remove_point", "taken"]

_POINT = _checks.a(ContactPoint)
_CHANGING = ("primary", "purposes", "region", "shared", "state", "valid", "verified_at")


def add_point(state: Customer, version: int, point: ContactPoint, at: datetime) -> Change[Customer]:
    """See `Customer.add_point`."""
    _POINT.require("add_point.point", point)
    return _stated(state, version, point, at)


def change_point(
    state: Customer, version: int, point: ContactPoint, at: datetime, changes: Mapping[str, Any]
) -> Change[Customer]:
    """See `Customer.change_point`."""
    _POINT.require("change_point.point", point)
    for name in changes:
        _checks.one_of(*_CHANGING).require("change_point", name)
    known = _find(state.points, point)
    if known is None:
        raise Rejected("change_point", "unknown_point", {"point": point.field})
    own = _find(state.direct.points, point)
    stays = {"primary": own is not None and own.primary}  # a source's word for the primary one stays a source's
    return _stated(state, version, attrs.evolve(known, **(stays | dict(changes))), at)


def remove_point(state: Customer, version: int, point: ContactPoint, at: datetime) -> Change[Customer]:
    """See `Customer.remove_point`."""
    _POINT.require("remove_point.point", point)
    known = _find(state.points, point)
    if known is None:
        return Change(state, ())
    if all(_find(record.points, point) is None for record in state.records):
        return _changed(state, PointRemoved(source=state.id, version=version, at=at, point=known))
    if known.valid is not None and known.valid.end is not None and not is_before(at, _instant(known.valid.end)):
        return Change(state, ())
    return _stated(state, version, attrs.evolve(known, primary=False, valid=_until(known.valid, state, at)), at)


def _find(points: tuple[ContactPoint, ...], point: ContactPoint) -> ContactPoint | None:
    return next((found for found in points if found.field == point.field), None)


def _stated(state: Customer, version: int, point: ContactPoint, at: datetime) -> Change[Customer]:
    if _find(state.direct.points, point) == point and (_find(state.points, point) == point or not point.primary):
        return Change(state, ())
    return _changed(state, PointStated(source=state.id, version=version, at=at, point=point))


def _instant(value: Any) -> datetime:
    return value  # type: ignore[no-any-return]


def _until(valid: Period | None, state: Customer, end: datetime) -> Period:
    start: Any = state.opened_at if valid is None else valid.start
    return Period(end if is_before(end, start) else start, end)


def relate(state: Customer, version: int, relationship: Relationship, at: datetime) -> Change[Customer]:
    """See `Customer.relate`."""
    _checks.a(Relationship).require("relate.relationship", relationship)
    if relationship.to == state.id:
        raise InvalidValue("relate.to", relationship.to, "the id of another party")
    if relationship in state.relationships:
        return Change(state, ())
    for other in state.relationships:
        if relationship.displaces(other):
            raise Rejected("relate", "overlap", {"kind": other.kind, "to": other.to, "valid": other.valid})
    return _changed(state, RelationshipStated(source=state.id, version=version, at=at, relationship=relationship))


def end_relation(
    state: Customer, version: int, tie: tuple[str, str, str | None], at: datetime, end: datetime
) -> Change[Customer]:
    """See `Customer.end_relation`."""
    kind, to, role = tie
    _checks.instant.require("end_relation.ended_at", end)
    going = [
        found
        for found in state.relationships
        if (found.kind, found.to) == (kind, to) and (found.valid is None or found.valid.end is None)
    ]
    found = [each for each in going if each.role == role] or (going if role is None else [])
    if len(found) > 1:
        raise Rejected("end_relation", "ambiguous", {"kind": kind, "to": to, "roles": tuple(e.role for e in found)})
    if not found:
        return Change(state, ())
    valid = found[0].valid
    if valid is not None and is_before(end, _instant(valid.start)):
        raise InvalidValue("end_relation.ended_at", end, f"no earlier than the tie began, {valid.start.isoformat()}")
    ended = attrs.evolve(found[0], valid=_until(valid, state, end))
    return _changed(state, RelationshipEnded(source=state.id, version=version, at=at, relationship=ended))


def taken(path: str, record: Any) -> Record:
    """The record, if it is one of a source."""
    _checks.a(Record).require(path, record)
    if record.source == "direct":
        raise InvalidValue(path, record.ref, "a record of a source; what is direct is stated by commands")
    return record  # type: ignore[no-any-return]


def _changed(state: Customer, event: Event) -> Change[Customer]:
    return Change(state.evolve(state, event), (event,))
