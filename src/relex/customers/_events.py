"""What happens to a customer."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeGuard

import attrs

from relex import _checks
from relex.changes import Event
from relex.codec import tagged
from relex.customers._attributes import AttributeValue, is_attribute_value
from relex.parties import Identifier, OrganizationName, PersonName

__all__ = [
    "VALUES",
    "AttributesCleared",
    "AttributesSet",
    "CustomerOpened",
    "CustomerRenamed",
    "IdentifierAdded",
    "IdentifierRemoved",
    "Name",
    "OwnerChanged",
    "StageChanged",
    "TagsChanged",
    "is_pair",
]

Name: TypeAlias = PersonName | OrganizationName

_NAME = _checks.a(PersonName, OrganizationName)
_TEXTS = _checks.each(_checks.text)
_TEXT_OR_NONE = _checks.optional(_checks.text)


def is_pair(value: object) -> TypeGuard[tuple[str, Any]]:
    """Whether this is a pair that begins with a name."""
    return isinstance(value, tuple) and len(value) == len(("name", "value")) and _checks.text.passes(value[0])


def _is_value(value: object) -> bool:
    return is_pair(value) and (value[1] is None or is_attribute_value(value[1]))


VALUES = _checks.each(_checks.Check("a pair (name, value of an attribute)", _is_value))


@tagged("customers.CustomerOpened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomerOpened(Event):
    """A customer became known.

    Attributes:
        name: Of a person or of an organization; the kind is fixed from here on.
        identifiers: Sorted, without repeats.
        tags: Sorted, without repeats.
        owner: Who looks after the customer.
        stage: In the lifecycle.

    .. versionadded:: 0.1.0
    """

    name: PersonName | OrganizationName = attrs.field(validator=_NAME)
    identifiers: tuple[Identifier, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(Identifier)))
    tags: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    stage: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


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
