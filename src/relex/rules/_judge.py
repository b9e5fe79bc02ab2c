"""Judging one rule on one object, with the whole explanation: every node is judged, none is skipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.rules._children import AllChildren, AnyChild, CountOf, OfChildren, SumOf
from relex.rules._facts import Kind, read
from relex.rules._kleene import all_true, any_true, at_least, counted, opposite
from relex.rules._leaves import (
    OPERATORS,
    Between,
    Compare,
    Contains,
    EqualsIgnoringCase,
    IsIn,
    IsMissing,
    Leaf,
    StartsWith,
)
from relex.rules._nodes import AllOf, AnyOf, AtLeast, ByRule, Not, Rule
from relex.rules._scopes import child_facts, scope, total
from relex.rules._times import Beyond, Within
from relex.rules._verdicts import verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.rules._facts import AsOf, Facts
    from relex.rules._verdicts import Verdict

__all__ = ["evaluate"]

_RULE = _checks.a(Rule)
_FACTS = _checks.Check("a mapping", lambda value: value.__class__ is dict or isinstance(value, Mapping))
_AS_OF = _checks.Check(
    "a datetime with a time zone, a date, or None",
    lambda value: value is None or ((seen := read(value)) is not None and seen[0] in {Kind.DAY, Kind.INSTANT}),
)


def evaluate(rule: Rule, facts: Facts, as_of: AsOf = None) -> Verdict:
    """Judge a rule and explain the answer.

    Args:
        rule: The rule.
        facts: The facts by name; a name that is not there, or whose value is None, is missing.
        as_of: From when spans are measured; without it rules about spans are unknown.

    Raises:
        InvalidValue: When the rule is no rule, the facts no mapping, or `as_of` has no time zone. Facts of any type are
            accepted; one that cannot be judged is unknown.

    Example:
        >>> from relex.rules import field
        >>> print(evaluate((field("total") >= 50) & (field("tier") == "gold"), {"total": 60}))
        ? all of these
          ✓ total is at least 50 (found 60)
          ? tier is gold [missing:tier]

    .. versionadded:: 0.1.0
    """
    _RULE.require("evaluate.rule", rule)
    _FACTS.require("evaluate.facts", facts)
    _AS_OF.require("evaluate.as_of", as_of)
    return _judged(rule, facts, as_of)


def _judged(rule: Rule, facts: Facts, as_of: AsOf) -> Verdict:
    return _JUDGES[rule.__class__](rule, facts, as_of)


def _leaf(rule: Leaf, facts: Facts, as_of: AsOf) -> Verdict:
    found = facts.get(rule.fact)
    if found is None:
        return verdict(None, rule, None, f"missing:{rule.fact}", ())
    answer = rule.answer(found, as_of)
    return verdict(answer, rule, found, None if answer is not None else rule.reason(found), ())


def _is_missing(rule: IsMissing, facts: Facts, _as_of: AsOf) -> Verdict:
    found = facts.get(rule.fact)
    return verdict(found is None, rule, found, None, ())


def _all_of(rule: AllOf, facts: Facts, as_of: AsOf) -> Verdict:
    parts = tuple([_JUDGES[part.__class__](part, facts, as_of) for part in rule.rules])
    return verdict(all_true([part.answer for part in parts]), rule, None, None, parts)


def _any_of(rule: AnyOf, facts: Facts, as_of: AsOf) -> Verdict:
    parts = tuple([_JUDGES[part.__class__](part, facts, as_of) for part in rule.rules])
    return verdict(any_true([part.answer for part in parts]), rule, None, None, parts)


def _at_least(rule: AtLeast, facts: Facts, as_of: AsOf) -> Verdict:
    parts = tuple([_JUDGES[part.__class__](part, facts, as_of) for part in rule.rules])
    return verdict(at_least(rule.n, [part.answer for part in parts]), rule, None, None, parts)


def _not(rule: Not, facts: Facts, as_of: AsOf) -> Verdict:
    part = _judged(rule.rule, facts, as_of)
    return verdict(opposite(part.answer), rule, None, None, (part,))


def _of_children(rule: OfChildren, facts: Facts, as_of: AsOf) -> Verdict:
    found = child_facts(facts, rule.children)
    if isinstance(found, str):
        return verdict(None, rule, None, found, ())
    scopes = [scope(facts, child) for child in found]
    parts = tuple([_judged(rule.rule, inside, as_of) for inside in scopes])
    return _CONCLUSIONS[rule.__class__](rule, scopes, parts)


def _any_child(rule: AnyChild, _scopes: list[Facts], parts: tuple[Verdict, ...]) -> Verdict:
    return verdict(any_true([part.answer for part in parts]), rule, None, None, parts)


def _all_children(rule: AllChildren, _scopes: list[Facts], parts: tuple[Verdict, ...]) -> Verdict:
    return verdict(all_true([part.answer for part in parts]), rule, None, None, parts)


def _count_of(rule: CountOf, _scopes: list[Facts], parts: tuple[Verdict, ...]) -> Verdict:
    answers = [part.answer for part in parts]
    sure, open_ = answers.count(True), answers.count(None)
    return verdict(counted(rule.op, rule.n, answers), rule, (sure, sure + open_) if open_ else sure, None, parts)


def _sum_of(rule: SumOf, scopes: list[Facts], parts: tuple[Verdict, ...]) -> Verdict:
    if any(part.answer is None for part in parts):
        return verdict(None, rule, None, None, parts)
    found = total(rule.fact, [inside for inside, part in zip(scopes, parts, strict=True) if part.answer])
    if isinstance(found, str):
        return verdict(None, rule, None, found, parts)
    return verdict(OPERATORS[rule.op](found, rule.amount), rule, found, None, parts)


_JUDGES: ByRule[Callable[[Any, Facts, AsOf], Verdict]] = ByRule(
    {
        **dict.fromkeys((Compare, IsIn, Between, Contains, StartsWith, EqualsIgnoringCase, Within, Beyond), _leaf),
        IsMissing: _is_missing,
        AllOf: _all_of,
        AnyOf: _any_of,
        AtLeast: _at_least,
        Not: _not,
        **dict.fromkeys((AnyChild, AllChildren, CountOf, SumOf), _of_children),
    }
)

_CONCLUSIONS: dict[type[Rule], Callable[[Any, list[Any], tuple[Verdict, ...]], Verdict]] = {
    AnyChild: _any_child,
    AllChildren: _all_children,
    CountOf: _count_of,
    SumOf: _sum_of,
}
