"""Examples of the definitions that insights work by."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from relex.insights import FixedScores, MapRow, QuantileScores, RankScores, Segment, SegmentMap, Snapshot, Weights
from relex.rules import field

__all__ = ["examples"]


def examples() -> list[object]:
    """At least one of each class."""
    return [
        Weights(monetary=Fraction(1, 3)),
        RankScores(5, monetary=3, nested=True),
        QuantileScores(4, weights=Weights(recency=2)),
        FixedScores(recency=(30, 90), frequency=(2, 5), monetary=(Decimal("10.50"), 100)),
        Segment("regulars", field("rfm.frequency") >= 3, version=2),
        Snapshot(segment="regulars", version=2, at=datetime(2026, 11, 23, tzinfo=UTC), ids=("a", "b")),
        MapRow("Champions", recency=(5, 5), frequency=(4, 5)),
        SegmentMap(
            name="halves",
            rows=[MapRow("Recent", recency=(2, 2))],
            first_match=True,
            default="Quiet",
            dimensions=("recency",),
            sizes=(2,),
        ),
    ]
