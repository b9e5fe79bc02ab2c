"""Examples of the stored forms of scoring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from relex.calendars import Days
from relex.rules import field
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


def examples() -> list[object]:
    """At least one of each class."""
    visit = ScoreRule(
        "visit",
        field("kind") == "visit",
        Decimal("2.5"),
        group="web",
        on="events",
        repeat="each",
        expires=Days(90),
        decay=HalfLife(30),
    )
    silence = Silence(after=Days(14), every=timedelta(days=2), points=-5)
    group = ScoreGroup("web", floor=0, cap=Fraction(121, 2))
    band = ScoreBand("warm", 20)
    usage = Measure(
        name="usage", weight=2, fact="logins", worst=0, best=30, at="logins_at", max_age=Days(30), n="days", min_n=5
    )
    return [
        HalfLife(Fraction(61, 2)),
        PerMonth(25),
        visit,
        silence,
        group,
        band,
        usage,
        ScoreAdjustment(points=5, by="ana", reason="met", at=datetime(2026, 11, 23, tzinfo=UTC), expires=Days(30)),
        ScoreCard(
            [visit, ScoreRule("calls", field("calls") > 3, 10, on="events", decay=PerMonth(10)), silence],
            groups=[group],
            start=10,
            floor=-50,
            cap=100,
            bands=[ScoreBand("cold"), band],
        ),
        ScoreCard(
            [usage, Measure(name="setup", weight=1, rules=[ScoreRule("linked", field("linked") == True, 100)])],  # noqa: E712
            bands=[ScoreBand("red"), ScoreBand("green", 75)],
            combine="weighted_mean",
            edges="upper",
            missing="neutral",
            neutral=40,
            stale="flag",
        ),
    ]
