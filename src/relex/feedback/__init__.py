"""Feedback: surveys, invitations, responses, and metrics with their denominators in the open."""

from __future__ import annotations

from relex.feedback._methods import Mean, Net, PercentOfRange, Share, ShareOfMax
from relex.feedback._metric import Band, Metric, Reading, pool
from relex.feedback._moments import Cluster, Moments
from relex.feedback._scale import Scale

__all__ = [
    "Band",
    "Cluster",
    "Mean",
    "Metric",
    "Moments",
    "Net",
    "PercentOfRange",
    "Reading",
    "Scale",
    "Share",
    "ShareOfMax",
    "pool",
]
