"""How likely a value still holds: half of all values have changed after a half-life."""

from __future__ import annotations

import decimal
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks

if TYPE_CHECKING:
    from relex._checks import Check

__all__ = ["Freshness", "fresh", "freshness", "half_life"]

_DAY = timedelta(days=1)
_MILLIONTH = Decimal("0.000001")
_CONTEXT = decimal.Context(prec=40, rounding=decimal.ROUND_HALF_EVEN, Emin=-10_000, traps=[decimal.InvalidOperation])
_YEAR = Decimal("365.25")
_DAYS = _checks.whole(least=1)
_AGE = _checks.whole(least=0)
_LOSS: Check = _checks.Check(
    "an exact number above 0 and below 1", lambda value: _checks.exact.passes(value) and 0 < value < 1
)


@attrs.frozen(kw_only=True)
class Freshness:
    """How fresh one field is.

    Attributes:
        field: Its name.
        since: When the value was last verified or, without that, stated; None where nobody knows.
        basis: `verified`, `updated`, or None.
        days: Whole days from then to `as_of`, not below 0; None where nobody knows.
        half_life: In days.

    .. versionadded:: 0.1.0
    """

    field: str
    since: datetime | None
    basis: str | None
    days: int | None
    half_life: int

    @property
    def value(self) -> Decimal | None:
        """2^(-days / half_life), rounded half to even to six places; None where nobody knows when it was stated."""
        return None if self.days is None else freshness(self.days, self.half_life)

    @property
    def is_stale(self) -> bool:
        """Whether it lies below a half, exactly: older than one half-life. What has no time is not stale."""
        return self.days is not None and self.days > self.half_life

    def __str__(self) -> str:
        if self.days is None:
            return f"{self.field}: none (no_time)"
        return f"{self.field}: {self.value} ({self.basis} {self.days} days ago, half-life {self.half_life})"


def freshness(days: int, half_life: int) -> Decimal:
    """2^(-days / half_life): 1 for a new value, 0.5 after one half-life; rounded half to even to six places.

    Raises:
        InvalidValue: For days below 0 or a half-life below 1, or what is no int.

    Example:
        >>> freshness(365, 365), freshness(90, 180)
        (Decimal('0.500000'), Decimal('0.707107'))

    .. versionadded:: 0.1.0
    """
    _AGE.require("freshness.days", days)
    _DAYS.require("freshness.half_life", half_life)
    power = _CONTEXT.power(2, _CONTEXT.divide(Decimal(-days), Decimal(half_life)))
    return _CONTEXT.quantize(power, _MILLIONTH)


def half_life(yearly_loss: Decimal | Fraction) -> int:
    """The half-life in days that follows from the share of values that change in a year.

    Source: exponential decay, 365.25 ln 2 / -ln(1 - loss), rounded to days.

    Args:
        yearly_loss: Above 0 and below 1; exact. From a monthly loss m it is `1 - (1 - m) ** 12`.

    Raises:
        InvalidValue: For anything else.

    Example:
        >>> half_life(Decimal("0.20")), half_life(1 - (1 - Decimal("0.021")) ** 12)
        (1135, 994)

    .. versionadded:: 0.1.0
    """
    _LOSS.require("half_life.yearly_loss", yearly_loss)
    kept = 1 - Fraction(yearly_loss)
    rate = _CONTEXT.ln(_CONTEXT.divide(Decimal(kept.numerator), Decimal(kept.denominator)))
    days = _CONTEXT.divide(_CONTEXT.multiply(_YEAR, _CONTEXT.ln(Decimal(2))), -rate)
    return max(1, int(_CONTEXT.to_integral_value(days)))


def fresh(
    field: str, life: int, *, verified_at: datetime | None, stated_at: datetime | None, as_of: datetime
) -> Freshness:
    """How fresh a field is, by its verification or else by when it was stated."""
    since = verified_at if verified_at is not None else stated_at
    basis = None if since is None else "updated" if verified_at is None else "verified"
    days = None if since is None else max(0, (as_of.astimezone(UTC) - since.astimezone(UTC)) // _DAY)
    return Freshness(field=field, since=since, basis=basis, days=days, half_life=life)
