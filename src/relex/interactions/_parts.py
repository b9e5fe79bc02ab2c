"""What several values of this context are made of: pairs, words, and how they are checked."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from relex import _checks
from relex.changes import Entry
from relex.errors import Conflict, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.parties import FieldValue

__all__ = ["INSTANT_OR_NONE", "TEXT_OR_NONE", "by_id", "links", "named_values", "words"]

TEXT_OR_NONE = _checks.optional(_checks.text)
INSTANT_OR_NONE = _checks.optional(_checks.instant)

_VALUE = _checks.Check(
    "a str, int, Decimal, bool, date, datetime with a time zone, or tuple of str",
    lambda value: (
        isinstance(value, (str, bool))
        or _checks.instant.passes(value)
        or _checks.calendar_day.passes(value)
        or (_checks.exact.passes(value) and not isinstance(value, Fraction))
        or (isinstance(value, tuple) and all(isinstance(each, str) for each in value))
    ),
)
_TWO = 2

E = TypeVar("E", bound=Entry)


def by_id(entries: Iterable[E]) -> dict[str, E]:
    """Each entry once, by its id, in the order given; one id with two contents is a `Conflict`."""
    found: dict[str, E] = {}
    for each in entries:
        first = found.setdefault(each.id, each)
        if first is not each and first != each:
            raise Conflict(each.id, first, each)
    return found


def links(path: str, values: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Sorted (kind, id) pairs, each once; anything else is refused at the path."""
    return tuple(sorted({_link(path, value) for value in _checks.items(path, values)}))


def _link(path: str, value: Any) -> tuple[str, str]:
    if not (isinstance(value, (tuple, list)) and len(value) == _TWO and all(map(_checks.text.passes, value))):
        raise InvalidValue(path, value, "pairs of a kind and an id, each a non-empty str")
    return (value[0], value[1])


def words(path: str, values: Iterable[str]) -> tuple[str, ...]:
    """A sorted tuple of non-empty str, each once; anything else is refused at the path."""
    found = _checks.items(path, values)
    _checks.each(_checks.text).require(path, found)
    return tuple(sorted(set(found)))


def named_values(
    path: str, values: Mapping[str, FieldValue] | Iterable[tuple[str, FieldValue]]
) -> tuple[tuple[str, Any], ...]:
    """Pairs sorted by name, each name once; anything else is refused at the path."""
    pairs = tuple(values.items()) if isinstance(values, Mapping) else _checks.items(path, values)
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == _TWO and _checks.text.passes(pair[0])):
            raise InvalidValue(path, pair, "pairs of a name and a value")
        _VALUE.require(f"{path}.{pair[0]}", pair[1])
    if len(dict(pairs)) < len(pairs):
        raise InvalidValue(path, values, "each name once")
    return tuple(sorted(pairs, key=lambda pair: pair[0]))
