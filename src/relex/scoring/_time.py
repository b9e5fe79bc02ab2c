"""What the passing of time does to points: they expire, halve, or shrink by the month."""

from __future__ import annotations

import decimal
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from relex import _checks
from relex.calendars import Days, add_months
from relex.codec import tagged

__all__ = ["HalfLife", "PerMonth", "elapsed", "span", "span_check"]

_DAY_MICROS = 86_400_000_000
_MICRO = timedelta(microseconds=1)
_YEAR_MONTHS = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Whole halvings are exact, and of the rest 40 digits are kept, computed with some more; a factor below 1E-400 is 0, so
# that no sum has to carry endless digits. An exponential takes a small part of the time of a power.
_KEPT = decimal.Context(prec=40)
_EXACTER = decimal.Context(prec=48)
_LN_2 = _EXACTER.ln(Decimal(2))
_MOST_HALVINGS = 1328

span_check = _checks.Check(
    "Days (without end_of) or a timedelta, above 0",
    lambda value: (
        (isinstance(value, timedelta) and value > timedelta(0))
        or (isinstance(value, Days) and 0 < value.n <= timedelta.max.days and value.end_of is None)
    ),
)


@tagged("scoring.HalfLife")
@attrs.frozen
class HalfLife:
    """Points halve every so many days: times 2^(-age / days), computed with at least 28 significant digits.

    A day is 24 hours here. Less than 1E-400 of the points count as nothing.

    Attributes:
        days: Above 0; exact.

    Example:
        >>> from datetime import datetime, timezone
        >>> spring, may = datetime(2026, 4, 1, tzinfo=timezone.utc), datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> HalfLife(30).factor(spring, may)
        Fraction(1, 2)

    .. versionadded:: 0.1.0
    """

    days: int | Decimal | Fraction = attrs.field(validator=_checks.number(above=0))

    def factor(self, at: datetime, as_of: datetime) -> Fraction:
        """What is left at `as_of` of one point given at `at`; 1 before that.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _require_instants("HalfLife", at, as_of)
        age = max(elapsed(at, as_of), timedelta(0))
        halvings = Fraction(age // _MICRO, _DAY_MICROS) / Fraction(self.days)
        whole, rest = divmod(halvings, 1)
        if whole > _MOST_HALVINGS:
            return Fraction(0)
        exponent = _EXACTER.multiply(_EXACTER.divide(-rest.numerator, rest.denominator), _LN_2)
        above, below = _KEPT.plus(_EXACTER.exp(exponent)).as_integer_ratio()
        return Fraction(above, below << whole)


@tagged("scoring.PerMonth")
@attrs.frozen
class PerMonth:
    """Points shrink with each whole month since the event: times (1 - percent / 100)^months, exactly.

    Whole months are counted on the wall clock of the zone of `as_of`.

    Attributes:
        percent: 0 to 100; exact.

    Example:
        >>> from datetime import datetime, timezone
        >>> new_year, spring = datetime(2026, 1, 1, tzinfo=timezone.utc), datetime(2026, 3, 31, tzinfo=timezone.utc)
        >>> PerMonth(25).factor(new_year, spring)
        Fraction(9, 16)

    .. versionadded:: 0.1.0
    """

    percent: int | Decimal | Fraction = attrs.field(validator=_checks.number(least=0, most=100))

    def factor(self, at: datetime, as_of: datetime) -> Fraction:
        """What is left at `as_of` of one point given at `at`; 1 before that.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _require_instants("PerMonth", at, as_of)
        return (1 - Fraction(self.percent) / 100) ** _whole_months(at, as_of)


def _require_instants(decay: str, at: datetime, as_of: datetime) -> None:
    _checks.instant.require(f"{decay}.factor.at", at)
    _checks.instant.require(f"{decay}.factor.as_of", as_of)


def _whole_months(at: datetime, as_of: datetime) -> int:
    local = at.astimezone(as_of.tzinfo)
    months = (as_of.year - local.year) * _YEAR_MONTHS + as_of.month - local.month
    return max(0, months - (elapsed(add_months(local, months), as_of) < timedelta(0)))


def elapsed(at: datetime, as_of: datetime) -> timedelta:
    """The time between two instants; by UTC, since Python subtracts the wall clocks of two datetimes of one zone."""
    return (as_of - _EPOCH) - (at - _EPOCH)


def span(duration: Days | timedelta) -> timedelta:
    """Days as so many times 24 hours: the age of an event has no calendar."""
    return duration if isinstance(duration, timedelta) else timedelta(days=duration.n)
