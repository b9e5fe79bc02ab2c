"""Values of flows of cases for the tests of the stored forms."""

from __future__ import annotations

from relex.calendars import Days
from relex.rules import FactSchema, Requirement, field
from relex.service import DEFAULT_FLOW, CaseFlow, Priorities, PriorityMatrix, ReopenPolicy, Status

__all__ = ["examples"]


def examples() -> list[object]:
    """Every class of this room, with every kind of content."""
    asked = Requirement("comment", ~field("comment").is_missing(), "Say what was done")
    statuses = [
        Status("open", "open"),
        Status("vendor", "waiting", waiting_for="vendor", name="With the vendor"),
        Status("done", "resolved", requires=[asked]),
        Status("closed", "closed"),
        Status("spam", "closed", ends="rejected"),
    ]
    matrix = PriorityMatrix({(1, "soon"): "high", (1, "late"): "normal", (2, "soon"): "normal", (2, "late"): "low"})
    priorities = Priorities(("high", "normal", "low"), default="low", by_type={"fault": "high"}, matrix=matrix)
    policy = ReopenPolicy(Days(30), anchors="resolved_at", by=("customer", "agent"))
    listed = CaseFlow(
        "claims",
        statuses,
        version=2,
        name="Claims",
        moves={
            "open": ["vendor", "done", "spam"],
            "vendor": ["open"],
            "done": ["open", "closed"],
            "closed": ["open"],
        },
        requires={"close": [Requirement("region", field("region") == "west", "Only in the west")]},
        priorities=priorities,
        types=["fault", "question"],
        reopening=policy,
        max_depth=2,
        facts=FactSchema({"region": str}),
    )
    return [*statuses, Status("new", "open", fresh=True), matrix, priorities, policy, listed, DEFAULT_FLOW]
