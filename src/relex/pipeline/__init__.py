"""From lead to commission: leads, pipelines, opportunities, forecasts, quotas, territories, quotes, commissions."""

from __future__ import annotations

from relex.pipeline._commission_plan import CommissionPlan, Draw
from relex.pipeline._commission_tiers import Commission, CommissionTier, TierPart
from relex.pipeline._counts import OutcomeCounts, Variable
from relex.pipeline._credits import CommissionCredit, Credited
from relex.pipeline._outcome_table import OutcomeTable
from relex.pipeline._outcomes import Outcome
from relex.pipeline._predictions import Factor, Prediction
from relex.pipeline._statement import (
    CommissionBalance,
    CommissionLine,
    CommissionStatement,
    Settlement,
    statement,
    statements,
)

__all__ = [
    "Commission",
    "CommissionBalance",
    "CommissionCredit",
    "CommissionLine",
    "CommissionPlan",
    "CommissionStatement",
    "CommissionTier",
    "Credited",
    "Draw",
    "Factor",
    "Outcome",
    "OutcomeCounts",
    "OutcomeTable",
    "Prediction",
    "Settlement",
    "TierPart",
    "Variable",
    "statement",
    "statements",
]
