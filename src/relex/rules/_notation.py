"""How rules are written: `field("total") >= 50`, `any_line(...)`, `children("members").count(...) >= 2`."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from relex import _checks
from relex.errors import InvalidValue
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
from relex.rules._nodes import TRUE, Rule
from relex.rules._times import Beyond, Within

if TYPE_CHECKING:
    from relex.rules._facts import Constant

__all__ = [
    "Children",
    "Count",
    "Sum",
    "Term",
    "all_lines",
    "any_line",
    "children",
    "count_lines",
    "field",
    "sum_lines",
]

_BRACKETS = "put each comparison in parentheses: (field('a') == 1) & (field('b') == 2)"


class _Comparable:
    """What can stand to the left of a comparison: it makes rules, and has no truth of its own."""

    __slots__ = ()

    @abstractmethod
    def _compare(self, op: str, other: Any) -> Rule:
        """The rule that compares this with a constant."""

    def __eq__(self, other: object) -> Rule:  # type: ignore[override]
        return self._compare("==", other)

    def __ne__(self, other: object) -> Rule:  # type: ignore[override]
        return self._compare("!=", other)

    def __lt__(self, other: Any) -> Rule:
        return self._compare("<", other)

    def __le__(self, other: Any) -> Rule:
        return self._compare("<=", other)

    def __gt__(self, other: Any) -> Rule:
        return self._compare(">", other)

    def __ge__(self, other: Any) -> Rule:
        return self._compare(">=", other)

    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        raise TypeError("a field has no truth of its own: compare it, as in field('total') >= 50")

    def _unclear(self, _other: object) -> NoReturn:
        raise TypeError(_BRACKETS)

    __and__ = __rand__ = __or__ = __ror__ = _unclear


@attrs.frozen(eq=False, repr=False)
class Term(_Comparable):
    """A fact by its name, to the left of a comparison; made by `field`.

    .. versionadded:: 0.1.0
    """

    name: str

    def _compare(self, op: str, other: Any) -> Rule:
        return Compare(self.name, op, other)

    def is_in(self, *choices: Any) -> Rule:
        """The fact equals one of the choices, given one by one or as one list, tuple or set."""
        if len(choices) == 1 and isinstance(choices[0], (list, tuple)):
            return IsIn(self.name, tuple(choices[0]))
        if len(choices) == 1 and isinstance(choices[0], (set, frozenset)):
            return IsIn(self.name, tuple(sorted(choices[0], key=repr)))
        return IsIn(self.name, choices)

    def between(self, low: Constant, high: Constant) -> Rule:
        """The fact lies between the two, both included."""
        return Between(self.name, low, high)

    def contains(self, item: str) -> Rule:
        """The fact, a tuple of str, contains the item."""
        return Contains(self.name, (item,))

    def contains_any(self, *items: str) -> Rule:
        """The fact, a tuple of str, contains at least one of the items."""
        return Contains(self.name, items, every=False)

    def contains_all(self, *items: str) -> Rule:
        """The fact, a tuple of str, contains each of the items."""
        return Contains(self.name, items)

    def starts_with(self, text: str) -> Rule:
        """The fact, a text, starts with the other text."""
        return StartsWith(self.name, text)

    def equals_ignoring_case(self, text: str) -> Rule:
        """The fact, a text, equals the other text once the case of both is folded."""
        return EqualsIgnoringCase(self.name, text)

    def is_missing(self) -> Rule:
        """The fact is not there, or None."""
        return IsMissing(self.name)

    def within(
        self, span: timedelta | None = None, *, days: int | None = None, hours: int = 0, minutes: int = 0
    ) -> Rule:
        """The fact lies at most so long before `as_of`, and not after it."""
        return Within(self.name, _needed("within", span, days, hours, minutes))

    def within_next(
        self, span: timedelta | None = None, *, days: int | None = None, hours: int = 0, minutes: int = 0
    ) -> Rule:
        """The fact lies at most so long after `as_of`, and not before it."""
        return Within(self.name, _needed("within_next", span, days, hours, minutes), ahead=True)

    def before(self, when: date | timedelta | None = None, *, days: int = 0, hours: int = 0, minutes: int = 0) -> Rule:
        """The fact lies before a date or datetime, or more than so long before `as_of`; the edge itself is left out.

        `before()` is before `as_of`, `before(days=30)` more than 30 days before it.
        """
        if isinstance(when, date):
            _require_alone("before", days, hours, minutes)
            return Compare(self.name, "<", when)
        return Beyond(self.name, _span("before", when, days, hours, minutes))

    def after(self, when: date | timedelta | None = None, *, days: int = 0, hours: int = 0, minutes: int = 0) -> Rule:
        """The fact lies after a date or datetime, or more than so long after `as_of`; the edge itself is left out.

        `after()` is after `as_of`, `after(days=30)` more than 30 days after it.
        """
        if isinstance(when, date):
            _require_alone("after", days, hours, minutes)
            return Compare(self.name, ">", when)
        return Beyond(self.name, _span("after", when, days, hours, minutes), ahead=True)

    def __repr__(self) -> str:
        return f"field({self.name!r})"


@attrs.frozen(eq=False)
class Count(_Comparable):
    """How many children a rule is True of, to the left of a comparison with an int; made by `count`.

    .. versionadded:: 0.1.0
    """

    children: str
    rule: Rule

    def _compare(self, op: str, other: Any) -> Rule:
        return CountOf(self.children, self.rule, op=op, n=other)


@attrs.frozen(eq=False)
class Sum(_Comparable):
    """A sum over the children that a rule is True of, to the left of a comparison with an int or Decimal.

    .. versionadded:: 0.1.0
    """

    children: str
    fact: str
    rule: Rule

    def _compare(self, op: str, other: Any) -> Rule:
        return SumOf(self.children, self.rule, fact=self.fact, op=op, amount=other)


@attrs.frozen
class Children:
    """Child facts by their name; made by `children`.

    .. versionadded:: 0.1.0
    """

    name: str

    def any(self, rule: Rule = TRUE) -> Rule:
        """The rule is True of at least one child; False when there are no children."""
        return AnyChild(self.name, rule)

    def all(self, rule: Rule) -> Rule:
        """The rule is True of every child; True when there are no children."""
        return AllChildren(self.name, rule)

    def count(self, rule: Rule = TRUE) -> Count:
        """How many children the rule is True of."""
        return Count(self.name, rule)

    def sum(self, fact: str, where: Rule = TRUE) -> Sum:
        """The sum of a number over the children that the rule is True of."""
        return Sum(self.name, fact, where)


def field(name: str) -> Term:
    """A fact by its name, to be compared.

    Raises:
        InvalidValue: When the name is empty or no str.

    Example:
        >>> from relex.rules import evaluate, field
        >>> rule = (field("total") >= 50) & field("tier").is_in("gold", "platinum")
        >>> evaluate(rule, {"total": 50, "tier": "gold"}).answer
        True

    .. versionadded:: 0.1.0
    """
    _checks.text.require("field.name", name)
    return Term(name)


def children(name: str) -> Children:
    """Child facts by their name, to be quantified, counted or summed.

    Raises:
        InvalidValue: When the name is empty or no str.

    Example:
        >>> from relex.rules import children, evaluate, field
        >>> rule = children("members").count(field("age") < 18) >= 2
        >>> evaluate(rule, {"members": ({"age": 9}, {"age": 12}, {"age": 41})}).answer
        True

    .. versionadded:: 0.1.0
    """
    _checks.text.require("children.name", name)
    return Children(name)


def any_line(rule: Rule = TRUE) -> Rule:
    """The rule is True of at least one line; the children named `lines`.

    Example:
        >>> from relex.rules import any_line, evaluate, field
        >>> rule = any_line(field("line.category") == "coffee")
        >>> evaluate(rule, {"lines": ({"line.category": "tea"}, {"line.category": "coffee"})}).answer
        True

    .. versionadded:: 0.1.0
    """
    return AnyChild("lines", rule)


def all_lines(rule: Rule) -> Rule:
    """The rule is True of every line; True when there are none.

    Example:
        >>> from relex.rules import all_lines, evaluate, field
        >>> evaluate(all_lines(field("line.net") > 0), {"lines": ()}).answer
        True

    .. versionadded:: 0.1.0
    """
    return AllChildren("lines", rule)


def count_lines(rule: Rule = TRUE) -> Count:
    """How many lines the rule is True of, to be compared with an int.

    Example:
        >>> from relex.rules import count_lines, evaluate, field
        >>> evaluate(count_lines(field("line.net") > 5) >= 1, {"lines": ({"line.net": 6},)}).answer
        True

    .. versionadded:: 0.1.0
    """
    return Count("lines", rule)


def sum_lines(fact: str, where: Rule = TRUE) -> Sum:
    """The sum of a number over the lines that the rule is True of, to be compared with an int or Decimal.

    Example:
        >>> from relex.rules import evaluate, sum_lines
        >>> evaluate(sum_lines("line.net") >= 10, {"lines": ({"line.net": 6}, {"line.net": 4})}).answer
        True

    .. versionadded:: 0.1.0
    """
    return Sum("lines", fact, where)


def _needed(path: str, span: timedelta | None, days: int | None, hours: int, minutes: int) -> timedelta:
    if span is None and days is None and not (hours or minutes):
        raise InvalidValue(f"{path}.span", span, "a timedelta, or days, hours or minutes")
    return _span(path, span, 0 if days is None else days, hours, minutes)


def _require_alone(path: str, *counts: int) -> None:
    """Refuse a span beside a date: one says when, the other how long before or after `as_of`."""
    if any(counts):
        raise InvalidValue(path, counts, "a date, or days, hours and minutes, but not both")


def _span(path: str, span: Any, days: int, hours: int, minutes: int) -> timedelta:
    if span is not None:
        _checks.elapsed.require(f"{path}.span", span)
    for name, count in (("days", days), ("hours", hours), ("minutes", minutes)):
        _checks.whole(least=0, most=1_000_000).require(f"{path}.{name}", count)
    try:
        return (span or timedelta(0)) + timedelta(days=days, hours=hours, minutes=minutes)
    except OverflowError:
        raise InvalidValue(f"{path}.span", span, "a span below 1,000,000,000 days") from None
