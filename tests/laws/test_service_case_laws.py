"""Laws of cases: replay, silence of what changes nothing, what a closed case takes, the past as it was."""

from __future__ import annotations

import itertools
from datetime import UTC, timedelta
from typing import Any

import attrs
from hypothesis import given, settings, strategies as st

from relex._instants import is_before
from relex.changes import Change, Event, replay
from relex.codec import decode, encode
from relex.service import (
    Case,
    CaseMessageReceived,
    CaseNoted,
    CaseReopened,
    CaseReplied,
    CaseStatusChanged,
    CaseUnmerged,
    StatusEntry,
)
from relex.testing.strategies import case_changes, case_commands

History = tuple[Change[Case], ...]

FIELDS = [field.name for field in attrs.fields(Case)]
lean = settings(max_examples=60, deadline=None)


def _events(history: History) -> list[Event]:
    return [event for change in history for event in change.events]


def _told(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in FIELDS}


@lean
@given(case_changes(min_size=4, max_size=10))
def test_folding_the_events_gives_every_state(history: History) -> None:
    """Law 1: by the commands, by `evolve`, by the constructor and out of the stored form, the state is the same."""
    events = _events(history)

    for change in history:
        known = events[: change.state.version]
        assert replay(Case.evolve, known) == change.state
        assert _told(Case(known)) == _told(change.state)
    assert decode(encode(history[-1].state), Case) == history[-1].state


@lean
@given(case_changes(min_size=2, max_size=8), case_commands())
def test_a_repeated_command_says_nothing(history: History, command: Any) -> None:
    """Law 1: the same command again, at the same instant, gives no event, or is refused."""
    change = command(history[-1].state)

    again = _again(command, change)

    assert again == ()


def _again(command: Any, change: Change[Case]) -> tuple[Event, ...]:
    """The events of the same command on the state after it, at the same instant; a second split is another one.

    The strategy draws messages by their place: below 0 is one that is there, the last is the one that just came.
    """
    name, _, parts, more = command.given
    if name == "split" or not change.events:
        return ()
    same = (-1,) if name in {"receive", "reply"} else parts
    again: Change[Case] = attrs.evolve(command, given=(name, timedelta(0), same, more))(change.state)
    return again.events


@lean
@given(case_changes(min_size=2, max_size=10), case_commands())
def test_a_closed_case_only_comes_back_or_takes_words(history: History, command: Any) -> None:
    """Law 1: a closed case changes only by reopening, notes and messages, and by taking its merge back."""
    case = next((change.state for change in reversed(history) if change.state.kind == "closed"), None)
    closed = history[-1].state.close(at=history[-1].state.changed_at).state if case is None else case

    events = command(closed).events

    first = (CaseReopened, CaseUnmerged, CaseMessageReceived, CaseReplied, CaseNoted)
    assert all(isinstance(event, first) for event in events[:1])
    assert all(isinstance(event, CaseReopened) for event in events[1:] if not isinstance(event, first))


@lean
@given(case_changes(min_size=2, max_size=10))
def test_the_past_does_not_see_what_came_later(history: History) -> None:
    """A case as of an instant is the state after the last event by then."""
    final = history[-1].state

    for before, after in itertools.pairwise(history):
        if is_before(before.state.changed_at, after.state.changed_at):
            assert final.as_of(before.state.changed_at) == before.state
    assert final.as_of(final.opened_at.astimezone(UTC) - timedelta(microseconds=1)) is None
    assert final.as_of(final.changed_at) == final


@lean
@given(case_changes(min_size=2, max_size=10))
def test_a_kind_says_which_instants_are_there(history: History) -> None:
    """What is resolved has an instant of it, and so has what is closed; what came back has neither any more."""
    for case in [change.state for change in history]:
        assert (case.closed_at is not None) == (case.kind == "closed") == (case.ends is not None)
        assert (case.waiting_for is not None) == (case.kind == "waiting")
        if case.kind in {"open", "waiting"}:
            assert (case.resolved_at, case.resolution) == (None, None)
        assert (case.resolved_at is not None) or case.kind != "resolved"


@lean
@given(case_changes(min_size=2, max_size=10))
def test_counts_are_those_of_the_events(history: History) -> None:
    """Each count is the number of its events."""
    case = history[-1].state
    events = case.history

    assert case.reopens == sum(isinstance(event, CaseReopened) for event in events)
    assert case.version == len(events)
    assert case.replies == sum(each.direction == "out" and each.counts for each in case.messages)


@lean
@given(case_changes(min_size=2, max_size=8), st.integers(0, 3))
def test_a_merge_that_was_undone_leaves_nothing(history: History, notes: int) -> None:
    """Merge, then notes, then unmerge: everything is as if only the notes had been written."""
    case = history[-1].state
    at = case.changed_at
    if case.kind == "closed":
        return
    target = Case.open("the target", at=at).state

    merged = case.merge_into(target, at=at).state
    for number in range(notes):
        merged, case = merged.note(f"n{number}", at=at).state, case.note(f"n{number}", at=at).state
    back = merged.unmerge(at=at).state

    kept = {"history", "version"}
    assert {name: value for name, value in _told(back).items() if name not in kept} == {
        name: value for name, value in _told(case).items() if name not in kept
    }
    assert [type(event) for event in back.live_events] == [type(event) for event in case.live_events]
    assert _told(Case(back.history)) == _told(back)


@lean
@given(case_changes(min_size=2, max_size=10))
def test_statuses_follow_each_other(history: History) -> None:
    """Each event that enters a status begins where the one before it ended, and moves."""
    entries = [event for event in history[-1].state.history if isinstance(event, StatusEntry)]

    for before, after in itertools.pairwise(entries):
        assert after.from_ == before.to != after.to
    assert all(event.kind in {"open", "waiting"} for event in entries if isinstance(event, CaseStatusChanged))
