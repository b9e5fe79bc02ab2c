"""Examples of what is measured of cases."""

from __future__ import annotations

from datetime import UTC, timedelta

from relex.calendars import BusinessCalendar, Days, weekly
from relex.service import (
    Backlog,
    BacklogAge,
    CustomerWaiting,
    FirstContactResolution,
    FirstResponseTime,
    OwnerLoad,
    PerCase,
    ReopenRate,
    ResponseTime,
    SlaPolicy,
    SlaRate,
    TimeToResolve,
    first_response,
    resolution,
)

__all__ = ["examples"]

HOUR = timedelta(hours=1)


def examples() -> list[object]:
    """At least one of each class, with every kind of content."""
    office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
    gold = SlaPolicy("gold", [first_response(HOUR), resolution(16 * HOUR)], office)
    return [
        FirstResponseTime(),
        FirstResponseTime(name="office", calendar=office, dated="end", statistics=["median", "p99.9"]),
        ResponseTime(),
        TimeToResolve(),
        TimeToResolve(name="net", which="first", net=True, fallback="closed"),
        CustomerWaiting(),
        FirstContactResolution(),
        FirstContactResolution(name="again", by="no_follow_up", window=Days(30), topic="product"),
        FirstContactResolution(name="soon", by="no_reopen", window=36 * HOUR),
        ReopenRate(),
        PerCase("contacts"),
        PerCase("transfers", name="moves"),
        SlaRate(gold),
        SlaRate(gold, name="breaches", milestones=["resolution"], of="all", counts="breached"),
        Backlog(),
        BacklogAge(),
        BacklogAge(name="office", edges=[8 * HOUR], calendar=office),
        OwnerLoad(),
    ]
