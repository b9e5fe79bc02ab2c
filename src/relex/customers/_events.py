"""What happens to a customer."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias, TypeGuard

import attrs

from relex import _checks
from relex.changes import Event
from relex.codec import tagged
from relex.customers._attributes import AttributeValue, is_attribute_value
from relex.errors import InvalidValue
from relex.parties import (
    ContactPoint,
    Identifier,
    OrganizationName,
    PersonName,
    Preferences,
    Record,
    Relationship,
    Survivorship,
)

__all__ = [
    "BORN",
    "PLAIN",
    "VALUES",
    "AttributesCleared",
    "AttributesSet",
    "BornStated",
    "CustomerErased",
    "CustomerOpened",
    "CustomerRenamed",
    "IdentifierAdded",
    "IdentifierRemoved",
    "Name",
    "OwnerChanged",
    "PointRemoved",
    "PointStated",
    "PreferencesStated",
    "RecordDropped",
    "RecordTaken",
    "RelationshipEnded",
    "RelationshipStated",
    "StageChanged",
    "SurvivorshipChanged",
    "TagsChanged",
    "is_pair",
]

Name: TypeAlias = PersonName | OrganizationName

_NAME = _checks.a(PersonName, OrganizationName)
_TEXTS = _checks.each(_checks.text)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_RECORDS = _checks.each(_checks.a(Record))

BORN = _checks.Check(
    "a date, a non-empty str, or None",
    lambda value: value is None or _checks.text.passes(value) or _checks.calendar_day.passes(value),
)

PLAIN = Survivorship()
"""What survives where nothing is said of it: the newest statement."""


def is_pair(value: object) -> TypeGuard[tuple[str, Any]]:
    """Whether this is a pair that begins with a name."""
    return isinstance(value, tuple) and len(value) == len(("name", "value")) and _checks.text.passes(value[0])


def _is_value(value: object) -> bool:
    return is_pair(value) and (value[1] is None or is_attribute_value(value[1]))


VALUES = _checks.each(_checks.Check("a pair (name, value of an attribute)", _is_value))


@tagged("customers.CustomerOpened", 2)
@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomerOpened(Event):
    """A customer became known.

    Attributes:
        direct: What the company itself states; it tells the kind, which is fixed from here on.
        records: What sources state.
        survivorship: Which statement survives.
        owner: Who looks after the customer.
        stage: In the lifecycle.

    .. versionadded:: 0.1.0
    """

    direct: Record = attrs.field(validator=_checks.a(Record))
    records: tuple[Record, ...] = attrs.field(default=(), validator=_RECORDS)
    survivorship: Survivorship = attrs.field(default=PLAIN, validator=_checks.a(Survivorship))
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    stage: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    def __attrs_post_init__(self) -> None:
        """Check that the statement is the customer's own."""
        if (self.direct.source, self.direct.key) != ("direct", self.source):
            raise InvalidValue("CustomerOpened.direct", self.direct.ref, f"the record direct/{self.source}")


@tagged("customers.CustomerRenamed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomerRenamed(Event):
    """A customer has another name.

    Attributes:
        name: From now on.

    .. versionadded:: 0.1.0
    """

    name: PersonName | OrganizationName = attrs.field(validator=_NAME)


@tagged("customers.IdentifierAdded")
@attrs.frozen(kw_only=True, weakref_slot=False)
class IdentifierAdded(Event):
    """A customer is known by one more id.

    Attributes:
        identifier: The id and its kind.

    .. versionadded:: 0.1.0
    """

    identifier: Identifier = attrs.field(validator=_checks.a(Identifier))


@tagged("customers.IdentifierRemoved")
@attrs.frozen(kw_only=True, weakref_slot=False)
class IdentifierRemoved(Event):
    """An id does not belong to a customer any more.

    Attributes:
        identifier: The id and its kind.

    .. versionadded:: 0.1.0
    """

    identifier: Identifier = attrs.field(validator=_checks.a(Identifier))


@tagged("customers.TagsChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class TagsChanged(Event):
    """A customer has more tags or fewer.

    Attributes:
        added: Sorted tags that are new.
        removed: Sorted tags that are gone.

    .. versionadded:: 0.1.0
    """

    added: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)
    removed: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)


@tagged("customers.OwnerChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OwnerChanged(Event):
    """Somebody else looks after a customer.

    Attributes:
        owner: From now on; None is nobody.

    .. versionadded:: 0.1.0
    """

    owner: str | None = attrs.field(validator=_TEXT_OR_NONE)


@tagged("customers.StageChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class StageChanged(Event):
    """A customer moved in the lifecycle.

    Attributes:
        stage: From now on.
        furthest_stage: The furthest that the customer has come so far, this stage included.
        reason: Why; always there for a move back.

    .. versionadded:: 0.1.0
    """

    stage: str = attrs.field(validator=_checks.text)
    furthest_stage: str | None = attrs.field(validator=_TEXT_OR_NONE)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("customers.AttributesSet")
@attrs.frozen(kw_only=True, weakref_slot=False)
class AttributesSet(Event):
    """Declared attributes have new values.

    Attributes:
        values: Sorted (name, value) pairs; None is unknown.

    .. versionadded:: 0.1.0
    """

    values: tuple[tuple[str, AttributeValue | None], ...] = attrs.field(validator=VALUES)


@tagged("customers.AttributesCleared")
@attrs.frozen(kw_only=True, weakref_slot=False)
class AttributesCleared(Event):
    """Attributes were emptied on purpose, which is more than not knowing them.

    Attributes:
        names: Sorted.

    .. versionadded:: 0.1.0
    """

    names: tuple[str, ...] = attrs.field(validator=_TEXTS)


@tagged("customers.PointStated")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointStated(Event):
    """A contact point was added, or more is known of it.

    Attributes:
        point: As it is from now on; a primary one is the only primary one of its kind. The one that was stated before,
            stated again, is called primary again.
        record: Among whose statements it stands, such as `direct/c2` for a point that only a customer who came in has;
            None for the customer's own.

    .. versionadded:: 0.1.0
    """

    point: ContactPoint = attrs.field(validator=_checks.a(ContactPoint))
    record: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("customers.PointRemoved")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointRemoved(Event):
    """A contact point is not the customer's any more.

    Attributes:
        point: As it was.

    .. versionadded:: 0.1.0
    """

    point: ContactPoint = attrs.field(validator=_checks.a(ContactPoint))


@tagged("customers.RelationshipStated")
@attrs.frozen(kw_only=True, weakref_slot=False)
class RelationshipStated(Event):
    """A customer is tied to another party.

    Attributes:
        relationship: With its time.

    .. versionadded:: 0.1.0
    """

    relationship: Relationship = attrs.field(validator=_checks.a(Relationship))


@tagged("customers.RelationshipEnded")
@attrs.frozen(kw_only=True, weakref_slot=False)
class RelationshipEnded(Event):
    """A tie to another party has ended.

    Attributes:
        relationship: With its end.
        record: Among whose statements it stands, as in `PointStated`.

    .. versionadded:: 0.1.0
    """

    relationship: Relationship = attrs.field(validator=_checks.a(Relationship))
    record: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("customers.BornStated")
@attrs.frozen(kw_only=True, weakref_slot=False)
class BornStated(Event):
    """It is known when a person was born, or an organization was founded.

    Attributes:
        born: A date, or what was said where that is no date; None takes back what was stated.

    .. versionadded:: 0.1.0
    """

    born: date | str | None = attrs.field(validator=BORN)


@tagged("customers.PreferencesStated")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PreferencesStated(Event):
    """A customer said how to be spoken to.

    Attributes:
        preferences: From now on; None takes back what was said.

    .. versionadded:: 0.1.0
    """

    preferences: Preferences | None = attrs.field(validator=_checks.optional(_checks.a(Preferences)))


@tagged("customers.RecordTaken")
@attrs.frozen(kw_only=True, weakref_slot=False)
class RecordTaken(Event):
    """What a source states counts in a customer's picture; an older statement of the same party there does not.

    Attributes:
        record: The statement.

    .. versionadded:: 0.1.0
    """

    record: Record = attrs.field(validator=_checks.a(Record))


@tagged("customers.RecordDropped")
@attrs.frozen(kw_only=True, weakref_slot=False)
class RecordDropped(Event):
    """What a source states does not count in a customer's picture any more.

    Attributes:
        record: The party in the source, such as `crm/7`.

    .. versionadded:: 0.1.0
    """

    record: str = attrs.field(validator=_checks.text)


@tagged("customers.SurvivorshipChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class SurvivorshipChanged(Event):
    """Another rule tells which statement survives.

    Attributes:
        survivorship: From now on.

    .. versionadded:: 0.1.0
    """

    survivorship: Survivorship = attrs.field(validator=_checks.a(Survivorship))


@tagged("customers.CustomerErased")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomerErased(Event):
    """Everything that was known of a customer is gone; the id stays, so that nobody else gets it.

    Attributes:
        by: Who did it.
        reason: Such as a request; it names no person.

    .. versionadded:: 0.1.0
    """

    by: str = attrs.field(validator=_checks.text)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
