"""One line of a sale, as the source states it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._trusted import filling
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.purchases._discount import Discount
from relex.purchases._stated import Number, optional_rate, pairs, parts, quantity, stated, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Line"]


@tagged("purchases.Line")
@attrs.frozen(init=False, weakref_slot=False)
class Line:
    """What was sold in one line, with the words that held at the time of the sale.

    Category, brand and tastes are copied from the product when it is sold, so a renamed category does not rewrite
    history, and a product that no catalog knows is fine: the line speaks for itself.
    Amounts are in the currency of the purchase; computed amounts are asked of the purchase, which knows them all.

    Attributes:
        number: 1 or more; unique in the purchase.
        product: Id of the product.
        quantity: At least 0; 0 only with `gross`.
        unit_price: Price of one unit before discounts; may have more decimals than the currency.
        gross: quantity x unit price, where the source states only this; both only if they agree.
        discounts: Applied one after the other, each on what remains.
        tax_rate: 0.10 is 10 %; None is a line without tax.
        category: A path such as `drinks/coffee`.
        brand: Brand or maker.
        tags: Sorted, without repeats.
        tastes: Sorted (name, value) pairs such as color, pattern, style, size, flavor.
        kind: `goods`, `delivery`, `gift_card`, `fee`, or a word of your own.

    Raises:
        InvalidValue: For a negative number, a float, no price at all, or quantity 0 without `gross`.

    Example:
        >>> Line(1, "latte", 2, unit_price="4.50", category="drinks/coffee").quantity
        2
        >>> Line(1, "latte", -2, unit_price="4.50")
        Traceback (most recent call last):
            ...
        relex.errors.InvalidValue: Line.quantity: expected an int or Decimal of at least 0 and below 1E+24 (what comes back is a Return), got -2

    .. versionadded:: 0.1.0
    """  # noqa: E501 - the message is one line

    number: int
    product: str
    quantity: int | Decimal
    unit_price: Decimal | None = attrs.field(default=None, kw_only=True)
    gross: Decimal | None = attrs.field(default=None, kw_only=True)
    discounts: tuple[Discount, ...] = attrs.field(default=(), kw_only=True)
    tax_rate: Decimal | None = attrs.field(default=None, kw_only=True)
    category: str | None = attrs.field(default=None, kw_only=True)
    brand: str | None = attrs.field(default=None, kw_only=True)
    tags: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    tastes: tuple[tuple[str, str], ...] = attrs.field(default=(), kw_only=True)
    kind: str = attrs.field(default="goods", kw_only=True)

    # Logs hold millions of lines, so one hand-made initializer checks and converts in a single pass.
    def __init__(  # noqa: PLR0913 - the fields of the class
        self,
        number: int,
        product: str,
        quantity: Number,
        *,
        unit_price: Number | None = None,
        gross: Number | None = None,
        discounts: Iterable[Discount] = (),
        tax_rate: Number | None = None,
        category: str | None = None,
        brand: str | None = None,
        tags: Iterable[str] = (),
        tastes: Iterable[tuple[str, str]] | Mapping[str, str] = (),
        kind: str = "goods",
    ) -> None:
        if type(number) is not int or number < 1:
            raise InvalidValue("Line.number", number, "an int of at least 1")
        amount = _quantity("Line.quantity", quantity)
        if unit_price is not None:
            unit_price = stated("Line.unit_price", unit_price)
        if gross is not None:
            gross = stated("Line.gross", gross)
        elif unit_price is None or not amount:
            raise InvalidValue("Line.gross", gross, "a gross amount, or a unit price with a quantity above 0")
        if not (type(product) is type(kind) is str and product and kind):
            _checks.text.require("Line.product", product)
            _checks.text.require("Line.kind", kind)
        if not (type(category) is type(brand) is str and category and brand):
            _TEXT_OR_NONE.require("Line.category", category)
            _TEXT_OR_NONE.require("Line.brand", brand)
        _fill(
            self,
            number,
            product,
            amount,
            unit_price,
            gross,
            parts("Line.discounts", discounts, Discount) if discounts != () else (),
            None if tax_rate is None else optional_rate("Line.tax_rate", tax_rate),
            category,
            brand,
            texts("Line.tags", tags) if tags != () else (),
            pairs("Line.tastes", tastes) if tastes != () else (),
            kind,
        )


_fill = filling(Line)
_quantity = quantity
_TEXT_OR_NONE = _checks.optional(_checks.text)
