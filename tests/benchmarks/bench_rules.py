"""Rules beside functions written by hand, and beside rule-engine."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import rule_engine
from benchmarks.harness import Row

from relex.rules import Rule, compile_rule, compile_rules, evaluate, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CATEGORIES = [f"category{number}" for number in range(20)]
TIERS = ["none", "silver", "gold", "platinum"]
DAYS = range(1, 8)

Terms = tuple[int, tuple[str, ...], str, tuple[int, ...]]


def terms(count: int, listed: int) -> list[Terms]:
    """What each rule asks: a least amount, categories, a tier, weekdays."""
    chance = Random(7)  # noqa: S311 - a repeatable workload
    return [
        (
            chance.randrange(10, 200),
            tuple(chance.sample(CATEGORIES, listed)),
            chance.choice(TIERS),
            tuple(chance.sample(DAYS, 3)),
        )
        for _ in range(count)
    ]


def events(count: int) -> list[dict[str, Any]]:
    chance = Random(8)  # noqa: S311 - a repeatable workload
    return [
        {
            "amount": chance.randrange(200),
            "category": chance.choice(CATEGORIES),
            "tier": chance.choice(TIERS),
            "weekday": chance.choice(DAYS),
        }
        for _ in range(count)
    ]


def ours(asked: Terms) -> Rule:
    amount, categories, tier, days = asked
    return (
        (field("amount") >= amount)
        & field("category").is_in(*categories)
        & (field("tier") == tier)
        & field("weekday").is_in(*days)
    )


def by_hand(asked: Terms) -> Callable[[dict[str, Any]], bool]:
    amount, categories, tier, days = asked[0], frozenset(asked[1]), asked[2], frozenset(asked[3])

    def test(event: dict[str, Any]) -> bool:
        return (
            event["amount"] >= amount
            and event["category"] in categories
            and event["tier"] == tier
            and event["weekday"] in days
        )

    return test


def by_rule_engine(asked: Terms) -> rule_engine.Rule:
    amount, categories, tier, days = asked
    listed = ", ".join(f'"{category}"' for category in categories)
    text = f'amount >= {amount} and category in [{listed}] and tier == "{tier}" and weekday in {list(days)}'
    return rule_engine.Rule(text)


def rows() -> Iterator[Row]:
    for count, listed, number, bar in ((20, 6, 2000, 1.5e-6), (200, 3, 1000, None), (2000, 3, 200, None)):
        yield _set_row(terms(count, listed), events(number), bar)
    yield _single_row()
    yield _rule_engine_row()
    yield _evaluate_row()


def _set_row(asked: list[Terms], seen: list[dict[str, Any]], bar: float | None) -> Row:
    matching = compile_rules(map(ours, asked)).matching
    functions = [by_hand(each) for each in asked]

    def hand() -> list[tuple[int, ...]]:
        return [tuple([i for i, test in enumerate(functions) if test(event)]) for event in seen]

    assert hand() == [matching(event) for event in seen]
    return Row(
        name=f"rules: {len(asked)} on one event",
        ours=lambda: [matching(event) for event in seen],
        peers={"functions by hand": hand},
        per=len(seen),
        at_most=bar,
        note="which of the rules are True: amount, category, tier and weekday",
    )


def _single_row() -> Row:
    asked, seen = terms(1, 6)[0], events(1000)
    rule, function = compile_rule(ours(asked)), by_hand(asked)

    assert [rule(event) for event in seen] == [function(event) for event in seen]
    return Row(
        name="rules: one compiled rule on one event",
        ours=lambda: [rule(event) for event in seen],
        peers={"function by hand": lambda: [function(event) for event in seen]},
        per=len(seen),
        note="the same rule without an index",
    )


def _rule_engine_row() -> Row:
    asked, seen = terms(20, 6), events(20)
    matching = compile_rules(map(ours, asked)).matching
    theirs = [by_rule_engine(each) for each in asked]

    def engine() -> list[tuple[int, ...]]:
        return [tuple([i for i, rule in enumerate(theirs) if rule.matches(event)]) for event in seen]

    assert engine() == [matching(event) for event in seen]
    return Row(
        name="rules: 20 on one event, beside an engine",
        ours=lambda: [matching(event) for event in seen],
        peers={"rule-engine": engine},
        per=len(seen),
        note="rules parsed and compiled before",
    )


def _evaluate_row() -> Row:
    rules, seen = [ours(each) for each in terms(20, 6)], events(50)
    return Row(
        name="rules: evaluate, per node judged",
        ours=lambda: [evaluate(rule, event) for event in seen for rule in rules],
        per=len(seen) * sum(rule.size for rule in rules),
        at_most=1.2e-6,
        note="the full verdict tree of 20 rules of 5 nodes",
    )
