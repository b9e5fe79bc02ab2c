"""What holds of escalations, of choices and of surveys whenever they are asked for."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings, strategies as st

from relex._instants import moment
from relex.calendars import BusinessCalendar, Period, weekly
from relex.errors import Rejected
from relex.service import (
    Case,
    Entitlement,
    EscalationPolicy,
    EscalationRule,
    SlaPolicy,
    SurveyRequest,
    SurveyTrigger,
    breaches,
    close_due,
    due_escalations,
    entitled,
    first_response,
    follow_ups,
    next_response,
    resolution,
    sla,
    survey_requests,
    usual_follow_ups,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Change

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
LEVEL = SlaPolicy(
    "level",
    [
        first_response(HOUR),
        next_response(HOUR),
        resolution({"urgent": 2 * HOUR, "normal": 4 * HOUR}, warnings=[Fraction(1, 2)], on_reopen="restart"),
    ],
    BusinessCalendar.always(UTC),
)
RULES = [
    EscalationRule("lead"),
    EscalationRule("head", after=HOUR),
    EscalationRule("office", after=HOUR, calendar=OFFICE),
    EscalationRule("late", "missed"),
    EscalationRule("soon", "warning", ["resolution"]),
]
COMMANDS: dict[str, Callable[[Case, datetime], Change[Case]]] = {
    "receive": lambda case, at: case.receive(f"in{case.version}", at=at),
    "reply": lambda case, at: case.reply(f"out{case.version}", at=at),
    "hold": lambda case, at: case.hold("waiting_customer", at=at),
    "resume": lambda case, at: case.resume(at=at),
    "resolve": lambda case, at: case.resolve("fixed", at=at),
    "close": lambda case, at: case.close(at=at),
    "reopen": lambda case, at: case.reopen("again", at=at),
    "urgent": lambda case, at: case.set_priority("urgent", at=at),
}
STEPS = st.lists(
    st.tuples(st.sampled_from(("scan", "scan", "scan", *sorted(COMMANDS))), st.integers(0, 200)), max_size=14
)
STORIES = st.lists(st.tuples(st.sampled_from(sorted(COMMANDS)), st.integers(0, 3000)), max_size=10)


def done(case: Case, command: str, at: datetime) -> Case:
    """The case after a command, or as it was where the command is refused."""
    try:
        return COMMANDS[command](case, at).state
    except Rejected:
        return case


def scanned(case: Case, policy: EscalationPolicy, at: datetime, as_of: datetime | None = None) -> Case:
    """The case after all that is due was recorded."""
    asked = as_of or at
    for due in due_escalations(case, policy, sla(case, LEVEL, as_of=asked), as_of=asked):
        case = case.escalate(due, at=at).state
    return case


def lived(steps: list[tuple[str, int]], policy: EscalationPolicy) -> tuple[Case, datetime]:
    """A case that went through commands and scans, and the instant of the last of them."""
    case, at = Case.open("c1", customer="k7", at=START).state, START
    for name, minutes in steps:
        at += minutes * MINUTE
        case = scanned(case, policy, at) if name == "scan" else done(case, name, at)
    return case, at


def told(case: Case) -> Counter[Any]:
    return Counter([(event.rule, each) for event in case.escalations for each in event.occurrences])


@settings(max_examples=80)
@given(STEPS, st.lists(st.integers(0, 2000), max_size=4))
def test_any_number_of_scans_at_any_instants_gives_each_rule_and_occurrence_once(
    steps: list[tuple[str, int]], before: list[int]
) -> None:
    """Law 6; scans may also ask about instants that are long gone."""
    policy = EscalationPolicy(RULES)
    case, at = lived(steps, policy)
    for minutes in before:
        case = scanned(case, policy, at, max(START, at - minutes * MINUTE))

    assert set(told(case).values()) <= {1}


@settings(max_examples=50)
@given(STEPS)
def test_what_is_due_is_told_however_often_was_asked_before(steps: list[tuple[str, int]]) -> None:
    policy = EscalationPolicy(RULES)
    (often, at), (never, _) = lived(steps, policy), lived(steps, EscalationPolicy([]))
    end = at + HOUR

    assert set(told(scanned(never, policy, end))) <= set(told(scanned(often, policy, end)))


@settings(max_examples=50)
@given(STEPS)
def test_a_second_scan_at_once_gives_nothing(steps: list[tuple[str, int]]) -> None:
    policy = EscalationPolicy(RULES, repeat_every=30 * MINUTE)
    case, at = lived(steps, policy)
    once = scanned(case, policy, at)

    assert scanned(once, policy, at).version == once.version


@settings(max_examples=60)
@given(STEPS, st.integers(1, 4))
def test_repetitions_keep_their_pause_and_their_limit(steps: list[tuple[str, int]], limit: int) -> None:
    policy = EscalationPolicy(RULES, repeat_every=HOUR, limit=limit)
    case, _ = lived(steps, policy)
    last: dict[Any, datetime] = {}

    assert len(case.escalations) <= limit
    for event in case.escalations:
        for each in event.occurrences:
            key = (event.rule, each)
            assert key not in last or moment(event.at) - moment(last[key]) >= HOUR
            last[key] = event.at


@settings(max_examples=50)
@given(STEPS)
def test_whoever_is_told_of_something_late_is_told_of_a_breach(steps: list[tuple[str, int]]) -> None:
    case, at = lived(steps, EscalationPolicy(RULES))
    at = max(at, START + HOUR)
    known = {(each.milestone, each.number) for each in breaches(sla(case, LEVEL, as_of=at))}
    found = due_escalations(case, EscalationPolicy(RULES), sla(case, LEVEL, as_of=at), as_of=at)
    late = {(each.milestone, each.number) for due in found if due.on != "warning" for each in due.occurrences}

    assert late <= known


@settings(max_examples=50)
@given(STORIES, st.integers(0, 3000), st.lists(st.integers(0, 40_000), max_size=6).map(sorted))
def test_each_resolution_is_asked_about_once_and_never_too_early(
    story: list[tuple[str, int]], delay: int, scans: list[int]
) -> None:
    case, at = Case.open("c1", customer="k7", at=START).state, START
    for name, minutes in story:
        at += minutes * MINUTE
        case = done(case, name, at)
    trigger, seen = SurveyTrigger(delay=delay * MINUTE), tuple[SurveyRequest, ...]()
    for minutes in scans:
        as_of = START + minutes * MINUTE
        new = survey_requests([case], trigger, as_of=as_of, seen=seen)
        assert all(moment(each.at) <= moment(as_of) for each in new)
        seen = (*seen, *new)

    assert len({each.key for each in seen}) == len(seen)


@settings(max_examples=50)
@given(STORIES, st.integers(0, 40_000))
def test_a_suggestion_does_not_depend_on_what_happens_later(story: list[tuple[str, int]], minutes: int) -> None:
    case, at = Case.open("c1", customer="k7", at=START).state, START
    for name, pause in story:
        at += pause * MINUTE
        case = done(case, name, at)
    as_of = START + minutes * MINUTE
    then = case.as_of(as_of)

    assert then is not None
    assert follow_ups(case, usual_follow_ups(), as_of=as_of) == follow_ups(then, usual_follow_ups(), as_of=as_of)


@settings(max_examples=50)
@given(STORIES, st.integers(0, 40_000), st.integers(1, 100), st.sampled_from((None, OFFICE)))
def test_closing_is_suggested_exactly_when_the_other_question_says_so(
    story: list[tuple[str, int]], minutes: int, hours: int, calendar: BusinessCalendar | None
) -> None:
    case, at = Case.open("c1", customer="k7", at=START).state, START
    for name, pause in story:
        at += pause * MINUTE
        case = done(case, name, at)
    as_of, rules = START + minutes * MINUTE, usual_follow_ups(close=hours * HOUR, calendar=calendar)
    suggested = [each.suggest for each in follow_ups(case, rules, as_of=as_of)]

    assert ("close" in suggested) == close_due(case, hours * HOUR, as_of=as_of, calendar=calendar)


def owed(number: int, parts: tuple[Any, ...]) -> Entitlement:
    products, channels, start, length, cases = parts
    begins = START + start * HOUR
    period = Period(begins, None if length is None else begins + length * HOUR)
    return Entitlement(
        f"e{number}", customer="k7", period=period, policy="gold", products=products, channels=channels, cases=cases
    )


OWED = st.lists(
    st.tuples(
        st.sampled_from((None, ("printer",), ("scanner",))),
        st.sampled_from((None, ("mail",), ("phone",))),
        st.integers(-3, 3),
        st.none() | st.integers(0, 4),
        st.none() | st.integers(1, 2),
    ),
    max_size=6,
).map(lambda found: [owed(number, parts) for number, parts in enumerate(found)])


@settings(max_examples=80)
@given(OWED, st.randoms(use_true_random=False))
def test_the_order_in_which_entitlements_are_given_changes_nothing(given_: list[Entitlement], chance: Any) -> None:
    case = Case.open("c1", customer="k7", channel="mail", product="printer", at=START).state
    shuffled = chance.sample(given_, len(given_))
    one, other = (entitled(case, each, as_of=START, used={"e0": 1}) for each in (given_, shuffled))

    assert one.entitlement == other.entitlement
    assert set(one.passed) == set(other.passed)
    assert len(one.passed) == len(given_) - (one.entitlement is not None)
