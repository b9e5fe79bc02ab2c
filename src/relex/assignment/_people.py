"""Who may get an item: people with their hours and limits, and the pools that they are drawn from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import in_utc, moment
from relex.calendars import BusinessCalendar, Period, local_date
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.money import Rounding
from relex.rules import Rule

if TYPE_CHECKING:
    from decimal import Decimal


__all__ = ["Assignee", "Capacity", "Pool", "daily_share"]

_UNITS = ("open", "day", "week", "month")
_MONTH_DAYS = 30
_PER = _checks.Check(
    f"{', '.join(_UNITS)}, or a timedelta above 0",
    lambda value: value > timedelta(0) if isinstance(value, timedelta) else value in _UNITS,
)
_RULE = _checks.optional(_checks.a(Rule))
_AMOUNT = _checks.number(least=0)


@tagged("assignment.Capacity")
@attrs.frozen
class Capacity:
    """How many items somebody takes.

    Attributes:
        limit: The most; 0 is none at all.
        per: `open` (at once), a calendar `day`, `week` (from Monday) or `month`, or a timedelta: any stretch of this
            length, of which the instant itself is the last and the one exactly so long ago is no longer in it.
        tz: In whose calendar days, weeks and months are; only for these.

    Raises:
        InvalidValue: For a negative limit, another unit, or a calendar unit without a zone.

    Example:
        >>> from datetime import UTC
        >>> print(Capacity(2, "day", tz=UTC))
        2 a day

    .. versionadded:: 0.1.0
    """

    limit: int = attrs.field(validator=_checks.whole(least=0))
    per: str | timedelta = attrs.field(default="open", validator=_PER)
    tz: tzinfo | None = attrs.field(default=None, kw_only=True, hash=False, validator=_checks.optional(_checks.zone))

    def __attrs_post_init__(self) -> None:
        if (self.tz is None) == (self.per in _UNITS[1:]):
            raise InvalidValue("Capacity.tz", self.tz, "a zone for a day, week or month, and none for anything else")

    def window(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The instants in UTC between which items count at an instant: after the first, up to and with the second.

        None where all open items count.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("Capacity.window.at", at)
        if self.per == "open":
            return None
        now = in_utc("Capacity.window.at", at)
        if isinstance(self.per, timedelta):
            return _before(now, self.per), now
        period = Period.of(self.per, local_date(at, self.tz)).instants(self.tz)  # type: ignore[arg-type]  # it has one
        return _just_before(period.start), _just_before(period.end)

    def __str__(self) -> str:
        if self.per == "open":
            return f"{self.limit} open"
        return f"{self.limit} in {self.per}" if isinstance(self.per, timedelta) else f"{self.limit} a {self.per}"


def _before(at: datetime, span: timedelta) -> datetime:
    """So long before an instant in UTC, or the first instant there is."""
    first = datetime.min.replace(tzinfo=UTC)
    return at - span if at - first > span else first


def _just_before(edge: Any) -> datetime:
    """The last instant in UTC before an edge of a period of instants."""
    return _before(in_utc("Capacity.window.at", edge), timedelta(microseconds=1))


def daily_share(monthly: int | Decimal | Fraction) -> int:
    """What a monthly capacity is in a day: a thirtieth, rounded half up.

    Raises:
        InvalidValue: For a negative or inexact number.

    Example:
        >>> [daily_share(monthly) for monthly in (45, 15, 30, 44, 46)]
        [2, 1, 1, 1, 2]

    .. versionadded:: 0.1.0
    """
    _AMOUNT.require("daily_share.monthly", monthly)
    return Rounding.HALF_UP.apply(Fraction(monthly) / _MONTH_DAYS)


def _capacities(given: Capacity | Iterable[Capacity]) -> tuple[Capacity, ...]:
    return (given,) if isinstance(given, Capacity) else _checks.items("Assignee.capacity", given)


def _periods(given: Iterable[Period]) -> tuple[Period, ...]:
    return _checks.items("Assignee.away", given)


@tagged("assignment.Assignee")
@attrs.frozen
class Assignee:
    """Somebody, or a queue, that items are given to.

    Attributes:
        id: Such as the id of a user.
        active: Whether they are there at all.
        opted_out: Whether they take nothing for now.
        accepts: A rule about the item; they do not get items of which it is False.
        prefers: A rule about the item; those of whom it is True go before all others of a pool.
        capacity: How many items they take; one limit or several, all of which hold.
        hours: When they are available; always, if left out.
        away: When they are not, such as a holiday: periods of instants, or of dates in the zone of `hours`.

    Raises:
        InvalidValue: For a wrong type, or dates away without hours.

    Example:
        >>> from datetime import datetime, timezone
        >>> ana = Assignee("ana", capacity=Capacity(20))
        >>> ana.available_from(datetime(2026, 5, 4, 9, tzinfo=timezone.utc)).isoformat()
        '2026-05-04T09:00:00+00:00'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    active: bool = attrs.field(default=True, kw_only=True, validator=_checks.flag)
    opted_out: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    accepts: Rule | None = attrs.field(default=None, kw_only=True, validator=_RULE)
    prefers: Rule | None = attrs.field(default=None, kw_only=True, validator=_RULE)
    capacity: tuple[Capacity, ...] = attrs.field(
        default=(), kw_only=True, converter=_capacities, validator=_checks.each(_checks.a(Capacity))
    )
    hours: BusinessCalendar | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(BusinessCalendar))
    )
    away: tuple[Period, ...] = attrs.field(
        default=(), kw_only=True, converter=_periods, validator=_checks.each(_checks.a(Period))
    )

    def __attrs_post_init__(self) -> None:
        for place, period in enumerate(self.away):
            if self.hours is None and not isinstance(period.start, datetime):
                raise InvalidValue(f"Assignee.away[{place}]", period, "a period of instants, or hours with their zone")

    def available_from(self, at: datetime) -> datetime | None:
        """The first instant from here on at which they are available; None where there is none within ten years.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("Assignee.available_from.at", at)
        found: datetime | None = at
        while found is not None:
            opened = self._opens(found)
            if opened is None:
                return None
            place = bisect_right(self._absences, moment(opened), key=_start) - 1
            if place < 0 or not self._absences[place].contains(opened):
                return opened
            found = self._absences[place].end  # type: ignore[assignment]  # an instant, as the period is one of these
        return None

    def _opens(self, at: datetime) -> datetime | None:
        if self.hours is None or self.hours.is_open(at):
            return at
        try:
            return self.hours.opens(at)
        except InvalidValue:
            return None

    @cached_property
    def _absences(self) -> tuple[Period, ...]:
        """The periods away as instants, in order; those that touch or overlap are one."""
        found = [period.instants(self.hours.tz) if self.hours else period for period in self.away]
        joined: list[Period] = []
        for period in sorted(found, key=_start):
            if not joined or _end(joined[-1]) < _start(period):
                joined.append(period)
            elif _end(joined[-1]) < _end(period):
                joined[-1] = Period(joined[-1].start, period.end)
        return tuple(joined)


def _start(period: Period) -> timedelta:
    return moment(period.start)  # type: ignore[arg-type]  # a period of instants


def _end(period: Period) -> timedelta:
    return timedelta.max if period.end is None else moment(period.end)  # type: ignore[arg-type]  # as above


def _members(given: Iterable[str]) -> tuple[str, ...]:
    return _checks.items("Pool.members", given)


def _weights(given: Mapping[str, int] | Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    pairs = tuple(given.items()) if isinstance(given, Mapping) else _checks.items("Pool.weights", given)
    _WEIGHTS.require("Pool.weights", pairs)
    return tuple(sorted(pairs))


def _is_weight(pair: Any) -> bool:
    is_pair = isinstance(pair, tuple) and len(pair) == len(("member", "weight"))
    return is_pair and _checks.text.passes(pair[0]) and _checks.whole(least=1).passes(pair[1])


_WEIGHTS = _checks.each(_checks.Check("a pair of a member and an int of at least 1", _is_weight))


@tagged("assignment.Pool")
@attrs.frozen
class Pool:
    """Assignees that take turns; turns belong to a member in a pool, so one who comes, goes or pauses resets nobody.

    Attributes:
        id: By which turns are remembered.
        members: Ids of assignees, in the order that decides where nothing else does.
        weights: What members get in proportion, for the strategy `weighted`: (member, weight) pairs or a mapping;
            whoever is not named has 1.

    Raises:
        InvalidValue: For a member that is named twice, or the weight of somebody who is no member.

    Example:
        >>> Pool("desk", ["ana", "bo"], weights={"ana": 3}).weight("ana")
        3

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    members: tuple[str, ...] = attrs.field(default=(), converter=_members, validator=_checks.each(_checks.text))
    weights: tuple[tuple[str, int], ...] = attrs.field(default=(), kw_only=True, converter=_weights)

    def __attrs_post_init__(self) -> None:
        if len(set(self.members)) != len(self.members):
            raise InvalidValue("Pool.members", self.members, "each member once")
        named = [member for member, _ in self.weights]
        if len(set(named)) != len(named) or not set(named) <= set(self.members):
            raise InvalidValue("Pool.weights", self.weights, "one weight for a member, and none for anybody else")

    def weight(self, member: str) -> int:
        """What a member gets in proportion to the others.

        .. versionadded:: 0.1.0
        """
        return self._by_member.get(member, 1)

    @cached_property
    def _by_member(self) -> dict[str, int]:
        return dict(self.weights)
