"""What is stored of forecasts: adjustments, quotas, questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Period
from relex.pipeline import ForecastAdjustment, ForecastQuestion, Quota
from relex.testing.strategies._basics import days, either, ids, instants, texts, words, zones
from relex.testing.strategies._money import currencies, moneys

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from hypothesis.strategies import SearchStrategy

    from relex.money import Money

__all__ = ["STORED", "forecast_adjustments", "forecast_questions", "quotas"]

_COLUMNS = (
    *("commit_forecast", "open_pipeline", "best_case_forecast", "most_likely_forecast"),
    *("pipeline", "best_case", "most_likely", "commit"),
)
_UNITS = ("month", "quarter", "half", "year")


def forecast_adjustments(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    subject: str | SearchStrategy[str] | None = None,
    by: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[ForecastAdjustment]:
    """What people say that a forecast should be, in any column, with and without a base and a note.

    Shrinks to one of nothing.

    Args:
        id: Of the adjustment, or what ids are drawn from.
        subject: Whose forecast, or what ids are drawn from.
        by: Who adjusts, or what ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an empty id, or a naive instant.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _adjustment,
        either("forecast_adjustments.id", id, _checks.text, ids()),
        subject=either("forecast_adjustments.subject", subject, _checks.text, ids()),
        by=either("forecast_adjustments.by", by, _checks.text, ids()),
        at=either("forecast_adjustments.at", at, _checks.instant, instants()),
        period=_PERIODS,
        column=st.sampled_from(_COLUMNS),
        amounts=_AMOUNTS,
        note=st.just("") | texts(),
    )


def _adjustment(id: str, *, amounts: tuple[Money, Money | None], **more: Any) -> ForecastAdjustment:  # noqa: A002 - the field's name everywhere in relex
    return ForecastAdjustment(id, amount=amounts[0], base=amounts[1], **more)


def quotas(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    subject: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Quota]:
    """Targets of money and of numbers of deals, for months, quarters and years; shrinks to one of no deals.

    Args:
        id: Of the quota, or what ids are drawn from.
        subject: Whose, or what ids are drawn from.
        at: When it was set, or what instants are drawn from.

    Raises:
        InvalidValue: For an empty id, or a naive instant.

    .. versionadded:: 0.1.0
    """
    targets = st.tuples(st.just("count"), st.integers(0, 10**20)) | st.tuples(st.just("amount"), _TARGETS)
    return st.builds(
        _quota,
        either("quotas.id", id, _checks.text, ids()),
        subject=either("quotas.subject", subject, _checks.text, ids()),
        at=either("quotas.at", at, _checks.instant, instants()),
        period=_PERIODS,
        target=targets,
    )


def _quota(id: str, *, target: tuple[str, Any], **more: Any) -> Quota:  # noqa: A002 - the field's name everywhere in relex
    return Quota(id, measure=target[0], amount=target[1], **more)


def forecast_questions(*, at: datetime | SearchStrategy[datetime] | None = None) -> SearchStrategy[ForecastQuestion]:
    """What forecasts ask, with any choice; shrinks to the default of each.

    Args:
        at: The instant of the question, or what instants are drawn from.

    Raises:
        InvalidValue: For a naive instant.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        ForecastQuestion,
        period=_PERIODS,
        as_of=either("forecast_questions.at", at, _checks.instant, instants()),
        method=st.sampled_from(("cumulative", "single")),
        by=st.none() | st.sampled_from(("owner", "team", "product")) | words(),
        each=st.none() | st.sampled_from(_UNITS),
        year_starts=st.integers(1, 12),
        probabilities=st.sampled_from(("current", "at_entry")),
        overdue=st.sampled_from(("stay", "current")),
        rounding=st.sampled_from(("total", "per_deal")),
        currency=st.none() | currencies(),
        viewer=st.none() | ids(),
        tz=zones(),
    )


def _period(unit: str, day: date, year_starts: int) -> Period:
    return Period.of(unit, day, year_starts=year_starts)


_DAYS = days().filter(lambda day: 1 < day.year < 9998)  # noqa: PLR2004 - whose years lie within the calendar
_PERIODS = st.builds(_period, st.sampled_from(_UNITS), _DAYS, st.integers(1, 12))
_TARGETS = moneys().map(abs)
_AMOUNTS = currencies().flatmap(lambda code: st.tuples(moneys(currency=code), st.none() | moneys(currency=code)))

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    ForecastAdjustment: forecast_adjustments,
    ForecastQuestion: forecast_questions,
    Quota: quotas,
}
"""The strategy of each."""
