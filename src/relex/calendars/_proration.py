"""What part of a price a part of its time is worth, as an exact fraction."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from relex import _checks
from relex.calendars._dates import MICRO, add_months
from relex.calendars._durations import Months, Years
from relex.calendars._periods import Period
from relex.errors import InvalidValue

__all__ = ["prorate"]

_YEAR_DAYS = 365
_YEAR_MONTHS = 12
_THIRTY = 30


def prorate(part: Period | Months | Years, of: Months | Years | Period, *, by: str) -> Fraction:
    """The fraction of a price that a part of its time is worth.

    A price stands either for a *term* of so many months, or for one *billing period*, and `by` belongs to one of them.

    For a price of a term (`of=Months(12)`), with the part counted from its first date:

    - "day": days / 365, x 12 / months of the term;
    - "month": months, a started one counts whole, / months of the term;
    - "month_day": (whole months + remaining days x 12 / 365) / months of the term.

    A part that is itself told in months or years is an explicit term: it is worth its months, whatever `by` says.

    For a price of a billing period (`of` is the full `Period`, the part lies inside it):

    - "period_days": days of the part / days of the period; both periods of dates, first day in, last day out;
    - "period_seconds": the same with elapsed time; both periods of instants, exact to the microsecond;
    - "thirty_day_months": the same with both counted as 360 per year + 30 per month + days, day 31 as 30;
    - "none": 0, nothing until the next period; "full": 1.

    Raises:
        InvalidValue: For another `by`, a `by` of the other kind of price, a part without an end or outside the period,
            or a price for no time at all.

    Example:
        >>> january = Period(date(2026, 1, 1), date(2026, 2, 1))
        >>> prorate(january, Months(12), by="month"), prorate(january, Months(12), by="day")
        (Fraction(1, 12), Fraction(31, 365))
        >>> prorate(Period(date(2011, 2, 1), date(2011, 2, 13)), Period(date(2011, 1, 13), date(2011, 2, 13)),
        ...         by="period_days")
        Fraction(12, 31)

    Source: the proration of Salesforce CPQ for terms; of Kill Bill for billing periods.

    .. versionadded:: 0.1.0
    """
    _checks.a(Period, Months, Years).require("prorate.part", part)
    _checks.a(Months, Years, Period).require("prorate.of", of)
    if isinstance(of, Period):
        return _of_period(part, of, by)
    _checks.one_of("day", "month", "month_day").require("prorate.by", by)
    term = _months(of)
    if not term:
        raise InvalidValue("prorate.of", of, "a term of at least one month")
    return (_term_months(part, by) if isinstance(part, Period) else Fraction(_months(part))) / term


def _months(term: Months | Years) -> int:
    return term.n * (_YEAR_MONTHS if isinstance(term, Years) else 1)


def _term_months(part: Period, by: str) -> Fraction:
    """The months that a part is worth; a day is 12/365 of one."""
    start, end = _dates("prorate.part", part)
    day = Fraction(_YEAR_MONTHS, _YEAR_DAYS)
    if by == "day":
        return (end - start).days * day
    whole = Months(1).number_at(start, end)
    rest = (end - add_months(start, whole)).days
    return whole + rest * day if by == "month_day" else Fraction(whole + (rest > 0))


def _of_period(part: object, whole: Period, by: str) -> Fraction:
    ways = ("period_days", "period_seconds", "thirty_day_months", "none", "full")
    _checks.one_of(*ways).require("prorate.by", by)
    if not isinstance(part, Period) or part.end is None or not _is_inside(part, whole):
        raise InvalidValue("prorate.part", part, f"a period that lies inside {whole}")
    if by in {"none", "full"}:
        return Fraction(by == "full")
    ours, all_of_it = _measure("prorate.part", part, by), _measure("prorate.of", whole, by)
    if not all_of_it:
        raise InvalidValue("prorate.of", whole, "a period of at least one day of thirty-day months")
    return Fraction(ours, all_of_it)


def _is_inside(part: Period, whole: Period) -> bool:
    """Whether a part lies in a period; an empty one may lie at its end too."""
    if part.is_empty:
        return part.start in whole or part.start == whole.end
    return part.intersect(whole) == part


def _measure(path: str, period: Period, by: str) -> int:
    if by == "period_seconds":
        if not isinstance(period.start, datetime) or period.length is None:
            raise InvalidValue(path, period, "a period of instants with an end")
        return period.length // MICRO
    start, end = _dates(path, period)
    return (end - start).days if by == "period_days" else _thirty(end) - _thirty(start)


def _thirty(day: date) -> int:
    return (day.year * _YEAR_MONTHS + day.month) * _THIRTY + min(day.day, _THIRTY)


def _dates(path: str, period: Period) -> tuple[date, date]:
    if isinstance(period.start, datetime) or period.end is None:
        raise InvalidValue(path, period, "a period of dates with an end")
    return period.start, period.end
