"""When deals are stale, and what stands out in them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import BusinessDays, Days
from relex.pipeline import HEALTH_FLAGS, HealthPolicy, StalePolicy
from relex.testing.strategies._basics import either
from relex.testing.strategies._calendars import business_calendars
from relex.testing.strategies._rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "health_policies", "stale_policies"]

_SINCE = ("stage_entry", "last_activity", "opened")
_SPANS: SearchStrategy[Any] = st.integers(1, 90).map(Days) | st.integers(1, 90 * 24).map(
    lambda hours: timedelta(hours=hours)
)
_WORK: SearchStrategy[Any] = st.integers(1, 30).map(BusinessDays)


def stale_policies(*, since: str | SearchStrategy[str] | None = None) -> SearchStrategy[StalePolicy]:
    """When deals go stale, in all or in business time; shrinks to a policy by which they never do.

    Args:
        since: `stage_entry`, `last_activity` or `opened`, or what those are drawn from.

    Raises:
        InvalidValue: For another base.

    .. versionadded:: 0.1.0
    """
    base = either("stale_policies.since", since, _checks.one_of(*_SINCE), st.sampled_from(_SINCE))
    exempt = st.none() | rules()
    return st.builds(_policy, base, st.lists(_SPANS, max_size=2), unless=exempt) | st.builds(
        _policy, base, st.lists(_WORK, max_size=2), calendar=business_calendars(), unless=exempt
    )


def health_policies() -> SearchStrategy[HealthPolicy]:
    """What stands out in deals; shrinks to the fewest pushes and contacts.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        HealthPolicy,
        pushes=st.integers(1, 5),
        contacts=st.integers(1, 5),
        quiet_after=st.none() | st.integers(0, 60),
        ignore=st.lists(st.sampled_from(sorted(HEALTH_FLAGS)), max_size=3, unique=True),
    )


def _policy(since: str, limits: list[Any], **more: Any) -> StalePolicy:
    """The shorter limit warns; a single one is the end."""
    warn, end = (None, *sorted(limits, key=_length))[-2:] if limits else (None, None)
    return StalePolicy(since, warn, end, **more)


def _length(limit: Days | BusinessDays | timedelta) -> timedelta:
    return limit if isinstance(limit, timedelta) else timedelta(days=limit.n)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {HealthPolicy: health_policies, StalePolicy: stale_policies}
"""The strategy of every policy about deals that has a stored form."""
