"""Commands that give and take points: what is refused, what is decided, which events say so."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.changes import Change
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, Rejected
from relex.loyalty._asking import asked_facts
from relex.loyalty._breakdown import make_breakdown
from relex.loyalty._caps import Pots, capped
from relex.loyalty._earning import award_rows, awards_of, judged, sole_award
from relex.loyalty._events import FOLLOWER, PointsRedeemed, event_place, make_credit, make_earned, make_redeemed
from relex.loyalty._members import acting, same_member
from relex.loyalty._occasions import facts_of, in_utc, read_occasion
from relex.loyalty._plan import plan_of
from relex.loyalty._quoting import named_reward, own_points, paid_id, reward_worth
from relex.loyalty._reward_limits import Wish
from relex.loyalty._settling import corrected, settled, told_of, with_tiers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relex.loyalty._account import Account
    from relex.loyalty._budgets import Budget
    from relex.loyalty._earning import Given
    from relex.loyalty._events import Credit
    from relex.loyalty._plan import Plan, Ready
    from relex.loyalty._program import Program

__all__ = [
    "Spending",
    "belongs",
    "deadlines_of",
    "earn",
    "enough",
    "moment",
    "paid_purchase",
    "posted",
    "ready",
    "redeem",
    "repeated",
]


def ready(command: str, account: Account, program: Program) -> None:
    """Refuse what no command may do."""
    if account.status != "open":
        raise Rejected(command, account.status, {"account": account.id})
    belongs(command, account, program)


def belongs(command: str, account: Account, program: Program) -> None:
    """Refuse another program than the account's."""
    if program.id != account.program:
        raise Rejected(command, "other_program", {"asked": program.id, "allowed": account.program})


def moment(command: str, account: Account, program: Program, effective: datetime, at: datetime) -> None:
    """Refuse a business moment in the future, or before the account existed."""
    if effective > at:
        raise Rejected(command, "future", {"effective": effective, "at": at})
    if effective < account.opened_at and program.before_enrollment == "reject":
        raise Rejected(command, "before_enrollment", {"effective": effective, "opened_at": account.opened_at})


def earn(
    account: Account,
    occasion: Any,
    program: Program,
    at: datetime,
    customer: Mapping[str, Any] | None,
    member: str | None,
    budgets: Mapping[str, Budget] | None,
) -> Change[Account]:
    """See `Account.earn`."""
    if type(at) is not datetime or at.tzinfo is not UTC:
        at = in_utc("earn.at", at)
    if account.status != "open" or program.id != account.program:
        ready("earn", account, program)
    effective = occasion.at
    if type(effective) is not datetime or effective.tzinfo is not UTC:
        effective = in_utc("earn.occasion.at", effective)
    plan = program._plan or plan_of(program)  # noqa: SLF001 - our own
    reading = read_occasion(occasion, effective, plan.digits)
    key, ids = (reading.kind, reading.id), account._ids  # noqa: SLF001 - our own
    known = account._find(key) if ids is None or key in ids else None  # noqa: SLF001 - our own
    content = reading.content()
    if known is not None:
        same = known.effective == effective and known.content == content and same_member(account, known, member)
        return repeated(account, known, same, reading.id)
    if effective > at or effective < account.opened_at:
        moment("earn", account, program, effective, at)
    who = account.customer if member is None else acting("earn", account, program, member, effective)
    if program.valid is not None and not plan.holds(program.valid, effective):
        raise Rejected("earn", "not_in_force", {"effective": effective, "valid": program.valid})
    currency = reading.currency()
    if currency != program.currency and currency is not None:
        raise CurrencyMismatch(program.currency, currency)
    events: tuple[Any, ...] = ()
    if program.tiers or account._ledger.due(at):  # noqa: SLF001 - our own
        account, events = settled(account, program, at)
    event = _earned(account, plan, reading, at, content, customer, who, budgets)
    if events or program.tiers or effective <= account._last[0] or effective < account._ledger.clock:  # noqa: SLF001
        return posted("earn", account, event, events, program, at)
    return Change(account.evolve(account, event), (event,))


def repeated(account: Account, known: Any, same: bool, id_: str) -> Change[Account]:
    """Nothing for a command that is repeated; a conflict for another one under the same id."""
    if not same:
        raise Conflict(id_, "the content that was recorded", known)
    return Change(account, ())


def _earned(
    account: Account,
    plan: Plan,
    reading: Any,
    at: datetime,
    content: str,
    customer: Mapping[str, Any] | None,
    who: str,
    budgets: Mapping[str, Budget] | None,
) -> Any:
    kind = plan.rules_for(reading.kind, reading.at)
    tier = account.tier_at(reading.at) if plan.tiers else None
    facts: dict[str, Any] = {}
    if kind.base_names:
        asked = asked_facts(account, plan, reading.at, tier, customer) if kind.asks else _NOTHING
        facts = facts_of(kind.base_names, reading, asked, plan.program.tz)
    if kind.only is not None and reading.whole and plan.plain:
        return _solely(account, plan, reading, at, content, tier, kind.only, facts, [], who)
    found = judged(kind, reading, facts)
    if tier in plan.bonuses and reading.kind == "purchase" and found.matches:
        found.matches.append((plan.bonuses[tier], range(len(reading.lines))))
    if reading.whole and kind.sole and len(found.matches) == 1 and plan.plain:
        ready_ = found.matches[0][0]
        return _solely(account, plan, reading, at, content, tier, ready_, facts, found.refused, who)
    given = awards_of(plan, reading, facts, found)
    cut: Any = {}
    uses: Any = ()
    if plan.limited and given:
        used, holds = account._used_by(plan, reading.at), account._holds_at(reading.at)  # noqa: SLF001 - our own
        cut, uses = capped(plan, given, reading, used, holds, Pots(budgets or _NOTHING, reading.at), who)
    awards = award_rows(given, reading.numbers, cut)
    breakdown = make_breakdown(awards, tuple(found.refused), tuple(found.ineligible))
    lots, deadlines = _credits(account, plan, reading, given, awards, tier)
    qualifying = 0
    for each, award in zip(given, awards, strict=True):
        if each.ready.counts and each.currency == plan.first:
            qualifying += award[6]
    return make_earned(
        account.id, account.version + 1, at, reading.at, reading.id, reading.kind, lots, breakdown,
        _sold(reading), sum(reading.nets), max(0, qualifying), tuple(uses), content, plan.program.version, deadlines,
        who,
    )  # fmt: skip


_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _solely(  # noqa: PLR0913, PLR0917 - the parts of the event
    account: Account,
    plan: Plan,
    reading: Any,
    at: datetime,
    content: str,
    tier: str | None,
    rule: Ready,
    facts: Mapping[str, Any],
    refused: list[tuple[str, str]],
    who: str,
) -> Any:
    """The event when one rule matches an occasion without lines: by far the most common case of a custom event."""
    award = sole_award(plan, rule, reading, facts, refused)
    lots: tuple[Credit, ...] = ()
    awards: tuple[Any, ...] = ()
    qualifying = 0
    moment = reading.at
    if award is not None:
        awards = (award,)
        currency, points = award[1], award[6]
        if points:
            starts, end, _, escrow = plan.life(plan.currencies[currency], rule.rule, tier, moment)
            name = f"{reading.kind}:{reading.id}"
            lots = (make_credit(name, currency, points, moment, starts, end, end, False, award[8], escrow),)
        if rule.counts and currency == plan.first:
            qualifying = points
    breakdown = make_breakdown(awards, tuple(refused), ())
    return make_earned(
        account.id, account.version + 1, at, moment, reading.id, reading.kind, lots, breakdown,
        (), 0, qualifying, (), content, plan.program.version, (), who,
    )  # fmt: skip


def _sold(reading: Any) -> tuple[tuple[int, str, int], ...]:
    if reading.whole:
        return ()
    rows = zip(reading.numbers, reading.quantities(), reading.nets, strict=True)
    return tuple([(number, str(quantity), net) for number, quantity, net in rows])


def _credits(
    account: Account, plan: Plan, reading: Any, given: Sequence[Given], awards: Sequence[Any], tier: str | None
) -> tuple[tuple[Credit, ...], tuple[tuple[str, datetime], ...]]:
    """Step 8: one lot for each currency, start and end; and the ends that this activity moves."""
    found: dict[Any, dict[int, int]] = {}
    keys: dict[Any, Any] = {}
    at = reading.at
    day = plan.day(at)
    for each, (_, currency, _, _, _, _, granted, _, pairs) in zip(given, awards, strict=True):
        dates = (currency, each.ready.dated)
        key = keys.get(dates)
        if key is None:
            key = keys[dates] = (currency, *plan.life(plan.currencies[currency], each.ready.rule, tier, at, day))
        if granted < 0:
            key = next((other for other in found if other[0] == currency), key)
        lines = found.get(key)
        if lines is None:
            found[key] = dict(pairs)
            continue
        for number, part in pairs:
            lines[number] = lines.get(number, 0) + part
    deadlines = (
        deadlines_of(account, plan, at, (reading.kind, "earn" if found else "earn_zero"), found) if plan.idle else ()
    )
    moved = dict(deadlines)
    lots: list[Credit] = []
    for (currency, starts, own_end, idle, escrow), lines in found.items():
        level = _levelled(lines)
        points = sum(level.values())
        if points <= 0:
            continue
        end = own_end
        if idle is not None:
            idle_end = moved[currency] if currency in moved else account._deadline(currency, at)  # noqa: SLF001
            end = min([each for each in (own_end, idle_end) if each is not None], default=None)
        name = f"{reading.kind}:{reading.id}" if not lots else f"{reading.kind}:{reading.id}#{len(lots) + 1}"
        pairs = tuple([(number, part) for number, part in level.items() if part])
        lots.append(make_credit(name, currency, points, at, starts, end, own_end, idle is not None, pairs, escrow))
    return tuple(lots), deadlines


def _levelled(lines: dict[int, int]) -> dict[int, int]:
    """No line below 0: what a multiplier below 1 takes too much of a line by rounding is taken from the largest."""
    while lines and min(lines.values()) < 0 < max(lines.values()):
        low, high = min(lines, key=lines.__getitem__), max(lines, key=lines.__getitem__)
        moved = min(-lines[low], lines[high])
        lines[low] += moved
        lines[high] -= moved
    return lines


def deadlines_of(
    account: Account, plan: Plan, at: datetime, done: tuple[str, ...], currencies: Any
) -> tuple[tuple[str, datetime], ...]:
    """Where an activity moves the end of lots that end with inactivity."""
    names = {key[0] for key in currencies}
    found = []
    for currency, idle in plan.idle.items():
        before = account._deadline(currency, at)  # noqa: SLF001 - our own
        counts = any(name in idle.activities for name in done)
        if counts or (currency in names and (before is None or before <= at)):
            found.append((currency, plan.deadline(currency, at)))
    return tuple(found)  # type: ignore[arg-type]  # a currency in idle has a deadline


class Spending(NamedTuple):
    """What a redemption asks for."""

    points: int
    id: str
    currency: str | None
    purchase: str | None
    reward: str | None
    effective: datetime | None
    allow_debt: bool
    member: str | None
    basket: Any = None
    customer: Mapping[str, Any] | None = None


_POINTS = _checks.whole(least=1)


def redeem(account: Account, asked: Spending, program: Program, at: datetime) -> Change[Account]:
    """See `Account.redeem`."""
    at = in_utc("redeem.at", at)
    points, id_ = asked.points, asked.id
    if type(points) is not int or points < 1:
        _POINTS.require("redeem.points", points)
    if type(id_) is not str or not id_:
        _checks.text.require("redeem.id", id_)
    ready("redeem", account, program)
    reward = None if asked.reward is None else named_reward("redeem", program, asked.reward)
    currency = spendable("redeem", program, asked.currency if reward is None else reward.currency or asked.currency)
    effective = at if asked.effective is None else in_utc("redeem.effective", asked.effective)
    purchase = paid_purchase("redeem", asked)
    known = account._find(("redeem", id_))  # noqa: SLF001 - our own
    if known is not None:
        same = (
            type(known) is PointsRedeemed
            and same_member(account, known, asked.member)
            and (
                (known.currency, known.points, known.purchase, known.reward)
                == (currency, points, purchase, asked.reward)
            )
        )
        return repeated(account, known, same and asked.effective in {None, known.effective}, id_)
    if effective != at:
        moment("redeem", account, program, effective, at)
    who = account.customer
    if asked.member is not None:
        who = acting("redeem", account, program, asked.member, effective, spends=True)
    account, events = settled(account, program, at)
    plan = plan_of(program)
    worth = None
    if reward is not None:
        wish = Wish(reward, points, effective, asked.basket, purchase, asked.customer, who, asked.allow_debt)
        worth = reward_worth("redeem", program, account, wish)
    elif not asked.allow_debt:
        own = 0 if purchase is None else own_points(account, program, currency, purchase, effective)
        enough("redeem", account, currency, points, effective, own)
    deadlines = deadlines_of(account, plan, effective, ("redeem",), ()) if plan.idle else ()
    event = make_redeemed(
        account.id,
        account.version + 1,
        at,
        effective,
        id_,
        currency,
        points,
        purchase,
        asked.reward,
        deadlines,
        who,
        worth,
    )
    return posted("redeem", account, event, events, program, at, allow_debt=asked.allow_debt)


def spendable(command: str, program: Program, currency: str | None) -> str:
    """The id of a currency that can be spent."""
    if currency is None:
        if not program.points[0].qualifying:
            return program.points[0].id
        first = next((points.id for points in program.points if not points.qualifying), None)
        if first is None:
            raise Rejected(command, "not_redeemable", {"asked": None, "allowed": ()})
        return first
    points = program.currency_of(currency, path=f"{command}.currency")
    if points.qualifying:
        allowed = tuple(each.id for each in program.points if not each.qualifying)
        raise Rejected(command, "not_redeemable", {"asked": currency, "allowed": allowed})
    return points.id


def paid_purchase(command: str, asked: Any) -> str | None:
    """Id of the purchase that points pay, by its id or by itself; ids that are none are refused."""
    purchase: str | None = asked.purchase
    if purchase is not None:
        _checks.text.require(f"{command}.purchase", purchase)
    if asked.reward is not None:
        _checks.text.require(f"{command}.reward", asked.reward)
    if asked.basket is None:
        return purchase
    own = paid_id(command, asked.basket)
    if own is not None and purchase not in {None, own}:
        raise InvalidValue(f"{command}.purchase", purchase, f"{own}, the id of the basket, or None")
    return purchase if own is None else own


def enough(command: str, account: Account, currency: str, points: int, effective: datetime, own: int = 0) -> None:
    """Refuse what the lots do not cover at that moment, without the points that the very purchase earned."""
    book = account._ledger_at(effective).books.get(currency)  # noqa: SLF001 - our own
    available = max(0, (0 if book is None else book.usable) - own)
    if points > available:
        details: dict[str, object] = {"asked": points, "available": available}
        raise Rejected(command, "insufficient_points", details | ({"own": own} if own else {}))


def posted(
    command: str,
    account: Account,
    event: Any,
    events: tuple[Any, ...],
    program: Program,
    at: datetime,
    *,
    allow_debt: bool = True,
) -> Change[Account]:
    """The change that ends with an entry, unless that leaves a later one uncovered; reports are put right."""
    after = account.evolve(account, event)
    events = (*events, event) if events else (event,)
    moment, last = event.effective, account._last  # noqa: SLF001 - our own
    if moment < account._ledger.clock or event.looks_back or (moment == last[0] and event_place(event) < last):  # noqa: SLF001
        if not allow_debt:
            broken = account._broken_by(after)  # noqa: SLF001 - our own
            if broken:
                raise Rejected(command, "breaks_later_entries", {"entries": broken})
        after, more = corrected(after, at)
        return with_tiers(after, event, events + more, program, at)
    if event.rank == FOLLOWER and _expired(after) != _expired(account):
        after, more = told_of(account, event, after, at)
        events += more
    return with_tiers(after, event, events, program, at) if program.tiers else Change(after, events)


def _expired(account: Account) -> int:
    total = 0
    for book in account._ledger.books.values():  # noqa: SLF001 - our own
        total += book.expired
    return total
