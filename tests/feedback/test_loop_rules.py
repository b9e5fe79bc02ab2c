"""Rules of the closed loop: what they may ask, from when on, and by when somebody should act."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, BusinessDays, weekly
from relex.errors import InvalidValue
from relex.feedback import LoopRule
from relex.rules import TRUE, field

OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
FRIDAY = datetime(2026, 5, 8, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "rule",
    [
        field("score") <= 6,
        field("band").is_in("detractor", "passive"),
        field("comment.present") == True,  # noqa: E712 - the notation of rules
        field("reason") == "price",
        field("reason").contains("price"),
        field("account.revenue") > 1_000,
        field("contact.role") == "buyer",
        field("answer.q7") == "yes",
        field("response.touchpoint") == "delivery",
    ],
    ids=str,
)
def test_a_rule_may_ask_what_signals_know(rule: Any) -> None:
    """Facts of the response, of the loop, and of the caller."""
    assert LoopRule("r", rule).when == rule


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"when": field("scor") <= 6}, "LoopRule.when.fact: expected one of"),
        ({"when": field("band") <= 6}, "LoopRule.when: expected a question about a text"),
        ({"when": True}, "LoopRule.when: expected a Rule"),
        ({"name": ""}, "LoopRule.name: expected a non-empty str"),
        ({"priority": ""}, "LoopRule.priority"),
        ({"target": -HOUR}, "LoopRule.target: expected a timedelta of at least 0"),
        ({"target": 48}, "LoopRule.target: expected a timedelta of at least 0"),
        ({"target": BusinessDays(2)}, "LoopRule.target: expected a timedelta \\(BusinessDays need a calendar\\)"),
        ({"calendar": UTC}, "LoopRule.calendar: expected a BusinessCalendar"),
        ({"once_per": "wave"}, "LoopRule.once_per: expected one of response, contact"),
        ({"active_from": FRIDAY.replace(tzinfo=None)}, "LoopRule.active_from: expected a datetime with a time zone"),
        ({"version": 0}, "LoopRule.version: expected an int of at least 1"),
    ],
)
def test_what_is_wrong_is_told(more: dict[str, Any], told: str) -> None:
    """Each attribute says what it may be."""
    with pytest.raises(InvalidValue, match=told):
        LoopRule(**{"name": "r", "when": TRUE, **more})


@pytest.mark.parametrize(
    ("target", "calendar", "due"),
    [
        (None, None, None),
        (2 * HOUR, None, FRIDAY + 2 * HOUR),
        (2 * HOUR, OFFICE, FRIDAY + 66 * HOUR),
        (BusinessDays(1), OFFICE, FRIDAY + 73 * HOUR),
    ],
    ids=["no target", "clock", "business", "days"],
)
def test_due_in_clock_or_business_time(
    target: timedelta | BusinessDays | None, calendar: BusinessCalendar | None, due: datetime | None
) -> None:
    """Without a calendar the clock counts, with one its hours."""
    assert LoopRule("r", TRUE, target=target, calendar=calendar).due(FRIDAY) == due


def test_due_is_an_instant_and_no_wall_clock() -> None:
    """In the night in which clocks go forward, 24 hours later the hands stand one hour on."""
    at = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    due = LoopRule("r", TRUE, target=24 * HOUR).due(at)

    assert due is not None
    assert (due.isoformat(), due.tzinfo) == ("2026-03-29T13:00:00+02:00", at.tzinfo)


def test_due_within_the_years_there_are() -> None:
    """A target beyond the calendar is refused."""
    with pytest.raises(InvalidValue, match=r"LoopRule.target: expected a time after .* within the years 1 to 9999"):
        LoopRule("r", TRUE, target=48 * HOUR).due(datetime(9999, 12, 31, tzinfo=UTC))


def test_instants_have_a_zone() -> None:
    """A naive datetime is refused."""
    naive = FRIDAY.replace(tzinfo=None)

    with pytest.raises(InvalidValue, match=r"LoopRule.due.at"):
        LoopRule("r", TRUE).due(naive)
    with pytest.raises(InvalidValue, match=r"LoopRule.is_active.at"):
        LoopRule("r", TRUE).is_active(naive)


def test_active_from_is_inside() -> None:
    """One microsecond earlier is not looked at; without it everything is."""
    rule = LoopRule("r", TRUE, active_from=FRIDAY)

    assert [rule.is_active(FRIDAY - timedelta(microseconds=1)), rule.is_active(FRIDAY)] == [False, True]
    assert LoopRule("r", TRUE).is_active(datetime(1970, 1, 1, tzinfo=UTC))


def test_a_rule_reads_itself_out() -> None:
    """The name, the rule and the target."""
    rule = LoopRule("low", field("score") <= 2, target=timedelta(days=1))

    assert str(rule) == "low: when score is at most 2, within 1 day, 0:00:00"
    assert str(LoopRule("low", field("score") <= 2)) == "low: when score is at most 2"
