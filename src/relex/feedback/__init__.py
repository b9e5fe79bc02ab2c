"""Feedback: surveys, invitations, responses, and metrics with their denominators in the open."""

from __future__ import annotations

from relex.feedback._comparison import Comparison, compare, compare_paired
from relex.feedback._intervals import Interval
from relex.feedback._methods import Mean, Net, PercentOfRange, Share, ShareOfMax
from relex.feedback._metric import Band, Metric, Reading, pool
from relex.feedback._moments import Cluster, Moments
from relex.feedback._sample_size import SampleSize, cochran, krejcie_morgan, net_size
from relex.feedback._scale import Scale

__all__ = [
    "Band",
    "Cluster",
    "Comparison",
    "Interval",
    "Mean",
    "Metric",
    "Moments",
    "Net",
    "PercentOfRange",
    "Reading",
    "SampleSize",
    "Scale",
    "Share",
    "ShareOfMax",
    "cochran",
    "compare",
    "compare_paired",
    "krejcie_morgan",
    "net_size",
    "pool",
]
