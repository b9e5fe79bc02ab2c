"""Tests of quotes, and of redemptions and holds that name a reward."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import START, adjusted, day, opened, program, sale

from relex.calendars import Days, Period
from relex.errors import CurrencyMismatch, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    AmountOff,
    Cap,
    CashOff,
    EarningRule,
    Flat,
    Gift,
    PerAmount,
    PercentOff,
    Points,
    Promotion,
    Reward,
    Tier,
    Units,
    history_of,
    price,
    simulate,
)
from relex.money import Money
from relex.purchases import Discount, Line, Payment
from relex.rules import field

if TYPE_CHECKING:
    from relex.loyalty import Account, PointsQuote, PointsRedeemed, Program

CASH = Reward("cash", None, CashOff(points=100, worth="5.00"))
MUG = Reward("mug", 50, Gift("mug"))
BASKET = sale("40.00", "10.00", name="b1")


def member(*rewards: Reward, balance: int = 1_000, **more: Any) -> tuple[Program, Account]:
    of = program(rewards=rewards, **more)
    return of, adjusted(opened(of), of, balance, START)


def quoted(reward: Reward, basket: Any = BASKET, *, balance: int = 1_000, **more: Any) -> PointsQuote:
    of, account = member(reward, balance=balance)
    return of.quote(reward.id, account, basket, as_of=more.pop("as_of", START), **more)


def redeemed(of: Program, account: Account, points: int, reward: str, name: str = "d1", **more: Any) -> Account:
    return account.redeem(points, of, id=name, reward=reward, at=more.pop("at", START), **more).state


def spent(account: Account) -> PointsRedeemed:
    event: Any = account.events[-1]
    return event


def refusal(of: Program, account: Account, points: int, reward: str, **more: Any) -> Rejected:
    with pytest.raises(Rejected) as refused:
        redeemed(of, account, points, reward, **more)
    return refused.value


class TestQuote:
    def test_it_tells_all_it_rests_on(self) -> None:
        found = quoted(CASH, wanted=450)

        assert (found.reward, found.currency, found.wanted, found.available) == ("cash", "points", 450, 1_000)
        assert (found.points, found.worth, found.due) == (400, Money("20.00", "USD"), Money("30.00", "USD"))
        assert (found.payable, found.limited_by, found.own) == (Money("50.00", "USD"), "whole_blocks", 0)

    def test_without_a_basket_nothing_is_due(self) -> None:
        found = quoted(CASH, None)

        assert (found.points, found.payable, found.due) == (1_000, None, None)

    def test_it_shows_itself(self) -> None:
        found = quoted(CASH, wanted=400)

        assert str(found) == "cash: 400 of 1000 points for 20.00 USD"
        assert "30.00 USD" in found._repr_html_()

    def test_a_share_needs_a_basket(self) -> None:
        half = Reward("half", None, CashOff(points=1, worth="0.01", at_most="50%"))

        assert quoted(half, None).limited_by == "no_basket"

    def test_a_reward_or_its_id(self) -> None:
        of, account = member(CASH, MUG)

        assert of.quote(MUG, account, as_of=START) == of.quote("mug", account, as_of=START)

    def test_what_is_no_reward(self) -> None:
        of, account = member(MUG)
        with pytest.raises(InvalidValue, match="one of mug"):
            of.quote(["mug"], account, as_of=START)  # type: ignore[arg-type]  # that is the case

    def test_a_reward_that_is_not_in_the_program(self) -> None:
        of, account = member(CASH)
        with pytest.raises(InvalidValue, match="one of cash"):
            of.quote("mug", account, as_of=START)

    def test_a_program_without_rewards(self) -> None:
        of, account = member()
        with pytest.raises(InvalidValue, match="no rewards"):
            of.quote("mug", account, as_of=START)

    def test_points_wanted_of_a_reward_with_a_cost(self) -> None:
        with pytest.raises(InvalidValue, match=r"quote\.wanted"):
            quoted(MUG, wanted=50)

    def test_points_wanted_below_none(self) -> None:
        with pytest.raises(InvalidValue, match=r"quote\.wanted"):
            quoted(CASH, wanted=-1)

    def test_an_account_of_another_program(self) -> None:
        _, account = member()
        other = program(rewards=[CASH])
        with pytest.raises(Rejected) as refused:
            type(other)("other", currency="USD", rewards=[CASH]).quote("cash", account, as_of=START)

        assert refused.value.reason == "other_program"

    def test_a_basket_in_another_currency(self) -> None:
        with pytest.raises(CurrencyMismatch):
            quoted(CASH, sale("40.00", currency="EUR"))

    def test_what_is_paid_already_is_not_due(self) -> None:
        found = quoted(CASH, sale("40.00", payments=[Payment("card", "30.00")]))

        assert (found.points, found.limited_by, found.payable) == (200, "payable", Money("10.00", "USD"))

    def test_a_basket_that_is_paid_more_than_it_costs(self) -> None:
        assert quoted(CASH, sale("40.00", payments=[Payment("card", "50.00")])).payable == Money("0.00", "USD")

    def test_a_priced_basket_stands_for_its_purchase(self) -> None:
        priced = price(BASKET, [Promotion("ten", PercentOff(10))], at=START).pay(Payment("gift_card", "15.00"))
        found = quoted(CASH, priced)

        assert (found.points, found.payable) == (600, Money("30.00", "USD"))

    def test_a_basket_that_is_none(self) -> None:
        of, account = member(MUG)
        with pytest.raises(InvalidValue) as quoting:
            quoted(CASH, "b1")
        with pytest.raises(InvalidValue) as redeeming:
            redeemed(of, account, 50, "mug", basket="b1")

        assert (quoting.value.path, redeeming.value.path) == ("quote.basket", "redeem.basket")

    def test_what_came_later_answers_no_question(self) -> None:
        of, account = member(attrs.evolve(MUG, caps=[Cap(times=1, per="month")]))
        account = redeemed(of, account, 50, "mug", at=day("01-20"))

        assert of.quote("mug", account, as_of=day("01-19")).points == 50
        assert of.quote("mug", account, as_of=day("01-20")).limited_by == "capped_by:1 times per month"
        assert refusal(of, account, 50, "mug", name="d2", at=day("01-20"), effective=day("01-19")).reason == "capped"

    @pytest.mark.parametrize(("status", "as_of"), [("suspended", START), ("closed", day("01-02"))])
    def test_an_account_that_is_not_open(self, status: str, as_of: Any) -> None:
        of, account = member(CASH)
        account = account.suspend(at=START).state if status == "suspended" else account.close(of, at=as_of).state

        assert of.quote("cash", account, as_of=as_of).limited_by == status

    def test_a_reward_whose_time_is_over(self) -> None:
        may = Reward("may", 50, Gift("mug"), valid=Period(day("05-01"), day("06-01")))

        assert quoted(may, as_of=day("05-31", 23)).limited_by is None
        assert (quoted(may, as_of=day("06-01")).points, quoted(may, as_of=day("06-01")).limited_by) == (
            0,
            "not_in_force",
        )

    def test_too_few_points(self) -> None:
        found = quoted(MUG, balance=49)

        assert (found.points, found.wanted, found.limited_by) == (0, 50, "available")

    def test_pending_points_do_not_count(self) -> None:
        of = program(EarningRule("visit", Flat(500), on="purchase"), rewards=[CASH], pending=Days(5))
        account = opened(of).earn(sale("1.00", name="before"), of, at=START).state

        assert of.quote("cash", account, BASKET, as_of=START).points == 0
        assert of.quote("cash", account, BASKET, as_of=day("01-07")).points == 500


class TestCondition:
    @pytest.mark.parametrize(
        "rule",
        [
            field("basket.total") == 50,
            field("basket.list") >= 50,
            field("basket.quantity") == 2,
            field("basket.items") == 2,
            field("basket.channel") == "web",
            field("basket.store") == "s7",
            field("basket.customer") == "c1",
            field("basket.currency") == "USD",
            field("account.balance") == 1_000,
            field("event.weekday") == 4,
            field("customer.age") >= 18,
            field("customer.city") == "Graz",
        ],
        ids=str,
    )
    def test_what_it_may_ask(self, rule: Any) -> None:
        basket = sale("40.00", "10.00", channel="web", store="s7", customer="c1")
        facts = {"age": 44, "customer.city": "Graz"}

        assert quoted(Reward("mug", 50, Gift("mug"), rule), basket, customer=facts).limited_by is None

    def test_a_tier(self) -> None:
        of = program(
            rewards=[Reward("mug", 5, Gift("mug"), field("account.tier") == "gold")], tiers=[Tier("gold", at=0)]
        )
        account = adjusted(opened(of), of, 10, START)

        assert of.quote("mug", account, as_of=START).points == 5

    def test_one_that_does_not_hold(self) -> None:
        found = quoted(Reward("mug", 50, Gift("mug"), field("basket.total") > 50))

        assert (found.points, found.limited_by) == (0, "condition")

    def test_one_that_nobody_can_judge(self) -> None:
        found = quoted(Reward("mug", 50, Gift("mug"), field("basket.total") > 5), None)

        assert (found.points, found.limited_by) == (0, "unknown:basket.total")


class TestDiscounts:
    @pytest.mark.parametrize(
        ("reward", "worth"),
        [
            pytest.param(Reward("r", 50, PercentOff(10)), "5.00", id="a share of the basket"),
            pytest.param(Reward("r", 50, AmountOff(Money("8.00", "USD"))), "8.00", id="an amount"),
            pytest.param(
                Reward("r", 50, PercentOff(100), units=Units(1, order="cheapest")), "10.00", id="the cheapest"
            ),
            pytest.param(
                Reward("r", 50, PercentOff(50), on=field("line.product") == "sku1"), "20.00", id="a matching line"
            ),
            pytest.param(Reward("r", 50, Gift("mug")), "0.00", id="a gift"),
        ],
    )
    def test_what_they_are_worth(self, reward: Reward, worth: str) -> None:
        found = quoted(reward)

        assert (found.points, found.worth) == (50, Money(worth, "USD"))

    def test_one_that_was_priced_already_is_worth_what_it_took_off(self) -> None:
        free = Reward("free", 50, PercentOff(100), units=Units(1, order="cheapest"))
        of, account = member(free, MUG, CASH)
        half = Promotion("half", PercentOff(50), units=Units(1, order="cheapest"))
        basket = price(BASKET, [half], vouchers=[free.promotion, MUG.promotion], at=START)
        account = redeemed(of, account, 50, "free", basket=basket)
        found = of.quote("free", account, basket, as_of=START)

        assert str(spent(account).worth) == "5.00 USD"
        assert (found.payable, found.due) == (Money("45.00", "USD"), basket.due)
        assert of.quote("mug", account, basket, as_of=START).points == 50
        assert of.quote("cash", account, basket, as_of=START).payable == basket.due

    @pytest.mark.parametrize(("rounding", "payable"), [("line", "9.91 USD"), ("total", "9.90 USD")])
    def test_a_sale_may_have_a_discount_of_the_whole(self, rounding: str, payable: str) -> None:
        lines = [Line(1, "bread", 3, unit_price="3.335"), Line(2, "mug", 1, unit_price="10.00")]
        off = [Discount(amount="10.00"), Discount(percent=1)]
        found = quoted(Reward("half", 50, PercentOff(50)), sale(*lines, rounding=rounding, discounts=off))

        assert (str(found.payable), str(found.worth)) == (payable, "4.96 USD")

    def test_the_whole_may_be_free_already_or_one_of_its_lines(self) -> None:
        lines = [Line(1, "bread", 1, gross="10.00", discounts=[Discount(percent=100)]), Line(2, "mug", 1, gross="5.00")]
        free, half = [sale(*lines, discounts=[Discount(percent=percent)]) for percent in (100, 20)]
        reward = Reward("half", 50, PercentOff(50))

        assert quoted(reward, free).limited_by == "nothing"
        assert str(quoted(reward, half).worth) == "2.00 USD"

    def test_a_gift_in_the_basket_is_not_what_is_bought(self) -> None:
        free = Reward("free", 50, PercentOff(100), units=Units(1, order="cheapest"))
        basket = price(BASKET, [Promotion("gift", Gift("mug"))], at=START)

        assert str(quoted(free, basket).worth) == "10.00 USD"

    def test_nothing_is_taken_for_nothing(self) -> None:
        found = quoted(Reward("r", 50, PercentOff(50), on=field("line.product") == "sku9"))

        assert (found.points, found.worth, found.limited_by) == (0, Money("0.00", "USD"), "not_matched")

    def test_facts_of_the_customer_reach_the_lines(self) -> None:
        mine = Reward("r", 50, PercentOff(50), on=field("customer.city") == "Graz")

        assert quoted(mine, customer={"customer.city": "Graz"}).points == 50
        assert quoted(mine, customer={"city": "Wien"}).points == 0

    def test_without_a_basket_the_worth_is_not_known_and_0(self) -> None:
        assert quoted(Reward("r", 50, PercentOff(10)), None).worth == Money("0.00", "USD")


class TestRedeeming:
    def test_the_event_tells_the_reward_and_its_worth(self) -> None:
        of, account = member(CASH)
        event = spent(redeemed(of, account, 400, "cash", basket=BASKET))

        assert (event.reward, event.worth, event.purchase) == ("cash", Money("20.00", "USD"), "b1")

    def test_a_priced_basket_names_its_purchase(self) -> None:
        of, account = member(CASH)

        assert spent(redeemed(of, account, 400, "cash", basket=price(BASKET, [], at=START))).purchase == "b1"

    def test_the_same_again_changes_nothing(self) -> None:
        of, account = member(CASH)
        once = redeemed(of, account, 400, "cash", basket=BASKET)

        assert redeemed(of, once, 400, "cash", basket=BASKET) is once

    @pytest.mark.parametrize(
        ("reward", "points", "more", "reason", "details"),
        [
            pytest.param(MUG, 49, {}, "other_cost", {"asked": 49, "allowed": 50}, id="another cost"),
            pytest.param(CASH, 450, {}, "whole_blocks", {"asked": 450, "allowed": 400}, id="no whole blocks"),
            pytest.param(CASH, 1_100, {}, "insufficient_points", {"asked": 1_100, "available": 1_000}, id="too many"),
            pytest.param(CASH, 1_000, {"basket": sale("9.99")}, "payable", {"allowed": 100}, id="more than is due"),
            pytest.param(
                Reward("half", None, CashOff(points=1, worth="0.01", at_most="50%")),
                1_000,
                {"basket": sale("9.99")},
                "at_most",
                {"allowed": 499},
                id="more than its share",
            ),
            pytest.param(
                Reward("cash", None, CashOff(points=100, worth="5.00", minimum=300)),
                200,
                {},
                "below_minimum",
                {"allowed": 0, "minimum": 300},
                id="below the minimum",
            ),
            pytest.param(
                Reward("mug", 50, Gift("mug"), field("basket.total") > 50),
                50,
                {"basket": BASKET},
                "condition",
                {"allowed": 0},
                id="a condition that does not hold",
            ),
            pytest.param(
                Reward("mug", 50, Gift("mug"), field("basket.total") > 50),
                50,
                {},
                "condition",
                {"because": "basket.total"},
                id="a condition that nobody can judge",
            ),
            pytest.param(
                Reward("mug", 50, Gift("mug"), valid=Period(day("05-01"))), 50, {}, "not_in_force", {}, id="too early"
            ),
            pytest.param(Reward("mug", 50, Gift("mug"), caps=[Cap(amount=0)]), 50, {}, "", {}, id="a gift at no price"),
        ],
    )
    def test_what_is_refused_tells_what_was_allowed(
        self, reward: Reward, points: int, more: dict[str, Any], reason: str, details: dict[str, Any]
    ) -> None:
        of, account = member(reward)
        if not reason:
            assert spent(redeemed(of, account, points, reward.id)).points == points
            return
        error = refusal(of, account, points, reward.id, **more)

        assert error.reason == reason
        assert details.items() <= error.details.items()

    def test_a_reward_that_the_program_does_not_have(self) -> None:
        of, account = member(CASH, MUG)
        error = refusal(of, account, 50, "cup")

        assert (error.reason, error.allowed) == ("unknown_reward", ("cash", "mug"))

    def test_a_program_that_lists_no_rewards_holds_none_to_anything(self) -> None:
        of, account = member()
        event = spent(redeemed(of, account, 50, "cup"))

        assert (event.reward, event.worth) == ("cup", None)

    def test_debt_where_it_is_allowed(self) -> None:
        of, account = member(MUG, balance=20)
        after = redeemed(of, account, 50, "mug", allow_debt=True)

        assert after.balance(as_of=START).debt == 30

    def test_the_currency_of_the_reward_is_spent(self) -> None:
        stars = Reward("mug", "0.5", Gift("mug"), currency="stars")
        of = program(rewards=[stars], points=[Points("points"), Points("stars", scale=1)])
        account = adjusted(opened(of), of, 20, START, currency="stars")

        assert spent(redeemed(of, account, 5, "mug")).currency == "stars"

    def test_a_basket_beside_another_purchase(self) -> None:
        of, account = member(CASH)
        with pytest.raises(InvalidValue, match=r"redeem\.purchase"):
            redeemed(of, account, 100, "cash", basket=BASKET, purchase="other")

    def test_a_hold_is_held_to_the_reward_too(self) -> None:
        of, account = member(MUG)
        held: Any = account.hold(50, of, id="h1", until=day("02-01"), reward="mug", basket=BASKET, at=START).events[-1]

        assert (held.worth, held.purchase) == (Money("0.00", "USD"), "b1")
        with pytest.raises(Rejected, match="other_cost"):
            account.hold(40, of, id="h1", until=day("02-01"), reward="mug", at=START)


ONCE = Reward("mug", 50, Gift("mug"), caps=[Cap(times=1, per="month")])


class TestCaps:
    def test_a_second_time_in_the_month(self) -> None:
        of, account = member(ONCE)
        account = redeemed(of, account, 50, "mug")
        error = refusal(of, account, 50, "mug", name="d2", at=day("01-31"))

        assert (error.reason, error.details["because"]) == ("capped", "1 times per month")
        assert spent(redeemed(of, account, 50, "mug", name="d2", at=day("02-01"))).id == "d2"

    def test_what_is_restored_counts_no_more(self) -> None:
        of, account = member(ONCE)
        account = redeemed(of, account, 50, "mug").restore("d1", of, at=START).state

        assert of.quote("mug", account, as_of=START).points == 50

    def test_a_part_that_is_restored_frees_that_part(self) -> None:
        of, account = member(Reward("cash", None, CashOff(points=1, worth="0.10"), caps=[Cap(points=100, per="ever")]))
        account = redeemed(of, account, 100, "cash").restore("d1", of, points=30, at=START).state

        assert of.quote("cash", account, as_of=START).points == 30

    def test_what_is_restored_of_something_else_frees_nothing(self) -> None:
        of, account = member(ONCE, CASH)
        account = (
            redeemed(of, redeemed(of, account, 50, "mug"), 100, "cash", name="d2").restore("d2", of, at=START).state
        )

        assert of.quote("mug", account, as_of=START).points == 0

    @pytest.mark.parametrize(
        ("ending", "left"), [("open", 0), ("captured", 20), ("voided", 50), ("lapsed", 50), ("restored", 50)]
    )
    def test_holds_count_until_they_are_given_back(self, ending: str, left: int) -> None:
        of, account = member(Reward("cash", None, CashOff(points=1, worth="0.10"), caps=[Cap(points=50, per="ever")]))
        account = account.hold(50, of, id="h1", until=day("01-10"), reward="cash", at=START).state
        at = day("01-11") if ending == "lapsed" else day("01-02")
        if ending in {"captured", "restored"}:
            account = account.capture("h1", of, points=30, at=at).state
        if ending == "restored":
            account = account.restore("h1", of, at=at).state
        if ending == "voided":
            account = account.void("h1", of, at=at).state

        assert of.quote("cash", account, as_of=at).points == left

    @pytest.mark.parametrize(
        ("cap", "points", "worth"),
        [
            pytest.param(Cap(points=250), 200, "10.00", id="points in whole blocks"),
            pytest.param(Cap(points=250, then="reject"), 0, "0.00", id="points or nothing"),
            pytest.param(Cap(amount=Decimal("12.50")), 200, "10.00", id="an amount"),
            pytest.param(Cap(amount=Decimal(50)), 1_000, "50.00", id="an amount that does not bind"),
            pytest.param(Cap(times=0), 0, "0.00", id="never"),
        ],
    )
    def test_a_limit_cuts_the_points_that_pay(self, cap: Cap, points: int, worth: str) -> None:
        found = quoted(Reward("cash", None, CashOff(points=100, worth="5.00"), caps=[cap]))

        assert (found.points, found.worth) == (points, Money(worth, "USD"))
        assert found.limited_by == (f"capped_by:{cap}" if points < 1_000 else "available")

    def test_what_is_cut_below_the_minimum_is_not_taken(self) -> None:
        found = quoted(Reward("cash", None, CashOff(points=100, worth="5.00", minimum=300), caps=[Cap(points=250)]))

        assert (found.points, found.limited_by) == (0, "capped_by:250 points per event")

    def test_the_first_that_leaves_nothing_is_the_answer(self) -> None:
        found = quoted(Reward("mug", 50, Gift("mug"), caps=[Cap(times=0), Cap(points=1)]))

        assert found.limited_by == "capped_by:0 times per event"

    def test_amounts_add_up_over_the_window(self) -> None:
        cash = Reward("cash", None, CashOff(points=100, worth="5.00"), caps=[Cap(amount=20, per=Days(30))])
        of, account = member(cash)
        account = redeemed(of, account, 300, "cash", basket=BASKET)

        assert of.quote("cash", account, BASKET, as_of=day("01-30")).points == 100
        assert of.quote("cash", account, BASKET, as_of=day("01-31")).points == 400

    def test_each_member_of_a_pool_has_a_limit_of_their_own(self) -> None:
        of, account = member(Reward("mug", 50, Gift("mug"), caps=[Cap(times=1, per="ever", who="member")]))
        account = account.add_member("c2", of, at=START).state
        account = redeemed(of, account, 50, "mug")

        assert [of.quote("mug", account, as_of=START, member=who).points for who in (None, "c1", "c2")] == [0, 0, 50]
        assert refusal(of, account, 50, "mug", name="d2").reason == "capped"
        assert spent(redeemed(of, account, 50, "mug", name="d2", member="c2")).member == "c2"


EARNS = EarningRule("base", PerAmount(1, per="1.00"))


class TestSamePurchase:
    def test_what_a_purchase_earns_is_not_spent_on_it(self) -> None:
        of, account = member(CASH, MUG, balance=100)
        of = program(EARNS, rewards=[CASH, MUG])
        account = account.earn(BASKET, of, at=START).state
        found = of.quote("mug", account, BASKET, as_of=START)
        with pytest.raises(Rejected) as refused:
            account.redeem(101, of, id="d1", purchase="b1", at=START)

        assert (found.available, found.own) == (100, 50)
        assert refused.value.details == {"asked": 101, "available": 100, "own": 50}
        assert account.redeem(101, of, id="d1", purchase="other", at=START).events

    def test_a_hold_for_it_is_refused_as_well(self) -> None:
        of = program(EARNS)
        account = opened(of).earn(BASKET, of, at=START).state
        with pytest.raises(Rejected, match="insufficient_points"):
            account.hold(1, of, id="h1", until=day("02-01"), purchase="b1", at=START)

    def test_where_it_may_be_both_happen_at_one_instant(self) -> None:
        of = program(EARNS, rewards=[MUG], same_purchase=True)
        account = opened(of).earn(BASKET, of, at=START).state

        assert spent(redeemed(of, account, 50, "mug", basket=BASKET)).points == 50

    def test_pending_points_of_the_purchase_are_not_taken_off_twice(self) -> None:
        of = program(EarningRule("base", PerAmount(1, per="1.00"), pending=Days(5)), rewards=[MUG])
        account = adjusted(opened(of), of, 50, START).earn(BASKET, of, at=START).state

        assert of.quote("mug", account, BASKET, as_of=START).available == 50

    @pytest.mark.parametrize("shortfall", ["debt", "drop"])
    def test_a_simulation_lists_what_a_revision_no_longer_lets_pay(self, shortfall: str) -> None:
        may, may_not = program(EARNS, same_purchase=True), program(EARNS)
        account = opened(may).earn(BASKET, may, at=START).state.redeem(30, may, id="d1", purchase="b1", at=START).state
        found = simulate(may_not, [history_of(account, [BASKET])], until=day("02-01"), shortfall=shortfall)

        assert [(each.points, each.short) for each in found.shortfalls] == [(30, 30)]

    def test_what_a_purchase_earned_in_another_currency_is_not_taken_off(self) -> None:
        status = EarningRule("status", PerAmount(1, per="1.00"), gives=["status"])
        of = program(status, rewards=[MUG], points=[Points("points"), Points("status", qualifying=True)])
        account = adjusted(opened(of), of, 50, START).earn(BASKET, of, at=START).state

        assert of.quote("mug", account, BASKET, as_of=START).available == 50

    def test_a_top_up_in_the_basket_does_not_pay_for_it(self) -> None:
        top_up = EarningRule("top up", PerAmount(1, per="1.00"), field("line.kind") == "top_up")
        pay = Reward("pay", None, CashOff(points="0.01", worth="0.01"))
        wallet = program(top_up, points=[Points("cash", scale=2)], rewards=[pay])
        basket = sale(Line(1, "beans", 1, gross="12.00"), Line(2, "top up", 1, gross="50.00", kind="top_up"))
        account = adjusted(opened(wallet), wallet, 300, START).earn(basket, wallet, at=START).state

        assert wallet.quote("pay", account, basket, as_of=START).points == 300
        assert wallet.quote("pay", account, sale("12.00", name="later"), as_of=START).points == 1_200


class TestProblems:
    @pytest.mark.parametrize(
        ("rewards", "more", "remark"),
        [
            pytest.param(
                [MUG], {"points": [Points("stars"), Points("points")]}, "currency: no rule gives stars", id="c"
            ),
            pytest.param([MUG], {"caps": [Cap(balance=49)]}, "cost: needs 50, and no account", id="balance"),
            pytest.param([CASH], {"caps": [Cap(balance=99)]}, "benefit: needs 100, and no account", id="block"),
            pytest.param(
                [Reward("mug", 50, Gift("mug"), caps=[Cap(points=49)])], {}, "caps[0]: leaves 49 points", id="points"
            ),
            pytest.param(
                [Reward("mug", 50, Gift("mug"), caps=[Cap(times=0)])], {}, "caps[0]: the reward can never", id="times"
            ),
        ],
    )
    def test_a_reward_that_nobody_can_have(self, rewards: Any, more: dict[str, Any], remark: str) -> None:
        rule = EarningRule("base", PerAmount(1, per="1.00"), gives=["points"])
        (found,) = program(rule, rewards=rewards, **more).problems()

        assert found.startswith(f"Program.rewards[0].{remark}")

    def test_rewards_that_can_be_had(self) -> None:
        fine = Reward("fine", 5, Gift("mug"), caps=[Cap(points=50, per="month"), Cap(times=2), Cap(amount=1)])

        assert program(EARNS, rewards=[fine, CASH], caps=[Cap(balance=100)]).problems() == ()

    def test_a_program_that_earns_elsewhere(self) -> None:
        assert program(rewards=[MUG]).problems() == ()


def test_an_unknown_redemption_is_still_not_found() -> None:
    of, account = member(MUG)
    with pytest.raises(NotFound):
        account.restore("d9", of, at=START + timedelta(days=1))
