"""Worked cases of the specification of rewards and redemption: R1 to R4."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from strategies_loyalty import START, adjusted, opened, program, sale

from relex.loyalty import CashOff, PercentOff, Points, Promotion, Reward, price
from relex.purchases import Payment

if TYPE_CHECKING:
    from relex.loyalty import Account, PointsQuote, Program

R1 = CashOff(points=1, worth="0.01", minimum=500, at_most="50%")
R2 = CashOff(points=100, worth="5.00", minimum=100)
R3 = CashOff(points=1, worth="2.00")
WALLET = program(
    points=[Points("cash", scale=2)], rewards=[Reward("pay", None, CashOff(points="0.01", worth="0.01"))], version=2
)


def quoted(cash: CashOff, wanted: int, available: int, payable: str) -> PointsQuote:
    of = program(rewards=[Reward("cash", None, cash)])
    account = adjusted(opened(of), of, available, START)
    return of.quote("cash", account, sale(payable), as_of=START, wanted=wanted)


@pytest.mark.parametrize(
    ("cash", "wanted", "available", "payable", "points", "worth"),
    [
        pytest.param(R1, 1_000, 5_000, "100.00", 1_000, "10.00 USD", id="R1-wanted"),
        pytest.param(R1, 1_000, 700, "100.00", 700, "7.00 USD", id="R1-available"),
        pytest.param(R1, 10_000, 10_000, "100.00", 5_000, "50.00 USD", id="R1-share"),
        pytest.param(R2, 1_050, 5_000, "1000.00", 1_000, "50.00 USD", id="R2"),
    ],
)
def test_what_points_pay(cash: CashOff, wanted: int, available: int, payable: str, points: int, worth: str) -> None:
    """Source: Setono RedemptionCalculatorTest."""
    found = quoted(cash, wanted, available, payable)

    assert (points, worth) == (found.points, str(found.worth))


@pytest.mark.parametrize(
    ("wanted", "due"), [pytest.param(50, "0.00 USD", id="R3-50"), pytest.param(20, "60.00 USD", id="R3-20")]
)
def test_what_is_left_to_pay(wanted: int, due: str) -> None:
    """Source: Open Loyalty."""
    found = quoted(R3, wanted, 50, "100.00")

    assert due == str(found.due)


def card(of: Program, balance: int) -> Account:
    return adjusted(opened(of), of, balance, START)


def test_a_gift_card_after_a_code() -> None:
    """R4: 100 - 10 - 50 = 40. Source: odoo/odoo test_pay_with_gift_card.py."""
    basket = price(sale("100.00"), [], vouchers=[Promotion("ten", PercentOff(10))], at=START)
    found = WALLET.quote("pay", card(WALLET, 5_000), basket, as_of=START)

    assert (str(basket.total), found.points, str(found.due)) == ("90.00 USD", 5_000, "40.00 USD")


def test_two_gift_cards() -> None:
    """R4: 2 300 - 100 - 100 = 2 100. Source: odoo/odoo test_pay_with_gift_card.py."""
    basket = price(sale("2300.00"), [], at=START)
    for _ in range(2):
        found = WALLET.quote("pay", card(WALLET, 10_000), basket, as_of=START)
        basket = basket.pay(Payment("gift_card", found.worth.amount))

    assert str(basket.due) == "2100.00 USD"
