"""Points that move from one account to another, as facts that do not change: each account has its own side."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from relex import _checks
from relex.codec import tagged
from relex.loyalty._events import CREDIT, DEBIT, Credit, Entry

__all__ = ["MovedLot", "PointsReceived", "PointsSent"]


@tagged("loyalty.MovedLot")
@attrs.frozen(kw_only=True, weakref_slot=False)
class MovedLot:
    """Points of one lot that move to another account.

    Attributes:
        lot: Id of the lot in the account that they leave.
        credit: The lot that they make in the account to which they come.

    .. versionadded:: 0.1.0
    """

    lot: str = attrs.field(validator=_checks.text)
    credit: Credit = attrs.field(validator=_checks.a(Credit))


_MOVED = _checks.each(_checks.a(MovedLot))
_TEXT_OR_NONE = _checks.optional(_checks.text)


@attrs.frozen(kw_only=True, weakref_slot=False)
class _Side(Entry):
    id: str = attrs.field(validator=_checks.text)
    other: str = attrs.field(validator=_checks.text)
    moved: tuple[MovedLot, ...] = attrs.field(validator=_MOVED)
    expiry: str = attrs.field(default="keep", validator=_checks.one_of("keep", "reset"))
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    @property
    def points(self) -> int:
        """How many points moved, in all currencies."""
        return sum([each.credit.points for each in self.moved])

    @property
    def by_currency(self) -> tuple[tuple[str, int], ...]:
        """(currency, points) for each lot."""
        return tuple([(each.credit.currency, each.credit.points) for each in self.moved])


@tagged("loyalty.PointsSent")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsSent(_Side):
    """Points left for another account; they are in `out` now.

    Attributes:
        id: Of the transfer, the same on both sides.
        other: Id of the account that received them.
        moved: What left each lot, and the lot that it became there.
        expiry: `keep` (each lot keeps its end) or `reset` (the receiver's policy from that day).
        member: Id of the customer who sent them.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = DEBIT

    @property
    def key(self) -> tuple[str, str]:
        """`send` and the id."""
        return ("send", self.id)


@tagged("loyalty.PointsReceived")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsReceived(_Side):
    """Points came from another account; they were not earned here and count for no tier and no lifetime total.

    Attributes:
        id: Of the transfer, the same on both sides; of an account that was absorbed, its id.
        other: Id of the account that sent them.
        moved: The lots that came, and what they were there.
        expiry: As of `PointsSent`.
        member: Id of the customer in whose name they came.
        absorbed: Whether it is all that an account had which ended with this.
        deadlines: As of `PointsEarned`.
        owed: (currency, points) pairs: the debts that came with it.
        purchases: How many purchases it had recorded.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = CREDIT

    absorbed: bool = attrs.field(default=False, validator=_checks.flag)
    deadlines: tuple[tuple[str, datetime], ...] = attrs.field(default=(), validator=_checks.a(tuple))
    owed: tuple[tuple[str, int], ...] = attrs.field(default=(), validator=_checks.a(tuple))
    purchases: int = attrs.field(default=0, validator=_checks.whole(least=0))

    @property
    def key(self) -> tuple[str, str]:
        """`receive`, or `absorb`, and the id."""
        return ("absorb" if self.absorbed else "receive", self.id)

    @property
    def credits(self) -> tuple[Credit, ...]:
        """The lots that came."""
        return tuple([each.credit for each in self.moved])
