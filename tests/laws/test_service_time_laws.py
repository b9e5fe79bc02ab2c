"""Laws of the time that cases spend in their statuses."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st

from relex.calendars import BusinessCalendar, weekly
from relex.service import case_timeline, status_times
from relex.testing.strategies import cases

if TYPE_CHECKING:
    from datetime import datetime

    from relex.service import Case

OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=ZoneInfo("Europe/Vienna"))
LATER = st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(hours=5), timedelta(days=3)])
lean = settings(max_examples=60)


def end_of(case: Case, as_of: datetime) -> datetime:
    """Until when a case ages: it stops when it is closed."""
    return case.status_entered_at if case.kind == "closed" else as_of


@lean
@given(cases(max_size=12), LATER)
def test_status_times_add_up_to_the_age(case: Case, later: timedelta) -> None:
    as_of = case.changed_at.astimezone(UTC) + later

    assert status_times(case, as_of=as_of).total == end_of(case, as_of).astimezone(UTC) - case.opened_at.astimezone(UTC)


@lean
@given(cases(max_size=12), LATER)
def test_status_times_add_up_to_the_age_in_business_time(case: Case, later: timedelta) -> None:
    as_of = case.changed_at.astimezone(UTC) + later
    found = status_times(case, as_of=as_of, calendar=OFFICE)

    assert found.total == OFFICE.elapsed(case.opened_at, end_of(case, as_of))
    assert sum([time for _, time in found.by_status], timedelta(0)) == found.total
    assert sum([time for _, time in found.by_kind], timedelta(0)) == found.total


@lean
@given(cases(max_size=12), st.data())
def test_what_is_told_as_of_an_instant_does_not_depend_on_later_events(case: Case, data: st.DataObject) -> None:
    as_of = data.draw(st.sampled_from([event.at for event in case.history]))
    then = case.as_of(as_of)
    assert then is not None

    assert status_times(case, as_of=as_of) == status_times(then, as_of=as_of)
    assert case_timeline(case, as_of=as_of) == case_timeline(then, as_of=as_of)


@lean
@given(cases(max_size=12), LATER)
def test_the_lines_of_a_timeline_add_up_to_the_age(case: Case, later: timedelta) -> None:
    as_of = case.changed_at.astimezone(UTC) + later
    lines = case_timeline(case, as_of=as_of).rows

    assert len(lines) == len(case.history)
    assert sum([line.lasted for line in lines if line.lasted is not None], timedelta(0)) == (
        end_of(case, as_of).astimezone(UTC) - case.opened_at.astimezone(UTC)
    )
