"""Worked cases of the figures of a service desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, Period
from relex.service import (
    Backlog,
    Case,
    FirstContactResolution,
    ResponseTime,
    SlaPolicy,
    SlaRate,
    TimeToResolve,
    backlogs,
    measure,
    resolution,
)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def on(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


def opened(name: str, at: datetime, **more: Any) -> Case:
    return Case.open(name, customer="k1", channel="mail", at=at, **more).state


def resolved(name: str, at: datetime, after: timedelta) -> Case:
    return opened(name, at).resolve("done", at=at + after).state


@pytest.mark.parametrize(
    ("hours", "median"),
    [
        pytest.param([1, 2, 3, 4], Fraction(5, 2), id="SV-53 of four"),
        pytest.param([7], Fraction(7), id="SV-53 of one"),
        pytest.param([], None, id="SV-53 of nothing"),
    ],
)
def test_medians(hours: list[int], median: Fraction | None) -> None:
    """Source: BottleCRM analytics."""
    cases = [resolved(f"c{hour}", on(1), hour * HOUR) for hour in hours]

    found = measure(cases, [TimeToResolve()], as_of=on(2)).figure("time_to_resolve.median")

    assert found.value == (None if median is None else median * 3600)
    assert found.reason == ("no_data" if median is None else None)


def test_what_is_not_resolved_is_counted_apart() -> None:
    """SV-54. Source: BottleCRM analytics."""
    cases = [resolved("c1", on(1), 4 * HOUR), resolved("c2", on(1), 24 * HOUR), opened("c3", on(1))]

    found = measure(cases, [TimeToResolve()], as_of=on(5)).figure("time_to_resolve.mean")

    assert found.value == 14 * 3600
    assert (found.part("resolved"), found.part("unresolved")) == (2, 1)


def first_contacts() -> list[Case]:
    """Five resolved cases, and what came after them."""
    solved = {}
    for name, topic in zip("abcde", ("login", "bill", "print", "ship", "price"), strict=True):
        case = opened(name, on(1), contact=f"contact {name}", type=topic, team="one", owner="ann")
        case = case.reply("r1", at=on(1, 10)).state
        solved[name] = case
    solved["b"] = solved["b"].reply("r2", at=on(1, 11)).state
    solved["e"] = solved["e"].transfer("two", at=on(1, 11)).state.assign("bob", at=on(1, 11)).state
    solved = {name: case.resolve("done", at=on(1, 12)).state for name, case in solved.items()}
    solved["c"] = solved["c"].reopen(reason="again", at=on(4, 12)).state
    return [*solved.values(), opened("f", on(6), contact="contact d", type="ship")]


@pytest.mark.parametrize(
    ("by", "share"),
    [
        pytest.param("single_reply", Fraction(3, 5), id="SV-56 single_reply"),
        pytest.param("no_reopen", Fraction(4, 5), id="SV-56 no_reopen"),
        pytest.param("no_follow_up", Fraction(3, 5), id="SV-56 no_follow_up"),
        pytest.param("not_moved", Fraction(3, 5), id="SV-56 not_moved"),
    ],
)
def test_resolution_at_first_contact(by: str, share: Fraction) -> None:
    """Source: own."""
    found = measure(first_contacts(), [FirstContactResolution(by=by)], as_of=on(20))

    assert found.figure("first_contact_resolution.share").value == share
    assert found.figure("first_contact_resolution.share").part("resolved") == 5


def test_response_times_are_those_of_waits() -> None:
    """SV-57. Source: own."""
    case = opened("c1", on(1, 8)).receive("m1", at=on(1, 9)).state
    case = case.reply("r1", at=on(1, 9, 20)).state
    case = case.receive("m2", at=on(1, 11)).state.receive("m3", at=on(1, 11, 30)).state
    case = case.reply("r2", at=on(1, 12)).state
    case = case.receive("m4", at=on(1, 15)).state

    found = measure([case], [ResponseTime()], as_of=on(1, 16)).figure("response_time.mean")

    assert found.value == 40 * 60
    assert (found.part("answered"), found.part("open"), found.part("longest_open")) == (2, 1, 3600)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        pytest.param("Europe/Berlin", date(2026, 4, 1), id="SV-58 Berlin"),
        pytest.param("America/New_York", date(2026, 3, 31), id="SV-58 New York"),
    ],
)
def test_a_bucket_is_a_local_date(zone: str, day: date) -> None:
    """Source: own."""
    late = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)

    found = measure([opened("c1", late)], [Backlog()], as_of=late, bucket="day", tz=ZoneInfo(zone))

    assert [bucket for bucket, figure in found.series("backlog.cases") if figure.part("opened")] == [day]


def promised() -> list[Case]:
    """A goal of four hours: 6 met, 2 missed, 1 overdue, 3 running, 1 paused, 2 canceled, at noon of the second day."""
    met = [resolved(f"met {number}", on(1), 4 * HOUR) for number in range(6)]
    missed = [resolved(f"missed {number}", on(1), 4 * HOUR + MINUTE) for number in range(2)]
    running = [opened(f"running {number}", on(2, 8 + number)) for number in range(3)]
    paused = opened("paused", on(1)).hold("waiting_customer", at=on(1, 10)).state
    canceled = [opened(f"canceled {number}", on(1)).reject("spam", at=on(1, 10)).state for number in range(2)]
    return [*met, *missed, opened("overdue", on(1)), *running, paused, *canceled]


@pytest.mark.parametrize(
    ("of", "share"),
    [pytest.param("decided", Fraction(6, 9), id="SV-59"), pytest.param("all", Fraction(6, 13), id="SV-59 of all")],
)
def test_promises_kept(of: str, share: Fraction) -> None:
    """Source: own."""
    policy = SlaPolicy("gold", [resolution(4 * HOUR)], BusinessCalendar.always(UTC))

    found = measure(promised(), [SlaRate(policy, of=of)], as_of=on(2, 12)).figure("sla_rate.resolution")

    assert found.value == share
    assert [found.part(state) for state in ("met", "missed", "overdue", "running", "paused")] == [6, 2, 1, 3, 1]
    assert found.denominator == (9 if of == "decided" else 13)  # what was canceled is in neither


def four_days() -> list[Case]:
    first = opened("c1", on(1)).resolve("done", at=on(2, 12)).state.reopen(reason="again", at=on(4, 10)).state
    return [first, opened("c2", on(2)), opened("c3", on(3))]


def test_the_backlog_of_four_days() -> None:
    """SV-60. Source: own."""
    found = measure(
        four_days(), [Backlog()], as_of=on(5, 0), bucket="day", period=Period(date(2026, 6, 1), date(2026, 6, 5))
    )

    days = [figure for _, figure in found.series("backlog.cases")]
    assert [figure.value for figure in days] == [1, 1, 2, 3]
    assert [days[3].part(flow) for flow in ("opened", "reopened", "left")] == [0, 1, 0]


def test_the_backlog_at_the_ends_of_four_days() -> None:
    """SV-60. Source: own."""
    found = backlogs(four_days(), [on(day, 23, 59) for day in (1, 2, 3, 4)])

    assert [figure.value for figure in found] == [1, 1, 2, 3]
    assert [found[3].part(flow) for flow in ("opened", "reopened", "left")] == [0, 1, 0]
