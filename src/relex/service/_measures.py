"""The figures of a service desk: many metrics, measured in one pass over any stream of cases."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from itertools import accumulate
from typing import TYPE_CHECKING

from relex import _checks
from relex.calendars import Period
from relex.errors import InvalidValue
from relex.service._backlog_meters import FLOWS, backlog_figure, change
from relex.service._case import Case
from relex.service._metric_groups import facts_reader, group_order
from relex.service._metric_meters import METERS, meter_of
from relex.service._metric_places import Asked
from relex.service._metric_records import in_micros, read_case
from relex.service._report import ReportRow, ServiceReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from relex.figures import Figure
    from relex.service._metric_records import CaseRecord
    from relex.service._metric_tallies import CaseMeter, Group, Meter
    from relex.service._metric_times import CaseMetric

__all__ = ["asked_of", "backlog", "backlogs", "measure", "report_rows"]

_CASE = _checks.a(Case)
_PERIOD = _checks.optional(_checks.a(Period))
_BUCKET = _checks.optional(_checks.one_of("day", "week", "month"))
_METRICS = _checks.Check(
    "at least one metric, no two of one name",
    lambda metrics: (
        len(metrics) > 0
        and all(type(metric) in METERS for metric in metrics)
        and len({metric.called for metric in metrics}) == len(metrics)
    ),
)


def measure(
    cases: Iterable[Case],
    metrics: Iterable[CaseMetric],
    *,
    as_of: datetime,
    by: Iterable[str] = (),
    bucket: str | None = None,
    period: Period | None = None,
    tz: tzinfo = UTC,
) -> ServiceReport:
    """Figures of cases, as of an instant: in all, for each group, and for each day, week or month.

    The cases are read once, one after the other, and none is kept: a generator over millions of them will do.

    Args:
        cases: Each once, in any order; what happened to them after `as_of` is not seen.
        metrics: What is measured; no two of one name.
        as_of: The instant; aware.
        by: Facts of cases, such as `team`; a case is in the group of its facts as of the instant, whenever what is
            counted happened.
        bucket: `day`, `week` (from Monday) or `month`, by local dates; None leaves the whole alone.
        period: What belongs to it is counted: each metric says which instant of a case decides. Dates or instants;
            None is all of time.
        tz: On whose clock dates begin.

    Returns:
        A row for all cases, one for each group, and of each of them one for every bucket.

    Raises:
        InvalidValue: For a naive datetime, an unknown fact or unit, two metrics of one name, or what is no case.

    Example:
        >>> from datetime import timedelta
        >>> from relex.service import Backlog, Case, FirstResponseTime
        >>> monday = datetime(2026, 6, 1, 9, tzinfo=UTC)
        >>> cases = [Case.open(name, customer="k7", channel="mail", at=monday).state for name in ("c1", "c2")]
        >>> cases[0] = cases[0].reply("m1", at=monday + timedelta(minutes=40)).state
        >>> report = measure(cases, [FirstResponseTime(), Backlog()], as_of=monday + timedelta(hours=8))
        >>> print(report.figure("first_response_time.mean"))
        2400.00 seconds (2400.00 of 1)
        >>> report.figure("first_response_time.mean").part("unanswered"), report.figure("backlog.cases").value
        (1, 2)

    .. versionadded:: 0.1.0
    """
    chosen = _checks.items("measure.metrics", metrics)
    _METRICS.require("measure.metrics", chosen)
    names = _checks.items("measure.by", by)
    group_of = facts_reader("measure.by", names)
    asked = asked_of("measure", as_of, period, bucket, tz)
    meters = [meter_of(metric, asked) for metric in chosen]
    groups = _pass("measure", cases, asked, meters, group_of)
    return ServiceReport(
        columns=tuple(f"{metric.called}.{column}" for metric in chosen for column in metric.columns),
        by=names,
        bucket=bucket,
        rows=tuple(report_rows(asked, meters, groups if names else [])),
        as_of=as_of,
    )


def backlog(cases: Iterable[Case], at: datetime, *, since: datetime | None = None) -> Figure:
    """How many cases are in the backlog at an instant, and what changed since another one.

    Args:
        cases: Each once, in any order; what happened to them after the instant is not seen.
        at: The instant; aware. What happens at it has happened.
        since: The parts `opened`, `reopened` and `left` count what happened after this instant; None is from the
            beginning. The part `before` is the backlog then, and `before` + `opened` + `reopened` - `left` the value.

    Raises:
        InvalidValue: For a naive datetime, a beginning after the end, or what is no case.

    Example:
        >>> from datetime import timedelta
        >>> from relex.service import Case
        >>> monday = datetime(2026, 6, 1, 9, tzinfo=UTC)
        >>> cases = [Case.open(name, customer="k7", channel="mail", at=monday).state for name in ("c1", "c2")]
        >>> cases[0] = cases[0].resolve("done", at=monday + timedelta(hours=1)).state
        >>> print(backlog(cases, monday), "then", backlog(cases, monday + timedelta(hours=2)))
        2 cases then 1 cases

    .. versionadded:: 0.1.0
    """
    return _backlogs("backlog", cases, (at,) if since is None else (since, at))[-1]


def backlogs(cases: Iterable[Case], instants: Iterable[datetime]) -> tuple[Figure, ...]:
    """The backlog at each of several instants in one pass, each with what changed since the one before.

    Args:
        cases: Each once, in any order; what happened to them after the last instant is not seen, and of a merge that
            was undone by then nothing is left at any of them.
        instants: At least one; aware, each later than the one before or the same.

    Raises:
        InvalidValue: For a naive datetime, instants that fall, none of them, or what is no case.

    .. versionadded:: 0.1.0
    """
    return _backlogs("backlogs", cases, _checks.items("backlogs.instants", instants))


def _backlogs(name: str, cases: Iterable[Case], instants: tuple[datetime, ...]) -> tuple[Figure, ...]:
    for instant in instants:
        _checks.instant.require(f"{name}.instants", instant)
    limits = [in_micros(instant) for instant in instants]
    if not limits or limits != sorted(limits):
        raise InvalidValue(f"{name}.instants", instants, "at least one instant, none before the one before it")
    flows: list[dict[str, int]] = [dict.fromkeys(FLOWS, 0) for _ in limits]
    for record in _records(name, cases, instants[-1]):
        for at, what in record.flows:
            flows[bisect_left(limits, at)][what] += 1
    before = accumulate(map(change, flows), initial=0)
    return tuple(
        backlog_figure(start, parts, as_of=at) for start, parts, at in zip(before, flows, instants, strict=False)
    )


def asked_of(name: str, as_of: datetime, period: Period | None, bucket: str | None, tz: tzinfo) -> Asked:
    """What a report asks, checked."""
    _checks.instant.require(f"{name}.as_of", as_of)
    _PERIOD.require(f"{name}.period", period)
    _BUCKET.require(f"{name}.bucket", bucket)
    _checks.zone.require(f"{name}.tz", tz)
    return Asked(as_of, period, bucket, tz)


def _records(name: str, cases: Iterable[Case], as_of: datetime) -> Iterator[CaseRecord]:
    if isinstance(cases, (str, bytes, Mapping)) or not isinstance(cases, Iterable):
        raise InvalidValue(f"{name}.cases", cases, "an iterable of cases")
    limit = in_micros(as_of)
    for place, case in enumerate(cases):
        if not isinstance(case, Case):
            _CASE.require(f"{name}.cases[{place}]", case)
        record = read_case(case, as_of, limit)
        if record is not None:
            yield record


def _pass(
    name: str, cases: Iterable[Case], asked: Asked, meters: Sequence[CaseMeter], group_of: Callable[[Case], Group]
) -> list[Group]:
    """Show every case to every meter; the groups, in order."""
    takes = [meter.take for meter in meters]
    groups: set[Group] = set()
    for record in _records(name, cases, asked.as_of):
        group = group_of(record.case)
        groups.add(group)
        for take in takes:
            take(record, group)
    for meter in meters:
        meter.finish()
    return sorted(groups, key=group_order)


def report_rows(asked: Asked, meters: Sequence[Meter], groups: list[Group]) -> Iterator[ReportRow]:
    """The rows of a report: of all, then of each group; of each the whole, then its buckets."""
    firsts = [first for first in (meter.first() for meter in meters) if first is not None]
    days = asked.rows(min(firsts, default=None))
    for group in (None, *groups):
        cells = [meter.cells(group, days) for meter in meters]
        for place, day in enumerate((None, *days)):
            figures = tuple(figure for column in cells for figure in column[place])
            yield ReportRow(group=group, bucket=day, figures=figures)
