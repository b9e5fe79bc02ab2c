"""Support cases: their life cycle, the clocks of what was promised, escalation, routing and figures."""

from relex.service._attempts import ContactAttempt
from relex.service._case import Case
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
from relex.service._escalation_due import DueEscalation
from relex.service._escalation_policy import EscalationPolicy, EscalationRule
from relex.service._parts import CaseLink, CaseMessage, EscalatedOccurrence
from relex.service._policy_choice import PassedPolicy, PolicyChoice
from relex.service._priorities import Priorities, PriorityChoice, PriorityMatrix
from relex.service._reopening import ReopenPolicy
from relex.service._requirements import CaseCheck
from relex.service._status import Status

__all__ = [
    "DEFAULT_FLOW",
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
    "CaseNoted",
    "CaseOpened",
    "CaseOwnerChanged",
    "CaseParentChanged",
    "CasePolicyChosen",
    "CasePriorityChanged",
    "CaseRejected",
    "CaseRenamed",
    "CaseReopened",
    "CaseReplied",
    "CaseResolved",
    "CaseSplit",
    "CaseStatusChanged",
    "CaseTagsChanged",
    "CaseTeamChanged",
    "CaseTypeChanged",
    "CaseUnlinked",
    "CaseUnmerged",
    "ContactAttempt",
    "DueEscalation",
    "EscalatedOccurrence",
    "EscalationPolicy",
    "EscalationRule",
    "PassedPolicy",
    "PolicyChoice",
    "Priorities",
    "PriorityChoice",
    "PriorityMatrix",
    "ReopenPolicy",
    "Status",
    "StatusEntry",
]
