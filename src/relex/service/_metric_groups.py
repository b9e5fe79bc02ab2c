"""The facts by which cases are grouped, read at the asked instant."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.service._case import Case

if TYPE_CHECKING:
    from collections.abc import Callable

_AS_TEXT = frozenset({"impact", "urgency"})  # numbers of a case, texts as facts

__all__ = ["facts_reader", "group_order"]


def facts_reader(path: str, names: tuple[str, ...]) -> Callable[[Case], tuple[Any, ...]]:
    """What gives the named facts of a case as a tuple.

    Raises:
        InvalidValue: For a fact that cases do not have.
    """
    known = _checks.one_of(*(name for name, _ in Case.fact_schema.facts))
    for name in names:
        known.require(path, name)
    if not names:
        return lambda _: ()
    if all(hasattr(Case, name) and name not in _AS_TEXT for name in names):
        read = attrgetter(*names)
        return read if len(names) > 1 else lambda case: (read(case),)
    return lambda case: tuple(map(case.facts().__getitem__, names))


def group_order(group: tuple[Any, ...]) -> tuple[Any, ...]:
    """Sorts groups by their values; what has none comes last."""
    return tuple(map(_order, group))


def _order(value: Any) -> tuple[bool, Any]:
    return (value is None, 0 if value is None else value)
