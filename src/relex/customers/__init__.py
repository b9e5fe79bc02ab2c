"""Customers: persons and organizations, with what is known of them and how it came to be known."""

from __future__ import annotations

from relex.customers._attributes import Attribute, AttributeSchema
from relex.customers._customer import Customer
from relex.customers._events import (
    AttributesCleared,
    AttributesSet,
    CustomerOpened,
    CustomerRenamed,
    IdentifierAdded,
    IdentifierRemoved,
    OwnerChanged,
    StageChanged,
    TagsChanged,
)
from relex.parties import Identifier, Lifecycle, OrganizationName, PersonName

__all__ = [
    "Attribute",
    "AttributeSchema",
    "AttributesCleared",
    "AttributesSet",
    "Customer",
    "CustomerOpened",
    "CustomerRenamed",
    "Identifier",
    "IdentifierAdded",
    "IdentifierRemoved",
    "Lifecycle",
    "OrganizationName",
    "OwnerChanged",
    "PersonName",
    "StageChanged",
    "TagsChanged",
]
