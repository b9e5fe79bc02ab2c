"""Feedback: surveys, invitations, responses, and metrics with their denominators in the open."""

from __future__ import annotations

from relex.feedback._bands import Band
from relex.feedback._board import BoardColumn, FollowUpBoard, FollowUpCard, follow_up_board
from relex.feedback._comparison import ReadingComparison, compare_paired, compare_readings
from relex.feedback._contact_decision import ContactDecision
from relex.feedback._contact_history import ContactHistory
from relex.feedback._contact_policy import ContactPolicy
from relex.feedback._contact_reasons import ContactReason
from relex.feedback._contact_requests import ContactRequest
from relex.feedback._contact_rules import ContactRule, Reminders, Wait
from relex.feedback._coverage import AccountCoverage
from relex.feedback._drivers import Driver, Drivers, drivers
from relex.feedback._drop_off import DropOff, QuestionDropOff
from relex.feedback._enrichment import Enrichment, enrich
from relex.feedback._explaining import ExplainedChange, GroupChange, contributions, explain_change
from relex.feedback._intervals import Interval
from relex.feedback._invitation_states import InvitationState
from relex.feedback._invitations import Disposition, Invitation
from relex.feedback._loop_report import LoopLine, LoopRecord, LoopReport, loop_report
from relex.feedback._loop_rules import LoopRule
from relex.feedback._methods import Mean, Net, PercentOfRange, Share, ShareOfMax
from relex.feedback._metric import Metric, Reading, pool
from relex.feedback._moments import Cluster, Moments
from relex.feedback._normalizing import NormalizedResponse, RefusedField
from relex.feedback._outcome_rates import OutcomeRates, outcome_rates
from relex.feedback._outcomes import PointWorth, RetentionByBand, point_worth, retention_by_band
from relex.feedback._paths import SurveyPath
from relex.feedback._patterns import ImprovementProposal, ImprovementProposals, patterns
from relex.feedback._penalty_reward import PenaltyReward, PenaltyRewards, penalty_reward
from relex.feedback._questions import Choice, Jump, Question
from relex.feedback._reliability import cronbach_alpha, index
from relex.feedback._responses import Answer, Response, latest_responses
from relex.feedback._revenue import RevenueByClass, revenue_by_class, value_where
from relex.feedback._roll_up import roll_up_accounts
from relex.feedback._rolled import AccountRollUp, RolledAccount
from relex.feedback._sample_size import SampleSize, cochran, krejcie_morgan, net_size
from relex.feedback._sampling import stable_draw
from relex.feedback._scale import Scale
from relex.feedback._segments import SegmentReadings, readings_by
from relex.feedback._sentiment import Sentiment, SentimentScorer
from relex.feedback._signals import Signal, signals
from relex.feedback._survey import Survey
from relex.feedback._topic_table import TopicLine, TopicTable, topics
from relex.feedback._topics import KeywordTopics, Topic, TopicTagger, TopicWords
from relex.feedback._trend import read_rolling, read_trend
from relex.feedback._trend_points import Trend, TrendPoint
from relex.feedback._value_at_risk import RiskPart, ValueAtRisk, earned_growth, earned_new, value_at_risk
from relex.feedback._weighting import post_stratify, rake

__all__ = [
    "AccountCoverage",
    "AccountRollUp",
    "Answer",
    "Band",
    "BoardColumn",
    "Choice",
    "Cluster",
    "ContactDecision",
    "ContactHistory",
    "ContactPolicy",
    "ContactReason",
    "ContactRequest",
    "ContactRule",
    "Disposition",
    "Driver",
    "Drivers",
    "DropOff",
    "Enrichment",
    "ExplainedChange",
    "FollowUpBoard",
    "FollowUpCard",
    "GroupChange",
    "ImprovementProposal",
    "ImprovementProposals",
    "Interval",
    "Invitation",
    "InvitationState",
    "Jump",
    "KeywordTopics",
    "LoopLine",
    "LoopRecord",
    "LoopReport",
    "LoopRule",
    "Mean",
    "Metric",
    "Moments",
    "Net",
    "NormalizedResponse",
    "OutcomeRates",
    "PenaltyReward",
    "PenaltyRewards",
    "PercentOfRange",
    "PointWorth",
    "Question",
    "QuestionDropOff",
    "Reading",
    "ReadingComparison",
    "RefusedField",
    "Reminders",
    "Response",
    "RetentionByBand",
    "RevenueByClass",
    "RiskPart",
    "RolledAccount",
    "SampleSize",
    "Scale",
    "SegmentReadings",
    "Sentiment",
    "SentimentScorer",
    "Share",
    "ShareOfMax",
    "Signal",
    "Survey",
    "SurveyPath",
    "Topic",
    "TopicLine",
    "TopicTable",
    "TopicTagger",
    "TopicWords",
    "Trend",
    "TrendPoint",
    "ValueAtRisk",
    "Wait",
    "cochran",
    "compare_paired",
    "compare_readings",
    "contributions",
    "cronbach_alpha",
    "drivers",
    "earned_growth",
    "earned_new",
    "enrich",
    "explain_change",
    "follow_up_board",
    "index",
    "krejcie_morgan",
    "latest_responses",
    "loop_report",
    "net_size",
    "outcome_rates",
    "patterns",
    "penalty_reward",
    "point_worth",
    "pool",
    "post_stratify",
    "rake",
    "read_rolling",
    "read_trend",
    "readings_by",
    "retention_by_band",
    "revenue_by_class",
    "roll_up_accounts",
    "signals",
    "stable_draw",
    "topics",
    "value_at_risk",
    "value_where",
]
