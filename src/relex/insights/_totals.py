"""What deciles and ABC classes rank: somebody or something with an amount."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._trusted import trusted
from relex.errors import InvalidValue
from relex.insights._exact import ZERO, exactly
from relex.insights._given import listed
from relex.insights._history import PurchaseHistory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = ["Total", "better_first", "shares_before", "totals_of"]

_DAY = _checks.Check("a date, or None", lambda value: value is None or _checks.calendar_day.passes(value))


def _amount(value: Any) -> Decimal:
    found = _checks.exact_number("Total.amount", value)
    if isinstance(found, Fraction):
        raise InvalidValue("Total.amount", value, "an int, a Decimal or a str that is a decimal")
    return Decimal(found)


@attrs.frozen(weakref_slot=False)
class Total:
    """Somebody's or something's amount in a stated time.

    Attributes:
        name: Id of a customer, or of a product.
        amount: Exact; may be negative after returns.
        last: The day of the last purchase, which orders equal amounts; None comes after every day.
        purchases: How many; None when unknown.

    Example:
        >>> Total("c1", "9.50").amount
        Decimal('9.50')

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    amount: Decimal = attrs.field(converter=_amount)
    last: date | None = attrs.field(default=None, validator=_DAY)
    purchases: int | None = attrs.field(default=None, validator=_checks.optional(_checks.whole(least=0)))


_made = trusted(Total)


def totals_of(source: PurchaseHistory | Iterable[Any]) -> tuple[Total, ...]:
    """Totals out of a history, or out of totals and tuples of their fields; no name twice.

    Raises:
        InvalidValue: For another shape, or a name that comes twice.
    """
    if isinstance(source, PurchaseHistory):
        ids, last_days, frequencies, amounts = source.figures()
        return tuple(map(_made, ids, amounts, last_days, frequencies))
    totals = tuple(_total(number, item) for number, item in enumerate(listed("totals", source)))
    if len({total.name for total in totals}) != len(totals):
        raise InvalidValue("totals", [total.name for total in totals], "each name once")
    return totals


def _total(number: int, item: Any) -> Total:
    if isinstance(item, Total):
        return item
    if not isinstance(item, tuple):
        raise InvalidValue(f"totals[{number}]", item, "a Total, or (name, amount, last day, purchases)")
    try:
        return Total(*item)
    except TypeError:
        raise InvalidValue(f"totals[{number}]", item, "a Total, or (name, amount, last day, purchases)") from None


def better_first(totals: Iterable[Total]) -> list[Total]:
    """Larger amounts first; equal ones by the later last day, then by name in code point order."""
    with exactly():
        return sorted(totals, key=lambda total: (-total.amount, -_ordinal(total.last), total.name))


def _ordinal(day: date | None) -> int:
    return 0 if day is None else day.toordinal()


def shares_before(ranked: list[Total], *, ties: str) -> list[Decimal]:
    """The amount before each in the ranking; with ties together, the amount of the strictly greater ones."""
    before: list[Decimal] = []
    with exactly():
        so_far = above = ZERO
        for number, total in enumerate(ranked):
            if ties == "break" or not number or total.amount != ranked[number - 1].amount:
                above = so_far
            before.append(above)
            so_far += total.amount
    return before
