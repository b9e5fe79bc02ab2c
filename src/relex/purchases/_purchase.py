"""A sale: what was sold, to whom, when, and what it amounts to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex._trusted import trusted
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.money import Money, minor_digits
from relex.purchases._amounts import Amounts, agrees, amounts_of, decimals, exact_sum, spent_on
from relex.purchases._discount import Discount
from relex.purchases._html import purchase_html
from relex.purchases._line import Line
from relex.purchases._parts import Charge, Payment
from relex.purchases._returns import Return, return_lines
from relex.purchases._settling import taken_back
from relex.purchases._stated import Number, pairs, parts
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LineAmounts", "Purchase"]

_MODES = ("exclusive", "inclusive", "none")
_ROUNDINGS = ("line", "total")
_STORED_VALUE = frozenset({"gift_card", "points", "stored_value"})


def _lines(values: Iterable[Line]) -> tuple[Line, ...]:
    return parts("Purchase.lines", values, Line)


def _discounts(values: Iterable[Discount]) -> tuple[Discount, ...]:
    return parts("Purchase.discounts", values, Discount) if values != () else ()


def _charges(values: Iterable[Charge]) -> tuple[Charge, ...]:
    return parts("Purchase.charges", values, Charge) if values != () else ()


def _payments(values: Iterable[Payment]) -> tuple[Payment, ...]:
    return parts("Purchase.payments", values, Payment) if values != () else ()


def _identifiers(values: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return pairs("Purchase.identifiers", values) if values != () else ()


@attrs.frozen(kw_only=True, weakref_slot=False)
class LineAmounts:
    """What one line of a purchase amounts to.

    Attributes:
        number: Of the line.
        gross: Before discounts.
        discount: Of the line, and its share of the order discounts.
        net: After discounts, without tax.
        tax: On the net.
        paid: The net less its share of points and stored value spent.

    .. versionadded:: 0.1.0
    """

    number: int
    gross: Money
    discount: Money
    net: Money
    tax: Money
    paid: Money


_line_amounts = trusted(LineAmounts)


@tagged("purchases.Purchase")
@attrs.frozen(weakref_slot=False)
class Purchase:
    """One sale in one currency: an entry, immutable and idempotent by id.

    It states prices, discounts, rates and charges. Gross, discount, net, tax and total are computed from them once,
    when they are first asked for; at once where there are discounts, since one may be too large.

    Attributes:
        id: Of the sale; the same id with the same content is the same sale.
        customer: Id of the customer; None is an anonymous sale, which a `Claim` may give to somebody later.
        at: When it happened; aware.
        currency: Of all its amounts.
        lines: At least one; numbers are unique.
        discounts: Of the whole purchase, one after the other, shared out to the lines by what remains of them.
        charges: Freight and fees, apart from merchandise.
        payments: How it was paid.
        tax_mode: `exclusive` (tax comes on top), `inclusive` (prices contain it), `none` (rates are not looked at).
        rounding: `line` (each figure half-up to the minor unit) or `total` (exact, rounded once for each tax rate).
        channel: Such as `web`.
        store: Id of the place.
        recorded_at: When it became known; None means at once.
        identifiers: Sorted (kind, value) pairs that were seen with it: a card, a cookie.
        fact_schema: The facts of every purchase and of its lines.

    Raises:
        InvalidValue: For a wrong type, a naive datetime, no line, a line number twice, or a discount larger than what
            it applies to.

    Example:
        >>> from datetime import datetime, timezone
        >>> sale = Purchase(
        ...     "p1",
        ...     customer="c1",
        ...     at=datetime(2026, 5, 1, 9, tzinfo=timezone.utc),
        ...     currency="USD",
        ...     lines=[Line(1, "latte", 2, unit_price="4.50"), Line(2, "muffin", 1, gross="3.25")],
        ...     discounts=[Discount(percent=10)],
        ... )
        >>> print(sale.gross, sale.discount, sale.net)
        12.25 USD 1.23 USD 11.02 USD

    .. versionadded:: 0.1.0
    """

    id: str
    at: datetime = attrs.field(kw_only=True, eq=moment)
    currency: str = attrs.field(kw_only=True)
    lines: tuple[Line, ...] = attrs.field(converter=_lines, kw_only=True)
    customer: str | None = attrs.field(default=None, kw_only=True)
    discounts: tuple[Discount, ...] = attrs.field(default=(), converter=_discounts, kw_only=True)
    charges: tuple[Charge, ...] = attrs.field(default=(), converter=_charges, kw_only=True)
    payments: tuple[Payment, ...] = attrs.field(default=(), converter=_payments, kw_only=True)
    tax_mode: str = attrs.field(default="exclusive", kw_only=True)
    rounding: str = attrs.field(default="line", kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)
    store: str | None = attrs.field(default=None, kw_only=True)
    recorded_at: datetime | None = attrs.field(default=None, kw_only=True, eq=moment_or_none)
    identifiers: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_identifiers, kw_only=True)
    _amounts: Amounts | None = attrs.field(default=None, init=False, eq=False, repr=False)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "at": datetime,
            "channel": str,
            "currency": str,
            "customer": str,
            "discount": Decimal,
            "gross": Decimal,
            "id": str,
            "items": int,
            "kind": str,
            "net": Decimal,
            "quantity": Decimal,
            "store": str,
            "tax": Decimal,
            "total": Decimal,
        },
        children={
            "lines": FactSchema(
                {
                    "line.brand": str,
                    "line.category": str,
                    "line.kind": str,
                    "line.list": Decimal,
                    "line.net": Decimal,
                    "line.number": int,
                    "line.paid": Decimal,
                    "line.product": str,
                    "line.quantity": Decimal,
                    "line.tags": tuple,
                    "line.unit_price": Decimal,
                },
                open=("taste.",),
            )
        },
    )

    def __attrs_post_init__(self) -> None:
        """Check all fields in one pass, and the discounts against what they apply to."""
        _checks.text.require("Purchase.id", self.id)
        _checks.instant.require("Purchase.at", self.at)
        digits = _digits(self.currency)
        _check_words(self)
        _check_lines(self.lines, digits)
        _check_discounts(self.discounts)
        if self.discounts or any(line.discounts for line in self.lines):
            _ = self.figures

    @property
    def kind(self) -> str:
        """`purchase`, as an occasion that can earn points."""
        return "purchase"

    @property
    def subject(self) -> str | None:
        """Id of the customer, by which purchases are read."""
        return self.customer

    @property
    def figures(self) -> Amounts:
        """Everything computed, in minor units: tuples of ints aligned to the lines and to the charges."""
        found = self._amounts
        if found is None:
            found = amounts_of(self)
            object.__setattr__(self, "_amounts", found)
        return found

    @property
    def gross(self) -> Money:
        """Sum of the line grosses: before discounts; with tax where prices include it."""
        return Money.of_minor(sum(self.figures.gross), self.currency)

    @property
    def discount(self) -> Money:
        """All that was taken off, of lines and of the whole."""
        return Money.of_minor(sum(self.figures.discount), self.currency)

    @property
    def net(self) -> Money:
        """Merchandise after all discounts, without tax and without charges."""
        return Money.of_minor(sum(self.figures.net), self.currency)

    @property
    def tax(self) -> Money:
        """Tax on the net."""
        return Money.of_minor(sum(self.figures.tax), self.currency)

    @property
    def charged(self) -> Money:
        """Sum of the charges, without their tax."""
        return Money.of_minor(sum(self.figures.charged), self.currency)

    @property
    def charge_tax(self) -> Money:
        """Tax on the charges."""
        return Money.of_minor(sum(self.figures.charge_tax), self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid: net + tax + charges + their tax."""
        figures = self.figures
        whole = sum(figures.net) + sum(figures.tax) + sum(figures.charged) + sum(figures.charge_tax)
        return Money.of_minor(whole, self.currency)

    @property
    def line_nets(self) -> tuple[Money, ...]:
        """The net of each line, in the order of `lines`; they add up to `net`."""
        currency = self.currency
        return tuple([Money.of_minor(net, currency) for net in self.figures.net])

    @property
    def line_amounts(self) -> tuple[LineAmounts, ...]:
        """Gross, discount, net, tax and paid of each line, in the order of `lines`."""
        figures, currency = self.figures, self.currency
        rows = zip(figures.gross, figures.discount, figures.net, figures.tax, self._line_paid(), strict=True)
        return tuple(
            _line_amounts(line.number, *[Money.of_minor(amount, currency) for amount in row])
            for line, row in zip(self.lines, rows, strict=True)
        )

    @property
    def quantity(self) -> int | Decimal:
        """Sum of the quantities, whatever they measure."""
        return exact_sum([line.quantity for line in self.lines])

    def _line_paid(self) -> tuple[int, ...]:
        spent = [payment.amount for payment in self.payments if payment.kind in _STORED_VALUE]
        return spent_on(self.figures, spent, minor_digits(self.currency)) if spent else self.figures.net

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names; amounts are Decimals in `currency`.

        `total`, `net`, `gross`, `discount`, `tax`, `currency`, `channel`, `store`, `at`, `customer`, `id`, `kind`,
        `items` (how many lines) and `quantity`. Under `lines`, one mapping for each line: `line.number`, `.product`,
        `.category`, `.brand`, `.tags`, `.kind`, `.quantity`, `.unit_price` (as stated), `.list` (its gross), `.net`,
        `.paid` (the net less points and stored value spent), and `taste.<name>`.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> sale = Purchase("p1", at=day, currency="USD", lines=[Line(1, "latte", 2, unit_price="4.50")])
            >>> sale.facts()["total"], sale.facts()["lines"][0]["line.product"]
            (Decimal('9.00'), 'latte')
        """
        return {
            "kind": "purchase",
            "id": self.id,
            "customer": self.customer,
            "at": self.at,
            "currency": self.currency,
            "channel": self.channel,
            "store": self.store,
            "total": self.total.amount,
            "net": self.net.amount,
            "gross": self.gross.amount,
            "discount": self.discount.amount,
            "tax": self.tax.amount,
            "items": len(self.lines),
            "quantity": self.quantity,
            "lines": self._facts_of_lines(),
        }

    def _facts_of_lines(self) -> tuple[dict[str, Any], ...]:
        figures, paid, digits = self.figures, self._line_paid(), minor_digits(self.currency)
        grosses = decimals(figures.gross, digits)
        nets = grosses if figures.net is figures.gross else decimals(figures.net, digits)
        paids = nets if paid is figures.net else decimals(paid, digits)
        return tuple([_line_facts(*row) for row in zip(self.lines, grosses, nets, paids, strict=True)])

    def _repr_html_(self) -> str:
        return purchase_html(self)

    def take_back(
        self,
        lines: Iterable[tuple[int, Number]] | Mapping[int, Number] | None = None,
        *,
        id: str,  # noqa: A002 - the field's name everywhere in relex
        at: datetime,
        earlier: Iterable[Return] = (),
        reason: str | None = None,
        refunded: Money | None = None,
        recorded_at: datetime | None = None,
    ) -> Return:
        """A return of this purchase that the rules allow, with its merchandise value.

        The value is rounded half-up on the cumulative quantity, so that returns in any steps add up to the net.

        Args:
            lines: (line number, quantity) pairs; None is everything that remains.
            id: Of the return.
            at: When it happens; not before the sale.
            earlier: All returns of this purchase so far.
            reason: Such as `damaged`, `cancelled`.
            refunded: The money that moves, where it is not the value.
            recorded_at: When it became known; None means at once.

        Raises:
            Rejected: `before_purchase`, `unknown_line`, `more_than_remains` (with what remains), `nothing_remains`.
            InvalidValue: For a negative quantity, or an earlier return of another purchase.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> sale = Purchase("p1", at=day, currency="USD", lines=[Line(1, "mug", 3, gross="10.00")])
            >>> one = sale.take_back({1: 1}, id="r1", at=day)
            >>> rest = sale.take_back(id="r2", at=day, earlier=[one])
            >>> print(one.value, rest.value, rest.lines)
            3.33 USD 6.67 USD ((1, 2),)

        .. versionadded:: 0.1.0
        """
        asked = None if lines is None else return_lines(lines)
        allowed, value = taken_back(self, asked, at, earlier)
        return Return(
            id,
            purchase=self.id,
            at=at,
            lines=allowed,
            reason=reason,
            customer=self.customer,
            value=value,
            refunded=refunded,
            recorded_at=recorded_at,
        )


def _digits(currency: str) -> int:
    try:
        return minor_digits(currency)
    except InvalidValue as error:
        raise InvalidValue("Purchase.currency", currency, error.expected) from None


def _check_words(purchase: Purchase) -> None:
    if purchase.tax_mode not in _MODES:
        raise InvalidValue("Purchase.tax_mode", purchase.tax_mode, f"one of {', '.join(_MODES)}")
    if purchase.rounding not in _ROUNDINGS:
        raise InvalidValue("Purchase.rounding", purchase.rounding, f"one of {', '.join(_ROUNDINGS)}")
    for name in ("customer", "channel", "store"):
        value = getattr(purchase, name)
        if value is not None:
            _checks.text.require(f"Purchase.{name}", value)
    if purchase.recorded_at is not None:
        _checks.instant.require("Purchase.recorded_at", purchase.recorded_at)


def _check_lines(lines: tuple[Line, ...], digits: int) -> None:
    if not lines:
        raise InvalidValue("Purchase.lines", lines, "at least one Line")
    if len({line.number for line in lines}) != len(lines):
        raise InvalidValue("Purchase.lines", [line.number for line in lines], "lines with different numbers")
    for index, line in enumerate(lines):
        if line.gross is not None and line.unit_price is not None and not agrees(line, digits):
            raise InvalidValue(f"Purchase.lines[{index}].gross", line.gross, "quantity x unit price, or no unit price")


def _check_discounts(discounts: tuple[Discount, ...]) -> None:
    for index, discount in enumerate(discounts):
        if discount.per_unit is not None:
            raise InvalidValue(f"Purchase.discounts[{index}]", discount, "a percent or an amount; units are of lines")


def _line_facts(line: Line, gross: Decimal, net: Decimal, paid: Decimal) -> dict[str, Any]:
    found: dict[str, Any] = {
        "line.number": line.number,
        "line.product": line.product,
        "line.category": line.category,
        "line.brand": line.brand,
        "line.tags": line.tags,
        "line.kind": line.kind,
        "line.quantity": line.quantity,
        "line.unit_price": line.unit_price,
        "line.list": gross,
        "line.net": net,
        "line.paid": paid,
    }
    for name, value in line.tastes:
        found[f"taste.{name}"] = value
    return found
