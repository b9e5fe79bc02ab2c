"""At most so many in any stretch of a given length: frequency caps, survey limits, gaps, quotas."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs

from relex import _checks
from relex.calendars._business import BusinessCalendar
from relex.calendars._dates import MICRO, as_instant, micros, required_micros

__all__ = ["RollingLimit", "first_allowed"]

_positive = _checks.Check(
    "a timedelta above 0, or None for ever",
    lambda value: value is None or (isinstance(value, timedelta) and value > timedelta(0)),
)
_hours = _checks.optional(_checks.a(BusinessCalendar))
_many = _checks.a(Iterable)
_limits = _checks.Check(
    "pairs of a RollingLimit and the instants that it counts", lambda pairs: all(map(_is_limit, pairs))
)


def _is_limit(pair: object) -> bool:
    return isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], RollingLimit)  # noqa: PLR2004 - a pair


@attrs.frozen
class RollingLimit:
    """At most `limit` of something in any stretch of `within`, in elapsed time and not in calendar days.

    What happened in (at - within, at] counts. So at exactly `within` after the one that was too many it is allowed
    again, and one microsecond earlier it is not.

    Attributes:
        limit: At least 1.
        within: Above 0; None counts for ever.

    Example:
        >>> from datetime import UTC
        >>> daily = RollingLimit(1, timedelta(hours=24))
        >>> daily.opens(datetime(2026, 1, 1, 20, tzinfo=UTC), [datetime(2026, 1, 1, 8, tzinfo=UTC)]).isoformat()
        '2026-01-02T08:00:00+00:00'

    .. versionadded:: 0.1.0
    """

    limit: int = attrs.field(validator=_checks.whole(least=1))
    within: timedelta | None = attrs.field(validator=_positive)

    def count(self, at: datetime, instants: Iterable[datetime]) -> int:
        """How many of the instants count at an instant; what lies after it does not.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        moment = required_micros("RollingLimit.count.at", at)
        known = _all_micros("RollingLimit.count", instants)
        after = moment - self.within // MICRO if self.within is not None else None
        return sum(at <= moment and (after is None or at > after) for at in known)

    def opens(self, at: datetime, instants: Iterable[datetime]) -> datetime | None:
        """The first instant from here on at which one more is allowed, given only these; None for never again.

        Instants after `at` count from when they happen. The answer is in the zone of `at`.

        Raises:
            InvalidValue: For a naive datetime, or an answer after the year 9999.

        .. versionadded:: 0.1.0
        """
        moment = start = required_micros("RollingLimit.opens.at", at)
        known = sorted(_all_micros("RollingLimit.opens", instants))
        while (seen := bisect_right(known, moment)) >= self.limit:
            if self.within is None:
                return None
            released = known[seen - self.limit] + self.within // MICRO
            if released <= moment:
                break
            moment = released
        return at if moment == start else as_instant(moment, at.tzinfo)  # type: ignore[arg-type]


def first_allowed(
    at: datetime,
    *,
    hours: BusinessCalendar | None = None,
    limits: Iterable[tuple[RollingLimit, Iterable[datetime]]] = (),
) -> datetime | None:
    """The first instant from here on inside the hours and within all limits together; None for never again.

    Args:
        at: Where to start; given back as it is if it satisfies everything.
        hours: When something may happen; None for always.
        limits: Each limit with the instants that it counts.

    Raises:
        InvalidValue: For a naive datetime, or hours that do not open within ten years.

    Example:
        >>> from datetime import UTC
        >>> from relex.calendars import BusinessCalendar, weekly
        >>> day = BusinessCalendar(weekly("mon-sun", "08:00", "17:30"), tz=UTC)
        >>> sent = [datetime(2025, 5, 6, 17, 50, tzinfo=UTC)]
        >>> cap = RollingLimit(1, timedelta(hours=24))
        >>> first_allowed(datetime(2025, 5, 7, 8, tzinfo=UTC), hours=day, limits=[(cap, sent)]).isoformat()
        '2025-05-08T08:00:00+00:00'

    .. versionadded:: 0.1.0
    """
    _checks.instant.require("first_allowed.at", at)
    _hours.require("first_allowed.hours", hours)
    _many.require("first_allowed.limits", limits)
    pairs = tuple(limits)
    _limits.require("first_allowed.limits", pairs)
    counted = [(limit, _tuple("first_allowed.limits", instants)) for limit, instants in pairs]
    moment = _moved(at, hours, counted)
    while moment is not None and (later := _moved(moment, hours, counted)) is not moment:
        moment = later
    return moment


def _moved(
    at: datetime, hours: BusinessCalendar | None, limits: list[tuple[RollingLimit, tuple[datetime, ...]]]
) -> datetime | None:
    """Past every limit in turn, then to the next opening; the instant itself where nothing stands in the way."""
    moment = at
    for limit, instants in limits:
        opens = limit.opens(moment, instants)
        if opens is None:
            return None
        moment = opens
    if hours is None or hours.is_open(moment):
        return moment
    return hours.opens(moment)


def _tuple(path: str, instants: Iterable[datetime]) -> tuple[datetime, ...]:
    _many.require(path, instants)
    return tuple(instants)


def _all_micros(path: str, instants: Iterable[datetime]) -> list[int]:
    known = _tuple(f"{path}.instants", instants)
    try:
        return [micros(at) for at in known]
    except (TypeError, AttributeError):
        return [required_micros(f"{path}.instants[{number}]", at) for number, at in enumerate(known)]
