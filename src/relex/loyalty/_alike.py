"""Answers about lines, worked out once for all lines that look alike.

A log has millions of lines and few sorts of them: what rules ask about a line (its category, its brand) has few values,
so what was answered for one line serves all later ones. Answers are kept by the facts of the whole that the rules ask
about as well, and in each of these cells by those of the line. The cells are a bounded cache and change no answer.

Nothing is kept for rules about spans of time, whose answers move with the instant, nor for lines that may hold values
of any type, where True and 1 would be one key and are two facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.rules import Beyond, OfChildren, Within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from relex.rules import Rule

__all__ = ["LINE", "Alike", "own_names"]

LINE = ("line.", "taste.")
_MOST = 16_384


def own_names(rule: Rule) -> frozenset[str]:
    """The facts that a rule asks of the object itself; of its children only where they stand."""
    if isinstance(rule, OfChildren):
        return frozenset((rule.children,))
    return frozenset().union(*[own_names(part) for part in rule.parts]) if rule.parts else rule.names


class Alike:
    """Asks one question of each line of an occasion.

    Args:
        rules: The rules that the question rests on.
        answer: The question: from what can be asked about a line, and the instant, to an answer that is not None.
    """

    __slots__ = ("_answer", "_cells", "_kept", "_names", "_shared", "_timeless")

    def __init__(self, rules: Sequence[Rule], answer: Callable[[Mapping[str, Any], datetime], Any]) -> None:
        names = frozenset().union(*[own_names(rule) for rule in rules])
        self._names = tuple(sorted(name for name in names if name.startswith(LINE)))
        self._shared = tuple(sorted(names.difference(self._names)))
        self._timeless = not any(_moves(rule) for rule in rules)
        self._answer = answer
        self._cells: dict[Any, dict[Any, Any]] = {}
        self._kept = 0

    def answers(self, reading: Any, facts: Mapping[str, Any], places: Iterable[int]) -> list[Any]:
        """The answers for the lines at these places, in their order."""
        at = reading.at
        if reading.whole:
            return [self._answer(facts, at) for _ in places]
        names = self._names
        keys = reading.line_values(names, places)
        if not (reading.typed and self._timeless):
            return [self._answer({**facts, **dict(zip(names, key, strict=True))}, at) for key in keys]
        cell = self._cell(facts)
        found = list(map(cell.get, keys))
        if None in found:
            for place, key in enumerate(keys):
                if found[place] is None:
                    found[place] = self._answered(cell, key, facts, at)
        return found

    def _answered(self, cell: dict[Any, Any], key: tuple[Any, ...], facts: Mapping[str, Any], at: datetime) -> Any:
        answer = cell.get(key)
        if answer is None:
            answer = cell[key] = self._answer({**facts, **dict(zip(self._names, key, strict=True))}, at)
            self._kept += 1
        return answer

    def _cell(self, facts: Mapping[str, Any]) -> dict[Any, Any]:
        """What is kept for these facts of the whole; a new cell where they cannot be a key."""
        if self._kept > _MOST:
            self._cells, self._kept = {}, 0
        shared = [facts.get(name) for name in self._shared]
        try:
            return self._cells.setdefault((*map(type, shared), *shared), {})
        except TypeError:
            return {}


def _moves(rule: Rule) -> bool:
    return isinstance(rule, (Within, Beyond)) or any(_moves(part) for part in rule.parts)
