"""What a quote amounts to: every step from the list price to the total, of each line and of the whole.

Theory of operation. Everything is an exact fraction until the policy says to round.

1. `list`, `schedule`, `contract`, `line_discount` are what each line states.
2. `document_discount`: a percent of every line's remaining net; an amount in whole minor units, shared out to the lines
   by what remains of them (credits take no share, and no line falls below zero), so that the tax of each line stays
   right. Only where an amount takes more than all whole minor units, the rest comes out of the fractions.
3. `net` is a rounding: with `line` of each line, with `total` of the sum.
4. `tax` is rounded for each line, or once for each rate.
5. `total` = net + tax; the step only changes something where the policy shows no total below zero.

The changes of the steps add up to the last amount. With `total`, the lines are exact in their steps, and as money they
are shares of the rounded sums, so that they always add up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.money import Money, Rounding, allocate, minor_digits
from relex.pipeline._fitting import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from relex.pipeline._quote_lines import QuoteLine
    from relex.purchases import Discount

__all__ = ["LinePrice", "PriceStep", "QuotePrice", "QuoteRounding", "priced"]

STEPS = ("list", "schedule", "contract", "line_discount", "document_discount", "net", "tax", "total")
_ZERO = Fraction(0)
_HUNDRED = 100


@tagged("pipeline.QuoteRounding")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteRounding:
    """Where and how the amounts of a quote are rounded to minor units of the currency.

    Attributes:
        point: `line`: each line's net after all discounts, then each line's tax; sums are sums. `total`: the net once,
            and the tax once for each rate.
        mode: `Rounding.HALF_UP` (away from zero on a tie) or `Rounding.HALF_EVEN`.
        floor: `none`: a total below zero stays; `zero`: it is shown as 0.

    .. versionadded:: 0.1.0
    """

    point: str = attrs.field(default="line", validator=_checks.one_of("line", "total"))
    mode: Rounding = attrs.field(
        default=Rounding.HALF_UP, validator=_checks.one_of(Rounding.HALF_UP, Rounding.HALF_EVEN)
    )
    floor: str = attrs.field(default="none", validator=_checks.one_of("none", "zero"))


@attrs.frozen(weakref_slot=False)
class PriceStep:
    """One step on the way from the list price to the total.

    Attributes:
        name: `list`, `schedule`, `contract`, `line_discount`, `document_discount`, `net`, `tax` or `total`.
        change: What it adds, negative for what it takes off; exact, in units of the currency.
        amount: What there is after it; exact.
        currency: Of both.

    .. versionadded:: 0.1.0
    """

    name: str
    change: Fraction
    amount: Fraction
    currency: str

    def __str__(self) -> str:
        change, amount = (Money.rounded(each, self.currency) for each in (self.change, self.amount))
        return f"{self.name} {change.amount:+} = {amount}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Waterfall:
    """The way from the list price to the total; made as a `LinePrice` or a `QuotePrice`.

    Attributes:
        amounts: What there is after each step; exact, in units of the currency.
        net: After all discounts, without tax.
        tax: On the net.
    """

    amounts: tuple[Fraction, ...]
    net: Money
    tax: Money

    @property
    def steps(self) -> tuple[PriceStep, ...]:
        """From the list price to the total."""
        rows = zip(STEPS, (_ZERO, *self.amounts[:-1]), self.amounts, strict=True)
        return tuple(PriceStep(name, amount - before, amount, self.net.currency) for name, before, amount in rows)

    def step(self, name: str) -> PriceStep:
        """A step by its name.

        Raises:
            InvalidValue: For another name.

        .. versionadded:: 0.1.0
        """
        _NAME.require("step.name", name)
        return self.steps[STEPS.index(name)]

    @property
    def listed(self) -> Money:
        """What it amounts to by list, rounded half-up."""
        return Money.rounded(self.amounts[0], self.net.currency)

    @property
    def left(self) -> Fraction:
        """What is left after all discounts; exact."""
        return self.amounts[_LEFT]

    @property
    def discount_percent(self) -> Fraction | None:
        """100 (1 - net / list), before rounding; None where the list price is 0."""
        listed = self.amounts[0]
        return _HUNDRED * (1 - self.left / listed) if listed else None


@attrs.frozen(kw_only=True, weakref_slot=False)
class LinePrice(Waterfall):
    """What one line of a quote amounts to.

    Attributes:
        number: Of the line.
        amounts: What there is after each step; exact, in units of the currency.
        net: After all discounts, without tax; rounded, or its share of the rounded sum.
        tax: On the net; rounded, or its share of the rounded tax of its rate.

    .. versionadded:: 0.1.0
    """

    number: int

    @property
    def total(self) -> Money:
        """Net and tax."""
        return self.net + self.tax


@attrs.frozen(kw_only=True, weakref_slot=False)
class QuotePrice(Waterfall):
    """What a quote amounts to.

    Attributes:
        lines: In the order of the quote; net and tax add up to those of the quote.
        amounts: What there is after each step, of all lines together; exact, in units of the currency.
        net: Without tax.
        tax: On the net.
        total: What is to be paid.
        taxes: (rate, tax) of each rate, lowest first.

    .. versionadded:: 0.1.0
    """

    lines: tuple[LinePrice, ...]
    total: Money
    taxes: tuple[tuple[Decimal, Money], ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.steps))


_NAME = _checks.one_of(*STEPS)
_LEFT = STEPS.index("document_discount")


def priced(
    lines: Sequence[QuoteLine], discounts: Sequence[Discount], currency: str, rounding: QuoteRounding
) -> QuotePrice:
    """All amounts of a quote.

    Raises:
        InvalidValue: For a discount of the quote that is larger than what it applies to, or an amount that is not whole
            in minor units.
    """
    scale = 10 ** minor_digits(currency)
    stated = [line.amounts for line in lines]
    left = _shared([each[-1] for each in stated], discounts, currency)
    amounts = [(*each, last) for each, last in zip(stated, left, strict=True)]
    exact = [each[-1] * scale for each in amounts]
    rates = [Fraction(line.tax_rate or 0) for line in lines]
    settle = _by_line if rounding.point == "line" else _by_total
    nets, taxes = settle(exact, rates, rounding.mode)
    found = [
        _line(line, before, net, tax, currency, rounding.point)
        for line, before, net, tax in zip(lines, amounts, nets, taxes, strict=True)
    ]
    net, tax = sum(nets), sum(taxes)
    total = max(net + tax, 0) if rounding.floor == "zero" else net + tax
    sums = [sum((each[place] for each in amounts), _ZERO) for place in range(len(STEPS) - 3)]
    ends = [Fraction(units, scale) for units in (net, net + tax, total)]
    return QuotePrice(
        lines=tuple(found),
        amounts=(*sums, *ends),
        net=Money.of_minor(net, currency),
        tax=Money.of_minor(tax, currency),
        total=Money.of_minor(total, currency),
        taxes=_of_rates(lines, taxes, currency),
    )


def _shared(left: list[Fraction], discounts: Sequence[Discount], currency: str) -> list[Fraction]:
    """What remains of each line after the discounts of the quote."""
    for place, discount in enumerate(discounts):
        if discount.percent is not None:
            left = [each * (1 - Fraction(discount.percent) / _HUNDRED) for each in left]
        else:
            left = _less(left, discount, currency, f"Quote.discounts[{place}]")
    return left


def _less(left: list[Fraction], discount: Discount, currency: str, path: str) -> list[Fraction]:
    scale = 10 ** minor_digits(currency)
    units = Fraction(discount.amount or 0) * scale
    if units.denominator != 1:
        raise InvalidValue(path, discount, "an amount that is whole in minor units")
    most = math.floor(max(sum(left, _ZERO), _ZERO) * scale)
    if units > most:
        expected = f"an amount of at most what it applies to, {Money.of_minor(most, currency)}"
        raise InvalidValue(path, discount, expected)
    shares = _capped(int(units), [max(each, _ZERO) * scale for each in left])
    return [each - share / scale for each, share in zip(left, shares, strict=True)]


def _capped(units: int, held: list[Fraction]) -> list[Fraction]:
    """Shares of an amount in proportion to what lines hold in minor units: whole, and none above what its line holds.

    What the whole units of the lines are too few for comes out of what they hold beyond them.
    """
    whole = [math.floor(each) for each in held]
    if units >= sum(whole):
        rest, beyond = units - sum(whole), sum(held, _ZERO) - sum(whole)
        part = rest / beyond if rest else _ZERO
        return [each + (all_of_it - each) * part for each, all_of_it in zip(whole, held, strict=True)]
    shares = [min(share, most) for share, most in zip(allocate(units, held), whole, strict=True)]
    more = allocate(units - sum(shares), [most - share for share, most in zip(shares, whole, strict=True)])
    return [Fraction(share + extra) for share, extra in zip(shares, more, strict=True)]


def _by_line(exact: Sequence[Fraction], rates: Sequence[Fraction], mode: Rounding) -> tuple[list[int], list[int]]:
    nets = [mode.apply(each) for each in exact]
    return nets, [mode.apply(net * rate) for net, rate in zip(nets, rates, strict=True)]


def _by_total(exact: Sequence[Fraction], rates: Sequence[Fraction], mode: Rounding) -> tuple[list[int], list[int]]:
    taxes = [0] * len(exact)
    together: defaultdict[Fraction, list[int]] = defaultdict(list)
    for place, rate in enumerate(rates):
        together[rate].append(place)
    for rate, places in together.items():
        for place, share in zip(places, _rounded([exact[each] * rate for each in places], mode), strict=True):
            taxes[place] = share
    return _rounded(exact, mode), taxes


def _rounded(exact: Sequence[Fraction], mode: Rounding) -> list[int]:
    return fitted(exact, mode.apply(sum(exact, _ZERO)))


def _line(line: QuoteLine, amounts: tuple[Fraction, ...], net: int, tax: int, currency: str, point: str) -> LinePrice:
    money = Money.of_minor(net, currency), Money.of_minor(tax, currency)
    if point == "line":
        ends = [Fraction(each.amount) for each in (money[0], money[0] + money[1])]
    else:
        ends = [amounts[-1], amounts[-1] * (1 + Fraction(line.tax_rate or 0))]
    return LinePrice(number=line.number, amounts=(*amounts, *ends, ends[-1]), net=money[0], tax=money[1])


def _of_rates(lines: Sequence[QuoteLine], taxes: Sequence[int], currency: str) -> tuple[tuple[Decimal, Money], ...]:
    found: defaultdict[Decimal, int] = defaultdict(int)
    for line, tax in zip(lines, taxes, strict=True):
        if line.tax_rate is not None:
            found[line.tax_rate] += tax
    return tuple(sorted((rate, Money.of_minor(tax, currency)) for rate, tax in found.items()))
