"""Worked cases of the specification of returns and cancelled redemptions: V1 to V9."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, sale

from relex.calendars import Days, Months
from relex.errors import Rejected
from relex.loyalty import Clawback, EarningRule, Flat, Multiply, PerAmount, Program, Restore, Tier
from relex.money import Money
from relex.purchases import Line, Return
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.loyalty import Account
    from relex.purchases import Purchase

ONE = EarningRule("base", PerAmount(1, per="1.00"))


def back(
    lines: Mapping[int, int] | tuple[()] = (),
    *,
    name: str = "ret1",
    at: datetime | None = None,
    value: str | None = None,
) -> Return:
    worth = None if value is None else Money(value, "USD")
    return Return(name, purchase="s1", at=at or day("01-02"), lines=lines, value=worth)


def earned(of: Program, basket: Purchase, account: Account | None = None) -> Account:
    account = opened(of) if account is None else account
    return account.earn(basket, of, at=basket.at).state


def returned(account: Account, of: Program, *returns: Return) -> list[int]:
    """What each return takes."""
    taken = []
    for each in returns:
        account, events = account.reverse(each, of, at=each.at)
        taken += [event.points for event in events if type(event).__name__ == "PointsReversed"]
    return taken


V1 = (
    EarningRule("a", Flat(10), field("line.product") == "sku1"),
    EarningRule("b", Flat(20), field("line.product") == "sku2"),
    ONE,
)


@pytest.mark.parametrize(
    ("basis", "expected"),
    [pytest.param("proportional", 35, id="V1-proportional"), pytest.param("per_line", 20, id="V1-line")],
)
def test_v1_the_two_bases(basis: str, expected: int) -> None:
    """Source: Open Loyalty returns guide and tests."""
    rules = program(*V1, clawback=Clawback(basis))
    account = earned(rules, sale("10.00", "10.00", "20.00"))

    assert [expected] == returned(account, rules, back({3: 1}))


def test_v1_a_return_that_names_a_value() -> None:
    """Source: Open Loyalty: amount 200, earned 1 000, return of 100 takes 500."""
    rules = program(EarningRule("base", PerAmount(5, per="1.00")), clawback=Clawback("proportional"))
    account = earned(rules, sale("200.00"))

    assert returned(account, rules, back(value="100.00")) == [500]


def test_v2_a_full_return_once() -> None:
    """Source: Setono clawback."""
    account = earned(program(ONE), sale("150.00"))
    account, _ = account.reverse(back({1: 1}), program(ONE), at=day("01-02"))
    again = account.reverse(back({1: 1}), program(ONE), at=day("01-03"))

    assert (account.balance(as_of=day("01-02")).posted, again.events) == (0, ())
    with pytest.raises(Rejected) as refused:
        account.reverse(back({1: 1}, name="ret2"), program(ONE), at=day("01-03"))
    assert refused.value.reason == "more_than_sold"


@pytest.mark.parametrize(
    ("reach", "taken", "short", "posted", "debt"),
    [
        pytest.param("within_balance", 50, 100, 0, 0, id="V3-within-balance"),
        pytest.param("allow_debt", 150, 0, -100, 100, id="V3-allow-debt"),
        pytest.param("only_pending", 0, 150, 50, 0, id="V3-only-pending"),
    ],
)
def test_v3_points_that_were_spent(reach: str, taken: int, short: int, posted: int, debt: int) -> None:
    """Source: Setono clawback."""
    rules = program(ONE, clawback=Clawback(reach=reach))
    account = earned(rules, sale("150.00")).redeem(100, rules, id="r", at=day("01-01", 5)).state
    account, events = account.reverse(back({1: 1}), rules, at=day("01-02"))
    balance = account.balance(as_of=day("01-02"))

    assert (taken, short) == (events[0].points, events[0].uncollected)
    assert (posted, debt) == (balance.posted, balance.debt)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(program(ONE), id="V4-same"),
        pytest.param(program(), id="V4-deleted"),
        pytest.param(program(EarningRule("base", PerAmount(2, per="1.00")), version=2), id="V4-doubled"),
    ],
)
def test_v4_rules_are_not_run_again(now: Program) -> None:
    """Source: Smile.io documents 0 and 100."""
    account = earned(program(ONE), sale("50.00"))

    assert returned(account, now, back({1: 1})) == [50]


def test_v4_a_rerating_is_a_return_and_an_award() -> None:
    """Source: Zenoti: 60, 0, 50."""
    rules = program(EarningRule("fifth", PerAmount(1, per="5.00")))
    account = earned(rules, sale("300.00"))
    first = account.balance(as_of=day("01-03")).available
    account = account.reverse(back({1: 1}), rules, at=day("01-02")).state
    second = account.balance(as_of=day("01-03")).available
    account = earned(rules, sale("250.00", name="s2", at=day("01-02")), account)

    assert (first, second, account.balance(as_of=day("01-03")).available) == (60, 0, 50)


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        pytest.param("proportional", [3, 4, 3], id="V5-proportional"),
        pytest.param("per_line", [4, 3, 3], id="V5-per-line"),
    ],
)
def test_v5_three_equal_lines(basis: str, expected: list[int]) -> None:
    """Source: derived; rounding is cumulative."""
    rules = program(EarningRule("ten", Flat(10)), clawback=Clawback(basis))
    account = earned(rules, sale("3.33", "3.33", "3.33"))

    assert expected == returned(account, rules, *[back({line: 1}, name=f"r{line}") for line in (1, 2, 3)])


def test_v6_four_equal_units() -> None:
    """Source: derived; 7 points, 2, 2, 1, 2."""
    rules = program(EarningRule("seven", Flat(7)))
    account = earned(rules, sale(Line(1, "mug", 4, unit_price="2.50")))

    assert returned(account, rules, *[back({1: 1}, name=f"r{unit}") for unit in range(4)]) == [2, 2, 1, 2]


def test_v7_the_lines_of_e12() -> None:
    """Source: derived; one bread, the other bread, the coffee: 4, 3, 27."""
    rules = program(
        ONE,
        EarningRule("coffee-day", Multiply(2), field("line.category") == "coffee"),
        tiers=[Tier("gold", at=0, multiplier="1.25")],
    )
    basket = sale(
        Line(1, "bread", 2, unit_price="3.20", category="food"),
        Line(2, "coffee", 1, unit_price="12.50", category="coffee"),
        Line(3, "card", 1, unit_price="20.00", kind="gift_card"),
    )
    returns = [back({1: 1}, name="r1"), back({1: 1}, name="r2"), back({2: 1}, name="r3")]

    assert returned(earned(rules, basket), rules, *returns) == [4, 3, 27]


@pytest.mark.parametrize(
    ("reach", "taken", "short", "debt"),
    [
        pytest.param("within_balance", 25, 15, 0, id="V8-within-balance"),
        pytest.param("allow_debt", 40, 0, 15, id="V8-debt"),
    ],
)
def test_v8_what_expired_is_gone_already(reach: str, taken: int, short: int, debt: int) -> None:
    """Source: derived; 100 earned, 40 spent, 60 expired, other lots 25; full return."""
    rules = program(ONE, expires=Days(10), clawback=Clawback(reach=reach))
    account = earned(rules, sale("100.00")).redeem(40, rules, id="r", at=day("01-05")).state
    account = adjusted(account, rules, 25, day("01-06"), ends=day("06-01"))
    account, events = account.reverse(back({1: 1}, at=day("01-20")), rules, at=day("01-20"))
    reversal = events[-1] if type(events[-1]).__name__ == "PointsReversed" else events[1]

    assert (taken, 60, short) == (reversal.points, reversal.already_expired, reversal.uncollected)
    assert debt == account.balance(as_of=day("01-20")).debt


@pytest.mark.parametrize(
    ("restore", "available", "end", "expired"),
    [
        pytest.param(Restore("original"), 0, None, 70, id="V9-original"),
        pytest.param(Restore("grace", Days(30)), 70, "03-08", 0, id="V9-grace"),
        pytest.param(Restore("reissue"), 70, "03-06", 0, id="V9-reissue"),
    ],
)
def test_v9_points_that_come_back_too_late(restore: Restore, available: int, end: str | None, expired: int) -> None:
    """Source: derived; through 03-07 and 03-05."""
    rules = attrs.evolve(PLAIN, restore=restore, expires=Months(1))
    account = adjusted(opened(rules), rules, 100, START, ends=day("02-01"))
    account = account.redeem(70, rules, id="r", at=day("01-10")).state
    account = account.settle(rules, at=day("02-02")).state
    account, events = account.restore("r", rules, at=day("02-05"))
    balance = account.balance(as_of=day("02-05"))

    assert (available, expired) == (
        balance.available,
        sum(e.points for e in events if type(e).__name__ == "PointsExpired"),
    )
    assert (() if end is None else ((day(end), 70),)) == balance.expiring
