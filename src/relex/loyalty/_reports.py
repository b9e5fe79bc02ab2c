"""Answers about an account: where points came from and went to, what was earned, how far the next tier is."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - values tell their types at run time
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from relex.errors import InvalidValue, NotFound
from relex.loyalty._events import PointsEarned, PointsReversed
from relex.loyalty._hold_events import HoldCaptured, HoldVoided
from relex.loyalty._measures import measured, number_of, tier_facts, window_of
from relex.loyalty._movements import span
from relex.loyalty._plan import plan_of
from relex.loyalty._transfer_events import PointsReceived
from relex.rules import Verdict, evaluate

if TYPE_CHECKING:
    from relex.calendars import Period
    from relex.loyalty._account import Account
    from relex.loyalty._breakdown import Breakdown
    from relex.loyalty._program import Program

__all__ = ["Allocation", "Explanation", "Progress", "earned_in", "explain", "progress"]


@attrs.frozen(kw_only=True)
class Allocation:
    """Points that moved between an entry and a lot.

    Attributes:
        what: `took` (a debit used the lot), `paid` (the lot paid a debt), `released` (a debit gave back to the lot),
            `received` (the lot came from another account), `matured`, `activated`, `canceled`, `expired`, `reversed`.
        lot: Id of the lot, or of the entry whose debt it is.
        points: In the smallest unit.
        at: When.
        origin: Of a lot that came from another account: (account, lot) there, where `explain` goes on.

    .. versionadded:: 0.1.0
    """

    what: str
    lot: str
    points: int
    at: datetime
    origin: tuple[str, str] | None = None

    def __str__(self) -> str:
        came = "" if self.origin is None else f", {self.origin[1]} of account {self.origin[0]}"
        return f"{self.what} {self.points} of {self.lot} at {self.at.isoformat()}{came}"


@attrs.frozen(kw_only=True)
class Explanation:
    """Where the points of one entry came from, or went to.

    Attributes:
        entry: The entry.
        breakdown: Of an award: which rule gave what, and why the others gave nothing.
        allocations: Of a debit: the lots that covered it. Of a credit: what became of its lots.
        owed: Of a debit: what no lot has covered.

    .. versionadded:: 0.1.0
    """

    entry: Any
    breakdown: Breakdown | None
    allocations: tuple[Allocation, ...]
    owed: int

    def __str__(self) -> str:
        head = f"{type(self.entry).__name__} {self.entry.key[1]} at {self.entry.effective.isoformat()}"
        parts = [str(self.breakdown)] if self.breakdown is not None else []
        parts += [str(each) for each in self.allocations]
        return "\n".join([head, *parts, *([f"owed {self.owed}"] if self.owed else [])])

    def _repr_html_(self) -> str:
        inside = self.breakdown._repr_html_() if self.breakdown is not None else ""
        items = "".join(
            [f"<li>{escape(str(each.points))} {each.what} {escape(each.lot)}</li>" for each in self.allocations]
        )
        return f"<p>{escape(str(self).splitlines()[0])}</p>{inside}<ul>{items}</ul>"


def explain(account: Account, id_: str, kind: str | None) -> Explanation:
    """See `Account.explain`."""
    entry = _entry(account, id_, kind)
    trace: list[Any] = []
    ledger = account._ledger_at(account._ledger.clock, trace=trace)  # noqa: SLF001 - our own
    given = getattr(entry, "credits", ()) or tuple(filter(None, [getattr(entry, "credit", None)]))
    lots = {credit.lot for credit in given}
    if lots:
        rows = [row for row in trace if row[3] in lots and row[1] != "owed"]
    else:
        rows = [row for row in trace if row[1] in _COVERING and row[5:] == (entry.key,)]
    origins = _origins(account)
    found = _received(entry) + tuple(
        [Allocation(what=row[1], lot=row[3], points=row[4], at=row[0], origin=origins.get(row[3])) for row in rows]
    )
    owed = sum([points for book in ledger.books.values() for key, points in book.debts if key == entry.key])
    return Explanation(entry=entry, breakdown=getattr(entry, "breakdown", None), allocations=found, owed=owed)


def _origins(account: Account) -> dict[str, tuple[str, str]]:
    """Of lots that came from another account: the account, and the lot there."""
    received = [entry for entry in account.entries() if type(entry) is PointsReceived]
    return {each.credit.lot: (entry.other, each.lot) for entry in received for each in entry.moved}


def _received(entry: Any) -> tuple[Allocation, ...]:
    """Where each lot of a transfer came from."""
    if type(entry) is not PointsReceived:
        return ()
    rows = [(each.credit, (entry.other, each.lot)) for each in entry.moved]
    return tuple(
        [
            Allocation(what="received", lot=credit.lot, points=credit.points, at=entry.effective, origin=origin)
            for credit, origin in rows
        ]
    )


_COVERING = ("took", "paid", "released")


def _entry(account: Account, id_: str, kind: str | None) -> Any:
    if kind is not None:
        found = [entry for entry in [account._find((kind, id_))] if entry is not None]  # noqa: SLF001 - our own
    else:
        found = [entry for entry in account.entries() if entry.key[1] == id_ and entry.rank >= 0]
        found = [entry for entry in found if type(entry) not in {HoldCaptured, HoldVoided}] or found
    if not found:
        raise NotFound("entry", id_)
    if len(found) > 1:
        kinds = ", ".join(entry.key[0] for entry in found)
        raise InvalidValue("explain.kind", kind, f"one of {kinds}, because several entries have the id {id_}")
    return found[0]


def earned_in(account: Account, period: Period, points: str) -> int:
    """See `Account.earned`."""
    first, end = span(period)
    total = 0
    for entry in account.entries():
        if type(entry) is PointsEarned:
            at, sign = entry.effective, 1
        elif type(entry) is PointsReversed:
            at, sign = entry.awarded_at, -1
        else:
            continue
        if first <= at and (end is None or at < end):
            total += sign * sum([count for currency, count in entry.by_currency if currency == points])
    return total


@attrs.frozen(kw_only=True)
class Progress:
    """How far a member is from the next tier, and what keeps the present one.

    Attributes:
        as_of: The instant.
        tier: Id of the tier, or None.
        valid_until: When its validity ends; None for no end.
        next: Id of the next tier, or None at the top.
        measure: What is measured.
        have: The measure now, in whole points or units.
        needed: The threshold of the next tier; None where a rule decides.
        remaining: What is missing; None where a rule decides.
        to_keep: What is missing to reach the present tier once more in this window; 0 when it is reached.
        verdict: For a tier with a rule: the rule as judged now.

    .. versionadded:: 0.1.0
    """

    as_of: datetime
    tier: str | None
    valid_until: datetime | None
    next: str | None
    measure: str
    have: Fraction
    needed: Fraction | None
    remaining: Fraction | None
    to_keep: Fraction | None
    verdict: Verdict | None

    def __str__(self) -> str:
        until = "" if self.valid_until is None else f" until {self.valid_until.isoformat()}"
        ahead = "" if self.next is None else f", {self.remaining} {self.measure} to {self.next}"
        if self.verdict is not None:
            ahead = f", a rule decides on {self.next}"
        return f"{self.tier or 'no tier'}{until}{ahead}"


def progress(account: Account, program: Program, as_of: datetime) -> Progress:
    """See `Account.progress`."""
    plan = plan_of(program)
    window = window_of(plan, account, plan.day(as_of))
    sums = measured(plan, account, window, as_of)
    have = number_of(plan, account, program.tier_policy.measure, sums, as_of)
    names = [tier.id for tier in program.tiers]
    current = account.standing.tier
    place = names.index(current) + 1 if current in names else 0
    following = program.tiers[place] if place < len(names) else None
    verdict = None
    if following is not None and following.when is not None:
        verdict = evaluate(following.when, tier_facts(plan, account, sums, as_of), as_of)
    needed = None if following is None or following.at is None else Fraction(following.at)
    mine = program.tiers[place - 1].at if place else None
    return Progress(
        as_of=as_of,
        tier=current,
        valid_until=account.standing.until,
        next=None if following is None else following.id,
        measure=program.tier_policy.measure,
        have=have,
        needed=needed,
        remaining=None if needed is None else max(Fraction(0), needed - have),
        to_keep=None if mine is None else max(Fraction(0), Fraction(mine) - have),
        verdict=verdict,
    )
