"""The calls of the desk: a sample of them, how they are read, and what is asked of them."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from relex.service import (
    Abandonment,
    ContactAttempt,
    HandlingTime,
    ServiceLevel,
    ServiceReport,
    SpeedOfAnswer,
    measure_attempts,
)
from service_desk.company import OFFICE, ZONE
from service_desk.sample import BY_HOUR, FIRST, LAST, RELEASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FIELDS = ("call", "offered", "answered", "gave_up", "by", "talk", "hold", "wrap_up")
LINES = ("ana", "cy")
METRICS = (
    ServiceLevel(within=timedelta(seconds=20)),
    SpeedOfAnswer(),
    Abandonment(short=timedelta(seconds=5)),
    HandlingTime(),
)


def figures(attempts: Iterable[ContactAttempt], as_of: datetime) -> ServiceReport:
    """What is asked of the calls, in all and by month."""
    return measure_attempts(attempts, METRICS, as_of=as_of, bucket="month", tz=ZONE)


def read(path: Path) -> list[ContactAttempt]:
    """The calls of a CSV file; times are instants, and lengths are in seconds."""
    with path.open(encoding="utf-8", newline="") as file:
        return [call(row) for row in csv.DictReader(file, restval="")]


def call(row: dict[str, str]) -> ContactAttempt:
    """One call."""
    lengths = {name: timedelta(seconds=int(row[name])) if row[name] else None for name in ("talk", "hold", "wrap_up")}
    return ContactAttempt(
        row["call"],
        at=datetime.fromisoformat(row["offered"]),
        channel="phone",
        answered_at=datetime.fromisoformat(row["answered"]) if row["answered"] else None,
        abandoned_at=datetime.fromisoformat(row["gave_up"]) if row["gave_up"] else None,
        by=row["by"] or None,
        **lengths,
    )


def write(directory: Path, seed: int = 5, first: date = FIRST, last: date = LAST) -> Path:
    """The sample as a file; its path."""
    path = directory / "calls.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows(seed, first, last))
    return path


def rows(seed: int, first: date, last: date) -> Iterator[dict[str, str]]:
    """Calls in opening hours, answered in turn by whoever is free first; not everybody waits for so long."""
    chance = Random(seed)  # noqa: S311 - a sample, and the same every time
    free = dict.fromkeys(LINES, datetime.combine(first, time(), ZONE))
    for number, at in enumerate(sorted(offers(chance, first, last)), 1):
        line = min(free, key=lambda name: free[name])
        wait = max(free[line] - at, timedelta(0)) + timedelta(seconds=chance.randint(4, 14))
        patience = timedelta(seconds=round(3 + chance.expovariate(1 / 150)))
        row = dict.fromkeys(FIELDS, "") | {"call": f"P-{number:05}", "offered": at.isoformat()}
        if patience < wait:
            yield row | {"gave_up": (at + patience).isoformat()}
            continue
        lengths = (chance.randint(60, 520), chance.choice((0, 0, 30, 75)), chance.randint(20, 90))
        free[line] = at + wait + timedelta(seconds=sum(lengths))
        talk, hold, wrap_up = map(str, lengths)
        yield row | {"answered": (at + wait).isoformat(), "by": line, "talk": talk, "hold": hold, "wrap_up": wrap_up}


def offers(chance: Random, first: date, last: date) -> Iterator[datetime]:
    """When calls come in while the office is open."""
    for day in map(date.fromordinal, range(first.toordinal(), last.toordinal())):
        for _ in range(round(chance.gauss(36, 6) * (1.8 if RELEASE.contains(day) else 1))):
            hour = chance.choices(range(24), BY_HOUR)[0]
            at = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), ZONE)
            if OFFICE.is_open(at):
                yield at
