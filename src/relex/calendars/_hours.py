"""Opening hours as data: weekly windows, the hours of special dates, and short ways to write them."""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.calendars._dates import DAY_MICROS
from relex.calendars._periods import Period
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SpecialHours", "Window", "overnight", "weekly"]

Hours = tuple[tuple[int, int], ...]  # (opens, closes) of one local date, in microseconds of the day, sorted, disjoint

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = "24:00"
_weekday = _checks.one_of(*WEEKDAYS)
plain_time = _checks.Check(
    "a time without a zone, such as 09:30", lambda value: isinstance(value, time) and value.tzinfo is None
)


def _time(value: time | str) -> time:
    """A time, or the time that a text such as "09:30" tells; what cannot be read is left to the validator."""
    try:
        return time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value  # type: ignore[return-value]


def _end(value: time | str | None) -> time | None:
    return None if value is None or value == _MIDNIGHT else _time(value)


def micros_of_day(value: time | None) -> int:
    """Microseconds of local time since 00:00; None is 24:00."""
    if value is None:
        return DAY_MICROS
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond


@attrs.frozen
class Window:
    """Opening hours that come back every week, from `opens` to just before `closes`, in local time.

    Attributes:
        weekday: "mon", "tue", "wed", "thu", "fri", "sat" or "sun".
        opens: A time, or a text such as "09:30".
        closes: A later time of that day, or a text; "24:00" is kept as None.

    Example:
        >>> Window("sat", "10:00", "24:00")
        Window(weekday='sat', opens=datetime.time(10, 0), closes=None)

    .. versionadded:: 0.1.0
    """

    weekday: str = attrs.field(validator=_weekday)
    opens: time = attrs.field(converter=_time, validator=plain_time)
    closes: time | None = attrs.field(converter=_end, validator=_checks.optional(plain_time))

    def __attrs_post_init__(self) -> None:
        _require_order(self)


@attrs.frozen
class SpecialHours:
    """Opening hours of one local date, in place of the weekly ones; write one for each window of that date.

    Attributes:
        day: The local date.
        opens: As in `Window`.
        closes: As in `Window`.

    Example:
        >>> SpecialHours(date(2026, 12, 24), "09:00", "12:00").closes
        datetime.time(12, 0)

    .. versionadded:: 0.1.0
    """

    day: date = attrs.field(validator=_checks.calendar_day)
    opens: time = attrs.field(converter=_time, validator=plain_time)
    closes: time | None = attrs.field(converter=_end, validator=_checks.optional(plain_time))

    def __attrs_post_init__(self) -> None:
        _require_order(self)


def weekly(days: str, opens: time | str, closes: time | str | None) -> tuple[Window, ...]:
    """The same window on several weekdays.

    Args:
        days: Weekdays and ranges of them with commas between: "mon-fri", "mon,wed", "sat-mon".
        opens: As in `Window`.
        closes: As in `Window`.

    Raises:
        InvalidValue: For a weekday that is none.

    Example:
        >>> [window.weekday for window in weekly("mon-wed,sat", "09:00", "17:00")]
        ['mon', 'tue', 'wed', 'sat']

    .. versionadded:: 0.1.0
    """
    return tuple(Window(day, opens, closes) for day in _weekdays(days))


def overnight(days: str, opens: time | str, closes: time | str) -> tuple[Window, ...]:
    """Windows over midnight, each written as its two halves: up to 24:00, and from 00:00 of the next weekday.

    Args:
        days: The weekdays on which the shifts begin, as in `weekly`.
        opens: When they begin.
        closes: When they end on the day after.

    Example:
        >>> [(window.weekday, window.opens.hour) for window in overnight("sun", "18:00", "08:00")]
        [('sun', 18), ('mon', 0)]

    .. versionadded:: 0.1.0
    """
    evenings = weekly(days, opens, None)
    return evenings + tuple(Window(_day_after(evening.weekday), time(0), closes) for evening in evenings)


def hours_by_weekday(windows: tuple[Window, ...]) -> tuple[Hours, ...]:
    """The hours of each weekday, Monday first."""
    days = {day: [window for window in windows if window.weekday == day] for day in WEEKDAYS}
    return tuple(_hours("BusinessCalendar.windows", days[day]) for day in WEEKDAYS)


def hours_by_date(special: tuple[SpecialHours, ...], closed: tuple[tuple[int, int], ...]) -> dict[int, Hours]:
    """The hours of each special date, by its ordinal."""
    days: dict[int, list[SpecialHours]] = {}
    for entry in special:
        days.setdefault(entry.day.toordinal(), []).append(entry)
    for ordinal, entries in days.items():
        if any(low <= ordinal < high for low, high in closed):
            raise InvalidValue("BusinessCalendar.special", entries[0].day, "a date that is no holiday")
    return {ordinal: _hours("BusinessCalendar.special", entries) for ordinal, entries in days.items()}


def closed_dates(holidays: Any) -> tuple[tuple[int, int], ...]:
    """The holidays as sorted [first, last) ordinals, joined where they meet."""
    if not isinstance(holidays, tuple):
        raise InvalidValue("BusinessCalendar.holidays", holidays, "a tuple of dates and periods of dates")
    found: list[tuple[int, int]] = []
    for low, high in sorted(_ordinals(number, holiday) for number, holiday in enumerate(holidays)):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def _hours(path: str, windows: Sequence[Window | SpecialHours]) -> Hours:
    """The windows of one date or weekday, in order, refused if two of them overlap."""
    hours = tuple(sorted((micros_of_day(window.opens), micros_of_day(window.closes)) for window in windows))
    for (_, closes), (opens, _) in pairwise(hours):
        if opens < closes:
            raise InvalidValue(path, tuple(windows), "windows that do not overlap")
    return hours


def _ordinals(number: int, holiday: object) -> tuple[int, int]:
    if _checks.calendar_day.passes(holiday):
        return holiday.toordinal(), holiday.toordinal() + 1  # type: ignore[attr-defined]
    if isinstance(holiday, Period) and holiday.end is not None and _checks.calendar_day.passes(holiday.end):
        return holiday.start.toordinal(), holiday.end.toordinal()
    raise InvalidValue(f"BusinessCalendar.holidays[{number}]", holiday, "a date, or a period of dates with an end")


def _require_order(window: Window | SpecialHours) -> None:
    if micros_of_day(window.closes) <= micros_of_day(window.opens):
        name = type(window).__name__
        raise InvalidValue(f"{name}.closes", window.closes, f"later than opens, {window.opens}, or 24:00")


def _weekdays(days: str) -> list[str]:
    _checks.text.require("weekly.days", days)
    return [day for part in days.split(",") for day in _day_range(part.strip(), days)]


def _day_range(part: str, days: str) -> list[str]:
    first, dash, last = part.partition("-")
    last = last if dash else first
    if first not in WEEKDAYS or last not in WEEKDAYS:
        raise InvalidValue("weekly.days", days, f"weekdays such as mon-fri or mon,wed, out of {', '.join(WEEKDAYS)}")
    start = WEEKDAYS.index(first)
    count = (WEEKDAYS.index(last) - start) % len(WEEKDAYS) + 1
    return [WEEKDAYS[(start + step) % len(WEEKDAYS)] for step in range(count)]


def _day_after(weekday: str) -> str:
    return WEEKDAYS[(WEEKDAYS.index(weekday) + 1) % len(WEEKDAYS)]
