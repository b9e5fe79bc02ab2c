"""Rules as WHERE clauses: the same three answers in SQL as in Python, for facts that have a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex.adapters.sqlalchemy import _conditions as conditions
from relex.adapters.sqlalchemy._conditions import Asked
from relex.adapters.sqlalchemy._logic import BY, Condition, all_of, any_of, at_least, negated
from relex.errors import NotSupported
from relex.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Beyond,
    Compare,
    Contains,
    IsIn,
    IsMissing,
    Leaf,
    Not,
    StartsWith,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.sql.elements import ColumnElement

    from relex.rules import AsOf, Kind, Rule

__all__ = ["expressible", "where"]

_MOST_CONSTANTS = 30_000
_LONGEST = 200


def where(
    rule: Rule, columns: Mapping[str, tuple[Kind, ColumnElement[Any]]], as_of: AsOf, dialect: str
) -> ColumnElement[bool]:
    """The condition that answers as the rule does: true, false, or NULL for unknown.

    Args:
        rule: The rule.
        columns: The kind and the column of each fact that has one; the column is of the type that `column_type` gives.
        as_of: When the rule is asked.
        dialect: The name of the database's dialect, `sqlite` or `postgresql`.

    Raises:
        NotSupported: When SQL cannot say the rule; it names the node and why.
    """
    return _Query(columns, as_of, dialect).whole(rule)


def expressible(
    rule: Rule, columns: Mapping[str, tuple[Kind, ColumnElement[Any]]], as_of: AsOf, dialect: str
) -> tuple[ColumnElement[bool] | None, Rule | None]:
    """What SQL can say of a rule, and what is left to ask of the rows that it finds.

    An object passes the rule exactly when the condition is true of its row and the rest is True of its facts. Of rules
    joined by `&` each goes to one side or the other; another rule goes as a whole.
    """
    query = _Query(columns, as_of, dialect)
    said: list[Rule] = []
    rest: list[Rule] = []
    for part in rule.rules if isinstance(rule, AllOf) else (rule,):
        (said if query.can_say(part) else rest).append(part)
    try:
        condition = query.whole(AllOf(*said)) if said else None
    except NotSupported:  # each can be said, but together they are too many
        return None, rule
    return condition, _again(rest)


def _again(rest: list[Rule]) -> Rule | None:
    return None if not rest else rest[0] if len(rest) == 1 else AllOf(*rest)


@attrs.frozen
class _Query:
    """What all parts of one rule are compiled for."""

    columns: Mapping[str, tuple[Kind, ColumnElement[Any]]]
    as_of: AsOf
    dialect: str

    def whole(self, rule: Rule) -> ColumnElement[bool]:
        """The condition of a rule that stands alone."""
        if (constants := _constants(rule)) > _MOST_CONSTANTS:
            raise NotSupported(f"a rule of {constants} constants (at most {_MOST_CONSTANTS})", BY)
        return self.condition(rule).expression

    def can_say(self, rule: Rule) -> bool:
        """Whether SQL can say the rule."""
        try:
            self.whole(rule)
        except NotSupported:
            return False
        return True

    def condition(self, rule: Rule) -> Condition:
        """The condition of a part."""
        if isinstance(rule, Leaf):
            return self._leaf(rule)
        join = _JOINS.get(type(rule))
        if join is None:
            raise _unsaid(rule, "children have no columns")
        return join(rule, [self.condition(part) for part in rule.parts])

    def _leaf(self, rule: Leaf) -> Condition:
        if rule.fact not in self.columns:
            raise _unsaid(rule, f"no column for {rule.fact}; declare it in Tables(facts=...)")
        kind, column = self.columns[rule.fact]
        said = _LEAVES.get(type(rule))
        if said is None:
            raise _unsaid(rule, "no database folds case as Unicode does")
        return said(rule, Asked(kind=kind, column=column, dialect=self.dialect, as_of=self.as_of))


_LEAVES: dict[type[Rule], Callable[[Any, Asked], Condition]] = {
    Compare: conditions.compare,
    Between: conditions.between,
    IsIn: conditions.is_in,
    Contains: conditions.contains,
    StartsWith: conditions.starts_with,
    IsMissing: conditions.is_missing,
    Within: conditions.within,
    Beyond: conditions.beyond,
}

_JOINS: dict[type[Rule], Callable[[Any, list[Condition]], Condition]] = {
    AllOf: lambda _rule, parts: all_of(parts),
    AnyOf: lambda _rule, parts: any_of(parts),
    Not: lambda _rule, parts: negated(parts[0]),
    AtLeast: lambda rule, parts: at_least(rule.n, parts),
}


def _constants(rule: Rule) -> int:
    """How many constants a rule holds."""
    own = len(rule.choices) if isinstance(rule, IsIn) else len(rule.items) if isinstance(rule, Contains) else 2
    return sum(map(_constants, rule.parts)) if rule.parts else own


def _unsaid(rule: Rule, why: str) -> NotSupported:
    notation = repr(rule)
    return NotSupported(f"{notation if len(notation) <= _LONGEST else f'{notation[: _LONGEST - 1]}…'} ({why})", BY)
