"""Rules as data: what every rule can do, and the logic that joins rules."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = [
    "FALSE",
    "MOST_DEPTH",
    "MOST_NODES",
    "MOST_REACH",
    "TRUE",
    "AllOf",
    "AnyOf",
    "AtLeast",
    "ByRule",
    "Not",
    "Rule",
    "measure",
]

T = TypeVar("T")

MOST_DEPTH = 50
"""How many rules may stand inside each other; a stored rule has to fit into the values that hold it."""

MOST_NODES = 10_000
"""How many nodes one rule may have."""

MOST_REACH = 3
"""How many rules about child facts may stand inside each other: each multiplies the work by the number of children."""

_NO_TRUTH = (
    "a rule has no truth of its own: join rules with &, | and ~ (never and, or, not), "
    "write between(a, b) for a chained comparison, and ask evaluate(rule, facts)"
)


@attrs.frozen(repr=False)
class Rule:
    """A question about facts that is answered True, False or None (unknown).

    Rules are made with `field(...)` and joined with `&`, `|` and `~`; they are frozen, hashable and comparable.
    Missing facts are unknown, and the logic is Kleene's: an unknown part changes nothing that the other parts decide.

    Attributes:
        depth: How many rules stand inside each other, this one counted; at most 50.
        size: How many nodes the rule has in all, this one counted; at most 10,000.
        reach: How many rules about child facts stand inside each other; at most 3.
        parts: The rules directly inside this one.
        names: Every fact that the rule asks about, those of child facts and the names of the children included.

    Example:
        >>> from relex.rules import field
        >>> (field("total") >= 50) & ~(field("tier") == "gold")
        (field('total') >= 50) & ~(field('tier') == 'gold')

    .. versionadded:: 0.1.0
    """

    _depth: int = attrs.field(default=1, init=False, eq=False)
    _size: int = attrs.field(default=1, init=False, eq=False)
    _reach: int = attrs.field(default=0, init=False, eq=False)

    descends: ClassVar[int] = 0

    @property
    def depth(self) -> int:
        """How many rules stand inside each other, this one counted; at most 50."""
        return self._depth

    @property
    def size(self) -> int:
        """How many nodes the rule has in all, this one counted; at most 10,000."""
        return self._size

    @property
    def reach(self) -> int:
        """How many rules about child facts stand inside each other; at most 3."""
        return self._reach

    @property
    def parts(self) -> tuple[Rule, ...]:
        """The rules directly inside this one."""
        return ()

    @property
    def names(self) -> frozenset[str]:
        """Every fact that the rule asks about, those of child facts and the names of the children included."""
        return frozenset(self._asks()).union(*(part.names for part in self.parts))

    def _asks(self) -> tuple[str, ...]:
        return ()

    def __and__(self, other: Rule) -> Rule:
        if not isinstance(other, Rule):
            return NotImplemented
        return _joined(AllOf, self, other)

    def __or__(self, other: Rule) -> Rule:
        if not isinstance(other, Rule):
            return NotImplemented
        return _joined(AnyOf, self, other)

    def __invert__(self) -> Rule:
        return Not(self)

    def __bool__(self) -> NoReturn:
        raise TypeError(_NO_TRUTH)

    def __copy__(self) -> Rule:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Rule:
        return self


@attrs.frozen(repr=False, init=False)
class _Joined(Rule):
    """What the joining rules share: any number of rules, by position or as one tuple."""

    rules: tuple[Rule, ...] = ()

    def __init__(self, *parts: Rule, rules: tuple[Rule, ...] = ()) -> None:
        _checks.a(tuple).require(f"{type(self).__name__}.rules", rules)
        object.__setattr__(self, "rules", parts + rules)
        measure(self)

    @property
    def parts(self) -> tuple[Rule, ...]:
        """The rules directly inside this one."""
        return self.rules


@tagged("rule.all_of")
@attrs.frozen(repr=False, init=False)
class AllOf(_Joined):
    """True when every rule is True, False when one is False; without rules it is True.

    `a & b & c` is the same as `AllOf(a, b, c)`.

    Attributes:
        rules: The rules, in the order given.

    Raises:
        InvalidValue: When a part is no rule, or the rule is too deep or too large.

    Example:
        >>> from relex.rules import AllOf, evaluate, field
        >>> evaluate(AllOf(field("a") == 1, field("b") == 2), {"b": 3}).answer
        False
        >>> evaluate(AllOf(), {}).answer
        True

    .. versionadded:: 0.1.0
    """

    def __repr__(self) -> str:
        return _notation(self, " & ")


@tagged("rule.any_of")
@attrs.frozen(repr=False, init=False)
class AnyOf(_Joined):
    """True when one rule is True, False when every rule is False; without rules it is False.

    `a | b | c` is the same as `AnyOf(a, b, c)`.

    Attributes:
        rules: The rules, in the order given.

    Raises:
        InvalidValue: When a part is no rule, or the rule is too deep or too large.

    Example:
        >>> from relex.rules import AnyOf, evaluate, field
        >>> print(evaluate(AnyOf(field("a") == 1, field("b") == 2), {"b": 3}).answer)
        None

    .. versionadded:: 0.1.0
    """

    def __repr__(self) -> str:
        return _notation(self, " | ")


@tagged("rule.not")
@attrs.frozen(repr=False)
class Not(Rule):
    """True when the rule is False, False when it is True, unknown when it is unknown.

    `~rule` is the same as `Not(rule)`, except that `~~rule` is the rule itself.

    Attributes:
        rule: The rule that is turned round.

    Raises:
        InvalidValue: When the part is no rule, or the rule is too deep or too large.

    Example:
        >>> from relex.rules import evaluate, field
        >>> evaluate(~(field("a") == 1), {"a": 2}).answer
        True

    .. versionadded:: 0.1.0
    """

    rule: Rule

    def __attrs_post_init__(self) -> None:
        measure(self)

    @property
    def parts(self) -> tuple[Rule, ...]:
        """The rule inside this one."""
        return (self.rule,)

    def __invert__(self) -> Rule:
        return self.rule

    def __repr__(self) -> str:
        return f"~{_bracketed(self.rule)}"


@tagged("rule.at_least")
@attrs.frozen(repr=False, init=False)
class AtLeast(_Joined):
    """True when at least `n` of the rules are True, False when so many can no longer be.

    Attributes:
        n: How many have to be True; 0 asks nothing.
        rules: The rules, in the order given.

    Raises:
        InvalidValue: When `n` is no int from 0 to the number of rules, a part is no rule, or the rule is too deep or
            too large.

    Example:
        >>> from relex.rules import AtLeast, evaluate, field
        >>> two = AtLeast(2, field("a") == 1, field("b") == 1, field("c") == 1)
        >>> evaluate(two, {"a": 1, "c": 1}).answer, evaluate(two, {"a": 0, "c": 0}).answer
        (True, False)

    .. versionadded:: 0.1.0
    """

    n: int = 0

    def __init__(self, n: int, *parts: Rule, rules: tuple[Rule, ...] = ()) -> None:
        super().__init__(*parts, rules=rules)
        _checks.whole(least=0, most=len(self.rules)).require("AtLeast.n", n)
        object.__setattr__(self, "n", n)

    def __repr__(self) -> str:
        return f"AtLeast({', '.join(map(repr, (self.n, *self.rules)))})"


def measure(rule: Rule) -> None:
    """Check the parts of a rule under construction and note its depth and size.

    Raises:
        InvalidValue: When a part is no rule, or the rule is too deep or too large.
    """
    name = type(rule).__name__
    for index, part in enumerate(rule.parts):
        if not isinstance(part, Rule):
            raise InvalidValue(
                f"{name}.rules[{index}]" if isinstance(rule, _Joined) else f"{name}.rule", part, "a Rule"
            )
    depth = 1 + max((part.depth for part in rule.parts), default=0)
    reach = rule.descends + max((part.reach for part in rule.parts), default=0)
    _note(rule, depth, 1 + sum(part.size for part in rule.parts), reach)


def _note(rule: Rule, depth: int, size: int, reach: int) -> None:
    if depth > MOST_DEPTH or size > MOST_NODES or reach > MOST_REACH:
        expected = f"a rule of at most {MOST_DEPTH} levels, {MOST_REACH} of them about children, and {MOST_NODES} nodes"
        raise InvalidValue(type(rule).__name__, f"{depth} levels, {reach} about children, {size} nodes", expected)
    object.__setattr__(rule, "_depth", depth)
    object.__setattr__(rule, "_size", size)
    object.__setattr__(rule, "_reach", reach)


def _joined(join: type[_Joined], left: Rule, right: Rule) -> Rule:
    """Two rules joined flat; a part that is joined in the same way gives its rules, so a chain stays one level deep."""
    lefts, rights = (rule.parts if type(rule) is join else (rule,) for rule in (left, right))
    if not (lefts and rights):
        return left if lefts else right
    rule = object.__new__(join)
    object.__setattr__(rule, "rules", lefts + rights)
    levels = [part.depth - (type(part) is join) for part in (left, right)]
    size = 1 + sum(part.size - (type(part) is join) for part in (left, right))
    _note(rule, 1 + max(levels), size, max(left.reach, right.reach))
    return rule


def _notation(rule: _Joined, sign: str) -> str:
    if len(rule.rules) > 1:
        return sign.join(map(_bracketed, rule.rules))
    return f"{type(rule).__name__}({', '.join(map(repr, rule.rules))})"


def _bracketed(rule: Rule) -> str:
    return repr(rule) if isinstance(rule, (Not, AtLeast)) else f"({rule!r})"


class ByRule(dict[type, T]):
    """Something for each class of rules; a class that is not listed is no rule that can be judged."""

    __slots__ = ()

    def __missing__(self, kind: type) -> T:
        raise InvalidValue("rule", kind.__name__, "a rule of a class of relex.rules, whose set is closed")


TRUE: Rule = AllOf()
"""The rule that is always True."""

FALSE: Rule = AnyOf()
"""The rule that is always False."""
