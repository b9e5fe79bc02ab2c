"""What happens to a budget."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any, TypeAlias

import attrs

from relex import _checks
from relex.changes import Event
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.money import Money

__all__ = ["UNITS", "BudgetDrawn", "BudgetGivenBack", "BudgetOpened", "Quantity", "quantity"]

UNITS = ("points", "times", "units", "amount")
"""What a budget may count, as a cap does."""

Quantity: TypeAlias = int | Fraction | Money

_TEXT_OR_NONE = _checks.optional(_checks.text)
_WHOLE = _checks.whole(least=0)


def quantity(path: str, value: object, unit: str) -> Quantity:
    """So much of a unit: an int of points or times, an exact number of units, Money of an amount; at least 0.

    Raises:
        InvalidValue: For anything else.
    """
    if unit == "amount":
        if not isinstance(value, Money) or value.amount < 0:
            raise InvalidValue(path, value, "Money of at least 0")
        return value
    if unit != "units":
        _WHOLE.require(path, value)
        found: Any = value
        return found  # type: ignore[no-any-return]
    found = Fraction(_checks.exact_number(path, value))
    if found < 0:
        raise InvalidValue(path, value, "a number of at least 0")
    return int(found) if found.denominator == 1 else found


def _quantity(instance: Any, attribute: attrs.Attribute[Any], value: object) -> None:
    """Some kind of quantity; of which unit is known by the budget."""
    if not isinstance(value, (int, Fraction, Money)) or isinstance(value, bool):
        raise InvalidValue(f"{type(instance).__name__}.{attribute.name}", value, "an int, Fraction or Money")
    if value.amount < 0 if isinstance(value, Money) else value < 0:
        raise InvalidValue(f"{type(instance).__name__}.{attribute.name}", value, "at least 0")


@tagged("loyalty.BudgetOpened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class BudgetOpened(Event):
    """A limit was set that many accounts share.

    Attributes:
        limit: How much may be drawn in all.
        unit: What is counted: `points`, `times`, `units` or `amount`.
        currency: Id of the points currency that is counted; None for the first of the program.

    .. versionadded:: 0.1.0
    """

    limit: int | Fraction | Money = attrs.field()
    unit: str = attrs.field(default="points", validator=_checks.one_of(*UNITS))
    currency: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    def __attrs_post_init__(self) -> None:
        quantity("BudgetOpened.limit", self.limit, self.unit)


@tagged("loyalty.BudgetDrawn")
@attrs.frozen(kw_only=True, weakref_slot=False)
class BudgetDrawn(Event):
    """Something was taken out of a budget.

    Attributes:
        key: By which a repeat is recognized.
        n: How much.
        effective: The business moment, by which windows count it.

    .. versionadded:: 0.1.0
    """

    key: str = attrs.field(validator=_checks.text)
    n: int | Fraction | Money = attrs.field(validator=_quantity)
    effective: datetime = attrs.field(validator=_checks.instant)


@tagged("loyalty.BudgetGivenBack")
@attrs.frozen(kw_only=True, weakref_slot=False)
class BudgetGivenBack(Event):
    """Something that was drawn is free again.

    Attributes:
        key: By which a repeat is recognized.
        n: How much.
        effective: The business moment of what had drawn it, so that it is free in the same window.

    .. versionadded:: 0.1.0
    """

    key: str = attrs.field(validator=_checks.text)
    n: int | Fraction | Money = attrs.field(validator=_quantity)
    effective: datetime = attrs.field(validator=_checks.instant)
