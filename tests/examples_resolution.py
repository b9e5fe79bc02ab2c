"""Examples of what people say of two records, and of the rules of identifiers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.matching import IdentifierRule, IdentityProfile, IdentityRules, NotSameAs, Retracted, SameAs
from relex.parties import Identifier

__all__ = ["examples"]

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def examples() -> list[object]:
    """At least one of each class."""
    rule = IdentifierRule("device", limit=3, priority=4, within=timedelta(days=90))
    return [
        SameAs("s1", "crm/7", "shop/A9", by="eve", reason="same passport", at=AT),
        NotSameAs("n1", "crm/7", "crm/8", by="eve", reason="father and son", at=AT),
        Retracted("r1", "s1", by="bo", at=AT),
        rule,
        IdentityRules([rule, IdentifierRule("tax", unique=True)], blocked=["test"]),
        IdentityProfile("p1", AT, seen=[(Identifier("device", "d1"), AT)]),
    ]
