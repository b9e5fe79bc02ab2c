"""Examples of outcomes, and of the tables that learn from them."""

from __future__ import annotations

from datetime import UTC, datetime

from relex.pipeline import Outcome, OutcomeCounts, OutcomeTable, Variable

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def examples() -> list[object]:
    """At least one of each class."""
    outcome = Outcome(
        "d1:4",
        source="d1",
        at=AT,
        result="lost",
        group="north",
        values={"country": "AT", "tags": ("late", "vip")},
        stage="demo",
        stages=["new", "demo"],
    )
    variables = [Variable("country", missing_counts=True), Variable("tags", many=True, never_for=["late"])]
    return [
        outcome,
        *variables,
        OutcomeCounts("north", won=0, lost=1, rows=[("country", None, 0, 1), ("stage", "new", 0, 1)]),
        OutcomeTable.from_outcomes([outcome], variables),
    ]
