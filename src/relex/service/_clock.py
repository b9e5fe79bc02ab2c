"""What the clock of a milestone says: each of its occurrences, and how the present one stands."""

from __future__ import annotations

from datetime import datetime, timedelta  # noqa: TC003 - people read the types of an answer at run time
from fractions import Fraction  # noqa: TC003 - as above
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex._instants import is_before, moment
from relex.errors import InvalidValue
from relex.service import _clock_time as time
from relex.service._milestones import Goal  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Sequence

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


@attrs.frozen(kw_only=True, weakref_slot=False)
class Occurrence:
    """One run of the clock of a milestone, as it stands at one instant.

    Attributes:
        milestone: Name of the milestone.
        number: From 1.
        state: One of `CLOCK_STATES`.
        started_at: When it began; in the future where it follows one that is not due yet.
        stopped_at: When it was stopped or canceled.
        due_at: The first instant at which the time used reaches the goal; None while it is held before that.
        used: The time of the calendar since the start, less the holds; up to the stop.
        remaining: What is left of the goal, at least 0.
        late_by: The time of the calendar since the due time, of what is missed or overdue; None of anything else.
        goal: The duration, and the calendar that counts.
        priority: Of the case, as of the stop.
        hold_time: What a hold adds to the due time: `business` or `wall`.
        holds: The stretches in which it was held, oldest first.
        warnings: Each warning of the milestone, with its instant.
        results: How it ended each time before a reopening.

    .. versionadded:: 0.1.0
    """

    milestone: str
    number: int
    state: str
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    used: timedelta
    remaining: timedelta
    late_by: timedelta | None
    goal: Goal
    priority: str
    hold_time: str
    holds: tuple[ClockHold, ...]
    warnings: tuple[ClockWarning, ...]
    results: tuple[ClockResult, ...]

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
        if self.due_at is not None or not self.holds:
            return self.due_at
        if is_before(at, self.holds[-1].started_at):
            raise InvalidValue("due_if_resumed.at", at, f"an instant of the hold, since {self.holds[-1].started_at}")
        holds = [(time.micros(each.started_at), _end(each.ended_at, at)) for each in self.holds]
        calendar, due = self.goal.calendar, time.DUES[self.hold_time]
        found = due(calendar, time.micros(self.started_at), time.of_duration(self.goal.duration), holds)  # type: ignore[arg-type]  # a goal of an occurrence has one
        return time.instant(found, calendar)  # type: ignore[arg-type]  # no hold is left open

    def __str__(self) -> str:
        due = "" if self.due_at is None else f", due {self.due_at.isoformat(' ', 'minutes')}"
        late = "" if self.late_by is None else f", late by {self.late_by}"
        return f"{self.milestone} {self.number}: {self.state}{due}, used {self.used} of {self.goal.duration}{late}"


def _end(ended_at: datetime | None, at: datetime) -> int:
    return time.micros(at if ended_at is None else ended_at)


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
