"""What the desk asks of its cases: every figure is a question as of an instant, and keeps its parts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from relex.calendars import Period
from relex.service import (
    Backlog,
    BacklogAge,
    CaseQueue,
    DueEscalation,
    FirstContactResolution,
    FirstResponseTime,
    ImportedCases,
    OwnerLoad,
    PerCase,
    ReopenRate,
    ResponseTime,
    ServiceReport,
    Sla,
    SlaRate,
    TimeToResolve,
    case_timeline,
    due_escalations,
    measure,
    queue,
    sla,
)
from service_desk.calls import figures
from service_desk.company import ESCALATION, FLOW, OFFICE, POLICIES, ZONE
from service_desk.log import promised

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from relex.service import Case, CaseTimeline, ContactAttempt

METRICS = (
    FirstResponseTime(calendar=OFFICE),
    ResponseTime(calendar=OFFICE),
    TimeToResolve(calendar=OFFICE, net=True),
    SlaRate(POLICIES),
    FirstContactResolution(),
    ReopenRate(),
    PerCase("reassignments"),
    PerCase("transfers"),
    Backlog(),
)


@attrs.frozen(kw_only=True)
class Desk:
    """Everything that the desk sees.

    Attributes:
        imported: The cases as they were read, the rows that were refused, what nobody knows.
        as_of: The instant of every question.
        cases: All that had been opened by then, as they were, with their promises.
        open: Those of the backlog, by id.
        clocks: What was promised to each of those, by id.
        report: The figures, in all and by priority.
        by_day: The backlog at the end of each day.
        by_week: What came and what left in each week.
        ages: How old the backlog is, and who has how much of it.
        loads: The backlog of each owner.
        queue: The order in which it should be worked on.
        due: Who is to be told of what, now.
        timeline: The life of one case.
        calls: The figures of the calls, in all and by month; None where none were given.
    """

    imported: ImportedCases
    as_of: datetime
    cases: tuple[Case, ...]
    open: dict[str, Case]
    clocks: dict[str, Sla]
    report: ServiceReport
    by_day: ServiceReport
    by_week: ServiceReport
    ages: ServiceReport
    loads: ServiceReport
    queue: CaseQueue
    due: tuple[DueEscalation, ...]
    timeline: CaseTimeline | None
    calls: ServiceReport | None


def asked(
    imported: ImportedCases,
    as_of: datetime,
    one: str | None = None,
    attempts: Iterable[ContactAttempt] | None = None,
) -> Desk:
    """Everything that is asked of the cases of a log and of calls at an instant; one case is told line by line."""
    as_of = as_of.astimezone(ZONE)
    known = [case.as_of(as_of) for case in imported.cases]
    cases = tuple([promised(case) for case in known if case is not None])
    still = {each.id: each for each in cases if each.kind in {"open", "waiting"}}
    clocks = {name: sla(each, POLICIES, as_of=as_of) for name, each in still.items()}
    year = Period(first_day(cases, as_of), as_of.date() + timedelta(days=1))
    return Desk(
        imported=imported,
        as_of=as_of,
        cases=cases,
        open=still,
        clocks=clocks,
        report=measure(cases, METRICS, as_of=as_of, by=["priority"], tz=ZONE),
        by_day=measure(cases, [Backlog()], as_of=as_of, bucket="day", period=year, tz=ZONE),
        by_week=measure(cases, [Backlog()], as_of=as_of, bucket="week", period=year, tz=ZONE),
        ages=measure(cases, [BacklogAge(), OwnerLoad()], as_of=as_of, tz=ZONE),
        loads=measure(still.values(), [Backlog()], as_of=as_of, by=["team", "owner"], tz=ZONE),
        queue=queue(still.values(), POLICIES, as_of=as_of, priorities=FLOW.priorities),
        due=tuple(
            due for name, each in still.items() for due in due_escalations(each, ESCALATION, clocks[name], as_of=as_of)
        ),
        timeline=told(cases, as_of, one),
        calls=None if attempts is None else figures(attempts, as_of),
    )


def first_day(cases: Iterable[Case], as_of: datetime) -> date:
    """The day of the first opening."""
    return min([case.opened_at for case in cases], default=as_of).astimezone(ZONE).date()


def told(cases: tuple[Case, ...], as_of: datetime, name: str | None) -> CaseTimeline | None:
    """The life of the case of this id; without one, of the last closed case of which most happened."""
    closed = [case for case in cases if case.kind == "closed" and case.ends == "closed" and case.reopens]
    chosen = [case for case in cases if case.id == name] if name else sorted(closed, key=lambda it: len(it.history))
    return case_timeline(chosen[-1], sla(chosen[-1], POLICIES, as_of=as_of)) if chosen else None
