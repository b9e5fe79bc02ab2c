"""Holds: points set aside for a redemption that is not complete, then spent or given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.changes import Change
from relex.errors import InvalidValue, NotFound, Rejected
from relex.loyalty._commands import deadlines_of, enough, moment, paid_purchase, posted, ready, repeated, spendable
from relex.loyalty._events import event_place
from relex.loyalty._hold_events import HoldCaptured, HoldVoided, PointsHeld, make_captured, make_held, make_voided
from relex.loyalty._members import acting, same_member
from relex.loyalty._occasions import in_utc
from relex.loyalty._plan import plan_of
from relex.loyalty._quoting import named_reward, own_points, reward_worth
from relex.loyalty._restoring import late_end
from relex.loyalty._reward_limits import Wish
from relex.loyalty._settling import settled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._events import Entry
    from relex.loyalty._program import Program

__all__ = ["Reserving", "capture", "hold", "void"]

_POINTS = _checks.whole(least=1)


class Reserving(NamedTuple):
    """What a hold asks for."""

    points: int
    id: str
    until: datetime
    currency: str | None
    reward: str | None
    purchase: str | None
    effective: datetime | None
    member: str | None
    basket: Any = None
    customer: Mapping[str, Any] | None = None


def hold(account: Account, asked: Reserving, program: Program, at: datetime) -> Change[Account]:
    """See `Account.hold`."""
    at = in_utc("hold.at", at)
    _POINTS.require("hold.points", asked.points)
    _checks.text.require("hold.id", asked.id)
    ready("hold", account, program)
    reward = None if asked.reward is None else named_reward("hold", program, asked.reward)
    currency = spendable("hold", program, asked.currency if reward is None else reward.currency or asked.currency)
    purchase = paid_purchase("hold", asked)
    effective = at if asked.effective is None else in_utc("hold.effective", asked.effective)
    until = in_utc("hold.until", asked.until)
    known = account._find(("redeem", asked.id))  # noqa: SLF001 - our own
    if known is not None:
        return repeated(account, known, _same(account, known, asked, purchase, currency, until), asked.id)
    if until <= effective:
        raise InvalidValue("hold.until", asked.until, f"an instant after {effective.isoformat()}")
    moment("hold", account, program, effective, at)
    who = account.customer
    if asked.member is not None:
        who = acting("hold", account, program, asked.member, effective, spends=True)
    account, events = settled(account, program, at)
    worth = None
    if reward is not None:
        wish = Wish(reward, asked.points, effective, asked.basket, purchase, asked.customer, who)
        worth = reward_worth("hold", program, account, wish)
    else:
        own = 0 if purchase is None else own_points(account, program, currency, purchase, effective)
        enough("hold", account, currency, asked.points, effective, own)
    late_until, reissued = _late(program, currency, until)
    event = make_held(
        account.id, account.version + 1, at, effective, asked.id, currency, asked.points, until, late_until, reissued,
        purchase, asked.reward, who, worth,
    )  # fmt: skip
    return posted("hold", account, event, events, program, at, allow_debt=False)


def _same(account: Account, known: Any, asked: Reserving, purchase: str | None, currency: str, until: datetime) -> bool:
    if type(known) is not PointsHeld or not same_member(account, known, asked.member):
        return False
    recorded = (known.currency, known.points, known.until, known.purchase, known.reward)
    wanted = (currency, asked.points, until, purchase, asked.reward)
    return recorded == wanted and asked.effective in {None, known.effective}


def _late(program: Program, currency: str, at: datetime) -> tuple[datetime | None, bool]:
    """What becomes of points that come back then to a lot whose own end has passed: a new end, a new lot."""
    return late_end(program, currency, at), program.restore.policy == "reissue"


def capture(
    account: Account, name: str, program: Program, at: datetime, points: int | None, effective: datetime | None
) -> Change[Account]:
    """See `Account.capture`."""
    at = in_utc("capture.at", at)
    held = _hold("capture", account, name, program)
    when = None if effective is None else in_utc("capture.effective", effective)
    spent = held.points if points is None else points
    _POINTS.require("capture.points", spent)
    ended = _ending(account, name)
    if type(ended) is HoldCaptured and (ended.points, ended.effective) == (spent, when or ended.effective):
        return Change(account, ())
    when = when or at
    _still_open("capture", account, held, ended, program, when, at)
    if spent > held.points:
        raise Rejected("capture", "more_than_held", {"asked": spent, "held": held.points})
    account, events = settled(account, program, at)
    late_until, reissued = _late(program, held.currency, when)
    plan = plan_of(program)
    deadlines = deadlines_of(account, plan, when, ("redeem",), ()) if plan.idle else ()
    event = make_captured(
        account.id, account.version + 1, at, when, name, held.currency, spent, held.points - spent,
        late_until, reissued, deadlines, held.member,
    )  # fmt: skip
    return posted("capture", account, event, events, program, at, allow_debt=False)


def void(account: Account, name: str, program: Program, at: datetime, effective: datetime | None) -> Change[Account]:
    """See `Account.void`."""
    at = in_utc("void.at", at)
    held = _hold("void", account, name, program)
    when = None if effective is None else in_utc("void.effective", effective)
    ended = _ending(account, name)
    if type(ended) is HoldVoided and when in {None, ended.effective}:
        return Change(account, ())
    when = when or at
    _still_open("void", account, held, ended, program, when, at)
    account, events = settled(account, program, at)
    late_until, reissued = _late(program, held.currency, when)
    event = make_voided(
        account.id, account.version + 1, at, when, name, held.currency, held.points, late_until, reissued, held.member
    )  # fmt: skip
    return posted("void", account, event, events, program, at, allow_debt=False)


def _hold(command: str, account: Account, name: str, program: Program) -> PointsHeld:
    _checks.text.require(f"{command}.hold", name)
    ready(command, account, program)
    held = account._find(("redeem", name))  # noqa: SLF001 - our own
    if type(held) is not PointsHeld:
        raise NotFound("hold", name)
    return held


def _ending(account: Account, name: str) -> Entry | None:
    found: Entry | None = account._find(("capture", name)) or account._find(("void", name))  # noqa: SLF001 - our own
    return found


def _still_open(
    command: str,
    account: Account,
    held: PointsHeld,
    ended: Entry | None,
    program: Program,
    effective: datetime,
    at: datetime,
) -> None:
    if ended is not None:
        how = "already_captured" if type(ended) is HoldCaptured else "already_voided"
        raise Rejected(command, how, {"hold": held.id, "at": ended.effective})
    moment(command, account, program, effective, at)
    if (effective, at) < event_place(held)[:2]:
        raise Rejected(command, "before_hold", {"effective": effective, "hold": held.effective})
    if effective >= held.until:
        raise Rejected(command, "lapsed", {"effective": effective, "until": held.until})
