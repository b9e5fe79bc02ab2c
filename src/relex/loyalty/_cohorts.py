"""Points by the month in which they were issued, and what became of them; `_lot_lives` finds it out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import attrs

from relex._html import table
from relex.figures import Figure, ratio
from relex.loyalty._issue_months import shown_month
from relex.loyalty._revenue import RedemptionEstimate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from relex.loyalty._breakage import RateByAge

__all__ = ["CohortMonth", "PointsCohort", "PointsCohorts"]


@attrs.frozen
class CohortMonth:
    """What became of the points of a cohort in one month of their life, in the smallest unit.

    Attributes:
        age: 0 for the month of issue, 1 for the next.
        redeemed: Spent, less what came back.
        expired: Gone unused.
        reversed: Taken back by returns, or canceled because what they waited for did not come.
        out: Adjusted away, or left in an account that closed.
        moved: Sent to other accounts, less what arrived from them.

    .. versionadded:: 0.1.0
    """

    age: int
    redeemed: int = 0
    expired: int = 0
    reversed: int = 0
    out: int = 0
    moved: int = 0

    @property
    def gone(self) -> int:
        """All that left in the month.

        .. versionadded:: 0.1.0
        """
        return self.redeemed + self.expired + self.reversed + self.out + self.moved


@attrs.frozen(kw_only=True)
class PointsCohort:
    """The points of one currency that were issued in one month, and what became of them, in the smallest unit.

    Attributes:
        currency: Id of the points currency.
        month: First day of the month of issue, local to the program.
        as_of: The instant up to which the story is told.
        issued: Points that were given.
        months: One for each month of their life in which something happened, by age.
        complete: How many months of their life were over at `as_of`.

    .. versionadded:: 0.1.0
    """

    currency: str
    month: date
    as_of: datetime
    issued: int
    months: tuple[CohortMonth, ...]
    complete: int

    @property
    def redeemed(self) -> int:
        """Spent, less what came back.

        .. versionadded:: 0.1.0
        """
        return sum([month.redeemed for month in self.months])

    @property
    def expired(self) -> int:
        """Gone unused.

        .. versionadded:: 0.1.0
        """
        return sum([month.expired for month in self.months])

    @property
    def reversed(self) -> int:
        """Taken back by returns, or canceled.

        .. versionadded:: 0.1.0
        """
        return sum([month.reversed for month in self.months])

    @property
    def out(self) -> int:
        """Adjusted away, or left in accounts that closed.

        .. versionadded:: 0.1.0
        """
        return sum([month.out for month in self.months])

    @property
    def moved(self) -> int:
        """Sent to other accounts, less what arrived from them.

        .. versionadded:: 0.1.0
        """
        return sum([month.moved for month in self.months])

    @property
    def open(self) -> int:
        """Still there: available, pending or held.

        .. versionadded:: 0.1.0
        """
        return self.issued - sum([month.gone for month in self.months])

    @property
    def redemption_rate(self) -> Figure:
        """Redeemed from its lots / issued; None with `zero_denominator` when nothing was issued.

        .. versionadded:: 0.1.0
        """
        return _share("redeemed", [self], self.as_of)

    @property
    def breakage(self) -> Figure:
        """Expired from its lots / issued; None with `zero_denominator` when nothing was issued.

        .. versionadded:: 0.1.0
        """
        return _share("expired", [self], self.as_of)

    def estimate(self, rates: RateByAge, *, on: date) -> RedemptionEstimate:
        """What is known and expected of the cohort, as a `RevenueSchedule` takes it.

        Args:
            rates: The expected share of what is still there, by age.
            on: The last day of the period that ends at `as_of`.

        Raises:
            InvalidValue: When points are open, none was redeemed and none is expected to be.

        .. versionadded:: 0.1.0
        """
        expected = self.redeemed + self.open * Fraction(rates.at(self.complete))
        return RedemptionEstimate(on=on, redeemed=self.redeemed, expected=expected, outstanding=self.open)


_PARTS: Final = ("issued", "redeemed", "expired", "reversed", "out", "moved", "open")
_METHODS: Final = {"redeemed": "redeemed / issued", "expired": "expired / issued"}


def _share(what: str, cohorts: Iterable[PointsCohort], as_of: datetime) -> Figure:
    rows = list(cohorts)
    parts = {name: sum([getattr(cohort, name) for cohort in rows]) for name in _PARTS}
    return ratio(parts[what], parts["issued"], "share", parts=parts, method=_METHODS[what], as_of=as_of)


@attrs.frozen(kw_only=True)
class PointsCohorts:
    """What became of all points, by currency and by month of issue.

    Attributes:
        program: Id of the program.
        as_of: The instant up to which the story is told.
        cohorts: By currency in the order of the program, then by month.
        accounts: How many accounts had been opened.

    .. versionadded:: 0.1.0
    """

    program: str
    as_of: datetime
    cohorts: tuple[PointsCohort, ...]
    accounts: int

    def of(self, currency: str | None = None) -> tuple[PointsCohort, ...]:
        """The cohorts of one currency, by default of the first that has any.

        .. versionadded:: 0.1.0
        """
        if currency is None:
            currency = next((cohort.currency for cohort in self.cohorts), None)
        return tuple([cohort for cohort in self.cohorts if cohort.currency == currency])

    def redemption_rate(self, currency: str | None = None) -> Figure:
        """Redeemed / issued over all months; see `PointsCohort.redemption_rate`.

        .. versionadded:: 0.1.0
        """
        return _share("redeemed", self.of(currency), self.as_of)

    def breakage(self, currency: str | None = None) -> Figure:
        """Expired / issued over all months; see `PointsCohort.breakage`.

        .. versionadded:: 0.1.0
        """
        return _share("expired", self.of(currency), self.as_of)

    def __str__(self) -> str:
        issued = sum([cohort.issued for cohort in self.cohorts])
        return f"{issued:,} points issued (cohorts: {len(self.cohorts):,}, accounts: {self.accounts:,})"

    def _repr_html_(self) -> str:
        titles = ("points", "issued in", *_PARTS, "redemption rate", "breakage")
        return table(str(self), titles, [_shown(cohort) for cohort in self.cohorts])


def _shown(cohort: PointsCohort) -> tuple[object, ...]:
    counts = [getattr(cohort, name) for name in _PARTS]
    rates = (cohort.redemption_rate.as_percent(), cohort.breakage.as_percent())
    return (cohort.currency, shown_month(cohort.month), *counts, *rates)
