"""Customers: persons and organizations, with what is known of them and how it came to be known."""

from __future__ import annotations

from relex.customers._addresses import address
from relex.customers._aliases import Aliases
from relex.customers._assessment import Assessment, assess
from relex.customers._attributes import Attribute, AttributeSchema
from relex.customers._caps import FrequencyCap, Sent, SentLog
from relex.customers._consent import Consent, Evidence, token_digest
from relex.customers._consent_ledger import ConsentLedger, ConsentState
from relex.customers._consent_merges import StricterConsent, stricter_consents
from relex.customers._consent_policy import ConsentPolicy, Purpose
from relex.customers._contact import may_contact
from relex.customers._contactable import contactable
from relex.customers._customer import Customer
from relex.customers._decision import Decision, Reason
from relex.customers._email_flags import email_flags
from relex.customers._erasure import ErasureItem, ErasurePlan, Forgotten, erase
from relex.customers._events import (
    AttributesCleared,
    AttributesSet,
    BornStated,
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
from relex.customers._export import export
from relex.customers._flags import QUALITY_CODES, SEVERITIES, Flag
from relex.customers._freshness import Freshness, freshness, half_life
from relex.customers._households import (
    Household,
    HouseholdMember,
    HouseholdPair,
    HouseholdProposal,
    HouseholdRule,
    households,
)
from relex.customers._links import Link
from relex.customers._memberships import HouseholdRollUp, HouseholdTotal, Memberships, roll_up_households
from relex.customers._merging import (
    FieldConflict,
    Merge,
    MergeReport,
    Unmerge,
    UnmergeReport,
    merge,
    unmerge,
)
from relex.customers._name_flags import name_flags
from relex.customers._parts import CustomerRestored, CustomersMerged, CustomersUnmerged, MergedInto, MergedPart
from relex.customers._phone_flags import phone_flags
from relex.customers._quality_policy import QualityPolicy
from relex.customers._retention import LegalHold, RetentionDue, RetentionPolicy, RetentionRule
from relex.customers._roll_up import DatedValue, RolledUp, RollUp, roll_up
from relex.customers._suppression import Suppression, SuppressionList, point_digest, suppress
from relex.customers._text_flags import born_flags, place_flags, text_flags
from relex.parties import Hierarchy, Identifier, Lifecycle, OrganizationName, PersonName, Primary, Tie

__all__ = [
    "QUALITY_CODES",
    "SEVERITIES",
    "Aliases",
    "Assessment",
    "Attribute",
    "AttributeSchema",
    "AttributesCleared",
    "AttributesSet",
    "BornStated",
    "Consent",
    "ConsentLedger",
    "ConsentPolicy",
    "ConsentState",
    "Customer",
    "CustomerErased",
    "CustomerOpened",
    "CustomerRenamed",
    "CustomerRestored",
    "CustomersMerged",
    "CustomersUnmerged",
    "DatedValue",
    "Decision",
    "ErasureItem",
    "ErasurePlan",
    "Evidence",
    "FieldConflict",
    "Flag",
    "Forgotten",
    "FrequencyCap",
    "Freshness",
    "Hierarchy",
    "Household",
    "HouseholdMember",
    "HouseholdPair",
    "HouseholdProposal",
    "HouseholdRollUp",
    "HouseholdRule",
    "HouseholdTotal",
    "Identifier",
    "IdentifierAdded",
    "IdentifierRemoved",
    "LegalHold",
    "Lifecycle",
    "Link",
    "Memberships",
    "Merge",
    "MergeReport",
    "MergedInto",
    "MergedPart",
    "OrganizationName",
    "OwnerChanged",
    "PersonName",
    "PointRemoved",
    "PointStated",
    "PreferencesStated",
    "Primary",
    "Purpose",
    "QualityPolicy",
    "Reason",
    "RecordDropped",
    "RecordTaken",
    "RelationshipEnded",
    "RelationshipStated",
    "RetentionDue",
    "RetentionPolicy",
    "RetentionRule",
    "RollUp",
    "RolledUp",
    "Sent",
    "SentLog",
    "StageChanged",
    "StricterConsent",
    "Suppression",
    "SuppressionList",
    "SurvivorshipChanged",
    "TagsChanged",
    "Tie",
    "Unmerge",
    "UnmergeReport",
    "address",
    "assess",
    "born_flags",
    "contactable",
    "email_flags",
    "erase",
    "export",
    "freshness",
    "half_life",
    "households",
    "may_contact",
    "merge",
    "name_flags",
    "phone_flags",
    "place_flags",
    "point_digest",
    "roll_up",
    "roll_up_households",
    "stricter_consents",
    "suppress",
    "text_flags",
    "token_digest",
    "unmerge",
]
