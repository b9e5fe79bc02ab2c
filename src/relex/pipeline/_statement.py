"""Commission statements: every credit of a period with what it earned and why, the draw, and what is carried over.

Theory of operation. Every credit belongs to a *window*, over which amounts are added up before the tiers are asked: its
transaction, its period, or its year, as the plan says. A credit that takes something back belongs to the window of the
credit that it takes back, whenever it is made; it takes back at most what is left of that credit. Within a window
credits stand in order of (at, id); a line earns the commission of the sum after it less that of the sum before it,
exact. So the lines of a window add up to the commission of its sum in any order, and taking back a deal takes back
exactly what it had added.

A statement shows the lines of its period, and rounds once: it earns the rounded sum of all that the statements came to
so far, less what that was before it. So a sequence of statements pays the rounded sum of everything, whatever fell on
each. Its lines show minor units that add up to what it earns.

What a payee owes (a recoverable draw, or deals that were taken back) goes from one statement to the next as a value,
with the exact sum so far, and nobody ever gets less than 0.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.calendars import Period, local_date
from relex.errors import Conflict, CurrencyMismatch, InvalidValue
from relex.money import Money, minor_digits
from relex.pipeline._adjustments import each_once
from relex.pipeline._commission_plan import CommissionPlan, Draw
from relex.pipeline._commission_tiers import TierPart, pay
from relex.pipeline._credits import CommissionCredit
from relex.pipeline._fitting import fitted
from relex.pipeline._quota import Quota
from relex.pipeline._statement_parts import (
    CommissionBalance,
    CommissionLine,
    CommissionStatement,
    added,
    end_of,
    settled,
)
from relex.rules import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

__all__ = ["statement", "statements"]

_CREDITS = _checks.each(_checks.a(CommissionCredit))
_BALANCES = _checks.each(_checks.a(CommissionBalance))
_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_PAYEES = _checks.each(_checks.text)


def statement(
    plan: CommissionPlan,
    credits: Iterable[CommissionCredit],  # noqa: A002 - the field's own word
    *,
    payee: str,
    period: Period,
    quota: Money | Iterable[Quota] | None = None,
    opening: CommissionBalance | None = None,
    as_of: datetime | None = None,
) -> CommissionStatement:
    """What a payee earned in one period of a plan, line by line, and what is paid for it.

    Args:
        plan: The rules of pay.
        credits: In any order, of anybody, at any time; those that a line of the period takes back, and for a cumulative
            plan those of the year so far, have to be among them. What comes after the period is not looked at.
        payee: Whose statement.
        period: One of the plan's periods, of dates.
        quota: What the bounds are percent of, where the plan goes by attainment: one amount for every period (for
            every year, where it is cumulative), or quotas, of which the newest of the payee for that period counts.
        opening: The balance of the statement before; None is nothing owed.
        as_of: Only what was credited, and what quotas were set, by then, inclusive; None is everything.

    Raises:
        InvalidValue: For a period that is not one of the plan's, a balance of another plan, payee or time, or a quota
            that is missing.
        Conflict: For one id with two contents.
        CurrencyMismatch: For a credit of the payee in another currency than the plan's.

    Example:
        >>> from datetime import date, datetime, timezone
        >>> from relex.pipeline import CommissionTier
        >>> plan = CommissionPlan("reps", [CommissionTier(slice=10)], currency="USD")
        >>> deal = CommissionCredit(
        ...     "d1", payee="ann", amount=Money(500, "USD"), at=datetime(2026, 5, 4, tzinfo=timezone.utc))
        >>> print(statement(plan, [deal], payee="ann", period=Period.of("month", date(2026, 5, 1))))
        ann, from 2026-05-01: 50.00 USD earned, 50.00 USD payable

    .. versionadded:: 0.1.0
    """
    _checks.a(CommissionPlan).require("statement.plan", plan)
    _checks.text.require("statement.payee", payee)
    _require_period(plan, period)
    _INSTANT_OR_NONE.require("statement.as_of", as_of)
    quotas = _Quotas(plan, quota, as_of)
    known = _by_payee(_checks.items("statement.credits", credits), plan, (payee,), as_of)
    balances = _balances(opening, plan, [payee], period)
    return _of_payee(plan, payee, known[payee], quotas, (period,), balances.get(payee))[0]


def statements(
    plan: CommissionPlan,
    credits: Iterable[CommissionCredit],  # noqa: A002 - the field's own word
    *,
    payee: str | Iterable[str] | None = None,
    periods: Period,
    quota: Money | Iterable[Quota] | None = None,
    opening: CommissionBalance | Iterable[CommissionBalance] | None = None,
    as_of: datetime | None = None,
) -> tuple[CommissionStatement, ...]:
    """The statements of several periods in a row, of one payee or many, each with the balance of the one before.

    All credits are read once, however many payees and periods there are.

    Args:
        plan: The rules of pay.
        credits: As in `statement`.
        payee: Whose statements: one, several, or None for everybody who is credited or has an opening balance.
        periods: Dates from the start of one of the plan's periods to the end of another.
        quota: As in `statement`.
        opening: The balance before the first, of each payee who has one.
        as_of: As in `statement`.

    Returns:
        By payee, then by period.

    Raises:
        InvalidValue: As `statement` does.
        Conflict: For one id with two contents.
        CurrencyMismatch: For a credit of a payee in another currency than the plan's.

    .. versionadded:: 0.1.0
    """
    _checks.a(CommissionPlan).require("statements.plan", plan)
    _checks.a(Period).require("statements.periods", periods)
    _INSTANT_OR_NONE.require("statements.as_of", as_of)
    each = tuple(periods.split(plan.every, year_starts=plan.year_starts))
    for period in each:
        _require_period(plan, period)
    if not each:
        return ()
    wanted = None if payee is None else _payees(payee)
    known = _by_payee(_checks.items("statements.credits", credits), plan, wanted, as_of)
    balances = _balances(opening, plan, wanted, each[0])
    quotas = _Quotas(plan, quota, as_of)
    payees = sorted({*known, *balances})
    return tuple(
        found for who in payees for found in _of_payee(plan, who, known.get(who, []), quotas, each, balances.get(who))
    )


def _payees(given: str | Iterable[str]) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else _checks.items("statements.payee", given)
    _PAYEES.require("statements.payee", names)
    return tuple(names)


def _balances(
    opening: CommissionBalance | Iterable[CommissionBalance] | None,
    plan: CommissionPlan,
    payees: Sequence[str] | None,
    first: Period,
) -> dict[str, CommissionBalance]:
    """The balance with which each payee begins who has one."""
    if opening is None:
        return {}
    given = (opening,) if isinstance(opening, CommissionBalance) else _checks.items("statement.opening", opening)
    _BALANCES.require("statement.opening", given)
    found: dict[str, CommissionBalance] = {}
    for balance in given:
        is_asked = payees is None or balance.payee in payees
        if not is_asked or (balance.plan, balance.through) != (plan.id, first.start) or balance.payee in found:
            expected = f"one balance for each payee, under {plan.id} on {first.start}"
            raise InvalidValue("statement.opening", balance, expected)
        if balance.owed.currency != plan.currency:
            raise CurrencyMismatch(plan.currency, balance.owed.currency)
        found[balance.payee] = balance
    return found


def _of_payee(
    plan: CommissionPlan,
    payee: str,
    credits: list[CommissionCredit],  # noqa: A002 - the field's own word
    quotas: _Quotas,
    periods: Sequence[Period],
    opening: CommissionBalance | None,
) -> list[CommissionStatement]:
    """The statements of one payee for periods in a row."""
    ordered = sorted(credits, key=lambda credit: (moment(credit.at), credit.id))
    by_period: defaultdict[date, list[CommissionLine]] = defaultdict(list)
    for start, line in _lines(plan, ordered, quotas, Period(periods[0].start, periods[-1].end)):
        by_period[start].append(line)
    found: list[CommissionStatement] = []
    for period in periods:
        lines = by_period[period.start]
        so_far = Fraction(0) if opening is None else opening.earned
        earned = plan.rounded(so_far + sum([line.exact for line in lines], Fraction(0))) - plan.rounded(so_far)
        owed = Money.zero(plan.currency) if opening is None else opening.owed
        found.append(
            CommissionStatement(
                plan=plan,
                payee=payee,
                period=period,
                lines=_told(lines, earned),
                quota=quotas.known(payee, plan.window(period.start)),
                settlement=settled(earned, _draw(plan.draw, period), owed, plan.currency),
                before=so_far,
            )
        )
        opening = found[-1].balance
    return found


def _told(lines: Sequence[CommissionLine], earned: Money) -> tuple[CommissionLine, ...]:
    """The lines with minor units that add up to what is earned."""
    scale = 10 ** minor_digits(earned.currency)
    units = fitted([line.exact * scale for line in lines], earned.minor)
    return tuple(
        attrs.evolve(line, earned=Money.of_minor(each, earned.currency))
        for line, each in zip(lines, units, strict=True)
    )


class _Quotas:
    """What the bounds are percent of, by payee and window."""

    def __init__(self, plan: CommissionPlan, quota: Money | Iterable[Quota] | None, as_of: datetime | None) -> None:
        self._asks = plan.basis == "attainment"
        self._every = quota if isinstance(quota, Money) else None
        entries = () if quota is None or isinstance(quota, Money) else each_once("statement.quota", quota, Quota)
        if not self._asks and quota is not None:
            raise InvalidValue("statement.quota", quota, "none, since the bounds of this plan are amounts")
        self._set: dict[tuple[str, Period], Money] = {}
        for entry in sorted(entries, key=lambda entry: (moment(entry.at), entry.id)):
            if isinstance(entry.amount, Money) and not (as_of is not None and is_before(as_of, entry.at)):
                self._set[entry.subject, entry.period] = entry.amount

    def needed(self, payee: str, window: Period) -> Money | None:
        """The quota of a window in which something is paid."""
        found = self.known(payee, window)
        if self._asks and found is None:
            raise InvalidValue("statement.quota", None, f"one of {payee} from {window.start} to {window.end}")
        return found

    def known(self, payee: str, window: Period) -> Money | None:
        return self._every if self._every is not None else self._set.get((payee, window))


def _by_payee(
    given: tuple[CommissionCredit, ...], plan: CommissionPlan, wanted: tuple[str, ...] | None, as_of: datetime | None
) -> dict[str, list[CommissionCredit]]:
    """The credits of each payee, each once, in one pass over all."""
    _CREDITS.require("statement.credits", given)
    found: dict[str, dict[str, CommissionCredit]] = {payee: {} for payee in wanted or ()}
    for credit in given:
        known = found.get(credit.payee) if wanted is not None else found.setdefault(credit.payee, {})
        if known is None or (as_of is not None and is_before(as_of, credit.at)):
            continue
        first = known.setdefault(credit.id, credit)
        if first != credit:
            raise Conflict(credit.id, first, credit)
        if credit.amount.currency != plan.currency:
            raise CurrencyMismatch(plan.currency, credit.amount.currency)
    return {payee: list(known.values()) for payee, known in found.items()}


def _lines(
    plan: CommissionPlan, ordered: list[CommissionCredit], quotas: _Quotas, span: Period
) -> Iterator[tuple[date, CommissionLine]]:
    """A line for each credit of a span, with the start of its period; what came before only adds to the sums."""
    roots = _roots(plan, ordered)
    counts = _counts(ordered, roots)
    tally = _Tally(plan)
    zero = Money.zero(plan.currency)
    for credit in ordered:
        day = local_date(credit.at, plan.tz)
        if day >= end_of(span):
            return
        root, _ = roots[credit.id]
        verdict = None if root is None or plan.when is None else evaluate(plan.when, root.facts())
        if root is None or (verdict is not None and verdict.answer is not True):
            reason = "unknown_credit" if root is None else "not_eligible"
            line = CommissionLine(credit=credit, earned=zero, counted=zero, before=zero, reason=reason, verdict=verdict)
        else:
            window = tally.window(local_date(root.at, plan.tz))
            key = root.id if plan.per == "transaction" else window
            quota = quotas.needed(credit.payee, window) if day >= span.start else None
            before, parts = tally.add(key, counts[credit.id], quota, is_told=day >= span.start)
            line = CommissionLine(
                credit=credit,
                earned=zero,
                counted=counts[credit.id],
                parts=parts,
                before=before,
                reason=None if counts[credit.id] == credit.amount else "already_reversed",
                verdict=verdict,
            )
        if day >= span.start:
            yield tally.period(day).start, line


class _Tally:
    """The sums of the windows, and what each of them pays by now."""

    def __init__(self, plan: CommissionPlan) -> None:
        self._plan = plan
        self._sums: dict[object, Money] = {}
        self._paid: dict[object, tuple[TierPart, ...]] = {}
        self._bounds: dict[Money | None, tuple[Fraction, ...]] = {}
        self.window = lru_cache(maxsize=None)(plan.window)
        self.period = lru_cache(maxsize=None)(partial(_period, plan))

    def add(
        self, key: object, amount: Money, quota: Money | None, *, is_told: bool
    ) -> tuple[Money, tuple[TierPart, ...]]:
        """The sum of a window before an amount, and what the amount changes in each tier, where that is asked."""
        before = self._sums.get(key, Money.zero(amount.currency))
        after = self._sums[key] = before + amount
        if not is_told:
            return before, ()
        was = self._paid[key] if key in self._paid else self._pays(before, quota)
        now = self._paid[key] = self._pays(after, quota)
        gone = (TierPart(tier=part.tier, amount=-part.amount, paid=-part.paid) for part in was)
        return before, added([*gone, *now])

    def _pays(self, amount: Money, quota: Money | None) -> tuple[TierPart, ...]:
        if quota not in self._bounds:
            self._bounds[quota] = self._plan.bounds(quota)
        return pay(self._plan.tiers, self._bounds[quota], Fraction(amount.amount))[0]


def _counts(
    ordered: Sequence[CommissionCredit], roots: Mapping[str, tuple[CommissionCredit | None, int]]
) -> dict[str, Money]:
    """By id, what of each credit counts: all of it, or what is left of the credit that it takes back.

    Of one instant, what takes back comes after what it takes back, however they are named.
    """
    found: dict[str, Money] = {}
    left: dict[str, Money] = {}
    for credit in sorted(ordered, key=lambda credit: (moment(credit.at), roots[credit.id][1])):
        root, _ = roots[credit.id]
        found[credit.id] = credit.amount
        if root is not None and root is not credit:
            now = left.get(root.id, root.amount)
            low, high = sorted((Money.zero(now.currency), root.amount))
            left[root.id] = min(max(now + credit.amount, low), high)
            found[credit.id] = left[root.id] - now
    return found


def _roots(plan: CommissionPlan, ordered: list[CommissionCredit]) -> dict[str, tuple[CommissionCredit | None, int]]:
    """By id, the credit that is taken back in the end and in how many steps; itself where it takes nothing back.

    What comes after the period in which something is taken back is not known there.
    """
    by_id = {credit.id: credit for credit in ordered}
    found: dict[str, tuple[CommissionCredit | None, int]] = {}
    for credit in ordered:
        way: list[str] = []
        each: CommissionCredit | None = credit
        while each is not None and each.id not in found:
            way.append(each.id)
            found[each.id] = (each if each.reverses is None else None), 0  # so that a ring ends, and nowhere
            each = None if each.reverses is None else _earlier(plan, each, by_id.get(each.reverses))
        if way:
            root, steps = found[way.pop()] if each is None else found[each.id]
            for more, name in enumerate(reversed(way), 1):
                found[name] = root, steps + more
    return found


def _earlier(plan: CommissionPlan, credit: CommissionCredit, taken: CommissionCredit | None) -> CommissionCredit | None:
    """What a credit takes back, if that was there by the end of its period."""
    if taken is None:
        return None
    end = end_of(_period(plan, local_date(credit.at, plan.tz)))
    return taken if local_date(taken.at, plan.tz) < end else None


def _period(plan: CommissionPlan, day: date) -> Period:
    return Period.of(plan.every, day, year_starts=plan.year_starts)


def _draw(draw: Draw | None, period: Period) -> Draw | None:
    return draw if draw is not None and (draw.until is None or period.start <= draw.until) else None


def _require_period(plan: CommissionPlan, period: Period) -> None:
    _checks.a(Period).require("statement.period", period)
    _checks.calendar_day.require("statement.period.start", period.start)
    if _period(plan, period.start) != period:
        raise InvalidValue("statement.period", period, f"one {plan.every} of the plan")
