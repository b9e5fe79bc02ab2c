"""How a program is used: points spent for points earned, members who do something."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from relex import _checks
from relex.calendars import Period, local_date, midnight
from relex.figures import Figure, ratio
from relex.loyalty._events import PointsEarned, PointsRedeemed, RedemptionRestored
from relex.loyalty._hold_events import HoldCaptured, PointsHeld
from relex.loyalty._notices import AccountClosed
from relex.loyalty._occasions import in_utc
from relex.loyalty._outstanding import each_account, redeemable
from relex.loyalty._reports import earned_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.loyalty._account import Account
    from relex.loyalty._program import Program

__all__ = ["ActivityTally", "UseTally", "active_rate", "burn_to_earn"]

_PERIOD = _checks.a(Period)
_DAYS = _checks.whole(least=1)
_BURNT: Final = {PointsRedeemed: 1, HoldCaptured: 1, RedemptionRestored: -1}
_ACTIVE: Final = frozenset({PointsEarned, PointsRedeemed, PointsHeld, HoldCaptured})


def burn_to_earn(accounts: Iterable[Account], program: Program, period: Period, *, points: str | None = None) -> Figure:
    """Points redeemed in a period / points earned in it; accounts are read one by one.

    Redeemed counts redemptions and captured holds, less what was restored in the period. Earned counts occasions of
    the period, net of what returns asked back and of what was canceled in escrow, as `Account.earned` does.

    Args:
        accounts: Any iterable.
        program: Its time zone, for a period of dates.
        period: Of dates or of instants, by the business moment.
        points: Id of the points currency; by default the first that can be spent.

    Returns:
        None with `zero_denominator` when nothing was earned.

    Raises:
        InvalidValue: For an account of another program, or a currency that cannot be spent.

    Example:
        >>> from datetime import UTC, date, datetime
        >>> from relex.loyalty import Account, EarningRule, Flat, Occasion, Program
        >>> program = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")])
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
        >>> account, _ = account.earn(Occasion("visit", "v1", day), program, at=day)
        >>> account, _ = account.redeem(4, program, id="r1", at=day)
        >>> print(burn_to_earn([account], program, Period(date(2026, 5, 1), date(2026, 6, 1))).as_percent())
        40.00 percent (4 of 10)

    .. versionadded:: 0.1.0
    """
    currencies = redeemable(program)
    tally = UseTally(program, period)
    name = currencies[0] if points is None and currencies else points
    _checks.one_of(*currencies).require("burn_to_earn.points", name)
    for account in each_account("burn_to_earn.accounts", accounts, program):
        tally.add(account)
    return tally.result()[str(name)]


class UseTally:
    """Adds up what accounts earned and redeemed in a period."""

    def __init__(self, program: Program, period: Period) -> None:
        _PERIOD.require("burn_to_earn.period", period)
        self.period = period.instants(program.tz)
        self.earned = dict.fromkeys(redeemable(program), 0)
        self.redeemed = dict.fromkeys(redeemable(program), 0)

    def add(self, account: Account) -> None:
        """Add what one account earned and redeemed."""
        for currency in self.earned:
            self.earned[currency] += earned_in(account, self.period, currency)
        for entry in account._ordered():  # noqa: SLF001 - our own
            sign = _BURNT.get(type(entry))
            if sign is not None and entry.currency in self.redeemed and entry.effective in self.period:
                self.redeemed[entry.currency] += sign * entry.points

    def result(self) -> dict[str, Figure]:
        """Redeemed / earned, for each currency."""
        parameters = {"start": self.period.start, "end": self.period.end}
        return {
            currency: ratio(
                self.redeemed[currency],
                earned,
                "share",
                parts={"redeemed": self.redeemed[currency], "earned": earned},
                method="redeemed / earned",
                parameters=parameters,
            )
            for currency, earned in self.earned.items()
        }


def active_rate(accounts: Iterable[Account], program: Program, *, as_of: datetime, days: int = 90) -> Figure:
    """Accounts with an activity in the last days / open accounts; accounts are read one by one.

    An activity is an occasion that was judged, also one that gave nothing, a redemption, a hold or its capture.
    Suspended accounts are open, closed ones are not.

    Args:
        accounts: Any iterable; accounts opened later than `as_of` do not count.
        program: Its time zone, for the dates.
        as_of: The instant; its local date is the last of the days.
        days: How many local dates; at least 1.

    Returns:
        None with `zero_denominator` when no account was open.

    Raises:
        InvalidValue: For an account of another program.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import Account, Program
        >>> program = Program("beans", currency="USD")
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
        >>> print(active_rate([account], program, as_of=day).as_percent())
        0.00 percent (0 of 1)

    .. versionadded:: 0.1.0
    """
    tally = ActivityTally(program, in_utc("active_rate.as_of", as_of), days)
    for account in each_account("active_rate.accounts", accounts, program):
        tally.add(account)
    return tally.result()


class ActivityTally:
    """Counts open accounts, and those that did something."""

    def __init__(self, program: Program, at: datetime, days: int) -> None:
        _DAYS.require("active_rate.days", days)
        self.at, self.days = at, days
        first = date.fromordinal(max(1, local_date(at, program.tz).toordinal() - days + 1))
        self.since = in_utc("active_rate.as_of", midnight(first, program.tz))
        self.active = self.open = self.closed = 0

    def add(self, account: Account) -> None:
        """Count one account."""
        if account.opened_at > self.at:
            return
        if self._has_closed(account):
            self.closed += 1
            return
        self.open += 1
        self.active += self._is_active(account)

    def _has_closed(self, account: Account) -> bool:
        return account.status == "closed" and any(
            type(entry) is AccountClosed and entry.effective <= self.at
            for entry in account._latest()  # noqa: SLF001 - our own
        )

    def _is_active(self, account: Account) -> bool:
        for entry in account._latest():  # noqa: SLF001 - our own
            if entry.effective < self.since:
                return False
            if type(entry) in _ACTIVE and entry.effective <= self.at:
                return True
        return False

    def result(self) -> Figure:
        """Active / open."""
        return ratio(
            self.active,
            self.open,
            "share",
            parts={"active": self.active, "open": self.open, "closed": self.closed},
            method="active / open",
            parameters={"days": self.days},
            as_of=self.at,
        )
