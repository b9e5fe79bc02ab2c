"""The purchase log, reduced once: for each customer the periods with a purchase and what was kept in them."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from relex.errors import InvalidValue
from relex.insights._basis import Basis, basis
from relex.insights._columns import Columns
from relex.insights._exact import add
from relex.insights._given import listed
from relex.insights._periods import CustomerHistory, Ignored
from relex.insights._rows import days_given, reduce_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo
    from decimal import Decimal

    from relex.calendars import Period

__all__ = ["PurchaseHistory"]


@attrs.frozen(kw_only=True, eq=False)
class PurchaseHistory:
    """A purchase log, reduced once to purchase periods; made by `purchase_history` or `PurchaseHistory.from_rows`.

    RFM, deciles and every other figure of purchases read it. Neither the order nor the repetition of entries matters.
    It can be iterated (customers by id), has a length, and gives one customer by `history[customer]`.

    Attributes:
        basis: The choices it rests on.
        ignored: What was passed in and is in no row.

    .. versionadded:: 0.1.0
    """

    basis: Basis
    ignored: Ignored = attrs.field(factory=Ignored)
    _columns: Columns = attrs.field(factory=Columns, repr=False, alias="columns")

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[str, date, Decimal | int]],
        *,
        as_of: date,
        zone: tzinfo | None = None,
        grain: str = "day",
        day_starts: time = time(0),
        within: Period | None = None,
        zero: str = "count",
        currency: str | None = None,
    ) -> PurchaseHistory:
        """The history of plain rows: (customer, business day or aware instant, amount).

        Each row is a purchase of that amount, or a part of one (a line): rows of one customer and period add up.
        A row with a negative amount is a return without a purchase: it lowers the customer's total and never makes,
        moves or removes a purchase period. With `grain="order"` each row is a purchase by itself.

        Args:
            rows: Each row's second item is a date in all rows or an aware datetime in all; amounts are exact.
            as_of: A date, or an aware datetime.
            zone: The business zone; needed for instants unless `as_of` carries one.
            grain: "day", "week", "month" or "order".
            day_starts: When a business day begins; only for instants.
            within: The only time looked at.
            zero: "count" or "skip" rows with the amount 0.
            currency: Of all amounts.

        Raises:
            InvalidValue: For a naive datetime, a float, a blank customer, or rows of mixed kinds; it names the row.

        Example:
            >>> rows = [("c1", date(2024, 1, 2), 30), ("c1", date(2024, 1, 2), 12), ("c2", date(2024, 1, 9), 5)]
            >>> history = PurchaseHistory.from_rows(rows, as_of=date(2024, 1, 31))
            >>> history["c1"].frequency, history["c1"].total
            (1, Decimal('42'))

        .. versionadded:: 0.1.0
        """
        given = rows if isinstance(rows, (list, tuple)) else listed("rows", rows)
        if days_given(given) and within is not None and isinstance(within.start, datetime):
            raise InvalidValue("within", within, "a period of dates, since the rows carry days")
        chosen = basis(
            as_of=as_of,
            zone=zone,
            days_given=days_given(given),
            grain=grain,
            day_starts=day_starts,
            within=within,
            amount="net",
            zero=zero,
            currency=currency,
        )
        columns, ignored = reduce_rows(given, chosen)
        return cls(basis=chosen, ignored=ignored, columns=columns)

    @cached_property
    def customers(self) -> tuple[CustomerHistory, ...]:
        """One entry for each customer with a purchase that counts, by id in code point order."""
        return tuple(self._columns.histories())

    @cached_property
    def _index(self) -> dict[str, CustomerHistory]:
        return dict(zip(self._columns.ids, self.customers, strict=True))

    def __iter__(self) -> Iterator[CustomerHistory]:
        return iter(self.customers)

    def __len__(self) -> int:
        return len(self._columns.ids)

    def __getitem__(self, customer: str) -> CustomerHistory:
        return self._index[customer]

    def __contains__(self, customer: object) -> bool:
        return customer in self._index

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PurchaseHistory):
            return NotImplemented
        return (self.basis, self.ignored, self.customers) == (other.basis, other.ignored, other.customers)

    def __hash__(self) -> int:
        return hash((self.basis, self._columns.ids, self._columns.totals))

    @property
    def total(self) -> Decimal:
        """Amount of all customers."""
        return add(self._columns.totals)

    @property
    def accounted(self) -> Decimal:
        """Total and ignored amounts together: everything that was passed in, net less returns."""
        return add((self.total, self.ignored.amount))

    def totals(self) -> tuple[tuple[str, Decimal], ...]:
        """(customer, total) for each customer, by id."""
        return tuple(zip(self._columns.ids, self._columns.totals, strict=True))

    def figures(self) -> tuple[tuple[str, ...], tuple[date, ...], tuple[int, ...], tuple[Decimal, ...]]:
        """Ids, last days, frequencies and totals of all customers side by side, by id."""
        columns = self._columns
        return columns.ids, columns.last_days, tuple(map(len, columns.starts)), columns.totals

    def __str__(self) -> str:
        periods = sum(map(len, self._columns.starts))
        return f"PurchaseHistory: {len(self)} customers, {periods} purchase periods, {self.total} ({self.basis})"
