"""From lead to commission: leads, pipelines, opportunities, forecasts, quotas, territories, quotes, commissions."""

from __future__ import annotations

from relex.pipeline._commission_plan import CommissionPlan, Draw
from relex.pipeline._commission_tiers import Commission, CommissionTier, TierPart
from relex.pipeline._counts import OutcomeCounts, Variable
from relex.pipeline._credits import CommissionCredit, Credited
from relex.pipeline._events import (
    ActivityRecorded,
    AmountChanged,
    CampaignChanged,
    CategoryOverridden,
    CloseDateChanged,
    ContactsChanged,
    LinesChanged,
    NextStepChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityWon,
    OwnerChanged,
    ProbabilityOverridden,
    SnoozeChanged,
    SplitsChanged,
    StageChanged,
    StageEntry,
    TagsChanged,
    TerritoryChanged,
)
from relex.pipeline._opportunity import Opportunity
from relex.pipeline._outcome_table import OutcomeTable
from relex.pipeline._outcomes import Outcome
from relex.pipeline._parts import ContactRole, NextStep, Split
from relex.pipeline._passages import Passage, StageCheck
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._predictions import Factor, Prediction
from relex.pipeline._stages import CATEGORIES, LostReason, Stage
from relex.pipeline._stale import StalePolicy
from relex.pipeline._statement import (
    CommissionBalance,
    CommissionLine,
    CommissionStatement,
    Settlement,
    statement,
    statements,
)

__all__ = [
    "CATEGORIES",
    "ActivityRecorded",
    "AmountChanged",
    "CampaignChanged",
    "CategoryOverridden",
    "CloseDateChanged",
    "Commission",
    "CommissionBalance",
    "CommissionCredit",
    "CommissionLine",
    "CommissionPlan",
    "CommissionStatement",
    "CommissionTier",
    "ContactRole",
    "ContactsChanged",
    "Credited",
    "Draw",
    "Factor",
    "LinesChanged",
    "LostReason",
    "NextStep",
    "NextStepChanged",
    "Opportunity",
    "OpportunityLost",
    "OpportunityOpened",
    "OpportunityRenamed",
    "OpportunityReopened",
    "OpportunityWon",
    "Outcome",
    "OutcomeCounts",
    "OutcomeTable",
    "OwnerChanged",
    "Passage",
    "Pipeline",
    "Prediction",
    "ProbabilityOverridden",
    "Settlement",
    "SnoozeChanged",
    "Split",
    "SplitsChanged",
    "Stage",
    "StageChanged",
    "StageCheck",
    "StageEntry",
    "StalePolicy",
    "TagsChanged",
    "TerritoryChanged",
    "TierPart",
    "Variable",
    "statement",
    "statements",
]
