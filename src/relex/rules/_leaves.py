"""Rules about one fact: comparisons, membership, text and tags.

Each leaf answers for one value that was found, in `answer`, and everything that judges rules goes by that answer.
"""

from __future__ import annotations

import operator
from abc import abstractmethod
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules._facts import ORDERED, Kind, constant, plain, read
from relex.rules._nodes import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.rules._facts import AsOf, TypedValue

__all__ = [
    "OPERATOR",
    "OPERATORS",
    "Between",
    "Compare",
    "Contains",
    "EqualsIgnoringCase",
    "IsIn",
    "IsMissing",
    "Leaf",
    "StartsWith",
]

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

OPERATOR = _checks.Check(f"one of {' '.join(OPERATORS)}", lambda value: isinstance(value, str) and value in OPERATORS)

_TEXT = frozenset({Kind.TEXT})
_TEXTS = frozenset({Kind.TEXTS})

_filled = _checks.Check("a tuple that is not empty", lambda value: isinstance(value, tuple) and value != ())


def _plain_each(choices: Any) -> Any:
    return tuple(map(plain, choices)) if isinstance(choices, tuple) else choices


@attrs.frozen(repr=False)
class Leaf(Rule):
    """A rule about one fact.

    Attributes:
        fact: The name of the fact.

    .. versionadded:: 0.1.0
    """

    fact: str = attrs.field(validator=_checks.text)

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of facts that the rule can be asked of."""
        return frozenset(Kind)

    def suits(self, kind: Kind) -> bool:
        """Whether the rule can be asked of facts of this kind."""
        return kind in self.kinds

    @abstractmethod
    def answer(self, found: object, as_of: AsOf) -> bool | None:
        """The answer for a value that is not None; None when the value is of a kind that cannot be judged."""

    def reason(self, found: object) -> str:  # noqa: ARG002 - some leaves need it
        """Why there is no answer for a value that is not None."""
        return f"type:{self.fact}"

    def _asks(self) -> tuple[str, ...]:
        return (self.fact,)


@tagged("rule.compare")
@attrs.frozen(repr=False)
class Compare(Leaf):
    """A fact against a constant; written `field("total") >= 50`.

    Values of different kinds are not equal (so `!=` is True) and have no order (so `<` is unknown).

    Attributes:
        fact: The name of the fact.
        op: One of `==`, `!=`, `<`, `<=`, `>`, `>=`.
        constant: What the fact is compared with; only numbers, text, dates and instants have an order. Text is ordered
            by code points.

    Raises:
        InvalidValue: For another operator, a constant that is no fact (a float, None, a datetime without a time zone),
            or an order of flags or tuples.

    .. versionadded:: 0.1.0
    """

    op: str = attrs.field(validator=OPERATOR)
    constant: str | int | Decimal | bool | date | datetime | tuple[str, ...] = attrs.field(eq=False, converter=plain)
    _reading: tuple[Kind, Any] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        reading = constant("Compare.constant", self.constant)
        if self.op not in {"==", "!="} and reading[0] not in ORDERED:
            raise InvalidValue("Compare.constant", self.constant, f"a number, text, date or datetime after {self.op}")
        object.__setattr__(self, "_reading", reading)

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of facts that the rule can be asked of."""
        return frozenset({self._reading[0]})

    @property
    def reading(self) -> TypedValue:
        """The kind of the constant and its plain form."""
        return self._reading

    def answer(self, found: object, as_of: AsOf) -> bool | None:  # noqa: ARG002 - some leaves need it
        """The answer for a value that is not None."""
        seen = read(found)
        if seen is None:
            return None
        if seen[0] is not self._reading[0]:
            return {"==": False, "!=": True}.get(self.op)
        return OPERATORS[self.op](seen[1], self._reading[1])

    def __repr__(self) -> str:
        return f"field({self.fact!r}) {self.op} {self.constant!r}"


@tagged("rule.is_in")
@attrs.frozen(repr=False)
class IsIn(Leaf):
    """The fact equals one of the choices; written `field("tier").is_in("gold", "platinum")`.

    Attributes:
        fact: The name of the fact.
        choices: At least one constant; their order means nothing.

    Raises:
        InvalidValue: Without choices, or for a choice that is no fact, or a tuple.

    .. versionadded:: 0.1.0
    """

    choices: tuple[str | int | Decimal | bool | date | datetime, ...] = attrs.field(
        eq=False, converter=_plain_each, validator=_filled
    )
    _readings: frozenset[tuple[Kind, Any]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        readings = [_choice(f"IsIn.choices[{index}]", choice) for index, choice in enumerate(self.choices)]
        object.__setattr__(self, "_readings", frozenset(readings))

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of facts that the rule can be asked of."""
        return frozenset(kind for kind, _ in self._readings)

    def suits(self, kind: Kind) -> bool:
        """Whether every choice is of this kind."""
        return self.kinds == {kind}

    @property
    def readings(self) -> frozenset[TypedValue]:
        """The kinds of the choices and their plain forms."""
        return self._readings

    def answer(self, found: object, as_of: AsOf) -> bool | None:  # noqa: ARG002 - some leaves need it
        """The answer for a value that is not None."""
        seen = read(found)
        return None if seen is None else seen in self._readings

    def __repr__(self) -> str:
        return f"field({self.fact!r}).is_in({', '.join(map(repr, self.choices))})"


@tagged("rule.between")
@attrs.frozen(repr=False)
class Between(Leaf):
    """The fact lies between two constants, both included; written `field("age").between(30, 39)`.

    Attributes:
        fact: The name of the fact.
        low: The least that passes.
        high: The greatest that passes; not below `low`.

    Raises:
        InvalidValue: For bounds without an order, of two kinds, or in the wrong order.

    .. versionadded:: 0.1.0
    """

    low: str | int | Decimal | date | datetime = attrs.field(eq=False, converter=plain)
    high: str | int | Decimal | date | datetime = attrs.field(eq=False, converter=plain)
    _range: tuple[Kind, Any, Any] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        kind, low = constant("Between.low", self.low)
        other, high = constant("Between.high", self.high)
        if kind not in ORDERED:
            raise InvalidValue("Between.low", self.low, "a number, text, date or datetime")
        if other is not kind or high < low:
            raise InvalidValue("Between.high", self.high, f"a {kind} not below {self.low!r}")
        object.__setattr__(self, "_range", (kind, low, high))

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of facts that the rule can be asked of."""
        return frozenset({self._range[0]})

    @property
    def range(self) -> tuple[Kind, Any, Any]:
        """The kind of the bounds and their plain forms."""
        return self._range

    def answer(self, found: object, as_of: AsOf) -> bool | None:  # noqa: ARG002 - some leaves need it
        """The answer for a value that is not None."""
        seen = read(found)
        kind, low, high = self._range
        return None if seen is None or seen[0] is not kind else low <= seen[1] <= high

    def __repr__(self) -> str:
        return f"field({self.fact!r}).between({self.low!r}, {self.high!r})"


@tagged("rule.contains")
@attrs.frozen(repr=False)
class Contains(Leaf):
    """A fact that is a tuple of str contains the items; written `field("tags").contains("vip")`.

    Attributes:
        fact: The name of the fact.
        items: At least one str.
        every: Whether every item has to be there; otherwise one is enough.

    Raises:
        InvalidValue: Without items, or for an item that is no str.

    .. versionadded:: 0.1.0
    """

    items: tuple[str, ...] = attrs.field(eq=frozenset, converter=plain, validator=_filled)
    every: bool = attrs.field(default=True, validator=_checks.flag)

    def __attrs_post_init__(self) -> None:
        if read(self.items) is None:
            raise InvalidValue("Contains.items", self.items, "a tuple of str")

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of facts that the rule can be asked of."""
        return _TEXTS

    def answer(self, found: object, as_of: AsOf) -> bool | None:  # noqa: ARG002 - some leaves need it
        """The answer for a value that is not None."""
        seen = read(found)
        if seen is None or seen[0] is not Kind.TEXTS:
            return None
        return (all if self.every else any)(item in seen[1] for item in self.items)

    def __repr__(self) -> str:
        verb = "contains" if self.every and len(self.items) == 1 else "contains_all" if self.every else "contains_any"
        return f"field({self.fact!r}).{verb}({', '.join(map(repr, self.items))})"


@attrs.frozen(repr=False)
class _TextLeaf(Leaf):
    """A leaf about a fact that is text."""

    text: str = attrs.field(validator=_checks.text)

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of facts that the rule can be asked of."""
        return _TEXT

    def answer(self, found: object, as_of: AsOf) -> bool | None:  # noqa: ARG002 - some leaves need it
        """The answer for a value that is not None."""
        seen = read(found)
        return None if seen is None or seen[0] is not Kind.TEXT else self._passes(seen[1])

    @abstractmethod
    def _passes(self, found: str) -> bool:
        """The answer for a text."""


@tagged("rule.starts_with")
@attrs.frozen(repr=False)
class StartsWith(_TextLeaf):
    """A text starts with another, capitals and small letters told apart; written `field("sku").starts_with("A-")`.

    Attributes:
        fact: The name of the fact.
        text: The start; not empty.

    .. versionadded:: 0.1.0
    """

    def _passes(self, found: str) -> bool:
        return found.startswith(self.text)

    def __repr__(self) -> str:
        return f"field({self.fact!r}).starts_with({self.text!r})"


@tagged("rule.equals_ignoring_case")
@attrs.frozen(repr=False)
class EqualsIgnoringCase(_TextLeaf):
    """Two texts are equal once their case is folded (Unicode `casefold`: Straße equals STRASSE).

    Written `field("city").equals_ignoring_case("Oslo")`.

    Attributes:
        fact: The name of the fact.
        text: The other text; not empty.

    .. versionadded:: 0.1.0
    """

    def _passes(self, found: str) -> bool:
        return found.casefold() == self.text.casefold()

    def __repr__(self) -> str:
        return f"field({self.fact!r}).equals_ignoring_case({self.text!r})"


@tagged("rule.is_missing")
@attrs.frozen(repr=False)
class IsMissing(Leaf):
    """The fact is not there, or None; written `field("email").is_missing()`. It is never unknown.

    Attributes:
        fact: The name of the fact.

    .. versionadded:: 0.1.0
    """

    def answer(self, found: object, as_of: AsOf) -> bool | None:  # noqa: ARG002 - some leaves need them
        """The answer for a value that is not None."""
        return False

    def __repr__(self) -> str:
        return f"field({self.fact!r}).is_missing()"


def _choice(path: str, choice: object) -> TypedValue:
    reading = constant(path, choice)
    if reading[0] is Kind.TEXTS:
        raise InvalidValue(path, choice, "a constant that is no tuple")
    return reading
