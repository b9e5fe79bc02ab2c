"""Which messages go from one case to a new one, and what the new one knows from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.errors import InvalidValue, Rejected
from relex.service._case_events import CaseSplit
from relex.service._case_guards import require_open_edit
from relex.service._parts import CaseLink

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.changes import Change
    from relex.service._case import Case

__all__ = ["SplitCases", "handed_on", "split_off"]

_TEXTS = _checks.each(_checks.text)
_SAME = ("customer", "contact", "channel", "origin", "product", "team", "type", "impact", "urgency", "tags")


class SplitCases(NamedTuple):
    """What a split gives; save both changes together.

    Attributes:
        source: The case that was split, without the messages.
        new: The case that has them.

    .. versionadded:: 0.1.0
    """

    source: Change[Case]
    new: Change[Case]


def split_off(case: Case, messages: object, id: str, at: datetime) -> CaseSplit:  # noqa: A002 - as everywhere in relex
    """The messages that are named leave a case, in the order of the case.

    Raises:
        InvalidValue: For no message, one that is named twice, or the id of the case itself.
        Rejected: `unknown_message`, or `all_messages` when nothing would be left.
    """
    version = require_open_edit("split", case, at)
    _checks.text.require("split.id", id)
    if id == case.id:
        raise InvalidValue("split.id", id, "the id of a new case")
    wanted = _checks.items("split.messages", messages)
    _TEXTS.require("split.messages", wanted)
    if not wanted or len(set(wanted)) != len(wanted):
        raise InvalidValue("split.messages", wanted, "at least one id of a message, each once")
    there = dict.fromkeys([each.id for each in case.messages])
    unknown = tuple([each for each in wanted if each not in there])
    if unknown:
        raise Rejected("split", "unknown_message", {"messages": unknown, "allowed": tuple(there)})
    if len(wanted) == len(there):
        raise Rejected("split", "all_messages", {"messages": wanted})
    named = set(wanted)
    going = tuple([each for each in there if each in named])
    return CaseSplit(source=case.id, version=version, at=at, into=id, messages=going)


def handed_on(case: Case, event: CaseSplit) -> Mapping[str, Any]:
    """What the new case takes over, for its opening: who asks, through what, and about what; nobody works on it yet."""
    going = set(event.messages)
    return {
        **{name: getattr(case, name) for name in _SAME},
        "priority": case.priority if case.priority_source == "explicit" else None,
        "links": (*case.links, CaseLink("case", case.id)),
        "split_from": case.id,
        "messages": [each for each in case.messages if each.id in going],
    }
