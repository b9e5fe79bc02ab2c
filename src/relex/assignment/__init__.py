"""Who gets the next item, and why: ordered rules, turns, load, capacity and availability."""

from relex.assignment._answers import Assignment, Assignments, Candidate, Step
from relex.assignment._assign import assign, assign_all
from relex.assignment._people import Assignee, Capacity, Pool, daily_share
from relex.assignment._policy import AssignmentPolicy, AssignmentRule
from relex.assignment._state import AssignmentState

__all__ = [
    "Assignee",
    "Assignment",
    "AssignmentPolicy",
    "AssignmentRule",
    "AssignmentState",
    "Assignments",
    "Candidate",
    "Capacity",
    "Pool",
    "Step",
    "assign",
    "assign_all",
    "daily_share",
]
