"""How what is outstanding came about in a period: opening, what came, what went, closing, in points and money.

Each account is folded twice, to the last instant before the period and to the last one in it, and every flow is the
difference of what it came to by then. So the rows of a currency always add up, and a closing is the next opening.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from relex import _checks
from relex._html import table
from relex.calendars import Period
from relex.errors import InvalidValue
from relex.loyalty._events import PointsAdjusted
from relex.loyalty._liability import rate_of, valued, worth_of
from relex.loyalty._movements import MICRO
from relex.loyalty._notices import AccountClosed
from relex.loyalty._occasions import in_utc
from relex.loyalty._outstanding import Tally, each_account, known
from relex.loyalty._transfer_events import PointsReceived, PointsSent
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from fractions import Fraction

    from relex.loyalty._account import Account
    from relex.loyalty._liability import Liability, Rate, Worth
    from relex.loyalty._program import Program

__all__ = ["RollForward", "RollForwardRow", "roll_forward"]

_PERIOD = _checks.a(Period)
_SECOND: Final = datetime.min.replace(tzinfo=UTC) + MICRO
"""The second of all instants: before the first there is none."""

_FLOWS: Final[tuple[str, ...]] = ("earned", "adjusted", "moved", "redeemed", "expired", "reversed", "closed")
_BY_ENTRY: Final = frozenset({PointsAdjusted, PointsSent, PointsReceived, AccountClosed})


@attrs.frozen(kw_only=True)
class RollForwardRow:
    """One line of the way from an opening to a closing.

    Attributes:
        currency: Id of the points currency.
        what: `opening`, `earned`, `adjusted` (by hand, up or down), `moved` (from accounts outside, or below 0 to
            them), `redeemed` (less what was restored), `expired`, `reversed` (by returns, or canceled), `closed` (left
            in accounts that closed), `remeasured`, `closing`.
        points: In the smallest unit; below 0 what went.
        amount: Of the opening and the closing, their liability; of a flow, points x worth; of `remeasured`, which moves
            no points, by how much less is expected to stay unredeemed than at the opening.

    .. versionadded:: 0.1.0
    """

    currency: str
    what: str
    points: int
    amount: Money


@attrs.frozen(kw_only=True)
class RollForward:
    """What was outstanding before a period, what came and went in it, and what was outstanding at its end.

    Attributes:
        program: Id of the program.
        start: The first instant.
        end: The instant after the last.
        opening: What was outstanding was expected to cost just before the start.
        closing: And just before the end.
        rows: By currency in the order of the program, each from `opening` to `closing`; those between add up to the
            difference, in points and in money.

    .. versionadded:: 0.1.0
    """

    program: str
    start: datetime
    end: datetime
    opening: Liability
    closing: Liability
    rows: tuple[RollForwardRow, ...]

    def __str__(self) -> str:
        return f"{self.opening.total} to {self.closing.total}, {self.start.isoformat()} to {self.end.isoformat()}"

    def _repr_html_(self) -> str:
        rows = [(row.currency, row.what, row.points, row.amount) for row in self.rows]
        return table(f"{self.program}: {self}", ("currency", "what", "points", "amount"), rows)


def roll_forward(  # noqa: PLR0913 - all that a liability needs, at both ends
    accounts: Iterable[Account],
    program: Program,
    period: Period,
    *,
    rate: Rate | Mapping[str, Rate],
    opening_rate: Rate | Mapping[str, Rate] | None = None,
    worth: Worth | Mapping[str, Worth] | None = None,
    known_at: datetime | None = None,
    opening_known_at: datetime | None = None,
    progress: Callable[[int], object] | None = None,
) -> RollForward:
    """The way from what was outstanding before a period to what was at its end; accounts are read one by one.

    Points that are good through the last date of the period are outstanding at its end, and expire in the next.

    Args:
        accounts: Any iterable.
        program: Its currencies that can be spent, and its time zone.
        period: Of dates, local to the program, or of instants.
        rate: As of `liability`.
        opening_rate: The rate with which the opening was reported; by default `rate`. A change is `remeasured`.
        worth: As of `liability`.
        known_at: Leave out what was recorded later than this, to give an old answer again.
        opening_known_at: The `known_at` with which the opening was reported; by default as `known_at`. Entries that
            were recorded since and dated back before the period are then rows of this period.
        progress: Called with the number of accounts that are done.

    Raises:
        InvalidValue: For a period without an end, and as `liability` does.
        CurrencyMismatch: For a worth in another currency than the program's.

    Example:
        >>> from datetime import UTC, date, datetime
        >>> from relex.loyalty import Account, EarningRule, Flat, Occasion, Program
        >>> program = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(100), on="visit")])
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
        >>> account, _ = account.earn(Occasion("visit", "v1", day), program, at=day)
        >>> account, _ = account.redeem(40, program, id="r1", at=day)
        >>> may = Period(date(2026, 5, 1), date(2026, 6, 1))
        >>> found = roll_forward([account], program, may, worth=Money("0.05", "USD"), rate="0.8")
        >>> [(row.what, row.points, str(row.amount)) for row in found.rows if row.points or row.amount.amount]
        ... # doctest: +NORMALIZE_WHITESPACE
        [('earned', 100, '5.00 USD'), ('redeemed', -40, '-2.00 USD'), ('remeasured', 0, '-0.60 USD'),
         ('closing', 60, '2.40 USD')]

    .. versionadded:: 0.1.0
    """
    start, end = _edges(period, program)
    worths, rates = worth_of(program, worth), rate_of(program, rate)
    later = known("roll_forward.known_at", known_at)
    earlier = later if opening_known_at is None else known("roll_forward.opening_known_at", opening_known_at)
    before, after = _Flows(program, max(start, _SECOND) - MICRO, earlier), _Flows(program, end - MICRO, later)
    for done, account in enumerate(each_account("roll_forward.accounts", accounts, program), 1):
        before.add(account)
        after.add(account)
        if progress is not None:
            progress(done)
    opening_rates = rates if opening_rate is None else rate_of(program, opening_rate)
    opening = valued(before.tally.result(), program, worths, opening_rates)
    closing = valued(after.tally.result(), program, worths, rates)
    return RollForward(
        program=program.id,
        start=start,
        end=end,
        opening=opening,
        closing=closing,
        rows=tuple(_rows(before, after, opening, closing, worths)),
    )


def _edges(period: Period, program: Program) -> tuple[datetime, datetime]:
    _PERIOD.require("roll_forward.period", period)
    if period.end is None:
        raise InvalidValue("roll_forward.period", period, "a Period with an end")
    instants: Any = period.instants(program.tz)
    return in_utc("roll_forward.period.start", instants.start), in_utc("roll_forward.period.end", instants.end)


class _Flows:
    """What came to accounts and went from them up to an instant, and what was left then."""

    def __init__(self, program: Program, at: datetime, known_at: datetime | None) -> None:
        self.tally = Tally(program, at, known_at)
        self.sums: dict[str, dict[str, int]] = {
            currency: dict.fromkeys(_FLOWS, 0) for currency in self.tally.currencies
        }

    def add(self, account: Account) -> None:
        """Add the flows of one account."""
        books = self.tally.add(account)
        closed = {currency: -book.out for currency, book in books.items()}
        for currency, book in books.items():
            self._add(currency, "earned", book.credited)
            for what in ("redeemed", "expired", "reversed"):
                self._add(currency, what, -getattr(book, what))
        into = None
        for entry in self._told(account) if books else ():
            if type(entry) is AccountClosed:
                into = entry.into
            else:
                for currency, what, points in _parts(entry):
                    self._add(currency, what, points)
                    if points < 0:
                        closed[currency] -= points
                    else:
                        self._add(currency, "earned", -points)
        for currency, points in closed.items():
            self._add(currency, "closed" if into is None else "moved", points)

    def _add(self, currency: str, what: str, points: int) -> None:
        if currency in self.sums:
            self.sums[currency][what] += points

    def _told(self, account: Account) -> Iterator[Any]:
        """The entries that say what became of points which are neither earned nor left in an account that closed."""
        at, known_at = self.tally.at, self.tally.known_at
        for entry in account._ordered():  # noqa: SLF001 - our own
            if type(entry) in _BY_ENTRY and entry.effective <= at and (known_at is None or entry.at <= known_at):
                yield entry


def _parts(entry: Any) -> Iterator[tuple[str, str, int]]:
    """What an entry adds (above 0) or takes: currency, flow, points."""
    if type(entry) is PointsAdjusted:
        yield entry.currency, "adjusted", entry.points
        return
    sign = 1 if type(entry) is PointsReceived else -1
    for currency, points in entry.by_currency:
        yield currency, "moved", sign * points
    for currency, points in getattr(entry, "owed", ()):
        yield currency, "moved", -points


def _rows(
    before: _Flows, after: _Flows, opening: Liability, closing: Liability, worths: Mapping[str, Fraction]
) -> Iterator[RollForwardRow]:
    first, last = opening.by_currency(), closing.by_currency()
    for currency, sums in after.sums.items():
        earlier = before.sums[currency]
        flows = [(what, sums[what] - earlier[what]) for what in _FLOWS]
        amounts = [Money.rounded(points * worths[currency], closing.total.currency) for _, points in flows]
        remeasured = last[currency] - first[currency] - sum(amounts, Money.zero(closing.total.currency))
        whole = [("opening", sum(earlier.values()), first[currency])]
        whole += [(what, points, amount) for (what, points), amount in zip(flows, amounts, strict=True)]
        whole += [("remeasured", 0, remeasured), ("closing", sum(sums.values()), last[currency])]
        yield from (
            RollForwardRow(currency=currency, what=what, points=points, amount=amount) for what, points, amount in whole
        )
