"""Examples of the stored forms of metrics and readings."""

from __future__ import annotations

from fractions import Fraction

from relex.feedback import (
    Band,
    Cluster,
    Mean,
    Metric,
    Net,
    PercentOfRange,
    Scale,
    Share,
    ShareOfMax,
)

__all__ = ["examples"]


def examples() -> list[object]:
    """At least one of each class."""
    nps = Metric.nps(version=2)
    by_account = nps.read_scores(
        [10, 7, None, 3, 9],
        count="responded",
        weights=[1, Fraction(2, 3), 1, 0.1, 2],
        clusters=["a", "a", "b", "b", "c"],
    )
    by_band = nps.read_counts({"promoter": 57, "passive": 31, "detractor": 12})
    slider = Metric("ease", Scale(-50, 50, 25), PercentOfRange(), better="down")
    return [
        Scale(1, 7),
        Net((9, 10), range(7)),
        Share((4, 5)),
        Mean(),
        ShareOfMax(),
        PercentOfRange(),
        Band("promoter", (9, 10)),
        nps,
        slider,
        by_account.moments,
        Cluster(key="a", w=Fraction(5, 3), wx=Fraction(100)),
        by_account,
        by_band,
        slider.read_scores([25, "?", -50], invalid="set_aside"),  # type: ignore[list-item]  # it is set aside
        slider.read_scores([]),
    ]
