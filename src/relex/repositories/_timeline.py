"""Values in order of some key, put in order when somebody reads and not when somebody adds.

What comes nearly always comes in order or in bulk, so a list is appended to, and before it is read its new end is
sorted in. A few new values are put in their places one by one, which asks for few keys wherever those are. Of many,
all that lies behind the earliest of them is sorted, so an end that is in order costs nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Timeline"]

T = TypeVar("T")

_FEW = 16


class Timeline(Generic[T]):
    """A list that is in order whenever it is read."""

    __slots__ = ("_sorted", "values")

    def __init__(self) -> None:
        self.values: list[T] = []
        self._sorted = 0

    def ordered(self, key: Callable[[T], Any]) -> list[T]:
        """All values in the order of their keys; the list itself, to be read and not kept."""
        if len(self.values) - self._sorted <= _FEW:
            self._insert(key)
        else:
            self._merge(key)
        self._sorted = len(self.values)
        return self.values

    def _insert(self, key: Callable[[T], Any]) -> None:
        for place in range(self._sorted, len(self.values)):
            insort(self.values, self.values.pop(place), hi=place, key=key)

    def _merge(self, key: Callable[[T], Any]) -> None:
        first = min(map(key, self.values[self._sorted :]))
        place = bisect_left(self.values, first, hi=self._sorted, key=key)
        self.values[place:] = sorted(self.values[place:], key=key)
