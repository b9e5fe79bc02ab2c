"""Predicates and rule sets: the same answers as `evaluate`, faster."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from relex.errors import InvalidValue
from relex.rules import AllOf, AnyOf, _index, compile_rule, compile_rules, evaluate, field

if TYPE_CHECKING:
    from relex.rules import Facts, Rule

TIER, CATEGORY, DAY, TOTAL = field("tier"), field("category"), field("weekday"), field("total")
ODD = (True, 1.0, None, "1", Decimal(1), Decimal("NaN"), [1], object(), 10**400, date(2026, 1, 1))


def by_hand(rules: list[Rule], facts: Facts) -> tuple[int, ...]:
    return tuple(index for index, rule in enumerate(rules) if evaluate(rule, facts).answer is True)


@pytest.mark.parametrize(
    "rule",
    [
        DAY == 1,
        DAY != 1,
        DAY == True,  # noqa: E712 - a constant
        DAY == "1",
        Decimal("0.5") <= DAY,
        date(2026, 1, 1) == DAY,
        datetime(2026, 1, 1, tzinfo=UTC) == DAY,
        DAY == ("1",),
        DAY.is_in(1, 2),
        DAY.is_in("1", "2"),
        DAY.is_in("1", 1),
        DAY.between(1, 3),
        DAY.between("0", "3"),
        DAY.starts_with("1"),
    ],
)
def test_a_compiled_leaf_answers_as_evaluate_does(rule: Rule) -> None:
    predicate = compile_rule(rule)

    for found in ODD:
        assert evaluate(rule, {"weekday": found}).answer is predicate({"weekday": found})


def test_what_is_no_rule_is_not_compiled() -> None:
    with pytest.raises(InvalidValue, match=r"compile_rule\.rule"):
        compile_rule("total >= 50")
    with pytest.raises(InvalidValue, match=r"compile_rules\.rules\[1\]"):
        compile_rules([TOTAL > 1, None])


def test_a_rule_set_gives_the_indices_of_true_rules_in_order() -> None:
    rules = [
        (TIER == "gold") & (TOTAL >= 50),
        TIER.is_in("gold", "silver"),
        (TOTAL < 50) & CATEGORY.is_in("tea"),
        AllOf(),
        AnyOf(TIER == "none", TOTAL == 0),
        ~(TIER == "gold"),
    ]
    offers = compile_rules(rules)

    assert offers.matching({"tier": "gold", "total": 50, "category": "tea"}) == (0, 1, 3)
    assert offers.matching({"tier": "copper", "total": Decimal("49.99"), "category": "tea"}) == (2, 3, 5)
    assert offers.matching({}) == (3,)


@pytest.mark.parametrize("odd", ODD)
def test_a_key_of_another_type_is_not_mistaken_for_one_already_seen(odd: object) -> None:
    rules = [DAY == 1, DAY.is_in(1, 2), DAY == True, TIER == "x", (DAY == 1) & (TOTAL > 3)]  # noqa: E712 - a constant
    offers = compile_rules(rules)
    offers.matching({"weekday": 1, "tier": "x", "total": 5})

    assert by_hand(rules, {"weekday": odd, "tier": "x", "total": 5}) == offers.matching(
        {"weekday": odd, "tier": "x", "total": 5}
    )


@pytest.mark.parametrize("odd", ODD)
def test_a_number_of_another_type_is_compared_as_evaluate_does(odd: object) -> None:
    rules = [TOTAL > 0, TOTAL >= 1, TOTAL < 1, TOTAL <= 1, TOTAL.between(1, 2), TIER == "x"]
    facts = {"tier": "x", "total": odd}

    assert by_hand(rules, facts) == compile_rules(rules).matching(facts)


@pytest.mark.parametrize(
    "ops",
    [(">=",), ("<",), (">",), ("<=",), (">=", "<"), (">", "<="), (">=", ">"), ("<", "<="), ("<", ">"), (">=", "<=")],
)
def test_bounds_are_exact_on_and_between_them(ops: tuple[str, ...]) -> None:
    rules = [AllOf(*[_bound(op, n + shift) for shift, op in enumerate(ops)]) for n in range(3)]
    offers = compile_rules(rules)

    for number in [Decimal(half) / 2 for half in range(-1, 10)]:
        assert by_hand(rules, {"total": number}) == offers.matching({"total": number})


def _bound(op: str, number: int) -> Rule:
    return {">=": number <= TOTAL, ">": number < TOTAL, "<=": number >= TOTAL, "<": number > TOTAL}[op]


def test_listings_that_exclude_each_other_never_match() -> None:
    offers = compile_rules([(TIER == "gold") & (TIER == "silver"), TIER == "gold"])

    assert offers.matching({"tier": "gold"}) == (1,)


def test_more_facts_than_keys_and_more_ranges_than_one_are_left_to_predicates() -> None:
    a, b, c, d, x, y = (field(name) for name in "abcdxy")
    rules = [(a == 1) & (b == 1) & (c == 1) & (d == 1), (a == 1) & (x > 1) & (y > 1), (b == 1) & (x > 2), c.is_in(1)]
    offers = compile_rules(rules)

    for facts in (dict.fromkeys("abcdxy", 1), dict.fromkeys("abcdxy", 2), {**dict.fromkeys("abcdxy", 2), "a": 1}):
        assert by_hand(rules, facts) == offers.matching(facts)


def test_the_caches_are_bounded_and_forget_without_changing_answers() -> None:
    rules = [field("id") == f"c{number}" for number in range(1_500)]
    offers = compile_rules([*rules, TOTAL > 3])

    for number in [*range(3_000), 0, 1, 2]:
        facts = {"id": f"c{number}", "total": 4}
        expected = (number, 1_500) if number < 1_500 else (1_500,)
        assert expected == offers.matching(facts)


def test_more_answers_than_a_cell_keeps_are_still_right() -> None:
    rules = [number <= TOTAL for number in range(0, 600, 2)]
    offers = compile_rules(rules)

    for number in range(-1, 600, 3):
        assert tuple(range(number // 2 + 1)) == offers.matching({"total": number})


def test_no_rules_match_nothing() -> None:
    assert compile_rules([]).matching({"tier": "gold"}) == ()


def test_a_fact_without_a_name_is_no_key() -> None:
    assert compile_rules([TIER == "x"]).matching({"": 1, "tier": "x"}) == (0,)


def test_as_of_reaches_the_predicates() -> None:
    offers = compile_rules([field("at").within(days=1) & (TIER == "x")])
    facts = {"tier": "x", "at": datetime(2026, 1, 1, tzinfo=UTC)}

    assert offers.matching(facts, datetime(2026, 1, 2, tzinfo=UTC)) == (0,)
    assert offers.matching(facts) == ()


def test_a_rule_set_has_a_length_shows_its_rules_and_survives_copies() -> None:
    offers = compile_rules([TIER == "x"])

    assert len(offers) == 1
    assert repr(offers) == "compile_rules([field('tier') == 'x'])"
    for same in (pickle.loads(pickle.dumps(offers)), copy.deepcopy(offers)):  # noqa: S301 - our own
        assert same.matching({"tier": "x"}) == (0,)


def test_a_rule_set_is_made_of_an_iterable() -> None:
    with pytest.raises(InvalidValue) as caught:
        compile_rules(5)  # type: ignore[arg-type]

    assert caught.value.path == "compile_rules.rules"


def test_what_a_rule_set_remembers_is_bounded_by_rules_and_not_only_by_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that ask for no key are in play in every cell, so many cells of many rules would fill the memory."""
    monkeypatch.setattr(_index, "_MOST_KEPT", 50)
    rules = [*[number <= TOTAL for number in range(20)], *[number == TIER for number in range(9)]]
    rules.append(DAY.is_in(1, 2))
    offers = compile_rules(rules)
    facts = [{"tier": tier, "weekday": day, "total": 7} for _ in range(2) for tier in range(9) for day in (1, 2, 3)]

    assert [by_hand(rules, each) for each in facts] == [offers.matching(each) for each in facts]


def test_without_bounds_the_answers_of_a_cell_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_index, "_MOST_KEPT", 1)
    offers = compile_rules([TIER == 1, TIER.is_in(1, 2)])

    assert [offers.matching({"tier": tier}) for tier in (1, 2, 1)] == [(0, 1), (1,), (0, 1)]
