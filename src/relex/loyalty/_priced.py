"""The answer of pricing: what each line costs and why, what is given, what is left to pay."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import note, table, text
from relex._trusted import trusted
from relex.errors import NotFound
from relex.money import Money
from relex.purchases import Discount, Line, Payment, Purchase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.loyalty._limits import PromotionUse

__all__ = [
    "AppliedPromotion",
    "FreeUnits",
    "LineDiscount",
    "PricedBasket",
    "PricedLine",
    "applied_of",
    "discount_of",
    "priced_line",
    "without",
]


@attrs.frozen(kw_only=True, weakref_slot=False)
class LineDiscount:
    """What one promotion takes off one line.

    Attributes:
        promotion: Its id.
        amount: Above 0.
        units: The quantity that it was for.

    .. versionadded:: 0.1.0
    """

    promotion: str
    amount: Money
    units: int | Decimal | Fraction


@attrs.frozen(kw_only=True, weakref_slot=False)
class PricedLine:
    """One line of a basket.

    Attributes:
        number: Of the line.
        product: Id of the product.
        quantity: How much of it.
        listed: Before all discounts.
        stated: What the basket itself states to be off.
        discounts: What promotions take off, in the order in which they were applied.
        net: What the line costs: `listed` less `stated` less the discounts.

    .. versionadded:: 0.1.0
    """

    number: int
    product: str
    quantity: int | Decimal
    listed: Money
    stated: Money
    discounts: tuple[LineDiscount, ...]
    net: Money


@attrs.frozen(kw_only=True, weakref_slot=False)
class FreeUnits:
    """A gift.

    Attributes:
        promotion: Id of the promotion.
        product: Id of what is given.
        quantity: How many units.

    .. versionadded:: 0.1.0
    """

    promotion: str
    product: str
    quantity: int


@attrs.frozen(kw_only=True, weakref_slot=False)
class AppliedPromotion:
    """A promotion or voucher that took something off, or gave something.

    Attributes:
        promotion: Its id.
        amount: What it took off in all.
        units: The quantity that it was for, or of the gift.
        cut: Whether a limit left less than it would have given.

    .. versionadded:: 0.1.0
    """

    promotion: str
    amount: Money
    units: int | Decimal | Fraction
    cut: bool = False

    def __str__(self) -> str:
        return f"{self.promotion}: {self.amount} off {self.units}{', cut by a limit' if self.cut else ''}"


priced_line, discount_of, applied_of = trusted(PricedLine), trusted(LineDiscount), trusted(AppliedPromotion)


@attrs.frozen(kw_only=True, weakref_slot=False)
class PricedBasket:
    """What a basket costs, and why; made by `price`.

    Attributes:
        basket: As it was given.
        at: The moment by which it was priced.
        lines: What each costs.
        gifts: What comes with it for nothing.
        applied: What was applied, in its order.
        refused: (id, reason) of every other promotion and voucher, by id: `not_in_force`, `not_matched`,
            `unknown:<fact>`, `below_minimum`, `no_whole_set`, `nothing` (there was nothing to take off), `capped`,
            `better_applied`, `shut_out_by:<id>`.
        tenders: Points and stored value that pay a part of it.
        uses: What it uses of promotions; keep them for the customer's next basket.
        draws: (id, how much) of each shared budget that it draws from.

    .. versionadded:: 0.1.0
    """

    basket: Purchase
    at: datetime
    lines: tuple[PricedLine, ...]
    gifts: tuple[FreeUnits, ...]
    applied: tuple[AppliedPromotion, ...]
    refused: tuple[tuple[str, str], ...]
    tenders: tuple[Payment, ...]
    uses: tuple[PromotionUse, ...]
    draws: tuple[tuple[str, int | Fraction | Money], ...]

    @property
    def listed(self) -> Money:
        """Sum of the lines before all discounts."""
        return Money.sum([line.listed for line in self.lines])

    @property
    def discount(self) -> Money:
        """All that is off."""
        return self.listed - self.total

    @property
    def total(self) -> Money:
        """Sum of what the lines cost, in prices as the basket states them: with or without tax."""
        return Money.sum([line.net for line in self.lines])

    @property
    def payable(self) -> Money:
        """The total with the charges of the basket, and with tax where that comes on top."""
        basket = self.basket
        taxed = basket.tax_mode == "exclusive" and any(line.tax_rate for line in basket.lines)
        return self.to_purchase().total if taxed or basket.charges else self.total

    @property
    def due(self) -> Money:
        """What is left to pay after points, stored value and whatever the basket says is paid."""
        payments = (*self.basket.payments, *self.tenders)
        spent = sum([Fraction(payment.amount) for payment in payments], Fraction(0))
        return Money.rounded(max(Fraction(0), Fraction(self.payable.amount) - spent), self.basket.currency)

    def why(self, promotion: str) -> str | None:
        """Why a promotion or voucher was not applied; None when it was.

        Raises:
            NotFound: When it was not among those that were priced.

        .. versionadded:: 0.1.0
        """
        if any(each.promotion == promotion for each in self.applied):
            return None
        found = dict(self.refused).get(promotion)
        if found is None:
            raise NotFound("Promotion", promotion)
        return found

    def pay(self, *tenders: Payment) -> PricedBasket:
        """The same basket with a part of it paid: points first, then the others in their order, none beyond the due.

        A payment is no discount: no price changes.

        Raises:
            InvalidValue: For anything but a Payment.

        Example:
            >>> from datetime import UTC, datetime
            >>> from relex.loyalty import PercentOff, Promotion, price
            >>> at = datetime(2026, 5, 1, tzinfo=UTC)
            >>> basket = Purchase("b1", at=at, currency="EUR", lines=[Line(1, "coat", 1, unit_price="100.00")])
            >>> priced = price(basket, [Promotion("may", PercentOff(10))], at=at)
            >>> print(priced.due, priced.pay(Payment("gift_card", "50.00")).due)
            90.00 EUR 40.00 EUR

        .. versionadded:: 0.1.0
        """
        return attrs.evolve(self, tenders=(*self.tenders, *_paid(tenders, self.due)))

    def to_purchase(self, *, id: str | None = None, at: datetime | None = None) -> Purchase:  # noqa: A002 - as Purchase
        """The sale: the basket with its discounts, gifts and payments, ready to be recorded and to earn.

        Each discount stands on its line, with the id of the promotion as its code. Gifts are lines at 0 of the kind
        `gift`, numbered on.

        Args:
            id: Of the sale; by default that of the basket.
            at: When it happens; by default as the basket says.

        .. versionadded:: 0.1.0
        """
        basket = self.basket
        fixed = basket.rounding == "total" and bool(self.applied)
        lines = [
            _sold(_fixed(line, priced) if fixed else line, priced)
            for line, priced in zip(basket.lines, self.lines, strict=True)
        ]
        number = max(line.number for line in lines)
        for place, gift in enumerate(self.gifts):
            lines.append(_given(gift, number + place + 1, basket.lines))
        return attrs.evolve(
            basket,
            id=basket.id if id is None else id,
            at=basket.at if at is None else at,
            lines=tuple(lines),
            payments=(*basket.payments, *self.tenders),
        )

    def __str__(self) -> str:
        found = [f"{line.quantity} {line.product}: {line.net}{_off(line)}" for line in self.lines]
        found += [f"{gift.quantity} {gift.product}: free ({gift.promotion})" for gift in self.gifts]
        found.append(f"total: {self.total}")
        found += [f"{tender.kind}: {Money(-tender.amount, self.basket.currency)}" for tender in self.tenders]
        found.append(f"due: {self.due}")
        found += [f"not {promotion}: {reason}" for promotion, reason in self.refused]
        return "\n".join(found)

    def _repr_html_(self) -> str:
        rows: list[tuple[object, ...]] = [
            (line.number, line.product, line.quantity, line.listed, _off(line).strip(), line.net) for line in self.lines
        ]
        rows += [("", gift.product, gift.quantity, "", f"free ({gift.promotion})", "") for gift in self.gifts]
        rows.append(("", "total", "", self.listed, "", self.total))
        rows += [("", tender.kind, "", "", "", Money(-tender.amount, self.basket.currency)) for tender in self.tenders]
        rows.append(("", "due", "", "", "", self.due))
        shown = table(f"Basket {self.basket.id}, due {text(self.due)}", _TITLES, rows)
        return shown + "".join([note(f"not {promotion}: {reason}") for promotion, reason in self.refused])


def without(priced: PricedBasket, promotion: str) -> PricedBasket:
    """A priced basket as it is without what one promotion took off or gave; what others did stays."""
    lines = []
    for line in priced.lines:
        off = [each.amount for each in line.discounts if each.promotion == promotion]
        kept = tuple([each for each in line.discounts if each.promotion != promotion])
        lines.append(attrs.evolve(line, discounts=kept, net=Money.sum([line.net, *off])))
    return attrs.evolve(
        priced,
        lines=tuple(lines),
        gifts=tuple([gift for gift in priced.gifts if gift.promotion != promotion]),
        applied=tuple([each for each in priced.applied if each.promotion != promotion]),
    )


_TITLES = ("", "product", "quantity", "list", "discounts", "net")


def _off(line: PricedLine) -> str:
    stated = [f"{line.stated} stated"] if line.stated else []
    parts = stated + [f"{each.amount} {each.promotion}" for each in line.discounts]
    return f" ({line.listed} less {', '.join(parts)})" if parts else ""


def _sold(line: Line, priced: PricedLine) -> Line:
    if not priced.discounts:
        return line
    own = [Discount(amount=each.amount.amount, code=each.promotion) for each in priced.discounts]
    return attrs.evolve(line, discounts=(*line.discounts, *own))


def _fixed(line: Line, priced: PricedLine) -> Line:
    """A line that states its amounts as they were priced: what is rounded in total is whole in no line by itself."""
    listed, stated = priced.listed.amount, priced.stated.amount
    code = line.discounts[0].code if len(line.discounts) == 1 else None
    whole = line.unit_price is not None and Fraction(line.unit_price) * Fraction(line.quantity) == Fraction(listed)
    return attrs.evolve(
        line,
        unit_price=line.unit_price if whole else None,
        gross=listed,
        discounts=(Discount(amount=stated, code=code),) if stated else (),
    )


def _given(gift: FreeUnits, number: int, lines: Iterable[Line]) -> Line:
    """A gift as a line; what is known of the product is taken from a line of the basket that has it."""
    like = next((line for line in lines if line.product == gift.product), None)
    if like is None:
        return Line(number, gift.product, gift.quantity, unit_price=0, kind="gift")
    return Line(
        number, gift.product, gift.quantity, unit_price=0, kind="gift",
        category=like.category, brand=like.brand, tags=like.tags, tastes=like.tastes,
    )  # fmt: skip


def _paid(tenders: Iterable[Payment], due: Money) -> tuple[Payment, ...]:
    """What of these payments is taken: points first, then the others in their order, none beyond what is due."""
    left = Decimal(due.amount)
    found = []
    for tender in sorted(_payments(tenders), key=lambda tender: tender.kind != "points"):
        amount = min(tender.amount, left)
        if amount:
            found.append(Payment(tender.kind, amount))
            left -= amount
    return tuple(found)


def _payments(tenders: Iterable[Payment]) -> tuple[Payment, ...]:
    found: tuple[Payment, ...] = _checks.items("tenders", tenders)
    for place, tender in enumerate(found):
        _checks.a(Payment).require(f"tenders[{place}]", tender)
    return found
