"""What tiers measure: windows of dates, and the sums over them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from relex.calendars import Period, midnight
from relex.loyalty._events import Credit, PointsAdjusted, PointsEarned, PointsReversed
from relex.loyalty._exact import decimal_of, shared_out
from relex.loyalty._hold_events import EscrowActivated
from relex.loyalty._tiers import Anniversary, Calendar, Rolling, SinceChange
from relex.rules import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from relex.calendars import CalendarDuration
    from relex.loyalty._account import Account
    from relex.loyalty._plan import Plan

__all__ = ["Measures", "counting_days", "exactly", "level", "measured", "number_of", "period_of", "starts", "window_of"]

Window = tuple[date, date]

_EVER = date.min


def period_of(plan: Plan, account: Account, day: date, shift: int = 0) -> Period:
    """The period of the policy's window that holds a date, or one that many later."""
    window: Any = plan.program.tier_policy.window
    anchor = _anchor(window, plan, account)
    return _period(window.length, anchor, day, shift)


@lru_cache(maxsize=4096)
def _period(length: CalendarDuration, anchor: date, day: date, shift: int) -> Period:
    return length.period(anchor, length.number_at(anchor, day) + shift)


def _anchor(window: Any, plan: Plan, account: Account) -> date:
    if isinstance(window, Anniversary):
        return plan.day(account.opened_at)
    return date(2000, int(window.starts[:2]), int(window.starts[3:]))


def starts(plan: Plan, day: date) -> datetime:
    """The instant at which a local date begins, in UTC."""
    return midnight(day, plan.program.tz).astimezone(UTC)


def window_of(plan: Plan, account: Account, day: date) -> Window:
    """The dates, first and one after the last, that count on a date."""
    window = plan.program.tier_policy.window
    if isinstance(window, (Calendar, Anniversary)):
        period = period_of(plan, account, day)
        return period.start, period.end  # type: ignore[return-value]
    if isinstance(window, Rolling):
        period = window.length.lookback(day)
        return period.start, period.end  # type: ignore[return-value]
    return _EVER, date.max


@attrs.frozen
class Measures:
    """Sums over a window, in the smallest units.

    Attributes:
        earned: Qualifying points of the first currency.
        status: Points by currency, as they were awarded.
        spend: Net of purchases in minor units.
        orders: Number of purchases.
        visits: Number of visits.
    """

    earned: int = 0
    status: tuple[tuple[str, int], ...] = ()
    spend: int = 0
    orders: int = 0
    visits: int = 0


def measured(plan: Plan, account: Account, window: Window, upto: datetime) -> Measures:
    """What counts of the entries up to an instant.

    Sums over the whole journal of a state are remembered with the state and carried on from version to version, so an
    award costs the same in a short and in a long history.
    """
    since = account.standing.measured if isinstance(plan.program.tier_policy.window, SinceChange) else None
    if plan.waits:
        entries = [entry for entry in account._ordered() if entry.effective <= upto]  # noqa: SLF001 - our own
        return attrs.evolve(
            _added(plan, Measures(), window, since, entries), earned=_earned_by_lots(plan, entries, window, since, upto)
        )
    key = (plan, window, since)
    known = account._tally  # noqa: SLF001 - our own
    complete = upto >= account._last[0]  # noqa: SLF001 - our own
    if not complete:
        return _added(plan, Measures(), window, since, [e for e in account._ordered() if e.effective <= upto])  # noqa: SLF001
    version, before = (known[1], known[2]) if known is not None and known[0] == key else (0, Measures())
    fresh = [account._journal[place] for place in range(version, account.version)]  # noqa: SLF001 - our own
    found = _added(plan, before, window, since, fresh)
    object.__setattr__(account, "_tally", (key, account.version, found))
    return found


def _added(plan: Plan, before: Measures, window: Window, since: Any, entries: Iterable[Any]) -> Measures:
    earned, spend, orders, visits = before.earned, before.spend, before.orders, before.visits
    status: dict[str, int] = dict(before.status)
    first, end = window
    for entry in entries:
        kind = type(entry)
        if kind is PointsEarned:
            at, sign = entry.effective, 1
        elif kind is PointsReversed:
            at, sign = entry.awarded_at, -1
        elif kind is PointsAdjusted and entry.qualifying:
            if _inside(plan, entry, entry.effective, window, since):
                earned += entry.points if entry.currency == plan.first else 0
                status[entry.currency] = status.get(entry.currency, 0) + entry.points
            continue
        else:
            continue
        if not first <= plan.day(at) < end or (since is not None and not _came_after(entry, at, since)):
            continue
        earned += sign * entry.qualifying
        spend += sign * entry.spend if entry.purchased else 0
        for currency, points in entry.by_currency:
            status[currency] = status.get(currency, 0) + sign * points
        if sign > 0 or entry.voids:
            orders += sign * entry.purchased
            visits += sign * ((entry.kind if sign > 0 else entry.occasion[0]) == "visit")
    return Measures(earned, tuple(sorted(status.items())), spend, orders, visits)


def _inside(plan: Plan, entry: Any, at: datetime, window: Window, since: Any) -> bool:
    """Whether what an entry gives at an instant counts."""
    first, end = window
    return first <= plan.day(at) < end and (since is None or _came_after(entry, at, since))


def _earned_by_lots(plan: Plan, entries: list[Any], window: Window, since: Any, upto: datetime) -> int:
    """What was earned where points wait: lot by lot, without the lots in escrow that were canceled.

    What counts of an award is spread over its lots in proportion to what returns left of them.
    """
    started = {credit.lot: credit for entry in entries if type(entry) is EscrowActivated for credit in entry.lots}
    taken: dict[str, int] = {}
    counted: dict[Any, int] = {}
    for entry in entries:
        if type(entry) is PointsReversed:
            counted[entry.occasion] = counted.get(entry.occasion, 0) + entry.qualifying
            for lot, _, points in entry.lots:
                taken[lot] = taken.get(lot, 0) + points
    total = sum(
        [
            entry.points
            for entry in entries
            if type(entry) is PointsAdjusted
            and entry.qualifying
            and entry.currency == plan.first
            and _inside(plan, entry, entry.effective, window, since)
        ]
    )
    for entry in entries:
        if type(entry) is PointsEarned and entry.qualifying:
            lots = [credit for credit in entry.credits if credit.currency == plan.first]
            weights = [credit.points - taken.get(credit.lot, 0) for credit in lots]
            net = entry.qualifying - counted.get(entry.key, 0)
            shares = shared_out(net, [net * weight for weight in weights], sum(weights)) if sum(weights) else []
            for credit, share in zip(lots, shares, strict=False):
                at = _counts_from(plan, entry, started.get(credit.lot, credit), upto)
                if at is not None and _inside(plan, entry, at, window, since):
                    total += share
    return total


def _counts_from(plan: Plan, award: PointsEarned, credit: Credit, upto: datetime) -> datetime | None:
    """From when a lot counts; None for one that was canceled, or that has not started where only the start counts."""
    if credit.escrow is not None:
        waits = plan.program.tier_policy.counts == "activation" or credit.available_at <= upto
        return None if waits else award.effective
    if plan.program.tier_policy.counts == "activation":
        return credit.available_at if credit.available_at <= upto else None
    return award.effective


def counting_days(plan: Plan, account: Account) -> set[date]:
    """The local dates on which something counts."""
    days = set()
    for entry in account._ordered():  # noqa: SLF001 - our own
        kind = type(entry)
        if kind is PointsEarned or (kind is PointsAdjusted and entry.qualifying):
            days.add(plan.day(entry.effective))
        elif kind is PointsReversed:
            days.add(plan.day(entry.awarded_at))
        if plan.waits:
            lots = getattr(entry, "credits", ()) or getattr(entry, "lots", ())
            days |= {plan.day(credit.available_at) for credit in lots if type(credit) is Credit}
    return days


def _came_after(entry: Any, at: datetime, since: tuple[datetime, int]) -> bool:
    moment, version = since
    return at >= moment and entry.version > version


def number_of(plan: Plan, account: Account, name: str, found: Measures, at: datetime) -> Fraction:
    """One measure in whole points, or in units of the currency, or as a count."""
    if name == "earned":
        return Fraction(found.earned, 10 ** plan.program.points[0].scale)
    if name == "spend":
        return Fraction(found.spend, 10**plan.digits)
    if name in {"orders", "visits"}:
        return Fraction(getattr(found, name))
    if name == "balance":
        points = next(each for each in plan.program.points if not each.qualifying)
        book = account._ledger_before_ends(at).books.get(points.id)  # noqa: SLF001 - our own
        return Fraction(0 if book is None else book.usable + book.held - book.owed, 10**points.scale)
    return Fraction(dict(found.status).get(name, 0), 10 ** plan.currencies[name].scale)


def level(plan: Plan, account: Account, window: Window, at: datetime) -> tuple[int, Fraction]:
    """The highest tier whose condition holds, counted from 1 (0 for none), and the number that was measured."""
    policy = plan.program.tier_policy
    sums = measured(plan, account, window, at)
    number = number_of(plan, account, policy.measure, sums, at)
    facts: dict[str, Any] | None = None
    for place in range(len(plan.program.tiers), 0, -1):
        tier = plan.program.tiers[place - 1]
        if tier.at is not None:
            if number >= tier.at:
                return place, number
            continue
        if facts is None:
            facts = tier_facts(plan, account, sums, at)
        if tier.when is not None and evaluate(tier.when, facts, at).answer:
            return place, number
    return 0, number


def tier_facts(plan: Plan, account: Account, sums: Measures, at: datetime) -> dict[str, Any]:
    """What the rule of a tier may ask about."""
    qualifying = next((points.id for points in plan.program.points if points.qualifying), None)
    names = {"earned": "earned", "spend": "spend", "orders": "orders", "visits": "visits"}
    names["measure"] = plan.program.tier_policy.measure
    if qualifying is not None:
        names["status"] = qualifying
    if any(not points.qualifying for points in plan.program.points):
        names["balance"] = "balance"
    return {f"tier.{name}": exactly(number_of(plan, account, of, sums, at)) for name, of in names.items()}


def exactly(number: Fraction) -> int | Decimal:
    """A measure as a fact, or as people write it."""
    if number.denominator == 1:
        return number.numerator
    places = number.denominator.bit_length()  # enough, because the denominator divides a power of ten
    return decimal_of(number.numerator * 10**places // number.denominator, places)
