"""How many of the points that are still there will be redeemed, by their age; `_life_table` has the theory."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from relex import _checks
from relex._html import table
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._cohorts import PointsCohorts
from relex.loyalty._exact import decimal_of
from relex.loyalty._life_table import LifeMonth, errors_of, life_of, reached, shares_of, z_of
from relex.money import Rounding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["RateByAge", "RedemptionAge", "RedemptionCurve", "redemption_curve"]

_PLACES: Final = 6
_COHORTS = _checks.a(PointsCohorts)
_SHARE = _checks.number(least=0, most=1)
_LEVEL = _checks.Check(
    "an exact number above 0 and below 1",
    lambda value: _checks.number(above=0, most=1).passes(value) and value != 1,
)


def _rates(values: Any) -> tuple[int | Decimal | Fraction, ...]:
    rows = _checks.items("RateByAge.rates", values)
    found = tuple([_share(f"RateByAge.rates[{place}]", rate) for place, rate in enumerate(rows)])
    if not found:
        raise InvalidValue("RateByAge.rates", values, "at least one rate")
    return found


def _share(path: str, value: object) -> int | Decimal | Fraction:
    found = _checks.exact_number(path, value)
    _SHARE.require(path, found)
    return found


@tagged("loyalty.RateByAge")
@attrs.frozen(weakref_slot=False)
class RateByAge:
    """Which share of the points that are still there will yet be redeemed, by their age in months.

    Attributes:
        rates: From 0 to 1, for ages 0 (the month of issue), 1, 2 and so on; the last one holds for all that are older.

    Raises:
        InvalidValue: For no rate, a float, or a rate outside 0 to 1.

    Example:
        >>> rates = RateByAge(["0.80", "0.75", "0.60"])
        >>> rates.at(1), rates.at(24)
        (Decimal('0.75'), Decimal('0.60'))

    .. versionadded:: 0.1.0
    """

    rates: tuple[int | Decimal | Fraction, ...] = attrs.field(converter=_rates)

    def at(self, age: int) -> int | Decimal | Fraction:
        """The rate at an age in months.

        .. versionadded:: 0.1.0
        """
        _checks.whole(least=0).require("RateByAge.at.age", age)
        return self.rates[min(age, len(self.rates) - 1)]


@attrs.frozen(kw_only=True)
class RedemptionAge:
    """What history says about points of one age, over all cohorts that have lived through it.

    Attributes:
        age: How many months began since the month of issue.
        cohorts: How many cohorts had points at this age.
        issued: What was issued of the cohorts that have lived through this age.
        redeemed: What of that was redeemed up to the end of this month of life.
        expired: What of that was gone unused.
        reversed: What of that was taken back.
        out: What of that left otherwise.
        open: What of that was still there.
        exposed: What was there when this month of life began.
        rate: The share of the points there at this age that will yet be redeemed, to six places; None if unknown.
        low: Lower end of the interval of the rate.
        high: Its upper end.
        reason: Why there is no rate (`none_left`: no cohort had points of this age; `no_older_points`: some were left
            when history ended, and no tail was given) or no interval (`one_cohort`); None when there are both.

    .. versionadded:: 0.1.0
    """

    age: int
    cohorts: int
    issued: int
    redeemed: int
    expired: int
    reversed: int
    out: int
    open: int
    exposed: int
    rate: Decimal | None
    low: Decimal | None
    high: Decimal | None
    reason: str | None


@attrs.frozen(kw_only=True)
class RedemptionCurve:
    """The expected redemption of points by their age, with its uncertainty.

    Attributes:
        currency: Id of the points currency; None when there were no points.
        as_of: The instant up to which history counted.
        ages: One for each age that a cohort has lived through, the youngest first.
        tail: The rate of points that are older than any seen, as given; None if nobody said.
        level: Chance that the intervals are to cover the rates.

    .. versionadded:: 0.1.0
    """

    currency: str | None
    as_of: datetime
    ages: tuple[RedemptionAge, ...]
    tail: int | Decimal | Fraction | None
    level: int | Decimal | Fraction

    def rates(self) -> RateByAge:
        """The rates by age, as `liability` takes them; older points have the rate of the tail, or else the last one.

        Raises:
            InvalidValue: When a rate is unknown, because points of that age have never been seen to the end.

        .. versionadded:: 0.1.0
        """
        return self._by_age("rate", "points of this age have not been seen to the end; give a tail")

    def low_rates(self) -> RateByAge:
        """As `rates`, with the lower end of each interval.

        Raises:
            InvalidValue: When an interval is unknown, because only one cohort has reached an age.

        .. versionadded:: 0.1.0
        """
        return self._by_age("low", "cohorts of this age cannot be compared")

    def high_rates(self) -> RateByAge:
        """As `rates`, with the upper end of each interval.

        Raises:
            InvalidValue: As for `low_rates`.

        .. versionadded:: 0.1.0
        """
        return self._by_age("high", "cohorts of this age cannot be compared")

    def _by_age(self, name: str, otherwise: str) -> RateByAge:
        found: list[Any] = [] if self.tail is None else [self.tail]
        for row in reversed(self.ages):
            rate = getattr(row, name)
            if rate is not None:
                found.append(rate)
            elif row.exposed:
                raise InvalidValue(f"RedemptionCurve.ages[{row.age}].{name}", None, f"a rate: {otherwise}")
        if not found:
            raise InvalidValue("RedemptionCurve.ages", (), "points that have lived through a whole month, or a tail")
        return RateByAge(reversed(found))

    def __str__(self) -> str:
        first = next((row for row in self.ages), None)
        shown = "none" if first is None or first.rate is None else f"{first.rate:f}"
        return f"expected redemption of new points {shown}, ages: {len(self.ages)}"

    def _repr_html_(self) -> str:
        titles = (
            "months old",
            "cohorts",
            "issued",
            "redeemed",
            "expired",
            "open",
            "will be redeemed",
            "from",
            "to",
            "",
        )
        rows = [
            (row.age, row.cohorts, row.issued, row.redeemed, row.expired, row.open, row.rate, row.low, row.high,
             row.reason or "")
            for row in self.ages
        ]  # fmt: skip
        return table(str(self), titles, rows)


def redemption_curve(
    cohorts: PointsCohorts,
    *,
    points: str | None = None,
    tail: int | str | Decimal | Fraction | None = None,
    level: int | str | Decimal | Fraction = Decimal("0.95"),
) -> RedemptionCurve:
    """Which share of points will yet be redeemed, by their age in months, learned from the cohorts that are older.

    Only whole months of life count, so the month that is running at `as_of` is left out.

    Args:
        cohorts: What became of points, as `points_cohorts` tells.
        points: Id of the points currency; by default the first that has any.
        tail: The rate of points that are older than any seen, where some are left: 0 if nothing is expected of them.
            By default unknown, and then every rate that depends on it is None.
        level: Chance that the intervals are to cover the rates.

    Raises:
        InvalidValue: For a tail outside 0 to 1, or a level that is not between 0 and 1.

    Source: a life table with the weights of the chain ladder; T. Mack (1993) for the uncertainty.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.calendars import Months
        >>> from relex.loyalty import Account, EarningRule, Flat, Occasion, Program, points_cohorts
        >>> rules = [EarningRule("visit", Flat(10), on="visit")]
        >>> program = Program("beans", currency="USD", rules=rules, expires=Months(1))
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
        >>> account, _ = account.earn(Occasion("visit", "v1", day), program, at=day)
        >>> account, _ = account.redeem(4, program, id="r1", at=day)
        >>> cohorts = points_cohorts([account], program, as_of=datetime(2026, 7, 1, tzinfo=UTC))
        >>> [(row.age, row.rate, row.reason) for row in redemption_curve(cohorts).ages]
        [(0, Decimal('0.400000'), 'one_cohort'), (1, Decimal('0.000000'), 'one_cohort')]

    .. versionadded:: 0.1.0
    """
    _COHORTS.require("redemption_curve.cohorts", cohorts)
    known = None if tail is None else _share("redemption_curve.tail", tail)
    chance = _checks.exact_number("redemption_curve.level", level)
    _LEVEL.require("redemption_curve.level", chance)
    rows = cohorts.of(points)
    lives = [life_of(cohort) for cohort in rows]
    ages = [[life[age] for life in lives if age < len(life)] for age in range(max(map(len, lives), default=0))]
    shares = shares_of(ages, known)
    errors = errors_of(ages, shares)
    z = z_of(float(chance))
    return RedemptionCurve(
        currency=rows[0].currency if rows else points,
        as_of=cohorts.as_of,
        ages=tuple([_row(*found, z) for found in zip(range(len(ages)), ages, shares, errors, strict=True)]),
        tail=known,
        level=chance,
    )


def _row(age: int, months: Sequence[LifeMonth], share: Fraction | None, error: float | None, z: float) -> RedemptionAge:
    seen = reached(months)
    issued, so_far = sum([month.issued for month in months]), [month.so_far for month in months]
    redeemed, expired, back, out = [sum(column) for column in zip(*so_far, strict=True)]
    low, high = (None, None) if share is None or error is None else _interval(float(share), z * error)
    return RedemptionAge(
        age=age,
        cohorts=len(seen),
        issued=issued,
        redeemed=redeemed,
        expired=expired,
        reversed=back,
        out=out,
        open=issued - redeemed - expired - back - out,
        exposed=sum([month.exposed for month in seen]),
        rate=None if share is None else _rounded(share),
        low=low,
        high=high,
        reason=_reason(seen, share, low),
    )


def _reason(seen: Sequence[LifeMonth], share: Fraction | None, low: Decimal | None) -> str | None:
    if share is None:
        return "no_older_points" if seen else "none_left"
    return "one_cohort" if low is None else None


def _interval(share: float, half: float) -> tuple[Decimal, Decimal]:
    return _rounded(Fraction(share - half)), _rounded(Fraction(share + half))


def _rounded(share: Fraction) -> Decimal:
    """Six places; points that come back may lead below 0 or above 1 for a while, which no share can be."""
    return decimal_of(Rounding.HALF_UP.apply(min(max(share, Fraction(0)), Fraction(1)) * 10**_PLACES), _PLACES)
