"""From lead to commission: leads, pipelines, opportunities, forecasts, quotas, territories, quotes, commissions."""

from __future__ import annotations

from relex._flow import Passage
from relex._rows import RefusedRow, RowProblem, SetAside
from relex.pipeline._accuracy import Accuracy, AccuracyLine
from relex.pipeline._adjustments import ForecastAdjustment, NotApplied
from relex.pipeline._ageing import AgedDeal, Ageing, ageing
from relex.pipeline._approval import Approval, ApprovalCheck, ApprovalNeed, ApprovalPolicy, ApprovalRule
from relex.pipeline._attainment import Attainment, Attainments, attainment, attainments
from relex.pipeline._bridge import Bridge, BridgeLine, CategoryMove
from relex.pipeline._calibration import Calibration, calibrate, shown_probability
from relex.pipeline._cohorts import Cohort, Cohorts, FirstContact, cohort_conversion, first_contacts
from relex.pipeline._commission_plan import CommissionPlan, Draw
from relex.pipeline._commission_tiers import Commission, CommissionTier, TierPart
from relex.pipeline._conversion import (
    Conversion,
)
from relex.pipeline._conversions import (
    RefusedLead,
    consent_drafts,
    convert_leads,
)
from relex.pipeline._counts import OutcomeCounts, Variable
from relex.pipeline._credits import CommissionCredit, Credited
from relex.pipeline._cycle import SalesCycle, sales_cycle
from relex.pipeline._drafts import (
    ConsentDraft,
    CustomerDraft,
    ExistingParty,
    KnownParty,
    MovedLink,
)
from relex.pipeline._durations import Durations
from relex.pipeline._events import (
    ActivityRecorded,
    AmountChanged,
    CampaignChanged,
    CategoryOverridden,
    CloseDateChanged,
    ContactsChanged,
    LinesChanged,
    NextStepChanged,
    OpportunityCustomerChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityTagsChanged,
    OpportunityWon,
    ProbabilityOverridden,
    SnoozeChanged,
    SplitsChanged,
    StageEntry,
    TerritoryChanged,
)
from relex.pipeline._forecast import Forecast
from relex.pipeline._forecast_pass import ForecastCell
from relex.pipeline._forecast_question import ForecastQuestion
from relex.pipeline._forecast_rows import ForecastRow
from relex.pipeline._forecast_slice import Exchange, ForecastSlice
from relex.pipeline._forecasting import forecast
from relex.pipeline._funnel import Funnel, FunnelStep, funnel
from relex.pipeline._grouping import FigureGroup, FigureGroups, by_fact
from relex.pipeline._health import (
    HEALTH_FLAGS,
    DealHealth,
    HealthFlag,
    HealthPolicy,
    HealthReport,
    deal_health,
    health_report,
)
from relex.pipeline._importing import Imported
from relex.pipeline._lead import (
    Lead,
)
from relex.pipeline._lead_events import (
    LeadAssigned,
    LeadConverted,
    LeadCorrected,
    LeadDisqualified,
    LeadEvent,
    LeadLevelChanged,
    LeadLinksChanged,
    LeadMergedInto,
    LeadOpened,
    LeadOptedOut,
    LeadPointsChanged,
    LeadQualified,
    LeadRecycled,
    LeadReopened,
    LeadRestored,
    LeadsMerged,
    LeadsUnmerged,
    LeadTagsChanged,
    LeadTouched,
    LeadWorked,
)
from relex.pipeline._lead_merging import (
    merge_leads,
    rank_leads,
    unmerge_leads,
)
from relex.pipeline._lead_parts import (
    CampaignTouch,
    LeadLink,
    LeadPolicy,
    MergedLead,
    OptOut,
)
from relex.pipeline._losses import Loss, Losses, losses
from relex.pipeline._merges import (
    MergedOpportunity,
    OpportunitiesMerged,
    OpportunitiesUnmerged,
    OpportunityMergedInto,
    OpportunityRestored,
)
from relex.pipeline._merging import (
    merge_opportunities,
    rank_opportunities,
    unmerge_opportunities,
)
from relex.pipeline._opportunity import Opportunity
from relex.pipeline._outcome_table import OutcomeTable
from relex.pipeline._outcomes import Outcome
from relex.pipeline._parts import ContactRole, NextStep, Split
from relex.pipeline._passages import StageCheck
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._placements import Placement, TerritoryVerdict
from relex.pipeline._predictions import Factor, Prediction
from relex.pipeline._price_books import BookPrice, PriceBook, PriceEntry, find_price, price_line
from relex.pipeline._purchase_credits import purchase_credits
from relex.pipeline._quota import Quota
from relex.pipeline._quote import Quote
from relex.pipeline._quote_events import (
    QuoteAccepted,
    QuoteApproved,
    QuoteChanged,
    QuoteDeclined,
    QuoteEvent,
    QuoteOpened,
    QuoteRefused,
    QuoteRevised,
    QuoteSent,
    QuoteSubmitted,
    QuoteSuperseded,
    QuoteWithdrawn,
)
from relex.pipeline._quote_lines import QuoteLine
from relex.pipeline._schedules import Schedule, ScheduleTier
from relex.pipeline._slippage import Slippage, SlippedDeal, SlippedDeals, days_overdue, slippage, slipped
from relex.pipeline._stage_durations import StageDurations, StageLength, stage_durations
from relex.pipeline._stages import CATEGORIES, LostReason, Stage
from relex.pipeline._stale import StalePolicy
from relex.pipeline._stale_rule import stale_rule
from relex.pipeline._staleness import Staleness, stale
from relex.pipeline._statement import statement, statements
from relex.pipeline._statement_parts import CommissionBalance, CommissionLine, CommissionStatement, Settlement
from relex.pipeline._stays import StageTimes, Stay, furthest, reached, time_in_stage
from relex.pipeline._terms import PriceTerm
from relex.pipeline._territory import Territory, TerritoryMembership
from relex.pipeline._territory_tree import TerritoryTree
from relex.pipeline._velocity import coverage, velocity
from relex.pipeline._waterfall import LinePrice, PriceStep, QuotePrice, QuoteRounding
from relex.pipeline._win_rate import average_size, win_rate
from relex.pipeline._won_credits import won_credits

__all__ = [
    "CATEGORIES",
    "HEALTH_FLAGS",
    "Accuracy",
    "AccuracyLine",
    "ActivityRecorded",
    "AgedDeal",
    "Ageing",
    "AmountChanged",
    "Approval",
    "ApprovalCheck",
    "ApprovalNeed",
    "ApprovalPolicy",
    "ApprovalRule",
    "Attainment",
    "Attainments",
    "BookPrice",
    "Bridge",
    "BridgeLine",
    "Calibration",
    "CampaignChanged",
    "CampaignTouch",
    "CategoryMove",
    "CategoryOverridden",
    "CloseDateChanged",
    "Cohort",
    "Cohorts",
    "Commission",
    "CommissionBalance",
    "CommissionCredit",
    "CommissionLine",
    "CommissionPlan",
    "CommissionStatement",
    "CommissionTier",
    "ConsentDraft",
    "ContactRole",
    "ContactsChanged",
    "Conversion",
    "Credited",
    "CustomerDraft",
    "DealHealth",
    "Draw",
    "Durations",
    "Exchange",
    "ExistingParty",
    "Factor",
    "FigureGroup",
    "FigureGroups",
    "FirstContact",
    "Forecast",
    "ForecastAdjustment",
    "ForecastCell",
    "ForecastQuestion",
    "ForecastRow",
    "ForecastSlice",
    "Funnel",
    "FunnelStep",
    "HealthFlag",
    "HealthPolicy",
    "HealthReport",
    "Imported",
    "KnownParty",
    "Lead",
    "LeadAssigned",
    "LeadConverted",
    "LeadCorrected",
    "LeadDisqualified",
    "LeadEvent",
    "LeadLevelChanged",
    "LeadLink",
    "LeadLinksChanged",
    "LeadMergedInto",
    "LeadOpened",
    "LeadOptedOut",
    "LeadPointsChanged",
    "LeadPolicy",
    "LeadQualified",
    "LeadRecycled",
    "LeadReopened",
    "LeadRestored",
    "LeadTagsChanged",
    "LeadTouched",
    "LeadWorked",
    "LeadsMerged",
    "LeadsUnmerged",
    "LinePrice",
    "LinesChanged",
    "Loss",
    "Losses",
    "LostReason",
    "MergedLead",
    "MergedOpportunity",
    "MovedLink",
    "NextStep",
    "NextStepChanged",
    "NotApplied",
    "OpportunitiesMerged",
    "OpportunitiesUnmerged",
    "Opportunity",
    "OpportunityCustomerChanged",
    "OpportunityLost",
    "OpportunityMergedInto",
    "OpportunityOpened",
    "OpportunityOwnerChanged",
    "OpportunityRenamed",
    "OpportunityReopened",
    "OpportunityRestored",
    "OpportunityStageChanged",
    "OpportunityTagsChanged",
    "OpportunityWon",
    "OptOut",
    "Outcome",
    "OutcomeCounts",
    "OutcomeTable",
    "Passage",
    "Pipeline",
    "Placement",
    "Prediction",
    "PriceBook",
    "PriceEntry",
    "PriceStep",
    "PriceTerm",
    "ProbabilityOverridden",
    "Quota",
    "Quote",
    "QuoteAccepted",
    "QuoteApproved",
    "QuoteChanged",
    "QuoteDeclined",
    "QuoteEvent",
    "QuoteLine",
    "QuoteOpened",
    "QuotePrice",
    "QuoteRefused",
    "QuoteRevised",
    "QuoteRounding",
    "QuoteSent",
    "QuoteSubmitted",
    "QuoteSuperseded",
    "QuoteWithdrawn",
    "RefusedLead",
    "RefusedRow",
    "RowProblem",
    "SalesCycle",
    "Schedule",
    "ScheduleTier",
    "SetAside",
    "Settlement",
    "Slippage",
    "SlippedDeal",
    "SlippedDeals",
    "SnoozeChanged",
    "Split",
    "SplitsChanged",
    "Stage",
    "StageCheck",
    "StageDurations",
    "StageEntry",
    "StageLength",
    "StageTimes",
    "StalePolicy",
    "Staleness",
    "Stay",
    "Territory",
    "TerritoryChanged",
    "TerritoryMembership",
    "TerritoryTree",
    "TerritoryVerdict",
    "TierPart",
    "Variable",
    "ageing",
    "attainment",
    "attainments",
    "average_size",
    "by_fact",
    "calibrate",
    "cohort_conversion",
    "consent_drafts",
    "convert_leads",
    "coverage",
    "days_overdue",
    "deal_health",
    "find_price",
    "first_contacts",
    "forecast",
    "funnel",
    "furthest",
    "health_report",
    "losses",
    "merge_leads",
    "merge_opportunities",
    "price_line",
    "purchase_credits",
    "rank_leads",
    "rank_opportunities",
    "reached",
    "sales_cycle",
    "shown_probability",
    "slippage",
    "slipped",
    "stage_durations",
    "stale",
    "stale_rule",
    "statement",
    "statements",
    "time_in_stage",
    "unmerge_leads",
    "unmerge_opportunities",
    "velocity",
    "win_rate",
    "won_credits",
]
