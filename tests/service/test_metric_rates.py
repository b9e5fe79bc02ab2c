"""Shares of cases, and how much there is of something in a case."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from service_stories import END, HOUR, figure, on, opened, resolved

from relex.calendars import Days, Period
from relex.errors import InvalidValue
from relex.service import FirstContactResolution, PerCase, ReopenRate


def test_a_case_whose_window_is_not_over_is_left_out() -> None:
    found = figure(FirstContactResolution(by="no_reopen"), resolved(), as_of=on(5))

    assert (found.value, found.reason, found.part("too_early")) == (None, "no_data", 1)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(microseconds=-1)])
def test_the_window_is_over_at_its_last_instant(later: timedelta) -> None:
    case = resolved()
    found = figure(FirstContactResolution(by="no_reopen"), case, as_of=on(8, 13) + later)

    assert found.part("too_early") == (later < timedelta(0))


@pytest.mark.parametrize(("late", "value"), [(timedelta(0), 0), (timedelta(microseconds=1), 1)])
def test_a_reopening_at_the_end_of_the_window_counts(late: timedelta, value: int) -> None:
    case = resolved().reopen(reason="again", at=on(2, 13) + late).state

    assert figure(FirstContactResolution(by="no_reopen", window=Days(1)), case).value == value


def test_replies_after_the_window_do_not_count() -> None:
    case = opened().reply("r1", at=on(1, 10)).state.resolve("done", at=on(1, 11)).state
    case = case.reply("r2", at=on(1, 14)).state

    assert figure(FirstContactResolution(window=2 * HOUR), case).value == 1
    assert figure(FirstContactResolution(window=3 * HOUR), case).value == 0


def test_a_case_without_a_reply_was_not_resolved_by_one() -> None:
    assert figure(FirstContactResolution(), resolved()).value == 0


@pytest.mark.parametrize(
    ("other", "value"),
    [
        pytest.param({"contact": "ann", "type": "bill"}, 0, id="the same"),
        pytest.param({"contact": "ann", "type": "login"}, 1, id="another topic"),
        pytest.param({"contact": "bob", "type": "bill"}, 1, id="another contact"),
        pytest.param({"contact": "ann", "type": "bill", "at": on(1, 13)}, 1, id="at the resolution"),
        pytest.param({"contact": "ann", "type": "bill", "at": on(8, 13)}, 0, id="at the end of the window"),
        pytest.param({"contact": "ann", "type": "bill", "at": on(8, 14)}, 1, id="after the window"),
    ],
)
def test_another_case_of_the_contact(other: dict[str, Any], value: int) -> None:
    case = resolved(contact="ann", type="bill")
    follower = opened("c2", **{"at": on(3)} | other)
    metric = FirstContactResolution(by="no_follow_up")

    assert figure(metric, follower, case).value == value


def test_cases_without_a_contact_are_compared_by_their_customer() -> None:
    metric = FirstContactResolution(by="no_follow_up")

    assert figure(metric, resolved(), opened("c2", at=on(3))).value == 0
    assert figure(metric, resolved(customer=None), opened("c2", at=on(3), customer=None)).value == 1


def test_a_follow_up_is_looked_for_by_the_topic_that_is_named() -> None:
    cases = [resolved(type="bill", product="p1"), opened("c2", at=on(3), type="login", product="p1")]

    assert figure(FirstContactResolution(by="no_follow_up"), *cases).value == 1
    assert figure(FirstContactResolution(by="no_follow_up", topic="product"), *cases).value == 0


@pytest.mark.parametrize(
    "wrong", [{"by": "luck"}, {"window": Days(0)}, {"window": Days(10**9)}, {"window": 7}, {"topic": "weather"}]
)
def test_wrong_ways_of_first_contact(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match="FirstContactResolution"):
        FirstContactResolution(**wrong)


def test_reopenings_of_cases_ever_resolved() -> None:
    twice = resolved().reopen(reason="again", at=on(2)).state.resolve("done", at=on(3)).state
    twice = twice.reopen(reason="again", at=on(4)).state
    cases = [twice, resolved("c2"), opened("c3")]

    assert figure(ReopenRate(), *cases).value == Fraction(1, 2)
    assert figure(ReopenRate(), *cases, column="per_case").value == 1
    assert dict(figure(ReopenRate(), *cases).parts) == {"reopened": 1, "reopenings": 2, "resolved": 2}


def busy() -> Any:
    """Two contacts, one reply, and some moves."""
    case = opened(team="one", owner="ann").receive("m1", at=on(1, 10)).state.receive("m2", at=on(1, 10)).state
    case = case.reply("r1", at=on(1, 11)).state.transfer("two", at=on(1, 12)).state
    case = case.assign("bob", at=on(1, 13)).state.assign("ann", at=on(1, 14)).state
    return case.resolve("done", at=on(1, 15)).state.reopen(reason="again", at=on(1, 16)).state


@pytest.mark.parametrize(
    ("of", "count"), [("contacts", 2), ("replies", 1), ("reassignments", 2), ("transfers", 1), ("reopens", 1)]
)
def test_how_much_there_is_in_a_case(of: str, count: int) -> None:
    found = figure(PerCase(of), busy(), opened("c2"))

    assert found.value == Fraction(count, 2)
    assert (found.part("cases"), found.part(of), found.part(f"cases_with_{of}")) == (2, count, 1)


def test_moves_are_counted_as_the_case_counts_them() -> None:
    case = busy()

    assert (case.reassignments, case.transfers) == (2, 1)


def test_the_first_owner_and_the_first_team_are_no_moves() -> None:
    case = opened().assign("ann", at=on(1, 10)).state.transfer("one", at=on(1, 11), keep_owner=True).state
    case = case.transfer(None, at=on(1, 12)).state

    assert figure(PerCase("reassignments"), case).value == 0
    assert figure(PerCase("transfers"), case).value == 0


def test_a_case_belongs_where_it_was_resolved_first() -> None:

    case = resolved()
    june = Period(date(2026, 6, 2), date(2026, 7, 1))

    assert figure(ReopenRate(), case, period=june).reason == "no_data"
    assert figure(FirstContactResolution(), case, period=june).reason == "no_data"
    assert figure(PerCase("contacts"), case, period=june, as_of=END).reason == "no_data"
