"""Corners that few programs reach: full caches, facts that are no keys, events that are no entries."""

from __future__ import annotations

import pytest
from strategies_loyalty import SPENDING, START, award, day, opened, program, sale, visit

from relex.calendars import Days, Period
from relex.loyalty import Account, Cap, EarningRule, Flat, Never, PerAmount, Points, PointsEarned, _alike, _plan
from relex.loyalty._commands import _levelled
from relex.loyalty._events import Entry
from relex.rules import field

MIXED = program(
    EarningRule("base", PerAmount(1, per="1.00"), caps=[Cap(points=100, per="day")]),
    EarningRule("tea", Flat(5), (field("line.category") == "tea") & field("customer.tags").contains("fan")),
    EarningRule("flat", Flat(1), field("customer.city") == "Graz"),
)


def test_full_caches_change_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_alike, "_MOST", 1)
    monkeypatch.setattr(_plan, "_MOST_REMEMBERED", 1)
    account = opened(MIXED)
    found = []
    for number in range(6):
        bought = sale("5.00", name=f"s{number}", at=day(f"01-0{number + 1}"))
        customer = {"tags": ("fan",), "city": "Graz"} if number % 2 else {"tags": 7, "city": number}
        event = next(
            event
            for event in account.earn(bought, MIXED, at=bought.at, customer=customer).events
            if isinstance(event, PointsEarned)
        )
        account = Account.evolve(account, event)
        found.append(event.points)

    assert found == [5, 6] * 3


def test_a_fact_that_is_no_key() -> None:
    """A list is no fact, so the rule is undecided; nothing fails."""
    breakdown = award(MIXED, sale("5.00"), customer={"tags": ["fan"], "city": "Graz"}).breakdown

    assert breakdown.by_rule() == {"base": 5, "flat": 1}
    assert "tea" in breakdown.reasons()


def test_a_line_is_levelled_from_the_largest() -> None:
    assert _levelled({1: -3, 2: 1, 3: 9}) == {1: 0, 2: 1, 3: 6}
    assert _levelled({1: -3}) == {1: -3}
    assert _levelled({}) == {}


def test_an_entry_has_a_key_of_its_own() -> None:
    with pytest.raises(NotImplementedError):
        _ = Entry(source="a", version=1, at=START, effective=START).key


def test_a_replay_with_suspensions() -> None:
    account = opened(SPENDING).suspend(at=START).state.resume(at=day("01-02")).state
    account = account.earn(visit("v", day("01-03")), SPENDING, at=day("01-03")).state.suspend(at=day("01-04")).state

    assert account == Account(account.events)
    assert Account(account.events).status == "suspended"


def test_ledgers_with_other_currencies_differ() -> None:
    account = opened(SPENDING)

    assert account.earn(sale("5.00"), SPENDING, at=START).state._ledger != account._ledger


def test_a_condition_that_buys_nothing() -> None:
    assert program(EarningRule("web", Flat(1), field("event.channel") == "web")).problems() == ()


def test_a_statement_of_one_of_two_currencies() -> None:
    both = program(
        EarningRule("stars", Flat(3), on="visit", gives=("stars",)),
        EarningRule("coins", Flat(4), on="visit", gives=("coins",)),
        points=[Points("stars", expires=Days(5)), Points("coins", expires=Never())],
    )
    account = opened(both).earn(visit("v", START), both, at=START).state
    month = Period(START, day("02-01"))

    assert [row.what for row in account.statement(month, points="coins").rows] == ["PointsEarned"]
    assert [row.what for row in account.statement(month, points="stars").rows] == ["PointsEarned", "expired"]
