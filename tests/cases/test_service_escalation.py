"""Worked cases of escalations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.calendars import BusinessCalendar
from relex.service import (
    Case,
    EscalationPolicy,
    EscalationRule,
    SlaPolicy,
    due_escalations,
    first_response,
    resolution,
    sla,
)

OPENED = datetime(2026, 6, 1, 8, tzinfo=UTC)
NOW = OPENED + timedelta(hours=5)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
URGENT = SlaPolicy(
    "urgent",
    [first_response({"urgent": HOUR}), resolution({"urgent": 4 * HOUR})],
    BusinessCalendar.always(UTC),
)
BOTH = EscalationRule("both", "overdue", ["first_response", "resolution"], notify=["manager"])


def scanned(case: Case, policy: EscalationPolicy, at: datetime) -> tuple[Case, list[list[str]]]:
    """The case after a scan, and what was recorded."""
    found = []
    for due in due_escalations(case, policy, sla(case, URGENT, as_of=at), as_of=at):
        case, events = case.escalate(due, at=at)
        found += [[each.milestone for each in event.occurrences] for event in events]  # type: ignore[attr-defined]
    return case, found


class TestSv49:
    """SV-49. Source: BottleCRM, tests of the escalation of cases."""

    CASE = Case.open("c1", customer="k7", priority="urgent", at=OPENED).state

    def test_one_event_with_both_milestones(self) -> None:
        _, found = scanned(self.CASE, EscalationPolicy([BOTH]), NOW)

        assert found == [["first_response", "resolution"]]

    def test_the_second_scan_gives_nothing(self) -> None:
        case, _ = scanned(self.CASE, EscalationPolicy([BOTH]), NOW)

        assert scanned(case, EscalationPolicy([BOTH]), NOW) == (case, [])
        assert scanned(case, EscalationPolicy([BOTH]), NOW + 99 * HOUR) == (case, [])

    def test_repetitions_up_to_the_limit(self) -> None:
        policy, case, counts = EscalationPolicy([BOTH], repeat_every=60 * MINUTE, limit=3), self.CASE, []
        for minutes in (0, 30, 60, 90, 120, 180, 6000):
            case, found = scanned(case, policy, NOW + minutes * MINUTE)
            counts.append(len(found))

        assert counts == [1, 0, 1, 0, 1, 0, 0]
