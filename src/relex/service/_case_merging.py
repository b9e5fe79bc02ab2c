"""Which event a merge gives, or its undoing, or why there is none.

A merge touches the source only. Its target is not changed and need not be saved: what was written in both is a question
asked of both (`thread`). So taking a merge back is one event too, and what it gives back cannot have been lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.errors import Rejected
from relex.service._case_events import CaseMerged, StatusEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relex.changes import Event
    from relex.service._case import Case

__all__ = ["require_target", "status_before"]


def require_target(case: Case, target: Case) -> bool:
    """Whether a case may be merged into another one; False when it was already, so that nothing happens.

    Raises:
        Rejected: `bad_target` for itself or for one that was merged, `already_merged` into another one.
    """
    if target.id == case.id:
        raise Rejected("merge_into", "bad_target", {"target": target.id, "why": "itself"})
    if case.merged_into == target.id:
        return False
    if target.merged_into is not None:
        details = {"target": target.id, "why": "merged", "allowed": (target.merged_into,)}
        raise Rejected("merge_into", "bad_target", details)
    if case.merged_into is not None:
        raise Rejected("merge_into", "already_merged", {"target": target.id, "into": case.merged_into})
    return True


def status_before(history: Sequence[Event]) -> Mapping[str, Any]:
    """What the status said that a case had before its last merge, for the event that brings it back.

    The merge is in the history, and was not undone.
    """
    entries = [event for event in history if isinstance(event, StatusEntry)]
    merge = max(place for place, event in enumerate(entries) if isinstance(event, CaseMerged))
    before = entries[merge - 1]
    return {
        "flow": before.flow,
        "flow_version": before.flow_version,
        "from_": entries[merge].to,
        "to": before.to,
        "kind": before.kind,
        "waiting_for": before.waiting_for,
        "ends": before.ends,
        "reopens": before.reopens,
    }
