"""What this company decides: how it matches, which statement survives, and what it takes for odd."""

from __future__ import annotations

import attrs

from relex import field
from relex.customers import QualityPolicy
from relex.matching import MatchPolicy
from relex.parties import Policy, Survivorship

NICKNAMES = [{"jon", "jonathan"}, {"bob", "robert"}]

PEOPLE = MatchPolicy.people(NICKNAMES)
# The call center hears a name in part, so whoever shares a phone is for people to see.
MATCHING = attrs.evolve(PEOPLE, name="with calls", review=(field("email") == 1) | (field("phone") == 1))

# What was heard on the phone counts last; an address is taken as a whole, from the record that has most of it.
SURVIVORSHIP = Survivorship(
    fields=dict.fromkeys(("name", "phone", "email"), Policy.sources("shop", "crm")),
    groups={"address": ["street", "city", "region", "postal", "country"]},
)

QUALITY = QualityPolicy()
