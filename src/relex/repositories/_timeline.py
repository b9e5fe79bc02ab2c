"""Values in order of some key, put in order when somebody reads and not when somebody adds.

What comes nearly always comes in order or in bulk, so a list is appended to, and before it is read its new end is
sorted in. That touches only what lies behind the earliest of the new values, so an end that is in order costs nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Timeline"]

T = TypeVar("T")


class Timeline(Generic[T]):
    """A list that is in order whenever it is read."""

    __slots__ = ("_sorted", "values")

    def __init__(self) -> None:
        self.values: list[T] = []
        self._sorted = 0

    def ordered(self, key: Callable[[T], Any]) -> list[T]:
        """All values in the order of their keys; the list itself, to be read and not kept."""
        values = self.values
        if self._sorted < len(values):
            first = min(map(key, values[self._sorted :]))
            place = bisect_left(values, first, hi=self._sorted, key=key)
            values[place:] = sorted(values[place:], key=key)
            self._sorted = len(values)
        return values
