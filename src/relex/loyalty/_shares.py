"""What each member of an account did to its points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex._html import table
from relex.loyalty._events import PointsAdjusted, PointsEarned, PointsRedeemed, PointsReversed, RedemptionRestored
from relex.loyalty._hold_events import HoldCaptured
from relex.loyalty._transfer_events import PointsReceived, PointsSent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.loyalty._account import Account

__all__ = ["ByMember", "MemberShare", "by_member"]


@attrs.frozen(kw_only=True)
class MemberShare:
    """What one member did to the points of an account, in the smallest unit of the currency.

    Attributes:
        member: Id of the customer.
        role: `owner`, `member` or `contributor`; None for one who left.
        earned: What occasions gave, net of returns and of what was canceled in escrow.
        redeemed: What was spent, net of what was given back.
        adjusted: What was added by hand, less what was taken.
        received: What came from other accounts, less debts that came with it.
        sent: What went to other accounts.

    .. versionadded:: 0.1.0
    """

    member: str
    role: str | None
    earned: int = 0
    redeemed: int = 0
    adjusted: int = 0
    received: int = 0
    sent: int = 0

    def __str__(self) -> str:
        parts = [f"{name} {getattr(self, name)}" for name in _COLUMNS if getattr(self, name)]
        return f"{self.member} ({self.role or 'left'}): {', '.join(parts) or 'nothing'}"


_COLUMNS = ("earned", "redeemed", "adjusted", "received", "sent")


@attrs.frozen(kw_only=True)
class ByMember:
    """What the members of an account did to its points, in one currency.

    Attributes:
        currency: Id of the points currency.
        shares: One for each member, in the order in which they joined, then for those who left; they add up to what
            the account earned and redeemed.

    .. versionadded:: 0.1.0
    """

    currency: str
    shares: tuple[MemberShare, ...]

    def of(self, member: str) -> MemberShare:
        """The share of a customer; an empty one for somebody who did nothing.

        .. versionadded:: 0.1.0
        """
        empty = MemberShare(member=member, role=None)
        return next((share for share in self.shares if share.member == member), empty)

    def __str__(self) -> str:
        return "\n".join([f"{self.currency} by member", *map(str, self.shares)])

    def _repr_html_(self) -> str:
        rows = [(each.member, each.role or "left", *[getattr(each, name) for name in _COLUMNS]) for each in self.shares]
        return table(f"{self.currency} by member", ("member", "role", *_COLUMNS), rows)


def by_member(account: Account, currency: str) -> ByMember:
    """See `Account.by_member`."""
    roles = {each.customer: each.role for each in account.members}
    sums: dict[str, dict[str, int]] = {customer: {} for customer in roles}
    for member, column, points in _postings(account, currency):
        row = sums.setdefault(member, {})
        row[column] = row.get(column, 0) + points
    shares = [MemberShare(member=member, role=roles.get(member), **row) for member, row in sums.items()]
    return ByMember(currency=currency, shares=tuple(shares))


def _postings(account: Account, currency: str) -> Iterator[tuple[str, str, int]]:
    """(member, column, points) for all that moved points of a currency."""
    whose: dict[str, str] = {}
    for entry in account.entries():
        column, sign = _SIGNS.get(type(entry), ("", 0))
        if not sign:
            continue
        member = entry.member or account.customer  # type: ignore[attr-defined]  # all of these name one
        if type(entry) is PointsEarned:
            whose.update(dict.fromkeys([credit.lot for credit in entry.credits], member))
        yield from [(member, column, sign * points) for points in _points(entry, currency)]
    canceled: set[str] = set()
    for _, what, of, lot, points, *_ in _trace(account):
        if what == "canceled" and of == currency and lot in whose:
            canceled.add(lot)
            yield whose[lot], "earned", -points
        elif what == "gone" and lot in canceled:  # asked back when it was canceled already
            yield whose[lot], "earned", points


def _points(entry: Any, currency: str) -> list[int]:
    if type(entry) in _BY_LOT:
        owed = [-points for of, points in getattr(entry, "owed", ()) if of == currency]
        return [points for of, points in entry.by_currency if of == currency] + owed
    return [entry.points] if entry.currency == currency else []


def _trace(account: Account) -> list[Any]:
    trace: list[Any] = []
    account._ledger_at(account._ledger.clock, trace=trace)  # noqa: SLF001 - our own
    return trace


_BY_LOT = frozenset({PointsEarned, PointsReversed, PointsReceived, PointsSent})
_SIGNS: dict[type, tuple[str, int]] = {
    PointsEarned: ("earned", 1),
    PointsReversed: ("earned", -1),
    PointsRedeemed: ("redeemed", 1),
    HoldCaptured: ("redeemed", 1),
    RedemptionRestored: ("redeemed", -1),
    PointsAdjusted: ("adjusted", 1),
    PointsReceived: ("received", 1),
    PointsSent: ("sent", 1),
}
