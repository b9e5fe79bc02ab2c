"""Reports of the loop: met, missed and pending, and how long it took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue
from relex.feedback import LoopRecord, Signal, loop_report

MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MICRO = timedelta(microseconds=1)
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("contacted", "asked", "expected"),
    [
        (2 * HOUR, 3 * HOUR, "met"),
        (2 * HOUR + MICRO, 3 * HOUR, "missed"),
        (None, 2 * HOUR, "pending"),
        (None, 2 * HOUR + MICRO, "missed"),
        (HOUR, HOUR - MICRO, "pending"),
        (9 * HOUR, 3 * HOUR, "missed"),
        (timedelta(0), timedelta(0), "met"),
    ],
    ids=["at the target", "just after", "still in time", "too late", "not known yet", "known to be late", "at once"],
)
def test_status(contacted: timedelta | None, asked: timedelta, expected: str) -> None:
    """The target is inside; what happened after the question is not seen."""
    record = LoopRecord("s1", MONDAY, None if contacted is None else MONDAY + contacted)
    report = loop_report([record], 2 * HOUR, as_of=MONDAY + asked)

    assert [line.status for line in report.lines] == [expected]
    assert [report.count(status) for status in ("met", "missed", "pending")] == [
        int(expected == status) for status in ("met", "missed", "pending")
    ]


def test_what_was_opened_later_is_not_there() -> None:
    """Nor does it count."""
    report = loop_report([LoopRecord("s1", MONDAY + MICRO), LoopRecord("s2", MONDAY)], HOUR, as_of=MONDAY)

    assert [line.record.signal for line in report.lines] == ["s2"]


def test_closed_without_a_contact_is_not_met() -> None:
    """Whoever closes does not answer."""
    record = LoopRecord("s1", MONDAY, closed_at=MONDAY + HOUR)
    report = loop_report([record], 2 * HOUR, as_of=MONDAY + DAY)

    assert ([line.status for line in report.lines], report.closed) == (["missed"], 1)
    assert loop_report([record], 2 * HOUR, as_of=MONDAY).closed == 0


def test_no_contact_and_nothing_judged() -> None:
    """A rate without a denominator, and a time without a contact, say why they are not there."""
    report = loop_report([LoopRecord("s1", MONDAY)], DAY, as_of=MONDAY + HOUR)

    assert (report.rate.value, report.rate.reason, dict(report.rate.parts)["pending"]) == (None, "zero_denominator", 1)
    assert (
        (report.mean.value, report.mean.reason) == (report.median.value, report.median.reason) == (None, "no_contact")
    )
    assert "rate none (zero_denominator)" in str(report)


def test_times_are_of_those_who_were_contacted() -> None:
    """In time or late, exact, in hours."""
    records = [LoopRecord(f"s{hours}", MONDAY, MONDAY + hours * HOUR) for hours in (1, 2, 30, 40)]
    report = loop_report([*records, LoopRecord("s", MONDAY)], DAY, as_of=MONDAY + 40 * HOUR)

    assert (len(report.contacted), report.mean.value, report.median.value) == (4, Fraction(73, 4), 16)


def test_instants_and_no_wall_clock() -> None:
    """Two zones may name one instant."""
    zone = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
    report = loop_report([LoopRecord("s1", MONDAY, MONDAY + DAY)], 8 * HOUR, zone, as_of=MONDAY + DAY)

    assert [line.status for line in report.lines] == ["met"]


def test_a_record_keeps_the_id_of_its_signal() -> None:
    """Give the signal or its id."""
    signal = Signal(id="low:s1", rule="low", response="s1:1", survey="nps", at=MONDAY)

    assert LoopRecord(signal, MONDAY) == LoopRecord("low:s1", MONDAY)


@pytest.mark.parametrize("name", ["contacted_at", "closed_at"])
def test_nothing_happens_before_the_opening(name: str) -> None:
    """A contact or a closing before it is refused; at the same instant it is not."""
    assert getattr(LoopRecord("s1", MONDAY, **{name: MONDAY}), name) == MONDAY
    with pytest.raises(InvalidValue, match=rf"LoopRecord.{name}: expected no earlier than the opening"):
        LoopRecord("s1", MONDAY, **{name: MONDAY - MICRO})


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"records": [LoopRecord("s1", MONDAY)] * 2}, "without two equal signals"),
        ({"records": ["s1"]}, "loop_report.records"),
        ({"target": -HOUR}, "loop_report.target"),
        ({"calendar": UTC}, "loop_report.calendar"),
        ({"as_of": MONDAY.replace(tzinfo=None)}, "loop_report.as_of"),
    ],
    ids=["twice", "records", "target", "calendar", "as_of"],
)
def test_wrong_arguments(more: dict[str, Any], told: str) -> None:
    """Each is named."""
    with pytest.raises(InvalidValue, match=told):
        loop_report(**{"records": [], "target": HOUR, "as_of": MONDAY, **more})


def test_a_status_that_there_is_not() -> None:
    """The words are listed."""
    with pytest.raises(InvalidValue, match=r"count.status: expected one of met, missed, pending"):
        loop_report([], HOUR, as_of=MONDAY).count("open")


def test_it_is_seen() -> None:
    """One row for each record, escaped, and what was counted."""
    records = [LoopRecord("<s1>", MONDAY, MONDAY + HOUR), LoopRecord("s2", MONDAY)]
    report = loop_report(records, DAY, as_of=MONDAY + 2 * HOUR)
    shown = report._repr_html_()

    assert str(report) == "1 met, 0 missed, 1 pending; rate 100.0 percent; mean 1.0 hours"
    assert str(report.lines[1]) == "s2: pending after 2:00:00"
    assert "&lt;s1&gt;" in shown
    assert "of clock time" in shown
    assert "of business time" in loop_report([], DAY, BusinessCalendar.always(UTC), as_of=MONDAY)._repr_html_()
