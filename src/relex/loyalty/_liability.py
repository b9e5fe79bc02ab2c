"""What outstanding points will cost: points x worth x expected redemption, exact until one rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from relex import _checks
from relex._html import note, table
from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty._benefits import CashOff
from relex.loyalty._breakage import RateByAge, RedemptionCurve
from relex.loyalty._issue_months import shown_month
from relex.loyalty._occasions import in_utc
from relex.loyalty._outstanding import Outstanding, Tally, each_account, known, spendable
from relex.money import Money

if TYPE_CHECKING:
    from datetime import date, datetime

    from relex.loyalty._account import Account
    from relex.loyalty._program import Program

__all__ = ["Liability", "LiabilityMonth", "Rate", "Worth", "liability", "points_price", "rate_of", "valued", "worth_of"]

_SHARE = _checks.number(least=0, most=1)


Rate: TypeAlias = int | str | Decimal | Fraction | RateByAge | RedemptionCurve
Worth: TypeAlias = Money | CashOff


@attrs.frozen(kw_only=True)
class LiabilityMonth:
    """The points of one currency that were issued in one month, and what they will cost.

    Attributes:
        currency: Id of the points currency.
        month: First day of the month of issue, local to the program.
        age: How many months began since then.
        points: Outstanding, in the smallest unit.
        rate: The expected share of them that will be redeemed.
        amount: Points x worth x rate; the parts add up to the whole.

    .. versionadded:: 0.1.0
    """

    currency: str
    month: date
    age: int
    points: int
    rate: int | Decimal | Fraction
    amount: Money


@attrs.frozen(kw_only=True)
class Liability:
    """What the points that members hold are expected to cost.

    Attributes:
        program: Id of the program.
        as_of: The instant.
        total: Rounded once, HALF_UP, to the minor unit.
        exact: The total before rounding, in the currency of the total.
        months: By currency, then by month of issue.
        worth: (currency of points, what one whole point is worth).
        debts: (currency of points, points) that accounts owe; they lower nothing.
        accounts: How many accounts there were.

    .. versionadded:: 0.1.0
    """

    program: str
    as_of: datetime
    total: Money
    exact: Fraction
    months: tuple[LiabilityMonth, ...]
    worth: tuple[tuple[str, Fraction], ...]
    debts: tuple[tuple[str, int], ...]
    accounts: int

    def by_currency(self) -> dict[str, Money]:
        """The liability of each currency of points.

        .. versionadded:: 0.1.0
        """
        found = {currency: Money.zero(self.total.currency) for currency, _ in self.worth}
        for month in self.months:
            found[month.currency] += month.amount
        return found

    def __str__(self) -> str:
        points = sum([month.points for month in self.months])
        return f"{self.total} for {points:,} points at {self.as_of.isoformat()} (accounts: {self.accounts:,})"

    def _repr_html_(self) -> str:
        rows = [
            (each.currency, shown_month(each.month), each.age, each.points, each.rate, each.amount)
            for each in self.months
        ]
        titles = ("points", "issued in", "months old", "outstanding", "expected share", "liability")
        debts = [
            note(f"{points:,} {currency} are owed by members and lower nothing") for currency, points in self.debts
        ]
        return table(str(self), titles, rows) + "".join(debts)


def liability(
    accounts: Iterable[Account],
    program: Program,
    *,
    as_of: datetime,
    rate: Rate | Mapping[str, Rate],
    worth: Worth | Mapping[str, Worth] | None = None,
    known_at: datetime | None = None,
) -> Liability:
    """What outstanding points are expected to cost: over all lots, what remains x worth x expected redemption rate.

    Accounts are read one by one and none is kept.

    Args:
        accounts: Any iterable.
        program: Its currencies that can be spent, and its time zone.
        as_of: The instant.
        rate: The share of the points that will be redeemed: a number from 0 to 1, a `RateByAge`, or the
            `RedemptionCurve` that history gives; by the id of the points currency where they differ.
        worth: What one whole point is worth, as an amount in the program's currency, or the `CashOff` that says what
            points buy; by the id of the points currency where there are several. By default the `worth` of `Points`.
        known_at: Leave out what was recorded later than this, to give an old answer again.

    Raises:
        InvalidValue: For an account of another program, a worth below 0, a rate outside 0 to 1, a curve of other
            points, or a currency that can be spent and has no worth.
        CurrencyMismatch: For a worth in another currency than the program's.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import Account, EarningRule, Flat, Occasion, Program
        >>> program = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(250), on="visit")])
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
        >>> account, _ = account.earn(Occasion("visit", "v1", day), program, at=day)
        >>> print(liability([account], program, as_of=day, worth=Money("0.05", "USD"), rate="0.8"))
        10.00 USD for 250 points at 2026-05-01T09:00:00+00:00 (accounts: 1)

    .. versionadded:: 0.1.0
    """
    at = in_utc("liability.as_of", as_of)
    tally = Tally(program, at, known("liability.known_at", known_at))
    worths = worth_of(program, worth)
    rates = rate_of(program, rate)
    for account in each_account("liability.accounts", accounts, program):
        tally.add(account)
    return valued(tally.result(), program, worths, rates)


def points_price(
    points: int,
    program: Program,
    *,
    rate: Rate | Mapping[str, Rate],
    worth: Worth | Mapping[str, Worth] | None = None,
    currency: str | None = None,
) -> Money:
    """The stand-alone price of points that are given now: points x worth x expected redemption rate, rounded once.

    Args:
        points: In the smallest unit of the currency; at least 0.
        program: The program.
        rate: As of `liability`; of rates by age that of age 0.
        worth: As of `liability`.
        currency: Id of the points currency; by default the first that can be spent.

    Raises:
        InvalidValue: As for `liability`, and for a currency that cannot be spent.

    Source: IFRS 15 paragraph B42.

    Example:
        >>> from relex.loyalty import Program
        >>> program = Program("beans", currency="USD")
        >>> print(points_price(10_000, program, worth=Money(1, "USD"), rate="0.95"))
        9500.00 USD

    .. versionadded:: 0.1.0
    """
    _checks.whole(least=0).require("points_price.points", points)
    worths, rates = worth_of(program, worth), rate_of(program, rate)
    name = next(iter(worths), None) if currency is None else currency
    _checks.one_of(*worths).require("points_price.currency", name)
    return Money.rounded(points * worths[str(name)] * Fraction(rates[str(name)].at(0)), program.currency)


def worth_of(program: Program, worth: Worth | Mapping[str, Worth] | None) -> dict[str, Fraction]:
    """What one point in the smallest unit is worth, exactly, for each currency that can be spent."""
    found = {}
    for points in spendable(program):
        path, given = _for("worth", points.worth if worth is None else worth, points.id)
        found[points.id] = _one(path, given, program.currency) / 10**points.scale
    return found


def _one(path: str, given: Any, currency: str) -> Fraction:
    if isinstance(given, CashOff):
        return Fraction(given.worth) / Fraction(given.points)
    if not isinstance(given, Money) or given.amount < 0:
        raise InvalidValue(
            path, given, "a Money of at least 0 for one whole point, or a CashOff; or the worth of Points"
        )
    if given.currency != currency:
        raise CurrencyMismatch(currency, given.currency)
    return Fraction(given.amount)


def rate_of(program: Program, rate: Rate | Mapping[str, Rate]) -> dict[str, RateByAge]:
    """The expected rate for each currency that can be spent."""
    return {points.id: _by_age(*_for("rate", rate, points.id), points.id) for points in spendable(program)}


def _by_age(path: str, given: Any, currency: str) -> RateByAge:
    if isinstance(given, RedemptionCurve):
        if given.currency not in {None, currency}:
            raise InvalidValue(path, given.currency, f"a curve of {currency}; or the rates() of this one")
        return given.rates()
    if isinstance(given, RateByAge):
        return given
    number = _checks.exact_number(path, given)
    _SHARE.require(path, number)
    return RateByAge([number])


def _for(name: str, given: Any, currency: str) -> tuple[str, Any]:
    if not isinstance(given, Mapping):
        return f"liability.{name}", given
    if currency not in given:
        raise InvalidValue(f"liability.{name}", dict(given), f"one for {currency}, which can be spent")
    return f"liability.{name}[{currency}]", given[currency]


def valued(
    held: Outstanding, program: Program, worth: Mapping[str, Fraction], rates: Mapping[str, RateByAge]
) -> Liability:
    """The liability of what is outstanding."""
    found = [(month, rates[month.currency].at(month.age)) for month in held.months]
    exact = [month.points * worth[month.currency] * Fraction(rate) for month, rate in found]
    total = Money.rounded(sum(exact, Fraction(0)), program.currency)
    amounts = total.allocate(exact) if exact else ()
    scales = {points.id: 10**points.scale for points in program.points}
    return Liability(
        program=held.program,
        as_of=held.as_of,
        total=total,
        exact=sum(exact, Fraction(0)),
        months=tuple([_month(*row, amount) for row, amount in zip(found, amounts, strict=True)]),
        worth=tuple([(currency, each * scales[currency]) for currency, each in worth.items()]),
        debts=held.debts,
        accounts=held.accounts,
    )


def _month(held: Any, rate: int | Decimal | Fraction, amount: Money) -> LiabilityMonth:
    return LiabilityMonth(
        currency=held.currency, month=held.month, age=held.age, points=held.points, rate=rate, amount=amount
    )
