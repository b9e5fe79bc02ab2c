"""Taking back what an award gave, when goods come back or when its occasion does not count.

Rules are never run again: a return takes shares of the amounts that the award recorded. All shares are cumulative, and
rounded half-up on the cumulative, so returns in any steps take exactly what one full return takes.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex.errors import CurrencyMismatch, InvalidValue, NotFound, Rejected
from relex.loyalty._commands import belongs, moment, posted, repeated
from relex.loyalty._events import PointsEarned, PointsReversed
from relex.loyalty._exact import sum_of
from relex.loyalty._freeing import freed
from relex.loyalty._occasions import in_utc
from relex.loyalty._settling import settled
from relex.money import Rounding

if TYPE_CHECKING:
    from datetime import datetime

    from relex.changes import Change
    from relex.loyalty._account import Account
    from relex.loyalty._program import Program
    from relex.purchases import Return

__all__ = ["half_up", "occasion_of", "returned", "reversal", "reverse", "reverse_occasion", "same_return"]

half_up = Rounding.HALF_UP.apply


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
    purchase = occasion_of("reverse", account, back, program)
    award = account._find(("purchase", purchase))  # noqa: SLF001 - our own
    if award is None:
        raise NotFound("award for purchase", purchase)
    effective = in_utc("reverse.return.at", back.at)
    known = account._find(("return", back.id))  # noqa: SLF001 - our own
    if known is not None:
        return repeated(account, known, same_return(known, back, effective), back.id)
    _in_time("reverse", account, award, program, effective, at)
    account, events = settled(account, program, at)
    event = reversal("reverse", account, award, back, program, at)
    return posted("reverse", account, event, events, program, at, allow_debt=True)


def occasion_of(command: str, account: Account, back: Return, program: Program) -> str:
    """The id of the purchase that comes back, to an account that can take it back."""
    belongs(command, account, program)
    if back.purchase is None:
        raise InvalidValue(f"{command}.return.purchase", None, "the id of the purchase that earned")
    if account.status == "closed":
        raise Rejected(command, "closed", {"account": account.id})
    return back.purchase


def same_return(known: PointsReversed, back: Return, effective: datetime) -> bool:
    """Whether a recorded return is this one."""
    return (known.occasion[1], known.lines, known.effective) == (back.purchase, _lines(back), effective)


def _lines(back: Return) -> tuple[tuple[int, str], ...]:
    return tuple([(number, str(quantity)) for number, quantity in back.lines])


def _in_time(
    command: str, account: Account, award: PointsEarned, program: Program, effective: datetime, at: datetime
) -> None:
    moment(command, account, program, effective, at)
    if effective < award.effective:
        raise Rejected(command, "before_award", {"return": effective, "award": award.effective})


def reverse_occasion(
    account: Account, kind: str, id_: str, program: Program, at: datetime, reason: str, effective: datetime | None
) -> Change[Account]:
    """See `Account.reverse_occasion`."""
    at = in_utc("reverse_occasion.at", at)
    belongs("reverse_occasion", account, program)
    if account.status == "closed":
        raise Rejected("reverse_occasion", "closed", {"account": account.id})
    if not reason:
        raise Rejected("reverse_occasion", "no_reason", {"reason": reason})
    award = account._find((kind, id_))  # noqa: SLF001 - our own
    if type(award) is not PointsEarned:
        raise NotFound(f"award for {kind}", id_)
    when = at if effective is None else in_utc("reverse_occasion.effective", effective)
    name = f"{kind}:{id_}"
    known = account._find(("reverse", name))  # noqa: SLF001 - our own
    if known is not None:
        return repeated(account, known, known.reason == reason and effective in {None, known.effective}, name)
    _in_time("reverse_occasion", account, award, program, when, at)
    account, events = settled(account, program, at)
    event = attrs.evolve(
        _drafted(account, award, _the_rest(award, _earlier(account, award)), program, name, when, at),
        voids=True,
        reason=reason,
    )
    event = _with_outcome(account, event)
    return posted("reverse_occasion", account, event, events, program, at, allow_debt=True)


def _earlier(account: Account, award: PointsEarned) -> list[PointsReversed]:
    """What came back of an award before."""
    return [entry for entry in account.entries() if type(entry) is PointsReversed and entry.occasion == award.key]


def _the_rest(award: PointsEarned, earlier: list[PointsReversed]) -> _Back:
    """All that has not come back yet."""
    gone: dict[int, list[Decimal]] = {}
    for entry in earlier:
        for number, quantity in entry.lines:
            gone.setdefault(number, []).append(Decimal(quantity).copy_negate())
    left = [(number, sum_of([Decimal(quantity), *gone.get(number, ())])) for number, quantity, _ in award.lines]
    lines = tuple([(number, str(rest)) for number, rest in left if rest])
    spend = award.spend - sum([entry.spend for entry in earlier])
    whole = Fraction(1)
    return _Back({number: whole for number, _, _ in award.lines}, whole, lines, spend)


def returned(command: str, account: Account, award: PointsEarned, back: Return, program: Program) -> _Back:
    """How much of an award came back, with this return.

    Raises:
        NotFound: For a line that was not sold.
        Rejected: `more_than_sold`.
    """
    return _came_back(command, award, back, _lines(back), _earlier(account, award), program)


def reversal(
    command: str, account: Account, award: PointsEarned, back: Return, program: Program, at: datetime
) -> PointsReversed:
    """The event of a return."""
    came = returned(command, account, award, back, program)
    effective = in_utc(f"{command}.return.at", back.at)
    return _with_outcome(account, _drafted(account, award, came, program, back.id, effective, at))


def _drafted(
    account: Account,
    award: PointsEarned,
    came: _Back,
    program: Program,
    id_: str,
    effective: datetime,
    at: datetime,
) -> PointsReversed:
    earlier = _earlier(account, award)
    asked: dict[str, int] = {}
    for entry in earlier:
        for lot, _, points in entry.lots:
            asked[lot] = asked.get(lot, 0) + points
    lots = []
    for credit in award.credits:
        target = _target(credit, came, program.clawback.basis)
        before = asked.get(credit.lot, 0)
        due = max(0, min(target, credit.points) - before)
        if due:
            lots.append((credit.lot, credit.currency, due))
            asked[credit.lot] = before + due
    total = sum([credit.points for credit in award.credits])
    share = Fraction(sum(asked.values()), total) if total else came.share
    return PointsReversed(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=effective,
        id=id_,
        occasion=award.key,
        awarded_at=award.effective,
        lots=tuple(lots),
        reach=program.clawback.reach,
        lines=came.lines,
        spend=came.spend,
        qualifying=_qualifying(award, came, asked, share, program) - sum([entry.qualifying for entry in earlier]),
        uses=freed(account, award, {lot: points for lot, _, points in lots}),
        member=award.member,
    )


def _came_back(
    command: str,
    award: PointsEarned,
    back: Return,
    asked: tuple[tuple[int, str], ...],
    earlier: list[PointsReversed],
    program: Program,
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
            raise Rejected(command, "more_than_sold", {"line": number, "asked": quantity, "remains": str(left)})
        returned[number] += Fraction(quantity)
    shares = {number: _part(returned[number], sold[number][0], named=number in named) for number in sold}
    worth = sum([half_up(net * shares[number]) for number, (_, net) in sold.items()])
    value = _stated(back, program) if back.value is not None else max(0, worth - value_before)
    if value_before + value > award.spend:
        raise Rejected(command, "more_than_sold", {"asked": value, "remains": award.spend - value_before})
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
    if basis == "proportional" or not credit.lines:
        return half_up(credit.points * came.share)
    exact = sum([points * came.shares.get(number, came.share) for number, points in credit.lines], Fraction(0))
    return half_up(exact)


def _qualifying(award: PointsEarned, came: _Back, asked: dict[str, int], share: Fraction, program: Program) -> int:
    """What all returns so far take of the points that count for tiers.

    Where all points of the first currency count, it is what is asked back of them; where some do not, what the others
    were on the lines that came back. A share of the whole serves awards whose rules are not known any more.
    """
    first = program.points[0].id
    own = [credit for credit in award.credits if credit.currency == first]
    if award.qualifying == sum([credit.points for credit in own]):
        return sum([asked.get(credit.lot, 0) for credit in own])
    idle = {rule.id for rule in program.rules if not rule.qualifying}
    given = [each for each in award.breakdown.awards if each.currency == first and each.rule not in idle]
    counting = [each for each in given if not each.rule.startswith("tier:")]
    if program.clawback.basis == "proportional" or award.qualifying != sum([each.granted for each in counting]):
        return half_up(award.qualifying * share)
    pairs = [pair for each in counting for pair in each.lines]
    return half_up(sum([points * came.shares.get(number, came.share) for number, points in pairs], Fraction(0)))


def _with_outcome(account: Account, draft: PointsReversed) -> PointsReversed:
    """The event with what it really takes, as the fold says now."""
    currency = draft.lots[0][1] if draft.lots else None
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
