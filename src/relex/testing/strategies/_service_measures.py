"""What is measured of cases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days
from relex.service import (
    Backlog,
    BacklogAge,
    CaseMetric,
    CustomerWaiting,
    FirstContactResolution,
    FirstResponseTime,
    OwnerLoad,
    PerCase,
    ReopenRate,
    ResponseTime,
    SlaRate,
    TimeToResolve,
)
from relex.testing.strategies._basics import words
from relex.testing.strategies._calendars import business_calendars
from relex.testing.strategies._service_policies import sla_policy_sets

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "case_metrics"]

_NAME: dict[str, SearchStrategy[Any]] = {"name": st.none() | words()}
_CALENDAR: SearchStrategy[Any] = st.none() | business_calendars()
_STATISTICS = st.lists(
    st.sampled_from(["mean", "median", "least", "most", "p5", "p90", "p99.9"]), min_size=1, unique=True
)
_TIME = {**_NAME, "calendar": _CALENDAR, "dated": st.sampled_from(["start", "end"]), "statistics": _STATISTICS}
_END = {**_TIME, "which": st.sampled_from(["last", "first"]), "fallback": st.sampled_from([None, "closed"])}
_WINDOWS = st.integers(1, 60).map(Days) | st.integers(1, 1000).map(lambda hours: timedelta(hours=hours))
_EDGES = st.lists(st.integers(1, 10_000), max_size=4, unique=True).map(
    lambda hours: tuple(timedelta(hours=each) for each in sorted(hours))
)
_PARTS: dict[type[CaseMetric], dict[str, SearchStrategy[Any]]] = {
    FirstResponseTime: _TIME,
    ResponseTime: _TIME,
    TimeToResolve: {**_END, "net": st.booleans()},
    CustomerWaiting: _END,
    FirstContactResolution: {
        **_NAME,
        "by": st.sampled_from(["single_reply", "no_reopen", "no_follow_up", "not_moved"]),
        "window": _WINDOWS,
        "topic": st.sampled_from(["type", "product", "channel"]),
    },
    ReopenRate: _NAME,
    PerCase: {**_NAME, "of": st.sampled_from(["contacts", "replies", "reassignments", "transfers", "reopens"])},
    SlaRate: {
        **_NAME,
        "policy": sla_policy_sets(),
        "of": st.sampled_from(["decided", "all"]),
        "counts": st.sampled_from(["met", "breached"]),
    },
    Backlog: _NAME,
    BacklogAge: {**_NAME, "edges": _EDGES, "calendar": _CALENDAR},
    OwnerLoad: _NAME,
}
_KIND = _checks.optional(_checks.one_of(*_PARTS))


def case_metrics(*, of: type[CaseMetric] | None = None) -> SearchStrategy[Any]:
    """A metric of cases with its policies; shrinks to the time to the first reply.

    Args:
        of: One class of them, such as `ReopenRate`; None draws any.

    Raises:
        InvalidValue: For another class.

    .. versionadded:: 0.1.0
    """
    _KIND.require("case_metrics.of", of)
    return st.sampled_from(list(_PARTS) if of is None else [of]).flatmap(_built)


def _built(kind: type[CaseMetric]) -> SearchStrategy[CaseMetric]:
    return st.builds(kind, **_PARTS[kind])


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {kind: partial(case_metrics, of=kind) for kind in _PARTS}
"""The strategy of every metric, all of which have a stored form."""
