"""Laws of trees and queues of cases: no order of commands makes a loop, and a queue has every open case once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st

from relex.calendars import BusinessCalendar
from relex.errors import Rejected
from relex.service import Case, SlaPolicy, close_tree, family_facts, first_response, queue, resolution

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
IDS = "abcdef"
GOLD = SlaPolicy("gold", [first_response(HOUR), resolution({"normal": 4 * HOUR})], BusinessCalendar.always(UTC))

lean = settings(max_examples=60)


@st.composite
def forests(draw: st.DrawFn) -> dict[str, Case]:
    """Cases after any moves under each other that were not refused."""
    cases = {name: Case.open(name, customer="k7", at=NOON).state for name in IDS}
    pairs = st.tuples(st.sampled_from(IDS), st.none() | st.sampled_from(IDS))
    for name, above in draw(st.lists(pairs, max_size=12)):
        try:
            parent = None if above is None else cases[above]
            cases[name] = cases[name].set_parent(parent, cases.values(), at=NOON).state
        except Rejected:  # as one that would be above itself
            continue
    return cases


def line_of(case: Case, cases: dict[str, Case]) -> list[str]:
    """The ids from a case up; endless for a loop, so it is cut."""
    line = [case.id]
    while (above := cases[line[-1]].parent) is not None and len(line) <= len(cases):
        line.append(above)
    return line


@lean
@given(forests())
def test_no_tree_is_deeper_than_its_flow_says(cases: dict[str, Case]) -> None:
    assert max(len(line_of(case, cases)) for case in cases.values()) <= 3


@lean
@given(forests(), st.sampled_from(IDS), st.sets(st.sampled_from(IDS)))
def test_a_cascade_closes_all_below_and_each_once(cases: dict[str, Case], top: str, closed: set[str]) -> None:
    cases |= {name: cases[name].close(at=NOON).state for name in closed}

    changes = close_tree(cases[top], cases.values(), at=NOON, cascade=True)

    below = {name for name, case in cases.items() if top in line_of(case, cases)}
    told = [change.state.id for change in changes]
    assert sorted(told) == sorted(below - closed)
    places = {name: place for place, name in enumerate(told)}
    assert all(places[name] < places.get(cases[name].parent or "", len(told)) for name in told)
    after = cases | {change.state.id: change.state for change in changes}
    assert family_facts(after[top], after.values()) == {"open_children": 0}


@lean
@given(
    st.lists(
        st.tuples(st.sampled_from(("low", "normal", "high")), st.integers(0, 600), st.sampled_from("owrc")), max_size=8
    ),
    st.integers(0, 900),
    st.data(),
)
def test_a_queue_has_every_open_case_once_in_one_order(
    drawn: list[tuple[str, int, str]], minutes: int, data: st.DataObject
) -> None:
    cases = []
    for number, (priority, opened, state) in enumerate(drawn):
        at = NOON + timedelta(minutes=opened)
        case = Case.open(f"c{number}", customer="k7", priority=priority, at=at).state
        if state != "o":
            case = {
                "w": lambda it=case, at=at: it.hold("waiting_customer", at=at),
                "r": lambda it=case, at=at: it.resolve("fixed", at=at),
                "c": lambda it=case, at=at: it.close(at=at),
            }[state]().state
        cases.append(case)
    as_of = NOON + timedelta(minutes=minutes)

    answer = queue(cases, GOLD, as_of=as_of)

    assert queue(data.draw(st.permutations(cases)), GOLD, as_of=as_of) == answer
    there = [case.id for case in cases if case.opened_at <= as_of and case.kind in {"open", "waiting"}]
    assert sorted(answer.ids) == sorted(there)
    assert [place.place for place in answer.places] == list(range(1, len(there) + 1))
    groups = ["late" if place.due_at else place.why for place in answer.places]
    assert groups == sorted(groups, key=("late", "no_clock", "paused").index)
    dues = [place.due_at for place in answer.places if place.due_at is not None]
    assert dues == sorted(dues)
