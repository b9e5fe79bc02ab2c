"""Points as a promise that is sold along: which part of the price they get, and when it becomes revenue.

Source: IFRS 15, Revenue from contracts with customers: paragraphs 73 to 80 on the allocation by stand-alone prices,
B39 to B43 on options of the customer, B44 to B47 on breakage; illustrative example 52.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex.codec import tagged
from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty._exact import Written, as_number
from relex.money import Money, allocate, minor_digits

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RedemptionEstimate", "RevenueRow", "RevenueSchedule", "allocate_price"]

_COUNT = _checks.whole(least=0)


def allocate_price(
    price: Money, standalone: Iterable[Money], *, quantum: int | str | Decimal | None = None
) -> tuple[Money, ...]:
    """Share out the price of a sale among what was promised, in proportion to the stand-alone prices.

    Points are a promise of their own; `points_price` is their stand-alone price.

    Args:
        price: What the customer pays; whole in the quantum.
        standalone: What each promise would cost by itself; at least 0, in the currency of the price.
        quantum: The step of the parts; by default the minor unit of the currency.

    Returns:
        One part for each promise, in their order; they add up to the price (largest remainder).

    Raises:
        InvalidValue: For no promise, an amount below 0, or a price that is not whole in the quantum.
        CurrencyMismatch: For a stand-alone price in another currency.

    Source: IFRS 15 paragraphs 74, 76 and B42; illustrative example 52.

    Example:
        >>> goods, points = Money(100_000, "USD"), Money(9_500, "USD")
        >>> [str(part) for part in allocate_price(Money(100_000, "USD"), [goods, points], quantum=1)]
        ['91324.00 USD', '8676.00 USD']

    .. versionadded:: 0.1.0
    """
    _require_amount("allocate_price.price", price)
    amounts = _checks.items("allocate_price.standalone", standalone)
    for place, amount in enumerate(amounts):
        _require_amount(f"allocate_price.standalone[{place}]", amount)
        if amount.currency != price.currency:
            raise CurrencyMismatch(price.currency, amount.currency)
    step = _step("allocate_price.quantum", quantum, price.currency)
    units = Fraction(price.amount) / Fraction(step)
    if units.denominator != 1:
        raise InvalidValue("allocate_price.price", price, f"an amount that is whole in steps of {step}")
    if not amounts:
        raise InvalidValue("allocate_price.standalone", amounts, "at least one amount")
    parts = allocate(int(units), [amount.amount for amount in amounts])
    return tuple([Money.rounded(part * Fraction(step), price.currency, to=step) for part in parts])


def _require_amount(path: str, value: object) -> None:
    if not isinstance(value, Money) or value.amount < 0:
        raise InvalidValue(path, value, "a Money of at least 0")


def _step(path: str, quantum: Written | None, currency: str) -> Decimal:
    """The step in which amounts are whole."""
    if quantum is None:
        return Decimal(1).scaleb(-minor_digits(currency))
    return _decimal(path, quantum)


def _decimal(path: str, value: object) -> Decimal:
    found = as_number(path, value, above=0)
    if isinstance(found, Fraction):
        raise InvalidValue(path, value, "an int, a Decimal, or a str that is one")
    return Decimal(found)


def _quantum(value: int | str | Decimal | None) -> Decimal | None:
    return None if value is None else _decimal("RevenueSchedule.quantum", value)


def _expected(value: Written) -> int | Decimal | Fraction:
    return as_number("RedemptionEstimate.expected", value, least=0)


def _estimates(values: Any) -> tuple[RedemptionEstimate, ...]:
    return _checks.items("RevenueSchedule.estimates", values)


@tagged("loyalty.RedemptionEstimate")
@attrs.frozen(kw_only=True, weakref_slot=False)
class RedemptionEstimate:
    """What is known and expected of points at the end of a period.

    Attributes:
        on: The last day of the period.
        redeemed: Points that were redeemed up to then, all periods together.
        expected: Points that will have been redeemed in the end, those above included; need not be whole.
        outstanding: Points that can still be redeemed; None if nobody says. With 0 everything is over.

    Raises:
        InvalidValue: For a count below 0, or fewer expected than redeemed.

    .. versionadded:: 0.1.0
    """

    on: date = attrs.field(validator=_checks.calendar_day)
    redeemed: int = attrs.field(validator=_COUNT)
    expected: int | Decimal | Fraction = attrs.field(converter=_expected)
    outstanding: int | None = attrs.field(default=None, validator=_checks.optional(_COUNT))

    def __attrs_post_init__(self) -> None:
        if self.expected < self.redeemed:
            raise InvalidValue(
                "RedemptionEstimate.expected", self.expected, f"at least the {self.redeemed} that were redeemed"
            )
        if not self.expected and self.outstanding != 0:
            raise InvalidValue(
                "RedemptionEstimate.expected", self.expected, "more than 0, unless nothing is outstanding (0)"
            )

    @property
    def share(self) -> Fraction:
        """The part of the price that is earned: redeemed / expected; 1 when nothing is outstanding.

        .. versionadded:: 0.1.0
        """
        return Fraction(1) if self.outstanding == 0 else Fraction(self.redeemed) / Fraction(self.expected)


@attrs.frozen(kw_only=True)
class RevenueRow:
    """One period of a schedule.

    Attributes:
        on: The last day of the period.
        redeemed: Points redeemed up to then.
        expected: Points that will have been redeemed in the end, as expected then.
        recognized: Revenue up to then, all periods together.
        revenue: Revenue of this period; below 0 where a new estimate takes back what was recognized before.
        deferred: What is still owed to the customers.

    .. versionadded:: 0.1.0
    """

    on: date
    redeemed: int
    expected: int | Decimal | Fraction
    recognized: Money
    revenue: Money
    deferred: Money


@tagged("loyalty.RevenueSchedule")
@attrs.frozen(kw_only=True, weakref_slot=False)
class RevenueSchedule:
    """The price that points were sold for, and how it becomes revenue, period by period.

    Recognized to date = HALF_UP(allocated x redeemed / expected), to the minor unit or the quantum, and never more than
    was allocated; the revenue of a period is that less what was recognized before. So points that nobody will redeem
    become revenue in proportion to the redemptions, and a changed estimate is caught up in the period in which it
    changes, upwards or downwards.

    Attributes:
        allocated: The part of the price that the points got.
        estimates: One for each period, in their order.
        quantum: The step of what is recognized; None for the minor unit of the currency.

    Raises:
        InvalidValue: For an amount below 0, a step that is not above 0, or days that do not rise.

    Source: IFRS 15 paragraphs B44 to B47 and 87 to 90; illustrative example 52.

    Example:
        >>> schedule = RevenueSchedule(allocated=Money(8_676, "USD"), quantum=1)
        >>> schedule = schedule.then(RedemptionEstimate(on=date(2026, 12, 31), redeemed=4_500, expected=9_500))
        >>> schedule = schedule.then(RedemptionEstimate(on=date(2027, 12, 31), redeemed=8_500, expected=9_700))
        >>> [(str(row.revenue), str(row.deferred)) for row in schedule.rows]
        [('4110.00 USD', '4566.00 USD'), ('3493.00 USD', '1073.00 USD')]

    .. versionadded:: 0.1.0
    """

    allocated: Money = attrs.field(validator=_checks.a(Money))
    estimates: tuple[RedemptionEstimate, ...] = attrs.field(
        default=(), converter=_estimates, validator=_checks.each(_checks.a(RedemptionEstimate))
    )
    quantum: Decimal | None = attrs.field(default=None, converter=_quantum)

    def __attrs_post_init__(self) -> None:
        _require_amount("RevenueSchedule.allocated", self.allocated)
        _step("RevenueSchedule.quantum", self.quantum, self.allocated.currency)
        for place in range(1, len(self.estimates)):
            before, after = self.estimates[place - 1 : place + 1]
            if after.on <= before.on:
                path = f"RevenueSchedule.estimates[{place}].on"
                raise InvalidValue(path, after.on, f"a day after {before.on}")

    def then(self, estimate: RedemptionEstimate) -> RevenueSchedule:
        """The schedule with one more period.

        .. versionadded:: 0.1.0
        """
        return attrs.evolve(self, estimates=(*self.estimates, estimate))

    @property
    def rows(self) -> tuple[RevenueRow, ...]:
        """What each period recognized, and what it left deferred.

        .. versionadded:: 0.1.0
        """
        before, found = Money.zero(self.allocated.currency), []
        for estimate in self.estimates:
            recognized = self._recognized(estimate)
            found.append(_row(estimate, recognized, recognized - before, self.allocated - recognized))
            before = recognized
        return tuple(found)

    def _recognized(self, estimate: RedemptionEstimate) -> Money:
        share = estimate.share
        if share == 1:
            return self.allocated
        return min(self.allocated, self.allocated.times(share, to=self.quantum))

    @property
    def recognized(self) -> Money:
        """Revenue up to the last period, all periods together.

        .. versionadded:: 0.1.0
        """
        return self._recognized(self.estimates[-1]) if self.estimates else Money.zero(self.allocated.currency)

    @property
    def deferred(self) -> Money:
        """What is still owed after the last period.

        .. versionadded:: 0.1.0
        """
        return self.allocated - self.recognized

    def __str__(self) -> str:
        return f"{self.recognized} of {self.allocated} recognized, {self.deferred} deferred"

    def _repr_html_(self) -> str:
        titles = ("period ends", "redeemed", "expected", "recognized", "revenue", "deferred")
        rows = [(row.on, row.redeemed, row.expected, row.recognized, row.revenue, row.deferred) for row in self.rows]
        return table(str(self), titles, rows)


def _row(estimate: RedemptionEstimate, recognized: Money, revenue: Money, deferred: Money) -> RevenueRow:
    return RevenueRow(
        on=estimate.on,
        redeemed=estimate.redeemed,
        expected=estimate.expected,
        recognized=recognized,
        revenue=revenue,
        deferred=deferred,
    )
