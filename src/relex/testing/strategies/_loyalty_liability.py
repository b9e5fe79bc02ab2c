"""What is expected of points, and the price that they were sold for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from relex.loyalty import RateByAge, RedemptionEstimate, RevenueSchedule
from relex.testing.strategies._basics import bounded, days
from relex.testing.strategies._figures import fractions
from relex.testing.strategies._money import moneys

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from relex.money import Money

__all__ = ["STORED", "rates_by_age", "redemption_estimates", "revenue_schedules"]

_SHARES = st.integers(0, 1) | bounded(Decimal(0), Decimal(1), 6) | fractions(min_value=0, max_value=1)


def rates_by_age() -> SearchStrategy[RateByAge]:
    """Expected redemption for one to fourteen ages; shrinks to none at all.

    .. versionadded:: 0.1.0
    """
    return st.lists(_SHARES, min_size=1, max_size=14).map(RateByAge)


def redemption_estimates() -> SearchStrategy[RedemptionEstimate]:
    """What was redeemed and what is expected, also with nothing outstanding; shrinks to none of one point.

    .. versionadded:: 0.1.0
    """
    return st.builds(_estimate, days(), _COUNTS, _MORE, st.none() | _COUNTS)


_COUNTS = st.integers(0, 10**6)
_MORE = st.integers(1, 10**6) | bounded(Decimal("0.01"), 10**6, 2) | fractions(min_value=1)


def _estimate(on: date, redeemed: int, more: Any, outstanding: int | None) -> RedemptionEstimate:
    return RedemptionEstimate(on=on, redeemed=redeemed, expected=redeemed + more, outstanding=outstanding)


def revenue_schedules() -> SearchStrategy[RevenueSchedule]:
    """Schedules of up to six periods, whose estimates rise and fall; shrinks to one of nothing without a period.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _schedule,
        moneys(min_value=0, max_value=10**6, places=2),
        st.lists(redemption_estimates(), max_size=6),
        days(max_value=_LAST),
        st.sampled_from((None, 1, Decimal("0.05"))),
    )


_LAST = date(9990, 1, 1)


def _schedule(
    allocated: Money, estimates: list[RedemptionEstimate], first: date, quantum: int | Decimal | None
) -> RevenueSchedule:
    rising = [attrs.evolve(each, on=first + timedelta(days=30 * place)) for place, each in enumerate(estimates)]
    return RevenueSchedule(allocated=allocated, estimates=rising, quantum=quantum)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    RateByAge: rates_by_age,
    RedemptionEstimate: redemption_estimates,
    RevenueSchedule: revenue_schedules,
}
"""The strategy of every stored form of what points will cost."""
