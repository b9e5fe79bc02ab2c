"""What became of points, by the month in which they were issued.

Theory of operation. Every debit knows which lots it took, so the life of a lot is known exactly: the fold writes a
trace of effects, and this module reads the trace of one account after the other and adds each effect to the cell of
its cohort (the local month in which the lot was issued) and its age (how many months began since).

- A debit that takes a lot, and a lot that pays a debt, count as *redeemed*, as *out* (adjusted away) or as *reversed*
  (a return that had to take other points), by the kind of the debit; points that come back count the other way.
- A hold is not a redemption. What it took counts as redeemed from its capture on, and never if it was not captured.
- What a transfer takes here appears in another account, so it is neither issued again nor lost: *moved* counts what
  left less what arrived.
- What is left when an account closes is out, or moved when another account absorbed it. What pays the debts that came
  with an absorbed account is out.

So for every cohort: issued = redeemed + expired + reversed + out + moved + open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from relex.loyalty._cohorts import CohortMonth, PointsCohort, PointsCohorts
from relex.loyalty._hold_events import HoldCaptured, PointsHeld
from relex.loyalty._issue_months import LocalMonths, first_of
from relex.loyalty._notices import AccountClosed
from relex.loyalty._occasions import in_utc
from relex.loyalty._outstanding import each_account, is_open_by, known, redeemable
from relex.loyalty._transfer_events import PointsReceived

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._events import Credit
    from relex.loyalty._program import Program

__all__ = ["CohortTally", "points_cohorts"]

REDEEMED, EXPIRED, REVERSED, OUT, MOVED = range(5)
_BY_KIND: Final = {"redeem": REDEEMED, "return": REVERSED, "send": MOVED}
_BY_EFFECT: Final = {"expired": EXPIRED, "reversed": REVERSED, "canceled": REVERSED}
_SIGNS: Final = {"took": 1, "paid": 1, "released": -1}


def points_cohorts(
    accounts: Iterable[Account], program: Program, *, as_of: datetime, known_at: datetime | None = None
) -> PointsCohorts:
    """What became of the points of every month of issue; accounts are read one by one.

    What came back after its end and was issued anew (`Restore("reissue")`) stays with the month of its first issue.

    Args:
        accounts: Any iterable; accounts opened later than `as_of` do not count.
        program: Its currencies that can be spent, and its time zone.
        as_of: The instant; later entries are not seen.
        known_at: Leave out what was recorded later than this, to give an old answer again.

    Raises:
        InvalidValue: For an account of another program.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import Account, EarningRule, Flat, Occasion, Program
        >>> program = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")])
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
        >>> account, _ = account.earn(Occasion("visit", "v1", day), program, at=day)
        >>> account, _ = account.redeem(4, program, id="r1", at=day)
        >>> print(points_cohorts([account], program, as_of=day).redemption_rate().as_percent())
        40.00 percent (4 of 10)

    .. versionadded:: 0.1.0
    """
    known_at = known("points_cohorts.known_at", known_at)
    tally = CohortTally(program, in_utc("points_cohorts.as_of", as_of), known_at)
    for account in each_account("points_cohorts.accounts", accounts, program):
        tally.add(account)
    return tally.result()


class _Cell:
    """A cohort while it is added up."""

    __slots__ = ("flows", "issued", "month")

    def __init__(self, month: int) -> None:
        self.month = month
        self.issued = 0
        self.flows: dict[int, list[int]] = {}

    def add(self, month: int, what: int, points: int) -> None:
        flows = self.flows.get(month)
        if flows is None:
            flows = self.flows[month] = [0, 0, 0, 0, 0]
        flows[what] += points


class CohortTally:
    """Adds up the life of lots, one account after the other."""

    def __init__(self, program: Program, at: datetime, known_at: datetime | None = None) -> None:
        self.program, self.at, self.known_at = program, at, known_at
        self.currencies = redeemable(program)
        self.months = LocalMonths(program.tz)
        self.cells: dict[tuple[str, int], _Cell] = {}
        self.accounts = 0

    def add(self, account: Account) -> None:
        """Add what became of the points of one account."""
        if not is_open_by(account, self.at, self.known_at):
            return
        self.accounts += 1
        trace: list[Any] = []
        notes: Any = account._ledger_at(self.at, self.known_at, trace).notes  # noqa: SLF001 - our own
        lots = {lot: credit for lot, credit in notes.credits.items() if credit.currency in self.currencies}
        if lots:
            told = _told(account, self.at, self.known_at)
            cells = {lot: self._issue(credit, told.received.get(lot)) for lot, credit in lots.items()}
            gone = self._follow(trace, cells, told)
            if told.closed is not None:
                self._leave({lot: lots[lot].points - gone.get(lot, 0) for lot in lots}, cells, told.closed)

    def _issue(self, credit: Credit, received_at: datetime | None) -> _Cell:
        key = (credit.currency, self.months.of(credit.earned_at))
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = _Cell(key[1])
        if received_at is None:
            cell.issued += credit.points
        else:
            cell.add(self.months.of(received_at), MOVED, -credit.points)
        return cell

    def _follow(self, trace: list[Any], cells: dict[str, _Cell], told: _Told) -> dict[str, int]:
        """Add every effect to the cell of its lot; how much is gone from each lot."""
        gone: dict[str, int] = {}
        for at, bucket, name, points in _effects(trace, told):
            lot = _origin(name, cells)
            if lot is not None:
                gone[lot] = gone.get(lot, 0) + points
                cells[lot].add(self.months.of(at), bucket, points)
        return gone

    def _leave(self, left: dict[str, int], cells: dict[str, _Cell], closed: AccountClosed) -> None:
        """What an account had when it closed is out, or in the account that absorbed it."""
        month = self.months.of(closed.effective)
        for lot, points in left.items():
            if points:
                cells[lot].add(month, OUT if closed.into is None else MOVED, points)

    def result(self) -> PointsCohorts:
        """What was added up."""
        order = {currency: place for place, currency in enumerate(self.currencies)}
        rows = sorted(self.cells.items(), key=lambda row: (order[row[0][0]], row[0][1]))
        newest = self.months.of(self.at)
        cohorts = tuple([_cohort(currency, cell, self.at, newest) for (currency, _), cell in rows])
        return PointsCohorts(program=self.program.id, as_of=self.at, cohorts=cohorts, accounts=self.accounts)


class _Told(NamedTuple):
    """What the entries of an account say about its lots.

    Attributes:
        holds: When each hold was captured, by its key; None for one that was not.
        received: When lots came from other accounts.
        closed: How the account closed, if it did.
    """

    holds: dict[tuple[str, str], datetime | None]
    received: dict[str, datetime]
    closed: AccountClosed | None


def _told(account: Account, at: datetime, known_at: datetime | None) -> _Told:
    holds: dict[tuple[str, str], datetime | None] = {}
    received: dict[str, datetime] = {}
    closed = None
    for entry in account._ordered():  # noqa: SLF001 - our own
        kind = type(entry)
        if kind not in _TELLING or entry.effective > at or (known_at is not None and entry.at > known_at):
            continue
        if kind is PointsHeld:
            holds[entry.key] = None
        elif kind is HoldCaptured:
            holds["redeem", entry.hold] = entry.effective
        elif kind is PointsReceived:
            received |= {credit.lot: entry.effective for credit in entry.credits}
        else:
            closed = entry
    return _Told(holds, received, closed)


_TELLING: Final = frozenset({PointsHeld, HoldCaptured, PointsReceived, AccountClosed})


def _effects(trace: list[Any], told: _Told) -> Iterator[tuple[datetime, int, str, int]]:
    """What moved points out of lots for good, or back into them below 0: when, into which bucket, which lot."""
    for place, (at, what, _, name, points, *keys) in enumerate(trace):
        if what in _SIGNS:
            key = keys[0]
            since = told.holds.get(key, at)
            if since is not None:
                yield max(at, since), _BY_KIND.get(key[0], OUT), name, _SIGNS[what] * points
        elif what in _BY_EFFECT and not (what == "reversed" and _is_heading(trace, place)):
            yield at, _BY_EFFECT[what], name, points


def _is_heading(trace: list[Any], place: int) -> bool:
    """Whether a reversal is named after its return, because the lots that it had to take instead come next."""
    following: Any = trace[place + 1] if place + 1 < len(trace) else (None, None)
    return bool(following[1] == "took" and following[5] == ("return", trace[place][3]))


def _origin(name: str, cells: dict[str, _Cell]) -> str | None:
    """The lot as it was issued; one that was issued anew has a name that begins with its name."""
    while name not in cells:
        name, again, _ = name.rpartition("~")
        if not again:
            return None
    return name


def _cohort(currency: str, cell: _Cell, at: datetime, newest: int) -> PointsCohort:
    months = [CohortMonth(month - cell.month, *flows) for month, flows in sorted(cell.flows.items())]
    return PointsCohort(
        currency=currency,
        month=first_of(cell.month),
        as_of=at,
        issued=cell.issued,
        months=tuple(months),
        complete=newest - cell.month,
    )
