"""Promotions as definitions: what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.loyalty import AmountOff, Cap, CashOff, Gift, PercentOff, PriceAt, Promotion, Sets, Units
from relex.money import Money
from relex.rules import field

TEN = Money("10.00", "EUR")


@pytest.mark.parametrize(
    ("make", "path"),
    [
        pytest.param(lambda: PercentOff(0), "PercentOff.percent", id="percent-zero"),
        pytest.param(lambda: PercentOff(101), "PercentOff.percent", id="percent-above-100"),
        pytest.param(lambda: PercentOff(10.0), "PercentOff.percent", id="percent-float"),  # type: ignore[arg-type]
        pytest.param(lambda: PercentOff(10, at_most=Money(0, "EUR")), "PercentOff.at_most", id="at-most-zero"),
        pytest.param(lambda: AmountOff(Money(-1, "EUR")), "AmountOff.amount", id="amount-negative"),
        pytest.param(lambda: AmountOff(TEN, each="pair"), "AmountOff.each", id="each-unknown"),
        pytest.param(lambda: PriceAt(Money(-1, "EUR")), "PriceAt.price", id="price-negative"),
        pytest.param(lambda: Gift("mug", quantity=0), "Gift.quantity", id="gift-of-nothing"),
        pytest.param(lambda: Gift("mug", per=0), "Gift.per", id="gift-per-nothing"),
        pytest.param(lambda: CashOff(points=0, worth="5.00"), "CashOff.points", id="no-points"),
        pytest.param(lambda: CashOff(points=1, worth=0), "CashOff.worth", id="worth-nothing"),
        pytest.param(lambda: CashOff(points=1, worth=1, at_most="half"), "CashOff.at_most", id="share-in-words"),
        pytest.param(lambda: CashOff(points=1, worth=1, at_most="101%"), "CashOff.at_most", id="share-above-100"),
        pytest.param(lambda: CashOff(points=1, worth=1, at_most="0%"), "CashOff.at_most", id="share-of-nothing"),
        pytest.param(lambda: CashOff(points=1, worth=1, quantum=0), "CashOff.quantum", id="quantum-zero"),
        pytest.param(lambda: Units(0), "Units.n", id="no-units"),
        pytest.param(lambda: Units(1, order="newest"), "Units.order", id="order-unknown"),
        pytest.param(lambda: Sets(None, 0, None, 1), "Sets.n", id="set-of-nothing"),
        pytest.param(lambda: Sets(field("line.colour") == "red", 1, None, 1), "Sets.buy.fact", id="set-unknown-fact"),
    ],
)
def test_what_is_given_has_bounds(make: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()

    assert caught.value.path == path


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        pytest.param({"units": Units(1), "sets": Sets(None, 1, None, 1)}, "Promotion.sets", id="units-and-sets"),
        pytest.param({"caps": [Cap(points=5)]}, "Promotion.caps[0]", id="cap-on-points"),
        pytest.param({"caps": [Cap(times=5, who="everyone")]}, "Promotion.caps[0].budget", id="everyone-no-budget"),
        pytest.param({"minimum": Money(5, "USD")}, "Promotion.minimum", id="two-currencies"),
        pytest.param({"minimum": Money(-5, "EUR")}, "Promotion.minimum", id="minimum-below-zero"),
        pytest.param({"when": field("basket.totl") >= 5}, "Promotion.when.fact", id="basket-unknown-fact"),
        pytest.param({"when": field("line.product") == "a"}, "Promotion.when.fact", id="line-fact-of-a-basket"),
        pytest.param({"on": field("line.colour_code") == "a"}, "Promotion.on.fact", id="line-unknown-fact"),
        pytest.param({"when": field("basket.total") == "a"}, "Promotion.when", id="basket-other-type"),
        pytest.param({"gives": CashOff(points=1, worth=1)}, "Promotion.gives", id="points-are-no-promotion"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Promotion("p", **{"gives": AmountOff(TEN), **arguments})

    assert caught.value.path == path


@pytest.mark.parametrize("cap", [Cap(amount=5), Cap(units=5, by="line.product")], ids=["amount", "by"])
def test_a_gift_is_limited_in_times_and_units(cap: Cap) -> None:
    with pytest.raises(InvalidValue, match=r"Promotion\.caps\[0\]"):
        Promotion("p", Gift("mug"), caps=[cap])


def test_facts_of_the_caller_are_open() -> None:
    rule = (field("customer.segment") == "regulars") & (field("account.tier") == "gold") & (field("weather") == "rain")

    assert Promotion("p", PercentOff(5), rule).when == rule


def test_the_currencies_of_its_amounts() -> None:
    assert Promotion("p", PercentOff(5, at_most=TEN)).currencies == ("EUR",)
    assert Promotion("p", PriceAt(TEN), minimum=TEN).currencies == ("EUR",)
    assert Promotion("p", PercentOff(5)).currencies == ()
