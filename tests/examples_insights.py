"""A value of every class of insights that has a stored form."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from relex.insights import (
    RF_11,
    FixedScores,
    MapRow,
    QuantileScores,
    RankScores,
    Segment,
    SegmentMap,
    Snapshot,
    Weights,
)
from relex.rules import field


def examples() -> list[object]:
    """Definitions, and a segment's members at an instant."""
    rows = (MapRow("Recent", recency=(3, 5)), MapRow("Frequent", frequency=(4, 5)), MapRow("Never", recency=(4, 4)))
    return [
        Weights(recency=Fraction(1, 2), frequency=2, monetary=Decimal("1.5")),
        RankScores(5, monetary=3, nested=True),
        QuantileScores(4, weights=Weights(monetary=0)),
        FixedScores(recency=(7, 30), frequency=(2, 5), monetary=("9.50", Fraction(100, 3))),
        rows[0],
        RF_11,
        SegmentMap(name="two", rows=rows, first_match=True, default="Quiet", unreachable="report"),
        Segment("regulars", (field("rfm.frequency") >= 3) & (field("decile") <= 2), version=2),
        Snapshot(segment="regulars", version=2, at=datetime(2024, 1, 31, tzinfo=UTC), ids=("a", "b")),
    ]
