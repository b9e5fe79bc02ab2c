"""What a checker knows about flows of cases: definitions are written in several ways, and questions give values."""

from __future__ import annotations

from datetime import datetime
from typing import assert_type

from relex.calendars import Days
from relex.service import (
    Case,
    CaseCheck,
    CaseFlow,
    Priorities,
    PriorityChoice,
    PriorityMatrix,
    ReopenPolicy,
    Status,
)


def is_written_in_several_ways(statuses: list[Status]) -> None:
    """Mappings, pairs, lists and tuples are one form afterwards."""
    flow = CaseFlow("desk", statuses, moves={"open": ["done"]}, types=["fault"], requires={"close": []})
    assert_type(flow.moves, str | tuple[tuple[str, tuple[str, ...]], ...])
    assert_type(flow.statuses, tuple[Status, ...])
    assert_type(CaseFlow("desk", moves=[("open", ("done",))]).types, tuple[str, ...])
    assert_type(PriorityMatrix({(1, "now"): "high"}).values, tuple[tuple[str, str, str], ...])
    assert_type(Priorities(["high", "low"], default="low", by_type={"fault": "high"}).levels, tuple[str, ...])
    assert_type(CaseFlow.preset("approval", max_depth=2), CaseFlow)


def answers(flow: CaseFlow, case: Case, now: datetime) -> None:
    """A question gives a value; a policy of a flow is there even where none was named."""
    assert_type(flow.check(case, to="closed", as_of=now), CaseCheck)
    assert_type(flow.start, Status)
    assert_type(flow.first("closed", ends="rejected"), Status)
    assert_type(flow.allowed_from("open"), tuple[str, ...])
    assert_type(flow.reopening, ReopenPolicy)
    assert_type(flow.priorities.of(type="fault"), PriorityChoice)
    assert_type(flow.reopening.reopens("closed", since=now, at=now), bool)


def needs_a_time_and_days(flow: CaseFlow, case: Case) -> None:
    """Time is an argument that cannot be left out, and a window is no number."""
    flow.check(case, to="closed")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ReopenPolicy(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ReopenPolicy(Days(7))
