"""Rules that can never be true, found without any facts.

Theory of operation. A rule is opened into branches, each a list of questions that would all have to be answered in one
way: `&` adds to a branch, `|` makes several of it, `~` turns the wanted answer around. A branch fails when the
questions about one fact exclude each other. That is found by trying witnesses: the constants of the questions, their
nearest neighbors on both sides, and a value of every other kind. An answer changes only at a constant, so when no
witness passes, nothing does. Questions that witnesses cannot settle (about spans, lines, parts of a text) are taken to
be possible, and so is a rule of very many branches or constants: what is called a contradiction is one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from relex.rules._describe import describe
from relex.rules._leaves import Between, Compare, IsIn, IsMissing, Leaf
from relex.rules._nodes import AllOf, AnyOf, Not, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["contradiction"]

Literal = tuple[Any, bool]
"""A question, and the answer that is wanted."""

_MOST_BRANCHES = 256
_MOST_ANSWERS = 10_000
_FINER = Decimal("1E-70")
"""Less than the distance between any two numbers that a rule may name."""

_NUMBERS = Context(prec=200)
_OTHERS = (0, "", "\0", False, True, date(2000, 1, 1), datetime(2000, 1, 1, tzinfo=UTC), (), ("\0",))


def contradiction(rule: Rule) -> str | None:
    """Why a rule can never be true, in words; None when nothing speaks against it.

    Args:
        rule: The rule.

    Example:
        >>> from relex.rules import field
        >>> contradiction((field("total") >= 50) & (field("total") < 20))
        'total is at least 50, and total is less than 20'
        >>> contradiction((field("total") >= 50) & (field("tier") == "gold"))

    .. versionadded:: 0.1.0
    """
    words = None
    for tried, literals in enumerate(_branches(rule)):
        clash = None if tried == _MOST_BRANCHES else _clash(literals)
        if clash is None:
            return None
        words = words or clash
    return words or describe(rule)


def _branches(rule: Rule) -> Iterator[list[Literal]]:
    """The ways in which a rule may be true, one after the other."""
    stack: list[tuple[list[Literal], list[Literal]]] = [([(rule, True)], [])]
    while stack:
        pending, literals = stack.pop()
        while pending:
            part, wanted = pending.pop()
            if isinstance(part, (AllOf, AnyOf, Not)):
                wanted ^= isinstance(part, Not)
                inner = [(each, wanted) for each in part.parts]
                if isinstance(part, (AllOf, AnyOf)) and isinstance(part, AllOf) is not wanted:
                    stack += [([*pending, each], literals[:]) for each in reversed(inner)]
                    break
                pending += reversed(inner)
            else:
                literals.append((part, wanted))
        else:
            yield literals


def _clash(literals: list[Literal]) -> str | None:
    """The questions about one fact that exclude each other, in words."""
    by_fact: dict[str, list[Literal]] = {}
    for leaf, wanted in literals:
        if isinstance(leaf, Leaf):
            by_fact.setdefault(leaf.fact, []).append((leaf, wanted))
    for found in by_fact.values():
        if not _possible(found):
            asked = dict.fromkeys([leaf if wanted else Not(leaf) for leaf, wanted in found])
            return describe(AllOf(*asked)) if len(asked) > 1 else describe(*asked)
    return None


def _possible(literals: list[Literal]) -> bool:
    if any(isinstance(leaf, IsMissing) and wanted for leaf, wanted in literals):
        return all(isinstance(leaf, IsMissing) and wanted for leaf, wanted in literals)
    asked = [(leaf, wanted) for leaf, wanted in literals if not isinstance(leaf, IsMissing)]
    constants = [constant for leaf, _ in asked for constant in _constants(leaf)]
    if None in constants or len(asked) * len(constants) > _MOST_ANSWERS:
        return True
    witnesses = [*_OTHERS, *[near for constant in constants for near in _near(constant)]]
    return any(all(leaf.answer(value, None) is wanted for leaf, wanted in asked) for value in witnesses)


def _constants(leaf: Leaf) -> tuple[Any, ...]:
    """What a question compares with; None among them where witnesses settle nothing."""
    if isinstance(leaf, IsIn):
        found: tuple[Any, ...] = leaf.choices
    elif isinstance(leaf, Between):
        found = (leaf.low, leaf.high)
    elif isinstance(leaf, Compare):
        found = (leaf.constant,)
    else:
        return (None,)
    has_order = not (isinstance(leaf, IsIn) or (isinstance(leaf, Compare) and leaf.op in {"==", "!="}))
    return tuple([None if has_order and isinstance(constant, str) else constant for constant in found])


def _near(constant: Any) -> tuple[Any, ...]:
    """A constant and its neighbors; those of an instant are told in UTC, where no hour comes twice."""
    if isinstance(constant, (bool, str, tuple)):
        return (constant,)
    if isinstance(constant, (int, Decimal)):
        number = Decimal(constant)
        return constant, _NUMBERS.subtract(number, _FINER), _NUMBERS.add(number, _FINER)
    step = timedelta(days=1)
    if isinstance(constant, datetime):
        constant, step = constant.astimezone(UTC), timedelta(microseconds=1)
    return constant, *[found for way in (-step, step) if (found := _moved(constant, way)) is not None]


def _moved(day: date, step: timedelta) -> date | None:
    try:
        return day + step
    except OverflowError:
        return None
