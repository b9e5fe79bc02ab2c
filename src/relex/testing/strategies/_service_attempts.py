"""Calls and chats that were offered, and what is measured of them."""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.service import Abandonment, CaseMetric, ContactAttempt, HandlingTime, ServiceLevel, SpeedOfAnswer
from relex.testing.strategies._basics import LAST, either, ids, instants, words
from relex.testing.strategies._calendars import business_calendars

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "call_metrics", "contact_attempts"]

_SPANS = st.none() | st.timedeltas(timedelta(0), timedelta(hours=2))
_WAITS = st.timedeltas(timedelta(0), timedelta(minutes=30))


def contact_attempts(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    customer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[ContactAttempt]:
    """A call or a chat; shrinks to one of which nobody knows how it ended.

    Args:
        id: Of the attempt, or what ids are drawn from.
        customer: Id of the customer, or what such ids are drawn from.
        at: When it was offered, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    name = "contact_attempts"
    usual = {
        "id": either(f"{name}.id", id, _checks.text, ids()),
        "at": either(f"{name}.at", at, _checks.instant, instants()),
        "channel": words(),
        "customer": either(f"{name}.customer", customer, _checks.text, st.none() | ids()),
        "queue": st.none() | words(),
        "team": st.none() | ids(),
        "case": st.none() | ids(),
    }
    left = st.fixed_dictionaries({**usual, "abandoned_after": st.none() | _WAITS})
    work = {"by": st.none() | ids(), "talk": _SPANS, "hold": _SPANS, "wrap_up": _SPANS}
    handed_on = {"transferred_to": st.none() | ids()}
    answered = st.fixed_dictionaries({**usual, **work, **handed_on, "answered_after": _WAITS})
    return (left | answered).map(_attempt)


def _attempt(drawn: dict[str, Any]) -> ContactAttempt:
    """The attempt whose waiting was drawn as a length of time."""
    for end in ("answered", "abandoned"):
        waited = drawn.pop(f"{end}_after", None)
        if waited is not None:
            offered = drawn["at"].astimezone(UTC)
            drawn[f"{end}_at"] = offered + min(waited, max(LAST - offered, timedelta(0)))
    return ContactAttempt(drawn.pop("id"), **drawn)


_NAME: dict[str, SearchStrategy[Any]] = {"name": st.none() | words()}
_CALENDAR: dict[str, SearchStrategy[Any]] = {"calendar": st.none() | business_calendars()}
_STATISTICS = {
    "statistics": st.lists(
        st.sampled_from(["mean", "median", "least", "most", "p5", "p90", "p99.9"]), min_size=1, unique=True
    )
}
_LEVELS: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"of": st.sampled_from(["offered", "answered"])}
) | st.fixed_dictionaries({"of": st.just("offered_less_short"), "short": _WAITS})
_METRICS: dict[type[CaseMetric], SearchStrategy[Any]] = {
    SpeedOfAnswer: st.builds(
        SpeedOfAnswer, **_NAME, **_CALENDAR, **_STATISTICS, dated=st.sampled_from(["start", "end"])
    ),
    HandlingTime: st.builds(HandlingTime, **_NAME, **_STATISTICS),
    Abandonment: st.builds(Abandonment, **_NAME, **_CALENDAR, short=st.none() | _WAITS),
    ServiceLevel: st.builds(
        lambda level, **more: ServiceLevel(**level, **more), _LEVELS, **_NAME, **_CALENDAR, within=_WAITS
    ),
}
_KIND = _checks.optional(_checks.one_of(*_METRICS))


def call_metrics(*, of: type[CaseMetric] | None = None) -> SearchStrategy[Any]:
    """A metric of calls with its policies; shrinks to the share of those who gave up.

    Args:
        of: One class of them, such as `ServiceLevel`; None draws any.

    Raises:
        InvalidValue: For another class.

    .. versionadded:: 0.1.0
    """
    _KIND.require("call_metrics.of", of)
    return st.sampled_from(list(_METRICS) if of is None else [of]).flatmap(_METRICS.__getitem__)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    ContactAttempt: contact_attempts,
    **{kind: partial(call_metrics, of=kind) for kind in _METRICS},
}
"""The strategy of every class that has a stored form."""
