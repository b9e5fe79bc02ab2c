"""The closed loop: the worked cases of feedback, section 10."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import Rejected
from relex.feedback import LoopRecord, LoopReport, loop_report
from relex.rules import Requirement, field
from relex.service import Case, CaseFlow, Status

HOUR = timedelta(hours=1)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
COMMENT = Requirement("comment", ~field("comment").is_missing(), "Say why")


def may(day: int, hour: int) -> datetime:
    """An hour of May 2024."""
    return datetime(2024, 5, day, hour, tzinfo=UTC)


RECORDS = (
    LoopRecord("s1", may(3, 16), may(6, 10)),
    LoopRecord("s2", may(7, 9), may(8, 9)),
    LoopRecord("s3", may(9, 9)),
    LoopRecord("s4", may(6, 9)),
    LoopRecord("s5", may(7, 9), may(9, 9)),
)


def judged(report: LoopReport) -> list[tuple[str, str, timedelta]]:
    """Each signal with its status and its time."""
    return [(line.record.signal, line.status, line.elapsed) for line in report.lines]


def test_fb_40_clock_time() -> None:
    """Target 48 hours of the clock. Source: own."""
    report = loop_report(RECORDS, 48 * HOUR, as_of=may(10, 12))

    assert judged(report) == [
        ("s1", "missed", 66 * HOUR),
        ("s2", "met", 24 * HOUR),
        ("s3", "pending", 27 * HOUR),
        ("s4", "missed", 99 * HOUR),
        ("s5", "met", 48 * HOUR),
    ]
    assert (report.rate.value, report.mean.value, report.median.value) == (Fraction(1, 2), 46, 48)


def test_fb_40_business_time() -> None:
    """Target 16 hours, Monday to Friday from 9 to 17. Source: own."""
    report = loop_report(RECORDS, 16 * HOUR, OFFICE, as_of=may(10, 12))

    assert judged(report) == [
        ("s1", "met", 2 * HOUR),
        ("s2", "met", 8 * HOUR),
        ("s3", "pending", 11 * HOUR),
        ("s4", "missed", 35 * HOUR),
        ("s5", "met", 16 * HOUR),
    ]
    assert report.rate.value == Fraction(3, 4)


class TestFB41:
    """States of a follow-up as its case has them. Source: settings of CustomerGauge."""

    progressive = CaseFlow.preset("progressive", "follow_up")
    free = CaseFlow(
        "free", [Status("open", "open"), Status("in_progress", "open"), *CaseFlow.preset("progressive").statuses[2:]]
    )

    def test_progressive_goes_forward(self) -> None:
        """None, open, in progress, closed, and open again."""
        case, _ = Case.open("f1", flow=self.progressive, at=may(6, 9))
        found = [case.status]
        for status in ("in_progress", "closed"):
            case, _ = case.move_to(status, note="Called", flow=self.progressive, at=may(6, 10))
            found.append(case.status)
        case, _ = case.reopen(flow=self.progressive, at=may(6, 11))

        assert [*found, case.status] == ["open", "in_progress", "closed", "open"]

    def test_progressive_leaves_nothing_out(self) -> None:
        """Open to closed is refused, with what is allowed."""
        case, _ = Case.open("f1", flow=self.progressive, at=may(6, 9))

        with pytest.raises(Rejected) as refused:
            case.close(note="Called", flow=self.progressive, at=may(6, 10))
        assert (refused.value.reason, refused.value.allowed) == ("move_not_allowed", ("in_progress",))

    def test_not_progressive_goes_anywhere(self) -> None:
        """Open to closed, back to in progress, back to open."""
        case, _ = Case.open("f1", flow=self.free, at=may(6, 9))
        case, _ = case.move_to("closed", note="Called", flow=self.free, at=may(6, 10))
        case, _ = case.reopen(status="in_progress", flow=self.free, at=may(6, 11))

        assert case.move_to("open", flow=self.free, at=may(6, 12)).state.status == "open"

    def test_a_comment_may_be_asked_for(self) -> None:
        """A change of the status without one is refused; with one it goes."""
        flow = CaseFlow("asking", self.free.statuses, requires={"move_to": [COMMENT]})
        case, _ = Case.open("f1", flow=flow, at=may(6, 9))

        with pytest.raises(Rejected, match="Say why"):
            case.move_to("in_progress", flow=flow, at=may(6, 10))
        assert case.move_to("in_progress", note="I call", flow=flow, at=may(6, 10)).state.status == "in_progress"
