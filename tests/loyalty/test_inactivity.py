"""Lots that end together when nothing happens: which of them an activity that comes too late still finds there."""

from __future__ import annotations

from typing import Any

import pytest
from strategies_loyalty import START, day, opened, program, sale, visit

from relex.calendars import Days
from relex.loyalty import Account, EarningRule, Escrow, Flat, Inactive, Occasion, PerAmount, PointsExpired, Restore
from relex.purchases import Return

IDLE = program(
    EarningRule("base", PerAmount(1, per="1.00"), pending=Days(15)),
    EarningRule("order", Flat(20), on="order", pending=Escrow("delivered", within=Days(60))),
    EarningRule("visit", Flat(7), on="visit"),
    expires=Inactive(Days(10)),
)


def seen(account: Account, at: str, name: str) -> Account:
    return account.earn(visit(name, day(at)), IDLE, at=day(at)).state


def ends(account: Account, at: str) -> dict[str, str]:
    return {lot.id: f"{lot.expires_at:%m-%d}" for lot in account.lots(as_of=day(at))}


class TestWhatStillWaits:
    """A sale of 1 January that waits until the 16th; inactive until the 12th, a visit on the 14th."""

    def waiting(self) -> Account:
        return seen(opened(IDLE).earn(sale("10.00"), IDLE, at=START).state, "01-14", "v1")

    def test_it_follows_the_activity(self) -> None:
        assert ends(self.waiting(), "01-20") == {"purchase:s1": "01-25", "visit:v1": "01-25"}

    @pytest.mark.parametrize("at", ["01-15", "01-20"])
    def test_a_return_takes_it(self, at: str) -> None:
        back = Return("r1", at=day(at), purchase="s1", lines=[(1, 1)])
        change = self.waiting().reverse(back, IDLE, at=day(at))
        event: Any = change.events[-1]

        assert (event.points, event.uncollected) == (10, 0)
        assert ends(change.state, at) == {"visit:v1": "01-25"}

    def test_a_canceled_redemption_gives_it_back(self) -> None:
        account = (
            self.waiting().redeem(17, IDLE, id="r", at=day("01-18")).state.restore("r", IDLE, at=day("01-19")).state
        )

        assert account.balance(as_of=day("01-19")).available == 17

    def test_so_does_what_waits_in_escrow(self) -> None:
        account = opened(IDLE).earn(Occasion("order", "o1", START), IDLE, at=START).state
        account = seen(account, "01-14", "v1").activate(("order", "o1"), IDLE, on="delivered", at=day("01-20")).state

        assert ends(account, "01-20") == {"order:o1": "01-25", "visit:v1": "01-25"}


class TestWhatWasExtended:
    """A visit of 1 January, whose end was put off from the 12th to the 20th; another one on the 15th."""

    @pytest.mark.parametrize("hold", [False, True])
    def test_it_follows_the_activity_held_or_not(self, hold: bool) -> None:
        account = seen(opened(IDLE), "01-01", "v1")
        account = account.extend(IDLE, id="e", to=day("01-20"), reason="sorry", actor="ann", at=day("01-02")).state
        if hold:
            account = account.hold(7, IDLE, id="h", until=day("01-16"), at=day("01-10")).state
        account = seen(account, "01-15", "v2")

        assert ends(account, "01-16") == {"visit:v1": "01-26", "visit:v2": "01-26"}

    def test_also_where_it_was_activated_at_the_same_instant(self) -> None:
        account = opened(IDLE).earn(Occasion("order", "o1", START), IDLE, at=START).state
        account = account.activate(("order", "o1"), IDLE, on="delivered", at=day("01-05")).state
        account = account.extend(IDLE, id="e", to=day("01-20"), reason="sorry", actor="ann", at=day("01-05")).state
        account = seen(account, "01-15", "v1")

        assert ends(account, "01-16") == {"order:o1": "01-26", "visit:v1": "01-26"}

    def test_what_has_a_grace_does_not(self) -> None:
        of = program(*IDLE.rules, expires=IDLE.expires, restore=Restore("grace", Days(9)))
        account = opened(of).earn(visit("v1", START), of, at=START).state
        account = account.hold(3, of, id="h1", until=day("01-15"), at=day("01-02")).state
        account = account.hold(4, of, id="h2", until=day("01-28"), at=day("01-02")).state
        account = account.extend(of, id="e", to=day("01-27"), reason="sorry", actor="ann", at=day("01-16")).state
        account = account.earn(visit("v2", day("01-20")), of, at=day("01-20")).state

        assert ends(account, "01-21") == {"visit:v1": "01-27", "visit:v2": "01-31"}
        assert account.balance(as_of=day("01-28")).expiring == ((day("01-31"), 7), (day("02-07"), 4))


def test_a_late_award_after_the_end_begins_anew() -> None:
    of = program(*IDLE.rules, expires=Inactive(Days(10), activities=("redeem",)))
    account = opened(of)
    for name, at in (("v1", "01-01"), ("v2", "01-20")):
        account = account.earn(visit(name, day(at)), of, at=day(at)).state
    change = account.earn(visit("v3", day("01-15")), of, at=day("01-21"))

    assert not any(type(event) is PointsExpired for event in change.events)
    assert ends(change.state, "01-19") == {"visit:v3": "01-26"}
