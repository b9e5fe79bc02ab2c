"""One line of a quote: what it states, and what is taken off its price before the discounts of the whole quote."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.pipeline._schedules import Schedule
from relex.pipeline._terms import PriceTerm
from relex.purchases import Discount
from relex.purchases._stated import Number, optional_rate, parts, quantity, stated

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MOST_DISCOUNTS", "QuoteLine", "few_discounts", "price_of"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_HUNDRED = 100

MOST_DISCOUNTS = 20
"""Of a line, and of a quote: each percent makes an exact amount longer, and what comes of thousands takes minutes."""


def price_of(path: str, value: Number) -> Decimal:
    """An exact price, which is negative for a credit.

    Raises:
        InvalidValue: At the path, for anything else.
    """
    found = _checks.exact_number(path, value)
    if isinstance(found, Fraction):
        raise InvalidValue(path, value, "an int, Decimal, or a str that is a decimal number")
    stated(path, Decimal(found).copy_abs())
    return Decimal(found)


def _list_price(value: Number) -> Decimal:
    return price_of("QuoteLine.list_price", value)


def _contract_price(value: Number | None) -> Decimal | None:
    return None if value is None else price_of("QuoteLine.contract_price", value)


def _cost(value: Number | None) -> Decimal | None:
    return None if value is None else stated("QuoteLine.cost", value)


def _quantity(value: Number) -> int | Decimal:
    return quantity("QuoteLine.quantity", value)


def _rate(value: Number | None) -> Decimal | None:
    return optional_rate("QuoteLine.tax_rate", value)


def _discounts(values: Iterable[Discount]) -> tuple[Discount, ...]:
    return few_discounts("QuoteLine.discounts", parts("QuoteLine.discounts", values, Discount))


def few_discounts(path: str, discounts: tuple[Discount, ...]) -> tuple[Discount, ...]:
    """The discounts, if they are not too many.

    Raises:
        InvalidValue: At the path, for too many.
    """
    if len(discounts) > MOST_DISCOUNTS:
        raise InvalidValue(path, len(discounts), f"at most {MOST_DISCOUNTS} discounts")
    return discounts


@tagged("pipeline.QuoteLine")
@attrs.frozen(weakref_slot=False)
class QuoteLine:
    """What is offered in one line; prices and amounts are in the currency of the quote.

    The price goes down a waterfall: the list price, what the schedule takes off for volume, the contract price that
    takes the place of both, the discounts of the line, its share of the discounts of the quote.

    Attributes:
        number: 1 or more; unique in the quote.
        product: Id of the product.
        quantity: At least 0.
        list_price: Of one unit, for the time that `term.of` says; 0 is a price, and a credit has a negative one.
        schedule: What is taken off for volume.
        contract_price: Of one unit, as agreed with the customer.
        discounts: At most 20, applied one after the other, each on what remains; an amount is taken off once for the
            line, an amount for each unit off its price, so for the time that `term.of` says.
        term: For how long it is sold, where the price stands for a time.
        tax_rate: 0.10 is 10 %; None is a line without tax.
        cost: Of one unit for the time of the price, for the margin; None where it is not known.
        book: Id of the price book of the list price.
        contract_book: Id of the price book of the contract price.

    Raises:
        InvalidValue: For a negative quantity, a float, a discount larger than what it applies to, or too many.

    Example:
        >>> QuoteLine(1, "seat", 2, list_price=100, discounts=[Discount(percent=10)]).net
        Fraction(180, 1)
        >>> QuoteLine(1, "seat", 2, list_price=100, discounts=[Discount(per_unit=5)]).net
        Fraction(190, 1)

    .. versionadded:: 0.1.0
    """

    number: int = attrs.field(validator=_checks.whole(least=1))
    product: str = attrs.field(validator=_checks.text)
    quantity: int | Decimal = attrs.field(converter=_quantity)
    list_price: Decimal = attrs.field(converter=_list_price, kw_only=True)
    schedule: Schedule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Schedule)))
    contract_price: Decimal | None = attrs.field(default=None, converter=_contract_price, kw_only=True)
    discounts: tuple[Discount, ...] = attrs.field(default=(), converter=_discounts, kw_only=True)
    term: PriceTerm | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(PriceTerm)))
    tax_rate: Decimal | None = attrs.field(default=None, converter=_rate, kw_only=True)
    cost: Decimal | None = attrs.field(default=None, converter=_cost, kw_only=True)
    book: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    contract_book: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)

    def __attrs_post_init__(self) -> None:
        if self.discounts:
            _ = self.amounts

    @property
    def times(self) -> Fraction:
        """What a price of one unit is multiplied with: the quantity, and what the term is worth."""
        return Fraction(self.quantity) * (1 if self.term is None else self.term.worth)

    @property
    def amounts(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """What the line amounts to by list, after the schedule, after the contract, and after its discounts; exact."""
        listed = Fraction(self.list_price) * self.times
        scheduled = listed if self.schedule is None else listed - self._off(self.schedule)
        agreed = scheduled if self.contract_price is None else Fraction(self.contract_price) * self.times
        return listed, scheduled, agreed, self._discounted(agreed)

    @property
    def net(self) -> Fraction:
        """What remains before the discounts of the quote; exact."""
        return self.amounts[-1]

    @property
    def costs(self) -> Fraction | None:
        """What the line costs; None where that is not known."""
        return None if self.cost is None else Fraction(self.cost) * self.times

    def _off(self, schedule: Schedule) -> Fraction:
        worth = 1 if self.term is None else self.term.worth
        return Fraction(self.list_price) * worth * schedule.off(self.quantity)

    def _discounted(self, left: Fraction) -> Fraction:
        unit = Fraction(self.list_price if self.contract_price is None else self.contract_price)
        for place, discount in enumerate(self.discounts):
            if discount.percent is not None:
                left -= left * Fraction(discount.percent) / _HUNDRED
                continue
            off = _fixed(discount, self.times)
            if off > left or (discount.per_unit is not None and discount.per_unit > unit and not self.times):
                raise InvalidValue(
                    f"QuoteLine.discounts[{place}]", discount, f"a discount of at most what it applies to, {left}"
                )
            left -= off
        return left


def _fixed(discount: Discount, times: Fraction) -> Fraction:
    """What a discount takes off that is no percent."""
    if discount.amount is not None:
        return Fraction(discount.amount)
    return Fraction(discount.per_unit or 0) * times
