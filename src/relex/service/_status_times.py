"""How long a case was in each status."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment, moment_or_none
from relex.calendars import BusinessCalendar
from relex.service._case_events import StatusEntry
from relex.service._reading import seen_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relex.service._case import Case

__all__ = ["StatusStay", "StatusTimes", "status_times", "stays_of"]

_CALENDAR = _checks.optional(_checks.a(BusinessCalendar))
_NONE = timedelta(0)


@attrs.frozen(kw_only=True, weakref_slot=False)
class StatusStay:
    """One stay of a case in a status.

    Attributes:
        status: Id of the status.
        kind: What the status was: `open`, `waiting`, `resolved` or `closed`.
        waiting_for: Whose move it was; None where it was ours.
        entered_at: When the case came.
        left_at: When it went; None while it is there.
        time: How much of its age the case spent here; business time where a calendar was given. Nothing once it is
            closed.

    .. versionadded:: 0.1.0
    """

    status: str
    kind: str
    waiting_for: str | None
    entered_at: datetime = attrs.field(eq=moment)
    left_at: datetime | None = attrs.field(eq=moment_or_none)
    time: timedelta


@attrs.frozen(kw_only=True, weakref_slot=False)
class StatusTimes:
    """How long a case was in each status; made by `status_times`.

    Attributes:
        case: Id of the case.
        stays: One after the other, without a gap.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    case: str
    stays: tuple[StatusStay, ...]
    as_of: datetime = attrs.field(eq=moment)

    @property
    def by_status(self) -> tuple[tuple[str, timedelta], ...]:
        """The time in each status, all its stays added up, in the order in which they were first entered."""
        return _summed(self.stays, "status")

    @property
    def by_kind(self) -> tuple[tuple[str, timedelta], ...]:
        """The same for each kind of status."""
        return _summed(self.stays, "kind")

    def of(self, status: str) -> timedelta:
        """The time in one status; zero where the case never was.

        .. versionadded:: 0.1.0
        """
        return dict(self.by_status).get(status, _NONE)

    def waited_for(self, whom: str) -> timedelta:
        """The time in which the case waited for somebody, such as `customer`.

        .. versionadded:: 0.1.0
        """
        return sum((stay.time for stay in self.stays if stay.waiting_for == whom), _NONE)

    @property
    def total(self) -> timedelta:
        """All of it: the age of the case, or how long it took once it is closed."""
        return sum((stay.time for stay in self.stays), _NONE)

    def __str__(self) -> str:
        return f"{self.case}: " + ", ".join(f"{status} {time}" for status, time in self.by_status)

    def _repr_html_(self) -> str:
        rows = [(stay.status, _minute(stay.entered_at), _minute(stay.left_at), stay.time) for stay in self.stays]
        caption = f"{self.case}, {self.total} in all, as of {self.as_of:%Y-%m-%d %H:%M}"
        return table(caption, ("status", "entered", "left", "time"), rows)


def status_times(case: Case, *, as_of: datetime, calendar: BusinessCalendar | None = None) -> StatusTimes:
    """How long a case was in each status: the present one until `as_of`, a closed case until it was closed.

    The times add up to the age of the case, exactly. Of a merge that was undone nothing is left: the case was in the
    status from which it was merged. The time between a closing and a reopening was spent in the closed status.

    Args:
        case: The case; what happened to it after `as_of` is not seen.
        as_of: The instant; aware.
        calendar: Whose business time counts; None counts all time.

    Raises:
        InvalidValue: For a naive datetime, an instant before the case was opened, or an argument of a wrong type.

    Example:
        >>> from datetime import UTC
        >>> from relex.service import Case
        >>> monday = datetime(2026, 6, 1, 9, tzinfo=UTC)
        >>> case, _ = Case.open("c1", customer="k7", channel="mail", at=monday)
        >>> case, _ = case.reply("m2", at=monday.replace(hour=10), then="waiting_customer")
        >>> found = status_times(case, as_of=monday.replace(hour=12))
        >>> print(found)
        c1: new 1:00:00, waiting_customer 2:00:00
        >>> found.total == found.of("new") + found.waited_for("customer")
        True

    .. versionadded:: 0.1.0
    """
    _CALENDAR.require("status_times.calendar", calendar)
    seen = seen_case("status_times", case, as_of)
    entries = [event for event in seen.live_events if isinstance(event, StatusEntry)]
    return StatusTimes(case=seen.id, stays=stays_of(entries, as_of, calendar), as_of=as_of)


def stays_of(
    entries: Sequence[StatusEntry], as_of: datetime, calendar: BusinessCalendar | None = None
) -> tuple[StatusStay, ...]:
    """The stays that the entries began, oldest first; the last one lasts, without time if it is a closed one."""
    last = entries[-1].at if entries[-1].kind == "closed" else as_of
    edges = [*(entry.at for entry in entries), last]
    left = [*(entry.at for entry in entries[1:]), None]
    return tuple(
        [
            StatusStay(
                status=entry.to,
                kind=entry.kind,
                waiting_for=entry.waiting_for,
                entered_at=entry.at,
                left_at=until,
                time=_between(*edge, calendar),
            )
            for entry, until, edge in zip(entries, left, pairwise(edges), strict=True)
        ]
    )


def _between(start: datetime, end: datetime, calendar: BusinessCalendar | None) -> timedelta:
    return moment(end) - moment(start) if calendar is None else calendar.elapsed(start, end)


def _summed(stays: tuple[StatusStay, ...], name: str) -> tuple[tuple[str, timedelta], ...]:
    found: dict[str, timedelta] = {}
    for stay in stays:
        key = getattr(stay, name)
        found[key] = found.get(key, _NONE) + stay.time
    return tuple(found.items())


def _minute(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M}"
