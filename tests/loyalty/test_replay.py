"""A history that is replayed gives what its commands gave, whatever stands in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Months
from relex.errors import InvalidValue
from relex.loyalty import Account, EarningRule, Flat, PerAmount, PointsExpired, Tier, _folding, advance
from relex.loyalty._events import event_place

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


class TestManyNotices:
    YEARLY = program(EarningRule("v", Flat(5), on="visit"), expires=Months(0, end_of="year"))

    def visited(self) -> Account:
        """Sixty visits, whose ids do not come in their order."""
        account = opened(self.YEARLY)
        for number in range(60):
            at = START + timedelta(hours=number)
            account = account.earn(visit(f"v{number * 7 % 60}", at), self.YEARLY, at=at).state
        return account

    def test_of_one_instant_are_put_in_order_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []
        account = self.visited()
        monkeypatch.setattr(_folding, "event_place", lambda event: asked.append(event) or event_place(event))
        change = advance(account, self.YEARLY, until=day("2027-01-01"))

        assert [type(event) for event in change.events] == [PointsExpired] * 60
        assert len(asked) < 300

    @pytest.mark.parametrize("late", [False, True])
    def test_are_where_a_replay_puts_them(self, late: bool) -> None:
        account = self.visited()
        if late:
            account = account.earn(visit("late", START), self.YEARLY, at=day("01-10")).state
        account = advance(account, self.YEARLY, until=day("2027-01-01")).state
        again = Account.replay(account.events)

        assert again is not None
        assert again.entries() == account.entries()
        assert again.balance(as_of=day("2027-01-01")) == account.balance(as_of=day("2027-01-01"))
        assert advance(account, self.YEARLY, until=day("2028-01-01")).events == ()

    def test_in_their_order_are_added_to_what_came_late(self) -> None:
        of = program(EarningRule("v", Flat(5), on="visit"), expires=Days(3))
        account = opened(of)
        for name, at in (("v1", "01-03"), ("v2", "01-02"), ("v3", "01-04")):
            account = account.earn(visit(name, day(at)), of, at=day("01-04")).state
        account = advance(account, of, until=day("02-01")).state

        assert [entry.key[1] for entry in account.entries()[-3:]] == ["visit:v2", "visit:v1", "visit:v3"]
        assert [entry.key[1] for entry in Account(account.events).entries()[-3:]] == [
            "visit:v2",
            "visit:v1",
            "visit:v3",
        ]
