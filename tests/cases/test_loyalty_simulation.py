"""Simulation, as the loyalty page works it out (section 10)."""

from __future__ import annotations

from strategies_loyalty import day, program, sale

from relex.loyalty import EarningRule, MemberHistory, PerAmount, simulate

AMOUNTS = ("19.99", "4.50", "130.00")
BEFORE = program(EarningRule("base", PerAmount(1, per="1.00")))
AFTER = program(EarningRule("base", PerAmount(3, per="2.00")), version=2)


def test_s1_three_purchases_in_one_account() -> None:
    """Case S1: 153 and 228 points, a difference of 75. Derived."""
    sales = [sale(amount, name=amount, at=day("03-01", hour)) for hour, amount in enumerate(AMOUNTS)]
    histories = [MemberHistory(account="a1", entries=sales)]
    before, after = (simulate(each, histories, until=day("04-01")) for each in (BEFORE, AFTER))

    assert (before.earned, after.earned) == (153, 228)
    assert before.compare(after).difference == 75


def test_s1_one_purchase_in_each_account() -> None:
    """Case S1: +8, +2 and +65. Derived."""
    histories = [
        MemberHistory(account=amount, entries=[sale(amount, name=amount, at=day("03-01"))]) for amount in AMOUNTS
    ]
    before, after = (simulate(each, histories, until=day("04-01")) for each in (BEFORE, AFTER))
    change = before.compare(after)

    assert [change.member(amount).difference for amount in AMOUNTS] == [8, 2, 65]
    assert [member.earned for member in before.members] == [19, 4, 130]
    assert [member.earned for member in after.members] == [27, 6, 195]
