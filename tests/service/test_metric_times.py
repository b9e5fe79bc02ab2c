"""How long things took, case by case."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from service_stories import END, HOUR, figure, on, opened, resolved

from relex.calendars import BusinessCalendar, Period, weekly
from relex.errors import InvalidValue
from relex.service import (
    Case,
    CaseClosed,
    CaseMessage,
    CaseMessageReceived,
    CustomerWaiting,
    FirstResponseTime,
    ResponseTime,
    TimeToResolve,
    measure,
)

OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)


def test_an_automatic_reply_is_no_response() -> None:
    case = opened().reply("r1", at=on(1, 10), automatic=True).state.reply("r2", at=on(1, 12)).state

    assert figure(FirstResponseTime(), case).value == 3 * 3600


def test_the_longest_of_the_unanswered_is_told_while_it_is_open() -> None:
    found = figure(FirstResponseTime(), opened(), resolved("c2"), as_of=on(2))

    assert (found.value, found.reason) == (None, "no_data")
    assert dict(found.parts) == {"answered": 0, "longest_open": 24 * 3600, "unanswered": 2}


def test_of_cases_that_are_over_none_waits() -> None:
    assert dict(figure(FirstResponseTime(), resolved()).parts) == {"answered": 0, "unanswered": 1}


def test_messages_of_the_opening_are_no_replies_to_it() -> None:
    said = [
        CaseMessage("m1", on(1, 8), direction="out"),
        CaseMessage("m2", on(1, 8), direction="in", automatic=True),
        CaseMessage("m3", on(1, 9), direction="in"),
    ]
    case = opened(messages=said).reply("r1", at=on(1, 10)).state

    assert figure(FirstResponseTime(), case).value == 3600
    assert figure(ResponseTime(), case).value == 3600


def test_business_time() -> None:
    case = opened(at=on(1, 16)).reply("r1", at=on(2, 10)).state

    assert figure(FirstResponseTime(calendar=OFFICE), case).value == 2 * 3600
    assert figure(FirstResponseTime(), case).value == 18 * 3600


def test_a_time_belongs_where_it_started_or_where_it_ended() -> None:
    case = opened(at=on(1, 23)).reply("r1", at=on(2, 1)).state

    seen = {}
    for dated in ("start", "end"):
        found = measure([case], [FirstResponseTime(dated=dated)], as_of=on(3), bucket="day")
        seen[dated] = [bucket.day for bucket, each in found.series("first_response_time.mean") if each.value]

    assert seen == {"start": [1], "end": [2]}


def test_what_is_outside_the_period_is_not_counted() -> None:
    found = figure(FirstResponseTime(), opened(), period=Period(date(2026, 6, 2)))

    assert dict(found.parts) == {"answered": 0, "unanswered": 0}


@pytest.mark.parametrize(
    ("statistic", "hours"),
    [("mean", 4), ("median", 3), ("least", 1), ("most", 8), ("p50", 3), ("p0", 1), ("p75", 5.5)],
)
def test_statistics(statistic: str, hours: float) -> None:
    cases = [resolved(f"c{hours}", hours) for hours in (1, 3, 8)]

    assert figure(TimeToResolve(statistics=[statistic]), *cases).value == hours * 3600


@pytest.mark.parametrize("statistics", [[], ["mode"], ["p100"], ["p9x"], ["mean", "mean"], [1], "mean"])
def test_unknown_statistics(statistics: Any) -> None:
    with pytest.raises(InvalidValue, match="statistics"):
        TimeToResolve(statistics=statistics)


def test_waits_that_end_with_the_case_are_no_responses() -> None:
    case = opened().receive("m1", at=on(1, 10)).state.resolve("done", at=on(1, 12)).state

    assert dict(figure(ResponseTime(), case).parts) == {"answered": 0, "open": 0, "unanswered": 1}


def test_a_message_that_reopens_is_a_wait_again() -> None:
    case = resolved().receive("m1", at=on(2)).state.reply("r1", at=on(2, 11)).state

    assert figure(ResponseTime(), case).value == 2 * 3600


def test_a_message_to_a_case_that_stays_closed_waits_for_nothing() -> None:
    case = opened().reject("spam", at=on(1, 10)).state.receive("m1", at=on(1, 11)).state

    assert figure(ResponseTime(), case).part("open") == 0


def test_a_log_that_tells_of_no_reopening_waits_for_nothing_either() -> None:
    case = resolved()
    message = CaseMessage("m1", on(2), direction="in")
    case = Case([*case.history, CaseMessageReceived(source="c1", version=case.version + 1, at=on(2), message=message)])

    assert dict(figure(ResponseTime(), case).parts) == {"answered": 0, "open": 0, "unanswered": 1}


@pytest.mark.parametrize("flags", [{"automatic": True}, {"internal": True}])
def test_machines_and_colleagues_ask_nothing(flags: dict[str, bool]) -> None:
    case = opened().receive("m1", at=on(1, 10), **flags).state

    assert figure(ResponseTime(), case).part("open") == 0


def test_what_went_to_another_case_is_asked_there() -> None:
    case = opened().receive("m1", at=on(1, 10)).state.receive("m2", at=on(1, 11)).state
    source, new = case.split(["m1"], "c2", at=on(1, 12))
    answered = source.state.reply("r1", at=on(1, 13)).state

    assert figure(ResponseTime(), answered).value == 2 * 3600
    assert figure(ResponseTime(), new.state).part("longest_open") == (END - on(1, 10)).total_seconds()


def test_what_was_answered_before_it_went_to_another_case_stays_answered() -> None:
    case = opened().receive("m1", at=on(1, 10)).state.reply("r1", at=on(1, 11)).state.receive("m2", at=on(1, 12)).state
    source, new = case.split(["m1", "r1"], "c2", at=on(1, 13))

    assert figure(ResponseTime(), source.state, as_of=on(1, 14)).value == 3600
    assert figure(ResponseTime(), new.state, as_of=on(1, 14)).part("answered") == 0


def test_it_is_the_turn_of_the_customer_again_where_the_question_went_to_another_case() -> None:
    case = opened().receive("m1", at=on(1, 10)).state.reply("r1", at=on(1, 11)).state.receive("m2", at=on(1, 12)).state
    parted = case.split(["m2"], "c2", at=on(1, 13)).source.state.resolve("done", at=on(1, 15)).state

    assert figure(CustomerWaiting(), parted).value == 2 * 3600


def test_our_turn_begins_with_the_first_question_that_stayed() -> None:
    case = opened().receive("m1", at=on(1, 10)).state.reply("r1", at=on(1, 11)).state.receive("m2", at=on(1, 12)).state
    case = case.receive("m3", at=on(1, 14)).state.split(["m2"], "c2", at=on(1, 15)).source.state

    assert figure(CustomerWaiting(), case.resolve("done", at=on(1, 16)).state).value == (2 + 2) * 3600


def test_the_last_resolution_counts_or_the_first() -> None:
    case = resolved().reopen(reason="again", at=on(2)).state.resolve("done", at=on(3)).state

    assert figure(TimeToResolve(), case).value == 48 * 3600
    assert figure(TimeToResolve(which="first"), case).value == 4 * 3600


def test_the_first_resolution_stays_after_a_reopening() -> None:
    case = resolved().reopen(reason="again", at=on(2)).state

    assert figure(TimeToResolve(), case).part("unresolved") == 1
    assert figure(TimeToResolve(which="first"), case).value == 4 * 3600


def test_net_leaves_the_holds_out_and_the_time_between_a_resolution_and_a_reopening() -> None:
    case = opened().hold("waiting_customer", at=on(1, 10)).state.resume(at=on(1, 12)).state
    case = case.resolve("done", at=on(1, 13)).state.reopen(reason="again", at=on(2, 13)).state
    case = case.resolve("done", at=on(2, 14)).state

    assert figure(TimeToResolve(net=True), case).value == 3 * 3600


def test_net_ends_with_the_first_resolution_where_that_counts() -> None:
    case = resolved().reopen(reason="again", at=on(2)).state.resolve("done", at=on(3)).state

    assert figure(TimeToResolve(net=True, which="first"), case).value == 4 * 3600


def closed_only() -> Case:
    """One of an old log, that was closed without ever being resolved."""
    case = opened()
    end = CaseClosed(source="c1", version=2, at=on(1, 14), flow="support", from_=case.status, to="closed", reopens=True)
    return Case([*case.history, end])


def test_a_case_that_was_closed_alone_counts_where_one_says_so() -> None:
    assert dict(figure(TimeToResolve(), closed_only()).parts)["closed_only"] == 1
    assert figure(TimeToResolve(), closed_only()).value is None
    assert figure(TimeToResolve(fallback="closed"), closed_only()).value == 5 * 3600


def test_rejected_and_merged_cases_are_not_resolved() -> None:
    rejected = opened().reject("spam", at=on(1, 10)).state
    merged = opened("c2").merge_into(opened("c3"), at=on(1, 10))[0]
    found = figure(TimeToResolve(fallback="closed"), rejected, merged)

    assert (found.value, found.part("rejected"), found.part("merged")) == (None, 1, 1)


def test_the_turn_of_the_customer_is_no_waiting_for_us() -> None:
    case = opened().reply("r1", at=on(1, 10)).state.reply("r2", at=on(1, 11)).state
    case = case.receive("m1", at=on(1, 13)).state.reply("r3", at=on(1, 14)).state
    case = case.resolve("done", at=on(1, 18)).state

    assert figure(CustomerWaiting(), case).value == 2 * 3600


def test_turns_before_the_opening_and_after_the_resolution_do_not_count() -> None:
    before = [CaseMessage("m1", on(1, 7), direction="out")]
    case = opened(messages=before).receive("m2", at=on(1, 10)).state.resolve("done", at=on(1, 12)).state
    case = case.reply("r1", at=on(1, 13)).state

    assert figure(CustomerWaiting(), case).value == 2 * 3600


def test_a_turn_that_was_over_at_the_opening_takes_nothing_away() -> None:
    before = [CaseMessage("m1", on(1, 6), direction="out"), CaseMessage("m2", on(1, 7), direction="in")]

    assert figure(CustomerWaiting(), resolved(messages=before)).value == 4 * 3600


def test_times_over_a_change_of_clocks_are_those_of_instants() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    at = on(1).replace(month=10, day=25, hour=0).astimezone(berlin)
    later = (at.astimezone(UTC) + timedelta(hours=4)).astimezone(berlin)
    case = opened(at=at).reply("r1", at=later).state

    assert figure(FirstResponseTime(), case, as_of=later + HOUR).value == 4 * 3600
