"""Coming back and ranking: SV-27, SV-28 and SV-33.

Sources: BottleCRM's tests of `ReopenPolicy`, with an edge of our own; Frappe Helpdesk on priorities.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relex.service import Case, CaseFlow, CaseMessageReceived, Priorities

MONDAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
CASE = Case.open("c1", customer="k7", channel="mail", at=MONDAY).state
CLOSED = CASE.resolve(at=MONDAY).state.close(at=MONDAY).state


@pytest.mark.parametrize(
    "after",
    [pytest.param(timedelta(days=2), id="2 days"), pytest.param(timedelta(days=7), id="7 days to the second")],
)
def test_sv_27_a_customer_brings_it_back(after: timedelta) -> None:
    """SV-27, BottleCRM `ReopenPolicy`, the edge our own: within the window a message opens a closed case again."""
    case, _ = CLOSED.receive("m1", at=MONDAY + after)

    assert (case.status, case.reopens, case.closed_at, case.resolved_at) == ("open", 1, None, None)


@pytest.mark.parametrize(
    "after",
    [pytest.param(timedelta(days=7, microseconds=1), id="just over"), pytest.param(timedelta(days=30), id="30 days")],
)
def test_sv_27_it_stays_closed(after: timedelta) -> None:
    """SV-27, BottleCRM `ReopenPolicy`: after the window the message is kept, and another case should follow."""
    case, events = CLOSED.receive("m1", at=MONDAY + after)

    assert (case.status, case.reopens, case.closed_at) == ("closed", 0, MONDAY)
    assert isinstance(events[0], CaseMessageReceived)
    assert (len(events), events[0].follow_up, events[0].message.id) == (1, True, "m1")


def test_sv_28_our_reply_leaves_it_closed() -> None:
    """SV-28, BottleCRM `ReopenPolicy`: what we write opens nothing."""
    assert CLOSED.reply("m1", at=MONDAY).state.status == "closed"


def test_sv_28_an_internal_note_leaves_it_closed() -> None:
    """SV-28, BottleCRM `ReopenPolicy`: a note for colleagues opens nothing, however it is written."""
    assert CLOSED.note("call back", at=MONDAY).state.status == "closed"
    assert CLOSED.receive("m1", at=MONDAY, internal=True).state.status == "closed"


def test_sv_28_a_rejected_case_stays_rejected() -> None:
    """SV-28, BottleCRM `ReopenPolicy`: a customer who writes to a rejected case does not open it."""
    rejected = CASE.reject("spam", at=MONDAY).state

    case, events = rejected.receive("m1", at=MONDAY)

    assert (case.status, case.kind) == ("rejected", "closed")
    assert [type(event).__name__ for event in events] == ["CaseMessageReceived"]


@pytest.mark.parametrize(
    ("priority", "type_", "expected"),
    [
        pytest.param("low", "outage", ("low", "explicit"), id="explicit"),
        pytest.param(None, "outage", ("urgent", "type"), id="by type"),
        pytest.param(None, "question", ("normal", "default"), id="by default"),
    ],
)
def test_sv_33_priority(priority: str | None, type_: str, expected: tuple[str, str]) -> None:
    """SV-33, Frappe Helpdesk: explicit before type before the default."""
    flow = CaseFlow(priorities=Priorities(by_type={"outage": "urgent"}))

    case, _ = Case.open("c1", priority=priority, type=type_, at=MONDAY, flow=flow)

    assert (case.priority, case.priority_source) == expected
