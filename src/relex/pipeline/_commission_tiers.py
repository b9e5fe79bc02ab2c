"""The tiers of a commission plan, and the one recursion that pays by them.

Theory of operation. E(a) is what an amount earns. Let a lie in tier k, above the bound l of the tier below (0 for the
first); u is the tier's own bound, which belongs to it. Then

- `slice` of r percent: E(a) = E(l) + r (a - l), so only what lies in the tier is paid at its rate;
- `whole` of r percent: E(a) = r a, so reaching the tier pays its rate back to the first unit of money;
- `amount` m: E(a) = E(l) + m (a - l)/(u - l), so m is earned in proportion to how far the tier is filled.

E(l) is asked of the tier below, since l belongs to it. A walk down from tier k therefore lists all that is paid, and
ends at the first `whole` tier that it meets. Everything is a fraction; nothing is rounded here. A negative amount earns
what its opposite earns, negated, so that taking back everything takes back all that was earned.
"""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relex.money import Money

__all__ = ["Commission", "CommissionTier", "TierPart", "pay", "problems_of"]

_PERCENT = _checks.optional(_checks.number(least=0, most=100))
_BOUND = _checks.optional(_checks.number(above=0))
_LEAST = _checks.optional(_checks.number(least=0))
_WAYS = ("slice", "whole", "amount")


@tagged("pipeline.CommissionTier")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CommissionTier:
    """What is paid for amounts up to a bound; exactly one of `slice`, `whole` and `amount` says how.

    Attributes:
        slice: Percent of what lies in the tier; 0 to 100.
        whole: Percent of everything from the first unit of money on; 0 to 100.
        amount: Money in the currency of the plan for the whole tier, earned in proportion to how far it is filled.
        up_to: The upper bound, which belongs to the tier; None for a tier without end. Money in the currency of the
            plan, or percent of the quota where the plan goes by attainment.
        above: The lower bound, for those who want to state it; it has to be the bound of the tier below.

    Raises:
        InvalidValue: For none or two of the three, a percentage outside 0 to 100, a bound of 0 or less, a negative
            amount, or a float.

    Example:
        >>> CommissionTier(slice=5, up_to=100_000).pays, CommissionTier(whole=101)
        Traceback (most recent call last):
            ...
        relex.errors.InvalidValue: CommissionTier.whole: expected an int, Decimal or Fraction of at least 0 and at most 100, or None, got 101

    .. versionadded:: 0.1.0
    """  # noqa: E501 - the message is one line

    slice: int | Decimal | Fraction | None = attrs.field(default=None, validator=_PERCENT)
    whole: int | Decimal | Fraction | None = attrs.field(default=None, validator=_PERCENT)
    amount: int | Decimal | Fraction | None = attrs.field(default=None, validator=_LEAST)
    up_to: int | Decimal | Fraction | None = attrs.field(default=None, validator=_BOUND)
    above: int | Decimal | Fraction | None = attrs.field(default=None, validator=_LEAST)

    def __attrs_post_init__(self) -> None:
        given = tuple(way for way in _WAYS if getattr(self, way) is not None)
        if len(given) != 1:
            raise InvalidValue("CommissionTier", given, f"exactly one of {', '.join(_WAYS)}")

    @property
    def pays(self) -> str:
        """`slice`, `whole` or `amount`."""
        return next(way for way in _WAYS if getattr(self, way) is not None)

    def __str__(self) -> str:
        number = getattr(self, self.pays)
        paid = f"{number} for the tier" if self.amount is not None else f"{number} % of the {self.pays}"
        return f"{paid}, {'without end' if self.up_to is None else f'up to {self.up_to}'}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class TierPart:
    """What one tier holds of an amount, and what it pays for that.

    Attributes:
        tier: Its number, from 1 on.
        amount: How much lies in it, exact; of a `whole` tier everything from 0 on.
        paid: What it pays, exact.

    .. versionadded:: 0.1.0
    """

    tier: int
    amount: Fraction
    paid: Fraction

    def __str__(self) -> str:
        return f"tier {self.tier}: {Figure(self.paid).show()} for {Figure(self.amount).show()}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Commission:
    """What an amount earns, tier by tier.

    Attributes:
        amount: What the commission is for.
        parts: Lowest tier first; they add up to `exact`.
        beyond: What lies above the last bound of a capped plan, and earns nothing.
        exact: What is earned, before any rounding.
        earned: The same as money, rounded once by the plan's mode.
        quota: What the bounds are percent of, where the plan goes by attainment.

    .. versionadded:: 0.1.0
    """

    amount: Money
    parts: tuple[TierPart, ...]
    beyond: Fraction
    exact: Fraction
    earned: Money
    quota: Money | None = None

    @property
    def rate(self) -> Fraction | None:
        """What is earned in percent of the amount, exact; None for an amount of 0."""
        return self.exact / Fraction(self.amount.amount) * 100 if self.amount else None

    def __str__(self) -> str:
        parts = "; ".join(map(str, self.parts))
        return f"{self.earned} on {self.amount}" + (f" ({parts})" if parts else "")


def pay(
    tiers: Sequence[CommissionTier], bounds: Sequence[Fraction], amount: Fraction
) -> tuple[tuple[TierPart, ...], Fraction]:
    """The parts that an amount earns, and what lies beyond the last bound; the last tier has no bound if it is open."""
    sign = -1 if amount < 0 else 1
    size = abs(amount)
    place = bisect_left(bounds, size)
    beyond = Fraction(0)
    if place == len(tiers):
        beyond, size, place = size - bounds[-1], bounds[-1], place - 1
    parts = tuple(_walk(tiers, bounds, size, place)) if size else ()
    return tuple(
        TierPart(tier=number + 1, amount=sign * held, paid=sign * paid) for number, held, paid in reversed(parts)
    ), sign * beyond


def _walk(
    tiers: Sequence[CommissionTier], bounds: Sequence[Fraction], size: Fraction, place: int
) -> Iterator[tuple[int, Fraction, Fraction]]:
    """(place, amount, paid) of each tier from the one that holds the amount down to the last that has a say."""
    while place >= 0:
        tier = tiers[place]
        if tier.whole is not None:
            yield place, size, size * Fraction(tier.whole) / 100
            return
        low = bounds[place - 1] if place else Fraction(0)
        held = size - low
        if tier.slice is not None:
            yield place, held, held * Fraction(tier.slice) / 100
        else:
            yield place, held, Fraction(tier.amount or 0) * held / (bounds[place] - low)
        size, place = low, place - 1


def problems_of(tiers: Sequence[CommissionTier], *, capped: bool) -> tuple[InvalidValue, ...]:
    """Everything that is wrong with the tiers together, each with its place."""
    if not tiers:
        return (InvalidValue("tiers", tiers, "at least one tier"),)
    return (*_of_bounds(tiers, capped=capped), *_of_borders(tiers))


def _of_bounds(tiers: Sequence[CommissionTier], *, capped: bool) -> Iterator[InvalidValue]:
    last = len(tiers) - 1
    for place, tier in enumerate(tiers):
        path = f"tiers[{place}].up_to"
        if tier.up_to is not None:
            if place == last and not capped:
                yield InvalidValue(path, tier.up_to, "None, or capped=True where nothing is paid above it")
        elif place < last:
            yield InvalidValue(path, None, "a bound, since only the last tier may be open")
        elif capped:
            yield InvalidValue(path, None, "a bound, since the plan is capped")
        elif tier.amount is not None:
            yield InvalidValue(path, None, "a bound, since the tier pays an amount")


def _of_borders(tiers: Sequence[CommissionTier]) -> Iterator[InvalidValue]:
    low: int | Decimal | Fraction | None = 0
    for place, tier in enumerate(tiers):
        if low is not None and tier.up_to is not None and tier.up_to <= low:
            yield InvalidValue(f"tiers[{place}].up_to", tier.up_to, f"a bound above {low}")
        if low is not None and tier.above is not None and tier.above != low:
            word = "a gap" if tier.above > low else "an overlap"
            yield InvalidValue(f"tiers[{place}].above", tier.above, f"{low}, since {tier.above} leaves {word}")
        low = tier.up_to
