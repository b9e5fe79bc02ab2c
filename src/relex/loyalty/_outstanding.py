"""Points that are out: what accounts hold at an instant, by the month in which it was issued."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import note, table
from relex.errors import InvalidValue
from relex.loyalty._issue_months import LocalMonths, first_of, shown_month
from relex.loyalty._lots import EARNED, LEFT
from relex.loyalty._occasions import in_utc
from relex.loyalty._program import Program

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from relex.loyalty._account import Account
    from relex.loyalty._book import Book
    from relex.loyalty._points import Points

__all__ = [
    "Outstanding",
    "OutstandingMonth",
    "Tally",
    "each_account",
    "is_open_by",
    "known",
    "outstanding",
    "redeemable",
    "spendable",
]

_PROGRAM = _checks.a(Program)


@attrs.frozen(kw_only=True)
class OutstandingMonth:
    """What is left of the points of one currency that were issued in one month, in the smallest unit.

    Attributes:
        currency: Id of the points currency.
        month: First day of the month of issue, local to the program.
        age: How many months began since then, up to the instant asked about.
        available: What can be spent.
        pending: What is not usable yet.
        held: What is set aside for redemptions that are not complete.
        owed: The part of the pending points that will pay debts of the same accounts as soon as they start.

    .. versionadded:: 0.1.0
    """

    currency: str
    month: date
    age: int
    available: int
    pending: int
    held: int
    owed: int

    @property
    def points(self) -> int:
        """Available, pending and held points, less what pays debts.

        .. versionadded:: 0.1.0
        """
        return self.available + self.pending + self.held - self.owed


@attrs.frozen(kw_only=True)
class Outstanding:
    """Points that members hold: available, pending and held ones, less debt, by month of issue.

    A debt is paid by the points that become usable next, so it is taken off the pending lots of the same account, in
    the order in which they start. What no lot covers stands in `debts`: it is no claim on the program, and lowers
    nobody else's.

    Attributes:
        program: Id of the program.
        as_of: The instant.
        months: By currency in the order of the program, then by month.
        debts: (currency, points) that accounts owe beyond what is pending; only currencies with such debts.
        accounts: How many accounts had been opened.

    .. versionadded:: 0.1.0
    """

    program: str
    as_of: datetime
    months: tuple[OutstandingMonth, ...]
    debts: tuple[tuple[str, int], ...]
    accounts: int

    def points(self, currency: str | None = None) -> int:
        """Available + pending + held - debt in all; below 0 when more is owed than held.

        Args:
            currency: Of the points; by default of all currencies together.

        .. versionadded:: 0.1.0
        """
        held = sum([month.points for month in self.months if currency in {None, month.currency}])
        return held - sum([points for name, points in self.debts if currency in {None, name}])

    def __str__(self) -> str:
        return f"{self.points():,} points outstanding at {self.as_of.isoformat()} (accounts: {self.accounts:,})"

    def _repr_html_(self) -> str:
        titles = ("points", "issued in", "available", "pending", "held", "pays debts", "outstanding")
        rows = [
            (each.currency, shown_month(each.month), each.available, each.pending, each.held, each.owed, each.points)
            for each in self.months
        ]
        debts = [note(f"{points:,} {currency} are owed beyond that") for currency, points in self.debts]
        return table(str(self), titles, rows) + "".join(debts)


def outstanding(
    accounts: Iterable[Account], program: Program, *, as_of: datetime, known_at: datetime | None = None
) -> Outstanding:
    """Points that can still be redeemed, by the month in which they were issued; accounts are read one by one.

    What came back after its end and was issued anew (`Restore("reissue")`) counts by the month in which that was.

    Args:
        accounts: Any iterable; accounts opened later than `as_of` do not count.
        program: Its currencies that can be spent, and its time zone.
        as_of: The instant; time has worked up to it, whether or not anybody settled.
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
        >>> print(outstanding([account], program, as_of=day))
        10 points outstanding at 2026-05-01T09:00:00+00:00 (accounts: 1)

    .. versionadded:: 0.1.0
    """
    at = in_utc("outstanding.as_of", as_of)
    tally = Tally(program, at, known("outstanding.known_at", known_at))
    for account in each_account("outstanding.accounts", accounts, program):
        tally.add(account)
    return tally.result()


def each_account(path: str, accounts: Iterable[Account], program: Program) -> Iterable[Account]:
    """Accounts one by one, as long as they are of the program."""
    if not isinstance(accounts, Iterable):
        raise InvalidValue(path, accounts, f"an iterable of Accounts of program {program.id}")
    for place, account in enumerate(accounts):
        if getattr(account, "program", None) != program.id:
            raise InvalidValue(f"{path}[{place}]", account, f"an Account of program {program.id}")
        yield account


def known(path: str, at: datetime | None) -> datetime | None:
    """The instant in UTC after which nothing is known; None for no such instant."""
    return None if at is None else in_utc(path, at)


def is_open_by(account: Account, at: datetime, known_at: datetime | None) -> bool:
    """Whether an account had been opened, as known then."""
    return account.opened_at <= at and (known_at is None or account.opened_at <= known_at)


def spendable(program: Program) -> tuple[Points, ...]:
    """The currencies that can be spent."""
    _PROGRAM.require("program", program)
    return tuple([points for points in program.points if not points.qualifying])


def redeemable(program: Program) -> tuple[str, ...]:
    """Ids of the currencies that can be spent."""
    return tuple([points.id for points in spendable(program)])


class Tally:
    """Adds up what accounts hold, one after the other."""

    def __init__(self, program: Program, at: datetime, known_at: datetime | None = None) -> None:
        self.program, self.at, self.known_at = program, at, known_at
        self.currencies = redeemable(program)
        self.months = LocalMonths(program.tz)
        self.sums: dict[tuple[str, int], list[int]] = {}
        self.debts = dict.fromkeys(self.currencies, 0)
        self.accounts = 0

    def add(self, account: Account) -> Mapping[str, Book]:
        """Add what one account holds; its books at the instant, none when it was not open by then."""
        if not is_open_by(account, self.at, self.known_at):
            return {}
        self.accounts += 1
        books = account._ledger_at(self.at, self.known_at).books  # noqa: SLF001 - our own
        for currency in self.currencies:
            book = books.get(currency)
            if book is not None:
                self._add(currency, book)
        return books

    def _add(self, currency: str, book: Book) -> None:
        for lot in book.open:
            self._sums(currency, lot[EARNED])[0] += lot[LEFT]
        for holding in book.holds:
            for lot, points in holding.taken:
                self._sums(currency, lot[EARNED])[2] += points
        owed = book.owed
        for waiting in book.waiting:
            sums, left = self._sums(currency, waiting[1 + EARNED]), waiting[1 + LEFT]
            pays = min(owed, left)
            sums[1] += left
            sums[3] += pays
            owed -= pays
        self.debts[currency] += owed

    def _sums(self, currency: str, earned_at: Any) -> list[int]:
        key = (currency, self.months.of(earned_at))
        found = self.sums.get(key)
        if found is None:
            found = self.sums[key] = [0, 0, 0, 0]
        return found

    def result(self) -> Outstanding:
        """What was added up."""
        newest = self.months.of(self.at)
        order = {currency: place for place, currency in enumerate(self.currencies)}
        rows = sorted(self.sums.items(), key=lambda row: (order[row[0][0]], row[0][1]))
        return Outstanding(
            program=self.program.id,
            as_of=self.at,
            months=tuple([_month(currency, month, newest, sums) for (currency, month), sums in rows]),
            debts=tuple([(currency, points) for currency, points in self.debts.items() if points]),
            accounts=self.accounts,
        )


def _month(currency: str, month: int, newest: int, sums: list[int]) -> OutstandingMonth:
    available, pending, held, owed = sums
    return OutstandingMonth(
        currency=currency, month=first_of(month), age=newest - month,
        available=available, pending=pending, held=held, owed=owed,
    )  # fmt: skip
