"""From responses to a series: rows, slots, readings.

Theory of operation: every response becomes one row (when, in which wave, its key, its weight, how it was asked), the
rows are sorted by time once, and a period is a slice of them, found by bisection. So overlapping windows cost no more
than what they count, and a reading is made in one place for periods, waves and windows alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex import _checks
from relex._instants import is_before, moment, moment_or_none
from relex.calendars import Period
from relex.errors import InvalidValue
from relex.feedback._counting import answer_keys
from relex.feedback._metric import Metric, Reading, reading_of
from relex.feedback._responses import PROGRAMS, Response
from relex.feedback._trend_breaks import Edition, asked_in, breaks_between, editions_of
from relex.feedback._trend_periods import instants
from relex.feedback._trend_points import Trend, TrendPoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta, tzinfo

    from relex.feedback._survey import Survey

__all__ = ["Asked", "by_time", "by_wave"]

_METRIC = _checks.a(Metric)
_RESPONSES = _checks.each(_checks.a(Response))
_PROGRAM = _checks.optional(_checks.one_of(*PROGRAMS))
_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_ENDED = _checks.Check("a Period with an end", lambda value: isinstance(value, Period) and value.end is not None)
_PERIODS = _checks.each(_ENDED)


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
class Asked:
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


def by_time(asked: Asked, responses: Iterable[Response], periods: list[Period], tz: tzinfo | None) -> Trend:
    """A series of periods or windows."""
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


def by_wave(asked: Asked, responses: Iterable[Response], waves: Any, tz: tzinfo | None) -> Trend:
    """A series of waves."""
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
        _Slot(times.get(name), name, rows, name not in times or _is_complete(asked, times[name], tz))
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


def _is_complete(asked: Asked, period: Period, tz: tzinfo | None) -> bool:
    return asked.as_of is None or not is_before(asked.as_of, instants(period, tz)[1])


def _series(asked: Asked, responses: Iterable[Response]) -> _Series:
    """The rows of the program that is asked for, up to the instant up to which is known what happened."""
    found = _checks.items("read_trend.responses", responses)
    _RESPONSES.require("read_trend.responses", found)
    known = [asked.as_of is None or not is_before(asked.as_of, response.at) for response in found]
    told = tuple(compress(found, known))
    editions = asked_in(told, editions_of(asked.surveys, asked.question))
    programs = {edition.program for edition in editions}
    if asked.program is None and programs >= set(PROGRAMS):
        raise InvalidValue("read_trend.program", None, f"{' or '.join(PROGRAMS)}, since there are responses of both")
    own = [asked.program in {None, edition.program} for edition in editions]
    weights = compress(_beside("weights", asked.weights, found), known)
    clusters = compress(_beside("clusters", asked.clusters, found), known)
    rows = _rows(asked, told, editions, weights, clusters)
    return _Series(
        rows=list(compress(rows, own)),
        program=asked.program or next(iter(programs - {None}), None),
        late=len(found) - len(told),
        other_program=own.count(False),
    )


def _rows(
    asked: Asked,
    responses: Sequence[Response],
    editions: Sequence[Edition],
    weights: Iterable[Any],
    clusters: Iterable[Any],
) -> list[_Row]:
    keys = answer_keys(asked.metric.scale, responses, asked.question, invalid=asked.invalid)
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


def _key(asked: Asked, key: Any, edition: Edition) -> Any:
    """The key of an answer; a score on another scale than the metric's is none of its scores."""
    if edition.scale is None or edition.scale == asked.metric.scale or not isinstance(key, int):
        return key
    if asked.invalid == "raise":
        expected = f"a survey that asks {asked.question} on the scale {asked.metric.scale}"
        raise InvalidValue("read_trend.surveys", f"{edition.survey} {edition.version}", expected)
    return "invalid"


def _trend(asked: Asked, series: _Series, slots: Iterable[_Slot], *, outside: int, undated: int) -> Trend:
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


def _read(asked: Asked, rows: Sequence[_Row]) -> Reading:
    weights = None if asked.weights is None else [row.weight for row in rows]
    clusters = None if asked.clusters is None else [row.cluster for row in rows]
    return reading_of(asked.metric, [row.key for row in rows], asked.count, weights, clusters)


def _direction(before: Reading | None, now: Reading) -> str | None:
    if before is None or before.value is None or now.value is None:
        return None
    if now.value == before.value:
        return "same"
    return "better" if (now.value > before.value) == (now.metric.better == "up") else "worse"
