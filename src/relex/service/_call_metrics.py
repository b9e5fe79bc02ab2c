"""What is measured of calls and chats: speed of answer, handling time, abandonment, service level."""

from __future__ import annotations

from datetime import timedelta

import attrs

from relex import _checks
from relex.calendars import BusinessCalendar
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.service._metric_times import SEVERAL, USUAL, CaseMetric, TimeMetric, statistics_of

__all__ = ["Abandonment", "CallMetric", "HandlingTime", "ServiceLevel", "SpeedOfAnswer"]

_CALENDAR = _checks.optional(_checks.a(BusinessCalendar))
_SHORT = _checks.optional(_checks.elapsed)
_OF = ("offered", "answered", "offered_less_short")


@attrs.frozen(kw_only=True, weakref_slot=False)
class CallMetric(CaseMetric):
    """What the shares of calls have in common; an attempt belongs to the period and the bucket of its offer.

    Attributes:
        calendar: In whose business time waits are measured; None measures all time.

    .. versionadded:: 0.1.0
    """

    calendar: BusinessCalendar | None = attrs.field(default=None, validator=_CALENDAR)


@tagged("service.SpeedOfAnswer")
@attrs.frozen(kw_only=True, weakref_slot=False)
class SpeedOfAnswer(TimeMetric):
    """How long those waited who were answered; the mean is the average speed of answer (ASA).

    Attempts that were `abandoned`, and those that are still `waiting`, are counted and never averaged; `longest_open`
    is the longest of those that wait.

    Source: the mean is the sum of (answered - offered) over the answered, by the number of the answered.

    Example:
        >>> SpeedOfAnswer(statistics=["mean"]).columns
        ('mean',)

    .. versionadded:: 0.1.0
    """

    _usual = "speed_of_answer"


@tagged("service.HandlingTime")
@attrs.frozen(kw_only=True, weakref_slot=False)
class HandlingTime(CaseMetric):
    """How long the work on those took who were answered; the mean is the average handling time (AHT).

    It is talk, hold and wrap-up together. A part that nobody measured counts as nothing and is named: `without_talk`,
    `without_hold`, `without_wrap_up` count the attempts that lack it. Attempts of which no part was measured are
    `unmeasured`, and those that are not over are `ongoing`; neither is averaged.

    Attributes:
        statistics: The columns: `mean`, `median`, `least`, `most`, or percentiles such as `p90`, interpolated at
            (n - 1) p.

    Source: the mean is (talk + hold + wrap-up) by the number of the answered.

    Raises:
        InvalidValue: For an unknown statistic, one that is there twice, or none.

    .. versionadded:: 0.1.0
    """

    _usual = "handling_time"

    statistics: tuple[str, ...] = attrs.field(default=USUAL, converter=statistics_of, validator=SEVERAL)

    @property
    def columns(self) -> tuple[str, ...]:
        """The statistics."""
        return self.statistics


@tagged("service.Abandonment")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Abandonment(CallMetric):
    """The share of attempts that nobody answered, of those that are decided.

    Attempts that are still `waiting` are counted, and are not abandoned.

    Attributes:
        short: Leave out those that gave up within this time, its end inside, from both sides; they are counted as
            `short`. None leaves none out.

    Raises:
        InvalidValue: For a negative time.

    .. versionadded:: 0.1.0
    """

    _usual = "abandonment"
    _columns = ("share",)

    short: timedelta | None = attrs.field(default=None, validator=_SHORT)


@tagged("service.ServiceLevel")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ServiceLevel(CallMetric):
    """The share of attempts that were answered in time.

    Those that have waited longer than that without an end count as not answered in time (`overdue`), where the offered
    are what is asked of; the others that wait are counted as `waiting`, and are neither.

    Attributes:
        within: How soon; an answer at the very end of it is in time.
        of: What it is a share of: the `offered`, the `answered`, or `offered_less_short`, without those that gave up
            within `short`.
        short: Of `offered_less_short`, how soon one gives up who is left out, its end inside.

    Raises:
        InvalidValue: For a negative time, an unknown `of`, or a `short` that is missing or not asked for.

    Example:
        >>> ServiceLevel(within=timedelta(seconds=20)).called
        'service_level'

    .. versionadded:: 0.1.0
    """

    _usual = "service_level"
    _columns = ("share",)

    within: timedelta = attrs.field(validator=_checks.elapsed)
    of: str = attrs.field(default="offered", validator=_checks.one_of(*_OF))
    short: timedelta | None = attrs.field(default=None, validator=_SHORT)

    def __attrs_post_init__(self) -> None:
        """Check that the time of those who are left out is there where it is asked for."""
        if (self.short is not None) != (self.of == "offered_less_short"):
            raise InvalidValue("ServiceLevel.short", self.short, "a timedelta of offered_less_short, else None")
