"""Groups that choose on each line, in earning; and who shuts out whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from relex.loyalty import Account, Breakdown, Choose, EarningRule, Flat, PerAmount, PerUnit, Program, Stack
from relex.purchases import Line, Purchase
from relex.rules import field

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
COFFEE = field("line.category") == "coffee"
LINES = [
    Line(1, "latte", 2, unit_price="5.00", category="coffee"),
    Line(2, "mug", 1, unit_price="12.00", category="ware"),
]


def breakdown(choose: Choose, *rules: EarningRule) -> Breakdown:
    program = Program("p", currency="USD", rules=rules, groups={"base": choose})
    account, _ = Account.open("a1", customer="c1", program=program, at=AT)
    sale = Purchase("s1", at=AT, currency="USD", customer="c1", lines=LINES)
    event: Any = account.earn(sale, program, at=AT).events[-1]
    found: Breakdown = event.breakdown
    return found


def test_each_line_takes_the_rule_that_gives_most_there() -> None:
    rules = [EarningRule("amount", PerAmount(1, per="1.00")), EarningRule("units", PerUnit(7))]
    found = breakdown(Choose.BEST_PER_LINE, *rules)

    assert found.by_rule() == {"amount": 12, "units": 14}
    assert found.by_line() == {1: 14, 2: 12}


def test_a_rule_that_gives_most_nowhere_is_told_by_whom() -> None:
    rules = [EarningRule("little", PerUnit(1), COFFEE), EarningRule("much", PerAmount(1, per="1.00"))]
    found = breakdown(Choose.BEST_PER_LINE, *rules)

    assert found.by_rule() == {"much": 22}
    assert dict(found.refused)["little"] == "shut_out_by:much"


def test_a_tie_goes_to_the_higher_priority() -> None:
    rules = [EarningRule("a", PerUnit(5)), EarningRule("b", PerUnit(5), priority=1)]

    assert breakdown(Choose.BEST_PER_LINE, *rules).by_rule() == {"b": 15}


def test_the_one_that_ends_a_group_is_named_even_if_it_has_other_lines() -> None:
    rules = [
        EarningRule("first", PerUnit(1), COFFEE, priority=2),
        EarningRule("stop", Flat(3), field("line.category") == "ware", priority=1, stacking=Stack.STOP),
        EarningRule("late", PerUnit(1), COFFEE),
    ]
    found = breakdown(Choose.ALL, *rules)

    assert found.by_rule() == {"first": 2, "stop": 3}
    assert dict(found.refused)["late"] == "shut_out_by:stop"
