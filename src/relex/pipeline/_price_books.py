"""Price books: what a product costs on a date, in a currency, from a quantity on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.calendars import Months, Period, Years
from relex.codec import tagged
from relex.errors import InvalidValue, Rejected
from relex.pipeline._quote_lines import QuoteLine, price_of
from relex.pipeline._schedules import Schedule
from relex.pipeline._terms import PriceTerm
from relex.purchases._stated import Number, quantity as a_quantity, stated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.purchases import Discount

__all__ = ["BookPrice", "PriceBook", "PriceEntry", "find_price", "price_line"]


def _price(value: Number) -> Decimal:
    return price_of("PriceEntry.price", value)


def _minimum(value: Number) -> int | Decimal:
    return a_quantity("PriceEntry.minimum", value)


def _cost(value: Number | None) -> Decimal | None:
    return None if value is None else stated("PriceEntry.cost", value)


def _is_dates(value: object) -> bool:
    return isinstance(value, Period) and not isinstance(value.start, datetime)


_ALWAYS = (date.min.toordinal(), date.max.toordinal() + 1)
_DATES = _checks.optional(_checks.Check("a Period of dates", _is_dates))


@tagged("pipeline.PriceEntry")
@attrs.frozen(weakref_slot=False)
class PriceEntry:
    """What one unit of a product costs, from a quantity on and while it is valid.

    Attributes:
        product: Id of the product.
        price: Of one unit in the currency of the book; 0 is a price.
        minimum: The quantity from which on it holds.
        valid: The dates on which it holds, a half-open period; None is always.
        schedule: What is taken off for volume.
        priced_for: The time that the price stands for; None for a price that is paid once.
        cost: What one unit costs the seller, for the margin.

    Raises:
        InvalidValue: For a float, a negative minimum or cost, or a period of instants.

    .. versionadded:: 0.1.0
    """

    product: str = attrs.field(validator=_checks.text)
    price: Decimal = attrs.field(converter=_price)
    minimum: int | Decimal = attrs.field(default=0, converter=_minimum, kw_only=True)
    valid: Period | None = attrs.field(default=None, kw_only=True, validator=_DATES)
    schedule: Schedule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Schedule)))
    priced_for: Months | Years | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(Months, Years))
    )
    cost: Decimal | None = attrs.field(default=None, converter=_cost, kw_only=True)

    def is_valid(self, on: date) -> bool:
        """Whether it holds on a date."""
        return self.valid is None or self.valid.contains(on)


def _entries(given: Iterable[PriceEntry]) -> tuple[PriceEntry, ...]:
    return _checks.items("PriceBook.entries", given)


@tagged("pipeline.PriceBook")
@attrs.frozen(weakref_slot=False)
class PriceBook:
    """The prices of many products in one currency.

    Attributes:
        id: Of the book.
        currency: Of all its prices.
        entries: In any order; two of one product and minimum are valid on different dates.
        version: Of the definition.

    Raises:
        InvalidValue: For no currency code, or two entries of one product and minimum that are valid on one date.

    Example:
        >>> book = PriceBook("retail", "USD", [PriceEntry("seat", 100), PriceEntry("seat", 90, minimum=10)])
        >>> print(find_price([book], "seat", 12, currency="USD", on=date(2026, 5, 1)).entry.price)
        90

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.currency_code)
    entries: tuple[PriceEntry, ...] = attrs.field(converter=_entries, validator=_checks.each(_checks.a(PriceEntry)))
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    _by_product: dict[str, tuple[PriceEntry, ...]] = attrs.field(init=False, repr=False, eq=False)

    @_by_product.default  # pyright: ignore[reportAttributeAccessIssue] - attrs gives it
    def _index(self) -> dict[str, tuple[PriceEntry, ...]]:
        found: dict[str, list[PriceEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.product, []).append(entry)
        return {product: tuple(sorted(each, key=_minimum_of)) for product, each in found.items()}

    def __attrs_post_init__(self) -> None:
        if twice := [product for product, entries in self._by_product.items() if _clash(entries)]:
            raise InvalidValue("PriceBook.entries", twice, "one price for a product, minimum and date")

    def of(self, product: str) -> tuple[PriceEntry, ...]:
        """The prices of a product, by minimum; none where the book does not know it.

        .. versionadded:: 0.1.0
        """
        return self._by_product.get(product, ())


def _minimum_of(entry: PriceEntry) -> int | Decimal:
    return entry.minimum


def _clash(entries: tuple[PriceEntry, ...]) -> bool:
    """Whether two prices of one minimum are valid on one date; of those that are, two begin one after the other."""
    held = sorted(
        [(entry.minimum, *_dates(entry)) for entry in entries if entry.valid is None or not entry.valid.is_empty]
    )
    return any(one[0] == other[0] and other[1] < one[2] for one, other in pairwise(held))


def _dates(entry: PriceEntry) -> tuple[int, int]:
    """The first date, and the one after the last."""
    valid = entry.valid
    if valid is None:
        return _ALWAYS
    return valid.start.toordinal(), _ALWAYS[1] if valid.end is None else valid.end.toordinal()


@attrs.frozen(kw_only=True, weakref_slot=False)
class BookPrice:
    """A price that was found, and which books were passed over for it.

    Attributes:
        book: Id of the book.
        entry: The price.
        passed: (book, reason) of each book before it: `currency`, `no_entry`, `not_valid` or `below_minimum`.

    .. versionadded:: 0.1.0
    """

    book: str
    entry: PriceEntry
    passed: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        over = "".join(f", after {book} ({reason})" for book, reason in self.passed)
        return f"{self.entry.price} of {self.book}{over}"


_BOOKS = _checks.each(_checks.a(PriceBook))


def find_price(books: Iterable[PriceBook], product: str, quantity: Number, *, currency: str, on: date) -> BookPrice:
    """The price of a product: of the first book that has one, the price with the highest minimum that is met.

    A book has one in the currency that is asked for, valid on the date, and from a quantity on that is met.
    Nothing is converted.

    Args:
        books: In the order in which they are tried.
        product: Id of the product.
        quantity: How many units.
        currency: Of the quote.
        on: The date.

    Raises:
        Rejected: `no_price`, with every book and why it has none.
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return _find("find_price", "books", books, product, quantity, currency, on)


def _find(
    by: str, name: str, books: Iterable[PriceBook], product: str, quantity: Number, currency: str, on: date
) -> BookPrice:
    """The price of a product for a function, which names what it was given."""
    tried = _checks.items(f"{by}.{name}", books)
    _BOOKS.require(f"{by}.{name}", tried)
    _checks.text.require(f"{by}.product", product)
    _checks.currency_code.require(f"{by}.currency", currency)
    _checks.calendar_day.require(f"{by}.on", on)
    units = a_quantity(f"{by}.quantity", quantity)
    passed: list[tuple[str, str]] = []
    for book in tried:
        found = _look(book, product, units, currency, on)
        if isinstance(found, PriceEntry):
            return BookPrice(book=book.id, entry=found, passed=tuple(passed))
        passed.append((book.id, found))
    raise Rejected(by, "no_price", {"product": product, "quantity": units, "passed": tuple(passed)})


def _look(book: PriceBook, product: str, units: int | Decimal, currency: str, on: date) -> PriceEntry | str:
    """The price that a book has, or why it has none."""
    if book.currency != currency:
        return "currency"
    entries = book.of(product)
    if not entries:
        return "no_entry"
    valid = [entry for entry in entries if entry.is_valid(on)]
    met = [entry for entry in valid if entry.minimum <= units]
    return met[-1] if met else "below_minimum" if valid else "not_valid"


def price_line(  # noqa: PLR0913 - what a line states, and where its prices come from
    books: Iterable[PriceBook],
    number: int,
    product: str,
    quantity: Number,
    *,
    currency: str,
    on: date,
    contracts: Iterable[PriceBook] = (),
    discounts: Iterable[Discount] = (),
    tax_rate: Number | None = None,
    length: Months | Years | None = None,
    dates: Period | None = None,
    by: str = "month",
) -> QuoteLine:
    """A line of a quote with the price, the schedule and the cost of the books.

    Args:
        books: In the order in which they are tried, for the list price.
        number: Of the line.
        product: Id of the product.
        quantity: How many units.
        currency: Of the quote.
        on: The date of the price.
        contracts: Books with what was agreed with the customer; there need not be a price in them.
        discounts: Of the line.
        tax_rate: 0.10 is 10 %.
        length: For how long it is sold, where the price stands for a time; by default for that time.
        dates: The dates for which it is sold.
        by: How dates are counted.

    Raises:
        Rejected: `no_price`.
        InvalidValue: As for `QuoteLine`, and for a contract price that stands for another time than the list price, or
            has a schedule.

    Example:
        >>> book = PriceBook("retail", "USD", [PriceEntry("seat", 30, priced_for=Months(12))])
        >>> line = price_line([book], 1, "seat", 5, currency="USD", on=date(2026, 5, 1), length=Months(24))
        >>> line.net, line.book
        (Fraction(300, 1), 'retail')

    .. versionadded:: 0.1.0
    """
    found = _find("price_line", "books", books, product, quantity, currency, on)
    agreed = _agreed(contracts, product, quantity, currency, on)
    if agreed is not None:
        _require_contract(agreed.entry, found.entry)
    return QuoteLine(
        number,
        product,
        quantity,
        list_price=found.entry.price,
        schedule=found.entry.schedule,
        contract_price=None if agreed is None else agreed.entry.price,
        discounts=tuple(discounts),
        term=_term(found.entry, length, dates, by),
        tax_rate=tax_rate,
        cost=found.entry.cost,
        book=found.book,
        contract_book=None if agreed is None else agreed.book,
    )


def _agreed(
    contracts: Iterable[PriceBook], product: str, quantity: Number, currency: str, on: date
) -> BookPrice | None:
    try:
        return _find("price_line", "contracts", contracts, product, quantity, currency, on)
    except Rejected:
        return None


def _require_contract(agreed: PriceEntry, listed: PriceEntry) -> None:
    if agreed.priced_for != listed.priced_for:
        raise InvalidValue("price_line.contracts", agreed, f"a price for {listed.priced_for}, as the list price")
    if agreed.schedule is not None:
        raise InvalidValue(
            "price_line.contracts", agreed, "a price without a schedule; minimum quantities tell volumes"
        )


def _term(entry: PriceEntry, length: Months | Years | None, dates: Period | None, by: str) -> PriceTerm | None:
    if entry.priced_for is None:
        given: Any = length or dates
        if given is not None:
            raise InvalidValue("price_line.length", given, "nothing, since the price stands for no time")
        return None
    whole = entry.priced_for if length is None and dates is None else length
    return PriceTerm(entry.priced_for, length=whole, dates=dates, by=by)
