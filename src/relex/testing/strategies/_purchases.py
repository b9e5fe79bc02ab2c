"""Products, purchases, returns and claims: the entries of a log."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.purchases import Charge, Claim, Discount, Line, Payment, Product, Purchase, Retraction, Return
from relex.testing.strategies._basics import either, ids, instants, texts, words
from relex.testing.strategies._money import currencies, moneys

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "charges",
    "claims",
    "discounts",
    "lines",
    "payments",
    "products",
    "purchases",
    "retractions",
    "returns",
]

_MAYBE = st.none() | words()
_PAIRS = st.dictionaries(words(), words(), max_size=2)
_NUMBER = _checks.whole(least=1)
_TEXT_OR_NONE = _checks.optional(_checks.text)


def _cents(units: int) -> Decimal:
    return Decimal(units).scaleb(-2)


_PRICES = st.integers(0, 50_000).map(_cents)
_FINE = st.integers(0, 200_000).map(lambda units: Decimal(units).scaleb(-4))
_AMOUNTS = st.one_of(_PRICES, _PRICES, _FINE, st.just(Decimal("99999999999999999999.99")))
_PERCENTS = st.integers(0, 1000).map(lambda tenths: Decimal(tenths).scaleb(-1))
_RATES = st.sampled_from((None, Decimal("0.10"), Decimal("0.08"), Decimal("0.2"), Decimal("0.055"), Decimal(0)))
_QUANTITIES = st.one_of(st.integers(1, 9), st.integers(1, 3000).map(lambda grams: Decimal(grams).scaleb(-3)))


def products() -> SearchStrategy[Product]:
    """Articles of a catalog; shrinks to an id alone.

    .. versionadded:: 0.1.0
    """
    return st.builds(Product, ids(), name=_MAYBE, category=_MAYBE, brand=_MAYBE, tastes=_PAIRS, attributes=_PAIRS)


def discounts(*, per_unit: bool = True) -> SearchStrategy[Discount]:
    """Reductions by a percent, an amount or an amount for each unit; they may be larger than what they apply to.

    Args:
        per_unit: Whether some are for each unit, which a whole purchase cannot carry.

    Raises:
        InvalidValue: For anything but a flag.

    .. versionadded:: 0.1.0
    """
    _checks.flag.require("discounts.per_unit", per_unit)
    return _EACH_DISCOUNT if per_unit else _DISCOUNTS


_PERCENT: SearchStrategy[Discount] = st.builds(Discount, percent=_PERCENTS, code=_MAYBE)
_DISCOUNTS: SearchStrategy[Discount] = _PERCENT | st.builds(Discount, amount=_AMOUNTS, code=_MAYBE)
_EACH_DISCOUNT: SearchStrategy[Discount] = _DISCOUNTS | st.builds(Discount, per_unit=_AMOUNTS, code=_MAYBE)


def charges() -> SearchStrategy[Charge]:
    """Freight and fees.

    .. versionadded:: 0.1.0
    """
    return _CHARGES


_CHARGES = st.builds(Charge, words(), _AMOUNTS, tax_rate=_RATES)


def payments() -> SearchStrategy[Payment]:
    """Ways in which a part of a total was paid, stored value among them.

    .. versionadded:: 0.1.0
    """
    return _PAYMENTS


_PAYMENTS = st.builds(Payment, st.sampled_from(("card", "cash", "gift_card", "points")), _PRICES)


def lines(*, number: int | SearchStrategy[int] | None = None) -> SearchStrategy[Line]:
    """Lines of a sale whose discounts fit: with a unit price or a gross amount, some of quantity 0.

    Shrinks to one unit for nothing.

    Args:
        number: Of the line, or what numbers are drawn from; by default 1 to 9.

    Raises:
        InvalidValue: For a number that is no int of at least 1.

    .. versionadded:: 0.1.0
    """
    return st.builds(_numbered, either("lines.number", number, _NUMBER, st.integers(1, 9)), _LINES)


def _numbered(number: int, parts: dict[str, Any]) -> Line:
    return Line(number, **parts)


@st.composite
def _parts_of_line(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {"product": draw(_PRODUCTS), "tax_rate": draw(_RATES)}
    shape, amount = draw(_SHAPES), draw(_AMOUNTS)
    if shape == "priced":
        found |= {"quantity": draw(_QUANTITIES), "unit_price": amount, "discounts": draw(_LOWERED)}
    else:
        found |= {"quantity": 0 if shape == "free" else draw(_QUANTITIES), "gross": amount, "discounts": draw(_LOWERED)}
    return found | draw(_WORDS_OF_LINE)


_PRODUCTS = ids()
_SHAPES = st.sampled_from(("priced", "priced", "stated", "free"))
_LOWERED = st.one_of(st.just(()), st.just(()), st.lists(_PERCENT, max_size=2).map(tuple))
_WORDS_OF_LINE = st.fixed_dictionaries(
    {},
    optional={
        "category": words(),
        "brand": words(),
        "tags": st.lists(words(), max_size=2),
        "tastes": _PAIRS,
        "kind": st.sampled_from(("goods", "delivery", "gift_card", "fee", "service")),
    },
)
_LINES = _parts_of_line()


def purchases(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    customer: str | SearchStrategy[str | None] | None = None,
    currency: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    max_lines: int = 3,
) -> SearchStrategy[Purchase]:
    """Sales of one to three lines in every mode of tax and rounding, some of them nobody's.

    Shrinks to one line for nothing, anonymous.

    Args:
        id: Of the sale, or what ids are drawn from.
        customer: Of the customer, or what ids are drawn from, None among them for anonymous sales.
        currency: The only currency, or what currencies are drawn from.
        at: The instant, or what instants are drawn from.
        max_lines: The most lines.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    _NUMBER.require("purchases.max_lines", max_lines)
    return _purchases(
        either("purchases.id", id, _checks.text, ids()),
        either("purchases.customer", customer, _checks.text, _CUSTOMERS),
        either("purchases.currency", currency, _checks.currency_code, currencies()),
        either("purchases.at", at, _checks.instant, instants()),
        max_lines,
    )


_CUSTOMERS = st.none() | ids()


@st.composite
def _purchases(
    draw: st.DrawFn,
    id_: SearchStrategy[str],
    customer: SearchStrategy[str | None],
    currency: SearchStrategy[str],
    at: SearchStrategy[datetime],
    max_lines: int,
) -> Purchase:
    count = draw(st.integers(1, max_lines))
    return Purchase(
        draw(id_),
        customer=draw(customer),
        currency=draw(currency),
        at=draw(at),
        lines=[_numbered(number, draw(_LINES)) for number in range(1, count + 1)],
        **draw(_MORE_OF_PURCHASE),
    )


_MORE_OF_PURCHASE: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "discounts": st.lists(_PERCENT, max_size=1),
        "charges": st.lists(_CHARGES, max_size=1),
        "payments": st.lists(_PAYMENTS, max_size=1),
        "tax_mode": st.sampled_from(("exclusive", "inclusive", "none")),
        "rounding": st.sampled_from(("line", "total")),
        "channel": words(),
        "store": texts(),
        "recorded_at": instants(),
        "identifiers": _PAIRS,
    },
)


def returns(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    purchase: str | Purchase | SearchStrategy[str] | None = None,
    customer: str | SearchStrategy[str | None] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Return]:
    """What comes back: of a purchase that is named, or with a value of its own.

    A `Purchase` gives returns that its rules allow, at the instant of the sale or at another that is given.

    Args:
        id: Of the return, or what ids are drawn from.
        purchase: The purchase, its id, or what ids are drawn from.
        customer: Of the customer, or what ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    named = either("returns.id", id, _checks.text, ids())
    when = either("returns.at", at, _checks.instant, instants())
    if isinstance(purchase, Purchase):
        return st.builds(_taken_back, st.just(purchase), named, st.just(purchase.at) if at is None else when, _SHARES)
    sold = either("returns.purchase", purchase, _checks.text, _PURCHASES)
    owner = either("returns.customer", customer, _checks.text, _CUSTOMERS)
    return st.builds(_return, named, sold, owner, when, _MORE_OF_RETURN)


_PURCHASES = st.none() | ids()
_SHARES = st.sampled_from((1, 2, 4))
_VALUES = moneys(min_value=0, max_value=10**6)
_MORE_OF_RETURN = st.fixed_dictionaries(
    {"value": _VALUES, "lines": st.dictionaries(st.integers(1, 3), st.just(0) | _QUANTITIES, max_size=2)},
    optional={"reason": words(), "refunded": _VALUES, "recorded_at": instants()},
)


def _return(id_: str, purchase: str | None, customer: str | None, at: datetime, more: dict[str, Any]) -> Return:
    if purchase is not None and more["lines"] and "refunded" not in more:
        more = {**more, "value": None}
    return Return(id_, purchase=purchase, customer=customer, at=at, **more)


def _taken_back(purchase: Purchase, id_: str, at: datetime, share: int) -> Return:
    some = [(line.number, Decimal(line.quantity) / share) for line in purchase.lines]
    return purchase.take_back(some, id=id_, at=at)


def claims(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    purchase: str | SearchStrategy[str] | None = None,
    customer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Claim]:
    """Statements that an anonymous sale was a customer's.

    Args:
        id: Of the claim, or what ids are drawn from.
        purchase: Of the sale, or what ids are drawn from.
        customer: Of the customer, or what ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Claim,
        either("claims.id", id, _checks.text, ids()),
        purchase=either("claims.purchase", purchase, _checks.text, ids()),
        customer=either("claims.customer", customer, _checks.text, ids()),
        at=either("claims.at", at, _checks.instant, instants()),
        by=words(),
        evidence=_TOLD,
        recorded_at=_RECORDED,
    )


def retractions(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    claim: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Retraction]:
    """Ends of claims.

    Args:
        id: Of the retraction, or what ids are drawn from.
        claim: Of the claim, or what ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Retraction,
        either("retractions.id", id, _checks.text, ids()),
        claim=either("retractions.claim", claim, _checks.text, ids()),
        at=either("retractions.at", at, _checks.instant, instants()),
        by=words(),
        reason=_TOLD,
        recorded_at=_RECORDED,
    )


_TOLD = st.none() | texts()
_RECORDED = st.none() | instants()

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Charge: charges,
    Claim: claims,
    Discount: discounts,
    Line: lines,
    Payment: payments,
    Product: products,
    Purchase: purchases,
    Retraction: retractions,
    Return: returns,
}
"""The strategy of every stored form of `relex.purchases`."""
