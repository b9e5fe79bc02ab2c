"""A refund takes back what a purchase earned and gives back the points that paid for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import START, adjusted, day, opened, program, sale, visit

from relex.calendars import Period
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    EarningRule,
    Flat,
    Never,
    PerAmount,
    Points,
    PointsReversed,
    RedemptionRestored,
    Restore,
    Tier,
    TierPolicy,
    WhileMet,
)
from relex.money import Money
from relex.purchases import Line, Return

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relex.changes import Change, Event
    from relex.loyalty import Program
    from relex.purchases import Purchase

ONE = program(EarningRule("base", PerAmount(1, per="1.00")), expires=Never())
WALLET = program(expires=Never())
UNITS = sale(Line(1, "cup", 4, gross="40.00"))


def paid(of: Program = ONE, *counts: int, basket: Purchase = UNITS) -> Account:
    """100 points, some of which pay for the purchase."""
    account = adjusted(opened(of), of, 100, START, name="start")
    for number, count in enumerate(counts or (30,)):
        account = account.redeem(count, of, id=f"d{number}", purchase="s1", at=START).state
    return account.earn(basket, of, at=START).state


def back(count: int = 1, *, name: str = "r1", text: str = "01-02", **more: Any) -> Return:
    return Return(name, purchase="s1", at=day(text), lines=more.pop("lines", {1: count}), **more)


def refunded(account: Account, each: Return, of: Program = ONE, **more: Any) -> Change[Account]:
    return account.refund(each, of, at=each.at, **more)


def restored(events: Iterable[Event]) -> list[tuple[str, int]]:
    return [(event.redemption, event.points) for event in events if isinstance(event, RedemptionRestored)]


def refusal(command: Callable[[], Any]) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Rejected) as refused:
        command()
    return refused.value.reason, refused.value.details


class TestShares:
    def test_in_proportion_to_the_value_returned(self) -> None:
        change = refunded(paid(), back(1))

        assert restored(change.events) == [("d0", 8)]
        assert [event.points for event in change.events if isinstance(event, PointsReversed)] == [10]

    def test_rounding_is_cumulative(self) -> None:
        account, found = paid(), []
        for number in range(4):
            account, events = refunded(account, back(1, name=f"r{number}"))
            found += restored(events)

        assert found == [("d0", 8), ("d0", 7), ("d0", 8), ("d0", 7)]

    def test_of_several_redemptions_the_last_comes_back_first(self) -> None:
        account, events = refunded(paid(ONE, 20, 10), back(2))

        assert restored(events) == [("d1", 10), ("d0", 5)]
        assert restored(refunded(account, back(2, name="r2")).events) == [("d0", 15)]

    def test_each_currency_on_its_own(self) -> None:
        of = attrs.evolve(WALLET, points=[Points("points"), Points("cash", scale=2)])
        account = adjusted(adjusted(opened(of), of, 100, START), of, 500, START, currency="cash")
        account = account.redeem(11, of, id="p", purchase="s1", at=START).state
        account = account.redeem(101, of, id="c", currency="cash", purchase="s1", at=START).state
        account = account.earn(UNITS, of, at=START).state

        assert restored(refunded(account, back(2), of).events) == [("p", 6), ("c", 51)]

    def test_only_in_full(self) -> None:
        of = attrs.evolve(ONE, restore=Restore(on_return="full_only"))
        account, first = refunded(paid(of), back(3), of)
        _, second = refunded(account, back(1, name="r2"), of)

        assert (restored(first), restored(second)) == ([], [("d0", 30)])

    def test_never(self) -> None:
        of = attrs.evolve(ONE, restore=Restore(on_return="never"))
        change = refunded(paid(of), back(4), of)

        assert restored(change.events) == []
        assert change.state.balance(as_of=day("01-02")).available == 70

    def test_by_a_stated_value(self) -> None:
        assert restored(refunded(paid(), back(lines={}, value=Money("20.00", "USD"))).events) == [("d0", 15)]

    def test_a_captured_hold_paid_as_well(self) -> None:
        account = paid(ONE, 20).hold(15, ONE, id="h", purchase="s1", at=START, until=day("02-01")).state
        open_ = restored(refunded(account, back(2)).events)
        account = account.capture("h", ONE, points=10, at=START).state

        assert open_ == [("d0", 10)]
        assert restored(refunded(account, back(2)).events) == [("h", 10), ("d0", 5)]

    def test_what_came_back_by_hand_did_not_pay(self) -> None:
        """30 paid, 10 of them came back; half of the other 20."""
        account = paid().restore("d0", ONE, points=10, id="x", at=START).state
        account, events = refunded(account, back(2))

        assert restored(events) == [("d0", 10)]
        assert restored(refunded(account, back(2, name="r2")).events) == [("d0", 10)]

    def test_after_a_return_that_was_only_reversed_the_share_catches_up(self) -> None:
        account = paid().reverse(back(2), ONE, at=day("01-02")).state

        assert restored(refunded(account, back(1, name="r2")).events) == [("d0", 23)]

    def test_points_that_paid_for_another_purchase_stay_spent(self) -> None:
        account = paid().redeem(20, ONE, id="other", purchase="s2", at=START).state

        assert restored(refunded(account, back(4)).events) == [("d0", 30)]


class TestOrder:
    def test_points_come_back_before_the_award_is_taken(self) -> None:
        """40 earned and spent, 30 came back: 30 of the 40 are taken from them."""
        account = paid().redeem(110, ONE, id="all", at=day("01-01", 5)).state
        account, events = refunded(account, back(4))

        reversal = next(event for event in events if isinstance(event, PointsReversed))
        assert (reversal.points, reversal.uncollected) == (30, 10)
        assert account.balance(as_of=day("01-02")).posted == 0

    def test_it_is_one_change(self) -> None:
        account = paid()
        change = refunded(account, back(4))

        assert change.expected == account.version
        assert change.state == Account.replay(change.events, account)

    def test_a_tier_falls_with_it(self) -> None:
        rules = TierPolicy(measure="spend", keeps=WhileMet())
        of = attrs.evolve(ONE, tiers=[Tier("gold", at=30)], tier_policy=rules)

        assert refunded(paid(of), back(4), of).state.standing.tier is None


class TestSeveralCurrencies:
    def test_the_outcome_is_told_in_the_first(self) -> None:
        both = EarningRule("base", PerAmount(1, per="1.00"), gives=("points", "status"))
        of = attrs.evolve(ONE, rules=[both], points=[Points("points"), Points("status", qualifying=True)])
        account = opened(of).earn(UNITS, of, at=START).state
        account, events = refunded(account, back(1), of)

        assert [(event.points, len(event.lots)) for event in events] == [(10, 2)]
        assert account.earned(Period(START), points="status") == 30


class TestWalletOnly:
    def wallet(self) -> Account:
        account = adjusted(opened(WALLET), WALLET, 5000, START, name="top-up")
        return account.redeem(4000, WALLET, id="d", purchase="s1", at=START).state

    def test_a_purchase_that_was_only_paid_here(self) -> None:
        account, first = refunded(self.wallet(), back(1), WALLET, sale=UNITS)
        account, second = refunded(account, back(3, name="r2"), WALLET, sale=UNITS)

        assert (restored(first), restored(second)) == ([("d", 1000)], [("d", 3000)])
        assert account.balance(as_of=day("01-02")).available == 5000

    def test_it_counts_for_no_measure(self) -> None:
        of = attrs.evolve(WALLET, tiers=[Tier("gold", at=30)], tier_policy=TierPolicy(measure="spend"))
        account = refunded(self.wallet(), back(1), of, sale=UNITS).state

        assert (account.progress(of, as_of=day("01-03")).have, account.purchases) == (0, 0)

    def test_the_purchase_has_to_be_given(self) -> None:
        with pytest.raises(InvalidValue, match=r"refund\.sale.*the purchase s1"):
            refunded(self.wallet(), back(1), WALLET)
        with pytest.raises(InvalidValue, match=r"refund\.sale"):
            refunded(self.wallet(), back(1), WALLET, sale=sale("1.00", name="s2"))

    def test_more_than_was_sold(self) -> None:
        account = refunded(self.wallet(), back(3), WALLET, sale=UNITS).state

        assert refusal(lambda: refunded(account, back(2, name="r2"), WALLET, sale=UNITS)) == (
            "more_than_sold",
            {"line": 1, "asked": "2", "remains": "1"},
        )

    def test_neither_recorded_nor_paid_here(self) -> None:
        with pytest.raises(NotFound, match="award or redemption"):
            refunded(opened(WALLET), back(1), WALLET, sale=UNITS)


class TestCommand:
    def test_twice_is_once(self) -> None:
        account = refunded(paid(), back(1)).state

        assert refunded(account, back(1)).events == ()
        assert account.reverse(back(1), ONE, at=day("01-02")).events == ()
        with pytest.raises(Conflict):
            refunded(account, back(2))

    def test_a_purchase_without_points(self) -> None:
        account = opened(ONE).earn(UNITS, ONE, at=START).state

        assert [type(event) for event in refunded(account, back(1)).events] == [PointsReversed]

    def test_before_the_purchase(self) -> None:
        late = sale("40.00", at=day("01-05"))
        account = opened(ONE).earn(late, ONE, at=day("01-05")).state

        assert refusal(lambda: refunded(account, back(1)))[0] == "before_award"

    def test_before_the_redemption(self) -> None:
        account = adjusted(opened(ONE), ONE, 5, START).earn(UNITS, ONE, at=START).state
        account = account.redeem(5, ONE, id="d", purchase="s1", at=day("01-05")).state

        assert refusal(lambda: account.refund(back(1), ONE, at=day("01-06"))) == (
            "before_redemption",
            {"effective": day("01-02"), "redemption": day("01-05")},
        )

    def test_nothing_is_done_by_half(self) -> None:
        account = paid()

        assert refusal(lambda: refunded(account, back(5)))[0] == "more_than_sold"
        assert account.audit() == ()

    def test_a_closed_account(self) -> None:
        account = paid().close(ONE, at=day("01-02")).state

        assert refusal(lambda: refunded(account, back(1, text="01-03")))[0] == "closed"

    def test_a_suspended_account(self) -> None:
        account = paid().suspend(at=day("01-02")).state

        assert restored(refunded(account, back(4, text="01-03")).events) == [("d0", 30)]

    def test_a_return_of_no_purchase(self) -> None:
        with pytest.raises(InvalidValue, match="id of the purchase"):
            paid().refund(Return("r", at=START, value=Money("1.00", "USD")), ONE, at=START)

    def test_a_value_in_another_currency(self) -> None:
        with pytest.raises(CurrencyMismatch):
            refunded(paid(), back(lines={}, value=Money("1.00", "EUR")))

    def test_a_restoration_before_the_redemption(self) -> None:
        account = adjusted(opened(ONE), ONE, 100, START).redeem(30, ONE, id="d", at=day("01-05")).state

        assert refusal(lambda: account.restore("d", ONE, at=day("01-06"), effective=day("01-03")))[0] == (
            "before_redemption"
        )

    def test_a_hold_that_was_not_captured_is_no_redemption(self) -> None:
        account = adjusted(opened(ONE), ONE, 100, START).hold(30, ONE, id="h", at=START, until=day("02-01")).state

        with pytest.raises(NotFound, match="redemption"):
            account.restore("h", ONE, at=day("01-02"))


class TestOccasionsThatDoNotCount:
    VISITS = program(
        EarningRule("visit", Flat(10), on="visit"), EarningRule("base", PerAmount(1, per="1.00")), expires=Never()
    )

    def test_all_of_it_is_taken_back(self) -> None:
        account = opened(self.VISITS).earn(visit("v", START), self.VISITS, at=START).state
        account, events = account.reverse_occasion("visit", "v", self.VISITS, at=day("01-02"), reason="never came")

        assert [(event.points, event.voids, event.reason) for event in events] == [(10, True, "never came")]
        assert account.balance(as_of=day("01-02")).posted == 0

    def test_what_came_back_before_is_not_taken_twice(self) -> None:
        account = opened(ONE).earn(UNITS, ONE, at=START).state
        account = account.reverse(back(1), ONE, at=day("01-02")).state
        account, events = account.reverse_occasion("purchase", "s1", ONE, at=day("01-03"), reason="test sale")

        assert [(event.points, event.lines, event.spend) for event in events] == [(30, ((1, "3"),), 3000)]
        assert refusal(lambda: account.reverse(back(1, name="r2"), ONE, at=day("01-03")))[0] == "more_than_sold"

    def test_it_is_no_purchase_any_more(self) -> None:
        account = opened(ONE).earn(UNITS, ONE, at=START).state
        account = account.earn(sale("5.00", name="s2"), ONE, at=START).state
        account = account.reverse_occasion("purchase", "s1", ONE, at=day("01-03"), reason="test sale").state

        assert (account.purchases, account.purchases_at(START)) == (1, 1)
        assert account == Account.replay(account.events)

    @pytest.mark.parametrize("measure", ["orders", "visits", "spend"])
    def test_nor_does_it_count_for_tiers(self, measure: str) -> None:
        of = attrs.evolve(self.VISITS, tiers=[Tier("gold", at=1)], tier_policy=TierPolicy(measure=measure))
        account = opened(of).earn(UNITS, of, at=START).state.earn(visit("v", START), of, at=START).state
        account = account.reverse_occasion("purchase", "s1", of, at=day("01-03"), reason="test").state
        account = account.reverse_occasion("visit", "v", of, at=day("01-03"), reason="test").state

        assert account.progress(of, as_of=day("01-03")).have == 0

    def test_at_an_earlier_moment(self) -> None:
        account = opened(ONE).earn(UNITS, ONE, at=START).state
        account = account.reverse_occasion(
            "purchase", "s1", ONE, at=day("01-09"), reason="test", effective=day("01-03")
        ).state

        assert [account.balance(as_of=day(text)).available for text in ("01-02", "01-03")] == [40, 0]

    def test_twice_is_once(self) -> None:
        account = opened(ONE).earn(UNITS, ONE, at=START).state
        account = account.reverse_occasion("purchase", "s1", ONE, at=day("01-03"), reason="test").state

        assert account.reverse_occasion("purchase", "s1", ONE, at=day("01-04"), reason="test").events == ()
        with pytest.raises(Conflict):
            account.reverse_occasion("purchase", "s1", ONE, at=day("01-04"), reason="else")

    def test_an_occasion_that_there_never_was(self) -> None:
        account = adjusted(opened(ONE), ONE, 5, START, name="s1")

        for kind in ("purchase", "adjust"):
            with pytest.raises(NotFound, match=f"award for {kind}"):
                account.reverse_occasion(kind, "s1", ONE, at=day("01-03"), reason="test")

    def test_refusals(self) -> None:
        account = opened(ONE).earn(UNITS, ONE, at=START).state
        closed = account.close(ONE, at=START).state
        told = {"at": day("01-03"), "reason": "test"}

        assert refusal(lambda: account.reverse_occasion("purchase", "s1", ONE, at=START, reason=""))[0] == "no_reason"
        assert refusal(lambda: closed.reverse_occasion("purchase", "s1", ONE, **told))[0] == "closed"
        assert refusal(lambda: account.reverse_occasion("purchase", "s1", VISITING, **told))[0] == "other_program"
        late = opened(ONE).earn(sale("1.00", at=day("01-02")), ONE, at=day("01-02")).state
        with pytest.raises(Rejected, match="before_award"):
            late.reverse_occasion("purchase", "s1", ONE, **told, effective=START)

    def test_the_rest_of_a_line_is_exact(self) -> None:
        cheese = sale(Line(1, "cheese", "1.25", gross="10.00"))
        account = opened(ONE).earn(cheese, ONE, at=START).state
        account = account.reverse(back(lines={1: "0.5"}), ONE, at=day("01-02")).state
        events = account.reverse_occasion("purchase", "s1", ONE, at=day("01-03"), reason="test").events

        assert [(event.lines, event.points) for event in events] == [(((1, "0.75"),), 6)]


VISITING = attrs.evolve(TestOccasionsThatDoNotCount.VISITS, id="q")
