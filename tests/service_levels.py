"""Cases that are told in steps, and the calendars and policies that their clocks are tested with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from relex.calendars import BusinessCalendar, weekly
from relex.service import Case, SlaPolicy, sla

if TYPE_CHECKING:
    from relex.service import Clock, Milestone

__all__ = ["ALWAYS", "HOUR", "MINUTE", "NINE_TO_FIVE", "TEN_TO_SIX", "asked", "at", "policy", "told"]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TEN_TO_SIX = BusinessCalendar(weekly("mon-fri", "10:00", "18:00"), tz=UTC)
NINE_TO_FIVE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
ALWAYS = BusinessCalendar.always(UTC)

_TAKES_MESSAGE = {"receive", "reply"}


def at(text: str) -> datetime:
    """An instant of UTC; a time alone is one of Monday 2026-06-01, and a weekday names one of the days after it."""
    day, _, time = text.rpartition(" ")
    days = {"": 1, "Mon": 1, "Tue": 2, "Wed": 3, "Thu": 4, "Fri": 5, "Sat": 6, "Sun": 7}
    date = f"2026-06-{days[day]:02}" if day in days else day
    return datetime.fromisoformat(f"{date} {time}").replace(tzinfo=UTC)


def told(opened: str, *steps: tuple[Any, ...], **opening: Any) -> Case:
    """A case that was opened at an instant, and what then happened: (command, instant, arguments by name)."""
    case, _ = Case.open("c1", at=at(opened), **opening)
    for number, (command, when, *more) in enumerate(steps):
        names = dict(more[0]) if more else {}
        given = [f"m{number}"] if command in _TAKES_MESSAGE else names.pop("given", [])
        case, _ = getattr(case, command)(*given, at=at(when), **names)
    return case


def policy(calendar: BusinessCalendar, *milestones: Milestone, **more: Any) -> SlaPolicy:
    """A policy of milestones on a calendar."""
    return SlaPolicy("gold", milestones, calendar, **more)


def asked(case: Case, given: SlaPolicy, when: str) -> Clock:
    """The first clock of a case at an instant."""
    return sla(case, given, as_of=at(when)).clocks[0]
