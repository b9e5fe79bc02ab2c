"""Price books, volume discounts, terms, and the lines of quotes that are priced with them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Months, Period, Years
from relex.money import Rounding
from relex.pipeline import PriceBook, PriceEntry, PriceTerm, QuoteLine, QuoteRounding, Schedule, ScheduleTier
from relex.purchases import Discount
from relex.testing.strategies._basics import days, either, ids, named, words
from relex.testing.strategies._money import currencies

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "price_books",
    "price_entries",
    "price_terms",
    "quote_lines",
    "quote_roundings",
    "schedule_tiers",
    "schedules",
]

_LAST_START = date(9900, 1, 1)
_NUMBER = _checks.whole(least=1)


def _cents(units: int) -> Decimal:
    return Decimal(units).scaleb(-2)


def _fine(units: int) -> Decimal:
    return Decimal(units).scaleb(-4)


_PRICES: SearchStrategy[Any] = st.one_of(
    st.integers(0, 50_000).map(_cents),
    st.integers(0, 50_000).map(_cents),
    st.integers(0, 200_000).map(_fine),
    st.just(Decimal("99999999999999999999.99")),
)
_CREDITS = st.integers(-5_000, -1).map(_cents)
_PERCENTS: SearchStrategy[Any] = st.integers(0, 100) | st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10)
_QUANTITIES: SearchStrategy[Any] = st.integers(0, 20) | st.integers(1, 30_000).map(lambda grams: Decimal(grams) / 1000)
_RATES = st.sampled_from((None, Decimal("0.085"), Decimal("0.10"), Decimal("0.2"), Decimal(0)))
_BY = st.sampled_from(("day", "month", "month_day"))
_OF: SearchStrategy[Any] = st.builds(Months, st.integers(1, 36)) | st.builds(Years, st.integers(1, 3))
_LENGTHS: SearchStrategy[Any] = st.builds(Months, st.integers(0, 60)) | st.builds(Years, st.integers(0, 5))


def schedule_tiers() -> SearchStrategy[ScheduleTier]:
    """Tiers of any schedule, with and without an end; shrinks to 0 percent from the first unit on.

    .. versionadded:: 0.1.0
    """
    return st.builds(_tier, st.integers(1, 50), st.none() | st.integers(0, 50), _PERCENTS)


def _tier(lower: int, more: int | None, percent: Any) -> ScheduleTier:
    return ScheduleTier(lower, None if more is None else lower + more, percent)


def schedules() -> SearchStrategy[Schedule]:
    """Volume discounts of one to four tiers, by range or by slab; shrinks to one tier of 0 percent.

    .. versionadded:: 0.1.0
    """
    return _SCHEDULES


def _schedule(id_: str, sizes: list[tuple[int, Any]], last: Any, mode: str) -> Schedule:
    tiers, lower = [], 1
    for size, percent in sizes:
        tiers.append(ScheduleTier(lower, lower + size - 1, percent))
        lower += size
    return Schedule(id_, [*tiers, ScheduleTier(lower, None, last)], mode=mode)


_SCHEDULES = named(
    "schedules",
    st.builds(
        _schedule,
        ids(),
        st.lists(st.tuples(st.integers(1, 10), _PERCENTS), max_size=3),
        _PERCENTS,
        st.sampled_from(("range", "slab")),
    ),
)


def price_terms() -> SearchStrategy[PriceTerm]:
    """Times for which something is sold, as a length, as dates, or as both; shrinks to no month of a price for one.

    .. versionadded:: 0.1.0
    """
    return _TERMS


def _dates(start: date, length: int) -> Period:
    return Period(start, start + timedelta(days=length))


_DATES = st.builds(_dates, days(max_value=_LAST_START), st.integers(0, 1_500))
_TERMS = named(
    "price_terms",
    st.builds(PriceTerm, _OF, length=_LENGTHS, by=_BY)
    | st.builds(PriceTerm, _OF, dates=_DATES, length=st.none() | _LENGTHS, by=_BY),
)


def price_entries(*, product: str | SearchStrategy[str] | None = None) -> SearchStrategy[PriceEntry]:
    """Prices of a product, from a quantity on and for some dates; shrinks to 0 for everything.

    Args:
        product: Id of the product, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        PriceEntry,
        either("price_entries.product", product, _checks.text, words()),
        _PRICES,
        minimum=st.integers(0, 20),
        valid=st.none() | _DATES | days().map(Period),
        schedule=st.none() | schedules(),
        priced_for=st.none() | _OF,
        cost=st.none() | _PRICES,
    )


def price_books(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    currency: str | SearchStrategy[str] | None = None,
    product: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[PriceBook]:
    """Price books of up to four prices; shrinks to an empty one.

    Args:
        id: Of the book, or what ids are drawn from.
        currency: The only currency, or what currencies are drawn from.
        product: Of all prices, or what ids of products are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    entries = price_entries(product=product)
    return named(
        "price_books",
        st.builds(
            PriceBook,
            either("price_books.id", id, _checks.text, ids()),
            either("price_books.currency", currency, _checks.currency_code, currencies()),
            st.lists(entries, max_size=4, unique_by=lambda entry: (entry.product, entry.minimum)),
            version=st.integers(1, 9),
        ),
    )


def quote_roundings() -> SearchStrategy[QuoteRounding]:
    """Every way in which a quote may be rounded; shrinks to each line half-up.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        QuoteRounding,
        point=st.sampled_from(("line", "total")),
        mode=st.sampled_from((Rounding.HALF_UP, Rounding.HALF_EVEN)),
        floor=st.sampled_from(("none", "zero")),
    )


def quote_lines(
    *, number: int | SearchStrategy[int] | None = None, credit: bool | None = None
) -> SearchStrategy[QuoteLine]:
    """Lines of a quote whose discounts fit: with schedules, contract prices and terms.

    Shrinks to nothing of one product for nothing.

    Args:
        number: Of the line, or what numbers are drawn from; by default 1 to 9.
        credit: Whether the price is below 0; by default either.

    Raises:
        InvalidValue: For a number that is no int of at least 1, or anything but a flag.

    .. versionadded:: 0.1.0
    """
    _checks.optional(_checks.flag).require("quote_lines.credit", credit)
    prices = {None: _PRICES | _CREDITS, True: _CREDITS, False: _PRICES}[credit]
    drawn = _quote_lines(either("quote_lines.number", number, _NUMBER, st.integers(1, 9)), prices)
    return named("quote_lines", drawn)


@st.composite
def _quote_lines(draw: st.DrawFn, number: SearchStrategy[int], prices: SearchStrategy[Any]) -> QuoteLine:
    price = draw(prices)
    line = QuoteLine(
        draw(number), draw(words()), draw(_QUANTITIES), list_price=price, tax_rate=draw(_RATES), **draw(_PARTS)
    )
    if price > 0:
        line = attrs.evolve(line, contract_price=draw(st.none() | _PRICES))
    found = [draw(_PERCENT) for _ in range(draw(st.integers(0, 2)))]
    fixed = draw(_FIXED)
    line = attrs.evolve(line, discounts=found)
    if fixed is not None and line.net > 0:
        way, share = fixed
        of = line.net if way == "amount" else line.net / line.times
        line = _lowered(line, way, _fine(int(of * 10_000) * share // 100))
    return line


def _lowered(line: QuoteLine, way: str, off: Decimal) -> QuoteLine:
    """The line with one discount more; for a part of the time, an amount for each unit may be too large."""
    if way == "amount":
        return attrs.evolve(line, discounts=(*line.discounts, Discount(amount=off)))
    return line if line.term is not None else attrs.evolve(line, discounts=(*line.discounts, Discount(per_unit=off)))


_PERCENT = st.builds(Discount, percent=st.integers(0, 100), code=st.none() | words())
_FIXED = st.none() | st.tuples(st.sampled_from(("amount", "per_unit")), st.integers(0, 100))
_PARTS: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "schedule": schedules(),
        "term": price_terms(),
        "cost": _PRICES,
        "book": words(),
        "contract_book": words(),
    },
)

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    PriceBook: price_books,
    PriceEntry: price_entries,
    QuoteLine: quote_lines,
    QuoteRounding: quote_roundings,
    Schedule: schedules,
    ScheduleTier: schedule_tiers,
    PriceTerm: price_terms,
}
"""The strategy of every stored form of prices."""
