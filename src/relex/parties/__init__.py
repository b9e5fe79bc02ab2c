"""What customers, leads and respondents share: names, contact points, identifiers, records, lifecycles."""

from __future__ import annotations

from relex.parties._identifiers import CHECKED_KINDS, Identifier, check_number
from relex.parties._lifecycle import Lifecycle
from relex.parties._names import OrganizationName, PersonName
from relex.parties._points import POINT_KINDS, ContactPoint, PostalAddress
from relex.parties._preferences import Preferences
from relex.parties._records import FieldValue, Record
from relex.parties._relationships import Relationship

__all__ = [
    "CHECKED_KINDS",
    "POINT_KINDS",
    "ContactPoint",
    "FieldValue",
    "Identifier",
    "Lifecycle",
    "OrganizationName",
    "PersonName",
    "PostalAddress",
    "Preferences",
    "Record",
    "Relationship",
    "check_number",
]
