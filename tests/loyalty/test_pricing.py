"""Pricing a basket: which promotions apply, in which order, and why not."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from time import process_time
from typing import Any

import pytest

from relex.calendars import Days, Period
from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.loyalty import (
    AmountOff,
    Budget,
    Cap,
    Choose,
    Gift,
    Group,
    PercentOff,
    PriceAt,
    PricedBasket,
    Promotion,
    PromotionUse,
    Sets,
    Stack,
    Units,
    price,
)
from relex.money import Leftover, Money
from relex.purchases import Charge, Discount, Line, Payment, Purchase
from relex.rules import any_line, field

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
TWO = [Line(1, "latte", 2, unit_price="4.00", category="coffee"), Line(2, "mug", 1, unit_price="12.00")]
TENTH = PercentOff(10)
HALF = PercentOff(50)


def eur(amount: str | int) -> Money:
    return Money(amount, "EUR")


def sale(*lines: Line, **more: Any) -> Purchase:
    return Purchase("b1", at=AT, currency="EUR", lines=lines or TWO, **more)


def priced(*promotions: Promotion, of: Purchase | None = None, **policies: Any) -> PricedBasket:
    return price(sale() if of is None else of, promotions, **{"at": AT, **policies})


def total(found: PricedBasket) -> str:
    return str(found.total.amount)


def taken(found: PricedBasket) -> dict[str, str]:
    return {each.promotion: str(each.amount.amount) for each in found.applied}


class TestWhen:
    @pytest.mark.parametrize(
        ("valid", "expected"),
        [
            pytest.param(Period(AT, None), None, id="begins-now"),
            pytest.param(Period(AT - timedelta(days=2), AT), "not_in_force", id="ends-now"),
            pytest.param(Period(date(2026, 5, 2), date(2026, 5, 3)), None, id="local-date"),
            pytest.param(Period(date(2026, 5, 1), date(2026, 5, 2)), "not_in_force", id="yesterday-there"),
        ],
    )
    def test_it_is_in_force(self, valid: Period, expected: str | None) -> None:
        found = priced(Promotion("p", TENTH, valid=valid), tz=timezone(timedelta(hours=13)))

        assert found.why("p") == expected

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            pytest.param(field("basket.total") >= 20, None, id="total"),
            pytest.param(field("basket.items") == 3, "not_matched", id="items"),
            pytest.param(field("event.weekday") == 5, None, id="friday"),
            pytest.param(field("event.minute").between(690, 720), None, id="noon"),
            pytest.param(field("customer.segment") == "regulars", None, id="facts-of-the-caller"),
            pytest.param(field("account.tier") == "gold", "unknown:account.tier", id="unknown"),
            pytest.param(any_line(field("line.product") == "mug"), None, id="a-line"),
            pytest.param(any_line(field("line.product") == "tea"), "not_matched", id="no-line"),
        ],
    )
    def test_its_condition_holds(self, rule: Any, expected: str | None) -> None:
        assert priced(Promotion("p", TENTH, rule), facts={"customer.segment": "regulars"}).why("p") == expected

    def test_each_is_asked(self) -> None:
        found = priced(*[Promotion(name, TENTH, field("basket.total") < 1) for name in ("a", "b")])

        assert found.refused == (("a", "not_matched"), ("b", "not_matched"))

    def test_what_was_applied_before_is_a_fact(self) -> None:
        alone = Promotion("code", TENTH, ~field("basket.promotions").contains("sale"))
        found = price(sale(), [Promotion("sale", TENTH)], vouchers=[alone], at=AT)

        assert found.refused == (("code", "not_matched"),)

    def test_conditions_may_look_at_the_initial_basket(self) -> None:
        promotions = [Promotion("a", HALF, priority=1), Promotion("b", TENTH, field("basket.total") >= 20)]

        assert priced(*promotions).why("b") == "not_matched"
        assert priced(*promotions, judge="initial").why("b") is None


class TestOn:
    def test_it_picks_lines(self) -> None:
        assert total(priced(Promotion("p", HALF, on=field("line.category") == "coffee"))) == "16.00"

    def test_a_line_of_which_the_fact_is_missing_is_not_picked(self) -> None:
        assert priced(Promotion("p", HALF, on=field("line.brand") == "x")).why("p") == "unknown:line.brand"

    def test_it_may_ask_about_the_basket_as_well(self) -> None:
        rule = (field("line.product") == "mug") & (field("basket.quantity") >= 3)

        assert total(priced(Promotion("p", HALF, on=rule))) == "14.00"

    def test_it_may_ask_about_the_other_lines(self) -> None:
        rule = (field("line.product") == "mug") & any_line(field("line.category") == "coffee")

        assert total(priced(Promotion("p", HALF, on=rule))) == "14.00"

    def test_it_may_ask_for_what_is_not_reduced_yet(self) -> None:
        first = Promotion("a", TENTH, on=field("line.product") == "mug", priority=1)
        found = priced(first, Promotion("b", HALF, on=field("line.discount") == 0))

        assert taken(found) == {"a": "1.20", "b": "4.00"}

    def test_tastes_are_facts(self) -> None:
        line = Line(1, "shirt", 1, unit_price="10.00", tastes={"color": "red"})

        assert total(priced(Promotion("p", HALF, on=field("taste.color") == "red"), of=sale(line))) == "5.00"

    def test_fees_are_left_alone_unless_it_says_so(self) -> None:
        fee = sale(Line(1, "wrapping", 1, unit_price="2.00", kind="fee"))

        assert priced(Promotion("p", HALF), of=fee).why("p") == "not_matched"
        assert total(priced(Promotion("p", HALF, on=field("line.kind") == "fee"), of=fee)) == "1.00"

    def test_minimums_count_only_its_lines(self) -> None:
        coffee = field("line.category") == "coffee"

        assert priced(Promotion("p", HALF, on=coffee, minimum=eur("8.00"))).why("p") is None
        assert priced(Promotion("p", HALF, on=coffee, minimum=eur("8.01"))).why("p") == "below_minimum"
        assert priced(Promotion("p", HALF, on=coffee, minimum_quantity=3)).why("p") == "below_minimum"


class TestBenefits:
    def test_of_list_prices_each_percentage_is_of_the_same(self) -> None:
        promotions = [Promotion("a", HALF, priority=1), Promotion("b", PercentOff(20))]

        assert taken(priced(*promotions, base="list")) == {"a": "10.00", "b": "4.00"}

    def test_of_list_prices_nothing_goes_below_zero(self) -> None:
        promotions = [Promotion("a", PercentOff(80), priority=1), Promotion("b", HALF)]

        assert taken(priced(*promotions, base="list")) == {"a": "16.00", "b": "4.00"}

    def test_a_fixed_price_never_raises_one(self) -> None:
        assert priced(Promotion("p", PriceAt(eur("20.00")))).why("p") == "nothing"

    def test_a_limit_on_a_percentage_that_does_not_bind(self) -> None:
        assert total(priced(Promotion("p", PercentOff(10, at_most=eur(5))))) == "18.00"

    def test_units_that_are_rounded_one_by_one(self) -> None:
        line = sale(Line(1, "pen", 3, unit_price="0.99"))

        assert total(priced(Promotion("p", TENTH), of=line, round_at="unit")) == "2.67"
        assert total(priced(Promotion("p", TENTH), of=line)) == "2.67"
        assert total(priced(Promotion("p", PercentOff(5)), of=line, round_at="unit")) == "2.82"

    def test_a_coarser_step(self) -> None:
        assert total(priced(Promotion("p", PercentOff(7)), quantum=eur("0.05"))) == "18.60"

    def test_a_coarser_step_does_not_go_beyond_a_most(self) -> None:
        found = priced(Promotion("p", PercentOff(50, at_most=eur("0.08"))), quantum=eur("0.05"))

        assert found.discount == eur("0.05")

    def test_a_step_that_a_price_does_not_fit(self) -> None:
        lines = sale(Line(1, "a", 1, unit_price="0.03"), Line(2, "b", 1, unit_price="0.03"))
        found = priced(Promotion("p", AmountOff(eur("0.05"))), of=lines, quantum=eur("0.05"))

        assert [str(line.net.amount) for line in found.lines] == ["0.00", "0.01"]

    def test_the_last_gets_no_more_than_it_is_worth(self) -> None:
        lines = sale(*[Line(number, "a", 1, unit_price="0.01") for number in (1, 2, 3)])
        found = priced(Promotion("p", AmountOff(eur("0.02"))), of=lines, leftover=Leftover.LAST)

        assert [str(line.net.amount) for line in found.lines] == ["0.00", "0.01", "0.00"]

    def test_prices_of_less_than_a_minor_unit_stay_exact(self) -> None:
        line = sale(Line(1, "screw", 1000, unit_price="0.0125"))

        assert total(priced(Promotion("p", PriceAt(eur("0.011"))), of=line)) == "11.00"

    def test_a_discount_of_the_line_itself_comes_first(self) -> None:
        line = sale(Line(1, "mug", 1, unit_price="12.00", discounts=[Discount(amount="2.00", code="scratch")]))
        found = priced(Promotion("p", TENTH), of=line)

        assert (found.lines[0].stated, found.lines[0].net) == (eur("2.00"), eur("9.00"))
        assert "12.00 EUR less 2.00 EUR stated, 1.00 EUR p" in str(found)


class TestUnits:
    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            pytest.param("basket", ["4.00", "12.00"], id="basket"),
            pytest.param("cheapest", ["4.00", "12.00"], id="cheapest"),
            pytest.param("dearest", ["6.00", "6.00"], id="dearest"),
        ],
    )
    def test_two_of_three(self, order: str, expected: list[str]) -> None:
        found = priced(Promotion("p", HALF, units=Units(2, order=order)))

        assert [str(line.net.amount) for line in found.lines] == expected

    @pytest.mark.parametrize(
        ("order", "expected"),
        [pytest.param("dearest", "6.66", id="dear"), pytest.param("cheapest", "6.67", id="cheap")],
    )
    def test_units_of_a_line_that_does_not_divide(self, order: str, expected: str) -> None:
        line = sale(Line(1, "soap", 3, gross="10.00"))
        free = Promotion("p", PercentOff(100), units=Units(1, order=order))

        assert total(priced(free, of=line)) == expected

    def test_the_part_of_a_weighed_good_counts_as_a_unit(self) -> None:
        line = sale(Line(1, "apples", Decimal("2.5"), unit_price="2.00"))

        assert total(priced(Promotion("p", PercentOff(100), units=Units(1, order="cheapest")), of=line)) == "4.00"
        assert total(priced(Promotion("p", PercentOff(100), units=Units(1)), of=line)) == "3.00"
        assert total(priced(Promotion("p", PriceAt(eur("1.00"))), of=line)) == "2.50"

    def test_less_than_a_unit_is_one_part(self) -> None:
        line = sale(Line(1, "ham", Decimal("0.4"), unit_price="20.00"))

        assert total(priced(Promotion("p", HALF, units=Units(1)), of=line)) == "4.00"

    def test_a_whole_decimal_is_like_an_int(self) -> None:
        line = sale(Line(1, "ham", Decimal("2.0"), unit_price="20.00"))

        assert total(priced(Promotion("p", HALF, units=Units(1)), of=line)) == "30.00"

    def test_a_line_of_no_quantity_has_an_amount(self) -> None:
        line = sale(Line(1, "misc", 0, gross="5.00"))

        assert total(priced(Promotion("p", HALF), of=line)) == "2.50"

    def test_ten_thousand_units_are_one_run(self) -> None:
        line = sale(Line(1, "screw", 10_000, unit_price="0.10"))
        three = Promotion("p", PercentOff(100), sets=Sets(None, 2, None, 1))

        assert total(priced(three, of=line)) == "666.70"


class TestSets:
    def test_the_cheapest_of_three_is_free(self) -> None:
        lines = sale(*[Line(place, str(place), 1, unit_price=place) for place in range(1, 7)])
        found = priced(Promotion("p", PercentOff(100), sets=Sets(None, 2, None, 1)), of=lines)

        assert [line.number for line in found.lines if not line.net] == [1, 2]

    def test_the_dearest_of_what_the_sets_leave(self) -> None:
        lines = sale(*[Line(place, str(place), 1, unit_price=place) for place in range(1, 7)])
        sets = Sets(None, 2, None, 1, get_first="dearest")
        found = priced(Promotion("p", PercentOff(100), sets=sets), of=lines)

        assert [line.number for line in found.lines if not line.net] == [1, 4]

    def test_at_most_so_many_times(self) -> None:
        line = sale(Line(1, "soap", 9, unit_price="1.00"))
        sets = Sets(None, 2, None, 1, times=2)

        assert total(priced(Promotion("p", PercentOff(100), sets=sets), of=line)) == "7.00"

    def test_units_that_both_sides_want_are_left_to_the_one_that_needs_them(self) -> None:
        lines = sale(Line(1, "mug", 2, unit_price="10.00"), Line(2, "bread", 2, unit_price="3.00"))
        sets = Sets(None, 1, field("line.product") == "mug", 1)

        assert total(priced(Promotion("p", HALF, sets=sets), of=lines)) == "16.00"

    def test_gifts_leave_what_only_can_be_bought(self) -> None:
        lines = sale(Line(1, "mug", 2, unit_price="2.00"), Line(2, "bread", 2, unit_price="3.00"))
        sets = Sets(field("line.product") == "mug", 1, None, 1)

        assert total(priced(Promotion("p", HALF, sets=sets), of=lines)) == "7.00"

    def test_thousands_of_lines_are_no_more_work_for_each(self) -> None:
        lines = sale(*[Line(place, f"p{place}", 3, unit_price="1.00") for place in range(1, 4_001)])
        begun = process_time()
        found = priced(Promotion("p", PercentOff(100), sets=Sets(None, 2, None, 1)), of=lines)

        assert process_time() - begun < 4
        assert total(found) == "8000.00"

    def test_units_of_a_set_are_used_up_for_other_sets(self) -> None:
        line = sale(Line(1, "soap", 4, unit_price="1.00"))
        promotions = [Promotion(name, HALF, sets=Sets(None, 2, None, 1)) for name in ("a", "b")]
        found = priced(*promotions, of=line)

        assert (total(found), found.why("b")) == ("3.50", "no_whole_set")

    def test_what_is_bought_on_another_line_is_used_up_too(self) -> None:
        sets = Sets(field("line.product") == "latte", 1, field("line.product") == "mug", 1)
        found = priced(Promotion("a", HALF, sets=sets), Promotion("b", HALF, sets=Sets(None, 1, None, 1)))

        assert (taken(found), found.why("b")) == ({"a": "6.00"}, "no_whole_set")


class TestStacking:
    def test_high_priority_first_then_the_id(self) -> None:
        found = priced(Promotion("b", TENTH), Promotion("a", TENTH), Promotion("c", TENTH, priority=1))

        assert [each.promotion for each in found.applied] == ["c", "a", "b"]

    def test_one_that_stops_ends_its_group(self) -> None:
        found = priced(
            Promotion("a", TENTH, stacking=Stack.STOP), Promotion("b", TENTH), Promotion("c", TENTH, group="other")
        )

        assert (found.refused, list(taken(found))) == ((("b", "shut_out_by:a"),), ["a", "c"])

    def test_one_that_does_not_fire_stops_nothing(self) -> None:
        never = Promotion("a", TENTH, field("basket.total") < 1, stacking=Stack.STOP)

        assert list(taken(priced(never, Promotion("b", TENTH)))) == ["b"]

    def test_one_that_stands_alone_shuts_out_all_others(self) -> None:
        found = priced(Promotion("a", HALF), Promotion("z", TENTH, stacking=Stack.ALONE))

        assert (taken(found), found.refused) == ({"z": "2.00"}, (("a", "shut_out_by:z"),))

    def test_one_that_stands_alone_and_does_not_fire_is_out(self) -> None:
        never = Promotion("z", TENTH, field("basket.total") < 1, stacking=Stack.ALONE)
        found = priced(Promotion("a", HALF), never)

        assert (taken(found), found.refused) == ({"a": "10.00"}, (("z", "not_matched"),))

    def test_the_first_that_fires(self) -> None:
        never = Promotion("a", TENTH, field("basket.total") < 1)
        found = priced(never, Promotion("b", TENTH), Promotion("c", HALF), groups={"base": Choose.FIRST})

        assert found.refused == (("a", "not_matched"), ("c", "shut_out_by:b"))

    def test_the_best_keeps_the_reasons_of_those_that_do_not_fire(self) -> None:
        never = Promotion("a", TENTH, field("basket.total") < 1)
        found = priced(never, Promotion("b", TENTH), Promotion("c", HALF), groups={"base": Choose.BEST})

        assert (list(taken(found)), found.refused) == (["c"], (("a", "not_matched"), ("b", "better_applied")))

    def test_nobody_is_the_best_when_nobody_fires(self) -> None:
        never = Promotion("a", TENTH, field("basket.total") < 1)

        assert priced(never, groups={"base": Choose.BEST}).refused == (("a", "not_matched"),)

    def test_the_best_of_each_line(self) -> None:
        found = priced(
            Promotion("a", AmountOff(eur("3.00"), each="line")),
            Promotion("b", PercentOff(30)),
            Promotion("c", PercentOff(5)),
            groups={"base": Choose.BEST_PER_LINE},
        )

        assert (taken(found), found.refused) == ({"a": "3.00", "b": "3.60"}, (("c", "better_applied"),))

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"gives": HALF, "sets": Sets(None, 1, None, 1)}, "price.promotions[0].sets", id="sets"),
            pytest.param({"gives": Gift("mug")}, "price.promotions[0].gives", id="gift"),
        ],
    )
    def test_what_cannot_be_split_by_line_is_refused(self, more: Any, path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            priced(Promotion("p", **more), groups={"base": Choose.BEST_PER_LINE})

        assert caught.value.path == path

    def test_vouchers_are_chosen_among_themselves(self) -> None:
        vouchers = [Promotion("v", TENTH), Promotion("w", HALF)]
        found = price(sale(), [Promotion("p", HALF)], vouchers=vouchers, at=AT, groups={"base": Choose.BEST})

        assert taken(found) == {"p": "10.00", "w": "5.00"}


class TestGifts:
    def test_they_are_lines_of_their_own(self) -> None:
        found = priced(Promotion("p", Gift("latte", per=2), on=field("line.product") == "latte"))
        line = found.to_purchase().lines[2]

        assert (line.number, line.product, line.quantity, line.kind, line.category) == (3, "latte", 1, "gift", "coffee")
        assert "1 latte: free (p)" in str(found)

    def test_of_a_product_that_is_not_in_the_basket(self) -> None:
        line = priced(Promotion("p", Gift("pen", quantity=2, per=3))).to_purchase().lines[2]

        assert (line.product, line.quantity, line.category) == ("pen", 2, None)

    def test_a_gift_that_was_given_is_left_alone_unless_it_is_asked_for(self) -> None:
        given = priced(Promotion("p", Gift("latte"), units=Units(1))).to_purchase()
        cheapest = Promotion("q", PercentOff(100), units=Units(1, order="cheapest"))

        assert taken(priced(cheapest, of=given)) == {"q": "4.00"}
        assert priced(Promotion("r", HALF, on=field("line.kind") == "gift"), of=given).why("r") == "nothing"

    @pytest.mark.parametrize(
        ("cap", "expected"),
        [
            pytest.param(Cap(units=2), 2, id="cut"),
            pytest.param(Cap(units=2, then="reject"), 0, id="reject"),
            pytest.param(Cap(units=3), 3, id="fits"),
            pytest.param(Cap(times=1), 3, id="once"),
            pytest.param(Cap(times=0), 0, id="never"),
        ],
    )
    def test_limits(self, cap: Cap, expected: int) -> None:
        found = priced(Promotion("p", Gift("pen"), caps=[cap]))

        assert sum(gift.quantity for gift in found.gifts) == expected
        assert found.why("p") == (None if expected else "capped")

    def test_too_few_units(self) -> None:
        assert priced(Promotion("p", Gift("pen", per=4))).why("p") == "below_minimum"


class TestCaps:
    @pytest.mark.parametrize(
        ("cap", "expected"),
        [
            pytest.param(Cap(units=2), "4.00", id="units"),
            pytest.param(Cap(units=2, then="reject"), None, id="units-reject"),
            pytest.param(Cap(units=3), "10.00", id="units-fit"),
            pytest.param(Cap(amount=5), "5.00", id="amount"),
            pytest.param(Cap(amount=5, then="reject"), None, id="amount-reject"),
            pytest.param(Cap(amount=10), "10.00", id="amount-fits"),
            pytest.param(Cap(times=1), "10.00", id="times"),
            pytest.param(Cap(times=0), None, id="times-none-left"),
            pytest.param(Cap(units=1, by="line.product"), "8.00", id="units-by"),
            pytest.param(Cap(amount=5, by="line.product"), "9.00", id="amount-by"),
        ],
    )
    def test_of_one_basket(self, cap: Cap, expected: str | None) -> None:
        found = priced(Promotion("p", HALF, caps=[cap]))

        assert taken(found).get("p") == expected
        assert found.why("p") == (None if expected else "capped")

    def test_it_says_that_less_was_given(self) -> None:
        assert [each.cut for each in priced(Promotion("p", HALF, caps=[Cap(amount=5)])).applied] == [True]
        assert [each.cut for each in priced(Promotion("p", HALF, caps=[Cap(amount=50)])).applied] == [False]

    def test_what_was_used_before_counts_in_its_window(self) -> None:
        promotion = Promotion("p", HALF, caps=[Cap(units=4, per="month")])
        first = priced(promotion, at=AT - timedelta(hours=1))
        second = priced(promotion, uses=first.uses)
        third = priced(promotion, uses=[*first.uses, *second.uses])
        april = priced(promotion, at=AT - timedelta(days=1))

        assert [use.units for use in second.uses] == [1]
        assert [use.units for use in priced(promotion, uses=april.uses).uses] == [3]
        assert third.why("p") == "capped"

    def test_e10_units_of_one_customer(self) -> None:
        """Case E10: at most 5 units ever; 3, then 3. Source: Voucherify, limits."""
        three = sale(Line(1, "soap", 3, unit_price="1.00"))
        promotion = Promotion("p", HALF, caps=[Cap(units=5, per="ever")])
        first = priced(promotion, of=three)
        second = priced(promotion, of=three, uses=first.uses)

        assert [first.applied[0].units, second.applied[0].units] == [3, 2]

    def test_e10_units_of_everyone(self) -> None:
        """Case E10: ten units for everyone; buyers of 5, 4, 3. Source: Voucherify, limits."""
        promotion = Promotion("p", HALF, caps=[Cap(units=10, who="everyone", budget="ten")])
        budget, _ = Budget.open("ten", 10, unit="units", at=AT)
        found = []
        for count in (5, 4, 3):
            basket = sale(Line(1, "soap", count, unit_price="1.00"))
            answer = priced(promotion, of=basket, budgets={"ten": budget})
            found.append(answer.applied[0].units)
            budget, _ = budget.draw(dict(answer.draws)["ten"], f"order-{count}", at=AT)

        assert found == [5, 4, 1]

    def test_an_amount_of_everyone_in_a_window(self) -> None:
        promotion = Promotion("p", HALF, caps=[Cap(amount=12, per="day", who="everyone", budget="b")])
        budget, _ = Budget.open("b", eur(100), at=AT)
        budget, _ = budget.draw(eur(8), "yesterday", at=AT - timedelta(days=1))
        budget, _ = budget.draw(eur(5), "today", at=AT)
        found = priced(promotion, budgets={"b": budget})

        assert (taken(found), found.draws) == ({"p": "7.00"}, (("b", eur("7.00")),))

    def test_a_window_of_all_time(self) -> None:
        promotion = Promotion("p", HALF, caps=[Cap(times=2, per="ever", who="everyone", budget="b")])
        budget, _ = Budget.open("b", 5, unit="times", at=AT)
        budget, _ = budget.draw(2, "before", at=AT)

        assert priced(promotion, budgets={"b": budget}).why("p") == "capped"

    def test_parts_are_drawn_exactly(self) -> None:
        half = sale(Line(1, "ham", Decimal("0.5"), unit_price="20.00"))
        budget, _ = Budget.open("b", 5, unit="units", at=AT)
        found = priced(
            Promotion("p", HALF, caps=[Cap(units=9, who="everyone", budget="b")]), of=half, budgets={"b": budget}
        )

        assert found.draws == (("b", Fraction(1, 2)),)

    def test_two_promotions_share_a_budget(self) -> None:
        caps = [Cap(amount=100, who="everyone", budget="b")]
        budget, _ = Budget.open("b", eur(11), at=AT)
        found = priced(*[Promotion(name, HALF, caps=caps) for name in ("x", "y")], budgets={"b": budget})

        assert (taken(found), found.draws) == ({"x": "10.00", "y": "1.00"}, (("b", eur("11.00")),))

    def test_a_group_has_limits_of_its_own(self) -> None:
        group = Group(caps=[Cap(amount=11, per=Days(30))])
        found = priced(Promotion("x", HALF), Promotion("y", HALF), groups={"base": group})

        assert taken(found) == {"x": "10.00", "y": "1.00"}

    def test_members_are_counted_apart(self) -> None:
        promotion = Promotion("p", HALF, caps=[Cap(times=1, per="ever", who="member")])
        uses = priced(promotion, member="ann").uses

        assert priced(promotion, member="ann", uses=uses).why("p") == "capped"
        assert priced(promotion, member="bob", uses=uses).why("p") is None

    @pytest.mark.parametrize("cap", [Cap(units=1, by="line.product"), Cap(amount=1, by="line.product")])
    def test_thousands_of_values_are_no_more_work_for_each(self, cap: Cap) -> None:
        lines = sale(*[Line(place, f"p{place}", 3, unit_price="2.00") for place in range(1, 3_001)])
        begun = process_time()
        found = priced(Promotion("p", HALF, caps=[cap]), of=lines)

        assert process_time() - begun < 4
        assert str(found.discount) == "3000.00 EUR"

    def test_a_limit_by_a_fact_that_no_line_has(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            Promotion("p", TENTH, caps=[Cap(units=1, by="line.color")])

        assert caught.value.path == "Promotion.caps[0].by"

    def test_values_are_counted_apart_over_baskets(self) -> None:
        promotion = Promotion("p", HALF, caps=[Cap(units=2, per="ever", by="line.product")])
        uses = priced(promotion, of=sale(Line(1, "latte", 2, unit_price="4.00"))).uses

        assert taken(priced(promotion, uses=uses)) == {"p": "6.00"}
        assert taken(priced(promotion, uses=uses, of=sale(Line(1, "tea", 1, unit_price="2.00")))) == {"p": "1.00"}
        assert [(use.by, use.value, use.units) for use in uses] == [(None, None, 2), ("line.product", "latte", 2)]

    @pytest.mark.parametrize(
        ("limit", "unit", "expected"),
        [
            pytest.param(None, None, "price.budgets", id="missing"),
            pytest.param(5, "times", "price.budgets[b].unit", id="other-unit"),
        ],
    )
    def test_a_budget_that_does_not_fit(self, limit: Any, unit: Any, expected: str) -> None:
        budgets = {} if limit is None else {"b": Budget.open("b", limit, unit=unit, at=AT).state}
        with pytest.raises(InvalidValue) as caught:
            priced(Promotion("p", HALF, caps=[Cap(amount=5, who="everyone", budget="b")]), budgets=budgets)

        assert caught.value.path == expected

    def test_a_budget_in_another_currency(self) -> None:
        budgets = {"b": Budget.open("b", Money(5, "USD"), at=AT).state}
        with pytest.raises(CurrencyMismatch):
            priced(Promotion("p", HALF, caps=[Cap(amount=5, who="everyone", budget="b")]), budgets=budgets)


class TestPaying:
    def test_points_come_first_and_nothing_goes_beyond_the_due(self) -> None:
        found = priced(tenders=[Payment("gift_card", "15.00"), Payment("points", "8.00")])

        assert found.tenders == (Payment("points", "8.00"), Payment("gift_card", "12.00"))
        assert found.due == eur("0.00")

    def test_nothing_is_taken_when_nothing_is_due(self) -> None:
        assert priced(tenders=[Payment("points", "20.00"), Payment("gift_card", "5.00")]).tenders == (
            Payment("points", "20.00"),
        )

    def test_charges_and_tax_on_top_are_due_as_well(self) -> None:
        line = Line(1, "mug", 1, unit_price="10.00", tax_rate="0.20")
        charged = priced(Promotion("p", HALF), of=sale(line, charges=[Charge("freight", "4.90")]))
        inclusive = priced(Promotion("p", HALF), of=sale(line, tax_mode="inclusive"))

        assert (charged.total, charged.due) == (eur("5.00"), eur("10.90"))
        assert (inclusive.total, inclusive.due) == (eur("5.00"), eur("5.00"))

    def test_what_the_basket_says_is_paid_is_not_due(self) -> None:
        assert priced(of=sale(payments=[Payment("cash", "5.00")])).due == eur("15.00")

    def test_a_payment_is_no_discount(self) -> None:
        found = priced(Promotion("p", TENTH)).pay(Payment("points", "3.00"))
        bought = found.to_purchase(id="p9", at=AT + timedelta(hours=1))

        assert (bought.id, bought.net, sum(each.paid.amount for each in bought.line_amounts)) == (
            "p9",
            eur("18.00"),
            Decimal("15.00"),
        )

    def test_anything_else_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"tenders\[0\]"):
            priced(tenders=["5.00"])


class TestAnswers:
    def test_it_reads_like_a_receipt(self) -> None:
        found = priced(Promotion("p", TENTH), Promotion("q", HALF, minimum=eur(50)), tenders=[Payment("points", 8)])

        assert str(found).splitlines() == [
            "2 latte: 7.20 EUR (8.00 EUR less 0.80 EUR p)",
            "1 mug: 10.80 EUR (12.00 EUR less 1.20 EUR p)",
            "total: 18.00 EUR",
            "points: -8.00 EUR",
            "due: 10.00 EUR",
            "not q: below_minimum",
        ]

    def test_it_is_a_table_in_a_notebook(self) -> None:
        line = Line(1, "<b>", 1, unit_price="5.00")
        html = priced(
            Promotion("p", TENTH), Promotion("g", Gift("pen")), Promotion("q", HALF, minimum=eur(50)),
            of=sale(line), tenders=[Payment("points", 1)],
        )._repr_html_()  # fmt: skip

        assert "&lt;b&gt;" in html
        assert "<b>" not in html
        assert "not q: below_minimum" in html
        assert "free (g)" in html

    def test_what_was_applied_says_so(self) -> None:
        assert str(priced(Promotion("p", HALF)).applied[0]) == "p: 10.00 EUR off 3"
        assert str(priced(Promotion("p", HALF, caps=[Cap(amount=5)])).applied[0]) == "p: 5.00 EUR off 3, cut by a limit"

    def test_a_promotion_that_was_not_there(self) -> None:
        with pytest.raises(NotFound):
            priced(Promotion("p", TENTH)).why("q")

    def test_listed_less_discount_is_the_total(self) -> None:
        found = priced(Promotion("p", TENTH))

        assert (found.listed, found.discount, found.total) == (eur("20.00"), eur("2.00"), eur("18.00"))

    def test_the_discounts_of_the_sale_name_their_promotion(self) -> None:
        bought = priced(Promotion("p", HALF, on=field("line.product") == "mug")).to_purchase()

        assert [line.discounts for line in bought.lines] == [(), (Discount(amount="6.00", code="p"),)]


class TestCopies:
    @pytest.mark.parametrize(
        "stated",
        [
            pytest.param((), id="none"),
            pytest.param((Discount(percent=7, code="x"),), id="one"),
            pytest.param((Discount(percent=7), Discount(amount="0.004")), id="two"),
        ],
    )
    @pytest.mark.parametrize("mode", ["none", "inclusive", "exclusive"])
    def test_a_sale_that_is_rounded_in_total_costs_what_was_priced(self, stated: Any, mode: str) -> None:
        lines = [
            Line(1, "screw", 3, unit_price="2.1049", tax_rate="0.19", discounts=stated),
            Line(2, "nail", 7, unit_price="0.3349"),
            Line(3, "saw", 1, unit_price="9.00", tax_rate="0.07"),
        ]
        found = priced(
            Promotion("p", PercentOff(100), units=Units(9)), of=sale(*lines, rounding="total", tax_mode=mode)
        )
        sold = found.to_purchase()

        figures = zip(sold.figures.gross, sold.figures.discount, strict=True)
        assert [gross - off for gross, off in figures] == [line.net.minor for line in found.lines]
        assert sold.total == found.payable
        assert [line.unit_price is None for line in sold.lines] == [True, True, False]

    def test_a_promotion_that_was_priced_travels(self) -> None:
        promotion = Promotion("p", TENTH, field("basket.total") > 1, minimum=eur(5), caps=[Cap(times=1)])
        found = priced(promotion)

        assert pickle.loads(pickle.dumps(promotion)) == promotion  # noqa: S301 - our own
        assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own
        assert copy.deepcopy(promotion) == promotion


class TestBadInput:
    @pytest.mark.parametrize(
        ("arguments", "path"),
        [
            pytest.param({"judge": "later"}, "price.judge", id="judge"),
            pytest.param({"base": "net"}, "price.base", id="base"),
            pytest.param({"round_at": "basket"}, "price.round_at", id="round-at"),
            pytest.param({"leftover": "first"}, "price.leftover", id="leftover"),
            pytest.param({"quantum": eur(0)}, "price.quantum", id="quantum-zero"),
            pytest.param({"quantum": eur("0.001")}, "price.quantum", id="quantum-below-a-minor-unit"),
            pytest.param({"quantum": 5}, "price.quantum", id="quantum-no-money"),
            pytest.param({"groups": [1]}, "price.groups", id="groups"),
            pytest.param({"groups": []}, "price.groups", id="groups-none"),
            pytest.param({"member": 7}, "price.member", id="member"),
            pytest.param({"groups": {"base": "best"}}, "price.groups[base]", id="group"),
            pytest.param(
                {"groups": {"base": Group(caps=[Cap(points=1)])}}, "price.groups[base].caps[0]", id="group-points"
            ),
            pytest.param({"at": datetime(2026, 5, 1)}, "price.at", id="naive"),  # noqa: DTZ001 - that is the case
            pytest.param({"vouchers": "abc"}, "price.vouchers", id="vouchers"),
            pytest.param({"vouchers": ["abc"]}, "price.vouchers[0]", id="voucher"),
            pytest.param({"vouchers": [Promotion("p", TENTH)]}, "price.vouchers[0].id", id="an-id-twice"),
            pytest.param({"of": sale(discounts=[Discount(percent=5)])}, "price.basket.discounts", id="order-discount"),
            pytest.param({"of": TWO}, "price.basket", id="no-purchase"),
            pytest.param({"facts": [1]}, "price.facts", id="facts"),
            pytest.param({"budgets": [1]}, "price.budgets", id="budgets"),
            pytest.param({"uses": ["p"]}, "price.uses[0]", id="uses"),
            pytest.param({"tz": "UTC"}, "price.tz", id="tz"),
        ],
    )
    def test_it_is_refused_by_name(self, arguments: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            priced(Promotion("p", TENTH), **arguments)

        assert caught.value.path == path

    def test_another_currency(self) -> None:
        with pytest.raises(CurrencyMismatch):
            priced(Promotion("p", AmountOff(Money(5, "USD"))))
        with pytest.raises(CurrencyMismatch):
            priced(Promotion("p", TENTH), quantum=Money("0.05", "USD"))

    def test_a_use_is_checked(self) -> None:
        with pytest.raises(InvalidValue, match=r"PromotionUse\.units"):
            PromotionUse(promotion="p", group="base", at=AT, units=-1, amount=eur(1))
