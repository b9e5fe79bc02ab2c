"""A metric over time: one reading for each period, wave or window, and a mark where the question was another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import InvalidValue
from relex.feedback._trend_periods import pieces, windows
from relex.feedback._trend_series import Asked, by_time, by_wave

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta, tzinfo

    from relex.calendars import CalendarDuration, Period
    from relex.feedback._metric import Metric
    from relex.feedback._responses import Response
    from relex.feedback._survey import Survey
    from relex.feedback._trend_periods import Moment, Step
    from relex.feedback._trend_points import Trend

__all__ = ["read_rolling", "read_trend"]

_BY = _checks.one_of("submitted", "touchpoint", "wave")
_ZONE = _checks.optional(_checks.zone)
_DATED = _checks.one_of("submitted", "touchpoint")


def read_trend(  # noqa: PLR0913 - each names one policy of the series
    responses: Iterable[Response],
    metric: Metric,
    *,
    question: str,
    every: Step | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
    tz: tzinfo | None = None,
    by: str = "submitted",
    waves: Iterable[str] | Mapping[str, Period] | None = None,
    as_of: datetime | None = None,
    program: str | None = None,
    surveys: Iterable[Survey] = (),
    count: str = "scored",
    weights: Iterable[Any] | None = None,
    clusters: Iterable[str] | None = None,
    invalid: str = "raise",
) -> Trend:
    """One reading for each period, half-open, in order; an empty one stays in the series with the value None.

    Args:
        responses: In any order; give `latest_responses(...)` where revisions or repeats may be among them.
        metric: What to read.
        question: The id of the question.
        every: How long a period is: "day", "week", "month", "quarter", "half" or "year" of the calendar, a timedelta,
            or `Days`, `Weeks`, `Months` or `Years` from the start on. None for waves.
        start: A date or an instant, inside.
        end: The first one after it.
        tz: Whose dates they are; needed for dates of periods. Dates of waves are those of UTC without it.
        by: `submitted`: when the response came; `touchpoint`: when the experience was; `wave`: in which wave it was
            asked.
        waves: The waves in order, or their periods by name; by default those that there are, by their first response.
        as_of: Up to when is known what happened; what came later does not count, and a period that ends later is
            incomplete.
        program: `relational` or `transactional`; must be given where there are responses of both.
        surveys: The definitions, to know where wording, scale or program changed; without them a new version is all
            that can be seen.
        count: As of `Metric.read`.
        weights: As of `Metric.read`.
        clusters: As of `Metric.read`.
        invalid: As of `Metric.read`. By a definition with another scale than the metric's, every score is invalid.

    Raises:
        InvalidValue: For responses of both programs where none is named, periods that cannot be made, and what
            `Metric.read` refuses.

    Example:
        >>> from datetime import UTC, date, datetime
        >>> from relex.feedback import Answer, Metric, Response
        >>> def came(day, score):
        ...     at = datetime(2026, 1, day, tzinfo=UTC)
        ...     return Response(submission=f"s{day}", survey="pulse", at=at, answers=[Answer("q1", score)])
        >>> found = [came(1, 9), came(6, 3), came(7, 10), came(20, 10)]
        >>> week = {"every": "week", "start": date(2026, 1, 1), "end": date(2026, 1, 19), "tz": UTC}
        >>> series = read_trend(found, Metric.nps(), question="q1", **week)
        >>> [(str(point.period.start), point.reading.show()) for point in series.points]
        [('2026-01-01', '100.0'), ('2026-01-05', '0.0'), ('2026-01-12', 'none (no_scored)')]
        >>> series.outside
        1

    .. versionadded:: 0.1.0
    """
    _BY.require("read_trend.by", by)
    asked = Asked(
        metric=metric,
        question=question,
        by=by,
        as_of=as_of,
        program=program,
        surveys=surveys,
        count=count,
        weights=weights,
        clusters=clusters,
        invalid=invalid,
    )
    if by != "wave":
        if waves is not None:
            raise InvalidValue("read_trend.waves", waves, "nothing, unless the series goes by waves")
        return by_time(asked, responses, pieces(every, start, end, tz), tz)
    if (every, start, end) != (None, None, None):
        raise InvalidValue("read_trend.every", every or start or end, "no periods for a series that goes by waves")
    _ZONE.require("read_trend.tz", tz)
    return by_wave(asked, responses, waves, tz)


def read_rolling(  # noqa: PLR0913 - as of `read_trend`
    responses: Iterable[Response],
    metric: Metric,
    *,
    question: str,
    window: timedelta | CalendarDuration,
    every: Step,
    start: Moment,
    end: Moment,
    tz: tzinfo | None = None,
    by: str = "submitted",
    as_of: datetime | None = None,
    program: str | None = None,
    surveys: Iterable[Survey] = (),
    count: str = "scored",
    weights: Iterable[Any] | None = None,
    clusters: Iterable[str] | None = None,
    invalid: str = "raise",
) -> Trend:
    """One reading for the window that ends with each period: at t it covers [t - window, t).

    Windows that overlap share responses, so two of them are no two samples and `compare_readings` does not fit them.

    Args:
        responses: As of `read_trend`, those before the start too.
        metric: As of `read_trend`.
        question: As of `read_trend`.
        window: A timedelta, or `Days`, `Weeks`, `Months` or `Years`.
        every: As of `read_trend`.
        start: As of `read_trend`.
        end: As of `read_trend`.
        tz: As of `read_trend`.
        by: `submitted` or `touchpoint`.
        as_of: As of `read_trend`.
        program: As of `read_trend`.
        surveys: As of `read_trend`.
        count: As of `read_trend`.
        weights: As of `read_trend`.
        clusters: As of `read_trend`.
        invalid: As of `read_trend`.

    Raises:
        InvalidValue: As `read_trend` does.

    .. versionadded:: 0.1.0
    """
    _DATED.require("read_rolling.by", by)
    asked = Asked(
        metric=metric,
        question=question,
        by=by,
        as_of=as_of,
        program=program,
        surveys=surveys,
        count=count,
        weights=weights,
        clusters=clusters,
        invalid=invalid,
    )
    return by_time(asked, responses, windows(window, pieces(every, start, end, tz), tz), tz)
