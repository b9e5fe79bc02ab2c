"""Commission statements: every credit of a period with what it earned and why, the draw, and what is carried over.

Theory of operation. Every credit belongs to a *window*, over which amounts are added up before the tiers are asked: its
transaction, its period, or its year, as the plan says. A credit that takes something back belongs to the window of the
credit that it takes back, whenever it is made. Within a window credits stand in order of (at, id); a line earns the
commission of the sum after it less that of the sum before it, both rounded by the plan. So the lines of a window add
up to the rounded commission of its sum in any order, and taking back a deal takes back exactly what it had added.

A statement shows the lines of its period. What a payee owes (a recoverable draw, or deals that were taken back) goes
from one statement to the next as a value, and nobody ever gets less than 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex import _checks
from relex._instants import moment
from relex.calendars import Period, local_date
from relex.errors import Conflict, CurrencyMismatch, InvalidValue
from relex.money import Money
from relex.pipeline._commission_plan import CommissionPlan, Draw
from relex.pipeline._commission_tiers import TierPart
from relex.pipeline._credits import CommissionCredit
from relex.pipeline._quota import Quota
from relex.pipeline._statement_parts import (
    CommissionBalance,
    CommissionLine,
    CommissionStatement,
    added,
    end_of,
    settled,
)
from relex.rules import Verdict, evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["statement", "statements"]

_QUOTAS = _checks.each(_checks.a(Quota))
_CREDITS = _checks.each(_checks.a(CommissionCredit))


def statement(
    plan: CommissionPlan,
    credits: Iterable[CommissionCredit],  # noqa: A002 - the field's own word
    *,
    payee: str,
    period: Period,
    quota: Money | Iterable[Quota] | None = None,
    opening: CommissionBalance | None = None,
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
    quotas = _Quotas(plan, payee, quota)
    lines = tuple(_lines(plan, _of_payee(credits, payee, plan), quotas, period))
    earned = Money.sum([line.earned for line in lines], plan.currency)
    owed = _owed(plan, payee, period, opening)
    return CommissionStatement(
        plan=plan,
        payee=payee,
        period=period,
        lines=lines,
        quota=quotas.known(plan.window(period.start)),
        settlement=settled(earned, _draw(plan.draw, period), owed, plan.currency),
    )


def statements(
    plan: CommissionPlan,
    credits: Iterable[CommissionCredit],  # noqa: A002 - the field's own word
    *,
    payee: str,
    periods: Period,
    quota: Money | Iterable[Quota] | None = None,
    opening: CommissionBalance | None = None,
) -> tuple[CommissionStatement, ...]:
    """The statements of several periods in a row, each with the balance of the one before.

    Args:
        plan: The rules of pay.
        credits: As in `statement`.
        payee: Whose statements.
        periods: Dates from the start of one of the plan's periods to the end of another.
        quota: As in `statement`.
        opening: The balance before the first.

    Raises:
        InvalidValue: As `statement` does.
        Conflict: For one id with two contents.
        CurrencyMismatch: For a credit of the payee in another currency than the plan's.

    .. versionadded:: 0.1.0
    """
    _checks.a(CommissionPlan).require("statements.plan", plan)
    _checks.a(Period).require("statements.periods", periods)
    known = _checks.items("statements.credits", credits)
    found: list[CommissionStatement] = []
    for period in periods.split(plan.every, year_starts=plan.year_starts):
        before = found[-1].balance if found else opening
        found.append(statement(plan, known, payee=payee, period=period, quota=quota, opening=before))
    return tuple(found)


class _Quotas:
    """What the bounds are percent of, by window."""

    def __init__(self, plan: CommissionPlan, payee: str, quota: Money | Iterable[Quota] | None) -> None:
        self._asks, self._payee = plan.basis == "attainment", payee
        self._every = quota if isinstance(quota, Money) else None
        entries = () if quota is None or isinstance(quota, Money) else _checks.items("statement.quota", quota)
        _QUOTAS.require("statement.quota", entries)
        if not self._asks and quota is not None:
            raise InvalidValue("statement.quota", quota, "none, since the bounds of this plan are amounts")
        self._by_window: dict[Period, Money] = {}
        for entry in sorted(entries, key=lambda entry: (moment(entry.at), entry.id)):
            if entry.subject == payee and isinstance(entry.amount, Money):
                self._by_window[entry.period] = entry.amount

    def needed(self, window: Period) -> Money | None:
        """The quota of a window in which something is paid."""
        found = self.known(window)
        if self._asks and found is None:
            raise InvalidValue("statement.quota", None, f"one of {self._payee} from {window.start} to {window.end}")
        return found

    def known(self, window: Period) -> Money | None:
        return self._every if self._every is not None else self._by_window.get(window)


def _of_payee(
    credits: Iterable[CommissionCredit],  # noqa: A002 - the field's own word
    payee: str,
    plan: CommissionPlan,
) -> list[CommissionCredit]:
    given = _checks.items("statement.credits", credits)
    _CREDITS.require("statement.credits", given)
    found: dict[str, CommissionCredit] = {}
    for credit in given:
        if credit.payee != payee:
            continue
        first = found.setdefault(credit.id, credit)
        if first != credit:
            raise Conflict(credit.id, first, credit)
        if credit.amount.currency != plan.currency:
            raise CurrencyMismatch(plan.currency, credit.amount.currency)
    return sorted(found.values(), key=lambda credit: (moment(credit.at), credit.id))


def _lines(
    plan: CommissionPlan, ordered: list[CommissionCredit], quotas: _Quotas, period: Period
) -> Iterator[CommissionLine]:
    """A line for each credit of the period; what came before only adds to the sums of the windows."""
    by_id = {credit.id: credit for credit in ordered}
    sums: dict[object, Money] = {}
    zero = Money.zero(plan.currency)
    for credit in ordered:
        day = local_date(credit.at, plan.tz)
        if day >= end_of(period):
            return
        root = _root(credit, by_id)
        verdict = None if root is None or plan.when is None else evaluate(plan.when, root.facts())
        counts = root is not None and (verdict is None or verdict.answer is True)
        if root is not None and counts:
            window = plan.window(local_date(root.at, plan.tz))
            key = root.id if plan.per == "transaction" else window
            before = sums.get(key, zero)
            sums[key] = before + credit.amount
            if day >= period.start:
                yield _line(plan, credit, before, quotas.needed(window), verdict)
        elif day >= period.start:
            reason = "unknown_credit" if root is None else "not_eligible"
            yield CommissionLine(credit=credit, earned=zero, before=zero, reason=reason, verdict=verdict)


def _line(
    plan: CommissionPlan, credit: CommissionCredit, before: Money, quota: Money | None, verdict: Verdict | None
) -> CommissionLine:
    was = plan.commission(before, quota=quota)
    now = plan.commission(before + credit.amount, quota=quota)
    gone = (TierPart(tier=part.tier, amount=-part.amount, paid=-part.paid) for part in was.parts)
    return CommissionLine(
        credit=credit,
        earned=now.earned - was.earned,
        parts=added([*gone, *now.parts]),
        before=before,
        verdict=verdict,
    )


def _root(credit: CommissionCredit, by_id: Mapping[str, CommissionCredit]) -> CommissionCredit | None:
    """The credit that is taken back in the end; itself where it takes nothing back."""
    seen = {credit.id}
    while credit.reverses is not None:
        found = by_id.get(credit.reverses)
        if found is None or found.id in seen:
            return None
        seen.add(found.id)
        credit = found
    return credit


def _draw(draw: Draw | None, period: Period) -> Draw | None:
    return draw if draw is not None and (draw.until is None or period.start <= draw.until) else None


def _owed(plan: CommissionPlan, payee: str, period: Period, opening: CommissionBalance | None) -> Money:
    if opening is None:
        return Money.zero(plan.currency)
    _checks.a(CommissionBalance).require("statement.opening", opening)
    if (opening.plan, opening.payee, opening.through) != (plan.id, payee, period.start):
        raise InvalidValue("statement.opening", opening, f"the balance of {payee} under {plan.id} on {period.start}")
    if opening.owed.currency != plan.currency:
        raise CurrencyMismatch(plan.currency, opening.owed.currency)
    return opening.owed


def _require_period(plan: CommissionPlan, period: Period) -> None:
    _checks.a(Period).require("statement.period", period)
    _checks.calendar_day.require("statement.period.start", period.start)
    if Period.of(plan.every, period.start, year_starts=plan.year_starts) != period:
        raise InvalidValue("statement.period", period, f"one {plan.every} of the plan")
