"""Whether a resolved case was silent for long enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue
from relex.service import Case, CaseClosed, close_due

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
OPEN = Case.open("c1", customer="k7", at=NOON).state
RESOLVED = OPEN.resolve("fixed", at=NOON).state


@pytest.mark.parametrize(("silence", "expected"), [(DAY, False), (DAY + SECOND, True)], ids=["the limit", "longer"])
def test_longer_than_is_allowed(silence: timedelta, *, expected: bool) -> None:
    assert close_due(RESOLVED, DAY, as_of=NOON + silence) is expected


def test_only_what_is_resolved() -> None:
    cases = [OPEN, OPEN.hold("waiting_customer", at=NOON).state, RESOLVED.close(at=NOON).state]

    assert [close_due(case, DAY, as_of=NOON + 9 * DAY) for case in cases] == [False, False, False]


def test_our_word_breaks_the_silence() -> None:
    case = RESOLVED.reply("m1", at=NOON + HOUR).state

    assert close_due(case, DAY, as_of=NOON + DAY + HOUR) is False
    assert close_due(case, DAY, as_of=NOON + DAY + HOUR + SECOND) is True


def test_a_machine_and_a_note_do_not() -> None:
    case = RESOLVED.reply("m1", automatic=True, at=NOON + HOUR).state.note("Not heard of", at=NOON + 2 * HOUR).state

    assert close_due(case, DAY, as_of=NOON + DAY + SECOND) is True


def test_a_reopened_case_begins_anew() -> None:
    case = RESOLVED.reopen("again", at=NOON + DAY).state
    again = case.resolve("fixed", at=NOON + 2 * DAY).state

    assert close_due(case, DAY, as_of=NOON + 9 * DAY) is False
    assert close_due(again, DAY, as_of=NOON + 3 * DAY) is False


def test_later_events_are_not_looked_at() -> None:
    case = RESOLVED.close(at=NOON + 9 * DAY).state

    assert close_due(case, DAY, as_of=NOON + 2 * DAY) is True
    assert close_due(case, DAY, as_of=NOON - DAY) is False


def test_silence_in_office_hours() -> None:
    office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)

    assert close_due(RESOLVED, 8 * HOUR, as_of=NOON + DAY, calendar=office) is False
    assert close_due(RESOLVED, 8 * HOUR, as_of=NOON + DAY + SECOND, calendar=office) is True


def test_closing_says_that_nobody_did_it() -> None:
    (event,) = RESOLVED.close(at=NOON + 9 * DAY, automatic=True).events

    assert isinstance(event, CaseClosed)
    assert event.automatic


@pytest.mark.parametrize(
    ("after", "as_of"), [(-DAY, NOON), (7, NOON), (DAY, NOON.replace(tzinfo=None))], ids=["negative", "int", "naive"]
)
def test_what_is_no_silence(after: Any, as_of: datetime) -> None:
    with pytest.raises(InvalidValue, match="close_due"):
        close_due(RESOLVED, after, as_of=as_of)
