"""Rules about child facts: the lines of a purchase, the members of a household.

Children stand among the facts under a name of their own, as a tuple of mappings. Inside a rule about one child a name
means the child's fact, and the parent's where the child has none of that name.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules._facts import Kind, constant
from relex.rules._leaves import OPERATOR
from relex.rules._nodes import TRUE, Rule, measure

__all__ = ["AllChildren", "AnyChild", "CountOf", "OfChildren", "SumOf"]


@attrs.frozen(repr=False)
class OfChildren(Rule):
    """A rule about child facts.

    Attributes:
        children: The name under which the children stand.
        rule: What is asked of each child.

    .. versionadded:: 0.1.0
    """

    children: str = attrs.field(validator=_checks.text)
    rule: Rule = TRUE

    descends: ClassVar[int] = 1

    def __attrs_post_init__(self) -> None:
        measure(self)

    @property
    def parts(self) -> tuple[Rule, ...]:
        """The rule inside this one."""
        return (self.rule,)

    def _asks(self) -> tuple[str, ...]:
        return (self.children,)


@tagged("rule.any_child")
@attrs.frozen(repr=False)
class AnyChild(OfChildren):
    """True when the rule is True of one child, False when it is False of every child; of no children it is False.

    Attributes:
        children: The name under which the children stand.
        rule: What is asked of each child.

    .. versionadded:: 0.1.0
    """

    def __repr__(self) -> str:
        return f"children({self.children!r}).any({self.rule!r})"


@tagged("rule.all_children")
@attrs.frozen(repr=False)
class AllChildren(OfChildren):
    """True when the rule is True of every child, False when it is False of one; of no children it is True.

    Attributes:
        children: The name under which the children stand.
        rule: What is asked of each child.

    .. versionadded:: 0.1.0
    """

    def __repr__(self) -> str:
        return f"children({self.children!r}).all({self.rule!r})"


@tagged("rule.count_of")
@attrs.frozen(repr=False)
class CountOf(OfChildren):
    """How many children the rule is True of, against a number; written `count_lines(rule) >= 2`.

    Children of whom the rule is unknown leave the count open between two bounds, and the answer is unknown only when
    it differs between them.

    Attributes:
        children: The name under which the children stand.
        rule: What is asked of each child.
        op: One of `==`, `!=`, `<`, `<=`, `>`, `>=`.
        n: The number, an int of at least 0.

    .. versionadded:: 0.1.0
    """

    op: str = attrs.field(kw_only=True, validator=OPERATOR)
    n: int = attrs.field(kw_only=True, validator=_checks.whole(least=0))

    def __repr__(self) -> str:
        return f"children({self.children!r}).count({self.rule!r}) {self.op} {self.n}"


@tagged("rule.sum_of")
@attrs.frozen(repr=False)
class SumOf(OfChildren):
    """The exact sum of a number over the children that a rule is True of; written `sum_lines("line.net") >= 100`.

    The sum is unknown when the rule is unknown of a child, or the number of a child that counts is missing.
    The sum over no children is 0.

    Attributes:
        children: The name under which the children stand.
        rule: Which children count.
        fact: The name of the number.
        op: One of `==`, `!=`, `<`, `<=`, `>`, `>=`.
        amount: What the sum is compared with, int or Decimal.

    .. versionadded:: 0.1.0
    """

    fact: str = attrs.field(kw_only=True, validator=_checks.text)
    op: str = attrs.field(kw_only=True, validator=OPERATOR)
    amount: int | Decimal = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        if constant("SumOf.amount", self.amount)[0] is not Kind.NUMBER:
            raise InvalidValue("SumOf.amount", self.amount, "an int or Decimal")
        measure(self)

    def _asks(self) -> tuple[str, ...]:
        return (self.children, self.fact)

    def __repr__(self) -> str:
        where = "" if self.rule == TRUE else f", where={self.rule!r}"
        return f"children({self.children!r}).sum({self.fact!r}{where}) {self.op} {self.amount!r}"
