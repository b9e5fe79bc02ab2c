"""What holds of the figures of a service desk, whatever its cases are."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given, settings, strategies as st

from relex.calendars import BusinessCalendar
from relex.rules import field
from relex.service import (
    Backlog,
    BacklogAge,
    Case,
    CustomerWaiting,
    FirstContactResolution,
    FirstResponseTime,
    Milestone,
    OwnerLoad,
    PerCase,
    ReopenRate,
    ResponseTime,
    SlaPolicy,
    SlaRate,
    TimeToResolve,
    backlog,
    backlogs,
    first_response,
    measure,
    next_response,
    resolution,
    sla,
    team,
)
from relex.testing.strategies import cases

if TYPE_CHECKING:
    from relex.service import ServiceReport

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALWAYS = BusinessCalendar.always(UTC)
GOLD = SlaPolicy("gold", [first_response(HOUR), resolution({"urgent": HOUR, "normal": 8 * HOUR})], ALWAYS)
EVERY = SlaPolicy(
    "every",
    [
        first_response(HOUR),
        next_response({"urgent": HOUR, "normal": 4 * HOUR}),
        next_response(4 * HOUR, waits="last_message", name="last_message"),
        *[resolution(8 * HOUR, on_reopen=way, name=f"resolution_{way}") for way in ("hold", "continue", "restart")],
        resolution({"high": HOUR, "normal": 90 * HOUR}, hold_time="wall", on_reopen=None, name="wall"),
        team(6 * HOUR),
        Milestone("closing", 9 * HOUR, starts=("opened", "reopened"), stops="closed", on_reopen="hold"),
        Milestone("mood", HOUR, starts=field("kind") == "waiting", stops="received", recurrence="sequential"),
        Milestone("owned", HOUR, starts="resolved", stops="closed", cancels="reopened"),
    ],
    ALWAYS,
)
PLAIN = SlaPolicy("plain", [resolution(HOUR)], ALWAYS)
ANSWER = Milestone(
    "answer",
    HOUR,
    starts="received",
    stops="replied",
    recurrence="independent",
    cancels=("merged", "rejected", "resolved", "closed"),
)
"""An answer to each message, and nothing else in its place."""
ANSWERS = SlaPolicy("answers", [ANSWER], ALWAYS)
OPEN = ("open", "waiting")
METRICS = (
    FirstResponseTime(),
    ResponseTime(),
    TimeToResolve(),
    CustomerWaiting(),
    FirstContactResolution(by="no_follow_up"),
    ReopenRate(),
    PerCase("contacts"),
    SlaRate(GOLD),
    Backlog(),
    BacklogAge(edges=[HOUR, 30 * HOUR]),
    OwnerLoad(),
)

RUN = settings(max_examples=60, deadline=None)
"""A report of many metrics is slow to make; sixty of them take a second."""


@st.composite
def desks(draw: st.DrawFn) -> list[Case]:
    """A few cases of a few customers that began within days of each other."""
    count = draw(st.integers(0, 5))
    opened = st.integers(0, 200).map(lambda hours: START + hours * HOUR)
    return [draw(cases(id=f"c{number}", at=opened)) for number in range(count)]


def instants(count: int = 1) -> st.SearchStrategy[list[datetime]]:
    """Instants around the lives of those cases, in order."""
    drawn = st.integers(0, 400).map(lambda hours: START + hours * HOUR)
    return st.lists(drawn, min_size=count, max_size=max(count, 5)).map(sorted)


def counts(found: ServiceReport, column: str, **where: Any) -> dict[str, Any]:
    """The whole numbers that a figure is made of."""
    return {
        name: value for name, value in found.figure(column, **where).parts if name not in {"longest_open", "owners"}
    }


def as_of(known: list[Case], at: datetime) -> list[Case]:
    """The cases as they were at an instant."""
    return [seen for seen in (case.as_of(at) for case in known) if seen is not None]


@RUN
@given(desks(), instants())
def test_the_backlog_is_what_is_open_or_waiting(known: list[Case], when: list[datetime]) -> None:
    expected = sum(case.kind in OPEN for case in as_of(known, when[0]))

    assert backlog(known, when[0]).value == expected


@RUN
@given(desks(), instants())
def test_the_backlog_balances_over_any_partition(known: list[Case], when: list[datetime]) -> None:
    found = backlogs(known, when)

    before = 0
    for figure in found:
        parts = dict(figure.parts)
        assert parts["before"] == before
        assert figure.value == before + parts["opened"] + parts["reopened"] - parts["left"]
        before = figure.value
    assert before == backlog(known, when[-1]).value


@RUN
@given(desks(), instants(), st.sampled_from(["day", "week", "month"]))
def test_the_backlog_balances_over_buckets(known: list[Case], when: list[datetime], unit: str) -> None:
    found = measure(known, [Backlog()], as_of=when[0], bucket=unit)

    days = [figure for _, figure in found.series("backlog.cases")]
    whole = found.figure("backlog.cases")
    assert [day.part("before") for day in days[1:]] == [day.value for day in days[:-1]]
    assert all(whole.part(flow) == sum(day.part(flow) for day in days) for flow in ("opened", "reopened", "left"))
    assert not days or days[-1].value == whole.value


@RUN
@given(desks(), instants(), st.lists(st.integers(1, 500), unique=True, max_size=4).map(sorted))
def test_bands_of_ages_are_a_partition_of_the_backlog(
    known: list[Case], when: list[datetime], hours: list[int]
) -> None:
    ages = BacklogAge(edges=[hour * HOUR for hour in hours])
    found = measure(known, [Backlog(), ages], as_of=when[0])

    bands = [found.figure(f"backlog_age.{band}").value for band in ages.bands]
    assert sum(bands) == found.figure("backlog.cases").value


@RUN
@given(desks(), instants(), st.sampled_from(["status", "owner", "priority", "reopens"]))
def test_groups_add_up_to_the_whole(known: list[Case], when: list[datetime], fact: str) -> None:
    found = measure(known, METRICS, as_of=when[0], by=[fact])

    for column in found.columns:
        groups = [counts(found, column, group=group) for group in found.groups]
        for name, value in counts(found, column).items():
            assert value == sum(group[name] for group in groups), (column, name)


@RUN
@given(desks(), instants())
def test_days_add_up_to_the_whole(known: list[Case], when: list[datetime]) -> None:
    metrics = [metric for metric in METRICS if not isinstance(metric, Backlog | BacklogAge | OwnerLoad)]
    found = measure(known, metrics, as_of=when[0], bucket="day")

    for column in found.columns:
        days = [dict(figure.parts) for _, figure in found.series(column)]
        for name, value in counts(found, column).items():
            assert value == sum(day[name] for day in days), (column, name)


@RUN
@given(desks(), instants())
def test_what_comes_later_changes_nothing(known: list[Case], when: list[datetime]) -> None:
    assert measure(known, METRICS, as_of=when[0]) == measure(as_of(known, when[0]), METRICS, as_of=when[0])


@RUN
@given(desks(), instants())
def test_promises_are_counted_as_their_clocks_stand(known: list[Case], when: list[datetime]) -> None:
    found = measure(known, [SlaRate(EVERY)], as_of=when[0])

    expected: Counter[tuple[str, str]] = Counter()
    for case in as_of(known, when[0]):
        for clock in sla(case, EVERY, as_of=when[0]).clocks if case.policy is None else ():
            states = [each.state for each in clock.occurrences] or [clock.reason or "not_started"]
            expected.update((clock.milestone, state) for state in states)
    for milestone in EVERY.milestones:
        parts = dict(found.figure(f"sla_rate.{milestone.name}").parts)
        assert {state: count for (name, state), count in expected.items() if name == milestone.name} == {
            state: count for state, count in parts.items() if count and state != "other_policy"
        }


@RUN
@given(desks(), instants(), st.randoms(use_true_random=False))
def test_the_order_of_the_stream_changes_nothing(known: list[Case], when: list[datetime], draw: Any) -> None:
    mixed = known[:]
    draw.shuffle(mixed)

    assert measure(known, METRICS, as_of=when[0], by=["status"]) == measure(
        iter(mixed), METRICS, as_of=when[0], by=["status"]
    )


@RUN
@given(cases(id="c1", at=START))
def test_no_reply_is_none_and_a_reply_at_once_is_zero(case: Case) -> None:
    replied = Case.open("c2", customer="k1", channel="mail", at=START).state.reply("r1", at=START).state
    metrics = [FirstResponseTime()]
    found = measure([case], metrics, as_of=case.changed_at).figure("first_response_time.mean")

    assert (found.value is None) == (found.part("answered") == 0)
    assert measure([replied], metrics, as_of=START).figure("first_response_time.mean").value == 0


@RUN
@given(cases(id="c1", at=START))
def test_the_net_time_to_resolve_is_what_the_clock_used(case: Case) -> None:
    assume(case.ends in {None, "closed"})
    done = case if case.kind == "closed" else case.resolve("done", at=case.changed_at).state
    found = measure([done], [TimeToResolve(net=True)], as_of=done.changed_at).figure("time_to_resolve.mean")
    used = sla(done, PLAIN, as_of=done.changed_at, what_if=True).clock("resolution").used

    assert found.value == Fraction(used // timedelta(microseconds=1), 1_000_000)


@RUN
@given(cases(id="c1", at=START), instants())
def test_an_answer_that_was_given_stays_given(case: Case, when: list[datetime]) -> None:
    """Splits, merges and reopenings after it take nothing back."""
    metrics = [ResponseTime(), FirstResponseTime()]
    then, now = (measure([case], metrics, as_of=at) for at in (when[0], max(case.changed_at, when[0])))

    for column in ("response_time.mean", "first_response_time.mean"):
        assert then.figure(column).part("answered") <= now.figure(column).part("answered")
        assert then.figure(column).numerator <= now.figure(column).numerator


@RUN
@given(cases(id="c1", at=START), instants())
def test_waits_are_those_of_a_clock_that_only_answers_stop(case: Case, when: list[datetime]) -> None:
    assume(not case.history[0].messages)  # they are no matter of that clock
    clock = sla(case, ANSWERS, as_of=when[0], what_if=True).clocks[0]
    found = measure([case], [ResponseTime()], as_of=when[0]).figure("response_time.mean")

    answered = [each.used for each in clock.occurrences if each.state in {"met", "missed"}]
    micros = sum(answered, timedelta(0)) // timedelta(microseconds=1)
    assert (found.part("answered"), found.numerator) == (len(answered), Fraction(micros, 1_000_000))
    assert found.part("open") == sum(each.state in {"running", "overdue"} for each in clock.occurrences)
    assert found.part("unanswered") == sum(each.state == "canceled" for each in clock.occurrences)


@RUN
@given(cases(id="c1", at=START))
def test_the_customer_waits_for_us_no_longer_than_the_case_took(case: Case) -> None:
    found = measure([case], [TimeToResolve(), CustomerWaiting()], as_of=case.changed_at)

    whole, ours = (found.figure(f"{name}.mean").value for name in ("time_to_resolve", "customer_waiting"))
    assert whole == ours or 0 <= ours <= whole
