"""Law 10, and what else always holds of a basket under promotions."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from relex.loyalty import AmountOff, Choose, PercentOff, PriceAt, PricedBasket, Promotion, Units, price
from relex.money import Leftover, Money
from relex.purchases import Line, Purchase
from relex.testing.strategies import promotions

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
FACTS = {"customer.segment": "regulars"}
law = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

rows = st.tuples(
    st.sampled_from((1, 2, 3, 7, 10_000, Decimal("0.4"), Decimal("2.5"))),
    st.integers(0, 3_000),
    st.sampled_from(("coffee", "tea")),
    st.sampled_from(("goods", "goods", "goods", "fee")),
)
policies = st.fixed_dictionaries(
    {
        "judge": st.sampled_from(("running", "initial")),
        "base": st.sampled_from(("current", "list")),
        "round_at": st.sampled_from(("line", "unit", "total")),
        "leftover": st.sampled_from(Leftover),
        "quantum": st.sampled_from((None, None, Money("0.05", "USD"))),
        "groups": st.sampled_from(({}, {"base": Choose.FIRST}, {"base": Choose.BEST, "extra": Choose.BEST})),
    }
)
offers = st.lists(promotions(id=st.sampled_from("abcdef"), currency="USD"), max_size=5, unique_by=lambda each: each.id)


def basket_of(drawn: list[Any]) -> Purchase:
    lines = [
        Line(place + 1, f"{category}-{place}", quantity, gross=Decimal(minor) / 100, category=category, kind=kind)
        for place, (quantity, minor, category, kind) in enumerate(drawn)
    ]
    return Purchase("b1", at=AT, currency="USD", lines=lines)


baskets = st.lists(rows, min_size=1, max_size=4).map(basket_of)


def shown(found: PricedBasket) -> Any:
    return found.lines, sorted((gift.promotion, gift.product, gift.quantity) for gift in found.gifts)


@law
@given(baskets, offers, policies)
def test_law_10_nothing_is_below_zero_and_all_adds_up(basket: Purchase, offered: Any, how: Any) -> None:
    found = price(basket, offered, at=AT, facts=FACTS, **how)

    zero = Money("0.00", "USD")
    for line in found.lines:
        assert zero <= line.net <= line.listed
        assert line.listed == line.net + Money.sum([each.amount for each in line.discounts], "USD")
        assert all(each.amount > zero for each in line.discounts)
    assert found.discount == Money.sum([each.amount for each in found.applied], "USD")


@law
@given(baskets, offers, policies)
def test_every_promotion_is_applied_or_refused_with_a_reason(basket: Purchase, offered: Any, how: Any) -> None:
    found = price(basket, offered, at=AT, facts=FACTS, **how)

    told = [each.promotion for each in found.applied] + [name for name, _ in found.refused]
    assert sorted(told) == sorted(each.id for each in offered)


@law
@given(baskets, offers, policies, st.data())
def test_the_order_in_which_promotions_are_given_changes_nothing(
    basket: Purchase, offered: Any, how: Any, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(offered))

    assert price(basket, shuffled, at=AT, facts=FACTS, **how) == price(basket, offered, at=AT, facts=FACTS, **how)


@law
@given(baskets, offers)
def test_the_best_is_never_worse_than_any_alone(basket: Purchase, offered: Any) -> None:
    offered = [each for each in offered if each.group == "base"]
    best = price(basket, offered, at=AT, facts=FACTS, groups={"base": Choose.BEST})

    for promotion in offered:
        assert price(basket, [promotion], at=AT, facts=FACTS).discount <= best.discount


@law
@given(baskets, offers, st.sampled_from((Choose.ALL, Choose.BEST, Choose.FIRST)))
def test_a_promotion_that_is_refused_changes_nothing(basket: Purchase, offered: Any, choose: Choose) -> None:
    offered = [each for each in offered if each.group == "base"]
    found = price(basket, offered, at=AT, facts=FACTS, groups={"base": choose})

    refused = dict(found.refused)
    kept = [each for each in offered if each.id not in refused]

    assert shown(price(basket, kept, at=AT, facts=FACTS, groups={"base": choose})) == shown(found)


@law
@given(baskets, offers, policies)
def test_the_sale_amounts_to_what_was_priced(basket: Purchase, offered: Any, how: Any) -> None:
    found = price(basket, offered, at=AT, facts=FACTS, **how)

    sale = found.to_purchase()

    assert sale.net == found.total
    assert list(sale.line_nets[: len(found.lines)]) == [line.net for line in found.lines]


def lines_of(drawn: list[tuple[int, int]]) -> list[Line]:
    """Lines of (quantity, price of a unit in cents)."""
    return [Line(place + 1, "A", count, unit_price=Decimal(minor) / 100) for place, (count, minor) in enumerate(drawn)]


units = st.integers(1, 6)
plain = st.one_of(
    st.builds(PercentOff, st.integers(1, 100)),
    st.builds(lambda minor: AmountOff(Money.of_minor(minor, "USD"), each="unit"), st.integers(1, 900)),
    st.builds(lambda minor: PriceAt(Money.of_minor(minor, "USD")), st.integers(0, 900)),
)


@law
@given(st.lists(st.tuples(units, st.integers(1, 500)), min_size=1, max_size=3), plain, units, st.data())
def test_a_run_of_units_costs_what_its_units_cost_one_by_one(
    drawn: Any, gives: Any, n: int, data: st.DataObject
) -> None:
    order = data.draw(st.sampled_from(("cheapest", "dearest", "basket")))
    promotion = Promotion("p", gives, units=Units(n, order=order))
    singles = [(1, minor) for count, minor in drawn for _ in range(count)]

    one, other = [
        price(Purchase("b", at=AT, currency="USD", lines=lines), [promotion], at=AT, round_at="unit")
        for lines in (lines_of(drawn), lines_of(singles))
    ]

    assert one.total == other.total
