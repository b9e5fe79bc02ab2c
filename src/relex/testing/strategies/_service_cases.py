"""Cases reached by commands, and what happens to cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.changes import Change
from relex.errors import Conflict
from relex.service import (
    DEFAULT_FLOW,
    Case,
    CaseApprovalGiven,
    CaseApprovalRequested,
    CaseClosed,
    CaseCustomerChanged,
    CaseEscalated,
    CaseFlow,
    CaseImpactChanged,
    CaseLink,
    CaseLinked,
    CaseMerged,
    CaseMessage,
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
    DueEscalation,
    EscalatedOccurrence,
    PolicyChoice,
)
from relex.testing.strategies._basics import either, ids, instants, named, sizes, texts, words
from relex.testing.strategies._steps import Step, histories, later, pauses

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from relex.changes import Event

__all__ = [
    "STORED",
    "case_changes",
    "case_commands",
    "case_events",
    "case_links",
    "case_messages",
    "cases",
    "escalated_occurrences",
]

_OPENED = instants(min_value=datetime(1990, 1, 1, tzinfo=UTC), max_value=datetime(2090, 1, 1, tzinfo=UTC))
_FLOW = _checks.a(CaseFlow)
_DIRECTIONS = ("in", "out")
_MAYBE_ID = st.none() | ids()
_MAYBE_TEXT = st.none() | texts()
_MAYBE_WORD = st.none() | words()
_TAGS = st.lists(words(), max_size=3, unique=True).map(sorted).map(tuple)


# What a case is made of.


def case_messages(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    direction: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[CaseMessage]:
    """Messages of a case, those of machines and colleagues among them.

    Args:
        id: Of the message, or what ids are drawn from.
        direction: `in` or `out`, or what directions are drawn from.
        at: When it was written, or what instants are drawn from.

    Raises:
        InvalidValue: For an empty id, another direction, or a naive datetime.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        CaseMessage,
        either("case_messages.id", id, _checks.text, ids()),
        either("case_messages.at", at, _checks.instant, instants()),
        direction=either(
            "case_messages.direction", direction, _checks.one_of(*_DIRECTIONS), st.sampled_from(_DIRECTIONS)
        ),
        internal=st.booleans(),
        automatic=st.booleans(),
        by=_MAYBE_ID,
    )


def case_links() -> SearchStrategy[CaseLink]:
    """What cases are about.

    .. versionadded:: 0.1.0
    """
    return _LINKS


_LINKS: SearchStrategy[CaseLink] = st.builds(
    CaseLink, st.sampled_from(("purchase", "product", "interaction", "case")) | words(), ids()
)


def escalated_occurrences() -> SearchStrategy[EscalatedOccurrence]:
    """Which occurrences of which milestones escalations are about.

    .. versionadded:: 0.1.0
    """
    return _OCCURRENCES


_OCCURRENCES: SearchStrategy[EscalatedOccurrence] = st.builds(
    EscalatedOccurrence, st.sampled_from(("first_response", "resolution")) | words(), st.integers(1, 9)
)


# Cases.


def case_changes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    customer: str | SearchStrategy[str | None] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 8,
) -> SearchStrategy[tuple[Change[Case], ...]]:
    """The history of one case as a store is asked to save it: the opening, then changes that follow each other.

    All of it runs through `DEFAULT_FLOW`. Shrinks to an opening alone.

    Args:
        id: Of the case, or what ids are drawn from.
        customer: Id of the customer, or what ids are drawn from, None among them.
        at: Of the opening; by default from 1990 to 2090.
        min_size: The fewest commands that are given; some of them may change nothing and are left out.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("case_changes", min_size, max_size, lowest=1)
    opening = st.builds(
        _began,
        either("case_changes.id", id, _checks.text, ids()),
        either("case_changes.customer", customer, _checks.text, _MAYBE_ID),
        either("case_changes.at", at, _checks.instant, _OPENED),
        _BEGINNINGS,
    )
    return histories(opening, case_commands(), min_size, max_size)


def _began(id_: str, customer: str | None, at: datetime, parts: dict[str, Any]) -> Change[Case]:
    """A case that may begin with a message, at the same instant, and that is not its own parent."""
    direction = parts.pop("begun_by", None)
    if parts.get("parent") == id_:
        del parts["parent"]
    messages = [] if direction is None else [CaseMessage("m0", at, direction=direction)]
    return Case.open(id_, customer=customer, at=at, messages=messages, **parts)


def cases(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    customer: str | SearchStrategy[str | None] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 8,
) -> SearchStrategy[Case]:
    """Cases after some commands, so only such as can come to be; shrinks to one that was just opened.

    Args:
        id: Of the case, or what ids are drawn from.
        customer: Id of the customer, or what ids are drawn from, None among them.
        at: Of the opening; by default from 1990 to 2090.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: As for `case_changes`.

    .. versionadded:: 0.1.0
    """
    return case_changes(id=id, customer=customer, at=at, max_size=max_size).map(lambda changes: changes[-1].state)


def case_commands() -> SearchStrategy[Callable[[Case], Change[Case]]]:
    """The next command for any case of `DEFAULT_FLOW`: a callable that takes the state and gives the change.

    The command comes at the instant of the last event or later. What the rules refuse in that state, and what changes
    nothing, is a change without events.

    .. versionadded:: 0.1.0
    """
    return _COMMANDS


def _commanded(case: Case, name: str, pause: timedelta, given: tuple[Any, ...], more: dict[str, Any]) -> Change[Case]:
    change: Change[Case] = getattr(case, name)(*given, at=later(case.changed_at, pause), **more)
    return change


def _written(case: Case, name: str, pause: timedelta, given: tuple[Any, ...], more: dict[str, Any]) -> Change[Case]:
    """A message of a new id, or now and then of one that the case has seen."""
    known = [message.id for message in case.messages]
    id_ = known[given[0] % len(known)] if known and given[0] < 0 else f"m{len(known)}.{given[0]}"
    try:
        return _commanded(case, name, pause, (id_,), more)
    except Conflict:
        return Change(case, ())


def _told_of(case: Case, name: str, pause: timedelta, given: tuple[Any, ...], _: dict[str, Any]) -> Change[Case]:
    """An escalation of this case."""
    rule, occurrences, notify = given
    due = DueEscalation(case=case.id, rule=rule, occurrences=occurrences, notify=notify, since=case.changed_at)
    return _commanded(case, name, pause, (due,), {})


def _merged(case: Case, name: str, pause: timedelta, _: tuple[Any, ...], more: dict[str, Any]) -> Change[Case]:
    """Into, or below, a case that was opened at that instant."""
    target = Case.open(f"other than {case.id}", at=later(case.changed_at, pause)).state
    return _commanded(case, name, pause, (target,), more)


def _parted(case: Case, _: str, pause: timedelta, given: tuple[Any, ...], __: dict[str, Any]) -> Change[Case]:
    """One of several messages goes to a new case."""
    if len(case.messages) < 2:  # noqa: PLR2004 - one must stay
        return Change(case, ())
    message = case.messages[given[0] % len(case.messages)].id
    number = f"part {case.version} of {case.id}"
    return case.split([message], number, at=later(case.changed_at, pause)).source


def _choice(policy: str, version: int, entitlement: str | None) -> PolicyChoice:
    why = "default" if entitlement is None else "entitlement"
    return PolicyChoice(policy=policy, version=version, why=why, entitlement=entitlement)


_GRADES = st.none() | st.sampled_from((1, 2, "high"))
_PRIORITIES = st.sampled_from(DEFAULT_FLOW.priorities.levels)
_STATUSES = st.sampled_from([status.id for status in DEFAULT_FLOW.statuses if status.ends != "merged"])
_WAITING = st.sampled_from([status.id for status in DEFAULT_FLOW.statuses if status.kind == "waiting"])
_NOTIFY = st.lists(ids(), max_size=2, unique=True).map(tuple)
_DUE = st.lists(_OCCURRENCES, min_size=1, max_size=2, unique=True).map(sorted).map(tuple)
_REASONS = {"reason": _MAYBE_TEXT, "note": _MAYBE_TEXT}
_MESSAGE = {"automatic": st.booleans(), "by": _MAYBE_ID}
_NUMBER = st.integers(-2, 9)
_GIVEN: dict[str, tuple[tuple[SearchStrategy[Any], ...], dict[str, SearchStrategy[Any]]]] = {
    "note": ((texts(),), {"by": _MAYBE_ID}),
    "hold": ((st.none() | _WAITING,), _REASONS),
    "resume": ((), _REASONS),
    "move_to": ((_STATUSES,), _REASONS),
    "resolve": ((_MAYBE_WORD,), {"note": _MAYBE_TEXT}),
    "close": ((), _REASONS | {"automatic": st.booleans()}),
    "reject": ((), {"reason": _MAYBE_TEXT}),
    "reopen": ((_MAYBE_TEXT,), {}),
    "assign": ((_MAYBE_ID,), {}),
    "transfer": ((_MAYBE_ID,), {"keep_owner": st.booleans()}),
    "set_priority": ((st.none() | _PRIORITIES,), {}),
    "set_impact": ((_GRADES, _GRADES), {}),
    "set_type": ((_MAYBE_WORD,), {}),
    "set_customer": ((_MAYBE_ID,), {"contact": _MAYBE_ID}),
    "rename": ((_MAYBE_TEXT,), {}),
    "tag": ((words(), words()), {}),
    "untag": ((words(),), {}),
    "link": ((words(), ids()), {}),
    "unlink": ((words(), ids()), {}),
    "choose_policy": ((st.builds(_choice, ids(), st.integers(1, 3), _MAYBE_ID),), {}),
    "request_approval": ((), {"by": ids(), "subject": _MAYBE_TEXT}),
    "approve": ((), {"by": ids(), "note": _MAYBE_TEXT}),
    "refuse_approval": ((), {"by": ids(), "note": _MAYBE_TEXT}),
}
_RUNS: dict[str, tuple[Any, tuple[SearchStrategy[Any], ...], dict[str, SearchStrategy[Any]]]] = {
    **{name: (_commanded, *given) for name, given in _GIVEN.items()},
    "receive": (_written, (_NUMBER,), _MESSAGE | {"internal": st.booleans()}),
    "reply": (_written, (_NUMBER,), _MESSAGE | {"then": st.none() | _WAITING}),
    "merge_into": (_merged, (), {}),
    "unmerge": (_commanded, (), {}),
    "split": (_parted, (_NUMBER,), {}),
    "set_parent": (_merged, (), {}),
    "escalate": (_told_of, (words(), _DUE, _NOTIFY), {}),
}


def _commands(name: str) -> SearchStrategy[Any]:
    run, given, more = _RUNS[name]
    drawn = st.tuples(st.just(name), pauses(), st.tuples(*given), st.fixed_dictionaries(more))
    return drawn.map(lambda told: Step(name, run, told))


_OFTEN = ("receive", "receive", "reply", "reopen", "request_approval", "approve", "split", "unmerge")
_COMMANDS: SearchStrategy[Any] = st.one_of(*map(_commands, [*_RUNS, *_OFTEN]))
_BEGINNINGS = st.fixed_dictionaries(
    {},
    optional={
        "contact": ids(),
        "channel": words(),
        "origin": words(),
        "source": ids(),
        "subject": texts(),
        "type": words(),
        "product": ids(),
        "team": ids(),
        "owner": ids(),
        "priority": _PRIORITIES,
        "parent": ids(),
        "tags": st.lists(words(), max_size=2),
        "links": st.lists(_LINKS, max_size=2),
        "impact": _GRADES,
        "urgency": _GRADES,
        "begun_by": st.sampled_from(("in", "out")),
    },
)


# What happens to cases.


def case_events(kind: type[Event] | None = None) -> SearchStrategy[Any]:
    """Events of cases, each whole in itself.

    Args:
        kind: The only class, such as `CaseStatusChanged`; by default any.

    Raises:
        InvalidValue: For what is no class of such events.

    .. versionadded:: 0.1.0
    """
    if kind is None:
        return st.one_of(*map(_events, _PARTS))
    _checks.one_of(*_PARTS).require("case_events.kind", kind)
    return _events(kind)


def _events(kind: type[Event]) -> SearchStrategy[Any]:
    made = st.fixed_dictionaries({**_HEAD, **_PARTS[kind]}).map(lambda drawn: _event(kind, drawn))
    return named("case_events", made)


def _event(kind: type[Event], parts: dict[str, Any]) -> Event:
    return kind(**parts | parts.pop("status", {}))


def _swapped(parts: SearchStrategy[Any], **more: SearchStrategy[Any]) -> dict[str, SearchStrategy[Any]]:
    return {"from_": parts, "to": parts, **more}


def _status(kind: str, waiting_for: str | None = None, ends: str | None = None, *, reopens: bool | None = None) -> Any:
    return {"kind": kind, "waiting_for": waiting_for, "ends": ends, "reopens": reopens}


def _entry(*statuses: Any) -> dict[str, SearchStrategy[Any]]:
    """What every event says that brings a case into a status, which is of one of these forms."""
    return {
        "flow": ids(),
        "flow_version": st.integers(1, 9),
        "from_": _MAYBE_ID,
        "to": ids(),
        "status": st.sampled_from(statuses),
    }


_HEAD = {"source": ids(), "version": st.integers(1, 99), "at": instants()}
_SAID = {"reason": _MAYBE_TEXT, "note": _MAYBE_TEXT}
_OURS = (_status("open"), _status("waiting", "customer"), _status("waiting", "vendor"))
_CLOSED = (_status("closed", ends="closed", reopens=True), _status("closed", ends="closed", reopens=False))
_REJECTED = _status("closed", ends="rejected", reopens=False)
_MERGED = _status("closed", ends="merged", reopens=False)
_RESOLVED = _status("resolved")
_SOURCES = st.sampled_from(("explicit", "matrix", "type", "default"))
_LEVELS_NAMED = _PRIORITIES | words()
_MESSAGES = st.lists(case_messages(), max_size=2, unique_by=lambda message: message.id).map(tuple)
_PARTS: dict[type[Event], dict[str, SearchStrategy[Any]]] = {
    CaseOpened: _entry(*_OURS)
    | {
        "customer": _MAYBE_ID,
        "contact": _MAYBE_ID,
        "channel": _MAYBE_WORD,
        "origin": _MAYBE_WORD,
        "came_from": _MAYBE_ID,
        "subject": _MAYBE_TEXT,
        "case_type": _MAYBE_WORD,
        "product": _MAYBE_ID,
        "team": _MAYBE_ID,
        "owner": _MAYBE_ID,
        "impact": _GRADES,
        "urgency": _GRADES,
        "priority": _LEVELS_NAMED,
        "priority_source": _SOURCES,
        "parent": _MAYBE_ID,
        "follow_up_of": _MAYBE_ID,
        "split_from": _MAYBE_ID,
        "links": st.lists(_LINKS, max_size=2, unique=True).map(sorted).map(tuple),
        "tags": _TAGS,
        "messages": _MESSAGES,
    },
    CaseStatusChanged: _entry(*_OURS) | _SAID,
    CaseResolved: _entry(_RESOLVED) | {"code": _MAYBE_WORD, "note": _MAYBE_TEXT},
    CaseClosed: _entry(*_CLOSED) | _SAID | {"automatic": st.booleans()},
    CaseRejected: _entry(_REJECTED) | {"reason": _MAYBE_TEXT},
    CaseReopened: _entry(*_OURS) | {"reason": _MAYBE_TEXT, "by": st.sampled_from(("customer", "agent"))},
    CaseMerged: _entry(_MERGED) | {"into": ids()},
    CaseUnmerged: _entry(*_OURS, _RESOLVED),
    CaseMessageReceived: {
        "message": case_messages(direction="in"),
        "follow_up": st.booleans(),
        "goes_to": _MAYBE_ID,
    },
    CaseReplied: {"message": case_messages(direction="out")},
    CaseNoted: {"text": texts(), "by": _MAYBE_ID},
    CaseSplit: {"into": ids(), "messages": st.lists(ids(), min_size=1, max_size=3, unique=True).map(tuple)},
    CaseOwnerChanged: _swapped(_MAYBE_ID) | {"note": _MAYBE_TEXT},
    CaseTeamChanged: _swapped(_MAYBE_ID),
    CasePriorityChanged: _swapped(_LEVELS_NAMED, priority_source=_SOURCES),
    CaseTypeChanged: _swapped(_MAYBE_WORD),
    CaseImpactChanged: {"impact": _GRADES, "urgency": _GRADES},
    CaseTagsChanged: {"added": _TAGS, "removed": _TAGS},
    CaseLinked: {"link": _LINKS},
    CaseUnlinked: {"link": _LINKS},
    CaseParentChanged: _swapped(_MAYBE_ID),
    CaseCustomerChanged: {"customer": _MAYBE_ID, "contact": _MAYBE_ID},
    CaseRenamed: _swapped(_MAYBE_TEXT),
    CasePolicyChosen: {
        "policy": ids(),
        "policy_version": st.integers(1, 9),
        "why": st.sampled_from(("entitlement", "rule", "default")),
        "entitlement": _MAYBE_ID,
    },
    CaseEscalated: {
        "rule": words(),
        "on": st.sampled_from(("overdue", "missed", "warning")),
        "occurrences": st.lists(_OCCURRENCES, min_size=1, max_size=2, unique=True).map(sorted).map(tuple),
        "notify": st.lists(ids(), max_size=2).map(tuple),
        "assign_to": _MAYBE_ID,
    },
    CaseApprovalRequested: {"by": ids(), "subject": _MAYBE_TEXT},
    CaseApprovalGiven: {"by": ids(), "approved": st.booleans(), "note": _MAYBE_TEXT},
}


def _told(kind: type[Event]) -> Callable[[], SearchStrategy[Any]]:
    return lambda: case_events(kind)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    CaseMessage: case_messages,
    CaseLink: case_links,
    EscalatedOccurrence: escalated_occurrences,
    Case: cases,
    **{kind: _told(kind) for kind in _PARTS},
}
"""The strategy of each class of cases that has a stored form."""
