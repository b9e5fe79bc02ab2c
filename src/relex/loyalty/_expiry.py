"""When points end: the policies of expiry, and the instant that each gives a lot."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex.calendars import CalendarDuration, local_date, midnight
from relex.codec import tagged
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ACTIVITIES",
    "Expiry",
    "FirstOf",
    "Inactive",
    "Never",
    "OnDates",
    "elapsed",
    "end_of",
    "expiry_check",
    "idle_part",
]

ACTIVITIES = ("earn", "earn_zero", "redeem", "adjust")
"""The activities that have names of their own; any other name is a kind of occasion."""

_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
_LEAP_YEAR = 2024


@tagged("loyalty.Never")
@attrs.frozen
class Never:
    """Points that do not expire.

    .. versionadded:: 0.1.0
    """


def _month_days(dates: Iterable[object]) -> tuple[str, ...]:
    found = tuple(dates)
    for place, text in enumerate(found):
        match = _MONTH_DAY.fullmatch(text) if isinstance(text, str) else None
        if match is None or not _is_date(int(match[1]), int(match[2])):
            raise InvalidValue(f"OnDates.dates[{place}]", text, 'a day of the year as "MM-DD"')
    if not found:
        raise InvalidValue("OnDates.dates", found, "at least one day of the year")
    return tuple(sorted(map(str, found)))


def _is_date(month: int, day: int) -> bool:
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        return False
    return True


_DURATION = _checks.a(CalendarDuration)


@tagged("loyalty.OnDates")
@attrs.frozen(init=False)
class OnDates:
    """All points end on fixed days of the year, each lot on the first one that leaves it long enough.

    Attributes:
        dates: Days of the year as "MM-DD"; points are gone at 00:00 of the day. 29 February is 28 February in years
            without it.
        least: How long a lot lasts at least; None for no minimum.

    Example:
        >>> from relex.calendars import Months
        >>> OnDates("01-01", "07-01", least=Months(6)).dates
        ('01-01', '07-01')

    .. versionadded:: 0.1.0
    """

    dates: tuple[str, ...]
    least: CalendarDuration | None

    def __init__(self, *more: str, dates: Iterable[str] = (), least: CalendarDuration | None = None) -> None:
        _checks.optional(_DURATION).require("OnDates.least", least)
        self.__attrs_init__(dates=_month_days((*more, *dates)), least=least)  # pyright: ignore[reportAttributeAccessIssue] - attrs makes it

    def end(self, start: date) -> date:
        """The day at whose beginning a lot that starts on this date is gone."""
        first = start if self.least is None else self.least.add(start)
        found = (_on(year, text) for year in (first.year, first.year + 1) for text in self.dates)
        return next(day for day in found if day >= first and day > start)


def _on(year: int, text: str) -> date:
    month, day = int(text[:2]), int(text[3:])
    return date(year, month, day) if _exists(year, month, day) else date(year, month, day - 1)


def _exists(year: int, month: int, day: int) -> bool:
    return (month, day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _activities(values: Iterable[str]) -> tuple[str, ...]:
    return _checks.items("Inactive.activities", values)


@tagged("loyalty.Inactive")
@attrs.frozen
class Inactive:
    """All points end together when nothing happened for a while; each activity before that moves the end.

    An activity after the end revives nothing. What still waits for its start then, or was extended beyond it, has not
    ended, and follows the activity.

    Attributes:
        after: How long after the last activity, its last date included.
        activities: `earn` (points were given), `earn_zero` (an occasion that gave none), `redeem`, `adjust`, or a kind
            of occasion.

    Example:
        >>> from relex.calendars import Months
        >>> Inactive(Months(12)).activities
        ('earn', 'redeem')

    .. versionadded:: 0.1.0
    """

    after: CalendarDuration = attrs.field(validator=_DURATION)
    activities: tuple[str, ...] = attrs.field(
        default=("earn", "redeem"), converter=_activities, validator=_checks.each(_checks.text)
    )


@tagged("loyalty.FirstOf")
@attrs.frozen(init=False)
class FirstOf:
    """Whichever of several policies ends a lot first.

    Attributes:
        policies: Two or more, at most one of them `Inactive`.

    Example:
        >>> from relex.calendars import Months
        >>> len(FirstOf(Months(24), Inactive(Months(12))).policies)
        2

    .. versionadded:: 0.1.0
    """

    policies: tuple[Never | OnDates | Inactive | CalendarDuration | timedelta, ...]

    def __init__(self, *more: Expiry, policies: Iterable[Expiry] = ()) -> None:
        found = (*more, *policies)
        for place, policy in enumerate(found):
            _SIMPLE.require(f"FirstOf.policies[{place}]", policy)
        if len(found) < 2 or sum(isinstance(policy, Inactive) for policy in found) > 1:  # noqa: PLR2004 - a choice
            raise InvalidValue("FirstOf.policies", found, "two or more policies, at most one of them Inactive")
        self.__attrs_init__(policies=found)  # type: ignore[arg-type]  # FirstOf is refused above


Expiry: TypeAlias = Never | OnDates | Inactive | FirstOf | CalendarDuration | timedelta

_WORDS = "Never, OnDates, Inactive, FirstOf, Days, Weeks, Months, Years, or a timedelta above 0"


def _is_simple(value: object) -> bool:
    return isinstance(value, (Never, OnDates, Inactive, CalendarDuration)) or (
        isinstance(value, timedelta) and value > timedelta(0)
    )


_SIMPLE = _checks.Check(_WORDS.replace("FirstOf, ", ""), _is_simple)
expiry_check = _checks.Check(_WORDS, lambda value: isinstance(value, FirstOf) or _is_simple(value))


def end_of(policy: Expiry, start: datetime, tz: tzinfo) -> datetime | None:
    """When a lot that starts at an instant ends, in UTC, inactivity left aside; None for never."""
    if isinstance(policy, FirstOf):
        ends = [found for each in policy.policies if (found := end_of(each, start, tz)) is not None]
        return min(ends, default=None)
    if isinstance(policy, timedelta):
        return elapsed("expires", policy, start)
    if isinstance(policy, CalendarDuration):
        return policy.ends(local_date(start, tz), tz).astimezone(UTC)
    if isinstance(policy, OnDates):
        return midnight(policy.end(local_date(start, tz)), tz).astimezone(UTC)
    return None


def elapsed(path: str, length: timedelta, start: datetime) -> datetime:
    """The instant in UTC so much later."""
    try:
        return start.astimezone(UTC) + length
    except OverflowError:
        raise InvalidValue(path, length, "a duration that ends before the year 10000") from None


def idle_part(policy: Expiry) -> Inactive | None:
    """The inactivity that a policy watches, or None."""
    policies = policy.policies if isinstance(policy, FirstOf) else (policy,)
    return next((each for each in policies if isinstance(each, Inactive)), None)
