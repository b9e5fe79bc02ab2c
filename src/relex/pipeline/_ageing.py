"""How old open deals are, beside the ages at which deals closed."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import note, table
from relex.calendars import local_date
from relex.figures import Figure, ratio
from relex.pipeline._cycle import sales_cycle
from relex.pipeline._reading import deals_of, within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.calendars import Period
    from relex.money import Money
    from relex.pipeline._durations import Durations
    from relex.pipeline._opportunity import Opportunity

__all__ = ["AgedDeal", "Ageing", "ageing"]

_OF = _checks.one_of("closed", "won", "lost")
_DAY = timedelta(days=1)


@attrs.frozen(kw_only=True, weakref_slot=False)
class AgedDeal:
    """How old an open deal is.

    Attributes:
        opportunity: Id of the deal.
        owner: Who works on it.
        stage: Where it is.
        amount: What it is worth.
        days: From the date on which it was opened.
        place: The share of closed deals that closed at this age or a lower one; None where there are none.

    .. versionadded:: 0.1.0
    """

    opportunity: str
    owner: str | None
    stage: str
    amount: Money | None
    days: int
    place: Fraction | None


@attrs.frozen(kw_only=True, weakref_slot=False)
class Ageing:
    """How old the open deals are, and at which ages deals closed; made by `ageing`.

    Attributes:
        deals: The open ones, the oldest first, then by id.
        closing: The ages at which the others closed.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    deals: tuple[AgedDeal, ...]
    closing: Durations
    as_of: datetime

    @property
    def beyond(self) -> Figure:
        """The share of open deals that are older than any deal was when it closed; None without open or closed ones."""
        longest = self.closing.times[-1].days if self.closing.times else None
        older = 0 if longest is None else sum(deal.days > longest for deal in self.deals)
        found = ratio(older, len(self.deals), method="older than any closed deal", as_of=self.as_of)
        if longest is None or not self.deals:
            return attrs.evolve(found, value=None, reason=self.closing.reason if self.deals else "no_open_deals")
        return found

    def __str__(self) -> str:
        return f"{len(self.deals)} open deals; older than any that closed: {self.beyond}; {self.closing}"

    def _repr_html_(self) -> str:
        rows = [
            (deal.opportunity, deal.owner, deal.stage, deal.amount, deal.days, _percent(deal.place))
            for deal in self.deals
        ]
        titles = ("deal", "owner", "stage", "amount", "days", "of closed deals, closed by this age")
        caption = f"{len(self.deals)} open deals by age, as of {self.as_of:%Y-%m-%d}"
        return table(caption, titles, rows) + note(f"older than any deal that closed: {self.beyond.as_percent()}")


def ageing(
    deals: Iterable[Opportunity],
    *,
    as_of: datetime,
    of: str = "closed",
    period: Period | None = None,
    tz: tzinfo = UTC,
) -> Ageing:
    """How old each open deal is, and which share of the closed ones had closed by that age.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        as_of: The instant; aware.
        of: Which closed deals are compared with: all `closed` ones, or those `won` or `lost` alone.
        period: When those closed: dates or instants; None is all of time.
        tz: Whose calendar tells the dates, and on whose clock those of the period begin.

    Raises:
        InvalidValue: For a naive datetime, an unknown policy, or an argument of a wrong type.

    Example:
        >>> from datetime import timedelta
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> one, _ = Opportunity.open("d1", sales, at=may)
        >>> two, _ = Opportunity.open("d2", sales, at=may)
        >>> won, _ = two.win(sales, at=may + timedelta(days=10))
        >>> found = ageing([one, won], as_of=may + timedelta(days=12))
        >>> found.deals[0].days, found.deals[0].place, str(found.beyond)
        (12, Fraction(1, 1), '1.00 share (1 of 1)')

    .. versionadded:: 0.1.0
    """
    _OF.require("ageing.of", of)
    within("ageing", period, tz)  # errors name this call, and not the one that it asks
    known = deals_of("ageing", deals, as_of)
    closing = sales_cycle(known, as_of=as_of, of=of, period=period, tz=tz)
    today = local_date(as_of, tz)
    aged = [
        _aged(deal, (today - local_date(deal.opened_at, tz)).days, closing) for deal in known if deal.kind == "open"
    ]
    return Ageing(deals=tuple(sorted(aged, key=_oldest_first)), closing=closing, as_of=as_of)


def _aged(deal: Opportunity, days: int, closing: Durations) -> AgedDeal:
    place = Fraction(bisect_right(closing.times, days * _DAY), len(closing)) if closing.times else None
    return AgedDeal(opportunity=deal.id, owner=deal.owner, stage=deal.stage, amount=deal.amount, days=days, place=place)


def _oldest_first(deal: AgedDeal) -> tuple[int, str]:
    return -deal.days, deal.opportunity


def _percent(share: Fraction | None) -> str | None:
    return None if share is None else f"{Figure(share).as_percent().show(0)} %"
