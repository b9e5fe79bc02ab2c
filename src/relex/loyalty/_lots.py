"""Open lots in the order in which they are used up: a sorted sequence in chunks.

A lot is a plain tuple `(expires, earned, id, left, own_end)`, so lots compare in consumption order by themselves and
cost the garbage collector nothing: soonest to expire first, then the oldest, then by id. A lot that never expires has
`FOREVER` as its end. `own_end` is None, except for a lot that ends with inactivity: there it is the latest end that the
lot may have, whatever the activity. A lot that waits for its start has that start in front; one in
escrow has there the instant at which it is canceled, and `ESCROW` as its end until it is activated.

A sequence has two ways of working. On its own (`mine`) it changes its chunks in place, as a replay of many entries
does. Shared, it copies the list of chunks and every chunk that it touches, so the states that hold the older chunks
never see a change; at 100,000 lots that copies some 400 references and one chunk, not 100,000 lots.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

__all__ = ["ABSORBED", "ESCROW", "FOREVER", "MOST", "Lots", "OpenLot", "first_lot"]

ABSORBED: Final = "absorb:"
"""How ids of lots begin that came with an account which was absorbed; they were not earned here."""
FOREVER: Final = datetime.max.replace(tzinfo=UTC)
ESCROW: Final = datetime.min.replace(tzinfo=UTC)
WIDTH: Final = 128
MOST: Final = 2 * WIDTH

OpenLot: TypeAlias = tuple[datetime, datetime, str, int, datetime | None]
"""`(expires, earned, id, left, own_end)`."""

EXPIRES, EARNED, ID, LEFT, OWN_END = range(5)


def first_lot(lot: str, given: Container[str]) -> str | None:
    """Of a lot, or of one that was issued anew for it once or more often, the one that was given; None for no such."""
    while lot not in given:
        lot, again, _ = lot.rpartition("~")
        if not again:
            return None
    return lot


class Lots:
    """A sorted sequence of tuples; empty chunks are never kept."""

    __slots__ = ("chunks", "mine")

    def __init__(self, chunks: list[list[Any]] | None = None, *, mine: bool = False) -> None:
        self.chunks: list[list[Any]] = [] if chunks is None else chunks
        self.mine = mine

    def add(self, lot: tuple[Any, ...]) -> Lots:
        """The sequence with a lot in its place."""
        chunks = self.chunks
        if not chunks:
            return self._with([[lot]])
        place = len(chunks) - 1
        if place and lot < chunks[place][0]:
            place = self._place(lot)
        chunk = chunks[place]
        if not self.mine:
            chunk = chunk[:]
            chunks = chunks[:]
            chunks[place] = chunk
        if lot > chunk[-1]:
            chunk.append(lot)
        else:
            insort(chunk, lot)
        if len(chunk) > MOST:
            chunks[place : place + 1] = [chunk[:WIDTH], chunk[WIDTH:]]
        return self._with(chunks)

    def take(self, need: int) -> tuple[Lots, list[tuple[OpenLot, int]]]:
        """Use up points from the front: the sequence that is left, and what was taken from which lot.

        Args:
            need: How many points; above 0 and no more than there are.
        """
        chunks = self.chunks
        lot = chunks[0][0]
        if lot[LEFT] <= need:
            return self._take_many(need)
        left = (lot[0], lot[1], lot[2], lot[3] - need, lot[4])
        if self.mine:
            chunks[0][0] = left
            return self, [(lot, need)]
        return Lots([[left, *chunks[0][1:]], *chunks[1:]]), [(lot, need)]

    def _take_many(self, need: int) -> tuple[Lots, list[tuple[OpenLot, int]]]:
        taken: list[tuple[OpenLot, int]] = []
        chunks = self.chunks
        emptied = used = 0
        for chunk in chunks:
            used = 0
            for lot in chunk:
                if lot[LEFT] > need:
                    break
                taken.append((lot, lot[LEFT]))
                need -= lot[LEFT]
                used += 1
            if used < len(chunk):
                break
            emptied, used = emptied + 1, 0
        left = self._without(emptied, used)
        if not need:
            return left, taken
        left, last = left.take(need)
        return left, taken + last

    def _without(self, emptied: int, used: int) -> Lots:
        """The sequence without its first chunks, and without the first lots of the one after them."""
        if self.mine:
            del self.chunks[:emptied]
            if used and self.chunks:
                del self.chunks[0][:used]
            return self
        chunks = self.chunks[emptied:]
        if used and chunks:
            chunks[0] = chunks[0][used:]
        return Lots(chunks)

    def pop_until(self, now: datetime) -> tuple[Lots, list[Any]]:
        """Remove from the front whatever has its first instant at or before `now`: what is left, and what went."""
        gone: list[Any] = []
        chunks = self.chunks if self.mine else self.chunks[:]
        while chunks and chunks[0][0][0] <= now:
            chunk = chunks[0]
            count, most = 1, len(chunk)
            while count < most and chunk[count][0] <= now:
                count += 1
            gone += chunk[:count]
            if count == most:
                del chunks[0]
            elif self.mine:
                del chunk[:count]
            else:
                chunks[0] = chunk[count:]
        return self._with(chunks), gone

    def find(self, key: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The lot that begins with these values."""
        if not self.chunks:
            return None
        chunk = self.chunks[self._place(key)]
        place = bisect_left(chunk, key)
        if place < len(chunk) and chunk[place][: len(key)] == key:
            found: tuple[Any, ...] = chunk[place]
            return found
        return None

    def merged(self, lot: OpenLot) -> Lots:
        """The sequence with points put to what is there of their lot, or with the lot in its place."""
        if not self.chunks:
            return self.add(lot)
        key = lot[:LEFT]
        at = self._place(key)
        chunk = self.chunks[at]
        place = bisect_left(chunk, key)
        if place == len(chunk) or chunk[place][:LEFT] != key:
            return self.add(lot)
        chunks = self.chunks
        if not self.mine:
            chunk, chunks = chunk[:], chunks[:]
            chunks[at] = chunk
        chunk[place] = (*key, chunk[place][LEFT] + lot[LEFT], lot[OWN_END])
        return self._with(chunks)

    def remove(self, lot: tuple[Any, ...]) -> Lots:
        """The sequence without a lot that is there."""
        at = self._place(lot)
        chunk = self.chunks[at]
        place = bisect_left(chunk, lot)
        chunk = chunk[:place] + chunk[place + 1 :]
        chunks = self.chunks if self.mine else self.chunks[:]
        chunks[at : at + 1] = [chunk] if chunk else []
        return self._with(chunks)

    def _with(self, chunks: list[list[Any]]) -> Lots:
        if self.mine:
            self.chunks = chunks
            return self
        return Lots(chunks)

    def first(self) -> datetime:
        """The first instant of the first lot; `FOREVER` when there is none."""
        first: datetime = self.chunks[0][0][0] if self.chunks else FOREVER
        return first

    def _place(self, key: tuple[Any, ...]) -> int:
        """Which chunk holds, or would hold, this key; the last one when it lies beyond all."""
        place = bisect_left(self.chunks, key, key=lambda chunk: chunk[-1])
        return min(place, len(self.chunks) - 1)

    def __iter__(self) -> Iterator[Any]:
        for chunk in self.chunks:
            yield from chunk

    def __len__(self) -> int:
        return sum([len(chunk) for chunk in self.chunks])

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Lots) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
