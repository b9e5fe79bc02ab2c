"""Examples of policies of quality and rules of households."""

from __future__ import annotations

from decimal import Decimal

from relex.customers import HouseholdRule, QualityPolicy

__all__ = ["examples"]


def examples() -> list[object]:
    """At least one of each class."""
    return [
        QualityPolicy(),
        QualityPolicy(allow=["Ulrike Wert"], half_lives={"email": 365}, required={"name": 1, "city": Decimal("0.5")}),
        HouseholdRule(),
        HouseholdRule(by="address", city=1, least=3),
    ]
