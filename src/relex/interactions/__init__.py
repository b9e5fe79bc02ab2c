"""What happened between us and our customers: interactions, touchpoints, documents, planned work, timelines."""

from __future__ import annotations

from relex.interactions._clock import ClientTime, client_time
from relex.interactions._cloudevents import from_cloudevent, to_cloudevent
from relex.interactions._corrections import Corrected, corrected
from relex.interactions._documents import DocumentRef, latest
from relex.interactions._effort import Effort, EffortPolicy, EffortRow, effort
from relex.interactions._interaction import CHANNELS, DIRECTIONS, ROLES, Interaction, Participant
from relex.interactions._mix import ChannelMix, channel_mix, last_touch
from relex.interactions._planned import Activity, Agenda, Cancelled, agenda, next_activity, overdue
from relex.interactions._relationships import Contact, contacts
from relex.interactions._replies import Replies, Reply, reply_times
from relex.interactions._strength import Strength, strength, strength_card
from relex.interactions._timeline import Cursor, TimelinePage, iter_timeline, timeline
from relex.interactions._touchpoints import Touchpoint, TouchpointCatalog
from relex.interactions._tracking import IdentityClaim, interaction_from_tracking
from relex.interactions._whose import Aliased

__all__ = [
    "CHANNELS",
    "DIRECTIONS",
    "ROLES",
    "Activity",
    "Agenda",
    "Aliased",
    "Cancelled",
    "ChannelMix",
    "ClientTime",
    "Contact",
    "Corrected",
    "Cursor",
    "DocumentRef",
    "Effort",
    "EffortPolicy",
    "EffortRow",
    "IdentityClaim",
    "Interaction",
    "Participant",
    "Replies",
    "Reply",
    "Strength",
    "TimelinePage",
    "Touchpoint",
    "TouchpointCatalog",
    "agenda",
    "channel_mix",
    "client_time",
    "contacts",
    "corrected",
    "effort",
    "from_cloudevent",
    "interaction_from_tracking",
    "iter_timeline",
    "last_touch",
    "latest",
    "next_activity",
    "overdue",
    "reply_times",
    "strength",
    "strength_card",
    "timeline",
    "to_cloudevent",
]
