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

from fractions import Fraction
from math import erfc, sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from relex.loyalty._cohorts import PointsCohort

__all__ = ["LifeMonth", "errors_of", "life_of", "reached", "shares_of", "z_of"]


class LifeMonth(NamedTuple):
    """One whole month in the life of a cohort: what was there, was redeemed and stayed; and all up to its end."""

    exposed: int
    redeemed: int
    stayed: int
    issued: int
    so_far: Sequence[int]


def life_of(cohort: PointsCohort) -> list[LifeMonth]:
    """What happened to a cohort, one after the other, in each whole month of its life."""
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
        found.append(LifeMonth(exposed, redeemed, left, cohort.issued, so_far))
    return found


def reached(months: Sequence[LifeMonth]) -> list[LifeMonth]:
    """The cohorts that had points when the month began."""
    return [month for month in months if month.exposed > 0]


def shares_of(ages: Sequence[Sequence[LifeMonth]], tail: int | Decimal | Fraction | None) -> list[Fraction | None]:
    """The expected share at each age, exact; None where nobody knows."""
    later = None if tail is None else Fraction(tail)
    found: list[Fraction | None] = []
    for months in reversed(ages):
        seen = reached(months)
        if seen:
            later = _weighted(seen, later)
        found.append(later)
    return found[::-1]


def _weighted(seen: Sequence[LifeMonth], later: Fraction | None) -> Fraction | None:
    stayed = sum([month.stayed for month in seen])
    if stayed and later is None:
        return None
    worth = sum([month.redeemed for month in seen]) + stayed * (later or Fraction(0))
    return Fraction(worth) / sum([month.exposed for month in seen])


def errors_of(ages: Sequence[Sequence[LifeMonth]], shares: Sequence[Fraction | None]) -> list[float | None]:
    """The standard error of each share; None where cohorts cannot be compared."""
    spreads = _spreads(ages, shares)
    squared: float | None = 0.0
    found: list[float | None] = []
    for months, spread in zip(reversed(ages), reversed(spreads), strict=True):
        seen = reached(months)
        if seen:
            exposed, stayed = sum([month.exposed for month in seen]), sum([month.stayed for month in seen])
            if spread is None or (stayed and squared is None):
                squared = None
            else:
                squared = spread / exposed + (stayed / exposed) ** 2 * (squared or 0.0)
        found.append(None if squared is None else sqrt(squared))
    return found[::-1]


def _spreads(ages: Sequence[Sequence[LifeMonth]], shares: Sequence[Fraction | None]) -> list[float | None]:
    """How far cohorts disagree about each age: v of the theory of operation."""
    found: list[float | None] = []
    for age, (months, share) in enumerate(zip(ages, shares, strict=True)):
        seen = reached(months)
        if share is None or not seen:
            found.append(None)
        elif len(seen) > 1:
            later = shares[age + 1] if age + 1 < len(shares) else None
            found.append(_spread(seen, float(share), float(later or 0)))
        else:
            found.append(_extrapolated(*found[-2:]))
    return found


def _spread(seen: Sequence[LifeMonth], share: float, later: float) -> float:
    gaps = [month.exposed * ((month.redeemed + month.stayed * later) / month.exposed - share) ** 2 for month in seen]
    return sum(gaps) / (len(seen) - 1)


def _extrapolated(*before: float | None) -> float | None:
    """The spread of an age through which one cohort has lived, from the two ages before it."""
    known = [spread for spread in before if spread is not None]
    if len(known) < 2:  # noqa: PLR2004 - the rule takes two
        return known[0] if known else None
    first, second = known
    return min(first, second, second * second / first) if first else 0.0


def z_of(level: float) -> float:
    """How many standard errors on either side cover a normal variable with this chance."""
    low, high = 0.0, 40.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if erfc(middle / sqrt(2)) > 1 - level else (low, middle)
    return (low + high) / 2
