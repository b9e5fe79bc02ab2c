"""The end of escrow: what points waited for has come."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue, NotFound, Rejected
from relex.loyalty._commands import belongs, moment, posted, repeated
from relex.loyalty._events import PointsEarned, event_place
from relex.loyalty._expiry import end_of
from relex.loyalty._hold_events import EscrowActivated
from relex.loyalty._occasions import in_utc
from relex.loyalty._settling import settled
from relex.loyalty._transfer_events import PointsReceived

if TYPE_CHECKING:
    from datetime import datetime

    from relex.changes import Change
    from relex.loyalty._account import Account
    from relex.loyalty._events import Credit
    from relex.loyalty._program import Program

__all__ = ["activate"]


def activate(
    account: Account, occasion: Any, program: Program, on: str, at: datetime, effective: datetime | None
) -> Change[Account]:
    """See `Account.activate`."""
    at = in_utc("activate.at", at)
    _checks.text.require("activate.on", on)
    key = _key(occasion)
    belongs("activate", account, program)
    if account.status == "closed":
        raise Rejected("activate", "closed", {"account": account.id})
    when = None if effective is None else in_utc("activate.effective", effective)
    award = account._find(key)  # noqa: SLF001 - our own
    if type(award) is not PointsEarned:
        award = _taken_over(account, key)
    if award is None:
        raise NotFound("award", ":".join(key))
    known = account._find(("activate", f"{key[0]}:{key[1]}:{on}"))  # noqa: SLF001 - our own
    if known is not None:
        return repeated(account, known, when in {None, known.effective}, known.key[1])
    when = when or at
    lots = _waiting(award, on)
    moment("activate", account, program, when, at)
    if (when, at) < event_place(award)[:2]:
        raise Rejected("activate", "before_award", {"effective": when, "award": award.effective})
    last = max([credit.available_at for credit in lots])
    if when >= last:
        raise Rejected("activate", "lapsed", {"effective": when, "until": last})
    lots = [credit for credit in lots if credit.available_at > when]
    account, events = settled(account, program, at)
    event = EscrowActivated(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=when,
        occasion=key,
        on=on,
        lots=tuple([_active(account, credit, program, when) for credit in lots]),
    )
    return posted("activate", account, event, events, program, at)


def _key(occasion: Any) -> tuple[str, str]:
    key = ("purchase", occasion) if isinstance(occasion, str) else occasion
    if not isinstance(key, tuple) or [type(part) for part in key] != [str, str]:
        raise InvalidValue("activate.occasion", occasion, "the id of a purchase, or (kind, id) of an occasion")
    return key


def _taken_over(account: Account, key: tuple[str, str]) -> PointsReceived | None:
    """The lots of an occasion that came with an account that was absorbed."""
    name = ":".join(key)
    for entry in account.entries():
        if type(entry) is PointsReceived:
            moved = tuple([each for each in entry.moved if each.credit.escrow and _of(name, each.lot)])
            if moved:
                return attrs.evolve(entry, moved=moved)
    return None


def _of(occasion: str, lot: str) -> bool:
    return lot == occasion or lot.startswith(f"{occasion}#")


def _waiting(award: PointsEarned | PointsReceived, on: str) -> list[Credit]:
    lots = [credit for credit in award.credits if credit.escrow is not None and credit.escrow.on == on]
    if not lots:
        allowed = sorted({credit.escrow.on for credit in award.credits if credit.escrow is not None})
        raise Rejected("activate", "not_in_escrow", {"on": on, "allowed": tuple(allowed)})
    return lots


def _active(account: Account, credit: Credit, program: Program, effective: datetime) -> Credit:
    """The lot as it is from now on."""
    escrow: Any = credit.escrow
    own_end = credit.own_end if escrow.lasts is None else end_of(escrow.lasts, effective, program.tz)
    if own_end is not None:
        own_end = own_end.astimezone(UTC)
    end = own_end
    if credit.idle:
        ends = [each for each in (own_end, account._deadline(credit.currency, effective)) if each is not None]  # noqa: SLF001 - our own
        end = min(ends, default=None)
    return attrs.evolve(credit, available_at=effective, expires_at=end, own_end=own_end, escrow=None)
