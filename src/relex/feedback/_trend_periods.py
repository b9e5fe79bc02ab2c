"""The stretches of time of a series: pieces between two ends, and the windows that end with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from relex import _checks
from relex._instants import in_utc, is_before
from relex.calendars import CalendarDuration, Period, midnight
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

__all__ = ["Moment", "Step", "instants", "pieces", "windows"]

Step: TypeAlias = str | timedelta | CalendarDuration
Moment: TypeAlias = date | datetime

_MOST = 10_000
_MOMENT = _checks.Check(
    "a date, or a datetime with a time zone",
    lambda value: _checks.calendar_day.passes(value) or _checks.instant.passes(value),
)
_LENGTH = _checks.Check(
    "a timedelta above 0, or Days, Weeks, Months or Years above 0",
    lambda value: (
        (isinstance(value, timedelta) and value > timedelta(0)) or (isinstance(value, CalendarDuration) and value.n > 0)
    ),
)
_ZONE = _checks.optional(_checks.zone)


def pieces(every: Step | None, start: Moment | None, end: Moment | None, tz: tzinfo | None) -> list[Period]:
    """The time from start to end, cut into pieces; the last one, and of calendar units the first, may be shorter.

    Raises:
        InvalidValue: For an end that is missing or not after the start, dates without a zone, a step that is none, or
            more than 10,000 pieces.
    """
    _ZONE.require("read_trend.tz", tz)
    for name, value in (("start", start), ("end", end)):
        _MOMENT.require(f"read_trend.{name}", value)
        if not isinstance(value, datetime) and tz is None:
            raise InvalidValue("read_trend.tz", tz, "a tzinfo, to know when dates begin")
    whole = Period(start, end)  # type: ignore[arg-type]  # both are there
    if isinstance(every, str):
        cut = whole.split(every, tz=tz)
    else:
        _LENGTH.require("read_trend.every", every)
        cut = _steps(whole, every, tz)  # type: ignore[arg-type]  # it has a length
    found = []
    for piece in cut:
        found.append(piece)
        if len(found) > _MOST:
            raise InvalidValue("read_trend.every", every, f"at most {_MOST} periods between start and end")
    return found


def _steps(whole: Period, every: timedelta | CalendarDuration, tz: tzinfo | None) -> Iterator[Period]:
    """Pieces that are counted from the start."""
    if isinstance(every, timedelta) and tz is not None:
        whole = whole.instants(tz)
    number, start, end = 0, whole.start, _end(whole)
    while _is_before(start, end):
        number += 1
        after = _moved(whole.start, every, number)
        cut = after if _is_before(after, end) else end
        yield Period(start, cut)
        start = cut


def _end(period: Period) -> Moment:
    """The end of a period that has one."""
    found: Moment = period.end  # type: ignore[assignment]  # it has
    return found


def _moved(anchor: Moment, every: timedelta | CalendarDuration, times: int) -> Moment:
    if isinstance(every, CalendarDuration):
        return every.step(anchor, times)
    return _shifted("read_trend.every", anchor, every, times)  # type: ignore[arg-type]  # a timedelta cuts instants


def _shifted(path: str, at: datetime, by: timedelta, times: int) -> datetime:
    """The instant so many times so much real time later."""
    try:
        return (in_utc("read_trend.start", at) + by * times).astimezone(at.tzinfo)
    except OverflowError:
        raise InvalidValue(path, by, "a length that stays within the years 1 to 9999") from None


def _is_before(one: Moment, other: Moment) -> bool:
    if isinstance(one, datetime):
        return is_before(one, other)  # type: ignore[arg-type]  # both are instants
    return one < other


def instants(period: Period, tz: tzinfo | None) -> tuple[datetime, datetime]:
    """Both ends as instants."""
    found = period.instants(tz or UTC)
    return found.start, found.end  # type: ignore[return-value]  # they are


def windows(window: timedelta | CalendarDuration, periods: list[Period], tz: tzinfo | None) -> list[Period]:
    """Of each period the window that ends with it: [end - window, end).

    Raises:
        InvalidValue: For a window that has no length.
    """
    _LENGTH.require("read_rolling.window", window)
    return [_window(window, _end(period), tz) for period in periods]


def _window(window: timedelta | CalendarDuration, end: Moment, tz: tzinfo | None) -> Period:
    if isinstance(window, CalendarDuration):
        return Period(window.subtract(end), end)
    at = end if isinstance(end, datetime) else midnight(end, tz or UTC)
    return Period(_shifted("read_rolling.window", at, window, -1), at)
