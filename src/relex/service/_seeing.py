"""Many cases as they were at an instant, and the facts that rules about them are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

from relex import _checks, _flow
from relex.errors import InvalidValue
from relex.service._case import Case
from relex.service._case_facts import NAMES

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from relex.calendars import BusinessCalendar, BusinessDays

__all__ = ["asked_facts", "cases_of", "later"]

_CASE = _checks.a(Case)


def cases_of(name: str, cases: Iterable[Case], as_of: datetime) -> Iterator[Case]:
    """The cases as they were at an instant, one by one, without those that were opened later.

    Raises:
        InvalidValue: For what is no case.
    """
    _checks.instant.require(f"{name}.as_of", as_of)
    if isinstance(cases, (str, bytes, Mapping)) or not isinstance(cases, Iterable):
        raise InvalidValue(f"{name}.cases", cases, "an iterable of cases")
    for place, case in enumerate(cases):
        _CASE.require(f"{name}.cases[{place}]", case)
        then = case.as_of(as_of)
        if then is not None:
            yield then


def asked_facts(name: str, case: Case, given: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The facts of a case with the application's own.

    Raises:
        InvalidValue: For a fact that shadows one of the case.
    """
    return _flow.given_facts(case.facts(), given, NAMES, f"{name}.facts") if given is not None else case.facts()


def later(path: str, at: datetime, duration: timedelta | BusinessDays, calendar: BusinessCalendar | None) -> datetime:
    """The instant so much time later: on a calendar, or of the clock, whatever its zone does to its hands.

    Raises:
        InvalidValue: For an instant that no calendar has.
    """
    if calendar is not None:
        return calendar.due(at, duration)
    try:
        return (at.astimezone(UTC) + duration).astimezone(at.tzinfo)  # type: ignore[operator]  # days have a calendar
    except OverflowError:
        raise InvalidValue(path, duration, f"a time after {at.isoformat()} within the years 1 to 9999") from None
