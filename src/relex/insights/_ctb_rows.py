"""The rows of a taste analysis: one customer's values with their shares and lifts, and how devoted he is."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex._instants import moment, moment_or_none
from relex._trusted import trusted
from relex.insights._exact import ZERO, fact
from relex.insights._tastes import EARLIEST, Bought, Value, is_known, known_and_unknown, parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["CtbCell", "CtbRow", "CtbValue", "SegmentTaste", "ctb_row", "values_of"]

_LOGS = Context(prec=34)
_PLACES = Decimal("1E-12")


@attrs.frozen(kw_only=True, weakref_slot=False)
class CtbValue:
    """One value of a dimension, as one customer or one segment buys it.

    Attributes:
        value: Such as "apparel", "navy", "Nord"; a tuple on crossed dimensions.
        amount: Net, negative if more came back.
        units: Sum of quantities.
        purchases: That contain the value.
        last: The latest of them; None when lines did not say.
        share: Of the measure, over all known values.
        lift: Share over the base's share; None where the base has none.

    .. versionadded:: 0.1.0
    """

    value: Value
    amount: Decimal
    units: int | Decimal
    purchases: int
    last: datetime | None = attrs.field(eq=moment_or_none)
    share: Fraction
    lift: Fraction | None

    @property
    def index(self) -> Fraction | None:
        """100 x lift."""
        return None if self.lift is None else 100 * self.lift


_value = trusted(CtbValue)


@attrs.frozen(kw_only=True, weakref_slot=False)
class CtbRow:
    """One customer on one dimension.

    Attributes:
        customer: The id.
        values: Known values, largest share first; ties by amount, later purchase, name.
        known: The measure over known values.
        every: The measure over all lines.
        base_values: How many values the base has, and the customer besides.
        preference: The preferred value, or None.
        reason: Why there is none: "below_minimum".

    .. versionadded:: 0.1.0
    """

    customer: str
    values: tuple[CtbValue, ...]
    known: int | Decimal
    every: int | Decimal
    base_values: int
    preference: Value
    reason: str | None

    @property
    def coverage(self) -> Fraction | None:
        """Known over all; None when there is nothing to cover."""
        return Fraction(self.known) / Fraction(self.every) if self.every else None

    @property
    def concentration(self) -> Fraction | None:
        """Sum of the squared shares: 1 is devoted to one value; None without a known value."""
        return sum((own.share**2 for own in self.values), Fraction(0)) if self.known else None

    @property
    def entropy(self) -> Decimal | None:
        """Minus the sum of s ln s, in nats: decimal logarithms, rounded to 12 places; None without a known value."""
        return _rounded(_entropy(self.values)) if self.known else None

    @property
    def evenness(self) -> Decimal | None:
        """Entropy over ln K, K the values of the base and the customer's own; None if K is less than 2.

        0 is devoted, 1 is everything alike.
        """
        if not self.known or self.base_values < 2:  # noqa: PLR2004 - ln 1 is 0
            return None
        return _rounded(_LOGS.divide(_entropy(self.values), _LOGS.ln(Decimal(self.base_values))))

    def of(self, value: Value) -> CtbValue | None:
        """The customer's figures of a value; None for one that he did not buy."""
        return next((own for own in self.values if own.value == value), None)

    def facts(self, name: str) -> dict[str, Any]:
        """What rules may ask about, on the dimension of this name: `ctb.brand`, `ctb.brand.lift` and so on."""
        own = None if self.preference is None else self.of(self.preference)
        lift = None if own is None else own.lift
        return {
            f"ctb.{name}": self.preference,
            f"ctb.{name}.share": None if own is None else fact(own.share),
            f"ctb.{name}.lift": None if lift is None else fact(lift),
            f"ctb.{name}.coverage": None if self.coverage is None else fact(self.coverage),
            f"ctb.{name}.evenness": self.evenness,
            f"ctb.{name}.concentration": None if self.concentration is None else fact(self.concentration),
        }


_row = trusted(CtbRow)


@attrs.frozen(kw_only=True)
class CtbCell:
    """One cell of the cube: one value over all customers.

    Attributes:
        value: The value; with None where lines have no value.
        customers: Who bought it.
        purchases: That contain it.
        units: Sum of quantities.
        amount: Net.
        share: Of the measure over all known values; None for an unknown one.

    .. versionadded:: 0.1.0
    """

    value: Value
    customers: int
    purchases: int
    units: int | Decimal
    amount: Decimal
    share: Fraction | None


@attrs.frozen(kw_only=True)
class SegmentTaste:
    """One segment on one dimension, pooled.

    Attributes:
        segment: The name.
        customers: How many.
        values: Largest share first, against the base.

    .. versionadded:: 0.1.0
    """

    segment: str
    customers: int
    values: tuple[CtbValue, ...]


def values_of(cells: Mapping[Value, Bought], measure: str, base: Mapping[Value, Fraction]) -> tuple[CtbValue, ...]:
    """The known values with their shares and lifts, largest share first."""
    known = [(value, cell) for value, cell in cells.items() if is_known(value)]
    whole = Fraction(sum(cell.weight(measure) for _, cell in known))
    if not whole:
        return ()
    known.sort(key=lambda pair: parts(pair[0]))
    known.sort(key=lambda pair: (pair[1].weight(measure), pair[1].amount, moment(pair[1].last)), reverse=True)
    found = []
    for value, cell in known:
        share = Fraction(cell.weight(measure)) / whole
        lift = share / base[value] if value in base else None
        last = None if cell.last is EARLIEST else cell.last
        found.append(_value(value, cell.amount, cell.units, len(cell.purchases), last, share, lift))
    return tuple(found)


def ctb_row(
    customer: str,
    cells: Mapping[Value, Bought],
    measure: str,
    base: Mapping[Value, Fraction],
    min_purchases: int,
    min_lift: Any,
) -> CtbRow:
    """One customer's row."""
    values = values_of(cells, measure, base)
    liked = (
        own.value for own in values if own.purchases >= min_purchases and own.lift is not None and own.lift >= min_lift
    )
    preference = next(liked, None)
    known, unknown = known_and_unknown(cells, measure)
    reason = "below_minimum" if preference is None else None
    count = len(base) + sum(own.share > 0 and own.value not in base for own in values)
    return _row(customer, values, known, known + unknown, count, preference, reason)


def _entropy(values: tuple[CtbValue, ...]) -> Decimal:
    found = ZERO
    for own in values:
        if own.share:
            share = _LOGS.divide(Decimal(own.share.numerator), Decimal(own.share.denominator))
            found = _LOGS.subtract(found, _LOGS.multiply(share, _LOGS.ln(share)))
    return found


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_PLACES, context=_LOGS)
