"""Hypothesis strategies for every public value, by the plural of its name.

Each function takes keyword arguments that narrow what is drawn, and checks them at once. Where an argument gives one
part of the value, it may be that part itself or a strategy of such parts. Aggregates are drawn by giving them commands,
so only states that can come to be are drawn. What is drawn is small, shrinks to something plain, and is awkward where
storage and markup go wrong: texts of all scripts, numbers beyond 64 bits, hours that a clock shows twice.

Example:
    >>> from hypothesis import given
    >>> from relex.testing import strategies
    >>> @given(strategies.purchases(customer="c1", currency="EUR"))
    ... def test_total(sale):
    ...     assert sale.total.currency == "EUR"
    >>> test_total()
"""

from __future__ import annotations

from relex.testing.strategies._account_events import (
    account_events,
    awards,
    breakdowns,
    credits,  # noqa: A004 - of `Credit`
    occasions,
)
from relex.testing.strategies._accounts import account_changes, account_commands, accounts
from relex.testing.strategies._assertions import (
    assertion_retractions,
    identifier_rules,
    identity_profiles,
    identity_rules,
    not_same_assertions,
    same_assertions,
)
from relex.testing.strategies._basics import days, decimals, ids, instants, numbers, texts, words, zones
from relex.testing.strategies._calendars import (
    business_calendars,
    business_days,
    calendar_durations,
    periods,
    recurrences,
    rolling_limits,
    special_hours,
    windows,
)
from relex.testing.strategies._customers import (
    attribute_schemas,
    attributes,
    customer_changes,
    customer_commands,
    customer_events,
    customers,
    merged_parts,
)
from relex.testing.strategies._earning import caps, earning_awards, earning_rules, expiries, groups, points
from relex.testing.strategies._figures import figures, fractions
from relex.testing.strategies._insights import (
    map_rows,
    score_methods,
    score_weights,
    segment_maps,
    segmentations,
    segments,
    snapshots,
)
from relex.testing.strategies._interactions import (
    activities,
    cancellations,
    cursors,
    document_refs,
    effort_policies,
    identity_claims,
    interactions,
    participants,
    touchpoint_catalogs,
    touchpoints,
)
from relex.testing.strategies._memberships import (
    membership_changes,
    membership_commands,
    membership_events,
    memberships,
)
from relex.testing.strategies._money import currencies, leftovers, moneys, rate_tables, roundings, weights
from relex.testing.strategies._parties import identifiers, lifecycles, names, organization_names, person_names
from relex.testing.strategies._programs import (
    clawbacks,
    keeps,
    programs,
    restores,
    tier_policies,
    tier_windows,
    tiers,
)
from relex.testing.strategies._purchases import (
    charges,
    claims,
    discounts,
    lines,
    payments,
    products,
    purchases,
    retractions,
    returns,
)
from relex.testing.strategies._quality import household_rules, quality_policies
from relex.testing.strategies._records import (
    contact_points,
    policies,
    postal_addresses,
    preferences,
    records,
    relationships,
    survivorships,
)
from relex.testing.strategies._rules import constants, fact_schemas, facts, requirements, rules
from relex.testing.strategies._scoring import (
    decays,
    measures,
    score_adjustments,
    score_bands,
    score_cards,
    score_groups,
    score_rules,
    silences,
)
from relex.testing.strategies._values import values

__all__ = [
    "account_changes",
    "account_commands",
    "account_events",
    "accounts",
    "activities",
    "assertion_retractions",
    "attribute_schemas",
    "attributes",
    "awards",
    "breakdowns",
    "business_calendars",
    "business_days",
    "calendar_durations",
    "cancellations",
    "caps",
    "charges",
    "claims",
    "clawbacks",
    "constants",
    "contact_points",
    "credits",
    "currencies",
    "cursors",
    "customer_changes",
    "customer_commands",
    "customer_events",
    "customers",
    "days",
    "decays",
    "decimals",
    "discounts",
    "document_refs",
    "earning_awards",
    "earning_rules",
    "effort_policies",
    "expiries",
    "fact_schemas",
    "facts",
    "figures",
    "fractions",
    "groups",
    "household_rules",
    "identifier_rules",
    "identifiers",
    "identity_claims",
    "identity_profiles",
    "identity_rules",
    "ids",
    "instants",
    "interactions",
    "keeps",
    "leftovers",
    "lifecycles",
    "lines",
    "map_rows",
    "measures",
    "membership_changes",
    "membership_commands",
    "membership_events",
    "memberships",
    "merged_parts",
    "moneys",
    "names",
    "not_same_assertions",
    "numbers",
    "occasions",
    "organization_names",
    "participants",
    "payments",
    "periods",
    "person_names",
    "points",
    "policies",
    "postal_addresses",
    "preferences",
    "products",
    "programs",
    "purchases",
    "quality_policies",
    "rate_tables",
    "records",
    "recurrences",
    "relationships",
    "requirements",
    "restores",
    "retractions",
    "returns",
    "rolling_limits",
    "roundings",
    "rules",
    "same_assertions",
    "score_adjustments",
    "score_bands",
    "score_cards",
    "score_groups",
    "score_methods",
    "score_rules",
    "score_weights",
    "segment_maps",
    "segmentations",
    "segments",
    "silences",
    "snapshots",
    "special_hours",
    "survivorships",
    "texts",
    "tier_policies",
    "tier_windows",
    "tiers",
    "touchpoint_catalogs",
    "touchpoints",
    "values",
    "weights",
    "windows",
    "words",
    "zones",
]
