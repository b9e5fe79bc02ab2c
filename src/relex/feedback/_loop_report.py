"""Whether those who gave feedback heard back in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import note, table
from relex._instants import is_before, moment, moment_or_none
from relex.calendars import BusinessCalendar
from relex.errors import InvalidValue
from relex.feedback._signals import Signal
from relex.figures import Figure, quantile, ratio

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LoopLine", "LoopRecord", "LoopReport", "loop_report"]

_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_MICRO = timedelta(microseconds=1)
_HOUR = timedelta(hours=1) // _MICRO


def _signal_id(value: Signal | str) -> str:
    return value.id if isinstance(value, Signal) else value


@attrs.frozen(weakref_slot=False)
class LoopRecord:
    """What became of a signal, as it can be read off the case that was opened from it.

    Attributes:
        signal: Id of the signal, or the signal, of which the id is kept.
        opened_at: When the follow-up was opened.
        contacted_at: When somebody first got in touch; None where nobody did.
        closed_at: When the follow-up was closed; None while it is not.

    Raises:
        InvalidValue: For a contact or a closing before the opening, or a naive datetime.

    .. versionadded:: 0.1.0
    """

    signal: str = attrs.field(converter=_signal_id, validator=_checks.text)
    opened_at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    contacted_at: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE, eq=moment_or_none)
    closed_at: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE, eq=moment_or_none)

    def __attrs_post_init__(self) -> None:
        """Check that nothing happened before the opening."""
        for name in ("contacted_at", "closed_at"):
            at = getattr(self, name)
            if at is not None and is_before(at, self.opened_at):
                expected = f"no earlier than the opening, {self.opened_at.isoformat()}"
                raise InvalidValue(f"LoopRecord.{name}", at, expected)


@attrs.frozen(kw_only=True, weakref_slot=False)
class LoopLine:
    """One record, judged; made by `loop_report`.

    Attributes:
        record: As it was given.
        status: `met`, `missed` or `pending`.
        contacted_at: When somebody got in touch; None where nobody had by then.
        elapsed: From the opening to the contact, or to the instant of the question where there was none by then;
            business time where a calendar was given.

    .. versionadded:: 0.1.0
    """

    record: LoopRecord
    status: str
    contacted_at: datetime | None = attrs.field(eq=moment_or_none)
    elapsed: timedelta

    def __str__(self) -> str:
        return f"{self.record.signal}: {self.status} after {self.elapsed}"


@attrs.frozen(kw_only=True)
class LoopReport:
    """How many were contacted within the target; made by `loop_report`.

    Attributes:
        lines: One for each record that was open by then, in the order in which they were given.
        target: How long the contact may take.
        calendar: Whose business time it is; None is clock time.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    lines: tuple[LoopLine, ...]
    target: timedelta
    calendar: BusinessCalendar | None
    as_of: datetime = attrs.field(eq=moment)

    def count(self, status: str) -> int:
        """How many are `met`, `missed` or `pending`.

        Raises:
            InvalidValue: For another word.

        .. versionadded:: 0.1.0
        """
        _checks.one_of("met", "missed", "pending").require("count.status", status)
        return sum([line.status == status for line in self.lines])

    @property
    def contacted(self) -> tuple[LoopLine, ...]:
        """Those who were contacted by then, in time or late."""
        return tuple([line for line in self.lines if line.contacted_at is not None])

    @property
    def closed(self) -> int:
        """How many were closed by then."""
        return sum([_is_known(line.record.closed_at, self.as_of) for line in self.lines])

    @property
    def rate(self) -> Figure:
        """Met by met and missed; what is pending is a part of it and counts as neither."""
        met, missed = self.count("met"), self.count("missed")
        parts = {"met": met, "missed": missed, "pending": self.count("pending")}
        return ratio(met, met + missed, parts=parts, method="loop_report", as_of=self.as_of)

    @property
    def mean(self) -> Figure:
        """The mean time to the contact in hours, over those who were contacted; None with `no_contact`."""
        hours = self._hours()
        if not hours:
            return self._none("mean")
        return ratio(sum(hours, Fraction(0)), len(hours), "hours", method="mean", as_of=self.as_of)

    @property
    def median(self) -> Figure:
        """The median time to the contact in hours, over those who were contacted; None with `no_contact`."""
        hours = self._hours()
        if not hours:
            return self._none("median")
        parts = {"contacted": len(hours)}
        return Figure(quantile(hours, Fraction(1, 2)), "hours", parts=parts, method="median", as_of=self.as_of)

    def _hours(self) -> list[Fraction]:
        return sorted([Fraction(line.elapsed // _MICRO, _HOUR) for line in self.contacted])

    def _none(self, method: str) -> Figure:
        return Figure(None, "hours", parts={"contacted": 0}, method=method, reason="no_contact", as_of=self.as_of)

    def __str__(self) -> str:
        counts = ", ".join([f"{self.count(status)} {status}" for status in ("met", "missed", "pending")])
        return f"{counts}; rate {self.rate.as_percent().show(1)} percent; mean {self.mean.show(1)} hours"

    def _repr_html_(self) -> str:
        """One row for each record."""
        rows = [
            (
                line.record.signal,
                line.status,
                _minute(line.record.opened_at),
                _minute(line.contacted_at),
                Figure(Fraction(line.elapsed // _MICRO, _HOUR)).show(1),
            )
            for line in self.lines
        ]
        titles = ("signal", "status", "opened at", "contacted at", "hours")
        kind = "clock time" if self.calendar is None else "business time"
        words = f"Target {self.target} of {kind}, as of {_minute(self.as_of)}. What is pending does not count."
        return table(str(self), titles, rows) + note(words)


def loop_report(
    records: Iterable[LoopRecord], target: timedelta, calendar: BusinessCalendar | None = None, *, as_of: datetime
) -> LoopReport:
    """How many who gave feedback heard back in time: met, missed, or pending.

    Met is a contact within the target, which itself is inside; missed is a later one, or none when more time than the
    target has passed; everything else is pending. What happened after `as_of` is not seen, nor is a record that was
    opened later.

    Args:
        records: At most one for each signal.
        target: How long the contact may take, from the opening.
        calendar: Whose business time that is; None is clock time.
        as_of: The instant; aware.

    Raises:
        InvalidValue: For a target below 0, two records of one signal, a naive datetime, or a wrong type.

    Example:
        >>> from datetime import UTC
        >>> day = datetime(2026, 5, 4, 9, tzinfo=UTC)
        >>> hour = timedelta(hours=1)
        >>> records = [LoopRecord("s1", day, day + 48 * hour), LoopRecord("s2", day), LoopRecord("s3", day + 30 * hour)]
        >>> print(loop_report(records, 48 * hour, as_of=day + 60 * hour))
        1 met, 1 missed, 1 pending; rate 50.0 percent; mean 48.0 hours

    .. versionadded:: 0.1.0
    """
    _checks.elapsed.require("loop_report.target", target)
    _checks.optional(_checks.a(BusinessCalendar)).require("loop_report.calendar", calendar)
    _checks.instant.require("loop_report.as_of", as_of)
    given = _checks.items("loop_report.records", records)
    _checks.each(_checks.a(LoopRecord)).require("loop_report.records", given)
    _checks.unique("signal").require("loop_report.records", given)
    lines = [_line(record, target, calendar, as_of) for record in given if not is_before(as_of, record.opened_at)]
    return LoopReport(lines=tuple(lines), target=target, calendar=calendar, as_of=as_of)


def _line(record: LoopRecord, target: timedelta, calendar: BusinessCalendar | None, as_of: datetime) -> LoopLine:
    contacted = record.contacted_at if _is_known(record.contacted_at, as_of) else None
    elapsed = _elapsed(record.opened_at, contacted or as_of, calendar)
    status = "missed" if elapsed > target else "pending" if contacted is None else "met"
    return LoopLine(record=record, status=status, contacted_at=contacted, elapsed=elapsed)


def _elapsed(start: datetime, end: datetime, calendar: BusinessCalendar | None) -> timedelta:
    return moment(end) - moment(start) if calendar is None else calendar.elapsed(start, end)


def _is_known(at: datetime | None, as_of: datetime) -> bool:
    """Whether something had happened by then."""
    return at is not None and not is_before(as_of, at)


def _minute(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(" ", "minutes")
