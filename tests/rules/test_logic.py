"""Joining rules: Kleene's tables, flat chains, limits, and the traps of Python's own operators."""

from __future__ import annotations

import copy
import pickle
from functools import reduce
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.rules import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    AtLeast,
    Leaf,
    Not,
    OfChildren,
    Rule,
    children,
    compile_rule,
    describe,
    evaluate,
    field,
)

if TYPE_CHECKING:
    from collections.abc import Callable

T, F, U = TRUE, FALSE, field("nothing") == 1
A, B, C = (field(name) == 1 for name in "abc")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (T & T, True), (T & F, False), (T & U, None), (F & U, False), (U & U, None),
        (T | U, True), (F | U, None), (F | F, False), (U | U, None),
        (~T, False), (~F, True), (~U, None),
        (AtLeast(2, T, T, U), True), (AtLeast(2, T, U, F), None), (AtLeast(2, T, F, F), False), (AtLeast(0), True),
        (AllOf(), True), (AnyOf(), False),
    ],
)  # fmt: skip
def test_the_tables_of_three_valued_logic(rule: Rule, expected: Any) -> None:
    assert expected is evaluate(rule, {}).answer


def test_chains_stay_flat() -> None:
    assert AllOf(A, B, C) == A & B & C == A & (B & C)
    assert AnyOf(A, B, C) == A | B | C == A | (B | C)
    assert AnyOf(AllOf(A, B), C) == A & B | C


def test_rules_may_come_as_one_tuple() -> None:
    assert AllOf(rules=(A, B)) == AllOf(A, B) == AllOf(A, rules=(B,))
    assert AtLeast(1, rules=(A, B)) == AtLeast(1, A, B)


def test_neutral_rules_vanish_in_a_chain() -> None:
    assert A == A & TRUE == TRUE & A
    assert A == A | FALSE == FALSE | A


def test_a_negation_is_undone_by_a_negation() -> None:
    assert A is ~~A
    assert Not(A) == ~A


def test_joins_are_not_equal_to_other_joins_of_the_same_rules() -> None:
    assert AllOf(A, B) != AnyOf(A, B)
    assert AtLeast(1, A, B) != AtLeast(2, A, B)
    assert AllOf(A, B) != AllOf(B, A)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: bool(A),
        lambda: A and B,
        lambda: not A,
        lambda: 1 < field("a") < 3,
        lambda: not field("a"),
        lambda: A & True,
        lambda: A | None,
        lambda: field("a") & A,
        lambda: A | field("a"),
        lambda: field("a") == 1 & field("b") == 2,  # noqa: PLR1714, RUF100 - the missing parentheses on purpose
    ],
)
def test_a_mistake_with_pythons_operators_is_an_error(wrong: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        wrong()


def test_missing_parentheses_are_named() -> None:
    with pytest.raises(TypeError, match="parentheses"):
        field("a") == 1 | field("b") == 2  # noqa: B015 - the mistake on purpose


def test_the_advice_for_and_names_the_operators() -> None:
    with pytest.raises(TypeError, match=r"&, \| and ~"):
        bool(A)


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: AllOf(A, 1), "AllOf.rules[1]"),
        (lambda: AnyOf(rules=[A]), "AnyOf.rules"),
        (lambda: Not(None), "Not.rule"),
        (lambda: AtLeast(3, A, B), "AtLeast.n"),
        (lambda: AtLeast(-1, A), "AtLeast.n"),
        (lambda: AtLeast(True, A), "AtLeast.n"),
        (lambda: AtLeast(A, B), "AtLeast.n"),
        (lambda: children("lines").any(3), "AnyChild.rule"),
    ],
)
def test_a_join_that_makes_no_sense_is_refused(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()

    assert path == caught.value.path


def test_a_long_chain_is_flat_and_no_strain() -> None:
    rule = A
    for _ in range(5_000):
        rule = rule & B

    assert (rule.depth, rule.size) == (2, 5_002)
    assert evaluate(rule, {"a": 1, "b": 1}).answer is True


def test_a_deep_rule_is_refused() -> None:
    with pytest.raises(InvalidValue, match="at most 50 levels"):
        reduce(lambda rule, _: Not(rule), range(5_000), A)


def test_a_rule_of_the_deepest_kind_still_works() -> None:
    rule = A
    while rule.depth < 49:
        rule = ~(rule & B) if rule.depth % 2 else rule | B
    verdict = evaluate(rule, {"a": 1, "b": 1})

    assert verdict.answer is not None
    assert hash(rule) == hash(copy.deepcopy(rule))
    assert "field('a')" in repr(rule)


def test_a_large_rule_is_refused() -> None:
    half = AnyOf(*[A] * 5_000)
    with pytest.raises(InvalidValue, match="10000 nodes"):
        Not(half) & Not(half)


def test_rules_are_copied_as_themselves_and_survive_pickling() -> None:
    rule = (A & ~B) | AtLeast(1, C)

    assert rule is copy.copy(rule)
    assert rule is copy.deepcopy(rule)
    assert rule == pickle.loads(pickle.dumps(rule))  # noqa: S301 - our own


def test_a_rule_names_what_it_asks_about_and_holds() -> None:
    rule = (A & ~B) | (children("lines").sum("net", where=C) > 3)

    assert {"a", "b", "c", "lines", "net"} == rule.names
    assert (AllOf(A, ~B), children("lines").sum("net", where=C) > 3) == rule.parts


@pytest.mark.parametrize("rule", [A & ~(B | C), AllOf(), AnyOf(A), AtLeast(1, A, B & C), ~AtLeast(1, A), ~~AllOf(A)])
def test_a_join_shows_the_notation_that_makes_it(rule: Rule) -> None:
    names = {"field": field, "AllOf": AllOf, "AnyOf": AnyOf, "AtLeast": AtLeast}

    assert rule == eval(repr(rule), names)  # noqa: S307 - our own repr


@pytest.mark.parametrize("rule", [Rule(), AllOf(Rule()), OfChildren("lines"), Leaf("a")])
@pytest.mark.parametrize("ask", [lambda rule: evaluate(rule, {"a": 1, "lines": ({},)}), compile_rule, describe])
def test_a_class_that_is_no_rule_of_ours_is_one_clear_error(rule: Rule, ask: Callable[[Rule], object]) -> None:
    with pytest.raises(InvalidValue, match=r"a rule of a class of relex\.rules"):
        ask(rule)
