"""Which facts rules may ask of a case, and which of a command."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from relex.rules import FactSchema

if TYPE_CHECKING:
    from relex.service._case import Case

__all__ = ["COMMAND_SCHEMA", "NAMES", "SCHEMA", "facts_of"]

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

COMMAND_SCHEMA = FactSchema({"actor": str, "code": str, "comment": str, "open_children": int, "reason": str})
"""What is known besides when a command is given: what it says, and how many cases below this one are open."""


def facts_of(case: Case) -> dict[str, Any]:
    """What rules may ask about a case; a number that tells impact or urgency is a text here."""
    return {
        "id": case.id,
        "status": case.status,
        "kind": case.kind,
        "waiting_for": case.waiting_for,
        "customer": case.customer,
        "contact": case.contact,
        "channel": case.channel,
        "origin": case.origin,
        "source": case.source,
        "subject": case.subject,
        "type": case.type,
        "product": case.product,
        "team": case.team,
        "owner": case.owner,
        "impact": None if case.impact is None else str(case.impact),
        "urgency": None if case.urgency is None else str(case.urgency),
        "priority": case.priority,
        "entitlement": case.entitlement,
        "policy": case.policy,
        "opened_at": case.opened_at,
        "status_entered_at": case.status_entered_at,
        "first_replied_at": case.first_replied_at,
        "last_customer_message_at": case.last_customer_message_at,
        "last_agent_message_at": case.last_agent_message_at,
        "resolved_at": case.resolved_at,
        "closed_at": case.closed_at,
        "resolution": case.resolution,
        "reopens": case.reopens,
        "reassignments": case.reassignments,
        "transfers": case.transfers,
        "replies": case.replies,
        "parent": case.parent,
        "merged_into": case.merged_into,
        "approval": case.approval,
        "approval_by": case.approval_by,
        "tags": case.tags,
    }
