"""How much money a day a pipeline makes, and how much of what is missing it covers."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.calendars import Period
from relex.figures import Figure, ratio
from relex.money import Money
from relex.pipeline._cycle import sales_cycle
from relex.pipeline._reading import converter, deals_of, how, none, told, within
from relex.pipeline._win_rate import average_size, win_rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relex.money import RateTable
    from relex.pipeline._opportunity import Opportunity

__all__ = ["coverage", "velocity"]

_N = _checks.one_of("open", "closed", "won")
_CYCLE = _checks.one_of("won", "closed")
_MONEY = _checks.a(Money)
_PERIOD = _checks.optional(
    _checks.Check(
        "a Period of dates", lambda value: isinstance(value, Period) and not isinstance(value.start, datetime)
    )
)


def velocity(
    deals: Iterable[Opportunity],
    *,
    as_of: datetime,
    n: str = "open",
    cycle: str = "won",
    period: Period | None = None,
    tz: tzinfo = UTC,
    rates: RateTable | None = None,
    currency: str | None = None,
) -> Figure:
    """How much money a day the pipeline makes: deals x average size x win rate / mean cycle.

    Source: the usual formula of sales velocity; which deals it means by "deals" differs between those who use it.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        as_of: The instant; aware.
        n: Which deals are counted: those that are `open` at `as_of`, or those `closed` or `won` in the period.
        cycle: Whose mean length divides: `won` or `closed` deals.
        period: When deals closed: dates or instants; None is all of time.
        tz: On whose clock the dates of the period begin.
        rates: Convert all amounts with these.
        currency: Into this one.

    Returns:
        Money a day, exact, with the parts `n`, `average_size`, `win_rate` and `cycle_days`; None with the reason of the
        part that there is not, or `zero_denominator` where deals close on the day on which they are opened.

    Raises:
        InvalidValue: For a naive datetime, an unknown policy, or an argument of a wrong type.
        CurrencyMismatch: For amounts in several currencies, without rates.
        NotFound: For a rate that the table does not have.

    Example:
        >>> from datetime import timedelta
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> new = [Opportunity.open(f"d{number}", sales, at=may, amount=Money(100, "USD")).state for number in range(3)]
        >>> won = new[0].win(sales, at=may + timedelta(days=20)).state
        >>> lost = new[1].lose(sales, reason="price", at=may + timedelta(days=10)).state
        >>> print(velocity([won, lost, new[2]], as_of=may + timedelta(days=31), n="closed"))
        5.00 USD per day (100.00 of 20.00)

    .. versionadded:: 0.1.0
    """
    _N.require("velocity.n", n)
    _CYCLE.require("velocity.cycle", cycle)
    within("velocity", period, tz)  # errors name this call, and not the three that it is made of
    converter("velocity", rates, currency)
    known = deals_of("velocity", deals, as_of)
    size = average_size(known, as_of=as_of, period=period, tz=tz, rates=rates, currency=currency)
    rate = win_rate(known, as_of=as_of, period=period, tz=tz)
    days = sales_cycle(known, as_of=as_of, of=cycle, period=period, tz=tz).mean
    count = _count(known, n, rate)
    parts = {"n": count, "average_size": size.value, "win_rate": rate.value, "cycle_days": days.value}
    return attrs.evolve(
        _speed(count, size, rate, days),
        parts=parts,
        method=f"sales velocity of {n} deals over the cycle of {cycle} ones",
        parameters=how(period, tz, rates, currency),
        as_of=as_of,
    )


def coverage(
    deals: Iterable[Opportunity],
    remaining: Money,
    *,
    as_of: datetime,
    period: Period | None = None,
    rates: RateTable | None = None,
) -> Figure:
    """How many times the open pipeline covers what is still missing of a quota.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        remaining: The quota less what was won; its currency is that of the sum.
        as_of: The instant; aware.
        period: Dates; only deals that are expected to close in it. None takes all open deals, those without a date too.
        rates: Convert all amounts with these.

    Returns:
        Open amount / remaining, with the parts `open_amount`, `remaining`, `open` and `without_amount`; None with the
        reason `nothing_remaining` where nothing is missing any more.

    Raises:
        InvalidValue: For a naive datetime, a period of instants, or an argument of a wrong type.
        CurrencyMismatch: For an amount in another currency, without rates.
        NotFound: For a rate that the table does not have.

    Example:
        >>> from relex.pipeline import Opportunity, Pipeline
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> deal, _ = Opportunity.open("d1", sales, at=may, amount=Money(300, "USD"))
        >>> print(coverage([deal], Money(120, "USD"), as_of=may))
        2.50 times (300.00 USD of 120.00 USD)

    .. versionadded:: 0.1.0
    """
    _MONEY.require("coverage.remaining", remaining)
    convert = converter("coverage", rates, None if rates is None else remaining.currency)
    is_due = _due(period)
    chosen = [deal for deal in deals_of("coverage", deals, as_of) if deal.kind == "open" and is_due(deal)]
    amounts = [convert(deal.amount) for deal in chosen if deal.amount is not None]
    total = Money.sum(amounts, remaining.currency)
    without = len(chosen) - len(amounts)
    parts = {"open": len(chosen), "without_amount": without, "open_amount": total, "remaining": remaining}
    return attrs.evolve(
        ratio(total, remaining, "times") if remaining.amount > 0 else none("nothing_remaining"),
        parts=parts,
        method="coverage by the open pipeline",
        parameters={"period": told(period), "rates_of": None if rates is None else rates.day},
        as_of=as_of,
    )


def _count(deals: list[Opportunity], n: str, rate: Figure) -> int:
    if n == "open":
        return sum(deal.kind == "open" for deal in deals)
    closed = dict(rate.parts)
    return closed["won"] if n == "won" else closed["won"] + closed["lost"]  # type: ignore[operator, return-value]  # counts


def _speed(count: int, size: Figure, rate: Figure, days: Figure) -> Figure:
    reason = size.reason or rate.reason or days.reason
    if reason is not None:
        return none(reason)
    return ratio(count * Fraction(size.value) * Fraction(rate.value), days.value, f"{size.unit} per day")  # type: ignore[arg-type]


def _due(period: Period | None) -> Callable[[Opportunity], bool]:
    _PERIOD.require("coverage.period", period)
    if period is None:
        return lambda _: True
    return lambda deal: deal.expected_close is not None and deal.expected_close in period
