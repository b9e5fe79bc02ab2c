"""Every movement of points as balanced rows: what a general ledger books, and what statements are made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from relex._html import table
from relex.errors import InvalidValue
from relex.loyalty._events import NOTICE
from relex.loyalty._ledger import Ledger, Notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.calendars import Period
    from relex.loyalty._account import Account
    from relex.loyalty._ledger import Book, Effect

__all__ = ["BUCKETS", "MICRO", "PointsMovement", "PointsMovements", "movements", "span", "walked"]

BUCKETS: Final = ("issued", "pending", "available", "held", "redeemed", "expired", "reversed", "out", "debt")
"""Where points are, in the order in which they are told; `issued` and `debt` carry their sums with a minus."""

MICRO: Final = timedelta(microseconds=1)

_FROM_TO: Final = {
    "matured": ("pending", "available"),
    "released": ("held", "available"),
    "forgiven": ("held", "debt"),
    "paid": ("available", "debt"),
    "expired": ("available", "expired"),
    "canceled": ("pending", "reversed"),
}


@attrs.frozen(kw_only=True)
class PointsMovement:
    """One entry, or one thing that time did, as a row whose amounts add up to 0.

    What a bucket gets is above 0 and what it gives is below. `issued` is where points come from, so it only gives;
    `debt` is what members owe, so it gives what is owed and gets what is paid.

    Attributes:
        at: The business moment.
        what: The class of the entry, or `matured`, `released` (from a hold that lapsed), `forgiven` (the part of that
            hold which was owed), `paid` (a debt), `expired`, `canceled` (a lot in escrow).
        id: Of the entry, or of the lot.
        currency: Id of the points currency.
        moved: (bucket, points) for every bucket that changes, in the order issued, pending, available, held, redeemed,
            expired, reversed, out, debt; the points add up to 0.
        recorded_at: When it was recorded, if that was after the period.

    .. versionadded:: 0.1.0
    """

    at: datetime
    what: str
    id: str
    currency: str
    moved: tuple[tuple[str, int], ...]
    recorded_at: datetime | None = None

    def points(self, bucket: str) -> int:
        """What a bucket gets, or below 0 gives.

        Raises:
            InvalidValue: For a bucket that there is not.
        """
        if bucket not in BUCKETS:
            raise InvalidValue("PointsMovement.points.bucket", bucket, f"one of {', '.join(BUCKETS)}")
        return dict(self.moved).get(bucket, 0)

    @property
    def postings(self) -> tuple[tuple[str, str, int], ...]:
        """(from, to, points) for a ledger of two columns; all points are above 0.

        Example:
            >>> from datetime import UTC, datetime
            >>> moved = (("available", -50), ("redeemed", 80), ("debt", -30))
            >>> at = datetime(2026, 5, 1, tzinfo=UTC)
            >>> row = PointsMovement(at=at, what="PointsRedeemed", id="r1", currency="points", moved=moved)
            >>> row.postings
            (('available', 'redeemed', 50), ('debt', 'redeemed', 30))
        """
        gives = [[bucket, -points] for bucket, points in self.moved if points < 0]
        found = []
        for bucket, points in self.moved:
            left = points
            while left > 0:
                giver: Any = gives[0]
                part = min(left, giver[1])
                found.append((giver[0], bucket, part))
                left -= part
                giver[1] -= part
                if not giver[1]:
                    del gives[0]
        return tuple(found)

    def facts(self) -> dict[str, object]:
        """What rules and frames may ask about: every bucket by its name, 0 where nothing moved."""
        moved = dict(self.moved)
        return {
            "movement.at": self.at,
            "movement.what": self.what,
            "movement.id": self.id,
            "movement.currency": self.currency,
            "movement.recorded_at": self.recorded_at,
            **{f"movement.{bucket}": moved.get(bucket, 0) for bucket in BUCKETS},
        }

    def __str__(self) -> str:
        moved = ", ".join([f"{bucket} {points:+d}" for bucket, points in self.moved])
        return f"{self.at.isoformat()} {self.what} {self.id} ({self.currency}): {moved}"


@attrs.frozen(kw_only=True)
class PointsMovements:
    """The movements of a period, each one balanced.

    Attributes:
        start: The first instant.
        end: The instant after the last; None for no end.
        rows: By business moment.

    .. versionadded:: 0.1.0
    """

    start: datetime
    end: datetime | None
    rows: tuple[PointsMovement, ...]

    def totals(self) -> dict[str, dict[str, int]]:
        """What each bucket got in all, by currency; the sums of a currency add up to 0.

        .. versionadded:: 0.1.0
        """
        found: dict[str, dict[str, int]] = {}
        for row in self.rows:
            sums = found.setdefault(row.currency, dict.fromkeys(BUCKETS, 0))
            for bucket, points in row.moved:
                sums[bucket] += points
        return found

    def __str__(self) -> str:
        return "\n".join(map(str, self.rows)) or "nothing moved"

    def _repr_html_(self) -> str:
        head = ("at", "what", "id", "points", *BUCKETS)
        rows: list[tuple[object, ...]] = [
            (row.at.isoformat(), row.what, row.id, row.currency, *[dict(row.moved).get(each, "") for each in BUCKETS])
            for row in self.rows
        ]
        rows += [
            ("", "total", "", currency, *[sums[each] for each in BUCKETS]) for currency, sums in self.totals().items()
        ]
        end = "" if self.end is None else f" to {self.end.isoformat()}"
        return table(f"Movements from {self.start.isoformat()}{end}", head, rows)


def span(period: Period) -> tuple[datetime, datetime | None]:
    """The instants of a period.

    Raises:
        InvalidValue: For a period of dates, which needs a time zone to become one of instants.
    """
    if not isinstance(getattr(period, "start", None), datetime):
        raise InvalidValue("period", period, "a Period of datetimes with a time zone")
    return period.start, period.end  # type: ignore[return-value]  # both ends are of one kind


def movements(account: Account, period: Period, points: str | None) -> PointsMovements:
    """See `Account.movements`."""
    start, end = span(period)
    last = account._ledger.clock + MICRO if end is None else end  # noqa: SLF001 - our own
    rows = [row for row in walked(account, last, end) if row.at >= start and points in {None, row.currency}]
    return PointsMovements(start=start, end=end, rows=tuple(rows))


def walked(account: Account, last: datetime, end: datetime | None) -> Iterator[PointsMovement]:
    """Every movement before an instant, in the order of the fold; those recorded from `end` on say so."""
    trace: list[Effect] = []
    ledger = Ledger(account.opened_at, Notes(), trace)
    for entry in account.entries():
        if entry.rank != NOTICE and entry.effective < last:
            yield from _by_time(ledger, trace, entry.effective)
            yield from _by_entry(ledger, entry, end)
    yield from _by_time(ledger, trace, last - MICRO)


def _by_time(ledger: Ledger, trace: list[Effect], until: datetime) -> Iterator[PointsMovement]:
    """What time does up to and including an instant."""
    del trace[:]
    ledger.advance(until)
    for at, what, currency, name, points, *_ in sorted(trace, key=_when):
        if what in _FROM_TO:
            giver, taker = _FROM_TO[what]
            moved = {giver: -points, taker: points}
            yield PointsMovement(at=at, what=what, id=name, currency=currency, moved=_in_order(moved))


def _by_entry(ledger: Ledger, entry: Any, end: datetime | None) -> Iterator[PointsMovement]:
    """What an entry moves, in each currency."""
    before = {currency: _buckets(book) for currency, book in ledger.books.items()}
    ledger.apply(entry)
    for currency, book in ledger.books.items():
        was = before.get(currency)
        moved = _buckets(book)
        if was is not None:
            moved = {bucket: points - was[bucket] for bucket, points in moved.items()}
        if any(moved.values()):
            yield PointsMovement(
                at=entry.effective,
                what=type(entry).__name__,
                id=entry.key[1],
                currency=currency,
                moved=_in_order(moved),
                recorded_at=None if end is None or entry.at < end else entry.at,
            )


def _buckets(book: Book) -> dict[str, int]:
    return {
        "issued": -book.credited,
        "pending": book.pending,
        "available": book.usable,
        "held": book.held,
        "redeemed": book.redeemed,
        "expired": book.expired,
        "reversed": book.reversed,
        "out": book.out,
        "debt": -book.owed,
    }


def _in_order(moved: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple([(bucket, moved[bucket]) for bucket in BUCKETS if moved.get(bucket)])


def _when(effect: Any) -> tuple[datetime, bool]:
    return effect[0], effect[1] == "expired"
