"""The parts of a merged customer: who came in, with which records, and how far each had come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.changes import Event
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.parties import Lifecycle, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "STAGES",
    "CustomerRestored",
    "CustomersMerged",
    "CustomersUnmerged",
    "MergedInto",
    "MergedPart",
    "are_of",
    "furthest_of",
    "moments",
    "own",
    "stage_of",
    "within",
]

_TEXTS = _checks.each(_checks.text)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_RECORDS = _checks.each(_checks.a(Record))
_EACH_ONCE = _checks.unique("ref")


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

    def __attrs_post_init__(self) -> None:
        """Check that nothing comes in twice."""
        _EACH_ONCE.require("CustomersMerged.records", self.records)


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

    def __attrs_post_init__(self) -> None:
        """Check that there are two."""
        if self.survivor == self.source:
            raise InvalidValue("MergedInto.survivor", self.survivor, f"another customer than {self.source}")


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

    def __attrs_post_init__(self) -> None:
        """Check that its own statements are there, and nothing twice."""
        _EACH_ONCE.require("CustomerRestored.records", self.records)
        if all(record.ref != f"direct/{self.source}" for record in self.records):
            raise InvalidValue("CustomerRestored.records", self.records, f"the record direct/{self.source} among them")


def within(customer: str, parts: tuple[MergedPart, ...]) -> tuple[MergedPart, ...]:
    """The part of a customer first, and then all parts that came with it; none where the customer is no part."""
    own_part = [part for part in parts if part.customer == customer]
    return (*own_part, *_below(customer, parts)) if own_part else ()


def _below(customer: str, parts: tuple[MergedPart, ...]) -> list[MergedPart]:
    """The parts that a customer took, then those that these had taken, and so on."""
    came: dict[str, list[MergedPart]] = {}
    for part in parts:
        came.setdefault(part.into, []).append(part)
    found = list(came.get(customer, ()))
    for part in found:
        found += came.get(part.customer, ())
    return found


def are_of(customer: str, parts: tuple[MergedPart, ...]) -> bool:
    """Whether each part came to a customer once, directly or with another part."""
    names = {part.customer for part in parts}
    return len(names) == len(parts) and customer not in names and len(_below(customer, parts)) == len(parts)


def own(records: Iterable[Record], parts: tuple[MergedPart, ...]) -> tuple[Record, ...]:
    """The records that did not come in with somebody else."""
    came = {ref for part in parts for ref in part.records}
    return tuple([record for record in records if record.ref not in came])


def stage_of(customer: str, stages: tuple[tuple[str, datetime], ...], parts: tuple[MergedPart, ...]) -> str | None:
    """The furthest stage of a customer and of those that came in since its own last move.

    A stage that has an order is further than one of those who have left, and the newer one of two of these counts.
    """
    below = _below(customer, parts)
    moves = {customer: stages} | {part.customer: part.stages for part in below}
    best = {name: each[-1] if each else None for name, each in moves.items()}
    for part in reversed(below):  # whoever came to a part is told before the part is
        mine = best[part.customer]
        if mine is None or part.moves != len(moves[part.into]):
            continue
        if _beats(mine, best[part.into], part.lifecycle):
            best[part.into] = mine
    found = best[customer]
    return None if found is None else found[0]


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
