"""Tiers and their policies, as data."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex.calendars import CalendarDuration, Months
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._exact import Number, Written, as_number
from relex.loyalty._expiry import FirstOf, Inactive, Never, OnDates, expiry_check
from relex.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Always",
    "Anniversary",
    "Calendar",
    "For",
    "Lifetime",
    "Periods",
    "Rolling",
    "SinceChange",
    "Tier",
    "TierPolicy",
    "WhileMet",
]

_LENGTH = _checks.Check(
    "Days, Weeks, Months or Years of at least 1", lambda value: isinstance(value, CalendarDuration) and value.n > 0
)
_MONTH_DAY = _checks.Check(
    'a day of the year as "MM-DD", 02-29 left out',
    lambda value: (
        isinstance(value, str)
        and re.fullmatch(
            r"(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8])", value
        )
        is not None
    ),
)


@tagged("loyalty.Calendar")
@attrs.frozen
class Calendar:
    """Measure over periods of the calendar, one after the other.

    Attributes:
        length: Of one period.
        starts: The day of the year from which periods are counted, as "MM-DD".

    .. versionadded:: 0.1.0
    """

    length: CalendarDuration = attrs.field(default=Months(12), validator=_LENGTH)
    starts: str = attrs.field(default="01-01", kw_only=True, validator=_MONTH_DAY)


@tagged("loyalty.Anniversary")
@attrs.frozen
class Anniversary:
    """Measure over periods counted from the day on which the account was opened.

    Attributes:
        length: Of one period.

    .. versionadded:: 0.1.0
    """

    length: CalendarDuration = attrs.field(default=Months(12), validator=_LENGTH)


@tagged("loyalty.Rolling")
@attrs.frozen
class Rolling:
    """Measure over the time just gone: what is dated d counts on the dates x with d <= x < d + length.

    Attributes:
        length: Of the window.

    .. versionadded:: 0.1.0
    """

    length: CalendarDuration = attrs.field(default=Months(12), validator=_LENGTH)


@tagged("loyalty.Lifetime")
@attrs.frozen
class Lifetime:
    """Measure over everything since the account was opened.

    .. versionadded:: 0.1.0
    """


@tagged("loyalty.SinceChange")
@attrs.frozen
class SinceChange:
    """Measure what came after the entry that last changed the tier, or after the last review.

    .. versionadded:: 0.1.0
    """


@tagged("loyalty.Periods")
@attrs.frozen
class Periods:
    """A tier lasts to the end of the n-th period after the one in which it was met; 0 is that period itself.

    .. versionadded:: 0.1.0
    """

    n: int = attrs.field(default=1, validator=_checks.whole(least=0))


@tagged("loyalty.For")
@attrs.frozen
class For:
    """A tier lasts so long from the day on which it was reached.

    .. versionadded:: 0.1.0
    """

    length: CalendarDuration = attrs.field(validator=_checks.a(CalendarDuration))


@tagged("loyalty.WhileMet")
@attrs.frozen
class WhileMet:
    """A tier lasts exactly as long as its threshold is met.

    .. versionadded:: 0.1.0
    """


@tagged("loyalty.Always")
@attrs.frozen
class Always:
    """A tier, once reached, is not lost.

    .. versionadded:: 0.1.0
    """


Window: TypeAlias = Calendar | Anniversary | Rolling | Lifetime | SinceChange
Keeps: TypeAlias = Periods | For | WhileMet | Always


def _threshold(value: Written | None) -> Number | None:
    return None if value is None else as_number("Tier.at", value)


def _multiplier(value: Written) -> Number:
    return as_number("Tier.multiplier", value, least=0)


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return _checks.items("Tier.benefits", values)


@tagged("loyalty.Tier")
@attrs.frozen
class Tier:
    """One level of a program.

    Attributes:
        id: Unique in the program.
        at: The threshold, in whole points or in the unit of the measure; a tier covers [at, next).
        when: A rule instead of a threshold, over `tier.earned`, `tier.status`, `tier.spend`, `tier.orders`,
            `tier.visits`, `tier.balance` and `tier.measure`.
        multiplier: Factor on what the base group earns with a purchase, in currencies that can be spent.
        lifetime: Whether it is never lost once it was reached.
        expires: Policy of expiry of what a member of this tier earns.
        benefits: Names of what goes with it.

    Example:
        >>> Tier("gold", at=2000, multiplier="1.25", benefits=("lounge",)).multiplier
        Decimal('1.25')

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    at: int | Decimal | Fraction | None = attrs.field(
        default=None,
        kw_only=True,
        converter=_threshold,
    )
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))
    multiplier: int | Decimal | Fraction = attrs.field(default=1, kw_only=True, converter=_multiplier)
    lifetime: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    expires: Never | OnDates | Inactive | FirstOf | CalendarDuration | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(expiry_check)
    )
    benefits: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=_texts, validator=_checks.each(_checks.text)
    )

    def __attrs_post_init__(self) -> None:
        if (self.at is None) == (self.when is None):
            raise InvalidValue("Tier.at", self.at, "a threshold, or a rule as `when`, and not both")


@tagged("loyalty.TierPolicy")
@attrs.frozen(kw_only=True)
class TierPolicy:
    """What tiers measure, over which window, and how long they last.

    Attributes:
        measure: `earned`, `spend`, `orders`, `visits`, `balance`, or the id of a qualifying points currency.
        window: Over which time.
        upgrade: `immediate`, or at 00:00 of the `next_period`.
        keeps: How long a tier lasts.
        review: When that ends: `reassess`, `one_down` (at most one level lower), or `keep`.
        grace: A duration that is added to the last date on which the tier is valid.
        counts: From when points that wait count for the measure `earned`: from the `earning`, or from the `activation`.

    Raises:
        InvalidValue: For `Periods` or `next_period` without a calendar or anniversary window.

    .. versionadded:: 0.1.0
    """

    measure: str = attrs.field(default="earned", validator=_checks.text)
    window: Calendar | Anniversary | Rolling | Lifetime | SinceChange = attrs.field(
        factory=Calendar, validator=_checks.a(Calendar, Anniversary, Rolling, Lifetime, SinceChange)
    )
    upgrade: str = attrs.field(default="immediate", validator=_checks.one_of("immediate", "next_period"))
    keeps: Periods | For | WhileMet | Always = attrs.field(
        factory=Periods, validator=_checks.a(Periods, For, WhileMet, Always)
    )
    review: str = attrs.field(default="reassess", validator=_checks.one_of("reassess", "one_down", "keep"))
    grace: CalendarDuration | None = attrs.field(default=None, validator=_checks.optional(_checks.a(CalendarDuration)))
    counts: str = attrs.field(default="earning", validator=_checks.one_of("earning", "activation"))

    def __attrs_post_init__(self) -> None:
        if isinstance(self.window, (Calendar, Anniversary)):
            return
        if isinstance(self.keeps, Periods):
            raise InvalidValue("TierPolicy.keeps", self.keeps, "For, WhileMet or Always, unless the window has periods")
        if self.upgrade == "next_period":
            raise InvalidValue("TierPolicy.upgrade", self.upgrade, "immediate, unless the window has periods")
