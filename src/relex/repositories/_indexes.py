"""Which states can make a rule True, by the values of their facts: so that a question need not go through all.

For each fact that was named there is a table from values to ids. A value stands in it by its reading (1 beside
Decimal("1.0"), True apart from 1), a missing fact as None, and each item of a tuple of str also on its own.
Candidates are never too few, so whoever asks judges them by the whole rule and gets the same answer as without indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.rules import AllOf, AnyOf, Compare, Contains, IsIn, IsMissing, Kind, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set as AbstractSet

    from relex.rules import Rule

__all__ = ["Indexes", "Keys"]

Keys = dict[str, frozenset[Any]]
"""Under which values a state stands, for each fact."""

_NOWHERE: frozenset[str] = frozenset()


class Indexes:
    """The tables of one kind of state."""

    __slots__ = ("_tables",)

    def __init__(self, facts: Iterable[str]) -> None:
        self._tables: dict[str, dict[Any, set[str]]] = {fact: {} for fact in facts}

    def __bool__(self) -> bool:
        return bool(self._tables)

    def keys(self, facts: Mapping[str, Any]) -> Keys:
        """Where a state with these facts stands."""
        return {fact: _keys(facts.get(fact)) for fact in self._tables}

    def move(self, id: str, old: Keys, new: Keys) -> None:  # noqa: A002 - the field's name everywhere in relex
        """Take a state from where it stood to where it stands."""
        for fact, table in self._tables.items():
            before, after = old.get(fact, _NOWHERE), new[fact]
            for key in before - after:
                _drop(table, key, id)
            for key in after - before:
                table.setdefault(key, set()).add(id)

    def candidates(self, rule: Rule) -> AbstractSet[str] | None:
        """Ids among which are all states that the rule is True of; None when no table tells."""
        if isinstance(rule, AllOf):
            told = [found for part in rule.rules if (found := self.candidates(part)) is not None]
            return min(told, key=len, default=None)
        if isinstance(rule, AnyOf):
            parts = [self.candidates(part) for part in rule.rules]
            return None if None in parts else _NOWHERE.union(*(part for part in parts if part is not None))
        return self._listed(rule)

    def _listed(self, rule: Rule) -> AbstractSet[str] | None:
        table = self._tables.get(getattr(rule, "fact", ""))
        wanted = None if table is None else _wanted(rule)
        if table is None or wanted is None:
            return None
        found = [table.get(key, _NOWHERE) for key in wanted]
        return found[0] if len(found) == 1 else _NOWHERE.union(*found)


def _keys(value: object) -> frozenset[Any]:
    if value is None:
        return frozenset((None,))
    reading = read(value)
    if reading is None:
        return frozenset()
    items = reading[1] if reading[0] is Kind.TEXTS else ()
    return frozenset((reading, *items))


def _wanted(rule: Rule) -> tuple[Any, ...] | None:
    """Under which keys a state must stand for the rule to be True of it; one of them is enough."""
    if isinstance(rule, Compare) and rule.op == "==":
        return (rule.reading,)
    if isinstance(rule, IsIn):
        return tuple(rule.readings)
    if isinstance(rule, Contains):
        return rule.items[:1] if rule.every else rule.items
    return (None,) if isinstance(rule, IsMissing) else None


def _drop(table: dict[Any, set[str]], key: Any, id: str) -> None:  # noqa: A002 - as above
    held = table[key]
    held.discard(id)
    if not held:
        del table[key]
