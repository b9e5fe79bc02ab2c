"""Rules in plain English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.rules._children import AllChildren, AnyChild, CountOf, SumOf
from relex.rules._leaves import (
    Between,
    Compare,
    Contains,
    EqualsIgnoringCase,
    IsIn,
    IsMissing,
    StartsWith,
)
from relex.rules._nodes import TRUE, AllOf, AnyOf, AtLeast, ByRule, Not, Rule
from relex.rules._times import Beyond, Within

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

__all__ = ["describe", "heading"]

_WORDS = {"==": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_LONGEST_LIST = 12


def describe(rule: Rule) -> str:
    """The rule in plain English, one line; a part that is itself joined stands in parentheses.

    Raises:
        InvalidValue: When it is no rule.

    Example:
        >>> from relex.rules import any_line, field
        >>> describe((field("total") >= 50) & ~field("tier").is_in("gold", "platinum"))
        'total is at least 50, and not (tier is gold or platinum)'
        >>> describe(any_line(field("line.category") == "coffee"))
        'for at least one of lines, line.category is coffee'

    .. versionadded:: 0.1.0
    """
    return _SAID[type(rule)](rule)


def heading(rule: Rule) -> str:
    """The rule in a few words, where its parts are listed below it."""
    words = {AllOf: "all of these", AnyOf: "any of these", Not: "not this"}.get(type(rule))
    if isinstance(rule, AtLeast):
        words = f"at least {rule.n} of these"
    return words if words is not None and rule.parts else describe(rule)


def _compare(rule: Compare) -> str:
    return f"{rule.fact} {_WORDS[rule.op]} {_value(rule.constant)}"


def _is_in(rule: IsIn) -> str:
    return f"{rule.fact} is {_listed(rule.choices, 'or')}"


def _between(rule: Between) -> str:
    return f"{rule.fact} is from {_value(rule.low)} to {_value(rule.high)}"


def _contains(rule: Contains) -> str:
    return f"{rule.fact} contains {_listed(rule.items, 'and' if rule.every else 'or')}"


def _starts_with(rule: StartsWith) -> str:
    return f"{rule.fact} starts with {_value(rule.text)}"


def _equals_ignoring_case(rule: EqualsIgnoringCase) -> str:
    return f"{rule.fact} is {_value(rule.text)} in any case"


def _is_missing(rule: IsMissing) -> str:
    return f"{rule.fact} is missing"


def _within(rule: Within) -> str:
    return f"{rule.fact} is within the {'next' if rule.ahead else 'last'} {_span(rule.span)}"


def _beyond(rule: Beyond) -> str:
    side = "ahead" if rule.ahead else "ago"
    if not rule.span:
        return f"{rule.fact} is {'still ahead' if rule.ahead else 'past'}"
    return f"{rule.fact} is more than {_span(rule.span)} {side}"


def _all_of(rule: AllOf) -> str:
    return ", and ".join(map(_bracketed, rule.rules)) or "always"


def _any_of(rule: AnyOf) -> str:
    return ", or ".join(map(_bracketed, rule.rules)) or "never"


def _not(rule: Not) -> str:
    return f"not ({describe(rule.rule)})"


def _at_least(rule: AtLeast) -> str:
    return f"at least {rule.n} of: " + "; ".join(map(_bracketed, rule.rules))


def _any_child(rule: AnyChild) -> str:
    if rule.rule == TRUE:
        return f"there is at least one of {rule.children}"
    return f"for at least one of {rule.children}, {_bracketed(rule.rule)}"


def _all_children(rule: AllChildren) -> str:
    return f"for each of {rule.children}, {_bracketed(rule.rule)}"


def _count_of(rule: CountOf) -> str:
    return f"the number of {rule.children}{_where(rule.rule)} {_WORDS[rule.op]} {rule.n}"


def _sum_of(rule: SumOf) -> str:
    return f"the sum of {rule.fact} over {rule.children}{_where(rule.rule)} {_WORDS[rule.op]} {_value(rule.amount)}"


_SAID: ByRule[Callable[[Any], str]] = ByRule(
    {
        Compare: _compare,
        IsIn: _is_in,
        Between: _between,
        Contains: _contains,
        StartsWith: _starts_with,
        EqualsIgnoringCase: _equals_ignoring_case,
        IsMissing: _is_missing,
        Within: _within,
        Beyond: _beyond,
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


def _bracketed(rule: Rule) -> str:
    return f"({describe(rule)})" if len(rule.parts) > 1 else describe(rule)


def _where(rule: Rule) -> str:
    return "" if rule == TRUE else f" where {_bracketed(rule)}"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return f"exactly {_listed(value, 'and')}" if value else "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    return '""' if value == "" else str(value)


def _listed(values: tuple[Any, ...], last: str) -> str:
    shown = [_value(value) for value in values[:_LONGEST_LIST]]
    if len(values) > _LONGEST_LIST:
        shown.append(f"{len(values) - _LONGEST_LIST} more")
    return f" {last} ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _span(span: timedelta) -> str:
    seconds = span.seconds + span.microseconds / 1_000_000
    counts = ((span.days, "day"), (span.seconds // 3600, "hour"), (span.seconds // 60 % 60, "minute"))
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count]
    if seconds % 60:
        parts.append(f"{seconds % 60:g} seconds")
    return " ".join(parts) or "instant"
