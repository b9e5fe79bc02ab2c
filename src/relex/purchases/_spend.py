"""What was spent: sales and returns folded into sums, by currency, as of any instant."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import attrs

from relex._instants import moment
from relex.errors import NotFound
from relex.money import Money, Rounding
from relex.purchases._claims import live_claims
from relex.purchases._entries import only, seen
from relex.purchases._html import spend_html
from relex.purchases._purchase import Purchase
from relex.purchases._returns import Return
from relex.purchases._settling import Settled, settle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.money import RateTable
    from relex.purchases._claims import Claim, Retraction

__all__ = ["CurrencySpend", "Spend", "spend"]


@attrs.frozen(kw_only=True)
class CurrencySpend:
    """What was spent in one currency.

    Attributes:
        currency: Of all amounts.
        purchases: How many sales.
        returns: How many returns count here.
        gross: Before discounts.
        discount: Taken off.
        net: Merchandise after discounts, without tax.
        returned: Merchandise value that came back.
        anonymous: How many of the sales are nobody's.
        anonymous_net: Their net.
        first_at: Of the first sale; None without one.
        last_at: Of the last sale; None without one.

    .. versionadded:: 0.1.0
    """

    currency: str
    purchases: int
    returns: int
    gross: Money
    discount: Money
    net: Money
    returned: Money
    anonymous: int
    anonymous_net: Money
    first_at: datetime | None
    last_at: datetime | None

    @property
    def kept(self) -> Money:
        """Net less returned."""
        return self.net - self.returned


@attrs.frozen(kw_only=True)
class Spend:
    """What was spent, one row for each currency, and what did not fit.

    Attributes:
        currencies: Sorted by currency code.
        anomalies: The returns that do not fit their purchase; they are counted all the same.
        as_of: Only what had happened by then; None is everything.
        known_at: Only what was recorded by then; None is everything.

    .. versionadded:: 0.1.0
    """

    currencies: tuple[CurrencySpend, ...]
    anomalies: tuple[Settled, ...]
    as_of: datetime | None
    known_at: datetime | None

    def of(self, currency: str) -> CurrencySpend:
        """The row of a currency.

        Raises:
            NotFound: If nothing was bought or returned in it.
        """
        for row in self.currencies:
            if row.currency == currency:
                return row
        raise NotFound("CurrencySpend", currency)

    def _repr_html_(self) -> str:
        return spend_html(self)

    def total(self, currency: str, rates: RateTable, mode: Rounding | None = None) -> CurrencySpend:
        """All rows in one currency, by a dated table of rates: exact, or each sum rounded once when a mode is named.

        Raises:
            NotFound: If the table does not state a pair.
        """

        def summed(name: str) -> Money:
            amounts = [rates.convert(getattr(row, name), currency) for row in self.currencies]
            exact = Money.sum(amounts, currency)
            return exact if mode is None else exact.round(mode)

        return CurrencySpend(
            currency=currency,
            purchases=sum(row.purchases for row in self.currencies),
            returns=sum(row.returns for row in self.currencies),
            gross=summed("gross"),
            discount=summed("discount"),
            net=summed("net"),
            returned=summed("returned"),
            anonymous=sum(row.anonymous for row in self.currencies),
            anonymous_net=summed("anonymous_net"),
            first_at=min(
                (row.first_at for row in self.currencies if row.first_at is not None), key=moment, default=None
            ),
            last_at=max((row.last_at for row in self.currencies if row.last_at is not None), key=moment, default=None),
        )


def spend(
    purchases: Iterable[Purchase],
    returns: Iterable[Return] = (),
    *,
    claims: Iterable[Claim | Retraction] = (),
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> Spend:
    """Fold sales and returns into sums by currency; order and repetition of the entries do not matter.

    A return counts by the value that it states, else by what its purchase gives; see `settle` for what does not fit.

    Args:
        purchases: Of one customer, of all, of any selection.
        returns: That name them, or that state their value.
        claims: Claims and retractions; they only tell which sales are still anonymous.
        as_of: Only what had happened by then, inclusive; None is everything.
        known_at: Only what was recorded by then, inclusive; None is everything. Both together repeat a past report.

    Raises:
        Conflict: For one id with two contents, or two live claims of one purchase.
        InvalidValue: For something else than such entries, or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.purchases import Line, Purchase
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> sale = Purchase("p1", at=day, currency="USD", lines=[Line(1, "mug", 3, gross="10.00")])
        >>> found = spend([sale, sale], [sale.take_back({1: 1}, id="r1", at=day)]).of("USD")
        >>> found.purchases, str(found.net), str(found.kept)
        (1, '10.00 USD', '6.67 USD')

    .. versionadded:: 0.1.0
    """
    sales = seen(only("spend.purchases", purchases, Purchase), as_of, known_at)
    settled = settle(sales, seen(only("spend.returns", returns, Return), as_of, known_at))
    claimed = live_claims(claims, as_of=as_of, known_at=known_at)
    sold: defaultdict[str, list[Purchase]] = defaultdict(list)
    back: defaultdict[str, list[Money]] = defaultdict(list)
    for sale in sales:
        sold[sale.currency].append(sale)
    for entry in settled:
        if entry.value is not None:
            back[entry.value.currency].append(entry.value)
    rows = [_row(currency, sold[currency], back[currency], claimed) for currency in sorted({*sold, *back})]
    anomalies = tuple(entry for entry in settled if entry.anomalies)
    return Spend(currencies=tuple(rows), anomalies=anomalies, as_of=as_of, known_at=known_at)


def _row(currency: str, sales: list[Purchase], back: list[Money], claimed: dict[str, Claim]) -> CurrencySpend:
    nobodys = [sale for sale in sales if sale.customer is None and sale.id not in claimed]
    return CurrencySpend(
        currency=currency,
        purchases=len(sales),
        returns=len(back),
        gross=_minor(currency, [sum(sale.figures.gross) for sale in sales]),
        discount=_minor(currency, [sum(sale.figures.discount) for sale in sales]),
        net=_minor(currency, [sum(sale.figures.net) for sale in sales]),
        returned=Money.sum(back, currency),
        anonymous=len(nobodys),
        anonymous_net=_minor(currency, [sum(sale.figures.net) for sale in nobodys]),
        first_at=min((sale.at for sale in sales), key=moment, default=None),
        last_at=max((sale.at for sale in sales), key=moment, default=None),
    )


def _minor(currency: str, units: list[int]) -> Money:
    return Money.of_minor(sum(units), currency)
