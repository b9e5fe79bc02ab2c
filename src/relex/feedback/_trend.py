"""A metric over time: one reading for each period, wave or window, and a mark where the question was another one.

Theory of operation: every response becomes one row (when, in which wave, its key, its weight, how it was asked), the
rows are sorted by time once, and a period is a slice of them, found by bisection. So overlapping windows cost no more
than what they count, and a reading is made in one place for periods, waves and windows alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex import _checks, _html
from relex._instants import is_before, moment, moment_or_none
from relex.calendars import Period
from relex.errors import InvalidValue
from relex.feedback._counting import answer_keys
from relex.feedback._metric import Metric, Reading, reading_of
from relex.feedback._responses import PROGRAMS, Response
from relex.feedback._trend_breaks import Edition, asked_in, breaks_between, editions_of
from relex.feedback._trend_periods import instants, pieces, windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta, tzinfo

    from relex.calendars import CalendarDuration
    from relex.feedback._survey import Survey
    from relex.feedback._trend_periods import Moment, Step

__all__ = ["Trend", "TrendPoint", "read_rolling", "read_trend"]

_BY = _checks.one_of("submitted", "touchpoint", "wave")
_DATED = _checks.one_of("submitted", "touchpoint")
_METRIC = _checks.a(Metric)
_RESPONSES = _checks.each(_checks.a(Response))
_PROGRAM = _checks.optional(_checks.one_of(*PROGRAMS))
_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_PERIODS = _checks.each(
    _checks.Check("a Period with an end", lambda value: isinstance(value, Period) and value.end is not None)
)
_MOST_SHOWN = 120


@attrs.frozen(kw_only=True, weakref_slot=False)
class TrendPoint:
    """The reading of one period, wave or window.

    Attributes:
        period: The time, of dates or of instants as the series was asked for; None of a wave whose time nobody told.
        wave: Its name, in a series of waves.
        reading: The metric over the responses inside; without an answer its value is None.
        is_complete: False where the period ends after the instant up to which is known what happened.
        breaks: What is asked in another way than in the point before, or in two ways inside this one: `survey`,
            `version`, `program`, `wording`, `scale`.
        direction: `better`, `worse` or `same` than the last point that has a value, as the metric has it; None
            where there is none. Whether it is more than chance, `compare` tells.

    .. versionadded:: 0.1.0
    """

    period: Period | None
    wave: str | None = None
    reading: Reading
    is_complete: bool = True
    breaks: tuple[str, ...] = ()
    direction: str | None = None

    @property
    def label(self) -> str:
        """The name of the wave, or the start of the period."""
        return self.wave or (str(self.period.start) if self.period else "")

    def __str__(self) -> str:
        is_broken = f" [break: {', '.join(self.breaks)}]" if self.breaks else ""
        return f"{self.label}: {self.reading}{is_broken}{'' if self.is_complete else ' [incomplete]'}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Trend:
    """A metric over time; made by `read_trend` and `read_rolling`.

    Attributes:
        metric: What is read.
        question: Over the answers to which question.
        program: Of which program; None where nothing says.
        points: One for each period, wave or window, in order, the empty ones too.
        outside: How many responses lie in none of them, or came after the instant up to which is known what happened.
        undated: How many have no instant, or no wave, to go by.
        other_program: How many belong to the other program, or to none that is known.

    .. versionadded:: 0.1.0
    """

    metric: Metric
    question: str
    program: str | None
    points: tuple[TrendPoint, ...]
    outside: int
    undated: int
    other_program: int

    @property
    def breaks(self) -> tuple[TrendPoint, ...]:
        """The points at which the series breaks."""
        return tuple([point for point in self.points if point.breaks])

    def __str__(self) -> str:
        return "\n".join([f"{self.metric} of {self.question}", *[f"  {point}" for point in self.points]])

    def _repr_html_(self) -> str:
        titles = ("from", self.metric.name, "n", "direction", "complete", "breaks")
        rows = [
            (point.label, point.reading.show(), point.reading.n, point.direction, *_marks(point))
            for point in self.points[-_MOST_SHOWN:]
        ]
        beside = {"outside": self.outside, "undated": self.undated, "of another program": self.other_program}
        told = ", ".join([f"{count} {name}" for name, count in beside.items() if count])
        of = f"{self.metric} of {self.question}"
        return _html.table(of, titles, rows) + (_html.note(f"Not in the series: {told}.") if told else "")


def _marks(point: TrendPoint) -> tuple[str, str]:
    return "yes" if point.is_complete else "no", ", ".join(point.breaks)


class _Row(NamedTuple):
    """What a response brings to a series."""

    at: timedelta | None
    wave: str | None
    key: Any
    weight: Any
    cluster: str
    edition: Edition


class _Slot(NamedTuple):
    """A point to be, and the rows that fall into it."""

    period: Period | None
    wave: str | None
    rows: Sequence[_Row]
    is_complete: bool


class _Series(NamedTuple):
    """The rows of one program, and how many there are beside them."""

    rows: list[_Row]
    program: str | None
    late: int
    other_program: int


@attrs.frozen(kw_only=True, weakref_slot=False)
class _Asked:
    """How a series is read."""

    metric: Metric
    question: str
    by: str
    as_of: datetime | None
    program: str | None
    surveys: Iterable[Survey]
    count: str
    weights: Iterable[Any] | None
    clusters: Iterable[str] | None
    invalid: str

    def __attrs_post_init__(self) -> None:
        _METRIC.require("read_trend.metric", self.metric)
        _PROGRAM.require("read_trend.program", self.program)
        _INSTANT_OR_NONE.require("read_trend.as_of", self.as_of)
        self.metric.read((), question=self.question, count=self.count, invalid=self.invalid)


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
        tz: Whose dates they are; needed for dates.
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
        >>> from relex.feedback import Answer, Response
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
    asked = _Asked(
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
        return _by_time(asked, responses, pieces(every, start, end, tz), tz)
    if (every, start, end) != (None, None, None):
        raise InvalidValue("read_trend.every", every or start or end, "no periods for a series that goes by waves")
    return _by_wave(asked, responses, waves)


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

    Windows that overlap share responses, so two of them are no two samples and `compare` does not fit them.

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
    asked = _Asked(
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
    return _by_time(asked, responses, windows(window, pieces(every, start, end, tz), tz), tz)


def _by_time(asked: _Asked, responses: Iterable[Response], periods: list[Period], tz: tzinfo | None) -> Trend:
    series = _series(asked, responses)
    dated = [(row.at, place) for place, row in enumerate(series.rows) if row.at is not None]
    dated.sort()
    rows = [series.rows[place] for _, place in dated]
    moments = [at for at, _ in dated]
    slots, covered, reached = [], 0, 0
    for period in periods:
        first, last = [bisect_left(moments, moment(at)) for at in instants(period, tz)]
        slots.append(_Slot(period, None, rows[first:last], _is_complete(asked, period, tz)))
        covered += max(0, last - max(first, reached))
        reached = max(reached, last)
    undated = len(series.rows) - len(rows)
    return _trend(asked, series, slots, outside=len(rows) - covered, undated=undated)


def _by_wave(asked: _Asked, responses: Iterable[Response], waves: Any) -> Trend:
    series = _series(asked, responses)
    inside: dict[str, list[_Row]] = {name: [] for name in _names(waves, series.rows)}
    outside = 0
    for row in series.rows:
        if row.wave is not None and row.wave in inside:
            inside[row.wave].append(row)
        elif row.wave is not None:
            outside += 1
    times = dict(waves) if isinstance(waves, Mapping) else {}
    _PERIODS.require("read_trend.waves", tuple(times.values()))
    slots = [
        _Slot(times.get(name), name, rows, name not in times or _is_complete(asked, times[name], None))
        for name, rows in inside.items()
    ]
    undated = sum([row.wave is None for row in series.rows])
    return _trend(asked, series, slots, outside=outside, undated=undated)


def _names(waves: Any, rows: Sequence[_Row]) -> list[str]:
    """The waves that were named; else those of the rows, by the instant of their first one."""
    if waves is not None:
        given = _checks.items("read_trend.waves", list(waves) if isinstance(waves, Mapping) else waves)
        _checks.each(_checks.text).require("read_trend.waves", given)
        return list(dict.fromkeys(given))
    first: dict[str, timedelta] = {}
    for row in rows:
        if row.wave is not None and row.at is not None:
            first[row.wave] = min(row.at, first.get(row.wave, row.at))
    return sorted(first, key=lambda name: (first[name], name))


def _is_complete(asked: _Asked, period: Period, tz: tzinfo | None) -> bool:
    return asked.as_of is None or not is_before(asked.as_of, instants(period, tz)[1])


def _series(asked: _Asked, responses: Iterable[Response]) -> _Series:
    """The rows of the program that is asked for, up to the instant up to which is known what happened."""
    found = _checks.items("read_trend.responses", responses)
    _RESPONSES.require("read_trend.responses", found)
    editions = asked_in(found, editions_of(asked.surveys, asked.question))
    programs = {edition.program for edition in editions}
    if asked.program is None and programs >= set(PROGRAMS):
        raise InvalidValue("read_trend.program", None, f"{' or '.join(PROGRAMS)}, since there are responses of both")
    own = [asked.program in {None, edition.program} for edition in editions]
    late = [asked.as_of is not None and is_before(asked.as_of, response.at) for response in found]
    rows = _rows(asked, found, editions)
    told = programs - {None}
    return _Series(
        rows=[row for row, is_own, is_late in zip(rows, own, late, strict=True) if is_own and not is_late],
        program=asked.program or (told.pop() if told else None),
        late=sum([is_own and is_late for is_own, is_late in zip(own, late, strict=True)]),
        other_program=own.count(False),
    )


def _rows(asked: _Asked, responses: Sequence[Response], editions: Sequence[Edition]) -> list[_Row]:
    keys = answer_keys(asked.metric.scale, responses, asked.question, invalid=asked.invalid)
    weights = _beside("weights", asked.weights, responses)
    clusters = _beside("clusters", asked.clusters, responses)
    by_touchpoint = asked.by == "touchpoint"
    return [
        _Row(
            at=moment_or_none(response.touched_at if by_touchpoint else response.at),
            wave=response.wave,
            key=_key(asked, key, edition),
            weight=weight,
            cluster=cluster,
            edition=edition,
        )
        for response, key, edition, weight, cluster in zip(responses, keys, editions, weights, clusters, strict=True)
    ]


def _beside(name: str, given: Iterable[Any] | None, responses: Sequence[Response]) -> Sequence[Any]:
    if given is None:
        return [None] * len(responses)
    found = _checks.items(f"read_trend.{name}", given)
    if len(found) != len(responses):
        raise InvalidValue(f"read_trend.{name}", len(found), f"one for each of the {len(responses)} responses")
    return found


def _key(asked: _Asked, key: Any, edition: Edition) -> Any:
    """The key of an answer; a score on another scale than the metric's is none of its scores."""
    if edition.scale is None or edition.scale == asked.metric.scale or not isinstance(key, int):
        return key
    if asked.invalid == "raise":
        expected = f"a survey that asks {asked.question} on the scale {asked.metric.scale}"
        raise InvalidValue("read_trend.surveys", f"{edition.survey} {edition.version}", expected)
    return "invalid"


def _trend(asked: _Asked, series: _Series, slots: Iterable[_Slot], *, outside: int, undated: int) -> Trend:
    points: list[TrendPoint] = []
    before: frozenset[Edition] = frozenset()
    last: Reading | None = None
    for slot in slots:
        reading, now = _read(asked, slot.rows), frozenset([row.edition for row in slot.rows])
        points.append(
            TrendPoint(
                period=slot.period,
                wave=slot.wave,
                reading=reading,
                is_complete=slot.is_complete,
                breaks=breaks_between(before, now) if now else (),
                direction=_direction(last, reading),
            )
        )
        before, last = now or before, reading if reading.n else last
    return Trend(
        metric=asked.metric,
        question=asked.question,
        program=series.program,
        points=tuple(points),
        outside=outside + series.late,
        undated=undated,
        other_program=series.other_program,
    )


def _read(asked: _Asked, rows: Sequence[_Row]) -> Reading:
    weights = None if asked.weights is None else [row.weight for row in rows]
    clusters = None if asked.clusters is None else [row.cluster for row in rows]
    return reading_of(asked.metric, [row.key for row in rows], asked.count, weights, clusters)


def _direction(before: Reading | None, now: Reading) -> str | None:
    if before is None or before.value is None or now.value is None:
        return None
    if now.value == before.value:
        return "same"
    return "better" if (now.value > before.value) == (now.metric.better == "up") else "worse"
