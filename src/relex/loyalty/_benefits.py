"""What promotions, vouchers and rewards give: one vocabulary for all three."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._exact import Number, Written, as_number
from relex.money import Money, Rounding

__all__ = ["AmountOff", "AnyBenefit", "CashOff", "Gift", "PercentOff", "PriceAt", "amount_check", "benefit_check"]

_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)%")


def _is_amount(value: object) -> bool:
    return isinstance(value, Money) and value.amount > 0


def _is_price(value: object) -> bool:
    return isinstance(value, Money) and value.amount >= 0


amount_check = _checks.Check("a Money above 0", _is_amount)
_PRICE = _checks.Check("a Money of at least 0", _is_price)


def _percent(value: Written) -> Number:
    found = as_number("PercentOff.percent", value, above=0)
    _checks.number(above=0, most=100).require("PercentOff.percent", found)
    return found


def _per(value: Written) -> Number:
    return as_number("Gift.per", value, above=0)


def _cash_points(value: Written) -> Number:
    return as_number("CashOff.points", value, above=0)


def _minimum(value: Written) -> Number:
    return as_number("CashOff.minimum", value, least=0)


def _worth(value: Written) -> Number:
    return as_number("CashOff.worth", value, above=0)


def _quantum(value: Written | None) -> Number | None:
    return None if value is None else as_number("CashOff.quantum", value, above=0)


@tagged("loyalty.PercentOff")
@attrs.frozen(weakref_slot=False)
class PercentOff:
    """A percentage off the price of the chosen units.

    Attributes:
        percent: Above 0 and at most 100; exact.
        at_most: The largest amount that it takes off altogether; spread pro rata where it binds.

    Example:
        >>> PercentOff(15).percent
        15

    .. versionadded:: 0.1.0
    """

    percent: int | Decimal | Fraction = attrs.field(converter=_percent)
    at_most: Money | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(amount_check))


@tagged("loyalty.AmountOff")
@attrs.frozen(weakref_slot=False)
class AmountOff:
    """An amount off the chosen units, never more than they are worth.

    Attributes:
        amount: Above 0.
        each: `once` spreads it over the lines by their amounts; `line` and `unit` take it off each of them.

    Example:
        >>> AmountOff(Money("3.00", "USD")).each
        'once'

    .. versionadded:: 0.1.0
    """

    amount: Money = attrs.field(validator=amount_check)
    each: str = attrs.field(default="once", kw_only=True, validator=_checks.one_of("once", "line", "unit"))


@tagged("loyalty.PriceAt")
@attrs.frozen(weakref_slot=False)
class PriceAt:
    """A fixed price of each chosen unit; it never raises a price.

    Attributes:
        price: Of one unit; at least 0.

    .. versionadded:: 0.1.0
    """

    price: Money = attrs.field(validator=_PRICE)


@tagged("loyalty.Gift")
@attrs.frozen(weakref_slot=False)
class Gift:
    """Free units of a product, as lines of their own; where the best of several is chosen, they count as nothing off.

    Attributes:
        product: Id of what is given.
        quantity: Units for each full `per`; at least 1.
        per: So many chosen units earn the gift once; above 0.

    Example:
        >>> Gift("mug", per=3).quantity
        1

    .. versionadded:: 0.1.0
    """

    product: str = attrs.field(validator=_checks.text)
    quantity: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    per: int | Decimal | Fraction = attrs.field(default=1, kw_only=True, converter=_per)


@tagged("loyalty.CashOff")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CashOff:
    """Points pay a part of the order, in whole blocks.

    It is a payment: what a line cost stays, and only what is left to pay goes down.

    Attributes:
        points: Whole points of one block, exact; above 0. Stored value is taken to the cent by `points="0.01"`.
        worth: What one block is worth, in the currency of the program; above 0.
        minimum: Fewer whole points than this are not taken.
        at_most: The share of the amount payable that points may pay, such as `50%`.
        quantum: The step of the amounts; None for the minor unit of the currency.
        rounding: How the worth is rounded to the step: HALF_UP, FLOOR or CEILING.

    Example:
        >>> CashOff(points=100, worth="5.00", at_most="50%").share
        Fraction(1, 2)

    .. versionadded:: 0.1.0
    """

    points: int | Decimal | Fraction = attrs.field(converter=_cash_points)
    worth: int | Decimal | Fraction = attrs.field(converter=_worth)
    minimum: int | Decimal | Fraction = attrs.field(default=0, converter=_minimum)
    at_most: str = attrs.field(default="100%", validator=_checks.text)
    quantum: int | Decimal | Fraction | None = attrs.field(default=None, converter=_quantum)
    rounding: Rounding = attrs.field(
        default=Rounding.HALF_UP,
        validator=_checks.one_of(Rounding.HALF_UP, Rounding.FLOOR, Rounding.CEILING),
    )

    def __attrs_post_init__(self) -> None:
        if isinstance(self.quantum, Fraction):
            raise InvalidValue("CashOff.quantum", self.quantum, "an int or Decimal, a step that amounts can have")
        if not (_SHARE.fullmatch(self.at_most) and 0 < self.share <= 1):
            raise InvalidValue("CashOff.at_most", self.at_most, "a percentage above 0% and at most 100%, such as 50%")

    @property
    def share(self) -> Fraction:
        """The part of the amount payable that points may pay, as a fraction."""
        return Fraction(self.at_most[:-1]) / 100


AnyBenefit: TypeAlias = PercentOff | AmountOff | PriceAt | Gift | CashOff
benefit_check = _checks.a(PercentOff, AmountOff, PriceAt, Gift)
"""What a promotion may give; points that pay are no promotion."""
