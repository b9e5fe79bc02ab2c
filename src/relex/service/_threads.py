"""Where a case that was merged went, and what was written in all the cases that became one.

Theory of operation. A merge writes one event, in the history of the source, and moves nothing. What a target shows is
therefore a question asked of several cases: whose chain of merges leads to it, and what they say. Taking a merge back
takes the answer back with it, with nothing left to repair.

Two merges that are decided at one time, in two processes, may close a chain on itself, which no single command allows.
So every walk here remembers where it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment
from relex.errors import InvalidValue
from relex.service._case import Case

if TYPE_CHECKING:
    from datetime import datetime

    from relex.service._parts import CaseMessage

__all__ = ["Thread", "ThreadMessage", "redirect", "thread"]

Into: TypeAlias = "Mapping[str, str | None] | Callable[[str], str | None]"

_TEXT_OR_NONE = _checks.optional(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)


def redirect(id: str, into: Into) -> str:  # noqa: A002 - the field's name everywhere in relex
    """The case that stands for another one: every merge is followed, to the end of the chain.

    Args:
        id: Of any case.
        into: Where each was merged into: a mapping by id, or a function of the id such as a look-up in a store; None,
            or an id that is not there, for a case that was not merged.

    Returns:
        Where the chain ends. That is the case itself where it was not merged, and also where its chain closes on
        itself, as two merges that are decided at one time may do.

    Raises:
        InvalidValue: For an empty id, or what is neither a mapping nor a function.

    Example:
        >>> redirect("c1", {"c1": "c2", "c2": "c3"})
        'c3'
        >>> redirect("c1", {"c1": "c2", "c2": "c1"})
        'c1'

    .. versionadded:: 0.1.0
    """
    _checks.text.require("redirect.id", id)
    look = into.get if isinstance(into, Mapping) else into
    if not callable(look):
        raise InvalidValue("redirect.into", into, "a mapping from ids to ids, or a function of an id")
    found, passed = id, {id}
    while (next_ := look(found)) is not None:
        _TEXT_OR_NONE.require("redirect.into", next_)
        if next_ in passed:
            return id
        passed.add(next_)
        found = next_
    return found


@attrs.frozen(weakref_slot=False)
class ThreadMessage:
    """A message, and the case that it came to.

    Attributes:
        case: Id of the case.
        message: With its own instant.

    .. versionadded:: 0.1.0
    """

    case: str
    message: CaseMessage

    def __str__(self) -> str:
        return f"{self.message.at.isoformat()} {self.case} {self.message.direction} {self.message.id}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Thread:
    """All that was written in a case and in those that were merged into it.

    Attributes:
        case: Id of the case that was asked about.
        cases: Ids of all whose messages these are: the case first, then those merged into it, nearest first.
        messages: Each once, oldest first.

    .. versionadded:: 0.1.0
    """

    case: str
    cases: tuple[str, ...]
    messages: tuple[ThreadMessage, ...]

    def __len__(self) -> int:
        return len(self.messages)

    def __str__(self) -> str:
        others = f", with {', '.join(self.cases[1:])}" if len(self.cases) > 1 else ""
        return f"{self.case}: {len(self.messages)} messages{others}"

    def _repr_html_(self) -> str:
        """One row for each message."""
        rows = [(each.message.at, each.case, each.message.direction, each.message.id) for each in self.messages]
        return table(str(self), ("at", "case", "direction", "message"), rows)


def thread(case: Case, cases: Iterable[Case], *, as_of: datetime | None = None) -> Thread:
    """All messages of a case and of every case that was merged into it, directly or through a chain.

    A message that two of them have, as one that came to the merged case and was handed on, is there once, with the
    merged case.

    Args:
        case: Any; of one that was merged, what had come to it.
        cases: Those that may have been merged into it, in any order; others do no harm.
        as_of: What was known at this instant; None for all that is known.

    Raises:
        InvalidValue: For a wrong type, or a naive datetime.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.service import Case, CaseMessage
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> one, _ = Case.open("c1", customer="k7", at=noon, messages=[CaseMessage("m1", noon, direction="in")])
        >>> two, _ = Case.open("c2", customer="k7", at=noon, messages=[CaseMessage("m2", noon, direction="in")])
        >>> two, _ = two.merge_into(one, at=noon)
        >>> print(thread(one, [two]))
        c1: 2 messages, with c2

    .. versionadded:: 0.1.0
    """
    _CASE.require("thread.case", case)
    _INSTANT_OR_NONE.require("thread.as_of", as_of)
    others = _checks.items("thread.cases", cases)
    _CASES.require("thread.cases", others)
    known = [case, *(other for other in others if other.id != case.id)]
    if as_of is not None:
        known = [then for each in known if (then := each.as_of(as_of)) is not None]
    joined = _joined(case.id, known)
    found = {message.id: ThreadMessage(each.id, message) for each in joined for message in each.messages}
    messages = tuple(sorted(found.values(), key=lambda each: moment(each.message.at)))
    return Thread(case=case.id, cases=tuple([each.id for each in joined]), messages=messages)


_CASE = _checks.a(Case)
_CASES = _checks.each(_CASE)


def _joined(id: str, cases: Iterable[Case]) -> list[Case]:  # noqa: A002 - as above
    """The case and all whose merges lead to it, nearest first, those equally near by id."""
    by_id = {each.id: each for each in cases}
    sources = defaultdict(list)
    for each in by_id.values():
        if each.merged_into is not None:
            sources[each.merged_into].append(each.id)
    reached = {id: None}
    for target in (queue := [id]):
        new = [source for source in sorted(sources[target]) if source not in reached]
        reached.update(dict.fromkeys(new))
        queue.extend(new)
    return [by_id[each] for each in reached if each in by_id]
