"""How far somebody has come toward a quota, and whether that is far enough for the time that has passed."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment
from relex.calendars import Period
from relex.errors import InvalidValue
from relex.figures import Figure, ratio
from relex.money import Money
from relex.pipeline._forecast_spread import OWNED
from relex.pipeline._quota import MEASURES, Quota, quotas_at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from relex.pipeline._forecast import Forecast
    from relex.pipeline._forecast_question import ForecastQuestion
    from relex.pipeline._forecast_slice import ForecastSlice

__all__ = ["Attainment", "Attainments", "attainment", "attainments", "pace"]

_NEARLY = Fraction(8, 10)
_MICRO = timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Attainment:
    """How far somebody has come toward a quota.

    Attributes:
        subject: Whose.
        period: Of the quota.
        quota: The entry that counts; None where there is none.
        measure: `amount` or `count`.
        actual: What is won in the period, by shares of the credit; of a manager with all below, each deal once.
        expected: What is still open in the period.
        attained: actual / quota, never capped; None with `no_quota` for none or one of 0.
        pace: The share of the period that has passed: 0 before it, 1 after it.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    subject: str
    period: Period
    quota: Quota | None
    measure: str
    actual: Figure
    expected: Figure
    attained: Figure
    pace: Fraction
    as_of: datetime

    @property
    def status(self) -> str | None:
        """`on_track` with attained >= pace, `at_risk` with 0.8 of the pace, else `behind`; None without attainment."""
        share = self.attained.value
        if not isinstance(share, (int, Fraction)):
            return None
        if share >= self.pace or not self.pace:
            return "on_track"
        return "at_risk" if share >= _NEARLY * self.pace else "behind"

    @property
    def gap(self) -> Money | int | None:
        """What is missing; 0 or below when the quota is reached, None where there is no attainment."""
        if self.quota is None or self.attained.value is None:
            return None
        found: Money | int = self.quota.amount - self.actual.value  # type: ignore[operator,assignment]  # of one measure
        return found

    @property
    def coverage(self) -> Figure:
        """How many times what is open covers what is missing; None with `nothing_remaining`, or as `attained` is."""
        gap = self.gap
        if gap is None:
            return Figure(None, "times", as_of=self.as_of, reason=self.attained.reason)
        if (gap.amount if isinstance(gap, Money) else gap) <= 0:
            return Figure(None, "times", as_of=self.as_of, reason="nothing_remaining")
        if self.expected.value is None:
            return Figure(None, "times", as_of=self.as_of, reason=self.expected.reason)
        return ratio(self.expected.value, gap, "times", method="quota: coverage", as_of=self.as_of)

    def __str__(self) -> str:
        share = self.attained.as_percent() if self.attained.value is not None else self.attained
        return f"{self.subject}: {share.show(2)} % ({self.status})" if self.status else f"{self.subject}: {share}"


class Attainments(tuple[Attainment, ...]):
    """Several attainments, which show themselves as a table.

    .. versionadded:: 0.1.0
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        """One row for each."""
        titles = ("subject", "from", "to", "quota", "won", "attained", "pace", "status", "missing", "coverage")
        return table("Quotas", titles, [_cells(each) for each in self])


def attainment(
    view: Forecast, quotas: Iterable[Quota], subject: str, period: Period | None = None, *, measure: str = "amount"
) -> Attainment:
    """How far somebody has come toward the quota of a period; without a quota the answer says `no_quota`.

    Args:
        view: A forecast `by` what quotas are set for: owners, teams, territories; of owners with a `team`, what is won
            by everybody below counts too, each deal once.
        quotas: Entries, in any order; the newest of a subject, period and measure counts.
        subject: Whose.
        period: A piece of the period of the forecast, or several; by default all of it.
        measure: `amount` or `count`.

    Raises:
        InvalidValue: For quotas of one subject and measure that overlap, a quota of the subject whose period neither
            starts and ends where periods of the forecast do nor is a longer one of whole months, a forecast without
            groups, or a period that it does not show.
        CurrencyMismatch: For a quota in another currency than the forecast.
        Conflict: For two quotas of one id with different contents.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.pipeline import Opportunity, Pipeline, Stage, forecast
        >>> stages = [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
        >>> sales, day = Pipeline("sales", stages), datetime(2026, 1, 5, tzinfo=timezone.utc)
        >>> deal = Opportunity.open("o1", sales, at=day, stage="won", amount=Money(75, "USD"), owner="ana").state
        >>> quarter = Period.of("quarter", day.date())
        >>> goal = Quota("q1", subject="ana", period=quarter, amount=Money(100, "USD"), at=day)
        >>> print(attainment(forecast([deal], sales, quarter, day, by="owner"), [goal], "ana"))
        ana: 75.00 % (on_track)

    .. versionadded:: 0.1.0
    """
    _checks.one_of(*MEASURES).require("attainment.measure", measure)
    asked = period or view.question.period
    view.question.places_in(asked)
    for quota in quotas_at(quotas, view.question.as_of):
        is_theirs = (quota.subject, quota.measure) == (subject, measure)
        if is_theirs and _is_shown(quota, view.question) and quota.period == asked:
            return _attained(view, subject, asked, quota, measure)
    return _attained(view, subject, asked, None, measure)


def attainments(view: Forecast, quotas: Iterable[Quota]) -> Attainments:
    """How far everybody has come who has a quota in the period of a forecast, by subject, measure and period.

    Args:
        view: As of `attainment`.
        quotas: As of `attainment`; those of other periods, and longer ones of whole months, are left alone.

    Raises:
        InvalidValue: As `attainment` does.
        CurrencyMismatch: As `attainment` does.
        Conflict: As `attainment` does.

    .. versionadded:: 0.1.0
    """
    found = quotas_of(view, quotas)
    return Attainments([_attained(view, each.subject, each.period, each, each.measure) for each in found])


def quotas_of(view: Forecast, quotas: Iterable[Quota]) -> list[Quota]:
    """The quotas that a forecast can be compared with.

    Raises:
        InvalidValue: For one whose period does not start and end where periods of the forecast do.
    """
    return [quota for quota in quotas_at(quotas, view.question.as_of) if _is_shown(quota, view.question)]


def pace(period: Period, as_of: datetime, tz: tzinfo) -> Fraction:
    """The share of a period that has passed at an instant: 0 before it, 1 after it."""
    span = period.instants(tz)
    elapsed, length = moment(as_of) - moment(span.start), span.length  # type: ignore[arg-type]  # of instants
    return min(max(Fraction(elapsed // _MICRO, length // _MICRO), Fraction(0)), Fraction(1))  # type: ignore[operator]


def _is_shown(quota: Quota, question: ForecastQuestion) -> bool:
    """Whether a quota lies in the period of a forecast, on its boundaries."""
    whole, each = question.period, question.each
    if _is_longer(quota.period, whole):
        return False
    if each is None and not quota.period.overlaps(whole):
        return False
    for day, edge in ((quota.period.start, whole.start), (quota.period.end, whole.end)):
        is_border = each is not None and Period.of(each, day, year_starts=question.year_starts).start == day  # type: ignore[arg-type]
        if day != edge and not is_border:
            raise InvalidValue(
                "Quota.period", quota.period, f"a start and an end on boundaries of {_periods(question)}"
            )
    return whole.start <= quota.period.start and quota.period.end <= whole.end  # type: ignore[operator]  # both are dates


def _is_longer(period: Period, whole: Period) -> bool:
    """Whether whole months, such as a year, hold all of a forecast and more: compared with another forecast."""
    edges = (period.start, whole.start), (period.end, whole.end)
    holds = period.start <= whole.start and whole.end <= period.end  # type: ignore[operator]  # all are dates
    return period != whole and holds and all(day == edge or day.day == 1 for day, edge in edges)  # type: ignore[union-attr]


def _periods(question: ForecastQuestion) -> str:
    if question.each is None:
        return f"the period from {question.period.start} to {question.period.end}"
    return f"a {question.each}"


def _attained(view: Forecast, subject: str, period: Period, quota: Quota | None, measure: str) -> Attainment:
    deals = _deals(view, subject, period)
    actual, expected = _worth(deals, "closed", measure, quota), _worth(deals, "open_pipeline", measure, quota)
    as_of = view.question.as_of
    return Attainment(
        subject=subject,
        period=period,
        quota=quota,
        measure=measure,
        actual=actual,
        expected=expected,
        attained=_share(actual, quota, as_of),
        pace=pace(period, as_of, view.question.tz),
        as_of=as_of,
    )


def _deals(view: Forecast, subject: str, period: Period) -> ForecastSlice:
    by = view.question.by
    if by is None or by in OWNED or (view.team is not None and subject not in view.groups):
        return view.under(subject, period)
    return view.group(subject, period)


def _worth(deals: ForecastSlice, column: str, measure: str, quota: Quota | None) -> Figure:
    """What deals are worth by the measure; nothing is nothing in the currency of the quota too."""
    if measure == "count":
        return deals.count(column)
    figure = deals.amount(column)
    if figure.reason == "no_data" and quota is not None and isinstance(quota.amount, Money):
        currency = quota.amount.currency
        return attrs.evolve(figure, value=Money.zero(currency), unit=currency, reason=None)
    return figure


def _share(actual: Figure, quota: Quota | None, as_of: datetime) -> Figure:
    if quota is None or not quota.amount:
        return Figure(None, "share", method="quota: attainment", as_of=as_of, reason="no_quota")
    if actual.value is None:
        return Figure(None, "share", method="quota: attainment", as_of=as_of, reason=actual.reason)
    return ratio(actual.value, quota.amount, parts=actual.parts, method="quota: attainment", as_of=as_of)


def _cells(each: Attainment) -> tuple[object, ...]:
    quota = None if each.quota is None else each.quota.amount
    share = each.attained if each.attained.value is None else each.attained.as_percent()
    past = Figure(each.pace, "share").as_percent()
    ends = each.period.start, each.period.end
    return (each.subject, *ends, quota, each.actual, share, past, each.status, each.gap, each.coverage)
