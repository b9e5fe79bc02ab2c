"""Returns take back what was recorded, and cancelled redemptions come back; both refuse what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import PLAIN, SPENDING, START, VISITS, adjusted, day, opened, program, sale, visit

from relex.calendars import Days
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Clawback,
    EarningRule,
    Flat,
    Inactive,
    Multiply,
    PerAmount,
    Points,
    PointsReversed,
    Restore,
)
from relex.money import Money
from relex.purchases import Line, Return
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.loyalty import Account, Program

ONE = program(EarningRule("base", PerAmount(1, per="1.00")))


def bought(of: Program = ONE, *amounts: Any) -> Account:
    return opened(of).earn(sale(*(amounts or ("6.00", "4.00"))), of, at=START).state


def back(lines: Any = ((1, 1),), *, name: str = "r1", text: str = "01-02", **more: Any) -> Return:
    return Return(name, purchase="s1", at=day(text), lines=lines, **more)


def taken(account: Account, each: Return, of: Program = ONE) -> PointsReversed:
    events = account.reverse(each, of, at=each.at).events
    return next(event for event in events if isinstance(event, PointsReversed))


def refusal(command: Callable[[], Any]) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Rejected) as refused:
        command()
    return refused.value.reason, refused.value.details


class TestReverse:
    def test_a_part_too_small_for_a_point_takes_none(self) -> None:
        event = taken(bought(ONE, "0.80", "0.40"), back(((2, 1),)))

        assert (event.lots, event.points, event.qualifying) == ((), 0, 0)

    def test_a_line_that_was_not_sold(self) -> None:
        with pytest.raises(NotFound, match="line"):
            taken(bought(), back({9: 1}))

    def test_a_purchase_that_earned_nothing_here(self) -> None:
        with pytest.raises(NotFound, match="award"):
            taken(opened(ONE), back())

    def test_a_return_without_a_purchase(self) -> None:
        with pytest.raises(InvalidValue, match="id of the purchase"):
            bought().reverse(Return("r", at=START, value=Money("1.00", "USD")), ONE, at=START)

    def test_more_than_was_sold(self) -> None:
        assert refusal(lambda: taken(bought(), back({1: 2}))) == (
            "more_than_sold",
            {"line": 1, "asked": "2", "remains": "1"},
        )
        assert refusal(lambda: taken(bought(), back((), value=Money("11.00", "USD")))) == (
            "more_than_sold",
            {"asked": 1100, "remains": 1000},
        )

    def test_before_the_award(self) -> None:
        late = opened(ONE).earn(sale("5.00", at=day("01-05")), ONE, at=day("01-05")).state

        assert refusal(lambda: late.reverse(back(), ONE, at=day("01-06")))[0] == "before_award"

    def test_a_closed_account(self) -> None:
        closed = bought().close(ONE, at=day("01-02")).state

        assert refusal(lambda: taken(closed, back(text="01-03")))[0] == "closed"

    def test_a_value_in_another_currency(self) -> None:
        with pytest.raises(CurrencyMismatch):
            taken(bought(), back((), value=Money("1.00", "EUR")))

    def test_the_same_return_twice(self) -> None:
        account = bought().reverse(back(), ONE, at=day("01-02")).state

        assert account.reverse(back(), ONE, at=day("01-03")).events == ()
        with pytest.raises(Conflict):
            account.reverse(back({2: 1}), ONE, at=day("01-03"))

    def test_what_is_only_named_by_its_value(self) -> None:
        event = taken(bought(), back((), value=Money("5.00", "USD")))

        assert (event.points, event.spend, event.qualifying) == (5, 500, 5)

    def test_lines_with_a_stated_value(self) -> None:
        event = taken(bought(), back({1: 1}, value=Money("5.00", "USD")))

        assert (event.points, event.spend) == (6, 500)

    def test_a_line_that_was_sold_with_quantity_zero(self) -> None:
        account = bought(ONE, Line(1, "deposit", 0, gross="6.00"), Line(2, "mug", 1, gross="4.00"))

        assert taken(account, back({1: 0})).points == 6

    def test_an_award_of_nothing_is_returned_too(self) -> None:
        account = bought(ONE, "0.40")
        event = taken(account, back())

        assert (event.lots, event.spend, event.points) == ((), 40, 0)

    def test_a_purchase_without_value(self) -> None:
        account = bought(ONE, "0.00")

        assert taken(account, back()).lots == ()

    def test_pending_points_are_taken_where_they_wait(self) -> None:
        later = program(
            EarningRule("base", PerAmount(1, per="1.00"), pending=Days(14)), clawback=Clawback(reach="only_pending")
        )
        account = bought(later)
        waiting = taken(account, back(), later)
        matured = taken(account, back(text="01-20"), later)

        assert ((waiting.points, waiting.uncollected), (matured.points, matured.uncollected)) == ((6, 0), (0, 6))

    def test_idle_lots_are_found_at_their_moved_end(self) -> None:
        idle = attrs.evolve(ONE, expires=Inactive(Days(10)))
        account = bought(idle).earn(sale("1.00", name="s2", at=day("01-05")), idle, at=day("01-05")).state

        assert taken(account, back(text="01-08"), idle).points == 6

    def test_a_multiplier_below_one_leaves_no_line_below_zero(self) -> None:
        half = program(EarningRule("base", PerAmount(1, per="1.00")), EarningRule("half", Multiply("0.3")))
        account = bought(half, "1.00", "1.00", "1.00")
        points = [taken(account, back({line: 1}), half).points for line in (1, 2, 3)]

        assert min(points) >= 0
        assert account.balance(as_of=START).available == sum(points)

    def test_a_restored_lot_is_found_at_its_grace(self) -> None:
        rules = attrs.evolve(SPENDING, restore=Restore("grace", Days(30)), expires=Days(5))
        account = bought(rules).redeem(10, rules, id="d", at=day("01-02")).state
        account = account.restore("d", rules, at=day("01-20")).state

        assert taken(account, back(text="01-21"), rules).points == 6


class TestRestore:
    def spent(self) -> Account:
        return adjusted(opened(PLAIN), PLAIN, 50, START).redeem(30, PLAIN, id="d", at=day("01-02")).state

    def test_in_parts_and_no_more_than_was_redeemed(self) -> None:
        account = self.spent().restore("d", PLAIN, points=10, id="x1", at=day("01-03")).state

        assert account.balance(as_of=day("01-03")).available == 30
        assert refusal(lambda: account.restore("d", PLAIN, points=25, id="x2", at=day("01-04"))) == (
            "more_than_redeemed",
            {"asked": 25, "remains": 20},
        )
        rest = account.restore("d", PLAIN, id="x2", at=day("01-04")).state
        assert rest.balance(as_of=day("01-04")).available == 50
        assert refusal(lambda: rest.restore("d", PLAIN, id="x3", at=day("01-05")))[0] == "more_than_redeemed"

    def test_the_same_one_twice(self) -> None:
        account = self.spent().restore("d", PLAIN, points=10, at=day("01-03")).state

        assert account.restore("d", PLAIN, points=10, at=day("01-04")).events == ()
        assert account.restore("d", PLAIN, at=day("01-04")).events == ()
        with pytest.raises(Conflict):
            account.restore("d", PLAIN, at=day("01-04"), effective=day("01-04"))
        with pytest.raises(InvalidValue, match=r"restore\.id"):
            account.restore("d", PLAIN, at=day("01-04"), id="")
        with pytest.raises(Conflict):
            account.restore("d", PLAIN, points=11, at=day("01-04"))

    def test_at_an_earlier_moment(self) -> None:
        account = self.spent().restore("d", PLAIN, at=day("01-05"), effective=day("01-03")).state

        assert [account.balance(as_of=day(text)).available for text in ("01-02", "01-03")] == [20, 50]

    def test_an_unknown_redemption(self) -> None:
        with pytest.raises(NotFound, match="redemption"):
            self.spent().restore("nope", PLAIN, at=day("01-03"))

    @pytest.mark.parametrize("points", [0, -1, 1.5])
    def test_points_that_cannot_be(self, points: Any) -> None:
        with pytest.raises(InvalidValue, match=r"restore\.points"):
            self.spent().restore("d", PLAIN, points=points, at=day("01-03"))

    def test_unpaid_debt_goes_first_and_that_of_others_stays(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 5, START)
        for name, count in (("d1", 10), ("d2", 7)):
            account = account.redeem(count, PLAIN, id=name, at=day("01-02"), allow_debt=True).state
        account = account.restore("d2", PLAIN, points=3, id="x", at=day("01-03")).state
        later = account.restore("d1", PLAIN, id="y", at=day("01-04")).state

        found = [
            (each.balance(as_of=day("01-05")).debt, each.balance(as_of=day("01-05")).available)
            for each in (account, later)
        ]

        assert found == [(9, 0), (0, 1)]

    def test_a_new_lot_without_an_end(self) -> None:
        rules = attrs.evolve(PLAIN, restore=Restore("reissue"))
        account = adjusted(opened(rules), rules, 50, START, ends=day("01-10"))
        account = account.redeem(30, rules, id="d", at=day("01-02")).state
        account = account.restore("d", rules, at=day("02-01")).state

        assert [(lot.remaining, lot.expires_at) for lot in account.lots(as_of=day("02-01"))] == [(30, None)]

    def test_a_new_lot_waits_for_nothing_and_ends_by_that(self) -> None:
        rules = attrs.evolve(PLAIN, restore=Restore("reissue"), expires=Days(20), pending=Days(14))
        account = adjusted(opened(rules), rules, 50, START, ends=day("01-30"))
        account = account.redeem(30, rules, id="d", at=day("01-20")).state
        account = account.restore("d", rules, at=day("02-10")).state

        assert [(lot.remaining, lot.expires_at) for lot in account.lots(as_of=day("02-10"))] == [(30, day("03-03"))]

    def test_points_come_back_to_idle_lots_at_their_moved_end(self) -> None:
        idle = attrs.evolve(VISITS, expires=Inactive(Days(10)))
        account = opened(idle).earn(visit("v1", START), idle, at=START).state
        account = account.redeem(10, idle, id="d", at=day("01-05")).state
        account = account.restore("d", idle, at=day("01-12")).state

        assert ((day("01-16"), 10),) == account.balance(as_of=day("01-12")).expiring


class TestWhatCountsForTiers:
    BONUS = EarningRule("bonus", Flat(100), field("line.product") == "sku1", qualifying=False)
    BASE = EarningRule("base", PerAmount(1, per="1.00"))

    @pytest.mark.parametrize("numbers", [(1, 2), (2, 1)], ids=str)
    def test_each_line_takes_its_own(self, numbers: tuple[int, ...]) -> None:
        of = program(self.BASE, self.BONUS)
        account = bought(of, "10.00", "20.00")
        found = {}
        for number in numbers:
            account = account.reverse(back(((number, 1),), name=f"r{number}"), of, at=day("01-02")).state
            found[number] = next(event for event in reversed(account.events) if isinstance(event, PointsReversed))

        assert {number: (event.points, event.qualifying) for number, event in found.items()} == {
            1: (110, 10),
            2: (20, 20),
        }

    def test_points_of_other_currencies_change_nothing(self) -> None:
        gives = attrs.evolve(self.BONUS, gives=("miles",))
        two = program(self.BASE, gives, points=[Points("points"), Points("miles")])

        assert taken(bought(two, "10.00", "20.00"), back(), two).qualifying == 10

    @pytest.mark.parametrize(
        "now",
        [
            pytest.param(program(BASE), id="rule-deleted"),
            pytest.param(program(BASE, BONUS, clawback=Clawback("proportional")), id="proportional"),
        ],
    )
    def test_a_share_where_lines_do_not_tell(self, now: Program) -> None:
        account = bought(program(self.BASE, self.BONUS), "10.00", "30.00")
        first = taken(account, back(((2, 1),)), now)
        account = account.reverse(back(((2, 1),)), now, at=day("01-02")).state

        assert first.qualifying == round(40 * first.points / 140)
        assert first.qualifying + taken(account, back(((1, 1),), name="r2"), now).qualifying == 40
