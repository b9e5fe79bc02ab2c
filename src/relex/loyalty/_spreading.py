"""What a benefit takes off the units that it is for, in whole minor units that add up.

Theory of operation. Each take has an exact amount that comes off it, a numerator over one denominator. The amounts of a
line are summed and rounded once (`line`), or each unit's by itself (`unit`), or all together (`total`). An amount that
is given once, a limit, and a rounded total are shared out to the lines by what their units come to; and what comes off
a line is shared out to its takes in the same way. Nothing ever takes off more than there is.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import starmap
from math import lcm
from operator import le
from typing import TYPE_CHECKING, NamedTuple

from relex.loyalty._benefits import AmountOff, PercentOff, PriceAt
from relex.money import Leftover, Rounding, allocate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relex.loyalty._units import Take
    from relex.money import Money

__all__ = ["How", "lowered_to", "minor", "taken_off"]

_half_up = Rounding.HALF_UP.divide


class How(NamedTuple):
    """How prices are computed.

    Attributes:
        digits: Decimal places of the currency.
        step: The step of discounts, in minor units.
        round_at: `line`, `unit` or `total`.
        leftover: Who gets what proportions leave over.
        listed: Whether discounts are of list prices, not of current ones.
    """

    digits: int
    step: int
    round_at: str
    leftover: Leftover
    listed: bool


def minor(money: Money, how: How, rounding: Rounding = Rounding.HALF_UP) -> int:
    """An amount in minor units, to the step of discounts."""
    above, below = money.amount.as_integer_ratio()
    return rounding.divide(above * 10**how.digits, below * how.step) * how.step


def _to_step(numerator: int, denominator: int, step: int) -> int:
    return _half_up(numerator, denominator * step) * step


def taken_off(gives: PercentOff | AmountOff | PriceAt, takes: Sequence[Take], how: How) -> list[int]:
    """What comes off each take, in minor units."""
    worth = [take.run.amount for take in takes]
    exact, denominator = _exact(gives, takes, how)
    if how.round_at == "unit" and not _is_shared(gives):
        return _at_most(gives, _by_unit(exact, denominator, takes, how), exact, worth, how)
    places = [take.place for take in takes]
    if len(set(places)) == len(places):
        return _of_lines(gives, exact, denominator, worth, how)
    lines: dict[int, list[int]] = {}
    for number, place in enumerate(places):
        lines.setdefault(place, []).append(number)
    limits = [sum([worth[number] for number in own]) for own in lines.values()]
    sums = [sum([exact[number] for number in own]) for own in lines.values()]
    found = [0] * len(takes)
    for off, own in zip(_of_lines(gives, sums, denominator, limits, how), lines.values(), strict=True):
        parts = _shared_out(off, [exact[number] for number in own], [worth[number] for number in own])
        for number, part in zip(own, parts, strict=True):
            found[number] = part
    return found


def _is_shared(gives: PercentOff | AmountOff | PriceAt) -> bool:
    """Whether an amount is spread, so that no unit has one of its own."""
    return isinstance(gives, AmountOff) and gives.each != "unit"


def _of_lines(
    gives: PercentOff | AmountOff | PriceAt, sums: list[int], denominator: int, limits: list[int], how: How
) -> list[int]:
    """What comes off each line, of which the exact amount and the most are given."""
    if isinstance(gives, AmountOff) and gives.each == "once":
        return _shared(min(minor(gives.amount, how), sum(limits)), sums, limits, how)
    if isinstance(gives, AmountOff) and gives.each == "line":
        most = minor(gives.amount, how)
        return [min(most, limit) for limit in limits]
    if how.round_at == "total":
        total = min(_to_step(sum(sums), denominator, how.step), sum(limits))
        offs = _shared(total, sums, limits, how)
    else:
        offs = [min(_to_step(part, denominator, how.step), limit) for part, limit in zip(sums, limits, strict=True)]
    return _at_most(gives, offs, sums, limits, how)


def _exact(gives: PercentOff | AmountOff | PriceAt, takes: Sequence[Take], how: How) -> tuple[list[int], int]:
    """What comes off each take before rounding, over one denominator; for an amount that is shared, its weight."""
    if isinstance(gives, PercentOff):
        above, below = gives.percent.as_integer_ratio()
        below *= 100
        if how.listed:
            return [min(take.run.listed * above, take.run.amount * below) for take in takes], below
        return [take.run.amount * above for take in takes], below
    if isinstance(gives, AmountOff) and gives.each != "unit":
        return [take.run.listed if how.listed else take.run.amount for take in takes], 1
    money = gives.price if isinstance(gives, PriceAt) else gives.amount
    each = Fraction(money.amount) * 10**how.digits
    amounts = [each * take.run.units * take.run.size for take in takes]
    common = lcm(*[amount.denominator for amount in amounts])
    parts = [amount.numerator * (common // amount.denominator) for amount in amounts]
    pairs = [(take.run.amount * common, part) for take, part in zip(takes, parts, strict=True)]
    return (list(starmap(_above, pairs)) if isinstance(gives, PriceAt) else list(starmap(min, pairs))), common


def _above(amount: int, part: int) -> int:
    return max(0, amount - part)


def _by_unit(exact: Sequence[int], denominator: int, takes: Sequence[Take], how: How) -> list[int]:
    return [
        min(_to_step(part, denominator * take.run.units, how.step) * take.run.units, take.run.amount)
        for part, take in zip(exact, takes, strict=True)
    ]


def _at_most(
    gives: PercentOff | AmountOff | PriceAt, offs: list[int], sums: Sequence[int], limits: Sequence[int], how: How
) -> list[int]:
    if not isinstance(gives, PercentOff) or gives.at_most is None:
        return offs
    most = minor(gives.at_most, how, Rounding.FLOOR)
    return offs if sum(offs) <= most else _shared(most, sums, limits, how)


def lowered_to(most: int, offs: Sequence[int], how: How) -> list[int]:
    """Discounts of so much in all, in the proportions of those given."""
    return _shared(most, offs, offs, how)


def _shared(total: int, weights: Sequence[int], limits: Sequence[int], how: How) -> list[int]:
    """`total` by weights, in steps; no part above its limit."""
    if total == sum(limits):
        return list(limits)
    steps, rest = divmod(total, how.step)
    parts = [part * how.step for part in allocate(steps, weights, how.leftover)]
    return _fitted(parts, limits, rest)


def _shared_out(total: int, weights: Sequence[int], limits: Sequence[int]) -> list[int]:
    return list(limits) if total == sum(limits) else _fitted(list(allocate(total, weights)), limits, 0)


def _fitted(parts: list[int], limits: Sequence[int], over: int) -> list[int]:
    """The parts, what one has above its limit given to the first that have room."""
    if not over and all(map(le, parts, limits)):
        return parts
    found = [min(part, limit) for part, limit in zip(parts, limits, strict=True)]
    over += sum(parts) - sum(found)
    for place, limit in enumerate(limits):
        more = min(over, limit - found[place])
        found[place] += more
        over -= more
    return found
