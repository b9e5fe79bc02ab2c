"""What is measured of the cases that are there to be worked on: how many, how old, and with whom."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import attrs

from relex import _checks
from relex.calendars import BusinessCalendar
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.service._metric_times import CALENDAR, CaseMetric

__all__ = ["Backlog", "BacklogAge", "OwnerLoad"]

_USUAL_EDGES = tuple(timedelta(days=days) for days in (1, 3, 7, 30))


def _edges(given: Any) -> tuple[timedelta, ...]:
    edges = _checks.items("BacklogAge.edges", given)
    for edge in edges:
        _checks.elapsed.require("BacklogAge.edges", edge)
    if not all(one < other for one, other in pairwise((timedelta(0), *edges))):
        raise InvalidValue("BacklogAge.edges", edges, "timedeltas above 0, each longer than the one before")
    return edges


@tagged("service.Backlog")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Backlog(CaseMetric):
    """How many cases are open or waiting at the end of the period, or of each bucket, and what changed in it.

    A case is in the backlog from its opening until it is resolved (or closed, rejected or merged, if it never was),
    and again from a reopening on. The end is the last microsecond of the period or bucket, or the asked instant if
    that comes first; so the parts balance: `before` + `opened` + `reopened` - `left` is the value.

    .. versionadded:: 0.1.0
    """

    _usual = "backlog"
    _columns = ("cases",)


@tagged("service.BacklogAge")
@attrs.frozen(kw_only=True, weakref_slot=False)
class BacklogAge(CaseMetric):
    """How long ago the cases of the backlog were opened, at the end of the period.

    The columns are `mean`, `median` and `oldest` in seconds, and how many cases lie in each half-open band [lo, hi)
    of ages, such as `1d-3d`; the bands add up to the backlog. It is told of whole periods and not of buckets.

    Attributes:
        edges: Where one band ends and the next begins; the first begins at 0, and the last has no end.
        calendar: Whose business time counts; None counts all time.

    Raises:
        InvalidValue: For edges that do not rise.

    .. versionadded:: 0.1.0
    """

    _usual = "backlog_age"

    edges: tuple[timedelta, ...] = attrs.field(default=_USUAL_EDGES, converter=_edges)
    calendar: BusinessCalendar | None = attrs.field(default=None, validator=CALENDAR)

    @property
    def bands(self) -> tuple[str, ...]:
        """What the bands are called, the youngest first."""
        lows = ["0", *map(_short, self.edges)]
        return (*(f"{low}-{high}" for low, high in pairwise(lows)), f"{lows[-1]}+")

    @property
    def columns(self) -> tuple[str, ...]:
        """The statistics, then the bands."""
        return ("mean", "median", "oldest", *self.bands)


@tagged("service.OwnerLoad")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OwnerLoad(CaseMetric):
    """How many cases of the backlog a person has, at the end of the period.

    The columns are the `mean` over all who have any, and the `most` that one of them has; cases that nobody has are
    counted as `without_owner`. It is told of whole periods and not of buckets. How many each of them has is `Backlog`
    by `owner`.

    .. versionadded:: 0.1.0
    """

    _usual = "owner_load"
    _columns = ("mean", "most")


def _short(time: timedelta) -> str:
    """A length of time in few letters."""
    for letter, unit in (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1))):
        if not time % unit:
            return f"{time // unit}{letter}"
    return f"{time.total_seconds():g}s"
