"""Deals as they were at an instant, and what all figures of them ask: which instants count, what amounts are worth."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex._instants import is_before, moment
from relex.calendars import Period
from relex.errors import InvalidValue
from relex.figures import Figure, Parameter
from relex.money import Money, RateTable
from relex.pipeline._opportunity import Opportunity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

__all__ = ["converter", "deals_of", "how", "is_live", "none", "seen_deal", "told", "within"]

_DEAL = _checks.a(Opportunity)
_PERIOD = _checks.optional(_checks.a(Period))
_RATES = _checks.optional(_checks.a(RateTable))
_CURRENCY = _checks.optional(_checks.currency_code)


def seen_deal(name: str, opportunity: Any, as_of: datetime) -> Opportunity:
    """The deal as it was at an instant.

    Raises:
        InvalidValue: Before it was opened.
    """
    if not isinstance(opportunity, Opportunity):
        _DEAL.require(f"{name}.opportunity", opportunity)
    if not isinstance(as_of, datetime) or as_of.tzinfo is not UTC:  # type: ignore[redundant-expr]  # whatever callers give
        _checks.instant.require(f"{name}.as_of", as_of)
    deal = _then(opportunity, as_of)
    if deal is None:
        raise InvalidValue(f"{name}.as_of", as_of, f"an instant from {opportunity.opened_at.isoformat()} on")
    return deal


def deals_of(name: str, deals: Iterable[Opportunity], as_of: datetime) -> list[Opportunity]:
    """The deals as they were at an instant, without those that were opened later or are merged by then.

    Raises:
        InvalidValue: For what is no deal, or one that is there twice.
    """
    _checks.instant.require(f"{name}.as_of", as_of)
    given = _checks.items(f"{name}.deals", deals)
    for place, deal in enumerate(given):
        if not isinstance(deal, Opportunity):
            _DEAL.require(f"{name}.deals[{place}]", deal)
    if len({deal.id for deal in given}) < len(given):
        raise InvalidValue(f"{name}.deals", f"{len(given)} deals", "each deal once")
    seen = [_then(deal, as_of) for deal in given]
    return [deal for deal in seen if deal is not None and deal.merged_into is None]


def _then(deal: Opportunity, as_of: datetime) -> Opportunity | None:
    return deal.as_of(as_of) if is_before(as_of, deal.changed_at) else deal


def is_live(deal: Opportunity) -> bool:
    """Whether a deal is open, and goes on by itself."""
    return deal.kind == "open" and deal.merged_into is None


def within(name: str, period: Period | None, tz: tzinfo) -> Callable[[datetime], bool]:
    """Whether an instant lies in a period; the dates of one of dates are those of a zone. None is all of time."""
    _PERIOD.require(f"{name}.period", period)
    _checks.zone.require(f"{name}.tz", tz)
    if period is None:
        return lambda _: True
    bounds = period.instants(tz)
    start = moment(bounds.start)  # type: ignore[arg-type]  # made of instants
    if bounds.end is None:
        return lambda at: start <= moment(at)
    end = moment(bounds.end)  # type: ignore[arg-type]
    return lambda at: start <= moment(at) < end


def converter(name: str, rates: RateTable | None, currency: str | None) -> Callable[[Money], Money]:
    """What an amount is in the currency that is asked for.

    Raises:
        InvalidValue: For rates without a currency to convert into, or a currency without rates.
    """
    _RATES.require(f"{name}.rates", rates)
    _CURRENCY.require(f"{name}.currency", currency)
    if rates is None and currency is None:
        return lambda amount: amount
    if rates is None:
        raise InvalidValue(f"{name}.rates", rates, "rates, where there is a currency to convert into")
    if currency is None:
        raise InvalidValue(f"{name}.currency", currency, "the currency to convert into, where there are rates")
    return lambda amount: rates.convert(amount, currency)


def none(reason: str) -> Figure:
    """No number, for a reason."""
    return Figure(None, reason=reason)


def told(period: Period | None) -> str | None:
    """A period as a parameter of a figure."""
    if period is None:
        return None
    return f"{period.start.isoformat()} to {'' if period.end is None else period.end.isoformat()}".rstrip()


def how(
    period: Period | None, tz: tzinfo, rates: RateTable | None = None, currency: str | None = None
) -> dict[str, Parameter]:
    """The parameters of a figure: its period, the zone of its dates, and what amounts were converted with."""
    found: dict[str, Parameter] = {"period": told(period), "tz": str(tz)}
    return found if rates is None else found | {"currency": currency, "rates_of": rates.day}
