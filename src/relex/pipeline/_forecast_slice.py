"""A part of a forecast, or all of it: cells that are added up, for one column after the other."""

from __future__ import annotations

import decimal
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from relex.errors import CurrencyMismatch, NotFound
from relex.figures import Figure
from relex.money import Money
from relex.pipeline._columns import TOTAL, categories_of
from relex.pipeline._forecast_pass import EXACT, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.figures import Number
    from relex.money import RateTable
    from relex.pipeline._forecast_pass import ForecastCell
    from relex.pipeline._forecast_question import ForecastQuestion

__all__ = ["Exchange", "ForecastSlice"]


@attrs.frozen
class Exchange:
    """How amounts of several currencies become one.

    Attributes:
        target: The currency of the one; None where nothing tells it.
        rates: What the others are worth; None where there is one currency only.

    .. versionadded:: 0.1.0
    """

    target: str | None
    rates: RateTable | None

    def target_of(self, sums: Iterable[str]) -> str | None:
        """The currency of the one total of sums in these currencies; None where no deal tells it.

        Raises:
            CurrencyMismatch: For several currencies without a table of rates.

        .. versionadded:: 0.1.0
        """
        found = sorted(set(sums) - {self.target})
        if self.rates is None and found and (self.target is not None or len(found) > 1):
            raise CurrencyMismatch(*(found if self.target is None else (self.target, *found))[:2])
        return self.target or next(iter(found), None)

    def converted(self, sums: Mapping[str, Decimal]) -> Decimal | None:
        """One exact total; None where the table lacks a rate.

        Raises:
            CurrencyMismatch: For several currencies without a table of rates.

        .. versionadded:: 0.1.0
        """
        target, total = self.target_of(sums), Decimal(0)
        with decimal.localcontext(EXACT):
            for currency, amount in sums.items():
                rate = self.rate(currency, target)
                if rate is None:
                    return None
                total += amount * rate
        return total

    def rate(self, currency: str, target: str | None) -> Decimal | None:
        """What one unit is worth in another currency; None where the table does not say.

        .. versionadded:: 0.1.0
        """
        if currency == target:
            return Decimal(1)
        try:
            return None if self.rates is None or target is None else self.rates.rate(currency, target)
        except NotFound:
            return None


@attrs.frozen
class ForecastSlice:
    """The deals of a forecast that share a group, or a piece of the period, or both.

    Attributes:
        question: What was asked.
        exchange: How several currencies become one.
        cells: What is added up.
        of: What it is of, in words.

    .. versionadded:: 0.1.0
    """

    question: ForecastQuestion
    exchange: Exchange
    cells: tuple[ForecastCell, ...]
    of: str = ""

    def count(self, column: str = TOTAL) -> Figure:
        """How many deals a column holds, each once, however its credit is shared.

        Raises:
            InvalidValue: For an unknown column.

        .. versionadded:: 0.1.0
        """
        return self._figure(self._counted(column), column, "count", unit="deals")

    def amounts(self, column: str = TOTAL) -> tuple[Money, ...]:
        """What a column adds up to, exact, one amount for each currency.

        Raises:
            InvalidValue: For an unknown column.

        .. versionadded:: 0.1.0
        """
        return tuple([Money(amount, currency) for currency, amount in sorted(self._sums(column).items())])

    def weighted_amounts(self, column: str = TOTAL) -> tuple[Money, ...]:
        """What a column adds up to by probability, rounded as was asked, one amount for each currency.

        Raises:
            InvalidValue: For an unknown column.

        .. versionadded:: 0.1.0
        """
        sums = sorted(self._sums(column, weighted=True).items())
        return tuple([Money(rounded(amount, currency), currency) for currency, amount in sums])

    def amount(self, column: str = TOTAL) -> Figure:
        """What a column adds up to, in one currency.

        Returns:
            None with `missing_rate` where the table lacks a rate, and with `no_data` where no deal tells the currency.
            The parts are the sums of each currency and the count.

        Raises:
            InvalidValue: For an unknown column.
            CurrencyMismatch: For several currencies without a table of rates.

        .. versionadded:: 0.1.0
        """
        return self._one(column, "amount")

    def weighted(self, column: str = TOTAL) -> Figure:
        """What a column adds up to by probability, in one currency.

        It is rounded once, at the end; with `per_deal`, each deal before it is added as well.

        Returns:
            As `amount` does; `exact` gives the sum before it is rounded.

        Raises:
            InvalidValue: For an unknown column.
            CurrencyMismatch: For several currencies without a table of rates.

        .. versionadded:: 0.1.0
        """
        return self._one(column, "weighted")

    def exact(self, column: str = TOTAL, *, weighted: bool = False) -> Decimal | None:
        """The sum in one currency, not rounded; None where a rate is missing.

        Raises:
            InvalidValue: For an unknown column.
            CurrencyMismatch: For several currencies without a table of rates.

        .. versionadded:: 0.1.0
        """
        return self.exchange.converted(self._sums(column, weighted=weighted))

    @cached_property
    def _by_category(self) -> dict[str, list[ForecastCell]]:
        found: dict[str, list[ForecastCell]] = {}
        for cell in self.cells:
            found.setdefault(cell.category, []).append(cell)
        return found

    def _of(self, column: str) -> list[ForecastCell]:
        return [cell for category in categories_of(column) for cell in self._by_category.get(category, ())]

    def _sums(self, column: str, *, weighted: bool = False) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        with decimal.localcontext(EXACT):
            for cell in self._of(column):
                if cell.currency is not None:
                    value = cell.weighted if weighted else cell.amount
                    found[cell.currency] = found.get(cell.currency, Decimal(0)) + value
        return found

    def _one(self, column: str, what: str) -> Figure:
        sums = self._sums(column, weighted=what == "weighted")
        target, total = self.exchange.target_of(sums), self.exchange.converted(sums)
        amounts = self.amounts(column) if what == "amount" else self.weighted_amounts(column)
        parts: dict[str, Number] = {money.currency: money for money in amounts}
        parts["deals"] = self._counted(column)
        if target is None or total is None:
            reason = "no_data" if target is None else "missing_rate"
            return self._figure(None, column, what, unit="", parts=parts, reason=reason)
        is_exact = what == "amount" and sums.keys() <= {target}
        value = Money(total if is_exact else rounded(total, target), target)
        return self._figure(value, column, what, unit=target, parts=parts)

    def _counted(self, column: str) -> int:
        cells = self._of(column)
        shared: set[str] = set().union(*[cell.shared for cell in cells])
        return sum([cell.count for cell in cells]) + len(shared)

    def _figure(
        self,
        value: Number | None,
        column: str,
        what: str,
        *,
        unit: str,
        parts: dict[str, Number] | None = None,
        reason: str | None = None,
    ) -> Figure:
        question, rates = self.question, self.exchange.rates
        named = {"column": column, "of": self.of, "since": question.period.start, "until": question.period.end}
        if rates is not None:
            named["rates"] = rates.day
        if what == "weighted":
            named |= {"probabilities": question.probabilities, "rounding": question.rounding}
        return Figure(
            value,
            unit,
            parts=parts or {},
            method=f"forecast: {what}",
            parameters=named,
            as_of=question.as_of,
            reason=reason,
        )
