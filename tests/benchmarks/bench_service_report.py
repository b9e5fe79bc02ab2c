"""The whole report of a service desk over a stream of cases, each made of its events.

The whole report is: first response and resolution times with their mean, median and 90th percentile, resolution at
first contact, reopenings, promises kept for three milestones on an office calendar, the backlog by day for half a year
with what came and left, its age in five bands, and the load of owners.

A million cases take too long for rounds; `python tests/benchmarks/bench_service_report.py 1000000` runs them once, and
tells seconds of CPU without the making of the events, and the peak of memory.
"""

from __future__ import annotations

import resource
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import process_time
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.harness import Row

from relex.calendars import BusinessCalendar, Period, weekly
from relex.service import (
    Backlog,
    BacklogAge,
    Case,
    CaseClosed,
    CaseMessage,
    CaseMessageReceived,
    CaseOpened,
    CaseOwnerChanged,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseStatusChanged,
    FirstContactResolution,
    FirstResponseTime,
    OwnerLoad,
    ReopenRate,
    SlaPolicy,
    SlaRate,
    StatusEntry,
    TimeToResolve,
    first_response,
    measure,
    next_response,
    resolution,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relex.changes import Event

HOUR = timedelta(hours=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2026, 7, 1, tzinfo=UTC)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
GOLD = SlaPolicy("gold", [first_response(HOUR), next_response(4 * HOUR), resolution(16 * HOUR)], OFFICE)
TIMES = (FirstResponseTime(), TimeToResolve())
WHOLE = (*TIMES, FirstContactResolution(), ReopenRate(), SlaRate(GOLD), Backlog(), BacklogAge(), OwnerLoad())

STORIES = (
    *[("replied", "open", "resolved", "closed")] * 9,
    *[("owned", "open", "replied", "resolved")] * 4,
    *[("replied", "waiting", "received", "open", "replied", "resolved")] * 3,
    ("replied", "open", "resolved", "received", "reopened", "replied", "resolved"),
    ("owned", "open", "replied"),
    ("owned", "open"),
    (),
)
"""What may happen to a case after its opening; with it, they have five events on average."""

SAID: dict[str, tuple[Any, str]] = {"replied": (CaseReplied, "out"), "received": (CaseMessageReceived, "in")}

MOVED: dict[str, tuple[Any, dict[str, Any]]] = {
    "open": (CaseStatusChanged, {"to": "open"}),
    "waiting": (CaseStatusChanged, {"to": "waiting_customer", "kind": "waiting", "waiting_for": "customer"}),
    "resolved": (CaseResolved, {"to": "resolved"}),
    "closed": (CaseClosed, {"to": "closed", "reopens": True}),
    "reopened": (CaseReopened, {"to": "open", "by": "customer"}),
}


def histories(count: int) -> Iterator[tuple[Event, ...]]:
    """The events of so many cases over half a year, the same ones each time."""
    draw = Random(6)  # noqa: S311 - the same cases each time, and no secret
    for number in range(count):
        at = START + timedelta(seconds=draw.randrange(180 * 86_400))
        yield tuple(_history(f"c{number}", at, draw.choice(STORIES), draw))


def _history(case: str, at: datetime, story: tuple[str, ...], draw: Random) -> Iterator[Event]:
    message = CaseMessage("m1", at, direction="in")
    contact = f"k{draw.randrange(300_000)}"
    yield CaseOpened(
        source=case, version=1, at=at, flow="support", to="new", contact=contact, priority="normal", messages=(message,)
    )
    status = "new"
    for version, what in enumerate(story, 2):
        if what not in ("open", "waiting", "reopened"):
            at += timedelta(minutes=draw.randrange(1, 1440))
        event = _event(what, case, version, at, status)
        status = event.to if isinstance(event, StatusEntry) else status
        yield event


def _event(what: str, case: str, version: int, at: datetime, status: str) -> Event:
    head: dict[str, Any] = {"source": case, "version": version, "at": at}
    if what == "owned":
        return CaseOwnerChanged(**head, to=f"agent {version + at.second}")
    if what in SAID:
        kind, direction = SAID[what]
        return kind(**head, message=CaseMessage(f"m{version}", at, direction=direction))
    entry, parts = MOVED[what]
    return entry(**head, flow="support", from_=status, **parts)


def report(cases: Iterable[Case], metrics: Any = WHOLE) -> Any:
    """The report of half a year by day."""
    return measure(cases, metrics, as_of=END, bucket="day", period=Period(START, END))


def rows() -> Iterator[Row]:
    """A hundred thousand cases; and two times of cases that are there, beside a frame of pandas."""
    told = list(histories(100_000))
    yield Row(
        name="100000 cases with 500000 events, the whole report by day, per case",
        ours=lambda: report(map(Case, told)),
        per=len(told),
        at_most=60e-6,
        note="each case made of its events",
    )
    cases = list(map(Case, told))
    frame = _frame(cases)
    yield Row(
        name="first response and resolution times of 100000 cases, per case",
        ours=lambda: measure(cases, TIMES, as_of=END),
        peers={"pandas, columns made before": lambda: _by_pandas(frame)},
        per=len(cases),
        note="mean, median and 90th percentile",
    )


def _frame(cases: list[Case]) -> Any:
    """What a person would have pulled out of events first."""
    import pandas as pd  # noqa: PLC0415 - a peer may be missing

    names = ("opened_at", "first_replied_at", "resolved_at")
    return pd.DataFrame({name: pd.to_datetime([getattr(case, name) for case in cases], utc=True) for name in names})


def _by_pandas(frame: Any) -> Any:
    opened = frame["opened_at"]
    return [
        (times.mean(), times.median(), times.quantile(0.9))
        for times in ((frame[end] - opened).dropna() for end in ("first_replied_at", "resolved_at"))
    ]


class _Made:
    """Counts the seconds that making events takes, and the events."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.events = 0

    def cases(self, count: int) -> Iterator[Case]:
        told = histories(count)
        while True:
            start = process_time()
            history = next(told, None)
            self.spent += process_time() - start
            if history is None:
                return
            self.events += len(history)
            yield Case(history)


def once(count: int) -> None:
    """So many cases, measured once."""
    made, cpu = _Made(), process_time()
    found = report(made.cases(count))
    cpu = process_time() - cpu - made.spent
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for column, figure in zip(found.columns, found.rows[0].figures, strict=True):
        print(f"{column}: {figure}")  # noqa: T201 - it tells
    print(f"{count} cases with {made.events} events, {len(found.rows)} rows")  # noqa: T201
    print(f"CPU {cpu:.1f} s, of a case {cpu / count * 1e6:.1f} us (making the events {made.spent:.1f} s more)")  # noqa: T201
    print(f"peak of memory {memory:.0f} MB")  # noqa: T201


if __name__ == "__main__":
    once(int(sys.argv[1]))
