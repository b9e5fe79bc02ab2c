"""An append-only sequence that shares its past: adding to it costs the same at ten items and at a million.

Items stand in full chunks and one open tail. Adding copies the tail only, and once in `WIDTH` times the list of chunks,
so an older journal stays as it was and any number of newer ones can grow out of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["EMPTY", "Journal"]

WIDTH: Final = 64


class Journal:
    """A persistent sequence; nothing about it ever changes once it is made."""

    __slots__ = ("_chunks", "_tail", "size")

    def __init__(self, chunks: tuple[tuple[Any, ...], ...] = (), tail: tuple[Any, ...] = (), size: int = 0) -> None:
        self._chunks = chunks
        self._tail = tail
        self.size = size

    @classmethod
    def of(cls, items: Iterable[Any]) -> Journal:
        """A journal of these items, in linear time."""
        rows = list(items)
        full = len(rows) - len(rows) % WIDTH
        chunks = tuple([tuple(rows[start : start + WIDTH]) for start in range(0, full, WIDTH)])
        return cls(chunks, tuple(rows[full:]), len(rows))

    def added(self, item: Any) -> Journal:
        """This journal and one more item."""
        tail = self._tail
        if len(tail) == WIDTH:
            return Journal((*self._chunks, tail), (item,), self.size + 1)
        return Journal(self._chunks, (*tail, item), self.size + 1)

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, place: int) -> Any:
        """The item at a place from 0 to size - 1."""
        chunk, offset = divmod(place, WIDTH)
        return self._chunks[chunk][offset] if chunk < len(self._chunks) else self._tail[offset]

    def __iter__(self) -> Iterator[Any]:
        for chunk in self._chunks:
            yield from chunk
        yield from self._tail

    def __reversed__(self) -> Iterator[Any]:
        yield from reversed(self._tail)
        for chunk in reversed(self._chunks):
            yield from reversed(chunk)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Journal):
            return NotImplemented
        return self is other or (self.size == other.size and list(self) == list(other))

    def __hash__(self) -> int:
        return hash((self.size, self._tail))

    def __repr__(self) -> str:
        return f"<{self.size} items>"


EMPTY: Final = Journal()
