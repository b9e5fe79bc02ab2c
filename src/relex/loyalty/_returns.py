"""Taking back what an award gave when goods come back, and giving back points of a cancelled redemption.

Rules are never run again: a return takes shares of the amounts that the award recorded. All shares are cumulative, and
rounded half-up on the cumulative, so returns in any steps take exactly what one full return takes.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex import _checks
from relex.errors import CurrencyMismatch, InvalidValue, NotFound, Rejected
from relex.loyalty._commands import belongs, moment, posted, ready, repeated
from relex.loyalty._events import PointsReversed, RedemptionRestored
from relex.loyalty._lots import FOREVER
from relex.loyalty._occasions import in_utc
from relex.loyalty._plan import plan_of
from relex.loyalty._settling import settled
from relex.money import Rounding

if TYPE_CHECKING:
    from datetime import datetime

    from relex.changes import Change
    from relex.loyalty._account import Account
    from relex.loyalty._events import PointsEarned
    from relex.loyalty._program import Program
    from relex.purchases import Return

__all__ = ["Restoration", "restore", "reverse"]

_half_up = Rounding.HALF_UP.apply


class _Back(NamedTuple):
    """What came back of an award, this return included.

    Attributes:
        shares: The part of each line, by line number.
        share: The part of the value.
        lines: (line number, quantity) of this return alone.
        spend: Value of this return alone, in minor units.
    """

    shares: dict[int, Fraction]
    share: Fraction
    lines: tuple[tuple[int, str], ...]
    spend: int


def reverse(account: Account, back: Return, program: Program, at: datetime) -> Change[Account]:
    """See `Account.reverse`."""
    at = in_utc("reverse.at", at)
    belongs("reverse", account, program)
    if back.purchase is None:
        raise InvalidValue("reverse.return.purchase", None, "the id of the purchase that earned")
    if account.status == "closed":
        raise Rejected("reverse", "closed", {"account": account.id})
    effective = in_utc("reverse.return.at", back.at)
    award = account._find(("purchase", back.purchase))  # noqa: SLF001 - our own
    if award is None:
        raise NotFound("award for purchase", back.purchase)
    known = account._find(("return", back.id))  # noqa: SLF001 - our own
    asked = tuple([(number, str(quantity)) for number, quantity in back.lines])
    if known is not None:
        same = known.occasion == award.key and known.lines == asked and known.effective == effective
        return repeated(account, known, same, back.id)
    moment("reverse", account, program, effective, at)
    if effective < award.effective:
        raise Rejected("reverse", "before_award", {"return": effective, "award": award.effective})
    account, events = settled(account, program, at)
    event = _reversal(account, award, back, asked, program, effective, at)
    return posted("reverse", account, event, events, program, at, allow_debt=True)


def _reversal(
    account: Account,
    award: PointsEarned,
    back: Return,
    asked: tuple[tuple[int, str], ...],
    program: Program,
    effective: datetime,
    at: datetime,
) -> PointsReversed:
    earlier = [entry for entry in account.entries() if type(entry) is PointsReversed and entry.occasion == award.key]
    came = _came_back(award, back, asked, earlier, program)
    asked_before: dict[str, int] = {}
    for entry in earlier:
        for lot, _, points in entry.lots:
            asked_before[lot] = asked_before.get(lot, 0) + points
    lots = []
    for credit in award.credits:
        target = _target(credit, came, program.clawback.basis)
        due = max(0, min(target, credit.points) - asked_before.get(credit.lot, 0))
        if due:
            lots.append((credit.lot, credit.currency, due))
    total = sum([credit.points for credit in award.credits])
    taken = sum(asked_before.values()) + sum([points for _, _, points in lots])
    share = Fraction(taken, total) if total else came.share
    draft = PointsReversed(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=effective,
        id=back.id,
        occasion=award.key,
        awarded_at=award.effective,
        lots=tuple(lots),
        reach=program.clawback.reach,
        lines=came.lines,
        spend=came.spend,
        qualifying=_half_up(award.qualifying * share) - sum([entry.qualifying for entry in earlier]),
        uses=_freed(award, earlier, share),
        member=award.member,
    )
    return _with_outcome(account, draft, lots[0][1] if lots else None)


def _came_back(
    award: PointsEarned, back: Return, asked: tuple[tuple[int, str], ...], earlier: list[Any], program: Program
) -> _Back:
    sold = {number: (Fraction(quantity), net) for number, quantity, net in award.lines}
    returned = {number: Fraction(0) for number in sold}
    for entry in earlier:
        for number, quantity in entry.lines:
            returned[number] += Fraction(quantity)
    named = {number for pairs in (asked, *[entry.lines for entry in earlier]) for number, _ in pairs}
    value_before = sum([entry.spend for entry in earlier])
    for number, quantity in asked:
        if number not in sold:
            raise NotFound("line", str(number))
        left = sold[number][0] - returned[number]
        if Fraction(quantity) > left:
            raise Rejected("reverse", "more_than_sold", {"line": number, "asked": quantity, "remains": str(left)})
        returned[number] += Fraction(quantity)
    shares = {number: _part(returned[number], sold[number][0], named=number in named) for number in sold}
    worth = sum([_half_up(net * shares[number]) for number, (_, net) in sold.items()])
    value = _stated(back, program) if back.value is not None else max(0, worth - value_before)
    if value_before + value > award.spend:
        raise Rejected("reverse", "more_than_sold", {"asked": value, "remains": award.spend - value_before})
    share = Fraction(value_before + value, award.spend) if award.spend else Fraction(int(bool(asked)))
    if not asked:
        shares = dict.fromkeys(sold, share)
    return _Back(shares, share, asked, value)


def _part(returned: Fraction, sold: Fraction, *, named: bool) -> Fraction:
    """The part of a line that came back; a line that was sold with quantity 0 comes back whole when it is named."""
    return returned / sold if sold else Fraction(int(named))


def _stated(back: Return, program: Program) -> int:
    value: Any = back.value
    if value.currency != program.currency:
        raise CurrencyMismatch(program.currency, value.currency)
    minor: int = value.minor
    return minor


def _target(credit: Any, came: _Back, basis: str) -> int:
    """What all returns so far ask back from a lot."""
    if basis == "proportional":
        return _half_up(credit.points * came.share)
    exact = sum([points * came.shares.get(number, came.share) for number, points in credit.lines], Fraction(0))
    return _half_up(exact)


def _freed(award: PointsEarned, earlier: list[Any], share: Fraction) -> tuple[Any, ...]:
    """The part of each cap that is free again."""
    found = []
    for key, value, currency, points, units, net in award.uses:
        before = [use for entry in earlier for use in entry.uses if use[:3] == (key, value, currency)]
        freed = _half_up(points * share) - sum([use[3] for use in before])
        free_units = Fraction(units) * share - sum([Fraction(use[4]) for use in before])
        free_net = _half_up(net * share) - sum([use[5] for use in before])
        found.append((key, value, currency, freed, str(free_units), free_net))
    return tuple(found)


def _with_outcome(account: Account, draft: PointsReversed, currency: str | None) -> PointsReversed:
    """The event with what it really takes, as the fold says now."""
    trace: list[Any] = []
    ledger = account._ledger_at(draft.effective, trace=trace)  # noqa: SLF001 - our own
    del trace[:]
    ledger.apply(draft)
    sums: dict[str, int] = {}
    for _, what, of, _, points, *_ in trace:
        if of == currency:
            sums[what] = sums.get(what, 0) + points
    return attrs.evolve(
        draft,
        points=sums.get("reversed", 0),
        already_expired=sums.get("gone", 0),
        uncollected=sums.get("short", 0),
    )


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
    name = asked.id or asked.redemption
    spent = account._find(("redeem", asked.redemption))  # noqa: SLF001 - our own
    if spent is None:
        raise NotFound("redemption", asked.redemption)
    effective = at if asked.effective is None else in_utc("restore.effective", asked.effective)
    earlier = [
        entry
        for entry in account.entries()
        if type(entry) is RedemptionRestored and entry.redemption == asked.redemption
    ]
    left = spent.points - sum([entry.points for entry in earlier])
    known = account._find(("restore", name))  # noqa: SLF001 - our own
    if known is not None:
        same = known.redemption == asked.redemption and asked.points in {None, known.points}
        return repeated(account, known, same, name)
    points = left if asked.points is None else asked.points
    _checks.whole(least=1 if asked.points is not None else 0).require("restore.points", points)
    if points > left or not left:
        raise Rejected("restore", "more_than_redeemed", {"asked": points, "remains": left})
    moment("restore", account, program, effective, at)
    account, events = settled(account, program, at)
    event = RedemptionRestored(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=effective,
        id=name,
        redemption=asked.redemption,
        currency=spent.currency,
        points=points,
        until=_until(program, spent.currency, effective),
        reissued=program.restore.policy == "reissue",
        member=spent.member,
    )
    return posted("restore", account, event, events, program, at, allow_debt=True)


def _until(program: Program, currency: str, effective: datetime) -> datetime | None:
    """The end of points that come back to a lot whose own end has passed."""
    plan = plan_of(program)
    if program.restore.grace is not None:
        return in_utc("restore.until", program.restore.grace.ends(plan.day(effective), program.tz))
    if program.restore.policy == "reissue":
        return plan.life(plan.currencies[currency], None, None, effective)[1] or FOREVER
    return None
