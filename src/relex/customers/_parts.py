"""The parts of a merged customer: who came in, with which records, and how far each had come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.changes import Event
from relex.codec import tagged
from relex.parties import Lifecycle, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "STAGES",
    "CustomerRestored",
    "CustomersMerged",
    "CustomersUnmerged",
    "MergedInto",
    "MergedPart",
    "furthest_of",
    "moments",
    "stage_of",
    "within",
]

_TEXTS = _checks.each(_checks.text)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_RECORDS = _checks.each(_checks.a(Record))


def _is_stage(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) == len(("stage", "since"))
        and _checks.text.passes(value[0])
        and _checks.instant.passes(value[1])
    )


STAGES = _checks.each(_checks.Check("a pair (stage, datetime with a time zone)", _is_stage))


def moments(stages: tuple[tuple[str, datetime], ...]) -> tuple[tuple[str, timedelta], ...]:
    """Stages as they are compared."""
    return tuple([(stage, moment(since)) for stage, since in stages])


@tagged("customers.MergedPart")
@attrs.frozen(kw_only=True, weakref_slot=False)
class MergedPart:
    """A customer who was merged into another one.

    Attributes:
        customer: Who came in.
        into: The customer that took it, who may have been merged in turn.
        at: When.
        records: Sorted records that came with it, such as `crm/7`.
        stages: Its own (stage, since) pairs.
        furthest: The furthest of them.
        moves: How many stages of its own the other one had by then; a later one of those counts alone.
        lifecycle: By which the furthest is told.
        assertion: Id of the `SameAs` that was written with the merge; None where there is none.

    .. versionadded:: 0.1.0
    """

    customer: str = attrs.field(validator=_checks.text)
    into: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    records: tuple[str, ...] = attrs.field(validator=_TEXTS)
    stages: tuple[tuple[str, datetime], ...] = attrs.field(default=(), validator=STAGES, eq=moments)
    furthest: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    moves: int = attrs.field(default=0, validator=_checks.whole(least=0))
    lifecycle: Lifecycle = attrs.field(default=Lifecycle(), validator=_checks.a(Lifecycle))
    assertion: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


_NAMED = _checks.each(
    _checks.Check("a pair (stored name, id)", lambda value: _TEXTS.passes(value) and len(value) == len(("name", "id")))
)
_PARTS = _checks.each(_checks.a(MergedPart))


@tagged("customers.CustomersMerged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomersMerged(Event):
    """A customer took all records of another one, who turned out to be the same.

    Attributes:
        other: Who came in.
        by: Who says so.
        reason: Why.
        records: All that was stated of the other one, its own statements first.
        parts: The other one, and those that it had taken itself.

    .. versionadded:: 0.1.0
    """

    other: str = attrs.field(validator=_checks.text)
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)
    records: tuple[Record, ...] = attrs.field(validator=_RECORDS)
    parts: tuple[MergedPart, ...] = attrs.field(validator=_PARTS)


@tagged("customers.MergedInto")
@attrs.frozen(kw_only=True, weakref_slot=False)
class MergedInto(Event):
    """A customer turned out to be another one, who has all the records now.

    Attributes:
        survivor: The other one.
        by: Who says so.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    survivor: str = attrs.field(validator=_checks.text)
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)


@tagged("customers.CustomersUnmerged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomersUnmerged(Event):
    """A customer gave back the records of another one, who is not the same after all.

    Attributes:
        other: Who goes out.
        by: Who says so.
        reason: Why.
        records: Sorted records that go out, such as `crm/7`.

    .. versionadded:: 0.1.0
    """

    other: str = attrs.field(validator=_checks.text)
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)
    records: tuple[str, ...] = attrs.field(validator=_TEXTS)


@tagged("customers.CustomerRestored")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomerRestored(Event):
    """A customer that was merged into another one stands alone again.

    Attributes:
        survivor: The customer who gave back the records.
        by: Who says so.
        reason: Why.
        records: All that is stated of this one, its own statements first.
        parts: The customers that this one had taken itself.
        entries: Sorted (stored name, id) pairs of entries that were recorded on the other one meanwhile and belong
            here, such as `("customers.Consent", "e7")`.

    .. versionadded:: 0.1.0
    """

    survivor: str = attrs.field(validator=_checks.text)
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)
    records: tuple[Record, ...] = attrs.field(validator=_RECORDS)
    parts: tuple[MergedPart, ...] = attrs.field(default=(), validator=_PARTS)
    entries: tuple[tuple[str, str], ...] = attrs.field(default=(), validator=_NAMED)


def within(customer: str, parts: tuple[MergedPart, ...]) -> Iterator[MergedPart]:
    """The part of a customer, and all parts that came with it."""
    for part in parts:
        if part.customer == customer:
            yield part
        elif part.into == customer:
            yield from within(part.customer, parts)


def stage_of(customer: str, stages: tuple[tuple[str, datetime], ...], parts: tuple[MergedPart, ...]) -> str | None:
    """The furthest stage of a customer and of those that came in since its own last move.

    A stage that has an order is further than one of those who have left, and the newer one of two of these counts.
    """
    found = _last(customer, stages, parts)
    return None if found is None else found[0]


def _last(
    customer: str, stages: tuple[tuple[str, datetime], ...], parts: tuple[MergedPart, ...]
) -> tuple[str, datetime] | None:
    best = stages[-1] if stages else None
    for part in parts:
        if part.into == customer and part.moves == len(stages):
            other = _last(part.customer, part.stages, parts)
            best = other if other is not None and _beats(other, best, part.lifecycle) else best
    return best


def _beats(one: tuple[str, datetime], other: tuple[str, datetime] | None, lifecycle: Lifecycle) -> bool:
    if other is None:
        return True
    places = {stage: place for place, stage in enumerate(lifecycle.stages, start=1)}
    return _rank(one, places) > _rank(other, places)


def _rank(stage: tuple[str, datetime], places: dict[str, int]) -> tuple[int, timedelta, str]:
    name, since = stage
    place = places.get(name, 0)
    return (place, timedelta(0), name) if place else (0, moment(since), name)


def furthest_of(furthest: str | None, parts: tuple[MergedPart, ...]) -> str | None:
    """The furthest stage that a customer or any of its parts has come to."""
    for part in parts:
        if part.furthest is not None and part.lifecycle.is_further(part.furthest, furthest):
            furthest = part.furthest
    return furthest
