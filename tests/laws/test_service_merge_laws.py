"""Laws of joining and parting cases: a merge that is taken back leaves nothing, and nothing is ever lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import given, settings, strategies as st

from relex.calendars import BusinessCalendar, weekly
from relex.errors import Rejected
from relex.service import (
    Case,
    CaseMessage,
    PolicyChoice,
    SlaPolicy,
    first_response,
    next_response,
    redirect,
    resolution,
    sla,
    thread,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Change

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)
HOUR = timedelta(hours=1)
GOLD = SlaPolicy("gold", [first_response(HOUR), next_response(2 * HOUR), resolution(8 * HOUR)], OFFICE)
CHOICE = PolicyChoice(policy="gold", version=1, why="default")
TARGET = Case.open("target", customer="k7", at=START).state

lean = settings(max_examples=60)


def _asks(case: Case, at: datetime) -> Change[Case]:
    return case.receive(f"{case.id}-{case.version}", at=at)


def _answers(case: Case, at: datetime) -> Change[Case]:
    return case.reply(f"{case.id}-{case.version}", at=at)


STEPS: list[Callable[[Case, datetime], Change[Case]]] = [
    _asks,
    _answers,
    lambda case, at: case.hold("waiting_third_party", at=at),
    lambda case, at: case.resume(at=at),
    lambda case, at: case.resolve("fixed", at=at),
    lambda case, at: case.assign("ana", at=at),
    lambda case, at: case.set_priority("high", at=at),
    lambda case, at: case.note("Looked at it", at=at),
]


@st.composite
def worked(draw: st.DrawFn, name: str = "source") -> tuple[Case, datetime]:
    """A case after some work, and the instant at which that ended."""
    at = START
    opening = Case.open(name, customer="k7", messages=[CaseMessage(f"{name}-0", at, direction="in")], at=at)
    case = opening.state.choose_policy(CHOICE, at=at).state
    for step, minutes in draw(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 900)), max_size=8)):
        at += timedelta(minutes=minutes)
        try:
            case = step(case, at).state
        except Rejected:  # as a case that does not wait is not resumed
            continue
    return case, at


def shown(case: Case) -> dict[str, Any]:
    """Everything that a case says of itself, but for what its history alone says."""
    kept = ("history", "version", "changed_at")
    return {each.name: getattr(case, each.name) for each in attrs.fields(Case) if each.name not in kept}


@lean
@given(worked(), st.integers(0, 900), st.integers(0, 900))
def test_a_merge_that_is_taken_back_restores_the_case(drawn: tuple[Case, datetime], before: int, during: int) -> None:
    case, at = drawn
    merged_at = at + timedelta(minutes=before)

    back = case.merge_into(TARGET, at=merged_at).state.unmerge(at=merged_at + timedelta(minutes=during)).state

    assert shown(back) == shown(case)
    assert (back.live_events, back.history[: case.version]) == (case.history, case.history)


@lean
@given(worked(), st.integers(0, 900), st.integers(0, 3000))
def test_its_clocks_run_as_if_there_had_been_no_merge(drawn: tuple[Case, datetime], during: int, after: int) -> None:
    case, at = drawn
    ended = at + timedelta(minutes=during)

    back = case.merge_into(TARGET, at=at).state.unmerge(at=ended).state
    as_of = ended + timedelta(minutes=after)

    assert sla(back, GOLD, as_of=as_of).clocks == sla(case, GOLD, as_of=as_of).clocks


@lean
@given(worked(), worked("target"))
def test_a_thread_has_every_message_once_and_gives_them_back(
    drawn: tuple[Case, datetime], other: tuple[Case, datetime]
) -> None:
    (case, at), (target, _) = drawn, other

    merged = case.merge_into(target, at=at).state
    late, _ = _asks(merged, at + HOUR)
    joined = thread(target, [late])

    ids = [each.message.id for each in joined.messages]
    assert sorted(ids) == sorted([each.id for each in (*target.messages, *late.messages)])
    assert [each.message.at for each in joined.messages] == sorted([each.message.at for each in joined.messages])
    assert late.merged_into == target.id
    back = late.unmerge(at=at + HOUR).state
    assert thread(target, [back]) == thread(target, [])
    assert back.messages == late.messages


@lean
@given(worked(), st.data())
def test_a_split_parts_the_messages(drawn: tuple[Case, datetime], data: st.DataObject) -> None:
    case, at = drawn
    case, _ = _asks(case, at)
    ids = [each.id for each in case.messages]
    some = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=len(ids) - 1, unique=True))

    source, new = case.split(some, "new", at=at)

    assert {*source.state.messages}.isdisjoint(new.state.messages)
    assert {*source.state.messages, *new.state.messages} == {*case.messages}
    assert {each.id for each in new.state.messages} == {*some}


@lean
@given(worked(), st.data())
def test_a_split_takes_no_promise_back_that_was_kept_or_missed(
    drawn: tuple[Case, datetime], data: st.DataObject
) -> None:
    case, at = drawn
    case, _ = _asks(case, at)
    ids = [each.id for each in case.messages]
    some = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=len(ids) - 1, unique=True))

    source = case.split(some, "new", at=at).source.state

    assert _over(case, at) <= _over(source, at + HOUR)


def _over(case: Case, as_of: datetime) -> set[tuple[Any, ...]]:
    """The occurrences that are met or missed."""
    found = [(clock.milestone, each) for clock in sla(case, GOLD, as_of=as_of).clocks for each in clock.occurrences]
    return {
        (name, each.number, each.state, each.started_at, each.stopped_at, each.due_at, each.late_by)
        for name, each in found
        if each.state in {"met", "missed"}
    }


_IDS = st.sampled_from("abcdef")


@lean
@given(_IDS, st.dictionaries(_IDS, _IDS))
def test_every_chain_ends(start: str, into: dict[str, str]) -> None:
    found = redirect(start, into)

    passed = {start}
    here = start
    while here in into and into[here] not in passed:
        here = into[here]
        passed.add(here)
    assert found == (start if here in into else here)
