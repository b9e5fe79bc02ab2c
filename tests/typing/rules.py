"""What a checker knows about rules: the notation gives rules, and rules give verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_type

from relex import AllOf, AtLeast, FactSchema, Rule, Verdict, all_lines, any_line, dumps, evaluate, field, loads
from relex.rules import compile_rule, compile_rules, describe


def notes() -> None:
    """Each comparison, each method and each operator gives a rule."""
    assert_type(field("total") == 50, Rule)
    assert_type(field("total") != 50, Rule)
    assert_type(field("total") >= 50, Rule)
    assert_type(field("tier").is_in("gold", "platinum"), Rule)
    assert_type(field("at").within(days=30), Rule)
    assert_type(field("email").is_missing(), Rule)
    assert_type((field("a") == 1) & (field("b") == 2), Rule)
    assert_type((field("a") == 1) | (field("b") == 2), Rule)
    assert_type(~(field("a") == 1), Rule)
    assert_type(any_line(field("line.net") > 5), Rule)
    assert_type(all_lines(field("line.net") > 5), Rule)
    rules: list[Rule] = [AllOf(field("a") == 1), AtLeast(1, field("a") == 1)]
    assert_type(rules[0].names, frozenset[str])


def answers(rule: Rule, facts: Mapping[str, Any], now: datetime) -> None:
    """True, False or unknown, with or without the explanation."""
    verdict = evaluate(rule, facts, as_of=now)
    assert_type(verdict, Verdict)
    assert_type(verdict.answer, bool | None)
    assert_type(verdict.children, tuple[Verdict, ...])
    assert_type(compile_rule(rule)(facts, now), bool | None)
    assert_type(compile_rules([rule]).matching(facts), tuple[int, ...])
    assert_type(describe(rule), str)
    assert_type(dumps(rule), str)
    assert_type(FactSchema({"total": int}).check(rule), None)


def travels(text: str) -> None:
    """What is loaded is of the class that was asked for."""
    assert_type(loads(text, Rule), Rule)
