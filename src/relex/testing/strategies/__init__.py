"""Hypothesis strategies for every public value."""

from __future__ import annotations

from relex.testing.strategies._accounts import account_changes, account_commands, accounts
from relex.testing.strategies._basics import days, decimals, ids, instants, numbers, texts, words, zones
from relex.testing.strategies._customers import (
    attribute_schemas,
    attributes,
    customer_changes,
    customer_commands,
    customer_events,
    customers,
)
from relex.testing.strategies._memberships import (
    membership_changes,
    membership_commands,
    membership_events,
    memberships,
)
from relex.testing.strategies._money import currencies, leftovers, moneys, rate_tables, roundings, weights
from relex.testing.strategies._parties import identifiers, lifecycles, names, organization_names, person_names
from relex.testing.strategies._programs import programs
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
from relex.testing.strategies._rules import constants, fact_schemas, facts, requirements, rules

__all__ = [
    "account_changes",
    "account_commands",
    "accounts",
    "attribute_schemas",
    "attributes",
    "charges",
    "claims",
    "constants",
    "currencies",
    "customer_changes",
    "customer_commands",
    "customer_events",
    "customers",
    "days",
    "decimals",
    "discounts",
    "fact_schemas",
    "facts",
    "identifiers",
    "ids",
    "instants",
    "leftovers",
    "lifecycles",
    "lines",
    "membership_changes",
    "membership_commands",
    "membership_events",
    "memberships",
    "moneys",
    "names",
    "numbers",
    "organization_names",
    "payments",
    "person_names",
    "products",
    "programs",
    "purchases",
    "rate_tables",
    "requirements",
    "retractions",
    "returns",
    "roundings",
    "rules",
    "texts",
    "weights",
    "words",
    "zones",
]
