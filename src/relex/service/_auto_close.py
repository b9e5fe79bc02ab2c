"""Whether a case that is thought to be done has been silent for so long that it may be closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex import _checks
from relex._instants import moment
from relex.calendars import BusinessCalendar
from relex.service._case import Case

if TYPE_CHECKING:
    from datetime import datetime, timedelta

__all__ = ["close_due"]

_CASE = _checks.a(Case)
_CALENDAR = _checks.optional(_checks.a(BusinessCalendar))


def close_due(case: Case, after: timedelta, *, as_of: datetime, calendar: BusinessCalendar | None = None) -> bool:
    """Whether a resolved case has been silent for longer than a time, so that it may be closed.

    The silence begins when the case was last resolved, or with the last message since, of either side. Notes, internal
    messages, automatic ones and changes of fields do not break it: none of them says that somebody still waits.

    It is a question, and closes nothing: `case.close(at=..., automatic=True)` does. A case that is open, waiting or
    closed at the instant is never due.

    Args:
        case: With its whole history; later events than `as_of` are not looked at.
        after: The silence that is still allowed; exactly so long is not yet due.
        as_of: When it is asked.
        calendar: In whose time the silence is counted; by default all time counts.

    Raises:
        InvalidValue: For a negative time, a naive datetime, or a wrong type.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> case = Case.open("c1", customer="k7", at=noon).then(lambda it: it.resolve("fixed", at=noon)).state
        >>> week = timedelta(days=7)
        >>> close_due(case, week, as_of=noon + week)
        False
        >>> close_due(case, week, as_of=noon + week + timedelta(seconds=1))
        True

    .. versionadded:: 0.1.0
    """
    _CASE.require("close_due.case", case)
    _checks.elapsed.require("close_due.after", after)
    _checks.instant.require("close_due.as_of", as_of)
    _CALENDAR.require("close_due.calendar", calendar)
    then = case.as_of(as_of)
    if then is None or then.kind != "resolved":
        return False
    since = _silent_since(then)
    silence = moment(as_of) - moment(since) if calendar is None else calendar.elapsed(since, as_of)
    return silence > after


def _silent_since(case: Case) -> datetime:
    """When a resolved case was last spoken in, or resolved."""
    spoken = [each.at for each in case.messages if each.counts]
    return max([case.resolved_at or case.opened_at, *spoken], key=moment)
