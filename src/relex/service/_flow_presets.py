"""Flows to begin with, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.errors import InvalidValue
from relex.rules import Requirement, field
from relex.service._status import DEFAULT_STATUSES, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["preset_parts"]

_COMMENT = Requirement("comment", ~field("comment").is_missing(), "Say in a comment what was done")
_APPROVAL = Requirement("approval", field("approval") == "given", "Have it approved by somebody else")
_CHILDREN = Requirement("children", field("open_children") == 0, "Close the cases below it first")

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "support": {"statuses": DEFAULT_STATUSES},
    "progressive": {
        "statuses": (
            Status("open", "open", name="Open"),
            Status("in_progress", "open", name="In progress"),
            Status("resolved", "resolved", name="Resolved", requires=[_COMMENT]),
            Status("closed", "closed", name="Closed"),
            Status("duplicate", "closed", ends="merged", name="Duplicate"),
        ),
        "moves": {
            "open": ("in_progress",),
            "in_progress": ("resolved", "closed"),
            "resolved": ("open", "closed"),
            "closed": ("open",),
        },
    },
    "approval": {
        "statuses": DEFAULT_STATUSES,
        "requires": {"resolve": (_COMMENT,), "close": (_APPROVAL, _CHILDREN)},
    },
}


def preset_parts(name: str) -> dict[str, Any]:
    """The attributes of a flow that a preset names."""
    if not isinstance(name, str) or name not in PRESETS:  # type: ignore[redundant-expr]  # whatever callers give
        raise InvalidValue("CaseFlow.preset.name", name, f"one of {', '.join(PRESETS)}")
    return dict(PRESETS[name])
