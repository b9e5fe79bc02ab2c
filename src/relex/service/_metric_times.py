"""What is measured of the times of cases: the first reply, every reply, the resolution, the customer's waiting."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import attrs

from relex import _checks
from relex.calendars import BusinessCalendar
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = [
    "CALENDAR",
    "SEVERAL",
    "USUAL",
    "CaseMetric",
    "CustomerWaiting",
    "FirstResponseTime",
    "ResponseTime",
    "TimeMetric",
    "TimeToResolve",
    "statistics_of",
]

CALENDAR = _checks.optional(_checks.a(BusinessCalendar))

_PERCENTILE = re.compile(r"p\d{1,2}(\.\d{1,4})?", re.ASCII)
_NAMED = ("mean", "median", "least", "most")
USUAL = ("mean", "median", "p90")

_DATED = _checks.one_of("start", "end")
_WHICH = _checks.one_of("first", "last")
_FALLBACK = _checks.optional(_checks.one_of("closed"))
SEVERAL = _checks.Check(
    "at least one statistic, each once", lambda names: len(names) > 0 and len(set(names)) == len(names)
)


def statistics_of(given: Any) -> tuple[str, ...]:
    """The names of statistics, each of which must be known."""
    names = _checks.items("TimeMetric.statistics", given)
    for name in names:
        if not isinstance(name, str) or (name not in _NAMED and not _PERCENTILE.fullmatch(name)):
            expected = f"{', '.join(_NAMED)}, or a percentile such as p90 or p99.9"
            raise InvalidValue("TimeMetric.statistics", name, expected)
    return names


@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseMetric:
    """What all metrics of cases, and of calls, have in common.

    Attributes:
        name: By which its columns are called in a report; None takes that of the class, such as `reopen_rate`.

    .. versionadded:: 0.1.0
    """

    _usual: ClassVar[str]
    _columns: ClassVar[tuple[str, ...]]

    name: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))

    @property
    def called(self) -> str:
        """The name, or what metrics of this kind are usually called."""
        return self._usual if self.name is None else self.name

    @property
    def columns(self) -> tuple[str, ...]:
        """What its columns in a report are called, in order, after its name and a dot."""
        return self._columns


@attrs.frozen(kw_only=True, weakref_slot=False)
class TimeMetric(CaseMetric):
    """What all metrics of times have in common; their figures are in seconds, exact.

    Attributes:
        calendar: Whose business time counts; None counts all time.
        dated: Where a time belongs: to the period and the bucket of its `start`, or of its `end`. What is not over
            belongs where it started either way.
        statistics: The columns: `mean`, `median`, `least`, `most`, or percentiles such as `p90`, interpolated at
            (n - 1) p.

    Raises:
        InvalidValue: For an unknown statistic, one that is there twice, or none.

    .. versionadded:: 0.1.0
    """

    calendar: BusinessCalendar | None = attrs.field(default=None, validator=CALENDAR)
    dated: str = attrs.field(default="start", validator=_DATED)
    statistics: tuple[str, ...] = attrs.field(default=USUAL, converter=statistics_of, validator=SEVERAL)

    @property
    def columns(self) -> tuple[str, ...]:
        """The statistics."""
        return self.statistics


@tagged("service.FirstResponseTime")
@attrs.frozen(kw_only=True, weakref_slot=False)
class FirstResponseTime(TimeMetric):
    """From the opening to the first reply by a person.

    Cases without a reply are counted as `unanswered` and never averaged; `longest_open` is the longest of those that
    are open. Automatic replies are none. As on the clock of `first_response`, what was written before the case was
    opened, and put into it with the opening, is no reply to it (`first_replied_at` of the case is the first word of
    all), and a reply that goes to another case in a split has still been given.

    Example:
        >>> FirstResponseTime(statistics=["median", "p95"]).columns
        ('median', 'p95')

    .. versionadded:: 0.1.0
    """

    _usual = "first_response_time"


@tagged("service.ResponseTime")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ResponseTime(TimeMetric):
    """From the customer's first unanswered message to the next reply by a person: one time for every wait.

    Waits that go on are counted as `open`, the longest as `longest_open`; waits that ended with the case and without a
    reply as `unanswered`. Neither is averaged. A message that goes to another case in a split before it is answered
    waits there, since it came; an answer that was given before the split stays with the case that gave it.

    .. versionadded:: 0.1.0
    """

    _usual = "response_time"


@tagged("service.TimeToResolve")
@attrs.frozen(kw_only=True, weakref_slot=False)
class TimeToResolve(TimeMetric):
    """From the opening to the resolution.

    Cases that are `unresolved`, `rejected` or `merged` are counted and never averaged, nor are those that were closed
    without ever being resolved (`closed_only`), unless `fallback` says so.

    Attributes:
        which: The `last` resolution, which a reopened case does not have until it is resolved again, or the `first`,
            which no reopening takes away.
        fallback: With `closed`, a case that was closed without being resolved takes the instant of its closing.
        net: Leave the holds out: the time that it waited for somebody else, and the time between a resolution and the
            reopening. It is what the clock of `resolution` has used, with its usual policies.

    .. versionadded:: 0.1.0
    """

    _usual = "time_to_resolve"

    dated: str = attrs.field(default="end", validator=_DATED)
    which: str = attrs.field(default="last", validator=_WHICH)
    fallback: str | None = attrs.field(default=None, validator=_FALLBACK)
    net: bool = attrs.field(default=False, validator=_checks.flag)


@tagged("service.CustomerWaiting")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomerWaiting(TimeMetric):
    """What the customer waited for us: the time to resolve without the time in which it was the customer's turn.

    It is the customer's turn from a reply by a person to the customer's next message, whatever the status says.

    Attributes:
        which: The `last` resolution or the `first`, as in `TimeToResolve`.
        fallback: With `closed`, a case that was closed without being resolved takes the instant of its closing.

    .. versionadded:: 0.1.0
    """

    _usual = "customer_waiting"

    dated: str = attrs.field(default="end", validator=_DATED)
    which: str = attrs.field(default="last", validator=_WHICH)
    fallback: str | None = attrs.field(default=None, validator=_FALLBACK)
