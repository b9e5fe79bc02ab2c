"""Rules as plain predicates: one closure for each node, with the same answers as `evaluate` and no explanation."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Protocol

from relex import _checks
from relex.rules._children import AllChildren, AnyChild, CountOf, SumOf
from relex.rules._facts import USUAL, Kind
from relex.rules._kleene import all_true, any_true, at_least, counted
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

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.rules._facts import AsOf, Facts

__all__ = ["Predicate", "compile_rule"]


class Predicate(Protocol):
    """A rule as a function of facts.

    .. versionadded:: 0.1.0
    """

    def __call__(self, facts: Facts, as_of: AsOf = None, /) -> bool | None:
        """True, False, or None for unknown."""
        ...


def compile_rule(rule: Rule) -> Predicate:
    """The rule as a plain fast predicate that answers as `evaluate` does, for all facts.

    The predicate does not check its arguments: without a time zone `as_of` is as good as none.

    Raises:
        InvalidValue: When it is no rule.

    Example:
        >>> from relex.rules import field
        >>> large = compile_rule(field("total") >= 50)
        >>> large({"total": 50}), large({"total": 49}), large({})
        (True, False, None)

    .. versionadded:: 0.1.0
    """
    _checks.a(Rule).require("compile_rule.rule", rule)
    return _compiled(rule)


def _compiled(rule: Rule) -> Predicate:
    return _COMPILERS[type(rule)](rule)


def _leaf(rule: Leaf) -> Predicate:
    fact, answer = rule.fact, rule.answer

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        found = facts.get(fact)
        return None if found is None else answer(found, as_of)

    return test


def _compare(rule: Compare) -> Predicate:
    """A comparison that first tries the class that its kind of fact nearly always has."""
    fact, answer, compare, (kind, constant) = rule.fact, rule.answer, OPERATORS[rule.op], rule.reading
    usual = USUAL.get(kind)
    if usual is None:
        return _leaf(rule)
    if usual is int:
        return _number(rule, lambda found: compare(found, constant))

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        found = facts.get(fact)
        if found.__class__ is usual:
            return compare(found, constant)
        return None if found is None else answer(found, as_of)

    return test


def _between(rule: Between) -> Predicate:
    """A range that first tries the classes of numbers."""
    kind, low, high = rule.range
    return _number(rule, lambda found: low <= found <= high) if kind is Kind.NUMBER else _leaf(rule)


def _number(rule: Leaf, passes: Callable[[Any], bool]) -> Predicate:
    """A leaf about a number, most of which are int or a finite Decimal."""
    fact, answer = rule.fact, rule.answer

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        found = facts.get(fact)
        if found.__class__ is int or (found.__class__ is Decimal and found.is_finite()):  # pyright: ignore[reportOptionalMemberAccess] - a Decimal
            return passes(found)
        return None if found is None else answer(found, as_of)

    return test


def _is_in(rule: IsIn) -> Predicate:
    """A listing that first tries the class that its kind of fact nearly always has."""
    fact, answer, usual = rule.fact, rule.answer, USUAL.get(min(rule.kinds))
    listed = frozenset(value for _, value in rule.readings)
    if usual is None or len(rule.kinds) > 1:
        return _leaf(rule)

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        found = facts.get(fact)
        if found.__class__ is usual:
            return found in listed
        return None if found is None else answer(found, as_of)

    return test


def _starts_with(rule: StartsWith) -> Predicate:
    """A start that first tries plain text."""
    fact, answer, start = rule.fact, rule.answer, rule.text

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        found = facts.get(fact)
        if found.__class__ is str:
            return found.startswith(start)  # pyright: ignore[reportOptionalMemberAccess] - a str
        return None if found is None else answer(found, as_of)

    return test


def _contains(rule: Contains) -> Predicate:
    """Items of a tuple that first tries one of plain texts."""
    fact, answer, items, every = rule.fact, rule.answer, frozenset(rule.items), rule.every

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        found = facts.get(fact)
        if found.__class__ is tuple and _TEXT.issuperset(map(type, found)):  # pyright: ignore[reportArgumentType] - a tuple
            return items.issubset(found) if every else not items.isdisjoint(found)  # pyright: ignore[reportArgumentType] - as above
        return None if found is None else answer(found, as_of)

    return test


_TEXT: Final = frozenset({str})


def _is_missing(rule: IsMissing) -> Predicate:
    fact = rule.fact
    return lambda facts, as_of=None: facts.get(fact) is None  # noqa: ARG005 - one shape for all


def _all_of(rule: AllOf) -> Predicate:
    tests = [_compiled(part) for part in rule.rules]

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        answer: bool | None = True
        for part in tests:
            found = part(facts, as_of)
            if found is False:
                return False
            if found is None:
                answer = None
        return answer

    return test


def _any_of(rule: AnyOf) -> Predicate:
    tests = [_compiled(part) for part in rule.rules]

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        answer: bool | None = False
        for part in tests:
            found = part(facts, as_of)
            if found is True:
                return True
            if found is None:
                answer = None
        return answer

    return test


def _not(rule: Not) -> Predicate:
    part = _compiled(rule.rule)

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        answer = part(facts, as_of)
        return None if answer is None else not answer

    return test


def _at_least(rule: AtLeast) -> Predicate:
    n, tests = rule.n, [_compiled(part) for part in rule.rules]
    return lambda facts, as_of=None: at_least(n, [part(facts, as_of) for part in tests])


def _any_child(rule: AnyChild) -> Predicate:
    return _over_children(rule, any_true)


def _all_children(rule: AllChildren) -> Predicate:
    return _over_children(rule, all_true)


def _count_of(rule: CountOf) -> Predicate:
    op, n = rule.op, rule.n
    return _over_children(rule, lambda answers: counted(op, n, answers))


def _over_children(rule: AnyChild | AllChildren | CountOf, conclude: Callable[[Any], bool | None]) -> Predicate:
    name, part = rule.children, _compiled(rule.rule)

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        found = child_facts(facts, name)
        return None if isinstance(found, str) else conclude([part(scope(facts, child), as_of) for child in found])

    return test


def _sum_of(rule: SumOf) -> Predicate:
    name, fact, part, compare, amount = rule.children, rule.fact, _compiled(rule.rule), OPERATORS[rule.op], rule.amount

    def test(facts: Facts, as_of: AsOf = None) -> bool | None:
        found = child_facts(facts, name)
        if isinstance(found, str):
            return None
        judged = [(inside, part(inside, as_of)) for child in found for inside in (scope(facts, child),)]
        if any(answer is None for _, answer in judged):
            return None
        added = total(fact, [inside for inside, answer in judged if answer])
        return None if isinstance(added, str) else compare(added, amount)

    return test


_COMPILERS: ByRule[Callable[[Any], Predicate]] = ByRule(
    {
        **dict.fromkeys((EqualsIgnoringCase, Within, Beyond), _leaf),
        Contains: _contains,
        StartsWith: _starts_with,
        Compare: _compare,
        IsIn: _is_in,
        Between: _between,
        IsMissing: _is_missing,
        AllOf: _all_of,
        AnyOf: _any_of,
        Not: _not,
        AtLeast: _at_least,
        AnyChild: _any_child,
        AllChildren: _all_children,
        CountOf: _count_of,
        SumOf: _sum_of,
    }
)
