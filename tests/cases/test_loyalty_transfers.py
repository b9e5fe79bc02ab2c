"""Worked cases of transfers, pools and accounts that become one: L9, and cases derived from the rules on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, remaining, visit

from relex.calendars import Days, Months
from relex.errors import Rejected
from relex.loyalty import Account, Cap, EarningRule, Flat, Never, Occasion, absorb, leave, transfer

if TYPE_CHECKING:
    from relex.loyalty import Program

WELCOME = program(EarningRule("visit", Flat(80), on="visit", caps=[Cap(points=100, per="month", who="member")]))


def another(of: Program = PLAIN, name: str = "a2", customer: str = "c2") -> Account:
    return Account.open(name, customer=customer, program=of, at=START).state


class TestL9:
    """Source: Open Loyalty account tests (the lot), and derived from the order in which lots are used up."""

    def test_the_received_lot_keeps_its_end(self) -> None:
        """L9: lot 200, send 100: the receiver has one lot of 100 with the same end, the sender 100."""
        sender = adjusted(opened(PLAIN), PLAIN, 200, day("01-02"), ends=day("06-01"))
        sent, received = transfer(100, sender, another(), PLAIN, id="t1", at=day("01-03"))

        assert [(100, day("06-01"))] == remaining(received.state, day("01-03"))
        assert [(100, day("06-01"))] == remaining(sent.state, day("01-03"))

    def test_one_lot_for_each_piece(self) -> None:
        """(100, -, 06-01), (60, -, 03-01), send 100: 60 to 03-01 and 40 to 06-01 arrive, 60 to 06-01 stay."""
        sender = adjusted(opened(PLAIN), PLAIN, 100, day("01-02"), ends=day("06-01"))
        sender = adjusted(sender, PLAIN, 60, day("01-03"), ends=day("03-01"))
        sent, received = transfer(100, sender, another(), PLAIN, id="t1", at=day("01-04"))

        assert [(60, day("03-01")), (40, day("06-01"))] == remaining(received.state, day("01-04"))
        assert [(60, day("06-01"))] == remaining(sent.state, day("01-04"))

    def test_reset_gives_the_policy_of_the_receiver_from_that_day(self) -> None:
        """Expiry Months(1), lot of 01-02, sent on 01-20: last usable 02-20, gone 02-21."""
        monthly = program(expires=Months(1))
        sender = adjusted(opened(monthly), monthly, 100, day("01-02"))
        _, received = transfer(100, sender, another(monthly), monthly, id="t1", at=day("01-20"), expiry="reset")

        assert [(100, day("02-21"))] == remaining(received.state, day("01-20"))

    def test_received_points_pay_a_debt_first(self) -> None:
        """The receiver owes 30, 100 arrive: 70 available, no debt."""
        receiver = another().redeem(30, PLAIN, id="r1", at=day("01-02"), allow_debt=True).state
        sender = adjusted(opened(PLAIN), PLAIN, 100, day("01-02"))
        _, received = transfer(100, sender, receiver, PLAIN, id="t1", at=day("01-03"))
        balance = received.state.balance(as_of=day("01-03"))

        assert (balance.available, balance.debt) == (70, 0)


class TestPool:
    """Derived: one account, several members."""

    def test_what_each_member_earned_and_spent(self) -> None:
        """The owner earns 300, Ben 100; Ben redeems 150: 300 and 0, 100 and 150; the account holds 250."""
        pool = opened(PLAIN).add_member("ben", PLAIN, at=START).state
        three = program(EarningRule("visit", Flat(300), on="visit"), EarningRule("walk", Flat(100), on="walk"))
        walk = Occasion("walk", "w1", day("01-03"))
        pool, _ = pool.earn(visit("v1", day("01-02")), three, at=day("01-02"))
        pool, _ = pool.earn(walk, three, at=day("01-03"), member="ben")
        pool, _ = pool.redeem(150, three, id="r1", at=day("01-04"), member="ben")
        shares = pool.by_member()

        assert (shares.of("c1").earned, shares.of("c1").redeemed) == (300, 0)
        assert (shares.of("ben").earned, shares.of("ben").redeemed) == (100, 150)
        assert pool.balance(as_of=day("01-04")).available == 250

    def test_a_contributor_cannot_redeem(self) -> None:
        pool = adjusted(opened(PLAIN), PLAIN, 100, START)
        pool = pool.add_member("kim", PLAIN, role="contributor", at=START).state
        with pytest.raises(Rejected, match="contributor") as caught:
            pool.redeem(10, PLAIN, id="r1", at=day("01-02"), member="kim")

        assert caught.value.details == {"member": "kim", "allowed": ("c1",)}

    def test_a_cap_for_each_member(self) -> None:
        """100 per month and member, 80 a visit: the owner gets 80 and 20, Ben 80."""
        pool = opened(WELCOME).add_member("ben", WELCOME, at=START).state
        gave = []
        for name, member in (("v1", "c1"), ("v2", "c1"), ("v3", "ben")):
            pool, events = pool.earn(visit(name, day("01-02")), WELCOME, at=day("01-02"), member=member)
            gave.append(events[-1].points)  # type: ignore[attr-defined]

        assert gave == [80, 20, 80]

    def test_leaving_takes_nothing(self) -> None:
        pool = opened(PLAIN).add_member("ben", PLAIN, at=START).state
        pool = adjusted(pool, PLAIN, 100, day("01-02"), member="ben")
        pool = pool.remove_member("ben", PLAIN, at=day("01-03")).state

        assert pool.balance(as_of=day("01-03")).available == 100
        assert [member.customer for member in pool.members] == ["c1"]

    def test_leaving_takes_the_unspent_own_lots(self) -> None:
        """The owner's lot of 300 ends 06-01, Ben's of 100 on 09-01; 350 are spent: Ben takes the 50 that are left."""
        pool = opened(PLAIN).add_member("ben", PLAIN, at=START).state
        pool = adjusted(pool, PLAIN, 300, day("01-02"), ends=day("06-01"))
        pool = adjusted(pool, PLAIN, 100, day("01-02"), ends=day("09-01"), member="ben")
        pool = pool.redeem(350, PLAIN, id="r1", at=day("01-03")).state
        left, took = leave("ben", pool, another(customer="ben"), PLAIN, at=day("01-04"))

        assert [(50, day("09-01"))] == remaining(took.state, day("01-04"))
        assert remaining(left.state, day("01-04")) == []
        assert [member.customer for member in left.state.members] == ["c1"]


class TestAbsorbing:
    """Derived: two accounts of one person."""

    def test_lots_come_with_their_dates_pending_ones_too(self) -> None:
        """(100, -, 06-01) and 80 pending to 01-15: both there, at their dates; the other account is empty."""
        waits = program(EarningRule("visit", Flat(80), on="visit", pending=Days(10)), expires=Never())
        other = adjusted(another(waits), waits, 100, day("01-02"), ends=day("06-01"))
        other = other.earn(visit("v1", day("01-05")), waits, at=day("01-05")).state
        mine, gone = absorb(opened(waits), other, waits, at=day("01-06"))
        account = mine.state

        assert (account.balance(as_of=day("01-06")).available, account.balance(as_of=day("01-06")).pending) == (100, 80)
        assert account.balance(as_of=day("01-15")).available == 180
        assert remaining(account, day("06-01")) == [(80, None)]
        assert (gone.state.status, gone.events[-1].into) == ("closed", "a1")  # type: ignore[attr-defined]
        assert remaining(gone.state, day("01-06")) == []
