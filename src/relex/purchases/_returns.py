"""What comes back from a sale, and what it takes from the sale's net."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.money import Money
from relex.purchases._stated import Number, items, quantity
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Return", "return_lines"]

_PAIR = "pairs (line number, quantity), each line once"
_TWO = 2
_TEXT_OR_NONE = _checks.optional(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_MONEY_OR_NONE = _checks.Check("Money of at least 0, or None", lambda value: value is None or _is_value(value))


def _is_value(value: object) -> bool:
    return isinstance(value, Money) and value.amount >= 0


def return_lines(values: Iterable[tuple[int, Number]] | Mapping[int, Number]) -> tuple[tuple[int, int | Decimal], ...]:
    """Sorted pairs; a mapping gives its items."""
    found = []
    for pair in items("Return.lines", values):
        if not (isinstance(pair, tuple) and len(pair) == _TWO and type(pair[0]) is int and pair[0] >= 1):
            raise InvalidValue("Return.lines", pair, _PAIR)
        found.append((pair[0], quantity("Return.lines", pair[1])))
    if len(dict(found)) != len(found):
        raise InvalidValue("Return.lines", values, _PAIR)
    return tuple(sorted(found))


@tagged("purchases.Return")
@attrs.frozen(weakref_slot=False)
class Return:
    """Goods, or their value, given back: an entry, immutable and idempotent by id.

    `Purchase.take_back` makes one strictly; the constructor takes what a source states, and `settle` judges it later.
    A cancelled order is a return of everything with the reason `cancelled`.

    Attributes:
        id: Of the return; the same id with the same content is the same return.
        purchase: Id of the sale, or None where the source does not know it.
        at: When it happened; aware.
        lines: Sorted (line number, quantity) pairs; quantity 0 returns a line that was sold with quantity 0.
        reason: Such as `damaged`, `cancelled`.
        customer: Id of the customer, where there is no purchase that tells it.
        value: The merchandise value that the source states; needed without a purchase, or without lines.
        refunded: The money that moved; a restocking fee makes it smaller than the value.
        recorded_at: When it became known; None means at once.
        fact_schema: The facts of every return.

    Raises:
        InvalidValue: For a wrong type, a naive datetime, a negative quantity or value, a line twice, or neither lines
            of a purchase nor a value.

    Example:
        >>> from datetime import datetime, timezone
        >>> back = Return("r1", purchase="p1", at=datetime(2026, 5, 3, tzinfo=timezone.utc), lines={1: 2})
        >>> back.lines
        ((1, 2),)

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    purchase: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    lines: tuple[tuple[int, int | Decimal], ...] = attrs.field(default=(), converter=return_lines, kw_only=True)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    customer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    value: Money | None = attrs.field(default=None, validator=_MONEY_OR_NONE, kw_only=True)
    refunded: Money | None = attrs.field(default=None, validator=_MONEY_OR_NONE, kw_only=True)
    recorded_at: datetime | None = attrs.field(
        default=None, validator=_INSTANT_OR_NONE, kw_only=True, eq=moment_or_none
    )

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "at": datetime,
            "currency": str,
            "customer": str,
            "id": str,
            "kind": str,
            "purchase": str,
            "reason": str,
            "refunded": Decimal,
            "value": Decimal,
        }
    )

    def __attrs_post_init__(self) -> None:
        """Check that the return says what came back."""
        if self.value is None and (self.purchase is None or not self.lines):
            raise InvalidValue("Return.value", None, "the merchandise value, unless lines of a purchase are named")

    @property
    def kind(self) -> str:
        """`return`."""
        return "return"

    @property
    def subject(self) -> str | None:
        """Id of the customer, where the return states it."""
        return self.customer

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        money = self.value if self.value is not None else self.refunded
        return {
            "kind": "return",
            "id": self.id,
            "purchase": self.purchase,
            "customer": self.customer,
            "at": self.at,
            "reason": self.reason,
            "value": None if self.value is None else self.value.amount,
            "refunded": None if self.refunded is None else self.refunded.amount,
            "currency": None if money is None else money.currency,
        }
