"""Lines as taste analysis reads them: who bought what with which words, in which purchase, for how much."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import moment_or_none
from relex._trusted import trusted
from relex.errors import CurrencyMismatch, InvalidValue
from relex.insights._exact import exactly
from relex.insights._given import listed
from relex.insights._history import PurchaseHistory
from relex.money import minor_digits
from relex.purchases import Purchase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

__all__ = ["SoldLine", "reader", "sold_lines"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_DECIMAL = _checks.Check(
    "an int or a Decimal of at most 60 digits (a float is never exact)",
    lambda value: isinstance(value, (int, Decimal)) and _checks.exact.passes(value),
)
_PAIR = 2
_TASTES = _checks.Check(
    "pairs (name, value) of non-empty str",
    lambda tastes: (
        isinstance(tastes, tuple)
        and all(
            isinstance(pair, tuple) and len(pair) == _PAIR and all(map(_checks.text.passes, pair)) for pair in tastes
        )
    ),
)
_LEVELS = 3


@attrs.frozen(weakref_slot=False)
class SoldLine:
    """One line of a purchase with the words that it carried when it was sold.

    Attributes:
        customer: Id of the customer; None is nobody's line.
        purchase: Id of the purchase.
        amount: Net; negative for what came back.
        quantity: Units, of whatever the product is counted in.
        category: A path such as "apparel/coat".
        brand: Brand, maker or character.
        tastes: Pairs such as ("color", "navy").
        at: When it was bought; orders ties only.

    Example:
        >>> SoldLine("c1", "p1", Decimal("12.50"), category="apparel/coat", brand="Nord").quantity
        1

    .. versionadded:: 0.1.0
    """

    customer: str | None = attrs.field(validator=_TEXT_OR_NONE)
    purchase: str = attrs.field(validator=_checks.text)
    amount: Decimal | int = attrs.field(validator=_DECIMAL)
    quantity: Decimal | int = attrs.field(default=1, validator=_DECIMAL, kw_only=True)
    category: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    brand: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    tastes: tuple[tuple[str, str], ...] = attrs.field(default=(), validator=_TASTES, kw_only=True)
    at: datetime | None = attrs.field(
        default=None, validator=_checks.optional(_checks.instant), eq=moment_or_none, kw_only=True
    )


_line = trusted(SoldLine)


def sold_lines(source: PurchaseHistory | Iterable[Purchase | SoldLine]) -> Iterator[SoldLine]:
    """The lines of a history's purchases, of purchases, or lines as they are.

    Raises:
        InvalidValue: For a history of plain rows, which has no lines, or for anything else.
        CurrencyMismatch: For purchases in several currencies, or in another one than their history.

    .. versionadded:: 0.1.0
    """
    currency = None
    if isinstance(source, PurchaseHistory):
        currency = source.basis.currency
        if len(source) and not source.customers[0].purchases:
            raise InvalidValue("ctb.lines", source, "a history of purchases: plain rows have no lines")
        for entry in source:
            for purchases in entry.purchases:
                for purchase in purchases:
                    yield from _lines(purchase, entry.customer, currency)
        return
    for number, item in enumerate(listed("ctb.lines", source)):
        if isinstance(item, SoldLine):
            yield item
        elif isinstance(item, Purchase):
            currency = currency or item.currency
            yield from _lines(item, item.customer, currency)
        else:
            raise InvalidValue(f"ctb.lines[{number}]", item, "a SoldLine or a Purchase")


def _lines(purchase: Purchase, customer: str | None, currency: str | None) -> list[SoldLine]:
    if purchase.currency != currency:
        raise CurrencyMismatch(str(currency), purchase.currency)
    with exactly():
        unit = Decimal(1).scaleb(-minor_digits(purchase.currency))
        return [
            _line(customer, purchase.id, net * unit, line.quantity, line.category, line.brand, line.tastes, purchase.at)
            for line, net in zip(purchase.lines, purchase.figures.net, strict=True)
        ]


def reader(dimension: str, level: int) -> Callable[[SoldLine], str | None]:
    """The function that reads one dimension of a line; None is no value.

    Raises:
        InvalidValue: For a dimension other than category (with its level: category.2), brand and taste.<name>.
    """
    _checks.whole(least=1, most=_LEVELS).require("ctb.level", level)
    name, _, rest = dimension.partition(".")
    if name == "brand" and not rest:
        return _brand
    if name == "taste" and rest:
        return _taste(rest)
    if name == "category" and (not rest or rest in {"1", "2", "3"}):
        return _category(int(rest or level))
    raise InvalidValue("ctb.dimension", dimension, "category, category.1 to category.3, brand or taste.<name>")


def _brand(line: SoldLine) -> str | None:
    return line.brand


def _taste(name: str) -> Callable[[SoldLine], str | None]:
    def taste(line: SoldLine) -> str | None:
        return next((value for own, value in line.tastes if own == name), None)

    return taste


def _category(level: int) -> Callable[[SoldLine], str | None]:
    """The path down to a level; a line whose path is shorter has no value there."""
    known: dict[Any, str | None] = {None: None}

    def category(line: SoldLine) -> str | None:
        path = line.category
        if path not in known:
            parts = path.split("/") if path else []
            known[path] = "/".join(parts[:level]) if len(parts) >= level else None
        return known[path]

    return category
