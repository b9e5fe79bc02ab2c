"""Rates between currencies on one day, given by the caller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date  # noqa: TC003 - resolved by the codec
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue, NotFound
from relex.money._exact import exact_amount
from relex.money._money import Money

if TYPE_CHECKING:
    from relex.money._rounding import Rounding

__all__ = ["RateTable"]

_MANY = _checks.a(Iterable)
_MONEY = _checks.a(Money)


def _triples(given: Iterable[tuple[str, str, int | str | Decimal]]) -> tuple[tuple[str, str, Decimal], ...]:
    _MANY.require("RateTable.rates", given)
    return tuple(sorted(_triple(place, entry) for place, entry in enumerate(given)))


def _triple(place: int, entry: Any) -> tuple[str, str, Decimal]:
    path = f"RateTable.rates[{place}]"
    if not isinstance(entry, (tuple, list)) or len(entry) != 3:  # noqa: PLR2004 - base, quote, rate
        raise InvalidValue(path, entry, 'a triple such as ("USD", "EUR", "0.92")')
    base, quote, rate = entry
    _checks.currency_code.require(f"{path}[0]", base)
    _checks.currency_code.require(f"{path}[1]", quote)
    if base == quote:
        raise InvalidValue(path, entry, "two different currencies")
    found = exact_amount(f"{path}[2]", rate)
    if found <= 0:
        raise InvalidValue(f"{path}[2]", rate, "a rate above 0")
    return base, quote, found


@attrs.frozen
class RateTable:
    """What one unit of a currency is worth in another, on a stated day.

    Only the stated pairs exist: no rate is inverted or chained, since both would round.

    Attributes:
        day: When the rates hold; a conversion is only as good as its date.
        rates: (base, quote, rate) triples: one unit of `base` is worth `rate` units of `quote`. Kept sorted.

    Raises:
        InvalidValue: For a rate that is not exact and above 0, a pair of one currency, or a pair stated twice.

    Example:
        >>> from datetime import date
        >>> from relex.money import Money, RateTable
        >>> table = RateTable(date(2026, 1, 5), [("USD", "BRL", "1.5"), ("EUR", "BRL", "2")])
        >>> table.convert(Money(50, "USD"), "BRL") + table.convert(Money(50, "EUR"), "BRL")
        Money('175.00', 'BRL')

    .. versionadded:: 0.1.0
    """

    day: date = attrs.field(validator=_checks.calendar_day)
    rates: tuple[tuple[str, str, Decimal], ...] = attrs.field(converter=_triples)
    _pairs: dict[tuple[str, str], Decimal] = attrs.field(init=False, repr=False, eq=False)

    @_pairs.default  # pyright: ignore[reportAttributeAccessIssue] - attrs gives it
    def _index(self) -> dict[tuple[str, str], Decimal]:
        return {(base, quote): rate for base, quote, rate in self.rates}

    @rates.validator  # pyright: ignore[reportAttributeAccessIssue] - attrs gives it
    def _no_pair_twice(self, _: attrs.Attribute[Any], rates: tuple[tuple[str, str, Decimal], ...]) -> None:
        if len(self._pairs) != len(rates):
            raise InvalidValue("RateTable.rates", rates, "each pair of currencies once")

    def rate(self, base: str, quote: str) -> Decimal:
        """What one unit of `base` is worth in `quote`; 1 for the same currency.

        Raises:
            InvalidValue: For what is no currency code.
            NotFound: If the table does not state the pair; its `id` is the pair, such as `USD/BRL`.

        .. versionadded:: 0.1.0
        """
        for name, currency in (("base", base), ("quote", quote)):
            _checks.currency_code.require(f"RateTable.rate.{name}", currency)
        if base == quote:
            return Decimal(1)
        try:
            return self._pairs[base, quote]
        except KeyError:
            raise NotFound("rate", f"{base}/{quote}") from None

    def convert(self, money: Money, to: str, mode: Rounding | None = None) -> Money:
        """An amount in another currency: exact, or rounded to its minor unit when a mode is named.

        Raises:
            NotFound: If the table does not state the pair.

        Example:
            >>> from datetime import date
            >>> from relex.money import Money, RateTable, Rounding
            >>> table = RateTable(date(2026, 1, 5), [("USD", "JPY", "151.333")])
            >>> table.convert(Money("9.99", "USD"), "JPY")
            Money('1511.81667', 'JPY')
            >>> table.convert(Money("9.99", "USD"), "JPY", Rounding.HALF_UP)
            Money('1512', 'JPY')

        .. versionadded:: 0.1.0
        """
        _MONEY.require("RateTable.convert.money", money)
        _checks.currency_code.require("RateTable.convert.to", to)
        exact = Money((money * self.rate(money.currency, to)).amount, to)
        return exact if mode is None else exact.round(mode)
