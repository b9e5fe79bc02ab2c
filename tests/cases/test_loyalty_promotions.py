"""Promotions on a basket: cases P1 to P19 and R4, as the engines that they come from work them out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from relex.loyalty import (
    Account,
    AmountOff,
    Choose,
    EarningRule,
    Gift,
    PerAmount,
    PercentOff,
    PriceAt,
    PricedBasket,
    Program,
    Promotion,
    Sets,
    Units,
    price,
)
from relex.money import Leftover, Money
from relex.purchases import Line, Payment, Purchase
from relex.rules import field

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
BEST = {"base": Choose.BEST}


def usd(amount: str) -> Money:
    return Money(amount, "USD")


def basket(*lines: tuple[str, int, str]) -> Purchase:
    """Lines of (product, quantity, amount of all units together)."""
    made = [Line(place + 1, product, quantity, gross=gross) for place, (product, quantity, gross) in enumerate(lines)]
    return Purchase("b1", at=AT, currency="USD", lines=made)


def priced(lines: list[tuple[str, int, str]], *promotions: Promotion, **policies: Any) -> PricedBasket:
    return price(basket(*lines), promotions, at=AT, **policies)


def off(found: PricedBasket, promotion: str = "p") -> list[str]:
    """What a promotion takes off each line."""
    rows = [{each.promotion: each.amount for each in line.discounts} for line in found.lines]
    return [str(row.get(promotion, usd("0.00")).amount) for row in rows]


def nets(found: PricedBasket) -> list[str]:
    return [str(line.net.amount) for line in found.lines]


def total(found: PricedBasket) -> str:
    return str(found.total.amount)


AB = [("A", 2, "8.00"), ("B", 1, "10.00")]


@pytest.mark.parametrize(
    ("gives", "offs", "expected"),
    [
        pytest.param(AmountOff(usd("3.00")), ["1.33", "1.67"], "15.00", id="P1-once"),
        pytest.param(AmountOff(usd("3.00"), each="line"), ["3.00", "3.00"], "12.00", id="P1-line"),
        pytest.param(AmountOff(usd("3.00"), each="unit"), ["6.00", "3.00"], "9.00", id="P1-unit"),
        pytest.param(PercentOff(10), ["0.80", "1.00"], "16.20", id="P2-percent"),
        pytest.param(PriceAt(usd("3.00")), ["2.00", "7.00"], "9.00", id="P2-price"),
    ],
)
def test_the_benefits_on_two_lines(gives: Any, offs: list[str], expected: str) -> None:
    """Cases P1 and P2, derived: A 2 x 4.00, B 1 x 10.00."""
    found = priced(AB, Promotion("p", gives))

    assert (offs, expected) == (off(found), total(found))


@pytest.mark.parametrize(
    ("gives", "expected"),
    [
        pytest.param(AmountOff(usd("200"), each="unit"), ["100.00", "150.00"], id="P3-amount"),
        pytest.param(PercentOff(10), ["10.00", "15.00"], id="P3-percent"),
    ],
)
def test_one_unit_of_each_line(gives: Any, expected: list[str]) -> None:
    """Case P3: lines 1 at 100, 5 for 750. Source: medusajs/medusa, compute-actions.spec.ts."""
    found = priced([("A", 1, "100"), ("B", 5, "750")], Promotion("p", gives, units=Units(1, per="line")))

    assert expected == off(found)


@pytest.mark.parametrize(
    ("lines", "amount", "expected"),
    [
        pytest.param([("A", 2, "200"), ("B", 2, "600")], "400", ["100.00", "300.00"], id="P4-400"),
        pytest.param([("A", 1, "100"), ("B", 2, "300")], "200", ["50.00", "150.00"], id="P4-200"),
    ],
)
def test_an_amount_once_over_two_lines(lines: Any, amount: str, expected: list[str]) -> None:
    """Case P4. Source: medusajs/medusa, compute-actions.spec.ts."""
    assert expected == off(priced(lines, Promotion("p", AmountOff(usd(amount)))))


def test_a_second_promotion_takes_the_unit_that_is_not_yet_reduced() -> None:
    """Case P5: 30 % on 2 units of a line, then 10 % on 1. Source: after medusajs/medusa, whose own 2 is a defect."""
    found = priced(
        [("A", 3, "150"), ("B", 1, "150")],
        Promotion("first", PercentOff(30), units=Units(2, per="line"), priority=1),
        Promotion("then", PercentOff(10), units=Units(1, per="line")),
    )

    assert off(found, "first") == ["30.00", "45.00"]
    assert off(found, "then") == ["5.00", "10.50"]


@pytest.mark.parametrize(
    ("buy", "get", "expected"),
    [
        pytest.param(1, 1, ["0.00", "1000.00", "0.00"], id="P6-one"),
        pytest.param(1, 4, ["1000.00", "2000.00", "0.00"], id="P6-four"),
    ],
)
def test_sets_of_sweaters_and_shirts(buy: int, get: int, expected: list[str]) -> None:
    """Case P6: 1000 off each unit given. Source: medusajs/medusa, compute-actions.spec.ts."""
    assert expected == off(priced(CLOTHES, shirts(buy, get)))


CLOTHES = [("tshirt", 2, "1000"), ("tshirt2", 2, "2000"), ("sweater", 2, "2000")]


def shirts(buy: int, get: int) -> Promotion:
    sets = Sets(
        field("line.product") == "sweater",
        buy,
        field("line.product").is_in("tshirt", "tshirt2"),
        get,
        times=1,
        get_first="dearest",
    )
    return Promotion("p", AmountOff(usd("1000"), each="unit"), sets=sets)


def test_a_set_that_is_not_whole_is_refused() -> None:
    """Case P6: four sweaters are bought of two. Source: medusajs/medusa, compute-actions.spec.ts."""
    assert priced(CLOTHES, shirts(4, 1)).why("p") == "no_whole_set"


@pytest.mark.parametrize(
    ("count", "gross", "expected", "refused"),
    [
        pytest.param(2, "1000", "900.00", (("half", "not_matched"),), id="P7-two"),
        pytest.param(3, "1500", "750.00", (("tenth", "not_matched"),), id="P7-three"),
    ],
)
def test_conditions_look_at_the_running_basket(count: int, gross: str, expected: str, refused: Any) -> None:
    """Case P7: 50 % from 3 items, then 10 % from 1 000. Source: vendure, order-calculator.spec.ts."""
    found = priced(
        [("A", count, gross)],
        Promotion("half", PercentOff(50), when=field("basket.quantity") >= 3, priority=1),
        Promotion("tenth", PercentOff(10), when=field("basket.total") >= 1000),
    )

    assert (expected, refused) == (total(found), found.refused)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([("A", 1, "20"), ("B", 1, "30"), ("C", 1, "100")], ["2.00", "3.00", "10.00"], id="P9-uneven"),
        pytest.param([("A", 1, "50"), ("B", 1, "50"), ("C", 1, "50")], ["5.00", "5.00", "5.00"], id="P9-even"),
        pytest.param([("A", 3, "150"), ("B", 1, "50"), ("C", 2, "100")], ["7.50", "2.50", "5.00"], id="P9-units"),
    ],
)
def test_fifteen_off_once(lines: Any, expected: list[str]) -> None:
    """Case P9. Source: solidusio/solidus, promotion specs."""
    assert expected == off(priced(lines, Promotion("p", AmountOff(usd("15.00")))))


def test_a_percentage_of_a_line_is_rounded_once() -> None:
    """Case P9: 15 % on 10 x 9.99. Source: solidusio/solidus, promotion specs."""
    assert off(priced([("A", 10, "99.90")], Promotion("p", PercentOff(15)))) == ["14.99"]


@pytest.mark.parametrize(
    ("leftover", "expected"),
    [
        pytest.param(Leftover.LARGEST, ["9.23", "17.69", "23.08"], id="P9-largest"),
        pytest.param(Leftover.FIRST, ["9.24", "17.69", "23.07"], id="P9-first"),
    ],
)
def test_a_percentage_with_a_most(leftover: Leftover, expected: list[str]) -> None:
    """Case P9: 15 %, at most 50, on 120, 230, 300. Source: solidusio/solidus, promotion specs."""
    promotion = Promotion("p", PercentOff(15, at_most=usd("50")))
    found = priced([("A", 1, "120"), ("B", 1, "230"), ("C", 1, "300")], promotion, leftover=leftover)

    assert expected == off(found)


@pytest.mark.parametrize(
    ("count", "winner", "expected"),
    [
        pytest.param(1, "10", ["1.00"], id="P9-one"),
        pytest.param(2, "15", ["1.50", "1.50"], id="P9-two"),
        pytest.param(3, "20", ["2.00", "2.00", "2.00"], id="P9-three"),
    ],
)
def test_steps_are_a_group_that_chooses_the_best(count: int, winner: str, expected: list[str]) -> None:
    """Case P9: 10 %, 15 % from 20, 20 % from 30 on lines of 10. Source: solidusio/solidus, promotion specs."""
    steps = [
        Promotion("10", PercentOff(10)),
        Promotion("15", PercentOff(15), minimum=usd("20")),
        Promotion("20", PercentOff(20), minimum=usd("30")),
    ]
    found = priced([(f"A{place}", 1, "10") for place in range(count)], *steps, groups=BEST)

    assert expected == off(found, winner)


@pytest.mark.parametrize(
    ("leftover", "expected"),
    [
        pytest.param(Leftover.LARGEST, ["1.34", "1.33", "1.33"], id="P10-largest"),
        pytest.param(Leftover.FIRST, ["1.34", "1.33", "1.33"], id="P10-first"),
        pytest.param(Leftover.LAST, ["1.33", "1.33", "1.34"], id="P10-last"),
    ],
)
def test_four_off_three_equal_lines(leftover: Leftover, expected: list[str]) -> None:
    """Case P10. Source: django-oscar, absolute benefit tests."""
    lines = [("A", 1, "2.00"), ("B", 1, "2.00"), ("C", 1, "2.00")]

    assert expected == off(priced(lines, Promotion("p", AmountOff(usd("4.00"))), leftover=leftover))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([("A", 2, "24.00")], ["21.00"], id="P10-each-unit-10.50"),
        pytest.param([("A", 1, "1.00"), ("B", 1, "1.50")], ["0.00", "0.00"], id="P10-no-more-than-there-is"),
    ],
)
def test_three_off_once(lines: Any, expected: list[str]) -> None:
    """Case P10. Source: django-oscar, absolute benefit tests."""
    assert expected == nets(priced(lines, Promotion("p", AmountOff(usd("3.00")))))


@pytest.mark.parametrize(
    ("round_at", "expected", "taken"),
    [
        pytest.param("line", ["0.11", "0.21", "0.31", "0.41"], "1.04", id="P12-line"),
        pytest.param("total", ["0.11", "0.21", "0.30", "0.40"], "1.02", id="P12-total"),
    ],
)
def test_where_a_percentage_is_rounded(round_at: str, expected: list[str], taken: str) -> None:
    """Case P12: 10 % on 1.06, 2.06, 3.06, 4.06. Source: saleor, test_rounding_issue.py."""
    lines = [("A", 1, "1.06"), ("B", 1, "2.06"), ("C", 1, "3.06"), ("D", 1, "4.06")]
    found = priced(lines, Promotion("p", PercentOff(10)), round_at=round_at)

    assert (expected, taken) == (off(found), str(found.discount.amount))


@pytest.mark.parametrize(
    ("count", "gross", "first", "then", "expected"),
    [
        pytest.param(1, "19.99", "2.60", "2.26", "15.13", id="P13-one"),
        pytest.param(2, "39.98", "5.20", "4.52", "30.26", id="P13-two-at-15.13"),
    ],
)
def test_a_voucher_works_on_what_a_promotion_left(count: int, gross: str, first: str, then: str, expected: str) -> None:
    """Case P13: 13 % rounded at the unit, then a voucher of 13 %. Source: saleor, end-to-end tests."""
    found = price(
        basket(("A", count, gross)),
        [Promotion("sale", PercentOff(13))],
        vouchers=[Promotion("code", PercentOff(13), priority=9)],
        round_at="unit",
        at=AT,
    )

    assert ([first], [then], expected) == (off(found, "sale"), off(found, "code"), total(found))


@pytest.mark.parametrize(
    ("count", "gross", "expected"),
    [pytest.param(1, "30.00", "15.00", id="P14-one"), pytest.param(2, "60.00", "35.00", id="P14-two-at-17.50")],
)
def test_off_each_unit_then_once(count: int, gross: str, expected: str) -> None:
    """Case P14: 10.00 off each unit, then 5.00 once. Source: saleor, end-to-end tests."""
    found = priced(
        [("A", count, gross)],
        Promotion("each", AmountOff(usd("10.00"), each="unit"), priority=1),
        Promotion("once", AmountOff(usd("5.00"))),
    )

    assert expected == total(found)


@pytest.mark.parametrize(
    ("gives", "best", "expected"),
    [
        pytest.param((AmountOff(usd("5.50")), PercentOff(20)), 1, "6.00", id="P15-percent"),
        pytest.param((PercentOff(11), PercentOff(13)), 1, "3.90", id="P15-larger"),
    ],
)
def test_the_best_of_two(gives: tuple[Any, Any], best: int, expected: str) -> None:
    """Case P15: on 30.00. Source: saleor, end-to-end tests."""
    promotions = [Promotion(str(place), each) for place, each in enumerate(gives)]
    found = priced([("A", 1, "30.00")], *promotions, groups=BEST)

    assert [expected] == off(found, str(best))
    assert found.why(str(1 - best)) == "better_applied"


@pytest.mark.parametrize(
    ("gives", "lines", "expected"),
    [
        pytest.param(PercentOff(15), ("19.99", "109.99"), ["16.99", "109.99"], id="P15-percent-3.00"),
        pytest.param(AmountOff(usd("4.44")), ("13.33", "16.66"), ["8.89", "16.66"], id="P15-off-the-13.33"),
        pytest.param(AmountOff(usd("10.00")), ("30.00", "55.00"), ["20.00", "55.00"], id="P15-75.00-in-all"),
    ],
)
def test_the_cheapest_unit(gives: Any, lines: tuple[str, str], expected: list[str]) -> None:
    """Case P15. Source: saleor, end-to-end tests."""
    cheapest = Promotion("p", gives, units=Units(1, order="cheapest"))

    assert expected == nets(priced([("A", 1, lines[0]), ("B", 1, lines[1])], cheapest))


def test_a_price_does_not_go_below_zero() -> None:
    """Case P15: 10.00 off a 5.00 article. Source: saleor, end-to-end tests."""
    assert total(priced([("A", 1, "5.00")], Promotion("p", AmountOff(usd("10.00"))))) == "0.00"


@pytest.mark.parametrize(
    ("count", "gross", "expected"),
    [pytest.param(14, "1652.00", "1486.80", id="P16-14"), pytest.param(20, "2360.00", "1888.00", id="P16-20")],
)
def test_steps_by_amount(count: int, gross: str, expected: str) -> None:
    """Case P16: 10/15/20/25 % from 1500/1750/2000/2500 on n x 118.00. Source: odoo, test_program_numbers.py."""
    steps = zip((10, 15, 20, 25), ("1500", "1750", "2000", "2500"), strict=True)
    promotions = [Promotion(str(percent), PercentOff(percent), minimum=usd(least)) for percent, least in steps]

    assert expected == total(priced([("A", count, gross)], *promotions, groups=BEST))


@pytest.mark.parametrize(
    ("products", "expected"),
    [
        pytest.param(("chair", "drawer"), "87.00", id="P16-both"),
        pytest.param(("chair",), "99.50", id="P16-chairs"),
    ],
)
def test_a_quarter_off_some_products(products: tuple[str, ...], expected: str) -> None:
    """Case P16: chairs 4 x 16.50, drawers 2 x 25. Source: odoo, test_program_numbers.py."""
    lines = [("chair", 4, "66.00"), ("drawer", 2, "50.00")]

    assert expected == total(priced(lines, Promotion("p", PercentOff(25), on=field("line.product").is_in(*products))))


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(1, [], id="P16-none"),
        pytest.param(3, ["5 %"], id="P16-5"),
        pytest.param(5, ["10 %"], id="P16-10"),
    ],
)
def test_steps_by_quantity(count: int, expected: list[str]) -> None:
    """Case P16: BEST of 5 % from 2 units and 10 % from 4. Source: odoo, test_program_numbers.py."""
    found = priced(
        [("A", count, str(100 * count))],
        Promotion("5 %", PercentOff(5), minimum_quantity=2),
        Promotion("10 %", PercentOff(10), minimum_quantity=4),
        groups=BEST,
    )

    assert expected == [each.promotion for each in found.applied]


def test_more_off_than_the_basket_is_worth() -> None:
    """Case P17: 249 off a basket of 25. Source: odoo, test_program_numbers.py."""
    assert total(priced([("A", 1, "25")], Promotion("p", AmountOff(usd("249"))))) == "0.00"


def test_the_second_of_two_no_longer_holds() -> None:
    """Case P17: two promotions of 100 off from 100, on 165.00. Source: odoo, test_program_numbers.py."""
    promotions = [Promotion(name, AmountOff(usd("100")), minimum=usd("100")) for name in ("a", "b")]
    found = priced([("A", 1, "165.00")], *promotions)

    assert (total(found), found.refused) == ("65.00", (("b", "below_minimum"),))


def test_the_same_twice_in_a_group_of_the_best() -> None:
    """Case P17: 10 % twice on 320. Source: odoo, test_program_numbers.py."""
    found = priced([("A", 1, "320")], *[Promotion(name, PercentOff(10)) for name in ("a", "b")], groups=BEST)

    assert (total(found), found.refused) == ("288.00", (("b", "better_applied"),))


def test_all_off_some_up_to_a_most() -> None:
    """Case P17: 100 % on chairs, at most 200; cabinet 500, 2 chairs of 100. Source: odoo, test_program_numbers.py."""
    free = Promotion("p", PercentOff(100, at_most=usd("200")), on=field("line.product") == "chair")

    assert total(priced([("cabinet", 1, "500"), ("chair", 2, "200")], free)) == "500.00"


@pytest.mark.parametrize(
    ("count", "expected"),
    [pytest.param(2, 0, id="P18-2"), pytest.param(3, 1, id="P18-3"), pytest.param(75, 25, id="P18-75")],
)
def test_a_gift_for_every_three(count: int, expected: int) -> None:
    """Case P18: of a 320.00 article. Source: odoo, test_program_numbers.py."""
    found = priced([("A", count, str(320 * count))], Promotion("p", Gift("A", per=3)))

    assert expected == sum(gift.quantity for gift in found.gifts)


def test_a_gift_and_a_percentage() -> None:
    """Case P18: 3 with 10 % off. Source: odoo, test_program_numbers.py."""
    found = priced([("A", 3, "960.00")], Promotion("gift", Gift("A", per=3)), Promotion("p", PercentOff(10)))

    assert (total(found), found.gifts[0].quantity) == ("864.00", 1)


def test_a_price_rule_then_a_coupon() -> None:
    """Case P19: 10 %, then 10 %, on 100. Source: odoo, test_program_rules.py."""
    found = price(
        basket(("A", 1, "100")),
        [Promotion("rule", PercentOff(10))],
        vouchers=[Promotion("coupon", PercentOff(10))],
        at=AT,
    )

    assert total(found) == "81.00"


def test_ten_percent_three_times() -> None:
    """Case P19: on 300. Source: vendure, order-calculator.spec.ts."""
    assert total(priced([("A", 1, "300")], *[Promotion(name, PercentOff(10)) for name in "abc"])) == "218.70"


def test_an_article_then_the_order() -> None:
    """Case P19: 10 % on an article of 1 558.80, then 10 % on the order. Source: vendure, order-calculator.spec.ts."""
    first = Promotion("article", PercentOff(10), on=field("line.product") == "A", priority=1)
    lines = [("A", 1, "1558.80")]

    assert total(priced(lines, first)) == "1402.92"
    assert total(priced(lines, first, Promotion("order", PercentOff(10)))) == "1262.63"


def test_a_sequence_of_amounts_and_a_percentage() -> None:
    """Case P19: 2 000.00 less 1.00, 20 % and 80.00. Source: Voucherify, stacking of discounts."""
    found = priced(
        [("A", 1, "2000.00")],
        Promotion("a", AmountOff(usd("1.00")), priority=3),
        Promotion("b", PercentOff(20), priority=2),
        Promotion("c", AmountOff(usd("80.00")), priority=1),
    )

    assert [str(each.amount.amount) for each in found.applied] == ["1.00", "399.80", "80.00"]
    assert total(found) == "1519.20"


@pytest.mark.parametrize(
    ("gross", "codes", "cards", "expected"),
    [
        pytest.param("100.00", [Promotion("code", PercentOff(10))], ["50"], "40.00", id="R4-code-and-card"),
        pytest.param("2300.00", [], ["100", "100"], "2100.00", id="R4-two-cards"),
    ],
)
def test_stored_value_pays(gross: str, codes: list[Promotion], cards: list[str], expected: str) -> None:
    """Case R4. Source: odoo, test_pay_with_gift_card.py."""
    tenders = [Payment("gift_card", card) for card in cards]
    found = price(basket(("A", 1, gross)), [], vouchers=codes, tenders=tenders, at=AT)

    assert usd(expected) == found.due


@pytest.mark.parametrize(
    ("offered", "tenders", "expected"),
    [
        pytest.param([Promotion("order", PercentOff(10))], [], 90, id="E8-promotion"),
        pytest.param([], [Payment("gift_card", "50.00")], 100, id="E8-gift-card"),
        pytest.param([], [Payment("stored_value", "10.00")], 100, id="E8-wallet"),
    ],
)
def test_what_was_priced_earns(offered: list[Promotion], tenders: list[Payment], expected: int) -> None:
    """Case E8: 1 per 1.00 on 100.00, a payment is no discount. Source: odoo, test_loyalty.py."""
    program = Program("p", currency="USD", rules=[EarningRule("base", PerAmount(1, per="1.00"))])
    account, _ = Account.open("a1", customer="c1", program=program, at=AT)
    sale = price(basket(("A", 1, "100.00")), offered, tenders=tenders, at=AT).to_purchase()

    assert account.earn(sale, program, at=AT).state.balance(as_of=AT).available == expected
