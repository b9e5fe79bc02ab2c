"""Commands by which a company states what it knows: points, ties, records. Decides events; never makes a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.calendars import Period
from relex.changes import Change
from relex.customers._events import (
    PointRemoved,
    PointStated,
    RelationshipEnded,
    RelationshipStated,
)
from relex.customers._parts import own
from relex.errors import InvalidValue, Rejected
from relex.parties import ContactPoint, Record, Relationship, golden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from relex.changes import Event
    from relex.customers._customer import Customer

__all__ = ["add_point", "change_point", "end_relation", "known", "relate", "remove_point", "taken"]

_POINT = _checks.a(ContactPoint)
_CHANGING = ("primary", "purposes", "region", "shared", "state", "valid", "verified_at")


def known(state: Customer, field: str) -> tuple[Any, ...]:
    """The items of a field that show, and not only because somebody who came in has them."""
    shown: tuple[Any, ...] = getattr(state, field)
    if not state.parts:
        return shown
    said = {item for record in own((state.direct, *state.records), state.parts) for item in getattr(record, field)}
    return tuple([item for item in shown if item in said])


def add_point(state: Customer, version: int, point: ContactPoint, at: datetime) -> Change[Customer]:
    """See `Customer.add_point`."""
    _POINT.require("add_point.point", point)
    change = _stated(state, version, point, at, None)
    return change.then(lambda now: _claimed(now, point, at)) if point.primary else change


def change_point(
    state: Customer, version: int, point: ContactPoint, at: datetime, changes: Mapping[str, Any]
) -> Change[Customer]:
    """See `Customer.change_point`."""
    _POINT.require("change_point.point", point)
    for name in changes:
        _checks.one_of(*_CHANGING).require("change_point", name)
    shown = _find(state.points, point)
    if shown is None:
        raise Rejected("change_point", "unknown_point", {"point": point.field})
    speaker, found = _told(state, shown)
    is_claim = changes.get("primary") is True
    record = state.direct.ref if is_claim else speaker.ref
    before = _find((state.direct if is_claim else speaker).points, point)
    stays = {"primary": before is not None and before.primary}  # a source's word for the primary one stays a source's
    new = attrs.evolve(found, **(stays | dict(changes)))
    change = _stated(state, version, new, at, record)
    return change.then(lambda now: _claimed(now, new, at)) if is_claim else change


def remove_point(state: Customer, version: int, point: ContactPoint, at: datetime) -> Change[Customer]:
    """See `Customer.remove_point`."""
    _POINT.require("remove_point.point", point)
    shown = _find(state.points, point)
    if shown is None:
        return Change(state, ())
    if all(_find(record.points, point) is None for record in state.records):
        return _changed(state, PointRemoved(source=state.id, version=version, at=at, point=shown))
    if shown.valid is not None and shown.valid.end is not None and not is_before(at, _instant(shown.valid.end)):
        return Change(state, ())
    speaker, found = _told(state, shown)
    gone = attrs.evolve(found, primary=False, valid=_until(found.valid, state, at))
    return _stated(state, version, gone, at, speaker.ref)


def _find(points: tuple[ContactPoint, ...], point: ContactPoint) -> ContactPoint | None:
    return next((found for found in points if found.field == point.field), None)


def _told(state: Customer, shown: ContactPoint) -> tuple[Record, ContactPoint]:
    """Among whose statements more is said of a point, and what is known of it there.

    What only somebody who came in has is told there, so that it goes back with the point.
    """
    if not state.parts:
        return state.direct, shown
    speaker, records = _speaker(state, lambda record: _find(record.points, shown) is not None)
    return speaker, _find(golden(records)["points"], shown) or shown


def _speaker(state: Customer, holds: Callable[[Record], bool]) -> tuple[Record, tuple[Record, ...]]:
    """Who states something: the customer itself where it does, else one who came in; with all records of these."""
    owns = own((state.direct, *state.records), state.parts)
    if any(map(holds, owns)):
        return state.direct, owns
    ref = next(record.ref for record in state.records if holds(record))
    part = next(part for part in state.parts if ref in part.records)
    theirs = tuple(record for record in state.records if record.ref in part.records)
    return next((record for record in theirs if record.ref == f"direct/{part.customer}"), state.direct), theirs


def _stated(state: Customer, version: int, point: ContactPoint, at: datetime, record: str | None) -> Change[Customer]:
    of = None if record == state.direct.ref else record
    said = next(each for each in (state.direct, *state.records) if each.ref == (record or state.direct.ref))
    if _find(said.points, point) == point:
        return Change(state, ())
    return _changed(state, PointStated(source=state.id, version=version, at=at, point=point, record=of))


def _claimed(state: Customer, point: ContactPoint, at: datetime) -> Change[Customer]:
    """The point is stated once more where another one still shows as the primary one."""
    shown = _find(state.points, point)
    if shown is None or shown.primary or moment(state.direct.time(f"points.{point.kind}")) == moment(at):
        return Change(state, ())
    return _changed(state, PointStated(source=state.id, version=state.version + 1, at=at, point=point))


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
    if relationship in known(state, "relationships"):
        return Change(state, ())
    for other in state.relationships:
        if relationship != other and relationship.displaces(other):
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
    speaker, _ = _speaker(state, lambda record: found[0] in record.relationships)
    of = None if speaker.ref == state.direct.ref else speaker.ref
    event = RelationshipEnded(source=state.id, version=version, at=at, relationship=ended, record=of)
    return _changed(state, event)


def taken(path: str, record: Any) -> Record:
    """The record, if it is one of a source."""
    _checks.a(Record).require(path, record)
    if record.source == "direct":
        raise InvalidValue(path, record.ref, "a record of a source; what is direct is stated by commands")
    return record  # type: ignore[no-any-return]


def _changed(state: Customer, event: Event) -> Change[Customer]:
    return Change(state.evolve(state, event), (event,))
