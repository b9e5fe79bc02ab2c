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
from relex.customers._hierarchy import Hierarchy, Tie
from relex.customers._memberships import HouseholdRollUp, HouseholdTotal, Memberships, roll_up_households
from relex.customers._roll_up import DatedValue, RolledUp, RollUp, roll_up
from relex.parties import Identifier, Lifecycle, OrganizationName, PersonName

__all__ = [
    "Attribute",
    "AttributeSchema",
    "AttributesCleared",
    "AttributesSet",
    "Customer",
    "CustomerOpened",
    "CustomerRenamed",
    "DatedValue",
    "Hierarchy",
    "HouseholdRollUp",
    "HouseholdTotal",
    "Identifier",
    "IdentifierAdded",
    "IdentifierRemoved",
    "Lifecycle",
    "Memberships",
    "OrganizationName",
    "OwnerChanged",
    "PersonName",
    "RollUp",
    "RolledUp",
    "StageChanged",
    "TagsChanged",
    "Tie",
    "roll_up",
    "roll_up_households",
]
