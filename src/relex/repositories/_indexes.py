"""Which states can make a rule True, by the values of their facts: so that a question need not go through all.

For each fact that was named there is a table from values to ids. A value stands in it by its reading (1 beside
Decimal("1.0"), True apart from 1), a missing fact as None, and each item of a tuple of str also on its own.
Candidates are never too few, so whoever asks judges them by the whole rule and gets the same answer as without indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from relex.rules import AllOf, AnyOf, Compare, Contains, IsIn, IsMissing, Kind, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set as AbstractSet

    from relex.rules import Rule

__all__ = ["Indexes", "Keys"]

Keys: TypeAlias = tuple[Any, ...]
"""How the indexed facts of a state read, one after the other: a reading, None for a missing fact, () for no fact."""

_NOWHERE: frozenset[str] = frozenset()


class Indexes:
    """The tables of one kind of state."""

    __slots__ = ("_keys", "_tables")

    def __init__(self, facts: Iterable[str]) -> None:
        self._tables: dict[str, dict[Any, set[str]]] = {fact: {} for fact in facts}
        self._keys: dict[str, Keys] = {}

    def __bool__(self) -> bool:
        return bool(self._tables)

    def keys(self, facts: Mapping[str, Any]) -> Keys:
        """Where a state with these facts stands."""
        return tuple([_read(facts.get(fact)) for fact in self._tables])

    def put(self, id: str, keys: Keys) -> None:  # noqa: A002 - the field's name everywhere in relex
        """Let a state stand there, and no more where it stood."""
        old = self._keys.get(id) or ((),) * len(keys)
        for table, before, after in zip(self._tables.values(), old, keys, strict=True):
            if before != after:
                _drop(table, _places(before), id)
                _add(table, _places(after), id)
        self._keys[id] = keys

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


def _read(value: object) -> Any:
    return None if value is None else read(value) or ()


def _places(reading: Any) -> tuple[Any, ...]:
    """Under which keys a reading is found: itself, and each item of a tuple of str."""
    if reading == ():
        return ()
    return (reading, *reading[1]) if reading is not None and reading[0] is Kind.TEXTS else (reading,)


def _wanted(rule: Rule) -> tuple[Any, ...] | None:
    """Under which keys a state must stand for the rule to be True of it; one of them is enough."""
    if isinstance(rule, Compare) and rule.op == "==":
        return (rule.reading,)
    if isinstance(rule, IsIn):
        return tuple(rule.readings)
    if isinstance(rule, Contains):
        return rule.items[:1] if rule.every else rule.items
    return (None,) if isinstance(rule, IsMissing) else None


def _add(table: dict[Any, set[str]], keys: tuple[Any, ...], id: str) -> None:  # noqa: A002 - as above
    for key in keys:
        held = table.get(key)
        if held is None:
            table[key] = {id}
        else:
            held.add(id)


def _drop(table: dict[Any, set[str]], keys: tuple[Any, ...], id: str) -> None:  # noqa: A002 - as above
    for key in set(keys):
        held = table[key]
        held.discard(id)
        if not held:
            del table[key]
