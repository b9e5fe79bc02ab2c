"""Tests of rewards as data, and of points that pay."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from strategies_loyalty import program

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.loyalty import AmountOff, Cap, CashOff, Gift, PercentOff, Points, Reward, Units
from relex.loyalty._cash import Taken, cash_taken, worth_of
from relex.money import Money, Rounding
from relex.rules import field

FLOAT: Any = 1.5
NO_BENEFIT: Any = "mug"
CASH = CashOff(points=100, worth="5.00")


def taken(cash: CashOff, wanted: int | None, available: int, payable: str | None = None, scale: int = 1) -> Taken:
    due = None if payable is None else Money(payable, "USD")
    return cash_taken(cash, wanted=wanted, available=available, payable=due, currency="USD", scale=scale)


@pytest.mark.parametrize(
    ("wanted", "available", "payable", "points", "why"),
    [
        pytest.param(200, 500, None, 200, None, id="as wanted"),
        pytest.param(250, 500, None, 200, "whole_blocks", id="whole blocks"),
        pytest.param(None, 550, None, 500, "available", id="as many as may be"),
        pytest.param(900, 550, None, 500, "available", id="more than there are"),
        pytest.param(500, 500, "12.00", 200, "payable", id="more than is due"),
        pytest.param(0, 500, "12.00", 0, None, id="none"),
        pytest.param(200, 500, "0.00", 0, "payable", id="nothing is due"),
        pytest.param(200, 500, "-3.00", 0, "payable", id="less than nothing is due"),
    ],
)
def test_how_many_points_are_taken(
    wanted: int | None, available: int, payable: str | None, points: int, why: str | None
) -> None:
    found = taken(CASH, wanted, available, payable)

    assert (found.points, found.limited_by) == (points, why)


def test_a_share_of_what_is_due() -> None:
    found = taken(CashOff(points=1, worth="0.01", at_most="33.3%"), 10_000, 10_000, "10.00")

    assert found == Taken(333, Money("3.33", "USD"), "at_most")


def test_below_the_minimum_nothing_is_taken() -> None:
    found = taken(CashOff(points=100, worth="5.00", minimum=300), 299, 500)

    assert found == Taken(0, Money("0.00", "USD"), "below_minimum")


def test_the_smallest_unit_counts_where_points_have_places() -> None:
    found = taken(CashOff(points="0.01", worth="0.01"), None, 1_645, "9.99", scale=100)

    assert found == Taken(999, Money("9.99", "USD"), "payable")


@pytest.mark.parametrize(
    ("rounding", "worth"), [(Rounding.HALF_UP, "0.02"), (Rounding.FLOOR, "0.01"), (Rounding.CEILING, "0.02")]
)
def test_the_worth_is_rounded_once(rounding: Rounding, worth: str) -> None:
    assert worth_of(CashOff(points=1, worth="0.005", rounding=rounding), 3, "USD") == Money(worth, "USD")


def test_rounding_up_never_pays_more_than_is_due() -> None:
    steps = CashOff(points=1, worth="0.01", quantum="0.05", rounding=Rounding.CEILING)

    assert taken(steps, 100, 100, "0.12") == Taken(10, Money("0.10", "USD"), "payable")


def test_a_worth_that_is_no_decimal_is_exact() -> None:
    assert worth_of(CashOff(points=1, worth=Fraction(1, 3)), 3, "USD") == Money("1.00", "USD")


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("Reward.cost", lambda: Reward("r", 100, CASH)),
        ("Reward.cost", lambda: Reward("r", None, Gift("mug"))),
        ("Reward.cost", lambda: Reward("r", 0, Gift("mug"))),
        ("Reward.cost", lambda: Reward("r", FLOAT, Gift("mug"))),
        ("Reward.benefit", lambda: Reward("r", 1, NO_BENEFIT)),
        ("Reward.on", lambda: Reward("r", None, CASH, on=field("line.kind") == "goods")),
        ("Reward.on", lambda: Reward("r", None, CASH, units=Units(1))),
        ("Promotion.on", lambda: Reward("r", 1, Gift("mug"), on=field("line.knd") == "goods")),
        (r"Reward.caps\[0\]", lambda: Reward("r", 1, Gift("mug"), caps=[Cap(units=1)])),
        (r"Reward.caps\[0\]", lambda: Reward("r", 1, Gift("mug"), caps=[Cap(balance=1)])),
        (r"Reward.caps\[0\]", lambda: Reward("r", 1, Gift("mug"), caps=[Cap(points=1, by="line.product")])),
        (r"Reward.caps\[0\]", lambda: Reward("r", 1, Gift("mug"), caps=[Cap(times=1, who="everyone", budget="b")])),
        ("Reward.when", lambda: Reward("r", 1, Gift("mug"), field("basket.totl") > 1)),
        ("CashOff.quantum", lambda: CashOff(points=1, worth=1, quantum=Fraction(1, 3))),
        ("CashOff.points", lambda: CashOff(points=0, worth=1)),
        ("CashOff.worth", lambda: CashOff(points=1, worth=0)),
        ("CashOff.at_most", lambda: CashOff(points=1, worth=1, at_most="101%")),
        ("CashOff.minimum", lambda: CashOff(points=1, worth=1, minimum=-1)),
    ],
)
def test_what_is_no_reward(path: str, make: Any) -> None:
    with pytest.raises(InvalidValue, match=path):
        make()


@pytest.mark.parametrize(
    ("path", "rewards", "points"),
    [
        (r"rewards\[0\].currency", [Reward("r", 1, Gift("mug"), currency="stars")], [Points("points")]),
        (r"rewards\[0\].currency", [Reward("r", 1, Gift("mug"))], [Points("status", qualifying=True)]),
        (r"rewards\[1\].cost", [Reward("q", 1, Gift("mug")), Reward("r", "1.5", Gift("mug"))], [Points("points")]),
        (r"rewards\[0\].benefit.points", [Reward("r", None, CashOff(points="0.5", worth=1))], [Points("points")]),
        (r"rewards\[0\].benefit", [Reward("r", 1, AmountOff(Money(1, "EUR")))], [Points("points")]),
        ("rewards", [Reward("r", 1, Gift("mug")), Reward("r", 2, Gift("cup"))], [Points("points")]),
    ],
)
def test_a_program_refuses_rewards_that_cannot_be_bought(path: str, rewards: Any, points: Any) -> None:
    with pytest.raises(InvalidValue, match=path):
        program(rewards=rewards, points=points)


def test_a_cost_in_parts_of_a_point_where_points_have_places() -> None:
    of = program(rewards=[Reward("r", "1.5", Gift("mug"))], points=[Points("stars", scale=1)])

    assert of.rewards[0].id == "r"


def test_a_reward_keeps_what_it_is_told() -> None:
    tenth = Reward("tenth", "99", PercentOff(10), valid=Period(date(2026, 5, 1)), caps=[Cap(times=1, per="month")])

    assert (tenth.promotion.id, tenth.caps) == ("tenth", (Cap(times=1, per="month"),))
