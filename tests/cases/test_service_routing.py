"""Routing and the queue: SV-50, SV-51 and SV-52, all worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.assignment import Assignee, AssignmentPolicy, AssignmentRule, AssignmentState, Pool, assign
from relex.calendars import BusinessCalendar, weekly
from relex.rules import field
from relex.service import Case, PolicyChoice, SlaPolicy, queue, resolution, routing_facts

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ALWAYS = BusinessCalendar.always(UTC)
HOURS = {name: timedelta(hours=hours) for name, hours in (("urgent", 1), ("high", 2), ("normal", 4))}
GOLD = SlaPolicy("gold", [resolution(HOURS)], ALWAYS)
CHOICE = PolicyChoice(policy="gold", version=1, why="default")


def promised(name: str, priority: str, opened: datetime) -> Case:
    opening = Case.open(name, customer="k7", priority=priority, at=opened)
    return opening.then(lambda case: case.choose_policy(CHOICE, at=opened)).state


def test_sv_50_languages_by_turns() -> None:
    """SV-50: three German cases and an English one, by round robin: Ana, Cy, Ana, and Bo who never had a turn."""
    policy = AssignmentPolicy([AssignmentRule("desk", pool=Pool("desk", ["ana", "bo", "cy"]))])
    people = [
        Assignee("ana", accepts=field("language").is_in("de", "en")),
        Assignee("bo", accepts=field("language") == "en"),
        Assignee("cy", accepts=field("language") == "de"),
    ]
    state = AssignmentState()
    chosen = []

    for number, language in enumerate(("de", "de", "de", "en"), 1):
        case = Case.open(f"c{number}", customer="k7", at=NOON).state
        answer = assign(routing_facts(case, as_of=NOON, facts={"language": language}), policy, people, state, at=NOON)
        state = answer.state
        chosen.append(answer.assignee)

    assert chosen == ["ana", "cy", "ana", "bo"]


def test_sv_51_the_order_of_the_queue() -> None:
    """SV-51: P due in 1 h, Q overdue by 10 min, R paused, S overdue by 2 h, T without a clock: S, Q, P, T, R."""
    due_in_an_hour = promised("P", "normal", NOON - timedelta(hours=3))
    overdue = promised("Q", "normal", NOON - timedelta(hours=4, minutes=10))
    paused = promised("R", "normal", NOON).hold("waiting_customer", at=NOON).state
    long_overdue = promised("S", "normal", NOON - timedelta(hours=6))
    no_clock = promised("T", "low", NOON)

    answer = queue([due_in_an_hour, overdue, paused, long_overdue, no_clock], GOLD, as_of=NOON)

    assert answer.ids == ("S", "Q", "P", "T", "R")
    assert [each.why for each in answer.places] == ["overdue", "overdue", "due", "no_clock", "paused"]


def test_sv_52_due_at_one_instant() -> None:
    """SV-52: of two cases due at one instant the higher priority is first; of one priority the one opened earlier."""
    normal = promised("a", "normal", NOON)
    high = promised("b", "high", NOON + timedelta(hours=2))

    assert queue([normal, high], GOLD, as_of=NOON + timedelta(hours=2)).ids == ("b", "a")


def test_sv_52_of_one_priority() -> None:
    """SV-52: of two cases due at one instant and of one priority, the one opened earlier is first."""
    office = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
    evening = datetime(2026, 6, 1, 20, tzinfo=UTC)
    later, early = promised("a", "normal", evening + timedelta(hours=1)), promised("b", "normal", evening)

    answer = queue([later, early], SlaPolicy("gold", [resolution(HOURS)], office), as_of=evening + timedelta(hours=2))

    assert answer.ids == ("b", "a")
    assert len({each.due_at for each in answer.places}) == 1
