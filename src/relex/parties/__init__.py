"""What customers, leads and respondents share: names, identifiers, the stages of a relationship."""

from __future__ import annotations

from relex.parties._identifiers import CHECKED_KINDS, Identifier, check_number
from relex.parties._lifecycle import Lifecycle
from relex.parties._names import OrganizationName, PersonName

__all__ = ["CHECKED_KINDS", "Identifier", "Lifecycle", "OrganizationName", "PersonName", "check_number"]
