"""One pass over the deals of a forecast, which lays each amount into a cell.

Theory of operation. A cell is all that shares a piece of the period, a group, an owner, a category and a currency.
While the deals go by, cells are kept apart by probability too, so that a deal costs one addition, and what is weighted
is one multiplication for each cell at the end: exact, since amounts and percentages are Decimals. A deal whose credit
is split, or whose lines are told apart by product, is laid into several cells; its id is kept with each, so that it
still counts once wherever cells are added up.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from relex.calendars import local_date
from relex.money import Money, Rounding, minor_digits
from relex.pipeline._forecast_reading import OUT, Noted, Places, reader
from relex.pipeline._forecast_spread import HUNDREDTH, has_minor, shared_out

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from relex.pipeline._forecast_question import ForecastQuestion
    from relex.pipeline._forecast_reading import Standing
    from relex.pipeline._forecast_spread import Part, Spread
    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline

__all__ = ["EXACT", "ForecastCell", "Pass", "Passed", "rounded"]

EXACT = decimal.Context(
    prec=400, Emax=999, Emin=-999, traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow]
)
"""Sums and products of amounts, which are never rounded here."""

_ZERO = Decimal(0)
_Key: TypeAlias = "tuple[int, Hashable, str | None, str, str | None, int | Decimal]"


@attrs.frozen(kw_only=True)
class ForecastCell:
    """All deals that share a piece of the period, a group, an owner, a category and a currency.

    Attributes:
        place: Which piece of the period, from 0.
        group: What they are grouped by; None is a group of its own.
        owner: Who has the credit; None where the forecast does not tell owners apart.
        category: Of the forecast.
        currency: None for deals without an amount.
        count: How many deals lie here as a whole.
        shared: Ids of those that lie here with a part of them.
        amount: Of all of them, exact.
        weighted: By probability, exact, or the sum of what was rounded for each deal.

    .. versionadded:: 0.1.0
    """

    place: int
    group: Hashable
    owner: str | None
    category: str
    currency: str | None
    count: int
    shared: frozenset[str]
    amount: Decimal
    weighted: Decimal


@attrs.frozen(kw_only=True)
class Passed:
    """What one pass finds: cells, those of overlay credit, and ids of deals that are worth telling."""

    cells: tuple[ForecastCell, ...]
    overlay: tuple[ForecastCell, ...]
    overdue: tuple[str, ...]
    without_amount: tuple[str, ...]
    noted: Noted


@attrs.define
class _Bucket:
    count: int = 0
    amount: Decimal = _ZERO
    weighted: Decimal = _ZERO
    shared: set[str] = attrs.field(factory=set)


@attrs.define
class Pass:
    """One pass, which fills its buckets.

    Attributes:
        question: What is asked.
        pipelines: Those of the deals; deals of others are told and left out.
        predicted: Probabilities by id of a deal.
        spread: How a deal is laid into groups and to owners.
        team: The team of an owner, where deals are grouped by it.
    """

    question: ForecastQuestion
    pipelines: tuple[Pipeline, ...]
    predicted: Mapping[str, int | Decimal]
    spread: Spread
    team: Callable[[str | None], str | None] | None
    buckets: dict[_Key, _Bucket] = attrs.field(factory=dict)
    overlay: dict[_Key, _Bucket] = attrs.field(factory=dict)
    overdue: list[str] = attrs.field(factory=list)
    without_amount: list[str] = attrs.field(factory=list)

    def over(self, deals: Iterable[Opportunity]) -> Passed:
        """What the deals come to."""
        noted = Noted()
        stand = reader(self.question, self.pipelines, self.predicted, noted)
        with decimal.localcontext(EXACT):
            self._lay(deals, stand)
            return Passed(
                cells=self._cells(self.buckets),
                overlay=self._cells(self.overlay),
                overdue=tuple(sorted(self.overdue)),
                without_amount=tuple(sorted(self.without_amount)),
                noted=noted,
            )

    def _lay(self, deals: Iterable[Opportunity], stand: Callable[[Opportunity], Standing | None]) -> None:
        places, buckets, spread = Places(self.question), self.buckets, self.spread
        group, owner, splits, lines = spread.group, spread.owner, spread.splits, spread.lines
        today = local_date(self.question.as_of, self.question.tz)
        per_deal = self.question.rounding == "per_deal"
        for deal in deals:
            standing = stand(deal)
            if standing is None:
                continue
            state, day, category, probability = standing
            place = places[day]
            if place == OUT:
                continue
            if state.closed_at is None and state.expected_close < today:  # type: ignore[operator]  # it has a day
                self.overdue.append(state.id)
            money = state.amount
            if money is None or per_deal or splits(state) or lines(state):
                self._lay_apart(state, place, category, probability)
                continue
            key = (place, group(state), owner(state), category, money.currency, probability)
            bucket = buckets.get(key)
            if bucket is None:
                bucket = buckets[key] = _Bucket()
            bucket.count += 1
            bucket.amount += money.amount

    def _lay_apart(self, state: Opportunity, place: int, category: str, probability: int | Decimal) -> None:
        """What cannot go the fast way: no amount, an amount to be rounded, credit in several parts."""
        if state.amount is None:
            self.without_amount.append(state.id)
        parts, overlay = self.spread.parts(state), self.spread.overlay(state)
        currency = None if state.amount is None else state.amount.currency
        for found, buckets in ((parts, self.buckets), (overlay, self.overlay)):
            for part, weighted in zip(found, self._weighted(found, currency, probability), strict=True):
                key = (place, part[0], part[1], category, currency, probability)
                bucket = buckets.setdefault(key, _Bucket())
                if len(parts) == 1 and buckets is self.buckets:
                    bucket.count += 1
                else:
                    bucket.shared.add(state.id)
                bucket.amount += part[2]
                bucket.weighted += weighted

    def _weighted(self, parts: Sequence[Part], currency: str | None, probability: int | Decimal) -> Sequence[Decimal]:
        """What the parts of one deal are worth by probability: rounded together, so that it hangs on no grouping."""
        if currency is None or self.question.rounding == "total":
            return [_ZERO for _ in parts]
        amounts = [amount for _, _, amount in parts]
        whole = rounded(sum(amounts, _ZERO) * probability * HUNDREDTH, currency)
        return [whole] if len(parts) == 1 else shared_out(Money(whole, currency), amounts)

    def _cells(self, buckets: Mapping[_Key, _Bucket]) -> tuple[ForecastCell, ...]:
        """The buckets of all probabilities together."""
        per_deal = self.question.rounding == "per_deal"
        found: dict[Any, _Bucket] = {}
        for (*where, probability), bucket in buckets.items():
            cell = found.setdefault(tuple(where), _Bucket())
            cell.count += bucket.count
            cell.amount += bucket.amount
            cell.weighted += bucket.weighted if per_deal else bucket.amount * probability * HUNDREDTH
            cell.shared |= bucket.shared
        return tuple([_cell(where, bucket, self.team) for where, bucket in found.items()])


def _cell(where: Any, bucket: _Bucket, team: Callable[[str | None], str | None] | None) -> ForecastCell:
    place, group, owner, category, currency = where
    return ForecastCell(
        place=place,
        group=group if team is None else team(owner),
        owner=owner,
        category=category,
        currency=currency,
        count=bucket.count,
        shared=frozenset(bucket.shared),
        amount=bucket.amount,
        weighted=bucket.weighted,
    )


def rounded(amount: Decimal, currency: str | None) -> Decimal:
    """An amount to the minor unit of its currency; one without a minor unit stays exact."""
    if currency is None or not has_minor(currency):
        return amount
    digits = minor_digits(currency)
    above, below = amount.as_integer_ratio()
    return Decimal(Rounding.HALF_UP.divide(above * 10**digits, below)).scaleb(-digits)
