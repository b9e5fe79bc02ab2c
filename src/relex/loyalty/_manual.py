"""What people do by hand: adjustments, tiers assigned, accounts suspended, resumed and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.changes import Change
from relex.errors import InvalidValue, NotFound, Rejected
from relex.loyalty._commands import belongs, enough, moment, posted, ready, repeated
from relex.loyalty._events import PointsAdjusted, make_credit
from relex.loyalty._members import acting, same_member
from relex.loyalty._notices import AccountClosed, AccountResumed, AccountSuspended, TierAssigned
from relex.loyalty._occasions import in_utc
from relex.loyalty._plan import plan_of
from relex.loyalty._reviews import after_entry, assigned
from relex.loyalty._settling import changed, settled, settled_with_tiers

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._program import Program

__all__ = ["Adjustment", "adjust", "assign_tier", "close", "explained", "review", "set_status", "settle"]


class Adjustment(NamedTuple):
    """What an adjustment asks for."""

    points: int
    id: str
    reason: str
    actor: str
    currency: str | None
    effective: datetime | None
    expires_at: datetime | None
    allow_debt: bool
    member: str | None
    lot: str | None
    qualifying: bool


def explained(command: str, reason: str, actor: str) -> None:
    """Refuse what is done by hand without a reason or without saying who does it."""
    if not reason or not actor:
        raise Rejected(command, "no_reason", {"reason": reason, "actor": actor})
    _checks.text.require(f"{command}.reason", reason)
    _checks.text.require(f"{command}.actor", actor)


def adjust(account: Account, asked: Adjustment, program: Program, at: datetime) -> Change[Account]:
    """See `Account.adjust`."""
    at = in_utc("adjust.at", at)
    _checks.whole().require("adjust.points", asked.points)
    _checks.text.require("adjust.id", asked.id)
    if not asked.points:
        raise InvalidValue("adjust.points", 0, "an int that is not 0")
    explained("adjust", asked.reason, asked.actor)
    ready("adjust", account, program)
    points = program.currency_of(_currency(account, asked), path="adjust.currency")
    currency = points.id
    asked = asked._replace(qualifying=asked.qualifying or points.qualifying)
    effective = at if asked.effective is None else in_utc("adjust.effective", asked.effective)
    known = account._find(("adjust", asked.id))  # noqa: SLF001 - our own
    if known is not None:
        same = (known.currency, known.points, known.reason, known.actor, known.origin, known.qualifying)
        wanted = (currency, asked.points, asked.reason, asked.actor, asked.lot, asked.qualifying)
        same_content = same == wanted and same_member(account, known, asked.member)
        return repeated(account, known, same_content and asked.effective in {None, known.effective}, asked.id)
    moment("adjust", account, program, effective, at)
    who = acting("adjust", account, program, asked.member, effective)
    account, events = settled(account, program, at)
    if asked.points < 0 and not asked.allow_debt:
        enough("adjust", account, currency, -asked.points, effective)
    if asked.lot is not None:
        _reinstates(account, asked, effective)
    event = _adjusted(account, asked, program, currency, effective, at, who)
    return posted("adjust", account, event, events, program, at, allow_debt=asked.allow_debt or asked.points > 0)


def _currency(account: Account, asked: Adjustment) -> str | None:
    """The currency that is asked for; that of the lot whose points come back."""
    if asked.lot is None:
        return asked.currency
    if asked.points < 0:
        raise InvalidValue("adjust.lot", asked.lot, "None, unless points are added")
    books = account._ledger.books  # noqa: SLF001 - our own
    found = next((name for name in books if asked.lot in account._given(name)), None)  # noqa: SLF001 - our own
    if found is None:
        raise NotFound("lot", asked.lot)
    if asked.currency not in {None, found}:
        raise InvalidValue("adjust.currency", asked.currency, f"{found}, that of the lot")
    return found


def _reinstates(account: Account, asked: Adjustment, effective: datetime) -> None:
    """Refuse more than what expired of a lot and has not come back."""
    trace: list[Any] = []
    account._ledger_at(effective, trace=trace)  # noqa: SLF001 - our own
    signs = {"expired": 1, "gone": -1}
    expired = sum([signs[row[1]] * row[4] for row in trace if row[1] in signs and row[3] == asked.lot])
    entries = [entry for entry in account.entries() if type(entry) is PointsAdjusted and entry.origin == asked.lot]
    remains = expired - sum([entry.points for entry in entries])
    if asked.points > remains:
        raise Rejected("adjust", "more_than_expired", {"asked": asked.points, "remains": remains})


def _adjusted(
    account: Account,
    asked: Adjustment,
    program: Program,
    currency: str,
    effective: datetime,
    at: datetime,
    who: str,
) -> PointsAdjusted:
    plan = plan_of(program)
    credit = None
    deadlines: tuple[tuple[str, datetime], ...] = ()
    idle = plan.idle.get(currency)
    if idle is not None and (asked.points > 0 or "adjust" in idle.activities):
        deadlines = ((currency, plan.deadline(currency, effective)),)  # type: ignore[assignment]  # it has one
        before = account._deadline(currency, effective)  # noqa: SLF001 - our own
        if "adjust" not in idle.activities and before is not None and before > effective:
            deadlines = ()
    if asked.points > 0:
        starts, own_end, lasts, _ = plan.life(plan.currencies[currency], None, None, effective)
        end = own_end
        if asked.expires_at is not None:
            end = own_end = in_utc("adjust.expires_at", asked.expires_at)
            lasts = None
            if end <= effective:
                raise InvalidValue("adjust.expires_at", asked.expires_at, f"an instant after {effective.isoformat()}")
        credit = make_credit(
            f"adjust:{asked.id}", currency, asked.points, effective, starts, end, own_end, lasts is not None, (), None
        )
    return PointsAdjusted(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=effective,
        id=asked.id,
        currency=currency,
        points=asked.points,
        reason=asked.reason,
        actor=asked.actor,
        credit=credit,
        deadlines=deadlines,
        member=who,
        origin=asked.lot,
        qualifying=asked.qualifying,
    )


def settle(account: Account, program: Program, at: datetime) -> Change[Account]:
    """See `Account.settle`."""
    at = in_utc("settle.at", at)
    belongs("settle", account, program)
    return Change(*settled(account, program, at))


def review(account: Account, program: Program, at: datetime) -> Change[Account]:
    """See `Account.review`."""
    at = in_utc("review.at", at)
    belongs("review", account, program)
    account, events = settled(account, program, at)
    if not program.tiers:
        return Change(account, events)
    account, more = changed(account, after_entry(plan_of(program), account, at, at))
    return Change(account, events + more)


def assign_tier(
    account: Account, tier: str | None, program: Program, at: datetime, until: datetime | None, reason: str, actor: str
) -> Change[Account]:
    """See `Account.assign_tier`."""
    at = in_utc("assign_tier.at", at)
    belongs("assign_tier", account, program)
    if account.status == "closed":
        raise Rejected("assign_tier", "closed", {"account": account.id})
    moment("assign_tier", account, program, at, at)
    if tier is not None:
        program.tier(tier)
    elif until is not None:
        raise InvalidValue("assign_tier.until", until, "None, since a floor that is taken away has no end")
    explained("assign_tier", reason, actor)
    ends = None if until is None else in_utc("assign_tier.until", until)
    if ends is not None and ends <= at:
        raise InvalidValue("assign_tier.until", until, f"an instant after {at.isoformat()}")
    account, events = settled(account, program, at)
    if (account.standing.floor, account.standing.floor_until) == (tier, ends):
        return Change(account, events)
    event = TierAssigned(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=at,
        tier=tier,
        until=ends,
        reason=reason,
        actor=actor,
    )
    plan = plan_of(program)
    account = account.evolve(account, event)
    account, change = changed(account, assigned(plan, account, at, at))
    account, more = settled_with_tiers(account, plan, at)
    return Change(account, (*events, event, *change, *more))


def set_status(account: Account, command: str, at: datetime, reason: str) -> Change[Account]:
    """See `Account.suspend` and `Account.resume`."""
    at = in_utc(f"{command}.at", at)
    wanted, kind = _STATUS[command]
    if account.status == "closed":
        raise Rejected(command, "closed", {"account": account.id})
    if at < account.opened_at:
        raise Rejected(command, "before_enrollment", {"at": at, "opened_at": account.opened_at})
    if account.status == wanted:
        return Change(account, ())
    changes = (event for event in reversed(account._journal) if type(event) in _SWITCHES)  # noqa: SLF001 - our own
    _after(command, at, next((event.at for event in changes), at))
    event: Any = kind(source=account.id, version=account.version + 1, at=at, reason=reason)
    return Change(account.evolve(account, event), (event,))


def _after(command: str, at: datetime, last: datetime) -> None:
    if at < last:
        raise Rejected(command, "out_of_order", {"at": at, "last": last})


_SWITCHES = (AccountSuspended, AccountResumed)
_STATUS: dict[str, tuple[str, Any]] = {
    "suspend": ("suspended", AccountSuspended),
    "resume": ("open", AccountResumed),
}


def close(account: Account, program: Program, at: datetime, reason: str, *, empty: bool) -> Change[Account]:
    """See `Account.close`."""
    at = in_utc("close.at", at)
    belongs("close", account, program)
    if account.status == "closed":
        return Change(account, ())
    moment("close", account, program, at, at)
    _after("close", at, account._last[0])  # noqa: SLF001 - our own
    account, events = settled(account, program, at)
    books = account._ledger_at(at).books  # noqa: SLF001 - our own
    sums = {name: book.usable + book.pending + book.held for name, book in books.items()}
    left = {name: points for name, points in sums.items() if points}
    if empty and left:
        raise Rejected("close", "points_left", left)  # type: ignore[arg-type]  # counts are objects
    event = AccountClosed(source=account.id, version=account.version + 1, at=at, effective=at, reason=reason)
    return Change(account.evolve(account, event), (*events, event))
