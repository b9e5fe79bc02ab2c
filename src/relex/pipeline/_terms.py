"""For how long something is sold, and what that is worth of a price that stands for another time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.calendars import Months, Period, Years, prorate
from relex.codec import tagged
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["PriceTerm"]


@tagged("pipeline.PriceTerm")
@attrs.frozen(weakref_slot=False)
class PriceTerm:
    """A price stands for one time and is sold for another: the one in terms of the other.

    Attributes:
        of: The time that the price stands for.
        length: The time that is sold; it wins over dates.
        dates: The half-open period of dates that is sold.
        by: How dates are counted: `day`, `month` (a started one counts whole) or `month_day`; see `calendars.prorate`.

    Raises:
        InvalidValue: For neither length nor dates, a price for no time, an open period or one of instants.

    Example:
        >>> from datetime import date
        >>> PriceTerm(Months(12), length=Months(24)).worth
        Fraction(2, 1)
        >>> january = Period(date(2026, 1, 1), date(2026, 2, 1))
        >>> PriceTerm(Months(12), dates=january, by="day").worth
        Fraction(31, 365)

    .. versionadded:: 0.1.0
    """

    of: Months | Years = attrs.field(validator=_checks.a(Months, Years))
    length: Months | Years | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(Months, Years))
    )
    dates: Period | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Period)))
    by: str = attrs.field(default="month", kw_only=True, validator=_checks.one_of("day", "month", "month_day"))

    def __attrs_post_init__(self) -> None:
        for part in (self.length, self.dates):
            if part is not None:
                prorate(part, self.of, by=self.by)
        if self.length is None and self.dates is None:
            raise InvalidValue("PriceTerm", None, "a length or dates")

    @property
    def worth(self) -> Fraction:
        """What the time that is sold is worth, as a multiple of the price."""
        return prorate(self._sold, self.of, by=self.by)

    @property
    def months(self) -> int:
        """The time that is sold in months, a started one counted whole."""
        return int(prorate(self._sold, Months(1), by="month"))

    @property
    def _sold(self) -> Months | Years | Period:
        return self.dates if self.length is None else self.length  # type: ignore[return-value]  # one of them is there

    def __str__(self) -> str:
        return f"{self.months} months of a price for {int(prorate(self.of, Months(1), by='month'))}"
