"""Lots in escrow: pending until something happens, canceled when it comes too late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Months, Period
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    Calendar,
    Cap,
    EarningRule,
    Escrow,
    EscrowActivated,
    EscrowCanceled,
    FirstOf,
    Flat,
    Inactive,
    PerAmount,
    Points,
    PointsExpired,
    Tier,
    TierPolicy,
    WhileMet,
    absorb,
)
from relex.purchases import Return

if TYPE_CHECKING:
    from relex.loyalty import Program

DELIVERY = Escrow("delivered", Days(60))
LAPSES = day("03-03")  # 60 days after 1 January is 2 March, which counts


def shop(**more: Any) -> Program:
    return program(EarningRule("base", PerAmount(1, per="1.00")), **({"pending": DELIVERY} | more))


SHOP = shop(expires=Months(1))


def bought(of: Program = SHOP) -> Account:
    """An account that waits for the delivery of a purchase of 90.00 on 1 January."""
    return opened(of).earn(sale("40.00", "50.00", at=START), of, at=START).state


def delivered(at: str, of: Program = SHOP) -> Account:
    return bought(of).activate("s1", of, on="delivered", at=day(at)).state


class TestWaiting:
    def test_points_are_pending_until_then(self) -> None:
        balance = bought().balance(as_of=day("03-02", 23))

        assert (balance.pending, balance.available, balance.posted) == (90, 0, 0)

    def test_they_cannot_be_spent_or_held(self) -> None:
        account = bought()

        with pytest.raises(Rejected, match="insufficient_points"):
            account.redeem(1, SHOP, id="r", at=START)
        with pytest.raises(Rejected, match="insufficient_points"):
            account.hold(1, SHOP, id="h", until=LAPSES, at=START)

    def test_a_lot_shows_when_it_is_canceled(self) -> None:
        assert [(lot.remaining, lot.available_at, lot.expires_at) for lot in bought().lots(as_of=START)] == [
            (90, LAPSES, None)
        ]

    def test_a_plain_duration_is_exact(self) -> None:
        of = shop(pending=Escrow("delivered", timedelta(hours=36)))

        assert (
            bought(of).balance(as_of=day("01-02", 11)).pending,
            bought(of).balance(as_of=day("01-02", 12)).pending,
        ) == (90, 0)

    @pytest.mark.parametrize("where", ["rule", "points", "program"])
    def test_rule_points_and_program_may_say_so(self, where: str) -> None:
        given: dict[str, Any] = {"rule": {}, "points": {"points": [Points("points", pending=DELIVERY)]}}
        given["program"] = {"pending": DELIVERY}
        rule = EarningRule("base", PerAmount(1, per="1.00"), pending=DELIVERY if where == "rule" else None)

        assert bought(program(rule, **given[where])).balance(as_of=START).pending == 90

    def test_what_is_given_by_hand_waits_for_nothing(self) -> None:
        assert adjusted(opened(SHOP), SHOP, 5, START).balance(as_of=START).available == 5

    def test_a_rule_that_gives_at_once_has_its_own_lot(self) -> None:
        of = program(EarningRule("base", PerAmount(1, per="1.00"), pending=DELIVERY), EarningRule("thanks", Flat(7)))
        balance = bought(of).balance(as_of=START)

        assert (balance.pending, balance.available) == (90, 7)

    def test_lots_of_different_lengths_do_not_mix(self) -> None:
        of = program(
            EarningRule("a", Flat(3), pending=DELIVERY, expires=Days(5)),
            EarningRule("b", Flat(4), pending=DELIVERY, expires=Days(9)),
        )
        account = delivered("01-10", of)

        assert [(3, day("01-16")), (4, day("01-20"))] == [
            (lot.remaining, lot.expires_at) for lot in account.lots(as_of=day("01-10"))
        ]


class TestActivation:
    def test_points_are_available_at_once(self) -> None:
        account = delivered("01-20")
        balance = account.balance(as_of=day("01-20"))

        assert (balance.pending, balance.available) == (0, 90)
        assert account.balance(as_of=day("01-19")).pending == 90

    def test_their_time_begins_with_it(self) -> None:
        assert ((day("02-21"), 90),) == delivered("01-20").balance(as_of=day("01-20")).expiring

    def test_the_clock_of_earning_runs_while_they_wait(self) -> None:
        of = shop(expires=Months(1), points=[Points("points", clock="earning")])

        assert ((day("02-02"), 90),) == delivered("01-20", of).balance(as_of=day("01-20")).expiring

    def test_points_whose_end_has_passed_expire_at_once(self) -> None:
        of = shop(expires=Months(1), points=[Points("points", clock="earning")])
        change = bought(of).activate("s1", of, on="delivered", at=day("02-10"))

        assert [EscrowActivated, PointsExpired] == [type(event) for event in change.events]
        assert change.state.balance(as_of=day("02-10")).posted == 0

    def test_inactivity(self) -> None:
        of = shop(expires=Inactive(Days(20)))

        assert ((day("01-22"), 90),) == delivered("01-10", of).balance(as_of=day("01-10")).expiring

    def test_inactivity_or_a_time(self) -> None:
        of = shop(expires=FirstOf(Inactive(Days(20)), Days(3)))

        assert ((day("01-14"), 90),) == delivered("01-10", of).balance(as_of=day("01-10")).expiring

    def test_another_kind_of_occasion(self) -> None:
        of = program(EarningRule("v", Flat(5), on="visit", pending=Escrow("checked", Days(3))))
        account = opened(of).earn(visit("v1", START), of, at=START).state

        assert account.activate(("visit", "v1"), of, on="checked", at=START).state.balance(as_of=START).available == 5

    def test_it_pays_debts_first(self) -> None:
        account = adjusted(bought(), SHOP, -30, day("01-02"), allow_debt=True)
        account = account.activate("s1", SHOP, on="delivered", at=day("01-20")).state

        assert (account.balance(as_of=day("01-20")).available, account.balance(as_of=day("01-20")).debt) == (60, 0)

    def test_twice_is_once(self) -> None:
        account = delivered("01-20")

        assert account.activate("s1", SHOP, on="delivered", at=day("01-25")).events == ()

    def test_a_late_message(self) -> None:
        account = bought().settle(SHOP, at=day("03-05")).state
        change = account.activate("s1", SHOP, on="delivered", at=day("03-06"), effective=day("03-01"))

        assert [event.points for event in change.state.events if isinstance(event, EscrowCanceled)] == [90, -90]
        assert change.state.balance(as_of=day("03-06")).available == 90


class TestTooLate:
    def test_they_are_taken_back(self) -> None:
        change = bought().settle(SHOP, at=day("04-01"))
        book = change.state._ledger.books["points"]

        assert [(EscrowCanceled, 90, "lapsed", LAPSES)] == [
            (type(event), event.points, event.reason, event.effective) for event in change.events
        ]
        assert (book.pending, book.reversed, book.earned) == (0, 90, 0)

    def test_nothing_is_left_to_activate(self) -> None:
        with pytest.raises(Rejected, match="lapsed") as refused:
            bought().activate("s1", SHOP, on="delivered", at=LAPSES)

        assert refused.value.details == {"effective": LAPSES, "until": LAPSES}

    def test_a_part_may_be_left(self) -> None:
        of = program(
            EarningRule("a", Flat(3), pending=Escrow("delivered", Days(5))),
            EarningRule("b", Flat(4), pending=Escrow("delivered", Days(9))),
        )

        assert delivered("01-08", of).balance(as_of=day("01-08")).posted == 4

    def test_they_were_not_earned(self) -> None:
        year = Period(day("2026-01-01"), day("2027-01-01"))
        account = bought().settle(SHOP, at=day("04-01")).state

        assert (bought().earned(year), account.earned(year)) == (90, 0)

    def test_a_return_takes_nothing_from_other_lots(self) -> None:
        account = adjusted(bought(), SHOP, 500, day("02-20"), ends=day("2027-01-01"))
        back = Return("b1", purchase="s1", at=day("04-01"), lines={1: 1, 2: 1})
        account = account.reverse(back, SHOP, at=day("04-01")).state
        book = account._ledger.books["points"]

        assert (book.usable, book.reversed, book.earned) == (500, 90, 0)

    def test_a_tier_that_lasts_while_met_is_judged_again(self) -> None:
        of = shop(tiers=[Tier("some", at=50)], tier_policy=TierPolicy(window=Calendar(Months(12)), keeps=WhileMet()))
        account = bought(of)
        after = account.settle(of, at=day("04-01")).state

        assert (account.standing.tier, after.standing.tier) == ("some", None)
        assert after.events[-1].effective == LAPSES


def test_a_return_takes_them_while_they_wait() -> None:
    back = Return("b1", purchase="s1", at=day("01-10"), lines={1: 1})
    account = bought().reverse(back, SHOP, at=day("01-10")).state

    assert (account.balance(as_of=day("01-10")).pending, account._ledger.books["points"].reversed) == (50, 40)
    assert (
        account.activate("s1", SHOP, on="delivered", at=day("01-20")).state.balance(as_of=day("01-20")).available == 50
    )


def test_a_return_takes_them_when_they_were_activated() -> None:
    back = Return("b1", purchase="s1", at=day("01-25"), lines={1: 1})
    account = delivered("01-20").reverse(back, SHOP, at=day("01-25")).state

    assert account.balance(as_of=day("01-25")).available == 50


class TestRefusals:
    @pytest.mark.parametrize(
        ("given", "error", "match"),
        [
            ({"occasion": "s9"}, NotFound, "purchase:s9"),
            ({"occasion": ("visit", "v9")}, NotFound, "visit:v9"),
            ({"occasion": ("visit",)}, InvalidValue, "activate.occasion"),
            ({"occasion": 5}, InvalidValue, "activate.occasion"),
            ({"on": "paid"}, Rejected, "not_in_escrow"),
            ({"on": ""}, InvalidValue, "activate.on"),
            ({"effective": day("01-21")}, Rejected, "future"),
            ({"effective": START - timedelta(hours=1)}, Rejected, "before"),
            ({"program": program(EarningRule("v", Flat(1)))}, Rejected, "other_program"),
        ],
        ids=["purchase", "visit", "half a key", "number", "on", "no text", "future", "before", "program"],
    )
    def test_what_does_not_fit(self, given: dict[str, Any], error: type[Exception], match: str) -> None:
        asked = {"occasion": "s1", "program": SHOP, "on": "delivered"} | given
        if match == "other_program":
            asked["program"] = type(SHOP)("q", currency="USD")

        with pytest.raises(error, match=match):
            bought().activate(asked.pop("occasion"), asked.pop("program"), at=day("01-20"), **asked)

    def test_before_the_award(self) -> None:
        account = opened(SHOP).earn(sale("9.00", at=day("01-05")), SHOP, at=day("01-05")).state

        with pytest.raises(Rejected, match="before_award"):
            account.activate("s1", SHOP, on="delivered", at=day("01-20"), effective=day("01-04"))

    def test_another_moment(self) -> None:
        with pytest.raises(Conflict):
            delivered("01-20").activate("s1", SHOP, on="delivered", at=day("01-25"), effective=day("01-21"))

    def test_a_closed_account(self) -> None:
        account = bought().close(SHOP, at=day("01-10")).state

        with pytest.raises(Rejected, match="closed"):
            account.activate("s1", SHOP, on="delivered", at=day("01-20"))

    def test_what_it_may_wait_for_is_told(self) -> None:
        with pytest.raises(Rejected) as refused:
            bought().activate("s1", SHOP, on="paid", at=day("01-20"))

        assert refused.value.details == {"on": "paid", "allowed": ("delivered",)}

    @pytest.mark.parametrize("wait", [timedelta(0), 60, None], ids=["zero", "number", "none"])
    def test_a_wait_that_is_none(self, wait: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Escrow\.within"):
            Escrow("delivered", wait)


class TestProblems:
    def test_points_that_may_end_in_escrow(self) -> None:
        of = shop(expires=Months(1), points=[Points("points", clock="earning")])

        assert of.problems() == ("Program.rules[0].pending: its points may end before they are activated",)

    def test_points_that_cannot(self) -> None:
        assert SHOP.problems() == ()
        assert shop(expires=Days(60), points=[Points("points", clock="earning")]).problems() == ()


def test_the_order_at_one_instant_puts_the_cancellation_first() -> None:
    of = shop(expires=Days(61), points=[Points("points", clock="activation")])
    account = adjusted(bought(of), of, 10, START, ends=LAPSES)
    account = adjusted(account, of, 10, START, ends=LAPSES + timedelta(days=1))
    account = account.hold(15, of, id="h", until=LAPSES, at=day("01-02")).state
    names = [type(event).__name__ for event in account.settle(of, at=LAPSES).events]

    assert names == ["EscrowCanceled", "HoldLapsed", "PointsExpired"]


def test_nothing_is_left_to_activate_after_a_full_return() -> None:
    back = Return("b1", purchase="s1", at=day("01-10"), lines={1: 1, 2: 1})
    account = bought().reverse(back, SHOP, at=day("01-10")).state
    account = account.activate("s1", SHOP, on="delivered", at=day("01-20")).state

    assert (account.balance(as_of=day("01-20")).posted, account._ledger.books["points"].reversed) == (0, 90)


def test_an_activity_leaves_what_waits_in_escrow_alone() -> None:
    of = program(
        EarningRule("base", PerAmount(1, per="1.00"), pending=DELIVERY),
        EarningRule("v", Flat(5), on="visit"),
        expires=Inactive(Days(20)),
    )
    account = bought(of).earn(visit("v1", day("01-15")), of, at=day("01-15")).state
    account = account.activate("s1", of, on="delivered", at=day("01-20")).state

    assert ((day("02-05"), 95),) == account.balance(as_of=day("01-20")).expiring


class TestLimits:
    """What is canceled frees its part of a limit, once, also when goods come back afterwards."""

    OF = program(
        EarningRule(
            "a", PerAmount(1, per="1.00"), pending=Escrow("delivered", Days(5)), caps=[Cap(points=100, per="year")]
        )
    )

    def bought(self) -> Account:
        return opened(self.OF).earn(sale("40.00", "50.00", at=START), self.OF, at=START).state

    def room(self, account: Account, at: str) -> int:
        order = sale("500.00", name=f"then{at}", at=day(at))
        return account.earn(order, self.OF, at=day(at)).events[-1].points

    def test_all_of_it(self) -> None:
        account = self.bought()

        assert (self.room(account, "01-03"), self.room(account, "01-10")) == (10, 100)

    def test_a_return_afterwards_frees_no_more(self) -> None:
        account = self.bought().settle(self.OF, at=day("01-10")).state
        back = Return("b", purchase="s1", at=day("01-12"), lines={1: 1, 2: 1})
        account = account.reverse(back, self.OF, at=day("01-12")).state

        assert self.room(account, "01-13") == 100
        assert (
            self.room(account.earn(sale("30.00", name="s2", at=day("01-13")), self.OF, at=day("01-13")).state, "01-14")
            == 70
        )

    def test_a_return_before_frees_its_part(self) -> None:
        back = Return("b", purchase="s1", at=day("01-02"), lines={1: 1})
        account = self.bought().reverse(back, self.OF, at=day("01-02")).state

        assert (self.room(account, "01-03"), self.room(account, "01-10")) == (50, 100)

    def test_the_notice_tells_what_earned_it(self) -> None:
        found = self.bought().settle(self.OF, at=day("01-10")).events[-1]

        assert isinstance(found, EscrowCanceled)
        assert (found.occasion, found.awarded_at, found.uses[0][3]) == (("purchase", "s1"), START, 90)

    def test_an_award_of_several_lots(self) -> None:
        of = program(
            EarningRule("a", Flat(3), pending=Escrow("delivered", Days(5))),
            EarningRule("b", Flat(4), pending=Escrow("delivered", Days(9))),
            caps=[Cap(points=10, per="year")],
        )
        account = bought(of).settle(of, at=day("01-20")).state
        found = [event for event in account.events if isinstance(event, EscrowCanceled)]

        assert [(event.lot, event.occasion, event.uses[0][3]) for event in found] == [
            ("purchase:s1", ("purchase", "s1"), 3),
            ("purchase:s1#2", ("purchase", "s1"), 4),
        ]

    def test_a_lot_that_came_from_another_account_frees_nothing(self) -> None:
        account = opened(self.OF)
        gone = Account.open("a2", customer="c2", program=self.OF, at=START).state
        gone = gone.earn(sale("40.00", at=START), self.OF, at=START).state
        found = absorb(account, gone, self.OF, at=day("01-02"))
        events = found[0].state.settle(self.OF, at=day("01-20")).events

        assert [(type(event), event.points, event.occasion) for event in events] == [(EscrowCanceled, 40, None)]

    def test_adjustments_use_none(self) -> None:
        account = adjusted(self.bought(), self.OF, 30, day("01-02"))

        assert self.room(account, "01-03") == 10


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"expires": timedelta.max}, "expires"),
        ({"pending": timedelta.max}, "pending"),
        ({"pending": Escrow("delivered", within=timedelta.max)}, "Escrow.within"),
    ],
    ids=["expires", "pending", "escrow"],
)
def test_a_time_beyond_the_calendar(given: dict[str, Any], path: str) -> None:
    of = program(EarningRule("v", Flat(5), on="visit"), **given)

    with pytest.raises(InvalidValue, match="before the year 10000") as caught:
        opened(of).earn(visit("v1", START), of, at=START)

    assert caught.value.path == path
