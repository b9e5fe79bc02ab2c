"""Clocks of service levels: all promises of a case at an instant, and a desk of cases at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from benchmarks.harness import Row

from relex.calendars import BusinessCalendar, weekly
from relex.service import Case, SlaPolicy, first_response, next_response, resolution, sla

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
WINDOWS = weekly("mon-fri", "09:00", "17:00")
PROMISED = (
    first_response({"normal": HOUR, "urgent": HOUR / 2}),
    next_response({"normal": HOUR, "urgent": HOUR / 2}),
    resolution({"normal": 8 * HOUR, "urgent": 4 * HOUR}),
)
OFFICE = SlaPolicy("gold", PROMISED, BusinessCalendar(WINDOWS, tz=UTC))
NEW_YORK = SlaPolicy("gold", PROMISED, BusinessCalendar(WINDOWS, tz=ZoneInfo("America/New_York")))


def rows() -> Iterator[Row]:
    """One case with few and with many events; a thousand cases; what an answer says when it is asked."""
    few, many = case("c1", 0), case("c2", 3)
    as_of = many.changed_at + HOUR
    assert (len(few.history), len(many.history)) == (5, 20)
    desk = [case(f"c{number}", 0) for number in range(1000)]
    answer = sla(many, OFFICE, as_of=as_of)
    yield Row(
        name="sla: a case of 20 events, 3 milestones",
        ours=lambda: sla(many, OFFICE, as_of=as_of),
        at_most=40e-6,
        note="five occurrences and three holds",
    )
    yield Row(
        name="sla: a case of 20 events, 3 milestones, New York",
        ours=lambda: sla(many, NEW_YORK, as_of=as_of),
        at_most=40e-6,
    )
    yield Row(
        name="sla: a case of 5 events, 3 milestones",
        ours=lambda: sla(few, OFFICE, as_of=as_of),
        at_most=15e-6,
    )
    yield Row(
        name="sla: a thousand cases of 5 events",
        ours=lambda: [sla(each, OFFICE, as_of=as_of).state for each in desk],
        per=1000,
        at_most=15e-6,
        note="for one case",
    )
    yield Row(name="Sla: all that its clocks say", ours=lambda: [said(clock) for clock in answer.clocks], per=3)


def said(clock: Any) -> tuple[object, ...]:
    """Everything that a screen would show of a clock."""
    return (clock.state, clock.started_at, clock.due_at, clock.used, clock.remaining, clock.late_by, clock.holds)


def case(id: str, rounds: int) -> Case:  # noqa: A002 - the field's name everywhere in relex
    """A case that is answered and resolved, with so many messages of the customer in between."""
    found, _ = Case.open(id, at=MONDAY, customer="k7", channel="mail")
    found, _ = found.assign("ann", at=MONDAY + HOUR / 12)
    at = MONDAY + HOUR / 2
    found, _ = found.reply("r", at=at, then="waiting_customer" if rounds else None)
    for number in range(rounds):
        at += 20 * HOUR
        found, _ = found.receive(f"m{number}", at=at)
        found, _ = found.reply(f"r{number}", at=at + HOUR / 2, then="waiting_customer")
        at += HOUR / 2
    if rounds:
        found, _ = found.resume(at=at + HOUR)
        found, _ = found.note("looked into it", at=at + HOUR)
    return found.resolve("answered", at=at + 2 * HOUR).state
