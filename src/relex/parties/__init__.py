"""What customers, leads and respondents share: names, contact points, identifiers, records, lifecycles."""

from __future__ import annotations

from relex.parties._golden import Origin, Profile, Statement, golden
from relex.parties._identifiers import CHECKED_KINDS, Identifier, check_number
from relex.parties._lifecycle import Lifecycle
from relex.parties._names import OrganizationName, PersonName
from relex.parties._points import POINT_KINDS, ContactPoint, PostalAddress
from relex.parties._preferences import Preferences
from relex.parties._records import FieldValue, Record
from relex.parties._relationships import Relationship
from relex.parties._survivorship import (
    AGREE,
    EARLIEST,
    LARGEST,
    LATEST,
    MOST_COMPLETE,
    MOST_FREQUENT,
    SMALLEST,
    TOTAL,
    UNION,
    Policy,
    Survivorship,
)

__all__ = [
    "AGREE",
    "CHECKED_KINDS",
    "EARLIEST",
    "LARGEST",
    "LATEST",
    "MOST_COMPLETE",
    "MOST_FREQUENT",
    "POINT_KINDS",
    "SMALLEST",
    "TOTAL",
    "UNION",
    "ContactPoint",
    "FieldValue",
    "Identifier",
    "Lifecycle",
    "OrganizationName",
    "Origin",
    "PersonName",
    "Policy",
    "PostalAddress",
    "Preferences",
    "Profile",
    "Record",
    "Relationship",
    "Statement",
    "Survivorship",
    "check_number",
    "golden",
]
