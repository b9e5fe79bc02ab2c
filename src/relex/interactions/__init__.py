"""What happened between us and our customers: interactions, touchpoints, documents, planned work, timelines."""

from __future__ import annotations

from relex.interactions._clock import ClientTime, client_time
from relex.interactions._corrections import Corrected, corrected
from relex.interactions._documents import DocumentRef, latest
from relex.interactions._interaction import CHANNELS, DIRECTIONS, ROLES, Interaction, Participant
from relex.interactions._planned import Activity, Agenda, Cancelled, agenda, next_activity, overdue
from relex.interactions._timeline import Aliased, Cursor, TimelinePage, iter_timeline, timeline
from relex.interactions._touchpoints import Touchpoint, TouchpointCatalog

__all__ = [
    "CHANNELS",
    "DIRECTIONS",
    "ROLES",
    "Activity",
    "Agenda",
    "Aliased",
    "Cancelled",
    "ClientTime",
    "Corrected",
    "Cursor",
    "DocumentRef",
    "Interaction",
    "Participant",
    "TimelinePage",
    "Touchpoint",
    "TouchpointCatalog",
    "agenda",
    "client_time",
    "corrected",
    "iter_timeline",
    "latest",
    "next_activity",
    "overdue",
    "timeline",
]
