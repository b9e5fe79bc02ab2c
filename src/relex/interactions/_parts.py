"""What several values of this context are made of: pairs, words, and how they are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["INSTANT_OR_NONE", "TEXT_OR_NONE", "links", "words"]

TEXT_OR_NONE = _checks.optional(_checks.text)
INSTANT_OR_NONE = _checks.optional(_checks.instant)

_TWO = 2


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
