"""Volume discounts: what is taken off for buying many."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.pipeline._stages import PERCENT
from relex.purchases._stated import Number, quantity as a_quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Schedule", "ScheduleTier"]


@tagged("pipeline.ScheduleTier")
@attrs.frozen(weakref_slot=False)
class ScheduleTier:
    """What is taken off from one number of units to another; both belong to the tier.

    Attributes:
        lower: The first unit, 1 or more.
        upper: The last unit; None for a tier without end.
        percent: What is taken off, 0 to 100.

    Raises:
        InvalidValue: For an upper end below the lower one, a percent outside 0 to 100, or a float.

    .. versionadded:: 0.1.0
    """

    lower: int = attrs.field(validator=_checks.whole(least=1))
    upper: int | None = attrs.field(validator=_checks.optional(_checks.whole(least=1)))
    percent: int | Decimal = attrs.field(validator=PERCENT)

    def __attrs_post_init__(self) -> None:
        if self.upper is not None and self.upper < self.lower:
            raise InvalidValue("ScheduleTier.upper", self.upper, f"at least the lower end, {self.lower}, or None")

    def __str__(self) -> str:
        return f"{self.lower}{'+' if self.upper is None else f'-{self.upper}'} {self.percent} %"


def _tiers(given: Iterable[ScheduleTier]) -> tuple[ScheduleTier, ...]:
    return _checks.items("Schedule.tiers", given)


@tagged("pipeline.Schedule")
@attrs.frozen(weakref_slot=False)
class Schedule:
    """A volume discount: tiers from the first unit on without a gap, the last one without end.

    A part of a unit is at the tier of its unit in a slab; a range reaches a tier with its first whole unit.

    Attributes:
        id: Of the schedule.
        tiers: By number of units, ascending.
        mode: `range`: the tier of the whole quantity applies to every unit; `slab`: each unit is at its own tier.

    Raises:
        InvalidValue: For no tier, a first tier that does not begin at 1, a gap, an overlap, or a last tier that ends.

    Example:
        >>> tiers = [ScheduleTier(1, 4, 0), ScheduleTier(5, 9, 5), ScheduleTier(10, None, 10)]
        >>> Schedule("volume", tiers).off(12), Schedule("volume", tiers, mode="slab").off(12)
        (Fraction(6, 5), Fraction(11, 20))

    Source: discount schedules of Salesforce CPQ.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    tiers: tuple[ScheduleTier, ...] = attrs.field(converter=_tiers, validator=_checks.each(_checks.a(ScheduleTier)))
    mode: str = attrs.field(default="range", kw_only=True, validator=_checks.one_of("range", "slab"))

    def __attrs_post_init__(self) -> None:
        if problems := _problems(self.tiers):
            told = "; ".join(problems)
            raise InvalidValue("Schedule.tiers", problems, f"tiers without a gap, from 1 on without end ({told})")

    def parts(self, quantity: Number) -> tuple[tuple[ScheduleTier, Fraction], ...]:
        """Which tiers apply, each with the number of units it applies to; they add up to the quantity.

        Raises:
            InvalidValue: For a negative quantity, or one that is not exact.

        .. versionadded:: 0.1.0
        """
        units = Fraction(a_quantity("Schedule.quantity", quantity))
        if self.mode == "range":
            reached = [tier for tier in self.tiers if tier.lower <= units]
            return ((reached[-1] if reached else self.tiers[0], units),)
        held = [(tier, _held(tier, units)) for tier in self.tiers]
        return tuple([(tier, part) for tier, part in held if part])

    def off(self, quantity: Number) -> Fraction:
        """What is taken off, as a number of units: 12 units less 10 % are 1.2 units off.

        Raises:
            InvalidValue: For a negative quantity, or one that is not exact.

        .. versionadded:: 0.1.0
        """
        return sum((units * Fraction(tier.percent) / 100 for tier, units in self.parts(quantity)), Fraction(0))

    def __str__(self) -> str:
        return f"{self.id} ({self.mode}): {', '.join(map(str, self.tiers))}"


def _held(tier: ScheduleTier, units: Fraction) -> Fraction:
    """How many of the units lie in a tier."""
    before = tier.lower - 1
    end = units if tier.upper is None else min(units, Fraction(tier.upper))
    return max(end - before, Fraction(0))


def _problems(tiers: tuple[ScheduleTier, ...]) -> list[str]:
    if not tiers:
        return ["no tier"]
    found = [] if tiers[0].lower == 1 else [f"the first tier begins at {tiers[0].lower}, not at 1"]
    for below, tier in pairwise(tiers):
        if below.upper is None:
            found.append(f"the tier from {below.lower} on has no end, and is not the last")
        elif tier.lower != below.upper + 1:
            found.append(f"{tier.lower} comes after {below.upper}, not {below.upper + 1}")
    if tiers[-1].upper is not None:
        found.append(f"the last tier ends at {tiers[-1].upper}")
    return found
