"""How many of the points that are still there will be redeemed, learned from the points that are older.

Theory of operation. A month of issue is a cohort, and the months of its life are its ages: a run-off triangle. For
each age a, over all cohorts that have lived through it,

- n is what was there when the month began, r what was redeemed in it, s what stayed to its end;
- the expected share F(a) of what is there at age a is r/n now, and what stays is worth F(a + 1):

      F(a) = (sum of r + sum of s x F(a + 1)) / sum of n

  from the greatest age down. This is a life table with several ways to leave (redeemed, expired, reversed, out), with
  the volume-weighted averages of the chain ladder. It needs an answer for points that are older than any seen: none is
  left (what expires is gone), or the caller gives it as `tail`. Otherwise the share is None.
- Its uncertainty is that of the chain ladder: how far the cohorts disagree about an age. With f = (r + s F(a + 1)) / n
  of each of the I cohorts,

      v(a) = sum of n x (f - F(a))^2 / (I - 1),    se(a)^2 = v(a) / sum of n + (sum of s / sum of n)^2 x se(a + 1)^2.

  Where one cohort alone has lived through an age, v is the least of v(a - 1), v(a - 2) and v(a - 1)^2 / v(a - 2).

The interval is that of the rate, not of what one month will bring; it takes the errors for normal, so with few cohorts
it is somewhat narrow. Shares are exact fractions until they are rounded once to six places, and what is rounded is what
liabilities use. Floats stand in the standard errors only.

A rate is that of points as they are when a month of their life begins, so the first instant of a month is the best one
to value them at; later in the month a part of what the rate expects has happened already.

Sources: T. Mack (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN
Bulletin 23(2), for weights, v and its extrapolation; N. Bowers et al. (1997), Actuarial mathematics, chapter 10, for
tables with several decrements.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import erfc, sqrt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import attrs

from relex import _checks
from relex._html import table
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._exact import decimal_of
from relex.money import Rounding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from relex.loyalty._cohorts import PointsCohort, PointsCohorts

__all__ = ["RateByAge", "RedemptionAge", "RedemptionCurve", "redemption_curve"]

_PLACES: Final = 6
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

    Source: see the theory of operation on top of this module: life table with the weights of the chain ladder, and
    Mack (1993) for the uncertainty.

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
    known = None if tail is None else _share("redemption_curve.tail", tail)
    chance = _checks.exact_number("redemption_curve.level", level)
    _LEVEL.require("redemption_curve.level", chance)
    rows = cohorts.of(points)
    lives = [_life(cohort) for cohort in rows]
    ages = [[life[age] for life in lives if age < len(life)] for age in range(max(map(len, lives), default=0))]
    shares = _shares(ages, known)
    errors = _errors(ages, shares)
    z = _z(float(chance))
    return RedemptionCurve(
        currency=rows[0].currency if rows else points,
        as_of=cohorts.as_of,
        ages=tuple([_row(*found, z) for found in zip(range(len(ages)), ages, shares, errors, strict=True)]),
        tail=known,
        level=chance,
    )


class _Month(NamedTuple):
    """One whole month in the life of a cohort: what was there, was redeemed and stayed; and all up to its end."""

    exposed: int
    redeemed: int
    stayed: int
    issued: int
    so_far: Sequence[int]


def _life(cohort: PointsCohort) -> list[_Month]:
    months = {month.age: month for month in cohort.months}
    left, found = cohort.issued, []
    so_far = [0, 0, 0, 0]
    for age in range(cohort.complete):
        month = months.get(age)
        exposed, redeemed = left, 0
        if month is not None:
            left, redeemed = left - month.gone, month.redeemed
            flows = (redeemed, month.expired, month.reversed, month.out + month.moved)
            so_far = [before + flow for before, flow in zip(so_far, flows, strict=True)]
        found.append(_Month(exposed, redeemed, left, cohort.issued, so_far))
    return found


def _seen(months: Sequence[_Month]) -> list[_Month]:
    """The cohorts that had points when the month began."""
    return [month for month in months if month.exposed > 0]


def _shares(ages: Sequence[Sequence[_Month]], tail: int | Decimal | Fraction | None) -> list[Fraction | None]:
    later = None if tail is None else Fraction(tail)
    found: list[Fraction | None] = []
    for months in reversed(ages):
        seen = _seen(months)
        if seen:
            later = _weighted(seen, later)
        found.append(later)
    return found[::-1]


def _weighted(seen: Sequence[_Month], later: Fraction | None) -> Fraction | None:
    stayed = sum([month.stayed for month in seen])
    if stayed and later is None:
        return None
    worth = sum([month.redeemed for month in seen]) + stayed * (later or Fraction(0))
    return Fraction(worth) / sum([month.exposed for month in seen])


def _errors(ages: Sequence[Sequence[_Month]], shares: Sequence[Fraction | None]) -> list[float | None]:
    """The standard error of each share; None where cohorts cannot be compared."""
    spreads = _spreads(ages, shares)
    squared: float | None = 0.0
    found: list[float | None] = []
    for months, spread in zip(reversed(ages), reversed(spreads), strict=True):
        seen = _seen(months)
        if seen:
            exposed, stayed = sum([month.exposed for month in seen]), sum([month.stayed for month in seen])
            if spread is None or (stayed and squared is None):
                squared = None
            else:
                squared = spread / exposed + (stayed / exposed) ** 2 * (squared or 0.0)
        found.append(None if squared is None else sqrt(squared))
    return found[::-1]


def _spreads(ages: Sequence[Sequence[_Month]], shares: Sequence[Fraction | None]) -> list[float | None]:
    """How far cohorts disagree about each age: v of the theory of operation."""
    found: list[float | None] = []
    for age, (months, share) in enumerate(zip(ages, shares, strict=True)):
        seen = _seen(months)
        if share is None or not seen:
            found.append(None)
        elif len(seen) > 1:
            later = shares[age + 1] if age + 1 < len(shares) else None
            found.append(_spread(seen, float(share), float(later or 0)))
        else:
            found.append(_extrapolated(*found[-2:]))
    return found


def _spread(seen: Sequence[_Month], share: float, later: float) -> float:
    gaps = [month.exposed * ((month.redeemed + month.stayed * later) / month.exposed - share) ** 2 for month in seen]
    return sum(gaps) / (len(seen) - 1)


def _extrapolated(*before: float | None) -> float | None:
    """The spread of an age through which one cohort has lived, from the two ages before it."""
    known = [spread for spread in before if spread is not None]
    if len(known) < 2:  # noqa: PLR2004 - the rule takes two
        return known[0] if known else None
    first, second = known
    return min(first, second, second * second / first) if first else 0.0


def _z(level: float) -> float:
    """How many standard errors on either side cover a normal variable with this chance."""
    low, high = 0.0, 40.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if erfc(middle / sqrt(2)) > 1 - level else (low, middle)
    return (low + high) / 2


def _row(age: int, months: Sequence[_Month], share: Fraction | None, error: float | None, z: float) -> RedemptionAge:
    seen = _seen(months)
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


def _reason(seen: Sequence[_Month], share: Fraction | None, low: Decimal | None) -> str | None:
    if share is None:
        return "no_older_points" if seen else "none_left"
    return "one_cohort" if low is None else None


def _interval(share: float, half: float) -> tuple[Decimal, Decimal]:
    return _rounded(Fraction(share - half)), _rounded(Fraction(share + half))


def _rounded(share: Fraction) -> Decimal:
    """Six places; points that come back may lead below 0 or above 1 for a while, which no share can be."""
    return decimal_of(Rounding.HALF_UP.apply(min(max(share, Fraction(0)), Fraction(1)) * 10**_PLACES), _PLACES)
