"""Support cases: their life cycle, the clocks of what was promised, escalation, routing and figures."""

from relex._rows import RefusedRow, RowProblem, SetAside
from relex.service._attempts import ContactAttempt
from relex.service._auto_close import close_due
from relex.service._backlog import Backlog, BacklogAge, OwnerLoad
from relex.service._call_measures import measure_attempts
from relex.service._call_metrics import Abandonment, CallMetric, HandlingTime, ServiceLevel, SpeedOfAnswer
from relex.service._case import Case
from relex.service._case_check import CaseCheck
from relex.service._case_events import (
    CaseApprovalGiven,
    CaseApprovalRequested,
    CaseClosed,
    CaseCustomerChanged,
    CaseEscalated,
    CaseImpactChanged,
    CaseLinked,
    CaseMerged,
    CaseMessageReceived,
    CaseNoted,
    CaseOpened,
    CaseOwnerChanged,
    CaseParentChanged,
    CasePolicyChosen,
    CasePriorityChanged,
    CaseRejected,
    CaseRenamed,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseSplit,
    CaseStatusChanged,
    CaseTagsChanged,
    CaseTeamChanged,
    CaseTypeChanged,
    CaseUnlinked,
    CaseUnmerged,
    StatusEntry,
)
from relex.service._case_flow import DEFAULT_FLOW, CaseFlow
from relex.service._choosing import SlaPolicies, reselected
from relex.service._clock import Clock, ClockHold, ClockResult, ClockWarning, Occurrence
from relex.service._entitlements import Entitlement, EntitlementChoice, PassedEntitlement, entitled, entitlements_used
from relex.service._escalation import due_escalations
from relex.service._escalation_breaches import Breach, breaches
from relex.service._escalation_due import DueEscalation
from relex.service._escalation_policy import EscalationPolicy, EscalationRule
from relex.service._family import close_tree, family_facts
from relex.service._follow_ups import FollowUp, FollowUpRule, follow_ups, usual_follow_ups
from relex.service._importing import ImportedCase, ImportedCases
from relex.service._importing_streams import stream_cases
from relex.service._measures import backlog, backlogs, measure
from relex.service._metric_rates import FirstContactResolution, PerCase, ReopenRate
from relex.service._metric_sla import SlaRate
from relex.service._metric_times import (
    CaseMetric,
    CustomerWaiting,
    FirstResponseTime,
    ResponseTime,
    TimeMetric,
    TimeToResolve,
)
from relex.service._milestones import Goal, Milestone, first_response, next_response, resolution, team
from relex.service._parts import CaseLink, CaseMessage, EscalatedOccurrence
from relex.service._policy_choice import PassedPolicy, PolicyChoice
from relex.service._priorities import Priorities, PriorityChoice, PriorityMatrix
from relex.service._queue import CaseQueue, QueuePlace, queue
from relex.service._reopening import ReopenPolicy
from relex.service._report import ReportRow, ServiceReport
from relex.service._routing import PreviousOwner, open_counts, previous_owner, routing_facts
from relex.service._sla import Sla, sla
from relex.service._sla_policy import SlaPolicy
from relex.service._splitting import SplitCases
from relex.service._status import Status
from relex.service._status_times import StatusStay, StatusTimes, status_times
from relex.service._surveying import SurveyRequest, SurveyTrigger, survey_requests
from relex.service._threads import Thread, ThreadMessage, redirect, thread
from relex.service._timeline import CaseTimeline, CaseTimelineRow, case_timeline

__all__ = [
    "DEFAULT_FLOW",
    "Abandonment",
    "Backlog",
    "BacklogAge",
    "Breach",
    "CallMetric",
    "Case",
    "CaseApprovalGiven",
    "CaseApprovalRequested",
    "CaseCheck",
    "CaseClosed",
    "CaseCustomerChanged",
    "CaseEscalated",
    "CaseFlow",
    "CaseImpactChanged",
    "CaseLink",
    "CaseLinked",
    "CaseMerged",
    "CaseMessage",
    "CaseMessageReceived",
    "CaseMetric",
    "CaseNoted",
    "CaseOpened",
    "CaseOwnerChanged",
    "CaseParentChanged",
    "CasePolicyChosen",
    "CasePriorityChanged",
    "CaseQueue",
    "CaseRejected",
    "CaseRenamed",
    "CaseReopened",
    "CaseReplied",
    "CaseResolved",
    "CaseSplit",
    "CaseStatusChanged",
    "CaseTagsChanged",
    "CaseTeamChanged",
    "CaseTimeline",
    "CaseTimelineRow",
    "CaseTypeChanged",
    "CaseUnlinked",
    "CaseUnmerged",
    "Clock",
    "ClockHold",
    "ClockResult",
    "ClockWarning",
    "ContactAttempt",
    "CustomerWaiting",
    "DueEscalation",
    "Entitlement",
    "EntitlementChoice",
    "EscalatedOccurrence",
    "EscalationPolicy",
    "EscalationRule",
    "FirstContactResolution",
    "FirstResponseTime",
    "FollowUp",
    "FollowUpRule",
    "Goal",
    "HandlingTime",
    "ImportedCase",
    "ImportedCases",
    "Milestone",
    "Occurrence",
    "OwnerLoad",
    "PassedEntitlement",
    "PassedPolicy",
    "PerCase",
    "PolicyChoice",
    "PreviousOwner",
    "Priorities",
    "PriorityChoice",
    "PriorityMatrix",
    "QueuePlace",
    "RefusedRow",
    "ReopenPolicy",
    "ReopenRate",
    "ReportRow",
    "ResponseTime",
    "RowProblem",
    "ServiceLevel",
    "ServiceReport",
    "SetAside",
    "Sla",
    "SlaPolicies",
    "SlaPolicy",
    "SlaRate",
    "SpeedOfAnswer",
    "SplitCases",
    "Status",
    "StatusEntry",
    "StatusStay",
    "StatusTimes",
    "SurveyRequest",
    "SurveyTrigger",
    "Thread",
    "ThreadMessage",
    "TimeMetric",
    "TimeToResolve",
    "backlog",
    "backlogs",
    "breaches",
    "case_timeline",
    "close_due",
    "close_tree",
    "due_escalations",
    "entitled",
    "entitlements_used",
    "family_facts",
    "first_response",
    "follow_ups",
    "measure",
    "measure_attempts",
    "next_response",
    "open_counts",
    "previous_owner",
    "queue",
    "redirect",
    "reselected",
    "resolution",
    "routing_facts",
    "sla",
    "status_times",
    "stream_cases",
    "survey_requests",
    "team",
    "thread",
    "usual_follow_ups",
]
