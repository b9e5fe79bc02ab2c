"""What is sold, as a catalog knows it today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.purchases._line import Line
from relex.purchases._stated import Number, pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.purchases._discount import Discount

__all__ = ["Product"]

_TEXT_OR_NONE = _checks.optional(_checks.text)


def _tastes(values: Iterable[tuple[str, str]] | Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return pairs("Product.tastes", values)


def _attributes(values: Iterable[tuple[str, str]] | Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return pairs("Product.attributes", values)


@tagged("purchases.Product")
@attrs.frozen(weakref_slot=False)
class Product:
    """An article of a catalog; `line` copies what a sale needs to remember of it.

    Attributes:
        id: Of the article.
        name: For people.
        category: A path such as `drinks/coffee`.
        brand: Brand or maker.
        tastes: Sorted (name, value) pairs such as color, pattern, style, size, flavor.
        attributes: Anything else, as sorted (name, value) pairs.

    Example:
        >>> latte = Product("latte", name="Latte", category="drinks/coffee", tastes={"flavor": "vanilla"})
        >>> latte.line(1, 2, unit_price="4.50").category
        'drinks/coffee'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    name: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    category: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    brand: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    tastes: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_tastes, kw_only=True)
    attributes: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_attributes, kw_only=True)

    def line(
        self,
        number: int,
        quantity: Number,
        *,
        unit_price: Number | None = None,
        gross: Number | None = None,
        discounts: Iterable[Discount] = (),
        tax_rate: Number | None = None,
        tags: Iterable[str] = (),
        kind: str = "goods",
    ) -> Line:
        """A line of this product, with its category, brand and tastes as they are now.

        Raises:
            InvalidValue: As `Line`.

        .. versionadded:: 0.1.0
        """
        return Line(
            number,
            self.id,
            quantity,
            unit_price=unit_price,
            gross=gross,
            discounts=discounts,
            tax_rate=tax_rate,
            category=self.category,
            brand=self.brand,
            tags=tags,
            tastes=self.tastes,
            kind=kind,
        )
