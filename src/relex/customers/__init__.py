"""Customers: persons and organizations, with what is known of them and how it came to be known."""

from __future__ import annotations

from relex.customers._attributes import Attribute, AttributeSchema
from relex.customers._customer import Customer
from relex.customers._events import (
    AttributesCleared,
    AttributesSet,
    CustomerErased,
    CustomerOpened,
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
from relex.customers._hierarchy import Hierarchy, Tie
from relex.customers._memberships import HouseholdRollUp, HouseholdTotal, Memberships, roll_up_households
from relex.customers._parts import CustomerRestored, CustomersMerged, CustomersUnmerged, MergedInto, Part
from relex.customers._reading import Primary
from relex.customers._roll_up import DatedValue, RolledUp, RollUp, roll_up
from relex.parties import Identifier, Lifecycle, OrganizationName, PersonName

__all__ = [
    "Attribute",
    "AttributeSchema",
    "AttributesCleared",
    "AttributesSet",
    "Customer",
    "CustomerErased",
    "CustomerOpened",
    "CustomerRenamed",
    "CustomerRestored",
    "CustomersMerged",
    "CustomersUnmerged",
    "DatedValue",
    "Hierarchy",
    "HouseholdRollUp",
    "HouseholdTotal",
    "Identifier",
    "IdentifierAdded",
    "IdentifierRemoved",
    "Lifecycle",
    "Memberships",
    "MergedInto",
    "OrganizationName",
    "OwnerChanged",
    "Part",
    "PersonName",
    "PointRemoved",
    "PointStated",
    "PreferencesStated",
    "Primary",
    "RecordDropped",
    "RecordTaken",
    "RelationshipEnded",
    "RelationshipStated",
    "RollUp",
    "RolledUp",
    "StageChanged",
    "SurvivorshipChanged",
    "TagsChanged",
    "Tie",
    "roll_up",
    "roll_up_households",
]
