"""Which facts rules may ask of a case, and which of a command."""

from __future__ import annotations

from datetime import datetime

from relex.rules import FactSchema

__all__ = ["COMMAND_SCHEMA", "NAMES", "SCHEMA"]

SCHEMA = FactSchema(
    {
        "approval": str,
        "approval_by": str,
        "channel": str,
        "closed_at": datetime,
        "contact": str,
        "customer": str,
        "entitlement": str,
        "first_replied_at": datetime,
        "id": str,
        "impact": str,
        "kind": str,
        "last_agent_message_at": datetime,
        "last_customer_message_at": datetime,
        "merged_into": str,
        "opened_at": datetime,
        "origin": str,
        "owner": str,
        "parent": str,
        "policy": str,
        "priority": str,
        "product": str,
        "reassignments": int,
        "reopens": int,
        "replies": int,
        "resolution": str,
        "resolved_at": datetime,
        "source": str,
        "status": str,
        "status_entered_at": datetime,
        "subject": str,
        "tags": tuple,
        "team": str,
        "transfers": int,
        "type": str,
        "urgency": str,
        "waiting_for": str,
    }
)
"""The facts of every case; those that an application adds at the call have other names."""

NAMES = frozenset([name for name, _ in SCHEMA.facts])
"""Their names."""

COMMAND_SCHEMA = FactSchema({"code": str, "comment": str, "open_children": int, "reason": str})
"""What commands say besides: `comment` (a note), `code` (of a resolution), `reason`, and `open_children` of a family."""
