"""CTB analysis: which categories, tastes and brands a customer likes, against what everybody likes.

RFM and deciles say how much a customer is worth; this says what he is likely to buy, when last year's article is gone.
Source: CTB analysis (category, taste, brand) as Japanese retail practice has it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue, NotFound
from relex.figures import Figure, ratio
from relex.insights._ctb_html import ctb_html
from relex.insights._ctb_rows import CtbCell, CtbRow, CtbValue, SegmentTaste, ctb_row, values_of
from relex.insights._exact import exactly
from relex.insights._given import texts
from relex.insights._history import PurchaseHistory
from relex.insights._html import percent
from relex.insights._tastes import MEASURES, Bought, Value, bought, is_known, label, merged, parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from decimal import Decimal

    from relex.insights._basis import Basis
    from relex.insights._sold import SoldLine
    from relex.purchases import Purchase

__all__ = ["CtbTable", "ctb"]

_BASE_SHARES = ("pooled", "mean_of_customers")
_NUMBER = _checks.number(least=0)
_SHOWN = 10


@attrs.frozen(kw_only=True)
class CtbTable:
    """Shares and lifts of every customer on one dimension, or on several crossed, with what they rest on.

    Attributes:
        basis: Of the history; None when purchases or lines were given.
        dimensions: "category", "brand", "taste.color", ...; several make a cross table.
        level: Of a category that does not name its own.
        measure: "amount", "orders" (purchases that contain the value) or "units".
        base_share: "pooled" or "mean_of_customers".
        base_customers: How many customers make the base.
        min_purchases: What a preference needs at least.
        min_lift: What a preference needs at least.
        base: (value, share) pairs of the base, largest share first.
        rows: One for each customer, by id.
        cells: One for each value, unknown ones too: the cube.
        negatives: (customer, value, amount) of cells whose net amount is negative; they count 0.
        anonymous: How many values nobody's lines have; they are in no row and in no cell.

    .. versionadded:: 0.1.0
    """

    basis: Basis | None
    dimensions: tuple[str, ...]
    level: int
    measure: str
    base_share: str
    base_customers: int
    min_purchases: int
    min_lift: int | Decimal | Fraction
    base: tuple[tuple[Value, Fraction], ...]
    rows: tuple[CtbRow, ...] = attrs.field(repr=False)
    cells: tuple[CtbCell, ...] = attrs.field(repr=False)
    negatives: tuple[tuple[str, Value, Decimal], ...]
    anonymous: int
    _customers: Mapping[str, Mapping[Value, Bought]] = attrs.field(repr=False, eq=False, alias="customers")

    @property
    def name(self) -> str:
        """The dimensions in one word, as facts name them: "brand", "category+brand"."""
        return "+".join(self.dimensions)

    @cached_property
    def _index(self) -> dict[str, CtbRow]:
        return {row.customer: row for row in self.rows}

    def __iter__(self) -> Iterator[CtbRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, customer: object) -> bool:
        return customer in self._index

    def __getitem__(self, customer: str) -> CtbRow:
        return self._index[customer]

    @property
    def coverage(self) -> Figure:
        """Known over all, of all customers together."""
        known = sum((Fraction(row.known) for row in self.rows), Fraction(0))
        every = sum((Fraction(row.every) for row in self.rows), Fraction(0))
        return ratio(known, every, method=f"coverage of {self.name} by {self.measure}")

    def share_in_base(self, value: Value) -> Fraction:
        """The share of a value in the base; 0 for one that nobody there bought."""
        return dict(self.base).get(value, Fraction(0))

    def cell(self, value: Value) -> CtbCell:
        """One cell of the cube.

        Raises:
            NotFound: If nobody bought the value.
        """
        for found in self.cells:
            if found.value == value:
                return found
        raise NotFound("value", label(value))

    def ranked(self, value: Value, *, min_purchases: int | None = None) -> tuple[tuple[str, CtbValue], ...]:
        """The customers of a value by lift, then by amount, then by id: whom to tell about it first.

        Args:
            value: Of the dimension; a tuple for several dimensions.
            min_purchases: How many purchases with it a customer needs; by default the table's own.
        """
        least = self.min_purchases if min_purchases is None else min_purchases
        _checks.whole(least=1).require("CtbTable.ranked.min_purchases", least)
        found = [(row.customer, own) for row in self.rows for own in row.values if own.value == value]
        enough = [pair for pair in found if pair[1].purchases >= least and pair[1].lift is not None]
        with exactly():
            return tuple(sorted(enough, key=_by_lift))

    def segments(self, segment_of: Mapping[str, str]) -> tuple[SegmentTaste, ...]:
        """The pooled shares of each segment against the base; customers who are in none are left out.

        Args:
            segment_of: The segment of each customer, by id; such as `{row.customer: row.segment for row in rfm_table}`.
        """
        base = dict(self.base)
        names = sorted({segment_of[row.customer] for row in self.rows if row.customer in segment_of})
        found = []
        for name in names:
            inside = [cells for customer, cells in self._customers.items() if segment_of.get(customer) == name]
            values = values_of(merged(inside), self.measure, base)
            found.append(SegmentTaste(segment=name, customers=len(inside), values=values))
        return tuple(found)

    def facts_of(self, customer: str) -> dict[str, Any]:
        """The facts of one customer: `ctb.brand` and its share, lift, coverage, evenness, concentration."""
        return self[customer].facts(self.name) if customer in self else {}

    def facts(self) -> dict[str, dict[str, Any]]:
        """The facts of every customer, by id: what a `Segment` judges."""
        return {row.customer: row.facts(self.name) for row in self.rows}

    def __str__(self) -> str:
        lines = [
            f"CTB by {self.name}, {self.measure}: {len(self.rows)} customers, coverage {percent(_value(self.coverage))}"
        ]
        lines += [f"  {label(value):<24}  {percent(share):>9}" for value, share in self.base[:_SHOWN]]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The base, the cube and the first customers."""
        return ctb_html(self)


def ctb(
    lines: PurchaseHistory | Iterable[Purchase | SoldLine],
    *,
    dimension: str | tuple[str, ...] = "category",
    level: int = 1,
    measure: str = "amount",
    base: CtbTable | Collection[str] | None = None,
    base_share: str = "pooled",
    min_purchases: int = 2,
    min_lift: int | Decimal | Fraction = 1,
) -> CtbTable:
    """What each customer prefers, on one dimension or on several crossed.

    The share of a value is the measure of it over that of all known values; lines without a value are reported as
    coverage, never spread. The lift is the share over the base's share. The preference is the value with the largest
    share among those with enough purchases and lift; ties go to the larger amount, the later purchase, the name.

    Args:
        lines: Purchases or a `PurchaseHistory` of them, by their net as sold, before returns; or `SoldLine` values.
        dimension: "category" (at `level`), "category.1" to "category.3", "brand", "taste.<name>"; a tuple crosses them.
        level: How deep category paths are read, 1 to 3.
        measure: "amount"; "orders": purchases that contain the value; "units", which different goods do not share.
        base: Whom customers are compared with: all of them, some ids (such as the members of a segment), or the base
            of another table.
        base_share: "pooled" (the base's sums) or "mean_of_customers" (each customer of the base counts the same).
        min_purchases: What a preference needs at least.
        min_lift: What a preference needs at least.

    Raises:
        InvalidValue: For an unknown dimension or choice, or another table of other dimensions.
        CurrencyMismatch: For purchases in several currencies, or in another one than their history.

    Example:
        >>> from relex.insights import SoldLine
        >>> sold = [("ann", "p1", 30, "Nord"), ("ann", "p2", 30, "Nord"), ("bob", "p3", 40, "Casa")]
        >>> table = ctb([SoldLine(who, p, amount, brand=b) for who, p, amount, b in sold], dimension="brand")
        >>> table["ann"].preference, str(table["ann"].values[0].lift), table["bob"].preference
        ('Nord', '5/3', None)

    .. versionadded:: 0.1.0
    """
    dimensions = texts("ctb.dimension", (dimension,) if isinstance(dimension, str) else dimension)
    if not dimensions or len(set(dimensions)) != len(dimensions):
        raise InvalidValue("ctb.dimension", dimension, "one dimension, or several different ones")
    _checks.one_of(*MEASURES).require("ctb.measure", measure)
    _checks.one_of(*_BASE_SHARES).require("ctb.base_share", base_share)
    _checks.whole(least=1).require("ctb.min_purchases", min_purchases)
    _NUMBER.require("ctb.min_lift", min_lift)
    found = bought(lines, dimensions, level)
    nobody = found.pop(None, {})
    with exactly():
        customers = {str(customer): found[customer] for customer in sorted(map(str, found))}
        shares, base_customers = _base(customers, measure, base, base_share, (dimensions, level))
        rows = tuple(
            ctb_row(customer, cells, measure, shares, min_purchases, min_lift) for customer, cells in customers.items()
        )
        return CtbTable(
            basis=lines.basis if isinstance(lines, PurchaseHistory) else None,
            dimensions=dimensions,
            level=level,
            measure=measure,
            base_share=base.base_share if isinstance(base, CtbTable) else base_share,
            base_customers=base_customers,
            min_purchases=min_purchases,
            min_lift=min_lift,
            base=tuple(sorted(shares.items(), key=lambda pair: (-pair[1], parts(pair[0])))),
            rows=rows,
            cells=_cube(customers, measure),
            negatives=tuple(_negatives(customers)),
            anonymous=len(nobody),
            customers=customers,
        )


_Customers = dict[str, dict[Value, Bought]]


def _base(
    customers: _Customers,
    measure: str,
    base: CtbTable | Collection[str] | None,
    how: str,
    read: tuple[tuple[str, ...], int],
) -> tuple[dict[Value, Fraction], int]:
    """The share of each value in the base, those with none left out, and how many customers make it."""
    if isinstance(base, CtbTable):
        dimensions, level = read
        same_level = base.level == level or "category" not in dimensions
        if (base.dimensions, base.measure) != (dimensions, measure) or not same_level:
            expected = f"a table of {'+'.join(dimensions)} by {measure}, categories read to level {level}"
            raise InvalidValue("ctb.base", base.name, expected)
        return dict(base.base), base.base_customers
    if base is None:
        inside = list(customers.values())
    else:
        chosen = set(texts("ctb.base", base))
        inside = [cells for customer, cells in customers.items() if customer in chosen]
    weights = [_weights(cells, measure) for cells in inside]
    if how == "mean_of_customers":
        weights = [_shares(own) for own in weights if any(own.values())]
    sums: dict[Value, Any] = {}
    for own in weights:
        for value, weight in own.items():
            sums[value] = sums.get(value, 0) + weight
    return {value: share for value, share in _shares(sums).items() if share}, len(inside)


def _weights(cells: Mapping[Value, Bought], measure: str) -> dict[Value, Any]:
    return {value: cell.weight(measure) for value, cell in cells.items() if is_known(value)}


def _shares(weights: Mapping[Value, Any]) -> dict[Value, Fraction]:
    whole = Fraction(sum(weights.values()))
    return {value: Fraction(weight) / whole for value, weight in weights.items()} if whole else {}


def _cube(customers: _Customers, measure: str) -> tuple[CtbCell, ...]:
    """Every value over all customers, largest measure first, unknown values last."""
    buyers: dict[Value, int] = {}
    weights: dict[Value, Any] = {}
    for cells in customers.values():
        for value, cell in cells.items():
            buyers[value] = buyers.get(value, 0) + 1
            weights[value] = weights.get(value, 0) + cell.weight(measure)
    whole = Fraction(sum(weight for value, weight in weights.items() if is_known(value)))
    sums = merged(customers.values())
    cells_ = [
        CtbCell(
            value=value,
            customers=buyers[value],
            purchases=len(cell.purchases),
            units=cell.units,
            amount=cell.amount,
            share=Fraction(weights[value]) / whole if whole and is_known(value) else None,
        )
        for value, cell in sums.items()
    ]
    return tuple(sorted(cells_, key=lambda cell: (cell.share is None, -(cell.share or 0), parts(cell.value))))


def _negatives(customers: _Customers) -> Iterator[tuple[str, Value, Decimal]]:
    for customer, cells in customers.items():
        for value in sorted(cells, key=parts):
            if cells[value].amount < 0:
                yield customer, value, cells[value].amount


def _by_lift(pair: tuple[str, CtbValue]) -> tuple[Fraction, Decimal, str]:
    customer, own = pair
    return -(own.lift or Fraction(0)), -own.amount, customer


def _value(figure: Figure) -> Fraction | None:
    return figure.value if isinstance(figure.value, Fraction) else None
