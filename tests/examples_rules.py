"""Examples of rules, schemas and score cards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from relex.calendars import Days
from relex.rules import (
    AllChildren,
    AllOf,
    AnyChild,
    AnyOf,
    AtLeast,
    Between,
    Beyond,
    Compare,
    Contains,
    CountOf,
    EqualsIgnoringCase,
    FactSchema,
    IsIn,
    IsMissing,
    Not,
    Requirement,
    StartsWith,
    SumOf,
    Within,
    field,
)
from relex.scoring import (
    HalfLife,
    Measure,
    PerMonth,
    ScoreAdjustment,
    ScoreBand,
    ScoreCard,
    ScoreGroup,
    ScoreRule,
    Silence,
)

__all__ = ["examples"]

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def examples() -> list[object]:
    """At least one of each class."""
    coffee = field("line.category") == "coffee"
    large = field("total") >= Decimal("49.90")
    opened = ScoreRule("opened", field("event.kind") == "open", 5, on="events", expires=Days(30), decay=HalfLife(7))
    return [
        Compare("total", "<", Decimal("1.50")),
        Compare("tags", "==", ("a", "b")),
        Compare("since", ">=", DAY),
        Compare("at", "!=", AT),
        Compare("vip", "==", True),
        IsIn("tier", ("gold", 2, Decimal("2.0"), DAY)),
        Between("total", 1, Decimal("9.99")),
        Contains("tags", ("vip",)),
        StartsWith("name", "Ål"),
        EqualsIgnoringCase("city", "Straße"),
        IsMissing("email"),
        Within("last", timedelta(days=30)),
        Beyond("last", timedelta(hours=36), ahead=True),
        AllOf(large, Not(coffee)),
        AnyOf(large, coffee, IsMissing("email")),
        AtLeast(2, large, coffee, IsMissing("email")),
        Not(large),
        AnyChild("lines", coffee),
        AllChildren("lines", coffee | large),
        CountOf("lines", coffee, op=">=", n=2),
        SumOf("lines", coffee, fact="line.net", op=">", amount=Decimal("20.00")),
        Requirement("has amount", ~field("amount").is_missing(), "Say how much it is worth."),
        FactSchema({"total": "number", "tier": "text"}, children={"lines": FactSchema({"line.net": "number"})}),
        HalfLife(Fraction(7, 2)),
        PerMonth(25),
        opened,
        Measure(name="recency", weight=2, fact="days", worst=90, best=0),
        Silence(after=Days(30), every=Days(7), points=-5),
        ScoreAdjustment(points=10, by="ann", reason="met at the fair", at=AT, expires=Days(90)),
        ScoreBand("hot", 80),
        ScoreGroup("behaviour", cap=50),
        ScoreCard([opened], cap=100, bands=[ScoreBand("cold"), ScoreBand("hot", 80)]),
    ]
