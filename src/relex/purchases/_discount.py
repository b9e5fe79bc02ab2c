"""What lowers a price: one discount of a line or of a whole purchase."""

from __future__ import annotations

from decimal import Decimal

import attrs

from relex import _checks
from relex._trusted import filling
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.purchases._stated import Number, stated

__all__ = ["Discount"]

_HUNDRED = Decimal(100)


@tagged("purchases.Discount")
@attrs.frozen(kw_only=True, init=False, weakref_slot=False)
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

    percent: Decimal | None = None
    amount: Decimal | None = None
    per_unit: Decimal | None = None
    code: str | None = None

    # As lines, discounts come by the million: one pass checks and converts.
    def __init__(
        self,
        *,
        percent: Number | None = None,
        amount: Number | None = None,
        per_unit: Number | None = None,
        code: str | None = None,
    ) -> None:
        given = (percent is not None) + (amount is not None) + (per_unit is not None)
        if given != 1:
            raise InvalidValue("Discount", given, "exactly one of percent, amount and per_unit")
        if code is not None:
            _checks.text.require("Discount.code", code)
        _fill(
            self,
            None if percent is None else _percent(percent),
            None if amount is None else stated("Discount.amount", amount),
            None if per_unit is None else stated("Discount.per_unit", per_unit),
            code,
        )


_fill = filling(Discount)


def _percent(value: Number) -> Decimal:
    found = stated("Discount.percent", value)
    if found > _HUNDRED:
        raise InvalidValue("Discount.percent", value, "a percent from 0 to 100")
    return found
