"""Small steps that several contracts share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import Conflict, InvalidValue
from relex.testing._samples import form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["conflict", "forms", "ids", "kept_or_refused"]


def conflict(call: Callable[..., object], *arguments: Any, **named: Any) -> tuple[str, object, object]:
    """The parts of the `Conflict` that a call must raise: (id, expected, actual)."""
    with pytest.raises(Conflict) as raised:
        call(*arguments, **named)
    return raised.value.id, raised.value.expected, raised.value.actual


def ids(found: Iterable[Any]) -> list[str]:
    """The ids of what came, in the order in which it came."""
    return [value.id for value in found]


def forms(found: Iterable[Any]) -> list[str]:
    """The stored forms of what came, in the order in which it came."""
    return [form(value) for value in found]


def kept_or_refused(save: Callable[[], object], read: Callable[[], Iterable[Any]], value: Any) -> None:
    """A value may be refused with `InvalidValue`, and then nothing is there; otherwise it comes back as it was."""
    try:
        save()
    except InvalidValue:
        assert list(read()) == [], "a value was refused with InvalidValue, but something was kept"
    else:
        assert list(map(repr, read())) == [repr(value)], "a value was accepted, but another one came back"
