"""Which event a merge gives, or its undoing, or why there is none.

A merge touches the source only. Its target is not changed and need not be saved: what was written in both is a question
asked of both (`thread`). So taking a merge back is one event too, and what it gives back cannot have been lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex._trusted import trusted
from relex.errors import Rejected
from relex.service._case_events import CaseMerged, CaseUnmerged, StatusEntry
from relex.service._case_guards import require_flow, require_next, require_open_edit
from relex.service._case_moves import entered
from relex.service._case_steps import live_events

if TYPE_CHECKING:
    from datetime import datetime

    from relex.changes import Event
    from relex.service._case import Case
    from relex.service._case_flow import CaseFlow

__all__ = ["merged", "status_before", "unmerged"]

Events = tuple["Event", ...]

_merged = trusted(CaseMerged)
_unmerged = trusted(CaseUnmerged)


def merged(case: Case, target: Case, flow: CaseFlow, at: datetime) -> Events:
    """A case turns out to be another one; nothing where that was said already."""
    require_flow("merge_into", case, flow)
    if target.id != case.id and case.merged_into == target.id:
        require_next("merge_into", case, at)
        return ()
    _require_target(case, target)
    version = require_open_edit("merge_into", case, at)
    to = flow.first("closed", ends="merged")
    return (entered(_merged, case, version, flow, to, at, into=target.id),)


def _require_target(case: Case, target: Case) -> None:
    if target.id == case.id:
        raise Rejected("merge_into", "bad_target", {"target": target.id, "why": "itself"})
    if target.merged_into is not None:
        allowed = (target.merged_into,)
        raise Rejected("merge_into", "bad_target", {"target": target.id, "why": "merged", "allowed": allowed})
    if case.merged_into is not None:
        raise Rejected("merge_into", "already_merged", {"target": target.id, "into": case.merged_into})


def unmerged(case: Case, at: datetime) -> Events:
    """The last merge was a mistake: the case is again in the status that it had, as that status was then."""
    version = require_next("unmerge", case, at)
    if case.merged_into is None:
        raise Rejected("unmerge", "not_merged", {"case": case.id, "status": case.status})
    return (_unmerged(source=case.id, version=version, at=at, **status_before(case.history)),)


def status_before(history: tuple[Event, ...]) -> dict[str, Any]:
    """What the event says that undoes the last merge of a history, which was not undone yet."""
    entries: list[Any] = [event for event in live_events(history) if isinstance(event, StatusEntry)]
    before, merge = entries[-2:]
    return {
        "flow": before.flow,
        "flow_version": before.flow_version,
        "from_": merge.to,
        "to": before.to,
        "kind": before.kind,
        "waiting_for": before.waiting_for,
        "ends": before.ends,
        "reopens": before.reopens,
    }
