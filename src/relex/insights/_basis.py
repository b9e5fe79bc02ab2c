"""What a figure of purchases rests on: up to when, in which zone, in which days and periods, counted how.

A business day is the local calendar date of the wall time less `day_starts`; the zone is always said, never guessed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before, moment, moment_or_none
from relex.calendars import Period
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AMOUNTS", "AS_OF", "GRAINS", "ZEROS", "Basis", "when"]

GRAINS = ("day", "week", "month", "order")
AMOUNTS = ("kept", "by_period", "net")
ZEROS = ("count", "skip")

AS_OF = _checks.Check(
    "a date, or a datetime with a time zone",
    lambda value: _checks.calendar_day.passes(value) or _checks.instant.passes(value),
)
_TIME = _checks.Check("a time of day without a zone", lambda value: isinstance(value, time) and value.tzinfo is None)


def _starts(day: date) -> date:
    return day


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


_PERIODS: dict[str, Callable[[date], date]] = {"day": _starts, "order": _starts, "week": _week, "month": _month}


def when(moment_or_day: Any) -> Any:
    """A day as it is, an instant as one that is equal in every zone."""
    return moment(moment_or_day) if isinstance(moment_or_day, datetime) else moment_or_day


@attrs.frozen(kw_only=True)
class Basis:
    """The choices that every result of a purchase log repeats, because each of them moves the numbers.

    Attributes:
        as_of: A date sees everything up to the end of that business day; an instant sees entries up to itself.
        zone: The business zone; by default that of `as_of`. None only for rows that already carry business days.
        grain: How purchases collapse to periods: "day", "week" (ISO, from Monday), "month", "order" (not at all).
        day_starts: When a business day begins; a bar that closes at 04:00 says `time(5)`.
        within: The only time looked at, half-open, in business days or in instants; None for all time.
        amount: "kept" (net less returns, at the purchase), "by_period" (returns when they came back), or "net".
        zero: "count" or "skip" free purchases.
        known_at: Entries recorded later are not seen; None sees all.
        currency: Of every amount; None when the rows did not say.

    .. versionadded:: 0.1.0
    """

    as_of: date = attrs.field(validator=AS_OF, eq=when)
    zone: tzinfo | None = attrs.field(default=None, validator=_checks.optional(_checks.zone))
    grain: str = attrs.field(default="day", validator=_checks.one_of(*GRAINS))
    day_starts: time = attrs.field(default=time(0), validator=_TIME)
    within: Period | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Period)))
    amount: str = attrs.field(default="kept", validator=_checks.one_of(*AMOUNTS))
    zero: str = attrs.field(default="count", validator=_checks.one_of(*ZEROS))
    known_at: datetime | None = attrs.field(
        default=None, validator=_checks.optional(_checks.instant), eq=moment_or_none
    )
    currency: str | None = attrs.field(default=None, validator=_checks.optional(_checks.currency_code))

    @property
    def day(self) -> date:
        """The business day of `as_of`."""
        return self.day_of(self.as_of) if isinstance(self.as_of, datetime) else self.as_of

    def day_of(self, at: datetime) -> date:
        """The business day of an instant.

        Raises:
            InvalidValue: Without a zone, or so near the year 1 or 9999 that the zone leads out of the calendar.

        Example:
            >>> from datetime import timezone
            >>> late = datetime(2024, 1, 2, 0, 30, tzinfo=timezone.utc)
            >>> str(Basis(as_of=late, zone=timezone.utc, day_starts=time(5)).day_of(late))
            '2024-01-01'
        """
        return self.reader()(at)

    def reader(self) -> Callable[[datetime], date]:
        """`day_of` with the choices bound once, for a long log."""
        zone = self.zone
        if zone is None:
            raise InvalidValue("zone", None, "a tzinfo: a date says no zone, so give zone=...")
        starts = self.day_starts
        shift = timedelta(
            hours=starts.hour, minutes=starts.minute, seconds=starts.second, microseconds=starts.microsecond
        )

        def day_of(at: datetime) -> date:
            try:
                return ((at if at.tzinfo is zone else at.astimezone(zone)) - shift).date()
            except OverflowError:
                raise InvalidValue("at", at, "an instant within the calendar of the zone") from None

        return day_of

    def starts(self) -> Callable[[date], date]:
        """The function from a business day to the first day of its period."""
        return _PERIODS[self.grain]

    def sees(self, at: datetime, day: date) -> bool:
        """Whether an entry of that instant and business day lies at or before `as_of`."""
        return not is_before(self.as_of, at) if isinstance(self.as_of, datetime) else day <= self.as_of

    def knows(self, recorded_at: datetime) -> bool:
        """Whether an entry recorded at that instant was known at `known_at`."""
        return self.known_at is None or not is_before(self.known_at, recorded_at)

    def covers(self, at: datetime | None, day: date) -> bool:
        """Whether an entry lies in `within`; by its business day, or by its instant if the period is of instants."""
        period = self.within
        if period is None:
            return True
        start, end = period.start, period.end
        if at is not None and isinstance(start, datetime):
            return not is_before(at, start) and (not isinstance(end, datetime) or is_before(at, end))
        return start <= day and (end is None or day < end)

    def __str__(self) -> str:
        parts = [f"as of {self.as_of}", f"zone {self.zone}" if self.zone else "days as given", f"by {self.grain}"]
        if self.day_starts != time(0):
            parts.append(f"day starts {self.day_starts}")
        if self.within is not None:
            parts.append(f"within {self.within.start} to {self.within.end}")
        parts.append(f"amount {self.amount}" + (f" in {self.currency}" if self.currency else ""))
        if self.zero == "skip":
            parts.append("free purchases skipped")
        if self.known_at is not None:
            parts.append(f"known at {self.known_at}")
        return ", ".join(parts)


def basis(*, as_of: date, zone: tzinfo | None, days_given: bool = False, **choices: Any) -> Basis:
    """A checked basis; the zone is the given one, else that of `as_of`.

    Raises:
        InvalidValue: For a plain date without a zone (unless the days are given), or any wrong choice.
    """
    if zone is None and isinstance(as_of, datetime):
        zone = as_of.tzinfo
    if zone is None and not days_given and _checks.calendar_day.passes(as_of):
        raise InvalidValue("zone", None, "a tzinfo: a date says no zone, so give zone=...")
    return Basis(as_of=as_of, zone=zone, **choices)
