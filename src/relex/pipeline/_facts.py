"""Which facts rules may ask of an opportunity."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from relex.rules import FactSchema

__all__ = ["NAMES", "SCHEMA"]

SCHEMA = FactSchema(
    {
        "amount": Decimal,
        "campaign": str,
        "category": str,
        "closed_at": datetime,
        "competitor": str,
        "contact": str,
        "currency": str,
        "customer": str,
        "expected_close": date,
        "id": str,
        "last_activity_at": datetime,
        "lost_reason": str,
        "merged_into": str,
        "name": str,
        "next_step": str,
        "next_step_due": date,
        "opened_at": datetime,
        "owner": str,
        "pipeline": str,
        "probability": Decimal,
        "probability_overridden": bool,
        "pushes": int,
        "snoozed_until": date,
        "stage": str,
        "stage_entered_at": datetime,
        "stage_kind": str,
        "tags": tuple,
        "territory": str,
    }
)
"""The facts of every opportunity; those that an application adds at the call have other names."""

NAMES = frozenset([name for name, _ in SCHEMA.facts])
"""Their names."""
