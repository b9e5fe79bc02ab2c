"""What the clock of a milestone says: each of its occurrences, and how the present one stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction  # noqa: TC003 - people read the types of an answer at run time
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment
from relex.errors import InvalidValue
from relex.service._clock_time import DUES, Held, duration, instant, micros, of_duration, open_time
from relex.service._milestones import Goal  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relex.calendars import BusinessCalendar

__all__ = ["CLOCK_STATES", "Clock", "ClockHold", "ClockResult", "ClockWarning", "Occurrence"]

CLOCK_STATES = ("not_started", "running", "paused", "overdue", "met", "missed", "canceled")
"""How an occurrence may stand: exactly one of these."""


@attrs.frozen(weakref_slot=False)
class ClockHold:
    """A stretch in which a clock was held.

    Attributes:
        started_at: Since when.
        ended_at: Until when; None while it is held.
        held: The business time in it so far, or all the time of it where holds count as wall time.

    .. versionadded:: 0.1.0
    """

    started_at: datetime
    ended_at: datetime | None
    held: timedelta


@attrs.frozen(weakref_slot=False)
class ClockWarning:
    """An instant before the due time at which somebody wants to know.

    Attributes:
        threshold: A fraction of the goal, or the time left before it.
        at: When it comes; None while the clock is held before it.
        is_reached: Whether it has come, and the clock was still running.

    .. versionadded:: 0.1.0
    """

    threshold: Fraction | timedelta
    at: datetime | None
    is_reached: bool


@attrs.frozen(kw_only=True, weakref_slot=False)
class ClockResult:
    """How an occurrence ended before the case was reopened.

    Attributes:
        state: `met` or `missed`.
        stopped_at: When.
        due_at: When it was due.
        used: The time used until then.
        late_by: By how much it was missed; None when it was met.

    .. versionadded:: 0.1.0
    """

    state: str
    stopped_at: datetime
    due_at: datetime
    used: timedelta
    late_by: timedelta | None


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class Occurrence:
    """One run of the clock of a milestone, as it stands at one instant.

    Instants are in the zone of the calendar.

    Attributes:
        milestone: Name of the milestone.
        number: From 1.
        state: One of `CLOCK_STATES`.
        priority: Of the case, as of the stop.
        goal: The duration, and the calendar that counts.
        hold_time: What a hold adds to the due time: `business` or `wall`.
        results: How it ended each time before a reopening.

    .. versionadded:: 0.1.0
    """

    milestone: str
    number: int
    state: str
    priority: str
    goal: Goal
    hold_time: str
    results: tuple[ClockResult, ...]
    _start: int  # microseconds since 1970, like all that is worked out when it is asked for
    _stop: int | None
    _due: int | None
    _as_of: int
    _held: tuple[Held, ...]
    _thresholds: tuple[Fraction | timedelta, ...]

    @property
    def started_at(self) -> datetime:
        """When it began; in the future where it follows one that is not due yet."""
        return instant(self._start, self._calendar)

    @property
    def stopped_at(self) -> datetime | None:
        """When it was stopped or canceled."""
        return None if self._stop is None else instant(self._stop, self._calendar)

    @property
    def due_at(self) -> datetime | None:
        """The first instant at which the time used reaches the goal; None while it is held before that."""
        return None if self._due is None else instant(self._due, self._calendar)

    @property
    def used(self) -> timedelta:
        """The time of the calendar since the start, less the holds; up to the stop."""
        return duration(self._used)

    @property
    def remaining(self) -> timedelta:
        """What is left of the goal, at least 0."""
        if self.hold_time == "wall" and self._due is not None:
            return duration(open_time(self._calendar, self._end, self._due))
        return duration(max(of_duration(self.goal.duration) - self._used, 0))

    @property
    def late_by(self) -> timedelta | None:
        """The time of the calendar since the due time, of what is missed or overdue; None of anything else."""
        if self._due is None or self.state not in _LATE:
            return None
        return duration(open_time(self._calendar, self._due, self._end))

    @property
    def holds(self) -> tuple[ClockHold, ...]:
        """The stretches in which it was held, oldest first."""
        return tuple([self._hold(*each) for each in self._held])

    @property
    def warnings(self) -> tuple[ClockWarning, ...]:
        """Each warning of the milestone, with its instant."""
        return tuple([self._warning(each) for each in self._thresholds])

    @property
    def warned_at(self) -> datetime | None:
        """When the first warning came that was reached while it ran; None where none was."""
        return min([each.at for each in self.warnings if each.is_reached and each.at], key=moment, default=None)

    def due_if_resumed(self, at: datetime) -> datetime | None:
        """When it would be due if the hold ended at an instant; the due time itself where it is not held.

        Raises:
            InvalidValue: For an instant before the hold began, or a naive one.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("due_if_resumed.at", at)
        if self._due is not None:
            return self.due_at
        if micros(at) < self._held[-1][0]:
            since = instant(self._held[-1][0], self._calendar)
            raise InvalidValue("due_if_resumed.at", at, f"an instant of the hold, since {since.isoformat()}")
        held = [(begins, micros(at) if ends is None else ends) for begins, ends in self._held]
        return instant(self._due_after(self.goal.duration, held), self._calendar)  # type: ignore[arg-type]  # none is on

    @property
    def _calendar(self) -> BusinessCalendar:
        return self.goal.calendar  # type: ignore[return-value]  # the goal of an occurrence has one

    @property
    def _end(self) -> int:
        return self._as_of if self._stop is None else self._stop

    @property
    def _used(self) -> int:
        end, calendar = self._end, self._calendar
        used = open_time(calendar, self._start, end)
        return used - sum([open_time(calendar, begins, end if ends is None else ends) for begins, ends in self._held])

    def _hold(self, begins: int, ends: int | None) -> ClockHold:
        until = self._end if ends is None else ends
        held = until - begins if self.hold_time == "wall" else open_time(self._calendar, begins, until)
        ended_at = None if ends is None else instant(ends, self._calendar)
        return ClockHold(instant(begins, self._calendar), ended_at, duration(held))

    def _warning(self, threshold: Fraction | timedelta) -> ClockWarning:
        at = self._due_after(_smaller(self.goal.duration, threshold), self._held)
        found = None if at is None else instant(at, self._calendar)
        return ClockWarning(threshold, found, at is not None and at <= self._end)

    def _due_after(self, goal: timedelta, held: Sequence[Held]) -> int | None:
        return DUES[self.hold_time](self._calendar, self._start, of_duration(goal), held)

    def __str__(self) -> str:
        due = "" if self.due_at is None else f", due {self.due_at.isoformat(' ', 'minutes')}"
        late = "" if self.late_by is None else f", late by {self.late_by}"
        return f"{self.milestone} {self.number}: {self.state}{due}, used {self.used} of {self.goal.duration}{late}"

    def __repr__(self) -> str:
        return f"<Occurrence {self}>"


_LATE = ("missed", "overdue")


def _smaller(goal: timedelta, threshold: Fraction | timedelta) -> timedelta:
    """The part of a goal after which a warning comes, in whole microseconds."""
    if isinstance(threshold, timedelta):
        return max(goal - threshold, _ZERO)
    return duration(-(-of_duration(goal) * threshold.numerator // threshold.denominator))


_ZERO = timedelta(0)


@attrs.frozen(weakref_slot=False)
class Clock:
    """The clock of one milestone of a case, as it stands at one instant.

    What it says of itself (`state`, `due_at`, `used` and so on) is what its present occurrence says.

    Attributes:
        milestone: Name of the milestone.
        occurrences: Every run of it, oldest first.
        reason: Why there is no clock: `no_goal` for the priority of the case; None where there is one.

    .. versionadded:: 0.1.0
    """

    milestone: str
    occurrences: tuple[Occurrence, ...] = ()
    reason: str | None = None

    @property
    def present(self) -> Occurrence | None:
        """The last occurrence; None where none has begun, or there is no clock."""
        return self.occurrences[-1] if self.occurrences and self.reason is None else None

    @property
    def state(self) -> str | None:
        """One of `CLOCK_STATES`; None where there is no clock."""
        present = self.present
        if present is None:
            return "not_started" if self.reason is None else None
        return present.state

    @property
    def number(self) -> int | None:
        """Of the present occurrence."""
        return None if self.present is None else self.present.number

    @property
    def started_at(self) -> datetime | None:
        """When the present occurrence began."""
        return None if self.present is None else self.present.started_at

    @property
    def stopped_at(self) -> datetime | None:
        """When it ended."""
        return None if self.present is None else self.present.stopped_at

    @property
    def due_at(self) -> datetime | None:
        """When it is due; None while it is held before that."""
        return None if self.present is None else self.present.due_at

    @property
    def used(self) -> timedelta | None:
        """The time used; 0 is a value."""
        return None if self.present is None else self.present.used

    @property
    def remaining(self) -> timedelta | None:
        """What is left of the goal, at least 0."""
        return None if self.present is None else self.present.remaining

    @property
    def late_by(self) -> timedelta | None:
        """By how much it is missed or overdue."""
        return None if self.present is None else self.present.late_by

    @property
    def goal(self) -> Goal | None:
        """The duration, and the calendar that counts."""
        return None if self.present is None else self.present.goal

    @property
    def priority(self) -> str | None:
        """Of the case, as of the stop."""
        return None if self.present is None else self.present.priority

    @property
    def holds(self) -> tuple[ClockHold, ...]:
        """The stretches in which it was held."""
        return () if self.present is None else self.present.holds

    @property
    def warnings(self) -> tuple[ClockWarning, ...]:
        """Each warning, with its instant."""
        return () if self.present is None else self.present.warnings

    @property
    def results(self) -> tuple[ClockResult, ...]:
        """How it ended each time before a reopening."""
        return () if self.present is None else self.present.results

    def due_if_resumed(self, at: datetime) -> datetime | None:
        """When it would be due if the hold ended at an instant; as of `Occurrence`.

        .. versionadded:: 0.1.0
        """
        return None if self.present is None else self.present.due_if_resumed(at)

    def __str__(self) -> str:
        return f"{self.milestone}: {self.reason or self.state}" if self.present is None else str(self.present)

    def _repr_html_(self) -> str:
        return clock_table(self.milestone, (self,))


TITLES = ("milestone", "number", "state", "started", "due", "used", "goal", "remaining", "late by")


def clock_table(caption: str, clocks: Sequence[Clock]) -> str:
    """Every occurrence of clocks as a row; a clock without one has a row too."""
    rows = [row for clock in clocks for row in _rows(clock)]
    return table(caption, TITLES, rows)


def _rows(clock: Clock) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [_row(each) for each in clock.occurrences]
    if clock.present is None:
        rows.append((clock.milestone, None, clock.reason or clock.state, *[None] * 6))
    return rows


def _row(each: Occurrence) -> tuple[object, ...]:
    times = [None if at is None else at.isoformat(" ", "minutes") for at in (each.started_at, each.due_at)]
    spans = (each.used, each.goal.duration, each.remaining, each.late_by)
    return (each.milestone, each.number, each.state, *times, *[None if span is None else str(span) for span in spans])
