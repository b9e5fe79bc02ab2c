"""What lowers a price: one discount of a line or of a whole purchase."""

from __future__ import annotations

from decimal import Decimal

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.purchases._stated import Number, optional_stated

__all__ = ["Discount"]

_HUNDRED = Decimal(100)


def _percent(value: Number | None) -> Decimal | None:
    found = optional_stated("Discount.percent", value)
    if found is not None and found > _HUNDRED:
        raise InvalidValue("Discount.percent", value, "a percent from 0 to 100")
    return found


def _amount(value: Number | None) -> Decimal | None:
    return optional_stated("Discount.amount", value)


def _per_unit(value: Number | None) -> Decimal | None:
    return optional_stated("Discount.per_unit", value)


@tagged("purchases.Discount")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Discount:
    """A reduction: a percent, an amount, or an amount for each unit; exactly one of the three.

    A fixed discount is an amount and stays one; it is never turned into a percent.
    Amounts are in the currency of the purchase.

    Attributes:
        percent: 0 to 100, of what remains after the discounts before it.
        amount: Once for the line or the purchase that carries it.
        per_unit: For each unit of the line; a whole purchase cannot carry it.
        code: The campaign, promotion or voucher that it comes from.

    Raises:
        InvalidValue: For none or several of the three, a negative one, or a percent above 100.

    Example:
        >>> Discount(percent=10, code="SPRING")
        Discount(percent=Decimal('10'), amount=None, per_unit=None, code='SPRING')
        >>> Discount(percent=101)
        Traceback (most recent call last):
            ...
        relex.errors.InvalidValue: Discount.percent: expected a percent from 0 to 100, got 101

    .. versionadded:: 0.1.0
    """

    percent: Decimal | None = attrs.field(default=None, converter=_percent)
    amount: Decimal | None = attrs.field(default=None, converter=_amount)
    per_unit: Decimal | None = attrs.field(default=None, converter=_per_unit)
    code: str | None = None

    def __attrs_post_init__(self) -> None:
        """Check that exactly one kind of reduction is stated."""
        given = (self.percent is not None) + (self.amount is not None) + (self.per_unit is not None)
        if given != 1:
            raise InvalidValue("Discount", given, "exactly one of percent, amount and per_unit")
        if self.code is not None:
            _checks.text.require("Discount.code", self.code)
