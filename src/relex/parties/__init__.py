"""What customers, leads and respondents share: names, contact points, identifiers, records, lifecycles."""

from __future__ import annotations

from relex.parties._address_keys import address_key, postal_key
from relex.parties._countries import COUNTRIES
from relex.parties._emails import SHARED_SUFFIXES, EmailReader, email_key, mailbox_key, registered_domain
from relex.parties._fold import fold
from relex.parties._golden import Origin, Profile, Stated, golden
from relex.parties._hierarchy import Hierarchy, Tie
from relex.parties._identifiers import CHECKED_KINDS, Identifier, check_number
from relex.parties._jcard_in import from_jcard
from relex.parties._jcard_out import to_jcard
from relex.parties._lifecycle import Lifecycle
from relex.parties._name_keys import VARIANTS, name_key
from relex.parties._names import OrganizationName, PersonName
from relex.parties._organizations import organization, organization_key
from relex.parties._phones import DIALING, Phone, PhoneReader, phone
from relex.parties._point_keys import POINT_KINDS, point_key
from relex.parties._points import ContactPoint, PostalAddress
from relex.parties._preferences import Preferences
from relex.parties._primary import Primary, primary_point
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
    "COUNTRIES",
    "DIALING",
    "EARLIEST",
    "LARGEST",
    "LATEST",
    "MOST_COMPLETE",
    "MOST_FREQUENT",
    "POINT_KINDS",
    "SHARED_SUFFIXES",
    "SMALLEST",
    "TOTAL",
    "UNION",
    "VARIANTS",
    "ContactPoint",
    "EmailReader",
    "FieldValue",
    "Hierarchy",
    "Identifier",
    "Lifecycle",
    "OrganizationName",
    "Origin",
    "PersonName",
    "Phone",
    "PhoneReader",
    "Policy",
    "PostalAddress",
    "Preferences",
    "Primary",
    "Profile",
    "Record",
    "Relationship",
    "Stated",
    "Survivorship",
    "Tie",
    "address_key",
    "check_number",
    "email_key",
    "fold",
    "from_jcard",
    "golden",
    "mailbox_key",
    "name_key",
    "organization",
    "organization_key",
    "phone",
    "point_key",
    "postal_key",
    "primary_point",
    "registered_domain",
    "to_jcard",
]
