"""Laws of service clocks: laws 3 to 5 of service levels, and a clock that is counted minute by minute."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
from hypothesis import assume, given, settings, strategies as st
from service_levels import HOUR, MINUTE, policy

from relex._instants import moment
from relex.calendars import BusinessCalendar, Period, weekly
from relex.errors import Rejected
from relex.service import (
    Case,
    CaseReopened,
    PolicyChoice,
    SlaPolicies,
    first_response,
    next_response,
    resolution,
    sla,
    team,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relex.changes import Change, Event
    from relex.service import Milestone, Occurrence

ZERO = timedelta(0)
laws = settings(max_examples=40, deadline=None)

# a zone, and a day near which its clock is put forward or back
ZONES = (
    (UTC, date(2026, 6, 1)),
    (ZoneInfo("America/New_York"), date(2026, 3, 6)),
    (ZoneInfo("America/New_York"), date(2026, 10, 30)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 3)),
)
HOURS = (
    weekly("mon-sun", "00:00", "24:00"),
    weekly("mon-fri", "09:00", "17:00"),
    weekly("mon-fri", "09:00", "12:00") + weekly("mon-sat", "13:30", "18:00"),
    weekly("mon-sun", "00:30", "03:30"),  # across the change
)
COMMANDS = ("reply", "reply_and_wait", "receive", "hold", "resume", "resolve", "close", "reopen", "transfer", "note")
GAPS = st.integers(0, 900) | st.sampled_from((0, 60, 480, 1440))
STEPS = st.lists(st.tuples(GAPS, st.sampled_from(COMMANDS)), max_size=8)


@st.composite
def scenes(draw: Callable[..., Any]) -> tuple[BusinessCalendar, datetime]:
    """A calendar, and an instant near a change of its clock at which a case is opened."""
    zone, day = draw(st.sampled_from(ZONES))
    opened = datetime(day.year, day.month, day.day, tzinfo=UTC) + draw(st.integers(0, 4 * 1440)) * MINUTE
    return BusinessCalendar(draw(st.sampled_from(HOURS)), tz=zone), opened


def command(case: Case, name: str, number: int, at: datetime) -> Change[Case]:
    match name:
        case "reply" | "receive":
            return getattr(case, name)(f"m{number}", at=at)  # type: ignore[no-any-return]
        case "reply_and_wait":
            return case.reply(f"m{number}", at=at, then="waiting_customer")
        case "transfer":
            return case.transfer(f"team{number}", at=at)
        case "note":
            return case.note("seen", at=at)
        case _:
            return getattr(case, name)(at=at)  # type: ignore[no-any-return]


def story(opened: datetime, steps: Sequence[tuple[int, str]]) -> Case:
    """A case after steps: minutes after the one before, and the command; what is refused is left out."""
    case, _ = Case.open("c1", at=opened)
    at = opened
    for number, (gap, name) in enumerate(steps):
        at += gap * MINUTE
        try:
            case, _ = command(case, name, number, at)
        except Rejected:
            continue
    return case


GOALS = st.integers(1, 900).map(lambda minutes: minutes * MINUTE)
PRESETS = st.sampled_from(
    (
        first_response,
        next_response,
        lambda goal: next_response(goal, waits="last_message"),
        resolution,
        lambda goal: resolution(goal, on_reopen="continue"),
        lambda goal: resolution(goal, on_reopen="restart"),
        lambda goal: resolution(goal, hold_time="wall"),
        team,
    )
)
MILESTONES: st.SearchStrategy[Milestone] = st.builds(lambda preset, goal: preset(goal), PRESETS, GOALS)
LATER = st.integers(0, 5000).map(lambda minutes: minutes * MINUTE)


# A clock that counts minutes, and knows nothing of due times.


class Minutes:
    """What happened to a case, minute by minute."""

    def __init__(self, calendar: BusinessCalendar, case: Case, as_of: datetime) -> None:
        self.opened = case.opened_at
        self.length = (as_of - self.opened) // MINUTE
        spans = calendar.spans(Period(self.opened, as_of + timedelta(days=1)))
        self.counts = {minute for span in spans for minute in range(self.minute(span.start), self.minute(span.end))}
        self.case = case

    def minute(self, at: Any) -> int:
        found: int = (at.astimezone(UTC) - self.opened) // MINUTE
        return found

    def events(self) -> list[tuple[int, str, str | None]]:
        """The minute, the class, and the kind of the status from then on."""
        return [
            (self.minute(event.at), type(event).__name__, getattr(event, "kind", None))
            for event in self.case.history
            if self.minute(event.at) <= self.length
        ]

    def kinds(self) -> list[str]:
        """The kind of the status in each minute."""
        found: list[str] = []
        kind = ""
        for minute, _, entered in self.events():
            found += [kind] * (minute - len(found))
            kind = entered or kind
        return found + [kind] * (self.length - len(found))

    def reckon(self, start: int, stop: int | None, goal: timedelta, idle: Sequence[str]) -> tuple[str, int, int | None]:
        """The state, the minutes used, and the minute in which the goal was reached."""
        end = self.length if stop is None else stop
        used, reached = 0, None
        for minute, kind in enumerate(self.kinds()[:end]):
            if minute < start or kind in idle or minute not in self.counts:
                continue
            used += 1
            if used == goal // MINUTE:
                reached = minute + 1
        if stop is not None:
            return "missed" if reached is not None and reached < stop else "met", used, reached
        if reached is not None:
            return "running" if reached == end else "overdue", used, reached
        kind = next(entered for _, _, entered in reversed(self.events()) if entered)
        return "paused" if kind in idle else "running", used, None


def runs(milestone: Milestone, minutes: Minutes) -> list[tuple[int, int | None]]:
    """When the clock of a preset ran, from its description."""
    if milestone.name == "resolution":
        return _resolutions(milestone, minutes)
    starts: dict[str, tuple[str, ...]] = {
        "first_response": ("CaseOpened",),
        "next_response": ("CaseMessageReceived",),
        "team": ("CaseOpened", "CaseTeamChanged"),
    }
    stops = ("CaseTeamChanged",) if milestone.name == "team" else ("CaseReplied",)
    found: list[tuple[int, int | None]] = []
    running: int | None = None
    is_over = False
    for minute, name, kind in _in_order(minutes):
        if running is not None and (name in stops or kind == "resolved"):
            found.append((running, minute))
            running = None
        is_over = kind in ("resolved", "closed") if kind else is_over
        if name in starts[milestone.name] and not is_over and not (found and milestone.name == "first_response"):
            anew = running is None or milestone.waits == "last_message"
            running = minute if anew else running
    return found + ([(running, None)] if running is not None else [])


def _in_order(minutes: Minutes) -> list[tuple[int, str, str | None]]:
    """The events, where a message that brings a case back comes after the reopening."""
    found = minutes.events()
    for place, (one, other) in enumerate(pairwise(found)):
        if one[1] == "CaseMessageReceived" and other[1] == "CaseReopened" and one[0] == other[0]:
            found[place], found[place + 1] = other, one
    return found


def _resolutions(milestone: Milestone, minutes: Minutes) -> list[tuple[int, int | None]]:
    found: list[tuple[int, int | None]] = []
    start: int | None = 0
    for minute, _, kind in minutes.events():
        if kind == "resolved" and start is not None:
            found.append((start, minute))
            start = None
        elif kind in ("open", "waiting") and start is None:
            start = minute if milestone.on_reopen == "restart" else found.pop()[0]
    return found + ([(start, None)] if start is not None else [])


@given(scenes(), STEPS, MILESTONES, LATER)
@laws
def test_counted_by_minutes(
    scene: tuple[BusinessCalendar, datetime], steps: list[tuple[int, str]], milestone: Milestone, later: timedelta
) -> None:
    """A clock says what counting minutes says, also when clocks are put forward or back."""
    assume(milestone.hold_time == "business")
    calendar, opened = scene
    case = story(opened, steps)
    as_of = opened + later
    minutes = Minutes(calendar, case, as_of)
    idle = list(milestone.holds) + (["resolved", "closed"] if milestone.on_reopen == "hold" else [])
    goal = milestone.goal("normal")
    assert goal is not None

    found = sla(case, policy(calendar, milestone), as_of=as_of).clocks[0].occurrences

    assert [minutes.reckon(*run, goal.duration, idle) for run in runs(milestone, minutes)] == [
        (each.state, each.used // MINUTE, reached(minutes, each)) for each in found
    ]


def reached(minutes: Minutes, each: Occurrence) -> int | None:
    """The minute of the due time, if it lies in what was counted."""
    due = None if each.due_at is None else minutes.minute(each.due_at)
    end = minutes.length if each.stopped_at is None else minutes.minute(each.stopped_at)
    return None if due is None or due > end else due


@given(scenes(), STEPS, MILESTONES, LATER, LATER)
@laws
def test_used_never_falls(
    scene: tuple[BusinessCalendar, datetime],
    steps: list[tuple[int, str]],
    milestone: Milestone,
    one: timedelta,
    other: timedelta,
) -> None:
    """What one occurrence has used never falls, as long as the wait is not begun anew."""
    calendar, opened = scene
    case, given_policy = story(opened, steps), policy(calendar, milestone)
    early, late = sorted((one, other))
    before, after = (sla(case, given_policy, as_of=opened + each).clocks[0].occurrences for each in (early, late))
    pairs = [(old, new) for old, new in zip(before, after, strict=False) if old.started_at == new.started_at]

    assert all(old.used <= new.used for old, new in pairs)


@given(scenes(), STEPS, MILESTONES, LATER, LATER)
@laws
def test_due_never_moves_while_running(
    scene: tuple[BusinessCalendar, datetime],
    steps: list[tuple[int, str]],
    milestone: Milestone,
    one: timedelta,
    other: timedelta,
) -> None:
    """Time alone moves no due time."""
    calendar, opened = scene
    case, given_policy = story(opened, steps), policy(calendar, milestone)
    early, late = sorted((one, other))
    quiet = Case([event for event in case.history if event.at <= opened + early])
    before, after = (sla(quiet, given_policy, as_of=opened + each).clocks[0] for each in (early, late))

    assert before.due_at == after.due_at


@given(scenes(), STEPS, MILESTONES, LATER)
@laws
def test_a_hold_of_no_time_changes_nothing(
    scene: tuple[BusinessCalendar, datetime], steps: list[tuple[int, str]], milestone: Milestone, later: timedelta
) -> None:
    """A hold and a resumption at one instant."""
    calendar, opened = scene
    given_policy = policy(calendar, milestone)
    case = story(opened, steps)
    assume(case.kind == "open")
    at = case.changed_at
    held = case.hold(at=at).state.resume(at=at).state

    assert sla(case, given_policy, as_of=at + later) == sla(held, given_policy, as_of=at + later)


@given(scenes(), MILESTONES, st.integers(0, 3000), st.integers(0, 1440), st.integers(0, 1440), LATER)
@laws
def test_a_split_hold_is_one_hold(
    scene: tuple[BusinessCalendar, datetime],
    milestone: Milestone,
    begins: int,
    first: int,
    second: int,
    later: timedelta,
) -> None:
    """Resuming for no time between two holds changes no due time, in business time and in wall time."""
    calendar, opened = scene
    given_policy = policy(calendar, milestone)
    whole = story(opened, [(begins, "hold"), (first + second, "resume")])
    parts = story(opened, [(begins, "hold"), (first, "resume"), (0, "hold"), (second, "resume")])
    one, other = (sla(case, given_policy, as_of=whole.changed_at + later).clocks[0] for case in (whole, parts))

    assert (one.state, one.due_at, one.used) == (other.state, other.due_at, other.used)


@given(scenes(), GOALS, LATER)
@laws
def test_a_hold_outside_the_windows_changes_nothing(
    scene: tuple[BusinessCalendar, datetime], goal: timedelta, later: timedelta
) -> None:
    """A hold from closing to opening."""
    calendar, opened = scene
    assume(calendar.windows != HOURS[0])
    given_policy = policy(calendar, resolution(goal))
    case, _ = Case.open("c1", at=opened)
    begins = calendar.closes(opened).astimezone(UTC)
    held = case.hold(at=begins).state.resume(at=calendar.opens(begins)).state
    one, other = (sla(each, given_policy, as_of=held.changed_at + later).clocks[0] for each in (case, held))

    assert (one.state, one.due_at, one.used) == (other.state, other.due_at, other.used)


@given(scenes(), STEPS, GOALS, LATER)
@laws
def test_due_is_that_of_the_goal_and_what_was_held(
    scene: tuple[BusinessCalendar, datetime], steps: list[tuple[int, str]], goal: timedelta, later: timedelta
) -> None:
    """Due = due(start, goal + held), when every hold begins before it."""
    calendar, opened = scene
    clock = sla(story(opened, steps), policy(calendar, resolution(goal)), as_of=opened + later).clocks[0]
    started_at, due_at = clock.started_at, clock.due_at
    assume(due_at is not None)
    assert started_at is not None
    assert due_at is not None
    assume(all(hold.started_at < due_at for hold in clock.holds))
    held = sum([hold.held for hold in clock.holds], ZERO)

    assert due_at == calendar.due(started_at, goal + held)


@given(scenes(), GOALS, st.integers(0, 2000), st.integers(0, 4000))
@laws
def test_nothing_is_used_while_held(
    scene: tuple[BusinessCalendar, datetime], goal: timedelta, begins: int, lasts: int
) -> None:
    """What remains at the hold remains at the resumption, and the due time is the one that was foretold."""
    calendar, opened = scene
    given_policy = policy(calendar, resolution(goal))
    case = story(opened, [(begins, "hold"), (lasts, "resume")])
    since, until = case.history[1].at, case.history[2].at
    held = sla(Case(case.history[:2]), given_policy, as_of=until).clocks[0]
    before = sla(case, given_policy, as_of=since).clocks[0]
    after = sla(case, given_policy, as_of=until).clocks[0]

    assert before.remaining == held.remaining == after.remaining
    assert held.due_if_resumed(until) == after.due_at


@given(scenes(), STEPS, MILESTONES, LATER)
@laws
def test_what_comes_later_is_not_seen(
    scene: tuple[BusinessCalendar, datetime], steps: list[tuple[int, str]], milestone: Milestone, later: timedelta
) -> None:
    """An answer of yesterday is the same today."""
    calendar, opened = scene
    case, given_policy, as_of = story(opened, steps), policy(calendar, milestone), opened + later
    then = case.as_of(as_of)
    assert then is not None

    assert sla(then, given_policy, as_of=as_of) == sla(case, given_policy, as_of=as_of)


@given(scenes(), STEPS, MILESTONES, LATER, LATER)
@laws
def test_results_change_by_reopening_alone(
    scene: tuple[BusinessCalendar, datetime],
    steps: list[tuple[int, str]],
    milestone: Milestone,
    one: timedelta,
    other: timedelta,
) -> None:
    """What is met or missed stays so; of what a reopening lets go on, the result stays visible."""
    calendar, opened = scene
    case, given_policy = story(opened, steps), policy(calendar, milestone)
    early, late = sorted((one, other))
    before, after = (sla(case, given_policy, as_of=opened + each).clocks[0].occurrences for each in (early, late))
    went_on = any(isinstance(event, CaseReopened) and opened + early < event.at for event in case.history)

    for old in before:
        if old.state in ("met", "missed"):
            new = after[old.number - 1]
            results = [(each.state, each.stopped_at) for each in new.results]
            assert (old.state, old.stopped_at) in [(new.state, new.stopped_at), *(results if went_on else [])]


@given(scenes(), STEPS, st.lists(MILESTONES, min_size=1, max_size=4, unique_by=lambda each: each.name), LATER)
@laws
def test_exactly_one_state_holds(
    scene: tuple[BusinessCalendar, datetime],
    steps: list[tuple[int, str]],
    milestones: list[Milestone],
    later: timedelta,
) -> None:
    """Met, missed, overdue, running, paused, not started and canceled are all clocks."""
    calendar, opened = scene
    answer = sla(story(opened, steps), policy(calendar, *milestones), as_of=opened + later)
    counted = Counter(clock.state for clock in answer.clocks)
    states = ("met", "missed", "overdue", "running", "paused", "not_started", "canceled")

    assert sum([counted[state] for state in states]) == len(milestones)


@given(scenes(), STEPS, MILESTONES, LATER, st.sampled_from(("Asia/Kathmandu", "America/New_York", "Europe/Vienna")))
@laws
def test_the_zone_of_instants_changes_nothing(
    scene: tuple[BusinessCalendar, datetime],
    steps: list[tuple[int, str]],
    milestone: Milestone,
    later: timedelta,
    zone: str,
) -> None:
    """The same instants, as another clock shows them."""
    calendar, opened = scene
    shown = ZoneInfo(zone)
    case, _ = Case.open("c1", at=opened.astimezone(shown))
    at = opened
    for number, (gap, name) in enumerate(steps):
        at += gap * MINUTE
        try:
            case, _ = command(case, name, number, at.astimezone(shown))
        except Rejected:
            continue
    given_policy, as_of = policy(calendar, milestone), opened + later

    assert (
        sla(story(opened, steps), given_policy, as_of=as_of).clocks
        == sla(case, given_policy, as_of=as_of.astimezone(shown)).clocks
    )


@given(scenes(), STEPS, GOALS, LATER)
@laws
def test_a_longer_goal_is_never_due_earlier(
    scene: tuple[BusinessCalendar, datetime], steps: list[tuple[int, str]], goal: timedelta, later: timedelta
) -> None:
    """And a warning is never later than the due time."""
    calendar, opened = scene
    promised = policy(calendar, resolution(goal, warnings=["1/2", "9/10", HOUR], on_reopen="restart"))
    clock = sla(story(opened, steps), promised, as_of=opened + later).clocks[0]
    instants = [each.at for each in clock.warnings[:2]] + [clock.due_at]

    assert instants == sorted([at for at in instants if at is not None], key=moment) + [None] * instants.count(None)


@given(scenes(), STEPS, MILESTONES, GOALS, LATER)
@laws
def test_another_promise_rewrites_nothing(
    scene: tuple[BusinessCalendar, datetime],
    steps: list[tuple[int, str]],
    milestone: Milestone,
    goal: timedelta,
    later: timedelta,
) -> None:
    """What is over keeps its result, and what runs keeps its start and takes the new goal."""
    calendar, opened = scene
    old = policy(calendar, milestone)
    new = policy(calendar, attrs.evolve(milestone, goals=goal), version=2)
    desk = SlaPolicies([], new, earlier=[old])
    first, second = (PolicyChoice(policy="gold", version=each.version, why="default") for each in (old, new))
    case = story(opened, steps)
    assume(case.kind != "closed")
    case = Case([*case.history[:1], *_renumbered(case, first)])
    at = case.changed_at
    before = sla(case, desk, as_of=at).clocks[0].occurrences
    after = sla(case.choose_policy(second, at=at).state, desk, as_of=at + later).clocks[0].occurrences

    assert [told_of(each) for each in before if each.stopped_at] == [told_of(each) for each in after if each.stopped_at]
    assert [(each.started_at, goal) for each in before if not each.stopped_at] == [
        (each.started_at, each.goal.duration) for each in after if not each.stopped_at
    ]


def _renumbered(case: Case, choice: PolicyChoice) -> list[Event]:
    """The events after the opening, with a choice of policy before them."""
    chosen = Case(case.history[:1]).choose_policy(choice, at=case.opened_at).events
    return [*chosen, *[attrs.evolve(event, version=event.version + 1) for event in case.history[1:]]]


def told_of(each: Occurrence) -> tuple[object, ...]:
    """What was said of an occurrence that is over."""
    return each.state, each.started_at, each.stopped_at, each.due_at, each.used, each.goal
