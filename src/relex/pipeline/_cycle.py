"""How long deals take from opening to closing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.calendars import local_date
from relex.errors import InvalidValue
from relex.pipeline._durations import Durations
from relex.pipeline._reading import deals_of, told, within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.calendars import Period
    from relex.pipeline._opportunity import Opportunity

__all__ = ["SalesCycle", "sales_cycle"]

_OF = {"won": ("won",), "lost": ("lost",), "closed": ("won", "lost")}
_NO_TIME = timedelta(0)
_KIND = _checks.one_of(*_OF)
_COUNTED = _checks.one_of("dates", "exact")
_NEGATIVE = _checks.one_of("exclude", "include", "raise")


@attrs.frozen(kw_only=True, weakref_slot=False)
class SalesCycle(Durations):
    """How long deals took from opening to closing; made by `sales_cycle`.

    Attributes:
        times: How long each took, in ascending order.
        method: Whose cycle it is.
        parameters: How it was measured.
        reason: Why there is no mean where there are none.
        as_of: The instant of the question.
        anomalies: Deals that were closed before they were opened, with their time, by id.
        closed: How many deals there are, those too.

    .. versionadded:: 0.1.0
    """

    anomalies: tuple[tuple[str, timedelta], ...]
    closed: int

    def parts(self) -> dict[str, int]:
        """What the figures rest on: how many deals `closed`, how many are `counted`, how many are `anomalies`."""
        return Durations.parts(self) | {"closed": self.closed, "anomalies": len(self.anomalies)}


def sales_cycle(
    deals: Iterable[Opportunity],
    *,
    as_of: datetime,
    of: str = "won",
    period: Period | None = None,
    tz: tzinfo = UTC,
    counted: str = "dates",
    negative: str = "exclude",
) -> SalesCycle:
    """How long deals took from opening to closing.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        as_of: The instant; aware.
        of: `won`, `lost` or all `closed` ones.
        period: When they closed: dates or instants; None is all of time.
        tz: On whose clock the dates of the period begin, and whose calendar tells the dates of deals.
        counted: `dates`: the whole days between the two dates; `exact`: days of 24 hours with their fractions.
        negative: Between dates a deal may seem to be closed before it was opened, in a night in which the clocks go
            back over midnight. It is listed as an anomaly, counts as closed, and is left out of the durations
            (`exclude`), kept in them (`include`), or refused (`raise`).

    Raises:
        InvalidValue: For a naive datetime, an unknown policy, an argument of a wrong type, or a deal that is refused.

    Example:
        >>> from datetime import timedelta
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> one, _ = Opportunity.open("d1", sales, at=may)
        >>> two, _ = Opportunity.open("d2", sales, at=may)
        >>> won = [one.win(sales, at=may + timedelta(days=10)).state, two.win(sales, at=may + timedelta(days=25)).state]
        >>> print(sales_cycle(won, as_of=may + timedelta(days=31)).mean)
        17.50 days (35.00 of 2)

    .. versionadded:: 0.1.0
    """
    for name, check, value in (("of", _KIND, of), ("counted", _COUNTED, counted), ("negative", _NEGATIVE, negative)):
        check.require(f"sales_cycle.{name}", value)
    is_inside = within("sales_cycle", period, tz)
    known = [deal for deal in deals_of("sales_cycle", deals, as_of) if deal.kind in _OF[of]]
    lengths = [
        (deal.id, _length(deal.opened_at, deal.closed_at, counted, tz))
        for deal in known
        if deal.closed_at is not None and is_inside(deal.closed_at)
    ]
    anomalies = tuple(sorted([(deal, time) for deal, time in lengths if time < _NO_TIME]))
    if anomalies and negative == "raise":
        raise InvalidValue("sales_cycle.deals", anomalies[0][0], "deals that were closed after they were opened")
    return SalesCycle(
        times=tuple(sorted([time for _, time in lengths if time >= _NO_TIME or negative == "include"])),
        method=f"sales cycle of {of} deals",
        parameters=(("counted", counted), ("negative", negative), ("period", told(period)), ("tz", str(tz))),
        reason=f"no_{of}_deals",
        as_of=as_of,
        anomalies=anomalies,
        closed=len(lengths),
    )


def _length(opened: datetime, closed: datetime, counted: str, tz: tzinfo) -> timedelta:
    if counted == "dates":
        return local_date(closed, tz) - local_date(opened, tz)
    return moment(closed) - moment(opened)
