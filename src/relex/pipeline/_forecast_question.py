"""What a forecast asks: everything that is chosen, and none of the data."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import cached_property
from itertools import islice

import attrs

from relex import _checks
from relex._instants import moment
from relex.calendars import Period
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.pipeline._adjustments import DATED
from relex.pipeline._columns import METHOD

__all__ = ["ForecastQuestion"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_UNIT = _checks.optional(_checks.one_of("day", "week", "month", "quarter", "half", "year"))
_MOST = 5_000
"""How many pieces a period is cut into at most, which is more than thirteen years of days."""


@tagged("pipeline.ForecastQuestion")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ForecastQuestion:
    """All that is chosen when a forecast is asked: kept, it is a snapshot that is made again at any time.

    Attributes:
        period: Of dates, with an end.
        as_of: The instant after which no event exists; aware.
        method: `cumulative` or `single`: which columns are shown, and which adjustments apply.
        by: What deals are grouped by: `owner`, `team`, `product`, or the name of a fact such as `territory`; None makes
            no groups.
        each: A calendar unit by which the period is cut, such as `month`, into 5,000 pieces at most; None leaves it
            whole.
        year_starts: The first month of the year, from which quarters and halves are counted.
        probabilities: `current` takes what the pipeline says of a stage now, `at_entry` what it said when the deal came
            in.
        overdue: Open deals whose expected close has passed: `stay` in the period of that date, or count as expected on
            the day of `as_of` (`current`).
        rounding: Weighted amounts are rounded once for each `total`, or `per_deal`; its parts add up to that.
        currency: Of one total over all currencies; None takes the one that there is.
        viewer: Id of the manager who looks; None looks from the top.
        tz: Whose calendar tells the date of `as_of` and of a closing.

    Raises:
        InvalidValue: For an unknown choice, a naive datetime, a period of instants, empty, or without an end, and more
            than 5,000 pieces.

    .. versionadded:: 0.1.0
    """

    period: Period = attrs.field(validator=DATED)
    as_of: datetime = attrs.field(validator=_checks.instant, eq=moment)
    method: str = attrs.field(default="cumulative", validator=METHOD)
    by: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    each: str | None = attrs.field(default=None, validator=_UNIT)
    year_starts: int = attrs.field(default=1, validator=_checks.whole(least=1, most=12))
    probabilities: str = attrs.field(default="current", validator=_checks.one_of("current", "at_entry"))
    overdue: str = attrs.field(default="stay", validator=_checks.one_of("stay", "current"))
    rounding: str = attrs.field(default="total", validator=_checks.one_of("total", "per_deal"))
    currency: str | None = attrs.field(default=None, validator=_checks.optional(_checks.currency_code))
    viewer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    tz: tzinfo = attrs.field(default=UTC, validator=_checks.zone)

    def __attrs_post_init__(self) -> None:
        """Check that the pieces are not too many, without making them all."""
        days = (self.period.end - self.period.start).days  # type: ignore[operator]  # both are dates
        if self.each is not None and days > _MOST:
            pieces = self.period.split(self.each, year_starts=self.year_starts)
            if sum(1 for _ in islice(pieces, _MOST + 1)) > _MOST:
                raise InvalidValue(
                    "forecast.each", self.each, f"a unit that cuts the period into at most {_MOST:,} pieces"
                )

    @cached_property
    def pieces(self) -> tuple[Period, ...]:
        """The periods of which the whole is made, oldest first; the whole itself where it is not cut."""
        if self.each is None:
            return (self.period,)
        return tuple(self.period.split(self.each, year_starts=self.year_starts))

    def places_in(self, period: Period | None) -> range:
        """Which of the pieces make up a period; None is the whole.

        Raises:
            InvalidValue: For a period that does not start and end where pieces do.
        """
        pieces, asked = self.pieces, period or self.period
        starts, ends = [piece.start for piece in pieces], [piece.end for piece in pieces]
        if asked.start not in starts or asked.end not in ends:
            raise InvalidValue(
                "forecast.period", period, f"one or several of the {len(pieces)} periods of the forecast"
            )
        return range(starts.index(asked.start), ends.index(asked.end) + 1)
