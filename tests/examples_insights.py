"""A value of every class of insights that has a stored form."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from relex.calendars import Period
from relex.insights import (
    RF_11,
    FixedScores,
    MapRow,
    Membership,
    QuantileScores,
    RankScores,
    Segment,
    Segmentation,
    SegmentEntered,
    SegmentLeft,
    SegmentMap,
    Snapshot,
    Weights,
)
from relex.rules import field


def examples() -> list[object]:
    """Definitions, a segment's members at an instant, and how they came and went."""
    regulars = Segment("regulars", (field("rfm.frequency") >= 3) & (field("decile") <= 2), version=2)
    start, end = datetime(2024, 1, 31, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)
    event: dict[str, Any] = {"source": "regulars:a", "segment": "regulars", "segment_version": 2, "customer": "a"}
    rows = (MapRow("Recent", recency=(3, 5)), MapRow("Frequent", frequency=(4, 5)), MapRow("Never", recency=(4, 4)))
    return [
        Weights(recency=Fraction(1, 2), frequency=2, monetary=Decimal("1.5")),
        RankScores(5, monetary=3, nested=True),
        QuantileScores(4, weights=Weights(monetary=0)),
        FixedScores(recency=(7, 30), frequency=(2, 5), monetary=("9.50", Fraction(100, 3))),
        rows[0],
        RF_11,
        SegmentMap(name="two", rows=rows, first_match=True, default="Quiet", unreachable="report"),
        regulars,
        Segment("big", field("rfm.total") >= 500, stay=field("rfm.total") >= 300),
        Segmentation([regulars], "others", name="habit", version=3),
        Snapshot(segment="regulars", version=2, at=start, ids=("a", "b")),
        SegmentEntered(version=1, at=start, verdict="✓ decile is at most 2 (found 1)", **event),
        SegmentLeft(version=2, at=end, verdict="? decile [missing:decile]", undecided=("decile",), **event),
        Membership(segment="regulars", customer="a", spans=(Period(start, end), Period(end))),
    ]
