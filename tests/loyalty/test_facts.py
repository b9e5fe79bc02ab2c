"""A program says at once when a rule asks about a fact that nobody gives."""

from __future__ import annotations

from decimal import Decimal

import pytest

from relex import InvalidValue
from relex.loyalty import Cap, EarningRule, Flat, PerAmount, PerUnit, Program, Tier
from relex.rules import FactSchema, any_line, field


def program(*rules: EarningRule, **others: object) -> Program:
    return Program("p", currency="USD", rules=rules, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "path", "hint"),
    [
        (EarningRule("r", Flat(1), when=field("line.categry") == "tea"), "when.fact", "did you mean line.category"),
        (EarningRule("r", Flat(1), when=field("purchase.totl") >= 5), "when.fact", "did you mean purchase.total"),
        (EarningRule("r", Flat(1), when=field("points") >= 5), "when.fact", "expected one of"),
        (EarningRule("r", Flat(1), when=field("line.category") >= 5), "when", "a question about a text"),
        (EarningRule("r", Flat(1), when=any_line(field("line.brnd") == "x")), "when.rule.fact", "line.brand"),
        (EarningRule("r", PerAmount(1, per=1, of="line.nett")), "award.of.fact", "did you mean line.net"),
        (EarningRule("r", PerUnit(1, of="line.brand")), "award.of", "a question about a text"),
        (EarningRule("r", Flat(1), caps=[Cap(units=1, by="line.products")]), "caps[0].by.fact", "line.product"),
    ],
)
def test_a_rule_about_an_unknown_fact_is_refused_with_its_path(rule: EarningRule, path: str, hint: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        program(EarningRule("fine", Flat(1)), rule)

    assert caught.value.path == f"Program.rules[1].{path}"
    assert hint in str(caught.value)


def test_eligibility_and_tiers_are_looked_at_too() -> None:
    with pytest.raises(InvalidValue, match=r"Program\.eligible\.fact"):
        program(eligible=field("line.knd") == "goods")
    with pytest.raises(InvalidValue, match=r"Program\.tiers\[0\]\.when\.fact.*did you mean tier.visits"):
        program(tiers=[Tier("gold", when=field("tier.visit") >= 10)])


@pytest.mark.parametrize("name", ["event.nights", "customer.age", "taste.color", "response.score", "stay.nights"])
def test_what_occasions_and_callers_bring_is_open(name: str) -> None:
    rule = EarningRule("r", Flat(1), when=field(name) == "x", on="stay")

    assert program(rule).rules == (rule,)


def test_further_facts_can_be_declared() -> None:
    rule = EarningRule("r", PerAmount(1, per=1, of="line.net_of_tax"))
    declared = FactSchema({"line.net_of_tax": Decimal})

    assert program(rule, facts=declared).facts == declared
    with pytest.raises(InvalidValue, match=r"line\.net_of_tax"):
        program(rule)


def test_a_tier_by_rule_may_ask_what_tiers_measure() -> None:
    tier = Tier("gold", when=(field("tier.earned") >= 500) | (field("tier.visits") >= 10))

    assert program(tiers=[tier]).tiers == (tier,)
