"""Score cards: weighted rules with decay, limits and bands, and weighted means, with contributions that add up."""

from __future__ import annotations

from relex.scoring._card import ScoreCard
from relex.scoring._definitions import Measure, ScoreAdjustment, ScoreBand, ScoreGroup, ScoreRule, Silence
from relex.scoring._scores import Contribution, Limited, Score, trend
from relex.scoring._time import HalfLife, PerMonth

__all__ = [
    "Contribution",
    "HalfLife",
    "Limited",
    "Measure",
    "PerMonth",
    "Score",
    "ScoreAdjustment",
    "ScoreBand",
    "ScoreCard",
    "ScoreGroup",
    "ScoreRule",
    "Silence",
    "trend",
]
