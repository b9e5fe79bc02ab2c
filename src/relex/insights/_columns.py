"""The purchase periods of all customers side by side: what a history holds before anybody asks for one customer."""

from __future__ import annotations

from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from relex._instants import moment
from relex.insights._exact import ZERO, exactly
from relex.insights._periods import CustomerHistory, customer_history

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, timedelta
    from decimal import Decimal

    from relex.purchases import Purchase

__all__ = ["Columns"]


class Columns(NamedTuple):
    """One item for each customer in every column, customers by id; nothing in it is ever changed.

    Attributes:
        ids: The customers.
        starts: First days of the periods, in any order.
        amounts: Amounts of the periods, in the same order.
        last_days: Business day of the last purchase.
        totals: Of the periods and of `unplaced`.
        unplaced: Returned value without a period, of the customers that have any.
        purchases: The keys of the periods of a customer's purchases, and the purchases beside them, in any order;
            keys sort like the periods. Empty for a history of plain rows.
    """

    ids: tuple[str, ...] = ()
    starts: tuple[Collection[date], ...] = ()
    amounts: tuple[Collection[Any], ...] = ()
    last_days: tuple[date, ...] = ()
    totals: tuple[Decimal, ...] = ()
    unplaced: Mapping[str, Decimal] = {}
    purchases: tuple[tuple[tuple[Any, ...], tuple[Purchase, ...]], ...] = ()

    def __reduce__(self) -> tuple[type[Columns], tuple[Any, ...]]:
        starts, amounts = tuple(map(tuple, self.starts)), tuple(map(tuple, self.amounts))
        return Columns, (self.ids, starts, amounts, self.last_days, self.totals, dict(self.unplaced), self.purchases)

    def histories(self) -> Iterator[CustomerHistory]:
        """Each customer as a value, periods oldest first."""
        unplaced = (self.unplaced.get(customer, ZERO) for customer in self.ids)
        purchases: Iterable[Any] = self.purchases or repeat(())
        with exactly():
            return iter(
                list(
                    map(_history, self.ids, self.last_days, self.starts, self.amounts, unplaced, purchases, self.totals)
                )
            )


def _history(
    customer: str, last_day: date, starts: Any, amounts: Any, unplaced: Decimal, purchases: Any, total: Decimal
) -> CustomerHistory:
    if purchases:
        return customer_history(customer, last_day, starts, amounts, unplaced, _by_period(*purchases), total)
    days, sums = zip(*sorted(zip(starts, amounts, strict=True), key=itemgetter(0)), strict=True)
    return customer_history(customer, last_day, days, tuple(ZERO + amount for amount in sums), unplaced, (), total)


def _by_period(keys: Sequence[Any], purchases: Sequence[Purchase]) -> tuple[tuple[Purchase, ...], ...]:
    """The purchases of each period, oldest period first; in a period by (at, id)."""
    periods: dict[Any, list[Purchase]] = {}
    for key, purchase in zip(keys, purchases, strict=True):
        periods.setdefault(key, []).append(purchase)
    return tuple(tuple(sorted(periods[key], key=_by_instant)) for key in sorted(periods))


def _by_instant(purchase: Purchase) -> tuple[timedelta, str]:
    return moment(purchase.at), purchase.id
