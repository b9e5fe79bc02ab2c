"""What callers give where several values are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from relex import _checks
from relex.errors import InvalidValue

__all__ = ["listed", "mapped", "texts"]


def listed(path: str, values: object) -> tuple[Any, ...]:
    """The items of any iterable but a str.

    Raises:
        InvalidValue: For anything else.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidValue(path, values, "an iterable, such as a tuple or a list")
    return tuple(values)


def texts(path: str, values: object) -> tuple[str, ...]:
    """Texts, such as ids.

    Raises:
        InvalidValue: For anything else.
    """
    found = listed(path, values)
    _checks.each(_checks.text).require(path, found)
    return found


def mapped(path: str, values: object) -> Mapping[Any, Any]:
    """The mapping itself, if every key is a text and every value a mapping.

    Raises:
        InvalidValue: It names the key.
    """
    if not isinstance(values, Mapping):
        raise InvalidValue(path, values, "a mapping of ids to facts")
    for key, facts in values.items():
        if not (isinstance(key, str) and key and isinstance(facts, Mapping)):
            raise InvalidValue(f"{path}[{key!r}]", facts, "a mapping of facts by name, under a non-empty str")
    return values
