"""Giving back points that were spent: of a canceled redemption, and of a purchase that comes back."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.errors import InvalidValue, NotFound, Rejected
from relex.loyalty._commands import moment, posted, ready, repeated
from relex.loyalty._events import PointsEarned, PointsRedeemed, RedemptionRestored
from relex.loyalty._expiry import end_of, idle_part
from relex.loyalty._hold_events import PointsHeld
from relex.loyalty._lots import FOREVER
from relex.loyalty._occasions import in_utc, read_occasion
from relex.loyalty._plan import plan_of
from relex.loyalty._returns import half_up, occasion_of, returned, reversal, same_return
from relex.loyalty._settling import settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from relex.changes import Change
    from relex.loyalty._account import Account
    from relex.loyalty._program import Program
    from relex.purchases import Purchase, Return

__all__ = ["Restoration", "Spent", "late_end", "refund", "restore", "spent_on"]


class Spent(NamedTuple):
    """A redemption, or a hold that was captured.

    Attributes:
        id: Of the redemption.
        currency: Id of the points currency.
        points: What was spent.
        effective: When.
        member: Who spent them.
    """

    id: str
    currency: str
    points: int
    effective: datetime
    member: str | None


def _spent(account: Account, entry: Any) -> Spent | None:
    """What a redemption or a hold spent; None for a hold that was not captured."""
    if type(entry) is PointsHeld:
        capture = account._find(("capture", entry.id))  # noqa: SLF001 - our own
        if capture is None:
            return None
        return Spent(entry.id, entry.currency, capture.points, capture.effective, entry.member)
    return Spent(entry.id, entry.currency, entry.points, entry.effective, entry.member)


def spent_on(account: Account, purchase: str) -> list[Spent]:
    """The redemptions that paid for a purchase, by business moment."""
    named = [
        entry
        for entry in account.entries()
        if type(entry) in {PointsRedeemed, PointsHeld} and entry.purchase == purchase  # type: ignore[attr-defined]  # both have one
    ]
    return [found for entry in named if (found := _spent(account, entry)) is not None]


class Restoration(NamedTuple):
    """What a cancelled redemption asks for."""

    redemption: str
    points: int | None
    id: str | None
    effective: datetime | None


def restore(account: Account, asked: Restoration, program: Program, at: datetime) -> Change[Account]:
    """See `Account.restore`."""
    at = in_utc("restore.at", at)
    ready("restore", account, program)
    name = asked.redemption if asked.id is None else asked.id
    _checks.text.require("restore.id", name)
    entry = account._find(("redeem", asked.redemption))  # noqa: SLF001 - our own
    spent = None if entry is None else _spent(account, entry)
    if spent is None:
        raise NotFound("redemption", asked.redemption)
    effective = at if asked.effective is None else in_utc("restore.effective", asked.effective)
    left = spent.points - sum([entry.points for entry in _restored(account, asked.redemption)])
    known = account._find(("restore", name))  # noqa: SLF001 - our own
    if known is not None:
        same = known.redemption == asked.redemption and asked.points in {None, known.points}
        return repeated(account, known, same and asked.effective in {None, known.effective}, name)
    points = left if asked.points is None else asked.points
    _checks.whole(least=1 if asked.points is not None else 0).require("restore.points", points)
    if points > left or not left:
        raise Rejected("restore", "more_than_redeemed", {"asked": points, "remains": left})
    moment("restore", account, program, effective, at)
    _after("restore", spent, effective)
    account, events = settled(account, program, at)
    event = _restoration(account, spent, points, name, program, effective, at)
    return posted("restore", account, event, events, program, at, allow_debt=True)


def _after(command: str, spent: Spent, effective: datetime) -> None:
    if effective < spent.effective:
        raise Rejected(command, "before_redemption", {"effective": effective, "redemption": spent.effective})


def _restored(account: Account, redemption: str) -> Iterator[RedemptionRestored]:
    """What came back of a redemption before."""
    for entry in account.entries():
        if type(entry) is RedemptionRestored and entry.redemption == redemption:
            yield entry


def _restoration(
    account: Account,
    spent: Spent,
    points: int,
    name: str,
    program: Program,
    effective: datetime,
    at: datetime,
    refund: str | None = None,
) -> RedemptionRestored:
    return RedemptionRestored(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=effective,
        id=name,
        redemption=spent.id,
        currency=spent.currency,
        points=points,
        until=late_end(program, spent.currency, effective),
        reissued=program.restore.policy == "reissue",
        member=spent.member,
        refund=refund,
    )


def late_end(program: Program, currency: str, effective: datetime) -> datetime | None:
    """The end of points that come back to a lot whose own end has passed."""
    plan = plan_of(program)
    if program.restore.grace is not None:
        return in_utc("restore.until", program.restore.grace.ends(plan.day(effective), program.tz))
    if program.restore.policy == "reissue":
        policy = plan.expiry(plan.currencies[currency], None, None)  # the new lot waits for nothing
        end, idle = end_of(policy, effective, program.tz), idle_part(policy)
        idle_end = None if idle is None else in_utc("restore.until", idle.after.ends(plan.day(effective), program.tz))
        return min([each for each in (end, idle_end) if each is not None], default=FOREVER)
    return None


def refund(account: Account, back: Return, program: Program, at: datetime, sale: Purchase | None) -> Change[Account]:
    """See `Account.refund`."""
    at = in_utc("refund.at", at)
    purchase = occasion_of("refund", account, back, program)
    effective = in_utc("refund.return.at", back.at)
    known = account._find(("return", back.id))  # noqa: SLF001 - our own
    if known is not None:
        return repeated(account, known, same_return(known, back, effective), back.id)
    paid = spent_on(account, purchase)
    award = _award(account, purchase, sale, program, paid)
    moment("refund", account, program, effective, at)
    if effective < award.effective:
        raise Rejected("refund", "before_award", {"return": effective, "award": award.effective})
    for spent in paid:
        _after("refund", spent, effective)
    share = returned("refund", account, award, back, program).share
    account, events = settled(account, program, at)
    for spent, points in _coming_back(account, paid, share, program.restore.on_return):
        event = _restoration(account, spent, points, f"{back.id}:{spent.id}", program, effective, at, back.id)
        account, events = posted("refund", account, event, events, program, at)
    return posted("refund", account, reversal("refund", account, award, back, program, at), events, program, at)


def _award(account: Account, purchase: str, sale: Purchase | None, program: Program, paid: list[Spent]) -> PointsEarned:
    """What the purchase earned here; for one that was only paid here, an award of nothing over the same lines."""
    award: PointsEarned | None = account._find(("purchase", purchase))  # noqa: SLF001 - our own
    if award is not None:
        return award
    if not paid:
        raise NotFound("award or redemption for purchase", purchase)
    if sale is None or sale.id != purchase:
        raise InvalidValue("refund.sale", sale, f"the purchase {purchase}, because it was not recorded here")
    reading = read_occasion(sale, in_utc("refund.sale.at", sale.at), plan_of(program).digits)
    rows = zip(reading.numbers, reading.quantities(), reading.nets, strict=True)
    return PointsEarned(
        source=account.id,
        version=1,
        at=reading.at,
        effective=reading.at,
        id=purchase,
        kind="paid",
        lines=tuple([(number, str(quantity), net) for number, quantity, net in rows]),
        spend=sum(reading.nets),
    )


def _coming_back(account: Account, paid: list[Spent], share: Fraction, policy: str) -> list[tuple[Spent, int]]:
    """What comes back of each redemption: of all of them together by the share, the last one first."""
    part = {"proportional": share, "full_only": Fraction(share >= 1), "never": Fraction(0)}[policy]
    due: dict[str, int] = {}
    left: dict[str, int] = {}
    spendings: dict[str, int] = {}
    for spent in paid:
        restored = list(_restored(account, spent.id))
        by_hand = sum([entry.points for entry in restored if entry.refund is None])
        before = sum([entry.points for entry in restored]) - by_hand
        left[spent.id] = spent.points - by_hand - before
        spendings[spent.currency] = spendings.get(spent.currency, 0) + spent.points - by_hand
        due[spent.currency] = due.get(spent.currency, 0) - before
    for currency, points in spendings.items():
        due[currency] = max(0, due[currency] + half_up(points * part))
    found = []
    for spent in reversed(paid):
        points = min(due[spent.currency], left[spent.id])
        due[spent.currency] -= points
        if points:
            found.append((spent, points))
    return found
