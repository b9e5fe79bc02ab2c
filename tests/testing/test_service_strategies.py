"""What the strategies of cases draw."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings

from relex.changes import Change, Event, replay
from relex.errors import InvalidValue
from relex.service import Case, CaseMessage, CaseMessageReceived, CaseStatusChanged
from relex.testing.strategies import case_changes, case_commands, case_events, case_messages, cases

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
lean = settings(max_examples=25)


@lean
@given(case_changes(id="k1", customer="c1", at=AT, min_size=3, max_size=6))
def test_a_history_is_one_case_in_order(history: tuple[Change[Case], ...]) -> None:
    events = [event for change in history for event in change.events]
    case = history[-1].state

    assert (case.id, case.opened_at) == ("k1", AT)
    assert [change.expected for change in history] == [0, *[change.state.version for change in history[:-1]]]
    assert all(not later.at < earlier.at for earlier, later in pairwise(events))
    assert replay(Case.evolve, events) == case


@lean
@given(cases(max_size=1), case_commands())
def test_any_case_takes_a_command(case: Case, command: Callable[[Case], Change[Case]]) -> None:
    assert case.version == 1
    assert command(case).state.id == case.id


@pytest.fixture(scope="module")
def drawn() -> list[Case]:
    """What is drawn; the same every time."""
    found: list[Case] = []

    @settings(max_examples=150, phases=[Phase.generate], derandomize=True, database=None)
    @given(case_changes(min_size=10, max_size=16))
    def collect(changes: tuple[Change[Case], ...]) -> None:
        found.append(changes[-1].state)

    collect()
    return found


def test_cases_of_every_kind_and_end_come(drawn: list[Case]) -> None:
    assert {case.kind for case in drawn} == {"open", "waiting", "resolved", "closed"}
    assert {case.ends for case in drawn} == {None, "closed", "rejected", "merged"}


def test_rare_events_come_too(drawn: list[Case]) -> None:
    events = {type(event).__name__ for case in drawn for event in case.history}

    assert events >= {"CaseReopened", "CaseMerged", "CaseUnmerged", "CaseSplit", "CaseEscalated", "CaseApprovalGiven"}


@lean
@given(
    case_messages(id="m1", direction="out", at=AT),
    case_events(CaseStatusChanged),
    case_events(),
    case_events(CaseMessageReceived),
)
def test_parts_and_events_are_as_given(
    message: CaseMessage, one: Event, other: Event, came: CaseMessageReceived
) -> None:
    assert (message.id, message.direction, message.at) == ("m1", "out", AT)
    assert type(one) is CaseStatusChanged
    assert isinstance(other, Event)
    assert came.message.direction == "in"


@pytest.mark.parametrize(
    ("make", "arguments", "path"),
    [
        (case_messages, {"id": ""}, "case_messages.id"),
        (case_messages, {"direction": "up"}, "case_messages.direction"),
        (case_messages, {"at": AT.date()}, "case_messages.at"),
        (cases, {"id": 3}, "case_changes.id"),
        (case_changes, {"customer": ""}, "case_changes.customer"),
        (case_changes, {"at": AT.date()}, "case_changes.at"),
        (case_changes, {"max_size": 0}, "case_changes"),
        (case_events, {"kind": Event}, "case_events.kind"),
    ],
)
def test_a_wrong_argument_is_refused(make: Any, arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=path.replace(".", r"\.")):
        make(**arguments)
