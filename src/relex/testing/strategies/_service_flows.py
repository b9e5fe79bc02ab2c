"""The life of cases as a table: statuses, flows, priorities and when a case comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days
from relex.rules import FactSchema, Requirement, field
from relex.service import Case, CaseFlow, Priorities, PriorityMatrix, ReopenPolicy, Status
from relex.testing.strategies._basics import either, ids, texts, words
from relex.testing.strategies._rules import requirements

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "case_flows", "priorities", "priority_matrices", "reopen_policies", "statuses"]

_KINDS = ("open", "waiting", "resolved", "closed")
_ENDS = ("closed", "rejected", "merged")
_LEVELS = ("urgent", "high", "normal", "low")
_MAYBE_TEXT = st.none() | texts()
_ASKED = st.sampled_from(
    (
        Requirement("comment", ~field("comment").is_missing(), "Say what was done"),
        Requirement("owner", ~field("owner").is_missing(), "Name an owner"),
        Requirement("approval", field("approval") == "given", "Have it approved"),
    )
)
_GATES = st.lists(_ASKED | requirements(Case.fact_schema), max_size=2)


def statuses(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    kind: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[Status]:
    """Statuses that fit into some flow; shrinks to an open one.

    Args:
        id: Of the status, or what ids are drawn from.
        kind: `open`, `waiting`, `resolved` or `closed`, or what kinds are drawn from.

    Raises:
        InvalidValue: For an empty id, or another kind.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _status,
        either("statuses.id", id, _checks.text, ids()),
        either("statuses.kind", kind, _checks.one_of(*_KINDS), st.sampled_from(_KINDS)),
        words(),
        st.sampled_from(_ENDS),
        st.booleans(),
        _GATES,
        _MAYBE_TEXT,
    )


def _status(
    id_: str, kind: str, word: str, ends: str, is_marked: bool, requires: list[Requirement], name: str | None
) -> Status:
    if kind == "open":
        return Status(id_, kind, fresh=is_marked, requires=() if is_marked else requires, name=name)
    if kind == "waiting":
        return Status(id_, kind, waiting_for=word, requires=requires, name=name)
    if kind == "resolved":
        return Status(id_, kind, requires=requires, name=name)
    reopens = is_marked if ends == "closed" else False
    return Status(id_, kind, ends=ends, reopens=reopens, requires=() if ends == "merged" else requires, name=name)


def reopen_policies() -> SearchStrategy[ReopenPolicy]:
    """When cases come back, in a flow that names no statuses.

    .. versionadded:: 0.1.0
    """
    return _REOPENINGS


_REOPENINGS: SearchStrategy[ReopenPolicy] = st.builds(
    ReopenPolicy,
    st.integers(1, 999).map(Days),
    to=st.sampled_from(("open", "waiting_customer")),
    anchors=st.sampled_from(("closed_at", "resolved_at")),
    statuses=st.sampled_from(((), ("closed",))),
    by=st.sampled_from(((), ("customer",), ("agent",), ("customer", "agent"))),
)


def priority_matrices() -> SearchStrategy[PriorityMatrix]:
    """Matrices of one to three impacts and urgencies, in words or in numbers, to four priorities.

    .. versionadded:: 0.1.0
    """
    return _MATRICES


@st.composite
def _matrices(draw: st.DrawFn) -> PriorityMatrix:
    grades: SearchStrategy[Any] = st.lists(st.integers(-2, 12) | words(), min_size=1, max_size=3, unique_by=str)
    pairs = [(impact, urgency) for impact in draw(grades) for urgency in draw(st.shared(grades, key="urgencies"))]
    return PriorityMatrix({pair: draw(st.sampled_from(_LEVELS)) for pair in pairs})


_MATRICES: SearchStrategy[PriorityMatrix] = _matrices()


def priorities() -> SearchStrategy[Priorities]:
    """Priorities of three to five levels, by type and by matrix or not.

    .. versionadded:: 0.1.0
    """
    return _PRIORITIES


_PRIORITIES: SearchStrategy[Priorities] = st.builds(
    lambda more, default, by_type, matrix: Priorities(
        (*_LEVELS, *more), default=default, by_type=by_type, matrix=matrix
    ),
    st.sampled_from(((), ("none",))),
    st.sampled_from(_LEVELS),
    st.dictionaries(words(), st.sampled_from(_LEVELS), max_size=2),
    st.none() | _MATRICES,
)


def case_flows(*, id: str | SearchStrategy[str] | None = None) -> SearchStrategy[CaseFlow]:  # noqa: A002 - as above
    """Flows of cases: the usual statuses and others, by any move and by a list; shrinks to the usual one.

    Args:
        id: Of the flow, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return _case_flows(either("case_flows.id", id, _checks.text, ids()))


@st.composite
def _case_flows(draw: st.DrawFn, id_: SearchStrategy[str]) -> CaseFlow:
    preset = draw(st.sampled_from(("support", "support", "progressive", "approval")))
    more: dict[str, Any] = {}
    if preset == "support":
        more["reopening"] = draw(st.none() | _REOPENINGS)
        more["requires"] = draw(st.dictionaries(st.sampled_from(("resolve", "close")), _GATES, max_size=2))
    found = draw(_PRIORITIES)
    types = draw(st.sampled_from(((), ("fault", "question"))))
    return CaseFlow.preset(
        preset,
        draw(id_),
        version=draw(st.integers(1, 3)),
        name=draw(_MAYBE_TEXT),
        priorities=found,
        types=(*types, *[type_ for type_, _ in found.by_type]) if types else (),
        max_depth=draw(st.integers(1, 4)),
        facts=draw(st.sampled_from((None, FactSchema({"region": str})))) if not more.get("requires") else None,
        **more,
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    CaseFlow: case_flows,
    Priorities: priorities,
    PriorityMatrix: priority_matrices,
    ReopenPolicy: reopen_policies,
    Status: statuses,
}
"""The strategy of each class of flows of cases that has a stored form."""
