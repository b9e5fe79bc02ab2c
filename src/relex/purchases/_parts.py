"""What belongs to a sale besides its lines: charges and payments."""

from __future__ import annotations

from decimal import Decimal

import attrs

from relex import _checks
from relex.codec import tagged
from relex.purchases._stated import Number, optional_rate, stated

__all__ = ["Charge", "Payment"]


def _charged(value: Number) -> Decimal:
    return stated("Charge.amount", value)


def _charge_rate(value: Number | None) -> Decimal | None:
    return optional_rate("Charge.tax_rate", value)


def _paid(value: Number) -> Decimal:
    return stated("Payment.amount", value)


@tagged("purchases.Charge")
@attrs.frozen(weakref_slot=False)
class Charge:
    """Freight, a fee, a deposit: part of the total and no merchandise.

    Attributes:
        kind: Such as `freight`.
        amount: At least 0, in the currency of the purchase; with tax where the prices of the purchase include it.
        tax_rate: 0.10 is 10 %; None is a charge without tax.

    Example:
        >>> Charge("freight", "4.90").amount
        Decimal('4.90')

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    amount: Decimal = attrs.field(converter=_charged)
    tax_rate: Decimal | None = attrs.field(default=None, converter=_charge_rate, kw_only=True)


@tagged("purchases.Payment")
@attrs.frozen(weakref_slot=False)
class Payment:
    """How a part of the total was paid; a payment is no discount.

    Attributes:
        kind: Such as `card`, `cash`, `coupon` (of a manufacturer). `gift_card`, `points` and `stored_value` are
            spent value that was bought or earned before: they lower what a line counts as `paid`.
        amount: At least 0, in the currency of the purchase.

    Example:
        >>> Payment("gift_card", "10.00").amount
        Decimal('10.00')

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    amount: Decimal = attrs.field(converter=_paid)
