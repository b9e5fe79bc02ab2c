"""Asking for a forecast."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from relex.pipeline._forecast import Forecast
from relex.pipeline._forecast_question import ForecastQuestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo
    from decimal import Decimal

    from relex.calendars import Period
    from relex.money import RateTable
    from relex.parties import Hierarchy
    from relex.pipeline._adjustments import ForecastAdjustment
    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline

__all__ = ["forecast"]


def forecast(  # noqa: PLR0913 - what can be chosen
    opportunities: Iterable[Opportunity],
    pipeline: Pipeline | Iterable[Pipeline],
    period: Period,
    as_of: datetime,
    *,
    method: str = "cumulative",
    by: str | None = None,
    each: str | None = None,
    year_starts: int = 1,
    probabilities: str = "current",
    overdue: str = "stay",
    rounding: str = "total",
    adjustments: Iterable[ForecastAdjustment] = (),
    rates: RateTable | None = None,
    currency: str | None = None,
    team: Hierarchy | None = None,
    viewer: str | None = None,
    facts: Mapping[str, Mapping[str, Any]] | None = None,
    predicted: Mapping[str, int | Decimal] | None = None,
    tz: tzinfo = UTC,
) -> Forecast:
    """What deals come to in a period: in categories, by probability, for groups, owners and those above them.

    Open deals count on their expected close, won and lost ones on the day on which they were closed and never on the
    expected one. Won deals are in `closed` with all of their amount, lost ones in `omitted`, which is in no column of
    the cumulative method and weighs nothing.

    Args:
        opportunities: The deals, in any order, each once.
        pipeline: Theirs, or several; what is asked by `current` is what they say now.
        period: Of dates, with an end.
        as_of: The instant after which no event exists; aware.
        method: `cumulative`: columns that add up categories, such as `commit_forecast`; `single`: the categories.
        by: What deals are grouped by: `owner`, `team`, `product`, or the name of a fact; None is a group of its own.
            Owners and teams have their shares of the credit; a deal that is split counts once all the same.
        each: A calendar unit by which the period is cut, such as `month`, into 5,000 pieces at most.
        year_starts: The first month of the year, from which quarters and halves are counted.
        probabilities: `current` or `at_entry`.
        overdue: `stay` or `current`.
        rounding: Of weighted amounts: `total` or `per_deal`.
        adjustments: What people said; those made after `as_of` do not exist.
        rates: What other currencies are worth, on a stated day.
        currency: Of one total; by default the only one that the rates lead to, or the only one that there is.
        team: Who reports to whom.
        viewer: Who looks; by default one looks from the top.
        facts: Own facts by id of a deal, for `by`; values as rules read them, and names that deals do not have.
        predicted: Probabilities by id of a deal, for pipelines whose probability is `predicted`; others leave them be.
        tz: Whose calendar tells the date of `as_of` and of a closing.

    Raises:
        InvalidValue: For an unknown choice, a naive datetime, a period of instants or without an end, a deal given
            twice, a fact that nobody gives, a team that goes round in a circle.
        CurrencyMismatch: For several currencies in one roll-up of a team, without a table of rates.
        Conflict: For two adjustments of one id with different contents.
        NotFound: For a viewer who is not in the team.

    Example:
        >>> from datetime import date, datetime, timezone
        >>> from relex.calendars import Period
        >>> from relex.money import Money
        >>> from relex.pipeline import Opportunity, Pipeline, Stage
        >>> stages = [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
        >>> sales = Pipeline("sales", stages)
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> deal, _ = Opportunity.open(
        ...     "o1", sales, at=day, amount=Money("4245.74", "USD"), expected_close=date(2026, 6, 3), owner="ana"
        ... )
        >>> view = forecast([deal], sales, Period.of("quarter", date(2026, 5, 1)), day, by="owner")
        >>> print(view.weighted(), view.group("ana").amount("open_pipeline"))
        2122.87 USD 4245.74 USD

    .. versionadded:: 0.1.0
    """
    question = ForecastQuestion(
        period=period,
        as_of=as_of,
        method=method,
        by=by,
        each=each,
        year_starts=year_starts,
        probabilities=probabilities,
        overdue=overdue,
        rounding=rounding,
        currency=currency,
        viewer=viewer,
        tz=tz,
    )
    return Forecast.of(
        question,
        opportunities,
        pipeline,
        adjustments=adjustments,
        rates=rates,
        team=team,
        facts=facts,
        predicted=predicted,
    )
