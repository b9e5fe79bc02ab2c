"""Merging a case into another one, and taking it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relex.calendars import BusinessCalendar
from relex.errors import InvalidValue, NotFound, Rejected
from relex.service import (
    Case,
    CaseFlow,
    CaseUnmerged,
    PolicyChoice,
    SlaPolicy,
    Status,
    first_response,
    next_response,
    resolution,
    sla,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TARGET = Case.open("target", customer="k7", at=NOON).state


def case_of(name: str = "source") -> Case:
    return Case.open(name, customer="k7", at=NOON).state


def test_a_merge_ends_the_source_in_the_status_that_ends_so() -> None:
    case, _ = case_of().merge_into(TARGET, at=NOON + HOUR)

    assert (case.status, case.kind, case.ends, case.merged_into) == ("duplicate", "closed", "merged", "target")
    assert case.closed_at == NOON + HOUR


def test_a_flow_names_its_own_status_for_merges() -> None:
    statuses = [
        Status("begun", "open"),
        Status("done", "resolved"),
        Status("over", "closed"),
        Status("same", "closed", ends="merged"),
    ]

    flow = CaseFlow("own", statuses)
    case = Case.open("source", customer="k7", at=NOON, flow=flow).state

    assert case.merge_into(TARGET, at=NOON, flow=flow).state.status == "same"


def test_a_flow_without_such_a_status_merges_nothing() -> None:
    flow = CaseFlow("own", [Status("begun", "open"), Status("done", "resolved"), Status("over", "closed")])
    case = Case.open("source", customer="k7", at=NOON, flow=flow).state

    with pytest.raises(NotFound, match="merged"):
        case.merge_into(TARGET, at=NOON, flow=flow)


@pytest.mark.parametrize("end", ["close", "reject"])
def test_what_is_over_is_not_merged(end: str) -> None:
    over = getattr(case_of(), end)(at=NOON).state

    with pytest.raises(Rejected) as refused:
        over.merge_into(TARGET, at=NOON)

    assert refused.value.reason == "closed"


def test_a_resolved_case_is_merged() -> None:
    assert case_of().resolve("fixed", at=NOON).state.merge_into(TARGET, at=NOON).state.ends == "merged"


def test_the_target_may_be_closed() -> None:
    assert case_of().merge_into(TARGET.close(at=NOON).state, at=NOON).state.merged_into == "target"


def test_a_refusal_names_where_the_target_went() -> None:
    gone = case_of("gone").merge_into(TARGET, at=NOON).state

    with pytest.raises(Rejected) as refused:
        case_of().merge_into(gone, at=NOON)

    assert refused.value.details["why"] == "merged"
    assert refused.value.allowed == ("target",)


def test_the_same_target_that_was_merged_since_is_no_news() -> None:
    case = case_of().merge_into(TARGET, at=NOON).state
    target = TARGET.merge_into(case_of("other"), at=NOON).state

    assert case.merge_into(target, at=NOON) == (case, ())


def test_no_merge_before_what_happened_last() -> None:
    case = case_of().rename("late", at=NOON + HOUR).state

    with pytest.raises(Rejected) as refused:
        case.merge_into(TARGET, at=NOON)

    assert refused.value.reason == "out_of_order"


@pytest.mark.parametrize("kind", ["open", "waiting", "resolved"])
def test_taking_a_merge_back_restores_the_status(kind: str) -> None:
    case = case_of().assign("ana", at=NOON).state
    if kind == "waiting":
        case = case.hold("waiting_third_party", at=NOON).state
    if kind == "resolved":
        case = case.resolve("fixed", at=NOON).state

    back, (event,) = case.merge_into(TARGET, at=NOON + HOUR).state.unmerge(at=NOON + 2 * HOUR)

    assert isinstance(event, CaseUnmerged)
    assert (event.from_, event.to, event.kind) == ("duplicate", case.status, kind)
    names = ("status", "kind", "waiting_for", "ends", "status_entered_at", "resolved_at", "closed_at", "merged_into")
    assert [getattr(back, name) for name in names] == [getattr(case, name) for name in names]


def test_a_merge_may_be_taken_back_and_done_again() -> None:
    case = case_of()
    for _ in range(2):
        case = case.merge_into(TARGET, at=NOON).state.unmerge(at=NOON).state

    assert case.status == "new"
    assert len(case.live_events) == 1


def test_what_was_not_merged_is_not_taken_back() -> None:
    with pytest.raises(Rejected) as refused:
        case_of().unmerge(at=NOON)

    assert refused.value.reason == "not_merged"


def test_what_was_taken_back_is_not_taken_back_again() -> None:
    back = case_of().merge_into(TARGET, at=NOON).state.unmerge(at=NOON).state

    with pytest.raises(Rejected, match="not_merged"):
        back.unmerge(at=NOON)


def test_a_merge_is_into_a_case() -> None:
    with pytest.raises(InvalidValue, match=r"merge_into\.target"):
        case_of().merge_into("target", at=NOON)  # type: ignore[arg-type]  # on purpose


def test_a_message_while_merged_stays_where_it_came() -> None:
    merged = case_of().merge_into(TARGET, at=NOON).state

    late, (event,) = merged.receive("m1", at=NOON + HOUR)

    assert event.goes_to == "target"  # type: ignore[attr-defined]  # it was received
    assert [each.id for each in late.unmerge(at=NOON + HOUR).state.messages] == ["m1"]


ALWAYS = BusinessCalendar.always(UTC)
GOLD = SlaPolicy("gold", [first_response(HOUR), next_response(2 * HOUR), resolution(8 * HOUR)], ALWAYS)


def states(case: Case, as_of: datetime) -> list[str | None]:
    return [clock.state for clock in sla(case, GOLD, as_of=as_of).clocks]


def promised() -> Case:
    return case_of().choose_policy(PolicyChoice(policy="gold", version=1, why="default"), at=NOON).state


def test_what_is_merged_missed_nothing() -> None:
    merged = promised().merge_into(TARGET, at=NOON).state

    assert states(merged, NOON + 9 * HOUR) == ["canceled", "not_started", "canceled"]


def test_while_it_was_merged_its_clocks_stay_canceled() -> None:
    merged = promised().merge_into(TARGET, at=NOON).state
    back = merged.unmerge(at=NOON + 3 * HOUR).state

    assert states(back, NOON + 2 * HOUR) == states(merged, NOON + 2 * HOUR)
    assert states(back, NOON + 3 * HOUR) == ["overdue", "not_started", "running"]


def test_a_message_that_came_while_merged_waits_once_the_merge_is_taken_back() -> None:
    merged = promised().reply("m1", at=NOON).state.merge_into(TARGET, at=NOON).state
    late = merged.receive("m2", at=NOON + HOUR).state

    back = late.unmerge(at=NOON + 2 * HOUR).state

    assert states(late, NOON + 2 * HOUR) == ["met", "not_started", "canceled"]
    assert states(back, NOON + 2 * HOUR) == ["met", "running", "running"]
    assert sla(back, GOLD, as_of=NOON + 2 * HOUR).clock("next_response").due_at == NOON + 3 * HOUR


def test_a_flow_is_that_of_the_case() -> None:
    with pytest.raises(InvalidValue, match=r"merge_into\.flow"):
        case_of().merge_into(TARGET, at=NOON, flow=CaseFlow("other"))
