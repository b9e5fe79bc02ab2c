"""The figures of a contact center: many metrics, measured in one pass over any stream of calls and chats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before
from relex.errors import InvalidValue
from relex.service._attempts import HANDLING, ContactAttempt
from relex.service._call_meters import CALL_METERS
from relex.service._measures import asked_of, report_rows
from relex.service._metric_groups import group_order
from relex.service._report import ServiceReport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.calendars import Period
    from relex.service._call_meters import CallMeter
    from relex.service._metric_tallies import Group
    from relex.service._metric_times import CaseMetric

__all__ = ["measure_attempts"]

_ATTEMPT = _checks.a(ContactAttempt)
_FACTS = _checks.each(_checks.one_of(*(name for name, _ in ContactAttempt.fact_schema.facts)))
_METRICS = _checks.Check(
    f"at least one of {', '.join(sorted(kind.__name__ for kind in CALL_METERS))}, no two of one name",
    lambda metrics: (
        len(metrics) > 0
        and all(type(metric) in CALL_METERS for metric in metrics)
        and len({metric.called for metric in metrics}) == len(metrics)
    ),
)
_UNANSWERED = dict.fromkeys(("answered_at", "by", *HANDLING, "transferred_to"))


def measure_attempts(
    attempts: Iterable[ContactAttempt],
    metrics: Iterable[CaseMetric],
    *,
    as_of: datetime,
    by: Iterable[str] = (),
    bucket: str | None = None,
    period: Period | None = None,
    tz: tzinfo = UTC,
) -> ServiceReport:
    """Figures of calls and chats, as of an instant: in all, for each group, and for each day, week or month.

    The attempts are read once, one after the other, and none is kept. One that was answered, or gave up, after the
    instant was still waiting then.

    Args:
        attempts: Each once, in any order; those that were offered after `as_of` are not seen.
        metrics: What is measured; no two of one name.
        as_of: The instant; aware.
        by: Facts of attempts, such as `queue` or `by`, as they were at the instant.
        bucket: `day`, `week` (from Monday) or `month`, by local dates; None leaves the whole alone.
        period: What was offered in it is counted. Dates or instants; None is all of time.
        tz: On whose clock dates begin.

    Returns:
        A row for all attempts, one for each group, and of each of them one for every bucket.

    Raises:
        InvalidValue: For a naive datetime, an unknown fact or unit, two metrics of one name, or what is no attempt.

    Example:
        >>> from datetime import timedelta
        >>> from relex.service import Abandonment, ContactAttempt, SpeedOfAnswer
        >>> nine, second = datetime(2026, 6, 1, 9, tzinfo=UTC), timedelta(seconds=1)
        >>> calls = [
        ...     ContactAttempt("t1", at=nine, channel="phone", answered_at=nine + 20 * second),
        ...     ContactAttempt("t2", at=nine, channel="phone", abandoned_at=nine + 5 * second),
        ... ]
        >>> report = measure_attempts(calls, [SpeedOfAnswer(), Abandonment()], as_of=nine + 3600 * second)
        >>> print(report.figure("speed_of_answer.mean"))
        20.00 seconds (20.00 of 1)
        >>> print(report.figure("abandonment.share").as_percent())
        50.00 percent (1 of 2)

    .. versionadded:: 0.1.0
    """
    chosen = _checks.items("measure_attempts.metrics", metrics)
    _METRICS.require("measure_attempts.metrics", chosen)
    names = _checks.items("measure_attempts.by", by)
    _FACTS.require("measure_attempts.by", names)
    asked = asked_of("measure_attempts", as_of, period, bucket, tz)
    meters: list[CallMeter] = [CALL_METERS[type(metric)](metric, asked) for metric in chosen]
    groups: set[Group] = set()
    for attempt in _seen(attempts, as_of):
        group = _group(attempt, names)
        groups.add(group)
        for meter in meters:
            meter.see(attempt, group)
    ordered = sorted(groups, key=group_order) if names else []
    return ServiceReport(
        columns=tuple(f"{metric.called}.{column}" for metric in chosen for column in metric.columns),
        by=names,
        bucket=bucket,
        rows=tuple(report_rows(asked, meters, ordered)),
        as_of=as_of,
        of="attempts",
    )


def _seen(attempts: Any, as_of: datetime) -> Iterator[ContactAttempt]:
    """The attempts as they were at an instant, without those that were not yet offered."""
    if isinstance(attempts, (str, bytes, Mapping)) or not isinstance(attempts, Iterable):
        raise InvalidValue("measure_attempts.attempts", attempts, "an iterable of attempts")
    for place, attempt in enumerate(attempts):
        _ATTEMPT.require(f"measure_attempts.attempts[{place}]", attempt)
        if is_before(as_of, attempt.at):
            continue
        ended = attempt.answered_at or attempt.abandoned_at
        if ended is None or not is_before(as_of, ended):
            yield attempt
        else:
            yield attrs.evolve(attempt, abandoned_at=None, **_UNANSWERED)


def _group(attempt: ContactAttempt, names: tuple[str, ...]) -> Group:
    if not names:
        return ()
    facts = attempt.facts()
    return tuple([facts[name] for name in names])
