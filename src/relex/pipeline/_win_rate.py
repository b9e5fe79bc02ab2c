"""Which share of deals is won, and what a won deal is worth."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.figures import Figure, Number, ratio
from relex.money import Money
from relex.pipeline._reading import converter, deals_of, how, none, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from relex.calendars import Period
    from relex.money import RateTable
    from relex.pipeline._opportunity import Opportunity

__all__ = ["average_size", "win_rate"]

_BY = _checks.one_of("count", "amount")
_OF = _checks.one_of("closed", "created", "cohort")
_SIZES = _checks.one_of("won", "closed")
_NONE = {"closed": "no_closed_deals", "created": "no_deals", "cohort": "no_closed_deals"}


def win_rate(
    deals: Iterable[Opportunity],
    *,
    as_of: datetime,
    by: str = "count",
    of: str = "closed",
    period: Period | None = None,
    tz: tzinfo = UTC,
    rates: RateTable | None = None,
    currency: str | None = None,
) -> Figure:
    """Which share of deals was won.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        as_of: The instant; aware.
        by: `count` of deals, or `amount`; a lost deal counts with the last amount that it had while it was open.
        of: `closed`: the deals that were won or lost in the period. `created`: all that were opened in the period,
            open ones too; the part `open_share` says how many those are. `cohort`: of those that were opened in the
            period the ones that are won or lost.
        period: Dates or instants; None is all of time.
        tz: On whose clock the dates of the period begin.
        rates: Convert all amounts with these.
        currency: Into this one.

    Returns:
        The share, with the parts `won`, `lost` and `open`, by amount `won_amount`, `lost_amount`, `open_amount` and how
        many deals have none (`without_amount`); None with the reason `no_closed_deals` (`no_deals` of those created).

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
        >>> june = datetime(2026, 6, 1, tzinfo=UTC)
        >>> print(win_rate([won, lost, new[2]], as_of=june).as_percent())
        50.00 percent (1 of 2)
        >>> print(win_rate([won, lost, new[2]], as_of=june, of="created").as_percent())
        33.33 percent (1 of 3)

    .. versionadded:: 0.1.0
    """
    _BY.require("win_rate.by", by)
    _OF.require("win_rate.of", of)
    is_inside = within("win_rate", period, tz)
    convert = converter("win_rate", rates, currency)
    groups = _by_kind([deal for deal in deals_of("win_rate", deals, as_of) if _is_counted(deal, of, is_inside)])
    whole = ("won", "lost", "open") if of == "created" else ("won", "lost")
    counts = {kind: len(members) for kind, members in groups.items()}
    sizes: Mapping[str, Number] = counts if by == "count" else _amounts(groups, convert)
    parts: dict[str, Number | None] = {**counts}
    if by == "amount":
        parts |= {f"{kind}_amount": size for kind, size in sizes.items()}
        parts["without_amount"] = sum(deal.amount is None for members in groups.values() for deal in members)
    if of == "created":
        parts["open_share"] = _quotient(sizes, ("open",), whole).value if sizes else None
    reason = _NONE[of] if not sum(counts[kind] for kind in whole) else None if sizes else "no_amounts"
    return attrs.evolve(
        none(reason) if reason else _quotient(sizes, ("won",), whole),
        parts=parts,
        method=f"win rate of {of} by {by}",
        parameters=how(period, tz, rates, currency),
        as_of=as_of,
    )


def average_size(
    deals: Iterable[Opportunity],
    *,
    as_of: datetime,
    of: str = "won",
    period: Period | None = None,
    tz: tzinfo = UTC,
    rates: RateTable | None = None,
    currency: str | None = None,
) -> Figure:
    """What a deal is worth on average, exactly.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        as_of: The instant; aware.
        of: The `won` ones alone, or all `closed` ones.
        period: When they closed: dates or instants; None is all of time.
        tz: On whose clock the dates of the period begin.
        rates: Convert all amounts with these.
        currency: Into this one.

    Returns:
        The amount, exact, whose unit is the currency; the part `without_amount` says how many deals have none and are
        left out. None with the reason `no_won_deals`, `no_closed_deals`, or `no_amounts`.

    Raises:
        InvalidValue: For a naive datetime, an unknown policy, or an argument of a wrong type.
        CurrencyMismatch: For amounts in several currencies, without rates.
        NotFound: For a rate that the table does not have.

    .. versionadded:: 0.1.0
    """
    _SIZES.require("average_size.of", of)
    is_inside = within("average_size", period, tz)
    convert = converter("average_size", rates, currency)
    kinds = ("won",) if of == "won" else ("won", "lost")
    chosen = [
        deal
        for deal in deals_of("average_size", deals, as_of)
        if deal.kind in kinds and deal.closed_at is not None and is_inside(deal.closed_at)
    ]
    amounts = [convert(deal.amount) for deal in chosen if deal.amount is not None]
    reason = None if amounts else "no_amounts" if chosen else f"no_{of}_deals"
    return attrs.evolve(
        none(reason) if reason else ratio(Money.sum(amounts), len(amounts)),
        parts={"deals": len(chosen), "without_amount": len(chosen) - len(amounts)},
        method=f"average size of {of} deals",
        parameters=how(period, tz, rates, currency),
        as_of=as_of,
    )


def _is_counted(deal: Opportunity, of: str, is_inside: Callable[[datetime], bool]) -> bool:
    if of == "closed":
        return deal.closed_at is not None and is_inside(deal.closed_at)
    return is_inside(deal.opened_at)


def _by_kind(deals: Iterable[Opportunity]) -> dict[str, list[Opportunity]]:
    groups: dict[str, list[Opportunity]] = {"won": [], "lost": [], "open": []}
    for deal in deals:
        groups[deal.kind].append(deal)
    return groups


def _amounts(groups: Mapping[str, list[Opportunity]], convert: Callable[[Money], Money]) -> dict[str, Money]:
    """The sum of each kind; nothing where no deal has an amount, since a sum of none has no currency."""
    found = {
        kind: [convert(deal.amount) for deal in members if deal.amount is not None] for kind, members in groups.items()
    }
    currency = next((amount.currency for amounts in found.values() for amount in amounts), None)
    if currency is None:
        return {}
    return {kind: Money.sum(amounts, currency) for kind, amounts in found.items()}


def _quotient(sizes: Mapping[str, Number], above: tuple[str, ...], below: tuple[str, ...]) -> Figure:
    return ratio(_sum([sizes[kind] for kind in above]), _sum([sizes[kind] for kind in below]))


def _sum(sizes: list[Number]) -> Number:
    return Money.sum(sizes) if isinstance(sizes[0], Money) else sum(sizes)  # type: ignore[arg-type]  # all of one kind
