"""From what a sale states to what it amounts to, in whole minor units.

Theory of operation. A purchase states prices, discounts, rates and charges; everything else is computed here, once,
as tuples of ints (minor units of the currency) aligned to the lines. The order is that of every till:

1. line gross = quantity x unit price, or the gross as stated;
2. the discounts of the line, one after the other, each on what remains;
3. the discounts of the purchase on the sum of what remains, each shared out to the lines by what remains of them;
4. tax, on top (exclusive) or taken out (inclusive); then net = what remains, without tax;
5. charges and their tax, apart from merchandise.

Two roundings exist in law and differ. `line`: each figure above is rounded half-up when it is made, an order percent
once before it is shared out. `total`: everything stays an exact Fraction, and the sum of each rate is rounded once at
the end (the discount is the gross less what remains, so that the gross is not rounded twice); the rounded sums are then
shared out to the lines by their exact figures, so the lines still add up.
In both, gross = net + discount (+ tax where prices include it), line by line, to the last minor unit.

Decimals are only touched through a context of this module, so the caller's precision does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from relex.errors import InvalidValue
from relex.money import allocate, minor_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relex.purchases._discount import Discount
    from relex.purchases._line import Line
    from relex.purchases._parts import Charge
    from relex.purchases._purchase import Purchase

__all__ = ["Amounts", "agrees", "amounts_of", "decimals", "exact_sum", "half_up", "less", "minor_of", "spent_on"]


_EXACT = Context(prec=400, traps=[Inexact])
_ZERO = Decimal(0)
_scaleb = _EXACT.scaleb
_multiply = _EXACT.multiply


class Amounts(NamedTuple):
    """The figures of a purchase in minor units; the first four are aligned to its lines, the last two to its charges.

    Attributes:
        gross: Before discounts; contains tax where prices include it.
        discount: Taken off, order discounts included.
        net: Merchandise after all discounts, without tax.
        tax: On the net.
        charged: Charges without tax.
        charge_tax: Tax on the charges.
    """

    gross: tuple[int, ...]
    discount: tuple[int, ...]
    net: tuple[int, ...]
    tax: tuple[int, ...]
    charged: tuple[int, ...]
    charge_tax: tuple[int, ...]


def amounts_of(purchase: Purchase) -> Amounts:
    """All figures of a purchase.

    Raises:
        InvalidValue: For a discount larger than what it applies to.
    """
    if purchase.rounding == "total":
        return _by_total(purchase)
    digits = minor_digits(purchase.currency)
    lines = purchase.lines
    gross = tuple([_gross(line, digits) for line in lines])
    left = gross if _without_discounts(purchase) else _discounted(purchase, gross, digits)
    charged = tuple([minor_of(charge.amount, digits) for charge in purchase.charges])
    tax = _taxes(purchase.tax_mode, lines, left)
    charge_tax = _taxes(purchase.tax_mode, purchase.charges, charged)
    zeros = (0,) * len(lines)
    discount = zeros if left is gross else _less(gross, left)
    if purchase.tax_mode == "inclusive":
        left, charged = _less(left, tax), _less(charged, charge_tax)
    return Amounts(gross, discount, left, tax, charged, charge_tax)


def minor_of(amount: Decimal, digits: int) -> int:
    """An amount in whole minor units, rounded half-up."""
    scaled = _scaleb(amount, digits)
    whole = int(scaled)
    return whole if whole == scaled else int(scaled.to_integral_value(ROUND_HALF_UP))


def decimals(units: Sequence[int], digits: int) -> tuple[Decimal, ...]:
    """Amounts out of minor units."""
    return tuple([_scaleb(unit, -digits) for unit in units])


def half_up(value: Fraction) -> int:
    """The nearest int; half a unit away from zero, for a value of at least 0."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def exact_sum(values: Sequence[int | Decimal]) -> int | Decimal:
    """The sum, whatever the caller's decimal context."""
    total: int | Decimal = 0
    for value in values:
        total = total + value if type(total) is type(value) is int else _EXACT.add(total, value)
    return total


def agrees(line: Line, digits: int) -> bool:
    """Whether a line that states both says the same by gross as by quantity x unit price, exactly or rounded."""
    product, gross = _product(line), line.gross or _ZERO
    return gross == product or _scaleb(gross, digits) == minor_of(product, digits)


def spent_on(figures: Amounts, spent: Sequence[Decimal], digits: int) -> tuple[int, ...]:
    """What remains of the line nets when a part of the total was paid with points or stored value."""
    rest = sum(figures.tax) + sum(figures.charged) + sum(figures.charge_tax)
    whole = sum(figures.net) + rest
    shares = allocate(min(sum([minor_of(amount, digits) for amount in spent]), whole), (*figures.net, rest))
    return _less(figures.net, shares[:-1])


def less(whole: int | Decimal, part: int | Decimal) -> int | Decimal:
    """The difference, whatever the caller's decimal context."""
    return whole - part if type(whole) is type(part) is int else _EXACT.subtract(whole, part)


def _product(line: Line) -> Decimal:
    return _multiply(line.unit_price or _ZERO, line.quantity)


def _gross(line: Line, digits: int) -> int:
    gross = line.gross
    scaled = _scaleb(_product(line) if gross is None else gross, digits)
    whole = int(scaled)
    return whole if whole == scaled else int(scaled.to_integral_value(ROUND_HALF_UP))


def _without_discounts(purchase: Purchase) -> bool:
    return not purchase.discounts and not any(line.discounts for line in purchase.lines)


def _less(whole: Sequence[int], part: Sequence[int]) -> tuple[int, ...]:
    return tuple([a - b for a, b in zip(whole, part, strict=True)])


def _refuse(path: str, discount: Discount) -> NoReturn:
    raise InvalidValue(path, discount, "a discount of at most what it applies to")


def _discounted(purchase: Purchase, gross: Sequence[int], digits: int) -> tuple[int, ...]:
    """What remains of each line after all discounts, each rounded when it is made."""
    left = list(gross)
    for index, line in enumerate(purchase.lines):
        for number, discount in enumerate(line.discounts):
            off = _off(discount, left[index], line.quantity, digits)
            if off > left[index]:
                _refuse(f"Purchase.lines[{index}].discounts[{number}]", discount)
            left[index] -= off
    for number, discount in enumerate(purchase.discounts):
        off = _off(discount, sum(left), 0, digits)
        if off > sum(left):
            _refuse(f"Purchase.discounts[{number}]", discount)
        left = list(_less(left, allocate(off, left)))
    return tuple(left)


def _off(discount: Discount, base: int, quantity: int | Decimal, digits: int) -> int:
    if discount.amount is not None:
        return minor_of(discount.amount, digits)
    if discount.per_unit is not None:
        return minor_of(_multiply(discount.per_unit, quantity), digits)
    return minor_of(_multiply(discount.percent or _ZERO, base), -2)


def _taxes(mode: str, parts: Sequence[Line | Charge], left: Sequence[int]) -> tuple[int, ...]:
    """The rounded tax on, or in, each amount."""
    if mode == "none" or not any(part.tax_rate for part in parts):
        return (0,) * len(parts)
    return tuple([half_up(_tax(mode, part.tax_rate, base)) for part, base in zip(parts, left, strict=True)])


def _tax(mode: str, rate: Decimal | None, base: int | Fraction) -> Fraction:
    share = Fraction(rate or 0)
    return base * share / (1 + share) if mode == "inclusive" else base * share


class _Item(NamedTuple):
    """A line or a charge while everything is exact, in minor units."""

    rate: Decimal
    off: Fraction
    left: Fraction
    tax: Fraction


def _by_total(purchase: Purchase) -> Amounts:
    """All figures with one rounding for each tax rate."""
    digits, mode = minor_digits(purchase.currency), purchase.tax_mode
    gross = [_exact_gross(line, digits) for line in purchase.lines]
    left = _exactly_discounted(purchase, gross, digits)
    items = [
        _item(mode, line.tax_rate, before, after)
        for line, before, after in zip(purchase.lines, gross, left, strict=True)
    ]
    for charge in purchase.charges:
        amount = _fraction(charge.amount, digits)
        items.append(_item(mode, charge.tax_rate, amount, amount))
    found = [(0, 0, 0)] * len(items)
    together: defaultdict[Decimal, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        together[item.rate].append(index)
    for indices in together.values():
        rows = _rounded_together(mode, [items[index] for index in indices])
        for index, row in zip(indices, rows, strict=True):
            found[index] = row
    return _assembled(mode, found, len(purchase.lines))


def _rounded_together(mode: str, items: Sequence[_Item]) -> list[tuple[int, int, int]]:
    """Discount, net and tax of the items of one rate: each sum rounded once and shared out by the exact figures."""
    left, tax, offs = [item.left for item in items], [item.tax for item in items], [item.off for item in items]
    taxed, remains = half_up(sum(tax, Fraction(0))), half_up(sum(left, Fraction(0)))
    kept = remains - (taxed if mode == "inclusive" else 0)
    nets = [item.left - item.tax for item in items] if mode == "inclusive" else left
    # A discount and what remains may both end in half a unit; rounding both up would make the gross a unit too large.
    off = half_up(sum(left, Fraction(0)) + sum(offs, Fraction(0))) - remains
    return list(zip(allocate(off, offs), allocate(kept, nets), allocate(taxed, tax), strict=True))


def _assembled(mode: str, rows: Sequence[tuple[int, int, int]], lines: int) -> Amounts:
    discount, net, tax = (tuple(column) for column in zip(*rows, strict=True))
    inside = tax if mode == "inclusive" else (0,) * len(rows)
    gross = tuple([sum(parts) for parts in zip(discount, net, inside, strict=True)])
    return Amounts(gross[:lines], discount[:lines], net[:lines], tax[:lines], net[lines:], tax[lines:])


def _item(mode: str, rate: Decimal | None, before: Fraction, after: Fraction) -> _Item:
    tax = Fraction(0) if mode == "none" else _tax(mode, rate, after)
    return _Item(Decimal(0) if rate is None or mode == "none" else rate, before - after, after, tax)


def _exact_gross(line: Line, digits: int) -> Fraction:
    return _fraction(_product(line) if line.gross is None else line.gross, digits)


def _exactly_discounted(purchase: Purchase, gross: Sequence[Fraction], digits: int) -> list[Fraction]:
    left = list(gross)
    for index, line in enumerate(purchase.lines):
        for number, discount in enumerate(line.discounts):
            off = _exact_off(discount, left[index], line.quantity, digits)
            if off > left[index]:
                _refuse(f"Purchase.lines[{index}].discounts[{number}]", discount)
            left[index] -= off
    for number, discount in enumerate(purchase.discounts):
        whole = sum(left, Fraction(0))
        off = _exact_off(discount, whole, 0, digits)
        if off > whole:
            _refuse(f"Purchase.discounts[{number}]", discount)
        left = [amount * (whole - off) / whole for amount in left] if whole else left
    return left


def _exact_off(discount: Discount, base: Fraction, quantity: int | Decimal, digits: int) -> Fraction:
    if discount.amount is not None:
        return _fraction(discount.amount, digits)
    if discount.per_unit is not None:
        return _fraction(_multiply(discount.per_unit, quantity), digits)
    return base * Fraction(discount.percent or 0) / 100


def _fraction(amount: Decimal, digits: int) -> Fraction:
    return Fraction(_scaleb(amount, digits))
