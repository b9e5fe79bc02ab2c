"""When a deal has been left alone for too long: one policy, and what it finds."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.calendars import BusinessCalendar, BusinessDays, Days
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules import Rule

__all__ = ["SINCE", "StalePolicy", "span"]

SINCE = ("stage_entry", "last_activity", "opened")
"""What the time may be counted from."""

_DAY = timedelta(days=1)


def _is_limit(value: object) -> bool:
    if isinstance(value, timedelta):
        return value > timedelta(0)
    if isinstance(value, Days):
        return 0 < value.n <= timedelta.max.days and value.end_of is None
    return isinstance(value, BusinessDays)


_LIMIT = _checks.optional(_checks.Check("Days (without end_of), BusinessDays or a timedelta, above 0", _is_limit))


@tagged("pipeline.StalePolicy")
@attrs.frozen(weakref_slot=False)
class StalePolicy:
    """How long an open deal may rest before it is a warning, and before it is stale.

    The limits themselves are still inside: a deal is stale when *more* time than `stale_after` has passed.
    `Days` are so many times 24 hours. On a calendar a timedelta is business time, and `BusinessDays` end at the closing
    time of the last of them. A stage's own policy takes the place of the pipeline's.

    Attributes:
        since: What the time is counted from: `stage_entry` (of the present stay), `last_activity` (the opening as long
            as there is none), or `opened`.
        warn_after: How long before there is a warning; None never warns.
        stale_after: How long before it is stale; None never goes stale.
        calendar: Whose business time counts; None counts all time.
        unless: A deal of which this rule is True is fresh; unknown is not True.

    Raises:
        InvalidValue: For another base, a limit of 0 or less, a warning that comes after the end, `Days` on a calendar,
            or `BusinessDays` without one.

    Example:
        >>> StalePolicy(warn_after=Days(14), stale_after=Days(21)).since
        'stage_entry'

    .. versionadded:: 0.1.0
    """

    since: str = attrs.field(default="stage_entry", validator=_checks.one_of(*SINCE))
    warn_after: Days | BusinessDays | timedelta | None = attrs.field(default=None, validator=_LIMIT)
    stale_after: Days | BusinessDays | timedelta | None = attrs.field(default=None, validator=_LIMIT)
    calendar: BusinessCalendar | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(BusinessCalendar))
    )
    unless: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))

    def __attrs_post_init__(self) -> None:
        """Check that the limits are of the calendar's kind and in order."""
        limits = [limit for limit in (self.warn_after, self.stale_after) if limit is not None]
        wrong = BusinessDays if self.calendar is None else Days
        for limit in limits:
            if isinstance(limit, wrong):
                words = "Days or a timedelta (BusinessDays need a calendar)"
                expected = words if self.calendar is None else "BusinessDays or a timedelta of business time"
                raise InvalidValue("StalePolicy.stale_after", limit, expected)
        if len(limits) > 1:
            self._require_order(*map(_size, limits))

    def state(self, since: datetime, as_of: datetime) -> str:
        """What the time between two instants is by itself: `fresh`, `warning` or `stale`.

        Example:
            >>> from datetime import timezone
            >>> policy, march = StalePolicy(stale_after=Days(10)), datetime(2026, 3, 1, tzinfo=timezone.utc)
            >>> policy.state(march, march.replace(day=11)), policy.state(march, march.replace(day=12))
            ('fresh', 'stale')

        .. versionadded:: 0.1.0
        """
        if self._is_past(self.stale_after, since, as_of):
            return "stale"
        return "warning" if self._is_past(self.warn_after, since, as_of) else "fresh"

    def days(self, since: datetime, as_of: datetime) -> int:
        """Whole days between two instants: of 24 hours, or the working dates after the first one on the calendar.

        .. versionadded:: 0.1.0
        """
        if self.calendar is not None:
            return self.calendar.working_days(since, as_of)
        return (moment(as_of) - moment(since)) // _DAY

    def days_over(self, since: datetime, as_of: datetime) -> int | None:
        """Whole days beyond `stale_after`; None up to the limit.

        .. versionadded:: 0.1.0
        """
        limit = self.stale_after
        if limit is None or not self._is_past(limit, since, as_of):
            return None
        if self.calendar is not None:
            return self.calendar.working_days(self._due(limit, since), as_of)
        return (moment(as_of) - moment(since) - span(limit)) // _DAY

    def _is_past(self, limit: Days | BusinessDays | timedelta | None, since: datetime, as_of: datetime) -> bool:
        if limit is None:
            return False
        if isinstance(limit, BusinessDays):
            return is_before(self._due(limit, since), as_of)
        if self.calendar is not None:
            return self.calendar.elapsed(since, as_of) > span(limit)
        return moment(as_of) - moment(since) > span(limit)

    def _due(self, limit: Days | BusinessDays | timedelta, since: datetime) -> datetime:
        return self.calendar.due(since, limit)  # type: ignore[union-attr, arg-type]  # checked when it was made

    def _require_order(self, warn: timedelta | int, stale: timedelta | int) -> None:
        if isinstance(warn, int) != isinstance(stale, int):
            raise InvalidValue("StalePolicy.warn_after", self.warn_after, "a limit of the kind of stale_after")
        if warn > stale:  # type: ignore[operator]
            raise InvalidValue("StalePolicy.warn_after", self.warn_after, f"at most stale_after, {self.stale_after}")


def _size(limit: Days | BusinessDays | timedelta) -> timedelta | int:
    return limit.n if isinstance(limit, BusinessDays) else span(limit)


def span(limit: Days | BusinessDays | timedelta) -> timedelta:
    """A limit that needs no calendar: days are so many times 24 hours."""
    return limit if isinstance(limit, timedelta) else _DAY * limit.n
