"""A history that is replayed gives what its commands gave, whatever stands in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, sale, visit

from relex.errors import InvalidValue
from relex.loyalty import Account, EarningRule, Flat, PerAmount, Tier

if TYPE_CHECKING:
    from collections.abc import Callable

CLUB = program(
    EarningRule("base", PerAmount(1, per="1.00")), EarningRule("v", Flat(10), on="visit"), tiers=[Tier("one", at=5)]
)


def suspended() -> Account:
    account = adjusted(opened(PLAIN), PLAIN, 5, START)
    return account.suspend(at=day("01-02")).state


def resumed() -> Account:
    return adjusted(suspended().resume(at=day("01-03")).state, PLAIN, 7, day("01-04"))


def closed() -> Account:
    return resumed().close(PLAIN, at=day("01-05")).state


def lifted() -> Account:
    account = opened(CLUB).earn(sale("9.00"), CLUB, at=START).state
    account = account.assign_tier("one", CLUB, at=day("01-02"), reason="match", actor="ann").state
    return account.earn(visit("late", START + timedelta(hours=1)), CLUB, at=day("01-03")).state


@pytest.mark.parametrize("make", [suspended, resumed, closed, lifted])
def test_status_standing_and_counts_come_back(make: Callable[[], Account]) -> None:
    account = make()
    again = Account.replay(account.events)

    assert again == account
    assert again is not None
    assert (again.status, again.standing, again.purchases) == (account.status, account.standing, account.purchases)


@pytest.mark.parametrize("make", [suspended, resumed, closed, lifted])
def test_it_can_go_on_from_a_state(make: Callable[[], Account]) -> None:
    account = make()
    half = Account.replay(account.events[:2])

    assert Account.replay(account.events[2:], half) == account


def test_it_can_go_on_from_a_state_to_which_something_came_late() -> None:
    account = opened(CLUB).earn(sale("9.00", at=day("01-03")), CLUB, at=day("01-04")).state
    late = account.earn(visit("late", day("01-02")), CLUB, at=day("01-04")).state
    after = late.earn(visit("next", day("01-05")), CLUB, at=day("01-05")).state

    assert Account.replay(after.events[late.version :], late) == after


def test_events_of_another_account_are_refused() -> None:
    other = Account.open("a2", customer="c2", program=PLAIN, at=START).state
    stranger = adjusted(other, PLAIN, 5, START).events[1]

    with pytest.raises(InvalidValue, match="event 2 of a1"):
        Account.replay([*opened(PLAIN).events, stranger])
