"""What an occasion earns: which lines count, what is chosen, how it is attributed, and the reasons that are given."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import START, adjusted, award, day, opened, points, program, sale

from relex.calendars import Days, Months
from relex.loyalty import (
    Cap,
    Choose,
    EarningRule,
    Flat,
    Multiply,
    Occasion,
    PerAmount,
    PerUnit,
    Points,
    Stack,
    Tier,
)
from relex.money import Money
from relex.purchases import Line
from relex.rules import field

if TYPE_CHECKING:
    from relex.loyalty import Breakdown, Program

ONE = PerAmount(1, per="1.00")
BASE = EarningRule("base", ONE)
CARD = Line(2, "card", 1, gross="40.00", kind="gift_card")


def stay(*lines: dict[str, Any], **facts: Any) -> Occasion:
    return Occasion("stay", "o1", START, facts=facts, lines=lines)


def explained(of: Program, occasion: Any, **more: Any) -> Breakdown:
    return award(of, occasion, **more).breakdown


class TestLinesThatCount:
    def test_gift_cards_delivery_and_fees_earn_nothing(self) -> None:
        kinds = ("goods", "gift_card", "delivery", "fee")
        basket = sale(*[Line(number, kind, 1, gross="10.00", kind=kind) for number, kind in enumerate(kinds, 1)])
        found = explained(program(BASE), basket)

        assert found.by_line() == {1: 10, 2: 0, 3: 0, 4: 0}
        assert found.ineligible == ((2, "not_eligible"), (3, "not_eligible"), (4, "not_eligible"))

    def test_a_basket_of_nothing_that_counts_is_recorded_with_0(self) -> None:
        found = explained(program(BASE), sale(CARD))

        assert (found.total(), found.reasons(), found.ineligible) == (
            0,
            {"base": "not_matched"},
            ((2, "not_eligible"),),
        )

    def test_a_line_whose_eligibility_is_unknown_does_not_count_and_says_so(self) -> None:
        of = program(BASE, eligible=field("line.category") == "food")
        found = explained(of, sale(Line(1, "bread", 1, gross="3.00", category="food"), Line(2, "mug", 1, gross="4.00")))

        assert (found.by_rule(), found.ineligible) == ({"base": 3}, ((2, "unknown:line.category"),))

    @pytest.mark.parametrize(("least", "expected"), [(30, 5), (31, 0)])
    def test_a_rule_may_ask_for_the_total_of_the_lines_that_count(self, least: int, expected: int) -> None:
        """30.00 of goods beside a gift card of 40.00."""
        of = program(EarningRule("big", Flat(5), field("purchase.eligible") >= least))

        assert points(of, Line(1, "mug", 1, gross="30.00"), CARD) == expected

    def test_a_line_without_the_fact_that_is_counted_is_left_out(self) -> None:
        """3 + 4 kilograms; the third line has no weight."""
        of = program(EarningRule("weight", PerUnit(2, of="line.weight"), on="stay"))
        found = explained(of, stay({"line.weight": 3}, {"line.weight": 4}, {"line.net": Decimal(9)}))

        assert (found.by_rule(), found.by_line()) == ({"weight": 14}, {1: 6, 2: 8})

    def test_a_fact_that_no_line_has_is_named(self) -> None:
        of = program(EarningRule("weight", PerUnit(2, of="line.weight"), on="stay"))

        assert explained(of, stay({"line.net": Decimal(9)})).reasons() == {"weight": "unknown:line.weight"}

    def test_a_fact_that_the_occasion_lacks_is_named(self) -> None:
        of = program(EarningRule("nights", PerUnit(100, of="event.nights"), on="stay"))

        assert explained(of, stay()).reasons() == {"nights": "unknown:event.nights"}

    def test_a_fact_that_is_no_number_is_unknown(self) -> None:
        of = program(EarningRule("nights", PerUnit(100, of="event.nights"), on="stay"))

        assert explained(of, stay(nights="three")).reasons() == {"nights": "unknown:event.nights"}

    def test_a_line_rule_that_is_unknown_on_one_line_only_has_fired(self) -> None:
        of = program(EarningRule("food", ONE, field("line.category") == "food"))
        found = explained(of, sale(Line(1, "bread", 1, gross="3.00", category="food"), Line(2, "mug", 1, gross="4.00")))

        assert (found.by_rule(), found.reasons()) == ({"food": 3}, {})

    def test_a_line_rule_that_is_unknown_everywhere_names_the_fact(self) -> None:
        of = program(EarningRule("food", ONE, field("line.category") == "food"))

        assert explained(of, sale("4.00")).reasons() == {"food": "unknown:line.category"}

    def test_a_rule_for_another_kind_of_occasion_is_not_in_force(self) -> None:
        of = program(EarningRule("visit", Flat(5), on="visit"))

        assert explained(of, sale("4.00")).reasons() == {}

    def test_lines_may_come_with_numbers_of_their_own(self) -> None:
        of = program(EarningRule("net", ONE, on="stay"))
        found = explained(
            of, stay({"line.number": 7, "line.net": Decimal(2)}, {"line.number": 9, "line.net": Decimal(3)})
        )

        assert found.by_line() == {7: 2, 9: 3}


class TestExactAwards:
    def test_steps_are_counted_once_on_the_sum(self) -> None:
        """15.00 + 15.00 are three full tens, not two."""
        assert points(program(EarningRule("tens", PerAmount(1, per="10.00"))), "15.00", "15.00") == 3

    def test_a_negative_line_takes_from_the_sum_and_earns_nothing(self) -> None:
        """10 - 4 = 6, all on the first line."""
        of = program(EarningRule("net", ONE, on="stay"))
        found = explained(of, stay({"line.net": Decimal(10)}, {"line.net": Decimal(-4)}))

        assert (found.by_rule(), found.by_line()) == ({"net": 6}, {1: 6, 2: 0})

    def test_a_sum_below_0_earns_nothing(self) -> None:
        of = program(EarningRule("net", ONE, on="stay"))

        assert explained(of, stay({"line.net": Decimal(-10)})).reasons() == {"net": "nothing"}

    def test_a_flat_award_goes_by_net(self) -> None:
        """9 points over 10.00 and 20.00."""
        assert explained(program(EarningRule("nine", Flat(9))), sale("10.00", "20.00")).by_line() == {1: 3, 2: 6}

    def test_a_flat_award_over_lines_worth_nothing_goes_in_equal_parts(self) -> None:
        assert explained(program(EarningRule("ten", Flat(10))), sale("0.00", "0.00")).by_line() == {1: 5, 2: 5}

    def test_an_amount_of_the_occasion_is_counted_once(self) -> None:
        """7.50 for two lines is counted once, and spread by their net."""
        of = program(EarningRule("deposit", PerUnit(2, of="event.deposit"), on="stay"))
        occasion = stay({"line.net": Decimal(1)}, {"line.net": Decimal(4)}, deposit=Decimal("7.50"))

        assert explained(of, occasion).by_line() == {1: 3, 2: 12}

    @pytest.mark.parametrize(("least", "expected"), [("30.00", {"big": 30}), ("30.01", {})])
    def test_a_minimum_is_reached_by_the_matching_lines(self, least: str, expected: dict[str, int]) -> None:
        """The minimum counts only lines that match."""
        of = program(EarningRule("big", ONE, field("line.category") == "food", minimum=Money(least, "USD")))
        found = explained(of, sale(Line(1, "bread", 1, gross="30.00", category="food"), "50.00"))

        assert found.by_rule() == expected
        assert found.reasons() == ({} if expected else {"big": "below_minimum"})

    def test_an_occasion_without_lines_reaches_no_minimum(self) -> None:
        of = program(EarningRule("visit", Flat(5), on="stay", minimum=Money("1.00", "USD")))

        assert explained(of, stay()).reasons() == {"visit": "below_minimum"}

    def test_what_is_rounded_to_0_gives_no_lot(self) -> None:
        """Half a point, rounded down."""
        of = program(EarningRule("half", Flat("0.5"), on="stay"))
        event = award(of, stay())

        assert (event.points, event.credits) == (0, ())


class TestChoosing:
    def test_the_first_that_fires_in_the_order_of_priority(self) -> None:
        of = program(
            EarningRule("a", Flat(1)),
            EarningRule("b", Flat(2), field("line.brand") == "none", priority=9),
            EarningRule("c", Flat(3), priority=5),
            groups={"base": Choose.FIRST},
        )
        found = explained(of, sale("1.00"))

        assert found.by_rule() == {"c": 3}
        assert found.reasons() == {"b": "unknown:line.brand", "a": "shut_out_by:c"}

    def test_of_two_that_give_as_much_the_one_of_higher_priority(self) -> None:
        of = program(EarningRule("a", Flat(5)), EarningRule("b", Flat(5), priority=1), groups={"base": Choose.BEST})

        assert explained(of, sale("1.00")).by_rule() == {"b": 5}

    def test_a_stop_ends_its_group_after_itself(self) -> None:
        of = program(
            EarningRule("a", Flat(1), priority=3),
            EarningRule("b", Flat(2), priority=2, stacking=Stack.STOP),
            EarningRule("c", Flat(4), priority=1),
            EarningRule("other", Flat(8), group="extra"),
        )
        found = explained(of, sale("1.00"))

        assert (found.by_rule(), found.reasons()) == ({"a": 1, "b": 2, "other": 8}, {"c": "shut_out_by:b"})

    def test_a_stop_that_did_not_fire_stops_nothing(self) -> None:
        of = program(
            EarningRule("b", Flat(2), field("purchase.total") > 5, priority=2, stacking=Stack.STOP),
            EarningRule("c", Flat(4)),
        )

        assert explained(of, sale("1.00")).by_rule() == {"c": 4}

    def test_a_stop_that_a_cap_cuts_to_0_has_fired(self) -> None:
        of = program(
            EarningRule("b", Flat(2), priority=2, stacking=Stack.STOP, caps=[Cap(points=0)]),
            EarningRule("c", Flat(4)),
        )

        assert explained(of, sale("1.00")).by_rule() == {"b": 0}


class TestMultiplying:
    def test_only_the_named_groups_are_multiplied(self) -> None:
        of = program(
            BASE,
            EarningRule("extra", Flat(7), group="extra"),
            EarningRule("double", Multiply(2, groups=("extra",))),
        )

        assert explained(of, sale("10.00")).by_rule() == {"base": 10, "double": 7, "extra": 7}

    def test_only_the_matching_lines_are_multiplied(self) -> None:
        of = program(BASE, EarningRule("triple", Multiply(3), field("line.product") == "sku2"))

        assert explained(of, sale("10.00", "5.00")).by_line() == {1: 10, 2: 15}

    def test_a_multiplier_with_nothing_to_multiply_says_so(self) -> None:
        of = program(
            BASE,
            EarningRule("double", Multiply(2, groups=("extra",))),
            EarningRule("x", Flat(1), on="v", group="extra"),
        )

        assert explained(of, sale("10.00")).reasons() == {"double": "nothing"}

    def test_factor_0_takes_the_awards_away_and_no_more(self) -> None:
        """Two multipliers take 10 and 5 of 10: together 10."""
        of = program(BASE, EarningRule("half", Multiply("0.5")), EarningRule("none", Multiply(0), priority=1))

        assert explained(of, sale("10.00")).by_rule() == {"none": -10, "base": 10}

    @pytest.mark.parametrize("first", ["double", "half", "none"])
    def test_bonuses_and_cuts_add_up_in_any_order(self, first: str) -> None:
        rules = [
            EarningRule(name, Multiply(factor), priority=int(name == first))
            for name, factor in (("double", 2), ("half", "0.5"), ("none", 0))
        ]

        assert points(program(BASE, *rules), "20.00") == 10
        assert points(program(BASE, *rules, EarningRule("also_none", Multiply(0))), "20.00") == 0

    @pytest.mark.parametrize(
        ("policy", "expected"),
        [
            pytest.param("sum", {"base": 10, "double": 10, "triple": 20}, id="1 + 1 + 2"),
            pytest.param("best", {"base": 10, "triple": 20}, id="the largest"),
            pytest.param("product", {"base": 10, "double": 10, "triple": 40}, id="2 x 3"),
        ],
    )
    def test_several_together(self, policy: str, expected: dict[str, int]) -> None:
        of = program(BASE, EarningRule("double", Multiply(2)), EarningRule("triple", Multiply(3)), multipliers=policy)

        assert explained(of, sale("10.00")).by_rule() == expected

    def test_the_bonus_of_a_tier_does_not_reach_status_points(self) -> None:
        of = program(
            EarningRule("base", ONE, gives=("points", "status")),
            points=[Points("points"), Points("status", qualifying=True)],
            tiers=[Tier("all", at=0, multiplier="1.5")],
        )
        found = explained(of, sale("10.00"))

        assert (found.by_rule("points"), found.by_rule("status")) == ({"base": 10, "tier:all": 5}, {"base": 10})

    def test_the_bonus_of_a_tier_does_not_count_for_tiers(self) -> None:
        of = program(BASE, tiers=[Tier("all", at=0, multiplier="1.5"), Tier("more", at=12)])
        event = award(of, sale("10.00"))

        assert (event.points, event.qualifying) == (15, 10)

    def test_a_program_without_points_to_spend_gives_no_bonus(self) -> None:
        of = program(
            EarningRule("base", ONE),
            points=[Points("status", qualifying=True)],
            tiers=[Tier("all", at=0, multiplier="1.5")],
        )

        assert explained(of, sale("10.00")).by_rule() == {"base": 10}


class TestFactsOfTheAccount:
    @pytest.mark.parametrize(
        ("when", "expected"),
        [
            (field("account.tier") == "all", 1),
            (field("account.balance") == 40, 1),
            (field("account.purchases") == 1, 1),
            (field("account.lifetime") == 10, 1),
            (field("account.age_days") == 30, 1),
            (field("account.members") == 1, 1),
            (field("account.purchases") == 0, 0),
        ],
    )
    def test_they_are_those_before_the_entry(self, when: Any, expected: int) -> None:
        """One purchase of 10 points and 30 by hand, thirty days after enrollment."""
        of = program(BASE, EarningRule("asked", Flat(1), when, on="visit"), tiers=[Tier("all", at=0)])
        account = opened(of).earn(sale("10.00"), of, at=START).state
        account = adjusted(account, of, 30, START)
        occasion = Occasion("visit", "v", START + timedelta(days=30))

        assert award(of, occasion, account=account).points == expected

    def test_they_are_those_of_the_business_moment(self) -> None:
        """The first purchase is the one that is dated first, whichever was recorded first."""
        of = program(EarningRule("first", Flat(50), field("account.purchases") == 0))
        account = opened(of).earn(sale("10.00", at=day("02-01")), of, at=day("02-01")).state
        late = award(of, sale("10.00", name="s0", at=day("01-15")), account=account, at=day("02-02"))

        assert late.points == 50

    @pytest.mark.parametrize("name", ["vip", "customer.vip"])
    def test_facts_of_the_customer_come_from_the_caller(self, name: str) -> None:
        of = program(EarningRule("vip", Flat(5), field("customer.vip") == True))  # noqa: E712 - this makes a rule

        assert award(of, sale("1.00"), customer={name: True}).points == 5

    def test_facts_of_the_customer_that_nobody_passes_are_unknown(self) -> None:
        of = program(EarningRule("vip", Flat(5), field("customer.vip").is_in("yes")))

        assert explained(of, sale("1.00")).reasons() == {"vip": "unknown:customer.vip"}


class TestLots:
    def test_each_start_and_end_makes_a_lot(self) -> None:
        of = program(
            BASE,
            EarningRule("promo", Flat(7), expires=Days(10)),
            EarningRule("later", Flat(3), pending=Days(5)),
            expires=Months(1),
        )
        lots = award(of, sale("10.00")).credits

        assert [(lot.lot, lot.points, lot.available_at, lot.expires_at) for lot in lots] == [
            ("purchase:s1", 10, START, day("02-02")),
            ("purchase:s1#2", 3, day("01-06"), day("02-07")),
            ("purchase:s1#3", 7, START, day("01-12")),
        ]

    def test_what_a_multiplier_takes_away_comes_from_the_lots_of_its_currency(self) -> None:
        of = program(
            EarningRule("base", ONE, priority=2), EarningRule("half", Multiply("0.5"), expires=Days(3), priority=1)
        )
        (lot,) = award(of, sale("10.00")).credits

        assert (lot.points, lot.lines) == (5, ((1, 5),))

    def test_no_line_of_a_lot_is_below_0(self) -> None:
        """Half of 0.5 + 0.5 + 2: by rounding, the second line would give 1 less than nothing."""
        of = program(EarningRule("base", PerAmount(1, per="2.00", whole=False)), EarningRule("half", Multiply("0.5")))
        event = award(of, sale("1.00", "1.00", "4.00"))

        assert event.breakdown.by_line() == {1: 1, 2: -1, 3: 1}
        assert event.credits[0].lines == ((3, 1),)

    def test_points_of_another_currency_than_the_first_do_not_count_as_earned(self) -> None:
        of = program(
            EarningRule("miles", Flat(5), on="visit", gives=("miles",)),
            points=[Points("points"), Points("miles")],
        )
        event = award(of, Occasion("visit", "v", START))

        assert (event.by_currency, event.qualifying) == ((("miles", 5),), 0)

    def test_a_rule_may_leave_its_points_out_of_what_tiers_measure(self) -> None:
        of = program(EarningRule("gift", Flat(5), on="visit", qualifying=False))

        assert award(of, Occasion("visit", "v", START)).qualifying == 0
